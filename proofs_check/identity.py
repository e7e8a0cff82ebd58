"""Results kept by what they are about: a statement is data that never changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

Subject = TypeVar("Subject")
Result = TypeVar("Result")


def once_for_each(compute: Callable[[Subject], Result]) -> Callable[[Subject], Result]:
    """Compute a function of one argument once for each object that it is given.

    Objects count as the same by identity, not by what they hold, which is slow to compare and to
    hash. An object is kept alive with its result, so that its identity stays its own.
    """
    known: dict[int, tuple[Subject, Result]] = {}

    @wraps(compute)
    def kept(subject: Subject) -> Result:
        if id(subject) not in known:
            known[id(subject)] = (subject, compute(subject))
        return known[id(subject)][1]

    return kept


class Keyed:
    """What counts as the same as another of its kind if their keys are equal.

    A key may hold the identity of an object; who puts it there keeps that object alive.
    """

    def __init__(self, *key: Any) -> None:
        self._key = key

    def __eq__(self, other: object) -> bool:
        """Whether the other is of this kind and has the same key."""
        return type(self) is type(other) and self._key == other._key

    def __hash__(self) -> int:
        """Return a hash of the key."""
        return hash(self._key)
