"""Singular values of matrices with exact entries: their norms, and bounds decided by definiteness.

‖M‖ ≤ c says that c²I − MMᵀ has no negative eigenvalue, σ_min(M) ≥ c that MMᵀ − c²I has none. A
symmetric matrix has none exactly if the sums of its principal minors of each size are not negative
(the signs of its characteristic polynomial), and it may be split into blocks that do not meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TypeAlias

from sympy import (
    Abs,
    Add,
    And,
    Eq,
    Expr,
    Ge,
    Integer,
    Matrix,
    Max,
    Min,
    Ne,
    Or,
    Poly,
    Symbol,
    expand,
    sqrt,
)
from sympy.logic.boolalg import Boolean

from proofs_check.witnesses.spaces import NoCoordinates

Entries: TypeAlias = tuple[Expr, ...]
Rows: TypeAlias = tuple[Entries, ...]


def length(entries: Sequence[Expr]) -> Expr:
    """Return the Euclidean length of coordinates."""
    if len(entries) == 1:
        return Abs(entries[0]) if entries[0].is_number else sqrt(entries[0] ** 2)
    return sqrt(Add(*(entry**2 for entry in entries)))


def operator_norm(rows: Rows) -> Expr:
    """Return the largest singular value of a matrix.

    Raises
    ------
    NoCoordinates
        If it has no closed form here: a block beyond 2 × 2 whose eigenvalues are not all rational.
    """
    if not rows:
        return Integer(0)
    if of_two(rows):
        return singular_values(rows)[0]
    return Max(*(sqrt(root) for root in _eigenvalues(_smaller_gram(rows))))


def sigma_min(rows: Rows) -> Expr:
    """Return σ_min(M) = inf{‖Mᵀz‖ : ‖z‖ = 1}: 0 for more rows than columns.

    Raises
    ------
    NoCoordinates
        If it has no closed form here.
    """
    if not rows or len(rows) > len(rows[0]):
        return Integer(0)
    if of_two(rows):
        return singular_values(rows)[len(rows) - 1]
    return Min(*(sqrt(root) for root in _eigenvalues(gram(rows))))


def norm_at_most(rows: Rows, bound: Expr) -> Boolean:
    """Return what makes the norm of a matrix at most a number."""
    square = _smaller_gram(rows)
    within = [[-entry for entry in row] for row in square]
    for i, row in enumerate(within):
        row[i] += bound**2
    return And(Ge(bound, 0, evaluate=False), positive_semidefinite(within))


def sigma_at_least(rows: Rows, bound: Expr) -> Boolean:
    """Return what makes σ_min of a matrix at least a number that is not negative."""
    square = [list(row) for row in gram(rows)]
    for i, row in enumerate(square):
        row[i] -= bound**2
    return And(Ge(bound, 0, evaluate=False), positive_semidefinite(square))


def gram(rows: Rows) -> list[list[Expr]]:
    """Return MMᵀ."""
    return [[Add(*(a * b for a, b in zip(p, q, strict=True))) for q in rows] for p in rows]


def positive_semidefinite(square: Sequence[Sequence[Expr]]) -> Boolean:
    """Return what makes a symmetric matrix have no negative eigenvalue."""
    return And(*(
        Ge(_minors(square, block, size), 0, evaluate=False)
        for block in _blocks(square)
        for size in range(1, len(block) + 1)
    ))  # fmt: skip


def _minors(square: Sequence[Sequence[Expr]], block: Sequence[int], size: int) -> Expr:
    """Return the sum of the principal minors of a size, of one block."""
    if size == 1:
        return Add(*(square[i][i] for i in block))
    chosen = combinations(block, size)
    return Add(*(Matrix([[square[i][j] for j in c] for i in c]).det() for c in chosen))


def _blocks(square: Sequence[Sequence[Expr]]) -> Iterator[list[int]]:
    """Yield the indices of the blocks that a symmetric matrix falls into."""
    left = set(range(len(square)))
    while left:
        block, reached = set[int](), {min(left)}
        while reached:
            block |= reached
            reached = {
                j for i in reached for j in left - block if expand(square[i][j]) != 0
            }  # fmt: skip
        left -= block
        yield sorted(block)


def _eigenvalues(square: Sequence[Sequence[Expr]]) -> list[Expr]:
    return [root for block in _blocks(square) for root in _of_block(square, block)]


def _of_block(square: Sequence[Sequence[Expr]], block: Sequence[int]) -> list[Expr]:
    entries = [[square[i][j] for j in block] for i in block]
    if len(block) == 1:
        return [entries[0][0]]
    if len(block) == 2:
        (a, b), (_, d) = entries
        spread = length((a - d, 2 * b))
        return [(a + d + spread) / 2, (a + d - spread) / 2]
    matrix = Matrix(entries)
    if not all(entry.is_Rational for entry in matrix):
        raise NoCoordinates("the singular values of a matrix with unknown entries")
    variable = Symbol("_eigenvalue")
    roots = Poly(matrix.charpoly(variable).as_expr(), variable).ground_roots()
    if sum(roots.values()) != len(block):
        raise NoCoordinates("singular values that are no square roots of rationals")
    return list(roots)


def _smaller_gram(rows: Rows) -> list[list[Expr]]:
    """Return MMᵀ or MᵀM, whose largest eigenvalues are the same."""
    columns = tuple(zip(*rows, strict=True))
    return gram(rows if len(rows) <= len(columns) else columns)


def of_two(rows: Rows) -> bool:
    """Whether a matrix has one row, one column or two of both: then roots suffice for σ."""
    return len(rows) == 1 or len(rows[0]) == 1 or len(rows) == len(rows[0]) == 2


def singular_values(rows: Rows) -> tuple[Expr, Expr]:
    """Return the singular values of a matrix of two rows and columns, or of one or the other.

    (p ± q)/2 with p² = (a+d)² + (b−c)², q² = (a−d)² + (b+c)², without nested roots.
    """
    if len(rows) == 1 or len(rows[0]) == 1:
        return length(sum(rows, ()) or (Integer(0),)), Integer(0)
    (a, b), (c, d) = rows
    p, q = length((a + d, b - c)), length((a - d, b + c))
    return (p + q) / 2, length((p - q,)) / 2


def in_range(rows: Rows, vector: Sequence[Expr]) -> Boolean:
    """Return what makes a vector lie in the range of a matrix.

    Where all entries are rational, that it is orthogonal to all that the adjoint sends to 0.

    Raises
    ------
    NoCoordinates
        If an entry is no rational number and there are more than two rows or columns.
    """
    if all(entry.is_Rational for row in rows for entry in row):
        unseen = Matrix(rows).T.nullspace()
        sums = (Add(*(a * b for a, b in zip(null, vector, strict=True))) for null in unseen)
        return And(*(Eq(total, 0, evaluate=False) for total in sums))
    nothing = And(*(Eq(entry, 0, evaluate=False) for entry in vector))
    if len(rows) == 1:
        return Or(nothing, *(Ne(a, 0, evaluate=False) for a in rows[0]))
    if not of_two(rows) or len(rows) > 2:
        raise NoCoordinates("the range of a matrix with unknown entries")
    return Or(nothing, _in_plane(rows, vector))


def _in_plane(rows: Rows, vector: Sequence[Expr]) -> Boolean:
    """Return what makes a vector with two coordinates lie in the range of a matrix."""
    columns = list(zip(*rows, strict=True))
    parallel = And(*(Eq(_determinant(c, vector), 0, evaluate=False) for c in columns))
    some = Or(*(Ne(entry, 0, evaluate=False) for row in rows for entry in row))
    if len(columns) == 1:
        return And(parallel, some)
    full = Ne(_determinant(*columns), 0, evaluate=False)
    return Or(full, And(parallel, some))


def _determinant(first: Sequence[Expr], second: Sequence[Expr]) -> Expr:
    return first[0] * second[1] - first[1] * second[0]
