"""The exponential method: exact where it should be, its order, its cost, and flows side by side."""

import numpy as np
import pytest
from scipy.integrate import LSODA
from scipy.linalg import expm

from numerics.flows.dual import DualForm
from numerics.flows.exponential import ExponentialAdams, suitable_order
from numerics.flows.layers import LayersForm, single_layers
from numerics.flows.reductions import ReducedFlow, form_of
from numerics.flows.separation import separation
from numerics.generators import TwoLayerNetwork
from numerics.losses.batches import BatchedLoss
from numerics.problems import Problem, problem_from_mapping
from numerics.quantities import LossFunctions, require_generator
from theory.activations import activation
from theory.losses import loss

SQUARED = BatchedLoss(LossFunctions(loss("squared"), 3))


def dual(phi: str = "tanh", flows: int = 1, width: int = 40, m: int = 3, seed: int = 0) -> DualForm:
    stream = np.random.default_rng(seed)
    kind = separation(activation(phi))
    assert kind is not None
    weights, hidden = (
        stream.standard_normal((flows, m, width)),
        stream.standard_normal((flows, width)),
    )
    return DualForm(kind, SQUARED, weights, hidden, stream.standard_normal((flows, m)), 1.3)


def run(form: object, horizon: float, tolerance: float, order: int = 8) -> ExponentialAdams:
    flows = len(form.residual)  # type: ignore[attr-defined]
    solver = ExponentialAdams(
        form,
        np.full(flows, horizon),
        np.full(flows, tolerance),
        order,  # type: ignore[arg-type]
    )
    while not solver.done.all():
        solver.advance()
        assert solver.evaluations < 20_000
    return solver


def stiff(
    condition: float, train: str = "hidden", phi: str = "tanh", name: str = "squared"
) -> Problem:
    stream = np.random.default_rng(0)
    left, right = (np.linalg.qr(stream.standard_normal((4, 4)))[0] for _ in range(2))
    operator = left * np.geomspace(1, 1 / condition, 4) @ right.T
    network = {"activation": phi, "width": 60, "input_dimension": 3, "train": train}
    return problem_from_mapping(
        {
            "problem": {"operator": operator, "observation": operator @ np.full(4, 0.1)},
            "loss": {"name": name},
            "network": network,
        }
    )


@pytest.mark.parametrize("order", [1, 3])
def test_a_linear_flow_is_exact_whatever_the_step(order: int) -> None:
    """φ = id: r' = −Kr, solved by the exponential alone."""
    form = dual("identity")
    solver = run(form, 5.0, 1e-3, order)
    kernel = form.linearize(np.array([True]))
    start = form.speed(form.start())
    np.testing.assert_allclose(solver.residual[0], expm(-5 * kernel[0]) @ start[0], atol=1e-12)
    assert solver.evaluations < 12


@pytest.mark.parametrize(("order", "count"), [(1, 32), (2, 32), (4, 16), (6, 24)])
def test_order(order: int, count: int) -> None:
    """Halving equal steps divides the error by 2^{q+1}, or more."""
    errors = []
    exact = run(dual(), 1.5, 1e-14).residual
    for steps in (count, 2 * count):
        solver = run(dual(), 0.3, 1e-14)
        solver.horizons, solver.tolerances = np.array([1.5]), np.array([np.inf])
        solver.max_order = order
        for i in range(steps):
            solver.step = np.array([0.3 + 1.2 * (i + 1) / steps - solver.time[0]])
            solver.advance()
        assert solver.done.all()
        errors.append(float(np.linalg.norm(solver.residual - exact)))
    assert errors[0] > 1e-11
    assert np.log2(errors[0] / errors[1]) > order + 0.3


def test_the_error_is_within_what_is_asked() -> None:
    exact = run(dual(), 3.0, 1e-14).residual
    for tolerance in (1e-4, 1e-6, 1e-8, 1e-10):
        solver = run(dual(), 3.0, tolerance, suitable_order(tolerance))
        assert np.linalg.norm(solver.residual - exact) < tolerance


@pytest.mark.parametrize("name", ["squared", "log_cosh", "cauchy"])
@pytest.mark.parametrize(
    ("train", "phi", "kind"),
    [
        ("hidden", "tanh", DualForm),
        ("hidden", "sin", LayersForm),
        ("both", "tanh", LayersForm),
        ("both", "softplus", LayersForm),
    ],
)
def test_steps_do_not_grow_with_the_condition(train: str, phi: str, kind: type, name: str) -> None:
    counts = []
    for condition in (10.0, 1e3):
        form = form_of(stiff(condition, train, phi, name))
        assert isinstance(form, kind)
        form.speed(form.start())
        slowest = np.linalg.eigvalsh(form.linearize(np.array([True]))[0])[0]
        flow = ReducedFlow(form, 7 / slowest, 1e-7, length=False)
        while not flow.done:
            flow.advance()
        counts.append(flow.evaluations)
    assert counts[1] < 6 * counts[0]  # κ² grows ten-thousandfold


