"""Inequalities that share a term, written as one chain: 0 ≤ τ ≤ t."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from sympy import Ge, Gt, Le, Lt, Number
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean


@dataclass
class _Chain:
    """An inequality, or several that share terms, from the smallest term to the largest."""

    terms: list[Any]
    stated: Relational | None = None


def conjunction(formulas: Sequence[Boolean]) -> list[list[Any]]:
    """Join a ≤ b and b < c to a ≤ b < c.

    Returns
    -------
    list of list
        Each a chain ``[term, sign, term, ...]``, or a list with one formula left as it stands.
    """
    found = [_ascending(formula) for formula in formulas]
    while _join_once(found):
        pass
    return [_shown(part) for part in found]


def _ascending(formula: Boolean) -> Any:
    if isinstance(formula, (Ge, Gt, Le, Lt)):
        sign = "≤" if isinstance(formula, (Ge, Le)) else "<"
        return _Chain([formula.lts, sign, formula.gts], formula)
    return formula


def _join_once(found: list[Any]) -> bool:
    pieces = [part for part in found if isinstance(part, _Chain)]
    for left, right in permutations(pieces, 2):
        if left.terms[-1] == right.terms[0] and not isinstance(right.terms[0], Number):
            found[found.index(left)] = _Chain([*left.terms, *right.terms[1:]])
            found.remove(right)
            return True
    return False


def _shown(part: Any) -> list[Any]:
    if isinstance(part, _Chain):
        return part.terms if part.stated is None else [part.stated]
    return [part]
