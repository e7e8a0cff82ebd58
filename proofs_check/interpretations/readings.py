"""How formulas read in a model: vectors, operators and functions become explicit terms.

In a declared model vectors and operators become reals, ‖·‖ the absolute value, σ_min(M) = |M|; in
one read off the symbols they have coordinates.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sympy import (
    Abs,
    Add,
    And,
    Eq,
    Expr,
    Lambda,
    Ne,
    Or,
    Symbol,
    im,
    re,
    sqrt,
    true,
)
from sympy.logic.boolalg import Boolean

from proofs_check.identity import Keyed
from proofs_check.interpretations.direct import DirectModel
from proofs_check.interpretations.finite import written_out
from proofs_check.interpretations.sample_space import explicit, speaks_of_chance
from proofs_check.premises import open_claim
from proofs_check.witnesses.smooth_maps import in_coordinates
from theory.formulas import (
    ForAll,
    Formula,
    conjuncts,
    free_symbols,
    functions_in,
    parts,
    rebuild,
    renamed_apart,
    substitute,
)
from theory.statement import Law, Model, Statement, defined_term
from theory.terms import (
    Adjoint,
    Apply,
    Continuous,
    FrobeniusNorm,
    Gradient,
    Inner,
    InRange,
    Jacobian,
    Norm,
    OperatorNorm,
    SigmaMin,
    VectorSymbol,
    derivative,
)

_SIZES = (Norm, OperatorNorm, FrobeniusNorm, SigmaMin)
_PRODUCTS = (Inner, Apply, Adjoint)


class Setting(Keyed):
    """What the values of symbols and functions depend on: a model, definitions and a point.

    A model counts as the same only if it is the same object, which this keeps alive.
    """

    def __init__(
        self, statement: Statement, model: Model, point: tuple[tuple[Symbol, Any], ...]
    ) -> None:
        self.statement, self.model, self.point = statement, model, point
        super().__init__(id(model), statement.definitions, point)


# A statement's mutants share most of their hypotheses, and the points where they are looked at.
@lru_cache(maxsize=4096)
def readings(setting: Setting, formula: Formula) -> tuple[Formula, ...]:
    """Return the concrete formulas that a formula of the statement amounts to."""
    occurring = {v for part in parts(formula) for v in part.free_symbols} | functions_in(formula)
    values = tuple((k, v) for k, v in values_of(setting).items() if k in occurring)
    return _read(_Meaning(setting.model, values, setting.point), formula)


class _Meaning(Keyed):
    """What the reading of a formula depends on: a model and the values of what occurs in it.

    A point besides these where the model has coordinates, or says what is random.
    """

    def __init__(
        self,
        model: Model,
        values: tuple[tuple[Any, Any], ...],
        point: tuple[tuple[Symbol, Any], ...],
    ) -> None:
        needed = isinstance(model, DirectModel) or bool(model.sample)
        self.model, self.values, self.point = model, dict(values), dict(point)
        super().__init__(id(model), values, point if needed else ())


@lru_cache(maxsize=4096)
def _read(meaning: _Meaning, formula: Formula) -> tuple[Formula, ...]:
    model = meaning.model
    certain = _on_reals(meaning, substitute(formula, meaning.values))
    if model.sample and any(map(speaks_of_chance, certain)):
        law = law_at(model, meaning.point)
        certain = [part for formula in certain for part in explicit(formula, law)]
    pieces = [piece for part in certain for piece in _spelled_out(part)]
    cases = [case for piece in pieces for case in written_out(piece)]
    return tuple(part for case in cases for part in _simplified(case))


def _on_reals(meaning: _Meaning, formula: Formula) -> list[Formula]:
    if isinstance(meaning.model, DirectModel):
        inside = in_coordinates(formula, meaning.model.coordinates)
        return [substitute(part, meaning.point) for part in inside]
    return [_one_dimensional(formula)]


def law_at(model: Model, point: Mapping[Symbol, Any]) -> Law:
    """Return the law of a model's sample point at values of its parameters."""
    if isinstance(model.sample, str):
        return model.sample
    return tuple(
        (substitute(Add(place), point), substitute(Add(weight), point))
        for place, weight in model.sample
    )


@lru_cache(maxsize=256)
def values_of(setting: Setting) -> dict[Any, Any]:
    """Return every symbol and function of the statement as an explicit term."""
    unfolded = _unfolded(Setting(setting.statement, setting.model, ()))
    point = dict(setting.point)
    # A parameter may bear the name of what is defined: that stays what its definition says.
    defined = {definition.symbol for definition in setting.statement.definitions}
    own = {s: v for s, v in point.items() if s not in defined}
    return {k: _at(v, _concerned(v, point)) for k, v in unfolded.items()} | own


