"""Counterexamples to analytic inequalities: exact rational points, found by descent."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice
from typing import Any

import sympy as sp
from flint import ctx

from numerics.rigorous.balls import decide_at_point, rational_ball
from numerics.rigorous.programs import BallError, Program
from numerics.rigorous.ranges import enclose
from proofs_check.engines.ball_domain import Box, Side
from proofs_check.engines.ball_points import inner_points, rational_at, sign_changes

Point = tuple[Fraction, ...]


def counterexample(
    f: Any, claim: Any, box: Box, premises: Sequence[Any], deadline: float
) -> dict[Any, sp.Rational] | None:
    """Return a rational point where every premise certainly holds and the claim fails.

    Parameters
    ----------
    f : Expr
        What the claim says is not negative; the search goes downhill on it.
    deadline : float
        ``time.process_time()`` value at which the search ends; once it is past, only corners and a
        few inner points are tried.
    """
    try:
        valley = _Valley(f, box, premises)
        for point in valley.candidates(deadline):
            values = {s: sp.Rational(x) for s, x in zip(box.symbols, point, strict=True)}
            if _refutes(claim, premises, values):
                return values
    except BallError:
        return None
    return None


def _refutes(claim: Any, premises: Sequence[Any], point: dict[Any, sp.Rational]) -> bool:
    if decide_at_point(claim, point, 512) is not False:
        return False
    return all(decide_at_point(p, point, 512) is True for p in premises)


class _Valley:
    """A function to make small on the points of a box that satisfy the premises."""

    def __init__(self, f: Any, box: Box, premises: Sequence[Any]) -> None:
        self._f, self._box = f, box
        self._height = Program(f, box.symbols)
        self._allowed = [Program(p, box.symbols) for p in premises]
        pairs = zip(box.lower, box.upper, strict=True)
        self._ends = [(_inner(low, 1), _inner(high, 0)) for low, high in pairs]

    def candidates(self, deadline: float) -> Iterator[Point]:
        """Yield points to try: corners, inner points by increasing height, points downhill."""
        corners = self._corners()
        yield from corners
        if time.process_time() > deadline:
            yield from islice(inner_points(self._box), 6)
            yield from self._critical(limit=3)
            return
        starts = list(islice(inner_points(self._box), 48)) + corners + self._critical()
        ranked = sorted((h, p) for p in starts if (h := self.height(p)) is not None)
        yield from (p for _, p in ranked[:8])
        for height, start in ranked[:4]:
            yield from self._descent(start, height, deadline)

    def height(self, point: Point) -> Fraction | None:
        """Return f at a point, None where f or a premise may fail."""
        with ctx.workprec(192):
            place = [enclose(rational_ball(x)) for x in point]
            if any(p.run(place) is False for p in self._allowed):
                return None
            value = self._height.run(place)
            if not (value.defined and value.bounded):
                return None
            mantissa, exponent = value.upper.man_exp()
        m, e = int(mantissa), int(exponent)
        return Fraction(m) * Fraction(2) ** e if abs(e) <= 5000 else None

    def _critical(self, limit: int = 12) -> list[Point]:
        if len(self._box.symbols) != 1 or self._f.has(*_KINKED):
            return []
        cuts = islice(sign_changes(sp.diff(self._f, self._box.symbols[0]), self._box), limit)
        return [(rational_at(end),) for cut in cuts for end in cut]

    def _corners(self) -> list[Point]:
        points: list[Point] = [()]
        for low, high in zip(self._box.lower, self._box.upper, strict=True):
            ends = [rational_at(s.value) for s in (low, high) if s.closed and s.value.is_Rational]
            points = [(*p, e) for p in points for e in ends or [Fraction(0)]]
        return points

    def _descent(self, start: Point, best: Fraction, deadline: float) -> Iterator[Point]:
        """Walk downhill along the axes with shrinking steps, yielding every improvement."""
        steps = [self._first_step(axis) for axis in range(len(start))]
        for _ in range(40):
            if time.process_time() > deadline:
                return
            lower = [
                (h, p) for p in self._around(start, steps) if (h := self.height(p)) is not None
            ]
            if lower and min(lower)[0] < best:
                best, start = min(lower)
                yield start
            else:
                steps = [s / 3 for s in steps]

    def _first_step(self, axis: int) -> Fraction:
        low, high = self._ends[axis]
        return Fraction(1, 8) if low is None or high is None else (high - low) / 16

    def _around(self, point: Point, steps: list[Fraction]) -> Iterator[Point]:
        for axis, (low, high) in enumerate(self._ends):
            for step in (steps[axis], -steps[axis]):
                x = (point[axis] + step).limit_denominator(10**12)
                if (low is None or x >= low) and (high is None or x <= high):
                    yield (*point[:axis], x, *point[axis + 1 :])


def _inner(side: Side, index: int) -> Fraction | None:
    return None if side.infinite else rational_at(side.value, index)


_KINKED = (sp.Abs, sp.Max, sp.Min, sp.Piecewise, sp.sign)
