"""Declared models with something let go, so that instances with one hypothesis less exist in them.

A declared model satisfies every hypothesis, often by construction: a constant equals what it
bounds, a function is the derivative of another. Where a hypothesis is dropped or a definition
changed, the instances that matter lie beside it. Here a symbol becomes a parameter of its own, or
a function is scaled, shifted and tilted, while all else stays. What is found in such a model is an
instance like any other: its hypotheses are decided by the engines.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sympy import Add, Expr, Integer, Lambda, Rational, Symbol
from sympy.core.function import UndefinedFunction

from theory.formulas import free_symbols, functions_in, renamed_apart, substitute
from theory.statement import Model, Statement

WIDER = 10
LARGEST = Rational(10**3)


@dataclass(frozen=True)
class BentModel(Model):
    """A model near a declared one; ``free`` are the parameters that were let go."""

    free: frozenset[Symbol] = frozenset()


def bent_models(
    statement: Statement, model: Model, about: Collection[Any] = ()
) -> Iterator[BentModel]:
    """Yield models near a declared one, those that may matter first.

    Parameters
    ----------
    statement : Statement
        Whose model it is.
    model : Model
        One with a witness, from which the others depart; without one there is none.
    about : collection of Symbol and UndefinedFunction
        What a change of the statement speaks of: these are let go one at a time.
    """
    if set(model.witness) != set(model.parameters):
        return
    yield _wider(model)
    plain = _renamed(statement, model)
    symbols = [s for s in _symbols(statement, model) if s in about]
    functions = [f for f in plain.values if isinstance(f, UndefinedFunction) and f in about]
    for symbol in symbols:
        yield _loosened(plain, [symbol])
    for function in functions:
        yield from _bent(plain, function)
    everything = _symbols(statement, model)
    if len(everything) > 1:
        yield _loosened(plain, everything)


def kept_models(
    statement: Statement, model: Model, before: Mapping[Any, Any]
) -> Iterator[BentModel]:
    """Yield a declared model with its functions as they were before a definition changed.

    A model may write its functions with defined symbols; then they change with the definition,
    and no longer solve the equations that they solved.

    Parameters
    ----------
    statement : Statement
        The changed statement.
    model : Model
        One of its models.
    before : mapping
        The defined symbols that have moved, as terms in the others.
    """
    if not before:
        return
    speaking = [h.formula for h in statement.hypotheses if _speaks(h.formula, set(before))]
    with_it = set().union(*(free_symbols(f) | functions_in(f) for f in speaking), set())
    # What an assumption ties to the changed number moves with it, in one of the two models.
    for label, moving in (("kept", with_it), ("all kept", set[Any]())):
        values = {
            k: v if k in moving else substitute(_term(v), before) for k, v in model.values.items()
        }
        yield BentModel(
            f"{model.name}, {label}", values, model.parameters, model.witness, sample=model.sample
        )


def _speaks(formula: Any, symbols: set[Any]) -> bool:
    return bool((free_symbols(formula) | functions_in(formula)) & symbols)


def _symbols(statement: Statement, model: Model) -> list[Symbol]:
    """Return the quantities that the model gives a number; a sample point is left alone."""
    given = {**{s: s for s in model.parameters}, **model.values}
    return [
        q.symbol
        for q in statement.quantities
        if isinstance(q.symbol, Symbol) and isinstance(given.get(q.symbol), Expr | int)
    ]


def _renamed(statement: Statement, model: Model) -> Model:
    """Return the model with parameters that share no name with a quantity of the statement."""
    taken = {Symbol(q.name) for q in statement.quantities}
    taken |= {Symbol(d.name) for d in statement.definitions}
    new = renamed_apart(list(model.parameters), taken)
    # A parameter may be called like a quantity of another value: only values speak of parameters.
    known = {key: substitute(_term(value), new) for key, value in model.values.items()}
    own = {s: new[s] for s in model.parameters if s not in known}
    sample = model.sample
    if sample and not isinstance(sample, str):
        sample = tuple((substitute(Add(p), new), substitute(Add(w), new)) for p, w in sample)
    return Model(
        model.name,
        known | own,
        {new[s]: ends for s, ends in model.parameters.items()},
        {new[s]: value for s, value in model.witness.items()},
        sample=sample,
    )


def _term(value: Any) -> Any:
    return Integer(value) if isinstance(value, int) else value


def _wider(model: Model) -> BentModel:
    """Return the model over a box in which parameters that were kept fixed, or positive, vary."""
    sizes = {s: WIDER * max(abs(low), abs(high), 1) for s, (low, high) in model.parameters.items()}
    boxes = {s: (-size, size) for s, size in sizes.items()}
    return BentModel(
        f"{model.name}, wider", model.values, boxes, model.witness, sample=model.sample
    )


def _loosened(model: Model, symbols: list[Symbol]) -> BentModel:
    """Return the model in which some symbols no longer have the values that it gives them."""
    found = {s: Add(substitute(_term(model.values[s]), model.witness)) for s in symbols}
    # One that is written with defined symbols has no number here to depart from.
    at_witness = {s: value for s, value in found.items() if value.is_number}
    own = {s: Symbol(s.name) for s in at_witness}
    names = symbols[0].name if len(symbols) == 1 else "all numbers"
    return BentModel(
        f"{model.name}, {names} let go",
        {**model.values, **own},
        {**model.parameters, **{own[s]: (-LARGEST, LARGEST) for s in own}},
        {**model.witness, **{own[s]: at_witness[s] for s in own}},
        sample=model.sample,
        free=frozenset(own.values()),
    )


def _bent(model: Model, function: Any) -> Iterator[BentModel]:
    """Yield models in which one function is scaled, shifted, tilted or curved."""
    given = model.values[function]
    if not isinstance(given, Lambda):
        return
    taken = [*model.parameters, *given.variables, *(Symbol(str(k)) for k in model.values)]
    names = renamed_apart([Symbol("scale"), Symbol("shift"), Symbol("tilt")], taken)
    scale, shift, tilt = names.values()
    slopes = Add(*given.variables)
    changed = given.expr * (1 + scale) + shift + tilt * slopes
    curved = given.expr + scale * slopes**2 + shift * abs(slopes)
    for label, body in (("bent", changed), ("curved", curved)):
        free = frozenset({scale, shift, tilt} & body.free_symbols)
        yield BentModel(
            f"{model.name}, {function} {label}",
            {**model.values, function: Lambda(given.variables, body)},
            {**model.parameters, **dict.fromkeys(free, (-LARGEST, LARGEST))},
            {**model.witness, **dict.fromkeys(free, Integer(0))},
            sample=model.sample,
            free=free,
        )
