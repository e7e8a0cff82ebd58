"""Random two-layer networks: pre-activations independent normal, outer weights independent signs.

The first coordinates of the sample point are the pre-activations, the others the entries of the
outer weights, row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Expr, Integer, Symbol, sqrt

from theory.instances import NORMAL, SIGN, Coordinate, by_index, coordinates, mapping

Values = dict[Any, Any]


def law(neurons: int, entries: int = 0, output: Coordinate = SIGN) -> tuple[Coordinate, ...]:
    """Return the laws of so many pre-activations, and of so many entries of outer weights."""
    return (NORMAL,) * neurons + (output,) * entries


def unit_vectors(size: int) -> tuple[tuple[int, ...], ...]:
    """Return the standard basis."""
    return tuple(tuple(int(i == j) for j in range(size)) for i in range(size))


def pre_activations(h: Any, point: Sequence[Symbol], neurons: int) -> Values:
    """Return that the first coordinates of the sample point are the pre-activations."""
    return {h: by_index(*(mapping(point, point[i]) for i in range(neurons)))}


def hidden_layer(
    symbols: tuple[Any, Any, Any], point: Sequence[Symbol], neurons: int, phi: Any
) -> Values:
    """Return h₀, the basis of the neurons and Φ, for an activation given as a function."""
    vector, basis, activated = symbols
    entries = coordinates("a", neurons)
    return {
        vector: mapping(point, tuple(point[:neurons])),
        basis: by_index(*unit_vectors(neurons)),
        activated: mapping(entries, tuple(phi(entry) for entry in entries)),
    }


def outer_weights(point: Sequence[Symbol], neurons: int, outputs: int) -> list[list[Symbol]]:
    """Return the rows of the outer weights, which follow the pre-activations."""
    rest = list(point[neurons:])
    return [rest[row * neurons : (row + 1) * neurons] for row in range(outputs)]


def output_layer(
    symbols: tuple[Any, Any, Any], point: Sequence[Symbol], neurons: int, outputs: int
) -> Values:
    """Return V₀, its entries in turn, and their coefficients in ⟨V₀a, b⟩."""
    matrix, entry, coefficient = symbols
    rows = outer_weights(point, neurons, outputs)
    a, b = coordinates("a", neurons), coordinates("b", outputs)
    return {
        matrix: mapping(point, rows),
        entry: by_index(*(mapping(point, place) for row in rows for place in row)),
        coefficient: by_index(*(mapping((*a, *b), p * q) for q in b for p in a)),
    }


def columns(V: Any, point: Sequence[Symbol], neurons: int, outputs: int) -> Values:
    """Return the columns of the outer weights, one for each neuron."""
    rows = outer_weights(point, neurons, outputs)
    return {V: by_index(*(mapping(point, tuple(column)) for column in zip(*rows, strict=True)))}


def hidden_jacobian(
    J: Any, point: Sequence[Symbol], slopes: Sequence[Expr], rows: Sequence[Sequence[Any]]
) -> Values:
    """Return J_W, whose columns are k^{−1/2}φ'(h_i)V_i."""
    root = sqrt(Integer(len(slopes)))
    return {J: mapping(point, [[s * v / root for s, v in zip(slopes, row, strict=True)]
                               for row in rows])}  # fmt: skip
