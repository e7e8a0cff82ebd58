"""Why a step is open: what its engine was asked, what it answered, and what would close it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile

from proofs_check.application import apply_fact, apply_lemma
from proofs_check.chain import STEP_SECONDS, check
from proofs_check.claims import Lookup, claims
from proofs_check.engines import engine
from proofs_check.engines.guard import guarded
from proofs_check.premises import UnresolvedUse, goal_for
from proofs_check.verdict import Goal, Outcome, Verdict, undecided
from theory import registry
from theory.formulas import Formula, canonical, free_symbols, functions_in
from theory.statement import Statement, Step, Use

_FUNCTION = re.compile(r"function (\S+) :[^!\n]*!")  # how the engine calls an undefined function
TRIAL_SECONDS = 1.5
TRIALS_SECONDS = 12.0


@dataclass(frozen=True)
class Explanation:
    """One step, with everything one needs to see why it is open.

    Parameters
    ----------
    step : Step
        The step.
    outcome : Outcome
        What its engine answered.
    claims : mapping
        What the step claims, by part.
    goal : Goal or None
        What the engine was asked; None where the question could not even be put.
    closing : tuple of str
        Premises that the step does not name, any one of which closes it.
    advice : str
        What to try next.
    """

    step: Step
    outcome: Outcome
    claims: Mapping[str, Formula]
    goal: Goal | None
    closing: tuple[str, ...] = ()
    advice: str = ""

    @property
    def model(self) -> str:
        """The engine's model: the premises hold in it and the claim does not."""
        heading, _, rest = self.outcome.artefact.partition("\n")
        if not heading.startswith("; ") or not heading.endswith("model"):
            return ""
        lines = takewhile(lambda line: line.startswith("; "), rest.splitlines())
        kept = (line[2:] for line in lines if not line.startswith("; benchmark"))
        return _FUNCTION.sub(r"\1", "\n".join(kept))

    @property
    def smtlib(self) -> str:
        """The open question as SMT-LIB text, for any solver."""
        lines = self.outcome.artefact.splitlines()
        return "\n".join(line for line in lines if not line.startswith("; "))


class Explainer:
    """Explains the steps of one statement.

    Parameters
    ----------
    statement : Statement
        Whose steps.
    lookup : callable
        From the id of a lemma to its statement.
    seconds : float
        Limit for one step.
    """

    def __init__(
        self,
        statement: Statement,
        lookup: Lookup = registry.statement,
        seconds: float = STEP_SECONDS,
    ) -> None:
        self.statement, self._lookup, self._seconds = statement, lookup, seconds

    def open_steps(
        self, progress: Callable[[str], None] = lambda name: None
    ) -> tuple[list[Step], dict[str, str]]:
        """Check the proof; return the steps not established, and why conclusions are open."""
        report = check(self.statement, self._lookup, self._seconds, progress)
        steps = [s.step for s in report.steps if not s.outcome.verdict.established]
        conclusions = {
            name: report.reasons.get(name, "")
            for name, verdict in report.conclusions.items()
            if not verdict.established
        }
        return steps, conclusions

    def explain(self, step: Step, trials: float = TRIALS_SECONDS) -> Explanation:
        """Decide one step as if those before it held, and look for what would close it.

        Parameters
        ----------
        step : Step
            One of the statement's steps.
        trials : float
            Time for trying further premises.
        """
        known = self._known_before(step)
        outcome, claims = self._decided(step, known, self._seconds)
        explanation = Explanation(step, outcome, claims, _goal(step, known))
        if outcome.verdict.established:
            return replace(explanation, advice=_advice(explanation, ()))
        closing = tuple(self._closing(step, claims, known, trials))
        return replace(explanation, closing=closing, advice=_advice(explanation, closing))

    @cached_property
    def _claims(self) -> dict[str, Formula]:
        return claims(self.statement, self._lookup)

    def _known_before(self, step: Step) -> dict[str, Formula]:
        """Return everything the step may name: hypotheses, ranges, definitions, earlier claims."""
        steps = self.statement.steps
        earlier = {s.name for s in steps[: steps.index(step)]}
        named = {n: c for n, c in self._claims.items() if n.partition(".")[0] in earlier}
        return dict(self.statement.premises) | named

    def _decided(
        self, step: Step, known: Mapping[str, Formula], seconds: float
    ) -> tuple[Outcome, Mapping[str, Formula]]:
        """Return the engine's answer and the step's claims."""
        own = {} if step.claim is None else {"": step.claim}
        try:
            if step.kind == "cited":
                applied = apply_fact(step, known, {})
            elif step.kind == "lemma":
                applied = apply_lemma(step, known, {}, self._lookup)
            else:
                return _by_engine(step, known, seconds), own
            return applied.decided(seconds), applied.claims
        except (UnresolvedUse, registry.UnknownStatement) as error:
            return undecided(str(error)), own

    def _closing(
        self,
        step: Step,
        claimed: Mapping[str, Formula],
        known: Mapping[str, Formula],
        trials: float,
    ) -> Iterator[str]:
        """Try each premise the step does not name, the likeliest first, while time is left."""
        named = {use.name for use in step.premises}
        deadline = time.monotonic() + trials
        targets = {canonical(claim) for claim in claimed.values()}
        for name in _likeliest(claimed, {n: f for n, f in known.items() if n not in named}):
            if time.monotonic() > deadline:
                return
            if canonical(known[name]) in targets:
                continue
            longer = replace(step, uses=(*step.uses, Use(name)))
            if self._decided(longer, known, TRIAL_SECONDS)[0].verdict.established:
                yield name


