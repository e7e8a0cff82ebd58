"""A gradient flow in coordinates that is explicit: m = 2, n = 4, four parameters.

g(θ)_i = c_iθ_i²/2 with c = (4/3, 1, 1, 3/4) is seen through A z = (3z₁ + 4z₂, 3z₃ + 4z₄), from
θ₀ = (1, 1, 4/3, 4/3), for the squared loss. The parameters keep their ratios, and u = θ₁² solves
u̇ = −8u(4u − y₁). Here σ_A = 5, σ₀ = 1, Λ = 4/3, w₀ = 5/8, and q = 1/6.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Expr, Rational, diff, exp, log, sqrt

from theory.instances import coordinates, dot, mapping
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

OPERATOR = ((3, 4, 0, 0), (0, 0, 3, 4))
OBSERVED = (Rational(29, 8), Rational(29, 6))
_curvature = (Rational(4, 3), 1, 1, Rational(3, 4))
_ratios = (1, 1, Rational(4, 3), Rational(4, 3))
_p, _v = coordinates("p", 4), coordinates("v", 2)
_residual = tuple(a - b for a, b in zip(_v, OBSERVED, strict=True))
_inverse = Rational(32, 29) - Rational(3, 29) * exp(-29 * t)
_square, _first = 1 / _inverse, 1 / sqrt(_inverse)
_slope = -4 * _first * (4 * _square - OBSERVED[0])

GENERATOR: Mapping[Any, Any] = {
    A: OPERATOR,
    sigma_A: 5,
    theta_0: _ratios,
    g: mapping(_p, tuple(c * p**2 / 2 for c, p in zip(_curvature, _p, strict=True))),
    J: mapping(_p, [[_curvature[i] * _p[i] * int(i == j) for j in range(4)] for i in range(4)]),
    sigma_0: 1,
    Lambda: Rational(4, 3),
    rho: 1,
    grad_L: mapping(_v, _residual),
}
"""The generator, the operator and the gradient of the loss."""

FLOW: Mapping[Any, Any] = {
    **GENERATOR,
    L: mapping(_v, dot(_residual, _residual) / 2),
    psi: mapping(x, sqrt(2 * x)),
    psi_1: mapping(x, 1 / sqrt(2 * x)),
    Psi: mapping(x, -log(x) / 2),
    r_0: 1,
    theta: mapping(t, tuple(ratio * _first for ratio in _ratios)),
    theta_dot: mapping(t, tuple(ratio * _slope for ratio in _ratios)),
    y: mapping(t, (4 * _square, 16 * _square / 3)),
}
"""The flow."""

LENGTH = mapping(t, 5 * sqrt(2) * (1 - _first) / 3)
"""Length of the path up to time t."""

LIMIT = tuple(ratio * sqrt(Rational(29, 32)) for ratio in _ratios)
"""Where the parameters tend to."""


def envelope(rate: Expr, gain: Expr) -> tuple[Any, Any]:
    """Return W²/2 and its derivative, for Ẇ = −(a + bW)W from w₀ = 5/8."""
    start, fading = Rational(5, 8), exp(-rate * t)
    level = (start * fading / (1 + gain * start / rate * (1 - fading))) ** 2 / 2
    return mapping(t, level), mapping(t, diff(level, t))
