"""One contender on one case, in a process of its own: prints a line of JSON."""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from dataclasses import asdict, dataclass

from benchmarks.cases import SIZES, Array, Case
from benchmarks.contenders import CONTENDERS, OURS, Solve, hidden_scipy
from benchmarks.floors import beyond, floors, parts

_ENOUGH = 2.0  # seconds of processor time after which no repetition is needed
_REPEATS = 9
_FIRST_SHARE = 1e-4  # of the horizon
_CAUTION = 1.5  # times the fewest evaluations are expected
_GRACE = 3.0  # times the limit: then the process is stopped


@dataclass(frozen=True)
class Measured:
    """What one contender did.

    Parameters
    ----------
    seconds, evaluations : float
        Processor time and evaluations for the whole horizon, extrapolated where ``share`` < 1.
    share : float
        The part of the horizon that was integrated.
    residual : list of float
        y − y(T) there.
    megabytes : float
        Growth of the largest resident memory, the problem's own arrays apart.
    floors : dict of float
        Seconds for each evaluation (see ``floors``), and for ours those of its parts.
    """

    seconds: float
    evaluations: float
    share: float
    residual: list[float]
    megabytes: float
    floors: dict[str, float]


def peak_megabytes() -> float:
    """Return this process's largest resident memory so far."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def reference(case: Case) -> list[float]:
    """Return the residual at the horizon by an independent solver at the smallest tolerance."""
    return [float(v) for v in hidden_scipy(case, 1e-12, 1e-14)(case.horizon)[0]]


@dataclass(frozen=True)
class Trial:
    """A run up to a share of the horizon."""

    share: float
    seconds: float
    evaluations: int
    residual: Array

    @staticmethod
    def of(solve: Solve, horizon: float, share: float) -> Trial:
        """Run it."""
        start = time.process_time()
        residual, evaluations = solve(share * horizon)
        return Trial(share, time.process_time() - start, evaluations, residual)


def extrapolated(trials: list[Trial], fewest: float) -> tuple[float, float]:
    """Return seconds and evaluations for the whole horizon.

    What is left takes evaluations as the last trial did since the one before, but no more than
    stability needs (``Case.fewest``): the beginning takes shorter steps than the rest. Too few
    are in favour of the contender.
    """
    before, last = trials[-2:] if len(trials) > 1 else (trials[0], trials[0])
    rate = fewest
    if last.evaluations > before.evaluations:
        rate = min(fewest, (last.evaluations - before.evaluations) / (last.share - before.share))
    evaluations = last.evaluations + (1 - last.share) * max(rate, 0.0)
    return last.seconds / last.evaluations * evaluations, evaluations


def tried(solve: Solve, case: Case, limit: float) -> list[Trial]:
    """Run up to a small share of the horizon, then as far as fits into ``limit`` seconds."""
    horizon, steady = case.horizon, _CAUTION * case.fewest
    first = Trial.of(solve, horizon, _FIRST_SHARE)
    affordable = (limit - first.seconds) * first.evaluations / max(first.seconds, 1e-9)
    share = min(1.0, (affordable - first.evaluations) / steady)
    if share < 2 * _FIRST_SHARE:
        return [first]
    return [first, Trial.of(solve, horizon, share)]


def measure(name: str, case: Case, limit: float) -> Measured:
    """Run a contender, several times where that is quick."""
    solve = CONTENDERS[name].prepare(case)
    before = peak_megabytes()
    if CONTENDERS[name].quick:
        trials = [Trial.of(solve, case.horizon, 1.0)]
    else:
        trials = tried(solve, case, limit)
    last = trials[-1]
    seconds, evaluations = (last.seconds, last.evaluations) if last.share == 1 else (
        extrapolated(trials, case.fewest)
    )  # fmt: skip
    if last.share == 1:
        times = [seconds]
        while sum(times) < _ENOUGH and len(times) < _REPEATS:
            times.append(Trial.of(solve, case.horizon, 1.0).seconds)
        seconds = statistics.median(times)
    residual = [float(v) for v in last.residual]
    grown = peak_megabytes() - before
    known = floors(case)
    if name in OURS:
        known |= parts(case)
    if name == OURS[0]:
        known |= beyond(case)
    return Measured(seconds, evaluations, last.share, residual, grown, known)


def main(name: str, size: str, train: str, condition: str, limit: str) -> None:
    """Run within a limit of processor time, and print."""
    hard = int(_GRACE * float(limit)) + 60  # preparation and compilation are not counted
    resource.setrlimit(resource.RLIMIT_CPU, (hard, hard + 5))
    case = Case(*SIZES[size], condition=float(condition), train=train)
    if name == "reference":
        print(json.dumps({"residual": reference(case)}))
    else:
        print(json.dumps(asdict(measure(name, case, float(limit)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
