"""Symbols, undefined heads, constants and linear combinations of vectors as Z3 terms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sympy
import z3
from sympy import Add, Basic, Expr, Function, Lambda, Mul, Symbol
from sympy.core.function import AppliedUndef

from proofs_check.engines.z3_applications import Applications
from proofs_check.engines.z3_powers import Exponential
from theory.probability import Expect, Prob
from theory.terms import (
    Adjoint,
    Apply,
    Deriv,
    FrobeniusNorm,
    Inner,
    Norm,
    OperatorNorm,
    OperatorSymbol,
    SigmaMin,
    Sort,
    VectorSymbol,
    function_of,
    sort_of,
)

_REAL_ASSUMPTIONS = Symbol("x", real=True).assumptions0
_PLAIN: dict[type, tuple[Sort, ...]] = {
    Norm: (Sort.VECTOR,),
    Inner: (Sort.VECTOR, Sort.VECTOR),
    Apply: (Sort.OPERATOR, Sort.VECTOR),
    Adjoint: (Sort.OPERATOR, Sort.VECTOR),
    OperatorNorm: (Sort.OPERATOR,),
    FrobeniusNorm: (Sort.OPERATOR,),
    SigmaMin: (Sort.OPERATOR,),
}
_CONSTANT_BOUNDS = {sympy.pi: ("3.14159265", "3.14159266"), sympy.E: ("2.71828182", "2.71828183")}
_OPAQUE = (sympy.Sum, sympy.Product, sympy.Integral, Prob, Expect)


class TranslationError(ValueError):
    """A formula has a part that real arithmetic with uninterpreted functions cannot say."""


class Heads(Applications):
    """Terms whose head real arithmetic does not know.

    Parameters
    ----------
    flat : bool
        How applications are written; see :class:`Applications`.

    Attributes
    ----------
    symbols : dict
        The symbols met so far, with the Z3 constants that stand for them.
    known : dict
        Every term translated so far, with its sort.
    exponentials : list
        Base, exponent and Z3 term of every exponential and every power with symbolic exponent.
    """

    def __init__(self, flat: bool = False) -> None:
        super().__init__(flat)
        self.symbols: dict[Symbol, Any] = {}
        self.known: dict[tuple[Basic, Sort], Any] = {}
        self._meanings: dict[str, Any] = {}
        self.exponentials: list[Exponential] = []

    def term(self, term: Basic, sort: Sort = Sort.REAL) -> Any:
        """Return the term as a Z3 term of the sort asked for; a translator says how."""
        raise NotImplementedError

    def symbol(self, symbol: Symbol, sort: Sort) -> Any:
        """Return the constant that stands for a symbol.

        Raises
        ------
        TranslationError
            If the symbol carries an assumption that is not a premise, or a name already taken.
        """
        if set(symbol.assumptions0.items()) - set(_REAL_ASSUMPTIONS.items()):
            raise TranslationError(
                f"symbol {symbol} carries a SymPy assumption; state it as a premise"
            )
        if set(symbol.name) & {"!", "|"}:
            raise TranslationError(f"symbol name {symbol.name!r} contains a reserved character")
        self._check_head(f"symbol {symbol.name}", (symbol,))
        name = symbol.name if sort is Sort.REAL else f"{symbol.name}:{sort.value}"
        self.free_of_functions = self.free_of_functions and sort is Sort.REAL
        self.symbols[symbol] = z3.Const(name, self.sorts[sort])
        return self.symbols[symbol]

    def head(self, term: Basic, sort: Sort) -> Any:
        """Return a term whose head is opaque, with what is true of it anyway.

        Raises
        ------
        TranslationError
            If nothing of the kind is known to denote a real, a vector or an operator.
        """
        if isinstance(term, AppliedUndef):
            return self._undefined(term, sort)
        if type(term) in _PLAIN:
            return self._plain(term, sort)
        if isinstance(term, Deriv):
            function, point = term.args
            name = f"d({closed_text(function)})"
            return self.application(name, (point,), (Sort.REAL,), sort)
        if isinstance(term, sympy.NumberSymbol):
            return self._constant(term)
        if isinstance(term, _OPAQUE):
            return self.application(closed_text(term), (), (), sort)
        if isinstance(term, Function):
            sorts = (Sort.REAL,) * len(term.args)
            value = self.application(type(term).__name__, term.args, sorts, sort)
            if isinstance(term, sympy.exp):
                self.facts.append(value > 0)
                self.exponentials.append((sympy.E, term.args[0], value))
            return value
        raise TranslationError(f"no exact translation of {term} ({type(term).__name__})")

    def _undefined(self, term: AppliedUndef, sort: Sort) -> Any:
        sorts = tuple(map(sort_of, term.args))
        name = f"function {term.func.__name__}"
        self._check_head(name, (sort,))
        return self.application(name, term.args, sorts, sort)

    def _plain(self, term: Basic, sort: Sort) -> Any:
        value = self.application(type(term).__name__, term.args, _PLAIN[type(term)], sort)
        if isinstance(term, (Norm, OperatorNorm, FrobeniusNorm, SigmaMin)):
            self.facts.append(value >= 0)
        return value

    def _constant(self, term: Expr) -> Any:
        value = self.application(str(term), (), (), Sort.REAL)
        if term in _CONSTANT_BOUNDS:
            low, high = _CONSTANT_BOUNDS[term]
            self.facts += [value > z3.RealVal(low), value < z3.RealVal(high)]
        return value

    def linear(self, term: Basic) -> Any:
        """Return a vector or operator term; sums and multiples are opaque functions."""
        sort = sort_of(term)
        if isinstance(term, (VectorSymbol, OperatorSymbol)):
            return self.symbol(term, sort)
        if not isinstance(term, (Add, Mul)):
            return self.head(term, sort)
        if isinstance(term, Mul):
            scalars = [a for a in term.args if sort_of(a) is Sort.REAL]
            rest = next(a for a in term.args if sort_of(a) is not Sort.REAL)
            args: tuple[Basic, ...] = (Mul(*scalars), rest)
            return self.application(f"scale {sort.value}", args, (Sort.REAL, sort), sort)
        args = tuple(sorted(term.args, key=sympy.default_sort_key))
        name = f"sum {sort.value} {len(args)}"
        return self.application(name, args, (sort,) * len(args), sort)

    def application(
        self, name: str, args: Iterable[Basic], sorts: Sequence[Sort], sort: Sort
    ) -> Any:
        """Return a named head applied to terms of the sorts given."""
        values = [(self.term(a, s), s) for a, s in zip(args, sorts, strict=True)]
        key = (name, *(s.value for s in sorts), sort.value)
        return self.apply(key, values, self.sorts[sort])

    def _check_head(self, name: str, meaning: tuple[Any, ...]) -> None:
        if self._meanings.setdefault(name, meaning) != meaning:
            raise TranslationError(f"{name} stands for two different things")


def closed_text(term: Basic) -> str:
    """Return a text that determines the term, whatever its bound variables are called."""
    if isinstance(term, Lambda) and len(term.variables) == 1:
        term = function_of(term.variables[0], term.expr)
    return str(sympy.srepr(term))
