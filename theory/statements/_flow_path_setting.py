"""What ``flow_path``, ``flow_sharp`` and ``flow_sharp_aj`` share: setting, bounds, instances."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Rational, diff, exp
from sympy import Lambda as Map

from theory.settings.flow import (
    FLOW_OBJECTS,
    GAIN,
    H_PRIMITIVE,
    H_PSI_1_CONTINUOUS,
    H_RADIUS,
    H_START,
    KL_FLOW,
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
    Psi,
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
from theory.statement import Bound, Definition, Hypothesis, Model, Quantity
from theory.statements._flow_path_energy import U_1, U, W, s, theta_inf
from theory.statements._flow_path_envelope import H_ENVELOPE, H_ENVELOPE_START
from theory.witnesses import extremal

SIZES = (SIGMA_A, SIGMA_0, LAMBDA)
OBJECTS = (
    RHO,
    R_0,
    *FLOW_OBJECTS,
    Quantity(Psi, "primitive of −(ψ')²"),
    Quantity(U, "loss level of the envelope, W = ψ(U)"),
    Quantity(U_1, "derivative of U"),
    Quantity(s, "length of the path up to time t"),
    Quantity(theta_inf, "limit of the parameters"),
)

ENVELOPE = Definition(W(t), psi(U(t)), "envelope")
FORMULAS = (Q, RATE, GAIN)
DEFINITIONS = (OUTPUT, W_0, MISFIT, *FORMULAS, ENVELOPE, RADIUS)

BOUNDS = (
    Bound("q", q, "conditioning ratio", "value"),
    Bound("threshold", Rational(1, 2), "largest q for which zero loss is guaranteed", "value"),
    Bound("travel_radius", rho_star, "length of the path", of=("travel",)),
    Bound("rate", a, "rate a of the decay", "lower", of=("rate",)),
    Bound("gain", b, "gain b of the envelope", "value"),
)


def path_hypotheses(*seen: Hypothesis, radius: Hypothesis = H_RADIUS) -> tuple[Hypothesis, ...]:
    """Return the hypotheses on flow and loss, and those that say how the gradient is seen.

    Parameters
    ----------
    seen : Hypothesis
        What is assumed of operator and network.
    radius : Hypothesis
        On how large a ball they hold.
    """
    loss = (H_PSI_1_CONTINUOUS, H_START, H_PRIMITIVE)
    return (*KL_FLOW, *loss, *seen, radius, H_ENVELOPE, H_ENVELOPE_START)


def with_envelope(values: dict[Any, Any], level: Expr, limit: Expr) -> dict[Any, Any]:
    """Complete an instance by the path's length and limit and the envelope's loss level."""
    return {
        **values,
        theta_inf: limit,
        s: values[theta],  # the path never turns back
        U: Map(t, level**2 / 2),
        U_1: Map(t, diff(level**2 / 2, t)),
    }


_fading, _rising = exp(-a * t), exp(a * t)
FADING_LEVEL = w_0 * a * _fading / (a + b * w_0 * (1 - _fading))
EXTREMAL = Model(
    "scalar extremal instance",
    with_envelope(extremal.VALUES, FADING_LEVEL, rho_star),
    extremal.PARAMETERS,
    extremal.WITNESS,
    (t, extremal.LONG_TIMES),
)
CRITICAL = Model(
    "scalar extremal instance at the threshold",
    with_envelope(extremal.CRITICAL, w_0 / (1 + b * w_0 * t), rho_star),
    extremal.CRITICAL_PARAMETERS,
    extremal.CRITICAL_WITNESS,
)
STALLING = Model(
    "scalar extremal instance beyond the threshold",
    with_envelope(
        extremal.STALLING, w_0 * a / (a * _rising + b * w_0 * (_rising - 1)), sigma_0 / Lambda
    ),
    extremal.STALLING_PARAMETERS,
)
MODELS = (EXTREMAL, CRITICAL, STALLING)
