"""The tables of a problem file: reading them, checking their keys, loading their arrays."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from numerics.errors import ProblemError
from numerics.inputs.arrays import (
    MAX_MAGNITUDE,
    array_digest,
    as_float64,
    load_archive,
    load_array,
    load_operator,
)
from numerics.inputs.linear_operators import is_matrix_free, matrix_of
from numerics.rigorous.rounding import Array

MAX_FILE_BYTES = 1_000_000
_LARGEST = Fraction(10**50)

KEYS: Mapping[str, tuple[str, ...]] = {
    "problem": ("operator", "observation", "signal", "noise_norm"),
    "loss": ("name", "p", "delta"),
    "network": (
        "activation", "width", "input_dimension", "train", "output_weights", "seed", "u", "W", "V",
    ),
    "measured": ("sigma_0", "lipschitz", "misfit"),
}  # fmt: skip
"""The tables of a problem file and their keys."""


EMBEDDED_ENTRIES = 4096
"""Arrays up to this many entries are kept with a problem, and embedded in its certificate."""


@dataclass(frozen=True, eq=False)
class ArrayRecord:
    """Where an array came from, and its fingerprint (``numerics.inputs.arrays.array_digest``).

    ``member`` is its name in an archive; ``values`` holds the array itself where it is small, or
    where no file has it.
    """

    sha256: str
    shape: tuple[int, ...]
    path: str | None = None
    member: str | None = None
    values: Any = None


def read_tables(file: Path) -> dict[str, Any]:
    """Return the tables of a ``.toml`` or ``.npz`` problem file.

    Raises
    ------
    ProblemError
        If the file cannot be read as such.
    """
    if file.suffix.lower() == ".npz":
        return _archive_tables(load_archive(file))
    return _toml(file)


def _toml(file: Path) -> dict[str, Any]:
    try:
        if file.is_dir():
            raise ProblemError("it is a directory; give a .toml or .npz file")
        if file.stat().st_size > MAX_FILE_BYTES:
            raise ProblemError(f"it has over {MAX_FILE_BYTES} bytes; give a .toml or .npz file")
        text = file.read_text(encoding="utf-8")
        return tomllib.loads(text, parse_float=Decimal)
    except FileNotFoundError as problem:
        raise ProblemError("it does not exist") from problem
    except OSError as problem:
        raise ProblemError(f"it cannot be read ({problem.strerror})") from problem
    except (ValueError, RecursionError, ArithmeticError) as problem:
        if isinstance(problem, ProblemError):
            raise
        raise ProblemError(f"it is not a TOML file: {problem}") from problem


_ARCHIVE_KEYS = {
    "A": ("problem", "operator"), "y": ("problem", "observation"), "x": ("problem", "signal"),
    "u": ("network", "u"), "W": ("network", "W"), "V": ("network", "V"),
    "activation": ("network", "activation"), "train": ("network", "train"),
    "loss": ("loss", "name"),
}  # fmt: skip


def _archive_tables(content: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """Rearrange the arrays of an ``.npz`` problem as the tables of a TOML one."""
    tables: dict[str, Any] = {"problem": {}, "loss": {"name": "squared"}, "network": {}}
    check_keys(content, tuple(_ARCHIVE_KEYS), "array")
    for key, value in content.items():
        table, name = _ARCHIVE_KEYS[key]
        textual = key in ("activation", "train", "loss")
        tables[table][name] = _text(value, key) if textual else value
    tables["loss"] = loss_table(tables["loss"]["name"])
    tables["network"].setdefault("activation", "tanh")
    return tables


def _text(value: np.ndarray, key: str) -> str:
    if value.ndim != 0 or value.dtype.kind != "U":
        raise ProblemError(f"{key}: it has to be a 0-d string")
    return str(value)


def loss_table(given: str | Mapping[str, Any]) -> dict[str, Any]:
    """Return the table ``[loss]``, also from ``name`` or ``name(parameter=value)``.

    Raises
    ------
    ProblemError
        If a text is neither.
    """
    if isinstance(given, Mapping):
        return dict(given)
    text = str(given)
    match = re.fullmatch(r"\s*(\w+)\s*(?:\(\s*(\w+)\s*=\s*([\w.+/-]+)\s*\))?\s*", text)
    if match is None:
        raise ProblemError(f"loss: {text[:40]!r} is not a loss; write a name or power(p=3)")
    return {"name": match[1]} | ({match[2]: match[3]} if match[2] else {})


def check_keys(given: Mapping[str, Any], known: tuple[str, ...], what: str) -> None:
    """Refuse an unknown key, suggesting the nearest known one."""
    for key in given:
        if key not in known:
            close = get_close_matches(str(key), known, n=1, cutoff=0.5)
            hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}"
            raise ProblemError(f"unknown {what} {str(key)[:40]!r}; {hint}")


def decimal_number(value: Any, what: str, positive: bool) -> Fraction:
    """Return a decimal (text, Decimal, int or float) as an exact non-negative rational."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal, Fraction)):
        raise ProblemError(f"{what} has to be a decimal number")
    text = str(value)
    simple = re.fullmatch(r"[+-]?\d{0,60}(\.\d{0,60})?([eE][+-]?\d{1,3})?", text, re.ASCII)
    if simple is None or not re.search(r"\d", text):
        raise ProblemError(f"{what} = {text[:40]!r} is not a decimal number")
    number = Fraction(text)
    if number and not 1 / _LARGEST <= abs(number) <= _LARGEST:
        raise ProblemError(f"{what} = {text} is out of range; rescale the problem")
    if number < 0 or (positive and number == 0):
        wanted = "positive" if positive else "non-negative"
        raise ProblemError(f"{what} = {text} has to be {wanted}")
    return number


