"""A sweep's cells in numbers: how often something was seen, with exact intervals, and medians."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from statistics import median
from typing import Any

from flint import arb, ctx

from numerics.enclosures import decimal_text
from numerics.rigorous.balls import rational_ball
from numerics.sweeps import THEOREMS, Cell
from proofs_check.interpretations.monte_carlo import Frequency
from proofs_check.sweeping.samples import FLOW_THEOREMS, Row
from proofs_check.sweeping.widths import TheoremWidth
from theory import registry

_PLACES = 10**6
_PRECISION = 128
_EXCESS = 1.01  # of the loss at the horizon over the level, before a bound counts as violated
_LIMITS = {"published": ("flow_published", "threshold"), "sharp": ("flow_sharp", "threshold")}
MEDIANS = ("q", "sigma_0", "w_0", "loss", "start_loss", "travel", "recovery")


@dataclass(frozen=True)
class Interval:
    """Where a probability lies, but for the declared risk; the ends are exact decimals.

    Parameters
    ----------
    lower, upper : Fraction
        The ends, rounded outward.
    """

    lower: Fraction
    upper: Fraction

    def to_json(self) -> dict[str, str]:
        """Return both ends as decimals."""
        return {"lower": decimal_text(self.lower), "upper": decimal_text(self.upper)}


def clopper_pearson(least: int, most: int, trials: int, confidence: Fraction) -> Interval:
    """Return the exact interval for an event that was seen ``least`` to ``most`` times.

    Each end is on the wrong side with probability at most (1 − confidence)/2, which is checked
    in ball arithmetic: at the lower end ``least`` occurrences or more are at most that likely, at
    the upper end ``most`` or fewer (Clopper and Pearson 1934).
    """
    error = (1 - confidence) / 2
    low = Frequency(least, trials, float(error)).lower
    high = Frequency(most, trials, float(error)).upper
    lower, upper = Fraction(floor(low * _PLACES), _PLACES), Fraction(ceil(high * _PLACES), _PLACES)
    while lower > 0 and not _rare(least, trials, lower, error):
        lower -= Fraction(1, _PLACES)
    while upper < 1 and not _rare(trials - most, trials, 1 - upper, error):
        upper += Fraction(1, _PLACES)
    return Interval(max(lower, Fraction(0)), min(upper, Fraction(1)))


def _rare(seen: int, trials: int, probability: Fraction, error: Fraction) -> bool:
    """Whether ``seen`` occurrences or more certainly have at most that probability."""
    with ctx.workprec(_PRECISION):
        a, b = arb(seen), arb(trials - seen + 1)
        tail = rational_ball(probability).beta_lower(a, b, True)
        return bool(tail <= rational_ball(error))


@dataclass(frozen=True)
class CellReport:
    """What was seen in a cell.

    Parameters
    ----------
    cell : Cell
        The cell.
    successes, unfinished, samples : int
        How many networks succeeded, how many were given up before they did, out of how many.
    probability : Interval
        Of success; networks that were given up count for and against.
    applies : mapping of str to mapping
        By theorem, how often it certainly applies (``yes``), certainly does not (``no``), or
        is undecided; empty where nothing was certified.
    below : mapping of str to int
        Where nothing was certified: how often q is below the threshold in floating point.
    medians : mapping of str to (float or None)
        Of what was measured.
    times : mapping
        Medians of the time to the level: observed, and bounded by each theorem.
    widths : mapping of str to TheoremWidth
        From which width on each theorem applies.
    contradictions : tuple of int
        Samples in which a theorem that applies is contradicted by what was observed.
    """

    cell: Cell
    successes: int
    unfinished: int
    samples: int
    probability: Interval
    applies: Mapping[str, Mapping[str, int]]
    below: Mapping[str, int]
    medians: Mapping[str, float | None]
    times: Mapping[str, Any]
    widths: Mapping[str, TheoremWidth]
    contradictions: tuple[int, ...]


def report_of(cell: Cell, rows: Sequence[Row], widths: Mapping[str, TheoremWidth]) -> CellReport:
    """Summarise the rows of a cell."""
    sweep, kept = cell.sweep, len(rows)
    outcomes = [_success(row, sweep.success) for row in rows]
    successes = outcomes.count(True)
    open_ones = outcomes.count(None)
    return CellReport(
        cell, successes, open_ones, kept,
        clopper_pearson(successes, successes + open_ones, kept, sweep.confidence),
        _applies(rows) if sweep.certify else {},
        {} if sweep.certify else _below(rows),
        {name: _median(row.get(name) for row in rows) for name in MEDIANS},
        _times(rows), widths,
        tuple(i for i, row in enumerate(rows) if contradicted(row, cell)),
    )  # fmt: skip


def _success(row: Row, success: str) -> bool | None:
    if success in THEOREMS:
        return bool(row["applies"][success]) if row["applies"][success] is not None else None
    if row["reached"]:
        return True
    return None if row["status"] in ("step_limit", "failed") else False


def _applies(rows: Sequence[Row]) -> dict[str, dict[str, int]]:
    found = {}
    for name in THEOREMS:
        answers = [row["applies"][name] for row in rows]
        found[name] = {
            "yes": answers.count(True), "no": answers.count(False),
            "undecided": answers.count(None),
        }  # fmt: skip
    return found


def _below(rows: Sequence[Row]) -> dict[str, int]:
    """Count by the statements' own thresholds; the published one needs V fixed to be this q."""
    limits = {n: float(registry.statement(i).bound(b).value) for n, (i, b) in _LIMITS.items()}
    return {
        name: sum(row["q"] is not None and row["q"] < limit for row in rows)
        for name, limit in limits.items()
    }


def _times(rows: Sequence[Row]) -> dict[str, Any]:
    reached = [row["time"] for row in rows if row["reached"]]
    found: dict[str, Any] = {"observed": _median(reached)}
    for name in FLOW_THEOREMS:
        bounds = [row["bounds"].get(name) for row in rows]
        found[name] = _median(bounds)
    return found


def _median(values: Any) -> float | None:
    known = [value for value in values if value is not None]
    return float(median(known)) if known else None


def contradicted(row: Row, cell: Cell) -> bool:
    """Whether a theorem that certainly applies promised the level in time, and it was not seen."""
    if row["reached"] or row["status"] != "complete" or cell.sweep.success == "recovery":
        return False
    bounds = [time for time in row["bounds"].values() if time is not None]
    exceeds = row["loss"] is not None and row["loss"] > _EXCESS * float(cell.sweep.level)
    return exceeds and any(time <= row["time"] for time in bounds)


def cell_document(found: CellReport, confidence: Fraction) -> dict[str, Any]:
    """Return a cell as plain data."""
    intervals = {
        name: clopper_pearson(a["yes"], a["yes"] + a["undecided"], found.samples, confidence)
        for name, a in found.applies.items()
    }
    return {
        "parameters": found.cell.plain,
        "samples": found.samples,
        "successes": found.successes,
        "unfinished": found.unfinished,
        "probability": found.probability.to_json(),
        "certified": {
            name: {**answers, "probability": intervals[name].to_json()}
            for name, answers in found.applies.items()
        },
        "q_below_threshold_in_floating_point": dict(found.below),
        "medians": dict(found.medians),
        "time_to_level": dict(found.times),
        "width_by_theorem": {name: width.to_json() for name, width in found.widths.items()},
        "contradictions": list(found.contradictions),
    }
