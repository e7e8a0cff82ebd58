"""Whether a changed statement follows from the original: what it claims was known already.

The original applies where its premises hold; so each premise that differs has to follow from the
changed ones, and then each conclusion that differs from the original's. Quantified premises are
used at a few numbers. Where a definition differs, it may be enough that the one value is at most
the other, and that the claim gets no harder as the defined number grows, or shrinks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sympy import And, Ge, Implies, Le, Symbol, false, true
from sympy.logic.boolalg import Boolean

from proofs_check.engines import settle
from proofs_check.engines.obligations import obligations
from proofs_check.premises import GIVEN, open_claim
from proofs_check.searching.constraints import sampled
from proofs_check.searching.targets import unsettled
from proofs_check.verdict import Goal
from theory.formulas import (
    ForAll,
    Formula,
    canonical,
    conjuncts,
    free_symbols,
    functions_in,
    substitute,
)
from theory.statement import Definition, Statement, defined_term, defining_formula
from theory.terms import OperatorSymbol, VectorSymbol

SECONDS = 2.0
# How many instances of a quantified premise are used.
INSTANCES = 2
# A defined number before and after the change; no symbol of a statement begins so.
OLD, NEW = Symbol("_old"), Symbol("_new")
ORIGINAL, DEFINED = "original", "defined"


def follows(original: Statement, changed: Statement) -> bool:
    """Whether an engine proves the changed statement from the original one.

    False also where no engine can tell.
    """
    changes = _changed_definitions(original, changed)
    moved = _dependent(original, {d.symbol for d, _ in changes})
    before, after = _reading(original, moved), _reading(changed, moved)
    if _implied(before, after, after.closed):
        return True
    if len(changes) != 1 or not isinstance(changes[0][0].head, Symbol):
        return False
    return _monotone(original, changed, changes[0], moved, after.closed)


def _implied(before: _Reading, after: _Reading, closed: Mapping[str, Boolean]) -> bool:
    """Whether the original's premises follow from the changed ones, and then its conclusions."""
    for name, formula in before.premises.items():
        same = after.premises.get(name)
        if not _alike(same, formula) and not _shown(formula, same, closed):
            return False
    for name, formula in after.conclusions.items():
        same = before.conclusions[name]
        if not _alike(same, formula) and not _shown(formula, same, {**closed, **_defined(same)}):
            return False
    return True


def _defined(conclusion: Formula) -> dict[str, Boolean]:
    """Return what the parts of a proved conclusion need to exist: its proof has shown it."""
    _, given, body = open_claim(conclusion)
    wanted = [o.condition for o in obligations(body) if not o.condition.has(false)]
    owed = And(*wanted)
    if owed is true or owed.has(false):
        return {}
    return {DEFINED: owed if given is true else Implies(given, owed, evaluate=False)}


def _alike(left: Formula | None, right: Formula) -> bool:
    return left is not None and bool(canonical(left) == canonical(right))


def _monotone(
    original: Statement,
    changed: Statement,
    change: tuple[Definition, Definition],
    moved: set[Any],
    closed: Mapping[str, Boolean],
) -> bool:
    """Whether the changed definition moves its number to the side on which less is claimed."""
    old, new = change
    before, after = (
        _reading(s, moved - {old.symbol}, {old.symbol: value})
        for s, value in ((original, OLD), (changed, NEW))
    )
    terms = _terms(original, moved - {old.symbol})
    values = [substitute(d.value, terms) for d in (old, new)]
    for relation in (Le, Ge):
        ordered = relation(*values, evaluate=False)
        if _shown(ordered, None, closed):
            known = {**after.closed, "order": relation(OLD, NEW, evaluate=False)}
            return _implied(before, after, known)
    return False


@dataclass(frozen=True)
class _Reading:
    """Premises and conclusions with the changed definitions written out."""

    premises: Mapping[str, Formula]
    conclusions: Mapping[str, Formula]

    @property
    def closed(self) -> dict[str, Boolean]:
        """The premises without a quantifier that engines for inequalities can use."""
        known: dict[str, Boolean] = {}
        for name, formula in self.premises.items():
            claims = _at_numbers(formula) if isinstance(formula, ForAll) else conjuncts(formula)
            usable = [c for c in claims if c is not true and not unsettled(c)]
            if usable:
                known[name] = And(*usable)
        return known


