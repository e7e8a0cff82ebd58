"""Gaussian expectations: closed forms, an independent quadrature, and what drops a safeguard."""

from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from flint import acb, arb, ctx

from numerics.rigorous import gaussian
from numerics.rigorous.balls import evaluate
from numerics.rigorous.complex_balls import integrand
from numerics.rigorous.gaussian import gaussian_moment, tail_bound
from numerics.rigorous.pieces import Piece, pieces_of
from numerics.rigorous.programs import BallError
from theory.activations import X, activation, derivative_of

DIGITS = 30
ROOT_2 = sp.sqrt(2)


def moment(expression, power, digits=DIGITS, offset=2, slope=2):
    return gaussian_moment(pieces_of(expression), power, arb(offset), arb(slope), digits)


def contains(ball, exact):
    return bool(ball.overlaps(evaluate(exact, {}, 1000)))


CLOSED = {
    "identity, squared": (X, 2, sp.Integer(1)),
    "identity, fourth": (X, 4, sp.Integer(3)),
    "identity, mean": (X, 1, sp.Integer(0)),
    "sin, squared": (sp.sin(X), 2, (1 - sp.exp(-2)) / 2),
    "sin, fourth": (sp.sin(X), 4, (3 - 4 * sp.exp(-2) + sp.exp(-8)) / 8),
    "cos, mean": (sp.cos(X), 1, sp.exp(-sp.Rational(1, 2))),
    # For jointly normal (U, V) with variance 2 each, arcsine law of orthants.
    "erf, squared": (sp.erf(X), 2, 2 * sp.asin(sp.Rational(2, 3)) / sp.pi),
    "erf', squared": (sp.diff(sp.erf(X), X), 2, 4 / (sp.pi * sp.sqrt(5))),
    # E 1/(1 + X²) = √(π/2)·√e·erfc(1/√2)
    "algebraic, squared": (
        X / sp.sqrt(1 + X**2),
        2,
        1 - sp.sqrt(sp.pi / 2) * sp.exp(sp.Rational(1, 2)) * sp.erfc(1 / ROOT_2),
    ),
    "exp(-x²/2), squared": (sp.exp(-(X**2) / 2), 2, 1 / sp.sqrt(3)),
    "exp(-x²/2), fourth": (sp.exp(-(X**2) / 2), 4, 1 / sp.sqrt(5)),
    "exp(-x²/2), mean": (sp.exp(-(X**2) / 2), 1, 1 / ROOT_2),
    "positive part of a shift": (
        sp.Piecewise((0, X < 1), ((X - 1) ** 2 / 2, X < 2), (X - sp.Rational(3, 2), True)),
        1,
        None,
    ),
}


@pytest.mark.parametrize(("expression", "power", "exact"), CLOSED.values(), ids=CLOSED)
def test_closed_forms_are_contained(expression, power, exact):
    ball = moment(expression, power)
    assert ball.rad() < arb(10) ** -DIGITS
    if exact is None:
        # E (X−1)²/2 on [1,2] and E (X − 3/2) beyond, by the partial moments of the normal law
        def f(t):
            return sp.exp(-sp.Rational(t**2, 2)) / sp.sqrt(2 * sp.pi)

        def q(t):
            return sp.erfc(t / ROOT_2) / 2

        second = (f(1) + q(1)) - (2 * f(2) + q(2))
        inner = (second - 2 * (f(1) - f(2)) + q(1) - q(2)) / 2
        exact = inner + f(2) - sp.Rational(3, 2) * q(2)
    assert contains(ball, exact)


@pytest.mark.parametrize("digits", [5, 60, 100])
def test_every_precision_contains_the_value_and_is_narrow(digits):
    expression, power, exact = CLOSED["algebraic, squared"]
    ball = moment(expression, power, digits)
    assert contains(ball, exact)
    assert ball.rad() < arb(10) ** -digits


def reference(expression, power, digits=45):
    """Return mpmath's quadrature, with nothing of ours but the expression."""
    with mpmath.workdps(digits):
        function = sp.lambdify(X, expression, modules="mpmath")
        density = 1 / mpmath.sqrt(2 * mpmath.pi)
        cuts = [-16, -8, -4, -2, -1, 0, 1, 2, 4, 8, 16]
        value = mpmath.quad(lambda x: function(x) ** power * mpmath.exp(-x * x / 2) * density, cuts)
        return arb(mpmath.nstr(value, 40)) + arb(0, arb("1e-36"))


