"""The theorems' inequalities along a tube: decided on [0, T], and after T by starting again there.

On [0, T] an inequality holds where the tube's bounds say so, is violated where they say the
opposite for certain, and is undecided otherwise. Near a time at which both sides agree, such as
w(0) = W(0), their rates of change are compared instead. From T on the sharp theorem is applied to
the flow that starts at θ(T), with σ_min(J(θ(T))) and w(T) taken from the tube.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from sympy import Symbol

from numerics.rigorous.ranges import Range
from numerics.rigorous.rounding import Array, Bracket, up
from numerics.tubes.tube import Tube
from proofs_check.certifying.decide import rate_and_gain
from proofs_check.certifying.formulas import NOISE, Formulas, end_above, end_below, range_of
from proofs_check.certifying.reading import Reading
from proofs_check.instance import Instance
from theory.losses import W
from theory.settings import flow as setting

Decided = Literal["holds", "violated", "undecided"]
_CLOCK = 1e-12
"""Relative error of the times at a tube's parts: each is a sum of a few thousand floats."""


@dataclass(frozen=True)
class Decision:
    """One inequality of a theorem along the real trajectory.

    Parameters
    ----------
    theorem : str
        ``published`` or ``sharp``.
    quantity : str
        ``misfit``, ``travel``, ``length``, ``sigma_min`` or ``stopping_time``.
    claimed : bool or None
        Whether the theorem claims it for this instance; None if that is undecided.
    verdict : {"holds", "violated", "undecided"}
        For all times, as far as the theorem claims it.
    margin : float
        A lower bound of the bound's distance from the quantity on [0, T], where the sides are
        compared; negative where the inequality is violated.
    time : float
        Where that distance is least.
    until_T : bool
        Whether it is decided to hold on [0, T].
    after_T : bool
        Whether it is decided to hold from T on.
    """

    theorem: str
    quantity: str
    claimed: bool | None
    verdict: Decided
    margin: float
    time: float
    until_T: bool
    after_T: bool

    @property
    def refuted(self) -> bool:
        """Whether the theorem claims it and it is violated."""
        return bool(self.claimed) and self.verdict == "violated"


@dataclass(frozen=True, eq=False)
class Restart:
    """The sharp theorem at θ(T).

    Parameters
    ----------
    formulas : Formulas
        Its formulas at σ_min(J(θ(T))) and w(T).
    below : bool
        Whether its hypotheses hold there, the threshold included.
    """

    formulas: Formulas
    below: bool

    def bound(self, name: str) -> Range | None:
        """Return a bound of flow_sharp from T on; None where the theorem does not apply."""
        return self.formulas.bound("flow_sharp", name) if self.below else None


def restart(instance: Instance, tube: Tube, lipschitz: float) -> Restart:
    """Return the sharp theorem at the end of a tube.

    Parameters
    ----------
    instance : Instance
        The problem.
    tube : Tube
        Its trajectory on [0, T].
    lipschitz : float
        A one-point Lipschitz constant of J at θ(T).
    """
    reading = instance.readings["sharp"]
    sigma = Bracket(tube.sigma_end, max(tube.sigma_end, float(tube.sigma_high[-1])))
    misfit = Bracket(float(tube.misfit_low[-1]), float(tube.misfit_high[-1]))
    values: dict[Symbol, Range] = {
        **{s: v for s, v in reading.formulas.values.items() if s not in (setting.a, setting.b)},
        setting.sigma_0: range_of(sigma),
        setting.w_0: range_of(misfit),
        setting.Lambda: range_of(Bracket(lipschitz, lipschitz)),
    }
    at_end = replace(reading.formulas, values=values)
    q, limit = (at_end.bound("flow_sharp", name) for name in ("q", "threshold"))
    below = q is not None and limit is not None and bool(q.upper < limit.lower)
    rates = {**values, **rate_and_gain(values)}
    stands = bool(reading.stands) and sigma.lower > 0
    return Restart(replace(at_end, values=rates), stands and below)


def decide(instance: Instance, tube: Tube, lipschitz: float) -> list[Decision]:
    """Decide the inequalities of both theorems along the real trajectory.

    Parameters
    ----------
    instance : Instance
        The problem, measured and decided, with the squared loss.
    tube : Tube
        Its trajectory.
    lipschitz : float
        A one-point Lipschitz constant of J at θ(T).
    """
    after = restart(instance, tube, lipschitz)
    return [d for name in ("published", "sharp")
            for d in _of_theorem(instance.readings[name], tube, after)]  # fmt: skip


def _of_theorem(reading: Reading, tube: Tube, after: Restart) -> Iterator[Decision]:
    envelope = _Envelope(reading, tube)
    if envelope.known:
        yield _misfit(envelope, after)
    yield from _travelled(reading, tube, after)
    yield from _conditioning(reading, tube, after)
    yield from _stopping(reading, tube, after)


