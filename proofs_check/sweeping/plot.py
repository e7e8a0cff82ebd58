"""A sweep as a phase diagram; Matplotlib is loaded only here.

Over two axes it is a heat map of the frequency of success, with the widths of the theorems as
lines; over one axis it is a curve with exact intervals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from numerics.rigorous.rounding import Array
from numerics.sweeps import Sweep
from proofs_check.errors import OutputError
from proofs_check.sweeping.cells import CellReport
from proofs_check.trajectories.plot import STYLE, save_figure

Value = Any
LABELS = {
    "outputs": "outputs n", "measurements": "measurements m", "width": "width k (neurons)",
    "sigma_min": "smallest singular value σ_A", "operator_norm": "operator norm ‖A‖",
    "condition_number": "condition number κ(A)", "operator_seed": "seed of the operator",
    "observation_norm": "norm ‖A x̄‖ of the clean data",
    "noise": "relative noise ‖ε‖/‖A x̄‖", "loss": "loss",
    "activation": "activation φ", "input_dimension": "input dimension d",
    "train": "layers trained", "output_weights": "law of the output weights",
}  # fmt: skip
_LINES: Mapping[str, dict[str, Any]] = {
    "published": {"color": "#c05a00", "linestyle": (0, (5, 3)), "marker": "s"},
    "sharp": {"color": "#2563a8", "linestyle": "-", "marker": "o"},
    "hidden-convex": {"color": "#007a5a", "linestyle": (0, (1, 1.5)), "marker": "^"},
}
_OTHER = {"color": "#555555", "linestyle": (0, (3, 1, 1, 1)), "marker": "d"}
_EMPTY = "#f1f2f4"
_MOST_PANELS = 6


def check_axes(sweep: Sweep) -> None:
    """Refuse a sweep that makes no figure, before any work is done for it.

    Raises
    ------
    OutputError
        If nothing varies, or more than two axes make too many panels.
    """
    if not sweep.axes:
        raise OutputError("--plot: the sweep has no axes to draw")
    panels = int(np.prod([len(sweep.axes[name]) for name in _others(sweep)]))
    if panels > _MOST_PANELS:
        raise OutputError(
            f"--plot: {', '.join(_others(sweep))} would make {panels} panels; "
            f"at most {_MOST_PANELS} are drawn"
        )


def _drawn(sweep: Sweep) -> tuple[str, ...]:
    """Return the axes of a panel: the horizontal one, and the vertical one, the width if it can."""
    names = list(sweep.axes)
    if len(names) < 2:
        return tuple(names)
    numeric = [name for name in names if name != "width" and _is_numeric(sweep.axes[name])]
    if "width" in names:
        return (numeric or [name for name in names if name != "width"])[0], "width"
    return (*(numeric + [n for n in names if n not in numeric])[:2],)


def _others(sweep: Sweep) -> tuple[str, ...]:
    return tuple(name for name in sweep.axes if name not in _drawn(sweep))


def _is_numeric(values: Sequence[Value]) -> bool:
    return all(isinstance(value, (int, Fraction)) for value in values)


def plot_phase(sweep: Sweep, cells: Sequence[CellReport], path: str, meaning: str) -> None:
    """Draw the frequency of success and the theorems' widths, and save the figure."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    panels: dict[tuple[Value, ...], list[CellReport]] = {}
    for cell in cells:
        place = tuple(cell.cell.parameters[name] for name in _others(sweep))
        panels.setdefault(place, []).append(cell)
    draw = _map if len(sweep.axes) > 1 else _curve
    with rc_context(STYLE):
        figure = Figure(figsize=(2.6 + 5.0 * len(panels), 5.8), layout="constrained")
        grid = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for axes, (place, some) in zip(grid, panels.items(), strict=True):
            image = draw(axes, sweep, some)
            axes.set_title(", ".join(map(_said, _others(sweep), place)))
            axes.label_outer()
        figure.suptitle(_title(sweep, meaning), x=0.01, ha="left", fontsize="medium")
        if image is not None:
            bar = figure.colorbar(image, ax=list(grid), shrink=0.8, pad=0.02)
            bar.set_label("part of the networks that succeed")
            bar.outline.set_visible(False)
        _legend(figure, grid)
        save_figure(figure, path)


def _legend(figure: Any, grid: Any) -> None:
    """Explain the lines of all panels, once each, below them."""
    from matplotlib.patches import Patch

    found: dict[str, Any] = {}
    for axes in grid:
        handles, labels = axes.get_legend_handles_labels()
        found |= dict(zip(labels, handles, strict=True))
        if axes.get_gid() == _EMPTY:
            found["not sampled"] = Patch(facecolor=_EMPTY, edgecolor="#c9ccd1")
    if found:
        columns = min(2 * len(grid), len(found))
        figure.legend(found.values(), found.keys(), loc="outside lower left", ncols=columns)


def _title(sweep: Sweep, meaning: str) -> str:
    return f"Success: {meaning}\n{sweep.samples:,} networks in each cell (SAMPLED, not proved)"


