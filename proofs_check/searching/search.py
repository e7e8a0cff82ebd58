"""Finding a point: floating point proposes, exact arithmetic disposes.

A search maximises a score over a box of parameters and bound variables. Nothing it returns is a
verdict; candidates are rounded to short rationals, which ball arithmetic then judges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from scipy.special import erf, erfc, gamma, gammaln
from sympy import (
    Abs,
    And,
    Expr,
    Integer,
    Max,
    Min,
    Not,
    Or,
    Piecewise,
    Rational,
    Symbol,
    lambdify,
    true,
)
from sympy.core.relational import Ge, Gt, Le, Lt, Ne, Relational
from sympy.logic.boolalg import Boolean, BooleanFalse, BooleanTrue, Implies

FLOAT_MODULES: list[Any] = [
    {"erf": erf, "erfc": erfc, "gamma": gamma, "loggamma": gammaln},
    "numpy",
]
SAMPLES = 4000
ROUNDS = 40
ENOUGH = 40
# What makes equality of the two sides violate a strict relation, and is lost in any other sum.
STRICT = Rational(1, 10**290)


@dataclass(frozen=True)
class Box:
    """Where to search: the lowest and the highest value of each symbol, and which are integers."""

    ranges: dict[Symbol, tuple[Any, Any]]
    integers: frozenset[Symbol] = frozenset()

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The symbols, in order."""
        return tuple(self.ranges)

    def exact(self, values: Mapping[Symbol, Any]) -> dict[Symbol, Any]:
        """Return exact values with those of integers rounded."""
        return {s: Integer(round(v)) if s in self.integers else v for s, v in values.items()}

    def sample(self, rng: np.random.Generator, count: int) -> np.ndarray:
        """Return ``count`` points, one a row: half spread over the box, half near its corners."""
        columns = [_spread(rng, float(lo), float(hi), count) for lo, hi in self.ranges.values()]
        return self.clip(np.stack(columns, axis=1)) if columns else np.zeros((1, 0))

    def plain(self, rng: np.random.Generator, count: int) -> np.ndarray:
        """Return points with boundary values, small integers and equal coordinates among them."""
        points = self.sample(rng, count)
        if not self.ranges:
            return points
        for column, (low, high) in enumerate(self.ranges.values()):
            ends = (float(low), float(high))
            special = np.array([*ends, 0.0, 1.0, -1.0, 2.0, 0.5, *_near_ends(rng, *ends)])
            chosen = rng.random(count) < 0.4
            points[chosen, column] = rng.choice(special, int(chosen.sum()))
        equal = rng.random(points.shape) < 0.1
        others = points[np.arange(count)[:, None], rng.integers(points.shape[1], size=points.shape)]
        return self.clip(np.where(equal, others, points))

    def near(self, rng: np.random.Generator, count: int, known: Mapping[Symbol, Any]) -> np.ndarray:
        """Return points that differ from a known one in few coordinates; the others vary freely."""
        points = self.sample(rng, count)
        for column, symbol in enumerate(self.ranges):
            if symbol in known:
                kept = rng.random(count) < 0.75
                points[kept, column] = float(known[symbol])
            plain = rng.random(count) < 0.05
            points[plain, column] = rng.choice([0.0, 1.0, -1.0, 2.0], int(plain.sum()))
        return self.clip(points)

    def clip(self, points: np.ndarray) -> np.ndarray:
        """Return the points, moved into the box."""
        clipped: np.ndarray = np.clip(points, *self._ends)
        return clipped

    @cached_property
    def _ends(self) -> tuple[np.ndarray, np.ndarray]:
        low = np.array([float(lo) for lo, _ in self.ranges.values()])
        return low, np.array([float(hi) for _, hi in self.ranges.values()])


def _spread(rng: np.random.Generator, low: float, high: float, count: int) -> np.ndarray:
    if low > 0:
        drawn: np.ndarray = np.exp(rng.uniform(np.log(low), np.log(high), count))
        return drawn
    width = max(abs(low), abs(high))
    decades = 6.0 if width <= 1e5 else 2 * np.log10(width)
    if low == 0 and high > 0:
        sizes = high * 10.0 ** rng.uniform(-decades, 0, count)
        return np.where(rng.random(count) < 0.05, 0.0, sizes)
    signs = rng.choice([-1.0, 1.0], count)
    near = signs * width * 10.0 ** rng.uniform(-decades, 0, count)
    return np.clip(
        np.where(rng.random(count) < 0.5, near, rng.uniform(low, high, count)), low, high
    )


def _near_ends(rng: np.random.Generator, low: float, high: float) -> list[float]:
    """Return a few points just inside an interval."""
    steps = (high - low) * 10.0 ** rng.uniform(-9, -1, 4)
    return [*(low + steps[:2]), *(high - steps[2:])]


Score = Callable[[np.ndarray], np.ndarray]


def violation(formula: Boolean, symbols: Sequence[Symbol]) -> Score:
    """Return a score that is positive exactly where the formula fails, scale-free."""
    return _violation(formula, tuple(symbols))


# A search looks at the same formulas in boxes of many sizes.
@lru_cache(maxsize=1024)
def _violation(formula: Boolean, symbols: tuple[Symbol, ...]) -> Score:
    if isinstance(formula, (And, Or)):
        return _combined(np.maximum if isinstance(formula, And) else np.minimum, formula, symbols)
    if isinstance(formula, Implies):
        return violation(Or(Not(formula.args[0]), formula.args[1]), symbols)
    if isinstance(formula, Not):
        inner = violation(formula.args[0], symbols)
        return lambda points: -inner(points)
    if isinstance(formula, (BooleanTrue, BooleanFalse)):
        return compiled(Integer(-1 if formula == true else 1), symbols)
    return _cleaned([_violated_by(formula, symbols)])


