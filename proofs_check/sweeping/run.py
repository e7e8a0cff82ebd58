"""Computing what a sweep's store does not have yet: here, in processes, or on a cluster."""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import theory
from numerics.sweeping.store import Store, sample_keys
from numerics.sweeps import Cell, Sweep
from proofs_check.errors import UserError
from proofs_check.manifest import versions
from proofs_check.sweeping.samples import Row, rows_of

Progress = Callable[[int, int], None]
_SOURCE = (
    "theory/**/*.py",
    "numerics/**/*.py",
    "proofs_check/instance.py",
    "proofs_check/certifying/*.py",
    "proofs_check/sweeping/samples.py",
)
_WAIT = "10s"
_SWEEP: list[Sweep] = []


class Unreachable(UserError):
    """Dask is not installed, or there is no scheduler at the address, or workers are lost."""


@dataclass(frozen=True)
class Task:
    """Some samples of one cell, by their numbers."""

    cell: int
    start: int
    stop: int


@lru_cache(maxsize=1)
def code_fingerprint() -> str:
    """Return a hash of the versions and of the source of everything that computes a row."""
    state = sha256(repr(sorted(versions().items())).encode())
    root = Path(theory.__file__).resolve().parent.parent
    for file in sorted(file for pattern in _SOURCE for file in root.glob(pattern)):
        state.update(file.read_bytes())
    return state.hexdigest()


def complete(
    sweep: Sweep, store: Store, jobs: int, scheduler: str | None, progress: Progress
) -> None:
    """Compute the samples that the store lacks.

    Parameters
    ----------
    sweep : Sweep
        What to compute.
    store : Store
        Where every row is kept as soon as it is there.
    jobs : int
        Processes.
    scheduler : str or None
        Address of a Dask scheduler, to be used instead.
    progress : callable
        Called with the numbers of samples there and in all.

    Raises
    ------
    Unreachable
        If the scheduler cannot be used, or a worker is lost.
    """
    there, tasks, keys = 0, [], []
    for i, cell in enumerate(sweep.cells()):
        keys.append(sample_keys(cell, code_fingerprint()))
        present = store.present(keys[i])
        there += len(present)
        chunks = (c for c in cell.chunks if not present.issuperset(keys[i][c.start : c.stop]))
        tasks += [Task(i, chunk.start, chunk.stop) for chunk in chunks]
    total = sweep.samples * len(keys)
    progress(there, total)
    with closing(_computed(sweep, tasks, jobs, scheduler)) as computed:
        for task, rows in computed:
            named = dict(zip(keys[task.cell][task.start : task.stop], rows, strict=True))
            there += len(named) - len(store.present(list(named)))
            store.add(named)
            progress(there, total)


def kept_rows(cell: Cell, store: Store) -> list[Row]:
    """Return all rows of a cell that is complete."""
    keys = sample_keys(cell, code_fingerprint())
    known = store.known(keys)
    return [known[key] for key in keys]


def _computed(
    sweep: Sweep, tasks: Sequence[Task], jobs: int, scheduler: str | None
) -> Generator[tuple[Task, list[Row]], None, None]:
    if scheduler is not None:
        yield from _on_cluster(sweep, tasks, scheduler)
    elif jobs > 1 and len(tasks) > 1:
        yield from _in_processes(sweep, tasks, min(jobs, len(tasks)))
    else:
        for task in tasks:
            yield task, work(sweep, task)


def work(sweep: Sweep, task: Task) -> list[Row]:
    """Compute the rows of a task."""
    cell = next(c for i, c in enumerate(sweep.cells()) if i == task.cell)
    return rows_of(cell, range(task.start, task.stop))


def _begin(sweep: Sweep) -> None:
    """Prepare a worker; Ctrl-C is for the parent, which lets it finish its task."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _SWEEP[:] = [sweep]


def _work_here(task: Task) -> list[Row]:
    return work(_SWEEP[0], task)


def _in_processes(
    sweep: Sweep, tasks: Sequence[Task], jobs: int
) -> Iterator[tuple[Task, list[Row]]]:
    pool = ProcessPoolExecutor(jobs, get_context("fork"), _begin, (sweep,))
    try:
        waiting = {pool.submit(_work_here, task): task for task in tasks}
        for future in as_completed(waiting):
            yield waiting[future], future.result()
    except BrokenProcessPool as problem:
        raise Unreachable("a worker ended, for want of memory perhaps: try --jobs 1") from problem
    finally:  # a second shutdown would take the cancellation back
        pool.shutdown(wait=True, cancel_futures=True)


def _on_cluster(
    sweep: Sweep, tasks: Sequence[Task], address: str
) -> Iterator[tuple[Task, list[Row]]]:
    distributed, client = _client(address)
    with client, client.as_current():
        if set(_workers_code(client)) != {code_fingerprint()}:
            raise Unreachable(f"--scheduler {address}: its workers run another kurdyka, or none")
        shared = client.scatter(sweep, broadcast=True)
        waiting = {client.submit(work, shared, task, pure=False): task for task in tasks}
        try:
            for future in distributed.as_completed(list(waiting)):
                yield waiting[future], future.result()
        except distributed.KilledWorker as problem:
            raise Unreachable(f"--scheduler {address}: its workers die at this sweep") from problem
        finally:
            client.cancel(list(waiting))


def _workers_code(client: Any) -> list[str]:
    """Return the fingerprint of the code that each worker has; empty where one has none."""
    found = client.run(code_fingerprint, on_error="return")
    return [code if isinstance(code, str) else "" for code in found.values()]


def _client(address: str) -> tuple[Any, Any]:
    check_scheduler(address)
    import distributed

    try:
        return distributed, distributed.Client(address, timeout=_WAIT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as problem:
        raise Unreachable(f"--scheduler {address}: no Dask scheduler answers there") from problem


def check_scheduler(address: str | None) -> None:
    """Refuse a scheduler before any work is done for it, if Dask is not installed.

    Raises
    ------
    Unreachable
        If it is not.
    """
    if address is not None and find_spec("distributed") is None:
        raise Unreachable("--scheduler needs Dask: pip install 'kurdyka[dask]'")
