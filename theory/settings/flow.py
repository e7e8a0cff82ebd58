"""The setting shared by all statements about the gradient flow (THEORY section 1).

Symbols, named hypotheses and definitions; a statement picks those it assumes. The loss at time t
is ``L(y(t))``, the misfit ``w(t) = ψ(L(y(t)))``.
"""

from __future__ import annotations

from sympy import And, Eq, Expr, Or, Rational, sqrt, true

from theory.formulas import forall
from theory.statement import Definition, Hypothesis, Quantity
from theory.terms import (
    Adjoint,
    Apply,
    Continuous,
    Gradient,
    InRange,
    Jacobian,
    Norm,
    OperatorNorm,
    SigmaMin,
    VectorSymbol,
    derivative,
    function_of,
    operator,
    operator_function,
    real,
    real_function,
    vector,
    vector_function,
)

# Time, and an earlier or later time.
t, tau, x, z = real("t tau x z")
sigma_A, sigma_0, Lambda, rho, r_0 = real("sigma_A sigma_0 Lambda rho r_0")
w_0, q, a, b, rho_star = real("w_0 q a b rho_star")
A = operator("A")
theta_0: VectorSymbol = vector("theta_0")
v, vartheta, zeta = vector("v"), vector("vartheta"), vector("zeta")
L, psi, psi_1, Psi = (real_function(n) for n in ("L", "psi", "psi'", "Psi"))
w = real_function("w")
grad_L, theta, theta_dot, y, g = (
    vector_function(n) for n in ("grad_L", "theta", "theta_dot", "y", "g")
)
J = operator_function("J")

loss = L(y(t))
gradient = grad_L(y(t))
pullback = Adjoint(J(theta(t)), Adjoint(A, gradient))

SIGMA_A = Quantity(
    sigma_A, "smallest non-zero singular value of the forward operator", sigma_A > 0, "sigma_A"
)
SIGMA_0 = Quantity(
    sigma_0, "smallest singular value of the Jacobian at initialisation", sigma_0 > 0, "sigma_0"
)
LAMBDA = Quantity(
    Lambda, "Lipschitz constant of the Jacobian at initialisation", Lambda >= 0, "lipschitz"
)
RHO = Quantity(rho, "radius of the ball on which the Lipschitz constant holds", rho >= 0)
R_0 = Quantity(r_0, "loss level below which the Kurdyka–Łojasiewicz inequality holds", r_0 > 0)

FLOW_OBJECTS = (
    Quantity(A, "forward operator"),
    Quantity(theta_0, "initial parameters"),
    Quantity(L, "loss"),
    Quantity(grad_L, "gradient of the loss"),
    Quantity(psi, "desingularizing function ψ"),
    Quantity(psi_1, "derivative of ψ"),
    Quantity(g, "generator, parameters to signal"),
    Quantity(J, "Jacobian of the generator"),
    Quantity(theta, "parameters along the flow"),
    Quantity(theta_dot, "velocity of the parameters"),
)
SETTING = (SIGMA_A, SIGMA_0, LAMBDA, RHO, R_0, *FLOW_OBJECTS)

GF = Hypothesis(
    "GF",
    forall(
        t,
        t >= 0,
        And(
            Eq(derivative(theta(t), t), theta_dot(t)),
            Eq(theta_dot(t), -pullback),
        ),
    ),
    "θ solves the gradient flow of θ ↦ L(A g(u, θ))",
)
GF_START = Hypothesis("GF_start", Eq(theta(0), theta_0), "the flow starts at θ₀")
H_SMOOTH = Hypothesis(
    "H_smooth",
    And(
        Gradient(function_of(v, L(v)), function_of(v, grad_L(v))),
        Jacobian(function_of(vartheta, g(vartheta)), function_of(vartheta, J(vartheta))),
    ),
    "the loss and the generator are C¹",
)
H_MIN = Hypothesis("H_min", forall(v, true, L(v) >= 0), "the loss is non-negative")

