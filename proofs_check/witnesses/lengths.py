"""Simpler forms of what coordinates make of lengths: squares in place of roots and of signs."""

from __future__ import annotations

from typing import Any

from sympy import (
    Abs,
    Add,
    And,
    Eq,
    Expr,
    Ge,
    Gt,
    Le,
    Lt,
    Max,
    Min,
    Mul,
    Pow,
    Rational,
    atan,
    cos,
    cosh,
    exp,
    log,
    sin,
    sinh,
    tanh,
)
from sympy.core.relational import Relational

from theory.formulas import ForAll, Formula, rebuild

_EVEN, _ODD = (cosh, cos), (tanh, sinh, atan, sin)


def without_signs(term: Any) -> Any:
    """Return a formula or term in which even functions of |a| are those of a."""
    if isinstance(term, ForAll):
        return ForAll(term.variables, without_signs(term.given), without_signs(term.body))
    if not term.has(Abs):
        return term
    plain = rebuild(term, [without_signs(arg) for arg in term.args]) if term.args else term
    if isinstance(plain, _EVEN) and isinstance(plain.args[0], Abs):
        return plain.func(plain.args[0].args[0])
    if isinstance(plain, Pow) and plain.exp.is_Integer and plain.exp % 2 == 0:
        return _unsigned(plain.base) ** plain.exp
    return plain


def _unsigned(base: Expr) -> Expr:
    if isinstance(base, Abs):
        return base.args[0]
    if isinstance(base, _ODD) and isinstance(base.args[0], Abs):
        return base.func(base.args[0].args[0])
    return base


def without_roots(formula: Formula) -> Formula:
    """Return a formula with relations between lengths squared, and those of extremes split.

    c√P ≤ d√Q becomes c²P ≤ d²Q where c and d are not negative and P and Q sums of squares,
    cosh a ≤ e^b becomes log cosh a ≤ b, and min(a, b) ≥ c becomes a ≥ c and b ≥ c.
    """
    if isinstance(formula, ForAll):
        parts = without_roots(formula.given), without_roots(formula.body)
        return ForAll(formula.variables, *parts)
    if isinstance(formula, (Le, Lt, Ge, Gt)):
        claims = [_squared(claim) for claim in _term_by_term(formula)]
        return And(*claims) if len(claims) > 1 else claims[0]
    if isinstance(formula, Eq):
        return _squared(formula)
    if isinstance(formula, Relational) or not formula.args or not formula.is_Boolean:
        return formula
    return rebuild(formula, [without_roots(arg) if arg.is_Boolean else arg for arg in formula.args])


def _term_by_term(relation: Any) -> list[Any]:
    """Return the claims that each term of an extreme is on the right side of a bound."""
    small, large = relation.lts, relation.gts
    build = Lt if isinstance(relation, (Lt, Gt)) else Le
    if isinstance(large, Min):
        return [build(small, term, evaluate=False) for term in large.args]
    if isinstance(small, Max):
        return [build(term, large, evaluate=False) for term in small.args]
    return [relation]


def _squared(relation: Any) -> Formula:
    if isinstance(relation, Le) and all(map(isinstance, relation.args, (cosh, exp))):
        left, right = relation.args
        return Le(log(left), right.args[0], evaluate=False)
    squares = [_square(side) for side in relation.args]
    if None in squares or all(side.is_number for side in relation.args):
        return relation
    return relation.func(*squares, evaluate=False)


def _square(side: Expr) -> Expr | None:
    """Return the square of a product of lengths and a number, if it is certainly not negative."""
    factor, rest = side.as_coeff_Mul()
    if not isinstance(factor, Rational) or factor < 0:
        return None
    lengths = [] if rest == 1 else Mul.make_args(rest)
    if not all(_is_length(part) for part in lengths):
        return None
    return Mul(factor**2, *(part.base for part in lengths))


def _is_length(term: Expr) -> bool:
    root = isinstance(term, Pow) and term.exp == Rational(1, 2)
    return root and _sum_of_squares(term.base)


def _sum_of_squares(term: Expr) -> bool:
    return all(_is_square(part) for part in Add.make_args(term))


def _is_square(term: Expr) -> bool:
    """Whether a term is a product of even powers, absolute values and a number that is not < 0."""
    factor, rest = term.as_coeff_Mul()
    return bool(factor >= 0) and all(map(_is_even, Mul.make_args(rest)))


def _is_even(factor: Expr) -> bool:
    power = isinstance(factor, Pow) and factor.exp.is_Integer and factor.exp > 0
    return factor == 1 or isinstance(factor, Abs) or bool(power and factor.exp % 2 == 0)
