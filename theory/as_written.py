"""Relations between terms as they are written, for texts of ours that relate many large terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sympy import Equality, GreaterThan, Number, Unequality
from sympy.core.relational import Relational

# All four inequalities inherit how they are made from one class.
_MADE_BY: tuple[type[Any], ...] = (Equality, Unequality, GreaterThan.__mro__[2])


@contextmanager
def relations_as_written() -> Iterator[None]:
    """Make relations without asking SymPy whether they hold.

    SymPy tries to decide ``a <= b`` from what it knows of the symbols; ours carry no assumptions,
    so that it finds nothing and takes most of the time in which a statement is built. What it
    leaves open it returns as it was written, and so does this. Numbers are compared as ever, and
    the same term on both sides is still noticed.
    """
    made = {kind: kind.__new__ for kind in _MADE_BY}
    for kind, make in made.items():
        kind.__new__ = _unless_plain(make)
    try:
        yield
    finally:
        for kind, make in made.items():
            kind.__new__ = make


def _unless_plain(make: Callable[..., Any]) -> Callable[..., Any]:
    def relation(cls: type[Relational], left: Any, right: Any, **options: Any) -> Any:
        if "evaluate" not in options and not _plain(left, right):
            options["evaluate"] = False
        return make(cls, left, right, **options)

    return relation


def _plain(left: Any, right: Any) -> bool:
    """Whether SymPy decides a relation between these at sight."""
    return bool(left == right) or all(isinstance(side, (Number, int)) for side in (left, right))
