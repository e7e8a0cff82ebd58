"""Case distinctions in a function of one real variable: where they switch, and what holds between.

A condition may compare any two terms whose difference is, between the switches inside it, a
polynomial with rational roots: ``x < 1``, ``abs(x) <= 2``, ``x**2 < 1``, ``max(x, 0) < 1/2``.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from sympy import (
    Abs,
    Basic,
    Dummy,
    Expr,
    Max,
    Min,
    Piecewise,
    Poly,
    Pow,
    Rational,
    Symbol,
    asinh,
    atan,
    erf,
    roots,
    sign,
    sinh,
    tanh,
    true,
)
from sympy.core.relational import Relational

from theory.expressions import ExpressionError

SWITCHES = (Abs, Min, Max, Piecewise, sign)
_LIKE_ITS_ARGUMENT = (tanh, sinh, atan, asinh, erf)  # increasing and odd: of its argument's sign
_LARGEST_IN_POWER = 1000
_MOST_CUTS = 40
_LARGEST_DEGREE = 12


class Interval(NamedTuple):
    """A closed interval of the real line; an infinite end is None."""

    low: Rational | None = None
    high: Rational | None = None

    @property
    def inside(self) -> Rational:
        """A point of the interval, not an end of it unless both ends agree."""
        if self.low is None:
            return Rational(0) if self.high is None else self.high - 1
        return self.low + 1 if self.high is None else (self.low + self.high) / 2


class CasesUndecided(ExpressionError):
    """Where a part of an expression switches is not found."""


def breakpoints(expression: Expr, variable: Symbol) -> list[Rational]:
    """Return, in order, the rational points where a part of the expression switches.

    Raises
    ------
    CasesUndecided
        If a switch is not at finitely many rational points that are found here.
    """
    found: set[Rational] = set()
    for part in expression.atoms(*SWITCHES):
        for switch in _switching(part):
            found |= _zeros(switch, variable)
            if len(found) > _MOST_CUTS:
                raise CasesUndecided(f"the expression switches more than {_MOST_CUTS} times")
    return sorted(found)


def _switching(part: Basic) -> list[Expr]:
    if isinstance(part, (Min, Max)):
        args = list(part.args)
        return [a - b for i, a in enumerate(args) for b in args[:i]]
    if isinstance(part, Piecewise):
        relations = [r for _, condition in part.args for r in condition.atoms(Relational)]
        return [r.lhs - r.rhs for r in relations]
    return [part.args[0]]


def _zeros(term: Expr, variable: Symbol) -> set[Rational]:
    """Return the zeros of a switching term, piece by piece where it switches itself."""
    cuts = breakpoints(term, variable)
    return {
        root
        for point, (low, high) in zip(between(cuts), pairwise([None, *cuts, None]), strict=True)
        for root in _roots(resolve(term, variable, point), variable)
        if (low is None or low <= root) and (high is None or root <= high)
    }


def _roots(term: Expr, variable: Symbol) -> list[Rational]:
    _, term = term.as_coeff_Mul()
    while isinstance(term, _LIKE_ITS_ARGUMENT):
        term = term.args[0]
    if variable not in term.free_symbols:
        return []
    poly = rational_polynomial(term, variable)
    found = None if poly is None else real_zeros(poly)
    if found is None:
        raise CasesUndecided(_unknown(term))
    for root in found:
        if not root.is_Rational:
            raise CasesUndecided(f"{term} decides between cases at {root}, which is not rational")
    return found


def rational_polynomial(term: Expr, variable: Symbol) -> Poly | None:
    """Return a term as a polynomial of low degree with rational coefficients, or None."""
    if not term.is_polynomial(variable):
        return None
    poly = Poly(term, variable)
    low = poly.degree() <= _LARGEST_DEGREE and all(c.is_Rational for c in poly.all_coeffs())
    return poly if low else None


def real_zeros(
    poly: Poly, low: Rational | None = None, high: Rational | None = None
) -> list[Expr] | None:
    """Return the real zeros between two points, in order and exactly.

    None if there is a zero of degree above 2 over the rationals, which is not given exactly.
    """
    found: set[Expr] = set()
    for factor, _ in poly.factor_list()[1]:
        if factor.degree() > 2:
            if factor.count_roots(low, high):
                return None
            continue
        found |= {root for root in roots(factor) if root.is_real}
    return sorted(r for r in found if (low is None or low <= r) and (high is None or r <= high))


def _unknown(term: Expr) -> str:
    return (
        f"{term} decides between cases; where it changes sign is only found for polynomials with "
        "rational coefficients, such as x < 1 or x**2 < 4"
    )


def as_cases(expression: Expr, variable: Symbol) -> Expr:
    """Return the expression with |·|, min and max written as one case distinction.

    Its derivative is then taken case by case, with no step or delta functions.
    """
    pieces = pieces_of(expression, variable)
    if len(pieces) == 1:
        return pieces[0][0]
    cases = [(piece, variable < domain.high) for piece, domain in pieces[:-1]]
    return Piecewise(*cases, (pieces[-1][0], True))


def pieces_of(expression: Expr, variable: Symbol) -> list[tuple[Expr, Interval]]:
    """Return the expression between its switches, without case distinctions.

    Raises
    ------
    CasesUndecided
        If the switches are not found.
    """
    cuts = breakpoints(expression, variable)
    domains = [Interval(low, high) for low, high in pairwise([None, *cuts, None])]
    pieces = [resolve(expression, variable, point) for point in between(cuts)]
    return [(_joined(p, variable, d), d) for p, d in zip(pieces, domains, strict=True)]


def _joined(piece: Expr, variable: Symbol, domain: Interval) -> Expr:
    """Join powers of the distance from an end: x²·√(−x) is (−x)^{5/2} for x ≤ 0."""
    roots = [p for p in piece.atoms(Pow) if p.exp.is_Rational and not p.exp.is_Integer]
    if not roots or domain == Interval():
        return piece
    t = Dummy("t", nonnegative=True)
    if domain.low is not None:
        return piece.subs(variable, domain.low + t).xreplace({t: variable - domain.low})
    return piece.subs(variable, domain.high - t).xreplace({t: domain.high - variable})


def shifted(term: Expr, variable: Symbol, domain: Interval) -> Expr:
    """Return the term on an interval as one in a variable whose sign SymPy knows."""
    if domain.low is not None:
        return term.subs(variable, domain.low + Dummy("t", nonnegative=True))
    if domain.high is not None:
        return term.subs(variable, domain.high - Dummy("t", nonnegative=True))
    return term.subs(variable, Dummy("t", real=True))


def between(cuts: list[Rational]) -> list[Rational]:
    """Return one point in each interval that the cuts leave."""
    if not cuts:
        return [Rational(0)]
    inner = [(a + b) / 2 for a, b in pairwise(cuts)]
    return [cuts[0] - 1, *inner, cuts[-1] + 1]


def value_at(expression: Expr, variable: Symbol, point: Expr) -> Expr | None:
    """Return the exact value at a point, or None where it is not computed."""
    powers = [p for p in expression.atoms(Pow) if variable in p.exp.free_symbols]
    numbers = [point, *(n for p in powers for n in p.atoms(Rational))]
    if powers and any(abs(n) > _LARGEST_IN_POWER for n in numbers):
        return None
    try:
        value = expression.subs(variable, point)
        return None if value.is_zero is value.is_real is None else value
    except (TypeError, ArithmeticError):  # undefined inside a condition, or out of SymPy's range
        return None


def resolve(expression: Expr, variable: Symbol, point: Rational) -> Expr:
    """Return the expression without case distinctions, as it reads near ``point``."""
    if not expression.args or not expression.atoms(*SWITCHES):
        return expression
    if isinstance(expression, Piecewise):
        for value, condition in expression.args:
            if condition.subs(variable, point) == true:
                return resolve(value, variable, point)
        raise ExpressionError(f"{expression} has no value at {point}")
    args = [resolve(arg, variable, point) for arg in expression.args]
    if isinstance(expression, (Abs, sign)):
        positive = bool(args[0].subs(variable, point) >= 0)
        if isinstance(expression, sign):
            return Rational(1) if positive else Rational(-1)
        return args[0] if positive else -args[0]
    if isinstance(expression, (Min, Max)):
        side = 1 if isinstance(expression, Max) else -1
        return next(
            a for a in args if all((side * (a - b)).subs(variable, point) >= 0 for b in args)
        )
    return expression.func(*args)
