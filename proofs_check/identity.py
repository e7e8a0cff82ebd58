"""Results kept by what they are about: a statement is data that never changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

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
