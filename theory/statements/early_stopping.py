"""Early stopping: once the misfit bound is at the noise level, the clean data are within 2‖ε‖.

The published stopping time [BQF23, BFQ24] and this project's sharper ones (THEORY section 4). The
residual is at most the misfit because the Kurdyka–Łojasiewicz inequality bounds the distance to the
minimisers; convexity, which stands among the published hypotheses, is not used.
"""

from typing import Any

from sympy import And, Eq, Expr, Implies, Or, Rational, exp, log, sqrt, true
from sympy import Lambda as Map

from theory import extremal
from theory.formulas import ForAll, forall
from theory.generic import GENERIC_PROBLEM
from theory.setting import (
    DESINGULARIZER,
    FLOW_OBJECTS,
    GF,
    GF_START,
    H_KL,
    H_LIP0,
    H_MIN,
    H_PRIMITIVE,
    H_PSI_1_CONTINUOUS,
    H_RANGE,
    H_SIGMA_0,
    H_SIGMA_A,
    H_SMOOTH,
    H_START,
    LAMBDA,
    MISFIT,
    R_0,
    RHO,
    SIGMA_0,
    SIGMA_A,
    W_0,
    A,
    L,
    Lambda,
    Psi,
    Q,
    a,
    b,
    grad_L,
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
    v,
    w,
    w_0,
    x,
    y,
)
from theory.statement import (
    Bound,
    Definition,
    Finding,
    Hypothesis,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
    at,
)
from theory.steps import ball, calculus, cite, claims_of, gram, lemma, polynomial
from theory.terms import Apply, Inner, Norm, derivative, function_of, real, vector, vector_function

e, level, rho_star = real("e level rho_star")
y_obs, x_bar, noise, zeta = (vector(n) for n in ("y_obs", "x_bar", "noise", "zeta"))
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
H_ARGMIN = Hypothesis(
    "H_argmin", forall(v, Eq(L(v), 0), Eq(v, y_obs)), "the observation is the only minimiser"
)
H_DATA = Hypothesis("H_data", Eq(y_obs, Apply(A, x_bar) + noise), "y = A x̄ + ε")
H_NOISE = Hypothesis("H_noise", And(Norm(noise) <= e, e > 0), "‖ε‖ ≤ e, e > 0")
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
    "sigma_A", "sigma_0", "Lambda", "GF", "GF_start", *KL, "H_start", "H_range", "H_sigma_A",
    "H_sigma_0", "H_Lip0", "H_radius", "w_0", "w", "q", "a", "b", "rho_star",
)  # fmt: skip

RESIDUAL = (
    lemma("descent", "flow_sharp.descent", "GF", "H_smooth"),
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
named = claims_of(STEPS)

EXTREMAL = Model(
    "scalar extremal instance with noise away from the signal",
    {
        **extremal.VALUES,
        e: e,
        noise: -e,
        y_obs: extremal.w_start,
        x_bar: (extremal.w_start + e) / sigma_A,
        level: e**2 / 2,
        nearest: Map(t, extremal.w_start),
    },
    extremal.PARAMETERS
    | {
        sigma_A: (Rational(1, 2), Rational(5)),
        e: (Rational(1, 10**4), Rational(9, 10)),
    },
    extremal.WITNESS | {Lambda: Rational(1, 5), e: Rational(1, 10)},
)


# The general stopping time forgets what the curvature of the envelope gains; for small q, little.
SMALL_RATIO = Model(
    "scalar extremal instance with a small conditioning ratio",
    EXTREMAL.values,
    {
        **EXTREMAL.parameters,
        sigma_A: (Rational(1), Rational(1)),
        Lambda: (Rational(1, 1000), Rational(1, 100)),
        e: (Rational(1, 100), Rational(1, 10)),
    },
)


def _with_time(assumption: tuple[Any, ...], time: Expr) -> ForAll:
    """Return the conclusion for another stopping time."""
    return forall(t, And(*assumption, t >= time), near)


MUTANTS = (
    Mutant(
        "published time with the initial loss outside the bracket",
        {"published": _with_time((STARTED, q < QUARTER), 4 * Psi(level) / decay - Psi(L(y(0))))},
    ),
    Mutant(
        "general time 1% earlier",
        {"sharp": _with_time((STARTED, q < HALF), Rational(99, 100) * general_time)},
    ),
    Mutant(
        "squared-loss time 1% earlier",
        {"squared": _with_time((RUNNING,), Rational(99, 100) * squared_time)},
    ),
    Mutant(
        "within 1.99 ‖ε‖",
        {"squared": forall(t, named["squared"].given, near.lhs <= Rational(199, 100) * e)},
    ),
)

STATEMENT = Statement(
    title="Early stopping at the noise level",
    source=Source("published", ("bqf23", "bfq24"), "4"),
    quantities=(
        SIGMA_A,
        SIGMA_0,
        LAMBDA,
        RHO,
        R_0,
        *FLOW_OBJECTS,
        Quantity(Psi, "primitive of −(ψ')²"),
        Quantity(e, "bound of the noise norm ‖ε‖", measured="noise_norm"),
        Quantity(level, "loss level at which the misfit is e"),
        Quantity(y_obs, "observation y = A x̄ + ε"),
        Quantity(x_bar, "signal x̄"),
        Quantity(noise, "noise ε"),
        Quantity(nearest, "minimiser of the loss nearest to the output, at each time"),
    ),
    hypotheses=(
        GF,
        GF_START,
        H_SMOOTH,
        H_MIN,
        H_KL,
        *DESINGULARIZER,
        H_PSI_1_CONTINUOUS,
        H_START,
        H_PRIMITIVE,
        H_RANGE,
        H_SIGMA_A,
        H_SIGMA_0,
        H_LIP0,
        Hypothesis(
            "H_radius",
            Or(And(q < HALF, rho_star <= rho), Lambda * rho >= sigma_0),
            "the Lipschitz constant holds on a ball of radius ρ*, or σ₀/Λ",
        ),
        H_CONVEX,
        H_ARGMIN,
        H_DATA,
        H_NOISE,
        H_LEVEL,
        H_SQUARED,
    ),
    definitions=(
        W_0,
        MISFIT,
        Q,
        Definition(a, decay * (1 - 2 * q), "rate a = σ_A²σ₀²(1 − 2q)"),
        Definition(b, 2 * Lambda * sigma_A, "gain b = 2Λσ_A"),
        Definition(
            rho_star, 2 * w_0 / (sigma_A * sigma_0 * (1 + sqrt(1 - 2 * q))), "sharp radius ρ*"
        ),
    ),
    conclusions={
        name: named[name]
        for name in ("residual", "published", "sharp", "published_squared", "squared")
    },
    steps=STEPS,
    bounds=(
        Bound(
            "stopping_time_published",
            published_squared,
            "published stopping time, squared loss",
            "lower",
        ),
        Bound(
            "stopping_time_sharp", squared_time, "sharp stopping time, squared loss, a ≠ 0", "lower"
        ),
    ),
    witness_problem=GENERIC_PROBLEM,
    models=(EXTREMAL, SMALL_RATIO),
    mutants=MUTANTS,
    findings=(
        Finding(
            "convexity_unused",
            "Convexity of the loss stands among the published hypotheses of early stopping and no "
            "step uses it; the Cauchy loss is not convex, and satisfies the inequality.",
            ("cauchy_not_convex", "cauchy_slope", "cauchy_kl"),
            ("H_convex",),
        ),
    ),
)
