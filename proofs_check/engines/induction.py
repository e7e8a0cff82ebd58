"""Induction over an integer: the claim at the start, and from n to n + 1.

The claim's domain, the premise named ``given``, says ``IsInteger(n)``, n ≥ n₀ with a number n₀,
and perhaps n ≤ k: without the first the claim would speak of n = 1/2 too, where induction shows
nothing. Every other premise that contains n is a recurrence: it is taken to hold for *all* integers
of the domain, and is used at n₀ in the base, at n and n + 1 in the step, where n + 1 ≤ k.

A claim about a derivative is calculus's in base and step, any other real arithmetic's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import sympy
from sympy import And, Basic, Eq, Ge, Implies, Integer, Le, Or, Product, Sum, Symbol
from sympy.logic.boolalg import Boolean

from proofs_check.engines import calculus
from proofs_check.engines.polynomial import question, settle
from proofs_check.engines.sequences import Peeler, expand_series
from proofs_check.engines.z3_search import Clock
from proofs_check.verdict import Goal, Outcome, Verdict, undecided
from theory.formulas import conjuncts, free_symbols, substitute
from theory.terms import Deriv, IsInteger

KIND = "induction"

_GIVEN = "given"
_TRIALS = 6


@dataclass(frozen=True)
class _Induction:
    """A claim for start ≤ n ≤ end, premises without n, recurrences that hold for all those n."""

    variable: Symbol
    start: int
    end: Basic | None
    claim: Boolean
    constant: Mapping[str, Boolean]
    recurrent: Mapping[str, Boolean]

    def at(self, formula: Boolean, place: Basic) -> Boolean:
        result: Boolean = substitute(formula, {self.variable: place})
        return result

    def reaches(self, place: Basic) -> Boolean:
        """Say that the domain does not end before a place."""
        end: Boolean = sympy.true if self.end is None else Ge(self.end, place, evaluate=False)
        return end


def decide(goal: Goal, seconds: float = 10.0) -> Outcome:
    """Decide a claim about every integer from a start on, by induction.

    Parameters
    ----------
    goal : Goal
        The claim in n; a premise ``given`` that says ``IsInteger(n)``, n ≥ n₀ and at most n ≤ k
        besides of n; recurrences in n; other premises.
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
    ends = [end for part in domain if (end := _end(part, variable)) is not None]
    rest = [p for p in domain if variable not in free_symbols(p)]
    if len(starts) != 1 or len(ends) > 1 or len(rest) + len(ends) != len(domain) - 2:
        return undecided(f"the domain may restrict {variable} by number <= {variable} <= end only")
    others = {name: p for name, p in goal.premises.items() if name != _GIVEN}
    for formula in (goal.claim, *others.values()):
        if any(variable in series.bound_symbols for series in formula.atoms(Sum, Product)):
            return undecided(f"a sum binds the induction variable {variable}")
    recurrent = {name: p for name, p in others.items() if variable in free_symbols(p)}
    constant = {name: p for name, p in others.items() if name not in recurrent}
    if rest:
        constant[_GIVEN] = And(*rest)
    end = ends[0] if ends else None
    return _Induction(variable, starts[0], end, goal.claim, constant, recurrent)


def _start(part: Boolean, variable: Symbol) -> int | None:
    """Return n₀ where the relation says n ≥ n₀."""
    if not isinstance(part, Ge | Le):
        return None
    greater, less = part.args if isinstance(part, Ge) else reversed(part.args)
    return int(less) if greater == variable and isinstance(less, Integer) else None


def _end(part: Boolean, variable: Symbol) -> Basic | None:
    """Return k where the relation says n ≤ k, and k does not depend on n."""
    if not isinstance(part, Ge | Le):
        return None
    greater, less = part.args if isinstance(part, Ge) else reversed(part.args)
    return greater if less == variable and variable not in greater.free_symbols else None


def _base(induction: _Induction, number: int, clock: Clock) -> Outcome:
    place = Integer(number)
    premises = {**induction.constant}
    premises |= {name: induction.at(p, place) for name, p in induction.recurrent.items()}
    if induction.end is not None:
        premises[_GIVEN] = And(induction.reaches(place), premises.get(_GIVEN, sympy.true))
    goal = Goal(
        expand_series(induction.at(induction.claim, place)),
        {name: expand_series(p) for name, p in premises.items()},
    )
    return _by_engine(goal, (), clock)


def _step(induction: _Induction, clock: Clock) -> Outcome:
    n = induction.variable
    domain = And(IsInteger(n), Ge(n, induction.start, evaluate=False), induction.reaches(n + 1))
    fixed = induction.constant.get(_GIVEN, sympy.true)
    premises = {**induction.constant, _GIVEN: And(domain, fixed), **induction.recurrent}
    following = {name + _NEXT: induction.at(p, n + 1) for name, p in induction.recurrent.items()}
    premises |= following | {_HYPOTHESIS: induction.claim}
    claim = induction.at(induction.claim, n + 1)
    peeler = Peeler(n, induction.start, [claim, *premises.values()])
    goal = Goal(peeler.rewrite(claim), {k: peeler.rewrite(p) for k, p in premises.items()})
    return _by_engine(goal, (*peeler.facts, *_between(n, [claim, *premises.values()])), clock)


def _by_engine(goal: Goal, background: tuple[Boolean, ...], clock: Clock) -> Outcome:
    parts = conjuncts(goal.claim)
    if parts and all(isinstance(p, Eq) and isinstance(p.lhs, Deriv) for p in parts):
        return calculus.decide(goal, clock.left)
    return settle(replace(question(goal), background=background), clock.left)


def _between(n: Symbol, formulas: Iterable[Boolean]) -> list[Boolean]:
    """Return that no integer of which the formulas speak lies between n and n + 1."""
    spoken = {p.args[0] for f in formulas for p in f.atoms(IsInteger)} - {n}
    others = sorted((m for m in spoken if isinstance(m, Symbol)), key=str)
    return [
        Implies(
            And(IsInteger(m), IsInteger(n)),
            Or(Le(m, n, evaluate=False), Ge(m, n + 1, evaluate=False)),
            evaluate=False,
        )
        for m in others
    ]


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
