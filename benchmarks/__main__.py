"""``python -m benchmarks``: compare the reduced flow with full-parameter integrations.

By default one small size; ``--sizes 1 2 3 4`` takes those of the published comparison (minutes
to hours for the full-parameter ones), ``--write docs/benchmarks.md`` renews the page.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import signal
import subprocess
import sys
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


def environment() -> dict[str, str]:
    """One thread for all, and an allocator that keeps its pages, which helps the full peers."""
    single = dict.fromkeys(_THREADS, "1")
    return {**os.environ, **single, **_ALLOCATOR, "XLA_FLAGS": _XLA, "JAX_PLATFORMS": "cpu"}


def run(name: str, size: str, case: Case, budget: float) -> dict[str, Any] | str:
    """Run one contender; return what it measured, or why there is nothing."""
    if name in CONTENDERS:
        for module in CONTENDERS[name].needs:
            if importlib.util.find_spec(module) is None:
                return f"skipped: {module} is not installed"
    arguments = [name, size, case.train, str(case.condition), str(int(budget))]
    command = [sys.executable, "-m", "benchmarks.worker", *arguments]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode == -signal.SIGXCPU:
        return f"stopped after {budget:.0f} s of processor time"
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no message"]
        return f"failed: {lines[-1][:80]}"
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def rows(size: str, train: str, options: argparse.Namespace) -> list[Row]:
    """Run all contenders on one size."""
    case = Case(*SIZES[size], condition=options.condition, train=train)
    wanted = run("reference", size, case, 10 * options.budget)
    if isinstance(wanted, str):
        raise SystemExit(f"the reference {wanted}; raise --budget")
    exact, found = np.array(wanted["residual"]), []
    start = float(np.linalg.norm(case.arrays["y"]))
    for name in options.contenders:
        result = run(name, size, case, options.budget)
        print(f"  {case.label}: {CONTENDERS[name].title}", file=sys.stderr)
        if isinstance(result, str):
            found.append(Row(CONTENDERS[name].title, result))
            continue
        error = float(np.linalg.norm(np.array(result["residual"]) - exact)) / start
        floor = 8 * case.m * case.k * result["evaluations"] / result["bandwidth"]
        found.append(
            Row(CONTENDERS[name].title, "", result["seconds"], result["evaluations"], error,
                result["megabytes"], floor)
        )  # fmt: skip
    return found


def main() -> None:
    """Parse the command line, run, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", nargs="+", choices=list(SIZES), default=["small"])
    parser.add_argument("--contenders", nargs="+", choices=list(CONTENDERS),
                        default=list(CONTENDERS))  # fmt: skip
    parser.add_argument("--train", nargs="+", choices=["hidden", "both"], default=["hidden"])
    parser.add_argument("--condition", type=float, default=10.0, help="κ(A)")
    parser.add_argument(
        "--budget", type=float, default=120.0, help="processor seconds for each contender"
    )
    parser.add_argument("--write", type=Path, help="write the page of results here")
    options = parser.parse_args()
    found = {}
    for train in options.train:
        for size in options.sizes:
            found[train, size] = rows(size, train, options)
            print(table(Case(*SIZES[size], train=train).label, found[train, size]), flush=True)
    if options.write:
        options.write.write_text(
            page(found, options.condition, options.contenders), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
