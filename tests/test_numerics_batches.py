"""Many networks at once against one at a time."""

import numpy as np
import pytest

from numerics.errors import ProblemError
from numerics.flow import integrate
from numerics.flows.batches import Networks, draw_networks, integrate_batch
from numerics.flows.layers import Layers, LayersForm, LayersSpeed
from numerics.generators import TwoLayerNetwork
from numerics.problems import Problem
from numerics.rigorous.rounding import Bracket
from theory.activations import activation
from theory.losses import Loss, loss

STREAM = np.random.default_rng(0)
OPERATOR = STREAM.standard_normal((3, 5))
OBSERVATION = STREAM.standard_normal(3)


def networks(phi: str = "tanh", train: str = "hidden", count: int = 3) -> Networks:
    return draw_networks(
        activation(phi),
        range(count),
        60,
        5,
        input_norm=1.3,
        train=train,  # type: ignore[arg-type]
    )


def single(drawn: Networks, index: int, chosen: Loss) -> Problem:
    hidden = drawn.hidden[index]
    network = TwoLayerNetwork(
        drawn.activation, drawn.output_weights[index], hidden, np.zeros_like(hidden),
        Bracket(drawn.input_norm, drawn.input_norm), drawn.train,
    )  # fmt: skip
    return Problem(OPERATOR, OBSERVATION, chosen, network)


@pytest.mark.parametrize(
    ("phi", "train", "name"),
    [
        ("tanh", "hidden", "squared"),
        ("tanh", "hidden", "log_cosh"),
        ("sin", "hidden", "squared"),
        ("tanh", "both", "squared"),
    ],
)
def test_a_batch_is_the_single_flows(phi: str, train: str, name: str) -> None:
    drawn = networks(phi, train)
    found = integrate_batch(drawn, OPERATOR, OBSERVATION, loss(name), 1.0, accuracy=1e-6)
    assert found.status == ("complete",) * 3
    assert found.times.tolist() == [1.0] * 3
    for i in range(1, 3):
        alone = integrate(single(drawn, i, loss(name)), 1.0, margin=1e-2)
        assert found.start_loss[i] == pytest.approx(alone.loss[0])
        assert found.loss[i] == pytest.approx(alone.loss[-1], abs=1e-5)
        assert np.linalg.norm(found.residual[i]) == pytest.approx(alone.residual[-1], abs=1e-5)
        assert found.travel[i] == pytest.approx(alone.travel[-1], rel=1e-5)


def test_flows_stop_at_their_target() -> None:
    found = integrate_batch(
        networks(count=6), OPERATOR, OBSERVATION, loss("squared"), 1e4, target=1e-8
    )
    assert set(found.status) == {"settled"}
    assert np.all(found.loss <= 1e-8)
    assert np.all(found.times < 1e4)
    assert len(set(found.times.tolist())) == 6
    assert np.all(found.attempts > 5)


@pytest.mark.parametrize(("phi", "train"), [("sin", "hidden"), ("tanh", "both")])
@pytest.mark.parametrize("name", ["squared", "cauchy"])
def test_networks_side_by_side_are_the_single_ones(
    monkeypatch: pytest.MonkeyPatch, phi: str, train: str, name: str
) -> None:
    """Without the dual form too; they take their own steps, and leave at different times."""
    drawn = networks(phi, train, 5)
    arguments = (OPERATOR, OBSERVATION, loss(name), 1e4)
    together = integrate_batch(drawn, *arguments, accuracy=1e-7, target=1e-8)
    assert set(together.status) == {"settled"}
    assert len(set(together.times.tolist())) == 5
    monkeypatch.setattr("numerics.flows.batches.GROUP_ENTRIES", 1)
    for i in range(5):
        row = slice(i, i + 1)
        one = Networks(
            drawn.activation, drawn.hidden[row], drawn.output_weights[row], 1.3, drawn.train
        )
        alone = integrate_batch(one, *arguments, accuracy=1e-7, target=1e-8)
        assert together.travel[i] == pytest.approx(alone.travel[0], rel=1e-4)
        assert together.attempts[i] < 2 * alone.attempts[0]
        end = integrate_batch(one, *arguments[:3], together.times[i], accuracy=1e-9)
        np.testing.assert_allclose(together.residual[i], end.residual[0], atol=1e-5)


def test_a_batch_of_both_layers_is_one_integration(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: the form is evaluated for all networks at once."""
    speed, calls = LayersForm.speed, []

    def counted(form: LayersForm, point: Layers) -> LayersSpeed:
        calls.append(len(point.hidden))
        return speed(form, point)

    monkeypatch.setattr(LayersForm, "speed", counted)
    counts = []
    for entries, together in ((10**6, 8), (1, 1)):
        calls.clear()
        monkeypatch.setattr("numerics.flows.batches.GROUP_ENTRIES", entries)
        drawn = networks("tanh", "both", 8)
        integrate_batch(drawn, OPERATOR, OBSERVATION, loss("squared"), 1.0)
        counts.append(len(calls))
        assert max(calls) == together
    assert counts[0] < counts[1] / 3


def test_observations_may_differ() -> None:
    drawn = networks(count=2)
    each = np.array([OBSERVATION, -OBSERVATION])
    both = integrate_batch(drawn, OPERATOR, each, loss("squared"), 1.0)
    for i in range(2):
        one = integrate_batch(drawn, OPERATOR, each[i], loss("squared"), 1.0)
        np.testing.assert_allclose(one.residual[i], both.residual[i], atol=1e-4)


def test_work_is_bounded() -> None:
    found = integrate_batch(
        networks(), OPERATOR, OBSERVATION, loss("squared"), 1e3, accuracy=1e-9, max_attempts=7
    )
    assert set(found.status) == {"step_limit"}
    assert found.attempts.tolist() == [7] * 3


def test_draws() -> None:
    drawn, again = networks(count=3), networks(count=2)
    np.testing.assert_array_equal(drawn.hidden[:2], again.hidden)
    np.testing.assert_array_equal(drawn.output_weights[:2], again.output_weights)
    assert set(np.unique(drawn.output_weights)) == {-1.0, 1.0}
    many = draw_networks(activation("tanh"), range(50), 400, 2, "uniform", input_norm=2.0)
    assert many.hidden.std() == pytest.approx(2.0, rel=0.05)
    assert many.output_weights.std() == pytest.approx(1.0, rel=0.05)
    with pytest.raises(ProblemError, match="normal"):
        draw_networks(activation("tanh"), [0], 4, 2, "normal")


@pytest.mark.parametrize(
    ("horizon", "accuracy"), [(0.0, 1e-6), (np.inf, 1e-6), (1.0, 0.0), (1.0, 2.0)]
)
def test_bad_arguments(horizon: float, accuracy: float) -> None:
    with pytest.raises(ProblemError):
        integrate_batch(
            networks(), OPERATOR, OBSERVATION, loss("squared"), horizon, accuracy=accuracy
        )
