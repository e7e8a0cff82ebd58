r"""A statement as LaTeX: macros, the theorem, its proof as the list of its steps.

A fragment needs ``amsmath``, ``amssymb`` and ``amsthm``, and an environment ``theorem``; ``page``
wraps fragments into a document that compiles as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Ge, Gt, Implies, Or, true
from sympy.logic.boolalg import And

from theory.bibliography import BIBLIOGRAPHY
from theory.chains import conjunction
from theory.facts import TRUSTED
from theory.formulas import ForAll, Formula, conjuncts
from theory.latex import LatexLayout
from theory.latex_macros import Macros
from theory.latex_words import escaped, prose
from theory.statement import Bound, Quantity, Statement, Step

KINDS = {
    "algebra": "exact identity, by polynomial normal forms",
    "polynomial": "real arithmetic",
    "ball": "ball arithmetic",
    "calculus": "rules of calculus",
    "gram": "real arithmetic on inner products",
    "induction": "induction",
    "lemma": "lemma",
    "cited": "cited fact",
}
"""What discharges a step of each kind."""

_ORIGIN = {"sharp": "this project", "user": "user's statement"}
PREAMBLE = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage[margin=25mm]{geometry}
\usepackage{amsmath,amssymb,amsthm}
\newtheorem{theorem}{Theorem}
\allowdisplaybreaks
\sloppy
"""


@dataclass(frozen=True)
class Writer:
    """Writes statements with one set of macros."""

    macros: Macros

    @property
    def layout(self) -> LatexLayout:
        """The style of its formulas."""
        return self.macros.layout()

    def formula(self, formula: Formula) -> str:
        """Write a formula as part of a sentence: its connectives are words."""
        if isinstance(formula, ForAll):
            return f"{self.formula(formula.body)} {self._for_all(formula)}"
        if isinstance(formula, Implies):
            given, then = formula.args
            return f"if {self.formula(given)}, then {self.formula(then)}"
        if isinstance(formula, And):
            return " and ".join(self._chained(part) for part in conjunction(formula.args))
        if isinstance(formula, Or):
            return " or ".join(self._operand(part) for part in formula.args)
        return inline(self.layout.text(formula))

    def _chained(self, parts: list[Any]) -> str:
        if len(parts) == 1:
            return self._operand(parts[0])
        layout = self.layout
        texts = [layout.signs[p] if isinstance(p, str) else layout.text(p) for p in parts]
        return inline(" ".join(texts))

    def _operand(self, formula: Formula) -> str:
        text = self.formula(formula)
        return f"({text})" if isinstance(formula, (And, Or, Implies)) else text

    def _for_all(self, formula: ForAll) -> str:
        names = ", ".join(self.layout.text(v) for v in formula.variables)
        if formula.given is true:
            return f"for all ${names}$"
        whole = self.layout.quantifier(formula).removeprefix(self.layout.signs["∀"]).strip()
        if len(conjuncts(formula.given)) == 1 and not whole.startswith(names + r" \text"):
            return f"for all ${whole}$"
        chains = [c for c in conjunction(conjuncts(formula.given)) if len(c) == 1]
        start = next((c for [c] in chains if _is_start(c, formula.variables)), None)
        if start is None:
            return f"for all ${names}$ with {self.formula(formula.given)}"
        rest = And(*(c for c in conjuncts(formula.given) if c != start), evaluate=False)
        return f"for all {self.formula(start)} with {self.formula(rest)}"

    # The theorem.

    def theorem(self, statement: Statement) -> str:
        """Return the statement as a theorem environment."""
        title = f"{prose(statement.title)} ({self._origin(statement)})"
        parts = [
            rf"\begin{{theorem}}[{{{title}}}]\label{{thm:{_label(statement.id)}}}",
            *_items("Let", map(self._quantity, statement.quantities)),
            *_items("Put", (self._definition(d) for d in statement.definitions)),
            *_items("Assume", ((h.name, self._meant(h.formula, h.meaning))
                               for h in statement.hypotheses)),
            *_items("Then", ((n, self.formula(f)) for n, f in statement.conclusions.items())),
            *_items("Bounds", ((b.name, self._bound(statement, b)) for b in statement.bounds)),
            r"\end{theorem}",
        ]  # fmt: skip
        return "\n".join(parts)

    def _origin(self, statement: Statement) -> str:
        keys = [_short(key) for key in statement.source.keys]
        return "; ".join(keys) or _ORIGIN[statement.source.layer]

    def _quantity(self, quantity: Quantity) -> tuple[str, str]:
        symbol = f"${self.layout.text(quantity.symbol)}$"
        alone = len(conjuncts(quantity.range)) == 1 and quantity.range.args[0] == quantity.symbol
        if quantity.range is true:
            return "", f"{symbol}: {prose(quantity.meaning)}"
        if alone:
            return "", f"{self.formula(quantity.range)}: {prose(quantity.meaning)}"
        return "", f"{symbol} with {self.formula(quantity.range)}: {prose(quantity.meaning)}"

    def _definition(self, definition: Any) -> tuple[str, str]:
        head, value = (self.layout.text(t) for t in (definition.head, definition.value))
        return "", f"{inline(f'{head} = {value}')}: {prose(definition.meaning)}"

    def _meant(self, formula: Formula, meaning: str) -> str:
        return f"{self.formula(formula)} ({prose(meaning)})" if meaning else self.formula(formula)

    def bound(self, statement: Statement, bound: Bound) -> str:
        """Return the macro of a bound, whose definition is the bound's own expression."""
        return self.macros.bound(f"{statement.id}.{bound.name}", self.layout.text(bound.value))

    def bound_formula(self, statement: Statement, bound: Bound) -> str:
        """Return a bound in math mode, with what it stands for if it is one defined symbol."""
        macro, text = self.bound(statement, bound), self.layout.text(bound.value)
        for definition in statement.definitions:
            if definition.head == bound.value:
                return inline(f"{macro} = {self.layout.text(definition.value)}")
        return inline(macro, text)

    def _bound(self, statement: Statement, bound: Bound) -> str:
        sign = {"upper": "at most", "lower": "at least", "value": "equal to"}[bound.side]
        return f"{prose(bound.meaning)}: {sign} {self.bound_formula(statement, bound)}"

    # The proof.

    def proof(
        self, statement: Statement, claims: Mapping[str, Formula], checked: Mapping[str, str]
    ) -> str:
        """Return the proof: every step with what discharges it.

        Parameters
        ----------
        statement : Statement
            Whose proof it is.
        claims : mapping
            What each step claims, by step or ``step.part``.
        checked : mapping
            What an engine answered, by step; empty if none was asked.
        """
        lead = "Each step was decided by the engine that it names, from what it names alone."
        if not checked:
            lead = (
                "Each step is for the engine that it names; "
                rf"\texttt{{kurdyka verify {escaped(statement.id)}}} asks them."
            )
        items = [(s.name, self._step(s, claims, checked)) for s in statement.steps]
        return "\n".join([r"\begin{proof}", lead, *_items("", items), r"\end{proof}"])

    def _step(self, step: Step, claims: Mapping[str, Formula], checked: Mapping[str, str]) -> str:
        said = [self.formula(f) for n, f in claims.items() if n.partition(".")[0] == step.name]
        uses = list(dict.fromkeys(use.name for use in step.premises))
        by = KINDS[step.kind] + _fact(step)
        source = f", from {', '.join(map(_name, uses))}" if uses else ""
        verdict = f"; {escaped(checked[step.name])}" if step.name in checked else ""
        return f"{'; '.join(said)}. \\emph{{By {by}{source}{verdict}.}}"


