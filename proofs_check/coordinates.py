"""Vectors and operators in coordinates: formulas about them become formulas about real numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sympy import (
    Abs,
    Add,
    And,
    Eq,
    Expr,
    Integer,
    Lambda,
    Mul,
    Ne,
    Not,
    Or,
    Symbol,
    false,
    sqrt,
    true,
)
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from proofs_check.spaces import NoCoordinates
from theory.formulas import ForAll, Formula, rebuild
from theory.terms import (
    Adjoint,
    Apply,
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

Entries: TypeAlias = tuple[Expr, ...]
Rows: TypeAlias = tuple[Entries, ...]


@dataclass(frozen=True)
class Coordinates:
    """The coordinates of every vector and operator; those that a formula binds have a dimension.

    Parameters
    ----------
    vectors : mapping
        Vector to its coordinates.
    operators : mapping
        Operator to the rows of its matrix.
    bound : mapping
        Name of a bound vector to its dimension.
    """

    vectors: Mapping[Symbol, Entries] = field(default_factory=dict)
    operators: Mapping[Symbol, Rows] = field(default_factory=dict)
    bound: Mapping[str, int] = field(default_factory=dict)

    def read(self, term: Any) -> Any:
        """Return a formula or real term with everything in coordinates.

        Raises
        ------
        NoCoordinates
            If it speaks of functions of vectors.
        """
        if isinstance(term, ForAll):
            return self._quantified(term)
        if not term.args:
            return term
        if isinstance(term, IsInteger) and term.args[0].is_number:
            return true if term.args[0].is_integer else false
        if type(term) in _READINGS:
            return _READINGS[type(term)](self, *term.args)
        if isinstance(term, (Eq, Ne)) and _sort(term) is not Sort.REAL:
            return self._equation(term)
        if isinstance(term, AppliedUndef) and sort_of(term) is not Sort.REAL:
            raise NoCoordinates(f"{term} is the value of an unknown function")
        if isinstance(term, Lambda) and any(isinstance(v, VectorSymbol) for v in term.variables):
            raise NoCoordinates(f"{term} is a function of vectors")
        return rebuild(term, [self.read(arg) for arg in term.args])

    def _quantified(self, term: ForAll) -> Formula:
        own = {v: _names(v, self.bound.get(v.name, 1)) for v in term.variables if _is_vector(v)}
        inside = Coordinates({**self.vectors, **own}, self.operators, self.bound)
        variables = [s for v in term.variables for s in own.get(v, (v,))]
        return ForAll(tuple(variables), inside.read(term.given), inside.read(term.body))

    def _equation(self, relation: Any) -> Boolean:
        left, right = (a for a in relation.args)
        if _sort(relation) is Sort.VECTOR:
            pairs = _paired(self.vector(left), self.vector(right))
        else:
            sides = (sum(self.matrix(side), ()) for side in (left, right))
            pairs = _paired(*sides)
        equal = And(*(Eq(a, b, evaluate=False) for a, b in pairs))
        return Not(equal) if isinstance(relation, Ne) else equal

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
        raise NoCoordinates(f"{term} is the value of an unknown function")

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
        raise NoCoordinates(f"{term} is the value of an unknown function")

    def _known(self, table: Mapping[Symbol, Any], symbol: Symbol) -> Any:
        if symbol not in table:
            raise NoCoordinates(f"{symbol} has no coordinates")
        return table[symbol]

    def _norm(self, term: Expr) -> Expr:
        return length(self.vector(term))

    def _inner(self, left: Expr, right: Expr) -> Expr:
        return _dot(self.vector(left), self.vector(right))

    def _operator_norm(self, term: Expr) -> Expr:
        return singular_values(self.matrix(term))[0]

    def _sigma_min(self, term: Expr) -> Expr:
        rows = self.matrix(term)
        return singular_values(rows)[len(rows) - 1] if len(rows) else Integer(0)

    def _frobenius(self, term: Expr) -> Expr:
        return length(sum(self.matrix(term), ()))

    def _in_range(self, operator: Expr, term: Expr) -> Boolean:
        rows, vector = self.matrix(operator), self.vector(term)
        nothing = And(*(Eq(entry, 0, evaluate=False) for entry in vector))
        columns: list[Entries] = list(zip(*rows, strict=True))
        if len(rows) == 1:
            return Or(nothing, *(Ne(a, 0, evaluate=False) for a in rows[0]))
        parallel = And(*(Eq(_determinant(c, vector), 0, evaluate=False) for c in columns))
        some = Or(*(Ne(entry, 0, evaluate=False) for row in rows for entry in row))
        if len(columns) == 1:
            return Or(nothing, And(parallel, some))
        full = Ne(_determinant(*columns), 0, evaluate=False)
        return Or(nothing, full, And(parallel, some))


_READINGS: Mapping[type, Callable[..., Any]] = {
    Norm: Coordinates._norm,
    Inner: Coordinates._inner,
    OperatorNorm: Coordinates._operator_norm,
    FrobeniusNorm: Coordinates._frobenius,
    SigmaMin: Coordinates._sigma_min,
    InRange: Coordinates._in_range,
}


def length(entries: Sequence[Expr]) -> Expr:
    """Return the Euclidean length of coordinates."""
    if len(entries) == 1:
        return Abs(entries[0]) if entries[0].is_number else sqrt(entries[0] ** 2)
    return sqrt(Add(*(entry**2 for entry in entries)))


def singular_values(rows: Rows) -> tuple[Expr, Expr]:
    """Return the singular values of a matrix of at most two rows and columns, the largest first.

    (p ± q)/2 with p² = (a+d)² + (b−c)², q² = (a−d)² + (b+c)², without nested roots.
    """
    if not rows or len(rows) == 1 or len(rows[0]) == 1:
        return length(sum(rows, ()) or (Integer(0),)), Integer(0)
    (a, b), (c, d) = rows
    p, q = length((a + d, b - c)), length((a - d, b + c))
    return (p + q) / 2, length((p - q,)) / 2


def named(symbol: Symbol, shape: tuple[int, ...], taken: set[str]) -> Any:
    """Return fresh symbols for the coordinates of a vector, or the rows of a matrix."""
    if len(shape) == 1:
        names = [str(i + 1) for i in range(shape[0])] if shape[0] > 1 else [""]
        return tuple(_fresh(symbol.name, name, taken) for name in names)
    plain = shape == (1, 1)
    return tuple(
        tuple(
            _fresh(symbol.name, "" if plain else f"{i + 1}{j + 1}", taken) for j in range(shape[1])
        )
        for i in range(shape[0])
    )


def _fresh(stem: str, index: str, taken: set[str]) -> Symbol:
    name = f"{stem}_{index}" if index else stem
    while index and name in taken:
        name += "'"
    taken.add(name)
    return Symbol(name)


def _names(variable: Symbol, dimension: int) -> Entries:
    """Return the coordinates of a bound vector; a prime keeps them apart from everything else."""
    if dimension == 1:
        return (Symbol(variable.name),)
    return tuple(Symbol(f"{variable.name}'_{i + 1}") for i in range(dimension))


def _is_vector(symbol: Symbol) -> bool:
    return isinstance(symbol, VectorSymbol)


def _sort(relation: Any) -> Sort:
    sorts = {sort_of(a) for a in relation.args if isinstance(a, Expr) and not is_zero(a)}
    return next((s for s in (Sort.VECTOR, Sort.OPERATOR) if s in sorts), Sort.REAL)


def _split(term: Mul, read: Callable[[Expr], Expr]) -> tuple[Expr, Expr]:
    factor = Mul(*(read(arg) for arg in term.args if sort_of(arg) is Sort.REAL))
    return factor, next(arg for arg in term.args if sort_of(arg) is not Sort.REAL)


def _dot(left: Sequence[Expr], right: Sequence[Expr]) -> Expr:
    return Add(*(a * b for a, b in zip(left, right, strict=bool(left and right))))


def _sum(parts: Sequence[Entries]) -> Entries:
    return tuple(Add(*entries) for entries in zip(*(p for p in parts if p), strict=True))


def _paired(left: Entries, right: Entries) -> list[tuple[Expr, Expr]]:
    zeros = (Integer(0),) * max(len(left), len(right))
    return list(zip(left or zeros, right or zeros, strict=True))


def _determinant(first: Sequence[Expr], second: Sequence[Expr]) -> Expr:
    return first[0] * second[1] - first[1] * second[0]
