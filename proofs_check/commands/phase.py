"""``kurdyka phase``: resumable Monte Carlo over many networks, beside what the theorems promise."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from numerics.sweeping.reading import read_sweep
from numerics.sweeping.store import Store
from numerics.sweeps import Sweep
from proofs_check.cli_errors import INTERRUPTED, say
from proofs_check.commands.output import STDOUT, check_writable, console, write_json
from proofs_check.errors import OutputError
from proofs_check.manifest import manifest
from proofs_check.sweeping.cells import CellReport, cell_document, report_of
from proofs_check.sweeping.plot import check_axes, plot_phase
from proofs_check.sweeping.run import check_scheduler, code_fingerprint, complete, kept_rows
from proofs_check.sweeping.widths import MOST, TheoremWidth, theorem_widths
from proofs_check.trajectories.plot import check_plot

_SHOWN = 60
MEANINGS = {
    "loss": "the loss falls to {} by gradient flow",
    "recovery": "the relative error of the signal falls to {}",
    "published": "the published theorem applies",
    "sharp": "the sharp theorem applies",
    "aj": "the sharp theorem for AJ applies",
    "hidden_convex": "hidden convexity promises a loss of zero",
}


def run(
    path: str,
    store_path: str | None = None,
    jobs: int | None = None,
    scheduler: str | None = None,
    plot: str | None = None,
    json_path: str | None = None,
) -> int:
    """Compute a sweep; return 1 if a theorem that applies is contradicted by a network, else 0."""
    check_writable(json_path, plot, store_path)
    check_plot(plot)
    if STDOUT in (plot, store_path):
        raise OutputError("--plot and --store need the name of a file")
    check_scheduler(scheduler)
    sweep = read_sweep(path)
    if plot is not None:
        check_axes(sweep)
    store = Store(store_path)
    try:
        with _progress(path) as report:
            complete(sweep, store, jobs or _cores(), scheduler, report)
        cells = _reports(sweep, store)
    except KeyboardInterrupt:
        return say(_resume(path, store), INTERRUPTED)
    finally:
        store.close()
    if plot is not None:
        plot_phase(sweep, cells, plot, meaning(sweep))
    if json_path != STDOUT:
        print_phase(path, sweep, cells, console())
    if json_path is not None:
        write_json(document(sweep, cells, Path(path)), json_path)
    return int(any(cell.contradictions for cell in cells))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _resume(path: str, store: Store) -> str:
    """Keep what there is, and say how to go on."""
    kept = store.path
    if kept is None:
        kept = f"{Path(path).stem}.sqlite"
        if Path(kept).exists():
            return f"interrupted; nothing is kept, as {kept} exists: next time give --store FILE"
        store.save(kept)
    return f"interrupted; to resume: kurdyka phase {path} --store {kept}"


@contextmanager
def _progress(name: str) -> Iterator[Callable[[int, int], None]]:
    """Show on standard error how many networks are done; only where somebody watches."""
    err = console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    shown = (*columns, TimeRemainingColumn())
    with Progress(*shown, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(f"{name}: networks", total=None)

        def report(there: int, total: int) -> None:
            bar.update(task, completed=there, total=total)

        yield report


def _reports(sweep: Sweep, store: Store) -> list[CellReport]:
    """Summarise all cells; cells that differ in their width only share the theorems' widths."""
    widths: dict[str, dict[str, TheoremWidth]] = {}
    found = []
    for cell in sweep.cells():
        others = str({k: v for k, v in cell.plain.items() if k != "width"})
        if others not in widths:
            widths[others] = theorem_widths(cell) if len(widths) < MOST else {}
        found.append(report_of(cell, kept_rows(cell, store), widths[others]))
    return found


def meaning(sweep: Sweep) -> str:
    """Return what counts as success, in words."""
    return MEANINGS[sweep.success].format(f"{float(sweep.level):g}")


