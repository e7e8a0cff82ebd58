"""The proof of ``flow_path``, second half: how fast the loss and the rest of the path fade.

What is left of the conditioning makes Ψ(L) grow at the rate a, bounds the path that remains, and
drives the misfit below the envelope.
"""

from sympy import And, Eq, Implies, Min, sqrt

from theory.formulas import forall
from theory.setting import (
    L,
    Lambda,
    Psi,
    a,
    b,
    loss,
    psi,
    psi_1,
    q,
    r_0,
    rho,
    sigma_0,
    sigma_A,
    t,
    tau,
    theta,
    theta_dot,
    v,
    w,
    x,
    y,
    z,
)
from theory.statement import Hypothesis, at
from theory.statements._flow_path_travel import (
    ALIVE,
    HALF,
    PATH,
    SINCE,
    SLACK,
    SMALL,
    STARTED,
    T_0,
    U_1,
    U,
    W,
    energy,
    energy_rate,
    epsilon,
    s,
    slack,
    speed,
    theta_inf,
)
from theory.steps import calculus, cite, polynomial
from theory.terms import (
    Continuous,
    Norm,
    derivative,
    function_of,
    real,
)

psi_rate = psi_1(loss) ** 2 * speed**2
RATE = (
    polynomial(
        "rate_at", forall(t, And(ALIVE, q < HALF), psi_rate >= a), "slope_left",
        "misfit_positive", "b", "sigma_A", "Lambda",
    ),
    calculus(
        "primitive_derivative",
        forall(t, ALIVE, Eq(derivative(a * t - Psi(loss), t), a - psi_rate)), "loss_derivative",
        at("H_Psi", {x: loss}), "below_r_0",
    ),
    cite(
        "rate_integrated", "nonincreasing", "primitive_derivative", "rate_at", "loss_monotone",
        over=(t,), given=And(ALIVE, q < HALF), F=function_of(t, a * t - Psi(loss)),
        f=function_of(t, a - psi_rate), a=0, b=t,
    ),
    polynomial(
        "rate", forall(t, And(ALIVE, q < HALF), Psi(loss) >= Psi(L(y(0))) + a * t),
        "rate_integrated",
    ),
)  # fmt: skip

tail_bound = 2 * w(t) / (sqrt(slack) + sqrt(a))
LATER = And(t >= 0, t <= x, q < HALF)
LATER_ALIVE = And(LATER, L(y(x)) > 0)
TAIL = (
    polynomial(
        "rate_positive",
        Implies(q < HALF, And(a > 0, Eq(sqrt(a), sigma_A * sigma_0 * sqrt(1 - 2 * q)))), "a",
        "sigma_A", "sigma_0",
    ),
    polynomial(
        "inside_alive", forall(t, And(ALIVE, q < HALF), s(t) <= rho), "travelled_alive",
        "radius_in_ball",
    ),
    cite(
        "energy_between", "nonincreasing", "energy_derivative", "energy_sign", "inside_alive",
        "loss_monotone", over=(t, x), given=LATER_ALIVE, F=function_of(t, energy),
        f=function_of(t, energy_rate), a=t, b=x,
    ),
    polynomial(
        "margin_rate",
        forall(t, And(ALIVE, q < HALF), sigma_A * (sigma_0 - Lambda * s(t)) >= sqrt(a)), "margin",
        "slack_positive", "slack_at_least_rate", "rate_positive",
    ),
    polynomial(
        "remaining_alive",
        forall((t, x), LATER_ALIVE, (s(x) - s(t)) * (sqrt(slack) + sqrt(a)) <= 2 * w(t)),
        "energy_between", "margin", at("margin_rate", {t: x}),
        at("length_monotone", {tau: t, t: x}), "slack_positive",
        at("loss_monotone", {tau: t, t: x}), at("misfit_positive", {t: x}), "w", at("w", {t: x}),
        "rate_positive",
    ),
)  # fmt: skip

