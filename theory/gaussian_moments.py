"""Gaussian expectations of built-in activations in closed form, X ~ N(0,1).

Each entry is derived below. Nothing is computed from them: an enclosure of the integral is found
first, and a closed form is shown beside it only if it lies inside.

- **Odd functions** have mean 0, and the sigmoid is 1/2 plus an odd function.
- **Waves**: sin² = (1 − cos 2x)/2, sin⁴ = (3 − 4cos 2x + cos 4x)/8 and E cos(aX) = e^{−a²/2}.
- **Bells**: E e^{−aX²} = (1 + 2a)^{−1/2}, and E X²e^{−aX²} = (1 + 2a)^{−3/2}.
- **Error function**: erf(X) = 2P(Z ≤ √2·X) − 1, so E erf² is an orthant probability of two normal
  variables with correlation 2/3: (2/π)·arcsin(2/3).
- **GELU**, Φ and f the normal law and density: Stein's E Xg(X) = E g'(X) gives E XΦ = E f,
  E X²Φ² = E Φ² + 2E XΦf and 2E XΦf = E f² = 1/(2π√3).
- **Algebraic functions**: F(s) = E 1/(s + X²) = √(π/(2s))·e^{s/2}·erfc(√(s/2)) satisfies
  F' = F·(1 − 1/s)/2 − 1/(2s), so E (1 + X²)^{−2} = −F'(1) = 1/2 and E (1 + X²)^{−3} = F''(1)/2
  = (1 + F(1))/4. For squareplus, odd terms in X drop out of φ² and φ⁴.
- **ELU**: E e^{cX}·1{X < 0} = e^{c²/2}·Φ(−c).
"""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Expr, Integer, Rational, asin, erfc, exp, pi, sqrt

_HALF = Rational(1, 2)
_ZERO, _ONE = Integer(0), Integer(1)


def _reciprocal(shift: int) -> Expr:
    """Return E 1/(s + X²)."""
    half = Rational(shift, 2)
    return sqrt(pi / (2 * shift)) * exp(half) * erfc(sqrt(half))


def _left_exponential(rate: int) -> Expr:
    """Return E e^{cX}·1{X < 0}."""
    return exp(Rational(rate**2, 2)) * erfc(rate / sqrt(2)) / 2


_E1, _E2, _E3, _E4 = (_left_exponential(rate) for rate in (1, 2, 3, 4))

CLOSED_FORMS: Mapping[str, Mapping[str, Expr]] = {
    "tanh": {"mean": _ZERO},
    "sigmoid": {"mean": _HALF},
    "arctan": {"C_dphi_squared": _HALF, "mean": _ZERO},
    "erf": {
        "C_phi_squared": 2 * asin(Rational(2, 3)) / pi,
        "C_dphi_squared": 4 / (pi * sqrt(5)),
        "mean": _ZERO,
    },
    "gelu": {
        "C_phi_squared": Rational(1, 3) + 1 / (2 * pi * sqrt(3)),
        "C_dphi_squared": Rational(1, 3) + 2 / (3 * pi * sqrt(3)),
        "mean": 1 / (2 * sqrt(pi)),
    },
    "elu": {
        "C_phi_squared": 1 + _E2 - 2 * _E1,
        "C_dphi_squared": _HALF + _E2,
        "M4": 2 + _E4 - 4 * _E3 + 6 * _E2 - 4 * _E1,
        "mean": _E1 - _HALF + 1 / sqrt(2 * pi),
    },
    "softsign": {"mean": _ZERO},
    "squareplus": {
        "C_phi_squared": Rational(3, 2),
        "C_dphi_squared": _HALF - _reciprocal(4),
        "M4": Rational(9, 2),
    },
    "isru": {
        "C_phi_squared": 1 - _reciprocal(1),
        "C_dphi_squared": (1 + _reciprocal(1)) / 4,
        "M4": Rational(3, 2) - 2 * _reciprocal(1),
        "mean": _ZERO,
    },
    "asinh": {"C_dphi_squared": _reciprocal(1), "mean": _ZERO},
    "sin": {
        "C_phi_squared": (1 - exp(-2)) / 2,
        "C_dphi_squared": (1 + exp(-2)) / 2,
        "M4": (3 - 4 * exp(-2) + exp(-8)) / 8,
        "mean": _ZERO,
    },
    "cos": {
        "C_phi_squared": (1 + exp(-2)) / 2,
        "C_dphi_squared": (1 - exp(-2)) / 2,
        "M4": (3 + 4 * exp(-2) + exp(-8)) / 8,
        "mean": exp(-_HALF),
    },
    "gaussian": {
        "C_phi_squared": 1 / sqrt(3),
        "C_dphi_squared": 1 / (3 * sqrt(3)),
        "M4": 1 / sqrt(5),
        "mean": 1 / sqrt(2),
    },
    "identity": {"C_phi_squared": _ONE, "C_dphi_squared": _ONE, "M4": Integer(3), "mean": _ZERO},
}
"""Activation name to constant name to closed form; where none is known there is no entry."""
