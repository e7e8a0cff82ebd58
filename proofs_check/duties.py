"""What an applied theorem owes: its premises, for the values it is applied to.

A premise is one of those that the step names, or an engine has to show that it follows from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sympy import Basic, Symbol, true

from proofs_check.engines import settle_all
from proofs_check.premises import GIVEN, UnresolvedUse, goal_for, hidden, open_claim, under
from proofs_check.verdict import Goal, Outcome, Verdict, undecided
from theory.formulas import (
    ForAll,
    Formula,
    canonical,
    free_symbols,
    renamed_apart,
    substitute,
)
from theory.statement import Step


@dataclass(frozen=True)
class Duty:
    """Something that has to follow from the premises a step names.

    Parameters
    ----------
    premise : str
        The premise of the applied theorem that asks for it.
    why : str
        What is amiss where it does not follow: the beginning of a sentence.
    found : Outcome or Goal
        The answer, where the form shows it, or else what an engine has to decide.
    """

    premise: str
    why: str
    found: Outcome | Goal


@dataclass(frozen=True)
class Application:
    """An applied theorem.

    Parameters
    ----------
    claims : mapping
        What it says here, by part.
    duties : callable
        Gives what has to be shown for the claims to hold.
    verdict : Verdict
        What the claims are then: PROVED or CITED.
    """

    claims: Mapping[str, Formula]
    duties: Callable[[], list[Duty]]
    verdict: Verdict

    def outcome(self, duties: Sequence[Duty], answers: Iterator[Outcome]) -> Outcome:
        """Weigh the duties; engines have answered those that are goals, in order."""
        needed: set[str] = set()
        for duty in duties:
            found = duty.found if isinstance(duty.found, Outcome) else next(answers)
            if not found.proved:
                return undecided(f"{duty.why}: {found.reason}", found.artefact)
            needed |= found.needed - {GIVEN}
        met = len({duty.premise for duty in duties})
        reason = f"{met} premises discharged" if met else "no premises"
        return Outcome(self.verdict, reason, frozenset(needed))

    def decided(self, seconds: float) -> Outcome:
        """Have engines decide what is owed, each duty within so many seconds."""
        duties = self.duties()
        with closing(settle_all(goals(duties), seconds)) as answers:
            return self.outcome(duties, answers)


def goals(duties: Iterable[Duty]) -> list[tuple[str, Goal]]:
    """Return what engines are asked, with the kind of engine."""
    return [("polynomial", duty.found) for duty in duties if isinstance(duty.found, Goal)]


def duties(
    step: Step,
    premises: Mapping[str, Formula],
    values: Mapping[Any, Any],
    known: Mapping[str, Formula],
) -> list[Duty]:
    """Return what has to be shown: every substituted premise, and that the values in it exist."""
    found: list[Duty] = []
    for name, formula in premises.items():
        whole = substitute(formula, values)
        wanted = under(step.over, step.given, whole)
        why = f"premise {name!r} of {step.fact} is open, {wanted}"
        met = _as_it_stands(whole, step, known) or _discharged(wanted, step, known)
        found.append(Duty(name, why, met))
        for condition in _existing(formula, values):
            why = f"premise {name!r} of {step.fact} owes {condition}"
            owed = under(step.over, step.given, condition)
            found.append(Duty(name, why, _discharged(owed, step, known)))
    return found


def _as_it_stands(whole: Formula, step: Step, known: Mapping[str, Formula]) -> Outcome | None:
    """Return that a premise is one the step names: it then holds whatever the step assumes."""
    if free_symbols(whole) & set(step.over):
        return None
    target = canonical(whole)
    for use in step.premises:
        if use.name in known and canonical(known[use.name]) == target:
            return Outcome(Verdict.PROVED, f"is {use.name}", frozenset({use.name}))
    return None


def _discharged(wanted: Formula, step: Step, known: Mapping[str, Formula]) -> Outcome | Goal:
    """Return that a substituted premise is one of the step's, or the goal that it follows."""
    if wanted is true:
        return Outcome(Verdict.PROVED, "trivially true")
    target = canonical(wanted)
    for use in step.premises:
        if use.name not in known:
            raise UnresolvedUse(f"uses {use.name!r}, no hypothesis, range or earlier step")
        if canonical(known[use.name]) == target:
            return Outcome(Verdict.PROVED, f"is {use.name}", frozenset({use.name}))
    return goal_for(wanted, step.premises, known, everywhere=True)


def _existing(formula: Formula, values: Mapping[Any, Any]) -> Iterator[Formula]:
    """Yield what a substituted premise hides: the values in it have to exist on its domain."""
    separate = variables_apart(formula, values)
    variables, given, body = open_claim(separate)
    domain = substitute(given, values)
    for condition in hidden(given, values):
        yield under(variables, true, condition)
    for condition in hidden(body, values):
        yield under(variables, domain, condition)


def variables_apart(formula: Formula, values: Mapping[Any, Any]) -> Formula:
    """Rename the bound variables that the values speak of."""
    if not isinstance(formula, ForAll):
        return formula
    free = [v.free_symbols for v in values.values() if isinstance(v, Basic)]
    taken = set().union(*free, values, free_symbols(formula))
    symbols = {s for s in taken if isinstance(s, Symbol)}
    clash = renamed_apart([v for v in formula.variables if v in symbols], symbols)
    variables = tuple(clash.get(v, v) for v in formula.variables)
    return ForAll(variables, substitute(formula.given, clash), substitute(formula.body, clash))
