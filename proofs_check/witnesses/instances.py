"""Statements read on an instance in coordinates: every hypothesis a formula about real numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from sympy import And, Eq, Integer, Lambda, Symbol, expand
from sympy.core.function import UndefinedFunction
from sympy.logic.boolalg import Boolean

from proofs_check.interpretations.direct import DirectModel
from proofs_check.interpretations.finite import at_integer, open_ended, written_out
from proofs_check.interpretations.models import Interpretation, all_of
from proofs_check.interpretations.normal_law import NoReading
from proofs_check.premises import open_claim
from proofs_check.reporting.findings import HypothesisReport
from proofs_check.verdict import Outcome, undecided
from proofs_check.witnesses.concrete import ENGINE_SECONDS
from proofs_check.witnesses.coordinates import Coordinates
from proofs_check.witnesses.foresight import decide_together
from proofs_check.witnesses.lengths import without_roots, without_signs
from proofs_check.witnesses.product_law import ProductLaw
from proofs_check.witnesses.smooth_maps import (
    explicit_slopes,
    is_polynomial,
    is_total,
    partial_derivatives,
)
from proofs_check.witnesses.spaces import NoCoordinates
from theory.formulas import ForAll, Formula, conjuncts, parts, substitute
from theory.instances import Instance, exact
from theory.statement import Statement, defined_term
from theory.terms import Gradient, Jacobian, OperatorSymbol, VectorSymbol


class Inspection(Interpretation):
    """A statement read on an instance.

    Parameters
    ----------
    statement : Statement
        Whose hypotheses are read.
    instance : Instance
        What its symbols and functions are.
    seconds : float
        What an engine may take for one formula.
    """

    def __init__(
        self, statement: Statement, instance: Instance, seconds: float = ENGINE_SECONDS
    ) -> None:
        self.instance = instance
        self.coordinates = _with_arguments(coordinates_of(instance), statement)
        model = DirectModel(instance.name, self._numbers, coordinates=self.coordinates)
        super().__init__(statement, model, {}, seconds)

    @cached_property
    def _numbers(self) -> dict[Any, Any]:
        return {s: exact(v) for s, v in self.instance.values.items() if type(s) is Symbol}

    @cached_property
    def values(self) -> dict[Any, Any]:
        """The real symbols as numbers, and what is defined and not given, written out."""
        values: dict[Any, Any] = dict(self._numbers)
        for definition in self.statement.definitions:
            if definition.symbol not in self.instance.values:
                values[definition.symbol] = substitute(defined_term(definition), values)
        return values

    @property
    def _rewritten(self) -> dict[str, Formula]:
        """That what is defined and given too is the same."""
        return {
            d.name: ForAll(arguments, And(*(t >= 0 for t in arguments)), equation)
            if (arguments := () if isinstance(d.head, Symbol) else tuple(d.head.args))
            else equation
            for d in self.statement.definitions
            if d.symbol in self.instance.values
            for equation in [Eq(d.head, d.value, evaluate=False)]
        }

    def check(self, formula: Formula) -> Outcome:
        """Decide a formula of the statement on this instance."""
        return self.check_all([formula])[0]

    def check_all(self, formulas: Sequence[Formula]) -> list[Outcome]:
        """Decide formulas of the statement on this instance, together."""
        readings = [self._reading(formula) for formula in formulas]
        concrete = [part for found in readings if isinstance(found, list) for part in found]
        different = list(dict.fromkeys(concrete))
        decided = dict(zip(different, decide_together(different, self.seconds), strict=True))
        return [
            found if isinstance(found, Outcome) else all_of(decided[part] for part in found)
            for found in readings
        ]

    def _reading(self, formula: Formula) -> list[Formula] | Outcome:
        try:
            return self.read(formula)
        except (NoCoordinates, NoReading) as missing:
            return undecided(f"not readable on this instance: {missing}")

    def decide_hypotheses(self) -> Iterator[HypothesisReport]:
        """Decide every range and hypothesis, and the equations of what the proof introduces."""
        wanted = self.wanted
        for name, outcome in zip(wanted, self.check_all(list(wanted.values())), strict=True):
            yield HypothesisReport(name, outcome.verdict, outcome.reason)

    def read(self, formula: Formula) -> list[Formula]:
        """Return the concrete formulas that a formula of the statement amounts to.

        Raises
        ------
        NoCoordinates, NoReading
            If it speaks of what the instance does not tell.
        """
        explicit = substitute(formula, self.values)
        cases = [c for piece in _pieces(explicit) for c in self._cases(piece)]
        concrete = [c for case in cases for c in self._in_coordinates(case)]
        simple = [without_roots(without_signs(piece)) for piece in concrete]
        return [
            claim for piece in simple for part in _pieces(piece) for claim in _open_claims(part)
        ]

    def _cases(self, formula: Formula) -> Iterator[Formula]:
        """Yield a formula for each integer; beyond its last member a family does not change."""
        for case in written_out(formula):
            variable = open_ended(case, self._families)
            if variable is None:
                yield case
                continue
            for number in range(1, self._longest + 1):
                yield from self._cases(at_integer(case, variable, Integer(number)))

    @property
    def _families(self) -> frozenset[UndefinedFunction]:
        return frozenset(
            f for f, value in self.coordinates.functions.items() if isinstance(value, tuple)
        )

    @property
    def _longest(self) -> int:
        tables = (v for v in self.coordinates.functions.values() if isinstance(v, tuple))
        return max(len(table) for table in tables)

    def _in_coordinates(self, formula: Formula) -> Iterator[Formula]:
        if isinstance(formula, (Gradient, Jacobian)):
            yield from partial_derivatives(formula, self.coordinates)
            return
        variables, given, body = open_claim(formula)
        own = self.coordinates.binding(variables, given, body)
        inside = self.coordinates.within(own)
        chance = ProductLaw(self.instance.sample, inside.entries)
        variables, given, body = chance.explicit(variables, given, body)
        places = tuple(place for v in variables for place in own.get(v, (v,)))
        given, body = inside.read(given), inside.read(body)
        yield from _pieces(ForAll(places, given, body) if places else body)


def coordinates_of(instance: Instance) -> Coordinates:
    """Return the vectors, operators and functions of an instance."""
    values = {s: _given(v) for s, v in instance.values.items() if type(s) is not Symbol}
    return Coordinates(
        {s: tuple(v) for s, v in values.items() if isinstance(s, VectorSymbol)},
        {s: tuple(map(tuple, v)) for s, v in values.items() if isinstance(s, OperatorSymbol)},
        functions={f: v for f, v in values.items() if isinstance(f, UndefinedFunction)},
    )


def _with_arguments(coordinates: Coordinates, statement: Statement) -> Coordinates:
    """Return coordinates with the dimensions of functions' arguments, where any formula tells."""
    found: dict[str, int] = {}
    formulas = (*statement.premises.values(), *statement.characterised.values())
    for piece in (piece for formula in formulas for piece in _pieces(formula)):
        try:
            known = coordinates.dimensions(tuple(parts(piece)))
        except NoCoordinates:
            continue  # it will be found undecided when it is read
        found |= {name: size for name, size in known.items() if " argument " in name}
    return replace(coordinates, sizes=found)


