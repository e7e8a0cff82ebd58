"""Constants of activations against references that share no code with them; nesting; the API."""

from fractions import Fraction
from itertools import pairwise

import mpmath
import numpy as np
import pytest
import sympy as sp
from flint import arb

from numerics.activation_constants import (
    MEANINGS,
    ConstantUndecided,
    NotCovered,
    activation_constants,
    slope_bound,
)
from numerics.inputs.activations import obstruction, read_activation
from numerics.rigorous.balls import rational_bounds
from theory.activations import (
    ACTIVATIONS,
    Activation,
    ActivationError,
    ActivationUndecided,
    X,
    activation,
    derivative_of,
)
from theory.gaussian_moments import CLOSED_FORMS

DIGITS = 30
GRID = np.linspace(-60, 60, 240_002)
KINKED = ("elu", "softsign")


@pytest.fixture(scope="module")
def found():
    return {name: activation_constants(name, DIGITS) for name in ACTIVATIONS}


def moments(entry):
    """Return the expectations to about 45 digits by the trapezoidal rule.

    On the whole line its error for f·e^{−x²/2}, f analytic in a strip of half-width d, is of the
    order e^{−2πd/h}; the nearest singularity of a built-in activation is at distance 1 (arctan).
    """
    step, reach = mpmath.mpf(1) / 24, 16
    value, slope = (sp.lambdify(X, e, "mpmath") for e in (entry.expression, entry.derivative))
    points = [k * step for k in range(-reach * 24, reach * 24 + 1)]
    weights = [step * mpmath.npdf(x) for x in points]
    phi, dphi = [value(x) for x in points], [slope(x) for x in points]
    return {
        "C_phi_squared": mpmath.fsum(w * p**2 for w, p in zip(weights, phi, strict=True)),
        "C_dphi_squared": mpmath.fsum(w * p**2 for w, p in zip(weights, dphi, strict=True)),
        "M4": mpmath.fsum(w * p**4 for w, p in zip(weights, phi, strict=True)),
        "mean": mpmath.fsum(w * p for w, p in zip(weights, phi, strict=True)),
    }


def fraction(value):
    return Fraction(mpmath.nstr(value, 48, min_fixed=-60, max_fixed=60))


@pytest.mark.parametrize("name", [n for n in ACTIVATIONS if n not in KINKED])
def test_expectations_contain_a_forty_digit_reference(found, name):
    with mpmath.workdps(50):
        for key, value in moments(ACTIVATIONS[name]).items():
            enclosure = found[name][key]
            assert enclosure.width < Fraction(1, 10**DIGITS)
            slack = Fraction(1, 10**40)
            assert enclosure.lower - slack <= fraction(value) <= enclosure.upper + slack, key


def test_expectations_of_softsign():
    with mpmath.workdps(50):
        half = mpmath.quad(
            lambda x: (x / (1 + x)) ** 2 * mpmath.npdf(x), [0, 1, 2, 4, 8, 16], maxdegree=9
        )
        assert activation_constants("softsign", 35)["C_phi_squared"].contains(fraction(2 * half))


@pytest.mark.parametrize("name", ["silu", "mish"])
def test_suprema_without_closed_form(found, name):
    """The critical points are found by Newton's method on floating-point derivatives."""
    orders = [ACTIVATIONS[name].derivative]
    for _ in range(3):
        orders.append(sp.diff(orders[-1], X))
    starts = {"silu": (2.4, 0), "mish": (1.4, 0.1)}[name]
    with mpmath.workdps(60):
        for key, order, start in zip(("B1", "B2"), (0, 1), starts, strict=True):
            slope = sp.lambdify(X, orders[order + 1], "mpmath")
            point = mpmath.findroot(slope, start, tol=1e-90, verify=False) if start else 0
            value = abs(sp.lambdify(X, orders[order], "mpmath")(mpmath.mpf(point)))
            assert found[name][key].contains(fraction(value))


@pytest.mark.parametrize("name", CLOSED_FORMS)
def test_closed_forms_lie_in_their_enclosures(found, name):
    for key, closed in CLOSED_FORMS[name].items():
        assert found[name][key].exact == closed
        with mpmath.workdps(60):
            assert found[name][key].contains(fraction(sp.N(closed, 60)._to_mpmath(220)))


def test_the_mean_of_squareplus_is_a_bessel_function(found):
    """E√(X² + 4)/2 with x = 2 sinh u is e(K₀(1) + K₁(1))/√(2π)."""
    with mpmath.workdps(60):
        value = (
            mpmath.e * (mpmath.besselk(0, 1) + mpmath.besselk(1, 1)) / mpmath.sqrt(2 * mpmath.pi)
        )
        assert found["squareplus"]["mean"].contains(fraction(value))


