"""Taylor coefficients of a function along a curve, enclosed: φ(h(t)) from the coefficients of h.

For a smooth function f of one variable and a series u, f(u) has the coefficients
f(u)_j = (1/j) Σ_{i=1..j} i·u_i·f'(u)_{j−i}, so one rule serves every function whose derivative is
known. Coefficients are made one order at a time: a curve that is itself being solved for can be
continued between two calls. The arrays are enclosures, entry by entry, of whatever the curve's
coefficients enclose: those at one time, or at all times of an interval.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import sympy as sp
from flint import arb, ctx

from numerics.elementwise import constant_bracket, to_floats
from numerics.errors import ProblemError
from numerics.rigorous.balls import exact_fraction
from numerics.rigorous.rounding import Enclosed, add, exactly, multiply

_PRECISION = 80

_FUNCTIONS: Mapping[Any, tuple[Callable[[arb], arb], Callable[[Any, Any], Any]]] = {
    sp.exp: (lambda x: x.exp(), lambda f, u: f),
    sp.log: (lambda x: x.log(), lambda f, u: 1 / u),
    sp.tanh: (lambda x: x.tanh(), lambda f, u: 1 - f**2),
    sp.sinh: (lambda x: x.sinh(), lambda f, u: sp.cosh(u)),
    sp.cosh: (lambda x: x.cosh(), lambda f, u: sp.sinh(u)),
    sp.sin: (lambda x: x.sin(), lambda f, u: sp.cos(u)),
    sp.cos: (lambda x: x.cos(), lambda f, u: -sp.sin(u)),
    sp.atan: (lambda x: x.atan(), lambda f, u: 1 / (1 + u**2)),
    sp.asinh: (lambda x: x.asinh(), lambda f, u: (1 + u**2) ** sp.Rational(-1, 2)),
    sp.erf: (lambda x: x.erf(), lambda f, u: 2 / sp.sqrt(sp.pi) * sp.exp(-(u**2))),
    sp.erfc: (lambda x: x.erfc(), lambda f, u: -2 / sp.sqrt(sp.pi) * sp.exp(-(u**2))),
}
"""Function to its value on balls, and to its derivative from the function's and argument's node."""


class NotSmooth(ProblemError):
    """A function has no Taylor coefficients here: it is pieced together, or not known."""


class Series:
    """Taylor coefficients of expressions in one variable, along a curve.

    Parameters
    ----------
    variable : Symbol
        The variable of the expressions.
    path : sequence of Enclosed
        The curve's coefficients; a list may grow between calls of ``coefficient``.
    """

    def __init__(self, variable: sp.Symbol, path: Sequence[Enclosed]) -> None:
        self._variable, self._path = variable, path
        self._known: dict[Any, list[Enclosed]] = {}
        self._slopes: dict[Any, Any] = {}

    def coefficient(self, node: Any, order: int) -> Enclosed:
        """Return one coefficient of an expression; the curve's have to be known up to it.

        Raises
        ------
        NotSmooth
            If the expression holds something that has no derivatives of every order.
        """
        if node == self._variable:
            return self._path[order]
        known = self._known.setdefault(node, [])
        while len(known) <= order:
            known.append(self._next(node, len(known)))
        return known[order]

    def _next(self, node: Any, order: int) -> Enclosed:
        if not node.free_symbols:
            return self._constant(node, order)
        if isinstance(node, sp.Add):
            return self._sum([self.coefficient(part, order) for part in node.args])
        if isinstance(node, sp.Mul):
            first, rest = node.as_two_terms()
            return self._product(first, rest, order)
        if isinstance(node, sp.Pow) and not node.exp.free_symbols:
            return self._power(node, order)
        return self._composed(node, order)

    def _constant(self, node: Any, order: int) -> Enclosed:
        shape = self._path[0].shape
        if order:
            return exactly(np.zeros(shape))
        value = constant_bracket(node).enclosed()
        return Enclosed(np.full(shape, value.mid), np.full(shape, value.rad))

    def _sum(self, terms: Sequence[Enclosed]) -> Enclosed:
        total = terms[0]
        for term in terms[1:]:
            total = add(total, term)
        return total

    def _product(self, left: Any, right: Any, order: int) -> Enclosed:
        if not left.free_symbols:
            return multiply(self.coefficient(left, 0), self.coefficient(right, order))
        pairs = ((i, order - i) for i in range(order + 1))
        return self._sum(
            [multiply(self.coefficient(left, i), self.coefficient(right, j)) for i, j in pairs]
        )

    def _power(self, node: Any, order: int) -> Enclosed:
        base, exponent = node.args
        if exponent.is_Integer and exponent >= 2:
            half = base ** (exponent // 2)
            return self._product(half, base ** (exponent - exponent // 2), order)
        if not exponent.is_Rational:
            raise NotSmooth(f"{node}: only rational powers have Taylor coefficients here")
        if order == 0:
            return self._entrywise(lambda x: _rational_power(x, exponent), base)
        # j·u_0·p_j = Σ_{i=1..j} (s·i − (j − i)) u_i p_{j−i} for p = u^s
        terms = [
            _scaled(
                multiply(self.coefficient(base, i), self.coefficient(node, order - i)),
                exponent * i - (order - i),
            )
            for i in range(1, order + 1)
        ]
        inverse = self.coefficient(1 / base, 0) if exponent != -1 else self.coefficient(node, 0)
        return _scaled(multiply(self._sum(terms), inverse), sp.Rational(1, order))

    def _composed(self, node: Any, order: int) -> Enclosed:
        if node.func not in _FUNCTIONS:
            raise NotSmooth(f"{node.func} has no derivatives of every order that are known here")
        value, derivative = _FUNCTIONS[node.func]
        argument = node.args[0]
        if order == 0:
            return self._entrywise(value, argument)
        if node not in self._slopes:
            self._slopes[node] = derivative(node, argument)
        slope = self._slopes[node]
        terms = [
            _scaled(multiply(self.coefficient(argument, i), self.coefficient(slope, order - i)), i)
            for i in range(1, order + 1)
        ]
        return _scaled(self._sum(terms), sp.Rational(1, order))

    def _entrywise(self, function: Callable[[arb], arb], argument: Any) -> Enclosed:
        at = self.coefficient(argument, 0)
        with ctx.workprec(_PRECISION):
            return to_floats([function(x) for x in _balls(at)], at.shape)


def _balls(at: Enclosed) -> list[arb]:
    pairs = zip(at.mid.ravel().tolist(), at.rad.ravel().tolist(), strict=True)
    return [arb(mid, rad) for mid, rad in pairs]


def _rational_power(x: arb, exponent: sp.Rational) -> arb:
    if exponent.q > 1:
        x = x.root(int(exponent.q)) if x > 0 else arb("nan")
    factor, total = (x if exponent > 0 else 1 / x), arb(1)
    for _ in range(abs(int(exponent.p))):  # arb's power takes the logarithm of a ball around 0
        total *= factor
    return total


def _scaled(array: Enclosed, factor: Any) -> Enclosed:
    """Return a rational multiple; a float nearest to the factor, its error in the radius."""
    exact = exact_fraction(factor)
    near = float(exact)
    if near == exact:
        return multiply(array, exactly(near))
    return multiply(array, Enclosed(np.array(near), np.array(2.0**-52 * abs(near))))


def shifted(coefficients: Sequence[Enclosed], at: Enclosed) -> list[Enclosed]:
    """Return the Taylor coefficients of a polynomial about every point of an interval.

    Parameters
    ----------
    coefficients : sequence of Enclosed
        Those about 0.
    at : Enclosed
        The point or interval, a scalar.
    """
    rows = list(coefficients)
    made: list[Enclosed] = []
    while rows:  # repeated synthetic division by (t − at)
        for i in range(len(rows) - 2, -1, -1):
            rows[i] = add(rows[i], multiply(at, rows[i + 1]))
        made.append(rows[0])
        rows = rows[1:]
    return made


def polynomial_at(coefficients: Sequence[Enclosed], at: Enclosed) -> Enclosed:
    """Return a polynomial's value at a point or on an interval, by Horner's rule."""
    total = coefficients[-1]
    for coefficient in coefficients[-2::-1]:
        total = add(coefficient, multiply(at, total))
    return total
