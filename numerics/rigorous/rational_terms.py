"""Terms at exact values: what is rational is computed exactly, the rest enclosed in ranges.

An exact 0 under a root, or in a denominator, is then seen to be 0 and not a ball around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod
from typing import Any

from flint import ctx
from sympy import Add, Dummy, Mul, Pow, Rational, Symbol

from numerics.rigorous.balls import exact_fraction, rational_ball
from numerics.rigorous.programs import Program
from numerics.rigorous.ranges import Range, enclose
from theory.formulas import rebuild

_LARGEST_POWER = 1000
_LARGEST = 100_000  # bits
PRECISIONS = (64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384)


@dataclass
class RationalTerms:
    """Terms of symbols with exact values.

    Parameters
    ----------
    values : mapping of Symbol to Fraction
        The exact values.
    """

    values: Mapping[Symbol, Fraction]
    _known: dict[Any, Fraction | None] = field(default_factory=dict)

    def exact(self, term: Any) -> Fraction | None:
        """Return a term's value if it is rational by arithmetic alone."""
        if term not in self._known:
            self._known[term] = self._computed(term)
        return self._known[term]

    def _computed(self, term: Any) -> Fraction | None:
        if isinstance(term, Symbol):
            return self.values.get(term)
        if isinstance(term, Rational):
            return exact_fraction(term) if term.is_finite else None
        if not isinstance(term, (Add, Mul, Pow)):
            return None
        parts = [self.exact(arg) for arg in term.args]
        known = [part for part in parts if part is not None and _is_moderate(part)]
        if len(known) < len(parts):
            return None
        if isinstance(term, Pow):
            return _power(*known)
        return sum(known, Fraction(0)) if isinstance(term, Add) else prod(known, start=Fraction(1))

    def program(self, term: Any, free: tuple[Symbol, ...] = ()) -> FixedProgram:
        """Compile a term or relation; its rational parts become inputs of exact value.

        Raises
        ------
        BallError
            If a part of it has no enclosure.
        """
        parts: dict[Any, Symbol] = {}
        written = self._written(term, parts)
        values = tuple(self.exact(part) or Fraction(0) for part in parts)
        return FixedProgram(Program(written, (*parts.values(), *free)), values)

    def _written(self, term: Any, parts: dict[Any, Symbol]) -> Any:
        if self.exact(term) is not None and not isinstance(term, Rational):
            # Different parts are different symbols even if equal in value: nothing cancels.
            return parts.setdefault(term, Dummy())
        if not term.args:
            return term
        return rebuild(term, [self._written(arg, parts) for arg in term.args])

    def decide(self, formula: Any) -> bool | None:
        """Whether a formula holds, at increasing precision; None if it is too close to call.

        Raises
        ------
        BallError
            If a part of it has no enclosure.
        """
        program = self.program(formula)
        for precision in PRECISIONS[:-2]:
            answer = program.at(precision)
            if answer is not None:
                return bool(answer)
        return None


@dataclass(frozen=True)
class FixedProgram:
    """A program whose first inputs are exact numbers."""

    program: Program
    values: tuple[Fraction, ...]

    def at(self, precision: int, *free: Range) -> Any:
        """Return the range (or the truth value) at a precision in bits."""
        with ctx.workprec(precision):
            fixed = [enclose(rational_ball(value)) for value in self.values]
            return self.program.run([*fixed, *free])


def _is_moderate(value: Fraction) -> bool:
    return max(value.numerator.bit_length(), value.denominator.bit_length()) <= _LARGEST


def _power(base: Fraction, exponent: Fraction) -> Fraction | None:
    if exponent.denominator != 1 or abs(exponent) > _LARGEST_POWER or not (base or exponent > 0):
        return None
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if bits * abs(exponent) > _LARGEST:
        return None
    return base ** int(exponent)
