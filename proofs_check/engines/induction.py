"""Induction over an integer: the claim at the start, and from n to n + 1.

The claim's domain, the premise named ``given``, says ``IsInteger(n)`` and n ≥ n₀ with a number n₀:
without the first the claim would speak of n = 1/2 too, where induction shows nothing. Every other
premise that contains n is a recurrence: it is taken to hold for *all* integers n ≥ n₀, and is used
at n₀ in the base, at n and n + 1 in the step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import sympy
from sympy import And, Basic, Ge, Integer, Le, Product, Sum, Symbol
from sympy.logic.boolalg import Boolean

from proofs_check.engines.polynomial import question, settle
from proofs_check.engines.sequences import Peeler, expand_series
from proofs_check.engines.z3_search import Clock
from proofs_check.verdict import Goal, Outcome, Verdict, undecided
from theory.formulas import conjuncts, free_symbols, substitute
from theory.terms import IsInteger

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
        The claim in n; a premise ``given`` that says ``IsInteger(n)`` and n ≥ n₀, and nothing
        else of n; recurrences in n; other premises.
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
        return _at_number(base, induction.variable, induction.start)
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
    domain = list(conjuncts(goal.premises.get(_GIVEN, sympy.true)))
    integers = [part.args[0] for part in domain if isinstance(part, IsInteger)]
    if len(integers) != 1 or not isinstance(integers[0], Symbol):
        return undecided("induction needs a domain that says IsInteger(n), of one symbol n only")
    variable = integers[0]
    starts = [start for part in domain if (start := _start(part, variable)) is not None]
    rest = [p for p in domain if variable not in free_symbols(p)]
    if len(starts) != 1 or len(rest) != len(domain) - 2:
        return undecided(f"the domain may restrict {variable} by {variable} >= number only")
    others = {name: p for name, p in goal.premises.items() if name != _GIVEN}
    for formula in (goal.claim, *others.values()):
        if any(variable in series.bound_symbols for series in formula.atoms(Sum, Product)):
            return undecided(f"a sum binds the induction variable {variable}")
    recurrent = {name: p for name, p in others.items() if variable in free_symbols(p)}
    constant = {name: p for name, p in others.items() if name not in recurrent}
    if rest:
        constant[_GIVEN] = And(*rest)
    return _Induction(variable, starts[0], goal.claim, constant, recurrent)


def _start(part: Boolean, variable: Symbol) -> int | None:
    """Return n₀ where the relation says n ≥ n₀."""
    if not isinstance(part, Ge | Le):
        return None
    greater, less = part.args if isinstance(part, Ge) else reversed(part.args)
    return int(less) if greater == variable and isinstance(less, Integer) else None


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
    domain = And(IsInteger(n), Ge(n, induction.start, evaluate=False))
    fixed = induction.constant.get(_GIVEN, sympy.true)
    premises = {**induction.constant, _GIVEN: And(domain, fixed), **induction.recurrent}
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
            return _at_number(outcome, induction.variable, number)
    return None


def _at_number(outcome: Outcome, variable: Symbol, number: int) -> Outcome:
    return replace(outcome, witness={str(variable): str(number), **outcome.witness})
