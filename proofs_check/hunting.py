"""The search for a counterexample in one model: points proposed in floating point, decided exactly.

A candidate satisfies every hypothesis (the engines prove it in the model at exact parameters) and
violates the conclusion in ball arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
from sympy import Abs, And, Expr, Implies, Rational, Symbol, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from numerics.balls import decide_at_point
from proofs_check.constraints import completed, sampled, solutions
from proofs_check.direct_models import DirectModel, box_of
from proofs_check.explicit_derivatives import differentiated
from proofs_check.failures import enclosure, failing, unless_too_large
from proofs_check.models import ENGINE_SECONDS, Interpretation, decide_concrete
from proofs_check.premises import open_claim
from proofs_check.sample_limits import beyond_the_sample
from proofs_check.search import SAMPLES, Box, Score, climb, repaired, rounded, violation
from proofs_check.verdict import Verdict
from theory.formulas import (
    ForAll,
    conjuncts,
    free_symbols,
    functions_in,
    renamed_apart,
    substitute,
)
from theory.probability import Expect, Prob
from theory.statement import Model, Statement
from theory.terms import ConvergesTo, Deriv, IsInteger, Predicate

# Both sides of a relation carry rounding errors of a few hundred ulps (2e-16 each) in double
# precision; a relative gap below this cannot be told from them and is not worth certifying.
NOISE = 1e-11
SCALES = (1, 3, 4)  # readable instances first
TRIES = 3
# Digits that parameters are rounded to in turn. Engines check a model's equations at a price that
# grows with the numbers; a direct search may need fine ones.
READABLE = (1, 2, 3)
EXACT = (1, 2, 3, 4, 6, 9, 12)
SPARE = 100


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


class Hunt:
    """The search for a counterexample to one statement in one model."""

    def __init__(
        self,
        statement: Statement,
        model: Model,
        seed: int = 0,
        scales: Sequence[int] | None = None,
    ) -> None:
        self.statement, self.model = statement, model
        self.reading = Interpretation(statement, model)
        self.direct = isinstance(model, DirectModel)
        # A declared model says where to look; numbers of all sizes are for direct search.
        self.scales = tuple(scales or (SCALES if self.direct else SCALES[:2]))
        self._rng = np.random.default_rng(seed)

    @cached_property
    def _assumed(self) -> list[Any]:
        formulas = [q.range for q in self.statement.quantities if q.range != true]
        formulas += [h.formula for h in self.statement.hypotheses]
        return [part for formula in formulas for part in self.reading.read(formula)]

    @cached_property
    def admissible(self) -> list[Boolean]:
        """What the parameters have to satisfy: ranges and closed hypotheses, in this model.

        In a direct model also what quantified hypotheses say at a few values.
        """
        closed = [p for p in self._assumed if not isinstance(p, ForAll)]
        if self.direct:
            quantified = [p for p in self._assumed if isinstance(p, ForAll)]
            closed += [part for formula in quantified for part in sampled(formula)]
        return [p for p in closed if not opaque(p)]

    @cached_property
    def solved(self) -> dict[Symbol, Expr]:
        """The parameters that equations among the hypotheses determine."""
        return solutions(self.admissible, list(self.model.parameters)) if self.direct else {}

    @property
    def _functions(self) -> bool:
        return any(not isinstance(q.symbol, Symbol) for q in self.statement.quantities)

    @cached_property
    def _integers(self) -> frozenset[Symbol]:
        claims = (c for p in self._assumed if not isinstance(p, ForAll) for c in conjuncts(p))
        return frozenset(c.args[0] for c in claims if isinstance(c, IsInteger))

    def targets(self, name: str, scale: int = 4) -> Iterator[Target]:
        """Yield a conclusion's parts as targets, in a box within 10^±scale."""
        if beyond_the_sample(self.statement, self.model, name):
            return
        for formula in self.reading.read(self.statement.conclusions[name]):
            variables, given, body = open_claim(formula)
            while isinstance(body, Implies):
                given, body = And(given, body.args[0]), body.args[1]
            far = None
            if isinstance(body, ConvergesTo):
                far, given, body = _far_away(body, given, self.model.parameters)
                variables = (far,)
            given, integers = _integral(given, variables)
            given, body = differentiated(given, body)
            if opaque(body) or opaque(given):
                continue
            ranges = {**self.model.parameters}
            ranges |= {v: box_of(given, v) for v in variables if v not in ranges}
            if free_symbols(body) | free_symbols(given) <= set(ranges):
                inside = {v: _within(r, scale) for v, r in ranges.items() if v not in self.solved}
                whole = (integers | self._integers) & set(inside)
                yield Target(name, given, body, Box(inside, whole), far)

    def counterexample(self, name: str) -> Candidate | None:
        """Search for a certain counterexample to a conclusion."""
        tried: set[tuple[Any, ...]] = set()
        for target in self._places(name):
            for candidate in self._candidates(target):
                parameters = tuple(candidate.point[s] for s in self.model.parameters)
                if parameters in tried:
                    continue
                tried.add(parameters)
                if unless_too_large(partial(self._stands, candidate)):
                    return candidate
        return None

    def _stands(self, candidate: Candidate) -> bool:
        return self.hypotheses_hold(candidate.point) and self.certain(candidate)

    def _places(self, name: str) -> Iterator[Target]:
        """Yield where to look: at the witness, whose hypotheses are decided anyway, then wider."""
        for scale in self.scales:
            if self.model.witness:
                for target in self.targets(name, scale):
                    fixed = {s: (v, v) for s, v in self.model.witness.items()}
                    inside = replace(target.box, ranges={**target.box.ranges, **fixed})
                    yield replace(target, box=inside)
        for scale in self.scales:
            yield from self.targets(name, scale)

    def _candidates(self, target: Target) -> Iterator[Candidate]:
        body = substitute(target.body, self.solved)
        points, scores = self.climb(target, violation(body, target.box.symbols))
        found = 0
        digits = READABLE if self._functions else EXACT
        for values in self.exact_points(target, _simple(points, scores), digits):
            relation = unless_too_large(partial(failing, target.body, values))
            if relation is not None:
                yield Candidate(target, values, relation)
                found += 1
            if found == TRIES:
                return

    def climb(self, target: Target, score: Score) -> tuple[np.ndarray, np.ndarray]:
        """Maximise a score over the admissible points of a target's box."""
        allowed = substitute(And(target.given, *self.admissible), self.solved)
        feasible = violation(allowed, target.box.symbols)
        start = target.box.sample(self._rng, SAMPLES)
        if self.direct:
            start = np.concatenate([start, target.box.plain(self._rng, SAMPLES)])
            start = repaired(feasible, target.box, self._rng, start)
        best, _ = climb(score, feasible, target.box, self._rng, start)
        # The best points sit at the edges of the box; the merely good ones have shorter numbers.
        good = start[(feasible(start) <= 0) & (score(start) > NOISE)][:SPARE]
        points = np.concatenate([best, good])
        return points, score(points)

    def exact_points(
        self, target: Target, points: np.ndarray, digits: Sequence[int] = EXACT
    ) -> Iterator[dict[Symbol, Any]]:
        """Yield rationals near the points that are certainly admissible, the shortest first."""
        fixed = {s: low for s, (low, high) in target.box.ranges.items() if low == high}
        for exact in rounded(points, digits):
            found = dict(zip(target.box.symbols, exact, strict=True))
            values = self.admitted(target, {**found, **fixed})
            if values is not None:
                yield values

    def admitted(self, target: Target, found: Mapping[Symbol, Any]) -> dict[Symbol, Any] | None:
        """Return the point with all its symbols if it is certainly admissible."""
        return unless_too_large(partial(self._admitted, target, found))

    def _admitted(self, target: Target, found: Mapping[Symbol, Any]) -> dict[Symbol, Any] | None:
        values = completed(target.box.exact(found), self.solved)
        if values is None:
            return None
        allowed = And(target.given, *self.admissible)
        return values if decide_at_point(allowed, values) is True else None

    def fails_at(self, candidate: Candidate) -> bool:
        """Whether the hypotheses hold and the conclusion fails at a point found elsewhere."""
        parts = self.targets(candidate.target.conclusion)
        covered = (p for p in parts if _covers(candidate.point, p.box, self.model))
        inside = (p for p in covered if decide_at_point(p.given, candidate.point) is not False)
        failed = any(failing(part.body, candidate.point) is not None for part in inside)
        return failed and self.hypotheses_hold(candidate.point)

    def hypotheses_hold(self, point: Mapping[Symbol, Any], seconds: float = ENGINE_SECONDS) -> bool:
        """Whether the engines prove every hypothesis at the point, each in so many seconds."""
        parameters = {s: point[s] for s in self.model.parameters}
        reading = Interpretation(self.statement, self.model, parameters, seconds)
        return all(h.verdict is Verdict.PROVED for h in reading.decide_hypotheses())

    def certain(self, candidate: Candidate) -> bool:
        """Whether a claimed limit fails because the curve provably stays away from it."""
        far = candidate.target.far
        if far is None:
            return True
        values = {s: v for s, v in candidate.point.items() if s != far}
        gap = substitute(candidate.relation.lhs.args[0], values)
        low, high = (Rational(end) for end in enclosure(gap, candidate.point))
        away = low / 2 if low > 0 else -high / 2
        signed = gap if low > 0 else -gap
        return away > 0 and decide_concrete(ForAll((far,), far >= 0, signed >= away)).proved


