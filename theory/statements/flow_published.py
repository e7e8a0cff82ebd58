"""Convergence of the gradient flow as published (THEORY section 3, flow_published).

The result of [BQF23] and [BFQ24], derived here from ``flow_sharp``: the published hypothesis R' < R
says q < 1/4, and ρ* ≤ R' ≤ R. What the derivation leaves on the table is reported as findings.
"""

from sympy import And, Eq, Or, Rational, exp, sqrt
from sympy import Lambda as Map

from theory import extremal
from theory.formulas import forall, with_body
from theory.generic import GENERIC_PROBLEM
from theory.setting import (
    DESINGULARIZER,
    FLOW_OBJECTS,
    GAIN,
    GF,
    GF_START,
    H_KL,
    H_MIN,
    H_PRIMITIVE,
    H_RANGE,
    H_SIGMA_0,
    H_SIGMA_A,
    H_SMOOTH,
    H_START,
    MISFIT,
    OUTPUT,
    R_0,
    RADIUS,
    RATE,
    SIGMA_0,
    SIGMA_A,
    W_0,
    A,
    J,
    L,
    Lambda,
    Psi,
    Q,
    a,
    b,
    g,
    grad_L,
    loss,
    psi,
    psi_1,
    q,
    r_0,
    rho_star,
    sigma_0,
    sigma_A,
    t,
    tau,
    theta,
    theta_0,
    v,
    vartheta,
    w,
    w_0,
    x,
    y,
    z,
)
from theory.setting_published import (
    H_LIP2,
    H_THRESHOLD,
    R_1,
    STABILITY,
    TRAVEL,
    TWO_POINT,
    R,
    stability,
    travel,
    varphi,
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
    Step,
    at,
)
from theory.steps import Premise, cite, claims_of, lemma, polynomial
from theory.terms import (
    Apply,
    ConvergesTo,
    Norm,
    OperatorNorm,
    SigmaMin,
    function_of,
    real_function,
    vector,
)

s, xi, Psi_inv = real_function("s"), real_function("xi"), real_function("Psi_inv")
theta_inf = vector("theta_infinity")

HALF = Rational(1, 2)
STARTED = t >= 0
ALIVE = And(t >= 0, loss > 0)
published_rate = sigma_A**2 * sigma_0**2 / 4
level = Psi_inv(xi(t))

FROM_START = z >= Psi(L(y(0)))
H_INVERSE = (
    Hypothesis(
        "H_Psi_inverse",
        forall(x, And(x > 0, x < r_0), Eq(Psi_inv(Psi(x)), x)),
        "Ψ⁻¹ inverts Ψ",
    ),
    Hypothesis(
        "H_Psi_inverse_falls",
        forall((z, tau), And(FROM_START, tau >= 0), Psi_inv(z + tau) <= Psi_inv(z)),
        "Ψ⁻¹ does not increase from Ψ(L(y(0))) on",
    ),
    Hypothesis(
        "H_Psi_inverse_range",
        forall(z, FROM_START, And(Psi_inv(z) >= 0, Psi_inv(z) <= L(y(0)))),
        "there Ψ⁻¹, extended by 0, takes values between 0 and L(y(0))",
    ),
)

# What flow_sharp needs to know, with its ball of radius ρ taken to be the published one.
SHARP = (
    "sigma_A", "sigma_0", "Lambda_nonnegative", "GF", "y", "GF_start", "H_smooth", "H_min", "H_KL",
    "H_psi", "H_psi_zero", "H_psi_continuous", "H_start", "H_range", "H_sigma_A", "H_sigma_0",
    "one_point", "radius_fits", "w_0", "w", "q", "a", "b", "rho_star",
)  # fmt: skip


def sharp(name: str, conclusion: str, *more: Premise, without: tuple[str, ...] = ()) -> Step:
    """Return the step that applies a conclusion of flow_sharp on the published ball."""
    uses = (n for n in (*SHARP, *more) if n not in without)
    return lemma(name, f"flow_sharp.{conclusion}", *uses, rho=R)


