"""Gradient descent in reduced form, and step sizes that its theory allows."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from full_network import FullNetwork

from numerics.descent import descend, step_size, two_point_lipschitz
from numerics.elementwise import activation_functions
from numerics.errors import ProblemError
from numerics.losses.smoothness import desingularizer_concave, gradient_lipschitz, smoothness, upper
from numerics.problems import Problem, extremal_problem, problem_from_mapping
from numerics.quantities import LossFunctions, require_generator
from theory.activations import activation
from theory.losses import W, loss


def pair(train: str, seed: int = 0) -> tuple[Problem, FullNetwork]:
    stream = np.random.default_rng(seed)
    operator, u = stream.standard_normal((3, 4)), 1.4 * stream.standard_normal(3)
    w, v = stream.standard_normal((9, 3)), stream.choice([-1.0, 1.0], (4, 9))
    tables = {
        "problem": {"operator": operator, "observation": stream.standard_normal(3)},
        "network": {"activation": "tanh", "train": train, "u": u, "W": w, "V": v},
    }
    functions = activation_functions(activation("tanh"))
    return problem_from_mapping(tables), FullNetwork(u, w, v, *functions, train == "both")


LOSSES = [
    {"name": "squared"},
    {"name": "power", "p": 3},
    {"name": "separable_power", "p": "2.5"},
    {"name": "log_cosh"},
    {"name": "huber", "delta": "0.5"},
    {"name": "pseudo_huber", "delta": "0.7"},
    {"name": "cauchy"},
]


@pytest.mark.parametrize("given", LOSSES, ids=str)
@pytest.mark.parametrize("train", ["hidden", "both"])
def test_reduced_descent_is_descent_on_all_parameters(train: str, given: dict[str, Any]) -> None:
    problem, full = pair(train)
    problem = dataclasses.replace(problem, loss=loss(**given))
    functions = LossFunctions(problem.loss, 3)
    found = descend(problem, 50, 0.03)
    theta, length = full.parameters(), 0.0
    for i in range(51):
        residual = problem.operator @ full.value(theta) - problem.observation
        assert found.residual[i] == pytest.approx(np.linalg.norm(residual), rel=1e-10)
        assert found.length[i] == pytest.approx(length, rel=1e-10)
        travel = np.linalg.norm(theta - full.parameters())
        assert found.travel[i] == pytest.approx(travel, rel=1e-9, abs=1e-14)
        move = 0.03 * full.jacobian(theta).T @ (problem.operator.T @ functions.gradient(residual))
        length += float(np.linalg.norm(move))
        theta = theta - move
    assert found.status == "complete"
    assert found.iterations.tolist() == list(range(51))


def wide(train: str = "hidden", **given: Any) -> Problem:
    """A problem whose observation is close to the initial output, so that q is small."""
    stream = np.random.default_rng(1)
    operator = np.linalg.qr(stream.standard_normal((4, 4)))[0][:2]
    network = {"activation": "tanh", "width": 400, "input_dimension": 3, "train": train}
    problem = problem_from_mapping(
        {"problem": {"operator": operator, "observation": np.ones(2)}, "network": network}
    )
    generator = require_generator(problem)
    start = operator @ generator.value(np.zeros(generator.size))
    observation = start + 0.4 * stream.standard_normal(2)
    return dataclasses.replace(problem, observation=observation, loss=loss(**given or LOSSES[0]))


@pytest.mark.parametrize("given", LOSSES, ids=str)
@pytest.mark.parametrize("train", ["hidden", "both"])
def test_the_guarantee_holds_along_the_iterates(train: str, given: dict[str, Any]) -> None:
    """descent_finite_length and the descent lemma, on an instance on which they apply."""
    problem = wide(train, **given)
    size = step_size(problem)
    assert size.guaranteed
    assert size.conditioning_ratio > 0.02
    found = descend(problem, 60, stride=4)
    assert found.step == size.step
    assert np.all(found.length <= size.radius)
    assert np.all(np.diff(found.loss) < 0)
    sigma = found.sigma_min[0] * np.sqrt(1 - 2 * size.conditioning_ratio)
    assert np.all(found.sigma_min >= sigma * (1 - 1e-9))


def scalar(given: dict[str, Any], domain: str, points: int = 1) -> tuple[float, float, float]:
    """Return the largest second derivative, L_f, and L_f without its second term.

    f(θ) = L(1.3 g(θ) − w) with g = 0.9θ − 0.2θ², on the ball of radius 0.7; with several outputs
    all are equal. Only there is everything known.
    """
    norm, sigma_0, slope, w, radius = 1.3, 0.9, 0.4, 0.6, 0.7
    chosen = loss(**given)
    functions = LossFunctions(chosen, points)
    theta = np.linspace(-radius, radius, 4001)
    residual = norm * (sigma_0 * theta - slope * theta**2 / 2) - w
    value = np.array([functions.value(np.full(points, r / np.sqrt(points))) for r in residual])
    second = np.gradient(np.gradient(value, theta), theta)[4:-4]
    start = functions.value(np.full(points, w / np.sqrt(points)))
    inside = value[4:-4] <= start if domain == "sublevel" else np.ones(second.size, dtype=bool)
    smooth = smoothness(chosen, points)
    assert smooth is not None
    size = upper(smooth.size, W, functions.desingularize(start)) if domain == "sublevel" else w
    arguments = (norm, sigma_0, slope, radius, size * (1 + 1e-9), domain)
    found = gradient_lipschitz(*arguments, smooth)  # type: ignore[arg-type]
    flat = dataclasses.replace(smooth, steepest=0 * smooth.steepest)
    shorter = gradient_lipschitz(*arguments, flat)  # type: ignore[arg-type]
    return float(np.max(np.abs(second[inside]))), found, shorter


@pytest.mark.parametrize("domain", ["sublevel", "ball"])
@pytest.mark.parametrize("points", [1, 3])
@pytest.mark.parametrize("given", LOSSES, ids=str)
def test_the_gradient_is_as_smooth_as_claimed(
    given: dict[str, Any], points: int, domain: str
) -> None:
    largest, found, _ = scalar(given, domain, points)
    assert largest <= found * (1 + 1e-6)
    assert found < 8 * largest  # not idle


def test_no_term_can_be_left_out() -> None:
    largest, found, shorter = scalar({"name": "squared"}, "ball")
    assert shorter < largest < found
    cubic = {"name": "power", "p": 4}
    largest, found, shorter = scalar(cubic, "ball")
    assert shorter < found
    assert largest > gradient_lipschitz(1.3, 0.9, 0.4, 0.7, 0.6, "ball") / 4  # ℓ(v), not 1
    chosen = smoothness(loss(**cubic), 1)
    assert chosen is not None
    assert chosen.at(2.0)[0] == pytest.approx(12.0)
    assert chosen.at(2.0)[1] == pytest.approx(8.0)
    assert chosen.at(0.0)[0] < 1e-99


def test_the_size_is_that_of_the_sublevel_set() -> None:
    """All residuals with L ≤ L₀, at random, have at most that size; some nearly have it."""
    stream = np.random.default_rng(0)
    for given in LOSSES:
        chosen = loss(**given)
        functions, smooth = LossFunctions(chosen, 3), smoothness(chosen, 3)
        assert smooth is not None
        level = functions.desingularize(0.3)
        size = upper(smooth.size, W, level)
        steepest, shares = smooth.at(size)[1], []
        for residual in stream.standard_normal((400, 3)) * stream.random((400, 3)) ** 4:
            if functions.value(residual) <= 0.3:
                shares.append(float(np.linalg.norm(functions.gradient(residual))) / steepest)
        assert 0.5 < max(shares) <= 1


def test_where_the_desingularizer_is_concave() -> None:
    assert desingularizer_concave(loss("log_cosh"), 50.0)
    assert desingularizer_concave(loss("cauchy"), 1.0)
    assert not desingularizer_concave(loss("cauchy"), 1.01)
    near, far = 0.5 * np.log(1 + 0.98**2), 0.5 * np.log(1 + 1.2**2)
    slope = [
        (np.exp(2 * s) / np.sqrt(np.expm1(2 * s))) for s in (near - 0.01, near, far, far + 0.01)
    ]
    assert slope[0] > slope[1]
    assert slope[2] < slope[3]


def test_the_short_form_is_false_on_the_ball() -> None:
    """g = θ − θ², A = 1, y = 0.4: at the ball's edge the curvature exceeds the short form."""
    radius, w = 3.0, 0.4
    theta = np.array([-radius, radius])
    curvature = (1 - 2 * theta) ** 2 - 2 * (theta - theta**2 - 0.4)
    assert np.max(curvature) > gradient_lipschitz(1.0, 1.0, 2.0, radius, w)
    assert np.max(curvature) <= gradient_lipschitz(1.0, 1.0, 2.0, radius, w, "ball")


