"""Every form of the flow against the network without any reduction."""

import tracemalloc

import numpy as np
import pytest
from full_network import FullNetwork
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics.elementwise import activation_functions
from numerics.flow import integrate
from numerics.flows.dual import DualForm
from numerics.flows.layers import LayersForm
from numerics.flows.reductions import DirectFlow, ReducedFlow, form_of
from numerics.problems import Problem, extremal_problem, problem_from_mapping
from numerics.quantities import LossFunctions
from theory.activations import activation

LOSSES = [
    {"name": "squared"},
    {"name": "power", "p": 3},
    {"name": "power", "p": "1.8"},
    {"name": "separable_power", "p": "2.5"},
    {"name": "log_cosh"},
    {"name": "huber", "delta": "0.5"},
    {"name": "pseudo_huber"},
    {"name": "cauchy"},
]


def arrays(seed: int, length: float, deficient: bool) -> dict[str, np.ndarray]:
    """m = 3, n = 4, k = 7, d = 3, ‖u‖ = length."""
    stream = np.random.default_rng(seed)
    operator, u = stream.standard_normal((3, 4)), stream.standard_normal(3)
    if deficient:
        operator[2] = operator[0] - 2 * operator[1]
    return {
        "operator": operator,
        "observation": stream.standard_normal(3),
        "u": length * u / np.linalg.norm(u),
        "W": stream.standard_normal((7, 3)) / length,
        "V": stream.standard_normal((4, 7)),
    }


def problem_of(
    data: dict[str, np.ndarray], loss: dict[str, object], phi: str, train: str
) -> Problem:
    network = {name: data[name] for name in ("u", "W", "V")}
    return problem_from_mapping(
        {
            "problem": {name: data[name] for name in ("operator", "observation")},
            "loss": loss,
            "network": {"activation": phi, "train": train, **network},
        }
    )


@settings(max_examples=10, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10**6),
    length=st.sampled_from([0.3, 1.0, 1.7]),
    deficient=st.booleans(),
    loss=st.sampled_from(LOSSES),
    phi=st.sampled_from(["tanh", "softplus", "sigmoid", "arctan", "gelu", "sin", "x/sqrt(2+x**2)"]),
    train=st.sampled_from(["hidden", "both"]),
)
def test_reduced_flows_are_the_full_flow(
    seed: int, length: float, deficient: bool, loss: dict[str, object], phi: str, train: str
) -> None:
    data = arrays(seed, length, deficient)
    problem = problem_of(data, loss, phi, train)
    found = integrate(problem, 1.0)
    functions = LossFunctions(problem.loss, 3)
    full = FullNetwork(
        data["u"], data["W"], data["V"], *activation_functions(activation(phi)), train == "both"
    )
    theta = full.flow(data["operator"], data["observation"], functions.gradient, found.times)[-1]
    residual = data["operator"] @ full.value(theta) - data["observation"]
    allowed = 10 * found.misfit_error + 1e-9
    assert found.misfit[-1] == pytest.approx(functions.misfit(residual), abs=allowed)
    assert found.residual[-1] == pytest.approx(np.linalg.norm(residual), abs=allowed)
    travel = np.linalg.norm(theta - full.parameters())
    assert found.travel[-1] == pytest.approx(travel, rel=1e-7, abs=1e-8)
    assert found.travel[-1] <= found.length[-1] + found.length_error + 1e-8


@pytest.mark.parametrize(
    ("phi", "train"), [("tanh", "hidden"), ("sin", "hidden"), ("tanh", "both")]
)
def test_a_loss_that_is_not_defined_everywhere(phi: str, train: str) -> None:
    """Poisson: the outputs have to stay positive."""
    data = arrays(2, 1.0, False)
    network = data["V"] @ activation_functions(activation(phi))[0](data["W"] @ data["u"])
    signs = np.sign(data["operator"] @ network)
    data["operator"] *= signs[:, None]
    data["observation"] = np.array([0.4, 1.0, 0.7])
    problem = problem_of(data, {"name": "poisson"}, phi, train)
    found = integrate(problem, 1.0)
    direct = DirectFlow(problem, 1.0, 1e-11, 1e-13, False)
    while not direct.done:
        direct.advance()
    np.testing.assert_allclose(found.residual[-1], np.linalg.norm(direct.residual), atol=1e-8)
    np.testing.assert_allclose(found.final_state, direct.state(), atol=1e-7)


@pytest.mark.parametrize(
    ("phi", "train", "kind"),
    [
        ("tanh", "hidden", DualForm),
        ("elu", "hidden", DualForm),
        ("gelu", "hidden", LayersForm),
        ("tanh", "both", LayersForm),
    ],
)
def test_the_smallest_form_is_chosen(phi: str, train: str, kind: type) -> None:
    problem = problem_of(arrays(1, 1.0, False), LOSSES[0], phi, train)
    assert type(form_of(problem)) is kind


