"""Covering a box by small boxes on each of which a ball evaluation decides: branch and bound."""

from __future__ import annotations

import heapq
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import sympy as sp
from flint import arb, ctx

from numerics.rigorous.programs import BallError, Program
from numerics.rigorous.ranges import INFINITY, Range, add, multiply, to_ball
from proofs_check.engines.ball_domain import Box, box_text

_PRECISION = 96
_THINNEST = arb(2) ** -40


@dataclass(frozen=True)
class Cover:
    """A finished cover: how many boxes decided the claim, and how many lay outside."""

    boxes: int
    outside: int


@dataclass(frozen=True)
class Open:
    """A box on which nothing could be decided."""

    text: str


def positive_on(f: Any, box: Box, deadline: float, boxes: int = 20000) -> Cover | None:
    """Prove f > 0 on the closure of a box, or return None."""
    found = cover(f, box, (), deadline, boxes, strict_domain=False)
    return found if isinstance(found, Cover) else None


def cover(
    f: Any,
    box: Box,
    region: Sequence[Any],
    deadline: float,
    boxes: int = 20000,
    strict_domain: bool = True,
    weak: bool = False,
) -> Cover | Open:
    """Prove f > 0 at every point of the box's closure that satisfies the region's relations.

    Parameters
    ----------
    region : sequence of Boolean
        Relations; a box on which one is certainly false is left out.
    strict_domain : bool
        Whether evaluations must also show that f is defined on each box.
    weak : bool
        Prove f ≥ 0 only.
    """
    try:
        search = _Search(f, box, region, strict_domain, weak)
    except BallError as error:
        return Open(str(error))
    with ctx.workprec(_PRECISION):
        return search.run(deadline, boxes)


Cell = tuple[tuple[arb, arb], ...]


class _Search:
    """Branch and bound in coordinates u ∈ [0,1] per axis, so that half-lines are boxes too."""

    def __init__(
        self, f: Any, box: Box, region: Sequence[Any], strict_domain: bool, weak: bool
    ) -> None:
        self._symbols = box.symbols
        self._partial = not strict_domain
        self._weak = weak
        self._value = Program(f, box.symbols)
        self._slopes = _slopes(f, box.symbols)
        usable = [r for r in region if r.free_symbols <= set(box.symbols)]
        self._region = [p for p in map(self._compiled, usable) if p is not None]
        self._ranges = list(box.ranges(_PRECISION).values())

    def _compiled(self, relation: Any) -> Program | None:
        try:
            return Program(relation, self._symbols)
        except BallError:
            return None

    def run(self, deadline: float, boxes: int) -> Cover | Open:
        whole: Cell = tuple((arb(0), arb(1)) for _ in self._symbols)
        order = count()
        queue = [(0.0, next(order), whole)]
        done = outside = 0
        while queue:
            depth, _, cell = heapq.heappop(queue)
            ranges = self._located(cell)
            if any(p.run(ranges) is False for p in self._region):
                outside += 1
                continue
            if self._decided(ranges):
                done += 1
                continue
            if done + outside + len(queue) > boxes or time.process_time() > deadline:
                return Open(f"undecided on the box {box_text(self._symbols, ranges)}")
            axis = max(range(len(cell)), key=lambda i: cell[i][1] - cell[i][0])
            if cell[axis][1] - cell[axis][0] < _THINNEST:
                return Open(f"undecided on the box {box_text(self._symbols, ranges)}")
            for half in _halves(cell, axis):
                heapq.heappush(queue, (depth - 1, next(order), half))
        return Cover(done, outside)

    def _located(self, cell: Cell) -> list[Range]:
        return [_stretched(r, u, v) for r, (u, v) in zip(self._ranges, cell, strict=True)]

    def _decided(self, ranges: list[Range]) -> bool:
        value = self._value.run(ranges, self._partial)
        if not value.defined:
            return False
        if self._enough(value):
            return True
        if self._slopes is None or not all(r.bounded for r in ranges):
            return False
        return self._enough(self._mean_value(ranges))

    def _enough(self, value: Range) -> bool:
        return value.defined and bool(value.lower >= 0 if self._weak else value.lower > 0)

    def _mean_value(self, ranges: list[Range]) -> Range:
        """Enclose f by f(c) + Σ ∂f(box)·(x − c), c the centre."""
        centre = [_centre(r) for r in ranges]
        total = self._value.run(centre, self._partial)
        assert self._slopes is not None
        for slope, r, c in zip(self._slopes, ranges, centre, strict=True):
            if not total.defined:
                return total
            gradient = slope.run(ranges, self._partial)
            if not gradient.defined:
                return gradient
            total = add(
                total,
                multiply(gradient, Range((r.lower - c.upper).lower(), (r.upper - c.lower).upper())),
            )
        return total


def _slopes(f: Any, symbols: Sequence[Any]) -> list[Program] | None:
    """Return the partial derivatives; None where f is not smooth by its form."""
    if f.has(sp.Abs, sp.Max, sp.Min, sp.Piecewise, sp.sign):
        return None
    try:
        return [Program(sp.diff(f, s), symbols) for s in symbols]
    except BallError:
        return None


def _centre(r: Range) -> Range:
    middle = to_ball(Range(r.lower, r.upper)).mid()
    return Range(middle, middle)


def _halves(cell: Cell, axis: int) -> list[Cell]:
    low, high = cell[axis]
    middle = (low + high) / 2
    return [(*cell[:axis], part, *cell[axis + 1 :]) for part in ((low, middle), (middle, high))]


def _stretched(r: Range, u: arb, v: arb) -> Range:
    """Map [u, v] ⊂ [0,1] onto part of a range: affinely, or by u/(1−u) towards infinity."""
    if r.bounded:
        width = r.upper - r.lower
        low = r.lower if u == 0 else (r.lower + u * width).lower()
        high = r.upper if v == 1 else (r.lower + v * width).upper()
        return Range(low, high)
    if r.lower.is_finite():
        return Range(_beyond(r.lower, u, 1), _beyond(r.lower, v, 1))
    if r.upper.is_finite():
        return Range(_beyond(r.upper, 1 - u, -1), _beyond(r.upper, 1 - v, -1))
    return Range(_both_ways(u), _both_ways(v))


def _beyond(end: arb, u: arb, direction: int) -> arb:
    return direction * INFINITY if u == 1 else (end + direction * u / (1 - u)).mid()


def _both_ways(u: arb) -> arb:
    if u == 0 or u == 1:
        return INFINITY if u == 1 else -INFINITY
    return ((2 * u - 1) / (u * (1 - u))).mid()
