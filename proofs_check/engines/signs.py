"""Signs that the form of a term shows, given what premises bound by a number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp
from sympy.logic.boolalg import Boolean

from theory.formulas import conjuncts


def obvious(relation: Any, signs: Signs | None = None) -> frozenset[str] | None:
    """Return the premises from which the form of a relation alone shows it; None if it does not."""
    signs = signs or Signs({})
    difference = relation.lhs - relation.rhs
    if isinstance(relation, (sp.Lt, sp.Le)):
        difference = -difference
    if relation.func in (sp.Gt, sp.Lt):
        return signs.positive(difference)
    if relation.func in (sp.Ge, sp.Le):
        return signs.nonnegative(difference)
    if relation.func is not sp.Ne:
        return None
    above = signs.nonzero(difference)
    return signs.positive(-difference) if above is None else above


class Signs:
    """Signs read off the form of a term and off premises that bound a term by a number.

    Each method returns the names of the premises it used, or None where the form shows nothing.
    What is said holds wherever the term has a value.
    """

    def __init__(self, premises: Mapping[str, Boolean]) -> None:
        self._above: dict[Any, tuple[bool, str]] = {}  # term: (whether > 0, premise)
        for name, premise in premises.items():
            for part in conjuncts(premise):
                self._read(part, name)

    def _read(self, part: Any, name: str) -> None:
        if not isinstance(part, (sp.Lt, sp.Le, sp.Gt, sp.Ge)):
            return
        term, bound = part.gts, part.lts
        if not isinstance(bound, sp.Rational) or bound < 0:
            return
        strict = bound > 0 or isinstance(part, (sp.Lt, sp.Gt))
        if term not in self._above or (strict and not self._above[term][0]):
            self._above[term] = (bool(strict), name)

    def positive(self, term: Any) -> frozenset[str] | None:
        """Whether the term is positive."""
        if term in self._above and self._above[term][0]:
            return frozenset({self._above[term][1]})
        if isinstance(term, sp.Rational):
            return _yes(term > 0)
        if term in (sp.pi, sp.E) or isinstance(term, (sp.exp, sp.cosh, sp.sech)):
            return frozenset()
        if isinstance(term, sp.Add):
            return self._positive_sum(term)
        if isinstance(term, sp.Mul):
            return _both(map(self.positive, term.args))
        return self._positive_power(term) if isinstance(term, sp.Pow) else None

    def _positive_sum(self, term: Any) -> frozenset[str] | None:
        rest = _both(map(self.nonnegative, term.args))
        first = next((p for p in map(self.positive, term.args) if p is not None), None)
        return _both((rest, first))

    def _positive_power(self, term: Any) -> frozenset[str] | None:
        if isinstance(term.exp, sp.Integer) and int(term.exp) % 2 == 0:
            return self.nonzero(term.base)
        return self.positive(term.base)

    def nonzero(self, term: Any) -> frozenset[str] | None:
        """Whether the term is not zero."""
        found = self.positive(term)
        if found is not None or not isinstance(term, (sp.Mul, sp.Rational)):
            return found
        if isinstance(term, sp.Rational):
            return _yes(term != 0)
        return _both(map(self.nonzero, term.args))

    def nonnegative(self, term: Any) -> frozenset[str] | None:
        """Whether the term is not negative."""
        found = self.positive(term)
        if found is not None:
            return found
        if term in self._above:
            return frozenset({self._above[term][1]})
        if term == 0 or isinstance(term, sp.Abs):
            return frozenset()
        if isinstance(term, (sp.Add, sp.Mul)):
            return _both(map(self.nonnegative, term.args))
        if not isinstance(term, sp.Pow):
            return None
        even = isinstance(term.exp, sp.Integer) and int(term.exp) % 2 == 0
        root = isinstance(term.exp, sp.Rational) and not isinstance(term.exp, sp.Integer)
        return frozenset() if even or root else self.nonnegative(term.base)


def _yes(answer: Any) -> frozenset[str] | None:
    return frozenset() if answer else None


def _both(answers: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    names: frozenset[str] = frozenset()
    for answer in answers:
        if answer is None:
            return None
        names |= answer
    return names


def positive(term: Any) -> bool:
    """Whether the form of a term alone shows that its value, where it has one, is positive."""
    return Signs({}).positive(term) is not None
