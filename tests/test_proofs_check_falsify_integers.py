"""The search knows integers: it proposes them only, and a point between them refutes nothing."""

from fractions import Fraction

from sympy import And, Rational

from proofs_check.falsify import find_counterexample
from theory.formulas import forall
from theory.statement import Model, Quantity, Statement
from theory.steps import polynomial
from theory.terms import IsInteger, real

n, c = real("n c")
COUNT = And(IsInteger(n), n >= 0)


def claiming(body):
    claim = forall(n, COUNT, body)
    return Statement(
        title="about integers",
        quantities=(Quantity(c, "a number", And(c >= 1, c <= 2)),),
        hypotheses=(),
        conclusions={"claim": claim},
        steps=(polynomial("claim", claim),),
        models=(Model("numbers", {c: c}, {c: (1, 2)}, {c: Rational(3, 2)}),),
    )


def test_what_fails_at_an_integer_is_refuted_there():
    found = find_counterexample(claiming(c * n <= n + 3))
    assert found is not None
    values = {name: Fraction(value) for name, value in found[0].values.items()}
    assert values["n"].denominator == 1
    assert values["c"] * values["n"] > values["n"] + 3


def test_what_fails_between_integers_only_is_not_refuted():
    assert find_counterexample(claiming(n * (n - 1) >= 0)) is None
    assert find_counterexample(claiming((2 * n - 1) ** 2 * c >= 1)) is None


def test_a_point_between_integers_is_no_counterexample_to_the_original():
    """A mutant that forgets to ask for an integer fails at 1/2; the original does not."""
    from proofs_check.falsify import also_fails

    loose = claiming(n * (n - 1) >= 0)
    everywhere = forall(n, n >= 0, n * (n - 1) >= 0)
    false = Statement(
        title="about all numbers",
        quantities=loose.quantities,
        hypotheses=(),
        conclusions={"claim": everywhere},
        steps=(polynomial("claim", everywhere),),
        models=loose.models,
    )
    found = find_counterexample(false)
    assert found is not None
    assert not also_fails(loose, found[1])
