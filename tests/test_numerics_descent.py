"""Gradient descent in reduced form, and step sizes that its theory allows."""

import dataclasses

import numpy as np
import pytest
from full_network import FullNetwork

from numerics.descent import descend, gradient_lipschitz, step_size, two_point_lipschitz
from numerics.elementwise import activation_functions
from numerics.errors import ProblemError
from numerics.problems import Problem, extremal_problem, problem_from_mapping
from numerics.quantities import require_generator
from theory.activations import activation


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


@pytest.mark.parametrize("train", ["hidden", "both"])
def test_reduced_descent_is_descent_on_all_parameters(train: str) -> None:
    problem, full = pair(train)
    found = descend(problem, 50, 0.03)
    theta, length = full.parameters(), 0.0
    for i in range(51):
        residual = problem.operator @ full.value(theta) - problem.observation
        assert found.residual[i] == pytest.approx(np.linalg.norm(residual), rel=1e-10)
        assert found.length[i] == pytest.approx(length, rel=1e-10)
        travel = np.linalg.norm(theta - full.parameters())
        assert found.travel[i] == pytest.approx(travel, rel=1e-9, abs=1e-14)
        move = 0.03 * full.jacobian(theta).T @ (problem.operator.T @ residual)
        length += float(np.linalg.norm(move))
        theta = theta - move
    assert found.status == "complete"
    assert found.iterations.tolist() == list(range(51))


def wide(train: str = "hidden") -> Problem:
    """A problem whose observation is close to the initial output, so that q is small."""
    stream = np.random.default_rng(1)
    operator = np.linalg.qr(stream.standard_normal((4, 4)))[0][:2]
    network = {"activation": "tanh", "width": 400, "input_dimension": 3, "train": train}
    problem = problem_from_mapping(
        {"problem": {"operator": operator, "observation": np.ones(2)}, "network": network}
    )
    generator = require_generator(problem)
    start = operator @ generator.value(np.zeros(generator.size))
    return dataclasses.replace(problem, observation=start + 0.4 * stream.standard_normal(2))


@pytest.mark.parametrize("train", ["hidden", "both"])
def test_the_guarantee_holds_along_the_iterates(train: str) -> None:
    """descent_finite_length and the descent lemma, on an instance on which they apply."""
    problem = wide(train)
    size = step_size(problem)
    assert size.guaranteed
    assert size.conditioning_ratio > 0.02
    found = descend(problem, 60, stride=4)
    assert found.step == size.step
    assert np.all(found.length <= size.radius)
    assert np.all(np.diff(found.loss) < 0)
    sigma = found.sigma_min[0] * np.sqrt(1 - 2 * size.conditioning_ratio)
    assert np.all(found.sigma_min >= sigma * (1 - 1e-9))


@pytest.mark.parametrize("domain", ["sublevel", "ball"])
def test_the_gradient_is_as_smooth_as_claimed(domain: str) -> None:
    """On the extremal problem ∇f is known: f = ½(σ_A g(θ) − y)², g = σ₀θ − Λθ²/2."""
    norm, sigma_0, slope, w = 1.3, 0.9, 0.4, 1.0
    radius = 0.7
    found = gradient_lipschitz(norm, sigma_0, slope, radius, w, domain)  # type: ignore[arg-type]
    theta = np.linspace(-radius, radius, 2001)
    residual = norm * (sigma_0 * theta - slope * theta**2 / 2) - w
    second = norm**2 * (sigma_0 - slope * theta) ** 2 - norm * slope * residual
    inside = np.abs(residual) <= w if domain == "sublevel" else np.ones(theta.size, dtype=bool)
    assert np.max(np.abs(second[inside])) <= found
    if domain == "ball":  # the shorter form fails there
        short = gradient_lipschitz(norm, sigma_0, slope, radius, w)
        assert short < found


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
    tables = {
        "problem": {"operator": [[1.0]], "observation": [1.0]},
        "loss": {"name": "log_cosh"},
        "network": {"activation": "tanh", "u": [1.0], "W": [[0.3]], "V": [[1.0]]},
    }
    with pytest.raises(ProblemError, match="squared"):
        step_size(problem_from_mapping(tables))
