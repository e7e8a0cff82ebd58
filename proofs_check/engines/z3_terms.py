"""Quantifier-free formulas as Z3 terms, by a direct walk over the tree.

Nothing is printed and parsed on the way and no float can pass. Partial operations are total but
unknown outside their domain: 1/d and the root of a negative number are fresh reals about which
nothing is assumed, so a premise that leaves its domain cannot be exploited.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import sympy
import z3
from sympy import Add, Basic, Expr, Lambda, Mul, Pow, Rational, Symbol
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import BooleanFunction

from proofs_check.engines.z3_heads import Heads, TranslationError, closed_text
from proofs_check.engines.z3_powers import power_laws
from theory.terms import (
    IsInteger,
    Predicate,
    Sort,
    is_zero,
    sort_of,
)

_RELATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


class Translator(Heads):
    """Formulas to Z3, with the facts that define the fresh variables introduced on the way.

    Parameters
    ----------
    flat : bool
        How applications are written; see :class:`Applications`.

    Attributes
    ----------
    symbols : dict
        The symbols met so far, with the Z3 constants that stand for them.
    """

    def laws(self) -> list[Any]:
        """Return how the exponentials and powers met so far multiply: b^(u+v) = b^u b^v."""
        one = {base: self.term(base) for base, _, _ in self.exponentials}
        return power_laws(self.exponentials, one, self.fresh_real)

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
        except (TypeError, z3.Z3Exception) as error:
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
        if isinstance(predicate, IsInteger):
            return self._integrality(predicate.args[0])
        key: list[Any] = [type(predicate).__name__]
        values = []
        for arg in predicate.args:
            if isinstance(arg, Expr) and not isinstance(arg, Lambda) and not arg.is_infinite:
                values.append((self._any(arg), sort_of(arg)))
                key.append(sort_of(arg).value)
            else:
                key.append(closed_text(arg))
        return self.apply(tuple(key), values, z3.BoolSort())

    def _integrality(self, term: Expr) -> Any:
        # n + 2 is an integer exactly when n is; numbers are known; the rest is opaque.
        shift, rest = term.as_coeff_Add() if isinstance(term, Add) else (term, sympy.Integer(0))
        if isinstance(shift, sympy.Integer):
            term = rest
        if isinstance(term, Rational):
            return z3.BoolVal(term.q == 1)
        return self.apply((IsInteger.__name__,), [(self.term(term), Sort.REAL)], z3.BoolSort())

    # Terms

    def term(self, term: Basic, sort: Sort = Sort.REAL) -> Any:
        """Return the term as a Z3 term of the sort asked for; 0 may stand for the zero vector."""
        if sort is not Sort.REAL and is_zero(term):
            return self.application(f"0:{sort.value}", (), (), sort)
        if sort_of(term) is not sort:
            raise TranslationError(f"{term} is not of sort {sort.value}")
        if (term, sort) not in self.known:
            make = self._real if sort is Sort.REAL else self.linear
            self.known[term, sort] = make(term)
        return self.known[term, sort]

    def _any(self, term: Basic) -> Any:
        return self.term(term, sort_of(term))

    def _real(self, term: Basic) -> Any:
        if isinstance(term, Rational):
            return rational_value(term)
        if isinstance(term, Symbol):
            return self.symbol(term, Sort.REAL)
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
        return self.head(term, Sort.REAL)

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
        value = self.fresh_real("uncovered")
        for piece in reversed(pieces):
            value = z3.If(self._formula(piece.cond), self.term(piece.expr), value)
        return value

    def _power(self, base: Expr, exponent: Expr) -> Any:
        if isinstance(exponent, Rational):
            return self._rational_power(base, exponent)
        if base is sympy.E:
            return self.head(sympy.exp(exponent, evaluate=False), Sort.REAL)
        power = self.application("pow", (base, exponent), (Sort.REAL, Sort.REAL), Sort.REAL)
        self.exponentials.append((base, exponent, power))
        self.facts.append(z3.Implies(self.term(base) > 0, power > 0))
        return power

    def _rational_power(self, base: Expr, exponent: Rational) -> Any:
        value = self.term(base)
        if exponent.q != 1:
            value = self._root(base, value, int(exponent.q))
        result = _integer_power(value, abs(int(exponent.p)))
        return result if exponent.p > 0 else self._inverse(Pow(base, -exponent), result)

    def _root(self, base: Expr, radicand: Any, degree: int) -> Any:
        key = Pow(base, Rational(1, degree), evaluate=False), Sort.REAL
        if key not in self.known:
            root = self.fresh_real(f"root{degree}")
            defined = z3.And(root >= 0, _integer_power(root, degree) == radicand)
            self.facts.append(z3.Implies(radicand >= 0, defined))
            self.known[key] = root
        return self.known[key]

    def _inverse(self, denominator: Expr, value: Any) -> Any:
        key = Pow(denominator, -1, evaluate=False), Sort.REAL
        if key not in self.known:
            inverse = self.fresh_real("inverse")
            self.facts.append(z3.Implies(value != 0, inverse * value == 1))
            self.known[key] = inverse
        return self.known[key]


def rational_value(value: Rational) -> Any:
    """Return an exact Z3 rational."""
    return z3.Q(int(value.p), int(value.q))


def _integer_power(value: Any, exponent: int) -> Any:
    return z3.Product([value] * exponent) if exponent else z3.RealVal(1)
