"""A certificate in plain words: what applies, what it promises, what would help if nothing does.

Numbers that are promised are rounded in the safe direction. What is only an estimate says so.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from flint import arb

from numerics.operators import distance_to_range
from numerics.rigorous import ranges
from numerics.rigorous.balls import rational_ball
from numerics.rigorous.ranges import Range
from numerics.rigorous.rounding import Bracket, exactly, norm
from proofs_check.certifying.advice_recovery import recovered
from proofs_check.certifying.formulas import exact_range, range_of
from proofs_check.certifying.reading import Reading
from proofs_check.certifying.text import above, below, shown
from proofs_check.instance import Instance
from proofs_check.verdict import Verdict
from theory.registry import statement

NAMES = {
    "published": "the published theorem",
    "sharp": "the sharp theorem",
    "aj": "the sharp theorem for AJ",
}
_WIDE = "flow_published_wide"
_SYMMETRIC = "pairs of equal neurons with opposite output weights"


def advice(instance: Instance, residual: Fraction | None = None) -> list[str]:
    """Return a certificate as sentences, one for each thing there is to say.

    Parameters
    ----------
    instance : Instance
        What was measured and decided.
    residual : Fraction, optional
        A misfit whose training time is asked for; 1% of the initial one where it is not given.
    """
    lines = [verdict(reading) for reading in _worth_telling(instance)]
    lines += _promises(instance, residual) if instance.applies else _repairs(instance)
    lines += _asserted(instance)
    return lines


def _worth_telling(instance: Instance) -> list[Reading]:
    """Return both theorems, and the variant for AJ where it decides more than they do."""
    readings = instance.readings
    told = [readings["published"], readings["sharp"]]
    decisive = readings["aj"].applies and not readings["sharp"].applies
    return [*told, readings["aj"]] if decisive else told


def verdict(reading: Reading) -> str:
    """Say whether a theorem applies, and what decides it."""
    name = NAMES[reading.theorem.name].capitalize()
    if reading.stands is False:
        return f"{name} does not apply: a hypothesis fails (listed above)."
    if reading.q is None or reading.limit is None:
        return f"{name} cannot be decided: the conditioning ratio q cannot be bounded."
    limit = f"{float(reading.limit.upper):g}"
    if reading.applies:
        return f"{name} applies: {_ratio(reading)} is below its threshold {limit}."
    if reading.threshold.verdict is Verdict.REFUTED:
        excess = float(reading.q.lower) / float(reading.limit.upper)
        text = f"{_ratio(reading)} is not below its threshold {limit}"
        return f"{name} does not apply: {text} ({excess:.3g} times it)."
    return f"{name} is undecided: {_open(reading)}."


def _ratio(reading: Reading) -> str:
    text = shown(reading.q)
    return f"q {text}" if text.startswith("≈") else f"q = {text}"


def _open(reading: Reading) -> str:
    if reading.stands is None:
        return "a hypothesis is not decided (listed above)"
    return reading.threshold.reason


def _promises(instance: Instance, residual: Fraction | None) -> list[str]:
    """Say what the theorem with the most room below its threshold guarantees."""
    reading = instance.best
    assert reading is not None
    lines = [_convergence(reading), *_radius(reading), *_times(instance, reading, residual)]
    lines += _stopping(instance, reading)
    if not instance.readings["published"].applies:
        lines += [*_nevertheless(instance.readings["sharp"]), *_wider(instance, "published")]
    return lines + recovered(instance)


def _convergence(reading: Reading) -> str:
    text = f"Training by gradient flow reaches zero loss, by {NAMES[reading.theorem.name]}"
    if reading.rate is None:
        return f"{text}; the decay is not exponential for this loss."
    return f"{text}, at an exponential rate of at least {below(reading.rate)} per unit of time."


def _radius(reading: Reading) -> list[str]:
    radius, kept = reading.bound("travel_radius"), reading.bound("conditioning")
    if radius is None:
        return []
    text = f"The parameters stay within {above(radius)} of their initial values"
    if kept is not None:
        text += f", and σ_min of the Jacobian never falls below {below(kept)}"
    return [f"{text}."]


def _times(instance: Instance, reading: Reading, residual: Fraction | None) -> list[str]:
    start = range_of(instance.measured.misfit)
    if not float(start.upper) > 0:
        return []
    level, name = _hundredth(start), f"1% of its initial value {shown(start)}"
    if residual is not None:
        level, name = exact_range(residual), f"{float(residual):g}"
    found = reading.time_to(level)
    if found is None:
        return [f"How long to train until the misfit is at most {name} is not known."]
    return [f"How long to train: by time {above(found)} the misfit is at most {name}."]


def _hundredth(start: Range) -> Range:
    target = ranges.multiply(start, exact_range(Fraction(1, 100)))
    return Range(target.lower.lower(), target.upper)


def _stopping(instance: Instance, reading: Reading) -> list[str]:
    noise = instance.measured.noise
    if noise is None:
        return ["When to stop early is not told: the noise level is unknown (give noise_norm)."]
    if noise.upper == 0:
        return ["There is no noise, hence nothing to stop early for."]
    time = reading.stopping_time
    if time is None:
        return []
    return [
        f"When to stop: from time {above(time)} on the misfit is at most the noise level "
        f"{shown(noise)}, and the output differs from the clean data A x̄ by at most twice that "
        f"({above(_twice(noise))}); training on only fits noise."
    ]


def _twice(noise: Bracket) -> Range:
    return ranges.multiply(range_of(noise), Range(arb(2), arb(2)))


def _nevertheless(sharp: Reading) -> list[str]:
    """Say that most of what the published theorem concludes holds beyond its threshold."""
    if not sharp.applies or sharp.q is None:
        return []
    limit = statement(_WIDE).bound("threshold").value
    if not sharp.q.upper <= rational_ball(limit):
        return []
    return [
        f"The conditioning σ₀/2 and the rate that the published theorem promises hold all the "
        f"same, because q ≤ {limit} ({_WIDE})."
    ]


def _wider(instance: Instance, theorem: str) -> list[str]:
    width = instance.width_estimate(theorem)
    network = instance.problem.network
    if width is None or network is None or width <= network.width:
        return []
    return [
        f"{NAMES[theorem].capitalize()} would need a width of about {width}, instead of "
        f"{network.width} (an estimate: q falls like 1/√k while σ_A, σ₀ and w₀ stay as they are)."
    ]


def _repairs(instance: Instance) -> list[str]:
    """Say which hypothesis fails, by how much, and what would help."""
    lines = [f"{h.name}: {_remedy(instance, h.name)}" for h in instance.hypotheses
             if h.verdict is not Verdict.PROVED and _remedy(instance, h.name)]  # fmt: skip
    reading = instance.readings["sharp"]
    if reading.stands and reading.threshold.verdict is Verdict.REFUTED:
        lines += _wider(instance, "sharp") + _initial_output(instance, reading) + _left(reading)
        lines += _stopping(instance, reading) if reading.stopping_time is not None else []
    return lines


def _remedy(instance: Instance, name: str) -> str:
    problem, measured = instance.problem, instance.measured
    if name == "H_range":
        loss = problem.loss
        if loss.kind != "radial" and loss.parameters.get("p") != 2 and problem.measurements > 1:
            return "such a loss needs an operator of full row rank; or take a loss of ‖v − y‖."
        return _projection(instance)
    if name == "sigma_0" and problem.network is not None and problem.network.train == "hidden":
        short = problem.outputs - problem.network.width
        text = f"a width of at least {problem.outputs}, the number of outputs, is necessary"
        return f"{text}; {short} neurons are missing." if short > 0 else f"{text}."
    if name == "H_Lip0" and not measured.asserted:
        return "choose an activation whose constants are known (tanh, sigmoid, softplus, ...)."
    return ""


def _projection(instance: Instance) -> str:
    problem, sigma = instance.problem, instance.measured.spectrum.sigma_A
    distance = distance_to_range(problem.operator, problem.observation, sigma)
    far = "" if distance is None else f" y is {shown(distance)} away from the range of A:"
    return (
        f"{far.strip()} replace y by its projection onto the range of A and drop the dependent "
        "measurements; no signal can fit the rest of y."
    ).strip()


def _initial_output(instance: Instance, reading: Reading) -> list[str]:
    """Say what a smaller initial output and a larger output scale would do (radial losses)."""
    problem, q, limit = instance.problem, reading.q, reading.limit
    if problem.loss.kind != "radial" or problem.network is None or q is None or limit is None:
        return []
    data, start = norm(exactly(problem.observation)), instance.measured.misfit
    centred = float(q.upper) * data.upper / start.lower if start.lower > 0 else np.inf
    if not centred < np.inf:
        return []
    lines = []
    if data.upper < start.lower:
        lines.append(
            f"A zero initial output ({_SYMMETRIC}) would lower w₀ from {shown(start)} to "
            f"‖y‖ = {shown(data)}, and q to about {centred:.3g} (an estimate)."
        )
    wanted = float(limit.lower)
    if centred >= wanted:
        lines.append(
            f"With a zero initial output ({_SYMMETRIC}) and the network's output multiplied by "
            f"more than {centred / wanted:.3g} (or the data divided by it), q would fall below the "
            "threshold (an estimate)."
        )
    return lines


def _left(reading: Reading) -> list[str]:
    level = reading.final_misfit
    if level is None:
        return []
    return [
        f"Even so the misfit is guaranteed to fall below every level above {above(level)}, "
        "but not to zero."
    ]


def _asserted(instance: Instance) -> list[str]:
    if not instance.measured.asserted:
        return []
    return [
        "All of this holds only if the asserted quantities are right: σ₀, Λ and w₀ are taken from "
        "the problem file and not checked."
    ]
