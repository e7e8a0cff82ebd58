"""How sharp a bound is: computed on a statement's own models, never declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice, pairwise
from typing import Any

import numpy as np
from flint import arb, ctx
from sympy import Eq, Expr, Integer, Ne, Symbol
from sympy.core.relational import Ge, Gt, Le, Lt

from numerics.balls import decide_at_point, enclosure_text, evaluate
from proofs_check.engines import settle
from proofs_check.falsify import asserts_existence, models_of
from proofs_check.hunting import Hunt
from proofs_check.hunting_targets import Target
from proofs_check.premises import GIVEN
from proofs_check.reports import Sharpness
from proofs_check.search import Score, compiled
from proofs_check.verdict import Goal
from theory.formulas import substitute
from theory.statement import Model, Statement

IDENTITY_SECONDS = 4.0
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
    return best_of(statement, conclusion, models, seed)


def best_of(
    statement: Statement,
    conclusion: str,
    models: Iterable[Model],
    seed: int = 0,
    seconds: float = HASTE,
) -> Sharpness | None:
    """Return what ``sharpness`` returns, over chosen models; they need no witness here.

    ``seconds`` is what an engine may take to decide one hypothesis.
    """
    if asserts_existence(statement, conclusion):
        models = [model for model in models if model.witness]
    found: list[Sharpness] = []
    for model in models:
        for measured in _on_model(statement, model, conclusion, seed, seconds):
            found.append(measured)
            if measured.attained:
                return measured
    return max(found, key=lambda s: float(s.ratio[0]), default=None)


def _on_model(
    statement: Statement, model: Model, conclusion: str, seed: int, seconds: float
) -> Iterator[Sharpness]:
    hunt = Hunt(statement, model, seed)
    for target in hunt.targets(conclusion):
        if target.far is not None or not isinstance(target.body, (Le, Lt, Ge, Gt)):
            continue
        smaller, larger = target.body.lts, target.body.gts
        if smaller.is_zero or larger.is_zero:
            continue  # a sign, not a bound: there is no ratio
        measured = (
            _equality(target, smaller, larger, model)
            or _limit(target, smaller, larger, model)
            or _best(hunt, target, smaller, larger, seconds)
        )
        if measured is not None:
            yield measured


def _equality(target: Target, smaller: Expr, larger: Expr, model: Model) -> Sharpness | None:
    if not model.witness or _differ(target, smaller, larger, model):
        return None
    at_witness = {s: substitute(e, model.witness) for s, e in (("l", smaller), ("r", larger))}
    goal = Goal(
        Eq(at_witness["l"], at_witness["r"], evaluate=False),
        {GIVEN: substitute(target.given, model.witness)},
    )
    if not any(settle(kind, goal, IDENTITY_SECONDS).proved for kind in ("algebra", "polynomial")):
        return None
    return Sharpness("equality", ("1", "1"), True, _text(model.witness))


def _differ(target: Target, smaller: Expr, larger: Expr, model: Model) -> bool:
    """Whether the sides certainly differ at one point: then no identity need be looked for."""
    rest = {s: Integer(1) for s in target.box.symbols if s not in model.witness}
    point = {**model.witness, **rest}
    inside = decide_at_point(target.given, point) is True
    return inside and decide_at_point(Ne(smaller, larger), point) is True


def _limit(target: Target, smaller: Expr, larger: Expr, model: Model) -> Sharpness | None:
    if model.limit is None:
        return None
    symbol, members = model.limit
    if set(target.box.symbols) != {*model.witness, symbol}:
        return None
    ratios = []
    for member in members:
        point = {**model.witness, symbol: member}
        if decide_at_point(target.given, point) is not True:
            return None
        ratios.append(_ratio(smaller, larger, point))
    gaps = [1 - ratio for ratio in ratios]
    approaching = all(later < earlier for earlier, later in pairwise(gaps))
    if not approaching or not abs(gaps[-1]) < NEAR:
        return None
    instance = {**_text(model.witness), str(symbol): f"{members[0]} … {members[-1]}"}
    return Sharpness("limit", enclosure_text(ratios[-1], DIGITS), True, instance)


def _best(
    hunt: Hunt, target: Target, smaller: Expr, larger: Expr, seconds: float
) -> Sharpness | None:
    """Return the best ratio at an instance on which all hypotheses hold.

    At the witness they do. Another instance is worth deciding them if it comes nearer to equality.
    """
    witness = hunt.model.witness
    fixed = {s: (v, v) for s, v in witness.items()}
    at_witness = replace(target, box=replace(target.box, ranges={**target.box.ranges, **fixed}))
    known = next(_points(hunt, at_witness, smaller, larger), None) if witness else None
    for ratio, values in islice(_points(hunt, target, smaller, larger), TRIES):
        if known is not None and not (1 - ratio) < WORTH * (1 - known[0]):
            break
        # The search saw the hypotheses in floating point, and not the quantified ones.
        if hunt.hypotheses_hold(values, seconds):
            return _measured(smaller, larger, ratio, values)
    return None if known is None else _measured(smaller, larger, *known)


def _points(
    hunt: Hunt, target: Target, smaller: Expr, larger: Expr
) -> Iterator[tuple[arb, Mapping[Symbol, Any]]]:
    """Yield the instances that a climb finds, the one of the largest ratio first."""
    below, above = (substitute(side, hunt.solved) for side in (smaller, larger))
    points, _ = hunt.climb(target, _ratios(below, above, target.box.symbols))
    exact = (list(hunt.exact_points(target, point[None])) for point in points[:MOST])
    admissible = next((found for found in exact if found), [])
    measured = [(_ratio(smaller, larger, values), values) for values in admissible]
    known = [(r, v) for r, v in measured if r.is_finite() and r.rel_accuracy_bits() > KNOWN_BITS]
    known.sort(key=lambda entry: float(entry[0].lower()), reverse=True)  # orders, decides nothing
    yield from known


def _measured(smaller: Expr, larger: Expr, ratio: arb, values: Mapping[Symbol, Any]) -> Sharpness:
    if decide_at_point(Eq(smaller, larger, evaluate=False), values) is True:
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
    """Return smaller over larger, or larger over smaller where both are negative.

    Not finite where the larger side may be zero.
    """
    below = evaluate(substitute(smaller, point), {}, PRECISION)
    above = evaluate(substitute(larger, point), {}, PRECISION)
    with ctx.workprec(PRECISION):
        return above / below if above < 0 else below / above


def _text(values: Mapping[Symbol, Any]) -> dict[str, str]:
    return {str(s): str(v) for s, v in values.items()}