def print_phase(path: str, sweep: Sweep, cells: Sequence[CellReport], out: Console) -> None:
    """Print a row for each cell, and what follows from all of them."""
    total = sum(cell.samples for cell in cells)
    out.print(Text(f"{path}: {total:,} networks in {len(cells):,} cells", style="bold"))
    out.print(Text(f"  success: {meaning(sweep)}"))
    confidence = f"{float(100 * sweep.confidence):g}% confidence"
    out.print(Text(f"  intervals: exact (Clopper–Pearson), {confidence} each; SAMPLED, not proved"))
    out.print()
    out.print(_table(sweep, cells[:_SHOWN]))
    if len(cells) > _SHOWN:
        out.print(Text(f"  … {len(cells) - _SHOWN:,} more cells: see --json", style="dim"))
    out.print()
    for line in _conclusions(sweep, cells):
        out.print(line)


def _table(sweep: Sweep, cells: Sequence[CellReport]) -> Table:
    made = Table(box=None, pad_edge=False, header_style="bold")
    for name in sweep.axes:
        made.add_column(f"  {name}", justify="right")
    for head in ("success", "probability", *_columns(sweep), "median q", "time", "bound"):
        made.add_column(head, justify="right")
    for cell in cells:
        made.add_row(*_row(sweep, cell))
    return made


def _columns(sweep: Sweep) -> list[str]:
    if sweep.certify:
        return ["published", "sharp", "AJ", "convex"]
    return ["q < 1/4, float", "q < 1/2, float"]


def _row(sweep: Sweep, cell: CellReport) -> list[str]:
    share = f"{cell.successes}/{cell.samples}"
    low, high = cell.probability.lower, cell.probability.upper
    known = [_share(answers, cell.samples) for answers in cell.applies.values()]
    return [
        *(str(cell.cell.plain[name]) for name in sweep.axes),
        share + (f" ({cell.unfinished} open)" if cell.unfinished else ""),
        f"{floor2(low)}–{ceil2(high)}",
        *(known or [f"{n}/{cell.samples}" for n in cell.below.values()]),
        _number(cell.medians["q"]), _number(cell.times["observed"]), _number(cell.times["sharp"]),
    ]  # fmt: skip


def _share(answers: Any, samples: int) -> str:
    undecided = f" ({answers['undecided']} ?)" if answers["undecided"] else ""
    return f"{answers['yes']}/{samples}{undecided}"


def floor2(value: Fraction) -> str:
    """Return two decimals, rounded down."""
    return f"{value.numerator * 100 // value.denominator / 100:.2f}"


def ceil2(value: Fraction) -> str:
    """Return two decimals, rounded up."""
    return f"{-(-value.numerator * 100 // value.denominator) / 100:.2f}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}"


def _conclusions(sweep: Sweep, cells: Sequence[CellReport]) -> Iterator[Text]:
    for cell in cells[:1]:
        known = {name: w.width for name, w in cell.widths.items() if w.width is not None}
        if known and set(sweep.axes) <= {"width"}:
            least = ", ".join(f"{name} {width:,}" for name, width in known.items())
            share = f"{float(sweep.failure):g}"
            yield Text(f"Widths that the theorems ask for, failure probability {share}: {least}.")
    wrong = [cell for cell in cells if cell.contradictions]
    for cell in wrong:
        numbers = ", ".join(map(str, cell.contradictions[:5]))
        text = f"VIOLATION: {cell.cell.plain}: samples {numbers} miss a bound that is claimed"
        yield Text(text, style="bold red")
    if not wrong and sweep.certify:
        yield Text("No network contradicts a theorem that applies to it.", style="bold green")


def document(sweep: Sweep, cells: Sequence[CellReport], file: Path) -> dict[str, Any]:
    """Return everything as plain data."""
    return {
        "schema": "kurdyka.phase/1",
        "success": meaning(sweep),
        "confidence": str(sweep.confidence),
        "failure": str(sweep.failure),
        "level": str(sweep.level),
        "axes": {name: [_plain(v) for v in values] for name, values in sweep.axes.items()},
        "cells": [cell_document(cell, sweep.confidence) for cell in cells],
        "manifest": manifest([file], sweep.seed) | {"code": code_fingerprint()},
    }


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Fraction) else value
