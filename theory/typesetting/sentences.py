"""Formulas as parts of sentences: their connectives are words, and none is wider than a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sympy import And, Implies, Or, Symbol
from sympy.core.function import AppliedUndef

from theory.chains import conjunction
from theory.formulas import ForAll, Formula, conjuncts, parts
from theory.latex import LatexLayout
from theory.names import unicode_name
from theory.terms import IsInteger
from theory.typesetting.lines import INDENT, block, lines
from theory.typesetting.macros import Macros
from theory.typesetting.words import prose

LINE = 41.5
"""How wide a formula may be, in em: the line of an indented item."""
_NUMERIC = re.compile(r"\\frac\{\d+\}\{\d+\}")
_LARGE = re.compile(r"\\frac|\\sum|\\prod")


@dataclass(frozen=True)
class Sentences:
    """Writes formulas with one set of macros.

    Attributes
    ----------
    macros : Macros
        Those of the document.
    indexed : frozenset of str
        Functions whose first argument is an index.
    """

    macros: Macros
    indexed: frozenset[str] = frozenset()
    _written: dict[Any, str] = field(default_factory=dict, compare=False)

    @cached_property
    def layout(self) -> LatexLayout:
        """The style of its formulas."""
        return LatexLayout(self.macros.symbol, self.indexed)

    def formula(self, formula: Formula) -> str:
        """Write a formula in words and mathematics."""
        if formula not in self._written:
            self._written[formula] = closed(self._sentence(formula))
        return self._written[formula]

    def words(self, text: str) -> str:
        """Write a meaning; it names indexed functions as formulas do."""
        for name in self.indexed:
            plain = re.escape(unicode_name(name))
            text = re.sub(rf"\b{plain}\(([ij])(?:, |(?=\)))", rf"{plain}_\1(", text)
            text = text.replace(f"{plain}_i()", f"{plain}_i").replace(f"{plain}_j()", f"{plain}_j")
        return prose(text)

    def inline(self, text: str, line: float = LINE) -> str:
        """Put a formula in math mode, in several lines if it is too wide for one."""
        large = _LARGE.search(_NUMERIC.sub("", self.expanded(text)))
        ruler = self.macros.ruler
        if ruler.width(text) <= line:
            return rf"$\displaystyle {text}$" if large else f"${text}$"
        return rf"\kulines{{{block(lines(text, ruler, line, line - INDENT))}}}"

    def expanded(self, text: str) -> str:
        """Return a macro's body, and anything else as it stands."""
        return self.macros.bodies.get(text, text)

    def _sentence(self, formula: Formula) -> str:
        if isinstance(formula, ForAll):
            return self._quantified(formula)
        if isinstance(formula, Implies):
            given, then = formula.args
            return f"if {self.formula(given)}, then {self._part(then)}"
        if isinstance(formula, And):
            return " and ".join(self._chained(part) for part in conjunction(formula.args))
        if isinstance(formula, Or):
            return " or ".join(self._part(part) for part in formula.args)
        return self.inline(self.layout.text(formula))

    def _chained(self, parts: list[Any]) -> str:
        return self._part(parts[0]) if len(parts) == 1 else self.inline(self._chain(parts))

    def _chain(self, parts: Sequence[Any]) -> str:
        layout = self.layout
        texts = (layout.signs[p] if isinstance(p, str) else layout.text(p) for p in parts)
        return " ".join(texts)

    def _part(self, formula: Formula) -> str:
        text = self.formula(formula)
        return f"({text})" if isinstance(formula, (And, Or, Implies)) else text

    # Quantifiers.

    def _quantified(self, formula: ForAll) -> str:
        """Write "A for all x", or "for all x: A and B" where the first might be misread."""
        return self.together([formula.body], formula)

    def together(self, bodies: Sequence[Formula], over: ForAll) -> str:
        """Write what holds for all of the same domain."""
        text, domain = closed("; ".join(map(self.formula, bodies))), self.domain(over)
        if len(bodies) > 1 or isinstance(bodies[0], (And, Or, Implies)):
            return f"for all {domain}: {text}"
        return f"{text} for all {domain}"

    def domain(self, formula: ForAll) -> str:
        """Write variables with their ranges: "integers 1 ≤ i ≤ k and t ≥ 0 with L(t) > 0"."""
        integers = {c.args[0] for c in conjuncts(formula.given) if isinstance(c, IsInteger)}
        others = [c for c in conjuncts(formula.given) if not _says_integer(c, formula)]
        ranges, rest = list[str](), list[str]()
        missing = list(formula.variables)
        for chain in conjunction(others):
            bound = [v for v in formula.variables if v in _terms(chain)]
            if bound and set(bound) <= set(missing):
                word = "integers " if set(bound) <= integers else ""
                if word or not integers & set(bound):
                    ranges.append(word + self._chained(chain))
                    missing = [v for v in missing if v not in bound]
                    continue
            rest.append(self._chained(chain))
        plain = [v for v in missing if v not in integers]
        free = self._listed(v for v in missing if v in integers)
        named = [self._listed(plain)] if plain else []
        named += [f"integers {free}"] if free else []
        told = " and ".join(_joined([*named, *ranges]))
        return f"{told} with {' and '.join(rest)}" if rest else told

    def _listed(self, variables: Iterable[Symbol]) -> str:
        names = ", ".join(self.layout.text(v) for v in variables)
        return f"${names}$" if names else ""


def _says_integer(condition: Any, formula: ForAll) -> bool:
    return isinstance(condition, IsInteger) and condition.args[0] in formula.variables


def _terms(chain: Sequence[Any]) -> list[Any]:
    """Return the terms of a chain of inequalities; of one that is no inequality, none."""
    if len(chain) > 1:
        return [term for term in chain if not isinstance(term, str)]
    return list(getattr(chain[0], "args", ())) if _is_inequality(chain[0]) else []


def _is_inequality(formula: Any) -> bool:
    return getattr(formula, "rel_op", "") in ("<", "<=", ">", ">=")


def _joined(parts: list[str]) -> list[str]:
    """Join all but the last part by commas."""
    return parts if len(parts) < 3 else [", ".join(parts[:-1]), parts[-1]]


def closed(text: str) -> str:
    """Move the signs that end a sentence into the last line of a formula before them."""
    return _ENDING.sub(lambda end: rf"\text{{{end[1]}}}{_END}", text)


_END = r" \end{aligned}}"
_ENDING = re.compile(re.escape(_END) + "([;:,.)]+)")


def indexed_functions(formulas: Iterable[Formula]) -> frozenset[str]:
    """Return the functions whose first argument is an index i or j, as in v(i) and W(j, t)."""
    found, others = set[str](), set[str]()
    for formula in formulas:
        for applied in (a for part in parts(formula) for a in part.atoms(AppliedUndef)):
            first = applied.args[0]
            named = {s.name for s in first.free_symbols}
            if named and named <= INDICES and not first.atoms(AppliedUndef):
                found.add(applied.func.__name__)
            elif first.is_Number:
                others.add(applied.func.__name__)
    return frozenset(found - others)


INDICES = frozenset({"i", "j", "i_1"})
