"""Complex balls: a SymPy expression in one variable as an integrand for ``acb.integral``.

The integrator moves the path into the complex plane and needs to know where the integrand is
holomorphic. Functions with branch cuts are told when that is asked of them (``analytic``); where
Arb offers no such flag, a box that may meet a cut gives NaN, and the integrator cuts it smaller.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import add, mul
from typing import Any, TypeAlias

import sympy as sp
from flint import acb, arb, fmpq

from numerics.rigorous.programs import BallError

Integrand: TypeAlias = Callable[[acb, bool], acb]
"""From a complex box, and whether holomorphy on it has to be shown, to a box of values."""

_WHOLE_PLANE: dict[Any, Callable[[acb], acb]] = {
    sp.exp: acb.exp,
    sp.sin: acb.sin,
    sp.cos: acb.cos,
    sp.sinh: acb.sinh,
    sp.cosh: acb.cosh,
    sp.erf: acb.erf,
    sp.erfc: acb.erfc,
    sp.tanh: acb.tanh,  # meromorphic: a pole in the box gives a value that is not finite
}

_CONSTANTS: dict[Any, Callable[[], arb]] = {sp.pi: arb.pi, sp.E: arb.const_e}


def integrand(expr: sp.Expr, variable: sp.Symbol) -> Integrand:
    """Return an expression as a function of (box, analytic), evaluated at the present precision.

    Parameters
    ----------
    expr : Expr
        Elementary functions of the variable, with exact numbers and no case distinctions.
    variable : Symbol
        The variable.

    Raises
    ------
    BallError
        If the expression contains a float, an unknown function, or another symbol.
    """
    if expr == variable:
        return lambda z, analytic: z
    if not expr.free_symbols:
        return _constant(expr)
    if isinstance(expr, (sp.Add, sp.Mul)):
        parts = [integrand(arg, variable) for arg in expr.args]
        join = add if isinstance(expr, sp.Add) else mul
        return lambda z, analytic: reduce(join, (part(z, analytic) for part in parts))
    if isinstance(expr, sp.Pow):
        return _power(expr, variable)
    if len(expr.args) != 1:
        raise BallError(f"{expr.func} has no complex enclosure here (in {expr})")
    return _function(expr, integrand(expr.args[0], variable))


def _constant(expr: sp.Expr) -> Integrand:
    if expr in _CONSTANTS:
        known = _CONSTANTS[expr]
        return lambda z, analytic: acb(known())
    if isinstance(expr, sp.Rational) and expr.is_finite:
        exact = fmpq(int(expr.p), int(expr.q))
        return lambda z, analytic: acb(arb(exact))
    if not expr.args:
        raise BallError(f"{expr} is not an exact number")
    # A constant such as √(2/π) is the value of its own tree at any point.
    marked = expr.func(*expr.args, evaluate=False)
    parts = [_constant(arg) for arg in marked.args]
    return _assembled(marked, parts)


def _assembled(expr: sp.Expr, parts: list[Integrand]) -> Integrand:
    if isinstance(expr, (sp.Add, sp.Mul)):
        join = add if isinstance(expr, sp.Add) else mul
        return lambda z, analytic: reduce(join, (part(z, analytic) for part in parts))
    if isinstance(expr, sp.Pow):
        return _raised(parts[0], expr.args[1], parts[1])
    return _function(expr, parts[0])


def _power(expr: sp.Pow, variable: sp.Symbol) -> Integrand:
    base, exponent = expr.args
    return _raised(integrand(base, variable), exponent, integrand(exponent, variable))


def _raised(base: Integrand, exponent: sp.Expr, raised: Integrand) -> Integrand:
    """Integer powers have poles at most; all others have the cut of the logarithm."""
    if isinstance(exponent, sp.Integer):
        n = int(exponent)
        return lambda z, analytic: base(z, analytic) ** n
    if exponent == sp.Rational(1, 2):
        return lambda z, analytic: base(z, analytic).sqrt(analytic=analytic)
    if exponent == -sp.Rational(1, 2):
        return lambda z, analytic: base(z, analytic).rsqrt(analytic=analytic)
    return lambda z, analytic: (
        raised(z, analytic) * base(z, analytic).log(analytic=analytic)
    ).exp()


def _function(expr: sp.Expr, inner: Integrand) -> Integrand:
    if expr.func in _WHOLE_PLANE:
        total = _WHOLE_PLANE[expr.func]
        return lambda z, analytic: total(inner(z, analytic))
    if expr.func == sp.log:
        return lambda z, analytic: inner(z, analytic).log(analytic=analytic)
    if expr.func in (sp.atan, sp.asinh):
        cut = acb.atan if expr.func == sp.atan else acb.asinh
        return lambda z, analytic: _off_the_imaginary_cuts(inner(z, analytic), cut)
    raise BallError(f"{expr.func} has no complex enclosure here (in {expr})")


def _off_the_imaginary_cuts(z: acb, function: Callable[[acb], acb]) -> acb:
    """Arctangent and arsinh are holomorphic off {iy : |y| ≥ 1}."""
    real, imaginary = z.real, z.imag
    if real > 0 or real < 0 or (imaginary < 1 and imaginary > -1):
        return function(z)
    return acb(arb.nan(), arb.nan())
