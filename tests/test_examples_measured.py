"""The worked example of measured quantities: it runs, and its numbers are those of the network."""

import runpy
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from numerics.problems import problem_from_mapping, read_problem
from proofs_check import cli
from proofs_check.instance import examine

FOLDER = Path(__file__).parent.parent / "examples" / "measured"


@pytest.fixture(scope="module")
def example():
    return runpy.run_path(str(FOLDER / "measure.py"))


def test_files_are_what_the_script_writes(example, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["measure.py", "--train"])
    example["main"].__globals__["FOLDER"] = tmp_path
    example["main"]()
    for name in ("problem.toml", "loss.csv"):
        made, shipped = (folder / name for folder in (tmp_path, FOLDER))
        assert _numbers(made) == pytest.approx(_numbers(shipped), rel=2e-5)
    for name in ("A.npy", "y.npy"):
        np.testing.assert_allclose(np.load(tmp_path / name), np.load(FOLDER / name), rtol=1e-14)


def _numbers(file):
    cells = file.read_text().replace('"', " ").replace(",", " ").split()
    return [float(cell) for cell in cells if cell[0].isdigit()]


def test_measured_numbers_are_on_the_safe_side_of_the_rigorous_ones(example):
    """With (u, 1) for the input and (W, b) for the weights it is a network that kurdyka knows."""
    net = example["network"]()
    operator, data = example["problem"]()
    tables = {
        "problem": {"operator": operator, "observation": data},
        "loss": {"name": "squared"},
        "network": {
            "activation": "tanh", "u": np.append(net.u, 1.0), "V": net.output,
            "W": np.column_stack([net.weights, net.biases]),
        },
    }  # fmt: skip
    known = examine(problem_from_mapping(tables)).measured
    given = read_problem(FOLDER / "problem.toml").measured
    assert 0 <= Fraction(known.sigma_0.lower) - given.sigma_0 < Fraction(1, 10**5)
    assert 0 <= given.lipschitz - Fraction(known.lipschitz.upper) < Fraction(1, 10**6)
    assert 0 <= given.misfit - Fraction(known.misfit.upper) < Fraction(1, 10**5)


def test_jacobians_agree(example):
    pytest.importorskip("torch")
    net = example["network"]()
    by_torch, by_hand = (
        example[f"value_and_jacobian_by_{name}"](net) for name in ("torch", "numpy")
    )
    for one, other in zip(by_torch, by_hand, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)


def test_jacobian_of_the_formula_is_that_of_finite_differences(example):
    net = example["network"]()
    jacobian = example["value_and_jacobian_by_numpy"](net)[1]
    rng = np.random.default_rng(0)
    dw, db = rng.standard_normal(net.weights.shape), rng.standard_normal(net.biases.shape)
    step = 1e-6
    ends = [
        example["value_and_jacobian_by_numpy"](
            net._replace(weights=net.weights + s * dw, biases=net.biases + s * db)
        )[0]
        for s in (step, -step)
    ]
    moved = jacobian @ np.concatenate([dw.ravel(), db])
    np.testing.assert_allclose((ends[0] - ends[1]) / (2 * step), moved, rtol=1e-6, atol=1e-8)


def test_certificate_says_what_is_asserted_and_can_be_rechecked(tmp_path, capsys):
    problem, report = str(FOLDER / "problem.toml"), str(tmp_path / "c.json")
    assert cli.run(["certify", problem, "--json", report]) == 0
    assert "asserted quantities are right" in " ".join(capsys.readouterr().out.split())
    assert cli.run(["recheck", report]) == 0
    assert cli.run(["flow", problem, "--curve", str(FOLDER / "loss.csv")]) == 0
    assert "2 claimed bounds" in capsys.readouterr().out
    assert cli.run(["flow", problem]) == 2
    assert "--curve" in capsys.readouterr().err


def test_a_wrong_assertion_is_seen_in_the_curve(tmp_path, capsys):
    text = (FOLDER / "problem.toml").read_text().replace('"A.npy"', f'"{FOLDER}/A.npy"')
    text = text.replace('"y.npy"', f'"{FOLDER}/y.npy"').replace("0.794888", "7.94888")
    (tmp_path / "wrong.toml").write_text(text)
    curve = str(FOLDER / "loss.csv")
    assert cli.run(["flow", str(tmp_path / "wrong.toml"), "--curve", curve]) == 1
    assert "VIOLATION" in capsys.readouterr().out
