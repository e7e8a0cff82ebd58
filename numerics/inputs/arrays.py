"""Loading arrays from files that nobody vouches for, and fingerprinting them.

Headers are read and sizes checked before anything is allocated; nothing is ever unpickled.
"""

from __future__ import annotations

import hashlib
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from scipy import sparse

from numerics.errors import ProblemError
from numerics.inputs.matrix_market import read_market
from numerics.rigorous.rounding import Array

MAX_ENTRIES = 100_000_000
MAX_SPARSE_SIDE = 10_000_000
MAX_MAGNITUDE = 1e50  # products of three entries, squared, still fit double precision

MALFORMED = (
    ValueError, TypeError, AttributeError, LookupError, ArithmeticError, SyntaxError, MemoryError,
    RuntimeError, EOFError, zipfile.BadZipFile, zlib.error, struct.error,
    tokenize.TokenError,
)  # fmt: skip
"""What the readers of NumPy, SciPy and zipfile raise on malformed bytes."""


def array_digest(array: Any) -> str:
    """Return the sha256 of an array: its shape, then its entries as little-endian doubles.

    A sparse matrix is fingerprinted through its canonical row-compressed form.
    """
    if sparse.issparse(array):
        rows = sparse.csr_array(array, copy=True)
        rows.sum_duplicates()
        state = digest_start(rows.shape, "csr")
        for part in (rows.indptr, rows.indices):
            state.update(np.asarray(part, dtype="<i8").tobytes())
        digest_update(state, rows.data)
        return str(state.hexdigest())
    values = np.asarray(array, dtype=np.float64)
    state = digest_start(values.shape)
    digest_update(state, values)
    return str(state.hexdigest())


def digest_start(shape: tuple[int, ...], layout: str = "dense") -> Any:
    """Return a running sha256 for an array of this shape."""
    sides = ",".join(map(str, shape))
    return hashlib.sha256(f"{layout} float64 ({sides})\n".encode())


def digest_update(state: Any, block: Array) -> None:
    """Add the next entries, in row-major order."""
    state.update(np.ascontiguousarray(block, dtype="<f8").tobytes())


def load_operator(path: Path, what: str) -> Any:
    """Return a matrix from ``.npy``, ``.npz`` (dense or scipy.sparse) or ``.mtx``.

    Raises
    ------
    ProblemError
        Naming ``what`` and the file.
    """
    suffix = path.suffix.lower()
    if suffix == ".mtx":
        return _guarded(_load_market, path, what)
    if suffix == ".npz":
        return _guarded(_load_matrix_archive, path, what)
    if suffix != ".npy":
        raise ProblemError(f"{what}: {path} has to be a .npy, .npz or .mtx file")
    return load_array(path, what)


def load_array(path: Path, what: str) -> Array:
    """Return a float64 array from a ``.npy`` file, or from an ``.npz`` that holds just one."""
    suffix = path.suffix.lower()
    if suffix not in (".npy", ".npz"):
        raise ProblemError(f"{what}: {path} has to be a .npy or .npz file")
    return _guarded(_load_npy if suffix == ".npy" else _load_only_member, path, what)


def load_archive(path: Path) -> dict[str, np.ndarray]:
    """Return all arrays of an ``.npz`` file, as stored.

    Raises
    ------
    ProblemError
        If it is not such a file, or holds objects or more entries than can be handled.
    """
    return _guarded(_members, path, "problem")


def as_float64(array: Any, what: str) -> Array:
    """Return an array as float64 if that loses nothing and all its entries are finite.

    Raises
    ------
    ProblemError
        Naming ``what``: complex or other types, inexact conversion, NaN or infinity.
    """
    given = np.asarray(array)
    if given.dtype.kind == "c":
        raise ProblemError(f"{what}: entries are complex; give real numbers")
    if given.dtype.kind not in "biuf":
        raise ProblemError(f"{what}: entries are of type {given.dtype}; give real numbers")
    values = np.ascontiguousarray(given, dtype=np.float64).reshape(given.shape)
    if given.dtype.kind in "iu" and given.size and np.abs(values).max() > 2.0**53:
        raise ProblemError(f"{what}: integers above 2^53 are not exact in double precision")
    if not np.isfinite(values).all():
        raise ProblemError(f"{what}: entries are NaN or infinite; give finite numbers")
    if values.size and np.abs(values).max() > MAX_MAGNITUDE:
        raise ProblemError(f"{what}: entries above {MAX_MAGNITUDE:g} would overflow; rescale them")
    if given.dtype.itemsize > 8 and not (values.astype(given.dtype) == given).all():
        raise ProblemError(f"{what}: entries do not fit double precision; convert them first")
    return values


