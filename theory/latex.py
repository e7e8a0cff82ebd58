r"""Formulas as LaTeX, such as ``\forall t \geq 0:\quad \|\theta(t) - \theta_{0}\| \leq s(t)``.

They are set as an author would: fractions in the line where they stand in an exponent, functions of
sums outside fractions, large delimiters only around what is large. They need ``amsmath`` and
``amssymb``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from sympy import Abs, Add, Expr, Function, Integer, Number, Pow, Symbol, exp
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.function import AppliedUndef

from theory.heads import ELEMENTARY, HEADS, Head
from theory.names import GREEK, latex_name, parse
from theory.terms import FrobeniusNorm, Norm, OperatorNorm, SigmaMin
from theory.typesetting.formulas import Layout
from theory.typesetting.layout import SAMPLE

COUNTERS = frozenset("ijklmn")
"""Letters that stand for integers, wherever they occur."""
MOST_BARS = 2
"""How many fractions may stand in one another; the next is written a/b."""
_TALL = re.compile(r"\\frac|\\sum|\\prod|\\int|\\begin|\\left")
_SIZED = re.compile(r"\\(left|right)(?![a-zA-Z])")
_LONG = 25
_SHORT = 12


def latex(term: Any) -> str:
    """Return a term, formula, function or Lambda in LaTeX, for math mode."""
    return _LAYOUT.text(term)


class LatexLayout(Layout):
    """The style of ``latex``.

    Parameters
    ----------
    naming : callable
        From a symbol's name to LaTeX; a document names its own macros.
    indexed : set of str
        Functions whose first argument is written as an index.
    """

    minus = "-"
    signs = {  # noqa: RUF012 (read only)
        "==": "=", "!=": r"\neq", "<=": r"\leq", ">=": r"\geq", "<": "<", ">": ">",
        "≤": r"\leq", "→": r"\to", "↦": r"\mapsto", "⇒": r"\implies", "∞": r"\infty",
        "∀": r"\forall", "pi": r"\pi", "E": r"\mathrm{e}",
    }  # fmt: skip
    words = {  # noqa: RUF012 (read only)
        "colon": r":\quad ", "with": r" \text{ with } ", "and": r" \text{ and } ",
        "or": r" \text{ or } ", "not": r"\text{not } ", "if": r"\text{if } ",
        "otherwise": r"\text{otherwise}", "always": r"\text{always}", "never": r"\text{never}",
        "as": r" \text{ as } ", "continuous": r" \text{ is continuous on } ", "sum": r"\sum",
        "product": r"\prod", "probability": r"\mathbb{P}",
    }  # fmt: skip

    def __init__(
        self,
        naming: Callable[[str], str] = latex_name,
        indexed: Collection[str] = frozenset(),
    ) -> None:
        self.naming = naming
        self.indexed = indexed
        self.small = False
        self.bars = 0
        self._written: dict[tuple[Any, bool, int], str] = {}

    def text(self, term: Any) -> str:
        """Return a term, formula, function or Lambda in this style."""
        key = term, self.small, self.bars
        if key not in self._written:
            self._written[key] = super().text(term)
        return self._written[key]

    def name(self, name: str) -> str:
        """Write the name of a symbol or function."""
        return self.naming(name)

    def word(self, name: str) -> str:
        """Write the name of a head or function of analysis."""
        return ELEMENTARY.get(name) or rf"\operatorname{{{name}}}"

    def applied(self, term: AppliedUndef) -> str:
        """Write a function applied; its first argument may be an index."""
        name = term.func.__name__
        if name not in self.indexed:
            return super().applied(term)
        first, *rest = (a for a in term.args if a != SAMPLE)
        base = self.name(name)
        if parse(name).subscripts:
            base = f"{{{base}}}"
        with self._in_the_line():
            text = f"{base}_{{{self.text(first)}}}"
        return self.call(text, rest) if rest else text

    def template(self, head: Head) -> str:
        """Return a head's template."""
        return head.latex

    def filled(self, template: str, arguments: Sequence[Any]) -> str:
        """Put arguments into a template; delimiters only grow around what is large."""
        plain = super().filled(_SIZED.sub("", template), arguments)
        return super().filled(template, arguments) if _TALL.search(plain) else plain

    def delimited(self, left: str, body: str, right: str) -> str:
        """Put a body between delimiters, large ones if it is large."""
        if _TALL.search(body):
            return rf"\left{left}{body}\right{right}"
        return f"{left}{body}{right}"

    @contextmanager
    def _in_the_line(self) -> Iterator[None]:
        """Write fractions as a/b, as in an exponent."""
        before, self.small = self.small, True
        try:
            yield
        finally:
            self.small = before

    # Arithmetic.

    def _Add(self, term: Add) -> str:
        """Write a sum; the one after an index n is n + 1."""
        if len(term.args) == 2 and term.args[0].is_Integer and str(term.args[1]) in COUNTERS:
            number, counter = term.args
            return f"{self.text(counter)} {'-' if number < 0 else '+'} {abs(number)}"
        return super()._Add(term)

    def quotient(self, above: Sequence[Expr], below: Sequence[Expr]) -> str:
        """Write a fraction; logarithms and sums stand behind it."""
        if self.small or self.bars == MOST_BARS:
            text = self.product(below)
            return f"{self.product(above)}/{self._lined(below, text)}"
        outside = _outside(above)
        self.bars += 1
        inside = self._whole([f for f in above if f not in outside])
        fraction = rf"\frac{{{inside}}}{{{self._whole(below)}}}"
        self.bars -= 1
        return " ".join([fraction, *(self.factor(f) for f in outside)])

    def _lined(self, below: Sequence[Expr], text: str) -> str:
        return text if len(below) == 1 else f"({text})"

    def _whole(self, factors: Sequence[Expr]) -> str:
        kept = [f for f in factors if f != 1]
        return self.text(kept[0]) if len(kept) == 1 else self.product(kept)

    def product(self, factors: Sequence[Expr]) -> str:
        """Write a product by juxtaposition."""
        kept = [f for f in factors if f != 1] or [Integer(1)]
        text = self.factor(kept[0])
        for before, factor in pairwise(kept):
            part = self.factor(factor)
            apart = r" \, " if _is_word(before) or _is_word(factor) else " "
            text += (r" \cdot " if part[0].isdigit() else apart) + part
        return text

    def power(self, base: Expr, exponent: Expr) -> str:
        """Write a power; that of a norm or function stands where it does in a paper."""
        with self._in_the_line():
            raised = self.text(exponent)
        kind = "" if isinstance(base, AppliedUndef) else type(base).__name__
        if kind in HEADS and HEADS[kind].power:
            return self.filled(HEADS[kind].power.replace("#0", raised), base.args)
        if kind in ELEMENTARY and isinstance(base, Function):
            return self.call(rf"{self.word(kind)}^{{{raised}}}", base.args)
        return rf"{self._base(base)}^{{{raised}}}"

    def _base(self, base: Expr) -> str:
        text = self.tight(base)
        marked = isinstance(base, (Symbol, AppliedUndef)) and not text.endswith(")")
        if marked and parse(_name_of(base)).mark:
            return f"{{{text}}}"
        return text

    def root(self, radicand: Expr) -> str:
        """Write a square root."""
        return rf"\sqrt{{{self.text(radicand)}}}"

    def _exp(self, term: Expr) -> str:
        with self._in_the_line():
            raised = self.text(term.args[0])
        if signs(raised) <= _LONG and r"\sqrt" not in raised and not self.small:
            return rf"\mathrm{{e}}^{{{raised}}}"
        return self.call(r"\exp", term.args)

    def _log(self, term: Expr) -> str:
        if isinstance(term.args[0], Symbol):
            return rf"\log {self.text(term.args[0])}"
        return self._Function(term)

    def _Function(self, term: Function) -> str:
        """Write a function of analysis, of a short quotient in the line."""
        name = self.word(type(term).__name__)
        if term.args[0].is_Mul or term.args[0].is_Pow:
            with self._in_the_line():
                text = self.call(name, term.args)
            if signs(text) <= _SHORT:
                return text
        return self.call(name, term.args)

    # What has several parts.

    def cases(self, pairs: Sequence[tuple[str, str]]) -> str:
        """Write values with their conditions."""
        lines = r" \\ ".join(rf"{value} & {condition}" for value, condition in pairs)
        return rf"\begin{{cases}} {lines} \end{{cases}}"

    def ranged(self, sign: str, limits: Sequence[tuple[str, str, str]], body: str) -> str:
        """Write a sum or product over ranges."""
        return " ".join([*(rf"{sign}_{{{i}={a}}}^{{{b}}}" for i, a, b in limits), body])

    def differential(self, variable: str, body: str) -> str:
        """Write a derivative."""
        return rf"\frac{{d}}{{d{variable}}} {body}"

    def evaluated(self, text: str, place: str) -> str:
        """Write a derivative at a point."""
        return rf"\left.{text}\right|_{{{place}}}"


