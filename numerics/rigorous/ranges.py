"""Ranges: enclosures of real sets by exact endpoints, rounded outward, infinite ones included.

Balls lose an endpoint's sign and cannot hold a half-line; monotone functions need neither loss.
Every operation takes ranges and returns one that contains all values on them, or ``UNDEFINED``
when a value may fail to exist. In a *partial* evaluation the points where a value does not exist
are left out instead, and definedness is the caller's obligation.
"""

from __future__ import annotations

from typing import NamedTuple

from flint import arb, fmpq


class Range(NamedTuple):
    """All reals between two exact endpoints, which may be infinite."""

    lower: arb
    upper: arb

    @property
    def defined(self) -> bool:
        """Whether the range encloses anything: false only for ``UNDEFINED``."""
        return not self.lower.is_nan()

    @property
    def bounded(self) -> bool:
        """Whether both endpoints are finite."""
        return bool(self.lower.is_finite() and self.upper.is_finite())


INFINITY = arb.pos_inf()
UNDEFINED = Range(arb.nan(), arb.nan())
REAL_LINE = Range(-INFINITY, INFINITY)
ZERO, ONE = arb(0), arb(1)


def enclose(ball: arb) -> Range:
    """Return the endpoints of a ball; NaN gives ``UNDEFINED``."""
    if ball.is_nan():
        return UNDEFINED
    if ball.is_exact():
        return Range(ball, ball)
    return Range(rounded_down(ball), rounded_up(ball))


def to_ball(value: Range) -> arb:
    """Return a ball that contains the range; an unbounded one gives a ball that is not finite."""
    if not value.defined:
        return value.lower
    return value.lower if value.lower == value.upper else value.lower.union(value.upper)


def hull(*values: Range) -> Range:
    """Return the least range that contains all the given ones."""
    if not all(v.defined for v in values):
        return UNDEFINED
    return Range(least([v.lower for v in values]), greatest([v.upper for v in values]))


def maximum(*values: Range) -> Range:
    """Return the range of the greatest of several numbers."""
    return Range(greatest([v.lower for v in values]), greatest([v.upper for v in values]))


def rounded_down(ball: arb) -> arb:
    """Return the exact lower end of a ball, −∞ when there is none."""
    low = ball.lower()
    return low if low.is_exact() and not low.is_nan() else -INFINITY


def rounded_up(ball: arb) -> arb:
    """Return the exact upper end of a ball, ∞ when there is none."""
    high = ball.upper()
    return high if high.is_exact() and not high.is_nan() else INFINITY


def least(ends: list[arb]) -> arb:
    """Return the least of exact numbers."""
    best = ends[0]
    for end in ends[1:]:
        if end < best:
            best = end
    return best


def greatest(ends: list[arb]) -> arb:
    """Return the greatest of exact numbers."""
    best = ends[0]
    for end in ends[1:]:
        if end > best:
            best = end
    return best


def add(a: Range, b: Range) -> Range:
    """Return the range of sums."""
    return Range(rounded_down(a.lower + b.lower), rounded_up(a.upper + b.upper))


def negate(a: Range) -> Range:
    """Return the range of −x."""
    return Range(-a.upper, -a.lower)


def multiply(a: Range, b: Range) -> Range:
    """Return the range of products; an infinite endpoint times zero is zero, as no point is ∞."""
    if a.lower >= 0 and b.lower >= 0:
        return Range(rounded_down(_times(a.lower, b.lower)), rounded_up(_times(a.upper, b.upper)))
    products = [_times(x, y) for x in a for y in b]
    return Range(
        least([rounded_down(p) for p in products]), greatest([rounded_up(p) for p in products])
    )


def _times(x: arb, y: arb) -> arb:
    return ZERO if x == 0 or y == 0 else x * y


def inverse(a: Range, partial: bool = False) -> Range:
    """Return the range of 1/x."""
    if a.lower > 0 or a.upper < 0:
        return Range(rounded_down(1 / a.upper), rounded_up(1 / a.lower))
    if not partial or (a.lower == 0 and a.upper == 0):
        return UNDEFINED
    if a.lower == 0:
        return Range(rounded_down(1 / a.upper), INFINITY)
    return Range(-INFINITY, rounded_up(1 / a.lower)) if a.upper == 0 else REAL_LINE


def absolute(a: Range) -> Range:
    """Return the range of |x|."""
    if a.lower >= 0:
        return a
    if a.upper <= 0:
        return negate(a)
    return Range(ZERO, greatest([-a.lower, a.upper]))


def sign(a: Range) -> Range:
    """Return the range of sign(x), where sign(0) = 0."""
    return Range(_sign(a.lower), _sign(a.upper))


def _sign(x: arb) -> arb:
    return ONE if x > 0 else (-ONE if x < 0 else ZERO)


def integer_power(a: Range, n: int, partial: bool = False) -> Range:
    """Return the range of xⁿ for an integer n."""
    if n < 0:
        positive = integer_power(a, -n)
        return inverse(positive, partial) if positive.defined else UNDEFINED
    if n == 0:
        return Range(ONE, ONE)
    base = absolute(a) if n % 2 == 0 else a
    return Range(rounded_down(_raised(base.lower, n)), rounded_up(_raised(base.upper, n)))


def _raised(x: arb, n: int) -> arb:
    return x if x.is_exact() and not x.is_finite() and x > 0 else _signed_power(x, n)


def _signed_power(x: arb, n: int) -> arb:
    return x if not x.is_finite() else x**n  # only odd powers meet −∞ here


def rational_power(a: Range, exponent: fmpq, partial: bool = False) -> Range:
    """Return the range of x^(p/q), q > 1, which needs x ≥ 0 (x > 0 for a negative exponent)."""
    base = clamped(a, ZERO, partial)
    if not base.defined:
        return UNDEFINED
    p, q = int(exponent.p), int(exponent.q)
    root = Range(rounded_down(_root(base.lower, q)), rounded_up(_root(base.upper, q)))
    root = Range(greatest([ZERO, root.lower]), root.upper)
    return integer_power(root, p, partial)


def _root(x: arb, q: int) -> arb:
    if x == 0 or not x.is_finite():
        return x
    return x.sqrt() if q == 2 else x.root(q)


def clamped(a: Range, floor: arb, partial: bool) -> Range:
    """Return the part of a range from a floor on: all of it, or ``UNDEFINED`` unless partial."""
    if a.lower >= floor:
        return a
    if not partial or a.upper < floor:
        return UNDEFINED
    return Range(floor, a.upper)
