"""How wide is wide enough: the least width that a width statement certifies (THEORY section 8).

The part δ of the Gram matrix that may be lost, and how the probability of failure is split over
the events, are chosen in floating point; hidden convexity has one event and no δ. Whether a width
satisfies the statement's own conditions is then decided in ball arithmetic, at exact decimals for
what was chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, exp, inf, log
from typing import TypeVar

import numpy as np
import sympy as sp
from flint import arb, ctx
from scipy.optimize import minimize

from numerics.enclosures import Enclosure
from numerics.errors import ProblemError
from numerics.rigorous.balls import evaluate_range, holds, rational_ball
from numerics.rigorous.ranges import enclose, to_ball
from numerics.unfolding import Unfolding
from numerics.widths.routes import Route
from theory.registry import statement
from theory.settings import initial
from theory.statement import Statement

LARGEST = 10**300
_ROUNDS = 60  # of the fixed point in k, whose conditions depend on k only through the misfit
DIGITS = 4  # of the decimals chosen for δ and the split
_STARTS = ((0.3, 1.0), (0.6, 1.0), (0.5, 8.0), (0.85, 4.0))
PRECISION = 128
K, Q_STAR = initial.k, sp.Symbol("q_star")
_LACKING = {"c": "φ is not known to take all values of an interval around 0"}
Number = TypeVar("Number", float, Fraction)


class NoWidth(ProblemError):
    """No width satisfies the conditions, or none was found; the message says why."""


@dataclass(frozen=True)
class Width:
    """A width that is certified to be enough, and what was chosen for it.

    Parameters
    ----------
    route : Route
        Which conditions it satisfies.
    width : int
        k; all conditions hold at it for certain.
    delta : Fraction or None
        The part of the Gram matrix given up; None where none is bounded.
    risks : mapping of str to Fraction
        The failure probability of each event.
    parts : mapping of str to Enclosure
        By condition, the width that it alone asks for, at this k.
    """

    route: Route
    width: int
    delta: Fraction | None
    risks: Mapping[str, Fraction]
    parts: Mapping[str, Enclosure]


class Conditions:
    """A route's conditions on the width, in numbers.

    Parameters
    ----------
    route : Route
        Whose conditions.
    known : mapping of Symbol to arb
        What has a value: dimensions, activation constants, norms; a term such as ‖A‖ under the
        symbol of its name.
    """

    def __init__(self, route: Route, known: Mapping[sp.Symbol, arb]) -> None:
        self.route = route
        threshold = {} if route.threshold is None else {Q_STAR: rational_ball(route.threshold)}
        self.known = {**known, **threshold}
        self.free = (K, *route.chosen)
        unfold = Unfolding(statement_of(route), (*self.known, *self.free))
        formulas = {h.name: h.formula for h in statement_of(route).hypotheses}
        self.relations = {name: unfold(formulas[name]) for name in route.conditions}
        missing = {s for r in self.relations.values() for s in unfold.missing(r)}
        if missing:
            name = min(map(str, missing))
            lacking = _LACKING.get(name, f"{route.statement} needs a value of {name}")
            raise NoWidth(lacking)

    def in_floats(self, terms: Sequence[sp.Expr]) -> Callable[..., Sequence[float]]:
        """Return terms as a function of what is free, at the middles of what is known."""
        middle = {s: sp.Float(float(ball.mid())) for s, ball in self.known.items()}
        sides = [term.xreplace(middle) for term in terms]
        made: Callable[..., Sequence[float]] = sp.lambdify(self.free, sides, modules="math")
        return made

    @cached_property
    def _needs(self) -> Callable[..., Sequence[float]]:
        return self.in_floats([r.lts for r in self.relations.values()])

    def estimate(self, delta: float | None, risks: Sequence[float]) -> float:
        """Return about how wide the conditions want it, ∞ where they have no answer."""
        chosen = _flat(delta, risks)
        width = 1.0
        try:
            for _ in range(_ROUNDS):
                needed = max(1.0, *self._needs(width, *chosen))
                if abs(needed - width) <= 1e-12 * width:
                    break
                width = needed
        except (OverflowError, ValueError, ZeroDivisionError):
            return inf
        return width

    def hold(self, width: int, delta: Fraction | None, risks: Sequence[Fraction]) -> bool:
        """Whether all conditions certainly hold."""
        values = self.at(width, delta, risks)
        return all(holds(r, values, PRECISION) is True for r in self.relations.values())

    def parts(
        self, width: int, delta: Fraction | None, risks: Sequence[Fraction]
    ) -> dict[str, Enclosure]:
        """Return the width that each condition asks for, at a width."""
        boxes = {s: enclose(ball) for s, ball in self.at(width, delta, risks).items()}
        ranges = {n: evaluate_range(r.lts, boxes, PRECISION) for n, r in self.relations.items()}
        return {name: Enclosure.from_ball(to_ball(found)) for name, found in ranges.items()}

    def at(
        self, width: int, delta: Fraction | None, risks: Sequence[Fraction]
    ) -> dict[sp.Symbol, arb]:
        """Return every value: what is known, and what was chosen."""
        with ctx.workprec(PRECISION):
            chosen = [rational_ball(v) for v in (Fraction(width), *_flat(delta, risks))]
            return {**self.known, **dict(zip(self.free, chosen, strict=True))}


def least_width(route: Route, known: Mapping[sp.Symbol, arb], failure: Fraction) -> Width:
    """Return the least width found that satisfies a route's conditions, certified.

    Parameters
    ----------
    route : Route
        Which statement, conditions and threshold.
    known : mapping of Symbol to arb
        See ``Conditions``.
    failure : Fraction
        The total probability of failure, between 0 and 1.

    Raises
    ------
    NoWidth
        If no width is found, or a value is missing.
    """
    conditions = Conditions(route, known)
    delta, risks = _chosen(conditions, failure)
    width = _least(conditions, delta, risks)
    named = {str(s): p for s, p in zip(route.risks, risks, strict=True)}
    return Width(route, width, delta, named, conditions.parts(width, delta, risks))


def statement_of(route: Route) -> Statement:
    """Return the statement whose conditions a route asks for."""
    return statement(route.statement)


def _flat(delta: Number | None, risks: Sequence[Number]) -> list[Number]:
    """Return what is chosen in the order of ``Route.chosen``."""
    chosen = list(risks)
    if delta is not None:
        chosen.insert(0, delta)
    return chosen


def _chosen(
    conditions: Conditions, failure: Fraction
) -> tuple[Fraction | None, tuple[Fraction, ...]]:
    """Minimise over δ and the split of the failure probability, and round to short decimals."""
    if conditions.route.threshold is None:
        return None, (failure,)
    events, total = len(conditions.route.risks), float(failure)

    def objective(point: np.ndarray) -> float:
        width = conditions.estimate(*unpacked(point, total))
        return log(width) if width < inf else 1e3

    delta, risks = unpacked(minimised(objective, events), total)
    return short_decimal(delta), short_shares(risks, failure)


def minimised(objective: Callable[[np.ndarray], float], events: int) -> np.ndarray:
    """Return where an objective of δ and the split of that many risks is least, packed."""
    starts = [_packed(delta, lean, events) for delta, lean in _STARTS]
    options = {"xatol": 1e-6, "fatol": 1e-10, "maxiter": 4000}
    found = [minimize(objective, s, method="Nelder-Mead", options=options) for s in starts]
    best: np.ndarray = min(found, key=lambda result: float(result.fun)).x
    return best


def _packed(delta: float, lean: float, events: int) -> np.ndarray:
    """Return where to start: δ, and how much more than the rest the first event may fail."""
    return np.array([log(delta / (1 - delta)), log(lean), *[0.0] * (events - 2)])


def unpacked(point: np.ndarray, total: float) -> tuple[float, tuple[float, ...]]:
    """Return δ and the risks, which add up to the total."""
    odds = np.clip(point, -30.0, 30.0)
    weights = np.exp(np.append(odds[1:], 0.0))
    delta = 1 / (1 + exp(-odds[0]))
    return delta, tuple(float(total * w / weights.sum()) for w in weights)


def short_shares(shares: Sequence[float], total: Fraction) -> tuple[Fraction, ...]:
    """Round shares down to short decimals that add up to at most the total, whatever floats do."""
    rounded = tuple(short_decimal(share) for share in shares)
    while sum(rounded) > total:
        rounded = tuple(share * (1 - Fraction(1, 10**DIGITS)) for share in rounded)
    return rounded


def short_decimal(value: float) -> Fraction:
    """Round down to a short decimal."""
    exponent = DIGITS - ceil(log(value, 10))
    scale = Fraction(10) ** exponent
    return Fraction(int(Fraction(value) * scale)) / scale


def _least(conditions: Conditions, delta: Fraction | None, risks: Sequence[Fraction]) -> int:
    """Return the least width at which the conditions certainly hold, from an estimate on."""
    estimate = conditions.estimate(
        None if delta is None else float(delta), [float(p) for p in risks]
    )
    if not estimate < LARGEST:
        raise NoWidth("no width below 10^300 satisfies the conditions")
    high = max(1, ceil(estimate))
    while not conditions.hold(high, delta, risks):
        if high > LARGEST:
            raise NoWidth("no width below 10^300 certainly satisfies the conditions")
        high = high + 1 if high < 10**6 else high + high // 10**6
        high = max(high, 2 * high - ceil(estimate))
    low = 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if conditions.hold(middle, delta, risks) else (middle, high)
    return high