H_KL = Hypothesis(
    "H_KL",
    forall(v, And(L(v) > 0, L(v) < r_0), psi_1(L(v)) * Norm(grad_L(v)) >= 1),
    "Kurdyka–Łojasiewicz inequality ψ'(L)‖∇L‖ ≥ 1",
)
H_PSI = Hypothesis(
    "H_psi",
    forall(x, And(x > 0, x < r_0), And(Eq(derivative(psi(x), x), psi_1(x)), psi_1(x) > 0)),
    "ψ is C¹ on (0, r₀) with ψ' > 0",
)
H_PSI_ZERO = Hypothesis("H_psi_zero", Eq(psi(0), 0), "ψ(0) = 0")
H_PSI_CONTINUOUS = Hypothesis(
    "H_psi_continuous",
    forall(z, And(z >= 0, z < r_0), Continuous(function_of(x, psi(x)), 0, z)),
    "ψ is continuous on [0, r₀)",
)
H_PSI_1_CONTINUOUS = Hypothesis(
    "H_psi'_continuous",
    forall((x, z), And(0 < x, x <= z, z < r_0), Continuous(function_of(tau, psi_1(tau)), x, z)),
    "ψ' is continuous on (0, r₀)",
)
H_START = Hypothesis("H_start", L(y(0)) < r_0, "the initial loss lies below r₀")
DESINGULARIZER = (H_PSI, H_PSI_ZERO, H_PSI_CONTINUOUS)
KL_FLOW = (GF, GF_START, H_SMOOTH, H_MIN, H_KL, *DESINGULARIZER)
"""The flow, of a loss that satisfies the Kurdyka–Łojasiewicz inequality."""

H_RANGE = Hypothesis(
    "H_range",
    forall(v, InRange(A, v), InRange(A, grad_L(v))),
    "∇L maps the range of A into itself",
)
H_SIGMA_A = Hypothesis(
    "H_sigma_A",
    forall(zeta, InRange(A, zeta), Norm(Adjoint(A, zeta)) >= sigma_A * Norm(zeta)),
    "σ_A = inf{‖Aᵀz‖ : z ∈ ran A, ‖z‖ = 1}",
)
H_SIGMA_0 = Hypothesis("H_sigma_0", Eq(SigmaMin(J(theta_0)), sigma_0), "σ₀ = σ_min(J(θ₀))")
SINGULAR_VALUES = (H_RANGE, H_SIGMA_A, H_SIGMA_0)
H_LIP0 = Hypothesis(
    "H_Lip0",
    forall(
        vartheta,
        Norm(vartheta - theta_0) <= rho,
        OperatorNorm(J(vartheta) - J(theta_0)) <= Lambda * Norm(vartheta - theta_0),
    ),
    "‖J(θ) − J(θ₀)‖ ≤ Λ‖θ − θ₀‖ on the closed ball of radius ρ",
)
H_PRIMITIVE = Hypothesis(
    "H_Psi",
    forall(x, And(x > 0, x < r_0), Eq(derivative(Psi(x), x), -(psi_1(x) ** 2))),
    "Ψ is a primitive of −(ψ')²",
)


def pulled_back(at: Expr) -> Expr:
    """Return the gradient of θ ↦ L(A g(θ)) at a point, J(θ)ᵀAᵀ∇L(A g(θ))."""
    return Adjoint(J(at), Adjoint(A, grad_L(Apply(A, g(at)))))


OUTPUT = Definition(y(t), Apply(A, g(theta(t))), "output along the flow")
W_0 = Definition(w_0, psi(L(y(0))), "initial misfit ψ(L(y(0)))")
MISFIT = Definition(w(t), psi(L(y(t))), "misfit ψ(L(y(t)))")
Q = Definition(q, Lambda * w_0 / (sigma_A * sigma_0**2), "conditioning ratio")
RATE = Definition(a, sigma_A**2 * sigma_0**2 * (1 - 2 * q), "rate a = σ_A²σ₀²(1 − 2q)")
GAIN = Definition(b, 2 * Lambda * sigma_A, "gain b = 2Λσ_A")
RADIUS = Definition(
    rho_star, 2 * w_0 / (sigma_A * sigma_0 * (1 + sqrt(1 - 2 * q))), "sharp travel radius ρ*"
)
RATIO = (OUTPUT, W_0, MISFIT, Q, RATE, GAIN, RADIUS)
"""What is computed from the conditioning ratio, and what that is made of."""
H_RADIUS = Hypothesis(
    "H_radius",
    Or(And(q < Rational(1, 2), rho_star <= rho), Lambda * rho >= sigma_0),
    "the Lipschitz constant holds on a ball of radius ρ*, or σ₀/Λ",
)
