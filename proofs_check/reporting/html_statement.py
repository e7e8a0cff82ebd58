"""The part of the report page about one statement: claims, hypotheses, proof, mutants."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from sympy import true

from proofs_check.chain import StepReport
from proofs_check.reporting.documents import conclusion_verdicts, sharpness_text, values_text
from proofs_check.reporting.findings import (
    Counterexample,
    MutantReport,
    StatementReport,
    WitnessReport,
)
from proofs_check.reporting.html_blocks import (
    badge,
    code,
    enclosure,
    folded,
    formula,
    listed,
    math,
    table,
    witness_word,
)
from theory.bibliography import BIBLIOGRAPHY
from theory.names import unicode_name

_UNUSED = ' <span class="badge undecided">unused</span>'


def section(report: StatementReport) -> str:
    """Return the part of the page about one statement."""
    statement, id = report.statement, escape(report.statement.id)
    parts = [
        f'<section id="{id}"><h2>{id} {badge(report.verdict)}</h2>',
        f'<p class="title">{escape(statement.title)}<br>',
        f"<small>{escape(_origin(report))}</small></p>",
        _counterexample(report.counterexample),
        _conclusions(report),
        _hypotheses(report),
        _quantities(report),
        _proof(report),
        _witness(report.witness),
        _mutants(report.mutants),
        "</section>",
    ]
    return "\n".join(part for part in parts if part)


def _origin(report: StatementReport) -> str:
    source = report.statement.source
    if source.layer == "sharp":
        return "this project's own statement"
    references = "; ".join(str(BIBLIOGRAPHY.get(key, key)) for key in source.keys)
    return f"{source.layer}: {references}" if references else f"{source.layer} statement"


def _conclusions(report: StatementReport) -> str:
    rows = [
        (
            code(name),
            math(report.statement.conclusions[name]),
            badge(verdict),
            escape(report.reasons.get(name, "")),
            sharpness_text(report.sharpness.get(name)),
        )
        for name, verdict in conclusion_verdicts(report).items()
    ]
    return "<h3>Claims</h3>" + table(("name", "claim", "verdict", "from", "sharpness"), rows)


def _hypotheses(report: StatementReport) -> str:
    unused = report.chain.unused_hypotheses
    rows = [
        (
            code(h.name) + (_UNUSED if h.name in unused else ""),
            math(h.formula),
            escape(h.meaning),
        )
        for h in report.statement.hypotheses
    ]
    if not rows:
        return ""
    return "<h3>Hypotheses</h3>" + table(("name", "formula", "meaning"), rows)


def _quantities(report: StatementReport) -> str:
    rows = [
        (math(q.symbol), escape(q.meaning), "" if q.range is true else math(q.range))
        for q in report.statement.quantities
    ]
    rows += [
        (math(d.head), escape(d.meaning), f"= {math(d.value)}")
        for d in report.statement.definitions
    ]
    return folded("Symbols and definitions", table(("symbol", "meaning", "range or value"), rows))


def _proof(report: StatementReport) -> str:
    if not report.chain.steps:
        return ""
    steps = "".join(_step(step) for step in report.chain.steps)
    return f"<h3>Proof</h3>{steps}"


def _step(report: StepReport) -> str:
    step, outcome = report.step, report.outcome
    kind = f'<span class="kind">{escape(f"{step.kind} {step.fact}".rstrip())}</span>'
    summary = f"{badge(outcome.verdict)} {code(step.name)} {kind}"
    claims = [
        f"<p>{code(part) + ' ' if part else ''}{math(claim)}</p>"
        for part, claim in report.claims.items()
    ]
    uses = listed(dict.fromkeys(use.name for use in step.premises))
    witness = values_text(outcome.witness)
    lines = [f"<p>uses {uses}</p>", f"<p>{escape(outcome.reason)} ({report.seconds:.2f} s)</p>"]
    if witness:
        lines.append(f"<p>fails at {escape(witness)}</p>")
    if outcome.artefact:
        lines.append(f"<pre>{escape(outcome.artefact)}</pre>")
    return folded(summary, "".join([*claims, *lines]), not outcome.verdict.established)


def _witness(witness: WitnessReport | None) -> str:
    if witness is None:
        return ""
    values = values_text(witness.values)
    rows = [(code(h.name), badge(h.verdict), escape(h.reason)) for h in witness.hypotheses]
    note = f"<p>Not generic: {escape(witness.degenerate)}</p>" if witness.degenerate else ""
    body = f"<p>{escape(values)}</p>{note}{table(('hypothesis', 'verdict', 'reason'), rows)}"
    summary = f"Witness: {escape(witness.name)}, {witness_word(witness)}"
    return folded(summary, body, not witness.holds)


def _mutants(mutants: Sequence[MutantReport]) -> str:
    if not mutants:
        return ""
    return "<h3>Mutants: nearby false statements</h3>" + "".join(map(_mutant, mutants))


def _mutant(mutant: MutantReport) -> str:
    fate = "its proof fails" if mutant.chain_fails else "its proof still checks"
    summary = f"{badge(mutant.verdict)} {escape(mutant.name)} ({fate})"
    body = _counterexample(mutant.counterexample) + f"<p>{escape(mutant.reason)}</p>"
    return folded(summary, body, not mutant.killed)


def _counterexample(found: Counterexample | None) -> str:
    if found is None:
        return ""
    values = table(
        ("symbol", "value"),
        ((formula(unicode_name(k)), escape(v)) for k, v in found.values.items()),
    )
    return (
        f"<p>Counterexample to {code(found.conclusion)}: "
        f"{formula(found.relation)}</p>"
        f"<p>left side {enclosure(found.left)}, right side {enclosure(found.right)}, "
        f"difference {enclosure(found.margin)}</p>{values}"
    )
