"""The measured quantities of a certificate, computed again by another route than ``certify``'s.

There: floating-point decompositions with residual bounds. Here: products that are exact to a
hundred bits, and eigenvalues by definiteness tests in balls.
"""

from __future__ import annotations

from functools import cached_property, lru_cache

import numpy as np
from flint import arb

from numerics.activation_constants import ConstantUndecided, NotCovered, slope_bound
from numerics.rigorous.definiteness import balls, frobenius, root
from numerics.rigorous.split_products import Pairs, largest_column_square, split_pairs
from proofs_check.rechecking.formulas import compiled
from proofs_check.rechecking.network import BLOCK_ENTRIES, NetworkQuantities
from proofs_check.rechecking.operator import rational
from proofs_check.rechecking.suprema import confirmed
from theory.activations import Activation, derivative_of
from theory.losses import D, M, S

PRECISION = 256
DIGITS = 30


class Quantities(NetworkQuantities):
    """All that enters the theorems: the operator, the network, Λ, w₀ and ‖ε‖."""

    @cached_property
    def _bends(self) -> tuple[arb, arb] | None:
        """(B₂‖u‖², B₁‖u‖); None where they are not known."""
        chosen = self.about.activation
        if chosen is None:
            return None
        second = _slope_constant(chosen, "B2")
        first = _slope_constant(chosen, "B1") if self.both else arb(0)
        if second is None or first is None:
            return None
        return second * self.input_square, first * self.input_square.sqrt()

    def _slope(self, largest: arb, gain: arb) -> arb | None:
        """Return (c + √(c² + 4b²))/(2√k), c = B₂‖u‖²·largest, b = gain·B₁‖u‖ (0 for V fixed)."""
        if self._bends is None:
            return None
        c, b = self._bends[0] * largest, self._bends[1] * gain
        if not self.both:
            return c / arb(self.width).sqrt()
        return (c + (c * c + 4 * b * b).sqrt()) / (2 * arb(self.width).sqrt())

    @cached_property
    def _column(self) -> arb:
        """max_i ‖V_i‖."""
        weights = self.about.weights
        assert weights is not None
        zero = np.zeros_like(weights)
        return root(largest_column_square(Pairs(weights, zero, zero)))

    @cached_property
    def lipschitz(self) -> arb | None:
        """The one-point constant Λ of J."""
        if self.about.measured is not None:
            return rational(self.about.measured["lipschitz"])
        return self._slope(self._column, arb(1)) if self._bends else None

    @cached_property
    def lipschitz_pairs(self) -> arb | None:
        """The least Λ that is a two-point constant on B(θ₀, σ₀/(2Λ)).

        With both layers trained, x = Λ√k is the positive root of x² − cx − b² = 0 for
        c = B₂‖u‖²(max_i‖V_i‖ + σ₀√k/(2x)): a quadratic equation again.
        """
        if not self.both or self.about.measured is not None:
            return self.lipschitz
        if self._bends is None or self.sigma_0 is None:
            return None
        second, b = self._bends
        c, width = second * self._column, arb(self.width).sqrt()
        return (c + (c * c + 4 * b * b + 2 * second * self.sigma_0 * width).sqrt()) / (2 * width)

    @cached_property
    def lipschitz_AJ(self) -> arb | None:
        """The one-point constant of AJ."""
        weights, a = self.about.weights, self.about.operator
        if weights is None or self._bends is None:
            return None
        step = max(1, BLOCK_ENTRIES // max(a.shape))
        blocks = (weights[:, i : i + step] for i in range(0, self.width, step))
        squares = [largest_column_square(split_pairs(a, np.asarray(b))) for b in blocks]
        largest = squares[0]
        for square in squares[1:]:
            largest = arb.max(largest, square)
        return self._slope(root(largest), self.operator_norm)

    # ------------------------------------------------------------ the misfit and the noise

    @cached_property
    def misfit(self) -> arb | None:
        """w₀ = ψ(L(y(0)))."""
        if self.about.measured is not None:
            return rational(self.about.measured["misfit"])
        residual = self.operator * self.initial - balls(self.about.observation.reshape(-1, 1))
        loss, m = self.about.loss, residual.nrows()
        if loss.kind == "radial":
            return frobenius(residual)
        rho, entries = compiled(loss.rho), residual.entries()
        places = [{S: abs(entry)} for entry in entries]
        if loss.data:
            places = [{S: r, D: rational(y)} for r, y in zip(entries, loss.data, strict=True)]
        total = sum((rho(place) for place in places), arb(0))
        return compiled(loss.desingularizer.xreplace({M: m}))({S: total})

    @cached_property
    def noise(self) -> arb | None:
        """‖ε‖."""
        if self.about.signal is None:
            return None if self.about.noise is None else rational(self.about.noise)
        image = self.operator * balls(self.about.signal.reshape(-1, 1))
        return frobenius(image - balls(self.about.observation.reshape(-1, 1)))


@lru_cache(maxsize=64)
def _slope_constant(chosen: Activation, name: str) -> arb | None:
    """Return sup|φ'| (B1) or Lip(φ') (B2): the closed form, or a search not found wrong."""
    closed = chosen.B1 if name == "B1" else chosen.B2
    if closed is not None:
        return compiled(closed)({})
    try:
        found = slope_bound(chosen, name, DIGITS)
    except (ConstantUndecided, NotCovered):
        return None
    value = rational(found.lower).union(rational(found.upper))
    slope = chosen.derivative
    wrong = confirmed(slope if name == "B1" else derivative_of(slope), value) is False
    return None if wrong else value
