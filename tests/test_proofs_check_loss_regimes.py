"""Regimes of losses: proved, refuted at a point, and what no loss is."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
from flint import arb
from sympy import lambdify

from proofs_check.typed_losses.checks import ProfileRefused, checked_profile
from proofs_check.typed_losses.closed_forms import LEVEL, inverse_form, primitive_form
from proofs_check.typed_losses.regimes import Regimes, at_point, modulus, regimes
from proofs_check.verdict import Verdict
from theory.activations import X
from theory.expressions import parse_expression

PROVED, REFUTED = Verdict.PROVED, Verdict.REFUTED

EXPECTED = {
    "s**2/2": (PROVED, PROVED),
    "log(cosh(s))": (PROVED, REFUTED),
    "log(1 + s**2)/2": (PROVED, REFUTED),
    "sqrt(1 + s**2) - 1": (PROVED, REFUTED),
    "1 - exp(-s**2)": (PROVED, REFUTED),
    "where(abs(s) < 2, s**2/2, 2*abs(s) - 2)": (PROVED, REFUTED),
    "abs(s)**1.5": (PROVED, REFUTED),
    "abs(s) - log(1 + abs(s))": (PROVED, REFUTED),
    "abs(s)**3": (REFUTED, PROVED),
    "s**2/2 + s**4": (REFUTED, PROVED),
    "cosh(s) - 1": (REFUTED, PROVED),
    "where(abs(s) < 1, s**2/2, abs(s)**3/3 + 1/6)": (REFUTED, PROVED),
    "s**2/2 + (1 - cos(3*s))/10": (REFUTED, REFUTED),
    "s**4/4 + log(1 + s**2)": (REFUTED, REFUTED),
}


def found(text: str) -> Regimes:
    return regimes(checked_profile(parse_expression(text, {"s": X})))


@pytest.mark.parametrize("text", EXPECTED)
def test_regimes(text: str) -> None:
    answer = found(text)
    assert (answer.ratio.verdict, answer.convex.verdict) == EXPECTED[text]
    for outcome, pieces in (
        (answer.ratio, answer.profile.slope_gap),
        (answer.convex, answer.profile.derivative(3)),
    ):
        if outcome.verdict is REFUTED and "jumps" not in outcome.reason:
            _violates(outcome is answer.ratio, pieces, Fraction(outcome.witness["s"]))


def _violates(ratio: bool, pieces: tuple, point: Fraction) -> None:
    """The witness certainly violates: 2ρρ'' > ρ'² there, or ρ''' < 0."""
    piece = next(p for p in pieces if p.high is None or point <= p.high)
    claim = piece.expression > 0 if ratio else piece.expression < 0
    assert claim == True or at_point(claim, point) is True  # noqa: E712


def test_a_jump_of_the_curvature_decides() -> None:
    down, up = (
        found("where(abs(s) < 1, s**2/2, abs(s) - 1/2)"),
        found("where(abs(s) < 1, s**2/2, s**2 - abs(s) + 1/2)"),
    )
    assert down.convex.witness == {"s": "1"}
    assert up.convex.proved
    assert up.ratio.verdict is REFUTED


REFUSED = {
    "s**3": "not even: its values at s = 1 and",
    "exp(s) - 1 - s": "not even",
    "where(s < 0, s**2, s**4)": "not even",
    "abs(s)": "not C¹ at s = 0: ρ'(0) = 1",
    "sqrt(abs(s))": "C¹ at s = 0",
    "s**2 + 1": "not 0 at s = 0: ρ(0) = 1",
    "s**2 - s**4": "not increasing: ρ' > 0 fails at s = 1",
    "1 - cos(s)": "not increasing",
    "s**2*(2 + sin(s**2))": "not increasing",
    "where(abs(s) < 1, s**2, abs(s))": "ρ' jumps at s = 1",
    "where(abs(s) < 1, s**2, s**2 + 1)": "ρ jumps at s = 1",
    "where(abs(s) < 1, s**2, 1)": "jumps at s = 1",
    "0*s": "not increasing",
    "log(s**2)": "0 at s = 0",
    "s**2/(1 - s**2)": "ρ",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_no_loss_is_refused_with_reason_and_point(text: str) -> None:
    with pytest.raises(ProfileRefused) as refusal:
        checked_profile(parse_expression(text, {"s": X}))
    assert REFUSED[text] in str(refusal.value)
    assert "\n" not in str(refusal.value)


SUBLEVELS = ["s**2/2 + (1 - cos(3*s))/10", "log(cosh(s))", "cosh(s) - 1"]


@pytest.mark.parametrize("text", SUBLEVELS)
@pytest.mark.parametrize("level", [Fraction(1, 2), Fraction(3)])
def test_the_constant_is_the_least_ratio_of_a_fine_grid(text: str, level: Fraction) -> None:
    answer = found(text)
    enclosure = modulus(answer, level, 12)
    assert isinstance(enclosure, arb)
    rho = lambdify(X, answer.profile.expression, "mpmath")
    slope = lambdify(X, answer.profile.derivative(1)[0].expression, "mpmath")
    end = mpmath.findroot(lambda s: rho(s) - mpmath.mpf(level.numerator) / level.denominator, 1.5)
    grid = [end * k / 400 for k in range(1, 401)]
    least = float(min(slope(s) ** 2 / (2 * rho(s)) for s in grid))
    assert float(enclosure) <= least * (1 + 1e-12)
    assert float(enclosure) >= least * (1 - 1e-3)


def test_the_constant_of_a_bounded_loss_vanishes_from_its_supremum_on() -> None:
    welsch = found("1 - exp(-s**2)")
    assert not welsch.unbounded
    assert modulus(welsch, Fraction(1), 20) == 0
    below = modulus(welsch, Fraction(1, 2), 20)
    assert isinstance(below, arb)
    assert below > 0


def test_a_cubic_has_no_constant() -> None:
    assert modulus(found("abs(s)**3"), Fraction(1), 20) == 0


def test_more_digits_nest() -> None:
    coarse, fine = (modulus(found("log(cosh(s))"), Fraction(1, 2), d) for d in (10, 60))
    assert isinstance(coarse, arb)
    assert isinstance(fine, arb)
    assert coarse.contains(fine)
    assert fine.rad() < arb("1e-60")


def test_closed_forms() -> None:
    assert str(inverse_form(found("log(1 + s**2)/2").profile)) == "sqrt(exp(2*L) - 1)"
    huber = inverse_form(found("where(abs(s) < 2, s**2/2, 2*abs(s) - 2)").profile)
    assert huber is not None
    assert huber.subs(LEVEL, 8) == 5
    assert huber.subs(LEVEL, 2) == 2
    assert inverse_form(found("abs(s) - log(1 + abs(s))").profile) is None
    assert primitive_form(found("log(1 + s**2)/2").profile) == "-s**2/2 - log(s)"
    assert primitive_form(found("abs(s)**3/3").profile) == "1/s"
