"""The statements that ship: one file each; a statement's id is its file's name."""

from __future__ import annotations

import importlib
import pkgutil
from copy import copy
from functools import cache
from itertools import takewhile

import theory.statements
from theory.as_written import relations_as_written
from theory.statement import Statement


class UnknownStatement(KeyError):
    """No statement has this id."""

    def __str__(self) -> str:
        return str(self.args[0])


@cache
def statement_ids() -> tuple[str, ...]:
    """Return the ids of all statements, in the order of the theory."""
    return tuple(sorted(names(), key=_position))


@cache
def names() -> frozenset[str]:
    """Return the ids of all statements without loading any, which takes long."""
    found = (m.name for m in pkgutil.iter_modules(theory.statements.__path__))
    return frozenset(name for name in found if not name.startswith("_"))


def _position(name: str) -> tuple[int, str, str]:
    section = statement(name).source.section
    number = "".join(takewhile(str.isdigit, section))
    return int(number or 0), section, name


@cache
def statement(id: str) -> Statement:
    """Return the statement with this id.

    Raises
    ------
    UnknownStatement
        Naming the nearest ids.
    """
    if id not in names():
        raise UnknownStatement(
            f"no statement {id!r}; `kurdyka list` names all{_nearest(id, names())}"
        )
    with relations_as_written():
        module = importlib.import_module(f"theory.statements.{id}")
    return _named(module.STATEMENT, id)


def _named(statement: Statement, id: str) -> Statement:
    """Return the statement with its id; ``replace`` would check all of it once more."""
    named = copy(statement)
    object.__setattr__(named, "id", id)
    return named


def _nearest(id: str, known: frozenset[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(id, sorted(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def statements() -> tuple[Statement, ...]:
    """Return all statements that ship."""
    return tuple(statement(name) for name in statement_ids())
