"""A trajectory against the theorems' bounds as a figure; Matplotlib is loaded only here."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from numerics.flow import Trajectory
from numerics.tubes.tube import Tube
from proofs_check.certifying.formulas import end_above, end_below
from proofs_check.errors import OutputError
from proofs_check.instance import Instance
from proofs_check.trajectories.comparison import envelope
from proofs_check.trajectories.hidden_convexity import misfit_bound

FORMATS = ("png", "svg", "pdf")
_UNDATED: Mapping[str, dict[str, None]] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
STYLE = {
    "axes.spines.top": False, "axes.spines.right": False, "axes.titlesize": "medium",
    "axes.titlelocation": "left", "legend.frameon": False, "svg.hashsalt": "kurdyka",
}  # fmt: skip
_MEASURED = {"color": "#1d2329", "linewidth": 2.0}
_BOUNDS: Mapping[str, dict[str, Any]] = {
    "sharp": {"color": "#2563a8", "linewidth": 1.6},
    "published": {"color": "#c05a00", "linewidth": 1.6, "linestyle": (0, (5, 3))},
}
_HIDDEN = {"color": "#2e7d4f", "linewidth": 1.6, "linestyle": "-."}
_FINE = 400


def check_plot(path: str | None) -> None:
    """Refuse a figure that cannot be drawn, before any work is done for it.

    Raises
    ------
    OutputError
        If the format is not known, or Matplotlib is not installed.
    """
    if path is None:
        return
    if Path(path).suffix.lower().lstrip(".") not in FORMATS:
        raise OutputError(f"--plot {path}: the name has to end in .{', .'.join(FORMATS)}")
    if find_spec("matplotlib") is None:
        raise OutputError("--plot needs Matplotlib: pip install 'kurdyka[plot]'")


def plot_flow(
    instance: Instance, found: Trajectory, path: str, title: str, tube: Tube | None = None
) -> None:
    """Draw misfit, travel and conditioning with the bounds of both theorems, and save the figure.

    A bound that a theorem does not claim for the instance is drawn faintly and said so. Where a
    tube is given, so are its error bars, and what is drawn is its middle.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(STYLE):
        figure = Figure(figsize=(11.5, 4.2), layout="constrained")
        misfit, travel, conditioning = figure.subplots(1, 3)
        _misfit(misfit, instance, found)
        _level(travel, instance, found, "travel", "travel_radius")
        _level(conditioning, instance, found, "sigma_min", "conditioning")
        if tube is not None:
            _error_bars((misfit, travel, conditioning), tube)
        misfit.set_title("misfit w(t)")
        travel.set_title("distance from θ₀")
        conditioning.set_title("σ_min of the Jacobian")
        for axes in (misfit, travel, conditioning):
            axes.set_xlabel("time t")
            axes.margins(x=0)
            axes.set_xlim(left=0)
        figure.suptitle(title, x=0.01, ha="left", fontsize="large")
        handles, labels = misfit.get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower left", ncols=len(labels))
        save_figure(figure, path)


def _error_bars(panels: tuple[Any, ...], tube: Tube) -> None:
    misfit, travel, conditioning = panels
    style = {"color": _MEASURED["color"], "alpha": 0.25, "linewidth": 0}
    shown = np.maximum(tube.misfit_low, np.finfo(float).tiny)
    misfit.fill_between(tube.times, shown, tube.misfit_high, label="proved error bar", **style)
    travel.fill_between(tube.times, tube.travel_low, tube.travel_high, **style)
    low = np.append(tube.sigma_low, tube.sigma_low[-1:])
    conditioning.fill_between(tube.times, low, tube.sigma_between(), **style)


def save_figure(figure: Any, path: str) -> None:
    """Write a figure, without a date, so that the same figure is the same file.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    suffix = Path(path).suffix.lower().lstrip(".")
    try:
        figure.savefig(path, dpi=150, metadata=_UNDATED.get(suffix))
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror})") from error


def _misfit(axes: Any, instance: Instance, found: Trajectory) -> None:
    times = np.linspace(0, found.times[-1], _FINE)
    for name, style in _BOUNDS.items():
        reading = instance.readings[name]
        bound = envelope(reading, times)
        if bound is not None:
            label, faint = _claim(name, reading.bounds_misfit)
            axes.plot(times, bound, label=label, **style, **faint)
    hidden = misfit_bound(instance.problem, found)
    if hidden is not None:
        axes.plot(found.times, hidden, label="hidden convexity", **_HIDDEN)
    axes.plot(found.times, found.misfit, label="measured", **_MEASURED)
    _noise(axes, instance, found)
    axes.set_yscale("log")
    positive = found.misfit[found.misfit > 0]
    if positive.size:
        axes.set_ylim(positive.min() / 2, positive.max() * 3)


def _noise(axes: Any, instance: Instance, found: Trajectory) -> None:
    noise = instance.measured.noise
    if noise is None or not found.misfit.min() < noise.middle < found.misfit.max():
        return
    axes.axhline(noise.middle, color="#7a858f", linewidth=1, linestyle=":", label="noise level ‖ε‖")


def _level(axes: Any, instance: Instance, found: Trajectory, quantity: str, bound: str) -> None:
    for name, style in _BOUNDS.items():
        reading = instance.readings[name]
        value = reading.formula(bound)
        if value is None:
            continue
        level = end_above(value) if quantity == "travel" else end_below(value)
        axes.axhline(level, **style, **_claim(name, reading.applies)[1])
    axes.plot(found.times, getattr(found, quantity), **_MEASURED)
    axes.set_ylim(bottom=0)
    axes.margins(y=0.1)


def _claim(name: str, claimed: bool | None) -> tuple[str, dict[str, float]]:
    if claimed:
        return f"{name} bound", {}
    return f"{name} bound ({'undecided' if claimed is None else 'does not apply'})", {"alpha": 0.4}
