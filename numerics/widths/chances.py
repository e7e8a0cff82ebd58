"""What a network of given width promises once its output weights are known (THEORY section 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import log

import numpy as np
import sympy as sp
from flint import arb

from numerics.enclosures import Enclosure
from numerics.rigorous.balls import evaluate_range, holds
from numerics.rigorous.ranges import enclose, to_ball
from numerics.unfolding import Unfolding
from numerics.widths.least import (
    DIGITS,
    PRECISION,
    Conditions,
    NoWidth,
    minimised,
    short_decimal,
    short_shares,
    statement_of,
    unpacked,
)
from numerics.widths.routes import Route
from theory.statements.width_given_v import frame


@dataclass(frozen=True)
class Chance:
    """What a network of given width promises before its hidden weights are drawn.

    Parameters
    ----------
    route : Route
        Whose conditions.
    enough : bool
        Whether all of them certainly hold.
    q : Enclosure or None
        What q stays below but for the failure probability; None where the Gram matrix has no bound.
    delta : Fraction
        The part of the Gram matrix given up.
    risks : mapping of str to Fraction
        The failure probability of each event.
    """

    route: Route
    enough: bool
    q: Enclosure | None
    delta: Fraction
    risks: Mapping[str, Fraction]


def chance(route: Route, known: Mapping[sp.Symbol, arb], width: int, failure: Fraction) -> Chance:
    """Return what a width promises under a route's conditions, with δ and the split chosen well.

    Raises
    ------
    NoWidth
        If V is not certain to have rank n: then no Gram matrix is bounded from below.
    """
    if not known[frame] > 0:
        raise NoWidth("V is not certain to have rank n, so the Gram matrix has no bound")
    conditions = Conditions(route, known)
    sides = {name: r.lts / r.gts for name, r in conditions.relations.items()}
    ratios = conditions.in_floats(list(sides.values()))

    def objective(point: np.ndarray) -> float:
        gram, slope = ratios(width, *_flat(*unpacked(point, float(failure))))
        return float(log(slope) if gram < 1 else 1e2 * gram)

    point = minimised(objective, len(route.risks))
    delta, risks = unpacked(point, float(failure))
    split = short_shares(risks, failure)
    named = {str(s): p for s, p in zip(route.risks, split, strict=True)}
    # The best δ is the least that the Gram matrix allows; rounding may have gone below it.
    for exact in _upwards(short_decimal(delta)):
        q = _q_bound(conditions, width, exact, split)
        if q is not None:
            return Chance(route, conditions.hold(width, exact, split), q, exact, named)
    return Chance(route, False, None, exact, named)


def _upwards(start: Fraction) -> list[Fraction]:
    steps = (start * (1 + Fraction(step, 10**DIGITS)) for step in range(0, 40, 4))
    return [delta for delta in steps if delta < 1]


def _flat(delta: float, risks: Sequence[float]) -> tuple[float, ...]:
    return delta, *risks


def _q_bound(
    conditions: Conditions, width: int, delta: Fraction, risks: Sequence[Fraction]
) -> Enclosure | None:
    """Return what q stays below where the Gram matrix is bounded for certain."""
    values = conditions.at(width, delta, risks)
    if holds(conditions.relations["H_gram_width"], values, PRECISION) is not True:
        return None
    unfold = Unfolding(statement_of(conditions.route), tuple(values))
    term = unfold(statement_of(conditions.route).bound("q").value)
    boxes = {s: enclose(ball) for s, ball in values.items()}
    return Enclosure.from_ball(to_ball(evaluate_range(term, boxes, PRECISION)))