def _given(value: Any) -> Any:
    """Return a value as terms; a family stays a tuple of functions."""
    return value if isinstance(value, tuple) and _is_family(value) else exact(value)


def _is_family(value: tuple[Any, ...]) -> bool:
    return bool(value) and all(isinstance(member, Lambda) for member in value)


def _pieces(formula: Formula) -> Iterator[Formula]:
    """Yield a formula conjunct by conjunct."""
    if isinstance(formula, ForAll):
        for body in conjuncts(formula.body):
            yield ForAll(formula.variables, formula.given, body)
    else:
        yield from conjuncts(formula)


def _open_claims(formula: Formula) -> Iterator[Formula]:
    """Yield what is left to decide, without variables that do not occur and true identities."""
    if not isinstance(formula, ForAll):
        if not _identical(formula):
            yield formula
        return
    if _identical(formula.body):
        return
    used = formula.given.free_symbols | formula.body.free_symbols
    kept = tuple(v for v in formula.variables if v in used)
    if kept:
        yield ForAll(kept, formula.given, formula.body)
    else:
        yield from _pieces(formula.body) if formula.given == True else [formula]  # noqa: E712


def _identical(claim: Boolean) -> bool:
    """Whether a claim is an equation between the same polynomials, or the same total functions."""
    if claim == True:  # noqa: E712
        return True
    if not isinstance(claim, Eq):
        return False
    left, right = map(explicit_slopes, claim.args)
    if left == right and is_total(left):
        return True
    return is_polynomial(left) and is_polynomial(right) and bool(expand(left - right) == 0)
