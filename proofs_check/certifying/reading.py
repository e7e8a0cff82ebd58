"""What a theorem says about an instance: whether it applies, and its bounds where it does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from flint import arb
from sympy import Ge, Ne

from numerics.rigorous.balls import rational_ball
from numerics.rigorous.ranges import Range, enclose, multiply
from numerics.rigorous.rounding import Bracket
from numerics.unfolding import as_input
from proofs_check.certifying.formulas import NOISE, Curve, Formulas, nonnegative
from proofs_check.certifying.theorems import Named, Theorem
from proofs_check.reporting.findings import HypothesisReport
from proofs_check.verdict import Verdict
from theory.losses import W
from theory.settings import flow as setting
from theory.terms import real

_START, _LEVEL = as_input(setting.L(setting.y(0))), real("level")
_SINKING = setting.a + setting.b * NOISE > 0  # the envelope falls at the level


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
        if self.theorem.beyond and not (setting.a in at_level.values and at_level.decide(_SINKING)):
            return None  # the envelope may stall above the level
        squared = self.formulas.loss.kappa == W
        named = self._at_rate(self.theorem.stopping_times) if squared else None
        found = self._general(at_level) if named is None else at_level.bound(*named)
        return None if found is None else nonnegative(found)

    def _general(self, at_level: Formulas) -> Range | None:
        """Return the stopping time for any loss, which needs Ψ and ψ⁻¹ in closed form."""
        ends = {_START: setting.w_0, _LEVEL: NOISE}
        losses = {s: self._loss_at(at_level.values[misfit]) for s, misfit in ends.items()}
        known = {s: value for s, value in losses.items() if value is not None}
        at_ends = replace(at_level, values={**at_level.values, **known})
        return at_ends.bound(*self.theorem.general_time)

    def _loss_at(self, misfit: Range) -> Range | None:
        """Return the loss value ψ⁻¹(misfit)."""
        at_misfit = replace(self.formulas, values={W: misfit})
        return at_misfit.evaluated(at_misfit.at_m(self.formulas.loss.inverse))
