"""Ranges: enclosures of real sets by exact endpoints, rounded outward, infinite ones included.

Balls lose an endpoint's sign and cannot hold a half-line; monotone functions need neither loss.
Every operation takes ranges and returns one that contains all values on them, or ``UNDEFINED``
when a value may fail to exist. In a *partial* evaluation the points where a value does not exist
are left out instead, and definedness is the caller's obligation.
"""

from __future__ import annotations

from collections.abc import Callable
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
_ZERO, _ONE = arb(0), arb(1)


def enclose(ball: arb) -> Range:
    """Return the endpoints of a ball; NaN gives ``UNDEFINED``."""
    if ball.is_nan():
        return UNDEFINED
    if ball.is_exact():
        return Range(ball, ball)
    return Range(_down(ball), _up(ball))


def to_ball(value: Range) -> arb:
    """Return a ball that contains the range; an unbounded one gives a ball that is not finite."""
    if not value.defined:
        return value.lower
    return value.lower if value.lower == value.upper else value.lower.union(value.upper)


def hull(*values: Range) -> Range:
    """Return the least range that contains all the given ones."""
    if not all(v.defined for v in values):
        return UNDEFINED
    return Range(_least([v.lower for v in values]), _greatest([v.upper for v in values]))


def maximum(*values: Range) -> Range:
    """Return the range of the greatest of several numbers."""
    return Range(_greatest([v.lower for v in values]), _greatest([v.upper for v in values]))


def _down(ball: arb) -> arb:
    low = ball.lower()
    return low if low.is_exact() else -INFINITY


def _up(ball: arb) -> arb:
    high = ball.upper()
    return high if high.is_exact() else INFINITY


def _least(ends: list[arb]) -> arb:
    best = ends[0]
    for end in ends[1:]:
        if end < best:
            best = end
    return best


def _greatest(ends: list[arb]) -> arb:
    best = ends[0]
    for end in ends[1:]:
        if end > best:
            best = end
    return best


def add(a: Range, b: Range) -> Range:
    """Return the range of sums."""
    return Range(_down(a.lower + b.lower), _up(a.upper + b.upper))


def negate(a: Range) -> Range:
    """Return the range of −x."""
    return Range(-a.upper, -a.lower)


def multiply(a: Range, b: Range) -> Range:
    """Return the range of products; an infinite endpoint times zero is zero, as no point is ∞."""
    if a.lower >= 0 and b.lower >= 0:
        return Range(_down(_times(a.lower, b.lower)), _up(_times(a.upper, b.upper)))
    products = [_times(x, y) for x in a for y in b]
    return Range(_least([_down(p) for p in products]), _greatest([_up(p) for p in products]))


def _times(x: arb, y: arb) -> arb:
    return _ZERO if x == 0 or y == 0 else x * y


def inverse(a: Range, partial: bool = False) -> Range:
    """Return the range of 1/x."""
    if a.lower > 0 or a.upper < 0:
        return Range(_down(1 / a.upper), _up(1 / a.lower))
    if not partial or (a.lower == 0 and a.upper == 0):
        return UNDEFINED
    if a.lower == 0:
        return Range(_down(1 / a.upper), INFINITY)
    return Range(-INFINITY, _up(1 / a.lower)) if a.upper == 0 else REAL_LINE


def absolute(a: Range) -> Range:
    """Return the range of |x|."""
    if a.lower >= 0:
        return a
    if a.upper <= 0:
        return negate(a)
    return Range(_ZERO, _greatest([-a.lower, a.upper]))


def sign(a: Range) -> Range:
    """Return the range of sign(x), where sign(0) = 0."""
    return Range(_sign(a.lower), _sign(a.upper))


def _sign(x: arb) -> arb:
    return _ONE if x > 0 else (-_ONE if x < 0 else _ZERO)


def integer_power(a: Range, n: int, partial: bool = False) -> Range:
    """Return the range of xⁿ for an integer n."""
    if n < 0:
        positive = integer_power(a, -n)
        return inverse(positive, partial) if positive.defined else UNDEFINED
    if n == 0:
        return Range(_ONE, _ONE)
    base = absolute(a) if n % 2 == 0 else a
    return Range(_down(_raised(base.lower, n)), _up(_raised(base.upper, n)))


def _raised(x: arb, n: int) -> arb:
    return x if x.is_exact() and not x.is_finite() and x > 0 else _signed_power(x, n)


def _signed_power(x: arb, n: int) -> arb:
    return x if not x.is_finite() else x**n  # only odd powers meet −∞ here


def rational_power(a: Range, exponent: fmpq, partial: bool = False) -> Range:
    """Return the range of x^(p/q), q > 1, which needs x ≥ 0 (x > 0 for a negative exponent)."""
    base = _clamped(a, _ZERO, partial)
    if not base.defined:
        return UNDEFINED
    p, q = int(exponent.p), int(exponent.q)
    root = Range(_down(_root(base.lower, q)), _up(_root(base.upper, q)))
    root = Range(_greatest([_ZERO, root.lower]), root.upper)
    return integer_power(root, p, partial)


def _root(x: arb, q: int) -> arb:
    if x == 0 or not x.is_finite():
        return x
    return x.sqrt() if q == 2 else x.root(q)


def general_power(a: Range, exponent: Range, partial: bool = False) -> Range:
    """Return the range of x^e for x > 0 (also x = 0 where e > 0)."""
    if not (partial or a.lower > 0 or (a.lower >= 0 and exponent.lower > 0)):
        return UNDEFINED
    logarithm = log(a, partial=True)
    if not logarithm.defined:
        return UNDEFINED
    return exp(multiply(exponent, logarithm))


def _clamped(a: Range, least: arb, partial: bool) -> Range:
    if a.lower >= least:
        return a
    if not partial or a.upper < least:
        return UNDEFINED
    return Range(least, a.upper)