def test_hidden_values_too_large_for_their_place_stay_hidden_values() -> None:
    data = arrays(1, 1.0, False)
    data["W"] *= 1e3
    problem = problem_of(data, LOSSES[0], "tanh", "hidden")
    assert type(form_of(problem)) is LayersForm
    assert integrate(problem, 1.0).status == "complete"


def test_other_generators_are_integrated_as_they_are() -> None:
    assert form_of(extremal_problem(1, 1, 0.2, 1)) is None


@pytest.mark.parametrize(
    ("phi", "train"), [("tanh", "hidden"), ("sin", "hidden"), ("tanh", "both")]
)
@pytest.mark.parametrize("loss", [LOSSES[0], LOSSES[2], LOSSES[5]])
def test_lengths(phi: str, train: str, loss: dict[str, object]) -> None:
    problem = problem_of(arrays(3, 1.7, False), loss, phi, train)
    form = form_of(problem)
    assert form is not None
    reduced = ReducedFlow(form, 2.0, 1e-9)
    direct = DirectFlow(problem, 2.0, 1e-11, 1e-13, False)
    for flow in (reduced, direct):
        while not flow.done:
            flow.advance()
    assert reduced.length == pytest.approx(direct.length, abs=reduced.length_error + 1e-8)
    assert reduced.length_error < 1e-4 * reduced.length
    assert reduced.evaluations > 5
    np.testing.assert_allclose(reduced.state(), direct.state(), atol=1e-7)


@pytest.mark.parametrize("train", ["hidden", "both"])
def test_many_measurements(train: str) -> None:
    """m = 24: what moves AV is kept as factors."""
    stream = np.random.default_rng(6)
    data = arrays(3, 1.7, False) | {
        "operator": stream.standard_normal((24, 4)),
        "observation": stream.standard_normal(24),
    }
    problem = problem_of(data, LOSSES[0], "tanh", train)
    form = form_of(problem)
    assert form is not None
    reduced = ReducedFlow(form, 1.0, 1e-9)
    direct = DirectFlow(problem, 1.0, 1e-11, 1e-13, False)
    for flow in (reduced, direct):
        while not flow.done:
            flow.advance()
    np.testing.assert_allclose(reduced.residual, direct.residual, atol=1e-8)
    np.testing.assert_allclose(reduced.state(), direct.state(), atol=1e-7)
    assert reduced.evaluations > 30


@pytest.mark.parametrize("train", ["hidden", "both"])
def test_the_neuron_invariant_is_kept(train: str) -> None:
    """Both layers, tanh: ‖V_i‖² − sinh²(h_i)/‖u‖² is constant; with V fixed it is not."""
    data = arrays(5, 1.7, False)
    found = integrate(problem_of(data, LOSSES[0], "tanh", train), 3.0)
    h0, v0 = data["W"] @ data["u"], data["V"]
    h = h0 + found.final_state[:7]
    v = v0 + found.final_state[7:].reshape(4, 7) if train == "both" else v0
    before = np.sum(v0**2, axis=0) - np.sinh(h0) ** 2 / 1.7**2
    after = np.sum(v**2, axis=0) - np.sinh(h) ** 2 / 1.7**2
    drift = float(np.max(np.abs(after - before)))
    assert drift < 1e-8 if train == "both" else drift > 1e-3


def test_work_is_bounded_and_says_so() -> None:
    """A degenerate start: no neuron moves the outputs at first, and A is badly conditioned."""
    data = arrays(7, 1.0, True)
    data["operator"][0] *= 1e-3
    data["V"] *= 1e-6
    found = integrate(problem_of(data, LOSSES[0], "tanh", "both"), 1e6, max_steps=300)
    assert found.status in ("complete", "settled", "step_limit")
    assert found.steps <= 300
    assert found.evaluations <= 2 * found.steps + 2
    assert np.isfinite(found.misfit).all()


@pytest.mark.parametrize("train", ["hidden", "both"])
def test_nothing_depends_on_the_number_of_inputs(train: str) -> None:
    """After h = Wu: the same numbers, and memory that W alone would exceed many times."""
    data, found, peaks, inputs = arrays(4, 1.7, False), [], [], 60_013
    for d in (3, inputs):
        wide = dict(data)
        wide["u"] = np.append(data["u"], np.zeros(d - 3))
        wide["W"] = np.hstack([data["W"], np.ones((7, d - 3))])
        problem = problem_of(wide, LOSSES[0], "tanh", train)
        kept = [x for x in vars(problem.generator).values() if isinstance(x, np.ndarray)]
        assert kept
        assert all(x.size < inputs for x in kept)
        integrate(problem, 2.0)
        del wide
        tracemalloc.start()
        found.append(integrate(problem, 2.0))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    counts = [each.evaluations for each in found]
    assert abs(counts[1] - counts[0]) <= 0.05 * counts[0]  # Wu and ‖u‖ differ by rounding
    assert found[1].loss[-1] == pytest.approx(found[0].loss[-1], rel=1e-6)
    assert peaks[1] < 1.2 * peaks[0]
    assert peaks[1] < 8 * 7 * inputs / 4  # bytes of W
