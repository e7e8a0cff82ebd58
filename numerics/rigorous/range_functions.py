"""Elementary functions on ranges: monotone ones by their endpoints, the others by cases."""

from __future__ import annotations

from collections.abc import Callable

from flint import arb, fmpq

from numerics.rigorous.ranges import (
    INFINITY,
    ONE,
    REAL_LINE,
    UNDEFINED,
    ZERO,
    Range,
    absolute,
    clamped,
    enclose,
    greatest,
    least,
    multiply,
    negate,
    rounded_down,
    rounded_up,
    to_ball,
)


def _monotone(
    a: Range, function: Callable[[arb], arb], at_minus: arb, at_plus: arb, decreasing: bool = False
) -> Range:
    """Range of a monotone function from its endpoint values and its limits at ±∞."""
    ends = [_at(x, function, at_minus, at_plus) for x in a]
    if decreasing:
        ends.reverse()
    low, high = rounded_down(ends[0]), rounded_up(ends[1])
    floor, ceiling = sorted_ends(at_minus, at_plus)
    return Range(greatest([low, rounded_down(floor)]), least([high, rounded_up(ceiling)]))


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
    return _monotone(a, arb.exp, ZERO, INFINITY)


def log(a: Range, partial: bool = False) -> Range:
    """Return the range of log x, x > 0."""
    if a.upper <= 0 or not (partial or a.lower > 0):
        return UNDEFINED
    low = rounded_down(a.lower.log()) if a.lower > 0 and a.lower.is_finite() else -INFINITY
    return Range(low, rounded_up(a.upper.log()) if a.upper.is_finite() else INFINITY)


def tanh(a: Range) -> Range:
    """Return the range of tanh x."""
    return _monotone(a, arb.tanh, -ONE, ONE)


def sinh(a: Range) -> Range:
    """Return the range of sinh x."""
    return _monotone(a, arb.sinh, -INFINITY, INFINITY)


def cosh(a: Range) -> Range:
    """Return the range of cosh x."""
    grown = _monotone(absolute(a), arb.cosh, -INFINITY, INFINITY)
    return Range(greatest([ONE, grown.lower]), grown.upper)


def atan(a: Range) -> Range:
    """Return the range of arctan x."""
    half = arb.pi() / 2
    return _monotone(a, arb.atan, -half, half)


def asinh(a: Range) -> Range:
    """Return the range of arsinh x."""
    return _monotone(a, arb.asinh, -INFINITY, INFINITY)


def acosh(a: Range, partial: bool = False) -> Range:
    """Return the range of arcosh x, x ≥ 1."""
    base = clamped(a, ONE, partial)
    if not base.defined:
        return UNDEFINED
    grown = _monotone(base, arb.acosh, -INFINITY, INFINITY)
    return Range(greatest([ZERO, grown.lower]), grown.upper)


def atanh(a: Range, partial: bool = False) -> Range:
    """Return the range of artanh x, −1 < x < 1."""
    inside = a.lower > -1 and a.upper < 1
    if not (inside or partial) or a.lower >= 1 or a.upper <= -1:
        return UNDEFINED
    low = rounded_down(a.lower.atanh()) if a.lower > -1 else -INFINITY
    return Range(low, rounded_up(a.upper.atanh()) if a.upper < 1 else INFINITY)


def asin(a: Range, partial: bool = False) -> Range:
    """Return the range of arcsin x, −1 ≤ x ≤ 1."""
    base = clamped(negate(clamped(negate(a), -ONE, partial)), -ONE, partial)
    if not base.defined:
        return UNDEFINED
    return Range(rounded_down(base.lower.asin()), rounded_up(base.upper.asin()))


def erf(a: Range) -> Range:
    """Return the range of the error function."""
    return _monotone(a, arb.erf, -ONE, ONE)


def erfc(a: Range) -> Range:
    """Return the range of the complementary error function."""
    return _monotone(a, arb.erfc, arb(2), ZERO, decreasing=True)


def lambert(a: Range, partial: bool = False) -> Range:
    """Return the range of the principal branch of Lambert's W, x ≥ −1/e."""
    branch_point = rounded_up(-(arb(-1).exp()))
    base = clamped(a, branch_point, partial)
    if not base.defined:
        return UNDEFINED
    grown = _monotone(base, arb.lambertw, -INFINITY, INFINITY)
    return Range(-ONE if base is not a else greatest([-ONE, grown.lower]), grown.upper)


def lambert_lower(a: Range, partial: bool = False) -> Range:
    """Return the range of the lower branch of Lambert's W, −1/e ≤ x < 0, which decreases."""
    branch_point = rounded_up(-(arb(-1).exp()))
    base = clamped(a, branch_point, partial)
    if not base.defined or base.upper >= 0:
        return UNDEFINED
    top = -ONE if base is not a else rounded_up(base.lower.lambertw(-1))
    return Range(rounded_down(base.upper.lambertw(-1)), least([-ONE, top]))


def sin(a: Range) -> Range:
    """Return the range of sin x."""
    if a.lower >= -_RIGHT and a.upper <= _RIGHT:
        return _within_one(Range(rounded_down(a.lower.sin()), rounded_up(a.upper.sin())))
    return _within_one(enclose(to_ball(a).sin())) if a.bounded else Range(-ONE, ONE)


def cos(a: Range) -> Range:
    """Return the range of cos x."""
    distance = absolute(a)
    if distance.upper <= 2 * _RIGHT:
        return _within_one(
            Range(rounded_down(distance.upper.cos()), rounded_up(distance.lower.cos()))
        )
    return _within_one(enclose(to_ball(a).cos())) if a.bounded else Range(-ONE, ONE)


def _within_one(a: Range) -> Range:
    return Range(greatest([-ONE, a.lower]), least([ONE, a.upper]))


def tan(a: Range, partial: bool = False) -> Range:
    """Return the range of tan x, away from its poles."""
    if a.lower >= -_RIGHT and a.upper <= _RIGHT:
        return Range(rounded_down(a.lower.tan()), rounded_up(a.upper.tan()))
    value = to_ball(a).tan() if a.bounded else arb.nan()
    if value.is_finite():
        return enclose(value)
    return REAL_LINE if partial else UNDEFINED


_RIGHT = arb(fmpq(157, 100))  # a little less than π/2


def general_power(a: Range, exponent: Range, partial: bool = False) -> Range:
    """Return the range of x^e for x > 0 (also x = 0 where e > 0)."""
    if not (partial or a.lower > 0 or (a.lower >= 0 and exponent.lower > 0)):
        return UNDEFINED
    logarithm = log(a, partial=True)
    if not logarithm.defined:
        return UNDEFINED
    return exp(multiply(exponent, logarithm))
