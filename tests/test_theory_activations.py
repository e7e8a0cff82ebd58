"""Activations: the closed-form constants against φ itself, and the refusal of what is not C¹."""

import numpy as np
import pytest
from sympy import Piecewise, Rational, diff, exp, lambdify, tanh

from theory.activations import (
    ACTIVATIONS,
    NOT_C1,
    Activation,
    ActivationError,
    X,
    activation,
    derivative_of,
)

GRID = np.concatenate([np.linspace(-30, 30, 600_001), np.linspace(-1e-3, 1e-3, 2001)])


def sampled(expression: object) -> np.ndarray:
    function = lambdify(X, expression, modules=["scipy", "numpy"])
    with np.errstate(all="ignore"):
        return np.broadcast_to(np.asarray(function(GRID), dtype=float), GRID.shape)


@pytest.mark.parametrize("entry", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_constants_are_the_suprema(entry: Activation) -> None:
    for constant, expression, attained in (
        (entry.B1, entry.derivative, entry.name not in ("softplus", "squareplus")),
        (entry.B2, derivative_of(entry.derivative), True),
    ):
        if constant is None:
            continue
        largest = np.nanmax(np.abs(sampled(expression)))
        bound = float(constant)
        assert largest <= bound * (1 + 1e-12)
        assert largest >= bound * ((1 - 1e-5) if attained else 0.995)


@pytest.mark.parametrize("entry", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_increasing_is_true_when_claimed(entry: Activation) -> None:
    middle = np.abs(GRID) < 5
    slopes = sampled(entry.derivative)[middle]
    assert (slopes.min() > 0) == entry.increasing


def test_sheet_values() -> None:
    known = {"gelu": (1.1289042, 0.7978846), "tanh": (1, 0.7698004), "arctan": (1, 0.6495191)}
    for name, (first, second) in known.items():
        entry = activation(name)
        assert float(entry.B1) == pytest.approx(first, abs=1e-6)  # type: ignore[arg-type]
        assert float(entry.B2) == pytest.approx(second, abs=1e-6)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NOT_C1)
def test_names_that_are_not_c1_are_refused_with_a_reason(name: str) -> None:
    with pytest.raises(ActivationError, match=r"not C¹|not continuous"):
        activation(name)


@pytest.mark.parametrize(
    "text",
    [
        "max(x, 0)",
        "abs(x)",
        "max(x, x/10)",
        "min(max(x, -1), 1)",
        "x/2 + abs(x - 1)/2",
        "where(x < 0, 0, 1)",
        "where(x < 0, 2*exp(x) - 2, x)",
        "where(x < 0, exp(x) - 2, x)",
        "where(x < 1/3, 0, x - 1/3)",
        "sqrt(abs(x))",
        "abs(sin(x))",
        "where(x**2 < 1, x, 0)",
        "sqrt(x)",
        "sqrt(x**2)",
        "log(x)",
        "1/x",
        "x**1.5",
        "exp(1/x)",
        "1/(x**2 - 1)",
        "where(x < 0, 0, x**1.5)",
        "tanh(",
        "tanh(y)",
        "x.real",
        "",
        "nope",
    ],
)
def test_typed_expressions_that_are_not_c1_are_refused(text: str) -> None:
    with pytest.raises(ActivationError) as refusal:
        activation(text)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        "x/sqrt(2 + x**2)",
        "x*abs(x)",
        "max(x, 0)**2",
        "where(x < 1, x, 2*sqrt(x) - 1)",
        "where(x < 0, 0, where(x < 1, x**2/2, x - 1/2))",
        "x*tanh(softplus(x/2))",
        "exp(-x**2/3)",
        "x**3",
        "tanh(2*x + 1)/2",
        "x/(2 + abs(x))",
    ],
)
def test_typed_expressions_that_are_c1_are_accepted(text: str) -> None:
    entry = activation(text)
    assert entry.typed
    assert entry.B1 is None
    assert entry.B2 is None
    for point in range(-12, 13):  # the derivative is continuous at possible kinks
        below, above = (
            entry.derivative.subs(X, Rational(point, 4) + Rational(side, 10**7)).evalf()
            for side in (-1, 1)
        )
        assert abs(below - above) < 1e-4


def test_typed_form_of_a_known_activation_is_that_activation() -> None:
    assert activation("tanh(x)") is ACTIVATIONS["tanh"]
    assert activation("log(1 + exp(x))") is ACTIVATIONS["softplus"]
    assert activation("where(x < 0, exp(x) - 1, x)") is ACTIVATIONS["elu"]
    assert activation("Swish") is ACTIVATIONS["silu"]


def test_kinks_are_written_as_cases_with_a_plain_derivative() -> None:
    entry = activation("x*abs(x)")
    assert entry.expression == Piecewise((-(X**2), X < 0), (X**2, True))
    assert entry.derivative == Piecewise((-2 * X, X < 0), (2 * X, True))


def test_derivative() -> None:
    assert derivative_of(tanh(X)) == diff(tanh(X), X)
    assert derivative_of(exp(2 * X)) == 2 * exp(2 * X)


def test_misspelt_name_gets_a_suggestion() -> None:
    with pytest.raises(ActivationError, match="did you mean tanh"):
        activation("tahn")
    with pytest.raises(ActivationError, match="text"):
        activation(3)  # type: ignore[arg-type]
