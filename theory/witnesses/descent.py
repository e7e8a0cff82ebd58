"""Gradient descent in coordinates that is explicit: m = 2, n = 3, three parameters.

g(θ) = (θ₁, θ₂, θ₃ − θ₃²/20) is seen through A z = (z₁ + z₂, z₃), from θ₀ = 0 and with step 1/4. The
first measurement is off by 1, and each step halves that; the second is met from the start.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Rational, log, sqrt

from theory.instances import coordinates, dot, mapping
from theory.settings.descent import L_f, gamma, n, s
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
    theta,
    theta_0,
    x,
    y,
)

_p, _v = coordinates("p", 3), coordinates("v", 2)
_residual = (_v[0] - 1, _v[1])
_left = Rational(1, 2) ** n

DESCENT: Mapping[Any, Any] = {
    A: ((1, 1, 0), (0, 0, 1)),
    sigma_A: 1,
    theta_0: (0, 0, 0),
    g: mapping(_p, (_p[0], _p[1], _p[2] - _p[2] ** 2 / 20)),
    J: mapping(_p, ((1, 0, 0), (0, 1, 0), (0, 0, 1 - _p[2] / 10))),
    sigma_0: 1,
    Lambda: Rational(1, 10),
    rho: Rational(3, 2),
    grad_L: mapping(_v, _residual),
    L: mapping(_v, dot(_residual, _residual) / 2),
    psi: mapping(x, sqrt(2 * x)),
    psi_1: mapping(x, 1 / sqrt(2 * x)),
    Psi: mapping(x, -log(x) / 2),
    r_0: 1,
    gamma: Rational(1, 4),
    L_f: 2,
    theta: mapping(n, ((1 - _left) / 2, (1 - _left) / 2, 0)),
    y: mapping(n, (1 - _left, 0)),
    s: mapping(n, (1 - _left) / sqrt(2)),
}
"""w₀ = 1 and q/β = 2/15."""
