"""Refutation: an exact rational point that satisfies every premise and breaks the claim."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sympy as sp

from numerics.rigorous.balls import BallError, decide_at_point
from proofs_check.engines.algebra_rules import eliminate, replace
from proofs_check.verdict import Goal, Outcome, Verdict
from theory.formulas import conjuncts

_TRIES = 400


def refute(goal: Goal, deadline: float) -> Outcome | None:
    """Search a rational point at which all premises hold and the claim certainly fails.

    Symbols that premise equations define take their exact values from the others.

    Returns
    -------
    Outcome or None
        REFUTED with the point; None when none is found, or when a term has no enclosure.
    """
    solved = eliminate(_first_relation(goal.claim), goal.premises).solved
    claim = _solved(goal.claim, solved)
    premises = [_solved(p, solved) for p in goal.premises.values()]
    if not all(isinstance(atom, sp.Symbol) for atom, _ in solved):
        return None
    symbols = sorted(set().union(*(f.free_symbols for f in (claim, *premises))), key=str)
    try:
        point = _search(claim, premises, symbols, deadline)
    except BallError:
        return None
    if point is None:
        return None
    witness = {str(s): str(v) for s, v in point.items()}
    witness |= {str(a): str(v.xreplace(point)) for a, v in solved}
    where = ", ".join(f"{s} = {v}" for s, v in witness.items()) or "every point"
    return Outcome(
        Verdict.REFUTED, f"all premises hold and the claim fails at {where}", witness=witness
    )


def _first_relation(claim: Any) -> Any:
    return conjuncts(claim)[0]


def _solved(formula: Any, solved: Sequence[tuple[Any, Any]]) -> Any:
    for atom, value in solved:
        formula = replace(formula, atom, value)
    return formula


def _search(
    claim: Any, premises: Sequence[Any], symbols: Sequence[Any], deadline: float
) -> dict[Any, sp.Rational] | None:
    for values in _samples(len(symbols)):
        if time.process_time() > deadline:
            return None
        point = dict(zip(symbols, values, strict=True))
        if violates(claim, premises, point):
            return point
    return None


def violates(claim: Any, premises: Sequence[Any], point: Mapping[Any, sp.Rational]) -> bool:
    """Whether at the point every premise certainly holds and the claim certainly fails."""
    for premise in premises:
        if decide_at_point(premise, point, max_precision=256) is not True:
            return False
    return decide_at_point(claim, point, max_precision=512) is False


def _samples(dimension: int) -> Iterator[list[sp.Rational]]:
    source = random.Random(20230311)
    if dimension == 0:
        yield []
        return
    for index in range(_TRIES):
        span = (1, 4, 20)[index % 3]
        low = 0 if index % 2 else -span
        yield [sp.Rational(source.randint(16 * low, 16 * span), 16) for _ in range(dimension)]
