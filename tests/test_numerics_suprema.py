"""Global suprema: closed forms, limits, unbounded functions, and what drops a safeguard."""

from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from flint import arb, ctx

from numerics.rigorous import box_bounds, suprema
from numerics.rigorous.balls import evaluate, rational_ball
from numerics.rigorous.forms import forms
from numerics.rigorous.pieces import Piece, pieces_of
from numerics.rigorous.suprema import SupremumUndecided, Unbounded, supremum
from numerics.rigorous.tails import Order, growth, tail_range
from theory.activations import ACTIVATIONS, X, activation

DIGITS = 20


def derivatives(text, order):
    pieces = pieces_of(activation(text).expression)
    for _ in range(order):
        pieces = tuple(piece.derivative for piece in pieces)
    return pieces


def of(text, order, digits=DIGITS):
    return supremum(derivatives(text, order), digits)


def contains(ball, exact):
    return bool(ball.overlaps(evaluate(exact, {}, 1000)))


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize(
    "name", [n for n, entry in ACTIVATIONS.items() if entry.B1 is not None and n != "sigmoid"]
)
def test_stored_closed_forms_are_contained(name, order):
    entry = ACTIVATIONS[name]
    ball = of(name, order)
    assert ball.rad() < arb(10) ** -DIGITS
    assert contains(ball, entry.B1 if order == 1 else entry.B2)


def test_a_wrong_constant_is_not_contained():
    assert not contains(of("tanh", 2), sp.Rational(76980035892, 10**11))


def test_an_interior_maximum_without_closed_form():
    """Silu: φ' is largest where x·tanh(x/2) = 2."""
    with mpmath.workdps(130):
        x = mpmath.findroot(lambda t: t * mpmath.tanh(t / 2) - 2, 2.4)
        sigma = 1 / (1 + mpmath.exp(-x))
        value = mpmath.nstr(sigma * (1 + x * (1 - sigma)), 120)
    with ctx.workprec(500):
        assert of("silu", 1, 30).overlaps(arb(value) + arb(0, "1e-118"))


@pytest.mark.parametrize("digits", [3, 30, 100])
def test_a_supremum_that_is_only_a_limit(digits):
    ball = of("squareplus", 1, digits)
    assert ball.rad() < arb(10) ** -digits
    assert contains(ball, sp.Integer(1))


TYPED = {
    "x/sqrt(1+x**2)": (sp.Integer(1), sp.Rational(3, 2) * sp.Rational(4, 5) ** sp.Rational(5, 2)),
    "x*exp(-x**2/2)": (sp.Integer(1), None),
    "where(x < -1, -x - 1/2, where(x < 1, x**2/2, x - 1/2))": (sp.Integer(1), sp.Integer(1)),
    "x + sin(x)": (sp.Integer(2), sp.Integer(1)),
    "sin(x/3) + 2*cos(x/3)": (sp.sqrt(5) / 3, sp.sqrt(5) / 9),
    "sin(sin(x))": (sp.Integer(1), None),
    "exp(-x**2/2)": (sp.exp(-sp.Rational(1, 2)), sp.Integer(1)),
}


@pytest.mark.parametrize("text", TYPED)
def test_typed_expressions(text):
    for order, exact in enumerate(TYPED[text], 1):
        ball = of(text, order)
        assert ball.rad() < arb(10) ** -DIGITS
        assert exact is None or contains(ball, exact)


@pytest.mark.parametrize(
    ("text", "order", "where"),
    [
        ("x**2", 1, "as x → "),
        ("exp(x)", 1, "as x → ∞"),
        ("exp(-x)", 2, "as x → −∞"),
        ("where(x < 0, -x**2, x)*0 + where(x < 1, x, x**2/2 + 1/2)", 1, "as x → ∞"),
        ("x*atan(x)*x", 1, "as x → "),
        ("cosh(x)", 2, "as x → "),
    ],
)
def test_unbounded_functions_are_proved_unbounded(text, order, where):
    with pytest.raises(Unbounded, match=where):
        of(text, order)


def test_what_oscillates_without_decay_is_left_open():
    with pytest.raises(SupremumUndecided):
        supremum((Piece(X * sp.sin(X)),), 10)


