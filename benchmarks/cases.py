"""The problems: one gradient flow of the two-layer network, V fixed or both layers trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import log

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A random problem: tanh, V uniform with variance 1, ‖u‖ = 1, a signal of length 1, no noise.

    Parameters
    ----------
    n, m, d, k : int
        Outputs, measurements, inputs, neurons.
    condition : float
        κ(A).
    train : {"hidden", "both"}
        Which layers move.
    """

    n: int
    m: int
    d: int
    k: int
    condition: float = 10.0
    train: str = "hidden"

    @cached_property
    def arrays(self) -> Mapping[str, Array]:
        """Return A, y, u, W, V and h = Wu."""
        stream = np.random.default_rng(0)
        left = np.linalg.qr(stream.standard_normal((self.m, self.m)))[0]
        right = np.linalg.qr(stream.standard_normal((self.n, self.m)))[0]
        operator = left * np.geomspace(1, 1 / self.condition, self.m) @ right.T
        signal = stream.standard_normal(self.n)
        u = stream.standard_normal(self.d)
        u /= np.linalg.norm(u)
        w = stream.standard_normal((self.k, self.d))
        v = stream.uniform(-np.sqrt(3), np.sqrt(3), (self.n, self.k))
        y = operator @ (signal / np.linalg.norm(signal))
        return {"A": operator, "y": y, "u": u, "W": w, "V": v, "h": w @ u}

    @cached_property
    def kernel(self) -> Array:
        """Return the tangent kernel AJJᵀAᵀ at time 0."""
        at = self.arrays
        moved = at["A"] @ (at["V"] * (1 - np.tanh(at["h"]) ** 2))
        kernel = moved @ moved.T / self.k
        if self.train == "both":
            kernel = kernel + at["A"] @ at["A"].T * float(np.mean(np.tanh(at["h"]) ** 2))
        return np.asarray(kernel)

    @property
    def horizon(self) -> float:
        """When the slowest mode's loss has fallen by 10⁻⁶, to first order."""
        return float(log(1e6) / 2 / np.linalg.eigvalsh(self.kernel)[0])

    @property
    def fewest(self) -> float:
        """The evaluations that an explicit method of order 5 needs at least, by stability.

        Its steps of 6 evaluations are at most 3.3 over the fastest rate.
        """
        return float(6 * self.horizon * np.linalg.eigvalsh(self.kernel)[-1] / 3.3)

    @property
    def label(self) -> str:
        """(n, m, d, k) as text."""
        return f"({self.n}, {self.m}, {self.d}, {self.k})"


SIZES: Mapping[str, tuple[int, int, int, int]] = {
    "small": (6, 4, 50, 300),
    "1": (10, 5, 500, 1_000),
    "2": (10, 10, 500, 10_000),
    "3": (50, 25, 500, 10_000),
    "4": (100, 50, 500, 20_000),
}
"""Sizes by name; 1 to 4 are those of the published comparison."""