# A mutant changes few definitions: the other values are the same, and SymPy slow to find them.
@lru_cache(maxsize=1024)
def _at(value: Any, point: tuple[tuple[Symbol, Any], ...]) -> Any:
    return substitute(value, dict(point))


def _concerned(value: Any, point: Mapping[Symbol, Any]) -> tuple[tuple[Symbol, Any], ...]:
    """Return the part of a point that a value speaks of."""
    spoken = free_symbols(value)
    return tuple((symbol, number) for symbol, number in point.items() if symbol in spoken)


@lru_cache(maxsize=64)
def _unfolded(setting: Setting) -> dict[Any, Any]:
    """Return every symbol and function as an explicit term in the model's parameters."""
    model, definitions = setting.model, setting.statement.definitions
    values: dict[Any, Any] = dict(model.values)
    for definition in definitions:
        if definition.symbol in model.values:
            continue  # the model writes it in its own, simpler way: see _rewritten
        values[definition.symbol] = substitute(defined_term(definition), values)
    # A model may speak of the defined symbols: unfold until nothing is left to unfold.
    for _ in definitions:
        unfolded = {k: substitute(v, _without(values, k, v)) for k, v in values.items()}
        if unfolded == values:
            break
        values = unfolded
    return values


def _without(values: Mapping[Any, Any], key: Any, value: Any) -> dict[Any, Any]:
    """Return the values that may be unfolded: all but symbols that name themselves."""
    return {k: v for k, v in values.items() if k != key and k != v}


def _one_dimensional(term: Any) -> Any:
    """Replace vectors, operators and their operations by real numbers."""
    if isinstance(term, ForAll):
        names = {v: Symbol(v.name) for v in term.variables}
        return ForAll(
            tuple(names.values()),
            _one_dimensional(substitute(term.given, names)),
            _one_dimensional(substitute(term.body, names)),
        )
    if isinstance(term, VectorSymbol):
        return Symbol(term.name)
    if not term.args:
        return term
    args = [_one_dimensional(arg) for arg in term.args]
    if isinstance(term, _SIZES):
        return _magnitude(args[0])
    if isinstance(term, _PRODUCTS):
        return args[0] * args[1]
    if isinstance(term, InRange):
        return Or(Ne(args[0], 0), Eq(args[1], 0))
    if isinstance(term, Lambda):
        return Lambda(Symbol(term.variables[0].name), args[1])
    return rebuild(term, args)


def _magnitude(value: Expr) -> Expr:
    """Return |value|; SymPy's own Abs takes the symbols for complex and may bring in real parts."""
    size = Abs(value)
    return sqrt(value**2) if size.has(re, im) else size


def _spelled_out(formula: Formula) -> list[Formula]:
    """Write predicates on explicit functions as formulas on reals, one conjunct at a time."""
    if isinstance(formula, ForAll):
        inner = [p for c in conjuncts(formula.body) for p in _spelled_out(c)]
        return [_quantified(formula.variables, formula.given, p) for p in inner]
    if isinstance(formula, And):
        return [p for c in formula.args for p in _spelled_out(c)]
    if isinstance(formula, (Gradient, Jacobian)):
        return _is_derivative(*formula.args)
    return [formula]


def _quantified(variables: tuple[Symbol, ...], given: Boolean, formula: Formula) -> Formula:
    inner, domain, body = open_claim(formula)
    return ForAll((*variables, *inner), And(given, domain), body)


def _is_derivative(function: Lambda, slope: Lambda) -> list[Formula]:
    """Say that ``slope`` is the derivative of ``function`` everywhere, and continuous."""
    taken = free_symbols(function) | free_symbols(slope)
    x, a, b = renamed_apart([Symbol("point"), Symbol("left"), Symbol("right")], taken).values()
    at_x, slope_at_x = function(x), slope(x)
    if not free_symbols(slope_at_x) and free_symbols(at_x) <= {x}:
        continuous: list[Formula] = []
    else:
        continuous = [ForAll((a, b), a <= b, Continuous(slope, a, b))]
    return [ForAll((x,), true, Eq(derivative(at_x, x), slope_at_x, evaluate=False)), *continuous]


def _simplified(formula: Formula) -> list[Formula]:
    return [] if formula is true else [formula]
