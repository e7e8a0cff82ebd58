"""The steps of one statement, in order: each decided from what it names and nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial

from proofs_check.application import apply_fact, apply_lemma
from proofs_check.duties import Application, goals
from proofs_check.engines import settle_all
from proofs_check.premises import GIVEN, UnresolvedUse, goal_for
from proofs_check.verdict import Goal, Outcome, Verdict, undecided
from theory.formulas import Formula, canonical
from theory.registry import statement as registered
from theory.statement import Statement, Step

Lookup = Callable[[str], Statement]
STEP_SECONDS = 20.0


@dataclass(frozen=True)
class StepReport:
    """One step, decided."""

    step: Step
    outcome: Outcome
    claims: Mapping[str, Formula]
    seconds: float

    @property
    def name(self) -> str:
        """The step's name."""
        return self.step.name

    @property
    def superfluous(self) -> tuple[str, ...]:
        """Premises the step names but does not need."""
        if not self.outcome.verdict.established:
            return ()
        named = dict.fromkeys(use.name for use in self.step.premises)
        return tuple(n for n in named if n not in self.outcome.needed)


@dataclass(frozen=True)
class ChainReport:
    """A statement's proof, decided step by step.

    ``lemmas`` are the conclusions of other statements it rests on, still to be linked.
    """

    statement: Statement
    steps: tuple[StepReport, ...]
    conclusions: Mapping[str, Verdict]
    reasons: Mapping[str, str]
    used: frozenset[str]
    lemmas: frozenset[str] = frozenset()

    @property
    def unused_hypotheses(self) -> tuple[str, ...]:
        """Hypotheses that no step on the way to a conclusion needs."""
        return tuple(h.name for h in self.statement.hypotheses if h.name not in self.used)

    @property
    def unused_steps(self) -> tuple[str, ...]:
        """Steps that no conclusion and no finding needs."""
        return tuple(s.name for s in self.steps if s.name not in self.used)

    @property
    def cited(self) -> tuple[str, ...]:
        """Facts of the trusted base that the proof rests on."""
        facts = (s.step.fact for s in self.steps if s.step.kind == "cited" and s.name in self.used)
        return tuple(dict.fromkeys(facts))

    @property
    def verdict(self) -> Verdict:
        """PROVED when every conclusion is established, else UNDECIDED."""
        verdicts = set(self.conclusions.values())
        if verdicts == {Verdict.CITED}:
            return Verdict.CITED
        return Verdict.PROVED if all(v.established for v in verdicts) else Verdict.UNDECIDED

    def step(self, name: str) -> StepReport:
        """Return the report of one step."""
        return next(s for s in self.steps if s.name == name)


@dataclass
class _Ledger:
    """What has been claimed so far, and by which step."""

    known: dict[str, Formula]
    owner: dict[str, str] = field(default_factory=dict)
    introduced: dict[str, str] = field(default_factory=dict)

    def record(self, step: Step, claims: Mapping[str, Formula]) -> None:
        for part, claim in claims.items():
            name = f"{step.name}.{part}" if part else step.name
            self.known[name] = claim
            self.owner[name] = step.name


def check(
    statement: Statement,
    lookup: Lookup = registered,
    seconds: float = STEP_SECONDS,
    progress: Callable[[str], None] = lambda name: None,
    decided: Mapping[str, tuple[Outcome, float]] | None = None,
    stop_when_open: bool = False,
) -> ChainReport:
    """Decide every step of a statement.

    A step whose engine gives up does not stop the others: they are checked as if it held, and
    the conclusions that rest on it are not established.

    Parameters
    ----------
    statement : Statement
        What to check.
    lookup : callable
        From the id of a lemma to its statement.
    seconds : float
        Hard limit for one step.
    progress : callable
        Called with the name of each step before it is decided.
    decided : mapping, optional
        Outcomes and times of steps that another process has decided for this statement.
    stop_when_open : bool
        Whether to leave the rest undecided once a step is open: enough to see a proof fail.
    """
    ledger = _Ledger(dict(statement.premises))
    planned = (
        _plan(step, ledger, lookup, (decided or {}).get(step.name)) for step in statement.steps
    )
    reports: list[StepReport] = []
    # All goals are put at once; where the first failure is all that counts, one step's at a time.
    for plans in ([plan] for plan in planned) if stop_when_open else [list(planned)]:
        reports += _decided(plans, seconds, progress)
        if stop_when_open and not reports[-1].outcome.verdict.established:
            break
    return _conclude(statement, tuple(reports), ledger)


@dataclass(frozen=True)
class _Plan:
    """A step with its claims, what engines have to decide, and how their answers are weighed."""

    step: Step
    claims: Mapping[str, Formula]
    weigh: Callable[[Iterator[Outcome]], Outcome]
    goals: Sequence[tuple[str, Goal]] = ()
    seconds: float = 0.0


