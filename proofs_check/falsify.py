"""Counterexamples: found by search, shown only when certain.

A counterexample satisfies every hypothesis (the engines prove it in the model at exact parameters)
and violates the conclusion in ball arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from sympy import Abs, And, Expr, Implies, Rational, Symbol, oo, true
from sympy.core.function import AppliedUndef
from sympy.core.relational import Ge, Gt, Relational
from sympy.logic.boolalg import Boolean

from numerics.balls import decide_at_point, enclosure_text, evaluate
from proofs_check.models import Interpretation, decide_concrete
from proofs_check.premises import open_claim
from proofs_check.reports import Counterexample
from proofs_check.search import SAMPLES, Box, Score, climb, rounded, violation
from proofs_check.verdict import Verdict
from theory.facts import TRUSTED
from theory.formulas import ForAll, conjuncts, free_symbols, functions_in, substitute
from theory.statement import Model, Statement
from theory.terms import ConvergesTo, Deriv, Predicate

PRECISION = 256
TIME_BOX = (Rational(0), Rational(10**4))
WIDE_BOX = (Rational(-(10**3)), Rational(10**3))
FAR = Symbol("time")
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
    """A conclusion read in a model: where it is claimed, what is claimed, over which box."""

    conclusion: str
    given: Boolean
    body: Boolean
    box: Box


@dataclass(frozen=True)
class Candidate:
    """An exact point at which a conclusion fails for certain; hypotheses not yet checked."""

    target: Target
    point: Mapping[Symbol, Any]
    relation: Relational


class Hunt:
    """The search for a counterexample to one statement in one model."""

    def __init__(self, statement: Statement, model: Model, seed: int = 0) -> None:
        self.statement, self.model = statement, model
        self.reading = Interpretation(statement, model)
        self._rng = np.random.default_rng(seed)

    @cached_property
    def admissible(self) -> list[Boolean]:
        """What the parameters have to satisfy: ranges and closed hypotheses, in this model."""
        formulas = [q.range for q in self.statement.quantities if q.range != true]
        formulas += [h.formula for h in self.statement.hypotheses]
        read = [p for f in formulas for p in self.reading.read(f)]
        return [p for p in read if not isinstance(p, ForAll) and not _opaque(p)]

    def targets(self, name: str, scale: int = 4) -> Iterator[Target]:
        """Yield a conclusion's parts as targets, in a box within 10^±scale."""
        for formula in self.reading.read(self.statement.conclusions[name]):
            variables, given, body = open_claim(formula)
            while isinstance(body, Implies):
                given, body = And(given, body.args[0]), body.args[1]
            if isinstance(body, ConvergesTo):
                variables, given, body = _far_away(body, given)
            if not _opaque(body) and not _opaque(given):
                ranges = dict(self.model.parameters)
                ranges |= {v: _box_of(given, v) for v in variables if v not in ranges}
                if free_symbols(body) | free_symbols(given) <= set(ranges):
                    box = Box({v: _within(r, scale) for v, r in ranges.items()})
                    yield Target(name, given, body, box)

    def counterexample(self, name: str) -> Candidate | None:
        """Search for a certain counterexample to a conclusion."""
        tried: set[tuple[Any, ...]] = set()
        for target in self._places(name):
            for candidate in self._candidates(target):
                parameters = tuple(candidate.point[s] for s in self.model.parameters)
                if parameters in tried:
                    continue
                tried.add(parameters)
                if self._hypotheses_hold(candidate.point) and self._certain(candidate):
                    return candidate
        return None

    def _places(self, name: str) -> Iterator[Target]:
        """Yield where to look: at the witness, whose hypotheses are decided anyway, then wider."""
        for scale in self._scales:
            if self.statement.models and self.model.witness:
                for target in self.targets(name, scale):
                    fixed = {s: (v, v) for s, v in self.model.witness.items()}
                    yield replace(target, box=Box({**target.box.ranges, **fixed}))
        for scale in self._scales:
            yield from self.targets(name, scale)

    @property
    def _scales(self) -> tuple[int, ...]:
        """A declared model says where to look; numbers of all sizes are for direct search."""
        return SCALES[:2] if self.statement.models else SCALES

    def _candidates(self, target: Target) -> Iterator[Candidate]:
        points, scores = self.climb(target, violation(target.body, target.box.symbols))
        found = 0
        digits = READABLE if self.statement.models else EXACT
        for values in self.exact_points(target, _simple(points, scores), digits):
            relation = failing(target.body, values)
            if relation is not None:
                yield Candidate(target, values, relation)
                found += 1
            if found == TRIES:
                return

    def climb(self, target: Target, score: Score) -> tuple[np.ndarray, np.ndarray]:
        """Maximise a score over the admissible points of a target's box."""
        feasible = violation(And(target.given, *self.admissible), target.box.symbols)
        start = target.box.sample(self._rng, SAMPLES)
        best, _ = climb(score, feasible, target.box, self._rng, start)
        # The best points sit at the edges of the box; the merely good ones have shorter numbers.
        good = start[(feasible(start) <= 0) & (score(start) > NOISE)][:SPARE]
        points = np.concatenate([best, good])
        return points, score(points)

    def exact_points(
        self, target: Target, points: np.ndarray, digits: Sequence[int] = EXACT
    ) -> Iterator[dict[Symbol, Any]]:
        """Yield rationals near the points that are certainly admissible, the shortest first."""
        allowed = And(target.given, *self.admissible)
        fixed = {s: low for s, (low, high) in target.box.ranges.items() if low == high}
        for exact in rounded(points, digits):
            values = {**dict(zip(target.box.symbols, exact, strict=True)), **fixed}
            if decide_at_point(allowed, values) is True:
                yield values

    def fails_at(self, candidate: Candidate) -> bool:
        """Whether the hypotheses hold and the conclusion fails at a point found elsewhere."""
        parts = self.targets(candidate.target.conclusion)
        covered = (p for p in parts if set(p.box.symbols) <= set(candidate.point))
        inside = (p for p in covered if decide_at_point(p.given, candidate.point) is not False)
        failed = any(failing(part.body, candidate.point) is not None for part in inside)
        return failed and self._hypotheses_hold(candidate.point)

    def _hypotheses_hold(self, point: Mapping[Symbol, Any]) -> bool:
        parameters = {s: point[s] for s in self.model.parameters}
        reading = Interpretation(self.statement, self.model, parameters)
        return all(h.verdict is Verdict.PROVED for h in reading.decide_hypotheses())

    def _certain(self, candidate: Candidate) -> bool:
        """Whether a claimed limit fails because the curve provably stays away from it."""
        if FAR not in candidate.point:
            return True
        values = {s: v for s, v in candidate.point.items() if s != FAR}
        gap = substitute(candidate.relation.lhs.args[0], values)
        low, high = (Rational(end) for end in _enclosure(gap, candidate.point))
        away = low / 2 if low > 0 else -high / 2
        signed = gap if low > 0 else -gap
        return away > 0 and decide_concrete(ForAll((FAR,), FAR >= 0, signed >= away)).proved


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


