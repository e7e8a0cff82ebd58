"""Enclosures as text, always rounded in the direction that keeps them true."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Any

from flint import arb

from numerics.rigorous.balls import enclosure_text, rational_bounds
from numerics.rigorous.ranges import Range
from numerics.rigorous.rounding import Bracket
from proofs_check.certifying.formulas import range_of

DIGITS = 17
"""Significant digits of an enclosure in JSON: as many as a double has."""


def decimals(found: Range | Bracket | None) -> dict[str, str] | None:
    """Return an enclosure as two decimals, rounded outward; None for what is not bounded."""
    if found is None:
        return None
    ends = range_of(found) if isinstance(found, Bracket) else found
    if not ends.bounded:
        return None
    lower, upper = enclosure_text(ends.lower, DIGITS)[0], enclosure_text(ends.upper, DIGITS)[1]
    return {"lower": lower, "upper": upper}


def above(found: Range | Bracket, digits: int = 4) -> str:
    """Return a short decimal that is not below the upper end."""
    return _short(_ends(found)[1], digits, ROUND_CEILING)


def below(found: Range | Bracket, digits: int = 4) -> str:
    """Return a short decimal that is not above the lower end."""
    return _short(_ends(found)[0], digits, ROUND_FLOOR)


def shown(found: Range | Bracket | None, digits: int = 6) -> str:
    """Return the digits that both ends share, or a nearby decimal with ≈, or both ends."""
    if found is None or not _bounded(found):
        return "unknown"
    low, high = _ends(found)
    first, last = (_short(end, digits, ROUND_FLOOR) for end in (low, high))
    if low == high == Fraction(first):
        return first
    if first == last:
        return f"{first}…"
    near, other = (_short(end, digits, ROUND_HALF_EVEN) for end in (low, high))
    return f"≈ {near}" if near == other else f"[{below(found)}, {above(found)}]"


def _bounded(found: Range | Bracket) -> bool:
    return found.upper.is_finite() if isinstance(found.upper, arb) else found.upper < float("inf")


def _ends(found: Range | Bracket) -> tuple[Fraction, Fraction]:
    return _exact(found.lower), _exact(found.upper)


def _exact(end: Any) -> Fraction:
    return rational_bounds(end)[0] if isinstance(end, arb) else Fraction(end)


def _short(value: Fraction, digits: int, rounding: str) -> str:
    context = Context(prec=digits, rounding=rounding)
    number = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    return plain(number)


def plain(number: Decimal) -> str:
    """Write a decimal without an exponent where that stays short."""
    if number == 0 or -4 <= number.adjusted() < 7:
        text = f"{number:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return f"{number.normalize():e}"