END_X = T_0(x)
LATER_DEAD = And(LATER, Eq(L(y(x)), 0))
remaining = s(t) + tail_bound
REST = (
    polynomial(
        "later_alive", forall((t, x), LATER_ALIVE, s(x) <= remaining), "remaining_alive",
        "slack_positive", "rate_positive", at("loss_monotone", {tau: t, t: x}),
    ),
    polynomial(
        "misfit_nonnegative", forall(t, STARTED, And(w(t) >= 0, Implies(q < HALF, slack > 0))),
        "misfit_positive", at("H_min", {v: y(t)}), "H_psi_zero", "w", "slack_positive",
        "rate_positive",
    ),
    cite(
        "later_to_end", "limit_of_inequality",
        at("length_continuous_between", {tau: t, t: END_X}), at("hit.before", {t: x}),
        "later_alive", "misfit_nonnegative", "rate_positive", over=(t, x),
        given=And(LATER_DEAD, t < END_X), F=s, a=t, b=END_X, c=remaining,
    ),
    polynomial(
        "later_dead", forall((t, x), LATER_DEAD, s(x) <= remaining), "later_to_end",
        at("stands_still", {t: x}), at("hit.at", {t: x}),
        at("length_monotone", {tau: END_X, t: t}), "misfit_nonnegative", "rate_positive",
    ),
    polynomial(
        "remaining_length", forall((t, x), LATER, s(x) <= remaining), "later_alive", "later_dead",
        at("H_min", {v: y(x)}), "misfit_nonnegative", "rate_positive",
    ),
    cite(
        "tail", "limit_within", "convergence", "remaining_length", "misfit_nonnegative",
        "rate_positive", at("length.chord", {real("x_1"): t, real("x_2"): x}), over=(t,),
        given=SMALL, p=theta, a=t, c=tail_bound, limit=theta_inf,
    ),
)  # fmt: skip

EPS = And(t >= 0, q < HALF, epsilon > 0, epsilon < loss)
ZERO = (
    calculus(
        "primitive_falls",
        forall(x, And(x > 0, x < r_0), Eq(derivative(-Psi(x), x), psi_1(x) ** 2)), "H_Psi",
    ),
    cite(
        "primitive_continuous", "differentiable_is_continuous", "primitive_falls", over=(tau, x),
        given=And(tau > 0, tau <= x, x < r_0), F=function_of(x, -Psi(x)),
        f=function_of(x, psi_1(x) ** 2), a=tau, b=x,
    ),
    cite(
        "primitive_decreases", "increasing", "primitive_falls", "primitive_continuous", "H_psi",
        over=(tau, x), given=And(tau > 0, tau < x, x < r_0), F=function_of(x, -Psi(x)),
        f=function_of(x, psi_1(x) ** 2), a=tau, b=x,
    ),
    polynomial(
        "zero_loss",
        forall(
            (t, epsilon),
            And(t >= 0, q < HALF, epsilon > 0, epsilon < r_0, a * t >= Psi(epsilon) - Psi(L(y(0)))),
            loss <= epsilon,
        ),
        "rate", at("primitive_decreases", {tau: epsilon, x: loss}), "below_r_0",
    ),
)  # fmt: skip

stopping = (Psi(epsilon) - Psi(L(y(0)))) / a
VANISH = (
    polynomial(
        "small_in_time",
        forall(
            (t, epsilon), And(t >= 0, q < HALF, epsilon > 0, epsilon < r_0, t >= stopping),
            loss <= epsilon,
        ),
        "zero_loss", "rate_positive",
    ),
    cite(
        "vanishing", "tends_to_zero", "small_in_time", at("H_min", {v: y(x)}), "r_0",
        given=q < HALF, F=function_of(t, loss), S=function_of(epsilon, stopping), c=r_0,
    ),
)  # fmt: skip

