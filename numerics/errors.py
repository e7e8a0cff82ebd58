"""Errors that a user of the numerics can cause."""

from __future__ import annotations


class ProblemError(ValueError):
    """A problem cannot be read or does not make sense.

    The message is one line: the file, key or argument that is wrong, and what to do.
    """

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(str(message).split()))
