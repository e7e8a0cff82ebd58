"""The statements that ship: one file each; a statement's id is its file's name."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace
from functools import cache

import theory.statements
from theory.statement import Statement


class UnknownStatement(KeyError):
    """No statement has this id."""

    def __str__(self) -> str:
        return str(self.args[0])


@cache
def statement_ids() -> tuple[str, ...]:
    """Return the ids of all statements, in the order of the theory."""
    names = [m.name for m in pkgutil.iter_modules(theory.statements.__path__)]
    return tuple(sorted((n for n in names if not n.startswith("_")), key=_position))


def _position(name: str) -> tuple[str, str]:
    return statement(name).source.section, name


@cache
def statement(id: str) -> Statement:
    """Return the statement with this id.

    Raises
    ------
    UnknownStatement
        Naming the nearest ids.
    """
    names = {m.name for m in pkgutil.iter_modules(theory.statements.__path__)}
    if id not in names or id.startswith("_"):
        raise UnknownStatement(
            f"no statement {id!r}; `kurdyka list` names all{_nearest(id, names)}"
        )
    module = importlib.import_module(f"theory.statements.{id}")
    return replace(module.STATEMENT, id=id)


def _nearest(id: str, names: set[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(id, sorted(names), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def statements() -> tuple[Statement, ...]:
    """Return all statements that ship."""
    return tuple(statement(name) for name in statement_ids())
