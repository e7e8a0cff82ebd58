"""The functions that a typed formula may call, besides ``where``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from sympy import (
    Abs,
    Expr,
    Max,
    Min,
    asinh,
    atan,
    cos,
    cosh,
    erf,
    erfc,
    exp,
    log,
    sin,
    sinh,
    sqrt,
    tanh,
)

_LARGEST_EXPONENT = 1000

Function: TypeAlias = tuple[Callable[..., Any], int, int]
"""What is called to build a term, and the least and the most number of arguments."""


def _unary(build: Callable[[Any], Any]) -> Function:
    return build, 1, 1


def _exp(exponent: Expr) -> Expr:
    """Return e^u; for a number far out SymPy would compute e^{n·log q} = q^n in full.

    Raises
    ------
    OverflowError
        If the exponent is such a number.
    """
    if not exponent.free_symbols and abs(exponent.evalf(5)) > _LARGEST_EXPONENT:
        raise OverflowError(f"exp({exponent}) is out of range")
    return exp(exponent)


def _extreme(build: Callable[..., Expr], args: Sequence[Expr]) -> Expr:
    """Return a minimum or maximum; terms that depend on a name are not compared here."""
    return build(*args, evaluate=not any(arg.free_symbols for arg in args))


FUNCTIONS: Mapping[str, Function] = {
    "exp": _unary(_exp),
    "log": _unary(log),
    "sqrt": _unary(sqrt),
    "tanh": _unary(tanh),
    "sinh": _unary(sinh),
    "cosh": _unary(cosh),
    "sech": _unary(lambda z: 1 / cosh(z)),
    "sin": _unary(sin),
    "cos": _unary(cos),
    "atan": _unary(atan),
    "arctan": _unary(atan),
    "tan": _unary(lambda z: sin(z) / cos(z)),
    "asinh": _unary(asinh),
    "arcsinh": _unary(asinh),
    "erf": _unary(erf),
    "erfc": _unary(erfc),
    "ln": _unary(log),
    "log1p": _unary(lambda z: log(1 + z)),
    "expm1": _unary(lambda z: _exp(z) - 1),
    "abs": _unary(Abs),
    "sigmoid": _unary(lambda z: 1 / (1 + _exp(-z))),
    "softplus": _unary(lambda z: log(1 + _exp(z))),
    "min": (lambda *args: _extreme(Min, args), 2, 4),
    "max": (lambda *args: _extreme(Max, args), 2, 4),
}
"""Name to what builds the term, and the least and the most number of arguments."""
