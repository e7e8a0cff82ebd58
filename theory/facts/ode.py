"""Cited facts on scalar differential equations (THEORY section 11)."""

from sympy import And, Eq

from theory.facts.schema import Basis, Fact
from theory.formulas import forall
from theory.terms import Continuous, derivative, function_of, real, real_function

T, low, high, x, z = real("T low high x z")
u, u_1, U, U_1, N, P = (real_function(n) for n in ("u", "u_1", "U", "U_1", "N", "P"))

ON_TIME = And(0 <= x, x <= T)
ON_VALUES = And(low <= z, z <= high)

FACTS = (
    Fact(
        "comparison",
        "Comparison for a separable equation: if P(u)u' ≤ −N(u) and P(U)U' ≥ −N(U) with N, P "
        "continuous and positive, and u starts at most at U, then u stays at most U.",
        "walter1998",
        Basis.COMPARISON,
        (u, u_1, U, U_1, N, P, T, low, high),
        {"": u(T) <= U(T)},
        {
            "ordered": T >= 0,
            "start": u(0) <= U(0),
            "u_derivative": forall(x, ON_TIME, Eq(derivative(u(x), x), u_1(x))),
            "U_derivative": forall(x, ON_TIME, Eq(derivative(U(x), x), U_1(x))),
            "u_below": forall(x, ON_TIME, P(u(x)) * u_1(x) <= -N(u(x))),
            "U_above": forall(x, ON_TIME, P(U(x)) * U_1(x) >= -N(U(x))),
            "u_values": forall(x, ON_TIME, And(low <= u(x), u(x) <= high)),
            "U_values": forall(x, ON_TIME, And(low <= U(x), U(x) <= high)),
            "N_continuous": Continuous(function_of(z, N(z)), low, high),
            "P_continuous": Continuous(function_of(z, P(z)), low, high),
            "positive": forall(z, ON_VALUES, And(N(z) > 0, P(z) > 0)),
        },
    ),
)
