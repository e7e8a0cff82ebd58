"""The implicit method: its order, its accuracy, and losses of infinite curvature."""

import dataclasses

import numpy as np
import pytest

from numerics.errors import ProblemError
from numerics.flow import integrate
from numerics.flows.batches import draw_networks, integrate_batch
from numerics.flows.implicit import ImplicitFlow
from numerics.flows.reductions import (
    DirectFlow,
    ReducedFlow,
    curvature_varies,
    form_of,
    reduced_flow,
)
from numerics.problems import Problem, problem_from_mapping
from numerics.quantities import LossFunctions
from theory.activations import activation
from theory.losses import loss

KINDS = [("hidden", "tanh"), ("hidden", "sin"), ("both", "tanh")]


def problem(
    condition: float, train: str, phi: str, chosen: dict[str, object], m: int = 4
) -> Problem:
    stream = np.random.default_rng(2)
    left, right = (np.linalg.qr(stream.standard_normal((m, m)))[0] for _ in range(2))
    operator = left * np.geomspace(1, 1 / condition, m) @ right.T
    observation = operator @ stream.standard_normal(m)
    network = {"activation": phi, "width": 60, "input_dimension": 3, "train": train}
    tables = {"problem": {"operator": operator, "observation": observation}, "loss": chosen}
    return problem_from_mapping(tables | {"network": network})


def followed(flow: ImplicitFlow, limit: int = 5_000) -> int:
    steps = 0
    while not flow.done:
        flow.advance()
        steps += 1
        assert steps < limit
        assert not flow.failed
    return steps


@pytest.mark.parametrize(("train", "phi"), KINDS)
@pytest.mark.parametrize("name", ["squared", "log_cosh"])
def test_the_two_methods_agree(train: str, phi: str, name: str) -> None:
    given = problem(30.0, train, phi, {"name": name})
    forms = [form_of(given), form_of(given)]
    assert forms[0] is not None
    assert forms[1] is not None
    implicit, other = ImplicitFlow(forms[0], 50.0, 1e-9), ReducedFlow(forms[1], 50.0, 1e-9)
    followed(implicit)
    while not other.done:
        other.advance()
    np.testing.assert_allclose(implicit.residual, other.residual, atol=3e-7)
    np.testing.assert_allclose(implicit.state(), other.state(), atol=2e-5)
    assert implicit.length == pytest.approx(other.length, abs=3 * implicit.length_error)
    assert 0 < implicit.length_error < 1e-4 * implicit.length
    generator = given.generator
    assert generator is not None
    travel = generator.parameter_norm(implicit.state())
    assert implicit.travel() == pytest.approx(travel)


def test_tighter_tolerances_give_smaller_errors() -> None:
    given = problem(10.0, "both", "tanh", {"name": "squared"})
    exact = DirectFlow(given, 20.0, 1e-12, 1e-14, False)
    while not exact.done:
        exact.advance()
    errors, counts = [], []
    for tolerance in (1e-4, 1e-6, 1e-8):
        form = form_of(given)
        assert form is not None
        flow = ImplicitFlow(form, 20.0, tolerance)
        counts.append(followed(flow))
        errors.append(float(np.linalg.norm(flow.residual - exact.residual)))
        assert errors[-1] < 100 * tolerance
    assert errors[0] > 30 * errors[2]
    assert counts[2] < 20 * counts[0]  # of high order: at first order it would be 100


@pytest.mark.parametrize(("train", "phi"), KINDS)
@pytest.mark.parametrize("name", ["power", "separable_power"])
def test_steps_do_not_grow_with_the_condition(train: str, phi: str, name: str) -> None:
    """p = 3/2: the residual vanishes in finite time, its components one after the other."""
    counts = []
    for condition in (10.0, 1e3):
        given = problem(condition, train, phi, {"name": name, "p": "1.5"})
        form = form_of(given)
        assert form is not None
        start = LossFunctions(given.loss, 4)
        flow = reduced_flow(form, given.loss, 1e7, 1e-5)
        assert isinstance(flow, ImplicitFlow)
        target, steps = 1e-4 * start.misfit(flow.residual), 0
        while start.misfit(flow.residual) > target:
            flow.advance()
            steps += 1
            assert steps < 2_000
        counts.append(steps)
    assert counts[1] < 6 * counts[0]  # κ² grows ten-thousandfold


def test_the_flow_takes_it_where_curvature_is_infinite() -> None:
    given = problem(1e3, "hidden", "tanh", {"name": "separable_power", "p": "1.5"})
    found = integrate(given, 1e6, margin=1e-2, floor=1e-3)
    assert found.status == "settled"
    assert found.steps < 1_000
    assert np.all(np.diff(found.loss) < 0)


def test_the_method_is_chosen_by_the_loss() -> None:
    def varies(chosen: dict[str, object], observation: np.ndarray | None = None) -> bool:
        given = problem(2.0, "hidden", "tanh", chosen)
        if observation is not None:
            given = dataclasses.replace(given, observation=observation)
        form = form_of(given)
        assert form is not None
        return curvature_varies(form, given.loss)

    assert varies({"name": "power", "p": "1.9"})
    for smooth in ({"name": "squared"}, {"name": "power", "p": 3}, {"name": "cauchy"}):
        assert not varies(smooth)


@pytest.mark.parametrize(("size", "expected"), [(1.0, False), (1e4, True)])
def test_poisson_from_far_away(size: float, expected: bool) -> None:
    stream = np.random.default_rng(3)
    w, v, u = stream.standard_normal((30, 3)), stream.standard_normal((2, 30)), np.ones(3)
    start = v @ np.tanh(w @ u) / np.sqrt(30)
    tables = {
        "problem": {"operator": np.diag(np.sign(start)), "observation": size * np.abs(start)},
        "loss": {"name": "poisson"},
        "network": {"activation": "tanh", "u": u, "W": w, "V": v},
    }
    given = problem_from_mapping(tables)
    form = form_of(given)
    assert form is not None
    assert curvature_varies(form, given.loss) is expected
    assert isinstance(reduced_flow(form, given.loss, 1.0, 1e-6), ImplicitFlow) is expected


def test_an_initial_output_without_a_loss_is_named() -> None:
    tables = {
        "problem": {"operator": [[-1.0]], "observation": [1.0]},
        "loss": {"name": "poisson"},
        "network": {"activation": "tanh", "u": [1.0], "W": [[0.3]], "V": [[1.0]]},
    }
    with pytest.raises(ProblemError, match="initial output"), np.errstate(invalid="ignore"):
        integrate(problem_from_mapping(tables), 1.0)


@pytest.mark.parametrize("train", ["hidden", "both"])
def test_batches_take_it_too(train: str) -> None:
    stream = np.random.default_rng(0)
    operator, observation = stream.standard_normal((2, 4)), stream.standard_normal(2)
    drawn = draw_networks(activation("tanh"), range(3), 50, 4, train=train)  # type: ignore[arg-type]
    chosen = loss("separable_power", p="1.5")
    found = integrate_batch(drawn, operator, observation, chosen, 1e4, target=1e-5)
    assert found.status == ("settled",) * 3
    assert np.all(found.loss <= 1e-5)
    assert np.all(found.travel > 0)
    assert np.all(found.attempts < 500)
    short = integrate_batch(drawn, operator, observation, chosen, 1e4, max_attempts=3)
    assert short.status == ("step_limit",) * 3
