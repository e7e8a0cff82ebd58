"""``kurdyka flow --curve``: a recorded loss curve against the bounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from numerics.inputs.curves import RecordedCurve, read_curve
from numerics.inputs.tables import decimal_number
from numerics.problems import bracket_of, read_problem
from proofs_check.certificate import problem_block
from proofs_check.commands.certify import describe
from proofs_check.commands.output import STDOUT, check_writable, console, write_json
from proofs_check.errors import UserError
from proofs_check.instance import Instance, examine
from proofs_check.manifest import manifest
from proofs_check.trajectories.comparison import Comparison
from proofs_check.trajectories.documents import SCHEMA, comparison_block
from proofs_check.trajectories.recorded import CurveComparison, compare_curve

_MEANING = {
    "published": "published theorem, flow",
    "sharp": "sharp theorem, flow",
    "descent": "gradient descent (descent_rate)",
}


def run(
    problem: str, curve: str | None, step: str | None, json_path: str | None, mixed: bool = False
) -> int:
    """Check a recorded loss curve; return 1 if a bound that is claimed is violated, else 0.

    Parameters
    ----------
    problem, curve : str
        The problem file and the CSV file.
    step : str or None
        The step size, for a curve over iterations.
    json_path : str or None
        Where to write JSON.
    mixed : bool
        Whether options were given that only a computed trajectory has.
    """
    if curve is None:
        raise UserError("--step belongs to --curve FILE.csv; give that too, or drop it")
    if mixed:
        raise UserError("--curve checks a recorded curve; drop --certified and --plot")
    check_writable(json_path)
    gamma = None if step is None else bracket_of(decimal_number(step, "--step", positive=True))
    recorded = read_curve(curve)
    with console(stderr=True).status(f"{problem}: measuring"):
        instance = examine(read_problem(problem))
    found = compare_curve(instance, recorded, gamma)
    if json_path != STDOUT:
        _print(instance, recorded, found, f"{problem}, {curve}")
    if json_path is not None:
        write_json(_document(instance, recorded, found, (problem, curve), step), json_path)
    return int(found.violated)


def _print(instance: Instance, recorded: RecordedCurve, found: CurveComparison, name: str) -> None:
    out = console()
    out.print(Text(f"{name}: {describe(instance.problem)}", style="bold"))
    rows = len(recorded.at)
    out.print(Text(f"  {rows} losses over {recorded.clock}s, to {recorded.at[-1]:g}"))
    out.print()
    out.print(_table(recorded, found))
    out.print()
    out.print(_summary(recorded, found))
    if instance.measured.asserted:
        out.print(Text("σ₀, Λ and w₀ are asserted in the problem file, not checked."))


def _table(recorded: RecordedCurve, found: CurveComparison) -> Table:
    made = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("  bound of w", "claimed", "smallest slack", f"at {recorded.clock}"):
        made.add_column(title)
    for one in found.comparisons:
        status, style = _status(one)
        made.add_row(
            f"  {_MEANING[one.theorem]}",
            {True: "yes", False: "no", None: "undecided"}[one.claimed],
            f"{one.slack[one.worst]:.4g}",
            f"{recorded.at[one.worst]:g} ",
            Text(status, style=style),
        )
    return made


def _status(one: Comparison) -> tuple[str, str]:
    if one.violated:
        return "VIOLATED", "bold red"
    if one.exceeded:
        return "exceeded", "yellow"
    return "holds", "green" if one.claimed else "dim"


def _summary(recorded: RecordedCurve, found: CurveComparison) -> Text:
    violated = [one for one in found.comparisons if one.violated]
    if violated:
        lines = [
            f"VIOLATION: w exceeds the bound of {_MEANING[one.theorem]} by "
            f"{-one.slack[one.worst]:.3g} at {recorded.clock} {recorded.at[one.worst]:g} "
            f"(margin for digits and single precision: {one.margin[one.worst]:.1g})"
            for one in violated
        ]
        return Text("\n".join(lines), style="bold red")
    claimed = sum(bool(one.claimed) for one in found.comparisons)
    if not claimed:
        return Text("No bound is claimed for this curve, so nothing can be violated.")
    text = f"No violation: the curve stays below {claimed} claimed bounds (SAMPLED, not proved)."
    return Text(text.replace("1 claimed bounds", "1 claimed bound"), style="bold green")


def _document(
    instance: Instance,
    recorded: RecordedCurve,
    found: CurveComparison,
    sources: tuple[str, str],
    step: str | None,
) -> dict[str, Any]:
    network = instance.problem.network
    return {
        "schema": SCHEMA,
        "certified": False,
        "violations": sum(one.violated for one in found.comparisons),
        "applies": {name: r.applies for name, r in instance.readings.items()},
        "comparisons": [
            comparison_block(one, recorded.clock, recorded.at) for one in found.comparisons
        ],
        "trajectory": None,
        "curve": {
            "clock": recorded.clock,
            "step": step,
            "rows": len(recorded.at),
            "end": float(recorded.at[-1]),
            "asserted": list(instance.measured.asserted),
        },
        "problem": problem_block(instance.problem),
        "manifest": manifest(map(Path, sources), None if network is None else network.seed),
    }
