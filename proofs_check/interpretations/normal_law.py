"""Probabilities and means where the sample point is a standard normal number.

Only forms that are exact are read: events that an affine function of the sample point, or its
absolute value, exceeds or stays below a level; means of polynomials and exponentials.
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy import And, Eq, Ge, Gt, Integer, Le, Piecewise, Poly, Symbol, erfc, sqrt
from sympy.logic.boolalg import Boolean


class NoReading(ValueError):
    """A probability has no explicit form in this model."""


def mean_of(term: Any, variable: Symbol) -> Any:
    """Return E of a power of ω, or of the exponential of an affine term, times a constant.

    Raises
    ------
    NoReading
        If the term is neither.
    """
    factor, rest = term.as_independent(variable, as_Add=False)
    if isinstance(rest, sympy.exp):
        slope, offset = _affine(rest.args[0], variable)
        return factor * sympy.exp(offset + slope**2 / 2)
    polynomial = _polynomial(rest, variable)
    return factor * sympy.Add(*(_normal_moment(power) * c for (power,), c in polynomial.terms()))


def _normal_moment(power: int) -> Integer:
    return Integer(0) if power % 2 else sympy.factorial2(power - 1)


def probability_of(margin: Any, variable: Symbol) -> Any:
    """Return P(m(ω) ≥ 0) where m is affine, or an affine function of |affine|, or a least of these.

    Raises
    ------
    NoReading
        If the margin is none of them.
    """
    if not margin.has(variable):
        return one_if(Ge(margin, 0, evaluate=False))
    if isinstance(margin, sympy.Min):
        fixed = [Ge(a, 0, evaluate=False) for a in margin.args if not a.has(variable)]
        varying = [a for a in margin.args if a.has(variable)]
        if len(varying) != 1:
            raise NoReading(f"P({margin} >= 0) has no explicit form")
        inner = probability_of(varying[0], variable)
        return Piecewise((inner, And(*fixed)), (0, True), evaluate=False)
    expanded = sympy.expand(margin)
    outer = [a for a in expanded.atoms(sympy.Abs) if a.has(variable)]
    if not outer:
        slope, offset = _affine(expanded, variable)
        return _above(-offset, slope)
    return _outside(expanded, outer[0], variable)


def _outside(margin: Any, size: Any, variable: Symbol) -> Any:
    """Return P(c|affine| ≥ t); where the sign of c is open, it is left without a value at c < 0."""
    factor = margin.coeff(size)
    rest = sympy.expand(factor * size - margin)
    if not factor or factor.has(variable) or rest.has(variable):
        raise NoReading(f"P({margin} >= 0) has no explicit form")
    slope, offset = _affine(size.args[0], variable)
    threshold = rest / factor
    tails = _above(threshold - offset, slope) + _above(threshold + offset, slope)
    if factor.is_negative:
        return _within(slope, offset, threshold, tails)
    moving = Piecewise(
        (1, Le(threshold, 0, evaluate=False)),
        (one_if(Ge(sympy.Abs(offset), threshold, evaluate=False)), Eq(slope, 0, evaluate=False)),
        (tails, True),
        evaluate=False,
    )
    if factor.is_positive:
        return moving
    still = one_if(Le(rest, 0, evaluate=False))
    positive, zero = Gt(factor, 0, evaluate=False), Eq(factor, 0, evaluate=False)
    return Piecewise((moving, positive), (still, zero), evaluate=False)


def _within(slope: Any, offset: Any, threshold: Any, tails: Any) -> Any:
    """Return P(|slope·ω + offset| ≤ threshold); at the threshold itself it is 0, or constant."""
    fixed = one_if(Le(sympy.Abs(offset), threshold, evaluate=False))
    return Piecewise(
        (fixed, Eq(slope, 0, evaluate=False)),
        (0, Le(threshold, 0, evaluate=False)),
        (1 - tails, True),
        evaluate=False,
    )


def one_if(condition: Boolean) -> Any:
    """Return 1 where the condition holds, and 0 elsewhere."""
    return Piecewise((1, condition), (0, True), evaluate=False)


def _above(level: Any, slope: Any) -> Any:
    """Return P(slope·ω ≥ level); the slope is not 0."""
    return erfc(level / (sympy.Abs(slope) * sqrt(2))) / 2


def _affine(term: Any, variable: Symbol) -> tuple[Any, Any]:
    polynomial = _polynomial(term, variable)
    if polynomial.degree() != 1:
        raise NoReading(f"{term} is not affine in the sample point")
    slope, offset = polynomial.all_coeffs()
    return slope, offset


def _polynomial(term: Any, variable: Symbol) -> Poly:
    try:
        polynomial = Poly(sympy.expand(term), variable)
    except sympy.PolynomialError:
        raise NoReading(f"{term} is not a polynomial in the sample point") from None
    if any(c.has(variable) for c in polynomial.coeffs()):
        raise NoReading(f"{term} is not a polynomial in the sample point")
    return polynomial
