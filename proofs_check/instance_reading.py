"""What a theorem says about an instance: whether it applies, and its bounds where it does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from flint import arb
from sympy import Ge, Ne

from numerics.balls import rational_ball
from numerics.ranges import Range, enclose, multiply
from numerics.rounding import Bracket
from proofs_check.instance_formulas import NOISE, Curve, Formulas, nonnegative
from proofs_check.instance_theorems import Named, Theorem
from proofs_check.reports import HypothesisReport
from proofs_check.verdict import Verdict
from theory import setting
from theory.losses import S, W
from theory.terms import real

_RATE, _START, _END = real("rate Psi_start Psi_end")


def answer(verdict: Verdict) -> bool | None:
    """Return a verdict as True, False or None; cited counts as true."""
    return True if verdict.established else False if verdict is Verdict.REFUTED else None


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
        below = answer(self.threshold.verdict)
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
        loss, found = self.formulas.loss, self.bound("rate")
        if loss.regime != "exponential" or found is None or loss.rate_factor == 1:
            return found if loss.regime == "exponential" else None
        return multiply(found, enclose(rational_ball(loss.rate_factor)))

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
        """Which formula bounds w(t); None where there is none, or rate 0 cannot be told."""
        return self._at_rate(self.theorem.envelopes) if self.formulas.loss.kappa == W else None

    def _at_rate(self, named: tuple[Named, ...]) -> Named | None:
        """Choose between the formula for a rate a ≠ 0 and the one for a = 0, if there is one."""
        regular, *critical = named
        if not critical:
            return regular
        if setting.a not in self.formulas.values:
            return None
        moving = self.formulas.decide(Ne(setting.a, 0, evaluate=False))
        return None if moving is None else regular if moving else critical[0]

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
        squared = self.formulas.loss.kappa == W
        found = self._stated(at_level) if squared else self._solved(at_level)
        if found is None:
            return None
        return nonnegative(found) if self.applies else self._checked(found, level)

    def _stated(self, at_level: Formulas) -> Range | None:
        """Return the stopping time that the theorem states for the squared loss."""
        named = self._at_rate(self.theorem.stopping_times)
        return None if named is None else at_level.bound(*named)

    def _checked(self, time: Range, level: Range) -> Range | None:
        """Return a time only if the envelope, which never rises, is below the level at it.

        Beyond the threshold they are stated for levels above the one at which the envelope stalls.
        """
        later = float(time.upper) * (1 + 1e-6)
        found = self.envelope.at(later) if self.envelope is not None and later > 0 else None
        if found is None or not found.upper <= level.lower:
            return None
        return Range(arb(later), arb(later))

    def _solved(self, at_level: Formulas) -> Range | None:
        """Solve Ψ(L(y(0))) + rate·t = Ψ(level) for t, which needs Ψ in closed form."""
        rate = self.bound("rate")
        if rate is None:
            return None
        start, end = (self._primitive_at(at_level.values[s]) for s in (setting.w_0, NOISE))
        if start is None or end is None:
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
