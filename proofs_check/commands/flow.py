"""``kurdyka flow``: a problem's gradient flow against the bounds of both theorems."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from numerics.errors import ProblemError
from numerics.flow import Trajectory, integrate
from numerics.problems import read_problem
from numerics.rigorous.rounding import Array, Bracket
from proofs_check.certifying.text import above, below
from proofs_check.commands import flow_certified, flow_curve
from proofs_check.commands.certify import describe
from proofs_check.commands.flow_progress import progress_bar
from proofs_check.commands.output import STDOUT, check_writable, console, write_json
from proofs_check.errors import OutputError
from proofs_check.instance import Instance, examine
from proofs_check.trajectories.comparison import Comparison, compare, envelope
from proofs_check.trajectories.documents import flow_document
from proofs_check.trajectories.hidden_convexity import (
    THEOREM,
    compare_hidden_convex,
    divergence_to_end,
)
from proofs_check.trajectories.plot import check_plot, plot_flow

_COLUMNS = 60
_BLOCKS = "▁▂▃▄▅▆▇█"


def run(
    problem: str,
    certified: bool = False,
    plot: str | None = None,
    json_path: str | None = None,
    curve: str | None = None,
    step: str | None = None,
) -> int:
    """Follow a problem's flow; return 1 if a bound that is claimed is violated, else 0."""
    if curve is not None or step is not None:
        return flow_curve.run(problem, curve, step, json_path, certified or plot is not None)
    check_writable(json_path, plot)
    check_plot(plot)
    if plot == STDOUT:
        raise OutputError("--plot: a figure cannot go to standard output")
    if certified:
        return flow_certified.run(problem, plot, json_path)
    with progress_bar(problem, "integrating") as report:
        read = read_problem(problem)
        if read.generator is None:
            raise ProblemError(f"{problem}: [measured] gives no network to follow; use --curve")
        instance = examine(read)
        found = integrate(read, progress=report)
    comparisons = [*compare(instance, found), *compare_hidden_convex(read, found)]
    if plot is not None:
        plot_flow(instance, found, plot, describe(read))
    if json_path != STDOUT:
        print_flow(instance, found, comparisons, problem, console())
    if json_path is not None:
        write_json(flow_document(instance, found, comparisons, Path(problem)), json_path)
    return int(any(c.violated for c in comparisons))


def print_flow(
    instance: Instance,
    found: Trajectory,
    comparisons: Sequence[Comparison],
    name: str,
    out: Console,
) -> None:
    """Print what was measured beside both theorems' bounds, and whether any is violated."""
    out.print(Text(f"{name}: {describe(instance.problem)}", style="bold"))
    out.print(Text(f"  {_how(found)}"))
    out.print()
    out.print(_table(found, comparisons))
    out.print()
    for part in _hidden_convex(instance, found, comparisons):
        out.print(part)
    for line in sparklines(instance, found):
        out.print(Text(f"  {line}"), overflow="crop", no_wrap=True)
    out.print()
    out.print(_summary(found, comparisons))


def _hidden_convex(
    instance: Instance, found: Trajectory, comparisons: Sequence[Comparison]
) -> list[Text]:
    """Return the bound of hidden convexity in a line, where it applies."""
    divergence = divergence_to_end(instance.problem, found)
    compared = [c for c in comparisons if c.theorem == THEOREM]
    if divergence is None or not compared:
        return []
    status, style = _status(compared[0])
    size = f"D₀ = {divergence[0]:.4g}, L(y(T)) = {found.loss[-1]:.3g}"
    claim = "hidden convexity, at every width: L(y(t)) ≤ L(y(T)) + D₀/(‖u‖²t)"
    return [Text.assemble(f"  {claim}, {size}: ", (status, style)), Text()]


def _slow(found: Trajectory) -> str:
    """Say what makes steps many, and what makes them fewer."""
    left = found.misfit[-1] / found.misfit[0] if found.misfit[0] > 0 else 0.0
    return (
        f"too many steps, with {left:.0%} of w left; a wider network, a better conditioned A or an "
        "observation nearer to the initial output takes fewer"
    )


