"""What the statements on the first absolute moment share: one random vector in coordinates.

Both bound E|⟨V,a⟩| from below, for a random vector V of n entries (THEORY section 3b).
"""

from sympy import Abs, And, Eq, Expr, Sum, true

from theory.formulas import ForAll, forall
from theory.probability import OMEGA, expectation
from theory.settings.initial import i, j, n
from theory.statement import Hypothesis, Quantity
from theory.terms import Inner, IsInteger, Norm, real, real_function, vector, vector_function

a = vector("a")
V = vector_function("V")
coordinate = real_function("c")
D = real("D")

FIRST = And(IsInteger(j), j >= 1)
along = Inner(V(OMEGA), a)
squared = coordinate(i, a) ** 2

OUTPUT_WEIGHTS = Quantity(V, "output weights of a neuron at the start, a random vector")
COORDINATES = Quantity(coordinate, "coordinates of a vector")
LARGEST_ENTRY = Quantity(D, "bound of the entries", D > 0)


def over_entries(term: Expr, count: Expr = n) -> Expr:
    """Return the sum of a term over the first entries."""
    return Sum(term, (i, 1, count))


def moment_at_least(constant: Expr) -> ForAll:
    """Return that the first absolute moment is at least so much in every direction."""
    return forall(a, true, expectation(Abs(along)) >= constant * Norm(a))


def entries(term: Expr) -> Hypothesis:
    """Return that ⟨V,a⟩ is the sum of a term over the entries."""
    return Hypothesis(
        "H_entries", forall((a, OMEGA), true, Eq(along, over_entries(term))), "⟨V,a⟩ in coordinates"
    )


H_COORDINATES = Hypothesis(
    "H_coordinates",
    forall(a, true, Eq(over_entries(squared), Norm(a) ** 2)),
    "the coordinates are orthonormal",
)