def _is_word(factor: Expr) -> bool:
    """Whether a factor is named by a word, which runs into a letter beside it."""
    base = factor.base if isinstance(factor, Pow) else factor
    if not isinstance(base, (Symbol, AppliedUndef)):
        return False
    name = parse(_name_of(base)).base
    return len(name) > 1 and name not in GREEK


def _name_of(term: Symbol | AppliedUndef) -> str:
    return term.name if isinstance(term, Symbol) else term.func.__name__


def _outside(above: Sequence[Expr]) -> list[Expr]:
    """Return the factors of a numerator that stand behind the fraction."""
    functions = [f for f in above if isinstance(f, _BEHIND) and not isinstance(f, _INSIDE)]
    rest = [f for f in above if f not in functions and not isinstance(f, Number)]
    sums = [f for f in rest if isinstance(f, Add) and f.has(Function, Pow)]
    return [f for f in above if f in functions or (f in sums and len(rest) > len(sums))]


_BEHIND = (Function, ExprWithLimits)
_INSIDE = (AppliedUndef, exp, Abs, Norm, OperatorNorm, FrobeniusNorm, SigmaMin)


def signs(text: str) -> int:
    """Return about as many characters as will be seen: a command is one."""
    return len(re.sub(r"[{} $]", "", re.sub(r"\\[a-zA-Z]+", "x", text)))


_LAYOUT = LatexLayout()
