"""The network of a certificate at its initialisation, measured again by exact products."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from flint import arb, arb_mat

from numerics.rigorous.definiteness import diagonal, eigenvalue, root
from numerics.rigorous.rounding import EPS, Array
from numerics.rigorous.split_products import split_product, two_product
from proofs_check.rechecking.formulas import compiled
from proofs_check.rechecking.operator import OperatorQuantities, rational
from theory.activations import X

BLOCK_ENTRIES = 2_000_000


@dataclass(frozen=True)
class _Split:
    """Numbers as pairs of floats, up to ``error``."""

    high: Array
    low: Array
    error: Array


def _split(values: list[arb]) -> _Split:
    high = [float(v.mid()) for v in values]
    rest = [v - arb(h) for v, h in zip(values, high, strict=True)]
    low = [float(r.mid()) for r in rest]
    error = [float(abs(r - arb(e)).upper()) for r, e in zip(rest, low, strict=True)]
    return _Split(np.array(high), np.array(low), np.array(error) * (1 + 4 * EPS) + 1e-290)


class NetworkQuantities(OperatorQuantities):
    """x(0), J(θ₀)J(θ₀)ᵀ and its smallest singular values, each enclosed when first asked for."""

    @property
    def both(self) -> bool:
        """Whether both layers are trained."""
        return self.about.network is not None and self.about.network["train"] == "both"

    @cached_property
    def width(self) -> int:
        """The number k of neurons."""
        assert self.about.weights is not None
        return int(self.about.weights.shape[1])

    @cached_property
    def hidden(self) -> list[arb]:
        """The hidden values h = Wu."""
        assert self.about.input is not None
        u = self.about.input.reshape(-1, 1)
        if not isinstance(self.about.hidden_source, int):
            return list(split_product(self.about.hidden_source, u).entries())
        stream = np.random.Generator(np.random.PCG64(self.about.hidden_source))
        stream.standard_normal(u.size)
        step = max(1, BLOCK_ENTRIES // u.size)
        found: list[arb] = []
        for start in range(0, self.width, step):
            rows = stream.standard_normal((min(step, self.width - start), u.size))
            found += split_product(rows, u).entries()
        return found

    def _at_hidden(self, expression: Any) -> list[arb]:
        function: Callable[[Any], arb] = compiled(expression)
        return [function({X: h}) for h in self.hidden]

    @cached_property
    def features(self) -> list[arb]:
        """φ(h)."""
        assert self.about.activation is not None
        return self._at_hidden(self.about.activation.expression)

    @cached_property
    def input_square(self) -> arb:
        """‖u‖²."""
        assert self.about.input is not None
        u = self.about.input.reshape(1, -1)
        return split_product(u, u.T)[0, 0]

    @cached_property
    def initial(self) -> arb_mat:
        """x(0) = k^{−1/2} V φ(h)."""
        split, weights = _split(self.features), self.about.weights
        assert weights is not None
        parts = split_product(weights, np.column_stack([split.high, split.low])).table()
        slack = (np.abs(weights) @ split.error) * (1 + (2 * self.width + 16) * EPS)
        scale = 1 / arb(self.width).sqrt()
        sums = [a + b + arb(0, float(e)) for (a, b), e in zip(parts, slack, strict=True)]
        return arb_mat([[scale * value] for value in sums])

    @cached_property
    def gram(self) -> arb_mat:
        """J(θ₀)J(θ₀)ᵀ."""
        assert self.about.activation is not None
        split = _split(self._at_hidden(self.about.activation.derivative))
        found = _weighted_gram(self.about.weights, split) * (self.input_square / self.width)
        if not self.both:
            return found
        outer = sum((v * v for v in self.features), arb(0)) / self.width
        return found + diagonal([outer] * found.nrows())

    @cached_property
    def sigma_0(self) -> arb | None:
        """σ_min(J(θ₀))."""
        if self.about.measured is not None:
            return rational(self.about.measured["sigma_0"])
        if not self.both and self.width < self.gram.nrows():
            return arb(0)
        found = root(eigenvalue(self.gram, self.gram.nrows()))
        return found if found > 0 or not self._deficient else arb(0)

    @cached_property
    def _deficient(self) -> bool:
        """Whether V, the only source of J's rank when it is fixed, certainly has rank below n."""
        weights = self.about.weights
        rank = None if self.both or weights is None else self._eliminated(weights)
        return rank is not None and rank < self.operator.ncols()

    @cached_property
    def output_gram(self) -> arb_mat:
        """A J Jᵀ Aᵀ."""
        return self.operator * self.gram * self.operator.transpose()

    @cached_property
    def sigma_AJ(self) -> arb | None:
        """√λ_r(A J Jᵀ Aᵀ), r the rank of A."""
        if self.about.network is None or self.rank is None:
            return None
        return root(eigenvalue(self.output_gram, self.rank))


def _weighted_gram(weights: Any, split: _Split) -> arb_mat:
    """Return V diag(s)² Vᵀ for s = high + low.

    With V diag(s) = P + E + F, E small and F smaller still and only bounded: PPᵀ + PEᵀ + EPᵀ, up
    to ‖E_i‖‖E_j‖ + (‖P_i‖ + ‖E_i‖ + ‖F_i‖)‖F_j‖ + ‖F_i‖(‖P_j‖ + ‖E_j‖) in entry (i, j).
    """
    main, rest = two_product(weights, split.high)
    small = rest + weights * split.low
    loss = np.abs(weights) * split.error + 8 * EPS * (np.abs(rest) + np.abs(weights * split.low))
    p, e, f = (_row_lengths(part) for part in (main, small, loss + 1e-280))
    slack = np.outer(e, e) + np.outer(p + e + f, f) + np.outer(f, p + e)
    cross = split_product(main, small.T)
    radii = arb_mat([[arb(0, float(v) * (1 + 1e-9)) for v in row] for row in slack])
    return split_product(main, main.T) + cross + cross.transpose() + radii


def _row_lengths(rows: Array) -> Array:
    """Return upper bounds of the rows' lengths."""
    slack = 1 + (rows.shape[1] + 16) * EPS
    return np.asarray(np.sqrt(np.sum(rows * rows, axis=1) * slack) * (1 + 4 * EPS) + 1e-290)
