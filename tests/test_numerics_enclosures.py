"""Enclosures: outward rounding everywhere, and nothing lost between the forms they are read in."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
import sympy as sp
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics.enclosures import Enclosure, decimal_enclosure, decimal_text
from numerics.rigorous.balls import rational_bounds
from numerics.rigorous.programs import BallError

FRACTIONS = st.fractions() | st.fractions(-(10**400), 10**400, max_denominator=10**9).map(
    lambda q: q * Fraction(7, 10) ** 60
)


@settings(max_examples=150, deadline=None)
@given(FRACTIONS, FRACTIONS, st.integers(1, 40))
def test_every_form_contains_what_it_was_made_of(a, b, significant):
    low, high = min(a, b), max(a, b)
    made = Enclosure.between(low, high, significant)
    assert made.lower <= low <= high <= made.upper
    assert made.contains(low)
    assert made.contains(high)
    slack = Fraction(10) ** (1 - significant)
    assert low - made.lower <= abs(low) * slack
    assert made.upper - high <= abs(high) * slack
    assert tuple(Fraction(text) for text in made.decimals) == (made.lower, made.upper)
    ends = rational_bounds(made.ball)
    assert ends[0] <= made.lower <= made.upper <= ends[1]
    assert made.lower_float <= made.lower
    assert made.upper_float >= made.upper
    assert float(made) == made.upper_float


@settings(max_examples=100, deadline=None)
@given(st.fractions(-1, 1), st.integers(0, 60), st.integers(1, 50))
def test_places_nest(value, tiny, digits):
    with ctx.workprec(500):
        ball = arb(value.numerator) / value.denominator + arb(0, "1e-70") * tiny
        found = [Enclosure.to_places(ball, digits + more) for more in (0, 1, 10)]
    for coarse, fine in pairwise(found):
        assert coarse.lower <= fine.lower <= value <= fine.upper <= coarse.upper
    assert all(
        e.width < Fraction(1, 10 ** (digits + m)) for e, m in zip(found, (0, 1, 10), strict=True)
    )


def test_floats_are_the_nearest_ones_outward():
    tenth = Enclosure(Fraction(1, 10), Fraction(1, 10))
    assert tenth.upper_float == 0.1 > Fraction(1, 10) > tenth.lower_float
    assert Enclosure(Fraction(1, 4), Fraction(1, 4)).lower_float == 0.25
    huge = Enclosure.from_ball(arb(10**5).exp())
    assert huge.lower_float == pytest.approx(1.797e308, rel=1e-3)
    assert huge.upper_float == float("inf")
    assert Enclosure.between(-(10**400), 0).lower_float == float("-inf")


@pytest.mark.parametrize(
    ("low", "high", "digits"),
    [("0.1", "0.2", 0), ("0", "0.09", 1), ("0", "10", -2), ("1", "1", None)],
)
def test_digits(low, high, digits):
    made = Enclosure(Fraction(low), Fraction(high))
    assert made.digits == digits
    if digits is not None:
        assert made.width < Fraction(10) ** -digits
        assert made.width >= Fraction(10) ** -(digits + 1)


def test_text_and_latex():
    value = Enclosure.to_places(arb.pi(), 3, sp.pi)
    assert str(value) == "[3.14149, 3.1417]"
    assert value.to_json() == {"lower": "3.14149", "upper": "3.1417"}
    assert value._repr_latex_() == r"$\pi \in \left[3.14149,\, 3.1417\right]$"
    half = Enclosure(Fraction(1, 2), Fraction(1, 2))
    assert str(half) == "0.5"
    assert half._repr_latex_() == "$0.5$"
    tiny = Enclosure.from_ball(arb(-500).exp(), 3)
    assert str(tiny) == "[7.12E-218, 7.13E-218]"
    assert r"7.12 \cdot 10^{-218}" in tiny._repr_latex_()


def test_what_is_no_enclosure_is_refused():
    with pytest.raises(ValueError, match="lower <= upper"):
        Enclosure(Fraction(1), Fraction(0))
    with pytest.raises(ValueError, match="no finite decimal"):
        Enclosure(Fraction(1, 3), Fraction(1))
    with pytest.raises(BallError, match="not finite"):
        Enclosure.from_ball(arb.nan())
    with pytest.raises(BallError, match="exact rational"):
        Enclosure.between(0.1, 1)


def test_decimal_enclosures_nest_around_a_number_next_to_a_decimal():
    with ctx.workprec(400):
        for radius in ("1e-50", "1e-80"):
            ball = arb("0.25") + arb("-1e-40") + arb(0, radius)
            found = [decimal_enclosure(ball, digits) for digits in (3, 4, 10, 37, 38, 45)]
            for (low, high), (inner_low, inner_high) in pairwise(found):
                assert low <= inner_low < inner_high <= high


@pytest.mark.parametrize("text", ["0", "1.25", "-0.001", "120", "-3.5", "1E-60", "-2E+77"])
def test_decimals_are_written_exactly(text):
    assert Decimal(decimal_text(Fraction(text))) == Decimal(text)
    assert "E" not in decimal_text(Fraction(1, 10**40))
    with pytest.raises(ValueError, match="no finite decimal"):
        decimal_text(Fraction(1, 3))
