"""Matrix-free operators: tested before use, written as matrices, refused where they are not linear.

PyLops and deepinv are not needed: what they look like is.
"""

import numpy as np
import pytest
from scipy import fft, sparse
from scipy.sparse.linalg import LinearOperator, aslinearoperator

from numerics.errors import ProblemError
from numerics.inputs.linear_operators import is_matrix_free, matrix_of
from numerics.problems import problem_from_mapping

RNG = np.random.default_rng(4)
MATRIX = RNG.standard_normal((3, 5))
UPPER = np.triu(np.ones((4, 4)))


class Plain:
    """The least: shape, matvec, rmatvec."""

    def __init__(self, matrix, forward=None, adjoint=None, dtype=np.float64):
        self.shape = matrix.shape
        self.matvec = forward or (lambda x: (matrix @ x).astype(dtype))
        self.rmatvec = adjoint or (lambda y: (matrix.T @ y).astype(dtype))


class Physics:
    """What deepinv's LinearPhysics looks like: images with a batch axis, A and A_adjoint."""

    img_size = (1, 2, 3)

    def __init__(self, matrix):
        self.matrix = matrix

    def A(self, x, **parameters):
        return (np.asarray(x).reshape(len(x), -1) @ self.matrix.T).reshape(len(x), 1, -1)

    def A_adjoint(self, y, **parameters):
        return (np.asarray(y).reshape(len(y), -1) @ self.matrix).reshape(len(y), *self.img_size)


@pytest.mark.parametrize("matrix", [MATRIX, MATRIX.T.copy(), MATRIX * 1e-40, MATRIX * 1e40])
def test_the_matrix_of_an_operator(matrix):
    for source in (
        Plain(matrix),
        aslinearoperator(matrix),
        aslinearoperator(sparse.csr_array(matrix)),
    ):
        assert is_matrix_free(source)
        np.testing.assert_array_equal(matrix_of(source), matrix)


def test_operators_without_a_matrix_behind_them():
    """An orthonormal cosine transform of which every other entry is kept."""
    size = 40
    op = LinearOperator(
        (size // 2, size), matvec=lambda x: fft.dct(x.ravel(), norm="ortho")[::2],
        rmatvec=lambda y: fft.idct(np.kron(y.ravel(), [1.0, 0.0]), norm="ortho"), dtype=float,
    )  # fmt: skip
    expected = fft.dct(np.eye(size), norm="ortho", axis=0)[::2]
    np.testing.assert_allclose(matrix_of(op), expected, atol=1e-14)


def test_images_and_batches():
    matrix = RNG.standard_normal((4, 6))
    np.testing.assert_array_equal(matrix_of(Physics(matrix)), matrix)
    physics = Physics(matrix)
    physics.img_size = None
    with pytest.raises(ProblemError, match="signal_shape"):
        matrix_of(physics)
    physics.img_size = (6,)
    np.testing.assert_array_equal(matrix_of(physics, (1, 2, 3)), matrix)


def test_large_operators_go_block_by_block():
    diagonal = RNG.standard_normal(1500)
    source = Plain(np.empty((1500, 1500)), lambda x: diagonal * x, lambda y: diagonal * y)
    np.testing.assert_array_equal(matrix_of(source), np.diag(diagonal))


def test_single_precision_is_tolerated_at_its_own_scale():
    source = Plain(MATRIX.astype(np.float32), dtype=np.float32)
    np.testing.assert_allclose(matrix_of(source), MATRIX, rtol=1e-6)
    wrong = Plain(MATRIX, adjoint=lambda y: MATRIX.T @ y * (1 + 1e-7))
    with pytest.raises(ProblemError, match="adjoint"):  # but not in double precision
        matrix_of(wrong)


REFUSED = {
    "a wrong adjoint": (Plain(MATRIX, adjoint=lambda y: 1.001 * MATRIX.T @ y), "not the adjoint"),
    "a forgotten transpose": (Plain(UPPER, adjoint=lambda y: UPPER @ y), "not the adjoint"),
    "an offset": (Plain(MATRIX, forward=lambda x: MATRIX @ x + 1e-9), "does not map 0 to 0"),
    "a square": (Plain(MATRIX, forward=lambda x: MATRIX @ x + 1e-6 * (MATRIX @ x) ** 2), "linear"),
    "a threshold": (Plain(MATRIX, forward=lambda x: np.maximum(MATRIX @ x, 0.0)), "not linear"),
    "complex": (Plain(MATRIX, forward=lambda x: (1j * MATRIX) @ x), "stack real and imaginary"),
    "not finite": (Plain(MATRIX, forward=lambda x: MATRIX @ x * np.nan), "finite real"),
    "a wrong shape": (Plain(MATRIX, forward=lambda x: (MATRIX @ x)[:2]), "shape"),
    "too large": (Plain(np.empty((3000, 3000))), "too large to be written as a matrix"),
    "an empty side": (Plain(np.empty((0, 3))), "empty"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name):
    source, reason = REFUSED[name]
    with pytest.raises(ProblemError, match=reason):
        matrix_of(source)


def test_an_operator_without_adjoint_or_shape():
    class Forward:
        shape = (2, 2)

        def matvec(self, x):
            return x

    with pytest.raises(ProblemError, match="rmatvec"):
        matrix_of(Forward())
    square = Plain(np.eye(2))
    square.shape = "ab"
    with pytest.raises(ProblemError, match="shape"):
        matrix_of(square)


@pytest.mark.parametrize("size", [2, 30, 300])
@pytest.mark.parametrize("seed", range(3))
def test_true_adjoints_pass_at_any_condition(size, seed):
    """Graded rows and columns, where rounding errors are far from uniform."""
    rng = np.random.default_rng(seed)
    matrix = rng.standard_normal((size, size + 1)) * 10.0 ** rng.uniform(-8, 8, (size, 1))
    np.testing.assert_array_equal(matrix_of(Plain(matrix)), matrix)


def test_a_problem_takes_them_and_names_the_key():
    table = {"operator": Plain(MATRIX), "observation": [1.0, 2.0, 3.0]}
    given = {"sigma_0": 1, "lipschitz": 1, "misfit": 1}
    problem = problem_from_mapping({"problem": table, "measured": given})
    np.testing.assert_array_equal(problem.operator, MATRIX)
    table["operator"] = REFUSED["complex"][0]
    with pytest.raises(ProblemError, match=r"\[problem\] operator.*stack"):
        problem_from_mapping({"problem": table, "measured": given})
