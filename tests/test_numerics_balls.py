"""Balls enclose, refuse and compare as they promise: checked against mpmath and exact rationals."""

import random
from decimal import Decimal
from fractions import Fraction

import pytest
import sympy as sp
from flint import arb, ctx, fmpq

from numerics.rigorous.balls import (
    BallError,
    decide_at_point,
    enclosure_text,
    evaluate,
    evaluate_range,
    exact_fraction,
    holds,
    interval,
    rational_ball,
    rational_bounds,
)
from numerics.rigorous.ranges import INFINITY, Range, enclose, to_ball

x, y = sp.symbols("x y")
HALF = sp.Rational(1, 2)

# (function, low, high): on [low, high] it is defined.
FUNCTIONS = [
    (sp.exp(x), -3, 3),
    (sp.log(x), Fraction(1, 8), 9),
    (sp.sqrt(x), 0, 9),
    (x ** sp.Rational(2, 3), 0, 9),
    (x ** sp.Rational(-3, 2), Fraction(1, 4), 9),
    (x**-3, Fraction(1, 4), 9),
    (x**2 - 3 * x, -3, 3),
    (sp.tanh(x), -30, 30),
    (sp.sinh(x), -3, 3),
    (sp.cosh(x), -3, 3),
    (sp.sech(x), -30, 30),
    (sp.atan(x), -9, 9),
    (sp.asinh(x), -9, 9),
    (sp.acosh(x), 1, 9),
    (sp.atanh(x), Fraction(-15, 16), Fraction(15, 16)),
    (sp.asin(x), -1, 1),
    (sp.erf(x), -4, 4),
    (sp.erfc(x), -4, 4),
    (sp.sin(x), -9, 9),
    (sp.cos(x), -9, 9),
    (sp.tan(x), Fraction(-3, 2), Fraction(3, 2)),
    (sp.Abs(x), -3, 3),
    (sp.LambertW(x), Fraction(-1, 4), 9),
    (x**x, Fraction(1, 8), 4),
    (sp.Max(x, 1 - x), -3, 3),
    (sp.Min(x, 1 - x), -3, 3),
    (sp.Piecewise((x**2, x < 1), (sp.exp(x), True)), -3, 3),
    (sp.exp(-(x**2)) / (1 + x**2) - sp.pi, -3, 3),
]


def _between(low, high, source):
    return Fraction(low) + (Fraction(high) - Fraction(low)) * Fraction(source.randint(0, 64), 64)


def _truth(expr, point):
    """The value by an independent road: SymPy's evaluation through mpmath, 60 digits."""
    return sp.N(expr.subs(x, sp.Rational(point)), 60)


@pytest.mark.parametrize("case", FUNCTIONS, ids=lambda c: str(c[0]))
def test_a_value_lies_in_its_ball_and_the_ball_is_thin(case):
    expr, low, high = case
    source = random.Random(str(expr))
    for _ in range(25):
        point = _between(low, high, source)
        ball = evaluate(expr, {x: rational_ball(point)}, 192)
        if not ball.is_finite():
            # A rational that is not a dyadic sits in a ball that may stick out of the domain.
            assert point in (low, high)
            continue
        below, above = rational_bounds(ball)
        truth = sp.Rational(str(_truth(expr, point)))
        slack = sp.Rational(1, 10**50) * (1 + abs(truth))
        assert below - slack <= truth <= above + slack
        assert above - below < Fraction(1, 10**25) * (1 + abs(Fraction(above)))


@pytest.mark.parametrize("case", FUNCTIONS, ids=lambda c: str(c[0]))
def test_a_range_contains_the_values_at_all_its_points(case):
    expr, low, high = case
    source = random.Random(repr(expr))
    for _ in range(20):
        a, b = sorted((_between(low, high, source), _between(low, high, source)))
        box = Range(arb(fmpq(a.numerator, a.denominator)), arb(fmpq(b.numerator, b.denominator)))
        found = evaluate_range(expr, {x: box}, 128)
        assert found.defined
        for _ in range(5):
            value = evaluate_range(expr, {x: enclose(rational_ball(_between(a, b, source)))}, 128)
            if value.defined:
                assert found.lower <= value.upper
                assert value.lower <= found.upper


