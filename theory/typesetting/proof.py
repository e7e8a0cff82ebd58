"""A proof as the list of its steps: what each claims, and what discharges it from what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from theory import registry
from theory.formulas import ForAll, Formula, canonical
from theory.latex import signs
from theory.statement import Statement, Step
from theory.typesetting.labels import code, label, plain
from theory.typesetting.sentences import Sentences, closed
from theory.typesetting.statement import Writer
from theory.typesetting.words import escaped

KINDS = {
    "algebra": "identity",
    "polynomial": "real arithmetic",
    "ball": "ball arithmetic",
    "calculus": "calculus",
    "gram": "inner products",
    "induction": "induction",
    "lemma": "lemma",
    "cited": "fact",
}
"""What discharges a step of each kind, in a word or two."""

_MANY = 5  # premises that a lemma shares with its theorem are counted, not listed, from here on
_LONG = 45  # a conclusion of more signs than this is not written again in the proof


@dataclass(frozen=True)
class Proof:
    """The proof of one statement.

    Parameters
    ----------
    writer : Writer
        Writes its formulas.
    statement : Statement
        Whose proof it is.
    claims : mapping
        What each step claims, by step or ``step.part``.
    checked : mapping
        What an engine answered, by step; empty if none was asked.
    lookup : callable
        From the id of a lemma to the statement.
    """

    writer: Writer
    statement: Statement
    claims: Mapping[str, Formula]
    checked: Mapping[str, str]
    lookup: Callable[[str], Statement] = registry.statement

    def text(self) -> str:
        """Return the proof environment."""
        asked = rf"\texttt{{kurdyka verify {escaped(self.statement.id)}}}"
        lead = f"Decided step by step, by {asked}:" if self.checked else f"For {asked} to decide:"
        steps = [rf"\item {self._step(step)}" for step in self.statement.steps]
        return "\n".join(
            [r"\begin{proof}", lead, r"\begin{kusteps}", *steps, r"\end{kusteps}", r"\end{proof}"]
        )

    @property
    def _write(self) -> Sentences:
        return self.writer.sentences(self.statement)

    def _step(self, step: Step) -> str:
        claims = [f for n, f in self.claims.items() if n.partition(".")[0] == step.name]
        return rf"{self._claimed(claims)} \kuby{{{code(step.name)}: {self._reason(step)}}}"

    def _claimed(self, claims: Sequence[Formula]) -> str:
        """Write what a step claims; parts that hold on the same domain share their quantifier."""
        first = claims[0] if claims else None
        if len(claims) > 1 and isinstance(first, ForAll):
            alike = [c for c in claims if isinstance(c, ForAll) and _domain(c) == _domain(first)]
            if len(alike) == len(claims):
                return self._write.together([c.body for c in alike], first)
        return closed("; ".join(map(self._said, claims)))

    def _said(self, claim: Formula) -> str:
        name = self._conclusions.get(canonical(claim))
        text = self._write.formula(claim)
        if name is None:
            return text
        return label(name) if signs(text) > _LONG else f"{label(name)} {text}"

    @cached_property
    def _conclusions(self) -> dict[Formula, str]:
        return {canonical(f): name for name, f in self.statement.conclusions.items()}

    # What discharges a step.

    def _reason(self, step: Step) -> str:
        uses = list(dict.fromkeys(use.name for use in step.premises))
        shared = self._shared(step) & set(uses)
        told = list(self._premises([u for u in uses if len(shared) < _MANY or u not in shared]))
        if len(shared) >= _MANY:
            told.append(f"{len(shared)} shared premises")
        source = ", ".join(told)
        verdict = f"; {escaped(self.checked[step.name])}" if step.name in self.checked else ""
        return f"{self._by(step)}{f' from {source}' if source else ''}{verdict}"

    def _shared(self, step: Step) -> set[str]:
        """Return the premises that a lemma states as well, by the same names."""
        if step.kind != "lemma":
            return set()
        try:
            other = self.lookup(step.fact.partition(".")[0]).premises
        except registry.UnknownStatement:
            return set()
        own = self.statement.premises
        return {name for name in own.keys() & other.keys() if own[name] == other[name]}

    def _by(self, step: Step) -> str:
        if step.kind == "cited":
            return rf"fact \emph{{{plain(step.fact)}}}"
        if step.kind == "lemma":
            id, _, conclusion = step.fact.partition(".")
            return f"{self._theorem(id)} {label(conclusion)}"
        return KINDS[step.kind]

    def _theorem(self, id: str) -> str:
        number = self.writer.numbers.get(id)
        return code(id) if number is None else f"Theorem~{number}"

    def _premises(self, uses: Sequence[str]) -> Iterator[str]:
        """Yield steps by number, hypotheses by label, then ranges and definitions."""
        steps = {step.name: n for n, step in enumerate(self.statement.steps, 1)}
        numbers = dict.fromkeys(steps[u.partition(".")[0]] for u in uses if _before(u, steps))
        yield from (f"({n})" for n in sorted(numbers))
        rest = [u for u in uses if not _before(u, steps)]
        hypotheses = {h.name for h in self.statement.hypotheses}
        yield from (label(u) for u in rest if u in hypotheses)
        defined = {d.name for d in self.statement.definitions}
        ranges = [u for u in rest if u not in hypotheses and u not in defined]
        yield from self._about("range", ranges)
        yield from self._about("definition", [u for u in rest if u in defined])

    def _about(self, what: str, names: Sequence[str]) -> Iterator[str]:
        if names:
            symbols = ", ".join(f"${self._write.layout.name(n)}$" for n in names)
            yield f"the {what}{'s' if len(names) > 1 else ''} of {symbols}"


def _before(use: str, steps: Mapping[str, int]) -> bool:
    return use.partition(".")[0] in steps


def _domain(formula: ForAll) -> tuple[object, object]:
    return formula.variables, formula.given
