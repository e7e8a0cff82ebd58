"""A pytest plugin: ``pytest --lemmas mylemmas.py`` attacks and verifies the lemmas of a file.

Every statement of the file becomes two tests, ``NAME::true`` and ``NAME::proved``. Nothing heavy is
imported unless the option is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--lemmas``."""
    group = parser.getgroup("kurdyka")
    group.addoption(
        "--lemmas",
        action="append",
        default=[],
        metavar="FILE.py",
        help="Test the statements of a lemma file (kurdyka); may be given several times.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let a lemma file be collected although nobody named it on the command line."""
    for name in config.getoption("--lemmas"):
        path = Path(name)
        if not path.is_file():
            raise pytest.UsageError(f"--lemmas {name}: there is no such file")
        if str(path) not in config.args:
            config.args.append(str(path))


def pytest_collect_file(file_path: Path, parent: Any) -> pytest.Collector | None:
    """Collect the statements of the files given by ``--lemmas``."""
    wanted = [Path(name).resolve() for name in parent.config.getoption("--lemmas")]
    if file_path.resolve() not in wanted:
        return None
    collector: pytest.Collector = LemmaFile.from_parent(parent, path=file_path)
    return collector


class LemmaFile(pytest.File):
    """A lemma file: two tests for each statement."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the tests."""
        from proofs_check.errors import UserFileError
        from proofs_check.user_files import load

        try:
            statements = load(self.path)
        except UserFileError as problem:
            raise self.CollectError(str(problem)) from problem
        for statement in statements:
            for what in ("true", "proved"):
                yield LemmaItem.from_parent(
                    self, name=f"{statement.id}::{what}", statement=statement, what=what
                )


class LemmaItem(pytest.Item):
    """One test of one statement."""

    def __init__(self, *, statement: Any, what: str, **more: Any) -> None:
        super().__init__(**more)
        self.statement, self.what = statement, what

    def runtest(self) -> None:
        """Attack the statement, or verify its proof."""
        from proofs_check.property_tests import assert_proved, assert_statement

        (assert_statement if self.what == "true" else assert_proved)(self.statement)

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """Return the message alone: a traceback through kurdyka says nothing of the lemma."""
        if excinfo.errisinstance(AssertionError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say where the test is."""
        return self.path, 0, self.name
