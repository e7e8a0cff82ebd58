"""What the command says when it stops early: one line for a user's mistake, and the exit status."""

from __future__ import annotations

import os
import sys
from typing import Any

import typer

USAGE, INTERNAL, INTERRUPTED, BROKEN_PIPE = 2, 70, 130, 141


def reported(error: Exception) -> int:
    """Say what went wrong in a line, and return the exit status.

    With ``KURDYKA_TRACEBACK`` in the environment an internal error is raised instead.
    """
    if isinstance(error, typer.BadParameter.__mro__[2]):  # Click's own: wrong usage
        return say(_usage(error), USAGE)
    if isinstance(error, _mistakes()):
        return say(str(error), USAGE)
    if isinstance(error, OSError) and error.filename is not None:
        return say(f"{error.filename}: {error.strerror}", USAGE)
    if os.environ.get("KURDYKA_TRACEBACK"):
        raise error
    text = f"internal error, {type(error).__name__}: {error} (KURDYKA_TRACEBACK=1 shows where)"
    return say(text, INTERNAL)


def _mistakes() -> tuple[type[Exception], ...]:
    """Return the errors that a user can cause; imported late, as they are rarely needed."""
    from numerics.errors import ProblemError
    from proofs_check.errors import UserError
    from theory.registry import UnknownStatement
    from theory.statement import StatementError

    return UserError, ProblemError, UnknownStatement, StatementError


def _usage(error: Any) -> str:
    context = getattr(error, "ctx", None)
    hint = f"; see `{context.command_path} --help`" if context is not None else ""
    return error.format_message().rstrip(".") + hint


def say(message: str, status: int) -> int:
    """Write one line to standard error and return the exit status."""
    sys.stderr.write(f"kurdyka: {' '.join(message.split())}\n")
    return status


def silenced() -> int:
    """End quietly when nobody reads any more, as in ``kurdyka list | head -1``."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return BROKEN_PIPE
