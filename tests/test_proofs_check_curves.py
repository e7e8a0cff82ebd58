"""``kurdyka flow --curve``: recorded loss curves against the bounds, and hostile files."""

import json

import numpy as np
import pytest

from numerics.errors import ProblemError
from numerics.inputs.curves import read_curve
from numerics.problems import problem_from_mapping
from numerics.rigorous.rounding import Bracket
from proofs_check import cli
from proofs_check.instance import examine
from proofs_check.trajectories.recorded import compare_curve, descent_factor

A, Y = [[1.0, 0.5, 0.0], [0.0, 0.5, 1.0]], [0.25, 0.375]
PROBLEM = """
[problem]
operator = "A.npy"
observation = "y.npy"
[loss]
name = "squared"
[network]
activation = "tanh"
width = 500
input_dimension = 4
seed = 1
"""


@pytest.fixture(scope="module")
def instance():
    network = {"activation": "tanh", "width": 500, "input_dimension": 4, "seed": 1}
    tables = {"problem": {"operator": A, "observation": Y}, "network": network}
    return examine(problem_from_mapping(tables))


@pytest.fixture
def problem(tmp_path):
    np.save(tmp_path / "A.npy", A)
    np.save(tmp_path / "y.npy", Y)
    (tmp_path / "p.toml").write_text(PROBLEM)
    return tmp_path / "p.toml"


def descended(instance, step, count=120):
    """The losses of gradient descent, in floating point."""
    problem, losses = instance.problem, []
    state = np.zeros(problem.generator.size)
    for _ in range(count):
        residual = problem.operator @ problem.generator.value(state) - problem.observation
        losses.append(float(residual @ residual) / 2)
        state = state + step * problem.generator.velocity(state, problem.operator.T @ residual)
    return losses


def written(folder, clock, at, losses, digits=9):
    rows = [f"{t},{loss:.{digits}g}" for t, loss in zip(at, losses, strict=True)]
    (folder / "curve.csv").write_text(f"{clock},loss\n" + "\n".join(rows) + "\n")
    return folder / "curve.csv"


def test_a_true_curve_over_time_breaks_nothing(instance, tmp_path):
    step = 0.002
    losses = descended(instance, step, 1500)[::50]
    curve = read_curve(written(tmp_path, "time", np.arange(30) * 50 * step, losses))
    found = compare_curve(instance, curve)
    assert [c.theorem for c in found.comparisons] == ["published", "sharp"]
    assert all(c.claimed and not c.violated for c in found.comparisons)
    assert not found.violated


def test_a_curve_above_a_bound_breaks_it(instance, tmp_path):
    """The loss that is exactly the sharp envelope's, 1% above and below it."""
    reading, times = instance.readings["sharp"], np.linspace(0, 5, 20)
    envelope = np.array(reading.envelope.uppers(times))
    for factor, broken in ((1.0, False), (0.99, False), (1.02, True)):
        losses = (envelope * np.where(times > 0, factor, 1.0)) ** 2 / 2
        found = compare_curve(instance, read_curve(written(tmp_path, "time", times, losses)))
        sharp = next(c for c in found.comparisons if c.theorem == "sharp")
        assert sharp.violated is broken
    assert found.violated


def test_digits_that_were_not_written_are_not_held_against_a_curve(instance, tmp_path):
    """Three digits of the envelope may be rounded up beyond it."""
    times = np.linspace(0, 5, 40)
    losses = np.array(instance.readings["sharp"].envelope.uppers(times)) ** 2 / 2
    assert not compare_curve(
        instance, read_curve(written(tmp_path, "time", [f"{t:.1f}" for t in times], losses, 3))
    ).violated


@pytest.mark.parametrize("step", [0.01, 0.1, 0.3])
def test_gradient_descent_is_held_against_its_own_rate(step, instance, tmp_path):
    losses = descended(instance, step)
    curve = read_curve(written(tmp_path, "iteration", range(len(losses)), losses))
    found = {c.theorem: c for c in compare_curve(instance, curve, Bracket(step, step)).comparisons}
    assert found["descent"].claimed
    assert not found["descent"].violated
    assert found["sharp"].claimed is found["published"].claimed is False


def test_descent_that_is_too_slow_breaks_its_rate(instance, tmp_path):
    losses = descended(instance, 0.1)
    slower = [losses[0], *([losses[0]] * 60)]
    curve = read_curve(written(tmp_path, "iteration", range(61), slower))
    found = compare_curve(instance, curve, Bracket(0.1, 0.1))
    assert [c.theorem for c in found.comparisons if c.violated] == ["descent"]


def test_a_step_that_is_too_large_has_no_rate(instance):
    assert descent_factor(instance, Bracket(0.1, 0.1)) < 1
    assert descent_factor(instance, Bracket(50.0, 50.0)) is None


def test_the_factor_is_not_below_what_is_true_to_first_order(instance):
    """For γ → 0, (1 − factor)/(2γ) is σ_A²σ₀²(1 − 2q) at most."""
    step = 1e-6
    rate = float(instance.readings["sharp"].rate.upper)
    assert 0.9 * rate < (1 - descent_factor(instance, Bracket(step, step))) / (2 * step) <= rate


def test_a_curve_of_another_run_is_refused(instance, tmp_path):
    losses = [2 * loss for loss in descended(instance, 0.01, 10)]  # without the ½
    with pytest.raises(ProblemError, match="another"):
        compare_curve(instance, read_curve(written(tmp_path, "time", range(10), losses)))


