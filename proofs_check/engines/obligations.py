"""What a claim owes before it means anything: denominators, radicands, logarithms, derivatives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import sympy
from sympy import And, Basic, Expr, Ge, Gt, Implies, Lambda, Le, Lt, Ne, Not, Or, Pow, Rational
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from theory.formulas import canonical, conjuncts
from theory.probability import Expect, Prob
from theory.terms import (
    Adjoint,
    Apply,
    Deriv,
    FrobeniusNorm,
    Inner,
    Norm,
    OperatorNorm,
    SigmaMin,
)

_TOTAL = (
    AppliedUndef, Norm, Inner, Apply, Adjoint, OperatorNorm, FrobeniusNorm, SigmaMin, Deriv,
    Prob, Expect,
    sympy.exp, sympy.sin, sympy.cos, sympy.sinh, sympy.cosh, sympy.tanh, sympy.asinh, sympy.atan,
    sympy.erf, sympy.erfc, sympy.sech, sympy.Abs, sympy.sign, sympy.Max, sympy.Min,
)  # fmt: skip
_DOMAINS: dict[type, Callable[[Expr], Boolean]] = {
    sympy.log: lambda x: Gt(x, 0, evaluate=False),
    sympy.acosh: lambda x: Ge(x, 1, evaluate=False),
    sympy.asin: lambda x: And(Ge(x, -1, evaluate=False), Le(x, 1, evaluate=False)),
    sympy.acos: lambda x: And(Ge(x, -1, evaluate=False), Le(x, 1, evaluate=False)),
    sympy.atanh: lambda x: And(Gt(x, -1, evaluate=False), Lt(x, 1, evaluate=False)),
}


@dataclass(frozen=True)
class Obligation:
    """A condition under which a part of a formula is defined.

    Parameters
    ----------
    condition : Boolean
        What has to hold, an implication where the part stands under conditions of its own.
    node : Basic
        The part that introduced it.
    """

    condition: Boolean
    node: Basic

    def __str__(self) -> str:
        return f"{self.condition} (from {self.node})"


def obligations(formula: Basic) -> list[Obligation]:
    """Return the conditions under which every part of the formula is defined, inner parts first.

    A part below an implication, or in a branch of a ``Piecewise``, may assume what guards it.
    Bodies of ``Lambda`` are not entered: they are functions, not values.
    """
    return list(_all_obligations(formula))


@lru_cache(maxsize=8192)
def _all_obligations(formula: Basic) -> tuple[Obligation, ...]:
    return tuple(dict.fromkeys(_walk(formula, ())))


def _walk(node: Basic, path: tuple[Boolean, ...]) -> Iterator[Obligation]:
    if isinstance(node, (Lambda, sympy.Sum, sympy.Product, sympy.Integral)):
        return
    if isinstance(node, Implies):
        yield from _walk(node.args[0], path)
        yield from _walk(node.args[1], (*path, node.args[0]))
    elif isinstance(node, sympy.ITE):
        condition, then, otherwise = node.args
        yield from _walk(condition, path)
        yield from _walk(then, (*path, condition))
        yield from _walk(otherwise, (*path, Not(condition)))
    elif isinstance(node, sympy.Piecewise):
        yield from _walk_pieces(node, path)
    else:
        for arg in node.args:
            yield from _walk(arg, path)
        condition = _condition(node)
        if condition is not sympy.true:
            yield Obligation(_under(path, condition), node)


def _walk_pieces(node: Basic, path: tuple[Boolean, ...]) -> Iterator[Obligation]:
    seen: list[Boolean] = []
    for value, condition in (piece.args for piece in node.args):
        yield from _walk(condition, (*path, *map(Not, seen)))
        yield from _walk(value, (*path, *map(Not, seen), condition))
        seen.append(condition)
    covered = Or(*seen)
    if covered is not sympy.true:
        yield Obligation(_under(path, covered), node)


def _under(path: tuple[Boolean, ...], condition: Boolean) -> Boolean:
    return Implies(And(*path), condition, evaluate=False) if path else condition


def _condition(node: Basic) -> Boolean:
    if isinstance(node, Pow):
        return _power_condition(node.base, node.exp)
    if not isinstance(node, sympy.Function) or isinstance(node, _TOTAL):
        return sympy.true
    if type(node) in _DOMAINS:
        return _DOMAINS[type(node)](node.args[0])
    return sympy.false


def _power_condition(base: Expr, exponent: Expr) -> Boolean:
    if isinstance(base, Rational) and base > 0:
        return sympy.true
    if isinstance(base, sympy.NumberSymbol):
        return sympy.true
    if not isinstance(exponent, Rational):
        return Gt(base, 0, evaluate=False)
    if exponent.q == 1:
        return sympy.true if exponent.p > 0 else Ne(base, 0, evaluate=False)
    relation = Gt if exponent.p < 0 else Ge
    return relation(base, 0, evaluate=False)


Existence: TypeAlias = tuple[Deriv, dict[str, Boolean]]


def existence(claim: Boolean, premises: Mapping[str, Boolean]) -> list[Existence]:
    """Return each derivative the claim speaks of, and under what each premise says it exists.

    Returns
    -------
    list of (Deriv, dict)
        Premise name to the condition under which it equates the derivative with something.
    """
    found = []
    for derivative in dict.fromkeys(_derivatives(claim)):
        conditions = {
            name: condition
            for name, premise in premises.items()
            if (condition := _exists_under(canonical(derivative), canonical(premise))) is not None
        }
        found.append((derivative, conditions))
    return found


def _derivatives(node: Basic) -> Iterator[Deriv]:
    """Yield the derivatives that the formula evaluates; those in a Lambda are not values."""
    if isinstance(node, Lambda):
        return
    if isinstance(node, Deriv):
        yield node
    for arg in node.args:
        yield from _derivatives(arg)


def _exists_under(derivative: Basic, premise: Boolean) -> Boolean | None:
    for part in conjuncts(premise):
        if isinstance(part, sympy.Eq) and derivative in part.args:
            return sympy.true
        if isinstance(part, Implies):
            inner = _exists_under(derivative, part.args[1])
            if inner is not None:
                return And(part.args[0], inner)
    return None
