"""One Z3 solver for many questions about the same formulas, each behind a mark of its own.

To assert everything anew for each question costs more than most answers. Effort is counted in
Z3's own steps, so that the same question gets the same answer on a slow machine; a clock only ends
what takes long and counts no steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import z3
from sympy.logic.boolalg import Boolean

STEPS_A_SECOND = 400_000
"""How many of Z3's resource units a slow core spends in a second of processor time."""

_PATIENCE = 8


@dataclass(frozen=True)
class Effort:
    """What a solver may spend on one question.

    Parameters
    ----------
    steps : int
        Z3's resource units.
    """

    steps: int

    def limit(self, solver: Any) -> None:
        """Hold a solver to it, and to much more time on the wall than the steps take."""
        solver.set("rlimit", self.steps)
        solver.set("timeout", 100 + 1000 * _PATIENCE * self.steps // STEPS_A_SECOND)


BLINK = Effort(6_000)
GLANCE = Effort(15_000)
LOOK = Effort(120_000)


class Marked:
    """Facts asserted once; premises and negated targets assumed as each question says.

    Parameters
    ----------
    facts : iterable
        Z3 formulas that always hold.
    premises : mapping
        Z3 formulas by name.
    targets : mapping
        Z3 formulas by what they were written from; a question may assume the negation of one.
    """

    def __init__(
        self, facts: Iterable[Any], premises: Mapping[str, Any], targets: Mapping[Boolean, Any]
    ) -> None:
        self._told = list(facts)
        self._solver = self._fresh()
        self._premises = {name: self._mark(formula) for name, formula in premises.items()}
        self._targets = targets
        self._negated: dict[Boolean, Any] = {}
        self._stopped = False

    def _fresh(self) -> Any:
        solver = z3.SimpleSolver()
        solver.add(*self._told)
        return solver

    def _mark(self, formula: Any) -> Any:
        mark = z3.FreshBool()
        told = z3.Implies(mark, formula)
        self._told.append(told)
        self._solver.add(told)
        return mark

    def check(self, names: Sequence[str], target: Boolean | None, effort: Effort) -> str:
        """Return whether premises and the negation of a target can hold together.

        Parameters
        ----------
        names : sequence of str
            The premises.
        target : Boolean, optional
            What is negated.
        effort : Effort
            After which the answer is ``unknown``. A solver that was stopped so is replaced by a
            new one: what it has in hand is in no defined state.

        Returns
        -------
        str
            ``sat``, ``unsat`` or ``unknown``.
        """
        if self._stopped:
            self._solver = self._fresh()
        assumed = [self._premises[name] for name in names]
        if target is not None:
            if target not in self._negated:
                self._negated[target] = self._mark(z3.Not(self._targets[target]))
            assumed.append(self._negated[target])
        effort.limit(self._solver)
        status = str(self._solver.check(*assumed))
        self._stopped = status == "unknown"
        return status

    @property
    def core(self) -> list[str]:
        """The premises on which the contradiction found last rests."""
        found = set(self._solver.unsat_core())
        return [name for name, mark in self._premises.items() if mark in found]
