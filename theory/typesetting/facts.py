"""The end of a document: the facts that its proofs cite, and what they are taken from."""

from __future__ import annotations

from collections.abc import Iterable

from theory.bibliography import BIBLIOGRAPHY
from theory.facts import TRUSTED, Fact, ranked
from theory.statement import Statement
from theory.typesetting.labels import plain
from theory.typesetting.sentences import Sentences, closed, indexed_functions
from theory.typesetting.statement import Writer, items, short_reference
from theory.typesetting.words import prose


def cited(statements: Iterable[Statement]) -> list[Fact]:
    """Return the facts that the proofs of these statements cite, by name."""
    names = {s.fact for made in statements for s in made.steps if s.kind == "cited"}
    return [TRUSTED[name] for name in sorted(names & set(TRUSTED))]


def trusted_base(writer: Writer, facts: Iterable[Fact]) -> str:
    """Return the cited facts in words and in formulas."""
    groups = ranked(fact.name for fact in facts)
    if not groups:
        return ""
    lead = "Proofs cite these and nothing else; every citation has its premises checked."
    lines = [r"\section*{Facts that are cited}", lead]
    for rank, group in groups.items():
        lines += items(rank.value, [_fact(writer, fact) for fact in group])
    return "\n".join(lines)


def _fact(writer: Writer, fact: Fact) -> str:
    formulas = [*fact.premises.values(), *fact.conclusions.values()]
    write = Sentences(writer.macros, indexed_functions(formulas))
    source = short_reference(fact.source)
    said = rf"\emph{{{plain(fact.name)}}} ({source}): {write.words(fact.reading)}"
    given = "; ".join(map(write.formula, fact.premises.values()))
    then = "; ".join(map(write.formula, fact.conclusions.values()))
    formal = f"Given {given}. Then {then}" if given else f"Always {then}"
    return rf"{said}\par {{\footnotesize {closed(formal)}.\par}}"


def references(statements: Iterable[Statement]) -> str:
    """Return what the statements and their cited facts refer to."""
    listed = list(statements)
    keys = {key for made in listed for key in made.source.keys}
    keys |= {fact.source for fact in cited(listed)}
    found = sorted(prose(str(BIBLIOGRAPHY[key])) for key in keys & set(BIBLIOGRAPHY))
    return "\n".join([r"\section*{References}", *items("", found)]) if found else ""
