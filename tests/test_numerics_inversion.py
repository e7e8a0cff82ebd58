"""Monotone bounds inverted: roots that contain the closed form, refusals where not monotone."""

from fractions import Fraction

import pytest
from mpmath import mp
from sympy import And, Eq, Max, Piecewise, exp, log, sin, sqrt

from numerics.bounds import MissingValue, evaluate_bound
from numerics.inputs.values import InputError
from numerics.rigorous.inversion import NotInvertible, solve_bound
from theory.registry import statement
from theory.statement import Bound, Quantity, Statement
from theory.terms import real

x, y = real("x y")
FLOW = {"w_0": 1, "sigma_A": 1, "sigma_0": 1}


def made(bound, range_=x > 0):
    return Statement(
        title="bound",
        id="made",
        quantities=(Quantity(x, "x", range_), Quantity(y, "y")),
        hypotheses=(),
        conclusions={"trivial": Eq(x, x, evaluate=False)},
        steps=(),
        bounds=(Bound("b", bound),),
    )


def solve(bound, target, range_=x > 0, digits=20, between=None, **values):
    return solve_bound(made(bound, range_), "b", "x", target, values, digits, between=between)


def encloses(solution, text):
    return solution.root.lower <= Fraction(text) <= solution.root.upper


@pytest.mark.parametrize("digits", [3, 30, 100])
def test_the_radius_of_the_sharp_theorem(digits):
    """2/(1 + √(1 − 2Λ)) = 1.2 at Λ = 5/18."""
    found = solve_bound(statement("flow_sharp"), "travel_radius", "Λ", "1.2", FLOW, digits)
    assert found.root.lower <= Fraction(5, 18) <= found.root.upper
    assert found.root.width < Fraction(1, 10**digits)
    assert found.increasing
    assert found.bracket[0] <= found.root.lower <= found.root.upper <= found.bracket[1]


def test_the_root_is_one():
    """The bound at the ends of the enclosure lies on both sides of the target."""
    found = solve_bound(statement("flow_published"), "envelope", "t", "0.001",
                        {**FLOW, "Lambda": "0.1"}, 10)  # fmt: skip
    ends = [
        evaluate_bound(statement("flow_published"), "envelope",
                       {**FLOW, "Lambda": "0.1", "t": end}, 20)
        for end in (found.root.lower, found.root.upper)
    ]  # fmt: skip
    assert not found.increasing
    assert ends[0].lower > Fraction(1, 1000) > ends[1].upper


@pytest.mark.parametrize(
    ("bound", "target", "range_", "root"),
    [
        (x**2, 2, x > 0, mp.mpf(2) ** 0.5),
        (1 / x, "1/3", x > 0, mp.mpf(3)),
        (log(x), 0, x > 0, mp.mpf(1)),
        (exp(-x), "0.5", x >= 0, mp.log(2)),
        (x**3, -8, Eq(y, y, evaluate=False), mp.mpf(-2)),
        (sqrt(1 - x), "0.5", x >= 0, mp.mpf("0.75")),
        (log(x) - log(1 - x), 0, And(x > 0, x < 1), mp.mpf("0.5")),
        (Max(x, x**2), "0.25", x > 0, mp.mpf("0.25")),
        (Max(x, x**2), 9, x > 0, mp.mpf(3)),
        (sin(x), "0.5", And(x > 0, x < 1), mp.pi / 6),
        (x + 10**9, 10**9 + 5, x > 0, mp.mpf(5)),
    ],
)  # fmt: skip
def test_closed_forms(bound, target, range_, root):
    found = solve(bound, target, range_)
    with mp.workdps(30):
        assert abs(Fraction(mp.nstr(root, 15)) - found.root.lower) < Fraction(1, 10**10)


@pytest.mark.parametrize(
    ("bound", "target", "range_"),
    [
        ((x - 2) ** 2, 1, x > 0),  # twice
        (x * exp(-x), "0.1", x > 0),  # twice
        (x**3 - 3 * x + 1, "3.5", x > 0),  # once, but it falls before it rises
        (sin(x), "0.5", x > 0),
        (Piecewise((x, x < 1), (x - 1, True)), "0.5", x > 0),  # a jump back
    ],
)
def test_what_is_not_monotone_is_refused(bound, target, range_):
    with pytest.raises(NotInvertible):
        solve(bound, target, range_)


@pytest.mark.parametrize(
    ("bound", "target"),
    [(exp(x), "0.5"), (1 / (1 + x), 2), (x / x + y, 5), (sqrt(-x), 1), (x**0 * y, 0)],
)
def test_a_value_that_is_not_taken_is_refused(bound, target):
    with pytest.raises(NotInvertible):
        solve(bound, target, y=5)


def test_a_pole_is_no_root():
    """1/(x − 1) changes sign at 1, where it has no value."""
    with pytest.raises(NotInvertible):
        solve(1 / (x - 1), 0)
    assert encloses(solve(1 / (x - 1), 1), "2")


def test_where_to_look_may_be_said():
    valley = (x - 2) ** 2
    assert encloses(solve(valley, 1, between=("2", "10")), "3")
    assert encloses(solve(valley, 1, between=("0", "2")), "1")
    with pytest.raises(NotInvertible):
        solve(valley, 1, between=("4", "5"))


def test_a_root_out_of_range_is_refused():
    with pytest.raises(NotInvertible, match="out of range"):
        solve(x, 3, And(x > 0, x**2 < 4))


def test_what_is_given_and_what_is_missing():
    with pytest.raises(InputError, match="solved for"):
        solve(x + y, 1, y=0, x=1)
    with pytest.raises(MissingValue, match="needs y"):
        solve(x + y, 1)
    with pytest.raises(InputError, match="no number"):
        solve(x, "much")
    with pytest.raises(InputError, match="no symbol"):
        solve_bound(made(x), "b", "z", 1, {})
