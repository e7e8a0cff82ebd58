"""Whether a term is positive, or has no zero, on an interval: decided from its structure.

Three ways, each a proof: rational polynomials by Sturm's theorem (their real roots are found
exactly), ranges of the elementary functions in rational interval arithmetic, and
a + √b > 0 where b > a².
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any, TypeAlias

from sympy import (
    Add,
    Expr,
    Integer,
    Mul,
    Pow,
    Rational,
    Symbol,
    atan,
    cos,
    cosh,
    erf,
    erfc,
    exp,
    expand,
    oo,
    sin,
    tanh,
)

from theory.cases import Interval, rational_polynomial, real_zeros, shifted

_HALF = Rational(1, 2)


def is_positive(term: Expr, variable: Symbol, domain: Interval) -> bool:
    """Whether the term is shown to be positive on the whole interval; False says nothing."""
    if shifted(term, variable, domain).is_positive:
        return True
    if zeros(term, variable, domain) == []:
        return bool(term.subs(variable, domain.inside) > 0)
    low, _ = _range(term)
    return low > 0 or _outweighs(term, variable, domain)


def is_nonzero(term: Expr, variable: Symbol, domain: Interval) -> bool:
    """Whether the term is shown to have no zero on the interval; False says nothing."""
    return (
        bool(shifted(term, variable, domain).is_nonzero)
        or zeros(term, variable, domain) == []
        or is_positive(term, variable, domain)
        or is_positive(-term, variable, domain)
    )


def is_nonnegative(term: Expr, variable: Symbol, domain: Interval) -> bool:
    """Whether the term is shown to be at least 0 on the interval; False says nothing."""
    known = shifted(term, variable, domain).is_nonnegative
    return bool(known) or is_positive(term, variable, domain)


def zeros(term: Expr, variable: Symbol, domain: Interval) -> list[Expr] | None:
    """Return the zeros on the interval of a rational polynomial; None if they are not known."""
    poly = rational_polynomial(term, variable)
    return None if poly is None else real_zeros(poly, *domain)


def _outweighs(term: Expr, variable: Symbol, domain: Interval) -> bool:
    """Whether the term is a + c√b with c > 0 and c²b > a²."""
    if not isinstance(term, Add):
        return False
    for part in term.args:
        factor, root = part.as_coeff_Mul()
        if isinstance(root, Pow) and root.exp == _HALF and factor.is_positive:
            gap = expand(factor**2 * root.base - (term - part) ** 2)
            if is_positive(gap, variable, domain):
                return True
    return False


_Bounds: TypeAlias = "tuple[Expr, Expr]"
_ANY: _Bounds = (-oo, oo)
_ONE: _Bounds = (Integer(-1), Integer(1))
_BOUNDED: Mapping[Any, _Bounds] = {
    sin: _ONE, cos: _ONE, tanh: _ONE, erf: _ONE, erfc: (Integer(0), Integer(2)),
    atan: (Integer(-2), Integer(2)), cosh: (Integer(1), oo),
}  # fmt: skip


def _range(term: Expr) -> _Bounds:
    """Return rational or infinite bounds of a term, whatever real values its symbols have."""
    if term.is_Rational:
        return term, term
    if term.func in _BOUNDED:
        return _BOUNDED[term.func]
    if isinstance(term, Pow) and term.exp.is_Integer and term.exp.is_positive:
        return _power(_range(term.base), int(term.exp))
    if isinstance(term, exp) or (isinstance(term, Pow) and not term.exp.is_Integer):
        return Integer(0), oo  # real powers of what is not negative
    if isinstance(term, Add):
        bounds = [_range(arg) for arg in term.args]
        return Add(*(low for low, _ in bounds)), Add(*(high for _, high in bounds))
    if isinstance(term, Mul):
        return reduce(_times, (_range(arg) for arg in term.args))
    return _ANY


def _power(base: _Bounds, n: int) -> _Bounds:
    low, high = base
    if n % 2 or low >= 0:
        return low**n, high**n
    return (Integer(0) if high > 0 else high**n), max(low**n, high**n)


def _times(a: _Bounds, b: _Bounds) -> _Bounds:
    products = [Integer(0) if 0 in (x, y) else x * y for x in a for y in b]
    return min(products), max(products)
