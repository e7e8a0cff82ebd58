"""Errors that a user of the command can cause: one class per failure, one line each."""

from __future__ import annotations


class UserError(ValueError):
    """The command was asked for something it cannot read or does not know.

    The message is one line: the file, key or argument that is wrong, and what to do.
    """

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(str(message).split()))


class UserFileError(UserError):
    """A user's lemma file is missing, does not import or states nothing."""


class UnknownTarget(UserError):
    """There is no statement or step of this name."""


class OutputError(UserError):
    """A report cannot be written where it was asked for."""
