"""Exact identities: both sides become one rational function of independent generators.

Premise equations eliminate one atom after another; roots, exponentials and logarithms become
generators with their defining relations; what is left is exact polynomial arithmetic.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.logic.boolalg import Boolean

from proofs_check.engines.algebra_normal import NormalForm, NotAlgebraic
from proofs_check.engines.algebra_rules import Elimination, eliminate
from proofs_check.engines.algebra_search import refute
from proofs_check.engines.definedness import ask, conditions, discharge
from proofs_check.engines.obligations import existence
from proofs_check.verdict import Goal, Outcome, Verdict, undecided
from theory.formulas import conjuncts

KIND = "algebra"


@dataclass(frozen=True)
class _Question:
    """One equation to decide, with its premises and the time by which to answer."""

    claim: sp.Eq
    premises: Mapping[str, Boolean]
    deadline: float


def decide(goal: Goal, seconds: float = 10.0) -> Outcome:
    """Decide an identity ``Eq(lhs, rhs)``, or a conjunction of them.

    Parameters
    ----------
    goal : Goal
        Equations among the premises are used for rewriting, relations for showing that
        denominators do not vanish, radicands are not negative, and so on.
    seconds : float
        Time after which the answer is UNDECIDED.

    Returns
    -------
    Outcome
        PROVED with the premises needed; REFUTED with a rational point that satisfies every
        premise and at which the sides certainly differ; else UNDECIDED with the reason.
    """
    deadline = time.process_time() + seconds
    problem = _unfit(goal)
    if problem:
        return undecided(problem)
    # An equation between derivatives also says that they exist, which algebra cannot show.
    for derivative, given in existence(goal.claim, goal.premises):
        if sp.true not in given.values():
            return undecided(f"no premise says that the derivative {derivative} exists")
    outcome = prove_minimal(goal, deadline)
    return outcome if outcome.proved else refute(goal, deadline) or outcome


def _unfit(goal: Goal) -> str:
    for formula in (goal.claim, *goal.premises.values()):
        if formula.atoms(sp.Float):
            return f"{formula} contains a float; write an exact Rational"
    parts = conjuncts(goal.claim)
    if not parts or not all(isinstance(part, sp.Eq) for part in parts):
        return "algebra decides equations and conjunctions of equations only"
    return ""


def prove(goal: Goal, deadline: float) -> Outcome:
    """Prove every equation of the claim, or say which is open."""
    used: frozenset[str] = frozenset()
    reasons = []
    for part in conjuncts(goal.claim):
        outcome = _prove_equation(_Question(part, goal.premises, deadline))
        if not outcome.proved:
            return outcome
        used |= outcome.needed
        reasons.append(outcome.reason)
    return Outcome(Verdict.PROVED, "; ".join(dict.fromkeys(reasons)), used)


def _prove_equation(question: _Question) -> Outcome:
    elimination = eliminate(question.claim, question.premises)
    owed = conditions(*elimination.visited)
    used, open_outcome = discharge(owed, question.premises, question.deadline)
    if open_outcome is not None:
        return open_outcome
    outcome = _identity(elimination, question)
    if outcome.proved:
        return Outcome(Verdict.PROVED, outcome.reason, outcome.needed | used | elimination.used)
    return outcome


def _identity(elimination: Elimination, question: _Question) -> Outcome:
    left, right = elimination.claim.args
    if left == right:
        return Outcome(Verdict.PROVED, "the sides are the same term")
    form = NormalForm(question.premises, question.deadline)
    try:
        difference = form.numerator(left - right)
    except NotAlgebraic as error:
        return undecided(str(error))
    if difference == 0:
        return Outcome(Verdict.PROVED, "the sides are one rational function", form.used)
    return _modulo_premises(elimination, form, difference, question)


def _modulo_premises(
    elimination: Elimination, form: NormalForm, difference: sp.Expr, question: _Question
) -> Outcome:
    """Use the premise equations that could not be solved for one atom, through real arithmetic."""
    rest: dict[str, Any] = {}
    behind: dict[str, frozenset[str]] = {}
    for number, (equation, names) in enumerate(elimination.unsolved):
        label = f"equation {number}"
        try:
            rest[label] = sp.Eq(form.numerator(equation.lhs - equation.rhs), 0, evaluate=False)
        except NotAlgebraic:
            continue
        behind[label] = names
    text = f"lhs - rhs = {form.readable(difference)} (up to a non-zero factor) is not 0"
    if not rest:
        return undecided(text)
    goal = Goal(sp.Eq(difference, 0, evaluate=False), rest | form.relations())
    outcome = ask("polynomial", goal, question.deadline)
    if not outcome.proved:
        return undecided(f"{text} modulo the premises: {outcome.reason}", outcome.artefact)
    named = frozenset().union(*(behind.get(label, frozenset()) for label in outcome.needed))
    return Outcome(Verdict.PROVED, f"modulo the premises, {outcome.reason}", named | form.used)


def prove_minimal(goal: Goal, deadline: float) -> Outcome:
    """Prove the claim from as few premises as dropping them one by one leaves."""
    outcome = prove(goal, deadline)
    return _minimal(goal, outcome, deadline) if outcome.proved else outcome


def _minimal(goal: Goal, outcome: Outcome, deadline: float) -> Outcome:
    """Drop every premise without which the proof still goes through, while time lasts."""
    needed = {name: goal.premises[name] for name in goal.premises if name in outcome.needed}
    limit = min(deadline, time.process_time() + (deadline - time.process_time()) / 2)
    for name in list(needed):
        fewer = {other: p for other, p in needed.items() if other != name}
        if time.process_time() < limit and prove(Goal(goal.claim, fewer), limit).proved:
            needed = fewer
    return Outcome(Verdict.PROVED, outcome.reason, frozenset(needed))
