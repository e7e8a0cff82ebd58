"""The report as one self-contained page: no script, no font, no image from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from proofs_check.reporting.documents import fact, sharpness_text
from proofs_check.reporting.findings import StatementReport, sharpest
from proofs_check.reporting.html_blocks import (
    badge,
    code,
    count,
    folded,
    listed,
    table,
    witness_word,
)
from proofs_check.reporting.html_statement import section
from proofs_check.reporting.style import STYLE


def page(reports: Sequence[StatementReport], manifest: Mapping[str, Any]) -> str:
    """Return the page of ``kurdyka verify --html``.

    Parameters
    ----------
    reports : sequence of StatementReport
        What verification found.
    manifest : mapping
        As :func:`proofs_check.manifest.manifest` returns it.
    """
    body = [
        "<header><h1>kurdyka: verification report</h1>",
        f"<p>{_summary(reports)}</p></header>",
        _overview(reports),
        _findings(reports),
        *map(section, reports),
        _trusted_base(reports),
        _manifest(manifest),
    ]
    return "\n".join([_HEAD, *body, "</main></body></html>", ""])


_HEAD = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>kurdyka: verification report</title>
<style>{STYLE}</style></head><body><main>"""


def _summary(reports: Sequence[StatementReport]) -> str:
    good = sum(report.succeeds for report in reports)
    mutants = [mutant for report in reports for mutant in report.mutants]
    text = f"{good} of {len(reports)} statements stand"
    if mutants:
        text += f"; {sum(m.killed for m in mutants)} of {len(mutants)} false variants are refuted"
    return (
        f"{text}. A statement is PROVED when engines discharge every step of its proof and only "
        "the trusted base below is cited; nothing sampled, cited or undecided counts as proved."
    )


def _overview(reports: Sequence[StatementReport]) -> str:
    headings = ("statement", "verdict", "steps", "conclusions", "witness", "mutants", "sharpness",
                "seconds")  # fmt: skip
    return f"<h2>Verdicts</h2>{table(headings, map(_overview_row, reports))}"


def _overview_row(report: StatementReport) -> list[str]:
    id = escape(report.statement.id)
    return [
        f'<a href="#{id}">{id}</a>',
        badge(report.verdict),
        count([s.outcome.verdict.established for s in report.chain.steps]),
        count([v.established for v in report.conclusions.values()]),
        witness_word(report.witness),
        count([m.killed for m in report.mutants]) if report.mutants else "–",
        sharpness_text(sharpest(report.sharpness)),
        f"{report.seconds:.1f}",
    ]


def _findings(reports: Sequence[StatementReport]) -> str:
    rows = [
        (code(report.statement.id), code(finding.id), escape(finding.claim))
        for report in reports
        for finding in report.findings
    ]
    if not rows:
        return ""
    return "<h2>Findings</h2>" + table(("statement", "finding", "what was shown"), rows)


def _trusted_base(reports: Sequence[StatementReport]) -> str:
    users: dict[str, list[str]] = {}
    for report in reports:
        for name in report.chain.cited:
            users.setdefault(name, []).append(report.statement.id)
    if not users:
        return ""
    rows = [(code(name), *_fact(name), listed(ids)) for name, ids in users.items()]
    headings = ("fact", "reading", "an instance of", "source", "cited by")
    return "<h2>Trusted base: cited, not proved here</h2>" + table(headings, rows)


def _fact(name: str) -> tuple[str, str, str]:
    found = fact(name)
    if found["reading"] is None:
        return "not in the trusted base", "", ""
    kind = f"{found['basis']} ({found['rank'].lower()})"
    return escape(found["reading"]), escape(kind), escape(found["reference"] or found["source"])


def _manifest(manifest: Mapping[str, Any]) -> str:
    rows = [(escape(k), escape(str(v))) for k, v in manifest.get("versions", {}).items()]
    rows += [(k, escape(str(manifest[k]))) for k in ("seed", "precision") if k in manifest]
    hashes = [(code(k), code(v)) for k, v in manifest.get("hashes", {}).items()]
    files = folded(f"{len(hashes)} files", table(("file", "SHA-256"), hashes))
    return f"<h2>Reached with</h2>{table(('what', 'value'), rows)}{files}"