class ArrayShelf:
    """Loads a problem's arrays and keeps the fingerprint of each.

    Parameters
    ----------
    base : Path
        Directory that file names are relative to.
    """

    def __init__(self, base: Path) -> None:
        self.base = base
        self.records: dict[str, ArrayRecord] = {}

    def operator(self, source: Any) -> Any:
        """Return the operator given by file name, as an array, or as a sparse matrix."""
        what = "[problem] operator"
        if isinstance(source, str):
            operator = load_operator(self.base / source, what)
        elif sparse.issparse(source):
            operator = sparse.csr_array(source, dtype=np.float64)
            as_float64(operator.data, what)
        elif is_matrix_free(source):
            operator = as_float64(_materialized(source, what), what)
        else:
            operator = as_float64(_plain(source, what), what)
        if operator.ndim != 2:
            raise ProblemError(f"{what} has shape {operator.shape}; it has to be a matrix (m, n)")
        if 0 in operator.shape:
            raise ProblemError(f"{what} has shape {operator.shape}; it may not be empty")
        if not (operator.data if sparse.issparse(operator) else operator).any():
            raise ProblemError(f"{what} is zero; give an operator that measures something")
        if abs(operator).max() < 1 / MAX_MAGNITUDE:
            raise ProblemError(f"{what}: all entries are below {1 / MAX_MAGNITUDE:g}; rescale it")
        self._record("A", operator, source)
        return operator

    def array(self, source: Any, what: str, shape: tuple[int | None, ...], key: str) -> Array:
        """Return an array given by file name or as such; None in the shape leaves a side free."""
        if isinstance(source, str):
            array = load_array(self.base / source, what)
        else:
            array = as_float64(_plain(source, what), what)
        if array.size == 0:
            raise ProblemError(f"{what} has shape {array.shape}; it may not be empty")
        fits = len(array.shape) == len(shape) and all(
            wanted in (None, side) for wanted, side in zip(shape, array.shape, strict=True)
        )
        if not fits:
            wanted = " × ".join("any" if side is None else str(side) for side in shape)
            raise ProblemError(f"{what} has shape {array.shape}; it should have {wanted} entries")
        self._record(key, array, source)
        return array

    def _record(self, key: str, array: Any, source: Any) -> None:
        path = source if isinstance(source, str) else None
        small = array.shape[0] * int(np.prod(array.shape[1:])) <= EMBEDDED_ENTRIES
        kept = array if small or path is None else None
        self.records[key] = ArrayRecord(array_digest(array), tuple(array.shape), path, None, kept)


def _materialized(source: Any, what: str) -> Array:
    try:
        return matrix_of(source)
    except (ValueError, TypeError, AttributeError, RuntimeError) as problem:
        raise ProblemError(f"{what}: {problem}") from problem


def _plain(source: Any, what: str) -> Any:
    """Turn nested lists of numbers into an array, and refuse what has another shape or type."""
    if isinstance(source, np.ndarray):
        return source
    if not isinstance(source, (list, tuple)):
        raise ProblemError(f"{what} has to be a file name or an array")
    try:
        return np.array(_floats(source), dtype=np.float64)
    except (ValueError, TypeError, OverflowError) as problem:
        raise ProblemError(f"{what}: {problem}") from problem


def _floats(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_floats(item) for item in value]
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, Fraction, np.number)):
        raise TypeError(f"{str(value)[:40]!r} is not a number")
    return float(value)
