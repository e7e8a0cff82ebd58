"""Closed forms of the inverse of an increasing function on [0, ∞), by undoing it step by step.

No equation is solved by guessing: an expression that contains its variable once is peeled from
outside, each step by the branch that belongs to positive arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sympy import (
    Add,
    Expr,
    Mul,
    Pow,
    Rational,
    Symbol,
    acosh,
    apart,
    asinh,
    atan,
    atanh,
    cosh,
    exp,
    log,
    sinh,
    sqrt,
    tan,
    tanh,
)

_UNDONE: Mapping[Any, Callable[[Expr], Expr]] = {
    exp: log,
    log: exp,
    sinh: asinh,
    asinh: sinh,
    cosh: lambda u: acosh(u),
    tanh: atanh,
    atan: tan,
}


def inverse_of(expression: Expr, variable: Symbol, value: Symbol) -> Expr | None:
    """Return the inverse of an increasing function of a positive variable, or None.

    Parameters
    ----------
    expression : Expr
        f(x), increasing on [0, ∞) with f(0) = 0.
    variable : Symbol
        x.
    value : Symbol
        The name of the inverse's argument.

    Returns
    -------
    Expr or None
        A term g with f(g(w)) = w where it is defined; that it is the inverse on [0, ∞) follows
        from f being increasing if also g ≥ 0, which a caller has to check. None if the variable
        cannot be isolated by undoing one operation after the other.
    """
    for form in _forms(expression, variable):
        inner, known = form, value
        while inner != variable:
            step = _peel(inner, known, variable)
            if step is None:
                break
            inner, known = step
        else:
            return known
    return None


def _forms(expression: Expr, variable: Symbol) -> list[Expr]:
    if expression.is_rational_function(variable):
        return [expression, apart(expression, variable)]
    return [expression]


def _peel(inner: Expr, known: Expr, variable: Symbol) -> tuple[Expr, Expr] | None:
    """Undo the outermost operation of ``inner = known``."""
    holding = [arg for arg in inner.args if variable in arg.free_symbols]
    if len(holding) != 1:
        return None
    part = holding[0]
    if isinstance(inner, Add):
        return part, known - (inner - part)
    if isinstance(inner, Mul):
        return part, known / (inner / part)
    if isinstance(inner, Pow) and part is inner.base and inner.exp.is_Rational:
        return part, _root(known, inner.exp)
    if inner.func in _UNDONE:
        return part, _UNDONE[inner.func](known)
    return None


def _root(known: Expr, exponent: Rational) -> Expr:
    return sqrt(known) if exponent == 2 else Pow(known, 1 / exponent)
