"""One walk over a term for every way to write it; ``notation`` and ``latex`` are two styles.

Terms are ordered as in a paper: numbers, constants, variables, functions, sums, roots in a product;
what is positive before what is subtracted in a sum.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from sympy import (
    Add,
    Basic,
    Expr,
    Function,
    Integer,
    Lambda,
    Mul,
    Pow,
    Rational,
    Symbol,
    true,
)
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.function import AppliedUndef, UndefinedFunction
from sympy.logic.boolalg import Boolean
from sympy.printing.precedence import PRECEDENCE, precedence

from theory.formulas import free_symbols, substitute
from theory.heads import HEADS, Head
from theory.terms import Deriv
from theory.typesetting.term_order import balanced, in_fraction, in_order_of_a_sum

_BOUND = ("x", "z", "xi", "eta", "tau", "u", "v")
_SLOT = re.compile(r"#(\d)([!*]?)")
SAMPLE = Symbol("sample point")
"""Stands for the sample point of a random variable, which is not written."""


def opened(function: Lambda, variable: Symbol | None = None) -> tuple[Symbol, Basic]:
    """Return a Lambda's variable and body, with a variable that reads well and is not taken."""
    bound = function.variables[0]
    if variable is None:
        taken = {s.name for s in free_symbols(function)}
        variable = type(bound)(next(n for n in _candidates() if n not in taken))
    return variable, substitute(function.expr, {bound: variable})


def _candidates() -> Iterator[str]:
    yield from _BOUND
    yield from (f"x_{i}" for i in count(1))


def plain_function(term: Basic) -> UndefinedFunction | None:
    """Return f where the term is x ↦ f(x)."""
    if isinstance(term, Lambda) and isinstance(term.expr, AppliedUndef):
        return term.expr.func if term.expr.args == term.variables else None
    return None