def test_a_wrong_closed_form_is_seen():
    wrong = Activation("wrong", sp.sin(X), B1=sp.Integer(1), B2=sp.Rational(999, 1000))
    with pytest.raises(ValueError, match="closed form 999/1000 of B2"):
        activation_constants(wrong, 5)


@pytest.mark.parametrize("name", ["mish", "squareplus", "where(abs(x) < 1, x**2/2, abs(x) - 1/2)"])
def test_more_digits_nest(name):
    levels = [activation_constants(name, digits) for digits in (2, 31, 100)]
    for coarse, fine in pairwise(levels):
        for key in MEANINGS:
            assert coarse[key].lower <= fine[key].lower <= fine[key].upper <= coarse[key].upper
            assert fine[key].width < Fraction(1, 10**fine.digits)


UNSEEN = (
    "0.5*x*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x**3)))",
    "log(x + sqrt(x**2 + 1))",
    "2**x/(1 + 2**x)",
    "exp(-exp(-x))",
    "sqrt(x**2 + x + 1)",
    "x**2/(1 + abs(x))",
    "cos(x)/(2 + sin(x))",
    "x**2*sqrt(abs(x))*exp(-x**2)",
    "1e30*tanh(x)/1e29",
    "where(x < 0, tanh(x), x/sqrt(1 + x**2))",
    "gelu(2*x)/2",
    "cos(2*pi*x) + sin(pi*x/3)",
    "where(x < -1, -1, where(x < 1, 3*x/2 - x**3/2, 1))",
)


@pytest.mark.parametrize("text", UNSEEN)
def test_expressions_never_seen_before(text):
    """Against the largest value on a fine grid: a bound from below that comes close."""
    made = activation_constants(text, 9)
    assert not made.undecided
    slope = derivative_of(made.activation.expression)
    for key, function in (("B1", slope), ("B2", derivative_of(slope))):
        sampled = sp.lambdify(X, function, modules=["scipy", "numpy"])
        with np.errstate(all="ignore"):
            largest = Fraction(float(np.nanmax(np.abs(sampled(GRID)) * np.ones_like(GRID))))
        assert largest <= made[key].upper * (1 + Fraction(1, 10**9))
        assert largest >= made[key].lower * Fraction(999, 1000)


def test_the_object_is_a_mapping_of_enclosures(found):
    made = found["erf"]
    assert list(made) == list(MEANINGS)
    assert made["C_phi_squared"].exact == 2 * sp.asin(sp.Rational(2, 3)) / sp.pi
    low, high = rational_bounds(made["B1"].ball)
    assert low <= made["B1"].lower <= made["B1"].upper <= high
    assert made["B1"].lower_float <= float(made["B1"]) == made["B1"].upper_float
    assert isinstance(made["B1"].ball, arb)
    text = made._repr_latex_()
    assert text.startswith("$")
    assert text.count(r"\in") == 5  # all but M4 have closed forms; the mean is 0
    assert activation_constants(ACTIVATIONS["erf"], 12)["M4"].digits >= 12
    with pytest.raises(KeyError):
        made["B3"]
    with pytest.raises(ValueError, match="at least 1"):
        activation_constants("erf", 0)


def test_what_is_open_is_not_a_number():
    made = activation_constants("x*sin(x)", 6)
    with pytest.raises(ConstantUndecided, match=r"B2 of x\*sin.*far out"):
        made["B2"]
    assert r"\text{undecided}" in made._repr_latex_()
    with pytest.raises(ConstantUndecided):
        slope_bound(made.activation, "B2", 6)


@pytest.mark.parametrize("text", ["x**2", "sinh(x)", "x*atan(x)*x"])
def test_outside_the_theory(text):
    with pytest.raises(NotCovered, match="unbounded as x →"):
        activation_constants(text, 5)


@pytest.mark.parametrize(
    ("text", "point", "said"),
    [
        ("sqrt(abs(x - 1/3))", Fraction(1, 3), "φ' is unbounded as x → 1/3 from the left"),
        ("where(x < 2, 0, (x - 2)**(7/4))", Fraction(2), "not Lipschitz.* from the right"),
        ("where(x <= 0, 1, 1/x)", Fraction(0), "function is unbounded as x → 0 from the right"),
    ],
)
def test_singularities_are_proved(text, point, said):
    with pytest.raises(ActivationError, match=said):
        read_activation(text)
    assert obstruction(sp.exp(X) * X, point) is None


def test_a_smooth_point_is_no_singularity():
    with pytest.raises(ActivationUndecided):
        read_activation("where(x <= 0, 1, sin(x)/x)")


def test_positivity_that_structure_does_not_show_is_shown_by_enclosures():
    text = "log(cosh(x) + x/2)"
    with pytest.raises(ActivationUndecided):
        activation(text)
    assert read_activation(text).typed
    with pytest.raises(ActivationError):
        read_activation("log(cosh(x) + 2*x)")
