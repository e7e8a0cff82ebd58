"""Where a command writes: JSON or text to a file or to standard output."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from proofs_check.errors import OutputError

_WIDTH_OF_A_FILE = 120
STDOUT = "-"


def console(stderr: bool = False) -> Console:
    """Return a console; what is not a terminal gets a fixed width, so that logs do not vary."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else _WIDTH_OF_A_FILE
    return Console(file=stream, width=width, highlight=False, soft_wrap=False)


def check_writable(*paths: str | None) -> None:
    """Refuse a report path before any work is done for it.

    Raises
    ------
    OutputError
        If its folder is missing or cannot be written to.
    """
    for path in paths:
        if path is None or path == STDOUT:
            continue
        file = Path(path)
        if not path or file.is_dir():
            raise OutputError(f"{path or 'empty path'}: is no file to write to")
        if not file.parent.is_dir():
            raise OutputError(f"{path}: there is no folder {file.parent}; create it first")
        if not os.access(file if file.exists() else file.parent, os.W_OK):
            raise OutputError(f"{path}: may not be written")


def write_text(text: str, path: str) -> None:
    """Write a report to a file, or to standard output for ``-``.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    if path == STDOUT:
        sys.stdout.write(text)
        return
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror})") from error


def write_json(document: Mapping[str, Any], path: str) -> None:
    """Write a report as JSON to a file, or to standard output for ``-``."""
    ascii_only = path == STDOUT and (sys.stdout.encoding or "").lower() not in ("utf-8", "utf8")
    text = json.dumps(document, indent=2, ensure_ascii=ascii_only, allow_nan=False)
    write_text(text + "\n", path)
