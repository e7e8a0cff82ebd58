"""Networks drawn from a seed, reproducibly and without keeping what is not needed.

The stream of ``numpy.random.Generator(PCG64(seed))`` is read in this order: the d normals whose
direction is u; W row by row, iid N(0, 1); V row by row. Only h = Wu enters the theory and the
flow, so W is drawn in blocks of rows, multiplied by u, fingerprinted and forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from numerics.inputs.arrays import array_digest, digest_start, digest_update
from numerics.rigorous.rounding import EPS, Array

OUTPUT_WEIGHTS = ("rademacher", "uniform")
BLOCK_ENTRIES = 1_000_000


@dataclass(frozen=True)
class Drawn:
    """A network's initial values, drawn from a seed.

    Parameters
    ----------
    input : array, shape (d,)
        u, uniform on the unit sphere up to rounding.
    hidden, hidden_error : array, shape (k,)
        h = Wu and a bound of its rounding error.
    output_weights : array, shape (n, k)
        V.
    digests : dict
        sha256 of u, W and V.
    """

    input: Array
    hidden: Array
    hidden_error: Array
    output_weights: Array
    digests: dict[str, str]


def draw_network(
    seed: int, width: int, input_dimension: int, outputs: int, output_weights: str = "rademacher"
) -> Drawn:
    """Draw u, W and V; memory stays at one block of W and V itself."""
    stream = np.random.Generator(np.random.PCG64(seed))
    u = _sphere(stream, input_dimension)
    state = digest_start((width, input_dimension))
    hidden, error = np.empty(width), np.empty(width)
    for start, block in _blocks(stream, width, input_dimension):
        digest_update(state, block)
        rows = slice(start, start + len(block))
        hidden[rows], error[rows] = hidden_values(block, u)
    v = _output_layer(stream, outputs, width, output_weights)
    digests = {"u": array_digest(u), "W": str(state.hexdigest()), "V": array_digest(v)}
    return Drawn(u, hidden, error, v, digests)


def draw_input_weights(seed: int, width: int, input_dimension: int) -> tuple[Array, Array]:
    """Return u and the whole of W, as ``draw_network`` draws them."""
    stream = np.random.Generator(np.random.PCG64(seed))
    u = _sphere(stream, input_dimension)
    return u, stream.standard_normal((width, input_dimension))


def hidden_values(weights: Array, u: Array) -> tuple[Array, Array]:
    """Return h = Wu and a bound of its rounding error, |fl(Wu) − Wu| ≤ γ_d|W||u|."""
    terms = u.size
    error = np.abs(weights) @ np.abs(u) * ((terms + 4) * EPS) * (1 + (2 * terms + 8) * EPS)
    return weights @ u, error + 1e-290


def _sphere(stream: np.random.Generator, dimension: int) -> Array:
    direction = stream.standard_normal(dimension)
    return np.asarray(direction / np.linalg.norm(direction), dtype=np.float64)


def _blocks(stream: np.random.Generator, width: int, dimension: int) -> Any:
    rows = max(1, BLOCK_ENTRIES // dimension)
    for start in range(0, width, rows):
        yield start, stream.standard_normal((min(rows, width - start), dimension))


def _output_layer(stream: np.random.Generator, outputs: int, width: int, kind: str) -> Array:
    if kind == "rademacher":
        signs = stream.integers(0, 2, size=(outputs, width), dtype=np.int8)
        return 2.0 * signs.astype(np.float64) - 1.0
    if kind == "uniform":
        edge = float(np.sqrt(3))
        return np.asarray(stream.uniform(-edge, edge, size=(outputs, width)), dtype=np.float64)
    raise ValueError(f"output_weights {kind!r} is not one of {', '.join(OUTPUT_WEIGHTS)}")
