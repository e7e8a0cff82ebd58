"""Verification of statements: proof, witness, sharpness, mutants, findings."""

from __future__ import annotations

import gc
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from typing import Any

from proofs_check.chain import ChainReport, check
from proofs_check.engines import decided, recall
from proofs_check.falsify import find_counterexample
from proofs_check.mutants.declared import try_mutant
from proofs_check.proof_data import ProofData
from proofs_check.reporting.findings import StatementReport
from proofs_check.searching.sharpness import sharpnesses
from proofs_check.verdict import Outcome, Verdict
from proofs_check.witnesses.witness import witness
from theory.registry import UnknownStatement
from theory.registry import statement as registered
from theory.statement import Finding, Statement

Progress = Callable[[str, str], None]


@dataclass(frozen=True)
class _Job:
    """One piece of work on one statement; small enough to be sent to a worker."""

    index: int
    phase: str
    item: int = 0


@dataclass
class _Findings:
    """What the workers sent back about one statement."""

    proof: ProofData | None = None
    parts: dict[tuple[str, int], Any] = field(default_factory=dict)
    seconds: float = 0.0


# Terms are made by the million and hardly ever in cycles: garbage is looked for less often.
_COLLECT = (20_000, 20, 20)
_FEW = 4  # batches a worker, below which one may be idle while another has much left to do

# The statements of the run. Workers are forked and inherit them: undefined functions and user
# modules cannot be sent through a pipe.
_RUN: list[Statement] = []


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
    run = _with_lemmas(asked)
    found = {i: _Findings() for i in range(len(run))}
    first = [[_Job(i, "proof")] for i in found]
    for i in range(len(asked)):
        first[i].append(_Job(i, "witness"))
    # The long ones first, or one of them is still running when the rest is done.
    first.sort(key=lambda jobs: -len(run[jobs[0].index].steps))
    for job, result, seconds in _work(run, first, jobs, seed, progress):
        if job.phase == "proof":
            found[job.index].proof = result
        else:
            found[job.index].parts[(job.phase, job.item)] = result
        found[job.index].seconds += seconds
    lookup = partial(_lookup, tuple(run))
    chains = [f.proof.report(run[i], lookup) for i, f in found.items() if f.proof is not None]
    linked = _link(chains)
    rest = [_attempts(i, run[i], linked[i]) for i in range(len(asked))]
    rest.sort(key=lambda jobs: -found[jobs[0].index].seconds)
    for job, result, seconds in _work(run, rest, jobs, seed, progress):
        found[job.index].parts[(job.phase, job.item)] = result
        found[job.index].seconds += seconds
    return [_report(chains[i], linked[i], found[i]) for i in range(len(asked))]


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


def _work(
    run: list[Statement],
    batches: Sequence[Sequence[_Job]],
    workers: int,
    seed: int,
    progress: Progress,
) -> Iterator[tuple[_Job, Any, float]]:
    """Do the jobs, here or in forked workers, and yield what they find as they finish.

    A batch is done by one worker, which reads and decides what its jobs share only once; where
    there are too few of them to keep the workers busy, their jobs are spread.
    """
    _RUN[:] = run
    if len(batches) < _FEW * workers:
        batches = [[job] for batch in batches for job in batch]
    if workers <= 1 or len(batches) <= 1:
        for job in (job for batch in batches for job in batch):
            progress(run[job.index].id, job.phase)
            yield job, *_do(job, seed)
        return
    context = get_context("fork")
    with ProcessPoolExecutor(workers, context, _begin) as pool:
        futures = {pool.submit(_do_all, batch, seed): batch for batch in batches}
        for future in as_completed(futures):
            found, outcomes = future.result()
            recall(outcomes)
            for job, (result, seconds) in zip(futures[future], found, strict=True):
                progress(run[job.index].id, job.phase)
                yield job, result, seconds


def _begin() -> None:
    """Prepare a worker.

    Ctrl-C reaches the workers too; they then end at once and without a word. What a worker
    inherits stays: to look through it for garbage would touch, and so copy, all of it.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.freeze()
    gc.set_threshold(*_COLLECT)


def _do_all(batch: Sequence[_Job], seed: int) -> tuple[list[tuple[Any, float]], dict[str, Outcome]]:
    """Do the jobs of a batch; return what they find, and what engines decided on the way."""
    before = set(decided())
    found = [_do(job, seed) for job in batch]
    return found, {k: v for k, v in decided().items() if k not in before}


def _do(job: _Job, seed: int) -> tuple[Any, float]:
    start = time.perf_counter()
    result = _PHASES[job.phase](_RUN[job.index], job.item, seed)
    return result, time.perf_counter() - start


def _prove(statement: Statement, item: int, seed: int) -> ProofData:
    return ProofData.of(check(statement, lookup=partial(_lookup, _RUN)))


def _lookup(run: Sequence[Statement], id: str) -> Statement:
    """Find a lemma among the statements of the run first: a user's file may rest on its own."""
    for statement in run:
        if statement.id == id:
            return statement
    return registered(id)


_PHASES: dict[str, Callable[[Statement, int, int], Any]] = {
    "proof": _prove,
    "witness": lambda statement, item, seed: witness(statement),
    "mutant": lambda statement, item, seed: try_mutant(statement, statement.mutants[item], seed),
    "sharpness": lambda statement, item, seed: dict(sharpnesses(statement, seed)),
    "counterexample": lambda statement, item, seed: _refutation(statement, seed),
}


def _refutation(statement: Statement, seed: int) -> Any:
    found = find_counterexample(statement, seed=seed, short=True)
    return found[0] if found else None


def _attempts(index: int, statement: Statement, linked: Mapping[str, Verdict]) -> list[_Job]:
    """Return what remains to be tried once the proofs are known."""
    if not all(v.established for v in linked.values()):
        return [_Job(index, "counterexample")]
    jobs = [_Job(index, "mutant", i) for i in range(len(statement.mutants))]
    return [*jobs, _Job(index, "sharpness")]


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


def _report(chain: ChainReport, linked: Mapping[str, Verdict], found: _Findings) -> StatementReport:
    statement = chain.statement
    mutants = {i: r for (p, i), r in found.parts.items() if p == "mutant"}
    reasons = dict(chain.reasons)
    for name, verdict in linked.items():
        if verdict is Verdict.UNDECIDED and chain.conclusions[name].established:
            reasons[name] = f"rests on {', '.join(sorted(chain.lemmas))}, not all established"
    return StatementReport(
        statement,
        chain,
        linked,
        reasons,
        witness=found.parts.get(("witness", 0)),
        sharpness=found.parts.get(("sharpness", 0), {}),
        mutants=tuple(mutants[i] for i in sorted(mutants)),
        counterexample=found.parts.get(("counterexample", 0)),
        findings=tuple(f for f in statement.findings if _shown(f, chain, linked)),
        seconds=found.seconds,
    )


def _shown(finding: Finding, chain: ChainReport, linked: Mapping[str, Verdict]) -> bool:
    """Whether a finding's evidence is there: steps established, hypotheses unused in a proof."""
    if not all(v.established for v in linked.values()):
        return False
    steps = all(chain.step(name).outcome.verdict.established for name in finding.steps)
    return steps and set(finding.unused) <= set(chain.unused_hypotheses)
