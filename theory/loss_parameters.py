"""Parameters of losses: exact numbers in range, and the one error that refuses them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from sympy import Rational


class LossError(ValueError):
    """A loss is unknown or its parameters are out of range; the message says what to do."""


def exact(value: Any, what: str) -> Rational:
    """Return a number as an exact rational of moderate size.

    Raises
    ------
    LossError
        If it is not a finite number, or has more than 60 digits.
    """
    if isinstance(value, bool) or not isinstance(
        value, (int, float, str, Fraction, Decimal, Rational)
    ):
        raise LossError(f"{what} has to be a number, not {type(value).__name__}")
    if isinstance(value, Rational):
        return value
    text = str(value)
    if len(text) > 60:
        raise LossError(f"{what} has more than 60 digits")
    try:
        if "/" not in text and abs(Decimal(text).adjusted()) > 60:
            raise LossError(f"{what} = {text} is out of range")
        number = Fraction(text)
    except (ArithmeticError, ValueError) as problem:
        if isinstance(problem, LossError):
            raise
        raise LossError(f"{what} = {text!r} is not a finite number") from problem
    return Rational(number.numerator, number.denominator)


def require_exponent(p: Rational) -> None:
    """Refuse an exponent for which the loss is not C¹, or that is too large or too fine."""
    if not 1 < p <= 64:
        raise LossError(f"p = {p} is out of range; the loss is C¹ for p > 1 (and p ≤ 64 here)")
    if p.q > 1000:
        raise LossError(f"p = {p} has too large a denominator; use at most three decimals")


def require_positive(name: str, value: Rational) -> None:
    """Refuse a parameter that is not positive."""
    if not value > 0:
        raise LossError(f"{name} = {value} is out of range; it has to be positive")