def _opaque(formula: Boolean) -> bool:
    return bool(formula.has(Predicate, Deriv) or functions_in(formula))


def _far_away(claim: ConvergesTo, given: Boolean) -> tuple[tuple[Symbol, ...], Boolean, Boolean]:
    """Read convergence, for the search only, as being near the limit after a long time."""
    curve, limit = claim.args
    near = Abs(curve(FAR) - limit, evaluate=False) <= Rational(1, 10**6)
    return (FAR,), And(given, FAR >= 1000), near


def _box_of(given: Boolean, variable: Symbol) -> tuple[Any, Any]:
    """Return the box of a variable: numbers that bound it, time for what is only bounded below."""
    low, high = -oo, oo
    for relation in conjuncts(given):
        if not isinstance(relation, (Ge, Gt)) and isinstance(relation, Relational):
            relation = relation.reversed
        if not isinstance(relation, (Ge, Gt)):
            continue
        if relation.lhs == variable and relation.rhs.is_number:
            low = relation.rhs
        elif relation.rhs == variable and relation.lhs.is_number:
            high = relation.lhs
    if low == -oo and high == oo:
        return WIDE_BOX
    return max(low, WIDE_BOX[0]), min(high, TIME_BOX[1])


def failing(body: Boolean, values: Mapping[Symbol, Any]) -> Relational | None:
    """Return a relation of the claim that certainly fails at an exact point, if the claim does."""
    for part in conjuncts(body):
        if isinstance(part, Relational) and decide_at_point(part, values) is False:
            return part
    if not isinstance(body, Relational) and decide_at_point(body, values) is False:
        relations = sorted(body.atoms(Relational), key=str)
        return next((r for r in relations if decide_at_point(r, values) is False), None)
    return None


