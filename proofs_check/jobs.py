"""The work that verifying statements is, in pieces, done here or by forked workers."""

from __future__ import annotations

import gc
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Literal

from proofs_check.chain import check
from proofs_check.engines import decided, recall
from proofs_check.falsify import find_counterexample
from proofs_check.mutants.declared import try_mutant
from proofs_check.proof_data import ProofData
from proofs_check.searching.sharpness import sharpnesses
from proofs_check.verdict import Outcome, Verdict
from proofs_check.witnesses.witness import witness
from theory.registry import statement as registered
from theory.statement import Statement

Progress = Callable[[str, str], None]
Phase = Literal["proof", "witness", "mutant", "sharpness", "counterexample"]


@dataclass(frozen=True)
class Job:
    """One piece of work on one statement of a run; small enough to be sent to a worker."""

    index: int
    phase: Phase
    item: int = 0


@dataclass(frozen=True)
class Done:
    """A job, what it found, and the seconds that it took."""

    job: Job
    result: Any
    seconds: float


@dataclass(frozen=True)
class Batch:
    """Jobs of one statement for one worker, which reads and decides only once what they share.

    ``attempts`` says that what can be tried once the statement's proof is known belongs to it.
    """

    jobs: tuple[Job, ...]
    attempts: bool = False


# Terms are made by the million and hardly ever in cycles: garbage is looked for less often.
_COLLECT = (20_000, 20, 20)
_FEW = 4  # batches a worker, below which one may be idle while another has much left to do


class Run:
    """The statements of a run, and those that they rest on."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.statements = tuple(statements)

    def find(self, id: str) -> Statement:
        """Find a lemma among them first: a user's file may rest on its own.

        Raises
        ------
        UnknownStatement
            If it is neither here nor in the registry.
        """
        for statement in self.statements:
            if statement.id == id:
                return statement
        return registered(id)


# The run being worked on. Workers are forked and inherit it: undefined functions and user modules
# cannot be sent through a pipe.
_current = Run(())


def attempts(
    index: int, statement: Statement, conclusions: Mapping[str, Verdict]
) -> tuple[Job, ...]:
    """Return what remains to be tried once the verdicts of a statement's proof are known."""
    if not all(v.established for v in conclusions.values()):
        return (Job(index, "counterexample"),)
    mutants = (Job(index, "mutant", i) for i in range(len(statement.mutants)))
    return (*mutants, Job(index, "sharpness"))


def plenty(batches: int, workers: int) -> bool:
    """Whether there are enough batches to keep workers busy without being spread."""
    return batches >= _FEW * workers


def work(
    run: Run,
    batches: Sequence[Batch],
    workers: int,
    seed: int,
    progress: Progress,
) -> Iterator[Done]:
    """Do the jobs, here or in forked workers, and yield what they find as they finish.

    Parameters
    ----------
    run : Run
        What the jobs' indices refer to.
    batches : sequence of Batch
        What to do. Where there are too few to keep the workers busy, their jobs are spread.
    workers, seed : int
        Processes, and the seed of the searches for counterexamples.
    progress : callable
        Called with a statement's id and phase: here before a job, of workers after it.
    """
    global _current
    _current = run
    if not plenty(len(batches), workers):
        batches = [Batch((job,)) for batch in batches for job in batch.jobs]
    if workers <= 1 or len(batches) <= 1:
        for batch in batches:
            yield from _done(batch, seed, progress)
        return
    with ProcessPoolExecutor(workers, get_context("fork"), _begin) as pool:
        futures = [pool.submit(_all_done, batch, seed) for batch in batches]
        for future in as_completed(futures):
            found, outcomes = future.result()
            recall(outcomes)
            for done in found:
                progress(run.statements[done.job.index].id, done.job.phase)
                yield done


def _begin() -> None:
    """Prepare a worker.

    Ctrl-C reaches the workers too; they then end at once and without a word. What a worker
    inherits stays: to look through it for garbage would touch, and so copy, all of it.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.freeze()
    gc.set_threshold(*_COLLECT)


def _all_done(batch: Batch, seed: int) -> tuple[list[Done], dict[str, Outcome]]:
    """Do the jobs of a batch; return what they find, and what engines decided on the way."""
    before = set(decided())
    found = list(_done(batch, seed, lambda id, phase: None))
    return found, {k: v for k, v in decided().items() if k not in before}


def _done(batch: Batch, seed: int, progress: Progress) -> Iterator[Done]:
    jobs = list(batch.jobs)
    for job in jobs:  # grows by what a proof calls for
        statement = _current.statements[job.index]
        progress(statement.id, job.phase)
        start = time.perf_counter()
        result = _PHASES[job.phase](statement, job.item, seed)
        if batch.attempts and job.phase == "proof":
            jobs += attempts(job.index, statement, result.conclusions)
        yield Done(job, result, time.perf_counter() - start)


def _prove(statement: Statement, item: int, seed: int) -> ProofData:
    return ProofData.of(check(statement, lookup=_current.find))


def _refutation(statement: Statement, seed: int) -> Any:
    found = find_counterexample(statement, seed=seed, short=True)
    return found[0] if found else None


_PHASES: dict[Phase, Callable[[Statement, int, int], Any]] = {
    "proof": _prove,
    "witness": lambda statement, item, seed: witness(statement),
    "mutant": lambda statement, item, seed: try_mutant(statement, statement.mutants[item], seed),
    "sharpness": lambda statement, item, seed: dict(sharpnesses(statement, seed)),
    "counterexample": lambda statement, item, seed: _refutation(statement, seed),
}
