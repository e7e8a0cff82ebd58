"""Vector terms as linear forms over atoms, inner products of atoms as keys, Gram matrices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import sympy
from sympy import Expr, Integer, Matrix, Rational

from theory.terms import Adjoint, Apply, Sort, is_zero, sort_of

LinearForm: TypeAlias = dict[Expr, Expr]
Letter: TypeAlias = tuple[Expr, bool]
Key: TypeAlias = tuple[Expr, tuple[Letter, ...], Expr]


def linear_form(term: Expr, sort: Sort = Sort.VECTOR) -> LinearForm:
    """Return a vector (or operator) term as atoms with real coefficients.

    Operators are applied linearly in both arguments, so every atom is a chain of operator atoms
    applied to a vector symbol or to the value of a vector function.

    Raises
    ------
    TypeError
        If the term is not of that sort.
    """
    if is_zero(term):
        return {}
    if sort_of(term) is not sort:
        raise TypeError(f"{term} is not of sort {sort.value}")
    if isinstance(term, sympy.Add):
        return _combine((linear_form(arg, sort), Integer(1)) for arg in term.args)
    if isinstance(term, sympy.Mul):
        scalar = sympy.Mul(*(arg for arg in term.args if sort_of(arg) is Sort.REAL))
        rest = next(arg for arg in term.args if sort_of(arg) is not Sort.REAL)
        return _combine([(linear_form(rest, sort), scalar)])
    if isinstance(term, (Apply, Adjoint)):
        operators, vectors = linear_form(term.args[0], Sort.OPERATOR), linear_form(term.args[1])
        return _combine(
            ({term.func(m, x): Integer(1)}, a * b)
            for m, a in operators.items()
            for x, b in vectors.items()
        )
    return {term: Integer(1)}


def difference(left: LinearForm, right: LinearForm) -> LinearForm:
    """Return left − right."""
    return _combine([(left, Integer(1)), (right, Integer(-1))])


def _combine(parts: Iterable[tuple[LinearForm, Expr]]) -> LinearForm:
    total: LinearForm = {}
    for form, factor in parts:
        for atom, coefficient in form.items():
            total[atom] = total.get(atom, Integer(0)) + factor * coefficient
    return {atom: c for atom, c in total.items() if c != 0}


def peel(atom: Expr) -> tuple[tuple[Letter, ...], Expr]:
    """Return an atom as a word of operators (True marks an adjoint) and what it is applied to."""
    word: list[Letter] = []
    while isinstance(atom, (Apply, Adjoint)):
        word.append((atom.args[0], isinstance(atom, Adjoint)))
        atom = atom.args[1]
    return tuple(word), atom


def apply_word(word: Iterable[Letter], base: Expr) -> Expr:
    """Return the word of operators applied to a vector; inverse of :func:`peel`."""
    for operator, adjoint in reversed(tuple(word)):
        base = (Adjoint if adjoint else Apply)(operator, base)
    return base


def inner_key(left: Expr, right: Expr) -> Key:
    """Return what ⟨left, right⟩ is up to symmetry and moving operators across as adjoints."""
    (first, a), (second, b) = peel(left), peel(right)
    word = (*_transpose(first), *second)
    return min((a, word, b), (b, _transpose(word), a), key=_order)


def _transpose(word: tuple[Letter, ...]) -> tuple[Letter, ...]:
    return tuple((operator, not adjoint) for operator, adjoint in reversed(word))


def _order(key: Key) -> tuple[object, ...]:
    a, word, b = key
    letters = tuple((sympy.default_sort_key(m), adjoint) for m, adjoint in word)
    return sympy.default_sort_key(a), letters, sympy.default_sort_key(b)


def realize(gram: Sequence[Sequence[Rational]]) -> list[list[str]] | None:
    """Return vectors, coordinates as exact text, whose inner products are the entries given.

    Parameters
    ----------
    gram : sequence of sequences of Rational
        A symmetric matrix.

    Returns
    -------
    list of list of str or None
        None when the matrix is not positive semidefinite.
    """
    rest = Matrix(gram)
    columns: list[tuple[Any, Any]] = []
    for k in range(rest.rows):
        pivot, column = rest[k, k], rest[:, k]
        if pivot < 0 or (pivot == 0 and any(column)):
            return None
        if pivot > 0:
            columns.append((pivot, column / pivot))
            rest = rest - column * column.T / pivot
    return [[str(sympy.sqrt(d) * c[i]) for d, c in columns] for i in range(rest.rows)]
