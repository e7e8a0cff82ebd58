"""A checked proof as plain data: terms with undefined functions cannot be sent through a pipe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial

from proofs_check.chain import ChainReport, StepReport, check
from proofs_check.deferred import Deferred
from proofs_check.verdict import Outcome, Verdict
from theory.formulas import Formula
from theory.statement import Statement


@dataclass(frozen=True)
class ProofData:
    """What a chain's report says, without its statement and its claims.

    Parameters
    ----------
    steps : mapping
        Each step's outcome and the seconds that it took, by its name.
    conclusions, reasons, used, lemmas
        As in `ChainReport`.
    """

    steps: Mapping[str, tuple[Outcome, float]]
    conclusions: Mapping[str, Verdict]
    reasons: Mapping[str, str]
    used: frozenset[str]
    lemmas: frozenset[str]

    @classmethod
    def of(cls, chain: ChainReport) -> ProofData:
        """Return what a report says."""
        steps = {s.name: (s.outcome, s.seconds) for s in chain.steps}
        return cls(steps, chain.conclusions, chain.reasons, chain.used, chain.lemmas)

    def report(self, statement: Statement, lookup: Callable[[str], Statement]) -> ChainReport:
        """Return the report again; what its steps claim is worked out once somebody asks.

        Parameters
        ----------
        statement : Statement
            The statement that was checked.
        lookup : callable
            From the id of a lemma to its statement.
        """
        chain = cache(partial(check, statement, lookup=lookup, decided=self.steps))

        def claims(name: str) -> Mapping[str, Formula]:
            return chain().step(name).claims

        steps = tuple(
            StepReport(step, outcome, Deferred(partial(claims, step.name)), seconds)
            for step in statement.steps
            for outcome, seconds in [self.steps[step.name]]
        )
        return ChainReport(statement, steps, self.conclusions, self.reasons, self.used, self.lemmas)
