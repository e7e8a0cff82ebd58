"""Balls: from a SymPy expression to a rigorous enclosure of its values, and from there to verdicts.

A direct tree walk: nothing is evaluated in floating point on the way, floats and unknown
functions are refused, and a comparison is answered only when it is certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import MAX_EMAX, MIN_EMIN, ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from numerics.rigorous import ranges
from numerics.rigorous.programs import BallError, Program
from numerics.rigorous.ranges import Range

_PRECISIONS = (64, 128, 256, 512, 1024, 2048, 4096, 8192)


@lru_cache(maxsize=1024, typed=True)
def _compiled(expr: Any, symbols: tuple[sp.Symbol, ...]) -> Program:
    """Return the program of an expression: a search evaluates one at hundreds of points."""
    return Program(expr, symbols)


def exact_fraction(value: Any) -> Fraction:
    """Return an integer, ``Fraction``, ``fmpq`` or SymPy rational as a ``Fraction``.

    Raises
    ------
    BallError
        For anything else, floats above all.
    """
    if isinstance(value, (int, Fraction)):
        return Fraction(value)
    if isinstance(value, fmpq):
        return Fraction(int(value.p), int(value.q))
    if isinstance(value, sp.Rational):
        return Fraction(int(value.p), int(value.q))
    raise BallError(f"{value!r} is not an exact rational; write an int, Fraction or sympy.Rational")


def rational_ball(value: Any) -> arb:
    """Return the ball of an exact rational at the present precision."""
    fraction = exact_fraction(value)
    return arb(fmpq(fraction.numerator, fraction.denominator))


def interval(lower: Any, upper: Any) -> arb:
    """Return a ball that contains every real between two exact rationals."""
    if exact_fraction(lower) > exact_fraction(upper):
        raise BallError(f"the interval [{lower}, {upper}] is empty")
    return rational_ball(lower).union(rational_ball(upper))


def evaluate(expr: sp.Expr, values: Mapping[sp.Symbol, arb], precision: int = 128) -> arb:
    """Return a ball that contains the expression's value for all symbols in the given balls.

    The result is not finite (test ``is_finite()``) when the value may fail to exist somewhere on
    the balls (a denominator that may vanish, a radicand that may be negative) or is unbounded.

    Parameters
    ----------
    expr : Expr
        Elementary functions of the symbols, with exact numbers.
    values : mapping of Symbol to arb
        One ball for each free symbol.
    precision : int
        Working precision in bits.

    Raises
    ------
    BallError
        If the expression contains a float, an unknown or undefined function, or a symbol
        without a value.
    """
    symbols = tuple(values)
    with ctx.workprec(precision):
        inputs = [ranges.enclose(values[s]) for s in symbols]
        return ranges.to_ball(_compiled(expr, symbols).run(inputs))


def evaluate_range(
    expr: sp.Expr, values: Mapping[sp.Symbol, Range], precision: int = 128, partial: bool = False
) -> Range:
    """Return the range of an expression on ranges, half-lines included; see ``evaluate``."""
    with ctx.workprec(precision):
        return Program(expr, tuple(values)).run(list(values.values()), partial)


def holds(relation: Boolean, values: Mapping[sp.Symbol, arb], precision: int = 128) -> bool | None:
    """Whether a formula holds for *all* values (True), for *none* (False), or is undecided.

    An equality is true only between identical or exactly known equal values. A side that may
    fail to exist leaves the relation undecided.

    Raises
    ------
    BallError
        If a term has no enclosure, or the formula is not built of relations.
    """
    boxes = {s: ranges.enclose(v) for s, v in values.items()}
    return holds_on(relation, boxes, precision)


def holds_on(
    relation: Boolean, values: Mapping[sp.Symbol, Range], precision: int = 128
) -> bool | None:
    """Return what ``holds`` returns, for symbols in ranges."""
    symbols = tuple(values)
    with ctx.workprec(precision):
        return Program(relation, symbols).run(list(values.values()))


def decide_at_point(
    relation: Boolean, values: Mapping[sp.Symbol, Any], max_precision: int = 4096
) -> bool | None:
    """Whether a formula holds at a point with exact rational coordinates.

    Precision is raised until the enclosures separate. Sides that are equal numbers in disguise
    are recognised when expanding their difference gives 0; else the answer stays None.

    Raises
    ------
    BallError
        If a term has no enclosure, or a coordinate is not an exact rational.
    """
    symbols = tuple(values)
    exact = [_rational(v) for v in values.values()]
    # What ball arithmetic shows at once need not be looked at term by term.
    answer = _at(relation, symbols, exact, _PRECISIONS[:1], max_precision)
    if answer is None:
        balls = {s: rational_ball(v) for s, v in values.items()}
        plain = _exactly(relation, values, balls)
        answer = _at(plain, symbols, exact, _PRECISIONS[plain is relation :], max_precision)
    return answer


def _rational(value: Any) -> fmpq:
    fraction = exact_fraction(value)
    return fmpq(fraction.numerator, fraction.denominator)


def _at(
    relation: Boolean,
    symbols: tuple[sp.Symbol, ...],
    point: Iterable[fmpq],
    precisions: Iterable[int],
    most: int,
) -> bool | None:
    """Return what the first of the precisions shows that is enough."""
    test = _compiled(relation, symbols)
    for precision in precisions:
        if precision > most:
            break
        with ctx.workprec(precision):
            answer = test.run([ranges.enclose(arb(v)) for v in point])
        if answer is not None:
            return bool(answer)
    return None


def _exactly(
    formula: Boolean, values: Mapping[sp.Symbol, Any], balls: Mapping[sp.Symbol, arb]
) -> Boolean:
    """Replace a relation between two forms of one existing number by ``0 rel 0``."""
    if isinstance(formula, (sp.And, sp.Or, sp.Not, sp.Implies)):
        parts = [_exactly(part, values, balls) for part in formula.args]
        if all(new is old for new, old in zip(parts, formula.args, strict=True)):
            return formula
        return formula.func(*parts, evaluate=False)
    if not isinstance(formula, Relational) or formula.lhs == formula.rhs:
        return formula
    left, right = (evaluate(side, balls) for side in formula.args)
    if not (left.is_finite() and right.is_finite() and left.overlaps(right)):
        return formula
    point = {s: sp.Rational(exact_fraction(v)) for s, v in values.items()}
    if sp.expand((formula.lhs - formula.rhs).xreplace(point)) != 0:
        return formula
    return formula.func(sp.S.Zero, sp.S.Zero, evaluate=False)


def rational_bounds(ball: arb) -> tuple[Fraction, Fraction]:
    """Return exact rationals below and above everything in the ball.

    Raises
    ------
    BallError
        If the ball is not finite.
    """
    if not ball.is_finite():
        raise BallError("an enclosure that is not finite has no rational bounds")
    middle, radius = _dyadic(ball.mid()), _dyadic(ball.rad())
    return middle - radius, middle + radius


def _dyadic(end: arb) -> Fraction:
    mantissa, exponent = end.man_exp()
    m, e = int(mantissa), int(exponent)
    return Fraction(m * 2**e) if e >= 0 else Fraction(m, 2**-e)


def enclosure_text(ball: arb, digits: int = 15) -> tuple[str, str]:
    """Return decimals (lower, upper) with ``digits`` significant digits, rounded outward."""
    low, high = rational_bounds(ball)
    return _decimal(low, digits, ROUND_FLOOR), _decimal(high, digits, ROUND_CEILING)


def _decimal(value: Fraction, digits: int, rounding: str) -> str:
    context = Context(prec=digits, rounding=rounding, Emin=MIN_EMIN, Emax=MAX_EMAX)
    return str(context.divide(Decimal(value.numerator), Decimal(value.denominator)))
