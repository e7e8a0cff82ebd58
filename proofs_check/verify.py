"""Verification of statements: proof, witness, sharpness, mutants, findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from proofs_check.chain import ChainReport
from proofs_check.jobs import Batch, Job, Phase, Progress, Run, attempts, plenty, work
from proofs_check.reporting.findings import StatementReport
from proofs_check.verdict import Verdict
from theory.registry import UnknownStatement
from theory.registry import statement as registered
from theory.statement import Finding, Statement


def verify(
    statements: Iterable[Statement],
    jobs: int = 1,
    seed: int = 0,
    progress: Progress = lambda id, phase: None,
) -> list[StatementReport]:
    """Verify statements, and the lemmas they rest on.

    Parameters
    ----------
    statements : iterable of Statement
        What to verify.
    jobs : int
        Worker processes.
    seed : int
        Seed of the searches for counterexamples.
    progress : callable
        Called with a statement's id and what is being done to it.

    Returns
    -------
    list of StatementReport
        One for each statement asked for, in order.
    """
    asked = list(statements)
    run = Run(_with_lemmas(asked))
    found: dict[Job, Any] = {}
    seconds = [0.0] * len(run.statements)

    def do(batches: Sequence[Batch]) -> None:
        for done in work(run, batches, jobs, seed, progress):
            found[done.job] = done.result
            seconds[done.job.index] += done.seconds

    do(_proofs(run.statements, len(asked), whole=plenty(len(asked), jobs)))
    chains = [found[Job(i, "proof")].report(s, run.find) for i, s in enumerate(run.statements)]
    linked = _link(chains)
    wanted = [attempts(i, s, linked[i]) for i, s in enumerate(asked)]
    left = [Batch(tuple(job for job in attempted if job not in found)) for attempted in wanted]
    do(sorted((batch for batch in left if batch.jobs), key=lambda b: len(b.jobs), reverse=True))
    reports = []
    for i, attempted in enumerate(wanted):
        results = [(job, found[job]) for job in (Job(i, "witness"), *attempted)]
        reports.append(_report(chains[i], linked[i], results, seconds[i]))
    return reports


def _proofs(run: Sequence[Statement], asked: int, whole: bool) -> list[Batch]:
    """Return the proofs of a run, with the witnesses of what is asked for, or all of it.

    The long ones come first, or one of them is still running when the rest is done.
    """
    order = sorted(range(len(run)), key=lambda i: -len(run[i].steps))
    batches = {i: Batch((Job(i, "proof"),)) for i in order}
    for i in range(asked):
        batches[i] = Batch((Job(i, "proof"), Job(i, "witness")), attempts=whole)
    return list(batches.values())


def _with_lemmas(asked: Sequence[Statement]) -> list[Statement]:
    """Return the statements, followed by every registered statement they use, once each."""
    run, names = list(asked), {s.id for s in asked}
    for statement in run:
        for step in statement.steps:
            id = step.fact.partition(".")[0]
            if step.kind != "lemma" or id in names:
                continue
            try:
                run.append(registered(id))
            except UnknownStatement:
                continue  # the step itself reports that there is no such lemma
            names.add(id)
    return run


def _link(chains: Sequence[ChainReport]) -> list[dict[str, Verdict]]:
    """Return the conclusions' verdicts, taking back those that rest on a lemma not established.

    A circle of lemmas never becomes established: a verdict is granted only after those it needs.
    """
    by_id = {c.statement.id: c for c in chains}
    granted: set[str] = set()
    while True:
        new = {
            c.statement.id
            for c in chains
            if c.statement.id not in granted
            and c.verdict.established
            and all(lemma.partition(".")[0] in granted for lemma in c.lemmas)
        }
        if not new:
            break
        granted |= new
    return [_granted(c, granted, by_id) for c in chains]


def _granted(
    chain: ChainReport, granted: set[str], by_id: Mapping[str, ChainReport]
) -> dict[str, Verdict]:
    if all(lemma.partition(".")[0] in granted for lemma in chain.lemmas):
        return dict(chain.conclusions)
    return dict.fromkeys(chain.conclusions, Verdict.UNDECIDED)


def _report(
    chain: ChainReport,
    linked: Mapping[str, Verdict],
    found: Iterable[tuple[Job, Any]],
    seconds: float,
) -> StatementReport:
    statement = chain.statement
    results: dict[Phase, list[Any]] = {}
    for job, result in found:
        results.setdefault(job.phase, []).append(result)
    reasons = dict(chain.reasons)
    for name, verdict in linked.items():
        if verdict is Verdict.UNDECIDED and chain.conclusions[name].established:
            reasons[name] = f"rests on {', '.join(sorted(chain.lemmas))}, not all established"
    return StatementReport(
        statement,
        chain,
        linked,
        reasons,
        witness=results["witness"][0],
        sharpness=results.get("sharpness", [{}])[0],
        mutants=tuple(results.get("mutant", [])),
        counterexample=results.get("counterexample", [None])[0],
        findings=tuple(f for f in statement.findings if _shown(f, chain, linked)),
        seconds=seconds,
    )


def _shown(finding: Finding, chain: ChainReport, linked: Mapping[str, Verdict]) -> bool:
    """Whether a finding's evidence is there: steps established, hypotheses unused in a proof."""
    if not all(v.established for v in linked.values()):
        return False
    steps = all(chain.step(name).outcome.verdict.established for name in finding.steps)
    return steps and set(finding.unused) <= set(chain.unused_hypotheses)