def inline(formula: str, written: str = "") -> str:
    """Put a formula in math mode, in display style if it has fractions other than of numbers."""
    large = _LARGE.search(_NUMERIC.sub("", written or formula))
    return rf"$\displaystyle {formula}$" if large else f"${formula}$"


_NUMERIC = re.compile(r"\\frac\{\d+\}\{\d+\}")
_LARGE = re.compile(r"\\frac|\\sum|\\prod")


def _is_start(condition: Any, variables: Sequence[Any]) -> bool:
    """Whether a condition is t ≥ 0 for the only variable t."""
    if not isinstance(condition, (Ge, Gt)) or not condition.rhs.is_number:
        return False
    return (condition.lhs,) == tuple(variables)


def _fact(step: Step) -> str:
    if step.kind == "lemma":
        id, _, conclusion = step.fact.partition(".")
        return f" {_name(conclusion)} of \\texttt{{{escaped(id)}}}"
    fact = TRUSTED.get(step.fact)
    if fact is None:
        return ""
    return f" ({_short(fact.source)}): {prose(fact.reading).rstrip('.')}"


def _short(key: str) -> str:
    """Return authors and year of a reference."""
    whole = str(BIBLIOGRAPHY.get(key, key))
    return escaped(whole[: whole.find(")") + 1] or whole)


def references(statements: Iterable[Statement]) -> str:
    """Return what the statements and their cited facts refer to."""
    keys: dict[str, None] = {}
    for statement in statements:
        keys |= dict.fromkeys(statement.source.keys)
        facts = (TRUSTED.get(s.fact) for s in statement.steps if s.kind == "cited")
        keys |= dict.fromkeys(fact.source for fact in facts if fact is not None)
    found = [("", escaped(str(BIBLIOGRAPHY[key]))) for key in sorted(keys) if key in BIBLIOGRAPHY]
    return "\n".join([r"\section*{References}", *_items("", found)]) if found else ""


def _items(lead: str, items: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield a list with its lead; a named item is labelled by its name."""
    listed = list(items)
    if not listed:
        return
    yield rf"\par\noindent {lead}" if lead else ""
    yield r"\begin{itemize}"
    for name, text in listed:
        yield rf"\item {_name(name)} {text}" if name else rf"\item {text}"
    yield r"\end{itemize}"


def _label(id: str) -> str:
    return id.replace("_", "-")


def _name(name: str) -> str:
    return rf"\textup{{({escaped(name)})}}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], caption: str) -> str:
    """Return a table; cells are LaTeX already."""
    width = f"{0.9 / len(head):.2f}"
    lines = [
        r"\begin{table}[ht]", rf"\caption{{{caption}}}", r"\raggedright\small",
        rf"\begin{{tabular}}{{{('p{' + width + chr(92) + 'linewidth}') * len(head)}}}", r"\hline",
        " & ".join(head) + r" \\ \hline", *(" & ".join(row) + r" \\" for row in rows), r"\hline",
        r"\end{tabular}", r"\end{table}",
    ]  # fmt: skip
    return "\n".join(lines)


def page(macros: Macros, parts: Sequence[str]) -> str:
    """Return a document that compiles as it stands."""
    body = "\n\n".join(parts)
    return "\n".join(
        [PREAMBLE, *macros.definitions(), r"\begin{document}", body, r"\end{document}", ""]
    )


def fragment(macros: Macros, parts: Sequence[str]) -> str:
    """Return macros and environments to be put into a document of one's own."""
    needs = "% needs amsmath, amssymb, amsthm and an environment theorem"
    return "\n".join([needs, *macros.definitions(), "", "\n\n".join(parts), ""])
