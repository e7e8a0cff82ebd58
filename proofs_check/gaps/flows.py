"""What a gradient flow reaches of the bounds of both theorems (THEORY sections 3, 4 and 6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from flint import arb
from sympy.core.function import AppliedUndef

from numerics.elementwise import values
from numerics.flow import Trajectory, integrate
from numerics.generators import TwoLayerNetwork
from numerics.problems import Problem
from numerics.quantities import require_generator
from numerics.rigorous.ranges import Range
from numerics.rigorous.rounding import Array
from numerics.unfolding import Unfolding
from proofs_check.certifying.formulas import MEASURED, range_of
from proofs_check.certifying.reading import Reading
from proofs_check.certifying.recovery import Recovery
from proofs_check.gaps.levels import Share, of_lower, of_upper
from proofs_check.instance import Instance, examine
from theory import registry
from theory.activations import X
from theory.settings import flow as setting
from theory.terms import real

TIMES = (1.0, 4.0, 8.0)
"""Times at which bounds are compared, in units of 1/(σ_A²σ₀²)."""
STOP = 0.1
"""The part of w₀ that is waited for."""
_FLOOR = 1e-7
_MOVES = 40
_LEVEL = real("level")
Shares = dict[str, Share]


def flow_shares(problem: Problem) -> Shares:
    """Follow a problem's flow and return the part of each bound that it reaches."""
    instance, found = examine(problem), integrate(problem, floor=_FLOOR)
    shares = {
        "travel: ‖θ(t) − θ₀‖": _of_bound(instance, float(found.travel.max()), "travel_radius"),
        "travel: length of the path": replace(
            _of_bound(instance, float(found.length.max()), "travel_radius"), published=None
        ),
        "conditioning: σ_min(J(θ(t)))": _conditioning(instance, found),
        **_along(instance, found),
        "stopping: time until w ≤ w₀/10": _stopping(instance, found),
        "Lipschitz constant of J": _lipschitz(instance),
        "recovery: ‖x(t) − x̄‖, t → ∞": _recovery(instance, found),
    }
    return {name: share for name, share in shares.items() if share != Share()}


def _both(instance: Instance, part: Callable[[Reading], float | None]) -> Share:
    return Share(*(part(instance.readings[name]) for name in ("published", "sharp")))


def _of_bound(instance: Instance, observed: float, name: str) -> Share:
    return _both(instance, lambda reading: of_upper(observed, reading.bound(name)))


def _conditioning(instance: Instance, found: Trajectory) -> Share:
    least = float(found.sigma_min.min())
    return _both(instance, lambda reading: of_lower(least, reading.bound("conditioning")))


# --- along the flow --------------------------------------------------------------------------


def _along(instance: Instance, found: Trajectory) -> Shares:
    """Compare the misfit, and the way still to go, at some times."""
    measured = instance.measured
    unit = 1 / (measured.spectrum.sigma_A.middle * measured.sigma_0.middle) ** 2
    shares: Shares = {}
    for time in TIMES:
        there = integrate(instance.problem, time * unit, floor=_FLOOR)
        for name, share in _at(instance, there, found).items():
            shares[f"{name} at σ_A²σ₀²t = {time:g}"] = share
    return shares


def _at(instance: Instance, there: Trajectory, found: Trajectory) -> Shares:
    """Compare at the end of a shorter trajectory."""
    now, misfit = float(there.times[-1]), float(there.misfit[-1])
    generator = require_generator(instance.problem)
    left = generator.parameter_norm(found.final_state - there.final_state)
    return {
        "envelope: w(t)": _both(instance, lambda r: of_upper(misfit, _envelope(r, now))),
        "tail: ‖θ(t) − θ_∞‖": _both(instance, lambda r: of_upper(left, _tail(r, misfit, now))),
    }


def _envelope(reading: Reading, time: float) -> Range | None:
    if not reading.applies or reading.envelope is None:
        return None
    return reading.envelope.at(time)


def _tail(reading: Reading, misfit: float, time: float) -> Range | None:
    """Return the statement's bound of the tail, in terms of w(t) or of its own envelope."""
    level = _envelope(reading, time)
    if level is None:
        return None
    statement = registry.statement(reading.theorem.id)
    claim: Any = statement.conclusions["tail"]
    bound = claim.body.gts
    changing = [part for part in bound.atoms(AppliedUndef) if setting.t in part.free_symbols]
    outermost = max(changing, key=lambda part: part.count_ops() + len(part.atoms(AppliedUndef)))
    if outermost == setting.w(setting.t):
        level = Range(arb(misfit), arb(misfit))
    formula = Unfolding(statement, (*MEASURED, _LEVEL))(bound.xreplace({outermost: _LEVEL}))
    values = {**reading.formulas.values, _LEVEL: level}
    return replace(reading.formulas, values=values).evaluated(formula)


