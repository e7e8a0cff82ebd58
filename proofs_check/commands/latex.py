"""``kurdyka latex``: statements, proofs and bounds as LaTeX."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from proofs_check.claims import claims
from proofs_check.commands.bound import assigned
from proofs_check.commands.output import STDOUT, check_writable, console, write_json, write_text
from proofs_check.commands.targets import Target, select
from proofs_check.errors import UserError
from proofs_check.reporting.findings import StatementReport
from proofs_check.reporting.latex_tables import (
    Comparison,
    Values,
    comparison_table,
    comparisons,
    printed,
    values_of,
)
from theory.typesetting.document import contents, fragment, heading, page, place, symbols
from theory.typesetting.facts import cited, references, trusted_base
from theory.typesetting.macros import Macros
from theory.typesetting.proof import Proof
from theory.typesetting.statement import Writer


class LatexRefused(UserError):
    """The options of the command do not fit together."""


@dataclass(frozen=True)
class Piece:
    """What is written about one statement."""

    target: Target
    theorem: str
    proof: str
    values: Values | None


def run(
    words: Sequence[str],
    output: str | None = None,
    document: bool = False,
    verify: bool = False,
    at: Sequence[str] = (),
    jobs: int = 1,
    json_path: str | None = None,
) -> int:
    """Write statements as LaTeX.

    Parameters
    ----------
    words : sequence of str
        Ids and lemma files; none means every statement.
    output : str or None
        Where to write; standard output by default.
    document : bool
        Whether it has to compile as it stands.
    verify : bool
        Whether to ask the engines, and to print what each step was answered.
    at : sequence of str
        Values ``sym=value`` for the tables of bounds; by default those of each witness.
    jobs : int
        Worker processes, with ``verify``.
    json_path : str or None
        Where to write JSON.

    Returns
    -------
    int
        0; with ``verify``, 1 if a statement is not established.
    """
    check_writable(output, json_path)
    if output is None and json_path == STDOUT:
        output = ""
    targets = sorted(select(words), key=lambda target: place(target.statement))
    if at and len(targets) != 1:
        raise LatexRefused("--at gives values to one statement; name it")
    reports = _verified(targets, jobs) if verify else {}
    macros = Macros()
    writer = Writer(macros, {t.id: n for n, t in enumerate(targets, 1)} if document else {})
    pieces = [_piece(writer, target, reports.get(target.id), assigned(at)) for target in targets]
    rows = comparisons(target.statement for target in targets)
    if output != "":
        text = _document(writer, pieces, rows) if document else _fragment(writer, pieces, rows)
        write_text(text, output or STDOUT)
    if json_path is not None:
        write_json(_json(macros, pieces, rows), json_path)
    return 0 if all(report.verdict.established for report in reports.values()) else 1


def _verified(targets: Sequence[Target], jobs: int) -> dict[str, StatementReport]:
    from proofs_check.verify import verify

    with console(stderr=True).status("verifying"):
        found = verify([target.statement for target in targets], jobs)
    return {report.statement.id: report for report in found}


def _piece(
    writer: Writer, target: Target, report: StatementReport | None, given: Mapping[str, str]
) -> Piece:
    statement = target.statement
    values = values_of(statement, given)
    named = claims(statement, target.lookup)
    proof = Proof(writer, statement, named, _answers(report), target.lookup)
    theorem = writer.theorem(statement, printed(writer, statement, values))
    return Piece(target, theorem, proof.text(), values)


def _answers(report: StatementReport | None) -> dict[str, str]:
    """Return what the engines answered, by step."""
    if report is None:
        return {}
    return {s.step.name: s.outcome.verdict.value for s in report.chain.steps}


def _fragment(writer: Writer, pieces: Sequence[Piece], rows: Sequence[Comparison]) -> str:
    parts = [part for p in pieces for part in (p.theorem, p.proof)]
    return fragment(writer.macros, [*parts, *_end(writer, pieces, rows)])


def _document(writer: Writer, pieces: Sequence[Piece], rows: Sequence[Comparison]) -> str:
    made = [p.target.statement for p in pieces]
    parts = [contents(made)]
    for section, group in groupby(pieces, key=lambda p: p.target.statement.source.section):
        parts += [heading(section), *(part for p in group for part in (p.theorem, p.proof))]
    return page(writer.macros, [*parts, *_end(writer, pieces, rows), symbols(writer.macros, made)])


def _end(writer: Writer, pieces: Sequence[Piece], rows: Sequence[Comparison]) -> list[str]:
    """Return what stands after the proofs: the comparison, the cited facts, the references."""
    made = [p.target.statement for p in pieces]
    table = comparison_table(writer, rows) if rows else ""
    return [part for part in (table, trusted_base(writer, cited(made)), references(made)) if part]


def _json(macros: Macros, pieces: Sequence[Piece], rows: Sequence[Comparison]) -> dict[str, Any]:
    return {
        "schema": "kurdyka.latex/1",
        "macros": macros.definitions(),
        "statements": [
            {
                "id": piece.target.id,
                "theorem": piece.theorem,
                "proof": piece.proof,
                "at": {} if piece.values is None else _given(piece.values),
                "bounds": [
                    {
                        "name": bound.name,
                        "macro": macros.bounds[f"{piece.target.id}.{bound.name}"],
                        "value": _enclosure(piece.values, bound.name),
                    }
                    for bound in piece.target.statement.bounds
                ],
            }
            for piece in pieces
        ],
        "comparison": [
            {
                "name": row.name,
                "published": f"{row.published[0].id}.{row.published[1].name}",
                "sharp": f"{row.sharp[0].id}.{row.sharp[1].name}",
                "attained": None if row.attained is None else row.attained.mode,
            }
            for row in rows
        ],
    }


def _given(values: Values) -> dict[str, str]:
    from numerics.inputs.values import value_text

    return {str(term): value_text(value) for term, value in values.given}


def _enclosure(values: Values | None, name: str) -> dict[str, str] | None:
    found = None if values is None else values.bounds.get(name)
    return None if found is None else found.to_json()
