"""How sharp a bound is: computed on a statement's own models, never declared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from itertools import islice, pairwise
from typing import Any

import numpy as np
from flint import arb, ctx
from sympy import Eq, Expr, Integer, Ne, Rational, Symbol
from sympy.core.relational import Ge, Gt, Le, Lt

from numerics.rigorous.balls import decide_at_point, enclosure_text, evaluate
from proofs_check.engines import settle
from proofs_check.falsify import asserts_existence, models_of
from proofs_check.premises import GIVEN
from proofs_check.reporting.findings import Sharpness
from proofs_check.searching.budget import Budget
from proofs_check.searching.failures import unless_too_large
from proofs_check.searching.hunting import Hunt
from proofs_check.searching.search import Score, compiled
from proofs_check.searching.targets import Target
from proofs_check.verdict import Goal
from theory.formulas import substitute
from theory.statement import Model, Statement

IDENTITY_SECONDS = 4.0
PROBES = (Integer(1), Rational(1, 3), Integer(2))  # where two sides are compared first
DIGITS = 12
KNOWN_BITS = 40  # a ratio that cancellation leaves less exact than this is not reported
PRECISION = 512
# A family is said to approach equality when its ratio comes within this of 1, and each member is
# nearer than the one before; the members and the gap are part of the report.
NEAR = arb("1e-6")
# The best instances at which hypotheses are decided before a model is left, and how much nearer
# to equality than the witness one has to be.
TRIES = 2
MOST = 20
WORTH = arb("0.9")
# What an engine may take for one hypothesis where many bounds are measured.
HASTE = 1.0


def sharpness(statement: Statement, conclusion: str, seed: int = 0) -> Sharpness | None:
    """Return how much of a conclusion's bound is reached, or None where it is no inequality.

    ``equality`` if both sides are one expression on a model, or one number at an instance;
    ``limit`` if the ratio tends to 1 along the model's family; ``best_found`` otherwise.
    """
    models = (model for model in models_of(statement) if model.witness)
    return best_of(statement, conclusion, models, seed, known=True)


def sharpnesses(statement: Statement, seed: int = 0) -> Iterator[tuple[str, Sharpness]]:
    """Yield the inequalities among a statement's conclusions with how much of each is reached.

    Where engines leave an instance open, one with longer numbers is not put to them.
    """
    models = [model for model in models_of(statement) if model.witness]
    hunts = [Hunt(statement, model, seed, seconds=HASTE) for model in models]
    for name in statement.conclusions:
        own = [hunt.again(seed, hunt.scales) for hunt in hunts]
        found = attained(own, name, known=True) or nearest(own, name, known=True)
        if found is not None:
            yield name, found


def best_of(
    statement: Statement,
    conclusion: str,
    models: Iterable[Model],
    seed: int = 0,
    seconds: float = HASTE,
    budget: Budget | None = None,
    known: bool = False,
) -> Sharpness | None:
    """Return what ``sharpness`` returns, over chosen models; they need no witness here.

    Parameters
    ----------
    statement : Statement
        Whose bound is measured.
    conclusion : str
        Which of its bounds.
    models : iterable of Model
        Where instances are looked for.
    seed : int
        Seed of the search.
    seconds : float
        What an engine may take to decide one hypothesis.
    budget : Budget, optional
        What everything may take.
    known : bool
        Whether the hypotheses are decided at the models' own witnesses elsewhere.
    """
    time = budget or Budget()
    hunts = [Hunt(statement, model, seed, seconds=seconds, budget=time) for model in models]
    return attained(hunts, conclusion, known) or nearest(hunts, conclusion, known)


def attained(hunts: Sequence[Hunt], conclusion: str, known: bool) -> Sharpness | None:
    """Return where equality is attained at a witness, or approached from it; see ``best_of``."""
    witnessed = [hunt for hunt in hunts if hunt.model.witness]
    return next(_measured((_equality, _limit), witnessed, conclusion, known), None)


def nearest(hunts: Sequence[Hunt], conclusion: str, known: bool) -> Sharpness | None:
    """Return the instance nearest to equality that a search in all models finds."""
    if hunts and asserts_existence(hunts[0].statement, conclusion):
        hunts = [hunt for hunt in hunts if hunt.model.witness]
    found: list[Sharpness] = []
    for measured in _measured((_best,), hunts, conclusion, known):
        found.append(measured)
        if measured.attained:
            break
    return max(found, key=lambda s: (s.attained, Decimal(s.ratio[0])), default=None)


@dataclass(frozen=True)
class Bound:
    """An inequality between numbers, where it is claimed, and the search in its model.

    ``known`` says that the hypotheses hold at the model's own witness, if it has one.
    """

    hunt: Hunt
    target: Target
    smaller: Expr
    larger: Expr
    known: bool

    @property
    def witness(self) -> Mapping[Symbol, Any]:
        """The model's own instance."""
        return self.hunt.model.witness

    @property
    def at_witness(self) -> Target:
        """The claim about the model's own instance only."""
        fixed = {s: (v, v) for s, v in self.witness.items()}
        box = replace(self.target.box, ranges={**self.target.box.ranges, **fixed})
        return replace(self.target, box=box)

    def witnessed(self) -> bool:
        """Whether the hypotheses hold at the model's own instance, as the engines prove."""
        return self.known or self.hunt.hypotheses_hold(self.witness)

    def ratio(self, point: Mapping[Symbol, Any]) -> arb | None:
        """Return smaller over larger, or larger over smaller where both are negative.

        None where it is not known well, above all where the larger side may be zero.
        """
        found = unless_too_large(partial(_ratio, self.smaller, self.larger, point))
        if found is None or not found.is_finite() or found.rel_accuracy_bits() <= KNOWN_BITS:
            return None
        return found


