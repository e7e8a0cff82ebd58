r"""A statement as a theorem environment: what is assumed, what follows, its bounds with decimals.

A fragment needs what ``theory.typesetting.document`` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from theory.bibliography import BIBLIOGRAPHY
from theory.formulas import Formula, conjuncts
from theory.statement import Bound, Quantity, Statement
from theory.terms import IsInteger
from theory.typesetting.labels import code, label
from theory.typesetting.macros import Macros
from theory.typesetting.notation import readable
from theory.typesetting.sentences import LINE, Sentences, closed, indexed_functions
from theory.typesetting.words import escaped, prose

_ORIGIN = {"sharp": "this project", "user": "user's statement", "published": "published"}
_SIDES = {"upper": "at most", "lower": "at least", "value": "equal to"}


@dataclass(frozen=True)
class Decimals:
    """The bounds of a statement in certified decimals.

    Parameters
    ----------
    given : str
        The values at which they are taken, in LaTeX.
    bounds : mapping of str to str
        Bound to its enclosure, in LaTeX.
    """

    given: str
    bounds: Mapping[str, str]


@dataclass(frozen=True)
class Writer:
    """Writes statements with one set of macros.

    Attributes
    ----------
    macros : Macros
        Those of the document.
    numbers : mapping of str to int
        Statement to the number of its theorem, where theorems are numbered.
    """

    macros: Macros
    numbers: Mapping[str, int] = field(default_factory=dict)
    _sentences: dict[str, Sentences] = field(default_factory=dict, compare=False)

    def sentences(self, statement: Statement) -> Sentences:
        """Return what writes the formulas of a statement."""
        key = f"{statement.id} {id(statement)}"
        if key not in self._sentences:
            indexed = indexed_functions(formulas_of(statement))
            self._sentences[key] = Sentences(self.macros, indexed)
        return self._sentences[key]

    def theorem(self, statement: Statement, values: Decimals | None = None) -> str:
        """Return the statement as a theorem environment."""
        write = self.sentences(statement)
        title = f"{prose(statement.title)}"
        parts = [
            rf"\begin{{theorem}}[{{{title}}}]\label{{thm:{statement.id.replace('_', '-')}}}",
            rf"\kufree{{}} {code(statement.id)} ({origin(statement)}).",
            *_sentence("Let", (_quantity(write, q) for q in statement.quantities)),
            *items("Put", (_definition(write, d) for d in statement.definitions)),
            *items("Assume", (
                f"{label(h.name)} {_meant(write, h.formula, h.meaning)}"
                for h in statement.hypotheses
            )),
            *items("Then", (
                f"{label(name)} {write.formula(f)}" for name, f in statement.conclusions.items()
            )),
            *self._bounds(statement, values),
            r"\end{theorem}",
        ]  # fmt: skip
        return "\n".join(parts)

    # Bounds.

    def bound(self, statement: Statement, bound: Bound) -> str:
        """Return the macro of a bound, whose definition is the bound's own expression."""
        text = self.sentences(statement).layout.text(bound.value)
        return self.macros.bound(f"{statement.id}.{bound.name}", text)

    def bound_formula(self, statement: Statement, bound: Bound, line: float = LINE) -> str:
        """Return a bound in math mode, with what it stands for if it is one defined symbol."""
        write, macro = self.sentences(statement), self.bound(statement, bound)
        for definition in statement.definitions:
            if definition.head == bound.value:
                return write.inline(f"{macro} = {write.layout.text(definition.value)}", line)
        body = self.macros.bodies[macro]
        return write.inline(body if self.macros.ruler.width(body) > line else macro, line)

    def _bounds(self, statement: Statement, values: Decimals | None) -> Iterator[str]:
        lead = "Bounds"
        if values is not None:
            lead += f", with certified decimals at {values.given}" if values.given else ""
        known = {} if values is None else values.bounds
        yield from items(lead, (
            f"{label(b.name)} {prose(b.meaning)}: {_SIDES[b.side]} "
            f"{self.bound_formula(statement, b)}{_valued(known.get(b.name))}"
            for b in statement.bounds
        ))  # fmt: skip


