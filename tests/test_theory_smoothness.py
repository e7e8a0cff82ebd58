"""C¹ or not: cases, positivity from structure, and what is left open with its point."""

import pytest
from sympy import Piecewise, Rational, Symbol, cosh, exp, sin, sqrt, tanh

from theory.activations import ActivationError, ActivationUndecided, activation
from theory.cases import CasesUndecided, Interval, as_cases, breakpoints, pieces_of
from theory.expressions import parse_expression
from theory.positivity import is_nonnegative, is_nonzero, is_positive
from theory.smoothness import NotC1, SmoothnessUndecided, require_c1

x = Symbol("x")
LINE = Interval()
RIGHT, LEFT = Interval(low=Rational(0)), Interval(high=Rational(0))


def read(text):
    return parse_expression(text, {"x": x})


@pytest.mark.parametrize(
    ("text", "cuts"),
    [
        ("abs(x - 1) + max(x, 3*x)", [0, 1]),
        ("where(abs(x) < 2, 0, 1)", [-2, 0, 2]),
        ("where(x**2 < 1/4, x, 0)", [-Rational(1, 2), Rational(1, 2)]),
        ("abs(tanh(2*x - 1))", [Rational(1, 2)]),
        ("max(abs(x) - 1, 0)", [-1, 0, 1]),
        ("where(x**3 + x < 2, x, 0)", None),  # its real zero is 1, the others are complex
        ("x**2", []),
    ],
)
def test_breakpoints(text, cuts):
    assert breakpoints(read(text), x) == ([1] if cuts is None else cuts)


@pytest.mark.parametrize("text", ["abs(sin(x))", "where(x**2<2, 1, x)", "where(exp(x)<2, 1, x)"])
def test_switches_that_are_not_found_are_open(text):
    with pytest.raises(CasesUndecided, match="decides between cases"):
        breakpoints(read(text), x)


def test_powers_of_the_distance_from_a_cut_are_joined():
    pieces = [piece for piece, _ in pieces_of(read("x**2*sqrt(abs(x))"), x)]
    assert pieces == [(-x) ** Rational(5, 2), x ** Rational(5, 2)]
    assert as_cases(read("x*abs(x)"), x) == Piecewise((-(x**2), x < 0), (x**2, True))


@pytest.mark.parametrize(
    ("term", "domain"),
    [
        (x**2 + x + 1, LINE),
        (2 + sin(x) * tanh(x) ** 3, LINE),
        (cosh(x) - Rational(1, 2), LINE),
        (x + sqrt(x**2 + 1), LINE),
        (2 * sqrt(x**4 + x**2 + 1) - x, LINE),
        (x**3 + 1, RIGHT),
        (1 - x**3, LEFT),
        (exp(x) + sin(x) ** 2 + Rational(1, 9), LINE),
    ],
)
def test_positive(term, domain):
    assert is_positive(term, x, domain)
    assert is_nonzero(term, x, domain)
    assert is_nonzero(-term, x, domain)
    assert not is_positive(-term, x, domain)


@pytest.mark.parametrize(
    ("term", "domain"),
    [
        (x**2 + x - 1, LINE),
        (1 + sin(x), LINE),
        (x + sqrt(x**2), LINE),
        (x + sqrt(x**2 + 1) - 1, LINE),
        (x**3 + 1, LINE),
        (x**2, RIGHT),
        (2 * tanh(x) + 1, LEFT),
        (2 * tanh(x) + 1, LINE),
        (x**5 - x - 1, RIGHT),
        (cosh(x) - 1, LINE),
        (exp(x) - 1, RIGHT),
    ],
)
def test_not_shown_to_be_positive(term, domain):
    assert not is_positive(term, x, domain)


def test_zero_at_an_end_counts():
    assert is_nonnegative(x, x, RIGHT)
    assert not is_nonzero(x, x, RIGHT)
    assert not is_nonnegative(x, x, LEFT)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1/(x**2 - 2)", "x = -sqrt(2)"),
        ("floor(3*x)/7", "jumps at x = 0"),
        ("where(x < 1/3, 0, x - 1/3)", "φ' jumps at x = 1/3"),
        ("sign(x - 2)*(x - 2) + x", "φ' jumps at x = 2"),
        ("log(x - 5)", "no real value at x = 5"),
        ("1/(1 - abs(x))", "no real value at x = -1"),
    ],
)
def test_refusals_name_the_point(text, said):
    with pytest.raises(ActivationError, match=said.replace("(", r"\(").replace(")", r"\)")):
        activation(text)


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("where(x <= 0, 1, sin(x)/x)", (0,)),
        ("abs(x)**(3/2)", (0,)),
        ("1/(3 + x - tanh(x)*x)", ()),
        ("where(x >= 0, floor(x), 0)", ()),
    ],
)
def test_what_is_open_says_where(text, points):
    with pytest.raises(ActivationUndecided) as problem:
        activation(text)
    assert problem.value.open.points == points
    assert isinstance(problem.value.__cause__, SmoothnessUndecided)


def test_a_derivative_that_does_not_join_is_seen_however_small():
    with pytest.raises(NotC1, match="φ' jumps at x = 0"):
        require_c1(read("x + abs(x)*1e-20"), x)
    require_c1(read("where(x < 0, exp(x) - 1, log(1 + x))"), x)
