"""Inverses found by undoing one operation after the other."""

import pytest
from sympy import Expr, Rational, Symbol, acosh, atan, cosh, exp, log, sinh, sqrt, tanh

from theory.inversion import inverse_of

x, w = Symbol("x", positive=True), Symbol("w", positive=True)
HALF = Rational(1, 2)


@pytest.mark.parametrize(
    "term",
    [
        x**2 / 2,
        x ** Rational(7, 3) / 5,
        log(cosh(x)),
        log(1 + x**2) / 2,
        sqrt(1 + x**2) - 1,
        1 - exp(-(x**2)),
        x**2 / (1 + x**2),
        sinh(x) ** 2,
        exp(x**2) - 1,
        atan(x) ** 2,
        tanh(x / 3) ** 4,
    ],
    ids=str,
)
@pytest.mark.parametrize("point", [HALF, Rational(3, 2)])
def test_the_inverse_undoes_the_function(term: Expr, point: Rational) -> None:
    inverse = inverse_of(term, x, w)
    assert inverse is not None
    assert abs(inverse.subs(w, term.subs(x, point)).evalf(30) - point) < Rational(1, 10**25)


def test_cosh_has_its_positive_branch() -> None:
    assert inverse_of(cosh(x) - 1, x, w) == acosh(w + 1)


@pytest.mark.parametrize("term", [x - log(1 + x), x**2 + x**3, x * atan(x)], ids=str)
def test_what_cannot_be_isolated_is_left(term: Expr) -> None:
    assert inverse_of(term, x, w) is None
