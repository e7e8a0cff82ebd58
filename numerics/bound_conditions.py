"""Whether a bound holds at the values given: its own condition and the statement's hypotheses.

Each is decided as far as the values go. What certainly fails, and what is too close to call, is a
reason not to give the bound; what needs values that are missing is only said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sympy import Ge, Gt, Le, Lt, Or, Symbol, true
from sympy.logic.boolalg import And, Implies, Not

from numerics.inputs.values import SIZES, Inputs
from numerics.rigorous.programs import BallError
from numerics.rigorous.ranges import Range
from numerics.rigorous.rational_terms import RationalTerms
from theory.formulas import ForAll
from theory.statement import Bound
from theory.typesetting.notation import readable
from theory.validity import claims_something, condition

_BITS = 128


class Answer(Enum):
    """What the values say of a formula."""

    HOLDS = "holds"
    FAILS = "fails"
    CLOSE = "too close to call"
    OPEN = "needs values that are missing"


_FOR_ALL = (Answer.FAILS, Answer.CLOSE, Answer.OPEN)
_FOR_ANY = (Answer.HOLDS, Answer.OPEN, Answer.CLOSE)
_OPPOSITE = {Answer.HOLDS: Answer.FAILS, Answer.FAILS: Answer.HOLDS}


@dataclass(frozen=True)
class Standing:
    """Whether a bound holds at the values.

    Parameters
    ----------
    holds : bool or None
        Whether its condition holds and no hypothesis fails of those that the values decide; None if
        that cannot be told, or depends on values that are missing.
    refused : str
        Why the bound cannot be given as one; empty if it can.
    """

    holds: bool | None
    refused: str = ""


def standing(inputs: Inputs, bound: Bound, root: Range | None = None) -> Standing:
    """Decide whether a bound holds; ``root`` is where the open input lies, if one has been found.

    A bound that claims nothing, such as an abbreviation, always holds.
    """
    decide = Decider(inputs, root)
    asked = [(text, decide(formula)) for text, formula in _asked(inputs, bound)]
    for text, answer in asked:
        if answer is Answer.FAILS:
            return Standing(False, f"does not hold here: it needs {text}")
    for text, answer in asked:
        if answer is Answer.CLOSE:
            return Standing(None, f"cannot be given: it is too close to call whether {text}")
    return Standing(None if decide(condition(inputs.statement, bound)) is Answer.OPEN else True)


def _asked(inputs: Inputs, bound: Bound) -> Iterator[tuple[str, Any]]:
    if not claims_something(bound):
        return
    own = condition(inputs.statement, bound)
    yield readable(own), own
    for hypothesis in inputs.statement.hypotheses:
        if not isinstance(hypothesis.formula, ForAll):
            yield f"{hypothesis.name}, {readable(hypothesis.formula)}", hypothesis.formula


@dataclass(frozen=True)
class Decider:
    """Decides quantifier-free formulas at the values of some inputs.

    Parameters
    ----------
    inputs : Inputs
        The values.
    root : Range, optional
        Where the open input lies; without it, whatever depends on that is open.
    """

    inputs: Inputs
    root: Range | None = None

    def __call__(self, formula: Any) -> Answer:
        """Decide a formula, connective by connective: one part may settle it."""
        if formula is true:
            return Answer.HOLDS
        if isinstance(formula, (And, Or)):
            order = _FOR_ALL if isinstance(formula, And) else _FOR_ANY
            return _first(order, [self(part) for part in formula.args])
        if isinstance(formula, Implies):
            return self(Or(Not(formula.args[0]), formula.args[1], evaluate=False))
        if isinstance(formula, Not):
            inner = self(formula.args[0])
            return _OPPOSITE.get(inner, inner)
        return self._atom(formula)

    def _atom(self, formula: Any) -> Answer:
        unfolded = self.inputs.unfold(formula)
        unknown = self._unknown(unfolded)
        if not unknown:
            return _answer(self._value(unfolded))
        return Answer.FAILS if self._absurd(formula) else Answer.OPEN

    def _unknown(self, unfolded: Any) -> set[Symbol]:
        missing = set(self.inputs.unfold.missing(unfolded))
        unsolved = set() if self.root is not None else set(self.inputs.open)
        return missing | unfolded.free_symbols & unsolved

    def _value(self, unfolded: Any) -> bool | None:
        if self.root is None or not unfolded.free_symbols & set(self.inputs.open):
            return self.inputs.holds(unfolded)
        try:
            program = RationalTerms(self.inputs.values).program(unfolded, self.inputs.open)
            return program.at(_BITS, self.root)
        except BallError:
            return None

    def _absurd(self, formula: Any) -> bool:
        """Whether a relation says that a size, whatever its value, is below a negative number."""
        if not isinstance(formula, (Ge, Gt, Le, Lt)) or not isinstance(formula.lts, SIZES):
            return False
        sign = Ge if isinstance(formula, (Ge, Le)) else Gt
        unfolded = self.inputs.unfold(sign(formula.gts, 0, evaluate=False))
        return not self._unknown(unfolded) and self._value(unfolded) is False


def _first(order: Sequence[Answer], answers: Sequence[Answer]) -> Answer:
    """Return the first of the answers in an order, else the one that all parts agree on."""
    for answer in order:
        if answer in answers:
            return answer
    return Answer.HOLDS if order is _FOR_ALL else Answer.FAILS


def _answer(value: bool | None) -> Answer:
    return {True: Answer.HOLDS, False: Answer.FAILS, None: Answer.CLOSE}[value]
