"""Problems with a mistake: one clear line for everything that is wrong."""

import pickle
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from problem_files import ARCHIVE, TOML, A, X, Y, refusal, saved, tables, written
from scipy import sparse

from numerics.errors import ProblemError
from numerics.problems import problem_from_mapping, read_problem


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return saved(tmp_path)


BAD_TOML = {
    "not TOML": ("this is = = not", "not a TOML"),
    "empty": ("", "operator is missing"),
    "binary": ("\x00\x01", "not a TOML"),
    "deep": ("a = " + "[" * 3000 + "]" * 3000, "not a TOML"),
    "repeated key": (TOML + "width = 3\n", "not a TOML"),
    "unknown table": (TOML + "[netwrk]\n", "did you mean network"),
    "unknown key": (TOML + "widht = 3\n", "did you mean width"),
    "unknown key without likeness": (TOML + "zzz = 3\n", "known: activation"),
    "key outside tables": ("x = 1\n" + TOML, "unknown table 'x'"),
    "table that is a value": ("problem = 3\n", "has to be a table"),
    "no operator": (TOML.replace('operator = "A.npy"', ""), "operator is missing"),
    "no observation": (TOML.replace('observation = "y.npy"', ""), "observation is missing"),
    "missing file": (TOML.replace("A.npy", "B.npy"), "does not exist"),
    "missing signal": (TOML.replace("x.npy", "none.npy"), "does not exist"),
    "file type": (TOML.replace("y.npy", "y.csv"), ".npy or .npz"),
    "directory": (TOML.replace("A.npy", "."), ".npy, .npz or .mtx"),
    "operator number": (TOML.replace('"A.npy"', "3"), "file name or an array"),
    "swapped": (TOML.replace("y.npy", "x.npy"), "should have 3 entries"),
    "vector operator": (TOML.replace("A.npy", "y.npy"), "has to be a matrix"),
    "null byte": (TOML.replace("A.npy", "A\\u0000.npy"), "not a readable"),
    "no network": (TOML.split("[network]")[0], "[network], or [measured]"),
    "network and measured": (TOML + "[measured]\n", "exclude each other"),
    "no activation": (TOML.replace('activation = "tanh"', ""), "activation is missing"),
    "no width": (TOML.replace("width = 20", ""), "width is missing"),
    "no dimension": (TOML.replace("input_dimension = 4", ""), "input_dimension is missing"),
    "width 0": (TOML.replace("width = 20", "width = 0"), "at least 1"),
    "width -5": (TOML.replace("width = 20", "width = -5"), "at least 1"),
    "width 2.5": (TOML.replace("width = 20", "width = 2.5"), "integer"),
    "width text": (TOML.replace("width = 20", 'width = "20"'), "integer"),
    "width true": (TOML.replace("width = 20", "width = true"), "integer"),
    "width huge": (TOML.replace("width = 20", "width = 100000000000000"), "too large"),
    "dimension huge": (TOML.replace("_dimension = 4", "_dimension = 99999999999"), "too large"),
    "seed negative": (TOML + "seed = -1\n", "at least 0"),
    "seed huge": (TOML + f"seed = {2**80}\n", "seed"),
    "relu": (TOML.replace('"tanh"', '"relu"'), "not C¹"),
    "kink": (TOML.replace('"tanh"', '"max(x, 0)"'), "not C¹"),
    "hostile": (TOML.replace('"tanh"', "\"__import__('os')\""), "activation"),
    "misspelt": (TOML.replace('"tanh"', '"tahn"'), "did you mean tanh"),
    "activation number": (TOML.replace('"tanh"', "3"), "activation"),
    "train": (TOML + 'train = "all"\n', "'hidden' or 'both'"),
    "weights": (TOML + 'output_weights = "gaussian"\n', "'rademacher' or 'uniform'"),
    "weights list": (TOML + "output_weights = [1]\n", "'rademacher' or 'uniform'"),
    "u alone": (TOML + 'u = "y.npy"\n', "W is missing"),
    "loss": (TOML.replace('"squared"', '"squred"'), "did you mean squared"),
    "loss name": (TOML.replace('name = "squared"', ""), "name is missing"),
    "loss number": (TOML.replace('"squared"', "2"), "unknown loss"),
    "loss parameter": (TOML.replace('"squared"', '"squared"\np = 2'), "no parameter"),
    "loss p missing": (TOML.replace('"squared"', '"power"'), "needs its parameter p"),
    "p = 1": (TOML.replace('"squared"', '"power"\np = 1'), "p > 1"),
    "p nan": (TOML.replace('"squared"', '"power"\np = nan'), "finite"),
    "p list": (TOML.replace('"squared"', '"power"\np = [2]'), "number"),
    "noise": (TOML.replace('signal = "x.npy"', "noise_norm = -1"), "non-negative"),
    "noise nan": (TOML.replace('signal = "x.npy"', "noise_norm = nan"), "decimal"),
    "noise text": (TOML.replace('signal = "x.npy"', 'noise_norm = "a lot"'), "decimal"),
    "noise large": (TOML.replace('signal = "x.npy"', "noise_norm = 1e400"), "out of range"),
    "noise tiny": (TOML.replace('signal = "x.npy"', "noise_norm = 1e-400"), "out of range"),
    "noise huge": (TOML.replace('signal = "x.npy"', 'noise_norm = "1e99999"'), "decimal"),
}


