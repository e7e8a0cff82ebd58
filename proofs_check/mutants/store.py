"""Results of mutants kept on disk, so that a long run can be broken off and goes on where it was.

A result is found again by what it depends on: the statement and the lemmas it uses, the mutant, the
seed, and the code that decided it. Whatever of these changes, the mutant is tried anew.
"""

from __future__ import annotations

import ast
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sympy import Basic, srepr
from sympy.core.function import UndefinedFunction

from proofs_check.errors import UserError
from proofs_check.identity import once_for_each
from proofs_check.mutants.verdicts import Tried, Why
from proofs_check.verdict import Verdict
from theory import registry
from theory.formulas import functions_in
from theory.statement import Mutant, Statement

ROOTS = ("proofs_check.mutants.trial", "proofs_check.mutants.systematic")
FOLDERS = ("proofs_check.engines", "theory.facts")
PACKAGES = ("theory", "numerics", "proofs_check")
# A statement is known by its content, its steps' lemmas by theirs.
CONTENT = "theory.statements"
_TABLE = (
    "create table if not exists tried (key text primary key, statement text, mutant text,"
    " verdict text, why text, detail text, seconds real, budget real)"
)


class StoreRefused(UserError):
    """The file given for the results is none."""


class Store:
    """Verdicts on mutants by content; in memory where no file is given.

    Raises
    ------
    StoreRefused
        If the file cannot be opened, or is something else.
    """

    def __init__(self, path: str | None = None) -> None:
        try:
            self._base = sqlite3.connect(path or ":memory:")
            self._base.execute(_TABLE)
        except sqlite3.Error as error:
            raise StoreRefused(f"{path}: holds no results of mutants ({error})") from error

    def known(self, key: str, budget: float) -> Tried | None:
        """Return what is known of a mutant; what was open with less time is tried again."""
        row = self._base.execute(
            "select mutant, verdict, why, detail, seconds, budget from tried where key = ?", (key,)
        ).fetchone()
        if row is None:
            return None
        tried = Tried(row[0], Verdict(row[1]), Why(row[2]), row[3], row[4])
        return None if tried.verdict is Verdict.UNDECIDED and row[5] < budget else tried

    def keep(self, key: str, statement: str, tried: Tried, budget: float) -> None:
        """Write down a result; what was written before survives any end of the process."""
        values = (key, statement, tried.mutant, tried.verdict.value, tried.why.value,
                  tried.detail, tried.seconds, budget)  # fmt: skip
        with self._base:
            self._base.execute("insert or replace into tried values (?,?,?,?,?,?,?,?)", values)

    def close(self) -> None:
        """Close the file."""
        self._base.close()


def key_of(statement: Statement, mutant: Mutant, seed: int) -> str:
    """Return the digest of everything that the verdict on a mutant depends on."""
    parts = [deciding_version(), content_of(statement), str(seed), *_text(mutant)]
    return sha256("\n".join(parts).encode()).hexdigest()


@once_for_each
def content_of(statement: Statement) -> str:
    """Return the digest of a statement and of the lemmas that its proof uses."""
    lemmas = {step.fact.partition(".")[0] for step in statement.steps if step.kind == "lemma"}
    known = [_lemma(name) for name in sorted(lemmas)]
    return sha256("\n".join([*_text(statement), *known]).encode()).hexdigest()


@cache
def _lemma(name: str) -> str:
    try:
        return content_of(registry.statement(name))
    except registry.UnknownStatement:  # of a user's own file: its steps name it, no more is known
        return name


def _text(value: Any) -> Iterator[str]:
    """Yield what a value of a statement is made of, sorts of names included."""
    if isinstance(value, UndefinedFunction):
        yield f"{value}:{value.__mro__[1].__name__}"
    elif isinstance(value, Basic):
        heads = {f"{f}:{f.__mro__[1].__name__}" for f in functions_in(value)}
        yield " ".join([srepr(value), *sorted(heads)])
    elif is_dataclass(value) and not isinstance(value, type):
        yield type(value).__name__
        for field in fields(value):
            yield field.name
            yield from _text(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _text(key)
            yield from _text(entry)
    elif isinstance(value, (tuple, list)):
        yield f"{len(value)} parts"
        for entry in value:
            yield from _text(entry)
    else:
        yield repr(value)


@cache
def deciding_version() -> str:
    """Return the digest of the code that decides what becomes of a mutant."""
    files = deciding_files()
    digest = sha256()
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + files[name].read_bytes() + b"\0")
    return digest.hexdigest()


def deciding_files() -> dict[str, Path]:
    """Return the modules that deciding a mutant imports, directly or not, and their files."""
    found: dict[str, Path] = {}
    waiting = list(ROOTS)
    waiting += [module for folder in FOLDERS for module in _inside(folder)]
    while waiting:
        name = waiting.pop()
        if name in found or name.startswith(CONTENT):
            continue
        file = _source(name)
        if file is not None:
            found[name] = file
            waiting += _imports(file)
    return found


def _inside(package: str) -> Iterator[str]:
    """Yield the modules of a package that imports them by their names."""
    source = _source(package)
    for file in sorted(source.parent.glob("*.py")) if source else ():
        yield f"{package}.{file.stem}"


def _source(name: str) -> Path | None:
    if name.partition(".")[0] not in PACKAGES:
        return None
    try:
        spec = find_spec(name)
    except ModuleNotFoundError:  # a name that is imported from a module, not a module
        return None
    return Path(spec.origin) if spec is not None and spec.origin else None


def _imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
