"""Finite sums, and claims about finitely many integers, written out: what a model makes of them.

A model gives the number of neurons or coordinates; then Σ_{i=1}^k is a sum of k terms, and "for
all i = 1, …, k" are k claims.
"""

from __future__ import annotations

from collections.abc import Iterator, Set

from sympy import (
    And,
    Ge,
    Gt,
    Implies,
    Integer,
    Le,
    Lt,
    Rational,
    Symbol,
    ceiling,
    false,
    floor,
    true,
)
from sympy.core.function import AppliedUndef, UndefinedFunction
from sympy.logic.boolalg import Boolean

from proofs_check.engines.sequences import expand_series
from theory.formulas import ForAll, Formula, conjuncts, substitute
from theory.terms import IsInteger

_MOST_CASES = 60
_MOST_NESTED = 3


def written_out(formula: Formula) -> Iterator[Formula]:
    """Yield the formula for each integer its domain allows, with its finite sums as sums.

    A claim about no integer is left out. A range without end, or with more than sixty integers,
    is left as it stands.
    """
    for case in _cases(formula):
        if isinstance(case, ForAll):
            if case.given is not false:
                yield ForAll(case.variables, expand_series(case.given), expand_series(case.body))
        else:
            yield expand_series(case)


def _cases(formula: Formula) -> Iterator[Formula]:
    if isinstance(formula, ForAll):
        for variable in formula.variables:
            integers = _integers(variable, formula.given)
            if integers is not None:
                for number in integers:
                    yield from _cases(at_integer(formula, variable, Integer(number)))
                return
    yield formula


def _integers(variable: Symbol, domain: Boolean) -> range | None:
    """Return the integers that a domain allows a variable, or None where it is not such a range."""
    parts = conjuncts(domain)
    lows = [end for part in parts if (end := _bound(part, variable, below=True)) is not None]
    highs = [end for part in parts if (end := _bound(part, variable, below=False)) is not None]
    if IsInteger(variable) not in parts or not lows or not highs:
        return None
    found = range(max(lows), min(highs) + 1)
    return found if len(found) <= _MOST_CASES else None


def _bound(part: Boolean, variable: Symbol, below: bool) -> int | None:
    """Return the least (or greatest) integer that a relation with a number allows the variable."""
    if not isinstance(part, (Ge, Gt, Le, Lt)):
        return None
    term, number = (part.gts, part.lts) if below else (part.lts, part.gts)
    if term != variable or not isinstance(number, Rational):
        return None
    if isinstance(part, (Ge, Le)):
        return int(ceiling(number)) if below else int(floor(number))
    return int(floor(number)) + 1 if below else int(ceiling(number)) - 1


def open_ended(formula: Formula, families: Set[UndefinedFunction]) -> Symbol | None:
    """Return a variable i = 1, 2, … without end that occurs as the index of families only."""
    if not isinstance(formula, ForAll):
        return None
    for variable in formula.variables:
        rest = [p for p in conjuncts(formula.given) if not _makes_range(p, variable)]
        lows = [_bound(part, variable, below=True) for part in conjuncts(formula.given)]
        low = max((end for end in lows if end is not None), default=0)
        counts = IsInteger(variable) in conjuncts(formula.given) and low == 1
        if counts and not _outside(And(formula.body, *rest), variable, families):
            return variable
    return None


def _outside(formula: Boolean, variable: Symbol, families: Set[UndefinedFunction]) -> bool:
    """Whether a variable occurs elsewhere than as the index of a family."""
    indexed = [a for a in formula.atoms(AppliedUndef) if a.func in families]
    rest = {a: a.func(Integer(1), *a.args[1:]) for a in indexed if a.args[0] == variable}
    left: Boolean = formula
    for _ in range(_MOST_NESTED):
        left = left.xreplace(rest)
    return variable in left.free_symbols


def at_integer(formula: ForAll, variable: Symbol, number: Integer) -> Formula:
    """Return the formula at one integer of the range; what made the range is true there."""
    kept = [part for part in conjuncts(formula.given) if not _makes_range(part, variable)]
    given, body = (substitute(part, {variable: number}) for part in (And(*kept), formula.body))
    rest = tuple(v for v in formula.variables if v != variable)
    if rest:
        return ForAll(rest, given, body)
    return body if given is true else _implication(given, body)


def _makes_range(part: Boolean, variable: Symbol) -> bool:
    ends = (_bound(part, variable, below) for below in (True, False))
    return part == IsInteger(variable) or any(end is not None for end in ends)


def _implication(given: Boolean, body: Boolean) -> Boolean:
    return Implies(given, body, evaluate=False)
