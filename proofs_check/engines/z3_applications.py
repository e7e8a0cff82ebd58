"""Undefined functions, predicates, vectors and operators in Z3: opaque, with congruence only."""

from __future__ import annotations

from typing import Any

import z3

from theory.terms import Sort


class Applications:
    """Applications of undefined heads as Z3 terms, and the facts that come with fresh variables.

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
        Whether everything met so far is algebraic in real symbols.
    sorts : dict
        The Z3 sort of each sort of term.
    """

    def __init__(self, flat: bool = False) -> None:
        self.flat = flat
        self.facts: list[Any] = []
        self.free_of_functions = True
        real = z3.RealSort()
        self.sorts = {
            Sort.REAL: real,
            Sort.VECTOR: real if flat else z3.DeclareSort("Vector"),
            Sort.OPERATOR: real if flat else z3.DeclareSort("Operator"),
        }
        self._known: dict[tuple[Any, ...], list[tuple[tuple[Any, ...], Any]]] = {}
        self._fresh = 0

    def apply(self, key: tuple[Any, ...], values: list[tuple[Any, Sort]], range_: Any) -> Any:
        """Return the head that ``key`` identifies, applied to Z3 terms of the sorts given."""
        self.free_of_functions = False
        name = " : ".join(map(str, key)) + " !"
        args = tuple(value for value, _ in values)
        if not args:
            return z3.Const(name, range_)
        if self.flat:
            return self._flattened(key, args, range_)
        return z3.Function(name, *(self.sorts[s] for _, s in values), range_)(*args)

    def fresh_real(self, name: str) -> Any:
        """Return a real variable that occurs nowhere else."""
        self._fresh += 1
        return z3.Real(f"{name}!{self._fresh}")

    def _flattened(self, key: tuple[Any, ...], args: tuple[Any, ...], range_: Any) -> Any:
        known = self._known.setdefault(key, [])
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
