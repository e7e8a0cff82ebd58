"""The instance on which the bounds for gradient descent are measured (THEORY section 9).

One parameter, g(θ) = σ₀θ, squared loss: the residual is w₀(1 − γσ_A²σ₀²)ⁿ. The Jacobian does not
change, so that every Λ ≥ 0 is a Lipschitz constant; the bounds are approached as Λ and γ tend to 0.
"""

from __future__ import annotations

from typing import Any

from sympy import Integer, Rational, Symbol, log, sqrt
from sympy import Lambda as Map

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

w_start = Symbol("w_start")
"""The parameter that plays w₀; the statement's own w₀ is *defined* as ψ(L(y(0)))."""

_factor = 1 - gamma * sigma_A**2 * sigma_0**2
_path = w_start * (1 - _factor**n) / (sigma_A * sigma_0)
VALUES: dict[Any, Any] = {
    sigma_A: sigma_A,
    sigma_0: sigma_0,
    Lambda: Lambda,
    A: sigma_A,
    theta_0: Integer(0),
    g: Map(x, sigma_0 * x),
    J: Map(x, sigma_0),
    L: Map(x, (x - w_start) ** 2 / 2),
    grad_L: Map(x, x - w_start),
    psi: Map(x, sqrt(2 * x)),
    psi_1: Map(x, 1 / sqrt(2 * x)),
    Psi: Map(x, -log(x) / 2),
    r_0: w_start**2,
    rho: 4 * w_start / (sigma_A * sigma_0),
    gamma: gamma,
    L_f: sigma_A**2 * sigma_0**2,
    theta: Map(n, _path),
    y: Map(n, w_start - w_start * _factor**n),  # that this is A g(θ(n)) is for engines to check
    s: Map(n, _path),  # the path never turns back
}
PARAMETERS: dict[Symbol, tuple[Any, Any]] = {
    sigma_A: (Integer(1), Integer(1)),
    sigma_0: (Integer(1), Integer(1)),
    w_start: (Integer(1), Integer(1)),
    Lambda: (Rational(1, 10**4), Rational(1, 10)),
    gamma: (Rational(1, 100), Rational(1, 2)),
}
WITNESS: dict[Symbol, Any] = {
    sigma_A: Rational(3, 2),
    sigma_0: Rational(2, 3),
    w_start: Integer(1),
    Lambda: Rational(1, 10),
    gamma: Rational(1, 2),
}
