"""Convex cones as data: which parameters they have, and their statistical dimension.

The statistical dimension of a closed convex cone T in Rⁿ is δ(T) = E‖Π_T(g)‖², g ~ N(0, I_n)
(THEORY section 5; Amelunxen, Lotz, McCoy and Tropp 2014). It counts how many Gaussian measurements
the cone costs. A new cone is one entry of ``CONES``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from sympy import (
    And,
    Expr,
    Function,
    Integer,
    Integral,
    Max,
    Min,
    Rational,
    Symbol,
    cos,
    erfc,
    exp,
    log,
    pi,
    sin,
    sqrt,
)
from sympy.logic.boolalg import Boolean

from theory.terms import function_of, real

n, d, s, alpha, tau, theta, delta, p, t = real("n d s alpha tau theta delta p t")


class ConeError(ValueError):
    """There is no such cone; the message names those there are."""


class Infimum(Function):
    """Infimum over [0, ∞) of a convex function of one variable, given as a Lambda."""

    nargs = 1


@dataclass(frozen=True)
class Parameter:
    """What a cone depends on.

    Parameters
    ----------
    name : str
        What a user calls it.
    symbol : Symbol
        What the formulas call it.
    integer : bool
        Whether it is a whole number.
    """

    name: str
    symbol: Symbol
    integer: bool = True


AMBIENT = Parameter("ambient", n)
DIMENSION = Parameter("dimension", d)
SPARSITY = Parameter("sparsity", s)
ANGLE = Parameter("angle", alpha, integer=False)


@dataclass(frozen=True)
class Cone:
    """A family of closed convex cones in Rⁿ.

    Parameters
    ----------
    name : str
        What a user calls it.
    meaning : str
        What it is, as a set.
    parameters : tuple of Parameter
        What it depends on; the ambient dimension is always among them.
    range : Boolean
        The parameters for which the formulas hold.
    requirement : str
        The same in words.
    upper : Expr
        The statistical dimension, or an upper bound of it.
    derivation : str
        Where the formulas come from.
    lower : Expr or None
        A lower bound of it; None if ``upper`` is the statistical dimension itself.
    keys : tuple of str
        Bibliography keys.
    """

    name: str
    meaning: str
    parameters: tuple[Parameter, ...]
    range: Boolean
    requirement: str
    upper: Expr
    derivation: str
    lower: Expr | None = None
    keys: tuple[str, ...] = ("amelunxen2014",)

    @property
    def exact(self) -> bool:
        """Whether the formula is the statistical dimension, and not only a bound of it."""
        return self.lower is None


_WEIGHT = sin(theta) ** (n - 2)
"""Density, up to a factor, of the angle between a uniform direction in Rⁿ and a fixed one."""

CIRCULAR_DIMENSION = (
    n
    * (
        Integral(_WEIGHT, (theta, 0, alpha))
        + Integral(cos(theta - alpha) ** 2 * _WEIGHT, (theta, alpha, alpha + pi / 2))
    )
    / Integral(_WEIGHT, (theta, 0, pi))
)

_SHRUNK = (1 + tau**2) * erfc(tau / sqrt(2)) - sqrt(2 / pi) * tau * exp(-(tau**2) / 2)
"""√(2/π) ∫_τ^∞ (u − τ)² e^{−u²/2} du = E(|g| − τ)₊² in closed form."""

L1_BOUND = Infimum(function_of(tau, s * (1 + tau**2) + (n - s) * _SHRUNK))

_ENTRIES = (
    Cone(
        "subspace", "a linear subspace of dimension d",
        (AMBIENT, DIMENSION), And(d >= 0, d <= n), "0 <= dimension <= ambient",
        d, "‖Π(g)‖² is a χ² variable with d degrees of freedom",
    ),
    Cone(
        "orthant", "the non-negative orthant {z : z ≥ 0}",
        (AMBIENT,), n >= 1, "ambient >= 1",
        n / 2, "Π(g) = max(g, 0), and E max(g, 0)² = 1/2 for each entry",
    ),
    Cone(
        "self-dual", "any cone with T° = −T: orthant, second-order cone, semidefinite matrices",
        (AMBIENT,), n >= 1, "ambient >= 1",
        n / 2, "δ(T) + δ(T°) = n, and −T has the same statistical dimension as T",
    ),
    Cone(
        "halfspace", "a half-space {z : ⟨z, e⟩ ≥ 0}",
        (AMBIENT,), n >= 1, "ambient >= 1",
        n - Rational(1, 2), "n − 1 free directions and half of one",
    ),
    Cone(
        "ray", "a half-line {c e : c ≥ 0}",
        (AMBIENT,), n >= 1, "ambient >= 1",
        Rational(1, 2), "E max(g, 0)² = 1/2",
    ),
    Cone(
        "circular", "the circular cone {z : ⟨z, e⟩ ≥ ‖z‖ cos α}",
        (AMBIENT, ANGLE), And(n >= 2, alpha >= 0, alpha <= pi / 2),
        "ambient >= 2 and 0 <= angle <= pi/2; a wider cone is not convex",
        CIRCULAR_DIMENSION,
        "polar coordinates: ‖Π(g)‖² = ‖g‖² up to the angle α from the axis, "
        "‖g‖² cos²(θ − α) up to α + π/2, and 0 beyond; E‖g‖² = n",
    ),
    Cone(
        "l1", "the descent cone of ‖·‖₁ at a point with s entries that are not 0",
        (AMBIENT, SPARSITY), And(s >= 1, s <= n), "1 <= sparsity <= ambient",
        Min(L1_BOUND, n - Rational(1, 2)),
        "upper: E dist²(g, τ∂‖·‖₁), least over τ ≥ 0, and a half-space contains the cone; lower: "
        "at most 2√(n/s) below (Amelunxen et al., Theorem 4.3), and a half-space of R^s lies in it",
        Max(L1_BOUND - 2 * sqrt(n / s), s - Rational(1, 2)),
    ),
)  # fmt: skip

CONES: Mapping[str, Cone] = {entry.name: entry for entry in _ENTRIES}

POLAR_DIMENSION = n - delta
"""δ(T°), by Moreau's decomposition ‖g‖² = ‖Π_T(g)‖² + ‖Π_T°(g)‖²."""

WIDTH_LOWER, WIDTH_UPPER = sqrt(Max(delta - 1, Integer(0))), sqrt(delta)
"""Bounds of the Gaussian width: w² ≤ δ ≤ w² + 1."""

DEVIATION = sqrt(2 * log(1 / p))
"""The t at which the failure probability e^{−t²/2} is p."""

COUNT = (sqrt(delta) + t) ** 2 + Rational(1, 2)
"""So many Gaussian measurements give λ_min(A;T) > 0 but for a probability e^{−t²/2} (gordon)."""

MEASUREMENTS = COUNT.xreplace({t: DEVIATION})
"""The same from the failure probability."""


def cone(name: str) -> Cone:
    """Return a cone by its name.

    Raises
    ------
    ConeError
        If there is none of this name.
    """
    if name in CONES:
        return CONES[name]
    close = get_close_matches(name, CONES, n=1)
    hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(CONES)}"
    raise ConeError(f"unknown cone {name[:40]!r}; {hint}")
