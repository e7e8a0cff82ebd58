"""A cited fact on what the operator norm is the least of (THEORY section 11)."""

from sympy import Abs, true

from theory.facts.linear_algebra import M, c, z
from theory.facts.schema import Basis, Fact
from theory.formulas import forall
from theory.terms import Adjoint, Norm, OperatorNorm

FACTS = (
    Fact(
        "operator_norm_least",
        "The operator norm is the least c with ‖Mᵀz‖ ≤ c‖z‖ for all z.",
        "horn2012",
        Basis.NORM,
        (M, c),
        {"": OperatorNorm(M) <= Abs(c)},
        {"bounded": forall(z, true, Norm(Adjoint(M, z)) <= c * Norm(z))},
    ),
)
