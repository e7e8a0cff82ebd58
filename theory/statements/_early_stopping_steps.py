"""The proof of ``early_stopping``: residual, stopping times, closed forms for the squared loss."""

from sympy import And, Eq, Implies, Rational, exp, log, sqrt, true

from theory.formulas import forall
from theory.setting import (
    A,
    L,
    Psi,
    a,
    b,
    grad_L,
    loss,
    psi,
    psi_1,
    q,
    r_0,
    sigma_0,
    sigma_A,
    t,
    tau,
    v,
    w,
    w_0,
    x,
    y,
    zeta,
)
from theory.setting_data import e, noise, x_bar, y_obs
from theory.statement import (
    Hypothesis,
    at,
)
from theory.steps import ball, calculus, cite, gram, lemma, polynomial
from theory.terms import Apply, Inner, Norm, derivative, function_of, real, vector_function

level = real("level")
nearest = vector_function("nearest")

HALF, QUARTER = Rational(1, 2), Rational(1, 4)
EPSILON = real("epsilon")
STARTED = t >= 0
decay = sigma_A**2 * sigma_0**2
to_go = Psi(level) - Psi(L(y(0)))
published_time = 4 * to_go / decay
general_time = to_go / a
squared_time = log(1 + a * (w_0 - e) / (e * decay)) / a
published_squared = 4 * log(w_0 / e) / decay
closed = w_0 / (exp(a * t) + b * w_0 * (exp(a * t) - 1) / a)
denominator = exp(a * t) + b * w_0 * (exp(a * t) - 1) / a
falls = -(a + b * closed) * closed**2
near = Norm(y(t) - Apply(A, x_bar)) <= 2 * e

H_CONVEX = Hypothesis(
    "H_convex",
    forall((v, zeta), true, L(zeta) >= L(v) + Inner(grad_L(v), zeta - v)),
    "the loss is convex",
)
H_LEVEL = Hypothesis(
    "H_level", And(level > 0, level < r_0, Eq(psi(level), e)), "ℓ = ψ⁻¹(e), below r₀"
)
H_SQUARED = Hypothesis(
    "H_squared",
    forall(x, x > 0, And(Eq(psi(x), sqrt(2 * x)), Eq(psi_1(x), 1 / sqrt(2 * x)))),
    "the loss is the squared one: ψ(s) = √(2s)",
)

KL = ("H_smooth", "H_min", "H_KL", "H_psi", "H_psi_zero", "H_psi_continuous")
FLOW = (
    "sigma_A", "sigma_0", "Lambda", "GF", "y", "GF_start", *KL, "H_start", "H_range", "H_sigma_A",
    "H_sigma_0", "H_Lip0", "H_radius", "w_0", "w", "q", "a", "b", "rho_star",
)  # fmt: skip

RESIDUAL = (
    lemma("descent", "flow_sharp.descent", "GF", "y", "H_smooth"),
    polynomial("below_r_0", forall(t, STARTED, loss < r_0), at("descent", {tau: 0}), "H_start"),
    lemma(
        "is_minimiser", "kl_error_bound.minimiser", *KL, "H_psi'_continuous", "below_r_0",
        over=(t,), given=STARTED, v_0=y(t), v_infinity=nearest(t),
    ),
    lemma(
        "is_near", "kl_error_bound.distance", *KL, "below_r_0", over=(t,), given=STARTED,
        v_0=y(t), v_infinity=nearest(t),
    ),
    polynomial(
        "is_observation", forall(t, STARTED, Eq(nearest(t), y_obs)), "is_minimiser",
        at("H_argmin", {v: nearest(t)}),
    ),
    gram(
        "residual", forall(t, STARTED, Norm(y(t) - y_obs) <= w(t)), "is_near", "is_observation", "w"
    ),
    gram(
        "triangle",
        forall(t, STARTED, Norm(y(t) - Apply(A, x_bar)) <= Norm(y(t) - y_obs) + Norm(noise)),
        "H_data",
    ),
    polynomial(
        "near_when_small", forall(t, And(STARTED, w(t) <= e), near), "residual", "triangle",
        "H_noise",
    ),
)  # fmt: skip
START = (
    cite(
        "psi_continuous_between", "differentiable_is_continuous", "H_psi", over=(tau, x),
        given=And(tau > 0, tau <= x, x < r_0), F=psi, f=psi_1, a=tau, b=x,
    ),
    cite(
        "psi_increases", "increasing", "H_psi", "psi_continuous_between", over=(tau, x),
        given=And(tau > 0, tau < x, x < r_0), F=psi, f=psi_1, a=tau, b=x,
    ),
    polynomial(
        "small_below_level", forall(t, And(STARTED, loss <= level), w(t) <= e),
        at("psi_increases", {tau: loss, x: level}), at("H_min", {v: y(t)}), "H_psi_zero",
        "H_level", "H_noise", "w",
    ),
)  # fmt: skip

