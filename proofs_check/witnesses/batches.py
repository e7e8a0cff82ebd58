"""Many small formulas decided in one child process: to start one takes longer than to decide one.

If the child does not come back with all answers, each formula is decided in a child of its own.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from sympy import true

from proofs_check.engines import engine
from proofs_check.engines.guard import guarded
from proofs_check.verdict import Goal, Outcome, Verdict
from proofs_check.witnesses.concrete import ENGINE_SECONDS, decide_concrete
from theory.formulas import Formula

BATCH_SECONDS = 30.0
_KINDS = ("algebra", "polynomial", "ball", "calculus")


def decide_together(
    formulas: Sequence[Formula], seconds: float = ENGINE_SECONDS, limit: float = BATCH_SECONDS
) -> list[Outcome]:
    """Decide formulas about explicit functions of real variables, in order.

    Parameters
    ----------
    formulas : sequence of Formula
        What to decide.
    seconds : float
        What an engine may take for one formula.
    limit : float
        What all may take in one process, before each is tried on its own.
    """

    def decide(goal: Goal, seconds_left: float) -> Outcome:
        found = [decide_concrete(f, min(seconds, seconds_left), _here) for f in formulas]
        text = json.dumps([(o.verdict.value, o.reason) for o in found])
        return Outcome(Verdict.PROVED, "all decided", artefact=text)

    for kind in _KINDS:
        engine(kind)  # loaded here once, and not in every child
    together = guarded(decide, Goal(true), limit)
    if not together.proved:
        return [decide_concrete(formula, seconds) for formula in formulas]
    answers = json.loads(together.artefact)
    return [Outcome(Verdict(verdict), reason) for verdict, reason in answers]


def _here(kind: str, goal: Goal, seconds: float) -> Outcome:
    """Run an engine in this process, which is a child that has a limit of its own."""
    return engine(kind)(goal, seconds)
