"""The proof of ``flow_path``, last part: the misfit stays below the envelope.

Both solve, one as an inequality, the separable equation Ẇ = −(a + bW)κ(W), written for the loss
level so that nothing is asked of ψ at zero.
"""

from sympy import And, Eq, Min

from theory.formulas import forall
from theory.settings.flow import (
    L,
    a,
    b,
    loss,
    psi,
    psi_1,
    r_0,
    t,
    tau,
    theta_dot,
    v,
    w,
    x,
    y,
    z,
)
from theory.statement import Hypothesis, at
from theory.statements._flow_path_energy import SINCE, STARTED, U_1, U, W, speed
from theory.statements._flow_path_travel import SLACK
from theory.steps import calculus, cite, polynomial
from theory.terms import Continuous, Norm, derivative, function_of

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

BETWEEN = And(tau > 0, tau <= x, x < r_0)
low = Min(loss, U(t))
STEPS = (
    polynomial("envelope_falls", forall(t, STARTED, U_1(t) <= 0), "H_envelope"),
    cite(
        "envelope_monotone", "nonincreasing", "H_envelope", "envelope_falls", over=(tau, t),
        given=SINCE, F=U, f=U_1, a=tau, b=t,
    ),
    cite(
        "psi_continuous", "differentiable_is_continuous", "H_psi", over=(tau, x), given=BETWEEN,
        F=psi, f=psi_1, a=tau, b=x,
    ),
    calculus(
        "numerator_continuous",
        forall((tau, x), BETWEEN, Continuous(function_of(z, a + b * psi(z)), tau, x)),
        "psi_continuous",
    ),
    calculus(
        "denominator_continuous",
        forall((tau, x), BETWEEN, Continuous(function_of(z, psi_1(z) ** 2), tau, x)),
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
        at("decay_now", {t: x}), at("loss_monotone", {tau: x, t: t}), at("w", {t: x}),
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
        at("psi_increases", {tau: loss, x: U(t)}), "H_envelope", "w", "W", "b", "sigma_A",
        "Lambda", at("H_min", {v: y(t)}),
    ),
    calculus(
        "envelope_equation",
        forall(t, STARTED, Eq(derivative(psi(U(t)), t), -envelope_slack / psi_1(U(t)))),
        "H_envelope", at("H_psi", {x: U(t)}),
    ),
)  # fmt: skip
