"""Enclosures of an expression on a whole half-line [T, ∞), by its order of growth.

Plain ranges lose the competition of factors: x·e^{−x} on [T, ∞) reads ∞·0. Here every value is
carried as x^a·exp(q(x))·r(x) with a rational a, a polynomial q and a range for r, which holds for
all x ≥ T at once. Products add orders; in a sum the smaller order is divided by the larger, and
the quotient x^a·e^{q(x)} is bounded by its value at T where it is shown to decrease from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from math import comb, floor
from typing import NamedTuple

import sympy as sp
from flint import arb, fmpq

from numerics.rigorous import range_functions as functions
from numerics.rigorous import ranges
from numerics.rigorous.balls import exact_fraction, rational_ball, rational_bounds
from numerics.rigorous.programs import Program
from numerics.rigorous.ranges import INFINITY, ONE, UNDEFINED, ZERO, Range
from theory.activations import X


class Order(NamedTuple):
    """The growth x^power·exp(q(x)), q without constant term, lowest coefficient first."""

    power: Fraction = Fraction(0)
    exponent: tuple[Fraction, ...] = ()

    def times(self, other: Order) -> Order:
        """Return the order of the product."""
        size = max(len(self.exponent), len(other.exponent))
        a, b = (_padded(order.exponent, size) for order in (self, other))
        return _order(self.power + other.power, [x + y for x, y in zip(a, b, strict=True)])

    def raised(self, exponent: Fraction) -> Order:
        """Return the order of a power."""
        return _order(self.power * exponent, [c * exponent for c in self.exponent])

    @property
    def grows(self) -> bool:
        """Whether the growth tends to infinity."""
        return self.exponent[-1] > 0 if self.exponent else self.power > 0


class Scaled(NamedTuple):
    """All functions x^a·exp(q(x))·r(x) on a half-line with r(x) in a range."""

    order: Order
    factor: Range


def _padded(coefficients: Sequence[Fraction], size: int) -> list[Fraction]:
    return [*coefficients, *[Fraction(0)] * (size - len(coefficients))]


def _order(power: Fraction, coefficients: Sequence[Fraction]) -> Order:
    kept = list(coefficients)
    while kept and kept[-1] == 0:
        kept.pop()
    return Order(power, tuple(kept))


CONSTANT = Order()
_SLOW_FROM = 8  # log x/√x decreases from e² on
_NOTHING = Scaled(CONSTANT, UNDEFINED)
_STEEPEST = arb(2) ** 64


def scaled_tail(expr: sp.Expr, start: Fraction) -> Scaled:
    """Return an expression in ``X`` on [start, ∞), start > 0, with its order of growth.

    The factor is undefined where nothing could be shown.

    Raises
    ------
    BallError
        If the expression contains a float, an unknown function, or another symbol.
    """
    if expr == X:
        return Scaled(Order(Fraction(1)), Range(ONE, ONE))
    if X not in expr.free_symbols:
        return Scaled(CONSTANT, Program(expr, ()).run([]))
    if isinstance(expr, sp.Add):
        parts = [scaled_tail(arg, start) for arg in expr.args]
        return reduce(lambda a, b: _sum(a, b, start), parts)
    if isinstance(expr, sp.Mul):
        return reduce(_product, [scaled_tail(arg, start) for arg in expr.args])
    if isinstance(expr, sp.Pow) and isinstance(expr.exp, sp.Rational):
        return _power(scaled_tail(expr.base, start), exact_fraction(expr.exp))
    if isinstance(expr, (sp.exp, sp.sinh, sp.cosh)):
        return _exponential(expr, start)
    if isinstance(expr, sp.Pow) and X not in expr.base.free_symbols:
        return _exp(expr.exp * sp.log(expr.base), start)
    if isinstance(expr, sp.log):
        return _logarithm(expr, start)
    if isinstance(expr, sp.asinh):
        return _arsinh(expr.args[0], start)
    return _function(expr, start)


def tail_range(expr: sp.Expr, start: Fraction) -> Range:
    """Return the range of an expression in ``X`` on [start, ∞), start > 0; see ``scaled_tail``."""
    order, factor = scaled_tail(expr, start)
    return ranges.multiply(growth(order, start), factor) if factor.defined else UNDEFINED


def growth(order: Order, start: Fraction) -> Range:
    """Return the range of x^a·exp(q(x)) on [start, ∞), start > 0."""
    if order == CONSTANT:
        return Range(ONE, ONE)
    at_start = _value(order, start)
    if _decreases(order, start):
        return Range(ZERO, ranges.rounded_up(at_start))
    if _decreases(order.raised(Fraction(-1)), start):
        return Range(ranges.greatest([ZERO, ranges.rounded_down(at_start)]), INFINITY)
    return Range(ZERO, INFINITY)


def _value(order: Order, point: Fraction) -> arb:
    t = rational_ball(point)
    exponent = sum((_ball(c) * t**k for k, c in enumerate(order.exponent, 1)), arb(0))
    return (_ball(order.power) * t.log() + exponent).exp()


def _ball(value: Fraction) -> arb:
    return arb(fmpq(value.numerator, value.denominator))


def _decreases(order: Order, start: Fraction) -> bool:
    """Whether x·(log growth)' = a + Σ k c_k x^k has no positive coefficient about the start."""
    about_zero = [order.power, *(k * c for k, c in enumerate(order.exponent, 1))]
    degree = len(about_zero)
    return all(
        sum(about_zero[k] * comb(k, j) * start ** (k - j) for k in range(j, degree)) <= 0
        for j in range(degree)
    )


