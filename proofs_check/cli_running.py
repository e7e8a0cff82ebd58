"""How a command of ``kurdyka`` is run: imported late, with interruptions answered."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any

import typer

from proofs_check.cli_errors import INTERRUPTED, say, silenced

Json = Annotated[
    str | None, typer.Option("--json", metavar="PATH", help="Write JSON; - for standard output.")
]
"""The option that every command has."""


def run_command(command: str, *arguments: Any) -> int:
    """Import a command and run it; an interruption is answered here, before Typer sees it."""
    try:
        work: Callable[..., int] = import_module(f"proofs_check.commands.{command}").run
        status = work(*arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return say("interrupted", INTERRUPTED)
    except BrokenPipeError:
        return silenced()
    return status
