"""Recorded loss curves: CSV files that somebody's training run wrote.

The file has a header with the columns ``loss`` and ``time`` or ``iteration`` (others are ignored).
A number stands for all reals that round to it at the digits it is written with; a whole number of
iterations, or of units of time, is taken as it is.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

import numpy as np

from numerics.errors import ProblemError
from numerics.rigorous.rounding import Array

MAX_BYTES = 100_000_000
MAX_ROWS = 1_000_000
_NUMBER = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,3})?", re.ASCII)
Clock = Literal["time", "iteration"]


@dataclass(frozen=True, eq=False)
class RecordedCurve:
    """A loss curve as it was recorded.

    Parameters
    ----------
    clock : {"time", "iteration"}
        What the abscissa counts.
    at : array, shape (N,)
        Times or iterations, increasing, not negative.
    loss : array, shape (N,)
        The loss there, not negative.
    at_error, loss_error : arrays, shape (N,)
        Half a unit in the last digit that was written.
    """

    clock: Clock
    at: Array
    loss: Array
    at_error: Array
    loss_error: Array


def read_curve(path: str | Path) -> RecordedCurve:
    """Read a recorded loss curve.

    Raises
    ------
    ProblemError
        In one line, naming the file and the line that is wrong.
    """
    file = Path(path)
    try:
        if file.stat().st_size > MAX_BYTES:
            raise ProblemError(f"{file}: it has over {MAX_BYTES} bytes; thin the curve out")
        with file.open(encoding="utf-8-sig", newline="") as stream:
            return _read(csv.reader(stream, strict=True), file)
    except FileNotFoundError as problem:
        raise ProblemError(f"{file}: it does not exist") from problem
    except OSError as problem:
        raise ProblemError(f"{file}: it cannot be read ({problem.strerror})") from problem
    except UnicodeDecodeError as problem:
        raise ProblemError(f"{file}: it is not text in UTF-8") from problem
    except csv.Error as problem:
        raise ProblemError(f"{file}: it is not a CSV file: {problem}") from problem


def _read(rows: Iterator[list[str]], file: Path) -> RecordedCurve:
    header = [name.strip().lower() for name in next(rows, [])]
    clock, places = _columns(header, file)
    found: list[tuple[float, ...]] = []
    for line, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(found) >= MAX_ROWS:
            raise ProblemError(f"{file}: it has over {MAX_ROWS} rows; thin the curve out")
        if len(row) != len(header):
            raise ProblemError(f"{file}:{line}: it has {len(row)} cells, the header {len(header)}")
        found.append(_row([row[place] for place in places], (clock, "loss"), f"{file}:{line}"))
    if not found:
        raise ProblemError(f"{file}: it has a header and no rows")
    at, at_error, loss, loss_error = np.array(found).T
    rising = np.flatnonzero(np.diff(at) <= 0)
    if rising.size:
        where = at[rising[0] + 1]
        raise ProblemError(f"{file}: {clock} has to increase; it does not at {where:g}")
    return RecordedCurve(clock, at, loss, at_error, loss_error)


def _columns(header: Sequence[str], file: Path) -> tuple[Clock, tuple[int, int]]:
    """Return which clock there is, and the places of the two columns."""
    known: tuple[Clock, Clock] = ("time", "iteration")
    clocks = [name for name in known if name in header]
    if "loss" not in header or len(clocks) != 1:
        shown = ", ".join(header)[:80] or "nothing"
        raise ProblemError(
            f"{file}: its first line has to name the columns loss and either time or iteration; "
            f"it has {shown}"
        )
    for name in ("loss", *clocks):
        if header.count(name) > 1:
            raise ProblemError(f"{file}: the column {name} stands twice")
    return clocks[0], (header.index(clocks[0]), header.index("loss"))


def _row(cells: Sequence[str], names: Sequence[str], where: str) -> tuple[float, ...]:
    found: list[float] = []
    for cell, name in zip(cells, names, strict=True):
        text = cell.strip()
        if _NUMBER.fullmatch(text) is None:
            raise ProblemError(f"{where}: {name} = {text[:40]!r} is not a finite decimal number")
        number = Decimal(text)
        if number < 0 or not np.isfinite(float(number)):
            raise ProblemError(f"{where}: {name} = {text[:40]} has to be from 0 to 1e308")
        if name == "iteration" and number != number.to_integral_value():
            raise ProblemError(f"{where}: iteration = {text[:40]} has to be an integer")
        exact = number == 0 or (name != "loss" and text.lstrip("+").isdigit())
        exponent = number.as_tuple().exponent
        last = 0.0 if exact or not isinstance(exponent, int) else 10.0**exponent / 2
        found += [float(number), last]
    return tuple(found)
