"""The benchmark's table and page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.cases import SIZES, Case

_HEAD = (
    "| | CPU seconds | evaluations | error | extra memory, MB | fastest full one takes |"
    " × the memory floor | × one pass over AV | one evaluation × the memory floor |\n"
    "|---|---|---|---|---|---|---|---|---|"
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
        Processor time for the whole horizon.
    evaluations : float
        Evaluations of the residual.
    error : float or None
        ‖y(T) − reference‖/‖y‖; None where the horizon was not reached.
    megabytes : float
        Growth of the largest resident memory.
    share : float
        The part of the horizon that was integrated; the numbers are extrapolated if it is below 1.
    floors : mapping
        Seconds for each evaluation that reading AV from memory (``memory``), one product with AV
        (``pass``) and tanh of all neurons (``elementwise``) take; for ours also those of its
        parts (``benchmarks.floors.parts``).
    flow : bool
        Whether it follows the flow, to a tolerance.
    """

    title: str
    note: str = ""
    seconds: float = 0.0
    evaluations: float = 0
    error: float | None = None
    megabytes: float = 0.0
    share: float = 1.0
    floors: Mapping[str, float] = field(default_factory=dict)
    flow: bool = True

    @property
    def full(self) -> bool:
        """Whether all parameters are integrated."""
        return self.title.startswith("full")

    @property
    def about(self) -> str:
        """A sign that a number is extrapolated."""
        return "" if self.share == 1 else "≈ "


def table(label: str, rows: Sequence[Row]) -> str:
    """Return one size's table."""
    done = [row for row in rows if not row.note]
    peers = [row for row in done if row.full and row.flow]
    fastest = min(peers, key=lambda row: row.seconds, default=None)
    lines = [f"(n, m, d, k) = {label}", "", _HEAD, *(_line(row, fastest) for row in rows)]
    notes = [_floors(done[0])] if done else []
    notes += [_parts(row) for row in done if "beyond" in row.floors][:1]
    partial = [
        f"{row.title}: {row.share:.1%} of the horizon, then extrapolated"
        for row in done
        if row.share < 1
    ]
    if partial:
        notes.append(f"≈ {'; '.join(partial)}.")
    return "\n\n".join(["\n".join(lines), *notes]) + "\n"


def _line(row: Row, fastest: Row | None) -> str:
    if row.note:
        return f"| {row.title} | {row.note} | | | | | | | |"
    error = "not reached" if row.error is None else f"{row.error:.0e}"
    cells = [
        row.title, f"{row.about}{row.seconds:.3g}", f"{row.about}{row.evaluations:,.0f}", error,
        f"{row.megabytes:,.0f}",
    ]  # fmt: skip
    gain, ratios = "", ["", "", ""]
    if not row.full:
        if fastest:
            gain = f"{fastest.about}{fastest.seconds / row.seconds:,.0f} times that"
        at = row.floors
        ratios = [f"{row.seconds / (row.evaluations * at[x]):.1f}" for x in ("memory", "pass")]
        ratios.append(f"{at['evaluation'] / at['memory']:.1f}" if "evaluation" in at else "")
    return f"| {' | '.join([*cells, gain, *ratios])} |"


def _floors(row: Row) -> str:
    at = {name: 1e6 * seconds for name, seconds in row.floors.items()}
    return (
        f"For each evaluation, reading AV from memory takes {at['memory']:.3g} µs, one product with"
        f" AV (from the cache that holds it) {at['pass']:.3g} µs, tanh of all neurons"
        f" {at['elementwise']:.3g} µs."
    )


def _parts(row: Row) -> str:
    """Say where our time goes."""
    at = row.floors
    rest = (row.seconds - at["prepare"]) / row.evaluations - at["evaluation"]
    return (
        f"One evaluation of kurdyka's takes {1e6 * at['evaluation']:,.0f} µs; with so many neurons"
        f" that AV takes 128 MiB, {at['beyond']:.1f} times as long as reading it from memory."
        f" Forming AV, and what else is done once, takes {1e3 * at['prepare']:.3g} ms, a kernel"
        f" with its eigenvectors {1e6 * at['kernel']:,.0f} µs."
        f" In the first row {1e6 * rest:,.0f} µs for each evaluation are neither: kernels, and the"
        " arithmetic of the steps, whose arrays are so small that the interpreter's calls take the"
        " time."
    )


def page(
    found: Mapping[tuple[str, str], Sequence[Row]],
    condition: float,
    contenders: Sequence[str],
    budget: float,
    sittings: int = 1,
) -> str:
    """Return the page of all tables, by what is trained and size."""
    trains, sizes = (list(dict.fromkeys(names)) for names in zip(*found, strict=True))
    sections = [_section(train, found) for train in trains]
    command = f"--sizes {' '.join(sizes)} --train {' '.join(trains)} --budget {budget:g}"
    run = "in one run" if sittings == 1 else f"in {sittings} sittings"
    return f"""# Benchmarks

One gradient flow of the two-layer network (tanh, κ(A) = {condition:g}) up to the time at which the
loss has fallen by about 10⁻⁶, on one core. kurdyka integrates the network's exact reduction; the
rows called *full* integrate all parameters, as one does without it.

Produced {run} by

    python -m benchmarks {command} \\
        --contenders {" ".join(contenders)} --write docs/benchmarks.md

Times are processor times (the median of up to nine runs): only ratios within one table mean
something. Libraries are imported, and compiled code is compiled, before the clock starts; ours
includes forming AV. All run with an allocator that keeps its pages (the mmap threshold raised),
which helps the full ones: without it they lose time to page faults. A full one that does not fit
into its share of the budget is integrated up to a part of the horizon; for the rest it is granted
the longest steps at which explicit methods are stable, and its numbers are marked ≈. Errors are
against an independent solver at tolerance 10⁻¹². PyTorch descent takes steps of 1/λ_max(K) and does
not follow the flow to a tolerance: nothing is compared with its time.

The floors: an evaluation has to read AV, from memory or from the cache that holds it, and to move
every neuron, which takes at least a tanh. What this means for a small AV is said below each table:
the arithmetic of a step does not grow with the network, and where AV has few rows the neurons cost
more than reading it.

{"".join(sections)}"""


def _section(train: str, found: Mapping[tuple[str, str], Sequence[Row]]) -> str:
    title = "V fixed, W trained" if train == "hidden" else "Both layers trained"
    tables = [table(Case(*SIZES[s]).label, rows) for (t, s), rows in found.items() if t == train]
    return f"## {title}\n\n" + "\n".join(tables) + "\n"
