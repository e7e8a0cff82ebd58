"""The part of ``kurdyka falsify`` that changes statements: options, progress, what is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from proofs_check.commands.output import STDOUT, check_writable, console, write_text
from proofs_check.commands.targets import Target
from proofs_check.commands.verify import cores
from proofs_check.errors import UserError
from proofs_check.manifest import versions
from proofs_check.mutants.page import (
    extended,
    page,
    read_notes,
    read_trend,
    row,
    unexplained,
    written_trend,
)
from proofs_check.mutants.run import Plan, count, scores
from proofs_check.mutants.score import Score
from proofs_check.mutants.store import Store
from proofs_check.verdict import Verdict

# Beside the page: explanations that are written by hand, and one line for each run.
NOTES, TREND = "mutation_survivors.toml", "mutation_trend.csv"


class OptionRefused(UserError):
    """An option of the mutants is no positive number."""


@dataclass(frozen=True)
class Options:
    """How mutants are tried and where their scores go; see ``Plan``.

    ``table`` is the page, ``results`` the file that keeps what is known, so that a run can be
    broken off.
    """

    table: str | None = None
    results: str | None = None
    sample: int | None = None
    each: float = 10.0
    jobs: int | None = None

    def plan(self, seed: int) -> Plan:
        """Return the plan that these options make.

        Raises
        ------
        OptionRefused
            If the time per mutant is no positive number.
        """
        if not 0 < self.each < float("inf"):
            raise OptionRefused(f"--each {self.each}: has to be a positive number of seconds")
        return Plan(self.each, self.sample, seed, self.jobs or cores())


def tried(targets: Sequence[Target], options: Options, seed: int) -> dict[str, Score]:
    """Try the mutants of what is named, those left over from an earlier run."""
    plan = options.plan(seed)
    check_writable(options.results)
    statements = [target.statement for target in targets]
    with closing(Store(options.results)) as store, _bar(count(statements, plan)) as report:
        found = scores(statements, plan, store, report)
    return {target.id: s for target, s in zip(targets, found, strict=True)}


@contextmanager
def _bar(total: int) -> Iterator[Callable[[str, int], None]]:
    """Show on standard error how many mutants are done; only where somebody watches."""
    err = console(stderr=True)
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("mutants", total=total)

        def report(id: str, done: int) -> None:
            bar.update(task, description=id, advance=done)

        yield report


def write_page(found: Sequence[Score], table: str) -> None:
    """Write the page, with the explanations beside it, and add the run to the trend."""
    if table == STDOUT:
        write_text(page(found), table)
        return
    folder = Path(table).parent
    notes = read_notes(folder / NOTES)
    today = datetime.now(UTC).date().isoformat()
    rows = extended(read_trend(folder / TREND), row(found, today, versions()["kurdyka"]))
    write_text(page(found, notes, rows), table)
    write_text(written_trend(rows), str(folder / TREND))
    open_ = unexplained(found, notes)
    if open_:
        more = f", and {len(open_) - 1} more" if len(open_) > 1 else ""
        console(stderr=True).print(f"not explained in {NOTES}: {open_[0]}{more}")


def scored_text(label: str, s: Score) -> str:
    """Return what became of the mutants of a statement, in words."""
    lines = [
        f"{label}: {len(s.tried)} of {s.made} mutants tried: {s.count(Verdict.REFUTED)} refuted, "
        f"{s.weaker} weaker, {len(s.survivors)} survive"
    ]
    for t in s.survivors:
        step = f" ({t.detail})" if t.detail else ""
        lines.append(f"    {t.mutant}: {t.verdict.value}, {t.why.value}{step}")
    return "\n".join(lines)
