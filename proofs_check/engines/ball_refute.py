"""Counterexamples to analytic inequalities: exact rational points, found by descent."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice
from typing import Any

import sympy as sp
from flint import ctx

from numerics.balls import decide_at_point, rational_ball
from numerics.programs import BallError, Program
from numerics.ranges import enclose
from proofs_check.engines.ball_domain import Box
from proofs_check.engines.ball_points import inner_points, sign_changes

Point = tuple[Fraction, ...]


def counterexample(
    f: Any, claim: Any, box: Box, premises: Sequence[Any], deadline: float
) -> dict[Any, sp.Rational] | None:
    """Return a rational point where every premise certainly holds and the claim fails.

    Parameters
    ----------
    f : Expr
        What the claim says is not negative; the search goes downhill on it.
    """
    try:
        height = Program(f, box.symbols)
        for point in _candidates(f, height, box, deadline):
            if time.monotonic() > deadline:
                return None
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


def _candidates(f: Any, height: Program, box: Box, deadline: float) -> Iterator[Point]:
    corners = _corners(box)
    yield from corners
    starts = list(islice(inner_points(box), 48)) + corners
    if len(box.symbols) == 1:
        starts += _critical(f, box)
    ranked = sorted((h, p) for p in starts if (h := _height(height, p)) is not None)
    yield from (p for _, p in ranked)
    for _, start in ranked[:4]:
        yield from _descent(height, box, start, deadline)


def _critical(f: Any, box: Box) -> list[Point]:
    (symbol,) = box.symbols
    if f.has(sp.Abs, sp.Max, sp.Min, sp.Piecewise, sp.sign):
        return []
    cuts = islice(sign_changes(sp.diff(f, symbol), box), 12)
    return [(Fraction(int(end.p), int(end.q)),) for cut in cuts for end in cut]


def _corners(box: Box) -> list[Point]:
    points: list[Point] = [()]
    for low, high in zip(box.lower, box.upper, strict=True):
        ends = [
            Fraction(int(side.value.p), int(side.value.q))
            for side in dict.fromkeys((low, high))
            if side.closed and side.value.is_Rational
        ]
        ends = ends or [Fraction(0)]
        points = [(*p, e) for p in points for e in ends]
    return points


def _height(program: Program, point: Point) -> Fraction | None:
    with ctx.workprec(256):
        value = program.run([enclose(rational_ball(x)) for x in point])
        if not (value.defined and value.bounded):
            return None
        mantissa, exponent = value.upper.man_exp()
    m, e = int(mantissa), int(exponent)
    if abs(e) > 5000:
        return None
    return Fraction(m) * Fraction(2) ** e


def _descent(program: Program, box: Box, start: Point, deadline: float) -> Iterator[Point]:
    """Walk downhill along the axes with shrinking steps, yielding every improvement."""
    best = _height(program, start)
    steps = [_first_step(box, i) for i in range(len(start))]
    for _ in range(40):
        if best is None or time.monotonic() > deadline:
            return
        improved = False
        for axis in range(len(start)):
            for direction in (1, -1):
                moved = _moved(box, start, axis, direction * steps[axis])
                value = _height(program, moved) if moved else None
                if moved and value is not None and value < best:
                    start, best, improved = moved, value, True
        if improved:
            yield start
        else:
            steps = [s / 3 for s in steps]


def _first_step(box: Box, axis: int) -> Fraction:
    low, high = box.lower[axis], box.upper[axis]
    if low.value.is_Rational and high.value.is_Rational:
        return Fraction(int((high.value - low.value).p), int((high.value - low.value).q) * 64)
    return Fraction(1, 8)


def _moved(box: Box, point: Point, axis: int, step: Fraction) -> Point | None:
    x = (point[axis] + step).limit_denominator(10**12)
    low, high = box.lower[axis], box.upper[axis]
    inside = sp.And(
        sp.Ge(x, low.value) if low.closed else sp.Gt(x, low.value),
        sp.Le(x, high.value) if high.closed else sp.Lt(x, high.value),
    )
    return (*point[:axis], x, *point[axis + 1 :]) if inside is sp.true else None
