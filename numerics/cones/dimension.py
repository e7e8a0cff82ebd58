"""Statistical dimensions and measurement counts as enclosures (THEORY section 5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TypeAlias

import sympy as sp
from flint import acb, arb, ctx

from numerics.enclosures import Enclosure, decimal_enclosure
from numerics.rigorous.balls import evaluate, rational_ball
from numerics.rigorous.complex_balls import integrand
from numerics.rigorous.gaussian import IntegralUndecided
from numerics.rigorous.programs import Program
from numerics.rigorous.ranges import enclose, to_ball
from theory.cones import (
    MEASUREMENTS,
    POLAR_DIMENSION,
    WIDTH_LOWER,
    WIDTH_UPPER,
    Cone,
    Infimum,
    delta,
    n,
    p,
)

Values: TypeAlias = Mapping[sp.Symbol, sp.Expr]
"""Exact numbers for the parameters of a cone."""

_GUARD_BITS = 64
_ATTEMPTS = 4
_SLACK_DIGITS = 3
_LARGEST_TAU = 2**40


@dataclass(frozen=True)
class ConicDimension:
    """What the statistical dimension δ of a cone says.

    Parameters
    ----------
    dimension : Enclosure
        δ(T); narrow if the cone has a formula, else between two bounds.
    polar : Enclosure
        δ(T°) = n − δ(T).
    width : Enclosure
        The Gaussian width w(T) = E sup{⟨g,z⟩ : z in T, ‖z‖ = 1}; w² ≤ δ ≤ w² + 1.
    measurement_bound : Enclosure
        (√δ̄ + t)² + ½ with the upper end δ̄ of δ and e^{−t²/2} the failure probability.
    measurements : int
        The least integer that is certainly not below it.
    """

    dimension: Enclosure
    polar: Enclosure
    width: Enclosure
    measurement_bound: Enclosure
    measurements: int


def conic_dimension(
    cone: Cone, values: Values, failure: sp.Expr, digits: int = 30
) -> ConicDimension:
    """Enclose the statistical dimension of a cone and what follows from it.

    Parameters
    ----------
    cone : Cone
        A family of cones.
    values : mapping of Symbol to Expr
        Its parameters, exact numbers inside the cone's range.
    failure : Expr
        The failure probability p of the measurements, an exact number in (0, 1).
    digits : int
        Every number with a formula is enclosed in an interval narrower than 10^−digits.

    Raises
    ------
    IntegralUndecided
        If a number is not enclosed as narrowly as asked.
    BallError
        If a formula has a part without enclosure.
    """
    upper = enclosed(cone.upper.xreplace(dict(values)), {}, digits)
    lower = upper if cone.lower is None else enclosed(cone.lower.xreplace(dict(values)), {}, digits)
    high, low = {delta: upper}, {delta: lower}
    exact = {n: values[n], p: failure}

    def of(formula: sp.Expr, at: Mapping[sp.Symbol, arb]) -> arb:
        return enclosed(formula.xreplace(exact), at, digits)

    count = _between(of(MEASUREMENTS, high), None, digits)
    return ConicDimension(
        _between(lower, upper, digits),
        _between(of(POLAR_DIMENSION, high), of(POLAR_DIMENSION, low), digits),
        _between(of(WIDTH_LOWER, low), of(WIDTH_UPPER, high), digits),
        count,
        ceil(count.upper),
    )


def _between(lower: arb, upper: arb | None, digits: int) -> Enclosure:
    """Return the decimals around one number, or from below one to above another."""
    low, high = decimal_enclosure(lower, digits)
    if upper is not None:
        high = decimal_enclosure(upper, digits)[1]
    return Enclosure(max(low, Fraction(0)), high)


def enclosed(expr: sp.Expr, values: Mapping[sp.Symbol, arb], digits: int) -> arb:
    """Return a narrow ball around an expression, integrals and infima of one variable included.

    Parameters
    ----------
    expr : Expr
        Elementary functions, ``Integral`` over a bounded interval of an analytic integrand, and
        ``Infimum``.
    values : mapping of Symbol to arb
        Balls for its symbols; balls in place of exact numbers leave the result as wide as it is.
    digits : int
        The radius is below 10^−(digits + 3) unless a given ball is not exact.

    Raises
    ------
    IntegralUndecided
        If it does not become so narrow.
    """
    goal = Fraction(1, 10 ** (digits + _SLACK_DIGITS))
    given = any(not ball.is_exact() for ball in values.values())
    start = digits * 10 // 3 + _GUARD_BITS
    for attempt in range(_ATTEMPTS):
        with ctx.workprec(start * 2**attempt):
            value = _value(expr, values, rational_ball(goal) / 2**_GUARD_BITS)
            if value.is_finite() and (given or value.rad() < rational_ball(goal)):
                return value
    raise IntegralUndecided(f"{expr} is not enclosed to {digits} digits")


def _value(expr: sp.Expr, values: Mapping[sp.Symbol, arb], tolerance: arb) -> arb:
    """Replace integrals and infima by their values, and evaluate the rest."""
    known = dict(values)
    hidden: dict[sp.Expr, sp.Symbol] = {}
    for node in expr.atoms(sp.Integral, Infimum):
        hidden[node] = sp.Dummy()
        known[hidden[node]] = _RULES[type(node)](node, tolerance)
    return evaluate(expr.xreplace(hidden), known, ctx.prec)


def _integral(node: sp.Integral, tolerance: arb) -> arb:
    """Enclose an integral by Arb's certified quadrature (Johansson 2018)."""
    ((variable, low, high),) = node.limits
    ends = (acb(evaluate(end, {}, ctx.prec)) for end in (low, high))
    value = acb.integral(
        integrand(node.function, variable), *ends, abs_tol=tolerance, eval_limit=200_000
    )
    return value.real


def _infimum(node: Infimum, tolerance: arb) -> arb:
    """Enclose inf{F(τ) : τ ≥ 0} for a convex F.

    The infimum is reached between a τ₀ with F' < 0 (or 0) and a τ₁ with F' > 0. At any τ between
    them it is at most F(τ) and, by convexity, at least F(τ) − |F'(τ)|(τ₁ − τ₀); bisection brings
    the two together quadratically.
    """
    (function,) = node.args
    (variable,) = function.variables
    height, slope = (
        Program(part, (variable,)) for part in (function.expr, sp.diff(function.expr, variable))
    )
    low, high = arb(0), arb(1)
    while not _at(slope, high) > 0:
        low, high = (high if _at(slope, high) < 0 else low), 2 * high
        if high > _LARGEST_TAU:
            raise IntegralUndecided(f"{function.expr} does not certainly increase anywhere")
    if _at(slope, low) > 0:
        return _at(height, low)
    low, place, high = _bisected(lambda place: _at(slope, place), low, high)
    top = _at(height, place)
    return top.union(top - abs(_at(slope, place)) * (high - low))


def _bisected(slope: Callable[[arb], arb], low: arb, high: arb) -> tuple[arb, arb, arb]:
    """Halve an interval between signs of the slope; return it and the last point in between."""
    middle = low
    for _ in range(ctx.prec):
        middle = ((low + high) / 2).mid()
        sign = slope(middle)
        if sign > 0:
            high = middle
        elif sign < 0:
            low = middle
        else:
            break
    return low, middle, high


def _at(program: Program, place: arb) -> arb:
    return to_ball(program.run([enclose(place)]))


_RULES: Mapping[type, Callable[[sp.Expr, arb], arb]] = {sp.Integral: _integral, Infimum: _infimum}
