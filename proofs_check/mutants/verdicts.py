"""One changed statement under trial: what may have become false, and the verdicts it can get."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from proofs_check.mutants.declared import attacked
from proofs_check.searching.budget import Budget
from proofs_check.searching.hunting import Hunt
from proofs_check.support import named_premises
from proofs_check.verdict import Verdict
from theory.formulas import free_symbols, functions_in
from theory.statement import Model, Mutant, Statement

# What an engine may take for one step or hypothesis: a false one keeps it busy to the end.
HASTE = 3.0
BENT_SCALES = (3,)


class Why(StrEnum):
    """Why a mutant has its verdict."""

    COUNTEREXAMPLE = "counterexample"
    WEAKER = "follows from the original"
    IMPLIED = "the other hypotheses imply what is dropped"
    UNNEEDED = "the proof does without it"
    SHARPER = "the proof shows it as well"
    EXISTENCE = "speaks of what the theorem says exists: no values refute it"
    COUNTS = "counts the terms of a sum: no model gives it another meaning"
    EXTREMAL = "every model of the statement attains equality there"
    UNDEFINED = "where it fails, what is claimed has no value"
    NO_MODEL = "no model makes it a claim about numbers"
    OPEN = "no counterexample found"
    FAILED = "the search failed on it"
    CONTRADICTION = "refuted, and its proof checks"


@dataclass(frozen=True)
class Tried:
    """One mutant: its verdict, why, the values or the open step, and the processor time."""

    mutant: str
    verdict: Verdict
    why: Why
    detail: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Trial:
    """A mutant under trial, and the time that is left for it."""

    original: Statement
    mutant: Mutant
    false: Statement
    seed: int
    budget: Budget

    @property
    def names(self) -> list[str]:
        """The conclusions that may have become false: those whose proof rests on the change."""
        chosen = attacked(self.mutant, self.false) or list(self.false.conclusions)
        changed = set(self.mutant.replace)
        return [n for n in chosen if n in changed or changed & _premises(self.original, n, changed)]

    def hunt(self, model: Model, scales: Sequence[int] | None) -> Hunt:
        """Return the search in a model; where something is dropped, only where that fails."""
        dropped = [n for n, new in self.mutant.replace.items() if new is None]
        outside = [_part(self.original, name) for name in dropped]
        return Hunt(self.false, model, self.seed, scales, HASTE, self.budget, outside)

    @property
    def about(self) -> set[Any]:
        """The symbols and functions that the change speaks of."""
        found: set[Any] = set()
        for name, new in self.mutant.replace.items():
            for formula in (_part(self.original, name), new):
                if formula is not None:
                    found |= free_symbols(formula) | functions_in(formula)
        return found


def _premises(statement: Statement, conclusion: str, changed: set[str]) -> frozenset[str]:
    """Return the changed premises that a conclusion rests on or speaks of."""
    formula = statement.conclusions[conclusion]
    spoken = {str(s) for s in free_symbols(formula) | functions_in(formula)}
    return named_premises(statement, conclusion) | frozenset(changed & spoken)


def _part(statement: Statement, name: str) -> Any:
    """Return the formula or value of a statement that goes by this name."""
    if name in statement.conclusions:
        return statement.conclusions[name]
    for definition in statement.definitions:
        if definition.name == name:
            return definition.value
    return statement.premises.get(name)
