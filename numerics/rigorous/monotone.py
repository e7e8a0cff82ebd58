"""Where a function of one unknown is proved to be monotone, and its root there.

The function is looked at on a grid. Where it changes sign its slope is followed both ways in ball
arithmetic, as far as the slope keeps its sign; the root is then enclosed by Newton's method on
intervals, which proves what it finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import sympy as sp
from flint import ctx

from numerics.errors import ProblemError
from numerics.rigorous import ranges
from numerics.rigorous.balls import rational_ball
from numerics.rigorous.programs import BallError
from numerics.rigorous.ranges import Range
from numerics.rigorous.rational_terms import FixedProgram, RationalTerms

_EDGE = 60
_WORK = 120
_BITS = 128


class NotInvertible(ProblemError):
    """A bound is not monotone in the symbol, or never takes the value asked for."""


@dataclass(frozen=True)
class Curve:
    """Bound minus target as a function of the unknown, with its slopes.

    Where the bound takes the greater of several terms there are several slopes: it is monotone if
    all have one sign, and its slope lies in their hull.
    """

    label: str
    unknown: sp.Symbol
    value: FixedProgram
    slopes: tuple[FixedProgram, ...]

    @classmethod
    def of(
        cls,
        label: str,
        term: sp.Expr,
        unknown: sp.Symbol,
        target: Fraction,
        values: Mapping[sp.Symbol, Fraction],
    ) -> Curve:
        """Build it from an unfolded term.

        Raises
        ------
        NotInvertible
            If the term or its slope has no enclosure.
        """
        terms, free = RationalTerms(values), (unknown,)
        offset = sp.Add(term, -sp.Rational(target.numerator, target.denominator), evaluate=False)
        try:
            slopes = [terms.program(sp.diff(b, unknown), free) for b in _branches(term, unknown)]
            return cls(label, unknown, terms.program(offset, free), tuple(slopes))
        except BallError as problem:
            raise NotInvertible(f"{label} cannot be solved for {unknown}: {problem}") from None

    def at(self, point: Fraction, precision: int = _BITS) -> Range:
        """Return bound minus target at a point."""
        with ctx.workprec(precision):
            return self.value.at(precision, ranges.enclose(rational_ball(point)))

    def sign(self, point: Fraction) -> int | None:
        """Return the certain sign at a point where the bound has a value; None if it is unclear."""
        return _sign(self.at(point))

    def slope(self, cell: Range, precision: int = _BITS) -> Range:
        """Return the range of the slope on a cell."""
        return ranges.hull(*(slope.at(precision, cell) for slope in self.slopes))

    def direction(self, low: Fraction, high: Fraction) -> int | None:
        """Return the sign of the slope between two points, None if it does not show at once."""
        cell = cell_between(low, high, _BITS)
        return _sign(self.slope(cell)) if self.value.at(_BITS, cell).defined else None


def cell_between(low: Fraction, high: Fraction, precision: int) -> Range:
    """Return the range between two rationals, rounded outward."""
    with ctx.workprec(precision):
        ends = [ranges.enclose(rational_ball(end)) for end in (low, high)]
        return ranges.hull(*ends)


def _sign(found: Range) -> int | None:
    return 1 if found.lower > 0 else -1 if found.upper < 0 else None


def _branches(term: sp.Expr, unknown: sp.Symbol) -> list[sp.Expr]:
    """Replace max, min and |·| of the unknown by each of the terms they may be equal to."""
    for node in sp.preorder_traversal(term):
        if isinstance(node, (sp.Max, sp.Min, sp.Abs)) and unknown in node.free_symbols:
            terms = (node.args[0], -node.args[0]) if isinstance(node, sp.Abs) else node.args
            return [b for t in terms for b in _branches(term.xreplace({node: t}), unknown)]
        if isinstance(node, (sp.Piecewise, sp.sign)) and unknown in node.free_symbols:
            raise BallError("it is defined by cases")
    return [term]


@dataclass(frozen=True)
class Branch:
    """Where the bound is proved to be monotone, with its direction, and a cell with the root."""

    low: Fraction
    high: Fraction
    direction: int
    cell: tuple[Fraction, Fraction]


def branch_of(curve: Curve, grid: Sequence[Fraction]) -> Branch:
    """Return the branch on which the bound crosses the target.

    Raises
    ------
    NotInvertible
        If there is none, or the bound is not monotone.
    """
    points = [p for p in grid if curve.at(p).defined]
    points = sorted({*points, *_towards_the_edges(curve, grid, points)})
    signs = [(p, sign) for p in points if (sign := curve.sign(p))]
    changes = [(a, b, sign) for (a, before), (b, sign) in pairwise(signs) if before != sign]
    if not changes:
        raise NotInvertible(_not_reached(curve, points))
    cell, direction = _crossing(curve, changes)
    above, below = (p for p in points if p >= cell[1]), (p for p in points[::-1] if p <= cell[0])
    return Branch(
        _followed(curve, cell[0], below, direction), _followed(curve, cell[1], above, direction),
        direction, cell,
    )  # fmt: skip


def _towards_the_edges(
    curve: Curve, grid: Sequence[Fraction], points: Sequence[Fraction]
) -> Iterator[Fraction]:
    """Yield points ever nearer to where the bound ceases to have a value."""
    defined = set(points)
    for left, right in pairwise(grid):
        if (left in defined) == (right in defined):
            continue
        inside, outside = (left, right) if left in defined else (right, left)
        for _ in range(_EDGE):
            middle = (inside + outside) / 2
            if curve.at(middle).defined:
                inside = middle
                yield middle
            else:
                outside = middle


def _crossing(
    curve: Curve, changes: Sequence[tuple[Fraction, Fraction, int]]
) -> tuple[tuple[Fraction, Fraction], int]:
    """Return the one cell in which the target is certainly crossed; at a pole it is not."""
    places = [c for c in changes if curve.value.at(_BITS, cell_between(c[0], c[1], _BITS)).defined]
    cells = {c[2]: cell for c in changes if (cell := _certain_cell(curve, *c))}
    if len(places) > 1 or len(cells) > 1:
        raise NotInvertible(_more_than_once(curve, places or changes))
    if not cells:
        raise NotInvertible(
            f"{curve.label} could not be proved to be monotone in {curve.unknown} between "
            f"{_near(changes[0][0])} and {_near(changes[-1][1])}, where it takes the value"
        )
    [(direction, cell)] = cells.items()
    return cell, direction


def _certain_cell(
    curve: Curve, low: Fraction, high: Fraction, direction: int
) -> tuple[Fraction, Fraction] | None:
    """Return a part of a cell with both signs on which the bound is monotone, if there is one."""
    up = _reach(curve, low, high, direction)
    if curve.sign(up) == direction:
        return low, up
    down = _reach(curve, high, low, direction)
    return (down, high) if curve.sign(down) == -direction else None


def _followed(
    curve: Curve, start: Fraction, points: Iterable[Fraction], direction: int
) -> Fraction:
    """Return how far the bound is proved to be monotone; refuse it if it certainly turns."""
    end = previous = start
    for point in points:
        if end == previous:
            end = _reach(curve, end, point, direction)
        if end != point and curve.direction(*sorted((previous, point))) == -direction:
            raise NotInvertible(_turns(curve, previous, point, direction))
        previous = point
    return end


def _reach(curve: Curve, start: Fraction, end: Fraction, direction: int) -> Fraction:
    """Return the furthest point towards the end up to which the slope's sign is proved."""
    position, step = start, end - start
    for _ in range(_WORK):
        if position == end:
            break
        step = step if abs(step) < abs(end - position) else end - position
        found = curve.direction(*sorted((position, position + step)))
        if found == -direction:
            break
        position, step = (position + step, 2 * step) if found else (position, step / 2)
    return position


