"""Real arithmetic: the claim follows because premises and its negation cannot hold together.

A claim is PROVED when Z3 finds the premises with its negation unsatisfiable, every division, root,
logarithm and derivative in it is defined wherever the premises hold, and the premises that are
needed are not contradictory. It is REFUTED only by exact numbers, evaluated again outside Z3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import sympy
from sympy import Implies, Or, Rational, Symbol
from sympy.logic.boolalg import Boolean

from proofs_check.engines.obligations import Existence, existence, obligations
from proofs_check.engines.refutation import counterexample
from proofs_check.engines.z3_search import (
    Answer,
    Clock,
    Encoding,
    contradict,
    minimal,
    satisfiable,
    smtlib,
    status,
)
from proofs_check.engines.z3_terms import TranslationError
from proofs_check.verdict import Goal, Outcome, Verdict, undecided

KIND = "polynomial"

Admissible: TypeAlias = Callable[[Mapping[Symbol, Rational]], Mapping[str, str] | None]


def decide(goal: Goal, seconds: float = 10.0) -> Outcome:
    """Decide a claim of real arithmetic from the premises, within the time given.

    Undefined functions, exp, log and vectors are opaque, with congruence only.

    Parameters
    ----------
    goal : Goal
        Quantifier-free claim and premises. Antecedents of the claim count as premises.
    seconds : float
        Time after which the answer is UNDECIDED.

    Returns
    -------
    Outcome
        PROVED with the premises needed, REFUTED with exact numbers, or UNDECIDED with the reason,
        Z3's model and the open question as SMT-LIB text.
    """
    return settle(question(goal), seconds)


@dataclass(frozen=True)
class Question:
    """What has to be shown for a goal to be proved.

    Parameters
    ----------
    premises : mapping
        By name; the claim's antecedents among them.
    claim : Boolean
        What is left of the claim.
    duties : tuple of (str, Boolean)
        What makes the claim meaningful and has to follow from the premises too, with a reading.
    background : tuple of Boolean
        Facts that hold anyway and need no name.
    added : frozenset of str
        Names of premises that are the claim's own antecedents.
    derivatives : list
        The derivatives the claim speaks of, with the premises that say they exist.
    admissible : callable, optional
        Told exact values for the symbols, what else describes the counterexample, or None where
        these values are not possible.
    """

    premises: Mapping[str, Boolean]
    claim: Boolean
    duties: tuple[tuple[str, Boolean], ...] = ()
    background: tuple[Boolean, ...] = ()
    added: frozenset[str] = frozenset()
    derivatives: list[Existence] = field(default_factory=list)
    admissible: Admissible | None = None


def question(goal: Goal) -> Question:
    """Return what has to be shown: antecedents become premises, partial operations duties."""
    premises, claim = dict(goal.premises), goal.claim
    added: list[str] = []
    while isinstance(claim, Implies):
        name = "antecedent" + "'" * len(added)
        while name in premises:
            name += "'"
        premises[name] = claim.args[0]
        added.append(name)
        claim = claim.args[1]
    derivatives = existence(claim, premises)
    duties = [(str(o), o.condition) for o in obligations(claim)]
    duties += [(f"{d} exists", Or(*c.values())) for d, c in derivatives]
    return Question(premises, claim, tuple(duties), (), frozenset(added), derivatives)


def settle(asked: Question, seconds: float) -> Outcome:
    """Decide a question; see :func:`decide`."""
    for derivative, conditions in asked.derivatives:
        if not conditions:
            return undecided(f"no premise says that the derivative {derivative} exists")
    try:
        targets = [asked.claim, *(condition for _, condition in asked.duties)]
        encoding = Encoding(asked.premises, asked.background, targets)
    except TranslationError as error:
        return undecided(str(error))
    return _decide(asked, encoding, Clock(seconds))


def _decide(asked: Question, encoding: Encoding, clock: Clock) -> Outcome:
    answer = satisfiable(encoding, encoding.names, asked.claim, clock.part(0.7))
    if answer.status != "unsat":
        return _refuted(asked, encoding, clock) or _explain(asked, encoding, answer, clock)
    for duty, condition in asked.duties:
        answer = satisfiable(encoding, encoding.names, condition, clock.part(0.4))
        if answer.status != "unsat":
            return _open(f"the obligation {duty}", condition, answer, encoding)
    needed = _needed(asked, encoding, clock)
    consistent = _consistent(encoding, sorted(needed), clock.part(0.3))
    if consistent == "unsat":
        return undecided(f"contradictory premises: {', '.join(minimal(encoding, None, clock))}")
    reason = "premises and negated claim are unsatisfiable (Z3)"
    if consistent == "unknown":
        reason += "; that the premises can hold together was not decided"
    return Outcome(Verdict.PROVED, reason, frozenset(needed - asked.added))


def _consistent(encoding: Encoding, names: Sequence[str], clock: Clock) -> str:
    if not names:
        return "sat"  # facts that hold anyway do not contradict each other
    return status(encoding, names, None, clock)


def _refuted(asked: Question, encoding: Encoding, clock: Clock) -> Outcome | None:
    if not encoding.free_of_functions:
        return None
    witness = counterexample(asked, clock.part(0.8))
    if witness is None:
        return None
    reason = "all premises hold and the claim fails at these exact numbers"
    return Outcome(Verdict.REFUTED, reason, witness=witness)


def _needed(asked: Question, encoding: Encoding, clock: Clock) -> set[str]:
    needed = set(minimal(encoding, asked.claim, clock.part(0.6)))
    for _, condition in asked.duties:
        if not contradict(encoding, sorted(needed), condition, clock.part(0.1)):
            needed |= set(minimal(encoding, condition, clock.part(0.5)))
    for _, conditions in asked.derivatives:
        needed |= _witnesses(conditions, needed)
    return needed


def _witnesses(conditions: Mapping[str, Boolean], needed: set[str]) -> set[str]:
    """Return the premises that say that a derivative exists, one that is needed anyway first."""
    sure = [name for name, condition in conditions.items() if condition is sympy.true]
    if not sure:
        return set(conditions)
    return {next((name for name in sure if name in needed), sure[0])}


def _explain(asked: Question, encoding: Encoding, answer: Answer, clock: Clock) -> Outcome:
    """Say what is open: an obligation, if one fails; else the claim."""
    for duty, condition in asked.duties:
        owed = satisfiable(encoding, encoding.names, condition, clock.part(0.4))
        if owed.status == "sat":
            return _open(f"the obligation {duty}", condition, owed, encoding)
    return _open("the claim", asked.claim, answer, encoding)


def _open(what: str, target: Boolean, answer: Answer, encoding: Encoding) -> Outcome:
    if answer.model is None:
        return undecided(f"{what} was not decided in time", smtlib(encoding, target))
    model = "\n".join(f"; {line}" for line in str(answer.model).splitlines())
    reason = f"{what} does not follow from the premises in real arithmetic"
    return undecided(reason, f"; Z3's model\n{model}\n{smtlib(encoding, target)}")
