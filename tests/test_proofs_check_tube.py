"""``flow --certified``: inequalities decided along the real trajectory, and planted false ones."""

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from numerics.problems import problem_from_mapping
from numerics.rigorous.ranges import Range
from numerics.tubes.tube import tube
from proofs_check import cli
from proofs_check.certifying.formulas import NOISE
from proofs_check.trajectories.certified import certified_flow
from proofs_check.trajectories.verdicts import decide, restart
from theory.settings import flow as setting


@cache
def problem(train="hidden", width=3000, noise=0.05):
    rng = np.random.default_rng(4)
    a = rng.standard_normal((2, 4)) / 2
    x = rng.standard_normal(4) / 4
    e = rng.standard_normal(2)
    return problem_from_mapping({
        "problem": {
            "operator": a, "observation": a @ x + noise * e / np.linalg.norm(e), "signal": x,
        },
        "network": {
            "activation": "tanh", "width": width, "input_dimension": 5, "seed": 1, "train": train,
        },
    })  # fmt: skip


@cache
def followed(train="hidden", width=3000):
    return certified_flow(problem(train, width))


def verdicts(decisions):
    return {(d.theorem, d.quantity): d.verdict for d in decisions}


def with_values(instance, theorem, **changes):
    """Plant a false quantity in a theorem's formulas: a symbol's name to a factor."""
    reading = instance.readings[theorem]
    values = dict(reading.formulas.values)
    for name, factor in changes.items():
        symbol = NOISE if name == "e" else getattr(setting, name)
        found = values[symbol]
        values[symbol] = Range(found.lower * factor, found.upper * factor)
    planted = replace(reading, formulas=replace(reading.formulas, values=values))
    return replace(instance, readings={**instance.readings, theorem: planted})


@pytest.mark.parametrize("train", ["hidden", "both"])
def test_every_claimed_inequality_holds_for_all_times(train):
    found = followed(train)
    assert found.instance.readings["sharp"].applies
    claimed = [d for d in found.decisions if d.claimed]
    quantities = {d.quantity for d in claimed if d.theorem == "sharp"}
    assert quantities == {"misfit", "travel", "length", "sigma_min", "stopping_time"}
    assert {d.verdict for d in claimed} == {"holds"}
    assert all(d.until_T and d.after_T and d.margin > 0 for d in claimed)
    assert found.violations == ()


def lipschitz_at_end(found):
    return found.tube.lipschitz


PLANTED = [
    ("misfit", {"a": 8}),
    ("misfit", {"w_0": 0.9}),
    ("travel", {"w_0": 0.05}),
    ("length", {"w_0": 0.05}),
    ("sigma_min", {"sigma_0": 2}),
    ("stopping_time", {"w_0": 0.3}),
]


@pytest.mark.parametrize(("quantity", "changes"), PLANTED)
def test_a_planted_violation_is_found(quantity, changes):
    found = followed()
    planted = with_values(found.instance, "sharp", **changes)
    decided = decide(planted, found.tube, lipschitz_at_end(found))
    wrong = {d.quantity: d for d in decided if d.theorem == "sharp"}[quantity]
    assert wrong.verdict == "violated"
    assert wrong.margin < 0
    assert wrong.refuted


def test_what_is_neither_certain_nor_refuted_is_undecided():
    """A misfit bound that is right at the start and tangent there needs the rates: 1% off, none."""
    found = followed()
    instance = found.instance
    speed = float(found.tube.rate_low[0])
    reading = instance.readings["sharp"]
    a = float(reading.formulas.values[setting.a].upper)
    b = float(reading.formulas.values[setting.b].upper)
    w = float(found.tube.misfit_high[0])
    factor = (speed - b * w) / a
    beyond = with_values(instance, "sharp", a=1.001 * factor)
    inside = with_values(instance, "sharp", a=0.5 * factor)
    chosen = {}
    for name, planted in (("beyond", beyond), ("inside", inside)):
        decided = decide(planted, found.tube, lipschitz_at_end(found))
        chosen[name] = verdicts(decided)["sharp", "misfit"]
    assert chosen["beyond"] != "holds"
    assert chosen["inside"] in ("holds", "undecided")


