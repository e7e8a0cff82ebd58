"""``kurdyka flow --certified``: the real trajectory, enclosed, against both theorems' bounds."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from numerics.errors import ProblemError
from numerics.problems import read_problem
from numerics.rigorous.rounding import Bracket
from numerics.tubes.tube import Tube
from proofs_check.certificate import problem_block
from proofs_check.certifying.text import above, below
from proofs_check.commands.certify import describe
from proofs_check.commands.flow_progress import progress_bar
from proofs_check.commands.output import STDOUT, console, write_json
from proofs_check.manifest import manifest
from proofs_check.trajectories.certified import CertifiedFlow, certified_flow
from proofs_check.trajectories.documents import SCHEMA, finite
from proofs_check.trajectories.plot import plot_flow
from proofs_check.trajectories.verdicts import Decision

_MOST_POINTS = 200
_NAMES = {
    "misfit": "misfit w(t) ≤ W(t)",
    "travel": "distance ‖θ(t) − θ₀‖",
    "length": "length of the path",
    "sigma_min": "conditioning σ_min(J(θ(t)))",
    "stopping_time": "w(t) ≤ ‖ε‖ from the stopping time on",
}
_ENDS = {
    "settled": "where the misfit has certainly fallen as far as it is to be followed",
    "complete": "the time asked for",
    "step_limit": "after which the computed curve would have too many pieces",
    "blurred": "after which the error bar is no longer small beside the misfit",
    "failed": "after which no piece is short enough",
}
_STYLES = {"holds": "green", "violated": "bold red", "undecided": "yellow"}


def run(problem: str, plot: str | None, json_path: str | None) -> int:
    """Enclose a problem's flow; return 1 if a claimed bound is certainly violated, else 0."""
    with progress_bar(problem, "enclosing") as report:
        read = read_problem(problem)
        if read.generator is None:
            raise ProblemError(f"{problem}: [measured] gives no network to follow; use --curve")
        try:
            found = certified_flow(read, progress=report)
        except ProblemError as reason:
            raise ProblemError(f"{problem}: --certified: {reason}") from reason
    if len(found.tube.times) < 2:
        raise ProblemError(f"{problem}: --certified: no first step could be enclosed; rescale it")
    if plot is not None:
        plot_flow(found.instance, found.trajectory(), plot, describe(read), found.tube)
    if json_path != STDOUT:
        print_certified(found, problem, console())
    if json_path is not None:
        write_json(certified_document(found, Path(problem)), json_path)
    return int(bool(found.violations))


def print_certified(found: CertifiedFlow, name: str, out: Console) -> None:
    """Print how far the trajectory is enclosed, and each inequality's verdict and margin."""
    tube = found.tube
    end, error = float(tube.times[-1]), float(np.max(tube.error))
    out.print(Text(f"{name}: {describe(found.instance.problem)}", style="bold"))
    out.print(Text(f"  enclosed for t from 0 to T = {end:.4g}, {_ENDS[tube.status]}"))
    out.print(
        Text(
            f"  ‖θ(t) − θ̃(t)‖ ≤ {above(Bracket(0.0, error), 2)} around a computed curve of "
            f"{tube.pieces} pieces; w(T) in [{below(_misfit(tube))}, {above(_misfit(tube))}]"
        )
    )
    out.print()
    out.print(_table(found))
    out.print()
    out.print(_summary(found))


def _misfit(tube: Tube) -> Bracket:
    return Bracket(float(tube.misfit_low[-1]), float(tube.misfit_high[-1]))


def _table(found: CertifiedFlow) -> Table:
    made = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("  theorem", "inequality", "verdict", "margin on [0, T]", "at t"):
        made.add_column(heading, justify="right" if heading in _RIGHT else "left")
    for one in found.decisions:
        made.add_row(
            f"  {one.theorem}", _NAMES[one.quantity], _verdict(one), _margin(one.margin),
            f"{one.time:.4g}" if isfinite(one.margin) else "–",
        )  # fmt: skip
    return made


_RIGHT = ("margin on [0, T]", "at t")


def _verdict(one: Decision) -> Text:
    style = _STYLES[one.verdict] if one.claimed else "dim"
    text: str = one.verdict
    if one.verdict == "undecided":
        text += " on [0, T]" if not one.until_T else " after T"
    if not one.claimed:
        text += " (not decided to apply)" if one.claimed is None else " (not claimed)"
    return Text(text, style=style)


def _margin(value: float) -> str:
    if not isfinite(value):
        return "rates only"
    return below(Bracket(value, value)) if value >= 0 else f"−{above(Bracket(-value, -value))}"


def _summary(found: CertifiedFlow) -> Text:
    violations = found.violations
    if violations:
        lines = [
            f"VIOLATION: the {d.theorem} bound of {d.quantity} is certainly exceeded, by at least "
            f"{-d.margin:.3g} at t = {d.time:.6g}"
            for d in violations
        ]
        return Text("\n".join(lines), style="bold red")
    claimed = [d for d in found.decisions if d.claimed]
    held = sum(d.verdict == "holds" for d in claimed)
    if not claimed:
        return Text("Neither theorem claims a bound here, so nothing can be violated.")
    text = f"{held} of {len(claimed)} claimed inequalities are proved along the real trajectory"
    done = held == len(claimed)
    return Text(f"{text}, for all t ≥ 0." if done else f"{text}; none is violated.",
                style="bold green" if done else "bold")  # fmt: skip


def certified_document(found: CertifiedFlow, source: Path | None = None) -> dict[str, Any]:
    """Return the document of ``kurdyka flow --certified --json``; its bounds are proved."""
    network = found.instance.problem.network
    return {
        "schema": SCHEMA,
        "certified": True,
        "violations": len(found.violations),
        "applies": {name: r.applies for name, r in found.instance.readings.items()},
        "comparisons": [_entry(d) for d in found.decisions],
        "tube": tube_block(found.tube),
        "problem": problem_block(found.instance.problem),
        "manifest": manifest(
            [] if source is None else [source], None if network is None else network.seed
        ),
    }


def _entry(one: Decision) -> dict[str, Any]:
    return {
        "theorem": one.theorem,
        "quantity": one.quantity,
        "side": "lower" if one.quantity == "sigma_min" else "upper",
        "claimed": one.claimed,
        "verdict": one.verdict,
        "violated": one.refuted,
        "margin": finite(one.margin),
        "time": one.time,
        "until_T": one.until_T,
        "after_T": one.after_T,
    }


def tube_block(tube: Tube) -> dict[str, Any]:
    """Return the tube's bounds at a number of its times; every one of them is an outer bound."""
    count = len(tube.times)
    kept = np.unique(np.linspace(0, count - 1, min(count, _MOST_POINTS)).round().astype(int))
    names = (
        "times", "error", "misfit_low", "misfit_high", "travel_low", "travel_high", "length_high",
    )  # fmt: skip
    columns = {name: [float(v) for v in getattr(tube, name)[kept]] for name in names}
    return {
        "status": tube.status,
        "pieces": tube.pieces,
        "until": float(tube.times[-1]),
        "lipschitz": tube.lipschitz,
        **columns,
        "sigma_min_low": [float(v) for v in np.append(tube.sigma_low, tube.sigma_low[-1:])[kept]],
    }
