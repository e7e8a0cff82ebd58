"""The hypotheses of ``recovery_lazy``, and what they say of N = I − ΠA.

N annihilates G₀Aᵀ, and NJ(θ₀) is J(θ₀) after an orthogonal projection: no larger than J(θ₀).
"""

from sympy import And, Eq, Expr, true

from theory.formulas import forall
from theory.settings.data import x_bar
from theory.settings.flow import (
    A,
    J,
    g,
    sigma_0,
    theta_0,
    zeta,
)
from theory.statement import Hypothesis, at
from theory.steps import cite, gram, polynomial
from theory.terms import (
    Adjoint,
    Apply,
    Inner,
    Norm,
    OperatorNorm,
    operator,
    real,
    real_function,
)

K, N, Pi = operator("K"), operator("N"), operator("Pi")
kappa_J, deficit = real("kappa_J deficit")
kappa, leak, tame, unseen, amplification = real("kappa leak tame unseen amplification")
s = real_function("s")

start = J(theta_0)
size = kappa_J * sigma_0


def neural(z: Expr) -> Expr:
    """Return G₀Aᵀz, with G₀ = J(θ₀)J(θ₀)ᵀ."""
    return Apply(start, Adjoint(start, Adjoint(A, z)))


H_LEFT = Hypothesis(
    "H_left_inverse",
    forall(zeta, true, Eq(Apply(K, Apply(A, neural(zeta))), zeta)),
    "K is the inverse of AG₀Aᵀ from the left, G₀ = J(θ₀)J(θ₀)ᵀ",
)
H_RIGHT = Hypothesis(
    "H_right_inverse",
    forall(zeta, true, Eq(Apply(A, neural(Apply(K, zeta))), zeta)),
    "K is the inverse of AG₀Aᵀ from the right",
)
H_CONDITION = Hypothesis(
    "H_condition", OperatorNorm(start) <= kappa_J * sigma_0, "‖J(θ₀)‖ ≤ κ_J σ₀"
)
H_LEAK = Hypothesis("H_leak", OperatorNorm(N) <= leak, "‖I − ΠA‖ ≤ leak")
H_AMPLIFICATION = Hypothesis(
    "H_amplification", OperatorNorm(Pi) <= amplification, "‖Π‖ ≤ amplification"
)
H_UNSEEN = Hypothesis(
    "H_unseen",
    Norm(Apply(N, x_bar - g(theta_0))) <= unseen,
    "‖(I − ΠA)(x̄ − x(0))‖ ≤ unseen",
)
H_PI = Hypothesis(
    "H_Pi", forall(zeta, true, Eq(Apply(Pi, zeta), neural(Apply(K, zeta)))), "Π = G₀Aᵀ(AG₀Aᵀ)⁻¹"
)
H_N = Hypothesis(
    "H_N", forall(zeta, true, Eq(Apply(N, zeta), zeta - Apply(Pi, Apply(A, zeta)))), "N = I − ΠA"
)

annihilated = Apply(K, Apply(A, Apply(start, zeta)))
upstream = Adjoint(start, Adjoint(A, annihilated))
ALGEBRA = (
    gram("annihilates", forall(zeta, true, Eq(Apply(N, neural(zeta)), 0)),
         at("H_N", {zeta: neural(zeta)}), at("H_Pi", {zeta: Apply(A, neural(zeta))}),
         "H_left_inverse"),
    gram("upstream",
         forall(zeta, true,
                Eq(Apply(N, Apply(start, zeta)), Apply(start, zeta - upstream))),
         at("H_N", {zeta: Apply(start, zeta)}), at("H_Pi", {zeta: Apply(A, Apply(start, zeta))})),
    gram("paired",
         forall(zeta, true,
                Eq(Inner(annihilated, Apply(A, Apply(start, upstream))),
                   Inner(annihilated, Apply(A, Apply(start, zeta))))),
         at("H_right_inverse", {zeta: Apply(A, Apply(start, zeta))})),
    gram("orthogonal", forall(zeta, true, Norm(zeta - upstream) <= Norm(zeta)), "paired"),
    cite("start_norm", "operator_norm", over=(zeta,), M=start, v=zeta - upstream),
    polynomial("shares", And(tame >= 0, tame <= leak, leak >= 0, kappa_J >= 0), "tame",
               "H_leak", "H_condition", "sigma_0"),
    cite("leak_norm", "operator_norm", over=(zeta,), M=N, v=Apply(start, zeta)),
    cite("start_image", "operator_norm", over=(zeta,), M=start, v=zeta),
    polynomial("oblique",
               forall(zeta, true,
                      Norm(Apply(N, Apply(start, zeta)))
                      <= tame * size * Norm(zeta)),
               "upstream", "start_norm", "orthogonal", "leak_norm", "start_image", "tame",
               "H_leak", "H_condition"),
)  # fmt: skip
