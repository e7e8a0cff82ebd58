"""Vectors and operators in coordinates: formulas about them become formulas about real numbers.

A function of vectors is a function of their coordinates, one after the other, and its value a
number, the coordinates of a vector or the rows of a matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import (
    Add,
    And,
    Eq,
    Expr,
    Ge,
    Integer,
    Lambda,
    Le,
    Mul,
    Ne,
    Not,
    Piecewise,
    Symbol,
    Tuple,
    false,
    true,
)
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from proofs_check.witnesses.placed import Placed
from proofs_check.witnesses.spaces import NoCoordinates
from proofs_check.witnesses.spectra import (
    Entries,
    Rows,
    in_range,
    length,
    norm_at_most,
    of_two,
    operator_norm,
    sigma_at_least,
    sigma_min,
)
from theory.formulas import ForAll, Formula, rebuild
from theory.terms import (
    Adjoint,
    Apply,
    Deriv,
    FrobeniusNorm,
    Inner,
    InRange,
    IsInteger,
    Norm,
    OperatorNorm,
    OperatorSymbol,
    SigmaMin,
    Sort,
    VectorSymbol,
    is_zero,
    sort_of,
)


@dataclass(frozen=True)
class Coordinates(Placed):
    """A reading of formulas in coordinates."""

    def read(self, term: Any) -> Any:
        """Return a formula or real term with everything in coordinates.

        Raises
        ------
        NoCoordinates
            If it speaks of functions of vectors that are not known.
        """
        if isinstance(term, ForAll):
            return self._quantified(term)
        if not term.args:
            return term
        if isinstance(term, IsInteger):
            return _is_integer(self.read(term.args[0]))
        if type(term) in _READINGS:
            return _READINGS[type(term)](self, *term.args)
        if isinstance(term, (Eq, Ne)) and _sort(term) is not Sort.REAL:
            return self._equation(term)
        if isinstance(term, (Le, Ge)) and (size := self._size_bounded(term)) is not None:
            return size
        if isinstance(term, AppliedUndef) and term.func in self.functions:
            return self.value(term.func, [self._places(a) for a in term.args])
        if isinstance(term, AppliedUndef) and sort_of(term) is not Sort.REAL:
            raise NoCoordinates(f"{term} is the value of an unknown function")
        if isinstance(term, Lambda) and any(isinstance(v, VectorSymbol) for v in term.variables):
            raise NoCoordinates(f"{term} is a function of vectors")
        return rebuild(term, [self.read(arg) for arg in term.args])

    def _quantified(self, term: ForAll) -> Formula:
        own = self.binding(term.variables, term.given, term.body)
        inside = self.within(own)
        variables = [s for v in term.variables for s in own.get(v, (v,))]
        return ForAll(tuple(variables), inside.read(term.given), inside.read(term.body))

    def _places(self, argument: Any) -> Entries:
        if isinstance(argument, Tuple):  # a sample point
            return tuple(argument)
        if is_zero(argument) or sort_of(argument) is Sort.VECTOR:
            return self.vector(argument)
        return (self.read(argument),)

    def _equation(self, relation: Any) -> Boolean:
        left, right = (a for a in relation.args)
        if _sort(relation) is Sort.VECTOR:
            pairs = _paired(self.vector(left), self.vector(right))
        else:
            sides = (sum(self.matrix(side), ()) for side in (left, right))
            pairs = _paired(*sides)
        equal = And(*(Eq(a, b, evaluate=False) for a, b in pairs))
        return Not(equal) if isinstance(relation, Ne) else equal

    def _size_bounded(self, relation: Any) -> Boolean | None:
        """Return ‖M‖ ≤ c and σ_min(M) ≥ c by definiteness, where roots do not suffice."""
        for kind, size, bound in (
            (OperatorNorm, relation.lts, relation.gts),
            (SigmaMin, relation.gts, relation.lts),
        ):
            if isinstance(size, kind):
                rows = self.matrix(size.args[0])
                if rows and not of_two(rows):
                    within = norm_at_most if kind is OperatorNorm else sigma_at_least
                    return within(rows, self.read(bound))
        return None

    def vector(self, term: Expr) -> Entries:
        """Return the coordinates of a vector term; the zero vector has none."""
        if is_zero(term):
            return ()
        if isinstance(term, VectorSymbol):
            return self._known(self.vectors, term)
        if isinstance(term, (Apply, Adjoint)):
            rows = self.matrix(term.args[0])
            if isinstance(term, Adjoint):
                rows = tuple(zip(*rows, strict=True))
            inner = self.vector(term.args[1])
            return tuple(_dot(row, inner) for row in rows)
        if isinstance(term, Add):
            return _sum([self.vector(arg) for arg in term.args])
        if isinstance(term, Mul):
            factor, rest = _split(term, self.read)
            return tuple(factor * entry for entry in self.vector(rest))
        if isinstance(term, Deriv):
            return self._velocity(term)
        if isinstance(term, AppliedUndef) and term.func in self.functions:
            value = self.value(term.func, [self._places(a) for a in term.args])
            return tuple(value) if isinstance(value, Tuple) else (value,)
        raise NoCoordinates(f"{term} is the value of an unknown function")

    def _velocity(self, term: Deriv) -> Entries:
        """Return the derivative of a curve, entry by entry."""
        curve, point = term.args
        entries, place = self.vector(curve.expr), self.read(point)
        return tuple(Deriv(Lambda(curve.variables, entry), place) for entry in entries)

    def matrix(self, term: Expr) -> Rows:
        """Return the rows of an operator term; the zero operator has none."""
        if is_zero(term):
            return ()
        if isinstance(term, OperatorSymbol):
            return self._known(self.operators, term)
        if isinstance(term, Add):
            parts = [rows for rows in map(self.matrix, term.args) if rows]
            return tuple(_sum(list(rows)) for rows in zip(*parts, strict=True))
        if isinstance(term, Mul):
            factor, rest = _split(term, self.read)
            return tuple(tuple(factor * entry for entry in row) for row in self.matrix(rest))
        if isinstance(term, AppliedUndef) and term.func in self.functions:
            value = self.value(term.func, [self._places(a) for a in term.args])
            return tuple(map(tuple, value)) if isinstance(value, Tuple) else ((value,),)
        raise NoCoordinates(f"{term} is the value of an unknown function")

    def entries(self, term: Any) -> Entries:
        """Return all entries of a term, be it a number, a vector or an operator."""
        sort = sort_of(term)
        if sort is Sort.REAL:
            return (self.read(term),)
        return self.vector(term) if sort is Sort.VECTOR else sum(self.matrix(term), ())

    def _known(self, table: Mapping[Symbol, Any], symbol: Symbol) -> Any:
        if symbol not in table:
            raise NoCoordinates(f"{symbol} has no coordinates")
        return table[symbol]

    def _norm(self, term: Expr) -> Expr:
        return length(self.vector(term) or (Integer(0),))

    def _inner(self, left: Expr, right: Expr) -> Expr:
        return _dot(self.vector(left), self.vector(right))

    def _operator_norm(self, term: Expr) -> Expr:
        return operator_norm(self.matrix(term))

    def _sigma_min(self, term: Expr) -> Expr:
        return sigma_min(self.matrix(term))

    def _frobenius(self, term: Expr) -> Expr:
        return length(sum(self.matrix(term), ()))

    def _in_range(self, operator: Expr, term: Expr) -> Boolean:
        rows, vector = self.matrix(operator), self.vector(term)
        if not vector:
            return true
        return in_range(rows, vector)


_READINGS: Mapping[type, Callable[..., Any]] = {
    Norm: Coordinates._norm,
    Inner: Coordinates._inner,
    OperatorNorm: Coordinates._operator_norm,
    FrobeniusNorm: Coordinates._frobenius,
    SigmaMin: Coordinates._sigma_min,
    InRange: Coordinates._in_range,
}


def _is_integer(number: Expr) -> Boolean:
    if number.is_number:
        return true if number.is_integer else false
    branches: tuple[Any, ...] = number.args if isinstance(number, Piecewise) else ()
    whole = bool(branches) and all(branch.args[0].is_Integer for branch in branches)
    return true if whole and branches[-1].args[1] == True else IsInteger(number)  # noqa: E712


def _sort(relation: Any) -> Sort:
    sorts = {sort_of(a) for a in relation.args if isinstance(a, Expr) and not is_zero(a)}
    return next((s for s in (Sort.VECTOR, Sort.OPERATOR) if s in sorts), Sort.REAL)


def _split(term: Mul, read: Callable[[Expr], Expr]) -> tuple[Expr, Expr]:
    factor = Mul(*(read(arg) for arg in term.args if sort_of(arg) is Sort.REAL))
    return factor, next(arg for arg in term.args if sort_of(arg) is not Sort.REAL)


def _dot(left: Sequence[Expr], right: Sequence[Expr]) -> Expr:
    return Add(*(a * b for a, b in _paired(left, right)))


def _sum(parts: Sequence[Entries]) -> Entries:
    known = [part for part in parts if part]
    for part in known[1:]:
        _paired(known[0], part)
    return tuple(Add(*entries) for entries in zip(*known, strict=True))


def _paired(left: Sequence[Expr], right: Sequence[Expr]) -> list[tuple[Expr, Expr]]:
    """Return pairs of coordinates; the zero vector has as many as the other."""
    if left and right and len(left) != len(right):
        raise NoCoordinates(f"{len(left)} coordinates cannot meet {len(right)}")
    zeros = (Integer(0),) * max(len(left), len(right))
    return list(zip(left or zeros, right or zeros, strict=True))