envelope_slack = a + b * psi(U(t))
H_ENVELOPE = Hypothesis(
    "H_envelope",
    forall(
        t,
        STARTED,
        And(
            U(t) > 0,
            U(t) < r_0,
            envelope_slack > 0,
            Eq(derivative(U(t), t), U_1(t)),
            Eq(psi_1(U(t)) ** 2 * U_1(t), -envelope_slack),
        ),
    ),
    "W = ψ(U) solves Ẇ = −(a + bW)κ(W), written for the loss level U",
)
H_ENVELOPE_START = Hypothesis("H_envelope_start", Eq(U(0), L(y(0))), "the envelope starts at w₀")
low = Min(loss, U(t))
ENVELOPE = (
    polynomial(
        "envelope_falls", forall(t, STARTED, U_1(t) <= 0), "H_envelope"
    ),
    cite(
        "envelope_monotone", "nonincreasing", "H_envelope", "envelope_falls", over=(tau, t),
        given=SINCE, F=U, f=U_1, a=tau, b=t,
    ),
    cite(
        "psi_continuous_between", "differentiable_is_continuous", "H_psi", over=(tau, x),
        given=And(tau > 0, tau <= x, x < r_0), F=psi, f=psi_1, a=tau, b=x,
    ),
    cite(
        "psi_increases", "increasing", "H_psi", "psi_continuous_between", over=(tau, x),
        given=And(tau > 0, tau < x, x < r_0), F=psi, f=psi_1, a=tau, b=x,
    ),
    calculus(
        "numerator_continuous",
        forall(
            (tau, x), And(tau > 0, tau <= x, x < r_0),
            Continuous(function_of(z, a + b * psi(z)), tau, x),
        ),
        "psi_continuous_between",
    ),
    calculus(
        "denominator_continuous",
        forall(
            (tau, x), And(tau > 0, tau <= x, x < r_0),
            Continuous(function_of(z, psi_1(z) ** 2), tau, x),
        ),
        at("H_psi'_continuous", {x: tau, z: x}),
    ),
    polynomial(
        "envelope_numerator",
        forall((t, x), And(SLACK, low <= x, x < r_0), And(a + b * psi(x) > 0, psi_1(x) > 0)),
        at("psi_increases", {tau: loss}), at("psi_increases", {tau: U(t)}), "H_envelope", "w",
        "b", "sigma_A", "Lambda", at("H_psi", {x: x}),
    ),
    polynomial(
        "misfit_falls_enough",
        forall(
            (x, t), And(SLACK, x >= 0, x <= t),
            psi_1(L(y(x))) ** 2 * -(Norm(theta_dot(x)) ** 2) <= -(a + b * psi(L(y(x)))),
        ),
        at("slope_left", {t: x}), at("loss_monotone", {tau: x, t: t}), "w", at("w", {t: x}),
    ),
    cite(
        "loss_below_envelope", "comparison", "H_envelope", "H_envelope_start", "loss_derivative",
        "misfit_falls_enough", "loss_monotone", "envelope_monotone",
        at("numerator_continuous", {tau: low, x: L(y(0))}),
        at("denominator_continuous", {tau: low, x: L(y(0))}), at("loss_monotone", {tau: 0, t: x}),
        at("envelope_monotone", {tau: 0, t: x}), at("loss_monotone", {tau: 0}),
        "envelope_numerator", "H_start", over=(t,), given=SLACK, u=function_of(t, loss),
        u_1=function_of(t, -(speed**2)), U=U, U_1=U_1, N=function_of(z, a + b * psi(z)),
        P=function_of(z, psi_1(z) ** 2), T=t, low=low, high=L(y(0)),
    ),
    polynomial(
        "envelope", forall(t, STARTED, w(t) <= W(t)), "loss_below_envelope",
        at("psi_increases", {tau: loss, x: U(t)}), at("psi_increases_from_zero", {x: U(t)}),
        "H_envelope", "w", "W", "b", "sigma_A", "Lambda", at("H_min", {v: y(t)}),
    ),
    calculus(
        "envelope_equation",
        forall(t, STARTED, Eq(derivative(psi(U(t)), t), -envelope_slack / psi_1(U(t)))),
        "H_envelope", at("H_psi", {x: U(t)}),
    ),
)  # fmt: skip
STEPS = (*PATH, *RATE, *TAIL, *REST, *ZERO, *VANISH, *ENVELOPE)
