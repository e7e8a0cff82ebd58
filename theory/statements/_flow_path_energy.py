"""The proof of ``flow_path``, first part: the energy along the path.

While the path stays in the ball and the loss is positive, w + σ_A(σ₀s − Λs²/2) does not grow.
"""

from sympy import And, Eq, Rational

from theory.formulas import forall
from theory.settings.flow import (
    A,
    J,
    L,
    Lambda,
    a,
    b,
    g,
    grad_L,
    gradient,
    loss,
    psi,
    psi_1,
    pullback,
    pulled_back,
    r_0,
    rho,
    sigma_0,
    sigma_A,
    t,
    tau,
    theta,
    theta_0,
    theta_dot,
    v,
    vartheta,
    w,
    w_0,
    x,
    y,
)
from theory.statement import Hypothesis, at
from theory.steps import calculus, cite, gram, lemma, polynomial
from theory.terms import (
    Apply,
    Inner,
    Norm,
    derivative,
    function_of,
    real,
    real_function,
    vector,
)

s, U, U_1, W = (real_function(n) for n in ("s", "U", "U'", "W"))
theta_inf = vector("theta_infinity")

speed = Norm(theta_dot(t))
slack = a + b * w(t)
work = sigma_A * (sigma_0 * s(t) - Lambda * s(t) ** 2 / 2)
energy = psi(loss) + work
work_rate = sigma_A * (sigma_0 - Lambda * s(t)) * speed
energy_rate = -psi_1(loss) * speed**2 + work_rate

HALF = Rational(1, 2)
STARTED = t >= 0
ALIVE = And(t >= 0, loss > 0)
INSIDE = And(t >= 0, s(t) <= rho, loss > 0)
SINCE = And(tau >= 0, tau <= t)

DISSIPATION = (
    cite(
        "chain_rule", "chain_rule", "H_smooth", "GF", "y", ell=L, G=grad_L, g=g, J=J, A=A, p=theta,
        p_dot=theta_dot, y=y,
    ),
    gram("dissipation", forall(t, STARTED, Eq(Inner(theta_dot(t), pullback), -(speed**2))), "GF"),
    polynomial(
        "loss_derivative", forall(t, STARTED, Eq(derivative(loss, t), -(speed**2))), "chain_rule",
        "dissipation",
    ),
    cite(
        "loss_monotone", "nonincreasing", "loss_derivative", over=(tau, t), given=SINCE,
        F=function_of(t, loss), f=function_of(t, -(speed**2)), a=tau, b=t,
    ),
    polynomial(
        "below_r_0", forall(t, STARTED, loss < r_0), at("loss_monotone", {tau: 0}), "H_start"
    ),
)  # fmt: skip

LENGTH = (
    cite(
        "velocity_continuous", "continuous_pullback", "H_smooth", "GF", "y", ell=L, G=grad_L, g=g,
        J=J, A=A, p=theta, p_dot=theta_dot, y=y,
    ),
    cite("length", "length", "GF", "velocity_continuous", p=theta, p_dot=theta_dot, S=s),
    polynomial(
        "length_monotone", forall((tau, t), SINCE, s(tau) <= s(t)),
        at("length.chord", {real("x_1"): tau, real("x_2"): t}),
    ),
    polynomial(
        "distance", forall(t, STARTED, Norm(theta(t) - theta_0) <= s(t)),
        at("length.chord", {real("x_1"): 0, real("x_2"): t}), "length.start", "GF_start",
    ),
)  # fmt: skip

H_LOWER = Hypothesis(
    "H_lower",
    forall(
        vartheta,
        Norm(vartheta - theta_0) <= rho,
        Norm(pulled_back(vartheta))
        >= sigma_A
        * (sigma_0 - Lambda * Norm(vartheta - theta_0))
        * Norm(grad_L(Apply(A, g(vartheta)))),
    ),
    "the gradient is seen through operator and network, less so farther away from θ₀",
)
SEEN = (
    gram("speed_is_pullback", forall(t, STARTED, Eq(speed, Norm(pullback))), "GF"),
    polynomial(
        "speed_lower",
        forall(
            t, And(t >= 0, s(t) <= rho),
            speed >= sigma_A * (sigma_0 - Lambda * s(t)) * Norm(gradient),
        ),
        "speed_is_pullback", at("H_lower", {vartheta: theta(t)}), "y", "distance", "sigma_A",
        "Lambda",
    ),
)  # fmt: skip

MISFIT = (
    lemma("psi_increases", "desingularizer_increases.increases", "H_psi", "H_psi_continuous"),
    lemma(
        "psi_positive", "desingularizer_increases.positive", "H_psi", "H_psi_continuous",
        "H_psi_zero",
    ),
    polynomial(
        "misfit_monotone", forall((tau, t), And(SINCE, loss > 0), w(t) <= w(tau)),
        "loss_monotone", at("psi_increases", {tau: loss, x: L(y(tau))}),
        at("below_r_0", {t: tau}), "w", at("w", {t: tau}),
    ),
    polynomial(
        "misfit_below_start", forall(t, ALIVE, w(t) <= w_0), at("misfit_monotone", {tau: 0}),
        at("w", {t: 0}), "w_0",
    ),
    polynomial(
        "start_nonnegative", w_0 >= 0, at("psi_positive", {x: L(y(0))}), "H_psi_zero",
        "H_start", at("H_min", {v: y(0)}), "w_0",
    ),
    polynomial(
        "misfit_positive", forall(t, ALIVE, w(t) > 0), at("psi_positive", {x: loss}), "below_r_0",
        "w",
    ),
)  # fmt: skip
ENERGY = (
    polynomial(
        "kl_along", forall(t, ALIVE, psi_1(loss) * Norm(gradient) >= 1), at("H_KL", {v: y(t)}),
        "below_r_0",
    ),
    polynomial(
        "slope", forall(t, INSIDE, psi_1(loss) * speed >= sigma_A * (sigma_0 - Lambda * s(t))),
        "speed_lower", "kl_along",
    ),
    polynomial("energy_sign", forall(t, INSIDE, energy_rate <= 0), "slope"),
    calculus(
        "misfit_derivative",
        forall(t, ALIVE, Eq(derivative(psi(loss), t), -psi_1(loss) * speed**2)),
        "loss_derivative", at("H_psi", {x: loss}), "below_r_0",
    ),
    calculus(
        "energy_derivative", forall(t, ALIVE, Eq(derivative(energy, t), energy_rate)),
        "misfit_derivative", "length.speed",
    ),
    cite(
        "energy_decreases", "nonincreasing", "energy_derivative", "energy_sign",
        "length_monotone", "loss_monotone", over=(t,), given=INSIDE, F=function_of(t, energy),
        f=function_of(t, energy_rate), a=0, b=t,
    ),
    polynomial(
        "energy_alive", forall(t, INSIDE, w(t) + work <= w_0), "energy_decreases", "length.start",
        "w", "w_0",
    ),
)  # fmt: skip
STEPS = (*DISSIPATION, *LENGTH, *SEEN, *MISFIT, *ENERGY)
