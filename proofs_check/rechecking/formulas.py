"""Formulas at balls, for ``kurdyka recheck``: a walk of its own, apart from the one of ``certify``.

An expression is compiled to nested functions on plain Arb balls. A value that may not exist is
not finite; a case that cannot be told apart contributes all its values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import sympy as sp
from flint import arb, fmpq
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from theory import registry
from theory.losses import Loss, M, S
from theory.settings import flow as setting
from theory.statement import Statement

Values = Mapping[Any, arb]
Evaluator = Callable[[Values], arb]

_FUNCTIONS: Mapping[Any, Callable[[arb], arb]] = {
    sp.exp: lambda x: x.exp(),
    sp.log: lambda x: x.log() if x > 0 else arb.nan(),
    sp.tanh: lambda x: x.tanh(),
    sp.sinh: lambda x: x.sinh(),
    sp.cosh: lambda x: x.cosh(),
    sp.asinh: lambda x: x.asinh(),
    sp.acosh: lambda x: x.acosh() if x >= 1 else arb.nan(),
    sp.atan: lambda x: x.atan(),
    sp.sin: lambda x: x.sin(),
    sp.cos: lambda x: x.cos(),
    sp.erf: lambda x: x.erf(),
    sp.erfc: lambda x: x.erfc(),
    sp.LambertW: lambda x: x.lambertw() if x >= 0 else arb.nan(),
    sp.Abs: abs,
    sp.sign: lambda x: x.sgn(),
}
_NUMBERS: Mapping[Any, Callable[[], arb]] = {sp.pi: arb.pi, sp.E: arb.const_e}
_COMPARISONS: Mapping[Any, Callable[[arb, arb], tuple[bool, bool]]] = {
    sp.StrictLessThan: lambda a, b: (a < b, a >= b),
    sp.LessThan: lambda a, b: (a <= b, a > b),
    sp.StrictGreaterThan: lambda a, b: (a > b, a <= b),
    sp.GreaterThan: lambda a, b: (a >= b, a < b),
}


class FormulaError(ValueError):
    """A formula holds something that cannot be evaluated here."""


@lru_cache(maxsize=1000)
def compiled(expression: Any) -> Evaluator:
    """Return an expression as a function of the balls of its symbols.

    Raises
    ------
    FormulaError
        If it contains a float or a function that is not known here.
    """
    if isinstance(expression, sp.Symbol):
        return lambda at: at[expression] if expression in at else arb.nan()
    if isinstance(expression, sp.Rational):
        exact = fmpq(int(expression.p), int(expression.q))
        return lambda at: arb(exact)
    if expression in _NUMBERS:
        number = _NUMBERS[expression]
        return lambda at: number()
    if isinstance(expression, sp.Piecewise):
        return _cases(expression)
    if isinstance(expression, sp.Float) or not expression.args:
        raise FormulaError(f"{expression} cannot be evaluated in balls")
    return _composed(expression, [compiled(arg) for arg in expression.args])


def _composed(node: Any, parts: Sequence[Evaluator]) -> Evaluator:
    if isinstance(node, sp.Add):
        return lambda at: _sum([part(at) for part in parts])
    if isinstance(node, sp.Mul):
        return lambda at: _product([part(at) for part in parts])
    if isinstance(node, sp.Pow):
        return _power(parts[0], parts[1], node.exp)
    if isinstance(node, (sp.Min, sp.Max)):
        choose = arb.min if isinstance(node, sp.Min) else arb.max
        return lambda at: _folded(choose, [part(at) for part in parts])
    if node.func not in _FUNCTIONS:
        raise FormulaError(f"{node.func} cannot be evaluated in balls")
    if isinstance(node, sp.LambertW) and len(node.args) == 2:
        return _lower_branch(parts[0], node.args[1])
    function, inner = _FUNCTIONS[node.func], parts[0]
    return lambda at: function(inner(at))


def _lower_branch(inner: Evaluator, branch: Any) -> Evaluator:
    """Return W₋₁, which is real between −1/e and 0."""
    if branch != -1:
        raise FormulaError(f"the branch {branch} of LambertW is not real")

    def lower(at: Values) -> arb:
        x = inner(at)
        return x.lambertw(-1) if x < 0 and x > -arb(-1).exp() else arb.nan()

    return lower


def _sum(terms: Sequence[arb]) -> arb:
    return sum(terms[1:], terms[0])


def _product(factors: Sequence[arb]) -> arb:
    total = factors[0]
    for factor in factors[1:]:
        total = total * factor
    return total


def _folded(choose: Callable[[arb, arb], arb], values: Sequence[arb]) -> arb:
    total = values[0]
    for value in values[1:]:
        total = choose(total, value)
    return total


def _power(base: Evaluator, exponent: Evaluator, written: Any) -> Evaluator:
    if isinstance(written, sp.Integer):
        whole = int(written)
        return lambda at: base(at) ** whole

    def raised(at: Values) -> arb:
        found = base(at)
        if written == sp.Rational(1, 2):
            return found.sqrt() if found >= 0 else arb.nan()
        if found.is_zero() and written.is_positive:
            return arb(0)
        return found ** exponent(at) if found > 0 else arb.nan()

    return raised


def _cases(node: Any) -> Evaluator:
    cases = [(compiled(value), _condition(given)) for value, given in node.args]

    def chosen(at: Values) -> arb:
        possible: arb | None = None
        for value, given in cases:
            true, false = given(at)
            if false:
                continue
            found = value(at)
            possible = found if possible is None else possible.union(found)
            if true:
                return possible
        return arb.nan()

    return chosen


def _condition(node: Any) -> Callable[[Values], tuple[bool, bool]]:
    """Return (certainly true, certainly false)."""
    if node in (sp.true, sp.false):
        return lambda at: (node is sp.true, node is sp.false)
    if isinstance(node, Relational) and node.func in _COMPARISONS:
        left, right = compiled(node.lhs), compiled(node.rhs)
        compare = _COMPARISONS[node.func]
        return lambda at: compare(left(at), right(at))
    if isinstance(node, (sp.And, sp.Or)):
        parts = [_condition(arg) for arg in node.args]
        return lambda at: _joined([part(at) for part in parts], isinstance(node, sp.And))
    raise FormulaError(f"the condition {node} cannot be decided in balls")


def _joined(answers: Sequence[tuple[bool, bool]], conjunction: bool) -> tuple[bool, bool]:
    trues, falses = zip(*answers, strict=True)
    if conjunction:
        return all(trues), any(falses)
    return any(trues), all(falses)


def _defined(symbol: Any, statement: Statement) -> Any:
    """Return what a statement defines a symbol as, or the setting it shares with flow_sharp."""
    for definition in (*statement.definitions, *registry.statement("flow_sharp").definitions):
        if definition.head == symbol:
            return definition.value
    return None


class Sheet:
    """The bounds of the statements at one choice of measured quantities.

    Parameters
    ----------
    loss : Loss
        What ψ and Ψ stand for.
    measurements : int
        m.
    values : mapping
        The measured quantities by symbol.
    """

    def __init__(self, loss: Loss, measurements: int, values: Values) -> None:
        self.loss = loss
        self.measurements = measurements
        self.values = dict(values)

    def bound(self, id: str, name: str, **more: arb) -> arb | None:
        """Return a statement's bound; None where it has no finite value.

        Parameters
        ----------
        id, name : str
            The statement and its bound.
        **more : arb
            Further symbols by name, such as ``t``.
        """
        statement = registry.statement(id)
        at = {**self.values, **{sp.Symbol(key): value for key, value in more.items()}}
        found = self._value(statement.bound(name).value, statement, at)
        return found if found.is_finite() else None

    def _value(self, expression: Any, statement: Statement, at: dict[Any, arb]) -> arb:
        """Evaluate, putting in what the statement defines, and ψ and Ψ, from inside outward."""
        for symbol in expression.free_symbols - set(at):
            value = _defined(symbol, statement)
            if value is not None:
                at[symbol] = self._value(value, statement, at)
        named = {}
        for node in expression.atoms(AppliedUndef):
            function = {setting.psi: self.loss.desingularizer, setting.Psi: self.loss.primitive}
            inner = function.get(node.func)
            if inner is None:
                raise FormulaError(f"{node} has no value on an instance")
            symbol = sp.Symbol(f"value of {node}")
            at[symbol] = self.of_loss(inner, self._value(node.args[0], statement, at))
            named[node] = symbol
        return compiled(expression.xreplace(named))(at)

    def of_loss(self, expression: Any, value: arb, variable: Any = S) -> arb:
        """Return ρ, ψ, ψ⁻¹ or Ψ at a value."""
        return compiled(expression.xreplace({M: sp.Integer(self.measurements)}))({variable: value})
