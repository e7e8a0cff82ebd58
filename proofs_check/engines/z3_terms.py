"""Quantifier-free formulas as Z3 terms, by a direct walk over the tree.

Nothing is printed and parsed on the way and no float can pass. Partial operations are total but
unknown outside their domain: 1/d and the root of a negative number are fresh reals about which
nothing is assumed, so a premise that leaves its domain cannot be exploited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

import sympy
import z3
from sympy import Add, Basic, Expr, Function, Lambda, Mul, Pow, Rational, Symbol
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import BooleanFunction

from theory.terms import (
    Adjoint,
    Apply,
    Deriv,
    Inner,
    Norm,
    OperatorNorm,
    OperatorSymbol,
    Predicate,
    SigmaMin,
    Sort,
    VectorSymbol,
    function_of,
    is_zero,
    sort_of,
)

_REAL_ASSUMPTIONS = Symbol("x", real=True).assumptions0
_PLAIN: dict[type, tuple[Sort, ...]] = {
    Norm: (Sort.VECTOR,),
    Inner: (Sort.VECTOR, Sort.VECTOR),
    Apply: (Sort.OPERATOR, Sort.VECTOR),
    Adjoint: (Sort.OPERATOR, Sort.VECTOR),
    OperatorNorm: (Sort.OPERATOR,),
    SigmaMin: (Sort.OPERATOR,),
}
_RELATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_CONSTANT_BOUNDS = {sympy.pi: ("3.14159265", "3.14159266"), sympy.E: ("2.71828182", "2.71828183")}
_OPAQUE = (sympy.Sum, sympy.Product, sympy.Integral)


class TranslationError(ValueError):
    """A formula has a part that real arithmetic with uninterpreted functions cannot say."""


class Translator:
    """Formulas to Z3, with the facts that define the fresh variables introduced on the way.

    Parameters
    ----------
    flat : bool
        With ``False``, undefined functions are Z3 functions and vectors an uninterpreted sort.
        With ``True`` every application becomes one variable, with pairwise congruence written
        out, and vectors and operators are coded as reals: only equality of vectors is ever used,
        and a vector space injects into the reals, so what is unsatisfiable stays so.

    Attributes
    ----------
    facts : list
        Z3 formulas true of every real interpretation: definitions of roots and inverses where
        they exist, congruence, signs of exp and of norms.
    free_of_functions : bool
        Whether everything translated so far is polynomial, rational or algebraic in real symbols.
    """

    def __init__(self, flat: bool = False) -> None:
        self.flat = flat
        self.facts: list[Any] = []
        self.free_of_functions = True
        self.symbols: dict[Symbol, Any] = {}
        self._terms: dict[Basic, Any] = {}
        self._applications: dict[tuple[Any, ...], list[tuple[tuple[Any, ...], Any]]] = {}
        self._meanings: dict[str, tuple[Any, ...]] = {}
        self._fresh = 0
        real = z3.RealSort()
        self._sorts = {
            Sort.REAL: real,
            Sort.VECTOR: real if flat else z3.DeclareSort("Vector"),
            Sort.OPERATOR: real if flat else z3.DeclareSort("Operator"),
        }

    # Formulas

    def formula(self, formula: Basic) -> Any:
        """Return the formula as a Z3 Boolean.

        Raises
        ------
        TranslationError
            Naming the part that has no translation.
        """
        if formula.atoms(sympy.Float):
            raise TranslationError(f"{formula} contains a float; write an exact Rational")
        try:
            return self._formula(formula)
        except TypeError as error:
            raise TranslationError(str(error)) from error

    def _formula(self, formula: Basic) -> Any:
        if formula is sympy.true or formula is sympy.false:
            return z3.BoolVal(formula is sympy.true)
        if isinstance(formula, Relational):
            return self._relation(formula)
        if isinstance(formula, Predicate):
            return self._predicate(formula)
        if isinstance(formula, BooleanFunction):
            return self._connective(formula)
        raise TranslationError(f"{formula} is not a formula of real arithmetic")

    def _connective(self, formula: BooleanFunction) -> Any:
        parts = [self._formula(arg) for arg in formula.args]
        match formula:
            case sympy.And():
                return z3.And(*parts)
            case sympy.Or():
                return z3.Or(*parts)
            case sympy.Not():
                return z3.Not(parts[0])
            case sympy.Implies():
                return z3.Implies(parts[0], parts[1])
            case sympy.Equivalent():
                return z3.And(*[a == b for a, b in pairwise(parts)])
            case sympy.ITE():
                return z3.If(parts[0], parts[1], parts[2])
        raise TranslationError(f"no translation of the connective {type(formula).__name__}")

    def _relation(self, relation: Relational) -> Any:
        sort = next((s for s in map(sort_of, relation.args) if s is not Sort.REAL), Sort.REAL)
        if sort is not Sort.REAL and relation.rel_op not in ("==", "!="):
            raise TranslationError(f"{relation} orders {sort.value}s")
        left, right = (self.term(side, sort) for side in relation.args)
        return _RELATIONS[relation.rel_op](left, right)

    def _predicate(self, predicate: Predicate) -> Any:
        self.free_of_functions = False
        key: list[Any] = [type(predicate).__name__]
        values = []
        for arg in predicate.args:
            if isinstance(arg, Expr) and not isinstance(arg, Lambda) and not arg.is_infinite:
                values.append((self._any(arg), sort_of(arg)))
                key.append(sort_of(arg).value)
            else:
                key.append(_closed_text(arg))
        return self._apply(tuple(key), values, z3.BoolSort())

    # Terms

    def term(self, term: Basic, sort: Sort = Sort.REAL) -> Any:
        """Return the term as a Z3 term of the sort asked for; 0 may stand for the zero vector."""
        if sort is not Sort.REAL and is_zero(term):
            return self._application(f"0:{sort.value}", (), (), sort)
        if sort_of(term) is not sort:
            raise TranslationError(f"{term} is not of sort {sort.value}")
        if term not in self._terms:
            make = self._real if sort is Sort.REAL else self._linear
            self._terms[term] = make(term)
        return self._terms[term]

    def _any(self, term: Basic) -> Any:
        return self.term(term, sort_of(term))

    def _real(self, term: Basic) -> Any:
        if isinstance(term, Rational):
            return rational_value(term)
        if isinstance(term, Symbol):
            return self._symbol(term, Sort.REAL)
        if isinstance(term, Add):
            return z3.Sum([self.term(arg) for arg in term.args])
        if isinstance(term, Mul):
            return z3.Product([self.term(arg) for arg in term.args])
        if isinstance(term, Pow):
            return self._power(term.base, term.exp)
        if isinstance(term, (sympy.Max, sympy.Min)):
            return self._extremum(term)
        if isinstance(term, (sympy.Abs, sympy.sign)):
            return self._sign_split(term)
        if isinstance(term, sympy.Piecewise):
            return self._piecewise(term.args)
        return self._head(term, Sort.REAL)

    def _extremum(self, term: Expr) -> Any:
        values = [self.term(arg) for arg in sorted(term.args, key=sympy.default_sort_key)]
        best = values[0]
        for value in values[1:]:
            keep = best >= value if isinstance(term, sympy.Max) else best <= value
            best = z3.If(keep, best, value)
        return best

    def _sign_split(self, term: Expr) -> Any:
        value = self.term(term.args[0])
        if isinstance(term, sympy.Abs):
            return z3.If(value >= 0, value, -value)
        return z3.If(value > 0, z3.RealVal(1), z3.If(value < 0, z3.RealVal(-1), z3.RealVal(0)))

    def _piecewise(self, pieces: Sequence[ExprCondPair]) -> Any:
        value = self._fresh_real("uncovered")
        for piece in reversed(pieces):
            value = z3.If(self._formula(piece.cond), self.term(piece.expr), value)
        return value

    def _power(self, base: Expr, exponent: Expr) -> Any:
        if isinstance(exponent, Rational):
            return self._rational_power(base, exponent)
        if base is sympy.E:
            return self._head(sympy.exp(exponent, evaluate=False), Sort.REAL)
        power = self._application("pow", (base, exponent), (Sort.REAL, Sort.REAL), Sort.REAL)
        self.facts.append(z3.Implies(self.term(base) > 0, power > 0))
        return power

    def _rational_power(self, base: Expr, exponent: Rational) -> Any:
        value = self.term(base)
        if exponent.q != 1:
            value = self._root(base, value, int(exponent.q))
        result = _integer_power(value, abs(int(exponent.p)))
        return result if exponent.p > 0 else self._inverse(Pow(base, -exponent), result)

    def _root(self, base: Expr, radicand: Any, degree: int) -> Any:
        key = Pow(base, Rational(1, degree), evaluate=False)
        if key not in self._terms:
            root = self._fresh_real(f"root{degree}")
            defined = z3.And(root >= 0, _integer_power(root, degree) == radicand)
            self.facts.append(z3.Implies(radicand >= 0, defined))
            self._terms[key] = root
        return self._terms[key]

    def _inverse(self, denominator: Expr, value: Any) -> Any:
        key = Pow(denominator, -1, evaluate=False)
        if key not in self._terms:
            inverse = self._fresh_real("inverse")
            self.facts.append(z3.Implies(value != 0, inverse * value == 1))
            self._terms[key] = inverse
        return self._terms[key]

    # Heads

    def _symbol(self, symbol: Symbol, sort: Sort) -> Any:
        extra = set(symbol.assumptions0.items()) - set(_REAL_ASSUMPTIONS.items())
        if extra:
            raise TranslationError(
                f"symbol {symbol} carries the SymPy assumption {sorted(extra)[0][0]}; "
                "state it as a premise"
            )
        if set(symbol.name) & {"!", "|"}:
            raise TranslationError(f"symbol name {symbol.name!r} contains a reserved character")
        self._check_head(f"symbol {symbol.name}", (symbol,))
        name = symbol.name if sort is Sort.REAL else f"{symbol.name}:{sort.value}"
        self.free_of_functions = self.free_of_functions and sort is Sort.REAL
        self.symbols[symbol] = z3.Const(name, self._sorts[sort])
        return self.symbols[symbol]

    def _head(self, term: Basic, sort: Sort) -> Any:
        if isinstance(term, AppliedUndef):
            return self._undefined(term, sort)
        if type(term) in _PLAIN:
            return self._plain(term, sort)
        if isinstance(term, Deriv):
            function, point = term.args
            name = f"d({_closed_text(function)})"
            return self._application(name, (point,), (Sort.REAL,), sort)
        if isinstance(term, sympy.NumberSymbol):
            return self._constant(term)
        if isinstance(term, _OPAQUE):
            return self._application(_closed_text(term), (), (), sort)
        if isinstance(term, Function):
            sorts = (Sort.REAL,) * len(term.args)
            value = self._application(type(term).__name__, term.args, sorts, sort)
            if isinstance(term, sympy.exp):
                self.facts.append(value > 0)
            return value
        raise TranslationError(f"no exact translation of {term} ({type(term).__name__})")

    def _undefined(self, term: AppliedUndef, sort: Sort) -> Any:
        sorts = tuple(map(sort_of, term.args))
        name = f"function {term.func.__name__}"
        self._check_head(name, (sort,))
        return self._application(name, term.args, sorts, sort)

    def _plain(self, term: Basic, sort: Sort) -> Any:
        value = self._application(type(term).__name__, term.args, _PLAIN[type(term)], sort)
        if isinstance(term, (Norm, OperatorNorm, SigmaMin)):
            self.facts.append(value >= 0)
        return value

    def _constant(self, term: Expr) -> Any:
        value = self._application(str(term), (), (), Sort.REAL)
        if term in _CONSTANT_BOUNDS:
            low, high = _CONSTANT_BOUNDS[term]
            self.facts += [value > z3.RealVal(low), value < z3.RealVal(high)]
        return value

    def _linear(self, term: Basic) -> Any:
        sort = sort_of(term)
        if isinstance(term, (VectorSymbol, OperatorSymbol)):
            return self._symbol(term, sort)
        if not isinstance(term, (Add, Mul)):
            return self._head(term, sort)
        if isinstance(term, Mul):
            scalars = [a for a in term.args if sort_of(a) is Sort.REAL]
            rest = next(a for a in term.args if sort_of(a) is not Sort.REAL)
            args: tuple[Basic, ...] = (Mul(*scalars), rest)
            return self._application(f"scale {sort.value}", args, (Sort.REAL, sort), sort)
        args = tuple(sorted(term.args, key=sympy.default_sort_key))
        name = f"sum {sort.value} {len(args)}"
        return self._application(name, args, (sort,) * len(args), sort)

    def _check_head(self, name: str, meaning: tuple[Any, ...]) -> None:
        if self._meanings.setdefault(name, meaning) != meaning:
            raise TranslationError(f"{name} stands for two different things")

    # Applications

    def _application(
        self, name: str, args: Iterable[Basic], sorts: Sequence[Sort], sort: Sort
    ) -> Any:
        self.free_of_functions = False
        values = [(self.term(a, s), s) for a, s in zip(args, sorts, strict=True)]
        key = (name, *(s.value for s in sorts), sort.value)
        return self._apply(key, values, self._sorts[sort])

    def _apply(self, key: tuple[Any, ...], values: list[tuple[Any, Sort]], range_: Any) -> Any:
        name = " : ".join(map(str, key))
        args = tuple(value for value, _ in values)
        if not args:
            return z3.Const(f"{name} !", range_)
        if not self.flat:
            domain = [self._sorts[s] for _, s in values]
            return z3.Function(f"{name} !", *domain, range_)(*args)
        return self._flat_application(key, args, range_)

    def _flat_application(self, key: tuple[Any, ...], args: tuple[Any, ...], range_: Any) -> Any:
        known = self._applications.setdefault(key, [])
        for other, value in known:
            if all(a.eq(b) for a, b in zip(args, other, strict=True)):
                return value
        self._fresh += 1
        value = z3.Const(f"{key[0]}!{self._fresh}", range_)
        for other, other_value in known:
            same = z3.And(*[a == b for a, b in zip(args, other, strict=True)])
            self.facts.append(z3.Implies(same, value == other_value))
        known.append((args, value))
        return value

    def _fresh_real(self, name: str) -> Any:
        self._fresh += 1
        return z3.Real(f"{name}!{self._fresh}")


def rational_value(value: Rational) -> Any:
    """Return an exact Z3 rational."""
    return z3.Q(int(value.p), int(value.q))


def _integer_power(value: Any, exponent: int) -> Any:
    return z3.Product([value] * exponent) if exponent else z3.RealVal(1)


def _closed_text(term: Basic) -> str:
    """Return a text that determines the term, whatever its bound variables are called."""
    if isinstance(term, Lambda) and len(term.variables) == 1:
        term = function_of(term.variables[0], term.expr)
    return str(sympy.srepr(term))
