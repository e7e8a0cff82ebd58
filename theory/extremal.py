"""The extremal instance of the flow theorems: one parameter, one output, one measurement.

A = σ_A, g(θ) = σ₀θ − Λθ²/2, θ₀ = 0, y = w₀ > 0, squared loss (THEORY section 3, flow_sharp (f)).
The flow is explicit: with q = Λw₀/(σ_Aσ₀²), rate a = σ_A²σ₀²(1−2q) and E = exp(−at), the misfit is
w₀E(1−2q)/(1−2qE) and the slope σ₀ − Λθ is σ₀√((1−2q)/(1−2qE)).
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Integer, Rational, Symbol, exp, log, sqrt
from sympy import Lambda as Map

from theory.setting import (
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
_decay = exp(-(sigma_A**2) * sigma_0**2 * (1 - 2 * _q) * t)
slope: Expr = sigma_0 * sqrt((1 - 2 * _q) / (1 - 2 * _q * _decay))
misfit: Expr = w_start * _decay * (1 - 2 * _q) / (1 - 2 * _q * _decay)
path: Expr = (sigma_0 - slope) / Lambda


def _generated(parameter: Expr) -> Expr:
    return sigma_0 * parameter - Lambda * parameter**2 / 2


VALUES: dict[Any, Any] = {
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
    y: Map(t, sigma_A * _generated(path)),
}

# Sizes are free but for one: scaling σ₀, θ and w₀ changes no ratio, and short numbers read better.
PARAMETERS: dict[Symbol, tuple[Any, Any]] = {
    sigma_A: (Rational(1, 2), Integer(4)),
    sigma_0: (Integer(1), Integer(1)),
    Lambda: (Rational(1, 20), Integer(4)),
    w_start: (Integer(1), Integer(1)),
}
WITNESS: dict[Symbol, Any] = {
    sigma_A: Integer(2),
    sigma_0: Integer(1),
    Lambda: Rational(3, 5),
    w_start: Integer(1),
}
LONG_TIMES = tuple(Integer(n) for n in (5, 10, 20, 40))
