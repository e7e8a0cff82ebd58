"""Building blocks of the report page: tables, labels, formulas, parts that fold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from proofs_check.reporting.findings import WitnessReport
from proofs_check.verdict import Verdict
from theory.typesetting.notation import readable

_SUBSCRIPT = re.compile(r"(?<=\w)_(\w+|∞)")


def table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table; cells are HTML."""
    head = "".join(f"<th>{heading}</th>" for heading in headings)
    lines = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    whole = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="wide">{whole}</div>'


def badge(verdict: Verdict) -> str:
    """Return a verdict as a coloured label."""
    return f'<span class="badge {verdict.value.lower()}">{verdict.value}</span>'


def math(term: Any) -> str:
    """Return a term or formula as it is written by hand."""
    return formula(readable(term))


def formula(text: str) -> str:
    """Return readable mathematics with its subscripts lowered."""
    lowered = _SUBSCRIPT.sub(r"<sub>\1</sub>", escape(text))
    return f'<span class="math">{lowered}</span>'


def folded(summary: str, body: str, is_open: bool = False) -> str:
    """Return a part that opens on a click."""
    return f"<details{' open' if is_open else ''}><summary>{summary}</summary>{body}</details>"


def code(text: str) -> str:
    """Return a name as it is typed."""
    return f"<code>{escape(text)}</code>"


def listed(names: Iterable[str]) -> str:
    """Return names, separated by commas."""
    return ", ".join(code(name) for name in names) or "nothing"


def count(met: Sequence[bool]) -> str:
    """Return how many of all are met."""
    return f"{sum(met)}/{len(met)}"


def witness_word(witness: WitnessReport | None) -> str:
    """Return in a word what became of a witness."""
    if witness is None:
        return "none"
    return "holds" if witness.holds else "fails"


def enclosure(bounds: tuple[str, str]) -> str:
    """Return an enclosure as an interval."""
    return f'<span class="math">[{escape(bounds[0])}, {escape(bounds[1])}]</span>'
