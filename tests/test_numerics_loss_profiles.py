"""Profiles of typed losses: pieces, levels, and the constants computed from them."""

from fractions import Fraction

import pytest
from flint import arb, ctx

from numerics.losses.profiles import (
    LevelUndecided,
    Profile,
    grows_to_infinity,
    joint_gaps,
    least_ratio,
    level_point,
    limit_enclosure,
    ratio_at_level,
    read_profile,
)
from theory.activations import X
from theory.expressions import ExpressionError, parse_expression

HUBER = "where(abs(s) < 2, s**2/2, 2*abs(s) - 2)"


def profile(text: str) -> Profile:
    return read_profile(parse_expression(text, {"s": X}))[0]


def test_a_profile_is_cut_where_either_side_switches() -> None:
    right, left = read_profile(parse_expression("where(s < -3, -s, s**2)", {"s": X}))
    assert right.cuts == left.cuts == (3,)
    assert [p.expression for p in right.pieces] == [X**2, X**2]
    assert [p.expression for p in left.pieces] == [X**2, X]


def test_jumps_are_exact() -> None:
    huber = profile(HUBER)
    assert joint_gaps(huber, 0) == [(2, 0)]
    assert joint_gaps(huber, 1) == [(2, 0)]
    assert joint_gaps(huber, 2) == [(2, -1)]


def test_a_switch_at_an_irrational_point_is_refused() -> None:
    with pytest.raises(ExpressionError, match="not rational"):
        profile("where(s**2 < 2, s**2/2, sqrt(2)*abs(s) - 1)")


@pytest.mark.parametrize("digits", [5, 40])
def test_a_level_is_enclosed_as_closely_as_asked(digits: int) -> None:
    low, high = level_point(profile("s**2/2"), Fraction(1), digits)
    assert low**2 <= 2 <= high**2
    assert high - low <= low / 10**digits


def test_a_level_that_a_dyadic_point_takes_exactly_is_enclosed() -> None:
    low, high = level_point(profile("s**2/2"), Fraction(1, 2), 20)
    assert low <= 1 <= high
    assert high - low < Fraction(1, 10**19)


def test_a_level_that_is_not_reached_is_open() -> None:
    with pytest.raises(LevelUndecided, match="exceed"):
        level_point(profile("1 - exp(-s**2)"), Fraction(2), 10)


def test_the_limit_of_a_bounded_profile_is_enclosed() -> None:
    found = limit_enclosure(profile("3*s**2/(1 + s**2)"), 8)
    assert found is not None
    assert found.lower < 3 <= found.upper
    assert found.upper - found.lower < arb("1e-8")


@pytest.mark.parametrize("text", ["log(1 + s**2)/2", "log(cosh(s))", HUBER, "sqrt(1 + s**2) - 1"])
def test_unbounded_profiles_are_seen(text: str) -> None:
    assert grows_to_infinity(profile(text))
    assert limit_enclosure(profile(text), 8) is None


def test_bounded_profiles_are_not_taken_for_unbounded() -> None:
    assert not grows_to_infinity(profile("1 - exp(-s**2)"))
    assert not grows_to_infinity(profile("atan(s)**2"))


def test_the_ratio_at_a_level_in_another_piece() -> None:
    with ctx.workprec(200):
        assert abs(ratio_at_level(profile(HUBER), Fraction(8), 30) - arb(1) / 4) < arb("1e-30")
        assert abs(ratio_at_level(profile(HUBER), Fraction(1), 30) - 1) < arb("1e-30")


def test_the_least_ratio_over_pieces_is_at_the_level() -> None:
    found = least_ratio(profile(HUBER), Fraction(1, 4), Fraction(8), 10)
    assert abs(found - arb(1) / 4) < arb("1e-10")


def test_the_least_ratio_when_the_level_comes_before_the_start() -> None:
    found = least_ratio(profile("s**2/2"), Fraction(4), Fraction(1), 10)
    assert abs(found - 1) < arb("1e-10")