def test_half_lines_and_the_limits_on_them():
    line = {x: Range(arb(0), INFINITY)}
    found = evaluate_range(sp.exp(-x) / (1 + x), line)
    assert found.lower == 0
    assert found.upper == 1
    assert evaluate_range(sp.tanh(x), line).upper == 1
    assert not evaluate_range(sp.exp(x), line).bounded
    assert evaluate_range(sp.exp(x), line).lower == 1


@pytest.mark.parametrize(
    "expr",
    [sp.sqrt(x), sp.log(x), 1 / x, x**-2, sp.tan(x + 2), sp.acosh(x), sp.atanh(2 * x), x**x,
     x ** sp.Rational(1, 3), sp.asin(3 * x), sp.LambertW(x - 1), sp.coth(x), sp.csc(x)],
    ids=str,
)  # fmt: skip
def test_where_a_value_may_fail_to_exist_the_ball_is_not_finite(expr):
    assert not evaluate(expr, {x: interval(-1, 1)}).is_finite()


def test_wide_balls_that_arb_itself_gives_up_on():
    wide = {x: interval(-1, 1)}
    assert evaluate(x**2, wide).is_finite()
    assert evaluate(sp.tanh(x), {x: interval(-100, 100)}).is_finite()
    low, high = rational_bounds(evaluate(sp.tanh(x), {x: interval(-100, 100)}))
    assert -Fraction(1001, 1000) < low < high < Fraction(1001, 1000)


@pytest.mark.parametrize(
    ("expr", "named"),
    [
        (sp.Float("0.5") * x, "0.5"),
        (sp.Function("f")(x), "f"),
        (sp.gamma(x), "gamma"),
        (x + y, "y"),
        (sp.I * x, "I"),
        (sp.oo + sp.S(0), "oo"),
        (sp.Integral(sp.exp(x**2), x), "Integral"),
    ],
)
def test_what_cannot_be_enclosed_is_refused_by_name(expr, named):
    with pytest.raises(BallError) as caught:
        evaluate(expr, {x: arb(1)})
    assert named in str(caught.value)


def test_only_exact_numbers_become_balls():
    for value in (3, Fraction(1, 3), fmpq(1, 3), sp.Rational(1, 3)):
        assert exact_fraction(value) in (3, Fraction(1, 3))
    for value in (0.1, "1/3", sp.Float("0.1"), sp.pi):
        with pytest.raises(BallError):
            exact_fraction(value)


def test_an_interval_holds_its_ends_and_cannot_be_empty():
    third = interval(Fraction(1, 3), Fraction(2, 3))
    for end in (Fraction(1, 3), Fraction(1, 2), Fraction(2, 3)):
        assert third.contains(fmpq(end.numerator, end.denominator))
    with pytest.raises(BallError):
        interval(1, 0)


def test_texts_are_rounded_outward():
    source = random.Random(5)
    for _ in range(300):
        a = Fraction(source.randint(-(10**9), 10**9), source.randint(1, 10**9))
        b = a + Fraction(source.randint(0, 10**3), source.randint(1, 10**9))
        ball = interval(a, b)
        for digits in (1, 3, 17, 40):
            low, high = enclosure_text(ball, digits)
            assert Fraction(Decimal(low)) <= a <= b <= Fraction(Decimal(high))
            assert len(low.replace("-", "").replace(".", "").lstrip("0").split("E")[0]) <= digits
    assert enclosure_text(arb(0), 5) == ("0", "0")
    pi = enclosure_text(evaluate(sp.pi, {}, 200), 10)
    assert pi == ("3.141592653", "3.141592654")


def test_bounds_do_not_depend_on_the_precision_in_force():
    ball = evaluate(sp.pi, {}, 300)
    with ctx.workprec(10):
        low, high = rational_bounds(ball)
    assert high - low < Fraction(1, 2**280)
    assert Fraction("3.14159265358979323846") < low < high < Fraction("3.14159265358979323847")
    with pytest.raises(BallError):
        rational_bounds(arb.nan())


