"""Reading Matrix Market files (``.mtx``), plain and guarded.

SciPy's reader is compiled code that a malformed file can crash, so this one is ours: the whole
format for real matrices, with every index and count checked.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from numerics.errors import ProblemError
from numerics.rigorous.rounding import Array

MAX_BYTES = 1_000_000_000
_FIELDS = ("real", "integer", "double", "pattern")
_SYMMETRIES = {"general": 0.0, "symmetric": 1.0, "skew-symmetric": -1.0}


def read_market(path: Path, check_shape: Callable[[int, int, int], None]) -> Any:
    """Return the matrix in a Matrix Market file: an array, or a sparse array in row order.

    Parameters
    ----------
    path : Path
        The file.
    check_shape : callable
        Called with (rows, columns, stored entries) before anything is allocated; raises if they
        are too many.

    Raises
    ------
    ProblemError
        If the file is not of that format, or complex.
    ValueError, OSError
        If its numbers or the file itself cannot be read.
    """
    if path.stat().st_size > MAX_BYTES:
        raise ProblemError(f"it has more than {MAX_BYTES} bytes")
    with path.open(encoding="ascii") as stream:
        layout, field, sign = _banner(stream.readline())
        line = stream.readline()
        while line.startswith("%") or (line and not line.strip()):
            line = stream.readline()
        sizes = [int(word) for word in line.split()]
        if len(sizes) != (3 if layout == "coordinate" else 2) or min(sizes) < 0:
            raise ProblemError("its line of sizes is malformed")
        entries = sizes[2] if layout == "coordinate" else sizes[0] * sizes[1]
        check_shape(sizes[0], sizes[1], entries)
        numbers = np.array(stream.read().split(), dtype=np.float64)
    if layout == "array":
        return _dense(numbers, sizes[0], sizes[1], sign)
    return _sparse(numbers, sizes, field == "pattern", sign)


def _banner(line: str) -> tuple[str, str, float]:
    words = line.lower().split()
    if len(words) != 5 or words[:2] != ["%%matrixmarket", "matrix"]:
        raise ProblemError("it is not a Matrix Market file: its first line is no banner")
    layout, field, symmetry = words[2:]
    if field == "complex" or symmetry == "hermitian":
        raise ProblemError("entries are complex; give real numbers")
    if layout not in ("coordinate", "array") or field not in _FIELDS or symmetry not in _SYMMETRIES:
        raise ProblemError(f"its kind '{layout} {field} {symmetry}' is not supported")
    if layout == "array" and field == "pattern":
        raise ProblemError("a dense matrix cannot be a pattern")
    return layout, field, _SYMMETRIES[symmetry]


def _counted(numbers: Array, wanted: int) -> None:
    if numbers.size != wanted:
        raise ProblemError(f"it holds {numbers.size} numbers where {wanted} are announced")


def _require_square(rows: int, columns: int) -> None:
    if rows != columns:
        raise ProblemError(f"a symmetric matrix cannot have shape ({rows}, {columns})")


def _dense(numbers: Array, rows: int, columns: int, sign: float) -> Array:
    """Arrange numbers that are stored column by column, a triangle only when symmetric."""
    if not sign:
        _counted(numbers, rows * columns)
        return np.ascontiguousarray(numbers.reshape(columns, rows).T)
    _require_square(rows, columns)
    matrix = np.zeros((rows, rows))
    places = np.triu_indices(rows, 1 if sign < 0 else 0)  # of the transpose, row by row
    _counted(numbers, places[0].size)
    matrix.T[places] = numbers
    return matrix + sign * np.tril(matrix, -1).T


def _sparse(numbers: Array, sizes: list[int], pattern: bool, sign: float) -> Any:
    rows, columns, entries = sizes
    words = 2 if pattern else 3
    _counted(numbers, entries * words)
    table = numbers.reshape(entries, words)
    places = table[:, :2]
    if not (np.all(places == np.floor(places)) and np.all(places >= 1)):
        raise ProblemError("its indices are not positive integers")
    if np.any(places > [rows, columns]):
        raise ProblemError("its indices lie outside its shape")
    i, j = places.astype(np.int64).T - 1
    values = np.ones(entries) if pattern else table[:, 2]
    if sign:
        _require_square(rows, columns)
        off = i != j
        i, j = np.concatenate([i, j[off]]), np.concatenate([j, i[off]])
        values = np.concatenate([values, sign * values[off]])
    return sparse.csr_array((values, (i, j)), shape=(rows, columns))
