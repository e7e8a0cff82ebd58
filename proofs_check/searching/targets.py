"""What a search for a counterexample aims at: a conclusion in a model, and where it is claimed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sympy import Abs, And, Rational, Symbol
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from proofs_check.searching.search import Box
from theory.formulas import conjuncts, free_symbols, functions_in, renamed_apart
from theory.probability import Expect, Prob
from theory.statement import Model
from theory.terms import ConvergesTo, Deriv, IsInteger, Predicate

# Both sides of a relation carry rounding errors of a few hundred ulps (2e-16 each) in double
# precision; a relative gap below this cannot be told from them and is not worth certifying.
NOISE = 1e-11


@dataclass(frozen=True)
class Target:
    """A conclusion read in a model: where it is claimed, what is claimed, over which box.

    ``far`` is the time that stands for infinity, where a limit is claimed.
    """

    conclusion: str
    given: Boolean
    body: Boolean
    box: Box
    far: Symbol | None = None


@dataclass(frozen=True)
class Candidate:
    """An exact point at which a conclusion fails for certain; hypotheses not yet checked."""

    target: Target
    point: Mapping[Symbol, Any]
    relation: Relational


def within(ends: tuple[Any, Any], scale: int) -> tuple[Any, Any]:
    """Return the part of a box within 10^±scale; a bound on the wrong side of it is kept."""
    large, small = Rational(10) ** scale, Rational(10) ** -scale
    low, high = ends
    low = max(low, small if low > 0 else -large) if low < large else low
    return low, max(min(high, large), low)


def integral(given: Boolean, variables: Sequence[Symbol]) -> tuple[Boolean, frozenset[Symbol]]:
    """Return a domain without its claims that variables are integers, and those variables."""
    claims = [p for p in conjuncts(given) if isinstance(p, IsInteger) and p.args[0] in variables]
    rest = And(*(part for part in conjuncts(given) if part not in claims))
    return rest, frozenset(part.args[0] for part in claims)


def covers(point: Mapping[Symbol, Any], box: Box, model: Model) -> bool:
    """Whether a point has a value for every symbol of a box, and integers where it wants them."""
    known = {*box.symbols, *model.parameters} <= set(point)
    return known and all(point[s].is_integer for s in box.integers)


def opaque(formula: Boolean) -> bool:
    """Whether a formula speaks of what a number cannot settle: functions, predicates, chance."""
    return unsettled(formula) or bool(functions_in(formula)) or _endless(formula)


def _endless(formula: Boolean) -> bool:
    """Whether a formula has a sum or an integral in it whose ends are no numbers."""
    ends = (end for series in formula.atoms(ExprWithLimits) for limit in series.limits
            for end in limit[1:])  # fmt: skip
    return any(not end.is_number for end in ends)


def unsettled(formula: Boolean) -> bool:
    """Whether a formula has in it what is no relation between numbers: predicates, derivatives."""
    return bool(formula.has(Predicate, Deriv, Prob, Expect))


def far_away(
    claim: ConvergesTo, given: Boolean, taken: Mapping[Symbol, Any]
) -> tuple[Symbol, Boolean, Boolean]:
    """Read convergence, for the search only, as being near the limit after a long time."""
    curve, limit = claim.args
    names = {*taken, *free_symbols(claim), *free_symbols(given)}
    (far,) = renamed_apart([Symbol("time")], names).values()
    near = Abs(curve(far) - limit, evaluate=False) <= Rational(1, 10**6)
    return far, And(given, far >= 1000), near


def simplest(points: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Return the points that fail clearly, those with numbers of ordinary size first."""
    if not len(scores) or scores[0] <= NOISE:
        return points[:0]
    clear = points[scores > scores[0] / 4]
    sizes = np.abs(np.log10(np.where(clear == 0, 1.0, np.abs(clear)))).sum(axis=1)
    ordered: np.ndarray = clear[np.argsort(sizes, kind="stable")]
    return ordered
