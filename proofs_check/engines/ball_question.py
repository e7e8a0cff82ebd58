"""An inequality as a question about one function on a box, with definitions put in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from numerics.rigorous.programs import Program
from proofs_check.engines.algebra_rules import Elimination, eliminate, replace
from proofs_check.engines.ball_domain import Box, box_of
from proofs_check.verdict import Goal
from theory.formulas import conjuncts


@dataclass(frozen=True)
class Question:
    """Whether f > 0 (or ≥ 0, or ≠ 0) at the points of a box that satisfy some relations."""

    claim: Any
    owing: tuple[Any, ...]
    f: Any
    kind: Any
    box: Box
    region: tuple[Any, ...]
    premises: Mapping[str, Boolean]
    used: frozenset[str]
    behind: Mapping[str, frozenset[str]]
    deadline: float


def question_of(goal: Goal, deadline: float) -> Question:
    """Put definitions in, and read the box off the premises.

    Raises
    ------
    BallError
        If a term of the claim has no enclosure.
    EmptyDomain
        If the premises leave no point.
    """
    elimination = eliminate(goal.claim, goal.premises)
    premises = {n: _solved(p, elimination.solved) for n, p in goal.premises.items()}
    behind = {n: _equations_behind(p, elimination) for n, p in goal.premises.items()}
    premises = {n: p for n, p in premises.items() if _explicit(p)}
    claim, used = elimination.claim, elimination.used
    box = box_of(_symbols(claim, premises), premises)
    claim, premises, box, fixing = _fixed(claim, premises, box)
    own = tuple(sorted(claim.free_symbols, key=str))
    Program(claim, own)  # raises where a term has no enclosure
    box = box.restrict(set(own))
    region = tuple(part for p in premises.values() for part in conjuncts(p))
    f = claim.lhs - claim.rhs if isinstance(claim, sp.Ne) else claim.gts - claim.lts
    owing = (claim, *elimination.visited)
    return Question(
        claim, owing, f, claim.func, box, region, premises, used | fixing, behind, deadline
    )


def _symbols(claim: Any, premises: Mapping[str, Boolean]) -> tuple[Any, ...]:
    found = set(claim.free_symbols).union(*(p.free_symbols for p in premises.values()))
    return tuple(sorted(found, key=str))


def _solved(formula: Any, solved: list[tuple[Any, Any]]) -> Any:
    for atom, value in solved:
        formula = replace(formula, atom, value)
    return formula


def _equations_behind(premise: Any, elimination: Elimination) -> frozenset[str]:
    """Return the names of the equations that rewrite a premise."""
    names: frozenset[str] = frozenset()
    for atom, value in elimination.solved:
        changed = _solved(premise, [(atom, value)])
        if changed != premise:
            premise, names = changed, names | elimination.behind[atom]
    return names


def _explicit(premise: Boolean) -> bool:
    return not premise.atoms(AppliedUndef)


def _fixed(
    claim: Any, premises: dict[str, Any], box: Box
) -> tuple[Any, dict[str, Any], Box, frozenset[str]]:
    """Put in the value of every symbol whose interval is a single point."""
    fixed: list[tuple[Any, Any]] = []
    names: frozenset[str] = frozenset()
    for s, low, high in zip(box.symbols, box.lower, box.upper, strict=True):
        if low.value == high.value:
            fixed.append((s, low.value))
            names |= low.names | high.names
    rest = box.restrict(set(box.symbols) - {s for s, _ in fixed})
    rewritten = {n: _solved(p, fixed) for n, p in premises.items()}
    return _solved(claim, fixed), rewritten, rest, names
