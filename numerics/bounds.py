"""The bounds of a statement as enclosures, at exact values of its symbols.

There is one source of each formula: the statement's own expression tree, with its own definitions.

    >>> from theory.registry import statement
    >>> at = {"Lambda": "0.1", "w_0": 1, "sigma_A": 1, "sigma_0": 1}
    >>> print(evaluate_bound(statement("flow_sharp"), "travel_radius", at, digits=6))
    [1.05572808, 1.055728101]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import floor, inf
from typing import Any

import sympy as sp
from flint import arb, ctx

from numerics.bound_conditions import Answer, Decider, Standing, standing
from numerics.enclosures import Enclosure
from numerics.errors import ProblemError
from numerics.inputs.values import Inputs, assignments, read_inputs
from numerics.rigorous.programs import BallError
from numerics.rigorous.ranges import Range, to_ball
from numerics.rigorous.rational_terms import PRECISIONS, RationalTerms
from theory.formulas import ForAll
from theory.losses import Loss
from theory.settings.flow import Psi, psi, psi_1
from theory.statement import Bound, Statement
from theory.typesetting.notation import readable

_MOST_PLACES = 5000
_LARGE = 50  # numbers from 10^50 on are given to a relative accuracy only


class NoValue(ProblemError):
    """A bound has no value at the values given: the message names the term that has none."""


class NotABound(NoValue):
    """A bound does not hold at the values given, or that cannot be told; the message says why."""


class MissingValue(ProblemError):
    """A bound needs the value of a symbol that is not given."""


def evaluate_bound(
    statement: Statement,
    name: str,
    values: Mapping[Any, Any],
    digits: int = 30,
    loss: Loss | None = None,
) -> Enclosure:
    """Return a bound of a statement as an enclosure.

    Parameters
    ----------
    statement : Statement
        The theorem.
    name : str
        The bound's name.
    values : mapping
        Symbols, or their names as they are typed or printed, to exact values: int, Fraction,
        SymPy rationals, or decimals and fractions as text. Defined symbols may be given too.
    digits : int
        The enclosure is narrower than 10^−digits times the value and, for values below 10^50,
        than 10^−digits.
    loss : Loss, optional
        What ψ, ψ' and Ψ stand for.

    Raises
    ------
    InputError
        If a value is no exact number, out of its range, or no symbol's.
    MissingValue
        If the value of a symbol is missing.
    NoValue
        If the bound has no value there.
    NotABound
        If its formula has a value there, but a condition or a hypothesis that it needs fails, or
        is too close to call.
    """
    return Evaluation(statement, read_inputs(statement, values, loss)).value(name, digits)


@dataclass(frozen=True)
class Evaluation:
    """The bounds of a statement at values that have been read."""

    statement: Statement
    inputs: Inputs

    @cached_property
    def terms(self) -> RationalTerms:
        """The terms of the inputs, at their values."""
        return RationalTerms(self.inputs.values)

    def bound(self, name: str) -> Bound:
        """Return the named bound.

        Raises
        ------
        ProblemError
            If there is none of this name.
        """
        try:
            return self.statement.bound(name)
        except KeyError as problem:
            raise ProblemError(problem.args[0]) from None

    def missing(self, name: str) -> tuple[sp.Symbol, ...]:
        """Return what a bound needs and is not given."""
        return self.inputs.unfold.missing(self.inputs.unfold(self.bound(name).value))

    def value(self, name: str, digits: int = 30) -> Enclosure:
        """Return the named bound; see ``evaluate_bound``."""
        label = f"{self.statement.id}.{name}"
        missing = self.missing(name)
        if missing:
            raise MissingValue(
                f"{label} needs {', '.join(map(str, missing))}; {self._hint(missing)}"
            )
        found = self.enclosed(self.inputs.unfold(self.bound(name).value), digits, label)
        refused = self.standing(name).refused
        if refused:
            raise NotABound(f"{label} {refused}")
        return found

    def standing(self, name: str) -> Standing:
        """Return whether the named bound holds at the values, as far as they decide it."""
        return standing(self.inputs, self.bound(name))

    def enclosed(self, term: Any, digits: int, label: str) -> Enclosure:
        """Return the value of an unfolded term."""
        exact = self.terms.exact(term)
        if exact is not None and _is_short(exact, digits):
            return Enclosure(exact, exact, sp.Rational(exact.numerator, exact.denominator))
        try:
            return self._refined(term, digits, label)
        except BallError as problem:
            raise NoValue(f"{label}: {problem}") from None

    def _refined(self, term: Any, digits: int, label: str) -> Enclosure:
        program = self.terms.program(term)
        defined = False
        for precision in (p for p in PRECISIONS if p > 3 * digits):
            found = program.at(precision)
            defined = defined or found.defined
            if found.defined and found.bounded:
                with ctx.workprec(precision):
                    enclosure = narrow(found, digits)
                if enclosure is not None:
                    return enclosure
        if defined:
            raise NoValue(f"{label}: its value is too large, or too hard to tell from 0")
        raise NoValue(f"{label} has no value: {self._undefined(term)}")

    def _undefined(self, term: Any) -> str:
        """Name the innermost part of a term that has no value."""
        for part in sp.postorder_traversal(term):
            if isinstance(part, sp.Expr) and not self._has_value(part):
                inside = [f"{readable(a)} = {self._shown(a)}" for a in part.args if a.free_symbols]
                return f"{readable(part)} is not defined for {' and '.join(inside) or 'these'}"
        return "it is too close to a point where it is not defined"

    def _has_value(self, term: Any) -> bool:
        if self.terms.exact(term) is not None:
            return True
        return bool(self.terms.program(term).at(1024).defined)

    def _shown(self, term: Any) -> str:
        return str(self.enclosed(term, 6, readable(term)))

    def _hint(self, missing: tuple[sp.Symbol, ...]) -> str:
        """Say how to give what is missing."""
        functions = {getattr(self.inputs.unfold.terms[s], "func", None) for s in missing}
        choose = " or choose a loss" if functions & {psi, psi_1, Psi} else ""
        return f"give {assignments(missing)}{choose}"

    def hypotheses(self) -> dict[str, bool]:
        """Return which hypotheses without quantifiers hold, of those the values decide."""
        decide = Decider(self.inputs)
        plain = [h for h in self.statement.hypotheses if not isinstance(h.formula, ForAll)]
        found = {h.name: decide(h.formula) for h in plain}
        decided = {Answer.HOLDS: True, Answer.FAILS: False}
        return {name: decided[answer] for name, answer in found.items() if answer in decided}


def _is_short(value: Fraction, digits: int) -> bool:
    """Whether a decimal of about that many digits is the value exactly."""
    scaled = value * 10 ** (digits + 2)
    return scaled.denominator == 1 and abs(value) < 10**_MOST_PLACES


def narrow(found: Range, digits: int) -> Enclosure | None:
    """Return an enclosure narrow in itself and beside the value; None if the range is too wide."""
    ball = to_ball(found)
    size = ball.abs_lower()
    magnitude = float((size.log() / arb(10).log()).mid()) if size > 0 else -inf  # bounds nothing
    if magnitude < -_MOST_PLACES and ball.abs_upper() * 10 ** (digits + 3) < 1:
        return _tiny(found, Fraction(1, 10 ** (digits + 1)))
    if magnitude >= _LARGE:
        return _to_significant(ball, digits) if magnitude < _MOST_PLACES else None
    places = digits + max(0, 1 - floor(magnitude)) if size > 0 else digits
    return Enclosure.to_places(ball, places) if ball.rad() * 10 ** (places + 3) < 1 else None


def _tiny(found: Range, unit: Fraction) -> Enclosure:
    """Enclose a number nearer to 0 than the unit, whose own digits would be too many."""
    return Enclosure(
        Fraction(0) if found.lower >= 0 else -unit, Fraction(0) if found.upper <= 0 else unit
    )


def _to_significant(ball: arb, digits: int) -> Enclosure | None:
    accurate = ball.rad() * 10 ** (digits + 3) < ball.abs_lower()
    return Enclosure.from_ball(ball, digits + 3) if accurate else None
