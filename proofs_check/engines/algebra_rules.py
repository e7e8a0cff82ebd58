"""Elimination: premise equations ``atom = expression`` replace the atom everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from theory.formulas import conjuncts, rebuild
from theory.terms import (
    Adjoint,
    Apply,
    Deriv,
    Inner,
    Norm,
    OperatorNorm,
    SigmaMin,
)

_OPAQUE = (sp.Symbol, AppliedUndef, Norm, Inner, Apply, Adjoint, OperatorNorm, SigmaMin, Deriv)


@dataclass
class Elimination:
    """A claim after all solvable premise equations were used.

    Parameters
    ----------
    claim : Eq
        The claim, rewritten.
    used : frozenset of str
        Premises whose equation changed the claim.
    visited : list
        Every form the claim took, and every replacement: what owes a domain.
    solved : list of (atom, expression)
        The replacements in order; later ones apply to earlier expressions.
    behind : dict
        For each replaced atom, the premises its replacement came from.
    unsolved : list
        Equations that define no single atom, rewritten, with the premises behind each.
    """

    claim: Any
    used: frozenset[str] = frozenset()
    visited: list[Any] = field(default_factory=list)
    solved: list[tuple[Any, Any]] = field(default_factory=list)
    behind: dict[Any, frozenset[str]] = field(default_factory=dict)
    unsolved: list[tuple[Any, frozenset[str]]] = field(default_factory=list)


@dataclass(frozen=True)
class _Equation:
    """A premise equation, and the premises that shaped it."""

    relation: Any
    shaped_by: frozenset[str]


def eliminate(claim: Any, premises: Mapping[str, Boolean]) -> Elimination:
    """Solve premise equations one by one and put the solutions into the claim."""
    waiting = [_Equation(part, frozenset({n})) for n, part in _equations(premises)]
    result = Elimination(claim, visited=list(claim.args))
    while waiting:
        choice = _next_rule(waiting)
        if choice is None:
            break
        index, atom, value = choice
        equation = waiting.pop(index)
        waiting = [_rewritten(other, atom, value, equation) for other in waiting]
        _apply(result, atom, value, equation)
    for equation in waiting:
        if equation.relation.lhs != equation.relation.rhs:
            result.unsolved.append((equation.relation, equation.shaped_by))
    return result


def _equations(premises: Mapping[str, Boolean]) -> Iterator[tuple[str, Any]]:
    for name, premise in premises.items():
        for part in conjuncts(premise):
            if isinstance(part, sp.Eq):
                yield name, part


def _next_rule(waiting: list[_Equation]) -> tuple[int, Any, Any] | None:
    """Choose an equation and its side to replace: symbols first, as applications contain them."""
    for kind in (sp.Symbol, _OPAQUE):
        for sides in ((0, 1), (1, 0)):
            for index, equation in enumerate(waiting):
                atom, value = (equation.relation.args[side] for side in sides)
                if isinstance(atom, kind) and not contains(value, atom):
                    return index, atom, value
    return None


def _rewritten(other: _Equation, atom: Any, value: Any, rule: _Equation) -> _Equation:
    changed = replace(other.relation, atom, value)
    if changed == other.relation:
        return other
    return _Equation(changed, other.shaped_by | rule.shaped_by)


def _apply(result: Elimination, atom: Any, value: Any, rule: _Equation) -> None:
    changed = replace(result.claim, atom, value)
    result.solved = [(a, replace(v, atom, value)) for a, v in result.solved]
    result.solved.append((atom, value))
    result.behind[atom] = rule.shaped_by
    if changed != result.claim:
        result.claim = changed
        result.used |= rule.shaped_by
        result.visited += [*changed.args, value]


def contains(term: Any, part: Any) -> bool:
    """Whether a term occurs in another, bodies of functions included."""
    return term == part or any(contains(arg, part) for arg in term.args)


def replace(term: Any, old: Any, new: Any) -> Any:
    """Replace a term, but not below a binder that captures part of either side."""
    if term == old:
        return new
    if not term.args:
        return term
    if isinstance(term, (sp.Lambda, sp.Integral)) and _bound(term) & (_free(old) | _free(new)):
        return term
    return rebuild(term, [replace(arg, old, new) for arg in term.args])


def _bound(term: Any) -> set[Any]:
    variables = term.variables
    return set(variables)


def _free(term: Any) -> set[Any]:
    return set(term.free_symbols)
