"""What the statements on conic singular values share (THEORY section 5).

A cone T is the set on which a real function is not negative, T = {z : χ(z) ≥ 0}; any set can be
written like this. That λ is the infimum of ‖Az‖ over the unit vectors of T is said in two parts:
λ is a *lower bound* there, and it is *approached*: for every ε > 0 there is a unit vector p(ε) of
T with ‖Ap(ε)‖ ≤ λ + ε.
"""

from __future__ import annotations

from sympy import And, Eq, Expr
from sympy.logic.boolalg import Boolean

from theory.formulas import ForAll, forall
from theory.statement import Hypothesis, Quantity
from theory.terms import (
    Apply,
    Norm,
    operator,
    real,
    real_function,
    vector,
    vector_function,
)

A, B, Q = operator("A"), operator("B"), operator("Q")
z, c, e = vector("z"), vector("c"), vector("e")
chi, chi_1 = real_function("chi"), real_function("chi_1")
near, near_1 = vector_function("p"), vector_function("p_1")
lam, lam_1, epsilon = real("lambda lambda_1 epsilon")

OPERATOR = Quantity(A, "forward operator")
CONE = Quantity(chi, "function that is not negative on the cone T only")
NEAR = Quantity(near, "unit vectors of T at which ‖Az‖ comes close to λ")
VALUE = Quantity(lam, "λ_min(A;T)")


def bounded_below(value: Expr, image: Expr, inside: Boolean) -> ForAll:
    """Return that a number is a lower bound of ‖image‖ on the unit vectors of a set."""
    return forall(z, And(inside, Eq(Norm(z), 1)), Norm(image) >= value)


def approached(value: Expr, image: Expr, inside: Boolean, point: Expr) -> ForAll:
    """Return that ‖image‖ ≤ value + ε at a unit vector of a set, for every ε > 0."""
    close = Norm(image) <= value + epsilon
    return forall(epsilon, epsilon > 0, And(inside, Eq(Norm(point), 1), close))


H_LOWER = Hypothesis(
    "H_lower", bounded_below(lam, Apply(A, z), chi(z) >= 0), "‖Az‖ is at least λ on T"
)
H_APPROACHED = Hypothesis(
    "H_approached",
    approached(lam, Apply(A, near(epsilon)), chi(near(epsilon)) >= 0, near(epsilon)),
    "no larger number will do",
)
