"""Problem files and Python data: what is read from them."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from problem_files import ARCHIVE, TOML, A, X, Y, saved, tables, written
from scipy import io, sparse

from numerics.errors import ProblemError
from numerics.generators import ScalarExtremal, TwoLayerNetwork
from numerics.inputs.arrays import array_digest
from numerics.inputs.drawing import draw_input_weights
from numerics.problems import extremal_problem, problem_from_mapping, read_problem
from theory.losses import loss


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return saved(tmp_path)


def test_toml_and_mapping_and_archive_agree(folder: Path) -> None:
    first = read_problem(written(folder, TOML))
    second = problem_from_mapping(tables())
    assert isinstance(first.generator, TwoLayerNetwork)
    assert isinstance(second.generator, TwoLayerNetwork)
    np.testing.assert_array_equal(first.generator.hidden, second.generator.hidden)
    digests = [{k: r.sha256 for k, r in p.arrays.items()} for p in (first, second)]
    assert digests[0] == digests[1]
    assert set(digests[0]) == {"A", "y", "x", "u", "W", "V"}
    assert first.arrays["A"].path == "A.npy"
    assert first.arrays["W"].path is None
    assert first.arrays["W"].shape == (20, 4)
    u, w = draw_input_weights(0, 20, 4)
    assert array_digest(w) == digests[0]["W"]
    np.savez(folder / "p.npz", A=A, y=Y, x=X, u=u, W=w, V=first.generator.output_weights)
    third = read_problem(folder / "p.npz")
    assert {k: r.sha256 for k, r in third.arrays.items()} == digests[0]
    assert isinstance(third.generator, TwoLayerNetwork)
    np.testing.assert_allclose(third.generator.hidden, first.generator.hidden, atol=1e-14)


def test_shapes_loss_and_noise(folder: Path) -> None:
    problem = read_problem(written(folder, TOML))
    assert (problem.measurements, problem.outputs) == (3, 5)
    assert problem.loss == loss("squared")
    assert problem.noise_norm is not None
    true = np.linalg.norm(Y - A @ X)
    assert problem.noise_norm.lower <= true <= problem.noise_norm.upper
    assert problem.noise_norm.upper - problem.noise_norm.lower < 1e-13
    assert problem.name == "problem.toml"


@pytest.mark.parametrize("given", ["0.01", 0.25, Fraction(1, 4), 1])
def test_noise_norm_as_given(given: Any) -> None:
    text = str(float(given)) if isinstance(given, Fraction) else given
    problem = problem_from_mapping(tables(problem__signal=None, problem__noise_norm=text))
    assert problem.noise_norm is not None
    exact = Fraction(str(text))
    assert Fraction(problem.noise_norm.lower) <= exact <= Fraction(problem.noise_norm.upper)
    assert problem.noise_norm.upper - problem.noise_norm.lower < 1e-15


def test_toml_decimals_stay_exact(folder: Path) -> None:
    text = TOML.split("[network]")[0].replace('"squared"', '"power"\np = 1.1')
    measured = "[measured]\nsigma_0 = 0.1\nlipschitz = '0.02'\nmisfit = '1.3'\n"
    problem = read_problem(written(folder, text + measured))
    assert problem.loss.parameters["p"] == loss("power", p=Fraction(11, 10)).parameters["p"]
    assert problem.measured is not None
    assert problem.measured.sigma_0 == Fraction(1, 10)
    assert problem.measured.lipschitz == Fraction(1, 50)
    assert problem.generator is None


@pytest.mark.parametrize("train", ["hidden", "both"])
@pytest.mark.parametrize("law", ["rademacher", "uniform"])
def test_network_options(train: str, law: str) -> None:
    problem = problem_from_mapping(
        tables(network__train=train, network__output_weights=law, network__seed=5)
    )
    assert problem.network is not None
    assert (problem.network.train, problem.network.output_weights) == (train, law)
    assert isinstance(problem.generator, TwoLayerNetwork)
    assert problem.generator.train == train


def save_market(path: Path) -> None:
    io.mmwrite(path, sparse.coo_array(A * (A > 0)))


@pytest.mark.parametrize("kind", ["npy", "npz", "csr", "csc", "coo", "mtx", "dense mtx"])
def test_operator_formats(folder: Path, kind: str) -> None:
    thinned = A * (A > 0)
    name = {"npy": "B.npy", "mtx": "B.mtx", "dense mtx": "B.mtx"}.get(kind, "B.npz")
    path = folder / name
    if kind == "npy":
        np.save(path, thinned)
    elif kind == "npz":
        np.savez(path, thinned)
    elif kind == "mtx":
        save_market(path)
    elif kind == "dense mtx":
        io.mmwrite(path, thinned)
    else:
        sparse.save_npz(path, sparse.csr_array(thinned).asformat(kind))
    problem = read_problem(written(folder, TOML.replace("A.npy", name)))
    operator = problem.operator
    dense = operator.toarray() if sparse.issparse(operator) else operator
    np.testing.assert_allclose(dense, thinned, rtol=1e-15)
    assert dense.dtype == np.float64


@pytest.mark.parametrize("dtype", ["float32", "int8", "uint16", "int64", ">f8", "bool"])
def test_real_types_are_converted(dtype: str) -> None:
    operator = np.array([[1, 0, 1, 1, 0], [0, 1, 0, 1, 0], [1, 1, 1, 0, 1]]).astype(dtype)
    problem = problem_from_mapping(tables(problem__operator=operator))
    assert problem.operator.dtype == np.float64
    assert problem.operator.tolist() == operator.astype(float).tolist()


def test_nested_lists_and_single_measurements() -> None:
    problem = problem_from_mapping(
        {
            "problem": {"operator": [[1, 2.5]], "observation": [3]},
            "network": {"activation": "x/sqrt(1+x**2)", "width": 3, "input_dimension": 1},
        }
    )
    assert problem.operator.tolist() == [[1.0, 2.5]]
    assert problem.loss.name == "squared"


def test_archive_options(folder: Path) -> None:
    options = {"activation": "sigmoid", "loss": "power(p=3)", "train": "both"}
    np.savez(folder / "p.npz", **ARCHIVE, **{k: np.array(v) for k, v in options.items()})
    problem = read_problem(folder / "p.npz")
    assert problem.loss.label == "power(p=3)"
    assert isinstance(problem.generator, TwoLayerNetwork)
    assert problem.generator.activation.name == "sigmoid"
    assert problem.generator.train == "both"


def test_digest_sees_shape_layout_and_every_bit() -> None:
    assert array_digest(A) == array_digest(A.copy(order="F"))
    assert array_digest(A) != array_digest(A.T)
    changed = A.copy()
    changed[1, 2] = np.nextafter(changed[1, 2], 9)
    assert array_digest(A) != array_digest(changed)
    first, second = sparse.csr_array(A), sparse.coo_array(A)
    assert array_digest(first) == array_digest(second)
    assert array_digest(first) != array_digest(A)
    assert array_digest(np.array([0.0])) != array_digest(np.array([-0.0]))


def test_extremal_problem() -> None:
    problem = extremal_problem(2, 0.5, 0.1, 1.5, loss("power", p=3))
    assert isinstance(problem.generator, ScalarExtremal)
    assert problem.operator.tolist() == [[2.0]]
    assert problem.observation.tolist() == [1.5]
    for bad in ((0, 1, 1, 1), (1, -1, 1, 1), (1, 1, -1, 1), (1, 1, 1, float("nan"))):
        with pytest.raises(ProblemError):
            extremal_problem(*bad)
    with pytest.raises(ProblemError, match="radial"):
        extremal_problem(1, 1, 1, 1, loss("cauchy"))


class Sampling:
    """An operator without a matrix: every other entry, doubled."""

    shape = (2, 4)

    def __init__(self, factor: float = 2.0) -> None:
        self.factor = factor

    def matvec(self, x: np.ndarray) -> np.ndarray:
        return 2 * x[::2]

    def rmatvec(self, y: np.ndarray) -> np.ndarray:
        x = np.zeros(4)
        x[::2] = self.factor * y
        return x


def test_operators_without_a_matrix() -> None:
    given = tables(problem__operator=Sampling(), problem__observation=Y[:2], problem__signal=X[:4])
    assert problem_from_mapping(given).operator.tolist() == [[2, 0, 0, 0], [0, 0, 2, 0]]
    given["problem"]["operator"] = Sampling(3.0)
    with pytest.raises(ProblemError, match="adjoint"):
        problem_from_mapping(given)