def _decision(
    reading: Reading, quantity: str, claimed: bool | None, slack: Array, times: Array,
    violated: bool, until: bool, later: bool,
) -> Decision:  # fmt: skip
    worst = int(np.argmin(slack))
    verdict: Decided = "violated" if violated else "holds" if until and later else "undecided"
    return Decision(
        reading.theorem.name, quantity, claimed, verdict, float(slack[worst]),
        float(times[worst]), until, later,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Envelope:
    """A theorem's bound W of the misfit, at the times of a tube."""

    reading: Reading
    tube: Tube

    @cached_property
    def ends(self) -> list[tuple[float, float]] | None:
        """W at each time, bounded from below and above; None where it has no value."""
        curve = self.reading.envelope
        if curve is None:
            return None
        found: list[tuple[float, float]] = []
        for time in self.tube.times.tolist():
            late, early = (curve.at(up(time * (1 + s))) for s in (_CLOCK, -_CLOCK))
            if late is None or early is None:
                return None
            found.append((end_below(late), end_above(early)))
        return found

    @property
    def known(self) -> bool:
        """Whether it can be evaluated."""
        return self.ends is not None and self.speed is not None

    @cached_property
    def speed(self) -> tuple[float, float] | None:
        """Upper bounds of a and b in Ẇ = −(a + bW)W."""
        rate = self.reading.formula("rate")
        gain = self.reading.formula("gain") if self.reading.theorem.id == "flow_sharp" else None
        if rate is None or (gain is None and self.reading.theorem.id == "flow_sharp"):
            return None
        return end_above(rate), 0.0 if gain is None else end_above(gain)

    def falls_slower(self, part: int) -> bool:
        """Whether log W falls at most as fast as log w, on a part of the tube."""
        assert self.ends is not None
        assert self.speed is not None
        a, b = self.speed
        return bool(self.tube.rate_low[part] >= up(a + up(b * self.ends[part][1])))


def _misfit(envelope: _Envelope, after: Restart) -> Decision:
    """Decide w ≤ W: between two times both fall, so w at the first and W at the second decide."""
    reading, tube, ends = envelope.reading, envelope.tube, envelope.ends
    assert ends is not None
    low, high = np.array(ends).T
    slack = low[1:] - tube.misfit_high[:-1]
    kept = True
    for part in np.flatnonzero(slack < 0).tolist():
        # from W ≥ w at its beginning the rates decide what the values cannot
        agreed = part == 0 or slack[part - 1] >= 0
        kept = kept and agreed and envelope.falls_slower(part)
        slack[part] = np.inf if kept else slack[part]
    violated = bool(np.any(tube.misfit_low > high))
    if violated:
        slack = (high - tube.misfit_low)[1:]
    return _decision(
        reading, "misfit", reading.bounds_misfit, slack, tube.times[1:], violated, kept,
        _stays_below(envelope, after),
    )  # fmt: skip


def _stays_below(envelope: _Envelope, after: Restart) -> bool:
    """Whether w(T) ≤ W(T), and the rate from T on is at least that of W at every later time."""
    rate = after.bound("rate")
    if rate is None or envelope.speed is None or envelope.ends is None:
        return False
    (low, high), (a, b) = envelope.ends[-1], envelope.speed
    return float(envelope.tube.misfit_high[-1]) <= low and end_below(rate) >= up(a + up(b * high))


def _travelled(reading: Reading, tube: Tube, after: Restart) -> Iterator[Decision]:
    level = reading.formula("travel_radius")
    if level is None:
        return
    low, high = end_below(level), end_above(level)
    rest = after.bound("travel_radius")
    left = np.inf if rest is None else end_above(rest)
    reached = {"travel": tube.travel_between, "length": tube.length_high[1:]}
    if reading.theorem.id == "flow_published":
        del reached["length"]
    for quantity, values in reached.items():
        end = tube.travel_high[-1] if quantity == "travel" else tube.length_high[-1]
        violated = bool(np.any(tube.travel_low > high))  # no path is shorter than its chord
        slack = (high - tube.travel_low)[1:] if violated else low - values
        yield _decision(
            reading, quantity, reading.applies, slack, tube.times[1:], violated,
            bool(np.all(values <= low)), bool(up(float(end) + left) <= low),
        )  # fmt: skip


def _conditioning(reading: Reading, tube: Tube, after: Restart) -> Iterator[Decision]:
    level = reading.formula("conditioning")
    if level is None:
        return
    low, high = end_below(level), end_above(level)
    later = after.bound("conditioning")
    violated = bool(np.any(tube.sigma_high < low))
    slack = (tube.sigma_high - low)[1:] if violated else tube.sigma_low - high
    yield _decision(
        reading, "sigma_min", reading.applies, slack, tube.times[1:], violated,
        bool(np.all(tube.sigma_low >= high)), later is not None and end_below(later) >= high,
    )  # fmt: skip


# --- early stopping -----------------------------------------------------------------------


def _stopping(reading: Reading, tube: Tube, after: Restart) -> Iterator[Decision]:
    """Decide w(t) ≤ ‖ε‖ from the theorem's stopping time on; w never increases."""
    time, noise = reading.stopping_time, reading.formulas.values.get(NOISE)
    if time is None or noise is None or not end_below(noise) > 0:
        return
    early, late = end_below(time) * (1 - _CLOCK), end_above(time) * (1 + _CLOCK)
    before = int(np.searchsorted(tube.times, early, side="right")) - 1
    least, most = float(tube.misfit_high[before]), end_above(noise)
    slack = np.array([end_below(noise) - least])
    inside = early <= tube.times[-1]
    held = bool(slack[0] >= 0) or (not inside and _by_then(early, tube, after, end_below(noise)))
    violated = bool(np.any(tube.misfit_low[tube.times >= late] > most))
    yield _decision(
        reading, "stopping_time", reading.bounds_misfit, slack, tube.times[[before]], violated,
        held, held,
    )  # fmt: skip


def _by_then(time: float, tube: Tube, after: Restart, level: float) -> bool:
    """Whether the envelope from T on is at most a level at a time after T."""
    since = time - float(tube.times[-1]) * (1 + _CLOCK)
    if not after.below or after.formulas.loss.kappa != W or since <= 0:
        return False
    curve = after.formulas.curve(after.formulas.expression("envelope_squared", "envelope"))
    found = None if curve is None else curve.at(since * (1 - _CLOCK))
    return found is not None and end_above(found) <= level
