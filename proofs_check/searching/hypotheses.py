"""Whether engines prove the hypotheses of a statement at points of a model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from math import inf
from typing import Any

from sympy import Symbol

from proofs_check.interpretations.models import Interpretation
from proofs_check.searching.budget import Budget
from proofs_check.searching.failures import unless_too_large
from proofs_check.verdict import Verdict
from theory.statement import Model, Statement


class Hypotheses:
    """The hypotheses of a statement in a model, and what was seen of them at earlier points.

    Parameters
    ----------
    statement : Statement
        Whose hypotheses.
    model : Model
        Where they are read.
    """

    def __init__(self, statement: Statement, model: Model) -> None:
        self.statement, self.model = statement, model
        self._failed: list[str] = []
        self._shortest_open = inf

    def hold(self, point: Mapping[Symbol, Any], seconds: float, budget: Budget) -> bool:
        """Whether the engines prove all of them, each in so many seconds; not without the time.

        The one that did not hold at an earlier point comes first.
        """
        parameters = {s: point[s] for s in self.model.parameters}
        reading = Interpretation(self.statement, self.model, parameters, seconds)
        wanted = reading.wanted
        order = dict.fromkeys([*self._failed, *wanted])
        if budget.left == inf:
            unless_too_large(partial(reading.prepare, order))
        for name in order:
            reading.seconds = budget.within(seconds)
            check = partial(reading.check, wanted[name])
            outcome = unless_too_large(check) if reading.seconds else None
            if outcome is None or not outcome.proved:
                self._failed = [name, *(n for n in self._failed if n != name)]
                if outcome is not None and outcome.verdict is Verdict.UNDECIDED:
                    self._shortest_open = min(self._shortest_open, _length(parameters.values()))
                return False
        return True

    def out_of_reach(self, point: Mapping[Symbol, Any]) -> bool:
        """Whether the engines left one open where the longest parameter was not longer."""
        return _length(point[s] for s in self.model.parameters) >= self._shortest_open


def _length(numbers: Iterable[Any]) -> int:
    """Return the length of the longest of several numbers."""
    return max((len(str(number)) for number in numbers), default=0)
