"""The proof of ``flow_path``, first half: how far the parameters travel.

The energy w + σ_A(σ₀s − Λs²/2) does not grow while the path stays in the ball; its smaller root
bounds the length of the path; first exit keeps the path inside, also past the time where the loss
reaches zero.
"""

from sympy import And, Eq, Implies, Rational, sqrt

from theory.formulas import forall
from theory.setting import (
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
    q,
    r_0,
    rho,
    rho_star,
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
from theory.steps import algebra, calculus, cite, gram, polynomial
from theory.terms import (
    Apply,
    Continuous,
    Inner,
    Norm,
    derivative,
    function_of,
    real,
    real_function,
    vector,
)

s, U, U_1, W, T_0 = (real_function(n) for n in ("s", "U", "U'", "W", "T_0"))
theta_inf = vector("theta_infinity")
level, epsilon = real("level epsilon")

speed = Norm(theta_dot(t))
slack = a + b * w(t)
travel_bound = 2 * (w_0 - w(t)) / (sigma_A * sigma_0 + sqrt(slack))
work = sigma_A * (sigma_0 * s(t) - Lambda * s(t) ** 2 / 2)
energy = psi(loss) + work
energy_rate = -psi_1(loss) * speed**2 + sigma_A * (sigma_0 - Lambda * s(t)) * speed

HALF = Rational(1, 2)
STARTED = t >= 0
ALIVE = And(t >= 0, loss > 0)
INSIDE = And(t >= 0, s(t) <= rho, loss > 0)
SLACK = And(t >= 0, loss > 0, slack > 0)
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

ENERGY = (
    polynomial(
        "kl_along", forall(t, ALIVE, psi_1(loss) * Norm(gradient) >= 1), at("H_KL", {v: y(t)}),
        "below_r_0",
    ),
    polynomial("psi_slope", forall(t, ALIVE, psi_1(loss) > 0), at("H_psi", {x: loss}), "below_r_0"),
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


ROOT = (
    cite(
        "misfit_monotone", "nonincreasing", "misfit_derivative", "loss_monotone", "psi_slope",
        over=(tau, t), given=And(SINCE, loss > 0), F=function_of(t, psi(loss)),
        f=function_of(t, -psi_1(loss) * speed**2), a=tau, b=t,
    ),
    polynomial(
        "misfit_below_start", forall(t, ALIVE, w(t) <= w_0), at("misfit_monotone", {tau: 0}), "w",
        "w_0",
    ),
    cite(
        "psi_increases_from_zero", "increasing", "H_psi_continuous", "H_psi", over=(x,),
        given=And(x > 0, x < r_0), F=psi, f=psi_1, a=0, b=x,
    ),
    polynomial(
        "start_nonnegative", w_0 >= 0, at("psi_increases_from_zero", {x: L(y(0))}), "H_psi_zero",
        "H_start", at("H_min", {v: y(0)}), "w_0",
    ),
    polynomial(
        "misfit_positive", forall(t, ALIVE, w(t) > 0), at("psi_increases_from_zero", {x: loss}),
        "below_r_0", "H_psi_zero", "w",
    ),
    algebra(
        "slack_identity",
        forall(
            t, STARTED, Eq(slack, sigma_A**2 * sigma_0**2 - 2 * Lambda * sigma_A * (w_0 - w(t)))
        ),
        "a", "b", "q", "sigma_A", "sigma_0",
    ),
    polynomial(
        "radius_identity",
        Implies(q < HALF, Eq(Lambda * rho_star, sigma_0 * (1 - sqrt(1 - 2 * q)))), "rho_star",
        "q", "sigma_0",
    ),
    polynomial(
        "level_in_ball", And(level <= rho, Lambda * level <= sigma_0), "level", "radius_identity",
        "H_radius", "sigma_0", "Lambda",
    ),
    polynomial(
        "margin_identity",
        forall(t, SLACK, Eq(Lambda * travel_bound, sigma_0 - sqrt(slack) / sigma_A)),
        "slack_identity", "sigma_A", "sigma_0",
    ),
    polynomial(
        "slack_at_least_rate",
        forall(t, And(SLACK, q < HALF), sqrt(slack) >= sigma_A * sigma_0 * sqrt(1 - 2 * q)), "a",
        "b", "misfit_positive", "sigma_0", "Lambda",
    ),
    polynomial(
        "slack_positive", forall(t, And(ALIVE, q < HALF), slack > 0), "a", "b", "misfit_positive",
        "sigma_A", "sigma_0", "Lambda",
    ),
    polynomial(
        "gap_small", forall(t, And(SLACK, q < HALF), travel_bound < rho_star), "rho_star",
        "slack_at_least_rate", "misfit_positive", "misfit_below_start", "sigma_A", "sigma_0",
    ),
    polynomial(
        "gap_large", forall(t, And(SLACK, q >= HALF), travel_bound < sigma_0 / Lambda),
        "margin_identity", "q", "Lambda", "sigma_A", "sigma_0",
    ),
    polynomial(
        "gap", forall(t, SLACK, travel_bound < level), "level", "gap_small", "gap_large",
        "sigma_A", "sigma_0",
    ),
    polynomial(
        "work_left",
        forall((tau, t), And(SINCE, loss > 0, s(tau) <= rho), work.subs(t, tau) <= w_0 - w(t)),
        at("energy_alive", {t: tau}), "misfit_monotone", "loss_monotone", "w", at("w", {t: tau}),
    ),
    polynomial(
        "root",
        forall((tau, t), And(SINCE, loss > 0, slack > 0, s(tau) <= level), s(tau) <= travel_bound),
        "work_left", "level_in_ball", "margin_identity", "slack_identity", "sigma_A", "Lambda",
    ),
)  # fmt: skip


EXIT = (
    cite(
        "length_continuous", "differentiable_is_continuous", "length.speed", over=(t,),
        given=STARTED, F=s, f=function_of(t, speed), a=0, b=t,
    ),
    cite(
        "length_continuous_between", "differentiable_is_continuous", "length.speed",
        over=(tau, t), given=SINCE, F=s, f=function_of(t, speed), a=tau, b=t,
    ),
    cite(
        "barrier", "barrier", "length_continuous", "length.start", "misfit_below_start", "gap",
        "root", "sigma_A", "sigma_0", over=(t,), given=SLACK, F=s, a=0, b=t, c=travel_bound,
        d=level,
    ),
    polynomial(
        "travelled", forall(t, SLACK, s(t) <= travel_bound), at("barrier", {x: t}), "sigma_A",
        "sigma_0",
    ),
    polynomial(
        "margin", forall(t, SLACK, sigma_A * (sigma_0 - Lambda * s(t)) >= sqrt(slack)),
        "travelled", "margin_identity", "sigma_A", "Lambda",
    ),
    polynomial(
        "slope_left", forall(t, SLACK, psi_1(loss) * speed >= sqrt(slack)), "slope", "margin",
        "travelled", "gap", "level_in_ball",
    ),
    polynomial(
        "travelled_alive", forall(t, And(ALIVE, q < HALF), s(t) <= rho_star), "travelled",
        "gap_small", "slack_positive",
    ),
)  # fmt: skip

DEAD = And(t >= 0, Eq(loss, 0))
END = T_0(t)
STOP = (
    cite(
        "loss_continuous", "differentiable_is_continuous", "loss_derivative", over=(t,),
        given=STARTED, F=function_of(t, loss), f=function_of(t, -(speed**2)), a=0, b=t,
    ),
    cite(
        "hit", "first_zero", "loss_continuous", at("H_min", {v: y(0)}), over=(t,), given=DEAD,
        F=function_of(t, loss), a=0, b=t, T=END,
    ),
    cite(
        "gradient_dead", "fermat", "H_smooth", "H_min", over=(t,), given=DEAD, ell=L, G=grad_L,
        z=y(t),
    ),
    gram("speed_dead", forall(t, DEAD, Eq(speed, 0)), "GF", "gradient_dead"),
    polynomial(
        "dead_since", forall((x, t), And(DEAD, x >= END, x <= t), Eq(L(y(x)), 0)), "hit.at",
        at("loss_monotone", {tau: END, t: x}), at("H_min", {v: y(x)}),
    ),
    cite(
        "stands_still", "nonincreasing", "length.speed", "speed_dead", "dead_since", "hit.at",
        over=(t,), given=DEAD, F=s, f=function_of(t, speed), a=END, b=t,
    ),
    cite(
        "travelled_to_end", "limit_of_inequality", at("length_continuous", {t: END}),
        "hit.before", "hit.at", "travelled_alive", over=(t,), given=And(DEAD, END > 0, q < HALF),
        F=s, a=0, b=END, c=rho_star,
    ),
    polynomial(
        "travelled_dead", forall(t, And(DEAD, q < HALF), s(t) <= rho_star), "travelled_to_end",
        "stands_still", "hit.at", "length.start", "rho_star", "start_nonnegative", "sigma_A",
        "sigma_0",
    ),
)  # fmt: skip

REACHED = And(DEAD, END > 0, s(t) <= rho)
ENERGY_KEPT = (
    calculus(
        "work_continuous", forall(t, STARTED, Continuous(function_of(t, work), 0, t)),
        "length_continuous",
    ),
    cite(
        "work_to_end", "limit_of_inequality", at("work_continuous", {t: END}), "hit.before",
        "hit.at", "energy_alive", "misfit_positive", at("length_monotone", {tau: x, t: t}),
        over=(t,), given=REACHED, F=function_of(t, work), a=0, b=END, c=w_0,
    ),
    polynomial(
        "energy_dead", forall(t, And(DEAD, s(t) <= rho), w(t) + work <= w_0), "work_to_end",
        "stands_still", "hit.at", at("length_monotone", {tau: END}), "length.start",
        "start_nonnegative", "H_psi_zero", "w",
    ),
    polynomial(
        "energy", forall(t, And(t >= 0, s(t) <= rho), w(t) + work <= w_0), "energy_alive",
        "energy_dead", at("H_min", {v: y(t)}),
    ),
)  # fmt: skip

SMALL = And(t >= 0, q < HALF)
TRAVEL = (
    polynomial(
        "travel", forall(t, SMALL, s(t) <= rho_star), "travelled_alive", "travelled_dead",
        at("H_min", {v: y(t)}),
    ),
    polynomial(
        "radius_in_ball", Implies(q < HALF, rho_star <= rho), "H_radius", "radius_identity",
        "Lambda", "sigma_0",
    ),
    cite(
        "convergence", "finite_length", "length.chord", "travel", given=q < HALF, p=theta, S=s,
        c=rho_star, limit=theta_inf,
    ),
)  # fmt: skip

PATH = (
    *DISSIPATION,
    *LENGTH,
    *SEEN,
    *ENERGY,
    *ROOT,
    *EXIT,
    *STOP,
    *ENERGY_KEPT,
    *TRAVEL,
)
