"""Verification of statements: proof, witness, sharpness, mutants, findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from proofs_check.reports import StatementReport
from theory.statement import Statement

Progress = Callable[[str, str], None]


def verify(
    statements: Iterable[Statement],
    jobs: int = 1,
    seed: int = 0,
    progress: Progress = lambda id, phase: None,
) -> list[StatementReport]:
    """Verify statements, and the lemmas they rest on.

    Parameters
    ----------
    statements : iterable of Statement
        What to verify.
    jobs : int
        Worker processes.
    seed : int
        Seed of the searches for counterexamples.
    progress : callable
        Called with a statement's id and what is being done to it.
    """
    raise NotImplementedError  # being written