def _combined(choose: Any, formula: Boolean, symbols: tuple[Symbol, ...]) -> Score:
    """Return the largest or smallest of several violations, those of relations taken together."""
    plain = [arg for arg in formula.args if isinstance(arg, Relational)]
    scores = [violation(a, symbols) for a in formula.args if not isinstance(a, Relational)]
    if plain:
        scores.append(_cleaned([_violated_by(arg, symbols) for arg in plain], choose))
    return lambda points: choose.reduce([score(points) for score in scores])


@lru_cache(maxsize=1024)
def _violated_by(relation: Boolean, symbols: tuple[Symbol, ...]) -> Callable[..., Any]:
    return _in_floats(_gap(relation), symbols)


def _gap(relation: Boolean) -> Expr:
    if not isinstance(relation, Relational):
        raise ValueError(f"{relation} is not a relation between numbers")
    left, right = relation.lhs, relation.rhs
    # The absolute values as they stand: SymPy takes long to find out what signs terms have.
    size = Abs(left, evaluate=False) + Abs(right, evaluate=False) + Rational(1, 10**300)
    touching = STRICT if isinstance(relation, (Lt, Gt)) else Integer(0)
    if isinstance(relation, (Le, Lt)):
        return (left - right) / size + touching
    if isinstance(relation, (Ge, Gt)):
        return (right - left) / size + touching
    apart = Abs(left - right, evaluate=False) / size - Rational(1, 10**12)
    return -apart if isinstance(relation, Ne) else apart


def compiled(expression: Expr, symbols: Sequence[Symbol]) -> Score:
    """Return a vectorised floating-point evaluation; undefined values become −∞."""
    return _cleaned([_in_floats(expression, symbols)])


def _in_floats(expression: Expr, symbols: Sequence[Symbol]) -> Callable[..., Any]:
    smooth = expression.rewrite((Max, Min), Piecewise) if expression.has(Max, Min) else expression
    function: Callable[..., Any] = lambdify(list(symbols), smooth, modules=FLOAT_MODULES)
    return function


def _cleaned(functions: Sequence[Callable[..., Any]], choose: Any = np.maximum) -> Score:
    """Return the largest or smallest of several values, where undefined ones are −∞."""

    def score(points: np.ndarray) -> np.ndarray:
        columns = tuple(points.T)
        values = np.empty((len(functions), len(points)))
        with np.errstate(all="ignore"):
            for row, function in zip(values, functions, strict=True):
                row[:] = _real(function(*columns))
        values[~np.isfinite(values)] = -np.inf
        chosen: np.ndarray = choose.reduce(values)
        return chosen

    return score


def _real(values: Any) -> Any:
    """Return the values, and no number where they are not real."""
    if not np.iscomplexobj(values):
        return values
    return np.where(np.imag(values) == 0, np.real(values), np.nan)


def climb(
    score: Score,
    feasible: Score,
    box: Box,
    rng: np.random.Generator,
    start: np.ndarray,
    scores: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Maximise a score by shrinking random steps from the best feasible points found.

    ``scores`` are those of ``start``; see `scored`.
    """
    points, values = _best(start, scores, 40)
    step = 1.0
    for _ in range(ROUNDS):
        moves = points[rng.integers(len(points), size=400)]
        factors = np.exp(step * rng.normal(size=moves.shape))
        shifts = step * rng.normal(size=moves.shape) * (rng.random(moves.shape) < 0.1)
        moved = box.clip(np.where(rng.random(moves.shape) < 0.6, moves * factors, moves) + shifts)
        both = np.concatenate([values, scored(moved, score, feasible)])
        points, values = _best(np.concatenate([points, moved]), both, 40)
        step *= 0.85
    return points, score(points)


def repaired(feasible: Score, box: Box, rng: np.random.Generator, start: np.ndarray) -> np.ndarray:
    """Return the points, and where few of them are feasible, some that were moved to be so."""
    apart = feasible(start)
    if (apart <= 0).sum() >= ENOUGH:
        return start
    found, _ = climb(lambda points: -feasible(points), _anywhere, box, rng, start, -apart)
    return np.concatenate([start, found])


def _anywhere(points: np.ndarray) -> np.ndarray:
    return np.zeros(len(points))


def scored(points: np.ndarray, score: Score, feasible: Score) -> np.ndarray:
    """Return the scores, those of points that are not feasible −∞."""
    return np.where(feasible(points) <= 0, score(points), -np.inf)


def _best(points: np.ndarray, values: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(-values, kind="stable")[:count]
    return points[order], values[order]


def rounded(points: np.ndarray, lengths: Sequence[int]) -> Iterator[tuple[Rational, ...]]:
    """Yield the points as rationals of growing length, each once: short ones read best."""
    seen: set[tuple[Rational, ...]] = set()
    for digits in lengths:
        for point in points:
            exact = tuple(decimal(x, digits) for x in point)
            if exact not in seen:
                seen.add(exact)
                yield exact


def decimal(x: float, digits: int) -> Rational:
    """Return a float rounded to so many digits, as the exact rational that they write."""
    if x == 0:
        return Integer(0)
    return Rational(f"{x:.{digits - 1}e}")
