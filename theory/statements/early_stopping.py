"""Early stopping: once the misfit bound is at the noise level, the clean data are within 2‖ε‖.

The published stopping time [BQF23, BFQ24] and this project's sharper ones (THEORY section 4). The
residual is at most the misfit because the Kurdyka–Łojasiewicz inequality bounds the distance to the
minimisers; convexity, which stands among the published hypotheses, is not used.
"""

from typing import Any

from sympy import And, Expr, Rational
from sympy import Lambda as Map

from theory import extremal
from theory.formulas import ForAll, forall
from theory.generic import GENERIC_PROBLEM
from theory.setting import (
    DESINGULARIZER,
    FLOW_OBJECTS,
    GAIN,
    GF,
    GF_START,
    H_KL,
    H_LIP0,
    H_MIN,
    H_PRIMITIVE,
    H_PSI_1_CONTINUOUS,
    H_RADIUS,
    H_RANGE,
    H_SIGMA_0,
    H_SIGMA_A,
    H_SMOOTH,
    H_START,
    LAMBDA,
    MISFIT,
    OUTPUT,
    R_0,
    RADIUS,
    RATE,
    RHO,
    SIGMA_0,
    SIGMA_A,
    W_0,
    L,
    Lambda,
    Psi,
    Q,
    q,
    sigma_A,
    t,
    y,
)
from theory.setting_data import DATA, H_ARGMIN, H_DATA, H_NOISE, e, noise, x_bar, y_obs
from theory.statement import (
    Bound,
    Finding,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
)
from theory.statements._early_stopping_steps import (
    H_CONVEX,
    H_LEVEL,
    H_SQUARED,
    HALF,
    QUARTER,
    RUNNING,
    STARTED,
    STEPS,
    decay,
    general_time,
    level,
    near,
    nearest,
    published_squared,
    squared_time,
)
from theory.steps import claims_of

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
        Quantity(level, "loss level at which the misfit is e"),
        *DATA,
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
        H_RADIUS,
        H_CONVEX,
        H_ARGMIN,
        H_DATA,
        H_NOISE,
        H_LEVEL,
        H_SQUARED,
    ),
    definitions=(
        OUTPUT,
        W_0,
        MISFIT,
        Q,
        RATE,
        GAIN,
        RADIUS,
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
