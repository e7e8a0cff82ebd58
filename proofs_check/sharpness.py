"""How sharp a bound is: computed on the statement's own models, never declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from flint import arb, ctx
from sympy import Eq, Expr, Integer, Ne, Symbol
from sympy.core.relational import Ge, Gt, Le, Lt

from numerics.balls import decide_at_point, enclosure_text, evaluate
from proofs_check.engines import settle
from proofs_check.falsify import FAR, Hunt, Target, models_of
from proofs_check.premises import GIVEN
from proofs_check.reports import Sharpness
from proofs_check.search import compiled
from proofs_check.verdict import Goal, Verdict
from theory.formulas import substitute
from theory.statement import Model, Statement

IDENTITY_SECONDS = 4.0
DIGITS = 12
KNOWN_BITS = 40  # a ratio that cancellation leaves less exact than this is not reported
PRECISION = 512
# A family is said to approach equality when its ratio comes within this of 1, and each member is
# nearer than the one before; the members and the gap are part of the report.
NEAR = arb("1e-6")


def sharpness(statement: Statement, conclusion: str, seed: int = 0) -> Sharpness | None:
    """Return how much of a conclusion's bound is reached, or None where it is no inequality.

    ``equality`` if both sides are one expression on a model; ``limit`` if the ratio tends to 1
    along the model's family; ``best_found`` otherwise.
    """
    found: list[Sharpness] = []
    for model in models_of(statement):
        if not model.witness:
            continue
        for measured in _on_model(statement, model, conclusion, seed):
            found.append(measured)
            if measured.attained:
                return measured
    return max(found, key=lambda s: float(s.ratio[0]), default=None)


def _on_model(
    statement: Statement, model: Model, conclusion: str, seed: int
) -> Iterator[Sharpness]:
    hunt = Hunt(statement, model, seed)
    for target in hunt.targets(conclusion):
        if FAR in target.box.symbols or not isinstance(target.body, (Le, Lt, Ge, Gt)):
            continue
        smaller, larger = target.body.lts, target.body.gts
        if smaller.is_zero or larger.is_zero:
            continue  # a sign, not a bound: there is no ratio
        measured = (
            _equality(target, smaller, larger, model)
            or _limit(target, smaller, larger, model)
            or _best(hunt, target, smaller, larger)
        )
        if measured is not None:
            yield measured


def _equality(target: Target, smaller: Expr, larger: Expr, model: Model) -> Sharpness | None:
    if _differ(target, smaller, larger, model):
        return None
    at_witness = {s: substitute(e, model.witness) for s, e in (("l", smaller), ("r", larger))}
    goal = Goal(
        Eq(at_witness["l"], at_witness["r"], evaluate=False),
        {GIVEN: substitute(target.given, model.witness)},
    )
    outcome = settle("algebra", goal, IDENTITY_SECONDS)
    if outcome.verdict is not Verdict.PROVED:
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


def _best(hunt: Hunt, target: Target, smaller: Expr, larger: Expr) -> Sharpness | None:
    points, _ = hunt.climb(target, compiled(smaller / larger, target.box.symbols))
    best, instance = arb("-inf"), dict[str, str]()
    for values in hunt.exact_points(target, points[:1]):
        ratio = _ratio(smaller, larger, values)
        if ratio.rel_accuracy_bits() > KNOWN_BITS and ratio.lower() > best.lower():
            best, instance = ratio, _text(values)
    if not best.is_finite():
        return None
    return Sharpness("best_found", enclosure_text(best, DIGITS), False, instance)


def _ratio(smaller: Expr, larger: Expr, point: Mapping[Symbol, Any]) -> arb:
    """Return smaller over larger; not finite where the larger side may be zero."""
    above = evaluate(substitute(smaller, point), {}, PRECISION)
    below = evaluate(substitute(larger, point), {}, PRECISION)
    with ctx.workprec(PRECISION):
        return above / below


def _text(values: Mapping[Symbol, Any]) -> dict[str, str]:
    return {str(s): str(v) for s, v in values.items()}
