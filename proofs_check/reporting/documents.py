"""Reports as JSON, in the form that the contract of the command fixes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_FLOOR, Context, Decimal
from typing import Any

from proofs_check.chain import StepReport
from proofs_check.reporting.findings import (
    Counterexample,
    Decimals,
    MutantReport,
    Sharpness,
    StatementReport,
    WitnessReport,
    sharpest,
)
from proofs_check.verdict import Verdict
from theory.bibliography import BIBLIOGRAPHY
from theory.facts import TRUSTED
from theory.names import unicode_name
from theory.statement import Source

VERIFY_SCHEMA = "kurdyka.verify/1"


def verification(reports: Sequence[StatementReport], manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document of ``kurdyka verify --json``; its first key is ``schema``."""
    return {
        "schema": VERIFY_SCHEMA,
        "statements": [statement(report) for report in reports],
        "findings": [finding for report in reports for finding in findings(report)],
        "trusted_base": [fact(name) for name in cited(reports)],
        "manifest": dict(manifest),
    }


def statement(report: StatementReport) -> dict[str, Any]:
    """Return what was found about one statement."""
    return {
        "id": report.statement.id,
        "title": report.statement.title,
        "source": source(report.statement.source),
        "verdict": report.verdict.value,
        "steps": [step(s) for s in report.chain.steps],
        "cited": list(report.chain.cited),
        "lemmas": sorted(report.chain.lemmas),
        "conclusions": conclusions(report),
        "unused_hypotheses": list(report.chain.unused_hypotheses),
        "unused_steps": list(report.chain.unused_steps),
        "witness": None if report.witness is None else witness(report.witness),
        "sharpness": sharpness(sharpest(report.sharpness)),
        "mutants": [mutant(m) for m in report.mutants],
        "counterexample": counterexample(report.counterexample),
        "seconds": round(report.seconds, 3),
    }


def cited(reports: Sequence[StatementReport]) -> list[str]:
    """Return the facts that the proofs rest on, each once."""
    return list(dict.fromkeys(name for report in reports for name in report.chain.cited))


def fact(name: str) -> dict[str, Any]:
    """Return what is cited under a name, and what that is an instance of."""
    found = TRUSTED.get(name)
    if found is None:
        keys = ("reading", "source", "reference", "basis", "rank")
        return {"name": name} | dict.fromkeys(keys)
    reference = BIBLIOGRAPHY.get(found.source)
    return {
        "name": name,
        "reading": found.reading,
        "source": found.source,
        "reference": None if reference is None else str(reference),
        "basis": found.basis.words,
        "rank": found.basis.rank.value,
    }


def source(source: Source) -> dict[str, Any]:
    """Return whose a statement is."""
    return {"layer": source.layer, "keys": list(source.keys), "section": source.section}


def step(report: StepReport) -> dict[str, Any]:
    """Return one step with its verdict."""
    return {
        "name": report.name,
        "kind": report.step.kind,
        "verdict": report.outcome.verdict.value,
        "uses": list(dict.fromkeys(use.name for use in report.step.premises)),
        "reason": report.outcome.reason,
        "fact": report.step.fact or None,
        "witness": dict(report.outcome.witness) or None,
        "seconds": round(report.seconds, 3),
    }


def conclusions(report: StatementReport) -> list[dict[str, Any]]:
    """Return the conclusions with their verdicts and how sharp each is."""
    return [
        {
            "name": name,
            "verdict": verdict.value,
            "sharpness": sharpness(report.sharpness.get(name)),
            "reason": report.reasons.get(name, ""),
        }
        for name, verdict in conclusion_verdicts(report).items()
    ]


def conclusion_verdicts(report: StatementReport) -> dict[str, Verdict]:
    """Return the conclusions' verdicts; one with a counterexample is REFUTED, not only open."""
    found = report.counterexample
    refuted = {} if found is None else {found.conclusion: Verdict.REFUTED}
    return {**report.conclusions, **refuted}


def enclosure(bounds: Decimals) -> dict[str, str]:
    """Return an enclosure as two decimals, rounded outward."""
    lower, upper = bounds
    return {"lower": lower, "upper": upper}


def sharpness_text(found: Sharpness | None) -> str:
    """Return in a few words how much of a bound is reached; rounded down, so it stays true."""
    if found is None:
        return "–"
    mode = found.mode.replace("_", " ")
    if found.attained:
        return f"attained ({mode})"
    lower = Context(prec=4, rounding=ROUND_FLOOR).plus(Decimal(found.ratio[0]))
    return f"≥ {lower} ({mode})"


def values_text(values: Mapping[str, str]) -> str:
    """Return values of symbols as they are written by hand."""
    return ", ".join(f"{unicode_name(name)} = {value}" for name, value in values.items())


def sharpness(found: Sharpness | None) -> dict[str, Any] | None:
    """Return how much of a bound is reached, and where."""
    if found is None:
        return None
    return {
        "ratio": enclosure(found.ratio),
        "attained": found.attained,
        "mode": found.mode,
        "instance": dict(found.instance),
    }


def witness(report: WitnessReport) -> dict[str, Any]:
    """Return the instance on which all hypotheses hold, or which of them do not."""
    return {
        "name": report.name,
        "holds": report.holds,
        "values": dict(report.values),
        "hypotheses": [
            {"name": h.name, "verdict": h.verdict.value, "reason": h.reason}
            for h in report.hypotheses
        ],
        "degenerate": report.degenerate or None,
    }


def mutant(report: MutantReport) -> dict[str, Any]:
    """Return whether a false neighbour was refuted."""
    return {
        "name": report.name,
        "verdict": report.verdict.value,
        "counterexample": counterexample(report.counterexample),
        "killed": report.killed,
        "chain_fails": report.chain_fails,
        "reason": report.reason,
    }


def counterexample(found: Counterexample | None) -> dict[str, Any] | None:
    """Return exact values, both sides as enclosures, and the margin."""
    if found is None:
        return None
    return {
        "conclusion": found.conclusion,
        "relation": found.relation,
        "values": dict(found.values),
        "left": enclosure(found.left),
        "right": enclosure(found.right),
        "margin": enclosure(found.margin),
    }


def findings(report: StatementReport) -> list[dict[str, Any]]:
    """Return what the engines showed beyond the statement's own claim, with the evidence."""
    verdicts = {s.name: s.outcome.verdict.value for s in report.chain.steps}
    return [
        {
            "id": finding.id,
            "claim": finding.claim,
            "evidence": {
                "statement": report.statement.id,
                "steps": {name: verdicts.get(name, "UNDECIDED") for name in finding.steps},
                "unused_hypotheses": list(finding.unused),
            },
        }
        for finding in report.findings
    ]
