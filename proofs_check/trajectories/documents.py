"""A trajectory and its comparison with the bounds as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from numerics.flow import FIELDS, Trajectory
from numerics.rigorous.rounding import Array
from proofs_check.certificate import problem_block
from proofs_check.instance import Instance
from proofs_check.manifest import manifest
from proofs_check.trajectories.comparison import Comparison

SCHEMA = "kurdyka.flow/1"
MAX_POINTS = 200


def flow_document(
    instance: Instance,
    found: Trajectory,
    comparisons: Sequence[Comparison],
    source: Path | None = None,
) -> dict[str, Any]:
    """Return the document of ``kurdyka flow --json``.

    Everything along a trajectory is floating point: its agreement with a bound is SAMPLED.
    """
    network = instance.problem.network
    return {
        "schema": SCHEMA,
        "certified": False,
        "violations": sum(c.violated for c in comparisons),
        "applies": {name: r.applies for name, r in instance.readings.items()},
        "comparisons": [_comparison(c, found) for c in comparisons],
        "trajectory": _trajectory(found),
        "problem": problem_block(instance.problem),
        "manifest": manifest(
            [] if source is None else [source], None if network is None else network.seed
        ),
    }


def comparison_block(compared: Comparison, clock: str, at: Array) -> dict[str, Any]:
    """Return the verdict on a bound, and the slack where it is least.

    Parameters
    ----------
    compared : Comparison
        The bound along a trajectory or a recorded curve.
    clock : str
        What counts along it, a time or an iteration, ...
    at : array, shape (N,)
        ... and its value at each point.
    """
    worst = compared.worst
    return {
        "theorem": compared.theorem,
        "quantity": compared.quantity,
        "side": compared.side,
        "claimed": compared.claimed,
        "verdict": "REFUTED" if compared.violated else "SAMPLED",
        "violated": compared.violated,
        clock: float(at[worst]),
        "slack": finite(compared.slack[worst]),
        "margin": finite(compared.margin[worst]),
    }


def _comparison(compared: Comparison, found: Trajectory) -> dict[str, Any]:
    block = comparison_block(compared, "time", found.times)
    return block | {"min_slack": finite(compared.min_slack)}


def _trajectory(found: Trajectory) -> dict[str, Any]:
    count = len(found.times)
    kept = np.unique(np.linspace(0, count - 1, min(count, MAX_POINTS)).round().astype(int))
    columns = {name: [finite(v) for v in getattr(found, name)[kept]] for name in FIELDS}
    return {
        "status": found.status,
        "horizon": found.horizon,
        "steps": found.steps,
        "evaluations": found.evaluations,
        "misfit_error": found.misfit_error,
        **columns,
    }


def finite(value: Any) -> float | None:
    """Return a number for JSON, which has none for infinity: None."""
    return float(value) if isfinite(value) else None
