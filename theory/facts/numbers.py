"""Cited facts on integers and on the gamma function (THEORY sections 5 and 11)."""

from sympy import And, Eq, Rational, true

from theory.facts.schema import Basis, Fact
from theory.formulas import forall
from theory.terms import IsInteger, real, real_function

x = real("x")
N, Gamma = real_function("N"), real_function("Gamma")
half = Rational(1, 2)

FACTS = (
    Fact(
        "archimedean",
        "Archimedes: some integer is at least as large as any given number.",
        "rudin1976",
        Basis.NUMBERS,
        (N,),
        {"": forall(x, true, And(IsInteger(N(x)), N(x) >= x))},
        {},
        (N,),
    ),
    Fact(
        "gamma_function",
        "The gamma function: positive, Γ(x + 1) = xΓ(x), and log-convex (at midpoints of unit "
        "intervals).",
        "rudin1976",
        Basis.GAMMA,
        (Gamma,),
        {
            "positive": forall(x, x > 0, Gamma(x) > 0),
            "recurrence": forall(x, x > 0, Eq(Gamma(x + 1), x * Gamma(x))),
            "log_convex": forall(x, x > 0, Gamma(x + half) ** 2 <= Gamma(x) * Gamma(x + 1)),
        },
        {},
        (Gamma,),
    ),
)