SETTING = (
    cite(
        "psi_increases_from_zero", "increasing", "H_psi_continuous", "H_psi", over=(x,),
        given=And(x > 0, x < r_0), F=psi, f=psi_1, a=0, b=x,
    ),
    polynomial(
        "start_nonnegative", w_0 >= 0, at("psi_increases_from_zero", {x: L(y(0))}), "H_psi_zero",
        "H_start", at("H_min", {v: y(0)}), "w_0",
    ),
    polynomial("ratio_identity", Eq(R_1 / R, 4 * q), "R", "R'", "q", "sigma_0", "Lambda"),
    polynomial("R_positive", R > 0, "R", "sigma_0", "Lambda"),
    polynomial("ratio_small", q < Rational(1, 4), "ratio_identity", "R_positive", "H_threshold"),
    polynomial(
        "sharp_below_published", rho_star <= R_1, "rho_star", "R'", "ratio_small",
        "start_nonnegative", "sigma_A", "sigma_0",
    ),
    polynomial(
        "radius_fits", Or(And(q < HALF, rho_star <= R), Lambda * R >= sigma_0), "ratio_small",
        "sharp_below_published", "H_threshold",
    ),
    polynomial("Lambda_nonnegative", Lambda >= 0, "Lambda"),
    polynomial(
        "one_point",
        forall(
            vartheta, Norm(vartheta - theta_0) <= R,
            OperatorNorm(J(vartheta) - J(theta_0)) <= Lambda * Norm(vartheta - theta_0),
        ),
        at("H_Lip2", {varphi: theta_0}),
    ),
)  # fmt: skip

PATH = (
    lemma("sharp_distance", "flow_sharp.distance", "GF", "y", "GF_start", "H_smooth", rho=R),
    sharp("sharp_travel", "travel"),
    sharp("sharp_conditioning", "conditioning"),
    sharp("convergence_if", "convergence"),
    polynomial(
        "travel", forall(t, STARTED, Norm(theta(t) - theta_0) <= R_1), "sharp_distance",
        "sharp_travel", "sharp_below_published", "ratio_small",
    ),
    polynomial(
        "conditioning", forall(t, STARTED, SigmaMin(J(theta(t))) >= sigma_0 / 2),
        "sharp_conditioning", "ratio_small",
    ),
    polynomial(
        "convergence", ConvergesTo(function_of(t, theta(t)), theta_inf), "convergence_if",
        "ratio_small",
    ),
    sharp("vanishing_if", "vanishing", "H_Psi", "r_0"),
    polynomial("vanishing", ConvergesTo(function_of(t, loss), 0), "vanishing_if", "ratio_small"),
    cite(
        "zero_loss_at_limit", "loss_at_limit", "H_smooth", "y", "convergence", "vanishing",
        ell=L, G=grad_L, g=g, J=J, A=A, p=theta, y=y, limit=theta_inf, c=0,
    ),
)  # fmt: skip

DECAY = (
    sharp("sharp_rate", "rate", "H_Psi", without=("H_min",)),
    polynomial(
        "rate_half", forall(t, ALIVE, Psi(loss) >= Psi(L(y(0))) + 2 * published_rate * t),
        "sharp_rate", "ratio_small", "a",
    ),
    polynomial("rate", forall(t, ALIVE, Psi(loss) >= xi(t)), "rate_half", "xi"),
    lemma("descent", "flow_sharp.descent", "GF", "y", "H_smooth", rho=R),
    polynomial("below_r_0", forall(t, STARTED, loss < r_0), at("descent", {tau: 0}), "H_start"),
    polynomial(
        "level_in_range", forall(t, STARTED, And(level >= 0, level < r_0)),
        at("H_Psi_inverse_range", {z: xi(t)}), "xi", "H_start",
    ),
    polynomial(
        "loss_bound", forall(t, STARTED, loss <= level), "rate", at("H_Psi_inverse", {x: loss}),
        "xi", "below_r_0", "level_in_range",
        at("H_Psi_inverse_falls", {z: xi(t), tau: Psi(loss) - xi(t)}),
    ),
)  # fmt: skip

TAIL = (
    cite(
        "psi_continuous_between", "differentiable_is_continuous", "H_psi", over=(tau, x),
        given=And(tau > 0, tau <= x, x < r_0), F=psi, f=psi_1, a=tau, b=x,
    ),
    cite(
        "psi_increases", "increasing", "H_psi", "psi_continuous_between", over=(tau, x),
        given=And(tau > 0, tau < x, x < r_0), F=psi, f=psi_1, a=tau, b=x,
    ),
    polynomial(
        "misfit_bound", forall(t, STARTED, w(t) <= psi(level)), "loss_bound", "level_in_range",
        at("psi_increases", {tau: loss, x: level}), at("psi_increases_from_zero", {x: level}),
        "w", at("H_min", {v: y(t)}),
    ),
    polynomial(
        "misfit_nonnegative", forall(t, STARTED, w(t) >= 0),
        at("psi_increases_from_zero", {x: loss}), "below_r_0", "H_psi_zero", "w",
        at("H_min", {v: y(t)}),
    ),
    sharp("sharp_tail", "tail"),
    polynomial(
        "rates_compared", forall(t, STARTED, sqrt(a) + sqrt(a + b * w(t)) >= sigma_A * sigma_0),
        "a", "b", "ratio_small", "misfit_nonnegative", "sigma_A", "Lambda",
    ),
    polynomial(
        "tail",
        forall(t, STARTED, Norm(theta_inf - theta(t)) <= 2 * psi(level) / (sigma_A * sigma_0)),
        "sharp_tail", "rates_compared", "misfit_bound", "ratio_small", "sigma_A", "sigma_0",
    ),
)  # fmt: skip
STEPS = (*SETTING, *PATH, *DECAY, *TAIL)

