"""The bundled instance with m + 1 neurons: an output of the network, and a loss that vanishes."""

import runpy
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from numerics.activation_constants import activation_constants
from numerics.flow import integrate
from numerics.operators import spectrum
from numerics.problems import Problem, read_problem
from numerics.rigorous.rounding import exactly, norm
from numerics.widths.needed import widths_needed
from numerics.widths.quantities import LAWS, Norms, ball_of
from numerics.widths.reachable import reachable
from proofs_check.trajectories.hidden_convexity import compare_hidden_convex

FOLDER = Path(__file__).parent.parent / "examples" / "hidden_convex"


@pytest.fixture(scope="module")
def problem() -> Problem:
    return read_problem(FOLDER / "problem.toml")


def reached(problem: Problem, scale: float = 1.0) -> bool | None:
    network = problem.generator
    return reachable(
        network.activation, network.output_weights, problem.operator, scale * problem.observation
    )


def test_files_are_regenerated_by_the_script(monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, np.ndarray] = {}
    monkeypatch.setattr(np, "save", lambda path, array: made.__setitem__(path.name, array))
    runpy.run_path(str(FOLDER / "make.py"), run_name="__main__")
    assert set(made) == {"A.npy", "x.npy", "y.npy"}
    for name, array in made.items():
        np.testing.assert_allclose(np.load(FOLDER / name), array, rtol=1e-14, atol=1e-15)


def test_the_width_is_one_more_than_the_number_of_measurements(problem: Problem) -> None:
    assert problem.network is not None
    assert problem.network.width == problem.measurements + 1
    assert problem.measurements < problem.outputs
    assert spectrum(problem.operator).full_row_rank


def test_the_observation_is_certified_to_be_an_output(problem: Problem) -> None:
    assert reached(problem) is True
    assert reached(problem, 10.0) is False


def test_the_flow_reaches_zero_loss_and_never_violates_its_bound(problem: Problem) -> None:
    found = integrate(problem, floor=1e-8)
    assert found.loss[0] > 0.5
    assert found.loss[-1] < 1e-14
    (compared,) = compare_hidden_convex(problem, found)
    assert compared.claimed
    assert not compared.violated


def test_an_observation_that_is_no_output_keeps_a_loss(problem: Problem) -> None:
    """The loss falls towards its least value over the box, and stays far from zero."""
    far = replace(problem, observation=10 * problem.observation)
    found = integrate(far, horizon=2e4)
    assert found.loss[-1] > 1
    assert not compare_hidden_convex(far, found)[0].violated


def test_the_three_widths_differ_by_orders_of_magnitude(problem: Problem) -> None:
    found, law = spectrum(problem.operator), LAWS["rademacher"]
    norms = Norms(
        ball_of(found.sigma_A), ball_of(found.norm), ball_of(norm(exactly(problem.operator))),
        ball_of(norm(exactly(problem.observation))),
    )  # fmt: skip
    constants = activation_constants("tanh", 20)
    widths = widths_needed(
        "hidden", constants, problem.outputs, norms, law, Fraction(3, 20)
    )  # fmt: skip
    published, sharp, convex = (widths[n].width for n in ("published", "sharp", "hidden-convex"))
    assert convex < 1000 < sharp < published