def _turns(curve: Curve, start: Fraction, end: Fraction, direction: int) -> str:
    ways = ("increases", "decreases") if direction > 0 else ("decreases", "increases")
    low, high = sorted((start, end))
    return (
        f"{curve.label} is not monotone in {curve.unknown}: it {ways[0]} where it takes the value, "
        f"and {ways[1]} between {_near(low)} and {_near(high)}; {_where(curve)}"
    )


def _more_than_once(curve: Curve, crossings: Sequence[tuple[Fraction, Fraction, int]]) -> str:
    places = [f"between {_near(a)} and {_near(b)}" for a, b, _ in crossings[:3]]
    return (
        f"{curve.label} is not monotone in {curve.unknown}: it takes the value "
        f"{', '.join(places)}; {_where(curve)}"
    )


def _where(curve: Curve) -> str:
    return f"say where to look, as in {curve.unknown}=1..2"


def _not_reached(curve: Curve, points: Sequence[Fraction]) -> str:
    if not points:
        return f"{curve.label} has no value for any {curve.unknown} that was tried"
    low, high = _near(points[0]), _near(points[-1])
    return f"{curve.label} was not seen to take this value for {curve.unknown} from {low} to {high}"


def _near(point: Fraction) -> str:
    """Return a point as a few digits."""
    return f"{float(point):.4g}"


def newton(curve: Curve, cell: Range, direction: int, precision: int) -> Range:
    """Return what is left of a cell that holds the only root: x − f(x)/f'(cell), met with it.

    Where that is not half as wide, the cell is halved by the sign at its middle.
    """
    while True:
        width, middle = cell.upper - cell.lower, ((cell.lower + cell.upper) / 2).mid()
        value = curve.value.at(precision, ranges.enclose(middle))
        slope = curve.slope(cell, precision)
        if slope.bounded and _sign(slope):
            quotient = ranges.multiply(value, ranges.inverse(slope))
            cell = _meet(cell, ranges.add(ranges.enclose(middle), ranges.negate(quotient)))
        elif _sign(value):
            over = _sign(value) == direction
            cell = Range(cell.lower, middle) if over else Range(middle, cell.upper)
        if not 4 * (cell.upper - cell.lower) < 3 * width:
            return cell


def _meet(first: Range, second: Range) -> Range:
    """Return the common part of two ranges of one number."""
    return Range(
        ranges.greatest([first.lower, second.lower]), ranges.least([first.upper, second.upper])
    )
