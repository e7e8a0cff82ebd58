"""Suprema over the whole line, sup|f| for a function in smooth pieces, by branch and bound.

The line is cut into bounded boxes and two half-lines. On each box |f| is bounded by interval
evaluation, by the mean-value form, by the endpoints where f' has a sign there, and on [T, ∞) by
its order of growth (``numerics.tails``). Boxes whose bound is not above a value that f takes, up
to the tolerance, are settled; the others are halved. A supremum that is only a limit at infinity
is met from below by values of f and from above by the bound of a half-line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import sympy as sp
from flint import arb, ctx

from numerics import ranges
from numerics.balls import rational_ball
from numerics.pieces import Piece
from numerics.programs import Program
from numerics.ranges import INFINITY, UNDEFINED, ZERO, Range
from numerics.tails import scaled_tail, tail_range
from theory.activations import X

_GUARD_BITS = 96
_FIRST = Fraction(4)
_FARTHEST = 2**4096
_MOST_LIVE = 600
_MOST_BOXES_PER_DIGIT, _MOST_BOXES = 40, 6000
_LARGEST_FORM = 150
_LARGEST_EXPONENT = 8


class SupremumUndecided(ValueError):
    """A supremum could not be enclosed as narrowly as asked; the message says why."""


class Unbounded(ValueError):
    """A function is proved to be unbounded; the message says where."""


@dataclass(frozen=True)
class _Box:
    """An interval of one piece, in the piece's own direction; ``high`` None means ∞."""

    side: _Side
    low: Fraction
    high: Fraction | None
    bound: arb = INFINITY

    def halves(self) -> tuple[tuple[Fraction, Fraction | None], ...]:
        middle = self.middle
        return (self.low, middle), (middle, self.high)

    @property
    def middle(self) -> Fraction:
        """A point inside: far out in the middle of the scale of powers of two."""
        if self.high is None:
            return self.low**2 if self.low >= _FIRST else _FIRST
        if self.low >= 1 and self.high > 4 * self.low:
            exponents = [int(end).bit_length() - 1 for end in (self.low, self.high)]
            between = Fraction(2) ** (sum(exponents) // 2)
            if self.low < between < self.high:
                return between
        return (self.low + self.high) / 2


class _Side:
    """A piece as it is evaluated: x, or −x for one that reaches to −∞, with its derivative."""

    def __init__(self, expression: sp.Expr, mirrored: bool = False) -> None:
        self.mirrored = mirrored
        expression = expression.subs(X, -X) if mirrored else expression
        self.forms = _forms(expression)
        self.values = [Program(form, (X,)) for form in self.forms]
        self.slopes = [Program(form, (X,)) for form in _forms(sp.diff(expression, X))]

    def at(self, point: Fraction) -> Range:
        """Return f at a point."""
        return _meet(program.run([_exactly(point, point)]) for program in self.values)

    def bound(self, box: _Box, parent: arb) -> tuple[arb, arb]:
        """Return an upper bound of |f| on a box, and a value |f| is certain to reach in it."""
        ends = [box.low] if box.high is None else [box.low, box.high]
        reached = [_size(self.at(end)) for end in ends]
        least = ranges.greatest([ZERO, *(r.lower for r in reached if r.defined)])
        candidates = [parent, _top(self._range(box))]
        if box.high is not None:
            candidates += self._by_slope(box, box.high, reached)
        return ranges.least(candidates), least

    def _range(self, box: _Box) -> Range:
        # A narrow box has the bound of the wide one it was cut from; its tail would add nothing.
        wide = box.high is None or box.high >= 2 * box.low
        far = [tail_range(form, box.low) for form in self.forms] if wide and box.low >= 1 else []
        if box.high is None:
            return _size(_meet(far))
        x = _exactly(box.low, box.high)
        return _size(_meet([*far, *(program.run([x]) for program in self.values)]))

    def _by_slope(self, box: _Box, high: Fraction, reached: Sequence[Range]) -> list[arb]:
        """Bound |f| by its ends if f is monotone, and by the mean-value form."""
        slope = _meet(program.run([_exactly(box.low, high)]) for program in self.slopes)
        if not slope.defined:
            return []
        if slope.lower >= 0 or slope.upper <= 0:
            return [ranges.greatest([_top(value) for value in reached])]
        middle = (box.low + high) / 2
        offset = _exactly(box.low - middle, high - middle)
        centre = self.at(middle)
        if not centre.defined:
            return []
        return [_top(_size(ranges.add(centre, ranges.multiply(slope, offset))))]


def _forms(expression: sp.Expr) -> tuple[sp.Expr, ...]:
    """Return the expression, and where it is rational in x and eˣ also in lowest terms."""
    grown = sp.Dummy("e", positive=True)
    reduced = expression.rewrite(sp.exp).replace(
        lambda node: isinstance(node, sp.exp) and (node.args[0] / X).is_Integer,
        lambda node: grown ** (node.args[0] / X),
    )
    if not reduced.is_rational_function(X, grown) or grown not in reduced.free_symbols:
        return (expression,)
    powers = (abs(power.exp) for power in reduced.atoms(sp.Pow))
    if sp.count_ops(reduced) > _LARGEST_FORM or max(powers, default=0) > _LARGEST_EXPONENT:
        return (expression,)
    return expression, sp.cancel(sp.together(reduced)).xreplace({grown: sp.exp(X)})


def _exactly(low: Fraction, high: Fraction) -> Range:
    return Range(ranges.rounded_down(rational_ball(low)), ranges.rounded_up(rational_ball(high)))


def _meet(found: Iterable[Range]) -> Range:
    """Return the intersection of ranges of one value; those that show nothing are left out."""
    known = [r for r in found if r.defined]
    if not known:
        return UNDEFINED
    low, high = ranges.greatest([r.lower for r in known]), ranges.least([r.upper for r in known])
    if low > high:
        raise SupremumUndecided("two enclosures of one value do not meet")
    return Range(low, high)


def _size(value: Range) -> Range:
    return ranges.absolute(value) if value.defined else value


def _top(value: Range) -> arb:
    return value.upper if value.defined else INFINITY


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
    with ctx.workprec(digits * 10 // 3 + _GUARD_BITS):
        tolerance = rational_ball(Fraction(1, 10**digits)) / 2
        boxes = [box for piece in pieces for box in _cover(piece)]
        return _search(boxes, tolerance, _MOST_BOXES + digits * _MOST_BOXES_PER_DIGIT)


def _search(boxes: list[_Box], tolerance: arb, limit: int) -> arb:
    best = settled = ZERO
    evaluated = 0
    while evaluated < limit:
        evaluated += len(boxes)
        bounded = []
        for box in boxes:
            bound, reached = box.side.bound(box, box.bound)
            best = ranges.greatest([best, reached])
            bounded.append(_Box(box.side, box.low, box.high, bound))
        goal = ranges.rounded_up(best + tolerance)
        settled = ranges.greatest([settled, *(b.bound for b in bounded if b.bound <= goal)])
        open_boxes = [box for box in bounded if not box.bound <= goal]
        if not open_boxes:
            return best.union(ranges.greatest([best, settled]))
        _within_limits(open_boxes)
        boxes = [_Box(b.side, low, high, b.bound) for b in open_boxes for low, high in b.halves()]
    raise SupremumUndecided(f"{evaluated} intervals do not separate the supremum")


def _within_limits(boxes: Sequence[_Box]) -> None:
    if len(boxes) > _MOST_LIVE:
        raise SupremumUndecided(f"more than {_MOST_LIVE} intervals remain open")
    if any(box.high is None and box.low > _FARTHEST for box in boxes):
        raise SupremumUndecided("its values far out are not separated from the supremum")


def _cover(piece: Piece) -> list[_Box]:
    """Return boxes whose union is the piece, or one period of a periodic function."""
    if piece.low is None and piece.high is not None:
        return _half_line(_Side(piece.expression, mirrored=True), -piece.high)
    side = _Side(piece.expression)
    if piece.low is None:
        period = _period(piece.expression)
        if period is not None:
            return [_Box(side, -period, Fraction(0)), _Box(side, Fraction(0), period)]
        mirrored = _Side(piece.expression, mirrored=True)
        return [*_half_line(side, Fraction(0)), *_half_line(mirrored, Fraction(0))]
    if piece.high is None:
        return _half_line(side, piece.low)
    return [_Box(side, piece.low, piece.high)]


def _half_line(side: _Side, start: Fraction) -> list[_Box]:
    """Return boxes for [start, ∞) in the side's own direction."""
    far = max(_FIRST, Fraction(2) ** max(int(start), 1).bit_length())
    _refuse_unbounded(side, far)
    return [_Box(side, start, far), _Box(side, far, None)]


def _refuse_unbounded(side: _Side, start: Fraction) -> None:
    for form in side.forms:
        for far in (start, start**2, start**4, start**16):
            order, factor = scaled_tail(form, far)
            if order.grows and factor.defined and (factor.lower > 0 or factor.upper < 0):
                raise Unbounded(f"as x → {'−∞' if side.mirrored else '∞'}")


def _period(expression: sp.Expr) -> Fraction | None:
    """Return a rational ≥ half a period if x only occurs in waves of rational slope, else None."""
    slopes = {
        wave: sp.diff(wave.args[0], X)
        for wave in expression.atoms(sp.sin, sp.cos)
        if X in wave.free_symbols
    }
    known = {wave: slope for wave, slope in slopes.items() if slope.is_Rational}
    rest = expression.xreplace({wave: sp.Dummy() for wave in known})
    if X in rest.free_symbols or not known:
        return None
    return Fraction(22, 7) * lcm(*(int(slope.q) for slope in known.values()))
