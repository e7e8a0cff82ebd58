"""The proof of ``early_stopping``: residual, stopping times, closed forms for the squared loss."""

from sympy import And, Eq, Implies, Ne, Rational, exp, log, sqrt, true

from theory.formulas import forall
from theory.settings.data import e, noise, x_bar, y_obs
from theory.settings.flow import (
    A,
    L,
    Psi,
    a,
    b,
    grad_L,
    loss,
    psi,
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
from theory.statement import Hypothesis, at
from theory.statements.envelope_squared import closed, critical
from theory.steps import ball, calculus, gram, lemma, polynomial
from theory.terms import Apply, Inner, Norm, derivative, real, vector_function

level = real("level")
nearest = vector_function("nearest")

QUARTER = Rational(1, 4)
EPSILON = real("epsilon")
STARTED = t >= 0
decay = sigma_A**2 * sigma_0**2
left = a + b * e  # positive where e is above the level at which the envelope stalls
to_go = Psi(level) - Psi(L(y(0)))
published_time = 4 * to_go / decay
general_time = to_go / left
growth = 1 + a * (w_0 - e) / (e * decay)
squared_time = log(growth) / a
critical_time = (w_0 - e) / (b * w_0 * e)
published_squared = 4 * log(w_0 / e) / decay
shifted = y(t) - y_obs + noise
near = Norm(y(t) - Apply(A, x_bar)) <= 2 * e

H_CONVEX = Hypothesis(
    "H_convex",
    forall((v, zeta), true, L(zeta) >= L(v) + Inner(grad_L(v), zeta - v)),
    "the loss is convex",
)
H_LEVEL = Hypothesis(
    "H_level", And(level > 0, level < r_0, Eq(psi(level), e)), "ℓ = ψ⁻¹(e), below r₀"
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
    gram("shifted", forall(t, STARTED, Eq(Norm(y(t) - Apply(A, x_bar)), Norm(shifted))), "H_data"),
    gram("triangle", forall(t, STARTED, Norm(shifted) <= Norm(y(t) - y_obs) + Norm(noise))),
    polynomial(
        "near_when_small", forall(t, And(STARTED, w(t) <= e), near), "residual", "shifted",
        "triangle", "H_noise",
    ),
)  # fmt: skip

ABOVE = And(STARTED, left > 0)
IN_TIME = And(STARTED, q < QUARTER, t >= published_time)
GENERAL = (
    lemma("psi_increases", "desingularizer_increases.increases", "H_psi", "H_psi_continuous"),
    polynomial(
        "small_below_level", forall(t, And(STARTED, loss <= level), w(t) <= e),
        at("psi_increases", {tau: loss, x: level}), at("H_min", {v: y(t)}), "H_level", "w",
    ),
    lemma("level_reached", "flow_sharp.level_reached", *(n for n in FLOW if n != "H_min"), "H_Psi"),
    polynomial(
        "stopped_at_level", forall(t, And(ABOVE, t >= general_time), loss <= level),
        at("level_reached", {EPSILON: level}), "H_level",
    ),
    polynomial(
        "sharp", forall(t, And(ABOVE, t >= general_time), near), "stopped_at_level",
        "small_below_level", "near_when_small",
    ),
    polynomial("rate", And(b >= 0, Eq(a, decay * (1 - 2 * q)), decay > 0), "a", "b", "sigma_A",
               "sigma_0", "Lambda"),
    polynomial("times_compared", forall(t, IN_TIME, left * t >= to_go), "rate", "H_noise"),
    polynomial(
        "published", forall(t, IN_TIME, near), "times_compared",
        at("level_reached", {EPSILON: level}), "H_level", "small_below_level", "near_when_small",
    ),
)  # fmt: skip

NOISY = e < w_0
REGULAR = And(STARTED, NOISY, Ne(a, 0), left > 0)
RUNNING = And(REGULAR, t >= squared_time)
CRITICAL = And(STARTED, NOISY, Eq(a, 0), t >= critical_time)
PUBLISHED = And(STARTED, NOISY, q < QUARTER, t >= published_squared)
SQUARED = (
    polynomial(
        "margin", Implies(NOISY, And(w_0 > 0, Eq(a + b * w_0, decay), a + b * w_0 > 0)), "rate",
        "b", "q", "H_noise",
    ),
    lemma(
        "envelope", "flow_squared.envelope", *FLOW, "H_psi'_continuous", "H_squared"
    ),
    lemma(
        "envelope_critical", "flow_squared.envelope_critical", *FLOW, "H_psi'_continuous",
        "H_squared",
    ),
    ball("exponential", forall(x, true, exp(x) >= 1 + x)),
    polynomial(
        "growth_enough",
        forall(t, RUNNING, (exp(a * t) - growth) / a >= 0),
        at("exponential", {x: a * t - log(growth)}), at("exponential", {x: log(growth) - a * t}),
        "rate", "H_noise",
    ),
    polynomial(
        "closed_small", forall(t, RUNNING, closed <= e), "growth_enough", "margin", "H_noise",
    ),
    polynomial(
        "squared", forall(t, RUNNING, near), "envelope", "closed_small", "near_when_small",
    ),
    polynomial(
        "critical_small", forall(t, CRITICAL, critical <= e), "margin", "H_noise",
    ),
    polynomial(
        "squared_critical", forall(t, CRITICAL, near), "envelope_critical", "critical_small",
        "near_when_small",
    ),
    polynomial(
        "published_growth", forall(t, PUBLISHED, exp(a * t) >= w_0 / e),
        at("exponential", {x: a * t - log(w_0 / e)}), "rate",
    ),
    polynomial(
        "published_small", forall(t, PUBLISHED, closed <= e),
        "published_growth", "rate", "H_noise",
    ),
    polynomial(
        "published_squared", forall(t, PUBLISHED, near), "envelope", "published_small", "rate",
        "near_when_small",
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
STEPS = (*RESIDUAL, *GENERAL, *SQUARED, *CAUCHY)
