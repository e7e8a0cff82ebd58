"""What is known of a statement after verification: plain data, for terminal, JSON and HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from proofs_check.chain import ChainReport
from proofs_check.verdict import Verdict
from theory.statement import Finding, Statement

Decimals = tuple[str, str]
"""An enclosure as two decimals, rounded outward."""


@dataclass(frozen=True)
class HypothesisReport:
    """One hypothesis on an instance."""

    name: str
    verdict: Verdict
    reason: str


@dataclass(frozen=True)
class WitnessReport:
    """An instance on which all hypotheses of a statement hold, or where they fail.

    ``values`` gives every parameter as an exact rational or short decimal; ``degenerate`` says why
    a witness is not generic, where it cannot be.
    """

    name: str
    values: Mapping[str, str]
    hypotheses: tuple[HypothesisReport, ...]
    degenerate: str = ""

    @property
    def holds(self) -> bool:
        """Whether every hypothesis is proved on the instance."""
        return all(h.verdict is Verdict.PROVED for h in self.hypotheses)


@dataclass(frozen=True)
class Sharpness:
    """How much of a bound is reached: left over right side, at the best instance known."""

    mode: Literal["equality", "limit", "best_found"]
    ratio: Decimals
    attained: bool
    instance: Mapping[str, str]


def sharpest(found: Mapping[str, Sharpness]) -> Sharpness | None:
    """Return the best of the conclusions' sharpnesses: attained first, then the largest ratio."""
    return max(found.values(), key=lambda s: (s.attained, Decimal(s.ratio[0])), default=None)


@dataclass(frozen=True)
class Counterexample:
    """Values that satisfy the hypotheses and certainly violate a conclusion."""

    conclusion: str
    relation: str
    values: Mapping[str, str]
    left: Decimals
    right: Decimals
    margin: Decimals


@dataclass(frozen=True)
class MutantReport:
    """A false neighbour of the statement: whether it was refuted, and whether its proof fails."""

    name: str
    verdict: Verdict
    counterexample: Counterexample | None
    chain_fails: bool
    reason: str = ""

    @property
    def killed(self) -> bool:
        """Whether the mutant is refuted by an instance and its proof does not check."""
        return self.verdict is Verdict.REFUTED and self.chain_fails


@dataclass(frozen=True)
class StatementReport:
    """Everything verification found about one statement."""

    statement: Statement
    chain: ChainReport
    conclusions: Mapping[str, Verdict]
    reasons: Mapping[str, str]
    witness: WitnessReport | None = None
    sharpness: Mapping[str, Sharpness] = field(default_factory=dict)
    mutants: tuple[MutantReport, ...] = ()
    counterexample: Counterexample | None = None
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0

    @property
    def verdict(self) -> Verdict:
        """REFUTED with a counterexample, else what the conclusions are."""
        if self.counterexample is not None:
            return Verdict.REFUTED
        verdicts = set(self.conclusions.values())
        if verdicts == {Verdict.CITED}:
            return Verdict.CITED
        return Verdict.PROVED if all(v.established for v in verdicts) else Verdict.UNDECIDED

    @property
    def succeeds(self) -> bool:
        """Whether the statement stands, its witness holds and every mutant is killed."""
        witnessed = self.witness is None or self.witness.holds
        return self.verdict.established and witnessed and all(m.killed for m in self.mutants)
