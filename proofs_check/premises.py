"""From named formulas to the quantifier-free premises an engine sees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from sympy import And, Basic, Implies, Lambda, Symbol, true
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from proofs_check.engines.obligations import Obligation, obligations
from proofs_check.verdict import Goal
from theory.formulas import (
    ForAll,
    Formula,
    canonical,
    conjuncts,
    free_symbols,
    renamed_apart,
    substitute,
)
from theory.statement import Use
from theory.terms import sort_of

MAX_INSTANCES = 16
GIVEN = "given"


class UnresolvedUse(ValueError):
    """A step uses a premise that does not exist, or does not say at which values."""


def open_claim(claim: Formula) -> tuple[tuple[Symbol, ...], Boolean, Boolean]:
    """Return (variables, assumption, body): an arbitrary point of the claim's domain."""
    if isinstance(claim, ForAll):
        return claim.variables, claim.given, claim.body
    return (), true, claim


def goal_for(
    claim: Formula, uses: Iterable[Use], known: Mapping[str, Formula], everywhere: bool = False
) -> Goal:
    """Return what an engine has to decide: the claim at an arbitrary point, from the instances.

    With ``everywhere``, a premise without values is instantiated at every variable in scope, and
    left out where it speaks of none.

    Raises
    ------
    UnresolvedUse
        If a use names nothing known, or an instantiation is ambiguous.
    """
    scope, given, body = open_claim(claim)
    premises: dict[str, Boolean] = {} if given is true else {GIVEN: _normal(given)}
    for use in uses:
        try:
            instance = And(*instances(use, known, scope, everywhere))
        except UnresolvedUse:
            if use.values or not everywhere:
                raise
            continue
        previous = premises.get(use.name, true)
        premises[use.name] = And(previous, instance)
    normal = {n: _normal(p) for n, p in premises.items() if p is not true}
    assumed = frozenset(conjuncts(normal.get(GIVEN, true)))
    return Goal(_normal(body), {n: _detached(p, assumed) for n, p in normal.items()})


def _detached(premise: Boolean, assumed: frozenset[Boolean]) -> Boolean:
    """Drop the domain of an instance where it is what the claim assumes anyway."""
    if isinstance(premise, Implies) and set(conjuncts(premise.args[0])) <= assumed:
        return premise.args[1]
    return premise


def _normal(formula: Boolean) -> Boolean:
    normal: Boolean = canonical(formula)
    return normal


def instances(
    use: Use, known: Mapping[str, Formula], scope: Sequence[Symbol], everywhere: bool = False
) -> list[Boolean]:
    """Return the quantifier-free instances of a used premise.

    A bound variable takes the value the use gives, else the variable of the same name in scope,
    else every variable in scope of its sort.
    """
    if use.name not in known:
        raise UnresolvedUse(f"uses {use.name!r}, which is no hypothesis, range or earlier step")
    formula, values = known[use.name], dict(use.values)
    _refuse_capture(use.name, formula, scope)
    if not isinstance(formula, ForAll):
        if values:
            raise UnresolvedUse(f"instantiates {use.name!r}, which is not quantified")
        return [formula]
    _refuse_strangers(use, formula, values)
    choices = [_choices(v, values, scope, use.name, everywhere) for v in formula.variables]
    chosen = list(product(*choices))
    if len(chosen) > MAX_INSTANCES:
        raise UnresolvedUse(f"uses {use.name!r} at {len(chosen)} points; say which with at(...)")
    return [_instance(formula, dict(zip(formula.variables, p, strict=True))) for p in chosen]


def _instance(formula: ForAll, values: Mapping[Symbol, Basic]) -> Boolean:
    """Return the instance, under what a value needs to exist where the instance hides it."""
    lost = [*hidden(formula.given, values), *hidden(formula.body, values)]
    instance = formula.at(values)
    return _implies(And(*lost), instance) if lost else instance


