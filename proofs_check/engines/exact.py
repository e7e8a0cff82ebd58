"""Formulas evaluated at rational points, exactly or in balls, with three truth values.

A term's value is an exact rational, or a ball known to contain it, or None where it is undefined.
A relation that the balls cannot decide is neither true nor false.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import sympy
from flint import arb, ctx, fmpq
from sympy import Basic, Rational, Symbol
from sympy.core.relational import Relational

Value: TypeAlias = Any
Values: TypeAlias = Mapping[Symbol, Rational]

_PRECISIONS = (64, 256, 1024)


def holds(formula: Basic, values: Values) -> bool | None:
    """Return whether the formula is true at the point; None where that is not certain.

    Parameters
    ----------
    formula : Boolean
        Relations between algebraic terms, and connectives.
    values : mapping
        An exact rational for every free symbol.
    """
    for precision in _PRECISIONS:
        before, ctx.prec = ctx.prec, precision
        try:
            truth = _truth(formula, values)
        finally:
            ctx.prec = before
        if truth is not None:
            return truth
    return None


def _truth(formula: Basic, values: Values) -> bool | None:
    if formula is sympy.true or formula is sympy.false:
        return formula is sympy.true
    if isinstance(formula, Relational):
        return _compare(formula, values)
    parts = [_truth(arg, values) for arg in formula.args]
    match formula:
        case sympy.And():
            return _all(parts)
        case sympy.Or():
            return _negate(_all([_negate(p) for p in parts]))
        case sympy.Not():
            return _negate(parts[0])
        case sympy.Implies():
            return _negate(_all([parts[0], _negate(parts[1])]))
        case sympy.Equivalent():
            return None if None in parts else len(set(parts)) == 1
        case sympy.ITE():
            return None if parts[0] is None else parts[1 if parts[0] else 2]
    return None


def _all(parts: Sequence[bool | None]) -> bool | None:
    if False in parts:
        return False
    return None if None in parts else True


def _negate(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


def _compare(relation: Relational, values: Values) -> bool | None:
    left, right = (_value(side, values) for side in relation.args)
    if left is None or right is None:
        return None
    sign = _sign(left - right)
    if sign is None:
        return None
    return {
        "==": sign == 0,
        "!=": sign != 0,
        "<": sign < 0,
        "<=": sign <= 0,
        ">": sign > 0,
        ">=": sign >= 0,
    }[relation.rel_op]


def _sign(value: Value) -> int | None:
    if isinstance(value, fmpq):
        return int(value > 0) - int(value < 0)
    if value > 0:
        return 1
    return -1 if value < 0 else None


def _value(term: Basic, values: Values) -> Value | None:
    if isinstance(term, Rational):
        return fmpq(int(term.p), int(term.q))
    if isinstance(term, Symbol):
        return _value(values[term], values) if term in values else None
    if isinstance(term, sympy.Piecewise):
        return _piece(term, values)
    combine = next((f for head, f in _HEADS if isinstance(term, head)), None)
    if combine is None:
        return None
    if isinstance(term, sympy.Pow):
        base = _value(term.base, values)
        return None if base is None else _power(base, term.exp)
    args = [_value(arg, values) for arg in term.args]
    return None if any(arg is None for arg in args) else combine(args)


def _piece(term: Basic, values: Values) -> Value | None:
    for value, condition in (piece.args for piece in term.args):
        truth = _truth(condition, values)
        if truth is None:
            return None
        if truth:
            return _value(value, values)
    return None


def _power(base: Value, exponent: Basic) -> Value | None:
    if not isinstance(exponent, Rational):
        return None
    if exponent.q != 1:
        base = _root(base, int(exponent.q))
    if base is None or (exponent.p < 0 and _sign(base) in (0, None)):
        return None
    power = _product([base] * abs(int(exponent.p)))
    return power if exponent.p > 0 else 1 / power


def _root(base: Value, degree: int) -> Value | None:
    sign = _sign(base)
    if sign is None or sign < 0:
        return None
    if isinstance(base, fmpq):
        p, exact_p = sympy.integer_nthroot(int(base.p), degree)
        q, exact_q = sympy.integer_nthroot(int(base.q), degree)
        if exact_p and exact_q:
            return fmpq(int(p), int(q))
        base = arb(base)
    return base.root(degree)


def _extremum(prefer: int) -> Callable[[list[Value]], Value | None]:
    def choose(args: list[Value]) -> Value | None:
        best = args[0]
        for arg in args[1:]:
            sign = _sign(arg - best)
            if sign is None:
                return None
            best = arg if sign == prefer else best
        return best

    return choose


def _sum(args: list[Value]) -> Value:
    total: Value = fmpq(0)
    for arg in args:
        total = total + arg
    return total


def _product(args: list[Value]) -> Value:
    total: Value = fmpq(1)
    for arg in args:
        total = total * arg
    return total


def _sign_of(args: list[Value]) -> Value | None:
    sign = _sign(args[0])
    return None if sign is None else fmpq(sign)


_HEADS: tuple[tuple[type, Callable[[list[Value]], Value | None]], ...] = (
    (sympy.Add, _sum),
    (sympy.Mul, _product),
    (sympy.Pow, _product),
    (sympy.Abs, lambda args: abs(args[0])),
    (sympy.sign, _sign_of),
    (sympy.Max, _extremum(1)),
    (sympy.Min, _extremum(-1)),
)
