"""Generators: the reduced network against the full one, and its brackets against the truth."""

import numpy as np
import pytest
from full_network import FullNetwork
from numpy.linalg import norm as length

from numerics.elementwise import activation_functions
from numerics.generators import ScalarExtremal, TwoLayerNetwork
from numerics.inputs.drawing import draw_input_weights, draw_network, hidden_values
from numerics.operators import spectrum
from numerics.rigorous.rounding import Bracket, exactly, norm
from theory.activations import activation

ACTIVATIONS = ["tanh", "gelu", "softsign", "sin"]


def networks(
    name: str, train: str, seed: int = 0, n: int = 4, k: int = 7, d: int = 3, size: float = 1.7
) -> tuple[TwoLayerNetwork, FullNetwork]:
    """A network with ‖u‖ = size, reduced and full."""
    rng = np.random.default_rng(seed)
    u = rng.standard_normal(d)
    u *= size / length(u)
    w, v = rng.standard_normal((k, d)), rng.choice([-1.0, 1.0], (n, k))
    chosen = activation(name)
    hidden, error = hidden_values(w, u)
    reduced = TwoLayerNetwork(chosen, v, hidden, error, norm(exactly(u)), train)  # type: ignore[arg-type]
    return reduced, FullNetwork(u, w, v, *activation_functions(chosen), train == "both")


def displaced(full: FullNetwork, change: np.ndarray) -> np.ndarray:
    """The reduced state of θ₀ + change."""
    w, v = full.unpacked(full.parameters() + change)
    moved = (w - full.W) @ full.u
    return np.concatenate([moved, (v - full.V).ravel()]) if full.both else moved


@pytest.mark.parametrize("train", ["hidden", "both"])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_value_and_gram_are_those_of_the_full_network(name: str, train: str) -> None:
    reduced, full = networks(name, train)
    change = 0.3 * np.random.default_rng(1).standard_normal(full.parameters().size)
    state, theta = displaced(full, change), full.parameters() + change
    assert state.size == reduced.size
    np.testing.assert_allclose(reduced.value(state), full.value(theta), atol=1e-13)
    jacobian = full.jacobian(theta)
    np.testing.assert_allclose(reduced.jacobian_gram(state), jacobian @ jacobian.T, atol=1e-12)


@pytest.mark.parametrize("train", ["hidden", "both"])
def test_the_full_jacobian_is_the_derivative(train: str) -> None:
    _, full = networks("tanh", train)
    theta, step = full.parameters(), 1e-6
    columns = [
        (full.value(theta + step * e) - full.value(theta - step * e)) / (2 * step)
        for e in np.eye(theta.size)
    ]
    np.testing.assert_allclose(full.jacobian(theta), np.array(columns).T, atol=1e-8)


@pytest.mark.parametrize("train", ["hidden", "both"])
def test_velocity_and_norm_are_those_of_the_full_flow(train: str) -> None:
    reduced, full = networks("tanh", train)
    pull = np.array([0.3, -1.0, 0.2, 0.7])
    velocity = -full.jacobian(full.parameters()).T @ pull
    state = np.zeros(reduced.size)
    np.testing.assert_allclose(reduced.velocity(state, pull), displaced(full, velocity), atol=1e-12)
    assert reduced.parameter_norm(reduced.velocity(state, pull)) == pytest.approx(length(velocity))


@pytest.mark.parametrize("train", ["hidden", "both"])
@pytest.mark.parametrize("name", [*ACTIVATIONS, "x/sqrt(1+x**2)"])
@pytest.mark.parametrize("seed", range(3))
def test_brackets_at_initialisation(name: str, train: str, seed: int) -> None:
    reduced, full = networks(name, train, seed)
    jacobian = full.jacobian(full.parameters())
    sigma = np.linalg.svd(jacobian, compute_uv=False)[-1]
    found = reduced.sigma_min_init()
    assert found.rigorous
    assert found.lower - 1e-13 <= sigma <= found.upper + 1e-13
    assert found.upper - found.lower < 1e-9
    gram, value = reduced.enclosed_gram(), reduced.enclosed_value()
    assert np.all(np.abs(gram.mid - jacobian @ jacobian.T) <= gram.rad + 1e-13)
    assert np.all(np.abs(value.mid - full.value(full.parameters())) <= value.rad + 1e-14)
    assert gram.rad.max() < 1e-11
    assert value.rad.max() < 1e-12


