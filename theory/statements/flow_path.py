"""How a gradient flow travels and fades where its gradient is seen well enough (THEORY section 3).

The path argument that ``flow_sharp`` and ``flow_sharp_aj`` share. Of operator and network it needs
one thing: within ρ of θ₀ the pulled-back gradient is at least σ_A(σ₀ − Λ‖θ − θ₀‖)‖∇L‖, for three
numbers σ_A, σ₀ and Λ.
"""

from typing import Any

from sympy import Expr, Piecewise, Rational, diff, exp
from sympy import Lambda as Map

from theory import extremal
from theory.setting import (
    DESINGULARIZER,
    FLOW_OBJECTS,
    GAIN,
    GF,
    GF_START,
    H_KL,
    H_MIN,
    H_PRIMITIVE,
    H_PSI_1_CONTINUOUS,
    H_RADIUS,
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
    Lambda,
    Q,
    a,
    b,
    psi,
    q,
    rho_star,
    sigma_0,
    t,
    theta,
    w_0,
)
from theory.statement import (
    Bound,
    Definition,
    Model,
    Source,
    Statement,
)
from theory.statements._flow_path_claims import CONCLUSIONS, PATH_MUTANTS, PATH_OBJECTS
from theory.statements._flow_path_decay import H_ENVELOPE, H_ENVELOPE_START, STEPS
from theory.statements._flow_path_travel import H_LOWER, U_1, U, W, level, s, theta_inf
from theory.steps import claims_of

HALF = Rational(1, 2)
claims = claims_of(STEPS) | CONCLUSIONS


def _with_envelope(values: dict[Any, Any], level: Expr, limit: Expr) -> dict[Any, Any]:
    """Complete an instance by the path's length and limit and the envelope's loss level."""
    return {
        **values,
        theta_inf: limit,
        s: values[theta],  # the path never turns back
        U: Map(t, level**2 / 2),
        U_1: Map(t, diff(level**2 / 2, t)),
    }


_fading, _rising = exp(-a * t), exp(a * t)
EXTREMAL = Model(
    "scalar extremal instance",
    _with_envelope(extremal.VALUES, w_0 * a * _fading / (a + b * w_0 * (1 - _fading)), rho_star),
    extremal.PARAMETERS,
    extremal.WITNESS,
    (t, extremal.LONG_TIMES),
)
STALLING = Model(
    "scalar extremal instance beyond the threshold",
    _with_envelope(
        extremal.STALLING, w_0 * a / (a * _rising + b * w_0 * (_rising - 1)), sigma_0 / Lambda
    ),
    extremal.STALLING_PARAMETERS,
)


STATEMENT = Statement(
    title="Gradient flow: travel and decay from a lower bound of the gradient",
    source=Source("sharp", (), "3"),
    quantities=(
        SIGMA_A,
        SIGMA_0,
        LAMBDA,
        RHO,
        R_0,
        *FLOW_OBJECTS,
        *PATH_OBJECTS,
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
        H_LOWER,
        H_RADIUS,
        H_ENVELOPE,
        H_ENVELOPE_START,
    ),
    definitions=(
        OUTPUT,
        W_0,
        MISFIT,
        Q,
        RATE,
        GAIN,
        Definition(W(t), psi(U(t)), "envelope"),
        RADIUS,
        Definition(
            level, Piecewise((rho_star, q < HALF), (sigma_0 / Lambda, True)), "first-exit level"
        ),
    ),
    conclusions=CONCLUSIONS,
    steps=STEPS,
    bounds=(
        Bound("q", q, "conditioning ratio", "value"),
        Bound("threshold", HALF, "largest q for which zero loss is guaranteed", "value"),
        Bound("travel_radius", rho_star, "length of the path"),
        Bound("rate", a, "rate a of the decay", "lower"),
        Bound("gain", b, "gain b of the envelope", "value"),
    ),
    models=(EXTREMAL, STALLING),
    mutants=PATH_MUTANTS,
    characterised={"s(0) = 0": claims["start"], "ds/dt = speed": claims["speed"]},
)
