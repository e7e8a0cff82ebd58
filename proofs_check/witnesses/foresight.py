"""Asking engines ahead: what many formulas need is decided in one child process, in order.

To start a process takes longer than most answers. What engines find is recalled when they are
asked again, so that whoever decides the formulas one by one finds the answers there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial

from proofs_check.engines import settle, settle_all
from proofs_check.verdict import Goal, Outcome, Verdict
from proofs_check.witnesses.concrete import ENGINE_SECONDS, decide_concrete, engine_order
from theory.formulas import Formula


def decided_ahead(formulas: Iterable[Formula], seconds: float) -> dict[Formula, Outcome]:
    """Decide formulas until one is found not to hold, engines all in one process.

    Parameters
    ----------
    formulas : iterable of Formula
        About explicit functions of real variables; not looked at beyond one that fails.
    seconds : float
        What an engine may take for one formula.

    Returns
    -------
    dict
        What was found without engines, and the first formula that they do not prove. Of the
        others before it they have been asked: what they said is recalled by whoever decides them.
    """
    asked: list[_Question] = []
    known: dict[Formula, Outcome] = {}
    for formula in formulas:
        before = len(asked)
        outcome = decide_concrete(formula, seconds, partial(_later, asked, formula))
        if len(asked) == before:
            known[formula] = outcome
        if not outcome.proved:
            break
    failed = _settle(asked, seconds)
    if failed is not None:
        ask = partial(_again, [question for question in asked if question.answer])
        known[failed] = decide_concrete(failed, seconds, ask)
    return known


@dataclass
class _Question:
    """What an engine is asked for a formula, and what it says."""

    formula: Formula
    kind: str
    goal: Goal
    answer: Outcome | None = None


def _later(
    asked: list[_Question], formula: Formula, kind: str, goal: Goal, seconds: float
) -> Outcome:
    """Note what an engine is to be asked; what it stands for is no answer."""
    asked.append(_Question(formula, kind, goal))
    return Outcome(Verdict.PROVED, "as an engine will say")


def _again(answered: Sequence[_Question], kind: str, goal: Goal, seconds: float) -> Outcome:
    """Return what an engine has said, which is not recalled where it had no time; or ask it."""
    said = (q.answer for q in answered if q.answer and (q.kind, q.goal) == (kind, goal))
    return next(said, None) or settle(kind, goal, seconds)


def _settle(asked: list[_Question], seconds: float) -> Formula | None:
    """Ask engines until there is a goal that none of those it may be put to proves.

    Return the formula that it belongs to. What they are asked besides is added to the questions.
    """
    left = list(asked)
    while left:
        with closing(settle_all([(q.kind, q.goal) for q in left], seconds)) as answers:
            done = _answered(left, answers)
        if done is None:
            return None
        if not _otherwise(left[done], asked, seconds):
            return left[done].formula
        left = left[done + 1 :]
    return None


def _answered(questions: Sequence[_Question], answers: Iterator[Outcome]) -> int | None:
    """Note the answers up to the first that is no proof, and return its place."""
    for place, (question, answer) in enumerate(zip(questions, answers, strict=True)):
        question.answer = answer
        if not answer.proved:
            return place
    return None


def _otherwise(question: _Question, asked: list[_Question], seconds: float) -> bool:
    """Whether an engine that comes later proves a goal that the first leaves open."""
    goal, answer = question.goal, question.answer
    for kind in engine_order(goal.claim)[1:]:
        if answer is not None and answer.verdict is not Verdict.UNDECIDED:
            break
        answer = settle(kind, goal, seconds)
        asked.append(_Question(question.formula, kind, goal, answer))
    return answer is not None and answer.proved


def decide_together(formulas: Sequence[Formula], seconds: float = ENGINE_SECONDS) -> list[Outcome]:
    """Decide formulas about explicit functions of real variables, in order, in few processes.

    Parameters
    ----------
    formulas : sequence of Formula
        What to decide.
    seconds : float
        What an engine may take for one formula.
    """
    known = decided_ahead(formulas, seconds)
    return [known.get(f) or decide_concrete(f, seconds) for f in formulas]