def _guarded(load: Callable[[Path], Any], path: Path, what: str) -> Any:
    """Turn every way in which reading a file fails into one line that names it."""
    try:
        return load(path)
    except ProblemError as problem:
        raise ProblemError(f"{what}: {path}: {problem}") from problem
    except FileNotFoundError as problem:
        raise ProblemError(f"{what}: {path} does not exist") from problem
    except IsADirectoryError as problem:
        raise ProblemError(f"{what}: {path} is a directory; give a file") from problem
    except OSError as problem:
        raise ProblemError(f"{what}: {path} cannot be read ({problem})") from problem
    except MALFORMED as problem:
        reason = str(problem) or type(problem).__name__
        if "allow_pickle" in reason:
            reason = "it holds pickled objects, which are never loaded; save plain numbers"
        raise ProblemError(f"{what}: {path} is not a readable array: {reason}") from problem


def _load_npy(path: Path) -> Array:
    with path.open("rb") as stream:
        _check_header(stream)
        return as_float64(np.load(path, allow_pickle=False), "array")


def _check_header(stream: IO[bytes]) -> None:
    version = npy.read_magic(stream)
    read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}.get(version)
    if read is None:
        raise ProblemError(f"its .npy format version {version} is not supported")
    shape, _, dtype = read(stream)
    if dtype.hasobject:
        raise ProblemError("it holds pickled objects, which are never loaded; save plain numbers")
    entries = 1
    for side in shape:
        entries *= int(side)
    if entries > MAX_ENTRIES:
        raise ProblemError(f"it has {entries} entries; at most {MAX_ENTRIES} can be handled")


def _members(path: Path) -> dict[str, np.ndarray]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            with archive.open(name) as stream:
                _check_header(stream)
    with np.load(path, allow_pickle=False) as content:
        return {name: content[name] for name in content.files}


def _load_only_member(path: Path) -> Array:
    content = _members(path)
    if len(content) != 1:
        raise ProblemError(f"it holds {len(content)} arrays; it should hold one")
    return as_float64(next(iter(content.values())), "array")


def _load_matrix_archive(path: Path) -> Any:
    content = _members(path)
    if "format" not in content:
        return _load_only_member(path)
    _check_sides(tuple(int(side) for side in content["shape"]))
    return _canonical(sparse.load_npz(path))


def _load_market(path: Path) -> Any:
    matrix = read_market(path, _check_market)
    return _canonical(matrix) if sparse.issparse(matrix) else as_float64(matrix, "matrix")


def _check_market(rows: int, columns: int, stored: int) -> None:
    if stored > MAX_ENTRIES:
        raise ProblemError(f"it has {stored} entries; at most {MAX_ENTRIES} can be handled")
    _check_sides((rows, columns))


def _check_sides(shape: tuple[int, ...]) -> None:
    if len(shape) != 2 or max(shape) > MAX_SPARSE_SIDE or min(shape) < 1:
        raise ProblemError(f"its shape {shape} is not that of a matrix of moderate size")


def _canonical(matrix: Any) -> Any:
    """Return row-compressed storage that has been checked: indices from a file may lie."""
    if hasattr(matrix, "check_format"):
        matrix.check_format(full_check=True)
    elif matrix.format == "coo" and matrix.nnz:
        coordinates = zip(matrix.coords, matrix.shape, strict=True)
        if any(c.min() < 0 or c.max() >= side for c, side in coordinates):
            raise ProblemError("its indices lie outside its shape")
    elif matrix.format not in ("coo", "dia"):
        raise ProblemError(f"its storage format {matrix.format} is not supported; save as csr")
    rows = sparse.csr_array(matrix)
    rows.data = as_float64(rows.data, "matrix")
    rows.sum_duplicates()
    rows.eliminate_zeros()
    return rows