Way = Callable[[Bound], Sharpness | None]


def _measured(
    ways: Sequence[Way], hunts: Sequence[Hunt], conclusion: str, known: bool
) -> Iterator[Sharpness]:
    """Yield what is found in each way in all models, one way after the other."""
    for way in ways:
        for hunt in hunts:
            for bound in _bounds(hunt, conclusion, known):
                measured = way(bound)
                if measured is not None:
                    yield measured


def _bounds(hunt: Hunt, conclusion: str, known: bool) -> Iterator[Bound]:
    """Yield the inequalities that a conclusion amounts to, as long as there is time."""
    for target in hunt.targets(conclusion) if hunt.budget.left else ():
        if target.far is not None or not isinstance(target.body, (Le, Lt, Ge, Gt)):
            continue
        smaller, larger = target.body.lts, target.body.gts
        if not (smaller.is_zero or larger.is_zero):  # a sign is no bound: there is no ratio
            yield Bound(hunt, target, smaller, larger, known)
        if not hunt.budget.left:
            return


def _equality(bound: Bound) -> Sharpness | None:
    if not unless_too_large(partial(_identical, bound)) or not bound.witnessed():
        return None
    return Sharpness("equality", ("1", "1"), True, _text(bound.witness))


def _identical(bound: Bound) -> bool:
    """Whether both sides are one expression on the witness, and not only 0 or without a point."""
    target, witness = bound.target, bound.witness
    free = [s for s in target.box.symbols if s not in witness]
    if _differ(bound, (dict.fromkeys(free, value) for value in PROBES)):
        return False
    point = next(_admissible(bound, bound.at_witness), None)
    if point is None or bound.ratio(point) is None or _differ(bound, _unequal(free)):
        return False
    sides = [substitute(side, witness) for side in (bound.smaller, bound.larger)]
    goal = Goal(Eq(*sides, evaluate=False), {GIVEN: substitute(target.given, witness)})
    return any(_settled(kind, goal, bound.hunt.budget) for kind in ("algebra", "polynomial"))


def _settled(kind: str, goal: Goal, budget: Budget) -> bool:
    seconds = budget.within(IDENTITY_SECONDS)
    return seconds > 0 and settle(kind, goal, seconds).proved


def _differ(bound: Bound, probes: Iterable[Mapping[Symbol, Any]]) -> bool:
    """Whether the sides certainly differ somewhere: then no identity need be looked for."""
    points = ({**bound.witness, **values} for values in probes)
    return any(
        decide_at_point(bound.target.given, point) is True
        and decide_at_point(Ne(bound.smaller, bound.larger), point) is True
        for point in points
    )