def test_a_short_tube_decides_the_rest_by_starting_again():
    given = problem()
    constant = given.generator.jacobian_lipschitz().upper
    short = tube(given, lambda radius: constant, max_pieces=6)
    assert short.status == "step_limit"
    instance = followed().instance
    again = restart(instance, short, constant)
    assert again.below
    decided = decide(instance, short, constant)
    assert verdicts(decided)["sharp", "travel"] == "holds"
    assert {d.verdict for d in decided if d.claimed} <= {"holds", "undecided"}


def test_nothing_follows_after_T_where_the_threshold_is_missed():
    given = problem(width=40)
    constant = given.generator.jacobian_lipschitz().upper
    short = tube(given, lambda radius: constant, max_pieces=1)
    found = certified_flow(given)
    again = restart(found.instance, short, 100 * constant)
    assert not again.below
    assert again.bound("travel_radius") is None
    decided = decide(found.instance, short, 100 * constant)
    assert all(not d.after_T for d in decided)
    assert all(d.verdict != "holds" for d in decided)


# ---------------------------------------------------------------- the command


TOML = """
[problem]
operator = "A.npy"
observation = "y.npy"
noise_norm = 0.05
[loss]
name = "{loss}"
[network]
activation = "{activation}"
width = 400
input_dimension = 4
seed = 0
"""


def write(folder, loss="squared", activation="tanh"):
    np.save(folder / "A.npy", np.array([[0.5, 0.25, 0.0], [0.0, 0.5, 0.5]]))
    np.save(folder / "y.npy", np.array([0.25, -0.5]))
    (folder / "p.toml").write_text(TOML.format(loss=loss, activation=activation))
    return str(folder / "p.toml")


def test_the_command_prints_verdicts_and_writes_json(tmp_path, capsys):
    out = tmp_path / "flow.json"
    assert cli.run(["flow", write(tmp_path), "--certified", "--json", str(out)]) == 0
    text = capsys.readouterr().out
    assert "enclosed for t from 0 to T" in text
    assert "claimed inequalities are proved along the real trajectory" in text
    document = json.loads(out.read_text())
    assert list(document)[:2] == ["schema", "certified"]
    assert document["schema"] == "kurdyka.flow/1"
    assert document["certified"] is True
    assert document["violations"] == 0
    assert {c["verdict"] for c in document["comparisons"]} <= {"holds", "violated", "undecided"}
    rows = document["tube"]
    assert len(rows["times"]) == len(rows["misfit_low"]) == len(rows["sigma_min_low"]) <= 200
    assert all(a <= b for a, b in zip(rows["misfit_low"], rows["misfit_high"], strict=True))


def test_the_command_draws_the_tube(tmp_path):
    pytest.importorskip("matplotlib")
    figure = tmp_path / "tube.svg"
    assert cli.run(["flow", write(tmp_path), "--certified", "--plot", str(figure)]) == 0
    assert figure.read_text().count("FillBetweenPolyCollection") == 3


@pytest.mark.parametrize(("loss", "activation", "reason"), [
    ("log_cosh", "tanh", "squared loss only"),
    ("squared", "elu", "smooth activation"),
])  # fmt: skip
def test_what_cannot_be_certified_is_said_in_one_line(tmp_path, capsys, loss, activation, reason):
    assert cli.run(["flow", write(tmp_path, loss, activation), "--certified"]) == 2
    error = capsys.readouterr().err
    assert reason in error
    assert error.count("\n") == 1


def test_a_violation_is_shown_and_changes_the_exit_status(tmp_path, capsys, monkeypatch):
    from proofs_check.commands import flow_certified

    found = followed()
    planted = with_values(found.instance, "sharp", w_0=0.05)
    decided = tuple(decide(planted, found.tube, lipschitz_at_end(found)))
    monkeypatch.setattr(
        flow_certified, "certified_flow", lambda *a, **k: replace(found, decisions=decided)
    )
    assert cli.run(["flow", write(tmp_path), "--certified"]) == 1
    assert "VIOLATION: the sharp bound of travel is certainly exceeded" in capsys.readouterr().out
