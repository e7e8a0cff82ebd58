"""A lemma that is true: ``kurdyka verify examples/lemmas/true_lemma.py`` proves it.

If the squared residual of a descent satisfies r₁² ≤ (1 − c)·r₀² with 0 < c ≤ 1, then one step
shrinks the residual by at least the factor 1 − c/2. (Why: √(1 − c) ≤ 1 − c/2.)
"""

from theory.authoring import (
    And,
    Hypothesis,
    Model,
    Mutant,
    Quantity,
    Rational,
    Statement,
    polynomial,
    real,
)

r_0, r_1, c = real("r_0 r_1 c")

# What is claimed. Numbers are exact: c/2 is fine, 0.5*c would be refused.
shrinks = r_1 <= (1 - c / 2) * r_0

shrinking_residual = Statement(
    title="A contraction of the squared residual contracts the residual",
    # Every symbol, what it means, and its range: a premise that bears the symbol's name.
    quantities=(
        Quantity(r_0, "residual before the step", r_0 >= 0),
        Quantity(r_1, "residual after the step", r_1 >= 0),
        Quantity(c, "rate", And(c > 0, c <= 1)),
    ),
    hypotheses=(
        Hypothesis("decrease", r_1**2 <= (1 - c) * r_0**2, "the squared residual contracts"),
    ),
    conclusions={"shrinks": shrinks},
    # The proof: each step names its premises and sees nothing else.
    steps=(
        polynomial("squares", r_1**2 <= ((1 - c / 2) * r_0) ** 2, "decrease"),
        polynomial("shrinks", shrinks, "squares", "c", "r_0"),
    ),
    # One instance on which all hypotheses hold, so that the lemma is not empty.
    models=(
        Model(
            "one step",
            values={},
            parameters={r_0: (0, 10), r_1: (0, 10), c: (Rational(1, 10), 1)},
            witness={r_0: 2, r_1: 1, c: Rational(1, 2)},
        ),
    ),
    # A nearby statement that is false; kurdyka has to find the counterexample.
    mutants=(Mutant("factor 1 - c/2 replaced by 1 - c", {"shrinks": r_1 <= (1 - c) * r_0}),),
)
