"""The sharp theorem for the squared loss in closed form (THEORY section 3, flow_sharp (c), (e)).

For every conditioning ratio q the misfit stays below an explicit curve: exponential for q < 1/2,
w₀/(1 + bw₀t) at the threshold q = 1/2, and beyond it a curve that levels off at w₀(1 − 1/(2q)), so
that the flow removes at least σ_Aσ₀²/(2Λ) of the misfit where nothing says that it vanishes.
"""

from sympy import Max, Min, Rational, exp

from theory.formulas import forall
from theory.settings.flow import (
    GAIN,
    H_LIP0,
    H_PSI_1_CONTINUOUS,
    H_RADIUS,
    H_START,
    KL_FLOW,
    RATIO,
    SETTING,
    SINGULAR_VALUES,
    Lambda,
    a,
    b,
    sigma_0,
    sigma_A,
    t,
    w,
    w_0,
)
from theory.settings.squared import H_SQUARED
from theory.statement import Bound, Model, Mutant, Source, Statement
from theory.statements._flow_squared_steps import AT_ZERO, ENVELOPE, LEFT, STEPS
from theory.statements.envelope_squared import closed, critical, envelope, limit
from theory.witnesses import extremal
from theory.witnesses.generic import GENERIC_PROBLEM

FADING = Model("scalar extremal instance", extremal.VALUES, extremal.PARAMETERS, extremal.WITNESS)
CRITICAL = Model(
    "scalar extremal instance at the threshold",
    extremal.CRITICAL,
    extremal.CRITICAL_PARAMETERS,
    extremal.CRITICAL_WITNESS,
)
STALLING = Model(
    "scalar extremal instance beyond the threshold",
    extremal.STALLING,
    extremal.STALLING_PARAMETERS,
    extremal.STALLING_WITNESS,
    (t, extremal.LONG_TIMES),
)
MORE = Rational(101, 100)

CONCLUSIONS = {"envelope": ENVELOPE, "envelope_critical": AT_ZERO, "left": LEFT}
ALL = tuple(CONCLUSIONS)

STATEMENT = Statement(
    title="Gradient flow, squared loss: the envelope in closed form, at every conditioning ratio",
    source=Source("sharp", (), "3"),
    quantities=SETTING,
    hypotheses=(
        *KL_FLOW,
        H_PSI_1_CONTINUOUS,
        H_START,
        *SINGULAR_VALUES,
        H_LIP0,
        H_RADIUS,
        H_SQUARED,
    ),
    definitions=RATIO,
    conclusions=CONCLUSIONS,
    steps=STEPS,
    bounds=(
        Bound("envelope", closed, "misfit at time t", of=("envelope",)),
        Bound(
            "envelope_critical",
            critical,
            "misfit at time t, at the threshold",
            of=("envelope_critical",),
        ),
        Bound("left", Max(0, limit), "misfit that may be left in the end", of=ALL),
        Bound(
            "removed",
            Min(w_0, sigma_A * sigma_0**2 / (2 * Lambda)),
            "part of the misfit that is removed in the end",
            "lower",
            of=ALL,
        ),
    ),
    witness_problem=GENERIC_PROBLEM,
    models=(FADING, CRITICAL, STALLING),
    mutants=(
        Mutant("b enlarged by 1%", {"b": MORE * GAIN.value}, "envelope"),
        Mutant(
            "a enlarged by 1%",
            {"envelope": forall(t, ENVELOPE.given, w(t) <= envelope(MORE * a, b))},
        ),
        Mutant(
            "1% faster at the threshold",
            {"envelope_critical": forall(t, AT_ZERO.given, w(t) <= w_0 / (1 + MORE * b * w_0 * t))},
        ),
        Mutant(
            "1% less left",
            {
                "left": forall(
                    t, LEFT.given, w(t) <= limit / MORE + (w_0 - limit / MORE) * exp(a * t)
                )
            },
        ),
    ),
)
