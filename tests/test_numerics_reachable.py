"""Reachable observations: proved inside by a point, proved outside by a direction."""

import numpy as np
import pytest

from numerics.widths.reachable import reachable, values_of
from theory.activations import ACTIVATIONS, activation

TANH = ACTIVATIONS["tanh"]


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "softplus", "arctan", "softsign", "elu"])
def test_values_are_inside_the_outer_interval_and_fill_the_inner_one(name):
    box = values_of(ACTIVATIONS[name])
    x = np.linspace(-50, 50, 2001)
    from numerics.elementwise import values
    from theory.activations import X

    taken = values(ACTIVATIONS[name].expression, {X: x})
    assert box.least <= taken.min()
    assert taken.max() <= box.most
    assert box.low < box.high
    assert box.least <= box.low
    assert box.high <= box.most


@pytest.mark.parametrize("name", ["sin", "gelu", "gaussian", "cos"])
def test_nothing_is_said_where_the_activation_does_not_increase(name):
    assert values_of(ACTIVATIONS[name]) is None
    weights = np.ones((1, 3))
    assert reachable(ACTIVATIONS[name], weights, np.eye(1), np.array([0.1])) is None


@pytest.mark.parametrize(
    ("value", "answer"), [(0.0, True), (0.999, True), (-0.999, True), (1.001, False), (-2.0, False)]
)
def test_one_neuron_reaches_what_its_activation_takes(value, answer):
    assert reachable(TANH, np.array([[1.0]]), np.eye(1), np.array([value])) is answer


def test_the_boundary_is_not_decided():
    assert reachable(TANH, np.array([[1.0]]), np.eye(1), np.array([1.0])) is None


def test_the_ends_of_one_sided_activations():
    weights = np.array([[1.0]])
    sigmoid, softplus = ACTIVATIONS["sigmoid"], ACTIVATIONS["softplus"]
    assert reachable(sigmoid, weights, np.eye(1), np.array([0.5])) is True
    assert reachable(sigmoid, weights, np.eye(1), np.array([-0.01])) is False
    assert reachable(softplus, weights, np.eye(1), np.array([100.0])) is True
    assert reachable(softplus, weights, np.eye(1), np.array([-1.0])) is not True


def test_a_square_is_decided_by_its_sides():
    """Two neurons along the axes reach the open square of side √2 about 0."""
    weights = np.eye(2)
    corner = 1 / np.sqrt(2)
    assert reachable(TANH, weights, np.eye(2), 0.99 * corner * np.array([1, -1])) is True
    assert reachable(TANH, weights, np.eye(2), corner * np.array([0.5, 1.01])) is False


def test_an_observation_off_the_range_of_the_weights_is_out_of_reach():
    weights = np.array([[1.0, 1.0], [1.0, 1.0]])
    assert reachable(TANH, weights, np.eye(2), np.array([0.1, 0.2])) is False


def test_where_the_plain_least_norm_point_leaves_the_box():
    """Many weak neurons and a strong one: only an uneven load reaches y."""
    weights = np.array([[3.0, 0.5, 0.5, 0.5]])
    whole = np.abs(weights).sum() / 2
    assert reachable(TANH, weights, np.eye(1), np.array([0.999 * whole])) is True
    assert reachable(TANH, weights, np.eye(1), np.array([1.001 * whole])) is False


def test_random_answers_agree_with_the_support_function():
    stream = np.random.default_rng(0)
    for _ in range(20):
        weights = stream.standard_normal((2, 5))
        direction = stream.standard_normal(2)
        observation = direction * stream.uniform(0.2, 2)
        angles = np.linspace(0, 2 * np.pi, 20_001)
        sides = np.stack([np.cos(angles), np.sin(angles)])
        reach = np.abs(sides.T @ weights).sum(axis=1) / np.sqrt(5)
        margin = float(np.min(reach - sides.T @ observation))
        answer = reachable(TANH, weights, np.eye(2), observation)
        if abs(margin) > 1e-3:
            assert answer is (margin > 0)


def test_typed_activations_are_decided_too():
    typed = activation("x/sqrt(1+x**2)")
    if values_of(typed) is not None:
        assert reachable(typed, np.array([[1.0]]), np.eye(1), np.array([0.5])) is True