@pytest.mark.parametrize("name", BAD_TOML)
def test_bad_toml(folder: Path, name: str) -> None:
    text, words = BAD_TOML[name]
    assert words in refusal(folder, text)


MEASURED = TOML.split("[network]")[0] + "[measured]\nsigma_0 = 1\nlipschitz = 0\nmisfit = 0\n"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("sigma_0 = 1", "", "sigma_0 is missing"),
        ("misfit = 0", "", "misfit is missing"),
        ("sigma_0 = 1", "sigma_0 = 0", "positive"),
        ("lipschitz = 0", "lipschitz = -1", "non-negative"),
        ("lipschitz = 0", "lipschitz = inf", "decimal"),
        ("misfit = 0", 'misfit = "1/3"', "decimal"),
        ("misfit = 0", 'misfit = "one"', "decimal"),
        ("misfit = 0", 'misfit = ""', "decimal"),
        ("misfit = 0", "misfit = true", "decimal"),
        ("misfit = 0", "misfit = [1]", "decimal"),
        ("misfit = 0", "misfit = 0\nsigma0 = 1", "did you mean sigma_0"),
    ],
)
def test_bad_measured(folder: Path, old: str, new: str, words: str) -> None:
    assert read_problem(written(folder, MEASURED)).measured is not None
    assert words in refusal(folder, MEASURED.replace(old, new))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"problem__operator": np.zeros((3, 5))}, "is zero"),
        ({"problem__operator": sparse.csr_array((3, 5))}, "is zero"),
        ({"problem__operator": np.zeros((0, 5))}, "empty"),
        ({"problem__operator": np.zeros((3, 0))}, "empty"),
        ({"problem__operator": A[0]}, "matrix"),
        ({"problem__operator": A[None]}, "matrix"),
        ({"problem__operator": A * 1j}, "complex"),
        ({"problem__operator": A.astype("U8")}, "type"),
        ({"problem__operator": A.astype(object)}, "type"),
        ({"problem__operator": np.where(A > 0, np.nan, A)}, "NaN or infinite"),
        ({"problem__operator": np.where(A > 0, np.inf, A)}, "NaN or infinite"),
        ({"problem__operator": sparse.csr_array(np.where(A > 0, np.inf, A))}, "NaN or infinite"),
        ({"problem__operator": A * 1e200}, "overflow"),
        ({"problem__operator": A * 1e-200}, "below"),
        ({"problem__observation": Y * 1e300}, "overflow"),
        ({"problem__operator": np.full((3, 5), 2**60 + 1)}, "2\\^53"),
        ({"problem__operator": [[1, 2], [3]]}, "operator"),
        ({"problem__operator": [["a"]]}, "not a number"),
        ({"problem__operator": []}, "matrix"),
        ({"problem__operator": None}, "missing"),
        ({"problem__observation": Y[:2]}, "shape"),
        ({"problem__observation": Y[:, None]}, "shape"),
        ({"problem__observation": Y * np.nan}, "NaN"),
        ({"problem__observation": np.float64(1)}, "array|shape"),
        ({"problem__observation": []}, "empty"),
        ({"problem__signal": Y}, "shape"),
        ({"problem__signal": X + 1j}, "complex"),
        ({"problem__extra": 3}, "unknown"),
        ({"network": {"activation": "tanh", "u": X, "W": A}}, "V is missing"),
        ({"network": {"activation": "tanh", "u": X, "W": A, "V": A}}, "shape"),
        (
            {"network": {"activation": "tanh", "u": X * 0, "W": A, "V": np.ones((5, 3))}},
            "u is zero",
        ),
        ({"network": {"activation": "tanh", "u": X, "W": A, "V": np.zeros((5, 3))}}, "V is zero"),
        ({"network": {"activation": "tanh", "u": X, "W": A, "V": np.ones((4, 3))}}, "V has shape"),
        ({"network": {"activation": "tanh", "u": X, "W": A.T, "V": A}}, "W has shape"),
        (
            {"network": {"activation": "tanh", "u": X, "W": A, "V": np.ones((5, 3)), "width": 4}},
            "width = 4 but",
        ),
        (
            {"network": {"activation": "tanh", "u": X, "W": A, "V": np.ones((5, 3)), "seed": 4}},
            "exclude each other",
        ),
        ({"network": 3}, "table"),
        ({"network": None}, "\\[network\\], or \\[measured\\]"),
    ],
)
def test_bad_data(changes: dict[str, Any], words: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ProblemError, match=words) as refused:
            problem_from_mapping(tables(**changes))
    assert "\n" not in str(refused.value)


