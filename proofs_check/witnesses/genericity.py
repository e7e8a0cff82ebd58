"""Is a witness generic? Its sizes are read off it, and what should not be 1 or 0 is looked at.

With a forward operator 1 < m < n, more than one neuron, more than one coordinate for every vector,
and Λ, w₀ and the noise not 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sympy import Lambda, Ne, Number, Symbol, Tuple
from sympy.core.function import UndefinedFunction

from numerics.rigorous.balls import BallError, decide_at_point
from proofs_check.falsify import models_of
from proofs_check.witnesses.instances import Inspection
from proofs_check.witnesses.spaces import NoCoordinates
from theory.formulas import substitute
from theory.statement import Model, Statement
from theory.terms import (
    IsInteger,
    OperatorSymbol,
    OperatorValued,
    VectorSymbol,
    VectorValued,
)

FORWARD = "A"
NOT_ZERO = ("Lambda", "w_0", "noise")


def shortfall(statement: Statement) -> str:
    """Return what is not generic about a statement's most generic witness; nothing where it is.

    ``certify`` says it of a problem; sizes are read off an instance in coordinates.
    """
    if statement.witness_problem is not None:
        from numerics.problems import problem_from_mapping
        from proofs_check.instance import degenerate as flatness
        from proofs_check.instance import examine

        return flatness(examine(problem_from_mapping(statement.witness_problem)))
    if statement.instance is not None:
        return ", ".join(of_instance(Inspection(statement, statement.instance)))
    model = next((m for m in models_of(statement) if m.witness), None)
    return "" if model is None else ", ".join(of_model(statement, model))


def degenerate(statement: Statement, shortfall: Sequence[str]) -> str:
    """Say what is not generic about a witness, and why, where the statement knows."""
    reasons = [statement.degenerate] if statement.degenerate else []
    return ": ".join([", ".join(shortfall), *reasons] if shortfall else reasons)


def of_instance(reading: Inspection) -> tuple[str, ...]:
    """Return what is not generic about an instance in coordinates; nothing where it is."""
    narrow = [
        f"{name} is {' × '.join(map(str, shape))}"
        for name, shape in shapes(reading).items()
        if min(shape) < 2 or (name == FORWARD and shape[0] >= shape[1])
    ]
    counts = _small_counts(reading.statement, reading.instance.values)
    return (*narrow, *counts, *_zeros(reading))


def of_model(statement: Statement, model: Model) -> tuple[str, ...]:
    """Return what is not generic about a scalar model: all vectors are numbers in it."""
    flat = [q.name for q in statement.quantities if _is_vector(q.symbol)]
    numbers = [f"{', '.join(flat)} in one dimension"] if flat else []
    return (*numbers, *_small_counts(statement, {**model.values, **model.witness}))


def shapes(reading: Inspection) -> dict[str, tuple[int, ...]]:
    """Return the dimension of every vector of an instance, and both of every operator."""
    coordinates = reading.coordinates
    found: dict[str, tuple[int, ...]] = {
        str(vector): (len(entries),) for vector, entries in coordinates.vectors.items()
    }
    for operator, rows in coordinates.operators.items():
        found[str(operator)] = len(rows), len(rows[0])
    for function, value in coordinates.functions.items():
        member: Lambda = value[0] if isinstance(value, tuple) else value
        if issubclass(function, (VectorValued, OperatorValued)):
            found[str(function)] = _shape(member.expr)
    return found


def _shape(value: Any) -> tuple[int, ...]:
    if not isinstance(value, Tuple):
        return (1,)
    return (len(value), len(value[0])) if isinstance(value[0], Tuple) else (len(value),)


def _small_counts(statement: Statement, values: Mapping[Any, Any]) -> Iterator[str]:
    """Yield the numbers of neurons, measurements and the like that are 1."""
    for quantity in statement.quantities:
        counts = quantity.range.has(IsInteger)
        number = values.get(quantity.symbol)
        if counts and isinstance(number, (int, Number)) and number < 2:
            yield f"{quantity.name} = {number}"


def _zeros(reading: Inspection) -> Iterator[str]:
    for symbol, value in {**reading.instance.values, **reading.values}.items():
        if str(symbol) in NOT_ZERO and not _certainly_not_zero(reading, symbol, value):
            yield f"{symbol} = 0"


def _certainly_not_zero(reading: Inspection, symbol: Any, value: Any) -> bool:
    if isinstance(symbol, VectorSymbol):
        return any(entry != 0 for entry in reading.coordinates.vectors[symbol])
    try:
        number = reading.coordinates.read(substitute(value, reading.values))
        return decide_at_point(Ne(number, 0, evaluate=False), {}) is True
    except (BallError, NoCoordinates):
        return False


def _is_vector(symbol: Symbol | UndefinedFunction) -> bool:
    if isinstance(symbol, Symbol):
        return isinstance(symbol, (VectorSymbol, OperatorSymbol))
    return issubclass(symbol, (VectorValued, OperatorValued))