def _unequal(symbols: Sequence[Symbol]) -> Iterator[dict[Symbol, Any]]:
    """Yield points with different coordinates, where there are several."""
    for shift in range(len(PROBES)) if len(symbols) > 1 else ():
        yield {s: PROBES[(place + shift) % len(PROBES)] for place, s in enumerate(symbols)}


def _limit(bound: Bound) -> Sharpness | None:
    family = bound.hunt.model.limit
    if family is None or set(bound.target.box.symbols) != {*bound.witness, family[0]}:
        return None
    symbol, members = family
    ratios = []
    for member in members:
        point = {**bound.witness, symbol: member}
        if decide_at_point(bound.target.given, point) is not True:
            return None
        ratios.append(_ratio(bound.smaller, bound.larger, point))
    gaps = [1 - ratio for ratio in ratios]
    approaching = all(later < earlier for earlier, later in pairwise(gaps))
    if not approaching or not abs(gaps[-1]) < NEAR or not bound.witnessed():
        return None
    instance = {**_text(bound.witness), str(symbol): f"{members[0]} … {members[-1]}"}
    return Sharpness("limit", enclosure_text(ratios[-1], DIGITS), True, instance)


def _best(bound: Bound) -> Sharpness | None:
    """Return the best ratio at an instance on which all hypotheses hold.

    Where they do at the witness, another instance is worth deciding them if it comes nearer to
    equality.
    """
    known = next(_points(bound, bound.at_witness), None) if bound.witness else None
    for ratio, values in islice(_points(bound, bound.target), TRIES):
        if known is not None and not (1 - ratio) < WORTH * (1 - known[0]):
            break
        # The search saw the hypotheses in floating point, and not the quantified ones.
        if not bound.hunt.hypotheses.out_of_reach(values) and bound.hunt.hypotheses_hold(values):
            return _found(bound, ratio, values)
    return None if known is None or not bound.witnessed() else _found(bound, *known)


def _points(bound: Bound, target: Target) -> Iterator[tuple[arb, Mapping[Symbol, Any]]]:
    """Yield the instances that a climb finds, the one of the largest ratio first."""
    admissible = _admissible(bound, target)
    measured = [(r, v) for v in admissible if (r := bound.ratio(v)) is not None]
    measured.sort(key=lambda entry: float(entry[0].lower()), reverse=True)  # decides nothing
    yield from measured


def _admissible(bound: Bound, target: Target) -> Iterator[dict[Symbol, Any]]:
    """Yield an instance of growing exactness: the one of the largest ratio that a climb finds."""
    hunt = bound.hunt
    below, above = (substitute(side, hunt.solved) for side in (bound.smaller, bound.larger))
    points, _ = hunt.climb(target, _ratios(below, above, target.box.symbols))
    inside = points[hunt.region.feasible(target)(points) <= 0]
    for point in inside[:MOST]:
        found = False
        for values in hunt.exact_points(target, point[None]):
            found = True
            yield values
        if found or not hunt.budget.left:
            return


def _found(bound: Bound, ratio: arb, values: Mapping[Symbol, Any]) -> Sharpness:
    if decide_at_point(Eq(bound.smaller, bound.larger, evaluate=False), values) is True:
        return Sharpness("equality", ("1", "1"), True, _text(values))
    return Sharpness("best_found", enclosure_text(ratio, DIGITS), False, _text(values))


def _ratios(smaller: Expr, larger: Expr, symbols: tuple[Symbol, ...]) -> Score:
    """Return how near the smaller side comes to the larger, in floating point: see ``_ratio``."""
    below, above = compiled(smaller, symbols), compiled(larger, symbols)

    def score(points: np.ndarray) -> np.ndarray:
        low, high = below(points), above(points)
        with np.errstate(all="ignore"):
            found = np.where(high > 0, low / high, np.where(high < 0, high / low, -np.inf))
        return np.where(np.isfinite(found), found, -np.inf)

    return score


def _ratio(smaller: Expr, larger: Expr, point: Mapping[Symbol, Any]) -> arb:
    at = {symbol: evaluate(value, {}, PRECISION) for symbol, value in point.items()}
    below, above = evaluate(smaller, at, PRECISION), evaluate(larger, at, PRECISION)
    with ctx.workprec(PRECISION):
        return above / below if above < 0 else below / above


def _text(values: Mapping[Symbol, Any]) -> dict[str, str]:
    return {str(s): str(v) for s, v in values.items()}