# Towards q = 1/4 the published theorem is as good as it gets, and its constants are compared there.
NEAR_THRESHOLD = Model(
    "scalar extremal instance near q = 1/4",
    {
        **extremal.VALUES,
        Psi_inv: Map(z, exp(-2 * z)),
        s: extremal.VALUES[theta],
        theta_inf: rho_star,
    },
    {
        **extremal.PARAMETERS,
        sigma_A: (Rational(1), Rational(1)),
        Lambda: (Rational(6, 25), Rational(2499, 10000)),
    },
    extremal.WITNESS | {Lambda: Rational(249, 1000)},
    (t, extremal.LONG_TIMES),
)
named = claims_of(STEPS)


STATEMENT = Statement(
    title="Gradient flow: the published convergence theorem",
    source=Source("published", ("bqf23", "bfq24"), "3"),
    quantities=(
        SIGMA_A,
        SIGMA_0,
        TWO_POINT,
        R_0,
        *FLOW_OBJECTS,
        Quantity(Psi, "primitive of −(ψ')²"),
        Quantity(Psi_inv, "inverse of Ψ, extended by 0"),
        Quantity(s, "length of the path up to time t"),
        Quantity(theta_inf, "limit of the parameters"),
    ),
    hypotheses=(
        GF,
        GF_START,
        H_SMOOTH,
        H_MIN,
        H_KL,
        *DESINGULARIZER,
        H_START,
        H_PRIMITIVE,
        *H_INVERSE,
        H_RANGE,
        H_SIGMA_A,
        H_SIGMA_0,
        H_LIP2,
        H_THRESHOLD,
    ),
    definitions=(
        OUTPUT,
        W_0,
        MISFIT,
        Q,
        RATE,
        GAIN,
        RADIUS,
        STABILITY,
        TRAVEL,
        Definition(xi(t), Psi(L(y(0))) + published_rate * t, "ξ(t) = Ψ(L(y(0))) + σ_A²σ₀²t/4"),
    ),
    conclusions={
        "travel": named["travel"],
        "conditioning": named["conditioning"],
        "rate": named["rate"],
        "loss": named["loss_bound"],
        "convergence": named["convergence"],
        "zero_loss": Eq(L(Apply(A, g(theta_inf))), 0),
        "tail": named["tail"],
    },
    steps=STEPS,
    bounds=(
        Bound(
            "threshold",
            Rational(1, 4),
            "value of q that the published condition R' < R stays below",
            "value",
        ),
        Bound("travel_radius", travel, "distance of the parameters from θ₀"),
        Bound("stability_radius", stability, "radius on which the conditioning is kept", "value"),
        Bound("conditioning", sigma_0 / 2, "smallest singular value of the Jacobian", "lower"),
        Bound("rate", published_rate, "rate of Ψ(L)", "lower"),
        Bound("envelope", w_0 * exp(-published_rate * t), "misfit at time t, squared loss"),
    ),
    witness_problem=GENERIC_PROBLEM,
    models=(NEAR_THRESHOLD,),
    mutants=(
        # Best possible at q → 1/4 are the factors 0.5858 of R', 0.7072 of σ₀ and 1/2 of the rate.
        Mutant(
            "travel radius 0.58 R'",
            {"travel": with_body(named["travel"], lambda c: c.lhs <= Rational(58, 100) * c.rhs)},
        ),
        Mutant(
            "conditioning 0.71 σ₀",
            {
                "conditioning": with_body(
                    named["conditioning"], lambda c: c.lhs >= Rational(71, 100) * sigma_0
                )
            },
        ),
        Mutant(
            "rate factor 0.51",
            {
                "rate": with_body(
                    named["rate"],
                    lambda c: c.lhs >= Psi(L(y(0))) + Rational(204, 100) * published_rate * t,
                )
            },
        ),
    ),
    findings=(
        Finding(
            "rate_half",
            "Under the published hypothesis the rate factor 1/4 can be 1/2: "
            "Ψ(L(y(t))) ≥ Ψ(L(y(0))) + σ_A²σ₀²t/2.",
            ("rate_half",),
        ),
        Finding(
            "threshold_half",
            "The published hypothesis R' < R says q < 1/4, half of the sharp threshold q < 1/2: "
            "R'/R = 4q.",
            ("ratio_identity", "ratio_small"),
        ),
        Finding(
            "one_point",
            "The two-point Lipschitz hypothesis is used at θ₀ only: a one-point constant suffices.",
            ("one_point",),
        ),
    ),
)
