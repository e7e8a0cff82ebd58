"""Reports built by hand around real proof checks, for the tests of what is printed."""

from functools import cache
from pathlib import Path

from proofs_check.chain import check
from proofs_check.reporting.findings import (
    Counterexample,
    HypothesisReport,
    MutantReport,
    Sharpness,
    StatementReport,
    WitnessReport,
)
from proofs_check.user_files import load
from proofs_check.verdict import Verdict

LEMMAS = Path(__file__).parent.parent / "examples" / "lemmas"

COUNTEREXAMPLE = Counterexample(
    "young", "a·b ≤ a²/(3λ) + λ·b²/2", {"a": "1", "b": "1", "lambda": "1"},
    ("1", "1"), ("0.8333", "0.8334"), ("0.1666", "0.1667"),
)  # fmt: skip


@cache
def bare(name: str) -> StatementReport:
    """Return the report of an example lemma: its proof checked, nothing else tried."""
    (statement,) = load(LEMMAS / f"{name}_lemma.py")
    chain = check(statement)
    return StatementReport(statement, chain, chain.conclusions, chain.reasons, seconds=0.25)


def proved(killed: bool = True, holds: bool = True) -> StatementReport:
    """Return the true lemma with a witness, a sharpness and one mutant."""
    report = bare("true")
    (conclusion,) = report.conclusions
    verdict = Verdict.PROVED if holds else Verdict.REFUTED
    hypotheses = (HypothesisReport("decrease", verdict, "1 against 2"),)
    witness = WitnessReport("one step", {"c": "1/2"}, hypotheses)
    mutant = MutantReport("factor 1 - c", Verdict.REFUTED, COUNTEREXAMPLE, chain_fails=killed)
    sharpness = Sharpness("limit", ("0.99989", "1"), False, {"c": "1/1000"})
    return StatementReport(
        report.statement, report.chain, report.conclusions, report.reasons,
        witness, {conclusion: sharpness}, (mutant,), seconds=1.5,
    )  # fmt: skip


def refuted() -> StatementReport:
    """Return the false lemma with its counterexample."""
    report = bare("false")
    return StatementReport(
        report.statement, report.chain, report.conclusions, report.reasons,
        counterexample=COUNTEREXAMPLE,
    )  # fmt: skip


def undecided() -> StatementReport:
    """Return the lemma whose proof has a hole."""
    return bare("open")
