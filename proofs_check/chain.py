"""The steps of one statement, in order: each decided from what it names and nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from proofs_check.application import Application, apply_fact, apply_lemma
from proofs_check.engines import settle
from proofs_check.premises import GIVEN, UnresolvedUse, goal_for
from proofs_check.verdict import Outcome, Verdict, undecided
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
    reports = []
    for step in statement.steps:
        progress(step.name)
        report = _decide(step, ledger, lookup, seconds, (decided or {}).get(step.name))
        ledger.record(step, report.claims)
        reports.append(report)
        if stop_when_open and not report.outcome.verdict.established:
            break
    return _conclude(statement, tuple(reports), ledger)


def _decide(
    step: Step,
    ledger: _Ledger,
    lookup: Lookup,
    seconds: float,
    decided: tuple[Outcome, float] | None,
) -> StepReport:
    start = time.perf_counter()
    known, taken = decided if decided is not None else (None, 0.0)
    claims: Mapping[str, Formula] = {} if step.claim is None else {"": step.claim}
    try:
        if step.kind in ("cited", "lemma"):
            applied = _apply(step, ledger, lookup, seconds, known)
            claims, outcome = applied.claims, applied.outcome
        else:
            outcome = known or _by_engine(step, ledger, seconds)
    except UnresolvedUse as error:
        outcome = undecided(str(error))
    outcome = _refuse_restatement(step, claims, ledger, outcome)
    return StepReport(step, outcome, claims, taken or time.perf_counter() - start)


def _apply(
    step: Step, ledger: _Ledger, lookup: Lookup, seconds: float, decided: Outcome | None
) -> Application:
    if step.kind == "cited":
        return apply_fact(step, ledger.known, ledger.introduced, seconds, decided)
    return apply_lemma(step, ledger.known, ledger.introduced, lookup, seconds, decided)


def _by_engine(step: Step, ledger: _Ledger, seconds: float) -> Outcome:
    assert step.claim is not None
    goal = goal_for(step.claim, step.premises, ledger.known)
    outcome = settle(step.kind, goal, seconds)
    return replace(outcome, needed=outcome.needed - {GIVEN})


def _refuse_restatement(
    step: Step, claims: Mapping[str, Formula], ledger: _Ledger, outcome: Outcome
) -> Outcome:
    if step.kind in ("cited", "lemma"):
        return outcome
    premises = {canonical(ledger.known[u.name]) for u in step.premises if u.name in ledger.known}
    if any(canonical(claim) in premises for claim in claims.values()):
        return undecided("the claim is one of the step's own premises")
    return outcome


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
