"""Functions on arrays: floating point against SymPy, and enclosures against fifty digits."""

import numpy as np
import pytest
import sympy as sp

from numerics.elementwise import (
    activation_functions,
    constant_bracket,
    enclosed_activation,
    enclosed_values,
    values,
)
from numerics.rigorous.rounding import Enclosed, exactly
from theory.activations import ACTIVATIONS, X, activation

POINTS = np.array([-40.0, -7.3, -1.0, -1e-9, 0.0, 1e-12, 0.3, 1.0, 2.5, 40.0])
TYPED = ["x/sqrt(1+x**2)", "x*abs(x)", "max(x, 0)**2"]


def exact(expression: sp.Expr, point: float) -> sp.Float:
    return expression.subs(X, sp.Rational(point)).evalf(50)


@pytest.mark.parametrize("name", [*ACTIVATIONS, *TYPED])
def test_floating_point_values(name: str) -> None:
    chosen = activation(name)
    for function, expression in zip(
        activation_functions(chosen), (chosen.expression, chosen.derivative), strict=True
    ):
        wanted = [float(exact(expression, p)) for p in POINTS.tolist()]
        np.testing.assert_allclose(function(POINTS), wanted, rtol=1e-9, atol=1e-12)


# exp overflows from 710 on; these functions do not.
@pytest.mark.parametrize(
    ("name", "value", "slope"),
    [
        ("log(1 + exp(2*x))/2", lambda x: max(x, 0), lambda x: x > 0),
        ("x*exp(x)/(1 + exp(x))", lambda x: max(x, 0), lambda x: x > 0),
        ("(exp(x) - exp(-x))/(exp(x) + exp(-x))", np.sign, lambda x: 0),
    ],
)
def test_floats_that_overflow_on_the_way(name, value, slope) -> None:
    points = np.array([-1e12, -1e4, -710.0, 354.9, 710.0, 1e4, 1e12, 0.5])
    for function, limit in zip(activation_functions(activation(name)), (value, slope), strict=True):
        found = function(points)
        assert found.shape == points.shape
        # The slope of the last one is a difference of numbers close to 1, each rounded.
        close = 4 * np.finfo(float).eps
        np.testing.assert_allclose(found[:-1], [limit(x) for x in points[:-1]], atol=close)
        assert np.isfinite(found).all()


def test_what_does_overflow_is_infinite() -> None:
    value, _ = activation_functions(activation("exp(x)"))
    assert value(np.array([1.0, 800.0])).tolist() == [np.exp(1.0), np.inf]
    assert np.isnan(value(np.array([np.nan]))).all()


@pytest.mark.parametrize("name", [*ACTIVATIONS, *TYPED])
@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("radius", [0.0, 1e-6])
def test_enclosures_contain_the_function(name: str, order: int, radius: float) -> None:
    chosen = activation(name)
    expression = chosen.expression if order == 0 else chosen.derivative
    found = enclosed_activation(chosen, Enclosed(POINTS, np.full(POINTS.shape, radius)), order)
    for shift in (-radius, 0.0, radius):
        for i, point in enumerate(POINTS.tolist()):
            value = exact(expression, sp.Rational(point) + sp.Rational(shift))
            low = sp.Rational(float(found.mid[i])) - sp.Rational(float(found.rad[i]))
            high = sp.Rational(float(found.mid[i])) + sp.Rational(float(found.rad[i]))
            assert low <= value <= high
    assert np.all(found.rad <= 1e-14 * np.maximum(1, np.abs(found.mid)) + 100 * radius)


def test_a_value_that_may_not_exist_is_not_enclosed() -> None:
    found = enclosed_values(1 / X, X, Enclosed(np.array([0.0, 2.0]), np.array([0.1, 0.1])))
    assert np.isinf(found.rad[0])
    assert np.isfinite(found.rad[1])


def test_constants() -> None:
    for value in (sp.sqrt(2), 4 / (3 * sp.sqrt(3)), sp.Integer(2), sp.erf(1) + sp.pi):
        found = constant_bracket(value)
        assert sp.Rational(found.lower) <= value <= sp.Rational(found.upper)
        assert found.upper - found.lower < 1e-14


def test_walk_refuses_what_it_does_not_know() -> None:
    with pytest.raises(TypeError, match="gamma"):
        values(sp.gamma(X), {X: POINTS})
    with pytest.raises(TypeError):
        values(sp.Symbol("other"), {X: POINTS})
    with pytest.raises(TypeError, match="leaves out"):
        values(sp.Piecewise((X, X < 0)), {X: POINTS})


def test_walk_broadcasts_constants_and_cases() -> None:
    assert values(sp.Integer(3), {X: POINTS}).shape == POINTS.shape
    stairs = sp.Piecewise((0, X < -1), (1, (X < 1) & (X >= -1)), (2, True))
    assert values(stairs, {X: np.array([-2.0, -1.0, 0.0, 1.0])}).tolist() == [0, 1, 1, 2]
    assert exactly(POINTS).shape == POINTS.shape
