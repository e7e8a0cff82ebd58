"""Generators of a normal form: what they stand for, and the relations between them."""

from __future__ import annotations

from typing import Any

import sympy as sp


class Generators:
    """Symbols that stand for the terms of a normal form, with their defining relations."""

    def __init__(self) -> None:
        self._made = 0  # never reset: a name must not come to stand for something else
        self._generators: dict[Any, sp.Symbol] = {}
        self._terms: dict[sp.Symbol, Any] = {}  # what each generator stands for
        self._powers: dict[sp.Symbol, tuple[int, Any]] = {}  # generator: (q, its q-th power)
        self._exponents: dict[sp.Symbol, Any] = {}  # generator: what it is the exponential of
        self._logarithms: dict[sp.Symbol, Any] = {}  # generator: what it is the logarithm of
        self._finer: dict[sp.Symbol, Any] = {}  # a root replaced by a power of a finer one

    def _generator(self, key: Any, term: Any) -> sp.Symbol:
        if key not in self._generators:
            self._made += 1
            fresh = sp.Symbol(f"g#{self._made}")
            self._generators[key] = fresh
            self._terms[fresh] = term
        return self._finer.get(self._generators[key], self._generators[key])

    def _reduced(self, polynomial: sp.Expr) -> sp.Expr:
        """Lower every root below its degree, until nothing changes."""
        while True:
            before = sp.expand(polynomial.xreplace(self._finer))
            polynomial = before
            for generator in reversed(self._powers):
                if generator in polynomial.free_symbols:
                    polynomial = self._lowered(polynomial, generator)
            if polynomial == before:
                return polynomial

    def _lowered(self, polynomial: sp.Expr, generator: sp.Symbol) -> sp.Expr:
        degree, power = self._powers[generator]
        terms = sp.Poly(polynomial, generator).terms()
        if all(k < degree for (k,), _ in terms):
            return polynomial
        value = power.xreplace(self._finer)
        lower = [c * generator ** (k % degree) * value ** (k // degree) for (k,), c in terms]
        return numerator_of(sp.Add(*lower))

    def readable(self, expr: Any) -> Any:
        """Return an expression in generators as one in the original terms."""
        for generator, term in reversed(self._terms.items()):
            expr = expr.xreplace({generator: term})
        return expr

    def relations(self) -> dict[str, Any]:
        """Return what is known of the generators, as premises for real arithmetic."""
        known: dict[str, Any] = {}
        for g, (degree, power) in self._powers.items():
            known[f"{g} power"] = sp.Eq(numerator_of(g**degree - power), 0, evaluate=False)
        for g in self._exponents:
            known[f"{g} positive"] = sp.Gt(g, 0, evaluate=False)
        return known


def numerator_of(expr: Any) -> sp.Expr:
    """Return the expanded numerator of a rational function."""
    return sp.expand(sp.numer(sp.together(expr)))


def cancelled(expr: Any) -> Any:
    """Return a rational function in lowest terms."""
    return sp.cancel(expr)


def factored(value: Any) -> list[tuple[Any, int]]:
    """Return irreducible factors of a rational function with their exponents."""
    top, bottom = sp.fraction(value)
    found: list[tuple[Any, int]] = []
    for part, orientation in ((top, 1), (bottom, -1)):
        constant, factors = sp.factor_list(part)
        found += [(f, orientation * k) for f, k in factors]
        found += [(sp.S(f), orientation * k) for f, k in _prime_factors(constant)]
    return found


def _prime_factors(constant: sp.Rational) -> list[tuple[int, int]]:
    return [(p, k) for p, k in sp.factorrat(constant, limit=10**4).items() if p != 1]
