"""``kurdyka verify``: proofs, witnesses, sharpness and mutants of statements."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from proofs_check.commands.output import STDOUT, check_writable, console, write_json, write_text
from proofs_check.commands.targets import Target, select, with_own_lemmas
from proofs_check.errors import OutputError
from proofs_check.manifest import manifest
from proofs_check.reporting.documents import verification
from proofs_check.reporting.findings import StatementReport
from proofs_check.reporting.terminal import print_verification
from proofs_check.verify import verify
from theory.statement import Statement


def run(
    words: Sequence[str],
    json_path: str | None = None,
    html_path: str | None = None,
    jobs: int | None = None,
    seed: int = 0,
) -> int:
    """Verify what is named, print and write reports; return the exit status."""
    check_writable(json_path, html_path)
    if json_path == html_path == STDOUT:
        raise OutputError("--json and --html: only one of them can go to standard output")
    targets = with_own_lemmas(select(words))
    with _progress(sum(_parts(t.statement) for t in targets)) as report:
        reports = verify([t.statement for t in targets], jobs or cores(), seed, report)
    _write(reports, targets, json_path, html_path, seed)
    return 0 if all(report.succeeds for report in reports) else 1


def cores() -> int:
    """Return how many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _parts(statement: Statement) -> int:
    """Return how many pieces of work a statement makes when its proof holds."""
    proof, witness, sharpness = 1, 1, 1
    return proof + witness + len(statement.mutants) + sharpness


@contextmanager
def _progress(total: int) -> Iterator[Callable[[str, str], None]]:
    """Show on standard error how far verification is; only where somebody watches."""
    err = console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("verify", total=total)

        def report(id: str, phase: str) -> None:
            bar.update(task, description=f"{id}: {phase}", advance=1)

        yield report


def _write(
    reports: Sequence[StatementReport],
    targets: Sequence[Target],
    json_path: str | None,
    html_path: str | None,
    seed: int,
) -> None:
    made = manifest([t.file for t in targets], seed)
    if html_path is not None:
        from proofs_check.reporting.html_page import page

        write_text(page(reports, made), html_path)
    if json_path != STDOUT and html_path != STDOUT:
        print_verification(reports, console(), {t.id: t.label for t in targets})
    if json_path is not None:
        write_json(verification(reports, made), json_path)
