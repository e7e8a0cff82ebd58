"""Counterexamples: found by search, shown only when certain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sympy import Expr, Symbol
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from proofs_check.application import existential
from proofs_check.identity import once_for_each
from proofs_check.interpretations.direct import DirectModel, direct_models
from proofs_check.interpretations.direct_functions import written
from proofs_check.reporting.findings import Counterexample
from proofs_check.searching.failures import enclosure
from proofs_check.searching.hunting import Hunt
from proofs_check.searching.shrinking import shrunk
from proofs_check.searching.targets import Candidate
from theory import registry
from theory.facts import TRUSTED
from theory.formulas import ForAll, free_symbols, functions_in
from theory.statement import Model, Statement, Step
from theory.terms import Predicate


def models_of(statement: Statement) -> tuple[Model, ...]:
    """Return the statement's models; one that declares none is read off its symbols."""
    return statement.models or direct_models(statement)


def all_models(statement: Statement) -> tuple[Model, ...]:
    """Return the declared models and those that can be read off the symbols."""
    return (*statement.models, *direct_models(statement))


def ships(statement: Statement) -> bool:
    """Whether a statement is a registered one, as it ships: ``kurdyka verify`` answers for it."""
    try:
        return registry.statement(statement.id) == statement
    except registry.UnknownStatement:
        return False


def asserts_existence(statement: Statement, name: str) -> bool:
    """Whether a conclusion says that something exists which no equation here determines.

    One value at which it fails then shows nothing.
    """
    determined: set[Any] = set()
    for formula in statement.characterised.values():
        determined |= free_symbols(formula) | functions_in(formula)
    formula = statement.conclusions[name]
    mentioned = free_symbols(formula) | functions_in(formula)
    return bool({str(s) for s in mentioned - determined} & set(_introduced(statement)))


def _introduced(statement: Statement) -> Iterator[str]:
    """Yield the names that the proof gives to what cited facts and lemmas say exists."""
    for step in statement.steps:
        for parameter in _existing(statement, step):
            chosen = step.values.get(str(parameter), parameter)
            yield str(chosen.func if isinstance(chosen, AppliedUndef) else chosen)


def _existing(statement: Statement, step: Step) -> Sequence[Any]:
    if step.kind == "cited":
        fact = TRUSTED.get(step.fact)
        return fact.introduces if fact else ()
    if step.kind != "lemma":
        return ()
    try:
        return _existential(registry.statement(step.fact.partition(".")[0]))
    except registry.UnknownStatement:
        # A lemma of the user's own file: whatever no premise speaks of may come from it.
        premises = statement.premises.values()
        used = {s for f in premises for s in free_symbols(f) | functions_in(f)}
        return [q.symbol for q in statement.quantities if q.symbol not in used]


_existential = once_for_each(existential)


def shown(statement: Statement, model: Model, candidate: Candidate) -> Counterexample:
    """Return a certain counterexample as it is reported, vectors and matrices in one piece."""
    relation, point = candidate.relation, candidate.point
    left, right = (enclosure(side, point) for side in (relation.lhs, relation.rhs))
    return Counterexample(
        candidate.target.conclusion,
        _written(statement, model, candidate),
        dict(_values(model, point)),
        left,
        right,
        enclosure(relation.lhs - relation.rhs, point),
    )


def _written(statement: Statement, model: Model, candidate: Candidate) -> str:
    """Return the relation that fails; one between vector terms as the statement writes it."""
    formula = statement.conclusions[candidate.target.conclusion]
    body = formula.body if isinstance(formula, ForAll) else formula
    inner = isinstance(model, DirectModel) and model.introduced
    whole = isinstance(body, (Relational, Predicate))
    return str(body if inner and whole else candidate.relation)


def _values(model: Model, point: Mapping[Symbol, Any]) -> Iterator[tuple[str, str]]:
    if not isinstance(model, DirectModel):
        yield from ((str(symbol), str(value)) for symbol, value in point.items())
        return
    for head in (model.coordinates.vectors, model.coordinates.operators):
        yield from ((str(symbol), _entries(entries, point)) for symbol, entries in head.items())
    for function, value in {**model.values, **model.coordinates.functions}.items():
        yield written(function, value, point)
    for symbol, value in point.items():
        if symbol not in model.introduced:
            yield str(symbol), str(value)


def _entries(entries: Any, point: Mapping[Symbol, Any]) -> str:
    if not isinstance(entries, tuple):
        value: Expr = entries.subs(point)
        return str(value)
    inside = [_entries(entry, point) for entry in entries]
    if isinstance(entries[0], tuple):
        return inside[0] if len(inside) == 1 == len(entries[0]) else f"[{'; '.join(inside)}]"
    return inside[0] if len(inside) == 1 else f"({', '.join(inside)})"


def also_fails(statement: Statement, candidate: Candidate, model: Model | None = None) -> bool:
    """Whether a point found for a mutant is a counterexample to this statement too.

    ``model`` is the one that it was found in; without it, the point is tried in all models.
    """
    declared = _declared(statement)
    if model is not None:
        own = next((hunt for hunt in declared if hunt.model is model), None)
        return (own or Hunt(statement, model)).fails_at(candidate)
    hunts = [*declared, *_direct(statement)]
    return any(
        set(h.model.parameters) <= set(candidate.point) and h.fails_at(candidate) for h in hunts
    )


# A statement's mutants are all held against the same original, read once.
@once_for_each
def _declared(statement: Statement) -> list[Hunt]:
    return [Hunt(statement, model) for model in statement.models]


@once_for_each
def _direct(statement: Statement) -> list[Hunt]:
    return [Hunt(statement, model) for model in direct_models(statement)]


def find_counterexample(
    statement: Statement,
    conclusions: list[str] | None = None,
    seed: int = 0,
    models: Sequence[Model] | None = None,
    short: bool = False,
) -> tuple[Counterexample, Candidate] | None:
    """Search models of a statement for a counterexample to any of the conclusions.

    Parameters
    ----------
    statement : Statement
        What to attack.
    conclusions : list of str, optional
        Which conclusions; all by default.
    seed : int
        Seed of the random search.
    models : sequence of Model, optional
        Where to search; by default the declared models, or else those read off the symbols.
    short : bool
        Whether to make its numbers as short as they can be.

    Returns
    -------
    (Counterexample, Candidate) or None
        Certain, or nothing.
    """
    for model in models_of(statement) if models is None else models:
        hunt = Hunt(statement, model, seed)
        for name in conclusions or list(statement.conclusions):
            if asserts_existence(statement, name):
                continue
            found = hunt.counterexample(name)
            if found is not None:
                found = shrunk(hunt, found) if short else found
                return shown(statement, model, found), found
    return None
