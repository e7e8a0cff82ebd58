"""The three theorems a certificate reports, and what each says about an instance.

``published`` and ``sharp`` are the statements of those names; ``aj`` is the sharp one for AJ in
place of J: σ_A becomes 1, σ₀ becomes √λ_r(A J Jᵀ Aᵀ) and Λ a constant of AJ (flow_sharp_aj).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from flint import arb
from sympy import Ge, Lt, Ne, Symbol

from numerics.problems import Problem
from numerics.ranges import Range
from numerics.rounding import Bracket
from proofs_check.instance_formulas import NOISE, Curve, Formulas, nonnegative, range_of
from proofs_check.instance_hypotheses import OF_THE_NETWORK
from proofs_check.instance_measure import Measurement
from proofs_check.instance_text import shown
from proofs_check.reports import HypothesisReport
from proofs_check.verdict import Verdict
from theory import setting
from theory.losses import S, W
from theory.terms import real

Named = tuple[str, str]
_THRESHOLD, _RATE, _START, _END = real("threshold rate Psi_start Psi_end")


@dataclass(frozen=True)
class Theorem:
    """Where a theorem's formulas stand, as (statement, bound), and what it assumes.

    Parameters
    ----------
    name : str
        Its name in a certificate.
    id : str
        The statement with its radius, rate and threshold.
    hypotheses : tuple of str
        Names of what it assumes, the threshold aside.
    envelopes, stopping_times : tuple
        For the squared loss: the formula, and the one for rate 0 if there is one.
    beyond : bool
        Whether the envelope also holds beyond the threshold.
    """

    name: str
    id: str
    hypotheses: tuple[str, ...]
    envelopes: tuple[Named, ...]
    stopping_times: tuple[Named, ...]
    beyond: bool = False


_LOSS = ("H_smooth", "H_min", "H_KL", "H_range")
_SHARP = (
    (("envelope_squared", "envelope"), ("envelope_squared", "envelope_critical")),
    (("early_stopping", "stopping_time_sharp"), ("early_stopping", "stopping_time_critical")),
    True,
)
THEOREMS: Mapping[str, Theorem] = {
    theorem.name: theorem
    for theorem in (
        Theorem(
            "published", "flow_published", (*_LOSS, "sigma_A", "sigma_0", "H_Lip2"),
            (("flow_published", "envelope"),), (("early_stopping", "stopping_time_published"),),
        ),
        Theorem("sharp", "flow_sharp", (*_LOSS, "sigma_A", "sigma_0", "H_Lip0"), *_SHARP),
        Theorem("aj", "flow_sharp", (*_LOSS, "sigma_AJ", "H_Lip0_AJ"), *_SHARP),
    )
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Reading:
    """What a theorem says about an instance.

    Parameters
    ----------
    theorem : Theorem
        The theorem.
    formulas : Formulas
        Its formulas at the instance's values.
    lipschitz : Bracket or None
        The constant Λ that it uses.
    threshold : HypothesisReport
        Whether q lies below the theorem's threshold.
    stands : bool or None
        Whether all other hypotheses hold.
    """

    theorem: Theorem
    formulas: Formulas
    lipschitz: Bracket | None
    threshold: HypothesisReport
    stands: bool | None

    @property
    def applies(self) -> bool | None:
        """Whether all hypotheses hold; None if that cannot be told."""
        below = _answer(self.threshold.verdict)
        if False in (below, self.stands):
            return False
        return None if None in (below, self.stands) else True

    @cached_property
    def q(self) -> Range | None:
        """The conditioning ratio Λw₀/(σ_Aσ₀²)."""
        return self.formulas.bound("flow_sharp", "q")

    @cached_property
    def limit(self) -> Range | None:
        """The threshold that q has to stay below."""
        return self.formulas.bound(self.theorem.id, "threshold")

    def bound(self, name: str) -> Range | None:
        """Return a bound of the statement where the theorem applies; otherwise None."""
        return self.formula(name) if self.applies else None

    def formula(self, name: str) -> Range | None:
        """Return the value of a bound's formula, whether or not the theorem applies."""
        if not self.formulas.knows(self.theorem.id, name):
            return None
        return self.formulas.bound(self.theorem.id, name)

    @property
    def rate(self) -> Range | None:
        """The exponential rate, where the theorem applies and the decay is exponential."""
        return self.bound("rate") if self.formulas.loss.regime == "exponential" else None

    @property
    def bounds_misfit(self) -> bool | None:
        """Whether the theorem bounds w(t): beyond the threshold too, where its envelope holds."""
        return self.stands if self.theorem.beyond else self.applies

    @cached_property
    def final_misfit(self) -> Range | None:
        """The level at which the envelope stalls, where that is positive (q > 1/2)."""
        if not (self.theorem.beyond and self.stands):
            return None
        level = self.formulas.bound("envelope_squared", "limit")
        return level if level is not None and level.lower > 0 else None

    @cached_property
    def envelope(self) -> Curve | None:
        """The bound of w(t), in closed form where κ(w) = w (the squared loss)."""
        named = self.envelope_name
        return None if named is None else self.formulas.curve(self.formulas.expression(*named))

    @cached_property
    def envelope_name(self) -> Named | None:
        """Which formula bounds w(t); None where there is no closed form."""
        return self._chosen(self.theorem.envelopes)

    @property
    def stopping_time(self) -> Range | None:
        """A time from which on w(t) ≤ ‖ε‖, where the noise is known."""
        noise = self.formulas.values.get(NOISE)
        return None if noise is None else self.time_to(noise)

    def time_to(self, level: Range) -> Range | None:
        """Return a time from which on w(t) is at most a level; None if none is known."""
        if not self.bounds_misfit:
            return None
        at_level = replace(self.formulas, values={**self.formulas.values, NOISE: level})
        if at_level.decide(Ge(NOISE, setting.w_0, evaluate=False)):
            return Range(arb(0), arb(0))
        named = self._chosen(self.theorem.stopping_times)
        found = self._by_primitive(at_level) if named is None else at_level.bound(*named)
        return None if found is None else nonnegative(found)

    def _by_primitive(self, at_level: Formulas) -> Range | None:
        """Solve Ψ(L(y(0))) + rate·t = Ψ(level) for t, which needs Ψ in closed form."""
        rate = self.bound("rate")
        start, end = (self._primitive_at(at_level.values[s]) for s in (setting.w_0, NOISE))
        if rate is None or start is None or end is None:
            return None
        known = {_RATE: rate, _START: start, _END: end}
        return replace(at_level, values=known).evaluated((_END - _START) / _RATE)

    def _primitive_at(self, misfit: Range) -> Range | None:
        """Return Ψ at the loss value ψ⁻¹(misfit); None if Ψ has no closed form."""
        loss, at_misfit = self.formulas.loss, replace(self.formulas, values={W: misfit})
        value = at_misfit.evaluated(at_misfit.at_m(loss.inverse))
        if value is None or loss.primitive is None:
            return None
        return replace(at_misfit, values={S: value}).evaluated(at_misfit.at_m(loss.primitive))

    def _chosen(self, named: Sequence[Named]) -> Named | None:
        """Choose between the formula and the one for rate 0; None if that cannot be told."""
        if self.formulas.loss.kappa != W:
            return None
        if len(named) == 1:
            return named[0]
        if setting.a not in self.formulas.values:
            return None
        regular = self.formulas.decide(Ne(setting.a, 0, evaluate=False))
        return None if regular is None else named[0 if regular else 1]


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
        values |= _rate_and_gain(values)
    return values


def _rate_and_gain(values: Mapping[Symbol, Range]) -> dict[Symbol, Range]:
    """Return a and b, which other statements share with flow_sharp; they do not need the loss."""
    from theory.losses import squared

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
    return _answer(report.verdict)


def _answer(verdict: Verdict) -> bool | None:
    return True if verdict.established else False if verdict is Verdict.REFUTED else None


def _all(answers: Sequence[bool | None]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True
