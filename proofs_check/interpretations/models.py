"""Interpretations of a statement: every symbol and function made explicit.

In a declared model vectors and operators become reals, ‖·‖ the absolute value, σ_min(M) = |M|; in
one read off the symbols they have coordinates. A hypothesis then is a concrete formula about real
numbers, and the engines decide it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
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

from proofs_check.interpretations.direct import DirectModel
from proofs_check.interpretations.finite import written_out
from proofs_check.interpretations.sample_space import explicit, law_holds, speaks_of_chance
from proofs_check.premises import open_claim
from proofs_check.reporting.findings import HypothesisReport
from proofs_check.searching.foresight import decided_ahead
from proofs_check.verdict import Outcome, Verdict
from proofs_check.witnesses.concrete import ENGINE_SECONDS as ENGINE_SECONDS
from proofs_check.witnesses.concrete import TRANSCENDENTAL as TRANSCENDENTAL
from proofs_check.witnesses.concrete import decide_concrete as decide_concrete
from proofs_check.witnesses.smooth_maps import in_coordinates
from theory.formulas import (
    ForAll,
    Formula,
    conjuncts,
    free_symbols,
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


class Interpretation:
    """A statement read in a model, with exact values for some or all of its parameters."""

    def __init__(
        self,
        statement: Statement,
        model: Model,
        point: Mapping[Symbol, Any] | None = None,
        seconds: float = ENGINE_SECONDS,
    ) -> None:
        self.statement, self.model, self.seconds = statement, model, seconds
        self.point = dict(point or {})

        self._known: dict[Formula, Outcome] = {}

    @cached_property
    def values(self) -> dict[Any, Any]:
        """Every symbol and function of the statement as an explicit term."""
        return dict(_values(self._setting))

    @property
    def _setting(self) -> _Setting:
        return _Setting(self.statement, self.model, tuple(self.point.items()))

    @property
    def _rewritten(self) -> dict[str, Formula]:
        """What makes a model's own way to write a defined function of time the defined one."""
        return {
            d.name: ForAll(tuple(d.head.args), And(*(t >= 0 for t in d.head.args)), equation)
            for d in self.statement.definitions
            if d.symbol in self.model.values and not isinstance(d.head, Symbol)
            for equation in [Eq(d.head, d.value, evaluate=False)]
        }

    def read(self, formula: Formula) -> list[Formula]:
        """Return the concrete formulas that a formula of the statement amounts to."""
        return list(_readings(self._setting, formula))

    def _read(self, formula: Formula) -> tuple[Formula, ...]:
        certain = self._on_reals(substitute(formula, self.values))
        if self.model.sample and any(map(speaks_of_chance, certain)):
            certain = [part for formula in certain for part in explicit(formula, self._law)]
        pieces = [piece for part in certain for piece in _spelled_out(part)]
        cases = [case for piece in pieces for case in written_out(piece)]
        return tuple(part for case in cases for part in _simplified(case))

    def _on_reals(self, formula: Formula) -> list[Formula]:
        if isinstance(self.model, DirectModel):
            inside = in_coordinates(formula, self.model.coordinates)
            return [substitute(part, self.point) for part in inside]
        return [_one_dimensional(formula)]

    @property
    def _law(self) -> Law:
        if isinstance(self.model.sample, str):
            return self.model.sample
        return tuple(
            (substitute(Add(point), self.point), substitute(Add(weight), self.point))
            for point, weight in self.model.sample
        )

    def check(self, formula: Formula) -> Outcome:
        """Decide a formula of the statement in this model."""
        return all_of(map(self._decided, self.read(formula)))

    def _decided(self, part: Formula) -> Outcome:
        return self._known.get(part) or decide_concrete(part, self.seconds)

    def prepare(self) -> None:
        """Have engines decide in one process what is wanted, until something does not hold."""
        parts = (part for formula in self.wanted.values() for part in self.read(formula))
        self._known |= decided_ahead(parts, self.seconds)

    def decide_hypotheses(self) -> Iterator[HypothesisReport]:
        """Decide every range and hypothesis, and the equations of what the proof introduces."""
        self.prepare()
        for name, formula in self.wanted.items():
            outcome = self.check(formula)
            yield HypothesisReport(name, outcome.verdict, outcome.reason)

    @property
    def wanted(self) -> dict[str, Formula]:
        """What has to hold on an instance, by name."""
        wanted: dict[str, Formula] = {
            q.name: q.range for q in self.statement.quantities if q.range != true
        }
        wanted |= {h.name: h.formula for h in self.statement.hypotheses}
        if law_holds(self._law) is not true:
            wanted["law"] = law_holds(self._law)
        return {**wanted, **self.statement.characterised, **self._rewritten}


class _Setting:
    """What the reading of a formula depends on: a model, definitions and a point.

    A model counts as the same only if it is the same object, which this keeps alive.
    """

    def __init__(
        self, statement: Statement, model: Model, point: tuple[tuple[Symbol, Any], ...]
    ) -> None:
        self.statement, self.model, self.point = statement, model, point
        self._key = (id(model), statement.definitions, point)

    def __eq__(self, other: object) -> bool:
        """Whether every formula reads the same in both."""
        return isinstance(other, _Setting) and self._key == other._key

    def __hash__(self) -> int:
        """Return a hash of all that is compared."""
        return hash(self._key)


# A statement's mutants share most of their hypotheses, and the points where they are looked at.
@lru_cache(maxsize=4096)
def _readings(setting: _Setting, formula: Formula) -> tuple[Formula, ...]:
    return Interpretation(setting.statement, setting.model, dict(setting.point))._read(formula)


@lru_cache(maxsize=256)
def _values(setting: _Setting) -> dict[Any, Any]:
    unfolded = _unfolded(_Setting(setting.statement, setting.model, ()))
    point = dict(setting.point)
    # A parameter may bear the name of what is defined: that stays what its definition says.
    defined = {definition.symbol for definition in setting.statement.definitions}
    own = {s: v for s, v in point.items() if s not in defined}
    return {k: substitute(v, point) for k, v in unfolded.items()} | own


@lru_cache(maxsize=64)
def _unfolded(setting: _Setting) -> dict[Any, Any]:
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


def all_of(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the first outcome that is not PROVED, or one with the reasons of all."""
    reasons = []
    for outcome in outcomes:
        if not outcome.proved:
            return outcome
        reasons.append(outcome.reason)
    return Outcome(Verdict.PROVED, "; ".join(dict.fromkeys(reasons)) or "true by evaluation")


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
