"""Attacks on statements: counterexamples and measured sharpness, within a budget.

The search passes over all models of a statement, again and again, at growing scales and with other
seeds, until something fails or the time is spent.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from proofs_check.direct_models import DirectModel
from proofs_check.falsify import all_models, asserts_existence, shown
from proofs_check.hunting import SCALES, Hunt
from proofs_check.models import ENGINE_SECONDS
from proofs_check.reports import Counterexample, Sharpness
from proofs_check.sharpness import best_of
from proofs_check.shrinking import shrunk
from theory.statement import Model, Statement

BUDGET = 10.0
# A pass that takes more than so many budgets is broken off.
LONGEST = 3
# Exponents of ten of the boxes of each pass: readable numbers first, then 200 orders of magnitude.
PASSES: tuple[tuple[int, ...], ...] = (SCALES, (8, 30), (100,), (1, 2, 6), (2, 15, 60))
Watch = Callable[[], float]


@dataclass(frozen=True)
class Falsified:
    """What an attack on a statement found.

    Parameters
    ----------
    statement : Statement
        What was attacked.
    counterexample : Counterexample or None
        A certain one, made as short as it can be.
    model : str
        The model it lives in; empty where there is none.
    sharpness : mapping
        Conclusion to how much of its bound is reached.
    models : tuple of str
        The models that were searched.
    left_out : tuple of str
        Conclusions that no values can refute: they say that something exists.
    passes : int
        How often all models were searched.
    seconds : float
        Processor time spent.
    """

    statement: Statement
    counterexample: Counterexample | None
    model: str = ""
    sharpness: dict[str, Sharpness] = field(default_factory=dict)
    models: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    passes: int = 0
    seconds: float = 0.0

    @property
    def sharpest(self) -> Sharpness | None:
        """The best of the conclusions' sharpnesses: attained first, then the largest ratio."""
        found = self.sharpness.values()
        return max(found, key=lambda s: (s.attained, Decimal(s.ratio[0])), default=None)

    @property
    def attacked(self) -> bool:
        """Whether there was anything that a search could refute."""
        return bool(self.models) and len(self.left_out) < len(self.statement.conclusions)


def falsify(statement: Statement, budget: float = BUDGET, seed: int = 0) -> Falsified:
    """Hunt for a counterexample to a statement, and measure how sharp it is where there is none.

    Parameters
    ----------
    statement : Statement
        What to attack; its proof is not looked at.
    budget : float
        Seconds of processor time. A pass that has begun is finished, within three times as many;
        measuring the sharpness comes on top.
    seed : int
        Seed of the search.
    """
    watch = stopwatch()
    models = all_models(statement)
    left_out = tuple(n for n in statement.conclusions if asserts_existence(statement, n))
    wanted = [n for n in statement.conclusions if n not in left_out]
    passes = 0
    for scales in PASSES if models and wanted else ():
        passes += 1
        hunts = _hunts(statement, models, seed + passes - 1, scales, first=passes == 1)
        for model, found in _searched(statement, hunts, wanted, lambda: watch() < LONGEST * budget):
            names = tuple(m.name for m in models)
            return Falsified(statement, found, model.name, {}, names, left_out, passes, watch())
        if watch() > budget:
            break
    limit = watch() + budget
    sharp = _sharpness(statement, models, seed, lambda: watch() < limit)
    names = tuple(m.name for m in models)
    return Falsified(statement, None, "", sharp, names, left_out, passes, watch())


def stopwatch() -> Watch:
    """Return a clock of the processor time spent here and in finished child processes."""

    def spent() -> float:
        used = os.times()
        return used.user + used.system + used.children_user + used.children_system

    start = spent()
    return lambda: spent() - start


def _hunts(
    statement: Statement, models: Sequence[Model], seed: int, scales: Sequence[int], first: bool
) -> Iterator[tuple[Model, Hunt]]:
    """Yield a hunt in each model; declared ones say themselves where to look."""
    for model in models:
        if isinstance(model, DirectModel):
            yield model, Hunt(statement, model, seed, scales)
        else:
            yield model, Hunt(statement, model, seed, None if first else SCALES)


def _searched(
    statement: Statement,
    hunts: Iterator[tuple[Model, Hunt]],
    names: Sequence[str],
    go_on: Callable[[], bool],
) -> Iterator[tuple[Model, Counterexample]]:
    for model, hunt in hunts:
        for name in names:
            if not go_on():
                return
            found = hunt.counterexample(name)
            if found is not None:
                yield model, shown(statement, model, shrunk(hunt, found))


def _sharpness(
    statement: Statement, models: Sequence[Model], seed: int, go_on: Callable[[], bool]
) -> dict[str, Sharpness]:
    found: dict[str, Sharpness] = {}
    for name in statement.conclusions:
        if not go_on():
            break
        measured = best_of(statement, name, models, seed, ENGINE_SECONDS)
        if measured is not None:
            found[name] = measured
    return found