def _plan(
    step: Step, ledger: _Ledger, lookup: Lookup, decided: tuple[Outcome, float] | None
) -> _Plan:
    """Compute a step's claims and goals: neither depends on whether earlier steps were proved."""
    claims: Mapping[str, Formula] = {} if step.claim is None else {"": step.claim}
    try:
        if step.kind in ("cited", "lemma"):
            plan = _application(step, _apply(step, ledger, lookup), decided)
        elif _restates(step, claims, ledger):
            plan = _open(step, claims, "the claim is one of the step's own premises")
        elif decided is not None:
            plan = _Plan(step, claims, lambda answers: decided[0], seconds=decided[1])
        else:
            plan = _by_engine(step, claims, ledger)
    except UnresolvedUse as error:
        plan = _open(step, claims, str(error))
    ledger.record(step, plan.claims)
    return plan


def _open(step: Step, claims: Mapping[str, Formula], reason: str) -> _Plan:
    return _Plan(step, claims, lambda answers: undecided(reason))


def _application(step: Step, applied: Application, decided: tuple[Outcome, float] | None) -> _Plan:
    if decided is not None:
        return _Plan(step, applied.claims, lambda answers: decided[0], seconds=decided[1])
    duties = applied.duties()
    return _Plan(step, applied.claims, partial(applied.outcome, duties), goals(duties))


def _apply(step: Step, ledger: _Ledger, lookup: Lookup) -> Application:
    if step.kind == "cited":
        return apply_fact(step, ledger.known, ledger.introduced)
    return apply_lemma(step, ledger.known, ledger.introduced, lookup)


def _by_engine(step: Step, claims: Mapping[str, Formula], ledger: _Ledger) -> _Plan:
    assert step.claim is not None
    goal = goal_for(step.claim, step.premises, ledger.known)
    return _Plan(step, claims, _as_answered, [(step.kind, goal)])


def _as_answered(answers: Iterator[Outcome]) -> Outcome:
    outcome = next(answers)
    return replace(outcome, needed=outcome.needed - {GIVEN})


def _restates(step: Step, claims: Mapping[str, Formula], ledger: _Ledger) -> bool:
    premises = {canonical(ledger.known[u.name]) for u in step.premises if u.name in ledger.known}
    return any(canonical(claim) in premises for claim in claims.values())


def _decided(
    plans: Sequence[_Plan], seconds: float, progress: Callable[[str], None]
) -> Iterator[StepReport]:
    asked = [goal for plan in plans for goal in plan.goals]
    with closing(settle_all(asked, seconds)) as answers:
        for plan in plans:
            progress(plan.step.name)
            start = time.perf_counter()
            own = iter([next(answers) for _ in plan.goals])
            outcome = plan.weigh(own)
            taken = plan.seconds or time.perf_counter() - start
            yield StepReport(plan.step, outcome, plan.claims, taken)


def _conclude(
    statement: Statement, reports: tuple[StepReport, ...], ledger: _Ledger
) -> ChainReport:
    by_name = {r.name: r for r in reports}
    earned = {canonical(c): r.name for r in reversed(reports) for c in r.claims.values()}
    verdicts, reasons, used = {}, {}, set[str]()
    for name, formula in statement.conclusions.items():
        last = earned.get(canonical(formula))
        if last is None:
            verdicts[name] = Verdict.UNDECIDED
            reasons[name] = "no step claims it"
            continue
        support = _support(last, by_name, ledger.owner)
        used |= support
        verdicts[name], reasons[name] = _weigh(support, by_name)
    for finding in statement.findings:
        for step in finding.steps:
            used |= _support(step, by_name, ledger.owner)
    lemmas = {r.step.fact for r in reports if r.step.kind == "lemma" and r.name in used}
    return ChainReport(statement, reports, verdicts, reasons, frozenset(used), frozenset(lemmas))


def _support(step: str, by_name: Mapping[str, StepReport], owner: Mapping[str, str]) -> set[str]:
    """Return the step, and every hypothesis and step its claim needs, directly or not."""
    found: set[str] = set()
    open_names = [step]
    while open_names:
        name = open_names.pop()
        name = owner.get(name, name)
        if name in found:
            continue
        found.add(name)
        report = by_name.get(name)
        if report is None:
            continue
        proved = report.outcome.verdict.established
        open_names += report.outcome.needed if proved else [u.name for u in report.step.premises]
    return found


def _weigh(support: set[str], by_name: Mapping[str, StepReport]) -> tuple[Verdict, str]:
    steps = [by_name[name] for name in support if name in by_name]
    open_steps = [s for s in steps if not s.outcome.verdict.established]
    if open_steps:
        first = open_steps[0]
        return Verdict.UNDECIDED, f"step {first.name}: {first.outcome.reason}"
    if all(s.outcome.verdict is Verdict.CITED for s in steps):
        return Verdict.CITED, "taken from the trusted base"
    return Verdict.PROVED, f"{len(steps)} steps"