def test_the_precision_in_force_is_restored():
    before = ctx.prec
    evaluate(sp.exp(x), {x: arb(1)}, 500)
    decide_at_point(sp.exp(x) > 1, {x: 1})
    holds(sp.exp(x) > 1, {x: arb(1)}, 300)
    assert ctx.prec == before


RELATIONS = [
    (sp.Lt(x, 2), (0, 1), True),
    (sp.Lt(x, 1), (1, 2), None),  # a ball's ends are not the interval's
    (sp.Lt(x, 0), (1, 2), False),
    (sp.Le(x**2, 4), (-1, 1), True),
    (sp.Gt(sp.exp(x), 1), (-1, 1), None),
    (sp.Ge(sp.exp(x), 0), (-1, 1), True),
    (sp.Eq(x, 1), (0, 2), None),
    (sp.Eq(x, 1), (2, 3), False),
    (sp.Ne(x, 1), (2, 3), True),
    (sp.Eq(x, x, evaluate=False), (0, 1), True),
    (sp.Eq(sp.log(x), sp.log(x), evaluate=False), (-1, 1), None),
    (sp.And(x > -2, x < 2), (-1, 1), True),
    (sp.Or(x > 5, x < 2), (-1, 1), True),
    (sp.Implies(sp.Gt(x, 5), sp.Lt(x, -7), evaluate=False), (-1, 1), True),
    (sp.Not(sp.And(x > -2, x < 2, evaluate=False), evaluate=False), (-1, 1), False),
    (sp.Gt(1 / x, -100, evaluate=False), (-1, 1), None),
]


@pytest.mark.parametrize("case", RELATIONS, ids=lambda c: f"{c[0]} on {c[1]}")
def test_a_relation_is_answered_only_when_certain(case):
    relation, (low, high), expected = case
    assert holds(relation, {x: interval(low, high)}) is expected


@pytest.mark.parametrize("exponent", [12, 60, 300, 900])
@pytest.mark.parametrize("shift", [1, -1])
def test_precision_rises_until_a_tiny_difference_shows(exponent, shift):
    tiny = sp.Rational(shift, 10**exponent)
    claim = sp.exp(x) * sp.exp(-x + 1) < sp.E + tiny
    assert decide_at_point(claim, {x: Fraction(1, 3)}) is (shift > 0)


def test_equal_numbers_in_disguise_are_equal_and_undefined_ones_are_not():
    claim = sp.Eq((1 + sp.sqrt(x)) ** 2, 1 + 2 * sp.sqrt(x) + x, evaluate=False)
    assert decide_at_point(claim, {x: 2}) is True
    assert decide_at_point(claim, {x: -2}) is None
    assert decide_at_point(sp.Le((x + 1) ** 2, x**2 + 2 * x + 1), {x: 3}) is True
    assert decide_at_point(sp.Eq(sp.sqrt(x), sp.Rational(7, 5)), {x: 2}) is False
    assert decide_at_point(sp.Eq(sp.log(x), sp.log(x), evaluate=False), {x: -1}) is None


def test_a_coordinate_has_to_be_exact():
    with pytest.raises(BallError):
        decide_at_point(x > 0, {x: 0.5})


def test_a_range_and_its_ball():
    assert to_ball(Range(arb(1), arb(1))) == 1
    assert not to_ball(Range(arb(1), INFINITY)).is_finite()
    assert not enclose(arb.nan()).defined


def test_a_formula_is_read_once_but_decided_at_each_point() -> None:
    """Its program is kept; neither another point nor another formula gets its answer."""
    above, below = x > sp.Rational(1, 3), x < sp.Rational(1, 3)
    third = sp.Rational(333333, 10**6)
    for _ in range(2):
        assert decide_at_point(above, {x: third}) is False
        assert decide_at_point(above, {x: sp.Rational(1, 2)}) is True
        assert decide_at_point(below, {x: third}) is True
        assert decide_at_point(above, {x: sp.Rational(1, 3)}) is False