def test_sigma_min_vanishes_when_parameters_are_fewer_than_outputs() -> None:
    reduced, _ = networks("tanh", "hidden", n=6, k=4)
    assert reduced.sigma_min_init() == Bracket(0.0, 0.0)
    both, full = networks("tanh", "both", n=6, k=4)
    sigma = np.linalg.svd(full.jacobian(full.parameters()), compute_uv=False)[-1]
    assert sigma > 0.1
    found = both.sigma_min_init()
    assert found.lower <= sigma * (1 + 1e-12)
    assert sigma * (1 - 1e-12) <= found.upper


def test_ill_conditioned_network_falls_back_on_singular_values() -> None:
    reduced, full = networks("tanh", "hidden")
    weights = full.V.copy()
    weights[3] = weights[2] + 1e-7 * weights[3]
    near = TwoLayerNetwork(
        reduced.activation, weights, reduced.hidden, reduced.hidden_error, reduced.input_norm
    )
    full.V = weights
    sigma = np.linalg.svd(full.jacobian(full.parameters()), compute_uv=False)[-1]
    found = near.sigma_min_init()
    assert 0 < found.lower <= sigma * (1 + 1e-6)
    assert sigma * (1 - 1e-6) <= found.upper
    assert found.upper - found.lower < 1e-3 * sigma


def worst_ratio(full: FullNetwork, operator: np.ndarray | None, seed: int) -> float:
    """The largest ‖J(θ) − J(θ₀)‖/‖θ − θ₀‖ found at random."""
    rng = np.random.default_rng(seed)
    start, theta = full.jacobian(full.parameters()), full.parameters()
    ratios = []
    for _ in range(300):
        change = rng.standard_normal(theta.size) * (rng.random(theta.size) < rng.random())
        change *= 10.0 ** rng.uniform(-4, 1) / max(length(change), 1e-300)
        difference = full.jacobian(theta + change) - start
        if operator is not None:
            difference = operator @ difference
        ratios.append(length(difference, 2) / max(length(change), 1e-300))
    return max(ratios)


@pytest.mark.parametrize("train", ["hidden", "both"])
@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("seed", range(3))
def test_lipschitz_constants_bound_what_is_found(name: str, train: str, seed: int) -> None:
    reduced, full = networks(name, train, seed, n=3, k=4, d=2, size=0.6 + 0.5 * seed)
    operator = np.random.default_rng(seed + 50).standard_normal((2, 3))
    found = reduced.jacobian_lipschitz()
    assert worst_ratio(full, None, seed) <= found.upper
    of_output = reduced.output_lipschitz(operator, spectrum(operator).norm)
    assert worst_ratio(full, operator, seed) <= of_output.upper


@pytest.mark.parametrize("train", ["hidden", "both"])
def test_lipschitz_constant_in_closed_form(train: str) -> None:
    reduced, full = networks("tanh", train)
    b1, b2 = 1.0, 4 / (3 * np.sqrt(3))
    k, size, longest = 7, length(full.u), 2.0
    c = b2 * longest * size**2
    wanted = c if train == "hidden" else (c + np.sqrt(c**2 + 4 * (b1 * size) ** 2)) / 2
    found = reduced.jacobian_lipschitz()
    assert found.lower <= wanted / np.sqrt(k) * (1 + 1e-14)
    assert wanted / np.sqrt(k) * (1 - 1e-14) <= found.upper
    assert found.upper - found.lower < 1e-13


