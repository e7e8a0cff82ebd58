"""A monotone bound inverted: the one value of a symbol at which the bound is a given number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import ctx

from numerics.bound_conditions import standing
from numerics.bounds import Evaluation, MissingValue, narrow
from numerics.enclosures import Enclosure
from numerics.inputs.values import (
    InputError,
    Inputs,
    exact_value,
    input_named,
    ranges_of,
    read_inputs,
)
from numerics.rigorous import ranges
from numerics.rigorous.monotone import Branch, Curve, NotInvertible, branch_of, cell_between, newton
from numerics.rigorous.rational_terms import PRECISIONS, RationalTerms
from theory.losses import Loss
from theory.statement import Statement
from theory.terms import IsInteger
from theory.typesetting.notation import readable

_GRID = 40  # powers of two on either side of 1
_BITS = 128
_SHOWN = 6
_ORDERED = (sp.Ge, sp.Gt, sp.Le, sp.Lt)


@dataclass(frozen=True)
class Solution:
    """Where a bound takes a value.

    Parameters
    ----------
    root : Enclosure
        The symbol's value.
    bracket : (Fraction, Fraction)
        Between these the bound is proved to be monotone, and the root the only one.
    increasing : bool
        Whether the bound increases there.
    """

    root: Enclosure
    bracket: tuple[Fraction, Fraction]
    increasing: bool


def solve_bound(
    statement: Statement,
    name: str,
    symbol: Any,
    target: Any,
    values: Mapping[Any, Any],
    digits: int = 30,
    loss: Loss | None = None,
    between: tuple[Any, Any] | None = None,
) -> Solution:
    """Return the value of a symbol at which a bound is equal to a number.

    Parameters
    ----------
    statement, name, values, digits, loss
        As for ``evaluate_bound``; ``values`` does not hold the symbol.
    symbol : str or Symbol
        What to solve for.
    target : int, Fraction or str
        The value of the bound.
    between : pair, optional
        Where to look; by default in the symbol's range.

    Raises
    ------
    NotInvertible
        If the bound is not proved to be monotone, does not take the value, or does not hold there.
    InputError, MissingValue
        As for ``evaluate_bound``.
    """
    unknown = input_named(statement, symbol, loss)
    if unknown in {input_named(statement, s, loss) for s in values}:
        raise InputError(f"{unknown} is to be solved for; give it no value")
    inputs = replace(read_inputs(statement, values, loss), open=(unknown,))
    label, evaluation = f"{statement.id}.{name}", Evaluation(statement, inputs)
    missing = evaluation.missing(name)
    if missing:
        raise MissingValue(f"{label} needs {', '.join(map(str, missing))} too")
    term = inputs.unfold(evaluation.bound(name).value)
    if unknown not in term.free_symbols:
        raise NotInvertible(f"{label} does not depend on {unknown}")
    curve = Curve.of(label, term, unknown, exact_value(target, "value"), inputs.values)
    points = _grid(*_limits(inputs, unknown, between))
    solution = _root(curve, branch_of(curve, points), digits)
    _check_range(solution, inputs, unknown)
    refused = standing(inputs, evaluation.bound(name), ranges.enclose(solution.root.ball)).refused
    if refused:
        raise NotInvertible(f"{unknown} = {solution.root}, and there {label} {refused}")
    return solution


def _check_range(solution: Solution, inputs: Inputs, unknown: sp.Symbol) -> None:
    """Refuse a root that is not certainly in the range of its symbol."""
    at = ranges.enclose(solution.root.ball)
    for relation in ranges_of(inputs):
        unfolded = inputs.unfold(relation)
        if inputs.unfold.missing(unfolded) or unknown not in unfolded.free_symbols:
            continue
        if isinstance(relation, IsInteger):
            continue  # the caller rounds
        if RationalTerms(inputs.values).program(unfolded, (unknown,)).at(_BITS, at) is not True:
            raise NotInvertible(
                f"{unknown} = {solution.root} would be out of range: {readable(relation)}"
            )


# --- where to look --------------------------------------------------------------------------


def _limits(
    inputs: Inputs, unknown: sp.Symbol, between: tuple[Any, Any] | None
) -> tuple[Fraction | None, Fraction | None]:
    """Return the ends of the unknown's range, as far as they are numbers."""
    lows, highs = [], []
    if between is not None:
        low, high = (exact_value(end, str(unknown)) for end in between)
        lows, highs = [low], [high]
    terms = RationalTerms(inputs.values)
    for relation in ranges_of(inputs):
        if isinstance(relation, _ORDERED) and unknown in (relation.lts, relation.gts):
            other = terms.exact(
                inputs.unfold(relation.gts if relation.lts == unknown else relation.lts)
            )
            if other is not None:
                (highs if relation.lts == unknown else lows).append(other)
    return max(lows, default=None), min(highs, default=None)


def _grid(low: Fraction | None, high: Fraction | None) -> list[Fraction]:
    """Return points that reach from one end to the other, closest near the ends and near 0."""
    powers = [Fraction(2) ** k for k in range(-_GRID, _GRID + 1)]
    if low is not None and high is not None:
        shares = [p for p in powers if 2 * p <= 1]
        inside = [low + (high - low) * p for p in shares]
        return sorted({*inside, *(high - (high - low) * p for p in shares), low, high})
    if low is not None:
        return [low, *(low + p for p in powers)]
    if high is not None:
        return [*(high - p for p in reversed(powers)), high]
    return [*(-p for p in reversed(powers)), Fraction(0), *powers]


def _root(curve: Curve, branch: Branch, digits: int) -> Solution:
    low, high = branch.cell
    for precision in (p for p in PRECISIONS if p > 3 * digits):
        with ctx.workprec(precision):
            cell = newton(curve, cell_between(low, high, precision), branch.direction, precision)
            found = narrow(cell, digits)
        if found is not None:
            return Solution(found, _bracket(branch, found), branch.direction > 0)
    raise NotInvertible(f"{curve.label}: the root could not be enclosed to {digits} digits")


def _bracket(branch: Branch, root: Enclosure) -> tuple[Fraction, Fraction]:
    """Return the ends of a branch, drawn in to few digits where the root stays between them."""
    low = Enclosure.between(branch.low, branch.low, _SHOWN).upper
    high = Enclosure.between(branch.high, branch.high, _SHOWN).lower
    return (
        low if low < root.lower else branch.low,
        high if root.upper < high else branch.high,
    )
