"""Formulas typed by a person, read through a whitelist into SymPy expressions.

The text is parsed by Python's ``ast`` and walked node by node: only names that the caller allows,
numbers, arithmetic and the functions listed here are built. Text is never executed, and limits on
length, nesting, size of numbers and size of exponents keep hostile text from costing anything.
"""

from __future__ import annotations

import ast
import operator
import re
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from typing import Any

from sympy import (
    And,
    Expr,
    GreaterThan,
    LessThan,
    Or,
    Piecewise,
    Pow,
    Rational,
    StrictGreaterThan,
    StrictLessThan,
    Symbol,
    false,
    nan,
    oo,
    pi,
    true,
    zoo,
)
from sympy.logic.boolalg import Boolean

from theory.functions import FUNCTIONS, Function

MAX_LENGTH = 1000
MAX_DEPTH = 40
MAX_NODES = 300
MAX_EXPONENT = 64
MAX_BASE = 1000
MAX_BITS = 512
MAX_CONSTANT = 10**100
MAX_DECIMAL_EXPONENT = 100

_ALPHABET = re.compile(r"[A-Za-z0-9_+\-*/().,<>= \t]*")
_NUMBER = re.compile(r"(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d+))?")


class ExpressionError(ValueError):
    """A typed expression is refused; the message says what is wrong and what to write."""


_COMPARISONS: Mapping[type[ast.cmpop], Callable[..., Any]] = {
    ast.Lt: StrictLessThan,
    ast.LtE: LessThan,
    ast.Gt: StrictGreaterThan,
    ast.GtE: GreaterThan,
}


def parse_expression(
    text: str,
    names: Iterable[str] | Mapping[str, Expr],
    functions: Mapping[str, Function] = {},
) -> Expr:
    """Read a formula such as ``"x/sqrt(1 + x**2)"``.

    Parameters
    ----------
    text : str
        The formula. Numbers are exact: ``0.1`` is 1/10.
    names : iterable of str, or mapping
        The names that may occur; a mapping gives the term each stands for, otherwise each stands
        for the symbol of that name, without assumptions. ``pi`` is always known.
    functions : mapping of str to Function
        What may be called besides ``FUNCTIONS``.

    Returns
    -------
    Expr
        SymPy's usual form of it, with removable singularities removed: ``x/x`` is 1.

    Raises
    ------
    ExpressionError
        If the text is not such a formula, naming the offending part.
    """
    known = dict(names) if isinstance(names, Mapping) else {n: Symbol(n) for n in names}
    source = _checked_text(text)
    return _Reader(source, {"pi": pi} | known, {**FUNCTIONS, **functions}).expression(
        _parsed(source), 0
    )


def _checked_text(text: str) -> str:
    if not isinstance(text, str):
        raise ExpressionError(f"an expression is text, not {type(text).__name__}")
    source = text.strip()
    if not source:
        raise ExpressionError("the expression is empty; write a formula such as x/sqrt(1+x**2)")
    if len(source) > MAX_LENGTH:
        raise ExpressionError(f"the expression has more than {MAX_LENGTH} characters; shorten it")
    allowed = _ALPHABET.match(source)
    if allowed is None or allowed.end() != len(source):
        bad = source[allowed.end() if allowed else 0]
        raise ExpressionError(
            f"the character {bad!a} cannot occur in an expression"
            + ("; write a power as x**2" if bad == "^" else "; use names, numbers, + - * / ** ( )")
        )
    return source


