"""The extremal instance of the flow theorems: one parameter, one output, one measurement.

A = σ_A, g(θ) = σ₀θ − Λθ²/2, θ₀ = 0, y = w₀ > 0, squared loss (THEORY section 3, flow_sharp (f)).
The flow is explicit: with q = Λw₀/(σ_Aσ₀²), rate a = σ_A²σ₀²(1−2q) and E = exp(−at), the misfit is
w₀E(1−2q)/(1−2qE) and the slope σ₀ − Λθ is σ₀√((1−2q)/(1−2qE)).
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Integer, Rational, Symbol, exp, log, sqrt
from sympy import Lambda as Map

from theory.formulas import substitute
from theory.settings.flow import (
    A,
    J,
    L,
    Lambda,
    Psi,
    g,
    grad_L,
    psi,
    psi_1,
    r_0,
    rho,
    sigma_0,
    sigma_A,
    t,
    theta,
    theta_0,
    theta_dot,
    x,
    y,
)

w_start = Symbol("w_start")
"""The parameter that plays w₀; the statement's own w₀ is *defined* as ψ(L(y(0)))."""

_q = Lambda * w_start / (sigma_A * sigma_0**2)
_rate = sigma_A**2 * sigma_0**2 * (1 - 2 * _q)


def _generated(parameter: Expr) -> Expr:
    return sigma_0 * parameter - Lambda * parameter**2 / 2


def _values(slope: Expr, misfit: Expr) -> dict[Any, Any]:
    """Return the instance whose slope σ₀ − Λθ and misfit are these functions of time."""
    path = (sigma_0 - slope) / Lambda
    return {
        sigma_A: sigma_A,
        sigma_0: sigma_0,
        Lambda: Lambda,
        A: sigma_A,
        theta_0: Integer(0),
        g: Map(x, _generated(x)),
        J: Map(x, sigma_0 - Lambda * x),
        L: Map(x, (x - w_start) ** 2 / 2),
        grad_L: Map(x, x - w_start),
        psi: Map(x, sqrt(2 * x)),
        psi_1: Map(x, 1 / sqrt(2 * x)),
        Psi: Map(x, -log(x) / 2),
        r_0: w_start**2,
        rho: sigma_0 / Lambda,
        theta: Map(t, path),
        theta_dot: Map(t, sigma_A * slope * misfit),
        y: Map(t, w_start - misfit),  # that this is A g(θ(t)) is for the engines to check
    }


_fading = exp(-_rate * t)
VALUES = _values(
    sigma_0 * sqrt((1 - 2 * _q) / (1 - 2 * _q * _fading)),
    w_start * _fading * (1 - 2 * _q) / (1 - 2 * _q * _fading),
)
"""For q < 1/2: the misfit vanishes."""

_rising = exp(_rate * t)  # the reciprocal; it fades where q > 1/2
STALLING = _values(
    sigma_0 * sqrt((2 * _q - 1) * _rising / (2 * _q - _rising)),
    w_start * (2 * _q - 1) / (2 * _q - _rising),
)
"""The same flow for q > 1/2, in terms of what fades there: the misfit stalls at w₀(1 − 1/(2q))."""

_at_threshold = {Lambda: sigma_A * sigma_0**2 / (2 * w_start)}
_growth = 1 + sigma_A**2 * sigma_0**2 * t
CRITICAL = {
    symbol: substitute(value, _at_threshold)
    for symbol, value in _values(sigma_0 / sqrt(_growth), w_start / _growth).items()
}
"""The same flow for q = 1/2: the misfit vanishes like 1/t, and θ tends to σ₀/Λ."""

# Sizes are free but for one: scaling σ₀, θ and w₀ changes no ratio, and short numbers read better.
PARAMETERS: dict[Symbol, tuple[Any, Any]] = {
    sigma_A: (Rational(1, 2), Integer(2)),
    sigma_0: (Integer(1), Integer(1)),
    Lambda: (Rational(1, 20), Rational(6, 25)),  # q stays below 1/2
    w_start: (Integer(1), Integer(1)),
}
WITNESS: dict[Symbol, Any] = {
    sigma_A: Integer(1),
    sigma_0: Integer(1),
    Lambda: Rational(2, 5),
    w_start: Integer(1),
}
STALLING_PARAMETERS = PARAMETERS | {
    sigma_A: (Integer(1), Integer(1)),
    Lambda: (Rational(101, 200), Rational(3, 4)),  # q stays above 1/2
}
STALLING_WITNESS = WITNESS | {Lambda: Rational(3, 5)}
CRITICAL_PARAMETERS = {k: r for k, r in PARAMETERS.items() if k != Lambda}
CRITICAL_WITNESS = {k: r for k, r in WITNESS.items() if k != Lambda}
LONG_TIMES = tuple(Integer(n) for n in (20, 40, 80, 160))