def _sum(a: Scaled, b: Scaled, start: Fraction) -> Scaled:
    if not (a.factor.defined and b.factor.defined):
        return _NOTHING
    quotient = b.order.times(a.order.raised(Fraction(-1)))
    if quotient.grows:
        a, b = b, a
        quotient = quotient.raised(Fraction(-1))
    smaller = ranges.multiply(growth(quotient, start), b.factor)
    return Scaled(a.order, ranges.add(a.factor, smaller))


def _product(a: Scaled, b: Scaled) -> Scaled:
    if not (a.factor.defined and b.factor.defined):
        return _NOTHING
    return Scaled(a.order.times(b.order), ranges.multiply(a.factor, b.factor))


def _power(base: Scaled, exponent: Fraction) -> Scaled:
    if not base.factor.defined:
        return _NOTHING
    if exponent.denominator == 1:
        factor = ranges.integer_power(base.factor, exponent.numerator)
    else:
        q = fmpq(exponent.numerator, exponent.denominator)
        factor = ranges.rational_power(base.factor, q)
    return Scaled(base.order.raised(exponent), factor)


def _exponential(expr: sp.Expr, start: Fraction) -> Scaled:
    up = _exp(expr.args[0], start)
    if isinstance(expr, sp.exp) or not up.factor.defined:
        return up
    down = _exp(-expr.args[0], start)
    half = Range(arb(1) / 2, arb(1) / 2)
    sign = ONE if isinstance(expr, sp.cosh) else -ONE
    down = Scaled(down.order, ranges.multiply(down.factor, Range(sign, sign)))
    both = _sum(up, down, start) if down.factor.defined else _NOTHING
    return _product(Scaled(CONSTANT, half), both)


def _exp(argument: sp.Expr, start: Fraction) -> Scaled:
    """Return e^u: for a polynomial u an order, times a factor below 1 for irrational numbers."""
    if not argument.is_polynomial(X):
        return _exp_of_tail(scaled_tail(argument, start), start)
    constant, *rest = reversed(sp.Poly(argument, X).all_coeffs())
    found = [_rational_above(c) for c in rest]
    factor = functions.exp(Program(constant, ()).run([]))
    if not factor.defined or any(c is None for c in found):
        return _NOTHING
    if not all(isinstance(c, sp.Rational) for c in rest):
        factor = ranges.multiply(factor, Range(ZERO, ONE))
    return Scaled(_order(Fraction(0), [c for c in found if c is not None]), factor)


