"""Expressions as programs over ranges: compile once, run on many boxes.

The walk is direct: floats, unknown functions and complex numbers are refused, and a condition
is True or False only when it is certainly so on the whole box.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import sympy as sp
from flint import arb, fmpq
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean, BooleanFalse, BooleanTrue

from numerics.rigorous import range_functions as functions
from numerics.rigorous import ranges
from numerics.rigorous.ranges import Range


class BallError(ValueError):
    """An expression has no enclosure here: it holds a float, or a function we do not know."""


Node: TypeAlias = Any  # a Range, or True, False, None for a condition
_Comparison: TypeAlias = Callable[[Range, Range], "bool | None"]
_Connective: TypeAlias = Callable[[Sequence["bool | None"]], "bool | None"]
_Rule: TypeAlias = Callable[[Sequence[Node], bool], Node]

_TOTAL: dict[Any, Callable[[Range], Range]] = {
    sp.exp: functions.exp,
    sp.tanh: functions.tanh,
    sp.sinh: functions.sinh,
    sp.cosh: functions.cosh,
    sp.atan: functions.atan,
    sp.asinh: functions.asinh,
    sp.erf: functions.erf,
    sp.erfc: functions.erfc,
    sp.sin: functions.sin,
    sp.cos: functions.cos,
    sp.Abs: ranges.absolute,
    sp.sign: ranges.sign,
    sp.sech: lambda a: ranges.inverse(functions.cosh(a)),
}

_PARTIAL: dict[Any, Callable[[Range, bool], Range]] = {
    sp.log: functions.log,
    sp.tan: functions.tan,
    sp.acosh: functions.acosh,
    sp.atanh: functions.atanh,
    sp.asin: functions.asin,
    sp.LambertW: functions.lambert,
    sp.coth: lambda a, partial: ranges.inverse(functions.tanh(a), partial),
    sp.csch: lambda a, partial: ranges.inverse(functions.sinh(a), partial),
    sp.sec: lambda a, partial: ranges.inverse(functions.cos(a), partial),
    sp.csc: lambda a, partial: ranges.inverse(functions.sin(a), partial),
}

_CONSTANTS: dict[Any, Callable[[], arb]] = {
    sp.pi: arb.pi, sp.E: arb.const_e, sp.EulerGamma: arb.const_euler,
}  # fmt: skip


class Program:
    """An expression as a list of operations, so that many boxes cost one walk of the tree.

    Parameters
    ----------
    expr : Expr or Boolean
        What to evaluate.
    symbols : sequence of Symbol
        The inputs, in the order in which ``run`` takes them.

    Raises
    ------
    BallError
        If the expression contains a float, an unknown function, or another symbol.
    """

    def __init__(self, expr: Any, symbols: Sequence[sp.Symbol]) -> None:
        self._index: dict[Any, int] = {s: i for i, s in enumerate(symbols)}
        self._inputs = len(symbols)
        self._rules: list[tuple[_Rule, tuple[int, ...]]] = []
        self._root = self._add(sp.sympify(expr, strict=True))

    def run(self, inputs: Sequence[Range], partial: bool = False) -> Any:
        """Return the range of the expression on the inputs, at the present precision.

        With ``partial``, points at which the expression has no value are left out.
        """
        slots: list[Node] = list(inputs)
        if len(slots) != self._inputs:
            raise ValueError(f"{self._inputs} inputs are needed, {len(slots)} are given")
        for rule, operands in self._rules:
            slots.append(rule([slots[i] for i in operands], partial))
        return slots[self._root]

    def _add(self, node: Any) -> int:
        if node in self._index:
            return self._index[node]
        rule, operands = self._rule(node)
        places = tuple(self._add(child) for child in operands)
        self._rules.append((rule, places))
        self._index[node] = self._inputs + len(self._rules) - 1
        return self._index[node]

    def _rule(self, node: Any) -> tuple[_Rule, tuple[Any, ...]]:
        if isinstance(node, sp.Symbol):
            raise BallError(f"the symbol {node} has no value")
        if isinstance(node, (Relational, Boolean)):
            return _condition_rule(node)
        if isinstance(node, sp.Number) or node in _CONSTANTS:
            return _constant_rule(node), ()
        if isinstance(node, sp.Pow):
            return _power_rule(node)
        if isinstance(node, sp.Piecewise):
            return _piecewise, tuple(part for pair in node.args for part in pair.args)
        for head, rule in _NARY.items():
            if isinstance(node, head):
                return _strict(rule), node.args
        return _function_rule(node)


def has_range(term: Any) -> bool:
    """Whether a term applies one of the functions that have enclosures here."""
    return term.func in _TOTAL or term.func in _PARTIAL


def _strict(rule: _Rule) -> _Rule:
    """Undefined operands make the result undefined."""

    def guarded(operands: Sequence[Node], partial: bool) -> Node:
        if any(not x.defined for x in operands):
            return ranges.UNDEFINED
        return rule(operands, partial)

    return guarded


def _function_rule(node: Any) -> tuple[_Rule, tuple[Any, ...]]:
    if isinstance(node, sp.LambertW) and len(node.args) == 2:
        if node.args[1] != -1:
            raise BallError("only the real branches of LambertW have an enclosure here")
        return _strict(lambda xs, partial: functions.lambert_lower(xs[0], partial)), node.args[:1]
    if node.func in _TOTAL:
        total = _TOTAL[node.func]
        return _strict(lambda xs, partial: total(xs[0])), node.args
    if node.func in _PARTIAL:
        some = _PARTIAL[node.func]
        return _strict(lambda xs, partial: some(xs[0], partial)), node.args
    raise BallError(f"{node.func} has no enclosure here (in {node})")


def _constant_rule(node: Any) -> _Rule:
    if node in _CONSTANTS:
        constant = _CONSTANTS[node]
        return lambda xs, partial: ranges.enclose(constant())
    if not isinstance(node, sp.Rational) or not node.is_finite:
        raise BallError(f"{node} is not an exact rational number")
    exact = fmpq(int(node.p), int(node.q))
    return lambda xs, partial: ranges.enclose(arb(exact))


def _power_rule(node: sp.Pow) -> tuple[_Rule, tuple[Any, ...]]:
    base, exponent = node.args
    if isinstance(exponent, sp.Integer):
        n = int(exponent)
        return _strict(lambda xs, partial: ranges.integer_power(xs[0], n, partial)), (base,)
    if isinstance(exponent, sp.Rational):
        q = fmpq(int(exponent.p), int(exponent.q))
        return _strict(lambda xs, partial: ranges.rational_power(xs[0], q, partial)), (base,)
    if base == sp.E:
        return _strict(lambda xs, partial: functions.exp(xs[0])), (exponent,)
    return _strict(lambda xs, partial: functions.general_power(xs[0], xs[1], partial)), node.args


def _sum(operands: Sequence[Range], partial: bool) -> Range:
    total = operands[0]
    for term in operands[1:]:
        total = ranges.add(total, term)
    return total


def _product(operands: Sequence[Range], partial: bool) -> Range:
    total = operands[0]
    for factor in operands[1:]:
        total = ranges.multiply(total, factor)
    return total


def _maximum(operands: Sequence[Range], partial: bool) -> Range:
    return ranges.maximum(*operands)


def _minimum(operands: Sequence[Range], partial: bool) -> Range:
    return ranges.negate(ranges.maximum(*(ranges.negate(x) for x in operands)))


_NARY: dict[Any, _Rule] = {sp.Add: _sum, sp.Mul: _product, sp.Max: _maximum, sp.Min: _minimum}


def _piecewise(operands: Sequence[Node], partial: bool) -> Range:
    """Hull of the branches that may be taken; without a certain last one, undefined."""
    possible: list[Range] = []
    for value, condition in zip(operands[::2], operands[1::2], strict=True):
        if condition is not False:
            possible.append(value)
        if condition is True:
            return ranges.hull(*possible)
    return ranges.UNDEFINED


def _condition_rule(node: Any) -> tuple[_Rule, tuple[Any, ...]]:
    if isinstance(node, (BooleanTrue, BooleanFalse)):
        known = bool(node)
        return lambda xs, partial: known, ()
    if node.func in _CONNECTIVES:
        connective = _CONNECTIVES[node.func]
        return lambda xs, partial: connective(xs), node.args
    if node.func not in _COMPARE:
        raise BallError(f"{node.func} is not a relation between real terms (in {node})")
    compare, same = _COMPARE[node.func], node.lhs == node.rhs
    return lambda xs, partial: _compared(xs[0], xs[1], compare, same), node.args


def _compared(a: Range, b: Range, compare: _Comparison, same: bool) -> bool | None:
    if not (a.defined and b.defined):
        return None
    zero = Range(arb(0), arb(0))
    return compare(zero, zero) if same else compare(a, b)


def _less(a: Range, b: Range) -> bool | None:
    return True if a.upper < b.lower else (False if a.lower >= b.upper else None)


def _less_or_equal(a: Range, b: Range) -> bool | None:
    return True if a.upper <= b.lower else (False if a.lower > b.upper else None)


def _equal(a: Range, b: Range) -> bool | None:
    if a.upper < b.lower or b.upper < a.lower:
        return False
    return True if a.lower == a.upper == b.lower == b.upper else None


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _all(answers: Sequence[bool | None]) -> bool | None:
    if any(a is False for a in answers):
        return False
    return None if any(a is None for a in answers) else True


def _any(answers: Sequence[bool | None]) -> bool | None:
    return _not(_all([_not(a) for a in answers]))


_COMPARE: dict[Any, _Comparison] = {
    sp.StrictLessThan: _less,
    sp.LessThan: _less_or_equal,
    sp.StrictGreaterThan: lambda a, b: _less(b, a),
    sp.GreaterThan: lambda a, b: _less_or_equal(b, a),
    sp.Equality: _equal,
    sp.Unequality: lambda a, b: _not(_equal(a, b)),
}

_CONNECTIVES: dict[Any, _Connective] = {
    sp.And: _all,
    sp.Or: _any,
    sp.Not: lambda xs: _not(xs[0]),
    sp.Implies: lambda xs: _any([_not(xs[0]), xs[1]]),
}
