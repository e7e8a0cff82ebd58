"""PyLops operators as they come, where PyLops is installed: dot-tested and written as matrices."""

import numpy as np
import pytest

from numerics.errors import ProblemError
from numerics.inputs.linear_operators import matrix_of
from numerics.problems import problem_from_mapping

pylops = pytest.importorskip("pylops")


def operators():
    rng = np.random.default_rng(0)
    blur = pylops.signalprocessing.Convolve1D(16, h=np.array([0.25, 0.5, 0.25]), offset=1)
    return {
        "matrix": pylops.MatrixMult(rng.standard_normal((4, 7))),
        "single precision": pylops.MatrixMult(
            rng.standard_normal((4, 7)).astype(np.float32), dtype="float32"
        ),
        "derivative of an image": pylops.FirstDerivative((4, 5), axis=0),
        "every other sample of a blur": pylops.Restriction(16, range(0, 16, 2)) @ blur,
        "stacked": pylops.VStack([pylops.Identity(5), pylops.FirstDerivative(5)]),
        "adjoint": pylops.FirstDerivative(12).H,
        "blocks": pylops.BlockDiag([pylops.Identity(3), pylops.Diagonal(np.arange(1.0, 4.0))]),
        "sum over an axis": pylops.Sum((3, 4), axis=0),
        "blur of an image": pylops.signalprocessing.Convolve2D(
            (5, 5), h=np.full((3, 3), 1 / 9), offset=(1, 1)
        ),
    }


@pytest.mark.parametrize("name", operators())
def test_operators_become_their_matrices(name):
    operator = operators()[name]
    np.testing.assert_array_equal(matrix_of(operator), operator.todense())


def test_a_problem_takes_an_operator():
    operator = operators()["every other sample of a blur"]
    problem = problem_from_mapping({
        "problem": {"operator": operator, "observation": np.ones(8)},
        "network": {"activation": "tanh", "width": 40, "input_dimension": 3},
    })  # fmt: skip
    assert (problem.measurements, problem.outputs) == (8, 16)


def test_a_complex_operator_is_refused_with_a_hint():
    with pytest.raises(ProblemError, match="stack real and imaginary parts"):
        matrix_of(pylops.signalprocessing.FFT(8))
