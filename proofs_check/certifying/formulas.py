"""A statement's formulas at the quantities of an instance: one source of a formula.

Nothing here knows a formula of the theory: bounds are expressions of the statements, their
abbreviations are expanded through the statements' own definitions, and ψ and Ψ are the loss's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from flint import arb, ctx
from sympy import Expr, Integer, Lambda, Symbol
from sympy.logic.boolalg import Boolean

from numerics.rigorous import ranges
from numerics.rigorous.balls import holds_on, rational_ball
from numerics.rigorous.programs import Program
from numerics.rigorous.ranges import Range
from numerics.rigorous.rounding import Bracket
from numerics.unfolding import Unfolding, functions_of
from theory import registry
from theory.formulas import free_symbols
from theory.losses import Loss, M
from theory.settings import flow as setting
from theory.statement import Statement
from theory.terms import real

PRECISION = 128
NOISE: Symbol = real("e")
MEASURED: frozenset[Symbol] = frozenset(
    (setting.sigma_A, setting.sigma_0, setting.Lambda, setting.w_0, NOISE)
)
"""Symbols that stand for measured quantities: a definition of one of them is not expanded."""


def expanded(statement: Statement, expr: Any) -> Any:
    """Write an expression or relation in measured quantities, by the statement's definitions.

    Parameters
    ----------
    statement : Statement
        Whose definitions (q, a, b, ...) are put in.
    expr : Expr or Boolean
        In the statement's symbols.
    """
    return Unfolding(statement, MEASURED)(expr)


def range_of(bracket: Bracket) -> Range:
    """Return a bracket of floats as a range."""
    return Range(arb(bracket.lower), arb(bracket.upper))


def exact_range(value: Fraction) -> Range:
    """Return a rational as a range."""
    with ctx.workprec(PRECISION):
        return ranges.enclose(rational_ball(value))


@dataclass(frozen=True)
class Formulas:
    """The statements' formulas at one choice of values.

    Parameters
    ----------
    loss : Loss
        What ψ and Ψ stand for.
    measurements : int
        The number m of measurements.
    values : mapping of Symbol to Range
        The measured quantities.
    """

    loss: Loss
    measurements: int
    values: Mapping[Symbol, Range] = field(default_factory=dict)

    @cached_property
    def _functions(self) -> dict[Any, Lambda]:
        return functions_of(self.loss, self.measurements)

    def at_m(self, expression: Expr) -> Expr:
        """Put in the number of measurements."""
        return expression.xreplace({M: Integer(self.measurements)})

    def knows(self, id: str, name: str) -> bool:
        """Whether a statement gives a bound of this name."""
        return any(bound.name == name for bound in registry.statement(id).bounds)

    def expression(self, id: str, name: str) -> Expr:
        """Return a statement's bound in measured quantities (and t, where it depends on it)."""
        statement = registry.statement(id)
        return Unfolding(statement, MEASURED, self._functions)(statement.bound(name).value)

    def symbol(self, id: str, symbol: Symbol) -> Range | None:
        """Return the range of a symbol that a statement defines."""
        return self.evaluated(expanded(registry.statement(id), symbol))

    def bound(self, id: str, name: str) -> Range | None:
        """Return the range of a statement's bound; None where it has no (bounded) value."""
        return self.evaluated(self.expression(id, name))

    def evaluated(self, expression: Expr) -> Range | None:
        """Return the range of an expression; None where it may have no value or is unbounded."""
        if not free_symbols(expression) <= set(self.values):
            return None
        with ctx.workprec(PRECISION):
            found = Program(expression, tuple(self.values)).run(list(self.values.values()))
        return found if found.defined and found.bounded else None

    def decide(self, relation: Boolean, extra: Mapping[Symbol, Range] | None = None) -> bool | None:
        """Whether a relation certainly holds, certainly fails, or cannot be told."""
        return holds_on(relation, {**self.values, **(extra or {})}, PRECISION)

    def curve(self, expression: Expr) -> Curve | None:
        """Return a function of time; None if it needs a quantity that is not known."""
        if not free_symbols(expression) <= set(self.values) | {setting.t}:
            return None
        symbols = (*self.values, setting.t)
        return Curve(Program(expression, symbols), tuple(self.values.values()), expression)


@dataclass(frozen=True)
class Curve:
    """A bound as a function of time, enclosed at each time."""

    program: Program
    values: tuple[Range, ...]
    expression: Expr

    def at(self, time: float) -> Range | None:
        """Return the range of the bound at a time; None where it may have no value."""
        with ctx.workprec(PRECISION):
            found = self.program.run([*self.values, Range(arb(time), arb(time))])
        return found if found.defined and found.bounded else None

    def uppers(self, times: Iterable[float]) -> list[float]:
        """Return the upper ends at several times; infinite where the bound may have no value."""
        found = (self.at(float(time)) for time in times)
        return [float("inf") if r is None else end_above(r) for r in found]


def end_above(found: Range) -> float:
    """Return a float not below a range's upper end."""
    return _directed(found.upper, up=True)


def end_below(found: Range) -> float:
    """Return a float not above a range's lower end."""
    return _directed(found.lower, up=False)


def _directed(end: arb, up: bool) -> float:
    nearest = float(end)
    if up:
        return nearest if arb(nearest) >= end else _next(nearest, float("inf"))
    return nearest if arb(nearest) <= end else _next(nearest, float("-inf"))


def _next(value: float, towards: float) -> float:
    from math import nextafter

    return nextafter(value, towards)


def nonnegative(found: Range) -> Range:
    """Return the range of max(0, x)."""
    return ranges.maximum(found, Range(arb(0), arb(0)))
