"""Every loss with every activation, one layer or both by turns: reduced flows are full ones."""

from zlib import crc32

import numpy as np
import pytest
from full_network import FullNetwork

from numerics.elementwise import activation_functions
from numerics.flows.implicit import IMPLICIT_SHARE, ImplicitFlow
from numerics.flows.reductions import ReducedFlow, curvature_varies, form_of
from numerics.problems import Problem, problem_from_mapping
from numerics.quantities import LossFunctions
from theory.activations import ACTIVATIONS, activation
from theory.losses import LOSSES

PARAMETERS: dict[str, list[dict[str, object]]] = {
    "power": [{"p": 3}, {"p": "1.8"}],
    "separable_power": [{"p": "2.5"}, {"p": "1.5"}],
    "huber": [{"delta": "0.5"}],
}
CHOSEN = [{"name": name, **more} for name in LOSSES for more in PARAMETERS.get(name, [{}])]
TYPED = ["x/sqrt(2+x**2)"]
HORIZON, TOLERANCE = 0.3, 1e-6


def test_no_loss_is_left_out() -> None:
    assert {str(chosen["name"]) for chosen in CHOSEN} == set(LOSSES)
    assert set(PARAMETERS) <= set(LOSSES)


def reduced(problem: Problem) -> ReducedFlow | ImplicitFlow:
    """Return the flow as ``reduced_flow`` chooses it, without its length."""
    form = form_of(problem)
    assert form is not None
    if curvature_varies(form, problem.loss):
        return ImplicitFlow(form, HORIZON, IMPLICIT_SHARE * TOLERANCE)
    return ReducedFlow(form, HORIZON, TOLERANCE, length=False)


def pair(chosen: dict[str, object], phi: str, train: str) -> tuple[Problem, FullNetwork]:
    """m = 2, n = 3, k = 4, ‖u‖ ≠ 1; A has rank 1 for half of the pairs."""
    stream = np.random.default_rng(crc32(f"{chosen} {phi} {train}".encode()))
    operator, u = stream.standard_normal((2, 3)), stream.standard_normal(2)
    w, v = stream.standard_normal((4, 2)), stream.standard_normal((3, 4))
    if stream.random() < 0.5:
        operator[1] = 2 * operator[0]
    phi_functions = activation_functions(activation(phi))
    full = FullNetwork(u, w, v, *phi_functions, train == "both")
    observation = stream.standard_normal(2)
    if chosen["name"] == "poisson":  # outputs and data have to be positive
        outputs = operator @ full.value(full.parameters())
        operator *= np.sign(outputs)[:, None]
        observation = np.abs(outputs) * stream.uniform(0.7, 1.4, 2)
    tables = {
        "problem": {"operator": operator, "observation": observation},
        "loss": chosen,
        "network": {"activation": phi, "train": train, "u": u, "W": w, "V": v},
    }
    return problem_from_mapping(tables), full


@pytest.mark.parametrize("train", ["hidden", "both"])
@pytest.mark.parametrize("phi", [*ACTIVATIONS, *TYPED])
def test_the_reduced_flow_is_the_full_one(phi: str, train: str) -> None:
    first = ([*ACTIVATIONS, *TYPED].index(phi) + (train == "both")) % 2
    for chosen in CHOSEN[first::2]:
        problem, full = pair(chosen, phi, train)
        flow = reduced(problem)
        while not flow.done:
            flow.advance()
            assert not flow.failed
        functions = LossFunctions(problem.loss, 2)
        times = np.array([0.0, HORIZON])
        theta = full.flow(problem.operator, problem.observation, functions.gradient, times, 1e-9)
        residual = problem.operator @ full.value(theta[-1]) - problem.observation
        where = f"{chosen}"
        np.testing.assert_allclose(flow.residual, residual, atol=TOLERANCE, err_msg=where)
        moved = np.linalg.norm(theta[-1] - theta[0])
        travel = problem.generator.parameter_norm(flow.state())
        assert travel == pytest.approx(moved, abs=20 * TOLERANCE), where
        assert moved > 20 * TOLERANCE, where