@pytest.mark.parametrize("name", ["tanh", "softplus", "gelu", "softsign", "asinh"])
def test_an_independent_quadrature_agrees(name):
    entry = activation(name)
    with ctx.workprec(200):
        for expression, power in ((entry.expression, 4), (derivative_of(entry.expression), 2)):
            ball = moment(expression, power)
            assert ball.rad() < arb(10) ** -DIGITS
            assert ball.overlaps(reference(expression, power))


SHEET = {
    "tanh": ("0.39429449", "0.46440290"),
    "sigmoid": ("0.29337904", "0.04483624"),
    "softplus": ("0.92124591", "0.29337904"),
    "gelu": ("0.42522148", "0.45585087"),
    "silu": ("0.35577552", "0.37948235"),
    "arctan": ("0.44970092", "0.5"),
    "elu": ("0.64494542", "0.66810200"),
}


@pytest.mark.parametrize("name", SHEET)
def test_known_decimals(name):
    entry = activation(name)
    for expression, text in zip(
        (entry.expression, derivative_of(entry.expression)), SHEET[name], strict=True
    ):
        assert abs(moment(expression, 2, 12) - arb(text)) < arb("6e-9")


# --- the tail ---------------------------------------------------------------------------------


@pytest.mark.parametrize("power", [1, 2, 4])
def test_the_tail_bound_is_above_the_tail_and_not_far_above(power):
    bound = tail_bound(power, arb(1), arb(2), Fraction(5))
    with mpmath.workdps(30):
        tail = mpmath.quad(
            lambda x: 2 * (1 + 2 * x) ** power * mpmath.npdf(x), [5, 6, 8, 12, 20, 30]
        )
        assert bound > arb(mpmath.nstr(tail, 20))
        assert bound < 2 * arb(mpmath.nstr(tail, 20))


def test_only_the_powers_with_a_closed_tail_are_taken():
    with pytest.raises(ValueError, match="1, 2 or 4"):
        tail_bound(3, arb(1), arb(1), Fraction(5))


def test_a_dropped_tail_is_seen(monkeypatch):
    monkeypatch.setattr(gaussian, "tail_bound", lambda *_: arb(0))
    monkeypatch.setattr(gaussian, "_cutoff", lambda *_: Fraction(8))
    assert not contains(moment(X, 2), sp.Integer(1))


# --- branch cuts ------------------------------------------------------------------------------

EXACT_ARC = (
    4 * sp.sqrt(17) + sp.asinh(4) + 3 * sp.sqrt(10) + sp.asinh(3)
) / 2  # ∫ √(1 + x²) over [−3, 4]


def arc(function):
    return acb.integral(function, acb(-3), acb(4)).real


def test_branch_cuts_are_respected_and_a_dropped_flag_is_seen():
    function = integrand(sp.sqrt(1 + X**2), X)
    assert contains(arc(function), EXACT_ARC)
    assert not contains(arc(lambda z, analytic: function(z, False)), EXACT_ARC)


@pytest.mark.parametrize("name", [sp.atan, sp.asinh])
def test_a_box_on_the_cut_has_no_value(name):
    function = integrand(name(X), X)
    assert not function(acb(arb(0, 0.01), arb(2)), True).is_finite()
    assert not function(acb(arb(0, 0.01), arb(-2)), True).is_finite()
    for beside in (acb(arb(0, 0.1), arb(0, 0.1)), acb(arb(1, 0.01), arb(2)), acb(-1, -2)):
        assert function(beside, True).is_finite()


@pytest.mark.parametrize(
    "power", [sp.Rational(1, 2), -sp.Rational(1, 2), sp.Rational(1, 3), -sp.Rational(5, 2)]
)
def test_roots_say_where_they_are_not_holomorphic(power):
    across = acb(arb(-1), arb(0, 1))
    assert not integrand(X**power, X)(across, True).is_finite()


@pytest.mark.parametrize("bad", [sp.Float(0.5) * X, sp.gamma(X), sp.Abs(X), X + sp.Symbol("y")])
def test_what_has_no_complex_enclosure_is_refused(bad):
    with pytest.raises(BallError):
        integrand(bad, X)


def test_a_kink_is_integrated_from_both_sides():
    pieces = pieces_of(activation("softsign").expression)
    assert [(p.low, p.high) for p in pieces] == [(None, 0), (0, None)]
    whole = gaussian_moment((Piece(X / (1 + X), Fraction(0)),), 2, arb(0), arb(1), 20)
    assert (2 * whole).overlaps(gaussian_moment(pieces, 2, arb(0), arb(1), 20))
