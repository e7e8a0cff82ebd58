"""Models that a statement need not declare: read off its symbols alone.

Real symbols are their own values, vectors and operators get coordinates, and a function of real
numbers is tried as a constant, an affine function and an exponential. What is found in one of them
is an instance like any other: its hypotheses are decided by the engines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sympy import Add, Eq, Expr, Integer, Lambda, Rational, Symbol, exp, oo
from sympy.core.function import AppliedUndef, UndefinedFunction
from sympy.core.relational import Ge, Gt, Relational
from sympy.logic.boolalg import Boolean

from proofs_check.coordinates import Coordinates
from proofs_check.spaces import NoCoordinates, Spaces
from theory.formulas import ForAll, conjuncts, parts, renamed_apart
from theory.statement import Model, Statement
from theory.terms import (
    InRange,
    Norm,
    OperatorNorm,
    OperatorSymbol,
    SigmaMin,
    Sort,
    VectorSymbol,
    sort_of,
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

    None where it speaks of chance, or of functions of vectors.
    """
    symbols = [q.symbol for q in statement.quantities if isinstance(q.symbol, Symbol)]
    functions = [q.symbol for q in statement.quantities if not isinstance(q.symbol, Symbol)]
    try:
        spaces = _spaces(statement)
        families = list(_families(statement, functions))
        return tuple(
            _model(statement, symbols, values, parameters, dimensions, spaces, label)
            for dimensions in _dimensions(statement, spaces)
            for label, values, parameters in families
        )
    except (NoCoordinates, TypeError):  # mixed sorts, or functions of vectors
        return ()


def _formulas(statement: Statement) -> Iterator[Any]:
    yield from (q.range for q in statement.quantities)
    yield from (h.formula for h in statement.hypotheses)
    yield from statement.conclusions.values()
    yield from (d.value for d in statement.definitions)


def _spaces(statement: Statement) -> Spaces:
    spaces = Spaces()
    for definition in statement.definitions:
        if isinstance(definition.symbol, VectorSymbol):
            spaces.unite([definition.symbol.name, spaces.of_vector(definition.value)])
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


def _dimensions(statement: Statement, spaces: Spaces) -> Iterator[dict[str, int]]:
    names = [end for symbol in _vectors(statement) for end in _ends(symbol)]
    yield from spaces.assignments(names)
    roots = {spaces.find(name) for name in names}
    if roots and not any(p.has(*_SPECTRAL) for f in _formulas(statement) for p in parts(f)):
        yield dict.fromkeys(sorted(roots), SPACE)


def _families(
    statement: Statement, functions: Sequence[UndefinedFunction]
) -> Iterator[tuple[str, dict[Any, Any], dict[Symbol, Any]]]:
    """Yield values for the functions: all constants, all affine, all exponentials."""
    if not functions:
        yield "direct", {}, {}
        return
    arities = {f: _arity(statement, f) for f in functions}
    for label, shape in _SHAPES.items():
        values: dict[Any, Any] = {}
        parameters: dict[Symbol, Any] = {}
        for function, arity in arities.items():
            variables = tuple(Symbol(f"_{function}_{i}") for i in range(arity))
            inner = [Symbol(f"{function}_{i}") for i in range(arity + 1)]
            values[function] = Lambda(variables, shape(variables, inner))
            used = [s for s in inner if s in values[function].expr.free_symbols]
            parameters |= dict.fromkeys(used, (-HUGE, HUGE))
        yield label, values, parameters


def _arity(statement: Statement, function: UndefinedFunction) -> int:
    for formula in _formulas(statement):
        for part in parts(formula):
            for applied in part.atoms(AppliedUndef):
                if applied.func == function:
                    arguments = {sort_of(a) for a in applied.args}
                    if sort_of(applied) is Sort.REAL and arguments == {Sort.REAL}:
                        return len(applied.args)
                    raise NoCoordinates(f"{function} is a function of vectors")
    return 1


def _affine(variables: Sequence[Symbol], inner: Sequence[Symbol]) -> Expr:
    return Add(inner[0], *(c * x for c, x in zip(inner[1:], variables, strict=True)))


def _exponential(variables: Sequence[Symbol], inner: Sequence[Symbol]) -> Expr:
    return inner[0] * exp(-Add(*(c * x for c, x in zip(inner[1:], variables, strict=True))))


_SHAPES: Mapping[str, Callable[[Sequence[Symbol], Sequence[Symbol]], Expr]] = {
    "constants": lambda variables, inner: inner[0],
    "affine": _affine,
    "exponentials": _exponential,
}


def _model(
    statement: Statement,
    symbols: Sequence[Symbol],
    values: Mapping[Any, Any],
    parameters: Mapping[Symbol, Any],
    dimensions: Mapping[str, int],
    spaces: Spaces,
    label: str,
) -> DirectModel:
    taken = {q.name for q in statement.quantities} | {str(s) for s in parameters}
    taken |= {str(s) for f in _formulas(statement) for p in parts(f) for s in p.free_symbols}
    inner: dict[Symbol, Any] = {}
    boxes: dict[Symbol, Any] = dict(parameters)
    for quantity in statement.quantities:
        if quantity.symbol not in symbols:
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
    )
    named_as = ", ".join(f"{n} in R^{d}" for n, d in sorted(dimensions.items()) if " " not in n)
    name = f"{label}, {named_as}" if named_as else label
    return DirectModel(
        name,
        values,
        boxes,
        coordinates=coordinates,
        introduced=frozenset(own) | frozenset(parameters),
    )


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
