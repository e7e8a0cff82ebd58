"""Induction over an integer: the claim at the start, and from n to n + 1.

The induction variable is the n of the premise named ``given``, which reads n ≥ n₀ with a number
n₀. Every other premise that contains n is a recurrence: it is taken to hold for *all* integers
n ≥ n₀, and is used at n₀ in the base, at n and n + 1 in the step. Nothing else ties n to anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import sympy
from sympy import Basic, Ge, Integer, Le, Symbol
from sympy.logic.boolalg import Boolean

from proofs_check.engines.polynomial import question, settle
from proofs_check.engines.sequences import Peeler, expand_series
from proofs_check.engines.z3_search import Clock
from proofs_check.verdict import Goal, Outcome, Verdict, undecided
from theory.formulas import free_symbols, substitute

KIND = "induction"

_GIVEN = "given"
_TRIALS = 6


@dataclass(frozen=True)
class _Induction:
    """A claim for all n ≥ start, premises without n, and recurrences that hold for all those n."""

    variable: Symbol
    start: int
    claim: Boolean
    constant: Mapping[str, Boolean]
    recurrent: Mapping[str, Boolean]

    def at(self, formula: Boolean, place: Basic) -> Boolean:
        result: Boolean = substitute(formula, {self.variable: place})
        return result


def decide(goal: Goal, seconds: float = 10.0) -> Outcome:
    """Decide a claim about every integer from a start on, by induction.

    Parameters
    ----------
    goal : Goal
        The claim in n; a premise ``given`` that says n ≥ n₀; recurrences in n; other premises.
    seconds : float
        Time after which the answer is UNDECIDED.

    Returns
    -------
    Outcome
        PROVED when base and step are; REFUTED when the claim without undefined functions fails
        at a small n and nothing but ``given`` restricts n.
    """
    clock = Clock(seconds)
    induction = _induction(goal)
    if isinstance(induction, Outcome):
        return induction
    base = _base(induction, induction.start, clock.part(0.3))
    if base.verdict is Verdict.REFUTED and not induction.recurrent:
        return _at_number(base, induction.start)
    if not base.proved:
        return replace(base, verdict=Verdict.UNDECIDED, reason=f"base: {base.reason}", witness={})
    step = _step(induction, clock.part(0.7))
    if not step.proved:
        return _refuted(induction, clock) or replace(
            step, verdict=Verdict.UNDECIDED, reason=f"step: {step.reason}", witness={}
        )
    needed = {name.removesuffix(_NEXT) for name in base.needed | step.needed} | {_GIVEN}
    reason = f"base: {base.reason}; step: {step.reason}"
    return Outcome(Verdict.PROVED, reason, frozenset(needed - {_HYPOTHESIS}))


_NEXT = " at the next integer"
_HYPOTHESIS = "induction hypothesis"


def _induction(goal: Goal) -> _Induction | Outcome:
    given = goal.premises.get(_GIVEN)
    bounds = given.args if isinstance(given, Ge) else None
    if isinstance(given, Le):
        bounds = given.args[1], given.args[0]
    if bounds is None or not isinstance(bounds[0], Symbol) or not isinstance(bounds[1], Integer):
        return undecided("induction needs a premise named 'given' that says n >= number")
    variable, start = bounds
    others = {name: p for name, p in goal.premises.items() if name != _GIVEN}
    for formula in (goal.claim, *others.values()):
        if any(variable in series.bound_symbols for series in formula.atoms(sympy.Sum, sympy.Product)):
            return undecided(f"a sum binds the induction variable {variable}")
    recurrent = {name: p for name, p in others.items() if variable in free_symbols(p)}
    constant = {name: p for name, p in others.items() if name not in recurrent}
    return _Induction(variable, int(start), goal.claim, constant, recurrent)


def _base(induction: _Induction, number: int, clock: Clock) -> Outcome:
    place = Integer(number)
    premises = {**induction.constant}
    premises |= {name: induction.at(p, place) for name, p in induction.recurrent.items()}
    goal = Goal(
        expand_series(induction.at(induction.claim, place)),
        {name: expand_series(p) for name, p in premises.items()},
    )
    return settle(question(goal), clock.left)


def _step(induction: _Induction, clock: Clock) -> Outcome:
    n = induction.variable
    premises = {**induction.constant, _GIVEN: Ge(n, induction.start, evaluate=False)}
    premises |= induction.recurrent
    following = {name + _NEXT: induction.at(p, n + 1) for name, p in induction.recurrent.items()}
    premises |= following | {_HYPOTHESIS: induction.claim}
    claim = induction.at(induction.claim, n + 1)
    peeler = Peeler(n, induction.start, [claim, *premises.values()])
    goal = Goal(peeler.rewrite(claim), {k: peeler.rewrite(p) for k, p in premises.items()})
    return settle(replace(question(goal), background=peeler.facts), clock.left)


def _refuted(induction: _Induction, clock: Clock) -> Outcome | None:
    if induction.recurrent:
        return None
    for number in range(induction.start + 1, induction.start + _TRIALS):
        outcome = _base(induction, number, clock.part(0.3))
        if outcome.verdict is Verdict.REFUTED:
            return _at_number(outcome, number)
    return None


def _at_number(outcome: Outcome, number: int) -> Outcome:
    return replace(outcome, witness={"n": str(number), **outcome.witness})