def test_lipschitz_constant_is_attained_for_small_moves() -> None:
    """V fixed, one neuron at the point where |tanh''| is largest."""
    steepest = np.arctanh(1 / np.sqrt(3))
    chosen = activation("tanh")
    u = np.array([1.0])
    full = FullNetwork(
        u, np.array([[steepest]]), np.array([[1.0], [1.0]]), *activation_functions(chosen), False
    )
    reduced = TwoLayerNetwork(chosen, full.V, np.array([steepest]), np.zeros(1), Bracket(1.0, 1.0))
    step = np.array([1e-6])
    moved = full.jacobian(full.parameters() + step) - full.jacobian(full.parameters())
    assert length(moved, 2) / 1e-6 >= reduced.jacobian_lipschitz().lower * (1 - 1e-5)


def test_an_unbounded_slope_is_an_error_not_a_guess() -> None:
    for text in ("x**2", "x*sin(x)"):
        reduced, _ = networks(text, "both")
        with pytest.raises(ValueError, match=r"B. of the activation .* is not enclosed"):
            reduced.jacobian_lipschitz()


def test_a_constant_without_closed_form_is_found_by_search() -> None:
    known, _ = networks("x/sqrt(1+x**2)", "both")
    typed, _ = networks("2*x/sqrt(4+4*x**2)", "both")
    assert typed.activation.B2 is None
    exact, searched = known.jacobian_lipschitz(), typed.jacobian_lipschitz()
    assert searched.lower <= exact.upper
    assert exact.lower <= searched.upper
    assert searched.upper - searched.lower < 1e-12


def test_scalar_extremal() -> None:
    generator = ScalarExtremal(0.7, 0.3)
    state, pull = np.array([0.5]), np.array([2.0])
    assert generator.value(state) == pytest.approx(0.7 * 0.5 - 0.3 * 0.125)
    assert generator.velocity(state, pull) == pytest.approx(-(0.7 - 0.15) * 2)
    assert generator.jacobian_gram(state) == pytest.approx(0.55**2)
    assert generator.parameter_norm(np.array([-0.5])) == 0.5
    assert generator.sigma_min_init() == Bracket(0.7, 0.7)
    assert generator.jacobian_lipschitz() == Bracket(0.3, 0.3)
    assert generator.output_lipschitz(np.array([[2.0]]), Bracket(2.0, 2.0)).upper >= 0.6
    assert generator.enclosed_gram().mid.item() == pytest.approx(0.49)
    assert (generator.outputs, generator.size) == (1, 1)


def test_drawing_in_blocks_is_drawing_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numerics.inputs.drawing.BLOCK_ENTRIES", 35)
    blocks = draw_network(11, 23, 5, 4)
    monkeypatch.setattr("numerics.inputs.drawing.BLOCK_ENTRIES", 10**6)
    whole = draw_network(11, 23, 5, 4)
    assert blocks.digests == whole.digests
    u, w = draw_input_weights(11, 23, 5)
    np.testing.assert_array_equal(blocks.input, u)
    np.testing.assert_array_equal(blocks.output_weights, whole.output_weights)
    exact = [sum(a * b for a, b in zip(map(float, r), map(float, u), strict=True)) for r in w]
    assert np.all(np.abs(blocks.hidden - exact) <= 2 * blocks.hidden_error)
    assert length(u) == pytest.approx(1)


def test_laws_of_the_drawn_arrays() -> None:
    signs = draw_network(0, 4000, 3, 2).output_weights
    assert set(np.unique(signs)) == {-1.0, 1.0}
    assert abs(signs.mean()) < 0.05
    uniform = draw_network(0, 4000, 3, 2, "uniform").output_weights
    assert np.abs(uniform).max() <= np.sqrt(3)
    assert uniform.var() == pytest.approx(1, abs=0.05)
    assert draw_network(0, 4000, 3, 2).hidden.var() == pytest.approx(1, abs=0.1)
    assert draw_network(1, 10, 3, 2).digests != draw_network(0, 10, 3, 2).digests
    with pytest.raises(ValueError, match="rademacher"):
        draw_network(0, 10, 3, 2, "gaussian")
