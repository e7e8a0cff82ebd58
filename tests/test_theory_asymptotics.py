"""Exponents of growth, read off the form of a positive term."""

import pytest
from sympy import Integer, Rational, exp, log, oo, sqrt, symbols

from theory.asymptotics import NoExponent, exponent

n, m, s = symbols("n m s")


@pytest.mark.parametrize(
    ("term", "towards", "expected"),
    [
        (n**2, oo, 2),
        (1 / n, oo, -1),
        (n + n**3, oo, 3),
        (n + n**3, 0, 1),
        (m * sqrt(n + m), oo, Rational(1, 2)),
        ((1 + 2 / n) ** 2, oo, 0),
        ((1 + 2 / n) ** 2, 0, -2),
        (log(n) * m, oo, 0),
        (n * log(n) + n, oo, 1),
        (Integer(7), oo, 0),
    ],
)
def test_exponents(term, towards, expected):
    assert exponent(term, n, towards) == expected


@pytest.mark.parametrize("term", [n**2 - n, exp(n), m**n, n - 1])
def test_what_may_cancel_is_refused(term):
    with pytest.raises(NoExponent):
        exponent(term, n)


def test_a_difference_without_the_symbol_is_a_constant():
    assert exponent(n * (1 - s), n) == 1