def _at_numbers(formula: ForAll) -> Iterator[Boolean]:
    """Yield a few instances of a quantified premise, without what numbers decide."""
    if not any(map(_sorted, formula.variables)):
        yield from islice(sampled(formula), INSTANCES)


def _sorted(variable: Symbol) -> bool:
    """Whether a variable stands for a vector or an operator, so that no number can replace it."""
    return isinstance(variable, (VectorSymbol, OperatorSymbol))


def _changed_definitions(
    original: Statement, changed: Statement
) -> list[tuple[Definition, Definition]]:
    pairs = zip(original.definitions, changed.definitions, strict=True)
    return [(old, new) for old, new in pairs if old.value != new.value]


def _dependent(statement: Statement, moved: set[Any]) -> set[Any]:
    """Return the defined symbols that change when some of them do."""
    more = {d.symbol for d in statement.definitions if _mentions(d, moved)} | moved
    return moved if more == moved else _dependent(statement, more)


def _mentions(definition: Definition, symbols: set[Any]) -> bool:
    value = definition.value
    return bool((free_symbols(value) | functions_in(value)) & symbols)


def moved_terms(original: Statement, changed: Statement) -> dict[Any, Any]:
    """Return the defined symbols that a change of definitions moves, as they were before it."""
    moved = {old.symbol for old, _ in _changed_definitions(original, changed)}
    return _terms(original, _dependent(original, moved))


def _terms(
    statement: Statement, moved: set[Any], given: Mapping[Any, Any] | None = None
) -> dict[Any, Any]:
    """Return what some defined symbols stand for, written out."""
    terms = dict(given or {})
    for definition in statement.definitions:  # each in terms of those before it
        if definition.symbol in moved and definition.symbol not in terms:
            terms[definition.symbol] = substitute(defined_term(definition), terms)
    return terms


def _reading(
    statement: Statement, moved: set[Any], given: Mapping[Any, Any] | None = None
) -> _Reading:
    terms = _terms(statement, moved, given)
    kept = [d for d in statement.definitions if d.symbol not in terms]
    premises: dict[str, Formula] = {q.name: q.range for q in statement.quantities}
    premises |= {d.name: defining_formula(d) for d in kept}
    premises |= {h.name: h.formula for h in statement.hypotheses}
    return _Reading(
        {n: substitute(f, terms) for n, f in premises.items() if f is not true},
        {n: substitute(f, terms) for n, f in statement.conclusions.items()},
    )


def _shown(wanted: Formula, known: Formula | None, closed: Mapping[str, Boolean]) -> bool:
    """Whether a formula follows from one like it, with the same variables, and closed premises."""
    variables, given, claim = _opened(wanted)
    premises = dict(closed)
    if known is not None:
        if open_claim(known)[0] != variables:
            return False
        _, domain, body = _opened(known)
        if canonical(body) == canonical(claim):  # the same is claimed: where, is all that changed
            return _within(domain, given, closed)
        premises[ORIGINAL] = body if domain is true else Implies(domain, body, evaluate=False)
    if given is not true:
        premises[GIVEN] = given
    if unsettled(claim) or any(map(unsettled, (given, premises.get(ORIGINAL, true)))):
        return False
    return all(_settled(part, premises) for part in _conjuncts(claim))


def _within(domain: Boolean, given: Boolean, closed: Mapping[str, Boolean]) -> bool:
    """Whether one domain lies in another, given second."""
    premises = dict(closed) if given is true else {**closed, GIVEN: given}
    wanted = [part for part in conjuncts(domain) if part not in conjuncts(given)]
    if any(map(unsettled, wanted)):
        return False
    usable = {n: And(*(c for c in conjuncts(p) if not unsettled(c))) for n, p in premises.items()}
    return all(_settled(part, usable) for part in wanted)


def _settled(claim: Boolean, premises: Mapping[str, Boolean]) -> bool:
    known = {n: canonical(p) for n, p in premises.items()}
    return settle("polynomial", Goal(canonical(claim), known), SECONDS).proved


def _opened(formula: Formula) -> tuple[tuple[Any, ...], Boolean, Boolean]:
    """Return variables, assumption and claim, the antecedent of an implication being assumed."""
    variables, given, body = open_claim(formula)
    while isinstance(body, Implies):
        given, body = And(given, body.args[0]), body.args[1]
    return variables, given, body


def _conjuncts(claim: Boolean) -> Iterator[Boolean]:
    yield from claim.args if isinstance(claim, And) else (claim,)