def _monotone(
    a: Range, function: Callable[[arb], arb], at_minus: arb, at_plus: arb, decreasing: bool = False
) -> Range:
    """Range of a monotone function from its endpoint values and its limits at ±∞."""
    ends = [_at(x, function, at_minus, at_plus) for x in a]
    if decreasing:
        ends.reverse()
    low, high = _down(ends[0]), _up(ends[1])
    floor, ceiling = sorted_ends(at_minus, at_plus)
    return Range(_greatest([low, _down(floor)]), _least([high, _up(ceiling)]))


def sorted_ends(a: arb, b: arb) -> tuple[arb, arb]:
    """Return two values that are certainly ordered in increasing order."""
    return (a, b) if a < b else (b, a)


def _at(x: arb, function: Callable[[arb], arb], at_minus: arb, at_plus: arb) -> arb:
    if x.is_finite():
        value = function(x)
        return REAL_LINE.lower.union(REAL_LINE.upper) if value.is_nan() else value
    return at_plus if x > 0 else at_minus


def exp(a: Range) -> Range:
    """Return the range of eˣ."""
    return _monotone(a, arb.exp, _ZERO, INFINITY)


def log(a: Range, partial: bool = False) -> Range:
    """Return the range of log x, x > 0."""
    if a.upper <= 0 or not (partial or a.lower > 0):
        return UNDEFINED
    low = _down(a.lower.log()) if a.lower > 0 and a.lower.is_finite() else -INFINITY
    return Range(low, _up(a.upper.log()) if a.upper.is_finite() else INFINITY)


def tanh(a: Range) -> Range:
    """Return the range of tanh x."""
    return _monotone(a, arb.tanh, -_ONE, _ONE)


def sinh(a: Range) -> Range:
    """Return the range of sinh x."""
    return _monotone(a, arb.sinh, -INFINITY, INFINITY)


def cosh(a: Range) -> Range:
    """Return the range of cosh x."""
    grown = _monotone(absolute(a), arb.cosh, -INFINITY, INFINITY)
    return Range(_greatest([_ONE, grown.lower]), grown.upper)


def atan(a: Range) -> Range:
    """Return the range of arctan x."""
    half = arb.pi() / 2
    return _monotone(a, arb.atan, -half, half)


def asinh(a: Range) -> Range:
    """Return the range of arsinh x."""
    return _monotone(a, arb.asinh, -INFINITY, INFINITY)


def acosh(a: Range, partial: bool = False) -> Range:
    """Return the range of arcosh x, x ≥ 1."""
    base = _clamped(a, _ONE, partial)
    if not base.defined:
        return UNDEFINED
    grown = _monotone(base, arb.acosh, -INFINITY, INFINITY)
    return Range(_greatest([_ZERO, grown.lower]), grown.upper)


def atanh(a: Range, partial: bool = False) -> Range:
    """Return the range of artanh x, −1 < x < 1."""
    inside = a.lower > -1 and a.upper < 1
    if not (inside or partial) or a.lower >= 1 or a.upper <= -1:
        return UNDEFINED
    low = _down(a.lower.atanh()) if a.lower > -1 else -INFINITY
    return Range(low, _up(a.upper.atanh()) if a.upper < 1 else INFINITY)


def asin(a: Range, partial: bool = False) -> Range:
    """Return the range of arcsin x, −1 ≤ x ≤ 1."""
    base = _clamped(negate(_clamped(negate(a), -_ONE, partial)), -_ONE, partial)
    if not base.defined:
        return UNDEFINED
    return Range(_down(base.lower.asin()), _up(base.upper.asin()))


def erf(a: Range) -> Range:
    """Return the range of the error function."""
    return _monotone(a, arb.erf, -_ONE, _ONE)


def erfc(a: Range) -> Range:
    """Return the range of the complementary error function."""
    return _monotone(a, arb.erfc, arb(2), _ZERO, decreasing=True)


def lambert(a: Range, partial: bool = False) -> Range:
    """Return the range of the principal branch of Lambert's W, x ≥ −1/e."""
    least = _up(-(arb(-1).exp()))
    base = _clamped(a, least, partial)
    if not base.defined:
        return UNDEFINED
    grown = _monotone(base, arb.lambertw, -INFINITY, INFINITY)
    return Range(-_ONE if base is not a else _greatest([-_ONE, grown.lower]), grown.upper)


def sin(a: Range) -> Range:
    """Return the range of sin x."""
    if a.lower >= -_RIGHT and a.upper <= _RIGHT:
        return _within_one(Range(_down(a.lower.sin()), _up(a.upper.sin())))
    return _within_one(enclose(to_ball(a).sin())) if a.bounded else Range(-_ONE, _ONE)


def cos(a: Range) -> Range:
    """Return the range of cos x."""
    distance = absolute(a)
    if distance.upper <= 2 * _RIGHT:
        return _within_one(Range(_down(distance.upper.cos()), _up(distance.lower.cos())))
    return _within_one(enclose(to_ball(a).cos())) if a.bounded else Range(-_ONE, _ONE)


def _within_one(a: Range) -> Range:
    return Range(_greatest([-_ONE, a.lower]), _least([_ONE, a.upper]))


def tan(a: Range, partial: bool = False) -> Range:
    """Return the range of tan x, away from its poles."""
    if a.lower >= -_RIGHT and a.upper <= _RIGHT:
        return Range(_down(a.lower.tan()), _up(a.upper.tan()))
    value = to_ball(a).tan() if a.bounded else arb.nan()
    if value.is_finite():
        return enclose(value)
    return REAL_LINE if partial else UNDEFINED


_RIGHT = arb(fmpq(157, 100))  # a little less than π/2
