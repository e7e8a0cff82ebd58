"""Finite sums, products and powers in an integer n, written so that n and n + 1 share terms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy
from sympy import Add, Basic, Expr, Integer, Lambda, Mul, Pow, Product, Sum, Symbol
from sympy.logic.boolalg import Boolean

from theory.formulas import rebuild, renamed_apart, substitute
from theory.terms import real_function

_MOST_TERMS = 60
_Series = (Sum, Product)


class Peeler:
    """Rewrites Σ and Π up to n + k, and b^(cn+k), in terms of those with the least k.

    Parameters
    ----------
    variable : Symbol
        The integer n.
    start : int
        Its least value.
    formulas : iterable of Basic
        All formulas that are to share terms.
    """

    def __init__(self, variable: Symbol, start: int, formulas: Iterable[Basic]) -> None:
        self._n = variable
        self._start = start
        self._least: dict[Any, int] = {}
        self._powers: dict[tuple[Expr, int], Expr] = {}
        for formula in formulas:
            self._survey(formula)

    @property
    def facts(self) -> tuple[Boolean, ...]:
        """What is true of the powers that stand as terms of their own."""
        return tuple(
            sympy.Implies(
                sympy.Gt(base, 0, evaluate=False),
                sympy.Gt(power, 0, evaluate=False),
                evaluate=False,
            )
            for (base, _), power in self._powers.items()
        )

    def rewrite(self, node: Basic, powers: bool = True) -> Any:
        """Return the formula with its series and powers written by the least ones.

        Inside a function powers stay: what is true of their bases there is true at no one point.
        """
        if isinstance(node, Lambda):
            return node if self._n in node.variables else self._inside(node)
        if isinstance(node, _Series):
            return self._series(node, powers)
        if powers and isinstance(node, Pow) and (shape := self._power_shape(node)) is not None:
            return self._power(*shape)
        return rebuild(node, [self.rewrite(arg, powers) for arg in node.args])

    def _inside(self, function: Lambda) -> Lambda:
        return Lambda(function.variables, self.rewrite(function.expr, powers=False))

    def _survey(self, node: Basic) -> None:
        if isinstance(node, _Series) and (shape := self._series_shape(node)) is not None:
            self._note(*shape)
        elif isinstance(node, Pow) and (power := self._power_shape(node)) is not None:
            self._note(power[:2], power[2])
        for arg in node.args:
            self._survey(arg)

    def _note(self, key: Any, shift: int) -> None:
        self._least[key] = min(shift, self._least.get(key, shift))

    def _series_shape(self, node: Any) -> tuple[Any, int] | None:
        """Return what identifies Σ_{i=a}^{n+k}, and k."""
        if len(node.limits) != 1 or len(node.limits[0]) != 3:
            return None
        index, low, high = node.limits[0]
        shift = sympy.expand(high - self._n)
        if not isinstance(shift, Integer) or not isinstance(low, Integer) or index == self._n:
            return None
        if self._n in node.function.free_symbols or node.function.atoms(*_Series):
            return None
        return (type(node), Lambda(index, node.function), int(low)), int(shift)

    def _series(self, node: Any, powers: bool) -> Any:
        shape = self._series_shape(node)
        if shape is None:
            return _explicit(node)
        (head, function, low), shift = shape
        least = self._least.get(shape[0], shift)
        if low > self._start + least + 1:
            return node
        summand = [self._n + k for k in range(least + 1, shift + 1)]
        (index,) = renamed_apart([Symbol("_index")], function.expr.atoms(Symbol)).values()
        rest = head(substitute(function.expr, {function.variables[0]: index}),
                    (index, low, self._n + least))  # fmt: skip
        join = Add if head is Sum else Mul
        return join(rest, *(self.rewrite(_at(function, place), powers) for place in summand))

    def _power_shape(self, node: Pow) -> tuple[Expr, int, int] | None:
        """Return base, c and k of b^(cn+k) where the exponent is a natural number."""
        exponent = sympy.expand(node.exp)
        factor = exponent.coeff(self._n, 1)
        shift = exponent - factor * self._n
        if not isinstance(factor, Integer) or not isinstance(shift, Integer) or factor < 1:
            return None
        if factor * self._start + shift < 0 or self._n in node.base.free_symbols:
            return None
        return node.base, int(factor), int(shift)

    def _power(self, base: Expr, factor: int, shift: int) -> Expr:
        least = self._least.get((base, factor), shift)
        inner = self.rewrite(base)
        if (inner, factor) not in self._powers:
            name = f"power {factor}{self._n}{least:+d} of"
            self._powers[inner, factor] = real_function(name)(inner)
        return self._powers[inner, factor] * inner ** (shift - least)


def _explicit(node: Any) -> Any:
    if len(node.limits) != 1 or len(node.limits[0]) != 3:
        return node
    index, low, high = node.limits[0]
    if not (isinstance(low, Integer) and isinstance(high, Integer)):
        return node
    if node.function.atoms(*_Series):
        return node
    if not -1 <= high - low < _MOST_TERMS:
        return node
    function = Lambda(index, node.function)
    terms = [_at(function, Integer(i)) for i in range(int(low), int(high) + 1)]
    return (Add if isinstance(node, Sum) else Mul)(*terms)


def expand_series(node: Basic) -> Any:
    """Return the formula with every short series between numbers written out."""
    if isinstance(node, _Series):
        return _explicit(node)
    return rebuild(node, [expand_series(arg) for arg in node.args])


def _at(function: Lambda, place: Expr) -> Any:
    return substitute(function.expr, {function.variables[0]: place})
