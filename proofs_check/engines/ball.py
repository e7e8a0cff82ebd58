"""Analytic inequalities in one to three real variables, by balls and derivative ladders.

A claim is PROVED when every term is defined on the whole domain the premises give and the sign of
the difference of the sides is established there; it is REFUTED only by an exact rational point.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import sympy as sp
from sympy.logic.boolalg import Boolean

from numerics.rigorous.programs import BallError
from proofs_check.engines.algebra_rules import eliminate
from proofs_check.engines.ball_cover import Cover, cover
from proofs_check.engines.ball_domain import Box, EmptyDomain, box_of
from proofs_check.engines.ball_question import Question, question_of
from proofs_check.engines.ball_refute import counterexample
from proofs_check.engines.ball_sign import Ladder
from proofs_check.engines.definedness import ask, conditions, discharge
from proofs_check.verdict import Goal, Outcome, Verdict, undecided
from theory.formulas import conjuncts

KIND = "ball"
_RELATIONS = (sp.Lt, sp.Le, sp.Gt, sp.Ge, sp.Ne)


def decide(goal: Goal, seconds: float = 10.0) -> Outcome:
    """Decide an inequality between elementary functions of up to three real symbols.

    Parameters
    ----------
    goal : Goal
        The claim: ``<``, ``<=``, ``>``, ``>=`` or ``!=`` between terms, or a conjunction of
        these. Premises that bound one symbol by constants make the box; equations that define a
        symbol are put in; other relations in the symbols cut pieces off the box.
    seconds : float
        Time after which the answer is UNDECIDED.

    Returns
    -------
    Outcome
        PROVED with the premises that bound the domain; REFUTED with a rational point; UNDECIDED
        with the reason and, where there is one, a box on which nothing was decided.
    """
    deadline = time.process_time() + seconds
    problem = _unfit(goal)
    if problem:
        return undecided(problem)
    used: frozenset[str] = frozenset()
    reasons: list[str] = []
    for part in conjuncts(goal.claim):
        outcome = _decide_part(Goal(part, goal.premises), deadline)
        if not outcome.proved:
            return outcome
        used |= outcome.needed
        reasons.append(outcome.reason)
    return Outcome(Verdict.PROVED, "; ".join(dict.fromkeys(reasons)), used)


def _unfit(goal: Goal) -> str:
    if any(f.atoms(sp.Float) for f in (goal.claim, *goal.premises.values())):
        return "a float occurs; write an exact Rational"
    parts = conjuncts(goal.claim)
    if not parts or not all(isinstance(part, _RELATIONS) for part in parts):
        return "ball decides inequalities and conjunctions of inequalities only"
    return ""


def _decide_part(goal: Goal, deadline: float) -> Outcome:
    search = 0.2 * (deadline - time.process_time())  # kept back for a counterexample
    try:
        question = question_of(goal, deadline - search)
    except (EmptyDomain, BallError) as error:
        return undecided(str(error))
    at_once = _refuted(question, goal, 0)
    if at_once is not None:
        return at_once
    start = time.process_time()
    outcome = _prove(question)
    if outcome.proved:
        named = outcome.needed.union(*(question.behind[n] for n in outcome.needed))
        patience = min(1.0, 0.1 + 1.5 * (time.process_time() - start))
        return _minimal(goal, replace(outcome, needed=named), deadline, patience)
    return _refuted(question, goal, deadline) or outcome


def _prove(question: Question) -> Outcome:
    if len(question.box.symbols) > 3:
        return undecided(f"{len(question.box.symbols)} variables; ball takes at most 3")
    inconsistent = _contradiction(question)
    if inconsistent is not None:
        return inconsistent
    owed = conditions(*question.owing)
    # Not from the premises: the argument runs through the whole box, whatever else they say.
    _, open_outcome = discharge(owed, question.box.bounds(), question.deadline)
    if open_outcome is None:
        found = _by_ladder(question)
        if found is not None:
            return replace(found, needed=found.needed | question.used)
    return _by_cover(question, open_outcome)


def _contradiction(question: Question) -> Outcome | None:
    if not question.region:
        return None
    limit = min(question.deadline, time.process_time() + 2)
    goal = Goal(sp.Eq(sp.S.Zero, sp.S.One, evaluate=False), dict(question.premises))
    outcome = ask("polynomial", goal, limit)
    return outcome if outcome.reason.startswith("contradictory premises") else None


def _by_ladder(question: Question) -> Outcome | None:
    if question.f.has(sp.Piecewise, sp.sign):
        return None
    half = time.process_time() + (question.deadline - time.process_time()) / 2
    ladder = Ladder(half)
    if not _sign_suits(ladder, question.f, question.box, question.kind):
        return None
    reason = f"derivative ladder, {len(ladder.steps)} steps"
    text = "\n".join(ladder.steps)
    return Outcome(Verdict.PROVED, reason, question.box.names, artefact=text)


def _sign_suits(ladder: Ladder, f: Any, box: Box, kind: Any) -> bool:
    """Whether the sign in the interior, and on the faces that belong to the box, is as claimed."""
    if not box.symbols:
        found = ladder.sign(f, box)
        return found is not None and _suits(found.value if found.strict else 0, kind)
    found = ladder.sign(f, box)
    if found is None:
        return False
    if not found.strict:
        return found.value > 0 and kind in (sp.Ge, sp.Le)
    if not _suits(found.value, kind):
        return False
    if kind in (sp.Ge, sp.Le):
        return True  # f is continuous on the faces that belong to the box
    return all(_sign_suits(ladder, g, face, kind) for g, face in _closed_faces(f, box))


def _suits(value: int, kind: Any) -> bool:
    if kind is sp.Ne:
        return value != 0
    return value > 0 if kind in (sp.Gt, sp.Lt) else value >= 0


def _closed_faces(f: Any, box: Box) -> list[tuple[Any, Box]]:
    faces = []
    for symbol in box.symbols:
        for side in box.side(symbol):
            if side.closed:
                faces.append((f.subs(symbol, side.value), box.without(symbol)))
    return faces


def _by_cover(question: Question, open_outcome: Outcome | None) -> Outcome:
    """Branch and bound; where definedness is not shown already, every box has to show it."""
    owing_more = any(not _conditions_within(v, question.claim) for v in question.owing)
    if open_outcome is not None and owing_more:
        return open_outcome
    if not question.box.symbols:
        return open_outcome or undecided(f"the sign of {question.f} was not found")
    weak = question.kind in (sp.Ge, sp.Le)
    text = ""
    for sign in (1, -1) if question.kind is sp.Ne else (1,):
        found = cover(
            sign * question.f, question.box, question.region, question.deadline,
            strict_domain=open_outcome is not None, weak=weak,
        )  # fmt: skip
        if isinstance(found, Cover):
            if found.boxes == 0:
                return undecided("contradictory premises: every box violates one of them")
            used = question.box.names | question.used
            if found.outside:
                used |= {n for n, p in question.premises.items() if _cuts(p, question.box)}
            reason = f"branch and bound, {found.boxes} boxes, {found.outside} outside the premises"
            return Outcome(Verdict.PROVED, reason, used)
        text = found.text
    return open_outcome or undecided(f"the sign of {question.f} was not found", text)


def _conditions_within(term: Any, claim: Any) -> bool:
    """Whether evaluating the claim also shows that another term is defined."""
    return set(conditions(term)) <= set(conditions(claim))


def _cuts(premise: Boolean, box: Box) -> bool:
    return len(premise.free_symbols & set(box.symbols)) > 1


def _refuted(question: Question, goal: Goal, limit: float) -> Outcome | None:
    if len(question.premises) < len(goal.premises) or len(question.box.symbols) > 3:
        return None
    point = _violation(question, limit)
    if point is None:
        return None
    witness = {str(s): str(v) for s, v in point.items()}
    solved = eliminate(goal.claim, goal.premises).solved
    if any(not v.xreplace(point).is_number for _, v in solved):
        return None
    witness |= {str(a): str(v.xreplace(point)) for a, v in solved}
    where = ", ".join(f"{s} = {v}" for s, v in witness.items()) or "once"
    return Outcome(Verdict.REFUTED, f"fails at {where}", witness=witness)


def _violation(question: Question, limit: float) -> dict[Any, Any] | None:
    free = set().union(*(p.free_symbols for p in question.region), question.claim.free_symbols)
    box = box_of(tuple(sorted(free, key=str)), question.premises)
    downhill = question.f if question.kind is not sp.Ne else sp.Abs(question.f)
    return counterexample(downhill, question.claim, box, question.region, limit)


def _minimal(goal: Goal, outcome: Outcome, deadline: float, patience: float) -> Outcome:
    """Drop premises without which the proof goes through, in the time that is left."""
    limit = time.process_time() + (deadline - time.process_time()) / 2
    needed = {n: goal.premises[n] for n in goal.premises if n in outcome.needed}
    for name in list(needed):
        fewer = {n: p for n, p in needed.items() if n != name}
        if _again(Goal(goal.claim, fewer), min(limit, time.process_time() + patience)):
            needed = fewer
    return replace(outcome, needed=frozenset(needed))


def _again(goal: Goal, limit: float) -> bool:
    if time.process_time() > limit:
        return False
    try:
        question = question_of(goal, limit)
        return _refuted(question, goal, 0) is None and _prove(question).proved
    except (EmptyDomain, BallError):
        return False