class Boom:
    def __reduce__(self) -> Any:
        return pytest.fail, ("a pickle was loaded",)


def header_only(path: Path, shape: tuple[int, ...]) -> None:
    with path.open("wb") as stream:
        np.lib.format.write_array_header_1_0(
            stream, {"descr": "<f8", "fortran_order": False, "shape": shape}
        )


def bad_files(folder: Path) -> dict[str, str]:
    """File name to the words of its refusal."""
    np.save(folder / "object.npy", np.array([Boom(), 1], dtype=object), allow_pickle=True)
    (folder / "pickle.npy").write_bytes(pickle.dumps(Boom()))
    np.savez(folder / "object.npz", A=np.array([Boom()], dtype=object), allow_pickle=True)
    (folder / "empty.npy").write_bytes(b"")
    (folder / "text.npy").write_text("1 2 3\n4 5 6")
    (folder / "empty.npz").write_bytes(b"")
    (folder / "text.npz").write_text("no archive")
    (folder / "empty.mtx").write_bytes(b"")
    (folder / "text.mtx").write_text("no matrix\nat all")
    np.savez(folder / "two.npz", A=A, B=A)
    header_only(folder / "huge.npy", (10**9, 10**9))
    header_only(folder / "short.npy", (30, 50))
    header_only(folder / "negative.npy", (-3, 5))
    with zipfile.ZipFile(folder / "huge.npz", "w") as archive:
        archive.write(folder / "huge.npy", "A.npy")
    with zipfile.ZipFile(folder / "other.npz", "w") as archive:
        archive.writestr("readme.txt", "hello")
    banner = "%%MatrixMarket matrix "
    market = {
        "complex.mtx": "coordinate complex general\n2 2 1\n1 1 1.0 2.0\n",
        "large.mtx": "array real general\n1000000 1000000\n1.0\n",
        "wide.mtx": "coordinate real general\n2 99999999999 1\n1 1 1.0\n",
        "outside.mtx": "coordinate real general\n2 2 1\n7 1 1.0\n",
        "short.mtx": "coordinate real general\n2 2 5\n1 1 1.0\n",
        "nan.mtx": "coordinate real general\n2 2 1\n1 1 nan\n",
    }
    for name, body in market.items():
        (folder / name).write_text(banner + body)
    lying = sparse.csr_array(A)
    np.savez(
        folder / "lying.npz",
        format=np.array(b"csr"),
        shape=np.array(A.shape),
        data=lying.data,
        indices=np.full(lying.indices.shape, 10**6),
        indptr=lying.indptr,
    )
    (folder / "folder.npy").mkdir()
    return {
        "object.npy": "pickled", "pickle.npy": "not a readable array", "object.npz": "pickled",
        "empty.npy": "not a readable", "text.npy": "not a readable", "empty.npz": "readable",
        "text.npz": "readable", "empty.mtx": "", "text.mtx": "", "two.npz": "should hold one",
        "huge.npy": "at most", "short.npy": "", "negative.npy": "", "huge.npz": "at most",
        "other.npz": "readable", "complex.mtx": "complex", "large.mtx": "at most",
        "wide.mtx": "shape", "outside.mtx": "", "short.mtx": "", "nan.mtx": "NaN",
        "lying.npz": "", "folder.npy": "directory",
    }  # fmt: skip


