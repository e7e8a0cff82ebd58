"""The Poisson loss on arrays: Σ y_i h(v_i/y_i), h(t) = t − 1 − log t, in the residual r = v − y.

With σ = r/y a term is y(σ − log(1 + σ)), defined for r > −y, where v > 0; its slope is r/(y + r).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from flint import arb, ctx

from numerics.rigorous.balls import rational_ball
from numerics.rigorous.rounding import Array, Bracket, Enclosed, down, up

_SMALL = 0.05
_TERMS = range(2, 16)
_PRECISION = 256
_STEPS = 100


def gap(sigma: Array) -> Array:
    """Return σ − log(1 + σ), by its series where the difference would cancel; ∞ for σ ≤ −1."""
    small = np.where(np.abs(sigma) < _SMALL, sigma, 0.0)
    series = sum(small**k * ((-1) ** k / k) for k in _TERMS)
    inside = np.where(sigma > -1, sigma, 0.0)
    direct = np.where(sigma > -1, sigma - np.log1p(inside), np.inf)
    return np.where(np.abs(sigma) < _SMALL, series, direct)


class PoissonTerms:
    """The loss for an observation.

    Parameters
    ----------
    data : sequence of Fraction
        y > 0, exactly.
    """

    def __init__(self, data: Sequence[Fraction]) -> None:
        self.exact = tuple(data)
        self.data = np.array([float(y) for y in data])
        self.largest = float(max(data))

    def value(self, residual: Array) -> float:
        """Return L, ∞ where some v_i ≤ 0."""
        return float(np.sum(self.data * gap(residual / self.data)))

    def gradient(self, residual: Array) -> Array:
        """Return ∇L, shape (m,); −∞ where v_i ≤ 0."""
        v = self.data + residual
        return np.where(v > 0, residual / np.where(v > 0, v, 1.0), -np.inf)

    def hessian(self, residual: Array) -> Array:
        """Return ∇²L, shape (m, m)."""
        return np.diag(self.data / (self.data + residual) ** 2)

    def desingularize(self, level: float) -> float:
        """Return ψ(level): the w ≥ 0 with w − Y log(1 + w/Y) = level, by Newton from above."""
        share = level / self.largest
        sigma = share + float(np.sqrt(share**2 + 2 * share))
        for _ in range(_STEPS if np.isfinite(sigma) and sigma > 0 else 0):
            step = (float(gap(np.array(sigma))) - share) * (1 + sigma) / sigma
            sigma -= step
            if abs(step) <= 1e-15 * sigma:
                break
        return self.largest * sigma

    def bracket(self, residual: Enclosed) -> Bracket:
        """Return L as a bracket, from an enclosed residual; its upper end is ∞ if v may meet 0."""
        with ctx.workprec(_PRECISION):
            low = high = arb(0)
            for y, mid, rad in zip(self.exact, residual.mid, residual.rad, strict=True):
                ends = [_term(rational_ball(y), arb(float(mid)) + sign * arb(float(rad)))
                        for sign in (-1, 1)]  # fmt: skip
                crosses = abs(float(mid)) <= float(rad)
                low += arb(0) if crosses else ends[0].min(ends[1])
                high += ends[0].max(ends[1])
            if not high.is_finite():
                return Bracket(0.0, float("inf"))
            return Bracket(max(down(float(low.lower())), 0.0), up(float(high.upper())))


def _term(y: arb, residual: arb) -> arb:
    """Return a term of the loss; not finite unless v = y + r > 0 for certain."""
    sigma = residual / y
    return y * (sigma - sigma.log1p()) if sigma > -1 else arb.pos_inf()