def _said(name: str, value: Value) -> str:
    return f"{LABELS[name]} = {float(value):g}" if _is_numeric([value]) else str(value)


def _map(axes: Any, sweep: Sweep, cells: Sequence[CellReport]) -> Any:
    across, up = _drawn(sweep)
    columns, rows = sweep.axes[across], sweep.axes[up]
    x, x_edges = _places(columns)
    y, y_edges = _places(rows)
    share = np.full((len(rows), len(columns)), np.nan)
    for cell in cells:
        at = cell.cell.parameters
        share[rows.index(at[up]), columns.index(at[across])] = cell.successes / cell.samples
    order = np.argsort(x), np.argsort(y)
    image = axes.pcolormesh(
        x_edges, y_edges, share[order[1]][:, order[0]], cmap="cividis", vmin=0, vmax=1,
        edgecolors="white", linewidth=0.4,
    )  # fmt: skip
    _scale(axes, "x", across, columns, x)
    _scale(axes, "y", up, rows, y)
    if up == "width":
        _widths(axes, cells, across, dict(zip(columns, x, strict=True)))
    return image


def _widths(
    axes: Any,
    cells: Sequence[CellReport],
    across: str,
    places: Mapping[Value, float],
) -> None:
    """Draw from which width on each theorem promises success."""
    found: dict[str, dict[float, int]] = {}
    for cell in cells:
        for name, enough in cell.widths.items():
            if enough.width is not None:
                place = places[cell.cell.parameters[across]]
                found.setdefault(name, {})[place] = enough.width
    failure = float(cells[0].cell.sweep.failure)
    for name, widths in found.items():
        x = np.array(sorted(widths))
        y = np.array([widths[place] for place in x], dtype=float)
        axes.plot(
            x, y, label=f"{name}: enough, but for probability {failure:g}", linewidth=1.8,
            markersize=5, clip_on=False, **_LINES.get(name, _OTHER),
        )  # fmt: skip
    if found:
        top = max(w for widths in found.values() for w in widths.values())
        axes.set_ylim(top=max(2 * top, axes.get_ylim()[1]))
        axes.set_facecolor(_EMPTY)
        axes.set_gid(_EMPTY)


def _places(values: Sequence[Value]) -> tuple[Array, Array]:
    """Return where values are drawn, and the edges of their cells in increasing order."""
    if not _is_numeric(values):
        places = np.arange(len(values), dtype=float)
        return places, np.asarray(np.arange(len(values) + 1) - 0.5)
    places = np.array([float(value) for value in values])
    ordered = np.sort(places)
    if _logarithmic(values):
        return places, np.asarray(np.exp(_edges(np.log(ordered))))
    return places, _edges(ordered)


def _edges(ordered: Array) -> Array:
    if len(ordered) == 1:
        return np.array([ordered[0] - 0.5, ordered[0] + 0.5])
    middles = (ordered[1:] + ordered[:-1]) / 2
    first, last = 2 * ordered[0] - middles[0], 2 * ordered[-1] - middles[-1]
    return np.asarray(np.concatenate([[first], middles, [last]]))


def _logarithmic(values: Sequence[Value]) -> bool:
    """Whether values are spread over a factor of 8 or more, so that a logarithmic scale helps."""
    return _is_numeric(values) and min(values) > 0 and max(values) >= 8 * min(values)


def _scale(axes: Any, side: str, name: str, values: Sequence[Value], places: Array) -> None:
    axis = getattr(axes, f"{side}axis")
    getattr(axes, f"set_{side}label")(LABELS[name])
    if not _is_numeric(values):
        getattr(axes, f"set_{side}ticks")(places, [str(value) for value in values])
        return
    if name == "width" or _logarithmic(values):
        getattr(axes, f"set_{side}scale")("log")
    if len(values) <= 12 and name != "width":
        getattr(axes, f"set_{side}ticks")(places, [f"{float(value):g}" for value in values])
        axis.minorticks_off()


def _curve(axes: Any, sweep: Sweep, cells: Sequence[CellReport]) -> None:
    (name,) = sweep.axes
    places, _ = _places(sweep.axes[name])
    share = np.array([cell.successes / cell.samples for cell in cells])
    low = share - np.array([float(cell.probability.lower) for cell in cells])
    high = np.array([float(cell.probability.upper) for cell in cells]) - share
    confidence = f"{float(100 * sweep.confidence):g}%"
    axes.errorbar(
        places, share, [np.maximum(low, 0), np.maximum(high, 0)], color="#1d2329", marker="o",
        markersize=4, linewidth=1.6, capsize=2, label=f"networks, exact {confidence} intervals",
    )  # fmt: skip
    _scale(axes, "x", name, sweep.axes[name], places)
    axes.set_ylabel("part of the networks that succeed")
    axes.set_ylim(-0.03, 1.03)
    if name == "width":
        for theorem, enough in cells[0].widths.items():
            if enough.width is not None:
                style = {k: v for k, v in _LINES.get(theorem, _OTHER).items() if k != "marker"}
                axes.axvline(enough.width, linewidth=1.8, label=f"{theorem}: enough", **style)