def _stopping(instance: Instance, found: Trajectory) -> Share:
    """Compare when w falls to a tenth with when the theorems say that it has."""
    level = STOP * float(found.misfit[0])
    below = np.flatnonzero(found.misfit <= level)
    if not below.size:
        return Share()
    i = int(below[0])
    time = _crossing(found.times[i - 1 : i + 1], found.misfit[i - 1 : i + 1], level)
    then = float(integrate(instance.problem, time, floor=_FLOOR).misfit[-1])
    near = 0 if then < level else 1
    time = _crossing(
        np.array([time, found.times[i - 1 + near]]), np.array([then, found.misfit[i - 1 + near]]),
        level,
    )  # fmt: skip
    wanted = Range(arb(level), arb(level))
    return _both(
        instance,
        lambda reading: of_upper(time, reading.time_to(wanted)) if reading.applies else None,
    )


def _crossing(times: Array, misfits: Array, level: float) -> float:
    """Return where log w, taken to be linear between two times, is at a level."""
    logs = np.log(misfits)
    return float(times[0] + (np.log(level) - logs[0]) / (logs[1] - logs[0]) * np.diff(times)[0])


# --- recovery, Lipschitz constants -----------------------------------------------------------


def _recovery(instance: Instance, found: Trajectory) -> Share:
    """Compare the error of the signal with recovery_lazy; recovery_published is vacuous here."""
    signal, bounds = instance.problem.signal, instance.recovery
    if signal is None or not isinstance(bounds, Recovery):
        return Share()
    output = require_generator(instance.problem).value(found.final_state)
    end = float(found.misfit[-1])
    error = float(np.linalg.norm(output - signal))
    return Share(None, of_upper(error, bounds.at(Range(arb(end), arb(end)))))


def _lipschitz(instance: Instance) -> Share:
    """Compare ‖J(θ) − J(θ₀)‖/‖θ − θ₀‖, the largest found, with the constants that are used."""
    network, measured = instance.problem.generator, instance.measured
    if measured.lipschitz is None or measured.lipschitz_pairs is None:
        return Share()
    seen = _steepest(network) if isinstance(network, TwoLayerNetwork) else measured.lipschitz.lower
    bounds = (measured.lipschitz_pairs, measured.lipschitz)
    return Share(*(of_upper(seen, range_of(bound)) for bound in bounds))


def _steepest(network: TwoLayerNetwork) -> float:
    """Return the largest quotient found for moves of one neuron, the likeliest ones first."""
    lengths = np.linalg.norm(network.output_weights, axis=0)
    bend = np.abs(network.slope(network.hidden + 1e-4) - network.slope(network.hidden - 1e-4))
    order = np.argsort(-bend * lengths)[:_MOVES]
    return max(_quotient(network, int(i), step) for i in order for step in (1e-3, 0.1, -0.1))


def _quotient(network: TwoLayerNetwork, neuron: int, step: float) -> float:
    """Return ‖J(θ) − J(θ₀)‖/‖θ − θ₀‖ where one hidden value moves, and with it its column of V.

    Only this neuron's block changes. In it J_W changes by (V_i φ'(h_i) − V_i(0) φ'(h_i(0)))/√k,
    the column of V moving along itself, and J_V by (φ(h_i) − φ(h_i(0)))/√k times the identity.
    """
    hidden = network.hidden[neuron : neuron + 1]
    moved = hidden + step
    length = float(np.linalg.norm(network.output_weights[:, neuron]))
    before, after = network.slope(hidden)[0], network.slope(moved)[0]
    if network.train == "hidden":
        return float(abs(after - before) * length / abs(step) / np.sqrt(network.width))
    rise = _rise(network, hidden, moved)
    return max(
        float(np.hypot((length + along) * after - length * before, rise) / np.hypot(step, along))
        for along in np.linspace(-1, 1, 21) * 4 * abs(step)
    ) / float(np.sqrt(network.width))


def _rise(network: TwoLayerNetwork, hidden: Array, moved: Array) -> float:
    phi = network.activation.expression
    return float((values(phi, {X: moved}) - values(phi, {X: hidden}))[0])
