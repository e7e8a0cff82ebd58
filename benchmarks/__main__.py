"""``python -m benchmarks``: compare the reduced flow with full-parameter integrations.

By default one small size; ``--sizes 1 2 3 4`` takes those of the published comparison, ``--write
docs/benchmarks.md`` renews the page. The budget is shared by all slow contenders; one that does
not reach the horizon within its share is extrapolated, and marked so. With ``--keep FILE`` a run
that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.cases import SIZES, Case
from benchmarks.contenders import CONTENDERS
from benchmarks.page import Row, page, table

_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NPROC")
_ALLOCATOR = {"MALLOC_MMAP_THRESHOLD_": "4294967296", "MALLOC_TRIM_THRESHOLD_": "17179869184",
              "MALLOC_TOP_PAD_": "536870912"}  # fmt: skip
_XLA = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
_LEAST = 5.0  # seconds for a slow contender


def environment() -> dict[str, str]:
    """One thread for all, and an allocator that keeps its pages, which helps the full peers."""
    single = dict.fromkeys(_THREADS, "1")
    return {**os.environ, **single, **_ALLOCATOR, "XLA_FLAGS": _XLA, "JAX_PLATFORMS": "cpu"}


def missing(name: str) -> str | None:
    """Return the module that a contender lacks, if any."""
    absent = (m for m in CONTENDERS[name].needs if importlib.util.find_spec(m) is None)
    return next(absent, None)


def run(name: str, size: str, case: Case, limit: float) -> dict[str, Any] | str:
    """Run one contender; return what it measured, or why there is nothing."""
    if name in CONTENDERS and missing(name):
        return f"skipped: {missing(name)} is not installed"
    arguments = [name, size, case.train, str(case.condition), str(limit)]
    command = [sys.executable, "-m", "benchmarks.worker", *arguments]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return f"stopped: it did not keep to {limit:.0f} s of processor time"
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no message"]
        return f"failed: {lines[-1][:80]}"
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


class Session:
    """Runs contenders, shares the budget among the slow ones, and keeps what they did.

    Parameters
    ----------
    options : Namespace
        The command line.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        self.options, self.left = options, options.budget
        self.sitting = time.strftime("%Y-%m-%d %H:%M:%S")
        self.kept: dict[str, Any] = {}
        if options.keep and options.keep.exists():
            self.kept = json.loads(options.keep.read_text(encoding="utf-8"))
        self.waiting = sum(
            not CONTENDERS[name].quick and not missing(name) and not self._known(train, size, name)
            for train in options.train
            for size in options.sizes
            for name in options.contenders
        )

    def _key(self, train: str, size: str, name: str) -> str:
        return f"{train} {size} {self.options.condition:g} {name}"

    def _known(self, train: str, size: str, name: str) -> bool:
        return self._key(train, size, name) in self.kept

    def result(self, case: Case, size: str, name: str) -> dict[str, Any] | str:
        """Return what a contender did, now or in an earlier sitting."""
        key = self._key(case.train, size, name)
        if key not in self.kept:
            found = run(name, size, case, self._limit(name))
            self.kept[key] = {"sitting": self.sitting, "found": found}
            if self.options.keep:
                self.options.keep.write_text(json.dumps(self.kept, indent=1), encoding="utf-8")
        found = self.kept[key]["found"]
        return found if isinstance(found, str) else dict(found)

    def _limit(self, name: str) -> float:
        """Give a slow contender an equal part of what is left; what it does not use remains."""
        if name == "reference" or CONTENDERS[name].quick or missing(name):
            return float(self.options.budget)
        limit = max(_LEAST, self.left / max(self.waiting, 1))
        self.waiting -= 1
        return limit

    def spend(self, seconds: float) -> None:
        """Take the time that a slow contender used off the budget."""
        self.left -= seconds

    def rows(self, size: str, train: str) -> list[Row]:
        """Return the rows of one table."""
        case = Case(*SIZES[size], condition=self.options.condition, train=train)
        wanted = self.result(case, size, "reference")
        if isinstance(wanted, str):
            raise SystemExit(f"the reference {wanted}; raise --budget")
        exact = np.array(wanted["residual"])
        return [self._row(case, size, name, exact) for name in self.options.contenders]

    def _row(self, case: Case, size: str, name: str, exact: Any) -> Row:
        started = time.monotonic()
        result, title = self.result(case, size, name), CONTENDERS[name].title
        if not CONTENDERS[name].quick:
            self.spend(time.monotonic() - started)
        print(f"  {case.train} {case.label}: {title}", file=sys.stderr, flush=True)
        if isinstance(result, str):
            return Row(title, result)
        start = float(np.linalg.norm(case.arrays["y"]))
        error = float(np.linalg.norm(np.array(result.pop("residual")) - exact)) / start
        reached = error if result["share"] == 1 else None
        return Row(title, error=reached, flow=CONTENDERS[name].flow, **result)

    @property
    def sittings(self) -> int:
        """In how many sittings the results were found."""
        return len({entry["sitting"] for entry in self.kept.values()})


def main() -> None:
    """Parse the command line, run, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", nargs="+", choices=list(SIZES), default=["small"])
    parser.add_argument("--contenders", nargs="+", choices=list(CONTENDERS),
                        default=list(CONTENDERS))  # fmt: skip
    parser.add_argument("--train", nargs="+", choices=["hidden", "both"], default=["hidden"])
    parser.add_argument("--condition", type=float, default=10.0, help="κ(A)")
    parser.add_argument(
        "--budget", type=float, default=120.0, help="seconds, shared by all slow contenders"
    )
    parser.add_argument("--keep", type=Path, help="keep results here, and go on from them")
    parser.add_argument("--write", type=Path, help="write the page of results here")
    options = parser.parse_args()
    session, found = Session(options), {}
    for train in options.train:
        for size in options.sizes:
            found[train, size] = session.rows(size, train)
            print(table(Case(*SIZES[size], train=train).label, found[train, size]), flush=True)
    if options.write:
        text = page(found, options.condition, options.contenders, options.budget, session.sittings)
        options.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