def test_two_point_constant_grows_with_the_radius_for_both_layers_only() -> None:
    fixed, both = (require_generator(wide(train)) for train in ("hidden", "both"))
    assert two_point_lipschitz(fixed, 5.0) == fixed.jacobian_lipschitz().upper
    assert two_point_lipschitz(both, 0.0) == pytest.approx(both.jacobian_lipschitz().upper)
    assert two_point_lipschitz(both, 5.0) > 1.5 * two_point_lipschitz(both, 0.0)


def test_too_long_steps_diverge_and_say_so() -> None:
    problem = extremal_problem(1, 1, 0.4, 1)
    with np.errstate(over="ignore", invalid="ignore"):
        found = descend(problem, 500, 50.0)
    assert found.status == "diverged"


def test_descent_settles() -> None:
    found = descend(extremal_problem(1, 1, 0.1, 1), 10_000, 0.5, floor=1e-3, stride=100)
    assert found.status == "settled"
    assert found.misfit[-1] <= 1e-3
    assert found.iterations[-1] < 100


def test_refusals() -> None:
    problem = pair("hidden")[0]
    with pytest.raises(ProblemError, match="positive"):
        descend(problem, 3, -1.0)
    with pytest.raises(ProblemError, match="iterations"):
        descend(problem, -1, 1.0)
    for given in ({"name": "power", "p": "1.5"}, {"name": "poisson"}):
        tables = {
            "problem": {"operator": [[1.0]], "observation": [1.0]},
            "loss": given,
            "network": {"activation": "tanh", "u": [1.0], "W": [[0.3]], "V": [[1.0]]},
        }
        with pytest.raises(ProblemError, match=f"the loss {given['name']}"):
            step_size(problem_from_mapping(tables))
