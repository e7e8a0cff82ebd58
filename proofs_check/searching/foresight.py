"""Asking engines ahead: what many formulas need is decided in one child process, in order.

To start a process takes longer than most answers. What engines find is recalled when they are
asked again, so that whoever decides the formulas one by one finds the answers there.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing

from proofs_check.engines import settle_all
from proofs_check.verdict import Goal, Outcome, Verdict
from proofs_check.witnesses.concrete import decide_concrete
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
        What was found without engines. The engine that comes first for a formula has been asked
        about the others; another one is left to whoever decides the formula.
    """
    asked: list[tuple[str, Goal]] = []

    def later(kind: str, goal: Goal, limit: float) -> Outcome:
        asked.append((kind, goal))
        return Outcome(Verdict.PROVED, "as an engine will say")

    known: dict[Formula, Outcome] = {}
    for formula in formulas:
        before = len(asked)
        outcome = decide_concrete(formula, seconds, later)
        if len(asked) == before:
            known[formula] = outcome
        if not outcome.proved:
            break
    _settle(asked, seconds)
    return known


def _settle(asked: list[tuple[str, Goal]], seconds: float) -> None:
    if len(asked) < 2:
        return  # nothing to share a process
    with closing(settle_all(asked, seconds)) as answers:
        for outcome in answers:
            if not outcome.proved:
                return
