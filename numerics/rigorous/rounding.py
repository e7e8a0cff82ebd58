"""Verified floating point: arrays with error radii, and brackets, always rounded outward.

Matrix products run at the speed of the usual libraries; their rounding error is bounded by the
standard model, |fl(AB) − AB| ≤ γ_n|A||B| with γ_n = nu/(1 − nu), valid for any order of summation
(Higham 2002, section 3.5; Rump 2010, Acta Numerica, section 9). Radii are themselves inflated by
their own rounding error, and by a tiny constant that covers underflow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

EPS = float(np.finfo(np.float64).eps)
TINY = 1e-290
LARGEST = float(np.finfo(np.float64).max)
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Bracket:
    """A real number between two floats.

    Parameters
    ----------
    lower, upper : float
        The ends; ``upper`` may be infinite.
    rigorous : bool
        Whether the number is proved to lie between them. If not, the ends are estimates and
        nothing may be concluded from them.
    """

    lower: float
    upper: float
    rigorous: bool = True

    def __post_init__(self) -> None:
        if not self.lower <= self.upper:
            raise ValueError(f"a bracket needs lower <= upper, not [{self.lower}, {self.upper}]")

    @property
    def middle(self) -> float:
        """A float between the ends."""
        return self.lower + (self.upper - self.lower) / 2

    def enclosed(self) -> Enclosed:
        """Return the number as an enclosed scalar."""
        middle = self.middle
        radius = up(up(max(self.upper - middle, middle - self.lower)))
        return Enclosed(np.float64(middle) * np.ones(()), np.float64(radius) * np.ones(()))

    def times(self, factor: Bracket) -> Bracket:
        """Return the product, both numbers being non-negative.

        Raises
        ------
        ValueError
            If a bracket reaches below 0.
        """
        if self.lower < 0 or factor.lower < 0:
            raise ValueError("a product of brackets is only defined for non-negative numbers")
        high = self.upper * factor.upper
        upper = up(high) if high < math.inf else math.inf  # 0·∞ reads NaN
        lower = down(self.lower * factor.lower)
        return Bracket(min(lower, LARGEST), upper, self.rigorous and factor.rigorous)

    def root(self) -> Bracket:
        """Return the square root; a negative lower end is taken as 0."""
        lower = down(math.sqrt(max(self.lower, 0.0)))
        return Bracket(lower, up(math.sqrt(max(self.upper, 0.0))), self.rigorous)


def up(value: float) -> float:
    """Return the next float above, for a result rounded to nearest."""
    return float(np.nextafter(value, math.inf))


def down(value: float) -> float:
    """Return the next float below, but not below 0 for a value that is not negative."""
    below = float(np.nextafter(value, -math.inf))
    return max(below, 0.0) if value >= 0 else below


def estimate(value: float) -> Bracket:
    """Return a bracket that claims nothing."""
    return Bracket(value, value, rigorous=False)


def inflation(terms: int) -> float:
    """Return a factor above 1 + γ for a sum of ``terms`` non-negative products, evaluated."""
    return 1.0 + (2 * terms + 16) * EPS


@dataclass(frozen=True)
class Enclosed:
    """An array known up to a radius: every entry lies within ``rad`` of ``mid``."""

    mid: Array
    rad: Array

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the array."""
        return self.mid.shape

    @property
    def transposed(self) -> Enclosed:
        """The transposed array."""
        return Enclosed(self.mid.T, self.rad.T)

    def magnitude(self) -> Array:
        """Return an upper bound of the entries' absolute values."""
        return (np.abs(self.mid) + self.rad) * inflation(1)

    def mignitude(self) -> Array:
        """Return a lower bound of the entries' absolute values."""
        return np.maximum(np.abs(self.mid) - self.rad, 0.0) * (1.0 - 4 * EPS)


def exactly(array: Any) -> Enclosed:
    """Return an array of floats taken as exact data."""
    mid = np.asarray(array, dtype=np.float64)
    return Enclosed(mid, np.zeros_like(mid))


def product(left: Enclosed, right: Enclosed) -> Enclosed:
    """Return the matrix product, with the rounding error of the product in the radius."""
    terms = left.shape[-1]
    size = np.abs(right.mid)
    gamma = (terms + 4) * EPS
    rad = np.abs(left.mid) @ (gamma * size + right.rad)
    if left.rad.any():
        rad = rad + left.rad @ (size + right.rad)
    rad = rad * inflation(terms) + terms * TINY
    return Enclosed(left.mid @ right.mid, rad)


def gram(rows: Enclosed) -> Enclosed:
    """Return M Mᵀ, exactly symmetric."""
    return symmetrized(product(rows, rows.transposed))


def symmetrized(square: Enclosed) -> Enclosed:
    """Return the enclosure of a matrix that is known to be symmetric, itself symmetric.

    Averaging an entry with its mirror image, whose exact value is the same, loses nothing.
    """
    mid = (square.mid + square.mid.T) / 2
    return Enclosed(mid, np.maximum(square.rad, square.rad.T) * inflation(1) + EPS * np.abs(mid))


def add(left: Enclosed, right: Enclosed) -> Enclosed:
    """Return the sum."""
    mid = left.mid + right.mid
    return Enclosed(mid, (left.rad + right.rad + EPS * np.abs(mid)) * inflation(3) + TINY)


def subtract(left: Enclosed, right: Enclosed) -> Enclosed:
    """Return the difference."""
    return add(left, Enclosed(-right.mid, right.rad))


def multiply(left: Enclosed, right: Enclosed) -> Enclosed:
    """Return the entrywise product, with the usual broadcasting."""
    with np.errstate(invalid="ignore"):  # 0·∞ reads NaN, and bounds as little as ∞
        mid = left.mid * right.mid
        rad = np.abs(left.mid) * right.rad + left.rad * (np.abs(right.mid) + right.rad)
        rad = (rad + EPS * np.abs(mid)) * inflation(4) + TINY
    return Enclosed(mid, np.fmin(rad, np.inf))


def norm_above(array: Enclosed) -> float:
    """Return an upper bound of the Euclidean (Frobenius) norm."""
    entries = array.magnitude().ravel()
    total = float(np.dot(entries, entries)) * inflation(entries.size) + TINY
    return up(math.sqrt(total)) if total < math.inf else math.inf  # an overflow may read NaN


def norm_below(array: Enclosed) -> float:
    """Return a lower bound of the Euclidean (Frobenius) norm."""
    entries = array.mignitude().ravel()
    total = float(np.dot(entries, entries)) / inflation(entries.size) - TINY
    return down(math.sqrt(total)) if 0 < total < math.inf else 0.0


def norm(array: Enclosed) -> Bracket:
    """Return the Euclidean (Frobenius) norm as a bracket."""
    return Bracket(norm_below(array), norm_above(array))


def all_finite(*arrays: Enclosed) -> bool:
    """Whether every midpoint and radius is finite: otherwise an overflow voids the bounds."""
    return all(np.isfinite(a.mid).all() and np.isfinite(a.rad).all() for a in arrays)