@pytest.mark.parametrize(
    ("train", "phi"), [("hidden", "tanh"), ("hidden", "sin"), ("both", "tanh")]
)
@pytest.mark.parametrize("name", ["squared", "log_cosh"])
def test_stiff_flows_agree_with_an_implicit_method(train: str, phi: str, name: str) -> None:
    problem, horizon = stiff(1e3, train, phi, name), 1e4
    generator, functions = require_generator(problem), LossFunctions(problem.loss, 4)
    solver = run(form_of(problem), horizon, 1e-9)
    state = solver.form.displacement(solver.state(), np.ones(1, dtype=bool))[0]

    def speed(_: float, at: np.ndarray) -> np.ndarray:
        residual = problem.operator @ generator.value(at) - problem.observation
        return generator.velocity(at, problem.operator.T @ functions.gradient(residual))

    other = LSODA(speed, 0.0, np.zeros(generator.size), horizon, rtol=1e-10, atol=1e-13)
    while other.status == "running":
        other.step()
    residual = problem.operator @ generator.value(other.y) - problem.observation
    np.testing.assert_allclose(solver.residual[0], residual, atol=1e-9)
    np.testing.assert_allclose(state, other.y, atol=1e-5)


def test_all_forms_are_one_flow() -> None:
    problem = stiff(5.0)
    network = problem.generator
    assert isinstance(network, TwoLayerNetwork)
    batched = BatchedLoss(LossFunctions(problem.loss, 4))
    layers = single_layers(network, problem.operator, batched, problem.observation)
    first, second = (run(form, 20.0, 1e-11) for form in (form_of(problem), layers))
    np.testing.assert_allclose(first.residual, second.residual, atol=1e-10)
    states = [s.form.displacement(s.state(), np.ones(1, dtype=bool)) for s in (first, second)]
    np.testing.assert_allclose(states[0], states[1], atol=1e-8)


def test_flows_side_by_side_are_the_single_ones() -> None:
    together = run(dual(flows=5, width=30, seed=3), 4.0, 1e-9)
    source = dual(flows=5, width=30, seed=3)
    for i, block in enumerate(np.split(np.arange(5), 5)):
        alone = dual(flows=5, width=30, seed=3)
        alone.keep(np.arange(5) == i)
        assert block[0] == i
        single = run(alone, 4.0, 1e-9)
        np.testing.assert_allclose(single.residual[0], together.residual[i], atol=1e-8)
    assert len(source.residual) == 5


def test_flows_may_leave() -> None:
    solver = ExponentialAdams(dual(flows=4), np.array([1.0, 2.0, 3.0, 4.0]), np.full(4, 1e-9), 8)
    ends = {}
    left = np.arange(4)
    while left.size:
        solver.advance()
        for flow, residual in zip(left[solver.done], solver.residual[solver.done], strict=True):
            ends[int(flow)] = residual
        left = left[~solver.done]
        solver.keep(~solver.done)
    for flow, horizon in enumerate((1.0, 2.0, 3.0, 4.0)):
        wanted = run(dual(flows=4), horizon, 1e-11).residual[flow]
        np.testing.assert_allclose(ends[flow], wanted, atol=1e-8)


def test_too_long_steps_are_retried() -> None:
    """From a first step of the whole horizon, the error estimate finds the way."""
    solver = ExponentialAdams(dual(), np.array([3.0]), np.array([1e-8]), 6)
    solver.step = np.array([3.0])
    rejected = 0
    while not solver.done.all():
        rejected += int(not solver.advance()[0])
    assert rejected > 0
    exact = run(dual(), 3.0, 1e-13).residual
    assert np.linalg.norm(solver.residual - exact) < 1e-7


def test_blocks_of_neurons_are_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run(dual(width=50), 2.0, 1e-10)
    monkeypatch.setattr("numerics.flows.dual.BLOCK_NEURONS", 7)
    form = dual(width=50)
    assert len(form._blocks) == 8
    parts = run(form, 2.0, 1e-10)
    np.testing.assert_allclose(parts.residual, whole.residual, atol=1e-12)
    mask = np.ones(1, dtype=bool)
    np.testing.assert_allclose(
        parts.form.displacement(parts.state(), mask), whole.form.displacement(whole.state(), mask),
        atol=1e-9,
    )  # fmt: skip