def _how(found: Trajectory) -> str:
    end = f"t = {found.times[-1]:.4g}"
    reached = {
        "complete": f"followed to {end}",
        "settled": f"followed to {end}, where the misfit has fallen as far as it is resolved",
        "step_limit": f"stopped at {end}, before t = {found.horizon:.4g}: {_slow(found)}",
        "failed": f"given up at {end}, before t = {found.horizon:.4g}: no step is small enough",
    }[found.status]
    return f"{reached}; {found.steps} steps, error of w about {found.misfit_error:.1g}"


_ROWS = (
    ("w(t) at the end", "misfit", "≤"),
    ("‖θ(t) − θ₀‖, largest", "travel", "≤"),
    ("length of the path", "length", "≤"),
    ("σ_min(J(θ(t))), smallest", "sigma_min", "≥"),
)


def _table(found: Trajectory, comparisons: Sequence[Comparison]) -> Table:
    made = Table(box=None, pad_edge=False, header_style="bold")
    made.add_column("  quantity")
    made.add_column("measured", justify="right")
    for theorem in ("published", "sharp"):
        made.add_column(theorem, min_width=24)
    for label, quantity, sign in _ROWS:
        values = getattr(found, quantity)
        value = {"misfit": values[-1], "sigma_min": values.min()}.get(quantity, values.max())
        cells = [
            _cell([c for c in comparisons if (c.theorem, c.quantity) == (theorem, quantity)], sign)
            for theorem in ("published", "sharp")
        ]
        made.add_row(f"  {label}", f"{value:.6g}", *cells)
    return made


def _cell(compared: Sequence[Comparison], sign: str) -> Text:
    if not compared:
        return Text("–", style="dim")
    (one,) = compared
    status, style = _status(one)
    level = float(one.bound[-1])
    if not np.isfinite(level):
        return Text("no bound", style="dim")
    rounded = (above if one.side == "upper" else below)(Bracket(level, level), 6)
    return Text.assemble(f"{sign} {rounded} ", (status, style))


def _status(compared: Comparison) -> tuple[str, str]:
    if compared.violated:
        return "VIOLATED", "bold red"
    if compared.claimed:
        return "holds", "green"
    return ("undecided" if compared.claimed is None else "not claimed"), "dim"


def sparklines(instance: Instance, found: Trajectory) -> list[str]:
    """Return log w(t) and its bounds as lines of blocks, on one scale."""
    positive = found.misfit[found.misfit > 0]
    if positive.size < 2:
        return []
    times = np.linspace(0, found.times[-1], _COLUMNS)
    floor, top = float(positive.min()), float(found.misfit[0])
    # between steps log w is close to linear in t
    logs = np.interp(times, found.times, np.log(np.maximum(found.misfit, floor)))
    curves = {"measured": np.exp(logs)}
    for name in ("sharp", "published"):
        bound = envelope(instance.readings[name], times)
        if bound is not None:
            curves[name] = bound
    scale = f"log w(t), from {top:.3g} down to {floor:.3g}, for t from 0 to {found.times[-1]:.4g}"
    width = max(map(len, curves))
    return [scale, *(f"{n:<{width}}  {_blocks(v, floor, top)}" for n, v in curves.items())]


def _blocks(values: Array, floor: float, top: float) -> str:
    clipped = np.clip(values, floor, top)
    height = np.log(clipped / floor) / max(np.log(top / floor), 1e-300)
    return "".join(_BLOCKS[round(float(h) * (len(_BLOCKS) - 1))] for h in height)


def _summary(found: Trajectory, comparisons: Sequence[Comparison]) -> Text:
    violated = [c for c in comparisons if c.violated]
    if violated:
        return Text("\n".join(_violation(c, found) for c in violated), style="bold red")
    claimed = [c for c in comparisons if c.claimed]
    if not claimed:
        return Text("Neither theorem claims a bound here, so nothing can be violated.")
    kept = f"{len(claimed)} of {len(claimed)} claimed bounds hold along the trajectory"
    return Text(f"No violation: {kept} (SAMPLED, not proved).", style="bold green")


def _violation(compared: Comparison, found: Trajectory) -> str:
    worst = compared.worst
    return (
        f"VIOLATION: {compared.quantity} exceeds the {compared.theorem} bound by "
        f"{-compared.slack[worst]:.3g} at t = {found.times[worst]:.6g} "
        f"(margin for the integrator's error: {compared.margin[worst]:.1g})"
    )