GENERAL = (
    lemma("zero_loss", "flow_sharp.zero_loss", *(n for n in FLOW if n != "H_min"), "H_Psi"),
    polynomial("rate_positive", Implies(q < HALF, a > 0), "a", "sigma_A", "sigma_0"),
    polynomial(
        "stopped_at_level", forall(t, And(STARTED, q < HALF, t >= general_time), loss <= level),
        at("zero_loss", {EPSILON: level}), "rate_positive", "H_level",
    ),
    polynomial(
        "sharp", forall(t, And(STARTED, q < HALF, t >= general_time), near), "stopped_at_level",
        "small_below_level", "near_when_small",
    ),
    polynomial(
        "times_compared",
        forall(t, And(STARTED, q < QUARTER, t >= published_time), a * t >= to_go), "a", "sigma_A",
        "sigma_0",
    ),
    polynomial(
        "published", forall(t, And(STARTED, q < QUARTER, t >= published_time), near),
        "times_compared", at("zero_loss", {EPSILON: level}), "H_level", "small_below_level",
        "near_when_small",
    ),
)  # fmt: skip

NOISY = And(q < HALF, e < w_0)
RUNNING = And(t >= 0, NOISY)
SQUARED = (
    polynomial(
        "margin", Implies(NOISY, And(w_0 > 0, b >= 0, a > 0, Eq(a + b * w_0, decay))), "a", "b",
        "q", "H_noise", "sigma_A", "sigma_0", "Lambda",
    ),
    polynomial("margin_positive", Implies(NOISY, a + b * w_0 > 0), "margin"),
    lemma(
        "envelope_decreasing", "envelope_squared.decreasing", "margin", "margin_positive",
        given=NOISY,
    ),
    ball("exponential", forall(x, true, exp(x) >= 1 + x)),
    polynomial(
        "denominator", forall(t, RUNNING, denominator > 0), at("exponential", {x: a * t}), "margin"
    ),
    polynomial(
        "closed_range", forall(t, RUNNING, And(closed > 0, closed <= w_0, a + b * closed > 0)),
        at("envelope_decreasing", {tau: 0}), "denominator", "margin",
    ),
    calculus(
        "level_derivative", forall(t, RUNNING, Eq(derivative(closed**2 / 2, t), falls)), "margin",
        "denominator",
    ),
    polynomial(
        "closed_misfit",
        forall(
            t, RUNNING, And(Eq(psi(closed**2 / 2), closed), Eq(psi_1(closed**2 / 2), 1 / closed))
        ),
        at("H_squared", {x: closed**2 / 2}), "denominator", "margin",
    ),
    polynomial(
        "start_level", Implies(NOISY, Eq(L(y(0)), w_0**2 / 2)), at("H_squared", {x: L(y(0))}),
        "H_psi_zero", "w_0", at("H_min", {v: y(0)}),
    ),
    polynomial(
        "solves",
        forall(
            t, RUNNING,
            And(
                closed**2 / 2 > 0, closed**2 / 2 < r_0, a + b * psi(closed**2 / 2) > 0,
                Eq(derivative(closed**2 / 2, t), falls),
                Eq(psi_1(closed**2 / 2) ** 2 * falls, -(a + b * psi(closed**2 / 2))),
            ),
        ),
        "closed_range", "closed_misfit", "level_derivative", "start_level", "H_start",
        "denominator", "margin",
    ),
    lemma(
        "envelope", "flow_sharp.envelope", *FLOW, "H_psi'_continuous", "solves", "start_level",
        given=NOISY, **{"U": function_of(t, closed**2 / 2), "U'": function_of(t, falls)},
    ),
    polynomial(
        "growth_enough",
        forall(t, And(RUNNING, t >= squared_time), exp(a * t) >= 1 + a * (w_0 - e) / (e * decay)),
        at("exponential", {x: a * t - log(1 + a * (w_0 - e) / (e * decay))}), "margin", "H_noise",
    ),
    polynomial(
        "closed_small", forall(t, And(RUNNING, t >= squared_time), closed <= e), "growth_enough",
        "margin", "H_noise",
    ),
    polynomial(
        "published_growth",
        forall(t, And(RUNNING, q < QUARTER, t >= published_squared), exp(a * t) >= w_0 / e),
        at("exponential", {x: a * t - log(w_0 / e)}), "margin", "a",
    ),
    polynomial(
        "published_small",
        forall(t, And(RUNNING, q < QUARTER, t >= published_squared), closed <= e),
        "published_growth", "margin", "H_noise",
    ),
    polynomial(
        "published_squared", forall(t, And(RUNNING, q < QUARTER, t >= published_squared), near),
        "envelope", "closed_misfit", "published_small", "near_when_small",
    ),
    polynomial(
        "squared", forall(t, And(RUNNING, t >= squared_time), near), "envelope", "closed_misfit",
        "closed_small", "near_when_small",
    ),
)  # fmt: skip
CAUCHY = (
    ball("exponential_above_one", forall(x, x > 0, exp(x) > 1)),
    ball(
        "cauchy_not_convex",
        forall(x, And(x >= 5, x <= 6), log(1 + x**2) / 2 < log(5) / 2 + Rational(2, 5) * (x - 2)),
    ),
    calculus(
        "cauchy_slope",
        forall(
            x, x > 0, Eq(derivative(sqrt(exp(2 * x) - 1), x), exp(2 * x) / sqrt(exp(2 * x) - 1))
        ),
        at("exponential_above_one", {x: 2 * x}),
    ),
    polynomial(
        "cauchy_kl", forall(x, x > 0, Eq((1 + x**2) / sqrt((1 + x**2) - 1) * (x / (1 + x**2)), 1))
    ),
)  # fmt: skip
STEPS = (*RESIDUAL, *START, *GENERAL, *SQUARED, *CAUCHY)
