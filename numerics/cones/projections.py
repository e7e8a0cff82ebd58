"""Projections onto cones, and the statistical dimension by simulation (THEORY section 5).

The statistical dimension is δ(T) = E‖Π_T(g)‖², g ~ N(0, I_n). Its estimate from N independent draws
comes with an interval whose error rate is proved, not asymptotic: the length of the projection of
(g_1, ..., g_N) onto T × ... × T is a 1-Lipschitz function F of a Gaussian vector, so that
|F − EF| < t except with probability 2e^{−t²/2} and EF² − 1 ≤ (EF)² ≤ EF² = Nδ(T).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from scipy.optimize import nnls

from numerics.cones.dimension import Values
from numerics.rigorous.rounding import Array
from theory.cones import alpha, d, n, s

Lengths: TypeAlias = Callable[[Array], Array]
"""From points, one in each row, to the squared lengths of their projections."""

_ENTRIES = 4_000_000
"""How many random numbers are drawn at a time."""


@dataclass(frozen=True)
class SampledDimension:
    """An estimate of a statistical dimension; an interval in probability, not an enclosure.

    Parameters
    ----------
    estimate : float
        The mean squared length of the projections.
    lower, upper : float
        δ lies between them except with the given probability.
    failure : float
        That probability.
    samples : int
        How many draws.
    """

    estimate: float
    lower: float
    upper: float
    failure: float
    samples: int


def sampled_dimension(
    lengths: Lengths, ambient: int, samples: int, seed: int = 0, failure: float = 1e-6
) -> SampledDimension:
    """Estimate the statistical dimension of a convex cone in R^ambient by simulation.

    Parameters
    ----------
    lengths : callable
        Squared lengths of projections onto the cone.
    ambient : int
        n.
    samples : int
        N, at least 1.
    seed : int
        Seed of the draws.
    failure : float
        Probability, over the draws, with which the interval may miss δ.
    """
    generator = np.random.default_rng(seed)
    total, left, rows = 0.0, samples, max(_ENTRIES // ambient, 1)
    while left > 0:
        block = generator.standard_normal((min(left, rows), ambient))
        total += float(lengths(block).sum())
        left -= len(block)
    deviation = math.sqrt(2 * math.log(2 / failure))
    length = math.sqrt(total)
    lower = max(length - deviation, 0.0) ** 2 / samples
    upper = ((length + deviation) ** 2 + 1) / samples
    return SampledDimension(total / samples, lower, min(upper, ambient), failure, samples)


def subspace_lengths(basis: Array) -> Lengths:
    """Return the projection onto the span of columns."""
    frame = np.linalg.qr(basis)[0]
    return lambda points: ((points @ frame) ** 2).sum(axis=1)


def orthant_lengths(points: Array) -> Array:
    """Return squared lengths of projections onto the non-negative orthant."""
    return np.asarray((np.maximum(points, 0.0) ** 2).sum(axis=1))


def circular_lengths(axis: Array, angle: float) -> Lengths:
    """Return the projection onto {z : ⟨z,e⟩ ≥ ‖z‖ cos α}, 0 ≤ α ≤ π/2, e along ``axis``."""
    e = axis / np.linalg.norm(axis)

    def lengths(points: Array) -> Array:
        along = points @ e
        across = np.sqrt(np.maximum((points**2).sum(axis=1) - along**2, 0.0))
        beyond = np.clip(np.arctan2(across, along) - angle, 0.0, np.pi / 2)
        return np.asarray((along**2 + across**2) * np.cos(beyond) ** 2)

    return lengths


def polyhedral_lengths(generators: Array) -> Lengths:
    """Return the projection onto {Gc : c ≥ 0}, by non-negative least squares."""
    return lambda points: np.array([p @ p - nnls(generators, p)[1] ** 2 for p in points])


def l1_descent_lengths(signs: Array) -> Lengths:
    """Return the projection onto the descent cone of ‖·‖₁ at a point with these signs."""

    def lengths(points: Array) -> Array:
        return np.asarray((onto_l1_descent(points, signs) ** 2).sum(axis=1))

    return lengths


def onto_l1_descent(points: Array, signs: Array) -> Array:
    """Project the rows onto the closed descent cone of ‖·‖₁ at a point with the given signs.

    What is taken away is the projection onto the polar cone {τv : τ ≥ 0, v a subgradient}: with
    the best τ, τ times the signs on the support and clipping to [−τ, τ] off it. The best τ is the
    largest of 0 and (Σ_S sign·g + the k largest |g| off S)/(|S| + k), k = 0, 1, ...
    """
    support = signs != 0
    off = np.abs(points[:, ~support])
    ranked = np.sort(off, axis=1)[:, ::-1].cumsum(axis=1)
    start = (points[:, support] * signs[support]).sum(axis=1)[:, None]
    tops = start + np.concatenate([np.zeros_like(start), ranked], axis=1)
    tau = np.maximum((tops / (support.sum() + np.arange(tops.shape[1]))).max(axis=1), 0.0)[:, None]
    kept = points - tau * signs
    kept[:, ~support] = points[:, ~support] - np.clip(points[:, ~support], -tau, tau)
    return np.asarray(kept)


def _first(count: int, ambient: int) -> Array:
    return (np.arange(ambient) < count).astype(np.float64)


def _leading_lengths(count: int) -> Lengths:
    """Return the projection onto the span of the first coordinates."""
    return lambda points: np.asarray((points[:, :count] ** 2).sum(axis=1))


_LENGTHS: Mapping[str, Callable[[Values], Lengths]] = {
    "subspace": lambda given: _leading_lengths(int(given[d])),
    "orthant": lambda given: orthant_lengths,
    "self-dual": lambda given: orthant_lengths,
    "halfspace": lambda given: circular_lengths(_first(1, int(given[n])), math.pi / 2),
    "ray": lambda given: circular_lengths(_first(1, int(given[n])), 0.0),
    "circular": lambda given: circular_lengths(_first(1, int(given[n])), float(given[alpha])),
    "l1": lambda given: l1_descent_lengths(_first(int(given[s]), int(given[n]))),
}


def lengths_of(name: str, values: Values) -> Lengths:
    """Return the projection onto a cone of ``theory.cones``, by its name and parameters.

    Of a family of cones with one dimension, such as the self-dual ones, it is one member.
    """
    return _LENGTHS[name](values)
