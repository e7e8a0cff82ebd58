"""Probabilities and expectations in a model: finite sample spaces, and the normal line.

A model says what its sample point is: finitely many points with weights, or a standard normal
number. Probabilities and expectations then are explicit terms, and the engines decide them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy
from sympy import And, Eq, Ge, Integer, Le, Or, Symbol, false, true
from sympy.logic.boolalg import Boolean

from proofs_check.engines.sequences import expand_series
from proofs_check.interpretations.normal_law import NoReading, mean_of, one_if, probability_of
from proofs_check.interpretations.sample_limits import denies_a_law
from theory.formulas import (
    ForAll,
    Formula,
    parts,
    rebuild,
    substitute,
)
from theory.probability import (
    OMEGA,
    Expect,
    GaussianVector,
    Independent,
    IndependentOf,
    IndependentPairs,
    InSpace,
    Integrable,
    Prob,
)
from theory.statement import Law
from theory.terms import IsInteger

Points = tuple[tuple[Any, Any], ...]


def explicit(formula: Formula, law: Law) -> list[Formula]:
    """Return a formula with its probabilities, expectations and declared laws spelled out.

    One that has no explicit form under this law is returned as it stands, for engines to give up.
    So is one with a declared law elsewhere than among its claims: what is said of laws in a model
    is only sufficient for them, and may not be denied.
    """
    if denies_a_law(formula):
        return [formula]
    try:
        return _spelled_out(formula, law)
    except NoReading:
        return [formula]


def _spelled_out(formula: Formula, law: Law) -> list[Formula]:
    if not isinstance(formula, ForAll):
        return [_explicit(formula, law)]
    if OMEGA not in formula.variables or isinstance(law, str):
        given, body = _explicit(formula.given, law), _explicit(formula.body, law)
        return [_quantified(formula.variables, given, body)]
    rest = tuple(v for v in formula.variables if v != OMEGA)
    found = []
    for point, _ in law:
        given, body = (_explicit(substitute(f, {OMEGA: point}), law)
                       for f in (formula.given, formula.body))  # fmt: skip
        found.append(_quantified(rest, given, body))
    return found


def law_holds(law: Law) -> Boolean:
    """Return what makes a finite law one: weights that are not negative and sum to 1."""
    if isinstance(law, str) or not law:
        return true
    weights = [weight for _, weight in law]
    return And(*(Ge(w, 0) for w in weights), Eq(sympy.expand(sympy.Add(*weights)), 1))


def _quantified(variables: Sequence[Symbol], given: Boolean, body: Boolean) -> Formula:
    kept = tuple(v for v in variables if v in given.free_symbols | body.free_symbols)
    if not kept:
        return body if given is true else sympy.Implies(given, body, evaluate=False)
    return ForAll(kept, given, body)


def _explicit(term: Any, law: Law) -> Any:
    if isinstance(term, (Prob, Expect)):
        function = term.args[0]
        variable, body = function.variables[0], expand_series(_explicit(function.expr, law))
        rule = _probability if isinstance(term, Prob) else _expectation
        return rule(body, variable, law)
    declared = _PREDICATES.get(type(term))
    if declared is not None:
        return declared(law, *term.args)
    if not term.args:
        return term
    return rebuild(term, [_explicit(arg, law) for arg in term.args])


def _at(body: Any, variable: Symbol, law: Points) -> list[tuple[Any, Any]]:
    return [(substitute(body, {variable: point}), weight) for point, weight in law]


def _probability(margin: Any, variable: Symbol, law: Law) -> Any:
    if isinstance(law, str):
        return probability_of(margin, variable)
    return sympy.Add(*(
        weight * one_if(Ge(value, 0, evaluate=False))
        for value, weight in _at(margin, variable, law)
    ))  # fmt: skip


def _expectation(body: Any, variable: Symbol, law: Law) -> Any:
    if not isinstance(law, str):
        return sympy.Add(*(value * weight for value, weight in _at(body, variable, law)))
    return sympy.Add(*(mean_of(t, variable) for t in sympy.Add.make_args(sympy.expand(body))))


# Declared laws: conditions that are sufficient in a model of one sample point.


def _members(function: Any, law: Law, index: Any = None) -> list[Any]:
    body = function.expr
    if index is not None:
        body, function = substitute(body.expr, {function.variables[0]: index}), body
    if isinstance(law, str):
        return [body]
    return [value for value, _ in _at(body, function.variables[0], law)]


def _constant(values: list[Any]) -> Boolean:
    return And(*(Eq(value, values[0]) for value in values[1:])) if len(values) > 1 else true


def _never_random(members: Any) -> bool:
    """Whether every member of a family is a constant."""
    member = members.expr
    return not member.expr.has(member.variables[0])


def _independent(law: Law, members: Any, count: Any) -> Boolean:
    return true if _never_random(members) else Le(count, 1)


def _independent_pairs(law: Law, first: Any, second: Any, count: Any) -> Boolean:
    if _never_random(first) and _never_random(second):
        return true
    if isinstance(law, str):
        return false
    constant = [_constant(_members(f, law, Integer(1))) for f in (first, second)]
    return And(Le(count, 1), Or(*constant))


def _independent_of(law: Law, first: Any, second: Any) -> Boolean:
    if isinstance(law, str):
        free = [f for f in (first, second) if not f.expr.has(f.variables[0])]
        return true if free else false
    return Or(*(_constant(_members(f, law)) for f in (first, second)))


def _integrable(law: Law, variable: Any) -> Boolean:
    if isinstance(law, str):
        _expectation(variable.expr, variable.variables[0], law)  # has a reading: it exists
    return true


def _gaussian(law: Law, variable: Any) -> Boolean:
    return true if isinstance(law, str) and variable.expr == variable.variables[0] else false


def _in_space(law: Law, member: Any, dimension: Any) -> Boolean:
    return Eq(dimension, 1)


def _is_integer(law: Law, number: Any) -> Any:
    if not number.is_Number:
        return IsInteger(number)
    return true if number.is_Integer else false


_PREDICATES: dict[type, Any] = {
    Independent: _independent,
    IndependentPairs: _independent_pairs,
    IndependentOf: _independent_of,
    Integrable: _integrable,
    GaussianVector: _gaussian,
    InSpace: _in_space,
    IsInteger: _is_integer,
}


def speaks_of_chance(formula: Formula) -> bool:
    """Whether a formula has a probability, an expectation, a law or a sample point in it."""
    heads = (Prob, Expect, *_PREDICATES)
    quantified = isinstance(formula, ForAll) and OMEGA in formula.variables
    return quantified or any(part.has(*heads) for part in parts(formula))
