"""Early stopping: once the misfit bound is at the noise level, the clean data are within 2‖ε‖.

The published stopping time [BQF23, BFQ24] and this project's sharper ones (THEORY section 4). The
residual is at most the misfit because the Kurdyka–Łojasiewicz inequality bounds the distance to the
minimisers; convexity, which stands among the published hypotheses, is not used.
"""

from collections.abc import Mapping
from typing import Any

from sympy import And, Expr, Ne, Rational
from sympy import Lambda as Map

from theory.formulas import forall
from theory.settings.data import DATA, H_ARGMIN, H_DATA, H_NOISE, e, noise, x_bar, y_obs
from theory.settings.flow import (
    H_LIP0,
    H_PRIMITIVE,
    H_PSI_1_CONTINUOUS,
    H_RADIUS,
    H_START,
    KL_FLOW,
    RATIO,
    SETTING,
    SINGULAR_VALUES,
    L,
    Lambda,
    Psi,
    a,
    b,
    q,
    sigma_A,
    t,
    w_0,
    y,
)
from theory.settings.squared import H_SQUARED
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
    CRITICAL,
    H_CONVEX,
    H_LEVEL,
    QUARTER,
    RUNNING,
    STARTED,
    STEPS,
    critical_time,
    decay,
    general_time,
    left,
    level,
    near,
    nearest,
    published_squared,
    published_time,
    squared_time,
    to_go,
)
from theory.steps import claims_of
from theory.witnesses import extremal
from theory.witnesses.generic import GENERIC_PROBLEM

named = claims_of(STEPS)
LESS = Rational(99, 100)
NOISE = {e: (Rational(1, 10**4), Rational(9, 10))}


def _noisy(values: Mapping[Any, Any], sigma: Expr) -> dict[Any, Any]:
    """Complete an extremal instance by data whose noise points away from the signal."""
    return {
        **values,
        e: e,
        noise: -e,
        y_obs: extremal.w_start,
        x_bar: (extremal.w_start + e) / sigma,
        level: e**2 / 2,
        nearest: Map(t, extremal.w_start),
    }


EXTREMAL = Model(
    "scalar extremal instance with noise away from the signal",
    _noisy(extremal.VALUES, sigma_A),
    extremal.PARAMETERS | {sigma_A: (Rational(1, 2), Rational(5))} | NOISE,
    extremal.WITNESS | {Lambda: Rational(1, 5), e: Rational(1, 10)},
)
AT_THRESHOLD = Model(
    "the same at q = 1/2",
    _noisy(extremal.CRITICAL, sigma_A),
    extremal.CRITICAL_PARAMETERS | NOISE,
)
STALLING = Model(
    "the same beyond the threshold",
    _noisy(extremal.STALLING, sigma_A),
    extremal.STALLING_PARAMETERS | NOISE,
)


# The general stopping time forgets some of what the curvature of the envelope gains: little, where
# Λ is small.
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


MUTANTS = (
    Mutant(
        "published time with the initial loss outside the bracket",
        {
            "published": forall(
                t, And(STARTED, q < QUARTER, t >= 4 * Psi(level) / decay - Psi(L(y(0)))), near
            )
        },
    ),
    Mutant(
        "general time with the gain at the start",
        {"sharp": forall(t, And(STARTED, left > 0, t >= to_go / (a + b * w_0)), near)},
    ),
    Mutant(
        "levels that the envelope does not reach",
        {"sharp": forall(t, And(STARTED, Ne(left, 0), t >= general_time), near)},
    ),
    Mutant(
        "squared-loss time 1% earlier",
        {"squared": forall(t, And(*RUNNING.args[:-1], t >= LESS * squared_time), near)},
    ),
    Mutant(
        "squared-loss time at the threshold 1% earlier",
        {"squared_critical": forall(t, And(*CRITICAL.args[:-1], t >= LESS * critical_time), near)},
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
        *SETTING,
        Quantity(Psi, "primitive of −(ψ')²"),
        Quantity(level, "loss level at which the misfit is e"),
        *DATA,
        Quantity(nearest, "minimiser of the loss nearest to the output, at each time"),
    ),
    hypotheses=(
        *KL_FLOW,
        H_PSI_1_CONTINUOUS,
        H_START,
        H_PRIMITIVE,
        *SINGULAR_VALUES,
        H_LIP0,
        H_RADIUS,
        H_CONVEX,
        H_ARGMIN,
        H_DATA,
        H_NOISE,
        H_LEVEL,
        H_SQUARED,
    ),
    definitions=RATIO,
    conclusions={
        name: named[name]
        for name in (
            "residual",
            "published",
            "sharp",
            "published_squared",
            "squared",
            "squared_critical",
        )
    },
    steps=STEPS,
    bounds=(
        Bound(
            "stopping_time_published",
            published_squared,
            "published stopping time, squared loss",
            "lower",
            of=("published_squared",),
        ),
        Bound(
            "stopping_time_sharp",
            squared_time,
            "sharp stopping time, squared loss",
            "lower",
            of=("squared",),
        ),
        Bound(
            "stopping_time_critical",
            critical_time,
            "sharp stopping time, squared loss, at the threshold",
            "lower",
            of=("squared_critical",),
        ),
        Bound(
            "stopping_time_published_general",
            published_time,
            "published stopping time, any loss",
            "lower",
            of=("published",),
        ),
        Bound(
            "stopping_time_general",
            general_time,
            "sharp stopping time, any loss",
            "lower",
            of=("sharp",),
        ),
    ),
    witness_problem=GENERIC_PROBLEM,
    models=(EXTREMAL, SMALL_RATIO, AT_THRESHOLD, STALLING),
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
