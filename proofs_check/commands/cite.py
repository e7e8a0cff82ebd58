"""``kurdyka cite``: BibTeX of a statement's source and of the facts its proof cites."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from proofs_check.claims import Lookup
from proofs_check.commands.output import STDOUT, check_writable, write_json, write_text
from proofs_check.commands.targets import select_one
from theory import registry
from theory.bibliography import bibtex
from theory.facts import TRUSTED
from theory.statement import Statement


def run(word: str, json_path: str | None = None) -> int:
    """Print the BibTeX of one statement; return the exit status."""
    check_writable(json_path)
    target = select_one(word)
    facts = cited_facts(target.statement, target.lookup)
    if json_path != STDOUT:
        write_text(_text(target.statement, facts), STDOUT)
    if json_path is not None:
        write_json(_document(target.statement, facts), json_path)
    return 0


def cited_facts(statement: Statement, lookup: Lookup = registry.statement) -> tuple[str, ...]:
    """Return the facts that a proof and the lemmas it rests on cite, in order."""
    return tuple(dict.fromkeys(_facts(statement, lookup, {statement.id})))


def _facts(statement: Statement, lookup: Lookup, seen: set[str]) -> Iterator[str]:
    for step in statement.steps:
        id = step.fact.partition(".")[0]
        if step.kind == "cited":
            yield step.fact
        elif step.kind == "lemma" and id not in seen:
            seen.add(id)
            yield from _facts(lookup(id), lookup, seen)


def _sources(facts: Sequence[str]) -> dict[str, str]:
    """Return the bibliography key of each cited fact."""
    return {name: TRUSTED[name].source for name in facts if name in TRUSTED}


def _text(statement: Statement, facts: Sequence[str]) -> str:
    lines = [f"% {statement.id}: {statement.title}"]
    if not statement.source.keys:
        lines.append("% states no literature source of its own; cited facts are taken from:")
    keys = (*statement.source.keys, *_sources(facts).values())
    if not keys:
        return f"{lines[0]}\n% cites nothing\n"
    return "\n".join([*lines, "", bibtex(keys), ""])


def _document(statement: Statement, facts: Sequence[str]) -> dict[str, Any]:
    sources = _sources(facts)
    keys = dict.fromkeys((*statement.source.keys, *sources.values()))
    return {
        "schema": "kurdyka.cite/1",
        "id": statement.id,
        "source": list(statement.source.keys),
        "cited": sources,
        "bibtex": {key: bibtex([key]) for key in keys},
    }
