"""The benchmark's table and page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.cases import SIZES, Case

_HEAD = (
    "| | CPU seconds | evaluations | error | extra memory, MB | times the fastest full one |"
    " times the bandwidth floor |\n|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True)
class Row:
    """What one contender did.

    Parameters
    ----------
    title : str
        The contender.
    note : str
        Why there are no numbers, or nothing.
    seconds : float
        Processor time.
    evaluations : int
        Evaluations of the residual.
    error : float
        ‖y(T) − reference‖/‖y‖.
    megabytes : float
        Growth of the largest resident memory.
    floor : float
        Time that one pass over AV for each evaluation takes.
    """

    title: str
    note: str
    seconds: float = 0.0
    evaluations: int = 0
    error: float = 0.0
    megabytes: float = 0.0
    floor: float = 0.0


def table(label: str, rows: Sequence[Row]) -> str:
    """Return one size's table."""
    full = [r.seconds for r in rows if not r.note and r.title.startswith("full")]
    fastest = min(full, default=0.0)
    lines = [f"(n, m, d, k) = {label}", "", _HEAD]
    for row in rows:
        if row.note:
            lines.append(f"| {row.title} | {row.note} | | | | | |")
            continue
        ours = not row.title.startswith("full")
        gain = f"{fastest / row.seconds:,.0f}" if fastest and ours else ""
        floor = f"{row.seconds / row.floor:.1f}" if ours else ""
        lines.append(
            f"| {row.title} | {row.seconds:.3g} | {row.evaluations:,} | {row.error:.0e} |"
            f" {row.megabytes:,.0f} | {gain} | {floor} |"
        )
    return "\n".join(lines) + "\n"


def page(
    found: Mapping[tuple[str, str], Sequence[Row]], condition: float, contenders: Sequence[str]
) -> str:
    """Return the page of all tables, by what is trained and size."""
    trains, sizes = (list(dict.fromkeys(names)) for names in zip(*found, strict=True))
    sections = [_section(train, found) for train in trains]
    command = f"--sizes {' '.join(sizes)} --train {' '.join(trains)}"
    return f"""# Benchmarks

One gradient flow of the two-layer network (tanh, κ(A) = {condition:g}) up to the time at which the
loss has fallen by about 10⁻⁶, on one core. kurdyka integrates the network's exact reduction; the
rows called *full* integrate all parameters, as one does without it.

Produced in one run by

    python -m benchmarks {command} \\
        --contenders {" ".join(contenders)} --write docs/benchmarks.md

Times are processor times (the median of up to nine runs), on a machine that others were using:
only ratios within one table mean something. Libraries are imported, and compiled code is
compiled, before the clock starts; the full ones run with an allocator that keeps its pages, which
helps them. Errors are against an independent solver at tolerance 10⁻¹². The floor is the time
that reading AV once for each evaluation takes, at the bandwidth of one core's reads from memory.

{"".join(sections)}"""


def _section(train: str, found: Mapping[tuple[str, str], Sequence[Row]]) -> str:
    title = "V fixed, W trained" if train == "hidden" else "Both layers trained"
    tables = [table(Case(*SIZES[s]).label, rows) for (t, s), rows in found.items() if t == train]
    return f"## {title}\n\n" + "\n".join(tables) + "\n"