def _parsed(source: str) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", (SyntaxWarning, DeprecationWarning))
            tree = ast.parse(source, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as problem:
        raise ExpressionError(f"{_short(source)!r} is not a formula; check its syntax") from problem
    return tree.body


class _Reader:
    """Builds the term of a syntax tree, counting nodes and refusing what is not listed."""

    def __init__(
        self, source: str, names: Mapping[str, Expr], functions: Mapping[str, Function]
    ) -> None:
        self.source = source
        self.names = names
        self.functions = functions
        self.nodes = 0

    def expression(self, node: ast.expr, depth: int) -> Expr:
        self._count(depth)
        match node:
            case ast.Constant():
                term = self._number(node)
            case ast.Name():
                term = self._name(node.id)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
                inner = self.expression(node.operand, depth + 1)
                term = -inner if isinstance(node.op, ast.USub) else inner
            case ast.BinOp():
                term = self._arithmetic(node, depth)
            case ast.Call():
                term = self._call(node, depth)
            case _:
                raise ExpressionError(f"{self._part(node)} cannot occur in an expression")
        return self._checked(term, node)

    def _built(self, build: Callable[..., Any], args: Sequence[Any], node: ast.expr) -> Any:
        """Let SymPy build a term; numbers that it cannot compare or evaluate are refused."""
        try:
            return build(*args)
        except (TypeError, ArithmeticError, NotImplementedError, RecursionError) as problem:
            raise ExpressionError(f"{self._part(node)} cannot be evaluated") from problem
        except ValueError as problem:
            if isinstance(problem, ExpressionError):
                raise
            raise ExpressionError(f"{self._part(node)} cannot be evaluated") from problem

    def _count(self, depth: int) -> None:
        self.nodes += 1
        if depth > MAX_DEPTH:
            raise ExpressionError(f"the expression nests deeper than {MAX_DEPTH} levels")
        if self.nodes > MAX_NODES:
            raise ExpressionError(f"the expression has more than {MAX_NODES} parts")

    def _number(self, node: ast.Constant) -> Expr:
        text = self._text(node)
        match = _NUMBER.fullmatch(text)
        if match is None or isinstance(node.value, (bool, complex)):
            raise ExpressionError(f"{_short(text)!r} is not a decimal number")
        if len(match[1]) > 60 or abs(int(match[2] or 0)) > MAX_DECIMAL_EXPONENT:
            raise ExpressionError(f"the number {_short(text)} is too long; use at most 60 digits")
        return Rational(text)

    def _name(self, name: str) -> Expr:
        if name in self.names:
            return self.names[name]
        if name in self.functions or name == "where":
            raise ExpressionError(f"{name} is a function: write {name}(...)")
        raise ExpressionError(f"unknown name {_short(name)!r}{self._hint(name, self.names)}")

    def _arithmetic(self, node: ast.BinOp, depth: int) -> Expr:
        left = self.expression(node.left, depth + 1)
        right = self.expression(node.right, depth + 1)
        match node.op:
            case ast.Add():
                build = operator.add
            case ast.Sub():
                build = operator.sub
            case ast.Mult():
                build = operator.mul
            case ast.Div():
                self._refuse_zero(right, node)
                build = operator.truediv
            case ast.Pow():
                self._refuse_power(left, right, node)
                build = Pow
            case _:
                raise ExpressionError(f"the operation in {self._part(node)} is not + - * / or **")
        return self._built(build, (left, right), node)

    def _refuse_zero(self, divisor: Expr, node: ast.expr) -> None:
        if divisor.is_zero:
            raise ExpressionError(f"{self._part(node)} divides by zero")

    def _refuse_power(self, base: Expr, exponent: Expr, node: ast.expr) -> None:
        if exponent.is_Rational:
            if abs(exponent.p) > MAX_EXPONENT or exponent.q > MAX_EXPONENT:
                raise ExpressionError(
                    f"the exponent in {self._part(node)} is too large; use at most {MAX_EXPONENT}"
                )
            if exponent.is_negative:
                self._refuse_zero(base, node)
        elif base.has(Piecewise) or exponent.has(Piecewise):
            raise ExpressionError(
                f"{self._part(node)} raises cases to a power; write cases of powers"
            )
        elif any(abs(n) > MAX_BASE for n in base.atoms(Rational) | exponent.atoms(Rational)):
            raise ExpressionError(
                f"{self._part(node)} has numbers above {MAX_BASE} in a variable power"
            )
        elif not base.is_positive and not base.is_Symbol:
            # b**x is only defined for b > 0; a bare name may be positive by its range.
            raise ExpressionError(
                f"{self._part(node)} raises to a variable power; write exp(... * log(...))"
            )

    def _call(self, node: ast.Call, depth: int) -> Expr:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise ExpressionError(f"{self._part(node)} is not a call of a listed function")
        name = node.func.id
        if name == "where":
            return self._where(node, depth)
        if name not in self.functions:
            raise ExpressionError(
                f"unknown function {_short(name)!r}{self._hint(name, [*self.functions, 'where'])}"
            )
        build, least, most = self.functions[name]
        if not least <= len(node.args) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            raise ExpressionError(f"{name} takes {wanted} argument(s), not {len(node.args)}")
        args = [self.expression(arg, depth + 1) for arg in node.args]
        return self._built(build, args, node)

    def _where(self, node: ast.Call, depth: int) -> Expr:
        if len(node.args) != 3:
            raise ExpressionError("where takes a condition and two values: where(x < 0, a, b)")
        condition = self._condition(node.args[0], depth + 1)
        then, otherwise = (self.expression(arg, depth + 1) for arg in node.args[1:])
        if condition in (true, false):
            return then if condition == true else otherwise
        return Piecewise((then, condition), (otherwise, True), evaluate=False)

    def _condition(self, node: ast.expr, depth: int) -> Boolean:
        self._count(depth)
        if isinstance(node, ast.BoolOp):
            join = And if isinstance(node.op, ast.And) else Or
            parts = [self._condition(value, depth + 1) for value in node.values]
            return self._built(join, parts, node)
        if not isinstance(node, ast.Compare):
            raise ExpressionError(f"{self._part(node)} is not a comparison such as x < 0")
        terms = [self.expression(t, depth + 1) for t in (node.left, *node.comparators)]
        relations = []
        for op, left, right in zip(node.ops, terms[:-1], terms[1:], strict=True):
            if type(op) not in _COMPARISONS:
                raise ExpressionError(f"{self._part(node)} may only compare with < <= > >=")
            relations.append(self._compared(_COMPARISONS[type(op)], left, right, node))
        return self._built(And, relations, node)

    def _compared(
        self, compare: Callable[..., Any], left: Expr, right: Expr, node: ast.expr
    ) -> Boolean:
        if left.has(Piecewise) or right.has(Piecewise):
            raise ExpressionError(f"the condition {self._part(node)} contains cases itself")
        known = not (left.free_symbols or right.free_symbols)
        made = self._built(partial(compare, evaluate=known), (left, right), node)
        return made if known or not left.is_number else made.reversed

    def _checked(self, term: Expr, node: ast.expr) -> Expr:
        """Refuse numbers that are too large, infinite or not real, before they grow further."""
        if isinstance(term, Pow) and term.exp.is_Rational and abs(term.exp) > MAX_EXPONENT:
            raise ExpressionError(f"the exponent in {self._part(node)} is too large")
        if term.has(nan, zoo, oo):
            raise ExpressionError(f"{self._part(node)} is not a finite real number")
        if term.free_symbols:
            return term
        if term.is_Rational:
            if max(abs(term.p).bit_length(), term.q.bit_length()) > MAX_BITS:
                raise ExpressionError(f"the number {self._part(node)} is too large")
            return term
        value = self._built(term.evalf, (15,), node)
        if not (value.is_Float or value.is_Rational):
            raise ExpressionError(f"{self._part(node)} is not a finite real number")
        if abs(value) > MAX_CONSTANT:
            raise ExpressionError(f"the number {self._part(node)} is too large")
        return term

    def _text(self, node: ast.expr) -> str:
        return self.source[node.col_offset : node.end_col_offset]

    def _part(self, node: ast.expr) -> str:
        return repr(_short(self._text(node)))

    def _hint(self, name: str, known: Iterable[str]) -> str:
        close = get_close_matches(name, list(known), n=1)
        return f"; did you mean {close[0]}?" if close else f"; known: {', '.join(sorted(known))}"


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."