def _shown(candidate: Candidate) -> Counterexample:
    relation, point = candidate.relation, candidate.point
    left, right = (_enclosure(side, point) for side in (relation.lhs, relation.rhs))
    gap = relation.lhs - relation.rhs
    return Counterexample(
        candidate.target.conclusion,
        str(relation),
        {str(s): str(v) for s, v in point.items()},
        left,
        right,
        _enclosure(gap, point),
    )


def _enclosure(term: Expr, point: Mapping[Symbol, Any]) -> tuple[str, str]:
    """Enclose a term at an exact point tightly enough to show its sign, where it has one."""
    exact = substitute(term, point)
    for precision in (PRECISION, 8 * PRECISION):
        ball = evaluate(exact, {}, precision)
        if ball.rel_accuracy_bits() > 40:
            break
    return enclosure_text(ball, 12)


def models_of(statement: Statement) -> tuple[Model, ...]:
    """Return the statement's models; one without undefined functions is its own model."""
    if statement.models:
        return statement.models
    if any(not isinstance(q.symbol, Symbol) for q in statement.quantities):
        return ()
    symbols = {q.symbol: q.range for q in statement.quantities}
    parameters = {s: _box_of(r, s) for s, r in symbols.items()}
    return (Model("direct", {s: s for s in symbols}, parameters),)


def _asserts_existence(statement: Statement, name: str) -> bool:
    """Whether a conclusion says that something exists which no equation here determines.

    One value at which it fails then shows nothing.
    """
    determined: set[Any] = set()
    for formula in statement.characterised.values():
        determined |= free_symbols(formula) | functions_in(formula)
    formula = statement.conclusions[name]
    mentioned = free_symbols(formula) | functions_in(formula)
    return bool({str(s) for s in mentioned - determined} & set(_introduced(statement)))


def _introduced(statement: Statement) -> Iterator[str]:
    """Yield the names that the proof gives to what cited facts say exists."""
    for step in statement.steps:
        fact = TRUSTED.get(step.fact) if step.kind == "cited" else None
        for parameter in fact.introduces if fact else ():
            chosen = step.values.get(str(parameter), parameter)
            yield str(chosen.func if isinstance(chosen, AppliedUndef) else chosen)


# Readings of statements in their models, by identity: a statement's mutants are all held against
# the same original. Each entry keeps its statement and model alive, so identities stay theirs.
_READ: dict[tuple[int, int], Hunt] = {}


def also_fails(statement: Statement, candidate: Candidate) -> bool:
    """Whether a point found for a mutant is a counterexample to this statement too."""
    for model in models_of(statement):
        hunt = _READ.setdefault((id(statement), id(model)), Hunt(statement, model))
        if hunt.fails_at(candidate):
            return True
    return False


def find_counterexample(
    statement: Statement, conclusions: list[str] | None = None, seed: int = 0
) -> tuple[Counterexample, Candidate] | None:
    """Search all models of a statement for a counterexample to any of the conclusions.

    Parameters
    ----------
    statement : Statement
        What to attack.
    conclusions : list of str, optional
        Which conclusions; all by default.
    seed : int
        Seed of the random search.

    Returns
    -------
    (Counterexample, Candidate) or None
        Certain, or nothing.
    """
    for model in models_of(statement):
        hunt = Hunt(statement, model, seed)
        for name in conclusions or list(statement.conclusions):
            if _asserts_existence(statement, name):
                continue
            found = hunt.counterexample(name)
            if found is not None:
                return _shown(found), found
    return None
