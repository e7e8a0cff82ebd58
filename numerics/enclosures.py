"""A real number known between two finite decimals: what a command prints and an API returns.

Engines and searches work with balls (``flint.arb``) and ranges; an ``Enclosure`` is the end of such
a computation, rounded outward once and kept exactly from there on.

    >>> from fractions import Fraction
    >>> third = Enclosure.between(Fraction(1, 3), Fraction(1, 3), significant=4)
    >>> print(third)
    [0.3333, 0.3334]
    >>> third.lower_float <= 1 / 3 <= third.upper_float
    True
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from typing import Any

import sympy as sp
from flint import arb, ctx

from numerics.rigorous.balls import exact_fraction, interval, rational_bounds

_LONGEST_RUN_OF_ZEROS = 50
_SIGNIFICANT = 15
_UNLIMITED = Context(MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX)


@dataclass(frozen=True)
class Enclosure:
    """A real number that is proved to lie in [lower, upper].

    Build one with ``to_places`` (a given absolute accuracy), ``from_ball`` or ``between`` (a given
    number of significant digits); these round outward.

    Parameters
    ----------
    lower, upper : Fraction
        The ends: finite decimals, lower ≤ upper.
    exact : Expr or None
        The number in closed form, where one is known.

    Raises
    ------
    ValueError
        If the ends are out of order, or one has no finite decimal expansion.
    """

    lower: Fraction
    upper: Fraction
    exact: sp.Expr | None = None

    def __post_init__(self) -> None:
        if self.lower > self.upper:
            raise ValueError(f"an enclosure needs lower <= upper, not [{self.lower}, {self.upper}]")
        _places(self.lower), _places(self.upper)

    @classmethod
    def to_places(cls, ball: arb, digits: int, exact: sp.Expr | None = None) -> Enclosure:
        """Return an enclosure with ``digits + 2`` decimal places.

        It is narrower than 10^−digits if the ball's radius is below 10^−(digits + 3), and then it
        contains the result for the same number at more digits: enclosures nest.

        Raises
        ------
        BallError
            If the ball is not finite.
        """
        return cls(*decimal_enclosure(ball, digits), exact)

    @classmethod
    def from_ball(
        cls, ball: arb, significant: int = _SIGNIFICANT, exact: sp.Expr | None = None
    ) -> Enclosure:
        """Return an enclosure whose ends have that many significant digits.

        Raises
        ------
        BallError
            If the ball is not finite.
        """
        return cls.between(*rational_bounds(ball), significant, exact)

    @classmethod
    def between(
        cls, lower: Any, upper: Any, significant: int = _SIGNIFICANT, exact: sp.Expr | None = None
    ) -> Enclosure:
        """Return an enclosure of a number between two exact rationals, ends rounded outward.

        Parameters
        ----------
        lower, upper : int, Fraction, fmpq or sympy.Rational
        significant : int
            Digits of each end, at least 1.
        exact : Expr, optional
            The number in closed form.

        Raises
        ------
        BallError
            If an end is not an exact rational.
        """
        low = _rounded(exact_fraction(lower), significant, ROUND_FLOOR)
        return cls(low, _rounded(exact_fraction(upper), significant, ROUND_CEILING), exact)

    @property
    def width(self) -> Fraction:
        """The distance of the ends, exactly."""
        return self.upper - self.lower

    @property
    def digits(self) -> int | None:
        """The largest d with width < 10^−d (negative for wide ones); None if the width is 0."""
        return -1 - _exact_decimal(self.width).adjusted() if self.width else None

    @property
    def decimals(self) -> tuple[str, str]:
        """The ends as decimal text, exactly."""
        return decimal_text(self.lower), decimal_text(self.upper)

    @property
    def lower_float(self) -> float:
        """The largest float that is not above the number's lower end."""
        near = _nearest_float(self.lower)
        return near if near <= self.lower else math.nextafter(near, -math.inf)

    @property
    def upper_float(self) -> float:
        """The least float that is not below the number's upper end."""
        near = _nearest_float(self.upper)
        return near if near >= self.upper else math.nextafter(near, math.inf)

    @cached_property
    def ball(self) -> arb:
        """A ball that contains [lower, upper], and hardly more."""
        parts = (self.lower.numerator, self.lower.denominator, self.upper.numerator)
        with ctx.workprec(64 + 2 * max(part.bit_length() for part in parts)):
            return interval(self.lower, self.upper)

    def contains(self, value: Any) -> bool:
        """Whether an exact rational lies between the ends."""
        return self.lower <= exact_fraction(value) <= self.upper

    def to_json(self) -> dict[str, str]:
        """Return ``{"lower": ..., "upper": ...}``, decimals as text."""
        return dict(zip(("lower", "upper"), self.decimals, strict=True))

    def __float__(self) -> float:
        """Return ``upper_float``: rounded up, so never below the number."""
        return self.upper_float

    def __str__(self) -> str:
        low, high = self.decimals
        return low if low == high else f"[{low}, {high}]"

    @property
    def latex(self) -> str:
        """LaTeX of the enclosure, with the closed form before it if one is known."""
        low, high = (_latex_decimal(text) for text in self.decimals)
        shown = low if low == high else rf"\left[{low},\, {high}\right]"
        if self.exact is None or (self.exact.is_Integer and low == high):
            return shown
        relation = "=" if low == high else r"\in"
        return rf"{sp.latex(self.exact)} {relation} {shown}"

    def _repr_latex_(self) -> str:
        return f"${self.latex}$"


def decimal_enclosure(ball: arb, digits: int) -> tuple[Fraction, Fraction]:
    """Return decimal fractions with ``digits + 2`` places around a ball, rounded outward.

    Unless the ball is a single number, it is first widened by 10^−(digits + 1) on both sides.
    If its radius is below 10^−(digits + 3), the result is narrower than 10^−digits and contains
    the result for the same number at more digits.

    Raises
    ------
    BallError
        If the ball is not finite.
    """
    low, high = rational_bounds(ball)
    margin = Fraction(0) if low == high else Fraction(1, 10 ** (digits + 1))
    scale = 10 ** (digits + 2)
    return (
        Fraction(floor((low - margin) * scale), scale),
        Fraction(ceil((high + margin) * scale), scale),
    )


def decimal_text(value: Fraction) -> str:
    """Return a decimal fraction exactly; with an exponent only for very large or small numbers.

    Raises
    ------
    ValueError
        If the number has no finite decimal expansion.
    """
    exact = _exact_decimal(value)
    if not value or -_LONGEST_RUN_OF_ZEROS < exact.adjusted() < _LONGEST_RUN_OF_ZEROS:
        return f"{exact:f}"
    return f"{exact.normalize(_UNLIMITED):E}"


def _exact_decimal(value: Fraction) -> Decimal:
    places = _places(value)
    whole = value.numerator * 10**places // value.denominator
    return Decimal(whole).scaleb(-places, _UNLIMITED)


def _places(value: Fraction) -> int:
    """Return how many decimal places the number has: its denominator is 2^a·5^b."""
    twos = (value.denominator & -value.denominator).bit_length() - 1
    rest, fives = value.denominator >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        raise ValueError(f"{value} has no finite decimal expansion")
    return max(twos, fives)


def _rounded(value: Fraction, digits: int, rounding: str) -> Fraction:
    context = Context(prec=digits, rounding=rounding, Emin=MIN_EMIN, Emax=MAX_EMAX)
    return Fraction(context.divide(Decimal(value.numerator), Decimal(value.denominator)))


def _nearest_float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _latex_decimal(text: str) -> str:
    mantissa, _, exponent = text.partition("E")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa
