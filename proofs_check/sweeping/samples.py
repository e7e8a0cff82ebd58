"""What is seen of a sweep's networks: trained in floating point, their theorems decided with balls.

Each network of a sample is followed by the gradient flow, which shows something and proves nothing;
whether a theorem applies to it is decided by the code of ``kurdyka certify``, or estimated in
floating point under a name that says so.
"""

from __future__ import annotations

from functools import lru_cache
from math import isfinite
from typing import Any

import numpy as np
from flint import arb

from numerics.elementwise import values
from numerics.flow import integrate
from numerics.flows.batches import Networks, integrate_batch
from numerics.generators import TwoLayerNetwork
from numerics.operators import spectrum
from numerics.problems import Problem
from numerics.quantities import LossFunctions, sigma_min
from numerics.rigorous.ranges import Range
from numerics.rigorous.rounding import down
from numerics.sweeping.problems import problems_of
from numerics.sweeps import Cell
from numerics.unfolding import Unfolding
from numerics.widths.reachable import reachable
from proofs_check.certifying.formulas import MEASURED, end_above
from proofs_check.instance import Instance, examine
from proofs_check.trajectories import hidden_convexity
from theory import registry
from theory.settings import flow as setting

Row = dict[str, Any]
_RESOLVED = 1e-6  # w is followed down to this part of w₀ where flows are followed one by one
FLOW_THEOREMS = ("published", "sharp", "aj")


def rows_of(cell: Cell, samples: range) -> list[Row]:
    """Draw, train and decide some samples of a cell.

    Returns
    -------
    list of dict
        For each sample plain data: what was observed (``loss``, ``time``, ``status``, ``travel``,
        ``recovery``), the measured ``q``, ``sigma_0`` and ``w_0``, by theorem whether it
        ``applies`` (null: undecided), and its ``bounds`` of the time to the level.
    """
    networks, problems = problems_of(cell, samples)
    one_by_one = cell.sweep.success == "recovery"
    seen = _followed(cell, problems) if one_by_one else _batched(cell, networks, problems)
    return [
        row | (_certified if cell.sweep.certify else _estimated)(cell, problem)
        for row, problem in zip(seen, problems, strict=True)
    ]


# --- training --------------------------------------------------------------------------------


def _batched(cell: Cell, networks: Networks, problems: list[Problem]) -> list[Row]:
    """Train all networks side by side, until the loss is at the level or the horizon is reached."""
    operator, level = problems[0].operator, float(cell.sweep.level)
    observations = np.array([problem.observation for problem in problems])
    shared = observations[0] if cell.loss.kind == "poisson" else observations
    horizon = cell.horizon(_sigma(operator))
    found = integrate_batch(networks, operator, shared, cell.loss, horizon, target=level)
    return [
        _observed(
            float(found.loss[i]), float(found.start_loss[i]), float(found.times[i]),
            found.status[i], float(found.travel[i]), float(found.loss[i]) <= level,
        )
        for i in range(len(problems))
    ]  # fmt: skip


def _followed(cell: Cell, problems: list[Problem]) -> list[Row]:
    """Train one network after the other, and compare what it makes of the signal."""
    rows = []
    for problem in problems:
        horizon = cell.horizon(_sigma(problem.operator))
        found = integrate(problem, horizon, floor=_RESOLVED)
        assert problem.generator is not None
        assert problem.signal is not None
        output = problem.generator.value(found.final_state)
        error = float(np.linalg.norm(output - problem.signal) / np.linalg.norm(problem.signal))
        row = _observed(
            float(found.loss[-1]), float(found.loss[0]), float(found.times[-1]), found.status,
            float(found.travel[-1]), error <= float(cell.sweep.level),
        )  # fmt: skip
        rows.append(row | {"recovery": error})
    return rows


def _observed(
    loss: float, start: float, time: float, status: str, travel: float, success: bool
) -> Row:
    numbers = {"loss": loss, "start_loss": start, "time": time, "travel": travel}
    return {k: v if isfinite(v) else None for k, v in numbers.items()} | {
        "status": status, "reached": success, "recovery": None,
    }  # fmt: skip


def _sigma(operator: Any) -> float:
    return spectrum(operator).sigma_A.middle


# --- theorems --------------------------------------------------------------------------------


def _certified(cell: Cell, problem: Problem) -> Row:
    """Decide every theorem by the code of ``kurdyka certify``."""
    instance = examine(problem)
    sharp = instance.readings["sharp"]
    measured = instance.measured
    applies = {name: instance.readings[name].applies for name in FLOW_THEOREMS}
    return {
        "q": None if sharp.q is None else end_above(sharp.q),
        "sigma_0": measured.sigma_0.middle,
        "w_0": measured.misfit.middle,
        "applies": applies | {"hidden_convex": _hidden_convex(problem)},
        "bounds": {name: _time(cell, instance, name) for name in FLOW_THEOREMS},
    }


def _hidden_convex(problem: Problem) -> bool | None:
    """Whether flow_hidden_convex promises a loss of zero: y is an output of the box, or is not."""
    network = problem.generator
    assert isinstance(network, TwoLayerNetwork)
    if not hidden_convexity.applies(problem):
        return False
    return reachable(
        network.activation, network.output_weights, problem.operator, problem.observation
    )


def _time(cell: Cell, instance: Instance, theorem: str) -> float | None:
    """Return a time by which a theorem says that the loss is at the level; None without one."""
    reading = instance.readings[theorem]
    if not reading.applies or cell.sweep.success == "recovery":
        return None
    functions = LossFunctions(instance.problem.loss, instance.problem.measurements)
    misfit = down(functions.desingularize(float(cell.sweep.level)) * (1 - 1e-12))
    found = reading.time_to(Range(arb(misfit), arb(misfit)))
    return None if found is None or not isfinite(end_above(found)) else end_above(found)


def _estimated(cell: Cell, problem: Problem) -> Row:
    """Estimate q in floating point; nothing is decided."""
    network = problem.generator
    assert isinstance(network, TwoLayerNetwork)
    start = np.zeros(network.size)
    sigma = sigma_min(network.jacobian_gram(start))
    residual = problem.operator @ network.value(start) - problem.observation
    misfit = LossFunctions(problem.loss, problem.measurements).misfit(residual)
    slope = network.jacobian_lipschitz().upper
    found = {
        setting.Lambda: slope, setting.w_0: misfit, setting.sigma_0: sigma,
        setting.sigma_A: _sigma(problem.operator),
    }  # fmt: skip
    with np.errstate(divide="ignore", invalid="ignore"):
        q = float(values(_conditioning_ratio(), {s: np.array([v]) for s, v in found.items()})[0])
    return {
        "q": q if isfinite(q) else None, "sigma_0": sigma, "w_0": misfit,
        "applies": {}, "bounds": {},
    }  # fmt: skip


@lru_cache(maxsize=1)
def _conditioning_ratio() -> Any:
    """Return the statement's own formula of q in measured quantities."""
    statement = registry.statement("flow_sharp")
    return Unfolding(statement, MEASURED)(statement.bound("q").value)
