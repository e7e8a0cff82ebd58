"""Cited facts on the operator norm (THEORY section 11)."""

from sympy import Eq, true

from theory.facts.linear_algebra import M, N, v, z
from theory.facts.schema import Basis, Fact
from theory.formulas import forall
from theory.terms import Adjoint, Apply, Norm, OperatorNorm, operator

K = operator("K")

FACTS = (
    Fact(
        "operator_norm",
        "The operator norm bounds what an operator does to a vector: ‖Mv‖ ≤ ‖M‖‖v‖.",
        "horn2012",
        Basis.NORM,
        (M, v),
        {"": Norm(Apply(M, v)) <= OperatorNorm(M) * Norm(v)},
    ),
    Fact(
        "operator_norm_adjoint",
        "An operator and its adjoint have the same norm: ‖Mᵀz‖ ≤ ‖M‖‖z‖.",
        "horn2012",
        Basis.NORM,
        (M, z),
        {"": Norm(Adjoint(M, z)) <= OperatorNorm(M) * Norm(z)},
    ),
    Fact(
        "operator_norm_triangle",
        "Triangle inequality of the operator norm.",
        "horn2012",
        Basis.NORM,
        (M, N),
        {"": OperatorNorm(M) <= OperatorNorm(N) + OperatorNorm(M - N)},
    ),
    Fact(
        "right_inverse",
        "An operator whose adjoint is one-to-one is onto, and has an inverse from the right.",
        "horn2012",
        Basis.LINEAR,
        (M, K),
        {"": forall(z, true, Eq(Apply(M, Apply(K, z)), z))},
        {"injective": forall(z, Eq(Adjoint(M, z), 0), Eq(z, 0))},
        (K,),
    ),
)