def origin(statement: Statement) -> str:
    """Say whose a statement is."""
    keys = [short_reference(key) for key in statement.source.keys]
    return "; ".join([_ORIGIN[statement.source.layer], *keys])


def short_reference(key: str) -> str:
    """Return authors and year of a reference."""
    whole = str(BIBLIOGRAPHY.get(key, key))
    return escaped(whole[: whole.find(")") + 1].replace(" (", ", ").replace(")", "") or whole)


def formulas_of(statement: Statement) -> list[Formula]:
    """Return the formulas of a statement and of the steps that say theirs."""
    claims = [step.claim for step in statement.steps if step.claim is not None]
    assumed = [h.formula for h in statement.hypotheses]
    values: list[Any] = [d.value for d in statement.definitions]
    return [*assumed, *statement.conclusions.values(), *claims, *values]


def _valued(decimals: str | None) -> str:
    return f"; here {decimals}" if decimals else ""


def _quantity(write: Sentences, quantity: Quantity) -> str:
    name = write.layout.text(quantity.symbol)
    meaning = write.words(
        without_formula(quantity.meaning, readable(quantity.symbol)) or quantity.meaning
    )
    limits = conjuncts(quantity.range)
    rest = [c for c in limits if not isinstance(c, IsInteger)]
    word = "an integer " if len(rest) < len(limits) else ""
    told = " and ".join(write.formula(c) for c in rest)
    if not rest:
        return f"{word}${name}$ ({meaning})"
    starts = len(rest) == 1 and rest[0].args[0] == quantity.symbol
    symbol = "" if starts else f"${name}$ with "
    return f"{word}{symbol}{told} ({meaning})"


def _definition(write: Sentences, definition: Any) -> str:
    head, value = (write.layout.text(t) for t in (definition.head, definition.value))
    plain = [readable(t) for t in (definition.head, definition.value, definition.symbol)]
    meaning = without_formula(definition.meaning, *plain)
    idle = not meaning or _wordless(" ".join(plain), meaning)
    return write.inline(f"{head} = {value}") + ("" if idle else f" ({write.words(meaning)})")


def without_formula(meaning: str, head: str, value: str = "", symbol: str = "") -> str:
    """Return a meaning without the formula that it ends with, where that is what is defined.

    "misfit ψ(L(y(t)))" of ψ(L(y(t))) is "misfit", and "gain b = 2Λσ_A" of b is "gain".
    """
    ends = {_bare(f"{name} = {value}") for name in (head, symbol)}
    ends |= {_bare(text) for text in (head, value, symbol)} - {""}
    parts = meaning.split(" ")
    cut = next((n for n in range(len(parts)) if _bare(" ".join(parts[n:])) in ends), len(parts))
    return " ".join(parts[:cut])


def _bare(text: str) -> str:
    return re.sub(r"[ ·,]", "", text)


def _meant(write: Sentences, formula: Formula, meaning: str) -> str:
    if not meaning or _wordless(readable(formula), meaning):
        return write.formula(formula)
    return f"{write.formula(formula)} ({write.words(meaning)})"


def _wordless(formula: str, meaning: str) -> bool:
    """Whether a meaning is a formula that names nothing but what stands in the formula."""
    known = set(_LETTERS.findall(formula))
    return all(len(part) == 1 and part in known for part in _LETTERS.findall(meaning))


_LETTERS = re.compile(r"[^\W\d_]+")


def _sentence(lead: str, parts: Iterable[str]) -> Iterator[str]:
    listed = list(parts)
    if listed:
        yield rf"\par\noindent {lead} {'; '.join(listed)}."


def items(lead: str, listed: Iterable[str]) -> Iterator[str]:
    """Yield a list with its lead."""
    found = list(listed)
    if not found:
        return
    yield rf"\par\noindent {lead}:" if lead else ""
    yield r"\begin{kulist}"
    yield from (rf"\item {closed(text)}" for text in found)
    yield r"\end{kulist}"
