"""One contender on one case, in a process of its own: prints a line of JSON."""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time

import numpy as np

from benchmarks.cases import SIZES, Case
from benchmarks.contenders import CONTENDERS

_ENOUGH = 2.0  # seconds of processor time after which no repetition is needed
_REPEATS = 9


def peak_megabytes() -> float:
    """Return this process's largest resident memory so far."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def reference(case: Case) -> list[float]:
    """Return the residual at the horizon by an independent solver at the smallest tolerance."""
    from benchmarks import contenders

    contenders.RTOL, contenders.ATOL = 1e-12, 1e-14
    return [float(v) for v in contenders.hidden_scipy(case)()[0]]


def measure(name: str, case: Case) -> dict[str, object]:
    """Run a contender until its processor time is known to a few per cent."""
    solve = CONTENDERS[name].prepare(case)
    before, times = peak_megabytes(), []
    while not times or (sum(times) < _ENOUGH and len(times) < _REPEATS):
        start = time.process_time()
        residual, evaluations = solve()
        times.append(time.process_time() - start)
    return {
        "seconds": statistics.median(times),
        "evaluations": evaluations,
        "residual": [float(v) for v in residual],
        "megabytes": peak_megabytes() - before,
        "bandwidth": bandwidth(),
    }


def bandwidth() -> float:
    """Return how many bytes a second one core reads from memory."""
    array = np.ones(2**25)
    times = []
    for _ in range(3):
        start = time.process_time()
        array.sum()
        times.append(time.process_time() - start)
    return float(array.nbytes / min(times))


def main(name: str, size: str, train: str, condition: str, budget: str) -> None:
    """Run within a budget of processor time, and print."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(budget), int(budget) + 5))
    case = Case(*SIZES[size], condition=float(condition), train=train)
    found = {"residual": reference(case)} if name == "reference" else measure(name, case)
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
