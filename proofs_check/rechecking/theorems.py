"""The hypotheses and bounds of the three theorems, decided from quantities computed again.

The table of what each theorem assumes stands here a second time on purpose: a certificate that
leaves a hypothesis out is found by comparison with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from flint import arb
from sympy import Symbol

from proofs_check.rechecking.formulas import Sheet
from proofs_check.rechecking.quantities import Quantities
from proofs_check.rechecking.range_escape import gradient_escapes
from proofs_check.verdict import Verdict
from theory import registry
from theory.losses import W
from theory.settings import flow as setting
from theory.typesetting.notation import readable

_LOSS = ("H_smooth", "H_min", "H_KL", "H_range")
ASSUMED: Mapping[str, tuple[str, ...]] = {
    "published": (*_LOSS, "sigma_A", "sigma_0", "H_Lip2"),
    "sharp": (*_LOSS, "sigma_A", "sigma_0", "H_Lip0"),
    "aj": (*_LOSS, "sigma_AJ", "H_Lip0_AJ"),
}
ON_TRUST = ("H_smooth", "sigma_0", "H_Lip0", "H_Lip2")
"""Hypotheses that a user may assert of a network of theirs."""

CLOSED = (("envelope_squared", "envelope"), ("envelope_squared", "envelope_critical"))
_NOISE = Symbol("e")


def hypotheses(found: Quantities) -> dict[str, Verdict]:
    """Decide every hypothesis that does not depend on a threshold."""
    asserted = found.about.measured is not None
    proved = Verdict.UNDECIDED if asserted else Verdict.PROVED
    return {
        "H_smooth": proved,
        "H_min": Verdict.PROVED,
        "H_KL": _kurdyka_lojasiewicz(found),
        "H_range": _range(found),
        "sigma_A": _positive(found.sigma_A),
        "sigma_0": Verdict.UNDECIDED if asserted else _positive(found.sigma_0),
        "sigma_AJ": _positive(found.sigma_AJ),
        "H_Lip0": _known(found.lipschitz, asserted),
        "H_Lip2": _known(found.lipschitz_pairs, asserted),
        "H_Lip0_AJ": _known(found.lipschitz_AJ, asserted),
    }


def _kurdyka_lojasiewicz(found: Quantities) -> Verdict:
    source = "kl_radial" if len(found.about.observation) == 1 else found.about.loss.source
    return Verdict.PROVED if stated(source) else Verdict.CITED


def stated(id: str) -> bool:
    """Whether there is a statement of this id."""
    try:
        registry.statement(id)
    except registry.UnknownStatement:
        return False
    return True


def _range(found: Quantities) -> Verdict:
    if found.full_row_rank:
        return Verdict.PROVED
    loss = found.about.loss
    if loss.kind != "radial" and loss.parameters.get("p") != 2 and len(found.about.observation) > 1:
        return Verdict.REFUTED if gradient_escapes(found) else Verdict.UNDECIDED
    inside = found.data_in_range
    if inside is None:
        return Verdict.UNDECIDED
    return Verdict.PROVED if inside else Verdict.REFUTED


def _positive(value: arb | None) -> Verdict:
    if value is None:
        return Verdict.UNDECIDED
    if value > 0:
        return Verdict.PROVED
    return Verdict.REFUTED if value.is_zero() else Verdict.UNDECIDED


def _known(value: arb | None, asserted: bool) -> Verdict:
    return Verdict.UNDECIDED if value is None or asserted else Verdict.PROVED


def truth(verdict: Verdict) -> bool | None:
    """Return a verdict as True, False or None."""
    return True if verdict.established else False if verdict is Verdict.REFUTED else None


@dataclass(frozen=True, eq=False)
class Theorem:
    """One of the three theorems at the quantities that were computed again.

    Parameters
    ----------
    name : {"published", "sharp", "aj"}
        Which.
    found : Quantities
        The quantities.
    decided : mapping of str to Verdict
        The hypotheses.
    """

    name: str
    found: Quantities
    decided: Mapping[str, Verdict]

    @property
    def id(self) -> str:
        """The statement that gives radius, rate and threshold."""
        return "flow_published" if self.name == "published" else "flow_sharp"

    @property
    def lipschitz(self) -> arb | None:
        """The constant Λ it uses."""
        found = self.found
        return {"published": found.lipschitz_pairs, "sharp": found.lipschitz}.get(
            self.name, found.lipschitz_AJ
        )

    @cached_property
    def sheet(self) -> Sheet:
        """Its formulas at the quantities."""
        found = self.found
        slope, sigma = found.sigma_A, found.sigma_0
        if self.name == "aj":
            slope, sigma = arb(1), found.sigma_AJ
        named = {
            setting.sigma_A: slope, setting.sigma_0: sigma, setting.Lambda: self.lipschitz,
            setting.w_0: found.misfit, _NOISE: found.noise,
        }  # fmt: skip
        values = {symbol: value for symbol, value in named.items() if value is not None}
        return Sheet(found.about.loss, len(found.about.observation), values)

    @cached_property
    def q(self) -> arb | None:
        """The conditioning ratio."""
        return self.sheet.bound("flow_sharp", "q")

    @cached_property
    def threshold(self) -> Verdict:
        """Whether q lies below the threshold."""
        limit = self.sheet.bound(self.id, "threshold")
        if self.q is None or limit is None:
            return Verdict.UNDECIDED
        if self.q < limit:
            return Verdict.PROVED
        return Verdict.REFUTED if self.q >= limit else Verdict.UNDECIDED

    @cached_property
    def stands(self) -> bool | None:
        """Whether all hypotheses but the threshold hold, what is asserted being taken as given."""
        asserted = self.found.about.measured is not None
        answers = [
            True if asserted and name in ON_TRUST else truth(self.decided[name])
            for name in ASSUMED[self.name]
        ]
        return False if False in answers else None if None in answers else True

    @property
    def applies(self) -> bool | None:
        """Whether all hypotheses hold."""
        below = truth(self.threshold)
        if False in (below, self.stands):
            return False
        return None if None in (below, self.stands) else True

    @property
    def bounds_misfit(self) -> bool:
        """Whether its envelope is claimed: the sharp one's also holds beyond the threshold."""
        return bool(self.applies if self.name == "published" else self.stands)

    @property
    def exponential(self) -> bool:
        """Whether the loss decays exponentially under its bound."""
        return bool(self.found.about.loss.regime == "exponential")

    def envelope(self, time: arb, formula: str | None = None) -> arb | None:
        """Return the bound of w at a time, where it has a closed form."""
        if self.found.about.loss.kappa != W:
            return None
        if self.name == "published":
            return self.sheet.bound("flow_published", "envelope", t=time)
        rate = self.sheet.bound("flow_sharp", "rate")
        if rate is None or (not rate.is_zero() and rate.contains(0)):
            return None
        id, name = CLOSED[1 if rate.is_zero() else 0]
        if formula is not None and formula != readable(registry.statement(id).bound(name).value):
            return None
        return self.sheet.bound(id, name, t=time)

    def reached(self, level: arb, lower: arb, upper: arb) -> bool:
        """Whether w(t) ≤ level from t = upper on, by a stopping time or by the envelope.

        The envelope never rises, so that it is enough that it is below the level at t = upper.
        """
        misfit = self.found.misfit
        if not self.bounds_misfit or not (lower <= upper and upper >= 0) or misfit is None:
            return False
        if level >= misfit:
            return bool(lower <= 0)
        times = (self._in_closed_form(level), self._at_least_at(level))
        if any(time is not None and time <= upper for time in times):
            return True
        bound = self.envelope(upper)
        return bound is not None and bool(bound <= level)

    def _slowest(self, level: arb) -> arb | None:
        """Return how fast Ψ(L) grows at least while the misfit is above the level."""
        rate, gain = self.sheet.bound(self.id, "rate"), self.sheet.bound("flow_sharp", "gain")
        if self.name != "published":
            rate = None if rate is None or gain is None else rate + gain * level
        return rate if rate is not None and rate > 0 else None

    def _in_closed_form(self, level: arb) -> arb | None:
        """Return the stopping time of the squared loss."""
        rate = self.sheet.bound(self.id, "rate")
        if self.found.about.loss.kappa != W or rate is None or self._slowest(level) is None:
            return None
        name = "published" if self.name == "published" else "sharp"
        if rate.contains(0):
            if not rate.is_zero():
                return None
            name = "critical"
        at = Sheet(self.sheet.loss, self.sheet.measurements, {**self.sheet.values, _NOISE: level})
        return at.bound("early_stopping", f"stopping_time_{name}")

    def _at_least_at(self, level: arb) -> arb | None:
        """Return when Ψ(L), growing no faster than it has to, is at its value at the level."""
        loss, speed, start = self.found.about.loss, self._slowest(level), self.found.misfit
        if loss.primitive is None or speed is None or start is None:
            return None
        first, last = (
            self.sheet.of_loss(loss.primitive, self.sheet.of_loss(loss.inverse, w, W))
            for w in (start, level)
        )
        return (last - first) / speed
