"""Bounds of |f| on an interval or a half-line: the four arguments of the search for a supremum.

By the range of the expression; by its order of growth on [T, ∞) (``numerics.rigorous.tails``); by
its ends where f' has a sign, or else by the mean-value form; and, where f'' has a sign, by its
ends and by its only critical point, which an interval Newton iteration encloses to full precision
(Moore, Kearfott and Cloud 2009, chapter 8).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy as sp
from flint import arb

from numerics.rigorous import ranges
from numerics.rigorous.balls import rational_ball
from numerics.rigorous.forms import forms, simplest
from numerics.rigorous.programs import Program
from numerics.rigorous.ranges import INFINITY, UNDEFINED, ZERO, Range
from numerics.rigorous.tails import tail_range
from theory.activations import X

FIRST = Fraction(4)
_MOST_STEPS = 60


class SupremumUndecided(ValueError):
    """A supremum could not be enclosed as narrowly as asked; the message says why."""


@dataclass(frozen=True)
class Box:
    """An interval of one piece, in the piece's own direction; ``high`` None means ∞."""

    side: Side
    low: Fraction
    high: Fraction | None
    bound: arb = INFINITY

    @property
    def halves(self) -> tuple[tuple[Fraction, Fraction | None], ...]:
        """The two parts on both sides of the middle."""
        return (self.low, self.middle), (self.middle, self.high)

    @property
    def middle(self) -> Fraction:
        """A point inside: far out in the middle of the scale of powers of two."""
        if self.high is None:
            return self.low**2 if self.low >= FIRST else FIRST
        if self.low >= 1 and self.high > 4 * self.low:
            exponents = [int(end).bit_length() - 1 for end in (self.low, self.high)]
            between = Fraction(2) ** (sum(exponents) // 2)
            if self.low < between < self.high:
                return between
        return (self.low + self.high) / 2


class Side:
    """A piece as it is evaluated: in the distance from a point, to its right or to its left."""

    def __init__(
        self, expression: sp.Expr, origin: Fraction = Fraction(0), mirrored: bool = False
    ) -> None:
        self.mirrored = mirrored
        start = sp.Rational(origin.numerator, origin.denominator)
        expression = expression.subs(X, start - X if mirrored else start + X)
        slope = sp.diff(simplest(expression), X)
        self.forms = forms(expression)
        self.values = [Program(form, (X,)) for form in self.forms]
        self.slopes = [Program(form, (X,)) for form in forms(slope)]
        self.bends = [Program(form, (X,)) for form in forms(sp.diff(simplest(slope), X))]

    def bound(self, box: Box) -> tuple[arb, arb]:
        """Return an upper bound of |f| on a box, and a value |f| is certain to reach in it."""
        ends = [self.at(box.low)] if box.high is None else [self.at(box.low), self.at(box.high)]
        reached = [ranges.absolute(end) for end in ends if end.defined]
        bounds = [box.bound, _top(self._range(box))]
        if box.high is not None and len(reached) == 2:
            x = _exactly(box.low, box.high)
            bound, inside = self._by_slope(x, reached)
            bounds.append(bound)
            reached += inside
        return ranges.least(bounds), ranges.greatest([ZERO, *(r.lower for r in reached)])

    def at(self, point: Fraction) -> Range:
        """Return f at a point."""
        return run(self.values, _exactly(point, point))

    def _range(self, box: Box) -> Range:
        # A narrow box has the bound of the wide one it was cut from; its tail would add nothing.
        wide = box.high is None or box.high >= 2 * box.low
        far = [tail_range(form, box.low) for form in self.forms] if wide and box.low >= 1 else []
        if box.high is not None:
            far += [program.run([_exactly(box.low, box.high)]) for program in self.values]
        return _size(_meet(far))

    def _by_slope(self, x: Range, ends: Sequence[Range]) -> tuple[arb, list[Range]]:
        """Bound |f| on [a, b], given |f| at a and b; also return values that |f| reaches."""
        slope = run(self.slopes, x)
        if not slope.defined:
            return INFINITY, []
        highest = ranges.greatest([end.upper for end in ends])
        if slope.lower >= 0 or slope.upper <= 0:
            return highest, []
        critical = self._critical(x)
        if critical is None:
            return highest, []
        inner = slope if critical is x else run(self.slopes, critical)
        centre, value = self._mean_value(critical, inner)
        if critical is x:
            return _top(value), []
        return ranges.greatest([highest, _top(value)]), [centre] if centre.defined else []

    def _mean_value(self, x: Range, slope: Range) -> tuple[Range, Range]:
        """Return |f| at the middle, and the range of |f| by its middle and the slope."""
        middle = _middle(x)
        centre = run(self.values, middle)
        if not (centre.defined and slope.defined):
            return centre, UNDEFINED
        offset = ranges.add(x, ranges.negate(middle))
        around = ranges.add(centre, ranges.multiply(slope, offset))
        return ranges.absolute(centre), ranges.absolute(around)

    def _critical(self, x: Range) -> Range | None:
        """Enclose the zeros of f' in an interval: none, one, or the interval itself if unknown."""
        bend = run(self.bends, x)
        if not bend.defined or (bend.lower <= 0 and bend.upper >= 0):
            return x
        inside = x
        for _ in range(_MOST_STEPS):
            middle = _middle(inside)
            slope = run(self.slopes, middle)
            if not slope.defined:
                return inside
            step = ranges.multiply(slope, ranges.inverse(bend))
            newton = ranges.add(middle, ranges.negate(step))
            low = ranges.greatest([inside.lower, newton.lower])
            high = ranges.least([inside.upper, newton.upper])
            if low > high:
                return None
            narrower = Range(low, high)
            if not _width(narrower) < _width(inside) / 2:
                return narrower
            inside, bend = narrower, _meet([bend, run(self.bends, narrower)])
        return inside


def run(programs: Iterable[Program], x: Range) -> Range:
    """Return what several forms of one expression agree on."""
    return _meet(program.run([x]) for program in programs)


def _meet(found: Iterable[Range]) -> Range:
    """Return the intersection of ranges of one value; those that show nothing are left out."""
    known = [r for r in found if r.defined]
    if not known:
        return UNDEFINED
    low, high = ranges.greatest([r.lower for r in known]), ranges.least([r.upper for r in known])
    if low > high:
        raise SupremumUndecided("two enclosures of one value do not meet")
    return Range(low, high)


def _middle(x: Range) -> Range:
    """Return an exact point near the middle of an interval."""
    middle = ((x.lower + x.upper) / 2).mid()
    return Range(middle, middle)


def _width(x: Range) -> arb:
    return x.upper - x.lower


def _exactly(low: Fraction, high: Fraction) -> Range:
    return Range(ranges.rounded_down(rational_ball(low)), ranges.rounded_up(rational_ball(high)))


def _size(value: Range) -> Range:
    return ranges.absolute(value) if value.defined else value


def _top(value: Range) -> arb:
    return value.upper if value.defined else INFINITY
