"""The page of mutation scores: one row a statement, what survives and why, and how it changed."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from proofs_check.errors import UserError
from proofs_check.mutants.score import Score, together
from proofs_check.mutants.verdicts import Tried, Why
from proofs_check.verdict import Verdict

# What a survivor is that a computation has explained; the others need a sentence of their own.
EXPLAINED = (Why.EXISTENCE, Why.NO_MODEL, Why.COUNTS, Why.EXTREMAL, Why.UNDEFINED)
ANY = "*"
Notes = Mapping[str, Mapping[str, str]]


class PageRefused(UserError):
    """A file beside the page cannot be read."""


HEAD = """# Mutation score

Written by `kurdyka falsify ID ... --mutants --table FILE`. Every statement is changed
mechanically: in conclusions and definitions each constant goes up and down by a tenth, each
exponent by one, each minimum and maximum is swapped; each conclusion is reversed and made a tenth
sharper; each hypothesis and each range is dropped.

A change that says less than the original is *weaker*: an engine has derived it from the original,
and it proves nothing about the checks. A change that says more and is *proved* is a finding. The
score is the share refuted, by numbers, of those that are not known to be true. Each that stays
*open* is explained below.

"""
FINDINGS = """
## What can be sharpened, or does without

The proof goes through, or the other hypotheses imply what is dropped. The search was run against
each and found nothing.

"""
SURVIVORS = """
## What is neither refuted nor proved

"""
TREND = """
## Trend

One line for each run that wrote this page, from `mutation_trend.csv` beside it.

"""


@dataclass(frozen=True)
class Row:
    """One run, as a line of the trend."""

    date: str
    version: str
    statements: int
    made: int
    tried: int
    refuted: int
    weaker: int
    proved: int
    open: int
    score: str


def row(scores: Sequence[Score], date: str, version: str) -> Row:
    """Return a run as a line of the trend."""
    s = together(scores)
    return Row(
        date, version, len(scores), s.made, len(s.tried), s.count(Verdict.REFUTED), s.weaker,
        len(s.findings), s.count(Verdict.UNDECIDED), f"{100 * s.killed:.1f}%",
    )  # fmt: skip


def read_trend(file: Path) -> list[Row]:
    """Read the lines of earlier runs; none where there is no file.

    Raises
    ------
    PageRefused
        If it is something else.
    """
    if not file.exists():
        return []
    names = [f.name for f in fields(Row)]
    with file.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if reader.fieldnames != names:
            raise PageRefused(f"{file}: its first line has to be {','.join(names)}")
        try:
            return [_row_of({n: e[n] if n in TEXT else int(e[n]) for n in names}) for e in reader]
        except (TypeError, ValueError) as error:
            raise PageRefused(f"{file}: line {reader.line_num} is no run ({error})") from error


TEXT = ("date", "version", "score")


def _row_of(values: dict[str, Any]) -> Row:
    return Row(**values)


def written_trend(rows: Sequence[Row]) -> str:
    """Return the trend as CSV; a run that repeats the last line's numbers adds none."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(f.name for f in fields(Row))
    writer.writerows(astuple(r) for r in rows)
    return out.getvalue()


def extended(rows: Sequence[Row], new: Row) -> list[Row]:
    """Return the trend with a run; one of the same day over as many mutants replaces the last."""
    kept = list(rows)
    if kept and (kept[-1].date, kept[-1].tried) == (new.date, new.tried):
        kept.pop()
    return [*kept, new]


def read_notes(file: Path) -> dict[str, dict[str, str]]:
    """Read the explanations of survivors; none where there is no file.

    A table for each statement, and one for all under ``"*"``; keys are names of mutants, in which
    ``*`` stands for anything.

    Raises
    ------
    PageRefused
        If it is no TOML, or not such tables.
    """
    if not file.exists():
        return {}
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise PageRefused(f"{file}: {error}") from error
    for id, entries in found.items():
        if not isinstance(entries, dict) or not all(isinstance(e, str) for e in entries.values()):
            raise PageRefused(f"{file}: [{id}] has to hold a sentence for each mutant")
    return found


def note_for(notes: Notes, id: str, mutant: str) -> tuple[str, str, str] | None:
    """Return the table, the key and the text of what explains a survivor, or None."""
    for table in (id, ANY):
        for key, text in notes.get(table, {}).items():
            if key == mutant or (ANY in key and fnmatchcase(mutant, key)):
                return table, key, text
    return None


def page(scores: Sequence[Score], notes: Notes | None = None, rows: Sequence[Row] = ()) -> str:
    """Return the page: scores, findings, survivors and the trend."""
    return HEAD + markdown(scores, notes or {}) + (_trend(rows) if rows else "")


def markdown(scores: Sequence[Score], notes: Notes | None = None) -> str:
    """Return the table of scores, the findings and the survivors, as a part of a page."""
    known = notes or {}
    lines = ["| statement | mutants | refuted | weaker | proved | open | score |",
             "|---|---|---|---|---|---|---|"]  # fmt: skip
    lines += [_line(s) for s in [*scores, together(scores)]]
    text = "\n".join(lines) + "\n"
    findings = [(s, t) for s in scores for t in s.findings]
    survivors = [(s, t) for s in scores for t in s.survivors if t.why not in _TRUE]
    text += FINDINGS + _listed(findings, known) if findings else ""
    text += SURVIVORS + _listed(survivors, known) if survivors else ""
    return text + "".join(_sampled(s) for s in scores)


_TRUE = (Why.IMPLIED, Why.UNNEEDED, Why.SHARPER)


def _line(s: Score) -> str:
    tried = str(s.made) if s.made == len(s.tried) else f"{len(s.tried)} of {s.made}"
    counts = (s.count(Verdict.REFUTED), s.weaker, len(s.findings), s.count(Verdict.UNDECIDED))
    cells = " | ".join(map(str, (s.id, tried, *counts)))
    return f"| {cells} | {100 * s.killed:.0f}% |"


def _listed(entries: Sequence[tuple[Score, Tried]], notes: Notes) -> str:
    lines: list[str] = []
    last = ""
    for s, tried in entries:
        if s.id != last:
            lines += ([""] if lines else []) + [f"**{s.id}**", ""]
            last = s.id
        lines.append(_entry(s.id, tried, notes))
    return "\n".join(lines) + "\n"


def _entry(id: str, tried: Tried, notes: Notes) -> str:
    found = note_for(notes, id, tried.mutant)
    step = f" ({tried.detail})" if tried.detail else ""
    why = found[2] if found is not None else ""
    return f"- `{tried.mutant}`: {tried.why.value}{step}" + (f". {why}" if why else "")


def _sampled(s: Score) -> str:
    """Return which mutants were drawn, where not all were tried."""
    if s.made == len(s.tried):
        return ""
    names = ", ".join(f"`{t.mutant}`" for t in s.tried)
    return f"\n{s.id}: {len(s.tried)} of {s.made} drawn with seed {s.seed}: {names}\n"


def _trend(rows: Sequence[Row]) -> str:
    names = [f.name for f in fields(Row)]
    lines = [f"| {' | '.join(names)} |", "|" + "---|" * len(names)]
    lines += [f"| {' | '.join(map(str, astuple(r)))} |" for r in rows]
    return TREND + "\n".join(lines) + "\n"


def unexplained(scores: Sequence[Score], notes: Notes) -> list[str]:
    """Return the survivors that no computation and no sentence explains."""
    return [
        f"{s.id}: {t.mutant}"
        for s in scores
        for t in s.survivors
        if t.why not in EXPLAINED and t.why not in _TRUE and note_for(notes, s.id, t.mutant) is None
    ]