# ---------------------------------------------------------------- files

GOOD = {
    "plain": "time,loss\n0,1.5\n1,0.5\n",
    "spaces, case, order, more columns": " Loss , LR,Time\n1.5,a,0\n .5 ,b, 1e0\n",
    "byte order mark, CRLF, blank lines": "\ufefftime,loss\r\n0,1.5\r\n\r\n1,.5\r\n,\r\n",
    "quotes": 'time,loss\n"0","1.5"\n1,5e-1\n',
}


@pytest.mark.parametrize("name", GOOD)
def test_curves_are_read(name, tmp_path):
    file = tmp_path / "c.csv"
    file.write_text(GOOD[name], encoding="utf-8", newline="")
    found = read_curve(file)
    assert found.at.tolist() == [0.0, 1.0]
    assert found.loss.tolist() == [1.5, 0.5]
    assert found.loss_error.max() == 0.05


BAD = {
    "empty": ("", "first line"),
    "no header": ("0,1\n1,2\n", "first line"),
    "no rows": ("time,loss\n", "no rows"),
    "both clocks": ("time,iteration,loss\n0,0,1\n", "either"),
    "no loss": ("time,value\n0,1\n", "loss"),
    "a column twice": ("time,loss,loss\n0,1,2\n", "twice"),
    "text": ("time,loss\n0,abc\n", "c.csv:2: loss = 'abc'"),
    "nan": ("time,loss\n0,1\n1,nan\n", "c.csv:3"),
    "infinity": ("time,loss\n0,inf\n", "inf"),
    "overflow": ("time,loss\n0,1e999\n", "1e308"),
    "underscores": ("time,loss\n0,1_000\n", "1_000"),
    "hexadecimal": ("time,loss\n0,0x10\n", "0x10"),
    "other digits": ("time,loss\n0,١\n", "decimal"),
    "a formula": ("time,loss\n0,=1+1\n", "=1+1"),
    "negative loss": ("time,loss\n0,-1\n", "from 0"),
    "negative time": ("time,loss\n-1,1\n", "from 0"),
    "times that fall": ("time,loss\n1,1\n0,1\n", "increase"),
    "times that stand": ("time,loss\n1,1\n1,1\n", "increase"),
    "half an iteration": ("iteration,loss\n0.5,1\n", "integer"),
    "too few cells": ("time,loss\n0\n", "cells"),
    "too many cells": ("time,loss\n0,1,2\n", "cells"),
    "an open quote": ('time,loss\n"0,1\n', "CSV"),
    "a nul": ("time,loss\n0,1\x00\n", "c.csv"),
    "a long number": (f"time,loss\n0,{'1' * 5000}\n", "decimal"),
    "a long cell": (f"time,loss\n0,{'x' * 200_000}\n", "CSV"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_hostile_curves_are_one_line_and_status_2(name, tmp_path, problem, capsys):
    text, reason = BAD[name]
    file = tmp_path / "c.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ProblemError, match=r"c\.csv"):
        read_curve(file)
    assert cli.run(["flow", str(problem), "--curve", str(file)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert reason in printed.err


def test_bytes_folders_and_missing_files(tmp_path):
    (tmp_path / "c.csv").write_bytes(b"time,loss\n\xff\xfe\n")
    (tmp_path / "d.csv").write_bytes(bytes(range(256)) * 10)
    for name in ("c.csv", "d.csv", "missing.csv", "."):
        with pytest.raises(ProblemError):
            read_curve(tmp_path / name)


# ---------------------------------------------------------------- the command


def test_json_has_the_comparisons_and_no_trajectory(instance, problem, capsys):
    losses = descended(instance, 0.1, 20)
    file = written(problem.parent, "iteration", range(20), losses)
    assert (
        cli.run(["flow", str(problem), "--curve", str(file), "--step", "0.1", "--json", "-"]) == 0
    )
    found = json.loads(capsys.readouterr().out)
    assert next(iter(found)) == "schema"
    assert found["schema"] == "kurdyka.flow/1"
    assert found["violations"] == 0
    assert found["trajectory"] is None
    assert found["curve"]["clock"] == "iteration"
    assert {c["theorem"] for c in found["comparisons"]} == {"published", "sharp", "descent"}
    assert all(c["verdict"] == "SAMPLED" for c in found["comparisons"])
    assert str(file) in found["manifest"]["hashes"]


@pytest.mark.parametrize(("options", "reason"), [
    (["--step", "0.1"], "--curve"),
    (["--curve", "c.csv", "--plot", "p.png"], "--plot"),
    (["--curve", "c.csv", "--certified"], "--certified"),
    (["--curve", "c.csv", "--step", "-1"], "--step"),
    (["--curve", "c.csv", "--step", "x"], "--step"),
    (["--curve", "c.csv", "--step", "0.1"], "times need no --step"),
    (["--curve", "i.csv"], "--step"),
])  # fmt: skip
def test_options_that_do_not_fit(options, reason, problem, monkeypatch, capsys):
    monkeypatch.chdir(problem.parent)
    (problem.parent / "c.csv").write_text("time,loss\n1,0.1\n")
    (problem.parent / "i.csv").write_text("iteration,loss\n1,0.1\n")
    assert cli.run(["flow", str(problem), *options]) == 2
    assert reason in capsys.readouterr().err
