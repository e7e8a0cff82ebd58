"""A lemma that is false: ``kurdyka verify examples/lemmas/false_lemma.py`` refutes it.

Young's inequality reads a·b ≤ a²/(2λ) + λ·b²/2. Here its first constant is too small: 1/(2λ) has
become 1/(3λ), and kurdyka answers with numbers at which the claim fails.
"""

from theory.authoring import Quantity, Statement, polynomial, real

a, b, lam = real("a b lambda")

young = a * b <= a**2 / (3 * lam) + lam * b**2 / 2

young_too_good = Statement(
    title="Young's inequality with a constant that is too small",
    quantities=(
        Quantity(a, "a number"),
        Quantity(b, "another number"),
        Quantity(lam, "weight", lam > 0),
    ),
    hypotheses=(),
    conclusions={"young": young},
    steps=(polynomial("young", young, "lambda"),),
)
