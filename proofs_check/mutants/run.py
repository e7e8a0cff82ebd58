"""Mutants of many statements, tried in worker processes; each result is kept as it comes."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import get_context

from proofs_check.mutants.score import Score, drawn
from proofs_check.mutants.store import Store, key_of
from proofs_check.mutants.trial import BUDGET, attempt
from proofs_check.mutants.verdicts import Tried
from theory.statement import Mutant, Statement

Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Plan:
    """How mutants are tried.

    Parameters
    ----------
    budget : float
        Processor time per mutant, in seconds.
    sample : int, optional
        How many mutants of each statement; all by default.
    seed : int
        Seed of the sample and of the searches.
    jobs : int
        Worker processes.
    """

    budget: float = BUDGET
    sample: int | None = None
    seed: int = 0
    jobs: int = 1


@dataclass(frozen=True)
class _Job:
    """One mutant of one statement, by their places; small enough to be sent to a worker."""

    statement: int
    mutant: int


# What the workers try. They are forked and inherit it: undefined functions and user modules
# cannot be sent through a pipe.
_RUN: list[tuple[Statement, list[Mutant]]] = []


def scores(
    statements: Sequence[Statement],
    plan: Plan,
    store: Store,
    progress: Progress = lambda id, done: None,
) -> list[Score]:
    """Try the mutants of statements that are not in the store, and return all scores.

    ``progress`` is called with a statement's id and how many of its mutants are done.
    """
    chosen = [drawn(statement, plan.sample, plan.seed) for statement in statements]
    _RUN[:] = [(s, mutants) for s, (_, mutants) in zip(statements, chosen, strict=True)]
    found: dict[_Job, Tried] = {}
    waiting: list[_Job] = []
    for job in _jobs():
        known = store.known(_key(job, plan.seed), plan.budget)
        if known is None:
            waiting.append(job)
        else:
            found[job] = known
            progress(statements[job.statement].id, 1)
    for job, tried in _work(waiting, plan):
        store.keep(_key(job, plan.seed), statements[job.statement].id, tried, plan.budget)
        found[job] = tried
        progress(statements[job.statement].id, 1)
    return [Score(s.id, chosen[i][0], _of(i, found), plan.seed) for i, s in enumerate(statements)]


def count(statements: Sequence[Statement], plan: Plan) -> int:
    """Return how many mutants a plan tries."""
    return sum(len(drawn(s, plan.sample, plan.seed)[1]) for s in statements)


def _jobs() -> Iterator[_Job]:
    for i, (_, mutants) in enumerate(_RUN):
        yield from (_Job(i, j) for j in range(len(mutants)))


def _key(job: _Job, seed: int) -> str:
    statement, mutants = _RUN[job.statement]
    return key_of(statement, mutants[job.mutant], seed)


def _of(statement: int, found: dict[_Job, Tried]) -> tuple[Tried, ...]:
    mine = ((job.mutant, tried) for job, tried in found.items() if job.statement == statement)
    return tuple(tried for _, tried in sorted(mine, key=lambda pair: pair[0]))


def _work(jobs: Sequence[_Job], plan: Plan) -> Iterator[tuple[_Job, Tried]]:
    """Do the jobs, here or in forked workers, and yield what they find as they finish."""
    if plan.jobs <= 1 or len(jobs) <= 1:
        for job in jobs:
            yield job, _try(job, plan)
        return
    # Ctrl-C reaches the workers too; they then end at once and without a word.
    quiet = (signal.SIGINT, signal.SIG_DFL)
    with ProcessPoolExecutor(plan.jobs, get_context("fork"), signal.signal, quiet) as pool:
        running: dict[Future[Tried], _Job] = {}
        rest = iter(jobs)
        try:
            yield from _passed(pool, running, rest, plan)
        finally:  # nothing new is begun when the run is broken off
            pool.shutdown(wait=False, cancel_futures=True)


def _passed(
    pool: ProcessPoolExecutor, running: dict[Future[Tried], _Job], rest: Iterator[_Job], plan: Plan
) -> Iterator[tuple[_Job, Tried]]:
    """Keep the workers busy, one statement after the other: its mutants share most goals."""
    while True:
        while len(running) < 2 * plan.jobs and (job := next(rest, None)) is not None:
            running[pool.submit(_try, job, plan)] = job
        if not running:
            return
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            yield running.pop(future), future.result()


def _try(job: _Job, plan: Plan) -> Tried:
    statement, mutants = _RUN[job.statement]
    tried = attempt(statement, mutants[job.mutant], plan.seed, plan.budget)
    assert tried is not None  # only well-formed mutants are drawn
    return tried