def test_a_bounded_piece_and_its_ends():
    piece = Piece(X * (1 - X), Fraction(-1, 3), Fraction(2))
    assert contains(supremum((piece,), 25), sp.Integer(2))
    inner = Piece(X * (1 - X), Fraction(0), Fraction(1))
    assert contains(supremum((inner,), 25), sp.Rational(1, 4))


# --- tails ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "expression",
    [
        X * sp.exp(-X),
        (1 + sp.erf(X / sp.sqrt(2))) / 2 + X * sp.exp(-(X**2) / 2),
        sp.sinh(X) / sp.cosh(X),
        X / sp.sqrt(X**2 + 4),
        sp.log(1 + sp.exp(-X)),
        X**2 * sp.exp(-X) / (1 + sp.exp(-X)) ** 3,
        sp.exp(3 - X) * sp.cos(X),
        2**-X * sp.atan(X),
        sp.log(1 + X**2),
        X * sp.log(3 + X**2 * sp.exp(X / 2)) / (1 + X**3),
        X * sp.exp(-sp.sqrt(2) * X),
        sp.exp(3 * X - sp.exp(X)),
        X**3 * sp.exp(-sp.sqrt(1 + X**2)),
        sp.asinh(X) / X,
        sp.asinh(-(X**2)) / X,
        sp.exp(-(X ** sp.Rational(3, 2))),
    ],
    ids=str,
)
@pytest.mark.parametrize("start", [1, 3, 16])
def test_a_tail_contains_the_values_on_it(expression, start):
    found = tail_range(expression, Fraction(start))
    assert found.defined
    for step in range(60):
        value = evaluate(expression, {X: arb(start) + arb(step * step) / 8}, 200)
        assert value > found.lower - arb("1e-15")
        assert value < found.upper + arb("1e-15")


def test_growth_is_bounded_by_its_start_only_where_it_decreases():
    order = Order(Fraction(5), (Fraction(-1),))  # x⁵e^{−x}, increasing up to 5
    assert not growth(order, Fraction(4)).upper.is_finite()
    peak = growth(order, Fraction(5)).upper
    assert evaluate(5**5 * sp.exp(-5), {}) <= peak + arb("1e-12")
    assert peak < arb("21.06")


# --- a search that forgets something is seen ----------------------------------------------------


def test_a_forgotten_half_line_is_seen(monkeypatch):
    cover = suprema._cover
    monkeypatch.setattr(
        suprema, "_cover", lambda piece: [b for b in cover(piece) if b.high is not None]
    )
    assert not contains(of("squareplus", 1), sp.Integer(1))


def test_a_false_monotonicity_is_seen(monkeypatch):
    """With every slope taken as positive only the ends of boxes would count."""

    def by_ends(self, x, ends):
        return max((end.upper for end in ends), key=float), []

    monkeypatch.setattr(box_bounds.Side, "_by_slope", by_ends)
    assert not contains(of("tanh", 2), ACTIVATIONS["tanh"].B2)


def test_a_lost_critical_point_is_seen(monkeypatch):
    """A Newton step that claims that there is no critical point leaves only the ends."""
    monkeypatch.setattr(box_bounds.Side, "_critical", lambda self, x: None)
    assert not contains(of("tanh", 2), ACTIVATIONS["tanh"].B2)


@pytest.mark.parametrize(
    "expression",
    [
        sp.tanh(X) ** 2 * X,
        sp.diff(X / (1 + sp.exp(-X)), X),
        sp.diff(X / sp.sqrt(X**2 + X + 1), X),
        sp.diff(sp.log(X + sp.sqrt(X**2 + 1)), X),
        2**X / (1 + 2**X) + sp.cosh(X / 3) * sp.exp(-X),
        sp.diff(sp.tanh(sp.sqrt(2 / sp.pi) * (X + X**3 / 20)), X),
        X**2 / (1 + X),
        sp.exp(1 - 2 * X) / (1 + sp.exp(3 - X)),
    ],
    ids=str,
)
def test_other_forms_are_equal(expression):
    found = forms(expression)
    assert found[0] == expression
    assert len(found) > 1
    for point in (sp.Rational(-1, 3), sp.Rational(1, 7), sp.Integer(5)):
        with ctx.workprec(200):
            values = [evaluate(form, {X: rational_ball(point)}, 200) for form in found]
        assert all(value.is_finite() and value.overlaps(values[0]) for value in values)
        assert all(value.rad() < arb("1e-40") for value in values)
