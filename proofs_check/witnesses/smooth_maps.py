"""What it says, in coordinates, that a function of vectors is C¹ with a given derivative."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sympy import (
    Abs,
    Add,
    Eq,
    Expr,
    Lambda,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Symbol,
    atan,
    cos,
    cosh,
    exp,
    sin,
    sinh,
    tanh,
    true,
)

from proofs_check.witnesses.coordinates import Coordinates
from proofs_check.witnesses.spaces import NoCoordinates
from theory.formulas import ForAll, Formula, conjuncts, substitute
from theory.terms import Deriv, Gradient, Jacobian, VectorSymbol, derivative

_TOTAL = (Add, Mul, Abs, Max, Min, exp, sin, cos, tanh, sinh, cosh, atan)


def partial_derivatives(claim: Gradient | Jacobian, coordinates: Coordinates) -> Iterator[Formula]:
    """Yield that the partial derivatives of a function are those given; they are continuous.

    Raises
    ------
    NoCoordinates
        If it does not show on their face that they are continuous.
    """
    function, slope = claim.args
    (variable,) = function.variables
    slopes = substitute(slope.expr, {slope.variables[0]: variable})
    own = coordinates.binding((variable,), function.expr, slopes)
    inside, places = coordinates.within(own), own.get(variable, (variable,))
    if isinstance(claim, Gradient):
        pairs = [(inside.read(function.expr), inside.vector(slopes))]
    else:
        values, rows = inside.vector(function.expr), inside.matrix(slopes)
        pairs = list(zip(values, rows, strict=True))
    for value, row in pairs:
        yield from _of_one(value, row, places)


def in_coordinates(formula: Formula, coordinates: Coordinates) -> Iterator[Formula]:
    """Yield what a formula says in coordinates, that a map has a derivative among it.

    Raises
    ------
    NoCoordinates
        If it speaks of what the coordinates do not tell.
    """
    for part in [formula] if isinstance(formula, ForAll) else conjuncts(formula):
        if isinstance(part, (Gradient, Jacobian)) and _of_vectors(part):
            yield from partial_derivatives(part, coordinates)
        else:
            yield coordinates.read(part)


def _of_vectors(claim: Gradient | Jacobian) -> bool:
    return isinstance(claim.args[0].variables[0], VectorSymbol)


def _of_one(value: Expr, row: Sequence[Expr], places: Sequence[Symbol]) -> Iterator[Formula]:
    for place, slope in zip(places, row, strict=True):
        if not is_total(slope) or slope.has(Piecewise):
            raise NoCoordinates(f"whether {slope} is continuous")
        yield ForAll(tuple(places), true, Eq(derivative(value, place), slope, evaluate=False))


def is_total(term: Expr) -> bool:
    """Whether a term has a value everywhere; without cases, it is continuous too."""
    if isinstance(term, Symbol) or term.is_Rational:
        return True
    if isinstance(term, Pow):
        return bool(term.exp.is_Integer and term.exp > 0) and is_total(term.base)
    if isinstance(term, Piecewise):
        return all(is_total(value) for value, _ in term.args) and term.args[-1][1] == True  # noqa: E712
    return isinstance(term, _TOTAL) and all(is_total(arg) for arg in term.args)


def explicit_slopes(term: Expr) -> Expr:
    """Return a term with the derivatives of polynomials in it carried out."""
    slopes = {d: value for d in term.atoms(Deriv) if (value := _polynomial_slope(d)) is not None}
    found: Expr = term.xreplace(slopes)
    return found


def _polynomial_slope(slope: Deriv) -> Expr | None:
    function, point = slope.args
    if not isinstance(function, Lambda) or not is_polynomial(function.expr):
        return None
    (variable,) = function.variables
    found: Expr = substitute(function.expr.diff(variable), {variable: point})
    return found


def is_polynomial(term: Expr) -> bool:
    """Whether a term is a polynomial in all its symbols."""
    return bool(term.is_polynomial(*term.free_symbols))
