"""Matrix products of floats, exact up to about a hundred bits, at the speed of the usual libraries.

The factors are split into slices of so few bits that every product of two slices is a matrix of
integers that double precision sums without any rounding, in whatever order (Ozaki, Ogita, Oishi,
Rump 2012, *Error-free transformations of matrix multiplication*). What is cut off is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log2
from typing import Any

import numpy as np
from flint import arb, arb_mat

from numerics.rigorous.rounding import EPS, Array

BITS = 100
"""Bits kept of each entry, counted from the largest one in its row (or column)."""
_SPLITTER = 2.0**27 + 1
_TINY = 1e-290


@dataclass(frozen=True)
class Slices:
    """Rows as sums of integer matrices: row i is Σ_p 2^{exponents[i] − (p+1)·bits} parts[p][i].

    Parameters
    ----------
    exponents : array of int, shape (r,)
        Every entry of row i is at most 2^exponents[i] in absolute value.
    parts : list of arrays, shape (r, k)
        Integers of at most ``bits`` bits, the leading ones first.
    rest : bool
        Whether something is cut off, which is then at most one unit of the last part.
    """

    exponents: Any
    parts: list[Array]
    rest: bool


@dataclass(frozen=True)
class Pairs:
    """A matrix known to twice double precision: ``high + low``, up to ``error`` entrywise."""

    high: Array
    low: Array
    error: Array


@dataclass(frozen=True)
class _Product:
    """2^{rows[i] + columns[j]} Σ_d 2^{−(d+2)·bits} totals[d][i, j], up to ``units`` of 2^{−cut}."""

    rows: Any
    columns: Any
    totals: dict[int, Any]
    bits: int
    cut: int
    units: int


def sliced(rows: Array, bits: int, count: int) -> Slices:
    """Split rows of floats into at most ``count`` parts."""
    largest = np.abs(rows).max(axis=1, initial=0.0)
    exponents = np.frexp(largest)[1]
    scaled = np.ldexp(rows, -exponents[:, None])
    lost = bool((np.ldexp(scaled, exponents[:, None]) != rows).any())  # underflow
    parts: list[Array] = []
    while len(parts) < count and scaled.any():
        scaled = np.ldexp(scaled, bits)
        part = np.rint(scaled)
        scaled = scaled - part
        parts.append(part)
    return Slices(exponents, parts, lost or bool(scaled.any()))


def _multiplied(left: Array, right: Array) -> _Product:
    terms = left.shape[1]
    bits = (53 - ceil(log2(max(terms, 1)))) // 2
    count = ceil(BITS / bits)
    first, second = sliced(left, bits, count), sliced(np.ascontiguousarray(right.T), bits, count)
    totals: dict[int, Any] = {}
    dropped = first.rest or second.rest
    for p, a in enumerate(first.parts):
        for q, b in enumerate(second.parts):
            if p + q < count:
                totals[p + q] = totals.get(p + q, 0) + (a @ b.T).astype(np.int64)
            dropped = dropped or p + q >= count
    units = terms * 2 * (count + 2) if dropped else 0
    return _Product(first.exponents, second.exponents, totals, bits, count * bits, units)


def split_product(left: Array, right: Array) -> arb_mat:
    """Return an enclosure of left @ right, two float64 matrices taken as exact.

    Its radii are about 2^−100 times the inner dimension and the largest entries involved; they
    vanish where both factors are short.
    """
    found = _multiplied(left, right)
    depth = max(found.totals, default=0)
    whole = np.zeros((len(found.rows), len(found.columns)), dtype=object)
    for level, total in found.totals.items():
        whole = whole + total.astype(object) * (1 << (found.bits * (depth - level)))
    shift = -(depth + 2) * found.bits

    def entry(value: int, power: int) -> arb:
        return arb((value, power + shift), arb((found.units, power - found.cut)))

    lines = zip(whole.tolist(), found.rows.tolist(), strict=True)
    ends = found.columns.tolist()
    return arb_mat(
        [[entry(v, e + f) for v, f in zip(line, ends, strict=True)] for line, e in lines]
    )


def split_pairs(left: Array, right: Array) -> Pairs:
    """Return left @ right as pairs of floats: for results too large to be written in balls."""
    found = _multiplied(left, right)
    powers = found.rows[:, None] + found.columns
    high, low = np.zeros(powers.shape), np.zeros(powers.shape)
    size = np.zeros(powers.shape)
    for level in sorted(found.totals, reverse=True):
        total = found.totals[level]
        leading = total.astype(np.float64)
        rest = (total - leading.astype(np.int64)).astype(np.float64)
        for part in (rest, leading):
            scaled = np.ldexp(part, powers - (level + 2) * found.bits)
            high, error = two_sum(high, scaled)
            low = low + error
            size = np.maximum(size, np.abs(scaled))
    error = np.ldexp(float(found.units), powers - found.cut) + 64 * EPS**2 * size + _TINY
    high, low = two_sum(high, low)
    return Pairs(high, low, error)


def two_sum(left: Array, right: Array) -> tuple[Array, Array]:
    """Return (s, e) with left + right = s + e exactly, entry by entry (Knuth)."""
    total = left + right
    virtual = total - left
    return total, (left - (total - virtual)) + (right - virtual)


def two_product(left: Array, right: Array) -> tuple[Array, Array]:
    """Return (p, e) with left·right = p + e, entry by entry (Dekker 1971).

    Exact as long as the entries are far from overflow and underflow; below that, off by less than
    1e−290.
    """
    product = left * right
    (a, b), (c, d) = _halves(left), _halves(right)
    return product, ((a * c - product) + a * d + b * c) + b * d


def _halves(values: Array) -> tuple[Array, Array]:
    spread = values * _SPLITTER
    high = spread - (spread - values)
    return high, values - high


def largest_column_square(columns: Pairs) -> arb:
    """Return max_j Σ_i a_ij² of a matrix, an enclosure of relative radius about 1e−28."""
    total, carried = np.zeros(columns.high.shape[1]), np.zeros(columns.high.shape[1])
    slack = np.zeros(columns.high.shape[1])
    for high, low, error in zip(columns.high, columns.low, columns.error, strict=True):
        square, rest = two_product(high, high)
        total, lost = two_sum(total, square)
        carried = carried + (lost + (rest + 2 * high * low))
        slack += 2 * error * (np.abs(high) + error) + 4 * low**2 + _TINY
    total, carried = two_sum(total, carried)
    slack += (4 * len(columns.high) + 16) ** 2 * EPS**2 * total
    best = np.lexsort((carried, total))[-1]
    radius = float(slack.max()) * (1 + 1e-9)
    return arb(float(total[best]), radius) + arb(float(carried[best]))