def _within(ends: tuple[Any, Any], scale: int) -> tuple[Any, Any]:
    """Return the part of a box within 10^±scale; a bound on the wrong side of it is kept."""
    large, small = Rational(10) ** scale, Rational(10) ** -scale
    low, high = ends
    low = max(low, small if low > 0 else -large) if low < large else low
    return low, max(min(high, large), low)


def _simple(points: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Return the points that fail clearly, those with numbers of ordinary size first."""
    if not len(scores) or scores[0] <= NOISE:
        return points[:0]
    clear = points[scores > scores[0] / 4]
    sizes = np.abs(np.log10(np.where(clear == 0, 1.0, np.abs(clear)))).sum(axis=1)
    ordered: np.ndarray = clear[np.argsort(sizes, kind="stable")]
    return ordered


def _integral(given: Boolean, variables: Sequence[Symbol]) -> tuple[Boolean, frozenset[Symbol]]:
    """Return a domain without its claims that variables are integers, and those variables."""
    claims = [p for p in conjuncts(given) if isinstance(p, IsInteger) and p.args[0] in variables]
    rest = And(*(part for part in conjuncts(given) if part not in claims))
    return rest, frozenset(part.args[0] for part in claims)


def _covers(point: Mapping[Symbol, Any], box: Box, model: Model) -> bool:
    """Whether a point has a value for every symbol of a box, and integers where it wants them."""
    known = {*box.symbols, *model.parameters} <= set(point)
    return known and all(point[s].is_integer for s in box.integers)


def opaque(formula: Boolean) -> bool:
    """Whether a formula speaks of what a number cannot settle: functions, predicates, chance."""
    return bool(formula.has(Predicate, Deriv, Prob, Expect) or functions_in(formula))


def _far_away(
    claim: ConvergesTo, given: Boolean, taken: Mapping[Symbol, Any]
) -> tuple[Symbol, Boolean, Boolean]:
    """Read convergence, for the search only, as being near the limit after a long time."""
    curve, limit = claim.args
    names = {*taken, *free_symbols(claim), *free_symbols(given)}
    (far,) = renamed_apart([Symbol("time")], names).values()
    near = Abs(curve(far) - limit, evaluate=False) <= Rational(1, 10**6)
    return far, And(given, far >= 1000), near
