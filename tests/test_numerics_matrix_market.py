"""The Matrix Market reader against SciPy's writer, and files that lie."""

from pathlib import Path

import numpy as np
import pytest
from scipy import io, sparse

from numerics.errors import ProblemError
from numerics.inputs.matrix_market import read_market

RNG = np.random.default_rng(2)
SQUARE = RNG.standard_normal((4, 4)) * (RNG.random((4, 4)) < 0.7)
MATRICES = {
    "general": RNG.standard_normal((3, 5)) * (RNG.random((3, 5)) < 0.7),
    "symmetric": SQUARE + SQUARE.T,
    "skew-symmetric": SQUARE - SQUARE.T,
    "one": np.array([[2.5]]),
}


def anything(rows: int, columns: int, stored: int) -> None:
    assert stored <= rows * columns


@pytest.mark.parametrize("name", MATRICES)
@pytest.mark.parametrize("packed", [False, True])
def test_round_trip(tmp_path: Path, name: str, packed: bool) -> None:
    matrix, path = MATRICES[name], tmp_path / "M.mtx"
    io.mmwrite(path, sparse.coo_array(matrix) if packed else matrix, precision=17, comment="hi")
    found = read_market(path, anything)
    assert sparse.issparse(found) == packed
    np.testing.assert_array_equal(found.toarray() if packed else found, matrix)


def test_pattern_and_integers(tmp_path: Path) -> None:
    path = tmp_path / "M.mtx"
    path.write_text("%%MatrixMarket matrix coordinate pattern general\n%c\n\n2 3 2\n1 3\n2 1\n")
    assert read_market(path, anything).toarray().tolist() == [[0, 0, 1], [1, 0, 0]]
    path.write_text("%%MatrixMarket matrix array integer general\n2 2\n1\n2\n3\n4\n")
    assert read_market(path, anything).tolist() == [[1, 3], [2, 4]]


BANNER = "%%MatrixMarket matrix "


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2 2 1\n1 1 1\n",
        BANNER + "coordinate real\n2 2 1\n1 1 1\n",
        BANNER + "coordinate complex general\n2 2 1\n1 1 1 0\n",
        BANNER + "coordinate real hermitian\n2 2 1\n1 1 1\n",
        BANNER + "array pattern general\n2 2\n",
        BANNER + "coordinate real general\n",
        BANNER + "coordinate real general\n2 2\n1 1 1\n",
        BANNER + "coordinate real general\n2 -2 1\n1 1 1\n",
        BANNER + "coordinate real general\n2 2 1.5\n1 1 1\n",
        BANNER + "coordinate real general\n2 2 2\n1 1 1\n",
        BANNER + "coordinate real general\n2 2 1\n1 1 1\n2 2 2\n",
        BANNER + "coordinate real general\n2 2 1\n0 1 1\n",
        BANNER + "coordinate real general\n2 2 1\n1 3 1\n",
        BANNER + "coordinate real general\n2 2 1\n1 -1 1\n",
        BANNER + "coordinate real general\n2 2 1\n1 1.5 1\n",
        BANNER + "coordinate real general\n2 2 1\n1 nan 1\n",
        BANNER + "coordinate real general\n2 2 1\n1 inf 1\n",
        BANNER + "coordinate real general\n2 2 1\n1 1 one\n",
        BANNER + "coordinate real symmetric\n2 3 1\n1 1 1\n",
        BANNER + "array real symmetric\n2 2\n1\n2\n3\n4\n",
        BANNER + "array real general\n2 2\n1\n2\n3\n",
        BANNER + "array real general\n2 2\n1\n2\n3\n0x4\n",
        BANNER + "array real général\n2 2\n1\n2\n3\n4\n",
    ],
)
def test_malformed_files(tmp_path: Path, text: str) -> None:
    path = tmp_path / "M.mtx"
    path.write_text(text, encoding="utf-8")
    with pytest.raises((ProblemError, ValueError)):
        read_market(path, anything)


def test_sizes_are_checked_before_anything_is_allocated(tmp_path: Path) -> None:
    path = tmp_path / "M.mtx"
    path.write_text(BANNER + "array real general\n1000000 1000000\n1\n")

    def refuse(rows: int, columns: int, stored: int) -> None:
        raise ProblemError(f"{rows} {columns} {stored}")

    with pytest.raises(ProblemError, match="1000000 1000000 1000000000000"):
        read_market(path, refuse)
