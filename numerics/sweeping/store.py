"""Where a sweep's samples are kept: an SQLite file, one row per sample, keyed by its content.

The key is a hash of everything a row depends on: parameters, seed, level, horizon, the versions
and the source of the code. A store can thus be shared by sweeps that overlap, a run can stop
anywhere, and rows of other code are left alone.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from numerics.errors import ProblemError
from numerics.sweeps import STREAM, Cell

_MEMORY = ":memory:"
_TABLE = "CREATE TABLE IF NOT EXISTS samples (key TEXT PRIMARY KEY, result TEXT NOT NULL)"
_AT_ONCE = 500


def sample_keys(cell: Cell, code: str) -> list[str]:
    """Return the key of every sample of a cell.

    Parameters
    ----------
    cell : Cell
        The cell.
    code : str
        Fingerprint of the code that computes the rows.
    """
    sweep = cell.sweep
    shared = {
        "stream": STREAM, "code": code, "seed": sweep.seed, "cell": cell.plain,
        "arrays": dict(sweep.fixed.digests or {}), "level": str(sweep.level),
        "horizon": str(sweep.horizon), "certify": sweep.certify,
        "one_by_one": sweep.success == "recovery",
    }  # fmt: skip
    start = sha256(json.dumps(shared, sort_keys=True).encode())
    keys = []
    for sample in range(sweep.samples):
        state = start.copy()
        state.update(str(sample).encode())
        keys.append(state.hexdigest())
    return keys


class Store:
    """Rows by key.

    Parameters
    ----------
    path : str or None
        The file, created if it does not exist; None keeps the rows in memory.

    Raises
    ------
    ProblemError
        If the file cannot be opened, or is no store.
    """

    def __init__(self, path: str | None) -> None:
        self.path = path
        if path is not None and not Path(path).parent.is_dir():
            raise ProblemError(f"{path}: there is no folder {Path(path).parent}; create it first")
        with self._asked():
            self._rows = sqlite3.connect(_MEMORY if path is None else path)
            self._rows.execute(_TABLE)
            self._rows.execute("SELECT key, result FROM samples LIMIT 1").fetchall()

    @contextmanager
    def _asked(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as problem:
            raise ProblemError(f"{self.path}: is no store of samples ({problem})") from problem

    def present(self, keys: Sequence[str]) -> set[str]:
        """Return those of the keys that have a row."""
        return {key for (key,) in self._answers("SELECT key", keys)}

    def known(self, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Return the rows of the keys that are there.

        Raises
        ------
        ProblemError
            If a row cannot be read.
        """
        return {key: self._read(text) for key, text in self._answers("SELECT key, result", keys)}

    def _answers(self, what: str, keys: Sequence[str]) -> Iterator[tuple[str, ...]]:
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            with self._asked():
                yield from self._rows.execute(f"{what} FROM samples WHERE key IN ({marks})", some)

    def _read(self, text: str) -> dict[str, Any]:
        try:
            row = json.loads(text)
        except ValueError as problem:
            raise ProblemError(f"{self.path}: a row is damaged; remove the file") from problem
        if not isinstance(row, dict):
            raise ProblemError(f"{self.path}: a row is damaged; remove the file")
        return row

    def add(self, rows: Mapping[str, Mapping[str, Any]]) -> None:
        """Keep rows, all or none of them; those that are there already stay as they are."""
        texts = [(key, json.dumps(row, allow_nan=False)) for key, row in rows.items()]
        with self._asked(), self._rows:
            self._rows.executemany("INSERT OR IGNORE INTO samples VALUES (?, ?)", texts)

    def save(self, path: str) -> None:
        """Copy everything to a new file."""
        with self._asked():
            copy = sqlite3.connect(path)
            self._rows.backup(copy)
            copy.close()

    def close(self) -> None:
        """Close the file."""
        self._rows.close()