def hidden(part: Basic, values: Mapping[Any, Any]) -> list[Boolean]:
    """Return what the values need to exist and the formula, once they are in it, does not show.

    SymPy writes (1/a)·a as 1 and (√x)² as x: a statement about every number, or every function
    on all reals, would come out at values that exist nowhere.

    Raises
    ------
    UnresolvedUse
        If what is hidden speaks of the variable of a function inside the formula.
    """
    found: dict[Boolean, None] = {}
    owing = list(_owed(part, values))
    if not owing:
        return []
    filled = substitute(part, values)
    inside = {v for function in part.atoms(Lambda) for v in function.variables}
    for owed in owing:
        if filled.has(owed.node) or _evident(owed.condition):
            continue
        if owed.condition.free_symbols & inside:
            raise UnresolvedUse(f"{owed.node} vanishes on the way; it is not defined everywhere")
        found[owed.condition] = None
    return list(found)


def _evident(condition: Boolean) -> bool:
    """Whether a condition relates rational numbers and holds."""
    related = isinstance(condition, Relational) and all(a.is_Rational for a in condition.args)
    return related and condition.func(*condition.args) == true


def _owed(part: Basic, values: Mapping[Any, Any]) -> Iterator[Obligation]:
    """Yield the conditions under which a formula, and each value that enters it, exists."""
    for owed in obligations(part):
        yield Obligation(substitute(owed.condition, values), substitute(owed.node, values))
    for symbol in part.free_symbols & set(values):
        if isinstance(values[symbol], Basic):
            yield from obligations(values[symbol])
    for applied in part.atoms(AppliedUndef):
        function = values.get(applied.func)
        if isinstance(function, Lambda):
            arguments = (substitute(argument, values) for argument in applied.args)
            place = dict(zip(function.variables, arguments, strict=True))
            for owed in obligations(function.expr):
                condition, node = (substitute(t, place) for t in (owed.condition, owed.node))
                yield Obligation(condition, node)


def _refuse_capture(name: str, formula: Formula, scope: Sequence[Symbol]) -> None:
    """Refuse a constant with a bound variable's name: the variable stands for any value."""
    captured = free_symbols(formula) & set(scope)
    if captured:
        symbol = sorted(map(str, captured))[0]
        raise UnresolvedUse(f"binds {symbol}, which {name!r} speaks of as a constant; rename it")


def _refuse_strangers(use: Use, formula: ForAll, values: Mapping[Symbol, object]) -> None:
    strangers = set(values) - set(formula.variables)
    if strangers:
        names = ", ".join(sorted(map(str, strangers)))
        raise UnresolvedUse(f"instantiates {use.name!r} at {names}, which it does not bind")
    for variable, value in values.items():
        if sort_of(variable) is not sort_of(value) and value != 0:
            raise UnresolvedUse(f"instantiates {use.name!r}: {variable} and {value} differ in sort")


def _choices(
    variable: Symbol,
    values: Mapping[Symbol, object],
    scope: Sequence[Symbol],
    name: str,
    everywhere: bool,
) -> list[object]:
    if variable in values:
        return [values[variable]]
    if variable in scope and not everywhere:
        return [variable]
    similar = [v for v in scope if sort_of(v) is sort_of(variable)]
    if not similar:
        raise UnresolvedUse(f"uses {name!r} without a value for its variable {variable}")
    return list(similar)


def under(variables: tuple[Symbol, ...], given: Boolean, formula: Formula) -> Formula:
    """Return ``formula`` quantified over ``variables`` that satisfy ``given``, flattened."""
    inner, domain, body = open_claim(formula)
    taken = {*variables, *inner, *free_symbols(formula), *free_symbols(given)}
    clash = renamed_apart([v for v in inner if v in variables], taken)
    if clash:
        inner = tuple(clash.get(v, v) for v in inner)
        domain, body = substitute(domain, clash), substitute(body, clash)
    bound, assumed = (*variables, *inner), And(given, domain)
    if bound:
        return ForAll(bound, assumed, body)
    return body if assumed is true else _implies(assumed, body)


def _implies(left: Boolean, right: Boolean) -> Boolean:
    return Implies(left, right, evaluate=False)
