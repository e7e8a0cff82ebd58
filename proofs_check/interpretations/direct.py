"""Models that a statement need not declare: read off its symbols alone.

Real symbols are their own values, vectors and operators get coordinates, and functions of numbers
or vectors are tried as simple explicit ones. What is found in one of these models is an instance
like any other: its hypotheses are decided by the engines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sympy import Add, Eq, Expr, Integer, Rational, Symbol, oo
from sympy.core.relational import Ge, Gt, Relational
from sympy.logic.boolalg import Boolean

from proofs_check.interpretations.direct_functions import Functions, Signature, families, signature
from proofs_check.witnesses.coordinates import Coordinates
from proofs_check.witnesses.spaces import NoCoordinates, Spaces
from theory.formulas import ForAll, conjuncts, parts, renamed_apart
from theory.statement import Model, Statement, defining_formula
from theory.terms import (
    InRange,
    Norm,
    OperatorNorm,
    OperatorSymbol,
    SigmaMin,
    VectorSymbol,
)

TIME_BOX = (Rational(0), Rational(10**4))
WIDE_BOX = (Rational(-(10**3)), Rational(10**3))
# A search cuts its boxes to the scale that it is at; these only have to be larger than all.
HUGE = Rational(10**100)
# What is true of all vectors of a plane may be false in space. Singular values of unknown matrices
# have no closed form there.
SPACE = 3
_SPECTRAL = (OperatorNorm, SigmaMin, InRange)


@dataclass(frozen=True)
class DirectModel(Model):
    """A model in which a statement's symbols stand for themselves, vectors for coordinates.

    ``introduced`` are the coordinates and coefficients that are no symbols of the statement's own.
    """

    coordinates: Coordinates = field(default_factory=Coordinates)
    introduced: frozenset[Symbol] = frozenset()


def direct_models(statement: Statement) -> tuple[DirectModel, ...]:
    """Return the models that can be read off a statement's symbols, the smallest first.

    None where it is about something else than numbers, vectors, operators and functions of these.
    """
    try:
        spaces = _spaces(statement)
        signatures = _signatures(statement, spaces)
        return tuple(
            _model(statement, functions, dimensions, spaces)
            for dimensions in _dimensions(statement, spaces, signatures)
            for functions in _functions(statement, signatures, dimensions, spaces)
        )
    except (NoCoordinates, TypeError):  # mixed sorts, or functions of operators
        return ()


def _signatures(statement: Statement, spaces: Spaces) -> list[Signature]:
    functions = [q.symbol for q in statement.quantities if not isinstance(q.symbol, Symbol)]
    return [signature(function, _formulas(statement), spaces) for function in functions]


def _functions(
    statement: Statement,
    signatures: Sequence[Signature],
    dimensions: Mapping[str, int],
    spaces: Spaces,
) -> Iterator[Functions]:
    sizes = {end: dimensions[spaces.find(end)] for s in signatures for end in s.ends}
    return families(signatures, sizes, _names(statement))


def _names(statement: Statement) -> set[str]:
    """Return every name in a statement: of quantities, of what is defined and of variables."""
    known = {q.name for q in statement.quantities} | {d.name for d in statement.definitions}
    for formula in _formulas(statement):
        known |= {v.name for v in formula.variables} if isinstance(formula, ForAll) else set()
        known |= {str(s) for part in parts(formula) for s in part.free_symbols}
    return known


def _formulas(statement: Statement) -> Iterator[Any]:
    yield from (q.range for q in statement.quantities)
    yield from (h.formula for h in statement.hypotheses)
    yield from statement.conclusions.values()
    yield from map(defining_formula, statement.definitions)


def _spaces(statement: Statement) -> Spaces:
    spaces = Spaces()
    for formula in _formulas(statement):
        for part in parts(formula):
            spaces.read(part)
    return spaces


def _vectors(statement: Statement) -> list[Symbol]:
    """Return the vectors and operators of a statement, bound ones included."""
    found = {q.symbol for q in statement.quantities}
    for formula in _formulas(statement):
        found |= set(formula.variables) if isinstance(formula, ForAll) else set()
    kinds = (VectorSymbol, OperatorSymbol)
    return sorted((s for s in found if isinstance(s, kinds)), key=str)


def _ends(symbol: Symbol) -> tuple[str, ...]:
    if isinstance(symbol, OperatorSymbol):
        return f"{symbol.name} to", f"{symbol.name} from"
    return (symbol.name,)


def _dimensions(
    statement: Statement, spaces: Spaces, signatures: Sequence[Signature]
) -> Iterator[dict[str, int]]:
    names = [end for symbol in _vectors(statement) for end in _ends(symbol)]
    names += [end for s in signatures for end in s.ends]
    yield from spaces.assignments(names)
    roots = {spaces.find(name) for name in names}
    if roots and not any(p.has(*_SPECTRAL) for f in _formulas(statement) for p in parts(f)):
        yield dict.fromkeys(sorted(roots), SPACE)


def _model(
    statement: Statement, functions: Functions, dimensions: Mapping[str, int], spaces: Spaces
) -> DirectModel:
    taken = _names(statement) | {str(s) for s in functions.coefficients}
    inner: dict[Symbol, Any] = {}
    boxes: dict[Symbol, Any] = dict.fromkeys(functions.coefficients, (-HUGE, HUGE))
    for quantity in statement.quantities:
        if not isinstance(quantity.symbol, Symbol):
            continue
        if isinstance(quantity.symbol, (VectorSymbol, OperatorSymbol)):
            shape = tuple(dimensions[spaces.find(end)] for end in _ends(quantity.symbol))
            inner[quantity.symbol] = named(quantity.symbol, shape, taken)
        else:
            boxes[quantity.symbol] = box_of(quantity.range, quantity.symbol, HUGE)
    inner |= _units(statement, inner, taken)
    own = {s for entries in inner.values() for s in _symbols(entries, boxes)}
    boxes |= dict.fromkeys(sorted(own, key=str), (-HUGE, HUGE))
    bound = {v.name: dimensions[spaces.find(v.name)] for v in _vectors(statement)
             if isinstance(v, VectorSymbol)}  # fmt: skip
    coordinates = Coordinates(
        {s: e for s, e in inner.items() if isinstance(s, VectorSymbol)},
        {s: e for s, e in inner.items() if isinstance(s, OperatorSymbol)},
        bound,
        functions.maps,
    )
    return DirectModel(
        ", ".join([functions.label, *_told(statement, dimensions, spaces)]),
        functions.values,
        boxes,
        coordinates=coordinates,
        introduced=frozenset(own) | frozenset(functions.coefficients),
    )


def _told(statement: Statement, dimensions: Mapping[str, int], spaces: Spaces) -> Iterator[str]:
    """Yield in which spaces the vectors are, once for each space."""
    told = set()
    for vector in _vectors(statement):
        space = spaces.find(vector.name)
        if isinstance(vector, VectorSymbol) and space not in told:
            told.add(space)
            yield f"{vector} in R^{dimensions[space]}"


def named(symbol: Symbol, shape: tuple[int, ...], taken: set[str]) -> Any:
    """Return fresh symbols for the coordinates of a vector, or the rows of a matrix."""
    if len(shape) == 1:
        names = [str(i + 1) for i in range(shape[0])] if shape[0] > 1 else [""]
        return tuple(_fresh(symbol.name, name, taken) for name in names)
    plain = shape == (1, 1)
    return tuple(
        tuple(
            _fresh(symbol.name, "" if plain else f"{i + 1}{j + 1}", taken) for j in range(shape[1])
        )
        for i in range(shape[0])
    )


def _fresh(stem: str, index: str, taken: set[str]) -> Symbol:
    name = f"{stem}_{index}" if index else stem
    while index and name in taken:
        name += "'"
    taken.add(name)
    return Symbol(name)


def _symbols(entries: Any, known: Mapping[Symbol, Any]) -> list[Symbol]:
    """Return the new symbols in the coordinates of a vector or the rows of a matrix."""
    flat = [e for entry in entries for e in (entry if isinstance(entry, tuple) else (entry,))]
    return sorted({s for e in flat for s in e.free_symbols} - set(known), key=str)


def _units(
    statement: Statement, inner: Mapping[Symbol, Any], taken: set[str]
) -> dict[Symbol, tuple[Expr, ...]]:
    """Return coordinates of the vectors of given length: rational points on a sphere.

    No search would meet ‖v‖ = 1 at rational coordinates by chance.
    """
    found: dict[Symbol, tuple[Expr, ...]] = {}
    claims = [c for h in statement.hypotheses for c in _closed(h.formula)]
    claims += [c for q in statement.quantities for c in _closed(q.range)]
    for claim in claims:
        norm, size = _length_given(claim)
        vector = norm.args[0] if norm is not None else None
        if vector not in inner or vector in found or size is None:
            continue
        if not size.free_symbols <= {q.symbol for q in statement.quantities} - set(inner):
            continue
        stems = [Symbol(f"{vector}_s{i or ''}") for i in range(len(inner[vector]) - 1)]
        slopes = renamed_apart(stems, map(Symbol, taken)).values()
        taken |= {str(s) for s in slopes}
        found[vector] = tuple(size * entry for entry in _on_sphere(list(slopes)))
    return found


def _on_sphere(slopes: Sequence[Symbol]) -> tuple[Expr, ...]:
    """Return the unit vector with these stereographic coordinates; rational where they are."""
    square = Add(*(s**2 for s in slopes))
    if not slopes:
        return (Integer(1),)
    return ((1 - square) / (1 + square), *(2 * s / (1 + square) for s in slopes))


def _closed(formula: Any) -> tuple[Boolean, ...]:
    return () if isinstance(formula, ForAll) else conjuncts(formula)


def _length_given(claim: Boolean) -> tuple[Any, Any]:
    if isinstance(claim, Eq):
        for left, right in (claim.args, claim.args[::-1]):
            if isinstance(left, Norm):
                return left, right
            if left.is_Pow and left.exp == 2 and isinstance(left.base, Norm) and right == 1:
                return left.base, Integer(1)
    return None, None


def box_of(given: Boolean, variable: Symbol, largest: Any = None) -> tuple[Any, Any]:
    """Return the box of a variable: numbers that bound it, time for what is only bounded below.

    With ``largest`` given, that is where what is not bounded ends.
    """
    low, high = -oo, oo
    for relation in conjuncts(given):
        if not isinstance(relation, (Ge, Gt)) and isinstance(relation, Relational):
            relation = relation.reversed
        if not isinstance(relation, (Ge, Gt)):
            continue
        if relation.lhs == variable and relation.rhs.is_number:
            low = max(low, relation.rhs)
        elif relation.rhs == variable and relation.lhs.is_number:
            high = min(high, relation.lhs)
    if largest is not None:
        return max(low, -largest), min(high, largest)
    if low == -oo and high == oo:
        return WIDE_BOX
    return max(low, WIDE_BOX[0]), min(high, TIME_BOX[1])
