"""Cited facts of linear algebra (THEORY section 11)."""

from sympy import And, true

from theory.facts.schema import Basis, Fact
from theory.formulas import forall
from theory.terms import (
    Adjoint,
    Apply,
    InRange,
    Norm,
    OperatorNorm,
    SigmaMin,
    operator,
    real,
    vector,
)

M, N = operator("M"), operator("N")
v, z = vector("v"), vector("z")
c = real("c")

FACTS = (
    Fact(
        "weyl",
        "Weyl: the smallest singular value moves by at most the operator norm of the change.",
        "horn2012",
        Basis.WEYL,
        (M, N),
        {"": SigmaMin(M) >= SigmaMin(N) - OperatorNorm(M - N)},
    ),
    Fact(
        "sigma_min",
        "Courant–Fischer: σ_min(M) is non-negative and ‖Mᵀz‖ ≥ σ_min(M)‖z‖.",
        "horn2012",
        Basis.COURANT_FISCHER,
        (M, z),
        {"": And(SigmaMin(M) >= 0, Norm(Adjoint(M, z)) >= SigmaMin(M) * Norm(z))},
    ),
    Fact(
        "sigma_min_greatest",
        "Courant–Fischer: σ_min(M)² is the greatest c with ‖Mᵀz‖² ≥ c‖z‖² for all z.",
        "horn2012",
        Basis.COURANT_FISCHER,
        (M, c),
        {"": SigmaMin(M) ** 2 >= c},
        {"bounded_below": forall(z, true, Norm(Adjoint(M, z)) ** 2 >= c * Norm(z) ** 2)},
    ),
    Fact(
        "range",
        "The image of a vector under an operator lies in the operator's range.",
        "horn2012",
        Basis.LINEAR,
        (M, v),
        {"": InRange(M, Apply(M, v))},
    ),
)
