"""Attacks on statements: counterexamples and measured sharpness, within a budget.

The search passes over all models of a statement, again and again, at growing scales and with other
seeds, until something fails or its part of the time is spent; the rest goes to the sharpness.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from proofs_check.falsify import all_models, asserts_existence, ships, shown
from proofs_check.interpretations.direct import DirectModel
from proofs_check.reporting.findings import Counterexample, Sharpness
from proofs_check.searching.budget import Budget
from proofs_check.searching.hunting import SCALES, Hunt
from proofs_check.searching.sharpness import attained, nearest
from proofs_check.searching.shrinking import shrunk
from proofs_check.searching.targets import Candidate
from theory.statement import Statement

BUDGET = 20.0
# What the search for a counterexample may take of the time, and one conclusion in one model of the
# time that the search has left, or so many seconds: what is expensive leaves time to the others.
SEARCH = 0.6
SHARE, LEAST = 0.4, 0.5
# Exponents of ten of the boxes of each pass: readable numbers first, then 200 orders of magnitude.
PASSES: tuple[tuple[int, ...], ...] = (SCALES, (8, 30), (100,), (1, 2, 6), (2, 15, 60))


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
        How often all models were searched to the end.
    unmeasured : tuple of str
        Conclusions of which there was no time to say how sharp they are.
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
    unmeasured: tuple[str, ...] = ()
    seconds: float = 0.0

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
        Seconds of processor time for everything. What has begun when they are spent is broken
        off, up to a question to an engine, which takes a second or two.
    seed : int
        Seed of the search.
    """
    time = Budget(budget)
    models = all_models(statement)
    left_out = tuple(n for n in statement.conclusions if asserts_existence(statement, n))
    wanted = [n for n in statement.conclusions if n not in left_out]
    found = Falsified(statement, None, models=tuple(m.name for m in models), left_out=left_out)
    hunts, search = [Hunt(statement, model, seed) for model in models], time.part(SEARCH)
    for number, scales in enumerate(PASSES if models and wanted else ()):
        again = [h.again(seed + number, _scales(h, scales)) for h in hunts] if number else hunts
        for hunt, candidate in _searched(again, wanted, search):
            certain = shown(statement, hunt.model, shrunk(hunt, candidate))
            name = hunt.model.name
            return replace(found, counterexample=certain, model=name, seconds=time.spent)
        if not search.left:
            break
        found = replace(found, passes=number + 1)
    sharp, unmeasured = _sharpness(statement, hunts, time)
    return replace(found, sharpness=sharp, unmeasured=unmeasured, seconds=time.spent)


def _scales(hunt: Hunt, scales: Sequence[int]) -> Sequence[int]:
    """Return where to look in a later pass; declared models say themselves how far to go."""
    return scales if isinstance(hunt.model, DirectModel) else SCALES


def _searched(
    hunts: Sequence[Hunt], names: Sequence[str], search: Budget
) -> Iterator[tuple[Hunt, Candidate]]:
    for hunt in hunts:
        for name in names:
            if not search.left:
                return
            hunt.budget = search.part(SHARE, LEAST)
            found = hunt.counterexample(name)
            if found is not None:
                yield hunt, found


def _sharpness(
    statement: Statement, hunts: Sequence[Hunt], time: Budget
) -> tuple[dict[str, Sharpness], tuple[str, ...]]:
    """Return how sharp each bound is, and the conclusions that time did not suffice for.

    What is attained shows quickly, so it is looked for everywhere before anything else.
    """
    found: dict[str, Sharpness] = {}
    known, late = ships(statement), set[str]()
    for way, share in ((attained, SHARE), (nearest, 0.0)):
        names = [name for name in statement.conclusions if name not in found]
        for number, name in enumerate(names):
            own = time.part(max(share, 1 / (len(names) - number)), LEAST)
            for hunt in hunts:
                hunt.budget = own
            measured = way(hunts, name, known)
            if measured is not None:
                found[name] = measured
            elif not own.left:
                late.add(name)
    order = [name for name in statement.conclusions if name in found]
    unmeasured = [name for name in statement.conclusions if name in late and name not in found]
    return {name: found[name] for name in order}, tuple(unmeasured)
