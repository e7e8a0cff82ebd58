"""A theorem's hypotheses and constants on a concrete problem: what ``kurdyka certify`` decides.

Quantities are measured as brackets, every hypothesis is decided by name, and the statements' own
formulas are evaluated in ball arithmetic. What cannot be decided is None, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import floor
from typing import Any

from numerics.problems import Problem, problem_from_mapping
from numerics.rigorous.balls import rational_bounds
from numerics.rigorous.ranges import Range
from proofs_check.certifying.decide import read_theorem
from proofs_check.certifying.formulas import expanded, range_of
from proofs_check.certifying.hypotheses import hypotheses
from proofs_check.certifying.measure import Measurement, measure
from proofs_check.certifying.reading import Reading
from proofs_check.certifying.recovery import Recovery, published_is_vacuous, recovery
from proofs_check.certifying.theorems import THEOREMS
from proofs_check.reporting.findings import HypothesisReport, WitnessReport

__all__ = ["Instance", "examine", "expanded", "problem_witness"]


@dataclass(frozen=True, eq=False)
class Instance:
    """A problem with everything that was measured and decided about it.

    Parameters
    ----------
    problem : Problem
        The problem.
    measured : Measurement
        Its quantities, as brackets.
    hypotheses : tuple of HypothesisReport
        Every hypothesis, the thresholds included.
    readings : mapping of str to Reading
        What ``published``, ``sharp`` and ``aj`` say.
    """

    problem: Problem
    measured: Measurement
    hypotheses: tuple[HypothesisReport, ...]
    readings: Mapping[str, Reading]

    @property
    def applies(self) -> bool:
        """Whether any of the theorems certainly applies."""
        return any(reading.applies for reading in self.readings.values())

    @property
    def best(self) -> Reading | None:
        """The theorem with the largest margin below its threshold among those that apply."""
        found = [r for r in self.readings.values() if r.applies and r.q and r.limit]
        return min(found, key=_crowding, default=None)

    @cached_property
    def recovery(self) -> Recovery | str:
        """What recovery_lazy says of the signal itself, or why it says nothing."""
        return recovery(self.problem, self.measured, self.readings["sharp"])

    @cached_property
    def published_recovery(self) -> tuple[bool | None, str]:
        """Whether recovery_published is vacuous here (None: not decided), and why."""
        return published_is_vacuous(self.problem, self.measured)

    @cached_property
    def recovered(self) -> Range | None:
        """The bound of ‖x(t) − x̄‖ from the sharp theorem's stopping time on, if there is one."""
        noise = self.readings["sharp"].stopping_time and self.measured.noise
        if noise is None or isinstance(self.recovery, str):
            return None
        return self.recovery.at(range_of(noise))

    def width_estimate(self, theorem: str) -> int | None:
        """Return about the width at which q would fall below a theorem's threshold.

        An estimate, no certificate: q falls like 1/√k while σ_A, σ₀ and w₀ stay as they are.
        """
        reading, network = self.readings[theorem], self.problem.network
        if network is None or reading.q is None or reading.limit is None:
            return None
        ratio = _upper(reading.q) / _lower(reading.limit)
        return max(floor(network.width * ratio**2) + 1, self.problem.outputs)


def _crowding(reading: Reading) -> tuple[float, bool]:
    """Order theorems by q over the threshold; of equals the sharp one comes first."""
    assert reading.q is not None
    assert reading.limit is not None
    return float(_upper(reading.q) / _lower(reading.limit)), reading.theorem.name != "sharp"


def _upper(found: Any) -> Fraction:
    return rational_bounds(found.upper)[1]


def _lower(found: Any) -> Fraction:
    return rational_bounds(found.lower)[0]


def examine(problem: Problem) -> Instance:
    """Measure a problem, decide every hypothesis, and read the three theorems on it."""
    measured = measure(problem)
    decided = {report.name: report for report in hypotheses(problem, measured)}
    readings = {
        name: read_theorem(theorem, problem, measured, decided)
        for name, theorem in THEOREMS.items()
    }
    thresholds = (reading.threshold for reading in readings.values())
    return Instance(problem, measured, (*decided.values(), *thresholds), readings)


def problem_witness(
    mapping: Mapping[str, Any], theorem: str = "sharp", name: str = "network"
) -> WitnessReport:
    """Return whether a theorem's hypotheses hold on a problem, by the code of ``certify``.

    Parameters
    ----------
    mapping : mapping
        The tables of a problem file; arrays may be given as such.
    theorem : {"published", "sharp", "aj"}
        Whose hypotheses are decided.
    name : str
        What to call the witness.
    """
    instance = examine(problem_from_mapping(mapping))
    reading = instance.readings[theorem]
    wanted = (*reading.theorem.hypotheses, reading.threshold.name)
    decided = tuple(report for report in instance.hypotheses if report.name in wanted)
    return WitnessReport(name, _sizes(instance), decided, degenerate(instance))


def _sizes(instance: Instance) -> dict[str, str]:
    """Return the sizes and measured quantities of an instance, as short decimals."""
    problem, measured = instance.problem, instance.measured
    values = {"m": str(problem.measurements), "n": str(problem.outputs)}
    if problem.network is not None:
        values["k"] = str(problem.network.width)
    values |= {"sigma_A": f"{measured.spectrum.sigma_A.middle:.6g}"}
    values |= {"sigma_0": f"{measured.sigma_0.middle:.6g}", "w_0": f"{measured.misfit.middle:.6g}"}
    if measured.lipschitz is not None:
        values["Lambda"] = f"{measured.lipschitz.middle:.6g}"
    q = instance.readings["sharp"].q
    return values if q is None else {**values, "q": f"{float(q.upper):.6g}"}


def degenerate(instance: Instance) -> str:
    """Say why an instance is not generic (1 < m < n, k > 1, Λ ≠ 0, w₀ ≠ 0), or nothing."""
    problem, measured = instance.problem, instance.measured
    width = problem.network.width if problem.network is not None else 1
    checks = {
        "m = 1": problem.measurements > 1,
        "m = n or more": problem.measurements < problem.outputs,
        "k = 1": width > 1,
        "Λ = 0": measured.lipschitz is not None and measured.lipschitz.lower > 0,
        "w₀ = 0": measured.misfit.lower > 0,
    }
    return ", ".join(reason for reason, generic in checks.items() if not generic)