def test_bad_files(folder: Path) -> None:
    for name, words in bad_files(folder).items():
        message = refusal(folder, TOML.replace("A.npy", name))
        assert name in message, message
        assert words in message, message


def test_bad_problem_paths(folder: Path) -> None:
    for path, words in (
        (folder / "none.toml", "does not exist"),
        (folder / "none.npz", "does not exist"),
        (folder, "directory"),
        (folder / "A.npy", "not a TOML"),
        (folder / "A.npy" / "x.toml", "cannot be read"),
    ):
        with pytest.raises(ProblemError, match=words) as refused:
            read_problem(path)
        assert str(path) in str(refused.value)
        assert "\n" not in str(refused.value)
    (folder / "long.toml").write_bytes(b"#" * 2_000_000)
    with pytest.raises(ProblemError, match="bytes"):
        read_problem(folder / "long.toml")
    (folder / "latin.toml").write_bytes("é".encode("latin-1"))
    with pytest.raises(ProblemError, match="not a TOML"):
        read_problem(folder / "latin.toml")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"A": None}, "operator is missing"),
        ({"B": A}, "unknown array"),
        ({"W": None}, "W is missing"),
        ({"u": None, "W": None, "V": None}, "width is missing"),
        ({"activation": np.array("relu")}, "not C¹"),
        ({"activation": np.array(["tanh"])}, "0-d string"),
        ({"activation": np.array(3)}, "0-d string"),
        ({"loss": np.array("power")}, "needs its parameter"),
        ({"loss": np.array("power(p=")}, "not a loss"),
        ({"loss": np.array("power(p=1)")}, "p > 1"),
        ({"train": np.array("none")}, "'hidden' or 'both'"),
    ],
)
def test_bad_archives(folder: Path, changes: dict[str, Any], words: str) -> None:
    content = {k: v for k, v in (ARCHIVE | changes).items() if v is not None}
    np.savez(folder / "p.npz", **content)
    with pytest.raises(ProblemError, match=words) as refused:
        read_problem(folder / "p.npz")
    assert "\n" not in str(refused.value)


def test_messages_are_one_line_even_for_awkward_names(folder: Path) -> None:
    text = TOML.replace('"A.npy"', '"A\\nB.npy"')
    assert "does not exist" in refusal(folder, text)
    refusal(folder, TOML + '"a\\nb" = 3\n')
