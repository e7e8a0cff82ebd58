"""The proof of ``flow_path``, third part: how fast the loss and the rest of the path fade.

What is left of the conditioning makes Ψ(L) grow at least at the rate a + bw, which at the threshold
is all there is; it bounds the path that remains too.
"""

from sympy import And, Eq, Implies, sqrt

from theory.formulas import forall
from theory.settings.flow import (
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
    v,
    w,
    x,
    y,
)
from theory.statement import at
from theory.statements._flow_path_energy import (
    ALIVE,
    HALF,
    SINCE,
    energy,
    energy_rate,
    s,
    slack,
    speed,
    theta_inf,
)
from theory.statements._flow_path_travel import (
    ALIVE_AT_MOST,
    AT_MOST,
    FALLING,
    LENGTH_GROWS,
)
from theory.steps import calculus, cite, lemma, polynomial
from theory.terms import Norm, derivative, function_of, real

c, epsilon = real("c epsilon")
psi_rate = psi_1(loss) ** 2 * speed**2
RATE = (
    polynomial(
        "decay_now", forall(t, ALIVE, psi_rate >= slack), "slope_left"
    ),
    calculus(
        "primitive_derivative",
        forall((t, c), ALIVE, Eq(derivative(c * t - Psi(loss), t), c - psi_rate)),
        "loss_derivative", at("H_Psi", {x: loss}), "below_r_0",
    ),
    cite(
        "rate_integrated", "nonincreasing", "primitive_derivative", "decay_now",
        "loss_monotone", "misfit_monotone", "b", "sigma_A", "Lambda", over=(t, c),
        given=And(ALIVE, c <= slack), F=function_of(t, c * t - Psi(loss)),
        f=function_of(t, c - psi_rate), a=0, b=t,
    ),
    polynomial(
        "rate", forall(t, ALIVE, Psi(loss) >= Psi(L(y(0))) + slack * t),
        at("rate_integrated", {c: slack}),
    ),
)  # fmt: skip

BELOW = And(epsilon > 0, epsilon < r_0)
enough = (a + b * psi(epsilon)) * t >= Psi(epsilon) - Psi(L(y(0)))
stopping = (Psi(epsilon) - Psi(L(y(0)))) / (a + b * psi(epsilon))
LEVELS = (
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
        "level_reached", forall((t, epsilon), And(t >= 0, BELOW, enough), loss <= epsilon),
        "rate", at("psi_increases", {tau: epsilon, x: loss}), "b", "sigma_A", "Lambda", "w",
        at("primitive_decreases", {tau: epsilon, x: loss}), "below_r_0",
    ),
    polynomial(
        "level_rate", forall(epsilon, And(BELOW, q <= HALF), a + b * psi(epsilon) > 0),
        at("psi_positive", {x: epsilon}), "a", "b", "q", "sigma_A", "sigma_0", "Lambda",
    ),
    polynomial(
        "small_in_time",
        forall((t, epsilon), And(AT_MOST, BELOW, t >= stopping), loss <= epsilon),
        "level_reached", "level_rate",
    ),
    cite(
        "vanishing", "tends_to_zero", "small_in_time", at("H_min", {v: y(x)}), "r_0",
        given=q <= HALF, F=function_of(t, loss), S=function_of(epsilon, stopping), c=r_0,
    ),
)  # fmt: skip

# c is at least what remains of the path: c√a + bc²/4 ≥ w(t), with √a = σ_Aσ₀√(1 − 2q).
LATER = And(t >= 0, t <= x, q <= HALF)
LATER_ALIVE = And(LATER, L(y(x)) > 0)
root_a = sigma_A * sigma_0 * sqrt(1 - 2 * q)
left = s(x) - s(t)
covers = And(c >= 0, c * root_a + b * c**2 / 4 >= w(t))
TAIL = (
    polynomial(
        "rate_root", Implies(q <= HALF, And(a >= 0, Eq(sqrt(a), root_a))), "a", "sigma_A",
        "sigma_0",
    ),
    polynomial(
        "inside_alive", forall(t, ALIVE_AT_MOST, s(t) <= rho), "travelled_alive",
        "radius_in_ball",
    ),
    cite(
        "energy_between", "nonincreasing", "energy_derivative", "energy_sign", "inside_alive",
        "loss_monotone", over=(t, x), given=LATER_ALIVE, F=function_of(t, energy),
        f=function_of(t, energy_rate), a=t, b=x,
    ),
    polynomial(
        "margin_rate",
        forall(t, ALIVE_AT_MOST, sigma_A * (sigma_0 - Lambda * s(t)) >= root_a), "margin",
        "slack_positive", "slack_at_least_rate",
    ),
    polynomial(
        "remaining_alive",
        forall((t, x), LATER_ALIVE, left * root_a + b * left**2 / 4 <= w(t)),
        "energy_between", at("margin_rate", {t: x}), at("length_monotone", {tau: t, t: x}),
        at("misfit_positive", {t: x}), "w", at("w", {t: x}), "b",
    ),
    polynomial(
        "covered", forall((t, x, c), And(LATER_ALIVE, covers), s(x) <= s(t) + c),
        "remaining_alive", "b", "q", "sigma_A", "sigma_0", "Lambda",
    ),
    lemma(
        "remaining", "bound_past_zero.bounded", "loss_derivative", "speed_dead", "length.speed",
        at("covered", {t: tau, x: x}), at("H_min", {v: y(x)}), over=(tau, t, c),
        given=And(SINCE, q <= HALF, covers.subs(t, tau)), a=tau, b=t, c=s(tau) + c,
        **FALLING, **LENGTH_GROWS,
    ),
    cite(
        "rest", "limit_within", "convergence", at("remaining", {tau: t, t: x}),
        at("length.chord", {real("x_1"): t, real("x_2"): x}), over=(t, c),
        given=And(AT_MOST, covers), p=theta, a=t, c=c, limit=theta_inf,
    ),
    polynomial(
        "misfit_nonnegative", forall(t, t >= 0, w(t) >= 0), "misfit_positive",
        at("H_min", {v: y(t)}), "H_psi_zero", "w",
    ),
    polynomial(
        "tail_root",
        forall(t, And(t >= 0, q < HALF), And(slack > 0, a > 0)), "a", "b", "misfit_nonnegative",
        "sigma_A", "sigma_0", "Lambda",
    ),
    polynomial(
        "tail",
        forall(
            t, And(t >= 0, q < HALF),
            Norm(theta_inf - theta(t)) <= 2 * w(t) / (sqrt(slack) + sqrt(a)),
        ),
        at("rest", {c: 2 * w(t) / (sqrt(slack) + sqrt(a))}), "tail_root", "rate_root",
        "misfit_nonnegative",
    ),
    polynomial(
        "tail_critical",
        forall(
            t, And(AT_MOST, Lambda > 0),
            Norm(theta_inf - theta(t)) <= sqrt(2 * w(t) / (Lambda * sigma_A)),
        ),
        at("rest", {c: sqrt(2 * w(t) / (Lambda * sigma_A))}), "misfit_nonnegative", "b",
        "sigma_A", "sigma_0",
    ),
)  # fmt: skip
STEPS = (*RATE, *LEVELS, *TAIL)
