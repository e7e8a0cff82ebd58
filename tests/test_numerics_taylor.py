"""Taylor coefficients along a curve contain 40-digit references, at a time and on intervals."""

import mpmath
import numpy as np
import pytest
import sympy as sp

from numerics.rigorous.rounding import Bracket, Enclosed, exactly
from numerics.tubes.taylor import NotSmooth, Series, polynomial_at, shifted
from theory.activations import ACTIVATIONS, X, activation

SMOOTH = [name for name in ACTIVATIONS if name not in ("elu", "softsign")]
TYPED = ["x/sqrt(1+x**2)", "x**3/(1+x**2)", "exp(-x**2)*sin(x)", "log(1+exp(2*x))", "tanh(x)**5"]
CURVE = [[0.7, -1.25, 0.0], [0.5, 0.25, -1.0], [-0.125, 0.5, 0.75], [0.0625, 1.0, -0.5]]


def reference(expression, coefficients, order):
    """Return the coefficients of a function along a polynomial, to 40 digits."""
    with mpmath.workdps(60):
        function = sp.lambdify(X, expression, "mpmath")
        parts = [mpmath.mpf(c) for c in coefficients]
        return mpmath.taylor(lambda t: function(mpmath.polyval(parts[::-1], t)), 0, order)


def contains(found: Enclosed, index: int, value) -> bool:
    with mpmath.workdps(60):
        mid, rad = mpmath.mpf(float(found.mid[index])), mpmath.mpf(float(found.rad[index]))
        return bool(mid - rad <= value <= mid + rad)


@pytest.mark.parametrize("name", SMOOTH + TYPED)
@pytest.mark.parametrize("slope", [False, True])
def test_coefficients_contain_the_reference(name, slope):
    chosen = activation(name)
    expression = chosen.derivative if slope else chosen.expression
    series = Series(X, [exactly(np.array(row)) for row in CURVE])
    found = [series.coefficient(expression, order) for order in range(4)]
    for index in range(3):
        wanted = reference(expression, [row[index] for row in CURVE], 3)
        for order in range(4):
            assert contains(found[order], index, wanted[order])
            assert found[order].rad[index] < 1e-12 * (1 + abs(found[order].mid[index]))


@pytest.mark.parametrize("name", ["tanh", "gelu", "mish", "squareplus"])
def test_coefficients_on_an_interval_contain_those_at_its_points(name):
    expression = activation(name).expression
    curve = [exactly(np.array(row)) for row in CURVE]
    wide = Series(X, shifted(curve, Bracket(0.0, 0.125).enclosed()))
    found = wide.coefficient(expression, 3)
    for time in (0.0, 0.05, 0.125):
        at = Series(X, shifted(curve, exactly(time))).coefficient(expression, 3)
        assert np.all(at.mid <= found.mid + found.rad)
        assert np.all(at.mid >= found.mid - found.rad)
    assert np.any(found.rad > 1e-3)


@pytest.mark.parametrize("name", ["elu", "softsign"])
def test_pieced_together_functions_are_refused(name):
    series = Series(X, [exactly(np.array([0.5]))] * 2)
    with pytest.raises(NotSmooth):
        series.coefficient(activation(name).expression, 1)


def test_a_root_of_what_may_be_negative_is_unbounded():
    wide = Enclosed(np.array([0.0]), np.array([0.5]))
    series = Series(X, [wide, exactly(np.ones(1))])
    assert not np.isfinite(series.coefficient(sp.sqrt(X), 1).rad).all()


def test_a_polynomial_is_shifted_and_evaluated():
    curve = [exactly(np.array([c])) for c in (1.0, -2.0, 3.0)]
    moved = shifted(curve, exactly(0.5))
    np.testing.assert_allclose([float(c.mid[0]) for c in moved], [0.75, 1.0, 3.0])
    value = polynomial_at(curve, Bracket(0.0, 1.0).enclosed())
    for time in (0.0, 1 / 3, 1.0):
        assert abs(1 - 2 * time + 3 * time**2 - value.mid[0]) <= value.rad[0]
