"""Whether a theorem applies to an instance: its hypotheses, and q against its threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sympy import Lt, Symbol

from numerics.problems import Problem
from numerics.rigorous.ranges import Range
from numerics.rigorous.rounding import Bracket
from proofs_check.certifying.formulas import NOISE, Formulas, range_of
from proofs_check.certifying.hypotheses import OF_THE_NETWORK
from proofs_check.certifying.measure import Measurement
from proofs_check.certifying.reading import Reading, answer
from proofs_check.certifying.text import shown
from proofs_check.certifying.theorems import Theorem
from proofs_check.reporting.findings import HypothesisReport
from proofs_check.verdict import Verdict
from theory.losses import squared
from theory.settings import flow as setting
from theory.terms import real

_THRESHOLD: Symbol = real("threshold")


def read_theorem(
    theorem: Theorem,
    problem: Problem,
    measured: Measurement,
    decided: Mapping[str, HypothesisReport],
) -> Reading:
    """Evaluate a theorem's formulas on an instance and decide whether it applies."""
    formulas = Formulas(problem.loss, problem.measurements, _values(theorem, measured))
    stands = _all([_accepted(decided[name], measured) for name in theorem.hypotheses])
    threshold = _threshold(theorem, formulas, measured)
    slope = _constants(theorem, measured)[2]
    return Reading(theorem, formulas, slope, threshold, stands)


def _constants(
    theorem: Theorem, measured: Measurement
) -> tuple[Bracket, Bracket | None, Bracket | None]:
    """Return σ_A, σ₀ and Λ as the theorem means them."""
    if theorem.name == "aj":
        return Bracket(1.0, 1.0), measured.sigma_output, measured.lipschitz_output
    slope = measured.lipschitz if theorem.name == "sharp" else measured.lipschitz_pairs
    return measured.spectrum.sigma_A, measured.sigma_0, slope


def _values(theorem: Theorem, measured: Measurement) -> dict[Symbol, Range]:
    symbols = (setting.sigma_A, setting.sigma_0, setting.Lambda, setting.w_0, NOISE)
    brackets = (*_constants(theorem, measured), measured.misfit, measured.noise)
    values = {
        symbol: range_of(bracket)
        for symbol, bracket in zip(symbols, brackets, strict=True)
        if bracket is not None and bracket.upper < float("inf")
    }
    if theorem.id == "flow_sharp":
        values |= rate_and_gain(values)
    return values


def rate_and_gain(values: Mapping[Symbol, Range]) -> dict[Symbol, Range]:
    """Return a and b, which other statements share with flow_sharp; they do not need the loss."""
    formulas = Formulas(squared(), 1, values)
    found = {setting.a: formulas.bound("flow_sharp", "rate"),
             setting.b: formulas.bound("flow_sharp", "gain")}  # fmt: skip
    return {symbol: value for symbol, value in found.items() if value is not None}


def _threshold(theorem: Theorem, formulas: Formulas, measured: Measurement) -> HypothesisReport:
    name = f"threshold_{theorem.name}"
    q, limit = formulas.bound("flow_sharp", "q"), formulas.bound(theorem.id, "threshold")
    if q is None or limit is None:
        return HypothesisReport(name, Verdict.UNDECIDED, "q cannot be bounded")
    sides = {setting.q: q, _THRESHOLD: limit}
    below = formulas.decide(Lt(setting.q, _THRESHOLD, evaluate=False), sides)
    text = f"q: {shown(q)}, threshold {float(limit.upper):g}"
    if below is None:
        return HypothesisReport(name, Verdict.UNDECIDED, f"{text}: the enclosure contains it")
    if not _proved(theorem, measured):
        text = f"{text}: q is an estimate in floating point, not an enclosure"
        return HypothesisReport(name, Verdict.UNDECIDED, text)
    return HypothesisReport(name, Verdict.PROVED if below else Verdict.REFUTED, text)


def _proved(theorem: Theorem, measured: Measurement) -> bool:
    used = (*_constants(theorem, measured), measured.misfit)
    return all(bracket is not None and bracket.rigorous for bracket in used)


def _accepted(report: HypothesisReport, measured: Measurement) -> bool | None:
    """Whether a hypothesis holds, what the problem file asserts being taken as given."""
    if measured.asserted and report.name in OF_THE_NETWORK:
        return True
    return answer(report.verdict)


def _all(answers: Sequence[bool | None]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True
