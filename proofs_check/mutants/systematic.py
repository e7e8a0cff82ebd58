"""Every small change of a statement, made mechanically: none is chosen to be easy to refute.

In conclusions and definitions each constant goes up and down by a tenth, each exponent by one,
each minimum and maximum is swapped; each conclusion is reversed and made a tenth sharper; each
hypothesis and each range is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sympy import Basic, Expr, Integer, Max, Min, Mul, Number, Pow, Rational, true
from sympy.core.relational import Ge, Gt, Le, Lt, Relational

from theory.formulas import ForAll, canonical, rebuild
from theory.statement import Mutant, Statement
from theory.terms import Predicate

TENTH = Rational(1, 10)
Change = Callable[[Basic], Iterator[tuple[str, Basic]]]


def systematic(statement: Statement) -> Iterator[Mutant]:
    """Yield the mutants of a statement, each one change away from it."""
    for name, formula in statement.conclusions.items():
        for label, changed in _variants(formula):
            if changed != formula and canonical(changed) != canonical(formula):
                yield Mutant(f"{name}: {label}", {name: changed}, breaks=name)
    for definition in statement.definitions:
        for label, value in _everywhere(definition.value, _term_changes):
            if value != definition.value:
                yield Mutant(f"{definition.name}: {label}", {definition.name: value})
    for hypothesis in statement.hypotheses:
        yield Mutant(f"{hypothesis.name} dropped", {hypothesis.name: None})
    for quantity in statement.quantities:
        if quantity.range is not true:
            yield Mutant(f"range of {quantity.name} dropped", {quantity.name: None})


def _variants(formula: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(formula, ForAll):
        for label, body in _variants(formula.body):
            yield label, ForAll(formula.variables, formula.given, body)
        return
    yield from _everywhere(formula, _relation_changes)
    yield from _everywhere(formula, _term_changes)


def _everywhere(term: Basic, changes: Change) -> Iterator[tuple[str, Basic]]:
    """Yield the term with one of its nodes changed, for each node and change."""
    yield from changes(term)
    if isinstance(term, Predicate):
        return
    for index, arg in enumerate(term.args):
        if isinstance(term, Pow) and index == 1:
            continue  # exponents are changed as a whole
        for label, changed in _everywhere(arg, changes):
            args = list(term.args)
            args[index] = changed
            yield label, rebuild(term, args)


def _relation_changes(term: Basic) -> Iterator[tuple[str, Basic]]:
    if not isinstance(term, (Le, Lt, Ge, Gt)):
        return
    reversed_as: dict[type[Relational], type[Relational]] = {Le: Ge, Ge: Le, Lt: Gt, Gt: Lt}
    yield "reversed", reversed_as[type(term)](term.lhs, term.rhs, evaluate=False)
    smaller, larger = term.lts, term.gts
    if not smaller.is_zero and not larger.is_zero:
        strict = Lt if isinstance(term, (Lt, Gt)) else Le
        yield "a tenth sharper", strict(smaller * (1 + TENTH), larger, evaluate=False)


def _term_changes(term: Basic) -> Iterator[tuple[str, Basic]]:
    if isinstance(term, Pow) and isinstance(term.exp, Number):
        if term.exp == -1:  # a quotient, not a power
            return
        for step in (1, -1):
            if term.exp + step != 0:
                yield f"exponent {term.exp} is {term.exp + step}", _power(term, step)
    elif isinstance(term, Rational) and term not in (0, 1, -1):
        for factor in (1 + TENTH, 1 - TENTH):
            yield f"{term} is {term * factor}", term * factor
    elif isinstance(term, (Min, Max)):
        swapped = Max if isinstance(term, Min) else Min
        yield f"{term.func.__name__} is {swapped.__name__}", swapped(*term.args)


def _power(term: Pow, step: int) -> Expr:
    return Mul(Integer(1), Pow(term.base, term.exp + step))
