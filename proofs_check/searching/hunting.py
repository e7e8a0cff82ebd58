"""The search for a counterexample in one model: points proposed in floating point, decided exactly.

A candidate satisfies every hypothesis (the engines prove it in the model at exact parameters) and
violates the conclusion in ball arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from sympy import And, Eq, Expr, Implies, Rational, Symbol
from sympy.core.relational import Relational

from numerics.rigorous.balls import decide_at_point
from proofs_check.interpretations.bent import BentModel
from proofs_check.interpretations.derivatives import differentiated
from proofs_check.interpretations.direct import DirectModel, box_of
from proofs_check.interpretations.models import Interpretation
from proofs_check.interpretations.sample_limits import beyond_the_sample
from proofs_check.premises import open_claim
from proofs_check.searching.budget import Budget
from proofs_check.searching.failures import enclosure, failing, unless_too_large
from proofs_check.searching.hypotheses import Hypotheses
from proofs_check.searching.region import Region
from proofs_check.searching.search import (
    ENOUGH,
    SAMPLES,
    Box,
    Score,
    climb,
    repaired,
    rounded,
    scored,
    violation,
)
from proofs_check.searching.targets import (
    NOISE,
    Candidate,
    Target,
    covers,
    far_away,
    integral,
    opaque,
    simplest,
    within,
)
from proofs_check.witnesses.concrete import ENGINE_SECONDS, decide_concrete
from theory.formulas import ForAll, free_symbols, substitute
from theory.statement import Model, Statement
from theory.terms import ConvergesTo

SCALES = (1, 3, 4)  # readable instances first
TRIES = 3
# Digits that parameters are rounded to in turn. Engines check a model's equations at a price that
# grows with the numbers; a direct search may need fine ones.
READABLE = (1, 2, 3)
EXACT = (1, 2, 3, 4, 6, 9, 12)
SPARE = 100
MISSES = 30
EQUAL = 1e-9


class _Drawn(NamedTuple):
    """Points of a box, their scores, −∞ where they are not admissible, and what tells that."""

    points: np.ndarray
    scores: np.ndarray
    feasible: Score


class Hunt:
    """The search for a counterexample to one statement in one model.

    Parameters
    ----------
    statement : Statement
        What is attacked.
    model : Model
        Where its symbols and functions are explicit.
    seed : int
        Seed of the search.
    scales : sequence of int, optional
        Exponents of ten of the boxes, in turn.
    seconds : float
        What an engine may take to decide one hypothesis.
    budget : Budget, optional
        Where it is spent, the search ends, and nothing more is asked of the engines.
    outside : sequence of Formula
        Formulas of which one has to fail: only there is something new to be found.
    """

    def __init__(
        self,
        statement: Statement,
        model: Model,
        seed: int = 0,
        scales: Sequence[int] | None = None,
        seconds: float = ENGINE_SECONDS,
        budget: Budget | None = None,
        outside: Sequence[Any] = (),
    ) -> None:
        self.statement, self.model = statement, model
        self.seconds = seconds
        self.reading = Interpretation(statement, model)
        self.region = Region(statement, model, self.reading, outside, budget)
        self.direct, self.bent = isinstance(model, DirectModel), isinstance(model, BentModel)
        # A declared model says where to look; numbers of all sizes are for direct search.
        self.scales = tuple(scales or (SCALES if self.direct else SCALES[:2]))
        self._rng = np.random.default_rng(seed)
        self._known: dict[str, list[Target]] = {}
        self.hypotheses = Hypotheses(statement, model)

    @property
    def budget(self) -> Budget:
        """What this search may spend."""
        return self.region.budget

    @budget.setter
    def budget(self, budget: Budget) -> None:
        self.region.budget = budget

    @property
    def solved(self) -> dict[Symbol, Expr]:
        """The parameters that equations among the hypotheses determine."""
        return self.region.solved

    @property
    def _functions(self) -> bool:
        return any(not isinstance(q.symbol, Symbol) for q in self.statement.quantities)

    def again(self, seed: int, scales: Sequence[int]) -> Hunt:
        """Return this search with another seed and other scales; what was read is kept."""
        other = copy(self)
        other.scales, other._rng = tuple(scales), np.random.default_rng(seed)
        return other

    def targets(self, name: str, scale: int = 4) -> Iterator[Target]:
        """Yield a conclusion's parts as targets, in a box within 10^±scale."""
        if name not in self._known:
            self._known[name] = list(self._claims(name))
        for claim in self._known[name]:
            ranges = {v: within(r, scale) for v, r in claim.box.ranges.items()}
            yield replace(claim, box=replace(claim.box, ranges=ranges))

    def _claims(self, name: str) -> Iterator[Target]:
        """Yield a conclusion's parts as targets, each in all of its box."""
        if beyond_the_sample(self.statement, self.model, name):
            return
        claimed = partial(self.reading.read, self.statement.conclusions[name])
        for formula in unless_too_large(claimed) or ():
            variables, given, body = open_claim(formula)
            while isinstance(body, Implies):
                given, body = And(given, body.args[0]), body.args[1]
            far = None
            if isinstance(body, ConvergesTo):
                far, given, body = far_away(body, given, self.model.parameters)
                variables = (far,)
            given, integers = integral(given, variables)
            given, body = differentiated(given, body)
            if opaque(body) or opaque(given):
                continue
            ranges = {**self.model.parameters}
            ranges |= {v: box_of(given, v) for v in variables if v not in ranges}
            if free_symbols(body) | free_symbols(given) <= set(ranges):
                inside = {v: r for v, r in ranges.items() if v not in self.solved}
                whole = (integers | self.region.integers) & set(inside)
                yield Target(name, given, body, Box(inside, whole), far)

    def counterexample(self, name: str) -> Candidate | None:
        """Search for a certain counterexample to a conclusion."""
        tried: set[tuple[Any, ...]] = set()
        for target in self._places(name):
            if not self.budget.left:
                return None
            for candidate in self._candidates(target):
                parameters = tuple(candidate.point[s] for s in self.model.parameters)
                if parameters in tried:
                    continue
                tried.add(parameters)
                if not self.budget.left:
                    return None
                if unless_too_large(partial(self._stands, candidate)):
                    return candidate
        return None

    def _stands(self, candidate: Candidate) -> bool:
        at_witness = all(candidate.point.get(s) == v for s, v in self.model.witness.items())
        known = bool(self.model.witness) and at_witness  # there the engines have been asked anyway
        if not known and self.region.refused(candidate.point):
            return False
        return self.certain(candidate) and self.hypotheses_hold(candidate.point)

    def _places(self, name: str) -> Iterator[Target]:
        """Yield where to look: at the witness, whose hypotheses are decided anyway, then wider."""
        for scale in self.scales:
            if self.model.witness and not self.bent:
                for target in self.targets(name, scale):
                    fixed = {s: (v, v) for s, v in self.model.witness.items()}
                    inside = replace(target.box, ranges={**target.box.ranges, **fixed})
                    yield replace(target, box=inside)
        for scale in self.scales:
            yield from self.targets(name, scale)

    def _candidates(self, target: Target) -> Iterator[Candidate]:
        score = violation(substitute(target.body, self.solved), target.box.symbols)
        for points in self._proposed(target, score):
            found = (c for n in self._digits for c in self._failing(target, points, n))
            yield from islice(found, TRIES)

    def _proposed(self, target: Target, score: Score) -> Iterator[np.ndarray]:
        """Yield points that fail: where many do as they are drawn, these; then those of a climb."""
        drawn = self._drawn(target, score)
        if (drawn.scores > NOISE).sum() >= ENOUGH:
            worst = np.argsort(-drawn.scores, kind="stable")[:SPARE]
            yield simplest(drawn.points[worst], drawn.scores[worst])
        yield simplest(*self._climbed(drawn, target.box, score))

    @property
    def _digits(self) -> Sequence[int]:
        return READABLE if self._functions else EXACT

    def _failing(self, target: Target, points: np.ndarray, digits: int) -> Iterator[Candidate]:
        """Yield points of so many digits that fail; where many do not, all was rounding noise."""
        missed = 0
        for values in self.exact_points(target, points, (digits,)):
            relation = unless_too_large(partial(failing, target.body, values))
            if relation is not None:
                yield Candidate(target, values, relation)
                continue
            missed += 1
            if missed > MISSES or not self.budget.left:
                return

    def climb(self, target: Target, score: Score) -> tuple[np.ndarray, np.ndarray]:
        """Maximise a score over the admissible points of a target's box."""
        return self._climbed(self._drawn(target, score), target.box, score)

    def _drawn(self, target: Target, score: Score) -> _Drawn:
        feasible = self.region.feasible(target)
        points = target.box.sample(self._rng, SAMPLES)
        if self.direct:
            points = np.concatenate([points, target.box.plain(self._rng, SAMPLES)])
            points = repaired(feasible, target.box, self._rng, points)
        if self.bent:
            near = target.box.near(self._rng, SAMPLES, self.model.witness)
            points = np.concatenate([points, near])
        return _Drawn(points, scored(points, score, feasible), feasible)

    def _climbed(self, drawn: _Drawn, box: Box, score: Score) -> tuple[np.ndarray, np.ndarray]:
        start, scores, feasible = drawn
        if self.region.elsewhere is not None and not (scores > -np.inf).any():
            return start[:0], scores[:0]
        best, _ = climb(score, feasible, box, self._rng, start, scores)
        # The best points sit at the edges of the box; the merely good ones have shorter numbers.
        good = start[scores > NOISE][:SPARE]
        points = np.concatenate([best, good])
        return points, score(points)

    def equality(self, target: Target) -> bool:
        """Whether both sides of a claim agree, up to rounding, wherever the hypotheses hold."""
        body = substitute(target.body, self.solved)
        if not isinstance(body, Relational):
            return False
        points = target.box.near(self._rng, SAMPLES, self.model.witness)
        kept = points[self.region.feasible(target)(points) <= 0]
        apart = violation(Eq(body.lhs, body.rhs, evaluate=False), target.box.symbols)(kept)
        return bool(len(kept)) and bool((apart <= EQUAL).all())

    def undefined(self, target: Target) -> bool | None:
        """Whether a claim has no value wherever something new could be; None if it is nowhere."""
        points = target.box.near(self._rng, SAMPLES, self.model.witness)
        kept = points[self.region.feasible(target)(points) <= 0]
        score = violation(substitute(target.body, self.solved), target.box.symbols)
        return not np.isfinite(score(kept)).any() if len(kept) else None

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
        return unless_too_large(partial(self.region.completed, target, found))

    def fails_at(self, candidate: Candidate) -> bool:
        """Whether the hypotheses hold and the conclusion fails at a point found elsewhere."""
        parts = self.targets(candidate.target.conclusion)
        covered = (p for p in parts if covers(candidate.point, p.box, self.model))
        inside = (p for p in covered if decide_at_point(p.given, candidate.point) is not False)
        failed = any(failing(part.body, candidate.point) is not None for part in inside)
        return failed and self.hypotheses_hold(candidate.point)

    def hypotheses_hold(self, point: Mapping[Symbol, Any], seconds: float | None = None) -> bool:
        """Whether the engines prove every hypothesis at the point, each in so many seconds.

        Not where they had no time to.
        """
        return self.hypotheses.hold(
            point, self.seconds if seconds is None else seconds, self.budget
        )

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