def _by_engine(step: Step, known: Mapping[str, Formula], seconds: float) -> Outcome:
    assert step.claim is not None
    named = {canonical(known[use.name]) for use in step.premises if use.name in known}
    if canonical(step.claim) in named:
        return undecided("the claim is one of the step's own premises")
    return guarded(engine(step.kind), goal_for(step.claim, step.premises, known), seconds)


def _goal(step: Step, known: Mapping[str, Formula]) -> Goal | None:
    if step.claim is None:
        return None
    try:
        return goal_for(step.claim, step.premises, known)
    except UnresolvedUse:
        return None


def _likeliest(claims: Mapping[str, Formula], candidates: Mapping[str, Formula]) -> list[str]:
    """Return the candidates, those that share most vocabulary with the claim first."""
    wanted = set().union(*(_vocabulary(claim) for claim in claims.values()), set())

    def foreign(name: str) -> tuple[int, int]:
        words = _vocabulary(candidates[name])
        return -len(words & wanted), len(words - wanted)

    return sorted(candidates, key=foreign)


def _vocabulary(formula: Formula) -> set[str]:
    return {str(word) for word in free_symbols(formula) | functions_in(formula)}


def _advice(found: Explanation, closing: tuple[str, ...]) -> str:
    verdict, reason = found.outcome.verdict, found.outcome.reason
    if verdict.established:
        return "Nothing is open."
    if closing:
        return f"Add {' or '.join(map(repr, closing))} to what the step uses: that closes it."
    if verdict is Verdict.REFUTED:
        return (
            "The claim does not follow: at the values above every premise holds and the claim "
            "fails. Correct the claim, or use a premise that excludes these values."
        )
    return _hint(found.step.kind, reason)


_HINTS = (
    (("in time", "gave up"), "Split the step: prove an intermediate inequality or identity first."),
    (("contradictory",), "The premises exclude each other, so the step proves nothing; drop one."),
    (("obligation", "exists"), "Show first, as a step, that what is divided by, rooted or "
     "differentiated is in its domain, and use that step."),
    (("without a value", "points; say which"), "Say where the premise is used: at(name, {...})."),
    (("which is no hypothesis", "no hypothesis, range"), "Correct the name, or move the step "
     "after the one it uses."),
    (("does not follow",), "The model shows how the premises can hold while the claim fails: "
     "name a premise that excludes it, or prove one as a step of its own."),
)  # fmt: skip
_BY_KIND = {
    "algebra": "Multiply the identity out by hand as far as its first difference; put what is "
    "substituted on the way into steps of their own.",
    "ball": "Give the box by range premises, or factor out the term that touches zero.",
    "calculus": "State the derivatives of the inner functions as premises or earlier steps.",
    "cited": "Prove the open premise as a step of its own and name it here.",
    "gram": "Name the norms and inner products that the claim compares as premises.",
    "induction": "State the claim at its start and the step from n to n + 1 separately.",
    "lemma": "Prove the lemma's open hypothesis as a step of its own and name it here.",
    "polynomial": "Name a further premise, or split the claim into smaller steps.",
}


def _hint(kind: str, reason: str) -> str:
    for marks, advice in _HINTS:
        if any(mark in reason for mark in marks):
            return advice
    return _BY_KIND[kind]