class TermLayout(ABC):
    """Writes terms; what differs between styles is left to them."""

    signs: Mapping[str, str]
    words: Mapping[str, str]
    minus: str

    def text(self, term: Any) -> str:
        """Return a term in this style."""
        if isinstance(term, UndefinedFunction):
            return self.name(str(term))
        if isinstance(term, AppliedUndef):
            return self.applied(term)
        for kind in type(term).__mro__:
            if kind.__name__ in HEADS:
                return self._headed(HEADS[kind.__name__], term.args)
            rule: Callable[[Any], str] | None = getattr(self, f"_{kind.__name__}", None)
            if rule is not None:
                return rule(term)
        return self.call(self.word(type(term).__name__), term.args)

    # What a style says.

    @abstractmethod
    def name(self, name: str) -> str:
        """Write the name of a symbol or function."""

    @abstractmethod
    def word(self, name: str) -> str:
        """Write the name of a head or function of analysis."""

    @abstractmethod
    def template(self, head: Head) -> str:
        """Return a head's template."""

    @abstractmethod
    def delimited(self, left: str, body: str, right: str) -> str:
        """Put a body between delimiters."""

    @abstractmethod
    def quotient(self, above: Sequence[Expr], below: Sequence[Expr]) -> str:
        """Write a fraction of two products."""

    @abstractmethod
    def product(self, factors: Sequence[Expr]) -> str:
        """Write a product, its factors in order."""

    @abstractmethod
    def power(self, base: Expr, exponent: Expr) -> str:
        """Write a power that is neither a root nor a quotient."""

    @abstractmethod
    def root(self, radicand: Expr) -> str:
        """Write a square root."""

    @abstractmethod
    def cases(self, pairs: Sequence[tuple[str, str]]) -> str:
        """Write values with their conditions."""

    @abstractmethod
    def ranged(self, sign: str, limits: Sequence[tuple[str, str, str]], body: str) -> str:
        """Write a sum or product over ranges."""

    @abstractmethod
    def differential(self, variable: str, body: str) -> str:
        """Write d(body)/d(variable)."""

    @abstractmethod
    def evaluated(self, text: str, place: str) -> str:
        """Write a derivative at a point."""

    # Parts.

    def call(self, name: str, arguments: Sequence[Basic]) -> str:
        """Write a function and its arguments."""
        return name + self.delimited("(", ", ".join(self.text(a) for a in arguments), ")")

    def applied(self, term: AppliedUndef) -> str:
        """Write an undefined function applied, without the sample point."""
        arguments = [a for a in term.args if a != SAMPLE]
        name = self.name(term.func.__name__)
        return self.call(name, arguments) if arguments else name

    def _headed(self, head: Head, arguments: Sequence[Basic]) -> str:
        values = [value_of(a) for a in arguments] if head.random else list(arguments)
        if head.even:
            values = [balanced(a) for a in values]
        return self.filled(self.template(head), values)

    def filled(self, template: str, arguments: Sequence[Basic]) -> str:
        """Put arguments into a head's template."""
        return _SLOT.sub(lambda slot: self._slot(arguments[int(slot[1]) - 1], slot[2]), template)

    def _slot(self, term: Basic, tightness: str) -> str:
        if tightness == "!":
            return self.tight(term)
        return self.factor(term) if tightness == "*" else self.text(term)

    def tight(self, term: Basic) -> str:
        """Write a term so that it may be the base of a power."""
        text = self.text(term)
        loose = _tightness(term) <= PRECEDENCE["Pow"] or text.startswith(self.minus)
        return self.delimited("(", text, ")") if loose else text

    def factor(self, term: Basic) -> str:
        """Write a term so that it may be a factor."""
        text = self.text(term)
        loose = _tightness(term) < PRECEDENCE["Mul"] or text.startswith(self.minus)
        return self.delimited("(", text, ")") if loose else text

    # Numbers and arithmetic.

    def _Symbol(self, term: Symbol) -> str:
        return self.name(term.name)

    def _Integer(self, term: Integer) -> str:
        return str(term.p).replace("-", self.minus)

    def _Rational(self, term: Rational) -> str:
        negative, text = self._signed(term)
        return self.minus + text if negative else text

    def _Add(self, term: Add) -> str:
        text = ""
        for part in in_order_of_a_sum(term):
            negative, size = self._signed(part)
            if text:
                text += f" {self.minus if negative else '+'} {size}"
            else:
                text = self.minus + size if negative else size
        return text

    def _signed(self, term: Expr) -> tuple[bool, str]:
        """Return whether a term is written with a minus, and the rest of it."""
        if not isinstance(term, (Mul, Rational)):
            return False, self.text(term)
        negative, above, below = in_fraction(term)
        return negative, self.quotient(above, below) if below else self.product(above)

    _Mul = _Rational

    def _Pow(self, term: Pow) -> str:
        base, exponent = term.args
        if exponent == Rational(1, 2):
            return self.root(base)
        if exponent.is_Rational and exponent < 0:
            return self.quotient([Integer(1)], [Pow(base, -exponent)])
        return self.power(base, exponent)

    def _Piecewise(self, term: Any) -> str:
        def when(condition: Boolean) -> str:
            text = self.words["otherwise"]
            return text if condition is true else self.words["if"] + self.text(condition)

        return self.cases([(self.text(v), when(condition)) for v, condition in term.args])

    def _Sum(self, term: Any) -> str:
        return self._over(self.words["sum"], term)

    def _Product(self, term: Any) -> str:
        return self._over(self.words["product"], term)

    def _over(self, sign: str, term: Any) -> str:
        limits = [(self.text(i), self.text(a), self.text(b)) for i, a, b in term.limits]
        return self.ranged(sign, limits, self.factor(term.function))

    def _Function(self, term: Function) -> str:
        return self.call(self.word(type(term).__name__), term.args)

    _exp = _Min = _Max = _Function

    def _NumberSymbol(self, term: Any) -> str:
        return self.signs.get(str(term)) or self.word(str(term))

    def _Infinity(self, term: Any) -> str:
        return self.signs["∞"]

    def _NegativeInfinity(self, term: Any) -> str:
        return self.minus + self.signs["∞"]


def _tightness(term: Basic) -> int:
    """Return how tightly a term binds; a user's function is not judged by its name."""
    if isinstance(term, AppliedUndef):
        return PRECEDENCE["Atom"]
    if isinstance(term, (Deriv, ExprWithLimits)):
        return PRECEDENCE["Mul"]
    return PRECEDENCE["Lambda"] if isinstance(term, Lambda) else precedence(term)


def value_of(variable: Basic) -> Basic:
    """Return a random variable, or a family of them, as a value without its sample point."""
    while isinstance(variable, Lambda):
        family = isinstance(variable.expr, Lambda)
        variable = opened(variable, Symbol("i") if family else SAMPLE)[1]
    return variable
