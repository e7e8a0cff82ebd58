"""A user's own lemma files: Python modules that define Statement objects.

A lemma file is the user's own code and is imported in this process, like any script they run.
"""

from __future__ import annotations

import importlib.util
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from types import ModuleType

from proofs_check.errors import UserFileError
from theory import registry
from theory.statement import Statement


def load(path: str | Path) -> tuple[Statement, ...]:
    """Return the statements that a file defines, in the order in which it defines them.

    A statement without an id is named after its variable, in lower case; one that is called
    ``STATEMENT``, as in the files that ship, after its file.

    Parameters
    ----------
    path : str or Path
        The lemma file, ``something.py``.

    Raises
    ------
    UserFileError
        If the file is missing, does not import, defines no statement, or two of the same name.
    """
    file = Path(path)
    _check_readable(file)
    found = tuple(_statements(_imported(file), file))
    if not found:
        raise UserFileError(f"{path}: defines no Statement; see examples/lemmas/ for one to copy")
    _check_names(found, path)
    return found


def _check_readable(file: Path) -> None:
    if file.is_dir():
        raise UserFileError(f"{file}: is a directory; name a lemma file, such as mylemma.py")
    try:
        text = file.read_bytes()
    except OSError as error:
        raise UserFileError(f"{file}: cannot be read ({error.strerror})") from error
    if not text.strip():
        raise UserFileError(f"{file}: is empty")


def _imported(file: Path) -> ModuleType:
    name = f"kurdyka_user_{sha256(str(file.resolve()).encode()).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise UserFileError(f"{file}: is not a Python file; its name has to end in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # worker processes and dataclasses look their module up here
    try:
        with _like_a_script(str(file.resolve().parent)):
            spec.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # the user's own code may raise anything, even SystemExit
        del sys.modules[name]
        raise UserFileError(f"{file}: {_where(error, file)}{_what(error)}") from error
    return module


@contextmanager
def _like_a_script(folder: str) -> Iterator[None]:
    """Let a file import its neighbours; keep it from printing into a report.

    No compiled copy is left behind: it could be out of date at the next run.
    """
    wrote = sys.dont_write_bytecode
    sys.path.insert(0, folder)
    sys.dont_write_bytecode = True
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        sys.dont_write_bytecode = wrote
        if folder in sys.path:
            sys.path.remove(folder)


def _where(error: BaseException, file: Path) -> str:
    """Return the last line of the user's file that was being executed."""
    if isinstance(error, SyntaxError):
        return f"line {error.lineno}: " if error.lineno else ""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f.lineno for f in frames if Path(f.filename).resolve() == file.resolve()]
    return f"line {lines[-1]}: " if lines else ""


def _what(error: BaseException) -> str:
    name = type(error).__name__
    if isinstance(error, SyntaxError):
        return f"{name}: {error.msg}"
    return f"{name}: {error}" if str(error) else name


def _statements(module: ModuleType, file: Path) -> Iterator[Statement]:
    seen: set[int] = set()
    for name, value in vars(module).items():
        if not isinstance(value, Statement) or _ships(value) or id(value) in seen:
            continue
        seen.add(id(value))
        yield replace(value, id=value.id or _id_from(name, file))


def _id_from(name: str, file: Path) -> str:
    return file.stem if name == "STATEMENT" else name.lower()


def _ships(statement: Statement) -> bool:
    """Whether the file has only imported a statement that kurdyka itself defines."""
    ours = (m for n, m in list(sys.modules.items()) if n.startswith("theory.statements."))
    if any(getattr(module, "STATEMENT", None) is statement for module in ours):
        return True
    id = statement.id
    return bool(id) and id in registry.names() and registry.statement(id) is statement


def _check_names(found: tuple[Statement, ...], path: str | Path) -> None:
    names = [s.id for s in found]
    for name in names:
        if not name.isidentifier():
            raise UserFileError(f"{path}: the id {name!r} is not a name; use letters, digits and _")
        if names.count(name) > 1:
            raise UserFileError(f"{path}: two statements are called {name!r}; give one an id")