def _exp_of_tail(inner: Scaled, start: Fraction) -> Scaled:
    """Return e^u for u = x^a·e^{q(x)}·r(x), r bounded; a u that grows is compared with a power.

    With k chosen such that x^a·e^{q(x)}·x^{−k} increases from T on, u/x^k lies beyond r times its
    value at T; then e^u is e^{±cx^k}, times a factor that is at most, or at least, 1.
    """
    order, factor = inner
    if not factor.defined:
        return _NOTHING
    k = floor(order.power) if not order.exponent else len(order.exponent) + 1
    away = order.times(Order(Fraction(-k)))
    if not order.grows or k < 1 or (factor.lower <= 0 <= factor.upper):
        found = ranges.multiply(growth(order, start), factor)
        return Scaled(CONSTANT, functions.exp(found))
    least = growth(away, start).lower
    if not least > 0:
        return _NOTHING
    slowest = factor.lower if factor.lower > 0 else -factor.upper
    rate, _ = rational_bounds(ranges.least([_STEEPEST, ranges.rounded_down(least * slowest)]))
    if factor.upper < 0:
        return Scaled(_powered(-rate, k), Range(ZERO, ONE))
    return Scaled(_powered(rate, k), Range(ONE, INFINITY))


def _powered(rate: Fraction, k: int) -> Order:
    """Return the order e^{rate·x^k}."""
    return _order(Fraction(0), [*[Fraction(0)] * (k - 1), rate])


def _rational_above(number: sp.Expr) -> Fraction | None:
    if isinstance(number, sp.Rational):
        return exact_fraction(number)
    value: Range = Program(number, ()).run([])
    return rational_bounds(value.upper)[1] if value.defined and value.bounded else None


def _logarithm(expr: sp.Expr, start: Fraction) -> Scaled:
    """Return log(x^a·e^q·r) = a·log x + q + log r, with log x = √x·(log x/√x)."""
    inner = scaled_tail(expr.args[0], start)
    if start < _SLOW_FROM or not inner.factor.defined or inner.order == CONSTANT:
        return _function(expr, start)
    rest = functions.log(inner.factor)
    if not rest.defined:
        return _NOTHING
    power, exponent = inner.order
    t = rational_ball(start)
    slow = Scaled(Order(Fraction(1, 2)), Range(ZERO, ranges.rounded_up(t.log() / t.sqrt())))
    terms = [_product(_number(power), slow)] if power else []
    terms += [Scaled(Order(Fraction(k)), _number(c).factor) for k, c in enumerate(exponent, 1) if c]
    return reduce(lambda a, b: _sum(a, b, start), [*terms, Scaled(CONSTANT, rest)])


def _arsinh(argument: sp.Expr, start: Fraction) -> Scaled:
    """Return arsinh u as ±log(|u| + √(u² + 1)) where u grows with a sign."""
    order, factor = scaled_tail(argument, start)
    if not order.grows or not factor.defined or factor.lower <= 0 <= factor.upper:
        return _function(sp.asinh(argument), start)
    size = argument if factor.lower > 0 else -argument
    found = _logarithm(sp.log(size + sp.sqrt(size**2 + 1)), start)
    return found if size is argument else _product(_number(Fraction(-1)), found)


def _number(value: Fraction) -> Scaled:
    return Scaled(CONSTANT, ranges.enclose(_ball(value)))


def _function(expr: sp.Expr, start: Fraction) -> Scaled:
    """Return a function's range on the range of its arguments; nothing is known of its growth."""
    inner = [tail_range(arg, start) for arg in expr.args]
    if not all(value.defined for value in inner):
        return _NOTHING
    names = sp.symbols(f"argument:{len(inner)}")
    return Scaled(CONSTANT, Program(expr.func(*names), names).run(inner))
