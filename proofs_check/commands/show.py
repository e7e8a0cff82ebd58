"""``kurdyka show``: one statement with its proof, as it is written by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from proofs_check.claims import claims
from proofs_check.commands.cite import cited_facts
from proofs_check.commands.output import STDOUT, check_writable, console, write_json
from proofs_check.commands.targets import select_one
from proofs_check.reporting.documents import fact, source
from theory.bibliography import BIBLIOGRAPHY
from theory.facts import TRUSTED
from theory.formulas import Formula
from theory.latex import latex
from theory.statement import Statement, Step
from theory.typesetting.notation import readable

_LAYERS = {
    "published": "published",
    "sharp": "this project's own statement",
    "user": "a user's statement",
}


def run(word: str, json_path: str | None = None) -> int:
    """Show one statement; return the exit status."""
    check_writable(json_path)
    target = select_one(word)
    statement, named = target.statement, claims(target.statement, target.lookup)
    facts = cited_facts(statement, target.lookup)
    if json_path != STDOUT:
        _print(statement, named, facts, console())
    if json_path is not None:
        write_json(_document(statement, named, facts), json_path)
    return 0


def _print(
    statement: Statement, named: Mapping[str, Formula], facts: Sequence[str], out: Console
) -> None:
    out.print(Text.assemble((statement.id, "bold"), f"  {statement.title}"))
    out.print(Text(_origin(statement), style="dim"))
    for heading, rows in _sections(statement, named, facts):
        if rows:
            out.print()
            out.print(Text(heading, style="bold"))
            out.print(_grid(rows))


def _origin(statement: Statement) -> str:
    references = [str(BIBLIOGRAPHY.get(key, key)) for key in statement.source.keys]
    section = f"THEORY section {statement.source.section}" if statement.source.section else ""
    return "; ".join(filter(None, [_LAYERS[statement.source.layer], *references, section]))


Row = tuple[str, ...]


def _sections(
    statement: Statement, named: Mapping[str, Formula], facts: Sequence[str]
) -> list[tuple[str, list[Row]]]:
    return [
        ("Quantities", [(readable(q.symbol), q.meaning, _range(q)) for q in statement.quantities]),
        ("Definitions", [(f"{readable(d.head)} = {readable(d.value)}", d.meaning)
                         for d in statement.definitions]),
        ("Hypotheses", [(h.name, readable(h.formula), h.meaning) for h in statement.hypotheses]),
        ("Conclusions", [(name, readable(f)) for name, f in statement.conclusions.items()]),
        ("Bounds", [(b.name, readable(b.value), b.meaning) for b in statement.bounds]),
        ("Proof", [row for step in statement.steps for row in _step_rows(step, named)]),
        ("Trusted base", [_fact_row(name) for name in facts]),
        ("Mutants", [(mutant.name,) for mutant in statement.mutants]),
    ]  # fmt: skip


def _range(quantity: Any) -> str:
    from sympy import true

    return "" if quantity.range is true else readable(quantity.range)


def _step_rows(step: Step, named: Mapping[str, Formula]) -> list[Row]:
    kind = f"{step.kind} {step.fact}".rstrip()
    uses = ", ".join(dict.fromkeys(use.name for use in step.premises))
    parts = _parts(step, named)
    lines = [*parts, f"← {uses}"] if uses else parts or [""]
    return [(step.name, kind, lines[0]), *(("", "", line) for line in lines[1:])]


def _parts(step: Step, named: Mapping[str, Formula]) -> list[str]:
    return [
        readable(claim) if name == step.name else f"{name.partition('.')[2]}: {readable(claim)}"
        for name, claim in named.items()
        if name.partition(".")[0] == step.name
    ]


def _fact_row(name: str) -> Row:
    found = TRUSTED.get(name)
    return (name, found.reading, found.source) if found else (name, "not in the trusted base", "")


def _grid(rows: Iterable[Row]) -> Table:
    rows = list(rows)
    grid = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
    for index in range(max(len(row) for row in rows)):
        grid.add_column(style="cyan" if index == 0 else "", overflow="fold")
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    return grid


def _document(
    statement: Statement, named: Mapping[str, Formula], facts: Sequence[str]
) -> dict[str, Any]:
    return {
        "schema": "kurdyka.show/1",
        "id": statement.id,
        "title": statement.title,
        "source": source(statement.source),
        "quantities": [
            {"symbol": q.name, **_both(q.symbol), "meaning": q.meaning, "range": _range(q) or None,
             "measured": q.measured or None}
            for q in statement.quantities
        ],
        "definitions": [
            {"symbol": d.name, "head": _both(d.head), "value": _both(d.value), "meaning": d.meaning}
            for d in statement.definitions
        ],
        "hypotheses": [
            {"name": h.name, **_both(h.formula), "meaning": h.meaning} for h in statement.hypotheses
        ],
        "conclusions": [{"name": n, **_both(f)} for n, f in statement.conclusions.items()],
        "bounds": [
            {"name": b.name, **_both(b.value), "meaning": b.meaning, "side": b.side}
            for b in statement.bounds
        ],
        "steps": [_step(step, named) for step in statement.steps],
        "trusted_base": [fact(name) for name in facts],
        "mutants": [mutant.name for mutant in statement.mutants],
        "findings": [{"id": f.id, "claim": f.claim} for f in statement.findings],
    }  # fmt: skip


def _both(term: Any) -> dict[str, str]:
    return {"text": readable(term), "latex": latex(term)}


def _step(step: Step, named: Mapping[str, Formula]) -> dict[str, Any]:
    return {
        "name": step.name,
        "kind": step.kind,
        "fact": step.fact or None,
        "uses": list(dict.fromkeys(use.name for use in step.premises)),
        "claims": {
            name: _both(claim)
            for name, claim in named.items()
            if name.partition(".")[0] == step.name
        },
    }
