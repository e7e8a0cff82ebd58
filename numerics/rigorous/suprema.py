"""Suprema over the whole line, sup|f| for a function in smooth pieces, by branch and bound.

The line is cut into bounded boxes and two half-lines, and |f| is bounded on each
(``numerics.rigorous.box_bounds``). Boxes whose bound is not above a value that f takes, up to the
tolerance, are settled; the others are halved. A supremum that is only a limit at infinity
is met from below by values of f and from above by the bound of a half-line.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm

import sympy as sp
from flint import arb, ctx

from numerics.rigorous import ranges
from numerics.rigorous.balls import rational_ball, rational_bounds
from numerics.rigorous.box_bounds import FIRST, Box, Side, SupremumUndecided
from numerics.rigorous.pieces import Piece
from numerics.rigorous.programs import Program
from numerics.rigorous.ranges import ZERO, Range
from numerics.rigorous.tails import scaled_tail
from theory.activations import X

_GUARD_BITS = 96
_MOST_WHOLE_DIGITS = 400
_FARTHEST = 2**4096
_MOST_LIVE = 200
_MOST_BOXES_PER_DIGIT, _MOST_BOXES = 40, 6000


class Unbounded(ValueError):
    """A function is proved to be unbounded; the message says where."""


def supremum(pieces: Sequence[Piece], digits: int) -> arb:
    """Return a ball of radius below 10^−digits that contains sup|f|, attained or not.

    Parameters
    ----------
    pieces : sequence of Piece
        f, smooth on each closed piece; where pieces disagree at a kink the larger value counts.
    digits : int
        How narrow the enclosure has to be.

    Raises
    ------
    Unbounded
        If f is proved to be unbounded.
    SupremumUndecided
        If the search does not separate the supremum within its limits.
    BallError
        If f has a part without enclosure.
    """
    with ctx.workprec(_GUARD_BITS):
        boxes = [box for piece in pieces for box in _cover(piece)]
        significant = digits + _whole_digits(boxes)
    with ctx.workprec(significant * 10 // 3 + _GUARD_BITS):
        tolerance = rational_ball(Fraction(1, 10**digits)) / 2
        return _search(boxes, tolerance, _MOST_BOXES + significant * _MOST_BOXES_PER_DIGIT)


def _whole_digits(boxes: Sequence[Box]) -> int:
    """Return about how many digits the largest value has before its point, at a few points."""
    points = [(box, point) for box in boxes for point in _probes(box)]
    sizes = [
        ranges.absolute(value) for box, point in points if (value := box.side.at(point)).defined
    ]
    largest = ranges.greatest([ZERO, *(size.lower for size in sizes)])
    return 0 if largest < 1 else min(len(str(int(rational_bounds(largest)[0]))), _MOST_WHOLE_DIGITS)


def _probes(box: Box) -> list[Fraction]:
    if box.high is None:
        return [box.low]
    return [box.low + (box.high - box.low) * Fraction(k, 16) for k in range(17)]


def _search(boxes: list[Box], tolerance: arb, limit: int) -> arb:
    best = settled = ZERO
    evaluated = 0
    while evaluated < limit:
        evaluated += len(boxes)
        bounded = []
        for box in boxes:
            bound, reached = box.side.bound(box)
            best = ranges.greatest([best, reached])
            bounded.append(Box(box.side, box.low, box.high, bound))
        goal = ranges.rounded_up(best + tolerance)
        settled = ranges.greatest([settled, *(b.bound for b in bounded if b.bound <= goal)])
        open_boxes = [box for box in bounded if not box.bound <= goal]
        if not open_boxes:
            return best.union(ranges.greatest([best, settled]))
        _within_limits(open_boxes)
        boxes = [Box(b.side, low, high, b.bound) for b in open_boxes for low, high in b.halves]
    raise SupremumUndecided(f"{evaluated} intervals do not separate the supremum")


def _within_limits(boxes: Sequence[Box]) -> None:
    if len(boxes) > _MOST_LIVE:
        raise SupremumUndecided(f"more than {_MOST_LIVE} intervals remain open")
    if any(box.high is None and box.low > _FARTHEST for box in boxes):
        raise SupremumUndecided("its values far out are not separated from the supremum")


def _cover(piece: Piece) -> list[Box]:
    """Return boxes whose union is the piece, or one period of a periodic function.

    Each starts at 0, which is the piece's own end where it has one: there roots vanish exactly.
    """
    low, high = piece.low, piece.high
    if low is not None and high is not None:
        half = (high - low) / 2
        sides = Side(piece.expression, low), Side(piece.expression, high, mirrored=True)
        return [Box(side, Fraction(0), half) for side in sides]
    if low is not None:
        return _half_line(Side(piece.expression, low))
    if high is not None:
        return _half_line(Side(piece.expression, high, mirrored=True))
    period = _period(piece.expression)
    if period is not None:
        side = Side(piece.expression)
        return [Box(side, -period, Fraction(0)), Box(side, Fraction(0), period)]
    mirrored = Side(piece.expression, mirrored=True)
    return [*_half_line(Side(piece.expression)), *_half_line(mirrored)]


def _half_line(side: Side) -> list[Box]:
    """Return boxes for [0, ∞) in the side's own direction."""
    _refuse_unbounded(side, FIRST)
    return [Box(side, Fraction(0), FIRST), Box(side, FIRST, None)]


def _refuse_unbounded(side: Side, start: Fraction) -> None:
    for form in side.forms:
        for far in (start, start**2, start**4, start**16):
            order, factor = scaled_tail(form, far)
            if order.grows and factor.defined and (factor.lower > 0 or factor.upper < 0):
                raise Unbounded(f"as x → {'−∞' if side.mirrored else '∞'}")


def _period(expression: sp.Expr) -> Fraction | None:
    """Return a rational ≥ half a period if x occurs only in waves of one frequency, else None.

    The frequencies have to be rational multiples of one number: then 2π over their greatest common
    divisor is a period.
    """
    found = {wave: sp.diff(wave.args[0], X) for wave in expression.atoms(sp.sin, sp.cos)}
    waves = {w: slope for w, slope in found.items() if slope and X not in slope.free_symbols}
    rest, slopes = expression.xreplace({wave: sp.Dummy() for wave in waves}), list(waves.values())
    if X in rest.free_symbols or not waves:
        return None
    ratios = [sp.cancel(slope / slopes[0]) for slope in slopes]
    if not all(ratio.is_Rational for ratio in ratios):
        return None
    common = Fraction(gcd(*(int(r.p) for r in ratios)), lcm(*(int(r.q) for r in ratios)))
    frequency: Range = Program(abs(slopes[0]), ()).run([])
    if not frequency.defined or not frequency.lower > 0:
        return None
    return Fraction(22, 7) / (rational_bounds(frequency.lower)[0] * common)
