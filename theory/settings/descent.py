"""The setting shared by the statements about gradient descent (THEORY section 9).

The iterates θ(n) of f(θ) = L(A g(θ)); what is the same for the flow stands in
``theory.settings.flow``.
"""

from __future__ import annotations

from sympy import And, Eq, Expr, Rational, sqrt

from theory.formulas import forall
from theory.settings.data import y_obs
from theory.settings.flow import (
    H_KL,
    H_LIP0,
    H_MIN,
    H_PSI,
    H_PSI_ZERO,
    H_SMOOTH,
    H_START,
    MISFIT,
    OUTPUT,
    SINGULAR_VALUES,
    W_0,
    A,
    J,
    L,
    Lambda,
    g,
    psi,
    psi_1,
    pulled_back,
    r_0,
    rho,
    sigma_0,
    sigma_A,
    theta,
    theta_0,
    theta_dot,
    vartheta,
    w_0,
    x,
    y,
    z,
    zeta,
)
from theory.settings.flow import SETTING as FLOW_SETTING
from theory.statement import Definition, Hypothesis, Quantity
from theory.terms import (
    Adjoint,
    Apply,
    IsInteger,
    Jacobian,
    Norm,
    OperatorNorm,
    function_of,
    real,
    real_function,
    vector_function,
)

n, gamma, L_f = real("n gamma L_f")
residual = vector_function("residual")

BOTH = And(Norm(vartheta - theta_0) <= rho, Norm(zeta - theta_0) <= rho)

TWO_POINT = Quantity(Lambda, "Lipschitz constant of the Jacobian", Lambda >= 0, "lipschitz")
H_GENERATOR = Hypothesis(
    "H_generator",
    Jacobian(function_of(vartheta, g(vartheta)), function_of(vartheta, J(vartheta))),
    "the generator is C¹",
)
H_LIP2 = Hypothesis(
    "H_Lip2",
    forall(
        (vartheta, zeta),
        BOTH,
        OperatorNorm(J(vartheta) - J(zeta)) <= Lambda * Norm(vartheta - zeta),
    ),
    "J is Λ-Lipschitz on the closed ball of radius ρ",
)
RESIDUAL = Definition(residual(vartheta), Apply(A, g(vartheta)) - y_obs, "residual A g(θ) − y")


def grad_f(at: Expr) -> Expr:
    """Return the gradient of ½‖A g(θ) − y‖² at a point."""
    return Adjoint(J(at), Adjoint(A, residual(at)))


beta, q_gamma, rho_gamma = real("beta q_gamma rho_gamma")
s = real_function("s")
SETTING = tuple(quantity for quantity in FLOW_SETTING if quantity.symbol != theta_dot)
STEP_SIZES = (
    Quantity(gamma, "step size", gamma > 0),
    Quantity(L_f, "Lipschitz constant of the training loss's gradient", L_f > 0),
    Quantity(s, "length of the path up to an iterate"),
)
STEP_COUNT = And(IsInteger(n), n >= 0)
spent = sigma_A * (sigma_0 * s(n) - Lambda * s(n) ** 2 / 2)

GD = Hypothesis(
    "GD",
    forall(n, STEP_COUNT, Eq(theta(n + 1), theta(n) - gamma * pulled_back(theta(n)))),
    "θ(0), θ(1), … are the iterates of gradient descent on θ ↦ L(A g(u, θ))",
)
GD_START = Hypothesis("GD_start", Eq(theta(0), theta_0), "descent starts at θ₀")
H_L_F = Hypothesis(
    "H_L_f",
    forall(
        (vartheta, zeta),
        And(
            BOTH,
            L(Apply(A, g(vartheta))) <= L(y(0)),
            L(Apply(A, g(zeta))) <= L(y(0)),
        ),
        Norm(pulled_back(vartheta) - pulled_back(zeta)) <= L_f * Norm(vartheta - zeta),
    ),
    "the gradient is L_f-Lipschitz on the ball of radius ρ, where the loss is at most the first",
)
H_CONCAVE = Hypothesis(
    "H_concave",
    forall(
        (x, z),
        And(x > 0, x < r_0, z >= 0, z < r_0),
        psi(z) <= psi(x) + psi_1(x) * (z - x),
    ),
    "ψ is concave on [0, r₀)",
)
KL_DESCENT = (
    GD, GD_START, H_SMOOTH, H_MIN, H_KL, H_PSI, H_PSI_ZERO, H_CONCAVE, H_START,
)  # fmt: skip
"""Gradient descent on a loss that satisfies the Kurdyka–Łojasiewicz inequality."""
BETA = Definition(beta, 1 - gamma * L_f / 2, "what a step of size γ keeps of the descent")
Q_GAMMA = Definition(q_gamma, Lambda * w_0 / (beta * sigma_A * sigma_0**2), "ratio q/β")
RADIUS_GAMMA = Definition(
    rho_gamma,
    2 * w_0 / (beta * sigma_A * sigma_0 * (1 + sqrt(1 - 2 * q_gamma))),
    "travel radius ρ*_γ",
)
H_STEP = Hypothesis("H_step", beta > 0, "the step size is below 2/L_f")
H_THRESHOLD = Hypothesis("H_threshold", q_gamma < Rational(1, 2), "q/β < 1/2")
H_RADIUS_GAMMA = Hypothesis("H_radius", rho_gamma <= rho, "ρ ≥ ρ*_γ")
SHORT_STEPS = (*SINGULAR_VALUES, H_LIP0, H_L_F, H_STEP, H_THRESHOLD, H_RADIUS_GAMMA)
"""What bounds the length of the path."""
RATIO_GAMMA = (OUTPUT, W_0, MISFIT, BETA, Q_GAMMA, RADIUS_GAMMA)
LENGTH_EQUATIONS = {
    "s(0) = 0": Eq(s(0), 0),
    "s(n + 1) = s(n) + ‖θ(n + 1) − θ(n)‖": forall(
        n, STEP_COUNT, Eq(s(n + 1), s(n) + Norm(theta(n + 1) - theta(n)))
    ),
}
