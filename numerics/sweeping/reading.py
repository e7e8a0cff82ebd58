"""Reading a sweep file: every parameter checked by name, axes as lists or ranges."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from numerics.errors import ProblemError
from numerics.inputs.tables import ArrayShelf, check_keys, read_tables
from numerics.sweeping.parameters import (
    PARAMETERS,
    Reader,
    count,
    non_negative,
    one_of,
    positive,
    probability,
    seed_number,
    truth,
)
from numerics.sweeps import THEOREMS, Cell, Fixed, Sweep

MAX_CELLS = 10_000
MAX_NETWORKS = 1_000_000
MAX_POINTS = 1_000
MAX_SIZE = 20_000_000
_OF_ARRAYS = {
    "operator": ("outputs", "measurements", "sigma_min", "condition_number", "operator_norm",
                 "operator_seed"),
    "observation": ("observation_norm", "noise"),
}  # fmt: skip
SETTINGS: Mapping[str, tuple[Reader, Any]] = {
    "samples": (count, 100),
    "seed": (seed_number, 0),
    "success": (one_of("loss", "recovery", *THEOREMS), "loss"),
    "level": (positive, Fraction(1, 10**8)),
    "horizon": (positive, None),
    "confidence": (probability, Fraction(99, 100)),
    "failure": (probability, Fraction(1, 10)),
    "certify": (truth, True),
}  # fmt: skip
"""The keys of the table ``[sweep]`` besides ``axes``, each with its default."""


def read_sweep(path: str | Path) -> Sweep:
    """Read a sweep file.

    Raises
    ------
    ProblemError
        One line naming the file and the key that is wrong.
    """
    file = Path(path)
    try:
        if file.suffix.lower() == ".npz":
            raise ProblemError("a sweep is a .toml file with a table [sweep]")
        return sweep_from_mapping(read_tables(file), file.parent)
    except ProblemError as problem:
        raise ProblemError(f"{file}: {problem}") from problem


def sweep_from_mapping(tables: Mapping[str, Any], base: str | Path = ".") -> Sweep:
    """Build a sweep from the tables of a sweep file.

    Parameters
    ----------
    tables : mapping
        ``sweep`` (with ``axes``), ``problem``, ``loss`` and ``network``, as in the file.
    base : path
        Directory that file names are relative to.

    Raises
    ------
    ProblemError
        One line naming the key that is wrong.
    """
    check_keys(tables, ("sweep", "problem", "loss", "network"), "table")
    for name, content in tables.items():
        if not isinstance(content, Mapping):
            raise ProblemError(f"[{name}] has to be a table")
    if "sweep" not in tables:
        raise ProblemError("the table [sweep] is missing")
    _check_keys(tables)
    fixed = _fixed(tables.get("problem", {}), Path(base))
    axes = _axes(tables["sweep"].get("axes", {}))
    values = _base(tables, axes, fixed)
    chosen = {
        name: read(tables["sweep"].get(name, default), f"[sweep] {name}")
        if name in tables["sweep"] else default
        for name, (read, default) in SETTINGS.items()
    }  # fmt: skip
    found = Sweep(values, axes, fixed=fixed, **chosen)
    _check(found)
    return found


def _check_keys(tables: Mapping[str, Any]) -> None:
    check_keys(tables["sweep"], (*SETTINGS, "axes"), "[sweep] key")
    for table in ("problem", "network"):
        known = tuple(name for name, entry in PARAMETERS.items() if entry.table == table)
        arrays = tuple(_OF_ARRAYS) if table == "problem" else ()
        check_keys(tables.get(table, {}), (*known, *arrays), f"[{table}] key")


def _fixed(table: Mapping[str, Any], base: Path) -> Fixed:
    if "operator" not in table:
        if "observation" in table:
            raise ProblemError("[problem] observation needs an operator of its own: give both")
        return Fixed()
    shelf = ArrayShelf(base)
    operator = shelf.operator(table["operator"])
    observation = None
    if "observation" in table:
        rows = (operator.shape[0],)
        observation = shelf.array(table["observation"], "[problem] observation", rows, "y")
    digests = {name: record.sha256 for name, record in shelf.records.items()}
    return Fixed(operator, observation, digests)


def _axes(table: Any) -> dict[str, tuple[Any, ...]]:
    if not isinstance(table, Mapping):
        raise ProblemError("[sweep.axes] has to be a table: width = [8, 16, 32]")
    check_keys(table, tuple(PARAMETERS), "[sweep.axes] key")
    found = {}
    for name, content in table.items():
        what = f"[sweep.axes] {name}"
        values = _range(content, what) if isinstance(content, Mapping) else content
        if not isinstance(values, list) or not values:
            raise ProblemError(f"{what} has to be a list that is not empty, or a range")
        if len(values) > MAX_POINTS:
            raise ProblemError(f"{what} has {len(values)} values; at most {MAX_POINTS} are allowed")
        found[name] = tuple(PARAMETERS[name].read(value, what) for value in values)
        if len(set(found[name])) < len(found[name]):
            raise ProblemError(f"{what} has a value twice")
    if prod(map(len, found.values())) > MAX_CELLS:
        cells = prod(map(len, found.values()))
        raise ProblemError(f"[sweep.axes] has {cells} cells; at most {MAX_CELLS} are allowed")
    return found


def _range(table: Mapping[str, Any], what: str) -> list[Any]:
    """Return the values of ``{ from = 4, to = 64, points = 5, scale = "log" }``.

    Between two whole numbers the values are rounded to whole numbers, once each.
    """
    check_keys(table, ("from", "to", "points", "scale"), f"{what} key")
    for key in ("from", "to", "points"):
        if key not in table:
            raise ProblemError(f"{what}: {key} is missing")
    low, high = (non_negative(table[key], f"{what}: {key}") for key in ("from", "to"))
    points = count(table["points"], f"{what}: points")
    scale = one_of("linear", "log")(table.get("scale", "linear"), f"{what}: scale")
    if points > MAX_POINTS or low >= high or points < 2 or (scale == "log" and low == 0):
        raise ProblemError(f"{what}: give from < to and 2 to {MAX_POINTS} points, above 0 for log")
    spaced = np.geomspace if scale == "log" else np.linspace
    values = [float(value) for value in spaced(float(low), float(high), points)]
    if isinstance(table["from"], int) and isinstance(table["to"], int):
        return list(dict.fromkeys(round(value) for value in values))
    return [f"{value:.6g}" for value in values]


def _base(tables: Mapping[str, Any], axes: Mapping[str, Any], fixed: Fixed) -> dict[str, Any]:
    found: dict[str, Any] = {}
    given = {**tables.get("problem", {}), **tables.get("network", {})}
    if "loss" in tables:
        given["loss"] = tables["loss"]
    for array, names in _OF_ARRAYS.items():
        for name in names if array in given else ():
            if name in given or name in axes:
                raise ProblemError(f"{name}: the {array} is given, which says it already")
    for name, entry in PARAMETERS.items():
        what = f"[{entry.table}] {name}"
        if name in axes and name in given:
            raise ProblemError(f"{what} is an axis too; give it once")
        if name in given:
            found[name] = entry.read(given[name], what)
        elif name not in axes and entry.default is not None:
            found[name] = entry.default
    if fixed.operator is not None:
        m, n = fixed.operator.shape
        found |= {"outputs": n, "measurements": m}
    if {"sigma_min", "condition_number"} <= {*found, *axes}:
        raise ProblemError("sigma_min and condition_number say the same; give one of them")
    missing = [n for n, e in PARAMETERS.items() if e.needed and n not in found and n not in axes]
    if missing:
        raise ProblemError(f"[{PARAMETERS[missing[0]].table}] {missing[0]} is missing")
    return found


def _check(sweep: Sweep) -> None:
    """Refuse a sweep that is too large, or whose parameters contradict each other."""
    total = sweep.size * sweep.samples
    if total > MAX_NETWORKS:
        raise ProblemError(f"[sweep] asks for {total} networks; at most {MAX_NETWORKS} are allowed")
    if sweep.success == "recovery" and sweep.fixed.observation is not None:
        raise ProblemError(
            "[sweep] success = 'recovery' needs signals, so the observation is drawn"
        )
    if sweep.success in THEOREMS and not sweep.certify:
        raise ProblemError(f"[sweep] success = '{sweep.success}' needs certify = true")
    for cell in sweep.cells():
        _check_cell(cell)


def _check_cell(cell: Cell) -> None:
    parameters = cell.parameters
    entries = parameters["width"] * parameters["outputs"]
    if max(entries, parameters["outputs"] * parameters["measurements"]) > MAX_SIZE:
        raise ProblemError(f"width {parameters['width']}: V may have at most {MAX_SIZE} entries")
    largest, smallest = cell.singular_values
    if smallest > largest:
        raise ProblemError(f"sigma_min = {smallest} is above operator_norm = {largest}")
    if parameters["loss"] == "poisson" and cell.sweep.fixed.observation is None:
        raise ProblemError("loss = 'poisson' needs an observation that is given, with y > 0")
