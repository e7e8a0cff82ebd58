"""What of the signal itself is recovered: recovery_lazy in numbers (THEORY section 4).

The statement bounds ‖x(t) − x̄‖ by ‖(I − ΠA)(x̄ − x(0))‖ + ‖Π‖(‖ε‖ + w(t)) + drift; all of its
formulas are taken from it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flint import arb

from numerics.generators import TwoLayerNetwork
from numerics.problems import Problem
from numerics.recovery import MAX_OUTPUTS, Interpolant, interpolant
from numerics.rigorous.ranges import Range
from proofs_check.certifying.formulas import Formulas, range_of
from proofs_check.certifying.measure import Measurement
from proofs_check.certifying.reading import Reading
from theory import registry
from theory.settings import flow as setting
from theory.terms import real

STATEMENT = "recovery_lazy"
_GAIN, _LEAK, _CONDITION, _UNSEEN, _MISFIT = real("amplification leak kappa_J unseen misfit")


@dataclass(frozen=True, eq=False)
class Recovery:
    """What recovery_lazy says about an instance.

    Parameters
    ----------
    interpolant : Interpolant
        The norms of Π and I − ΠA, κ_J, and what of the signal is not seen.
    formulas : Formulas
        The statement's formulas at them.
    """

    interpolant: Interpolant
    formulas: Formulas

    @property
    def _variant(self) -> str:
        """The form with a logarithm is the smaller one and needs Λ > 0."""
        return "" if self.formulas.values[setting.Lambda].lower > 0 else "_rational"

    @property
    def drift(self) -> Range | None:
        """How far the network may be from the interpolant."""
        return self.formulas.bound(STATEMENT, f"drift{self._variant}")

    @property
    def in_the_limit(self) -> Range | None:
        """The bound of ‖x(t) − x̄‖ as t → ∞; None without the signal, whose unseen part it has."""
        return self.at(Range(arb(0), arb(0)))

    def at(self, misfit: Range) -> Range | None:
        """Return the bound of ‖x(t) − x̄‖ while w(t) is at most a level."""
        at = replace(self.formulas, values={**self.formulas.values, _MISFIT: misfit})
        return at.bound(STATEMENT, f"error{self._variant}")


def recovery(problem: Problem, measured: Measurement, sharp: Reading) -> Recovery | str:
    """Return what recovery_lazy says, or why it says nothing."""
    reason = _missing(problem, measured, sharp)
    if reason:
        return reason
    found = interpolant(problem, measured.sigma_0, measured.spectrum.norm)
    if found is None:
        return f"AJ(θ₀)J(θ₀)ᵀAᵀ is not certainly invertible, or n is above {MAX_OUTPUTS}"
    brackets = {_GAIN: found.gain, _LEAK: found.leak, _CONDITION: found.condition}
    values = {symbol: range_of(bracket) for symbol, bracket in brackets.items()}
    if found.unseen is not None:
        values[_UNSEEN] = range_of(found.unseen)
    known = {**sharp.formulas.values, **values}
    return Recovery(found, replace(sharp.formulas, values=known))


def _missing(problem: Problem, measured: Measurement, sharp: Reading) -> str:
    """Return which hypothesis of recovery_lazy is not known to hold, or nothing."""
    if problem.generator is None:
        return "it needs a network, not asserted quantities"
    if not measured.spectrum.full_row_rank:
        return "it needs an operator of full row rank"
    if not sharp.applies:
        return "it needs the hypotheses of the sharp theorem"
    try:
        registry.statement(STATEMENT)
    except registry.UnknownStatement:
        return f"the statement {STATEMENT} is not among those checked here"
    return ""


def published_is_vacuous(problem: Problem, measured: Measurement) -> tuple[bool | None, str]:
    """Whether recovery_published can say anything here, and why (recovery_vacuity).

    Its restricted injectivity fails where m < n and J has full row rank at every θ: for V fixed
    that is so as soon as φ' > 0 and rank V = n, and σ₀ > 0 proves the latter.
    """
    network = problem.generator
    if not isinstance(network, TwoLayerNetwork) or network.train == "both":
        return None, "not decided: only networks whose output weights are fixed are looked at"
    if problem.measurements >= problem.outputs:
        return None, "not decided: it is vacuous for m < n, and here m ≥ n"
    if not network.activation.increasing:
        return None, f"not decided: φ' > 0 is not known for {network.activation.name}"
    if not (measured.sigma_0.rigorous and measured.sigma_0.lower > 0):
        return None, "not decided: V is not known to have rank n"
    return True, "m < n, φ' > 0 and rank V = n: its restricted injectivity constant is 0"
