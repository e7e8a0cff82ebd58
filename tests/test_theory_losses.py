"""Losses: ψ, ψ⁻¹, κ and Ψ against each other and against the inequality itself."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from sympy import Expr, Rational, Symbol

from theory.losses import LOSSES, Loss, LossError, M, S, W, loss

ALL = [
    loss("squared"),
    loss("power", p=3),
    loss("power", p=Fraction(3, 2)),
    loss("power", p=2),
    loss("separable_power", p=4),
    loss("separable_power", p=2),
    loss("separable_power", p="1.5"),
    loss("log_cosh"),
    loss("huber", delta=0.5),
    loss("pseudo_huber"),
    loss("pseudo_huber", delta=2),
    loss("cauchy"),
]
LABELS = [each.label for each in ALL]
MEASUREMENTS = 5


def at(expression: Expr, variable: Symbol, value: object) -> Rational:
    return expression.xreplace({variable: value, M: Rational(MEASUREMENTS)}).evalf(40)


def slope(expression: Expr, variable: Symbol, point: Rational) -> Rational:
    h = point / 10**8
    return (at(expression, variable, point + h) - at(expression, variable, point - h)) / (2 * h)


@pytest.mark.parametrize("each", ALL, ids=LABELS)
@pytest.mark.parametrize("w", [Rational(1, 3), Rational(7, 10), Rational(2)])
def test_calculus_of_the_desingularizer(each: Loss, w: Rational) -> None:
    s = at(each.inverse, W, w)
    assert abs(at(each.desingularizer, S, s) - w) < 1e-25
    assert abs(slope(each.inverse, W, w) - at(each.kappa, W, w)) < 1e-10
    first = slope(each.desingularizer, S, s)
    assert each.primitive is not None
    assert abs(slope(each.primitive, S, s) + first**2) < 1e-6 * (1 + first**2)
    assert abs(slope(each.rho, S, w) - at(each.rho_derivative, S, w)) < 1e-10


def gradient_norm_and_value(each: Loss, r: np.ndarray) -> tuple[float, float]:
    def scalar(expression: Expr, value: float) -> float:
        return float(at(expression, S, Rational(value)))

    if each.kind == "radial":
        length = float(np.linalg.norm(r))
        return scalar(each.rho_derivative, length), scalar(each.rho, length)
    slopes = [scalar(each.rho_derivative, abs(v)) if v else 0.0 for v in r]
    return float(np.linalg.norm(slopes)), sum(scalar(each.rho, v) for v in r)


@pytest.mark.parametrize("each", ALL, ids=LABELS)
def test_inequality_holds_and_is_attained(each: Loss) -> None:
    rng = np.random.default_rng(1)
    one_off = np.eye(MEASUREMENTS)[0]
    equal = np.ones(MEASUREMENTS) * 0.75
    ratios = []
    draws = [10 ** rng.uniform(-2, 1) * rng.standard_normal(MEASUREMENTS) for _ in range(20)]
    for r in [one_off, 0.25 * one_off, equal, *draws]:
        gradient, value = gradient_norm_and_value(each, r)
        first = float(slope(each.desingularizer, S, Rational(value)))
        ratios.append(first * gradient)
    assert min(ratios) >= 1 - 1e-9
    assert min(ratios[:3]) <= 1 + 1e-9  # sharp: one coordinate off, or all equal


@pytest.mark.parametrize("each", ALL, ids=LABELS)
def test_convexity_flag(each: Loss) -> None:
    points = np.linspace(0.01, 6, 60)
    slopes = [float(at(each.rho_derivative, S, Rational(p))) for p in points]
    assert bool(np.all(np.diff(slopes) >= -1e-12)) == each.convex


def test_regimes() -> None:
    assert loss("power", p=3).regime == "polynomial"
    assert loss("power", p="1.2").regime == "finite_time"
    assert loss("power", p=2).regime == "exponential"
    assert loss("power", p=2).primitive == loss("squared").primitive


@pytest.mark.parametrize("value", [3, 3.0, "3", "3.0", Fraction(3), Decimal("3"), Rational(3)])
def test_parameters_are_exact(value: object) -> None:
    assert loss("power", p=value).parameters["p"] == 3


def test_a_float_is_read_as_the_decimal_it_prints_as() -> None:
    assert loss("power", p=1.1).parameters["p"] == Rational(11, 10)


@pytest.mark.parametrize(
    ("name", "parameters", "word"),
    [
        ("squred", {}, "did you mean squared"),
        ("nonsense", {}, "known"),
        ("poisson", {"p": 2}, "no parameter"),
        (None, {}, "unknown"),
        ("squared", {"p": 2}, "no parameter"),
        ("power", {}, "needs its parameter p"),
        ("power", {"q": 2}, "no parameter"),
        ("power", {"p": 1}, "p > 1"),
        ("power", {"p": "0.99"}, "p > 1"),
        ("power", {"p": -3}, "p > 1"),
        ("power", {"p": 1000}, "out of range"),
        ("power", {"p": "1.00000000001"}, "denominator"),
        ("separable_power", {"p": 1}, "p > 1"),
        ("power", {"p": float("nan")}, "finite"),
        ("power", {"p": float("inf")}, "finite"),
        ("power", {"p": "1e999999999"}, "out of range"),
        ("power", {"p": "3/0"}, "finite"),
        ("power", {"p": "__import__"}, "finite"),
        ("power", {"p": "3" * 100}, "60 digits"),
        ("power", {"p": True}, "number"),
        ("power", {"p": [3]}, "number"),
        ("huber", {}, "needs its parameter delta"),
        ("huber", {"delta": 0}, "positive"),
        ("huber", {"delta": -1}, "positive"),
    ],
)
def test_refusals(name: str, parameters: dict[str, object], word: str) -> None:
    with pytest.raises(LossError, match=word) as refusal:
        loss(name, **parameters)
    assert "\n" not in str(refusal.value)


def test_every_registered_loss_is_tried_here() -> None:
    assert {each.name for each in [*ALL, POISSON]} == set(LOSSES)


POISSON = loss("poisson").with_data([2.0, 0.5, 1.25])


@pytest.mark.parametrize("w", [Rational(1, 1000), Rational(1, 3), Rational(7)])
def test_calculus_of_the_poisson_desingularizer(w: Rational) -> None:
    s = at(POISSON.inverse, W, w)
    assert abs(at(POISSON.desingularizer, S, s) - w) < 1e-20
    assert abs(at(POISSON.kappa, W, w) - w / (2 + w)) < 1e-30
    assert abs(at(POISSON.slope, S, s) * at(POISSON.kappa, W, w) - 1) < 1e-20
    assert POISSON.primitive is not None
    assert abs(slope(POISSON.primitive, S, s) * at(POISSON.kappa, W, w) ** 2 + 1) < 1e-6


def test_only_the_poisson_loss_depends_on_the_data() -> None:
    assert loss("cauchy").with_data([-1.0]) == loss("cauchy")
    assert POISSON.data == (2, Fraction(1, 2), Fraction(5, 4))
    assert POISSON.rate_factor == Rational(1, 2)
    assert loss("cauchy").rate_factor == 1


@pytest.mark.parametrize("bad", [[1.0, 0.0], [-1.0]])
def test_the_poisson_loss_refuses_data_that_are_not_positive(bad: list[float]) -> None:
    with pytest.raises(LossError, match="positive data"):
        loss("poisson").with_data(bad)
