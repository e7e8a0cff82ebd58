"""What an evaluation cannot do without, and what ours takes, on the machine that measures."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import cycle

import numpy as np

from benchmarks.cases import Case
from benchmarks.contenders import network_problem
from numerics.flows.coordinates import Form
from numerics.flows.exponential_step import Linear
from numerics.flows.reductions import form_of
from numerics.problems import Problem

_LARGE = 2**24  # numbers: 128 MiB, which fit into no cache of one core
_REPEATS = 100
_ONE = np.ones(1, dtype=bool)


def quickest(run: Callable[[], object], repeats: int) -> float:
    """Return the shortest time of a function; what else runs can only make it longer.

    It is not processor time, which may stand still on a virtual machine for as long as this.
    """
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def reading(numbers: int) -> float:
    """Return the seconds that reading so many numbers from memory takes."""
    ones = np.ones(2**12)
    rows = np.ones((_LARGE // ones.size, ones.size))
    found = np.empty(len(rows))
    return quickest(lambda: np.dot(rows, ones, out=found), 9) * numbers / _LARGE


def floors(case: Case) -> dict[str, float]:
    """Return the seconds that the least work of one evaluation takes on this machine.

    ``pass``: one product of AV with a vector, again and again, hence from the cache if AV fits;
    ``memory``: reading as many bytes from an array that fits into no cache;
    ``elementwise``: tanh of all neurons.
    """
    weights, hidden = case.arrays["A"] @ case.arrays["V"], case.arrays["h"].copy()
    output, phi = np.empty(case.m), np.empty(case.k)
    return {
        "pass": quickest(lambda: np.dot(weights, hidden, out=output), 2 * _REPEATS),
        "memory": reading(weights.size),
        "elementwise": quickest(lambda: np.tanh(hidden, out=phi), 2 * _REPEATS),
    }


def parts(case: Case) -> dict[str, float]:
    """Return the seconds that the parts of our integration take.

    ``prepare``: forming AV, and all else that is done once;
    ``evaluation``: one evaluation, its point included;
    ``kernel``: a tangent kernel and its eigenvectors.
    """
    problem = network_problem(case)
    form = _form(problem)
    return {
        "prepare": quickest(lambda: _form(problem), 9),
        "evaluation": evaluation(form, _REPEATS),
        "kernel": quickest(lambda: kernel(form), 9),
    }


def beyond(case: Case) -> dict[str, float]:
    """Return what an evaluation takes where AV fits into no cache (``beyond``).

    It is that of a network with as many outputs, in units of the time in which AV is read.
    """
    wide = Case(case.n, case.m, 1, _LARGE // case.m, case.condition, case.train)
    seconds = evaluation(_form(network_problem(wide)), 9)
    return {"beyond": seconds / reading(wide.m * wide.k)}


def _form(problem: Problem) -> Form:
    form = form_of(problem)
    if form is None:
        raise RuntimeError("no reduction was found")
    return form


def evaluation(form: Form, repeats: int) -> float:
    """Return the seconds of one evaluation, as they follow each other along a flow."""
    start = form.start()
    speed = form.speed(start)
    rate = float(np.linalg.norm(form.linearize(_ONE)[0], 2))
    nothing, steps = np.zeros_like(form.residual), cycle(0.01 / rate * np.arange(1, 8))
    return quickest(
        lambda: form.speed(form.combined(start, np.array([[next(steps)]]), [speed], nothing)),
        repeats,
    )


def kernel(form: Form) -> Linear:
    """Compute a kernel as an integration does when it is renewed."""
    return Linear.of(form.linearize(_ONE), form.loss.curvature_root(form.residual))
