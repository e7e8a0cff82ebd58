"""The bound of hidden convexity along trajectories: kept, and seen to fail when too small."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from numerics.flow import integrate
from numerics.problems import problem_from_mapping
from proofs_check.cli import run
from proofs_check.trajectories import hidden_convexity
from proofs_check.trajectories.hidden_convexity import (
    applies,
    compare_hidden_convex,
    divergence_to_end,
    misfit_bound,
)

EXAMPLE = Path(__file__).parent.parent / "examples" / "hidden_convex" / "problem.toml"


def problem(activation="tanh", loss=None, train="hidden", width=7, seed=0, scale=1.0):
    """Return 3 measurements of 5 outputs; the input has norm ``scale``."""
    rng = np.random.default_rng(seed)
    network = {
        "activation": activation, "train": train, "u": scale * np.array([0.6, 0.0, 0.8]),
        "W": rng.standard_normal((width, 3)), "V": rng.choice([-1.0, 1.0], (5, width)),
    }  # fmt: skip
    tables = {
        "problem": {"operator": rng.standard_normal((3, 5)) / 2,
                    "observation": rng.uniform(0.1, 1, 3)},
        "loss": loss or {"name": "squared"}, "network": network,
    }  # fmt: skip
    return problem_from_mapping(tables)


CASES = [
    {"activation": "tanh"},
    {"activation": "tanh", "width": 2, "seed": 4},
    {"activation": "sigmoid", "seed": 2},
    {"activation": "softplus", "scale": 1.5, "seed": 3},
    {"activation": "elu", "loss": {"name": "log_cosh"}},
    {"activation": "arctan", "loss": {"name": "huber", "delta": "0.5"}, "scale": 0.5},
    {"activation": "tanh", "loss": {"name": "power", "p": 3}},
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_bound_is_never_violated(case):
    made = problem(**case)
    found = integrate(made, max_steps=150)
    (compared,) = compare_hidden_convex(made, found)
    assert compared.claimed
    assert not compared.violated
    assert np.isinf(compared.bound[0])
    assert np.all(np.diff(compared.bound[1:]) <= 0)
    assert np.all(compared.margin[1:] <= 1e-3 * compared.bound[1:] + 1e-8)


def test_a_bound_that_is_too_small_is_seen_to_be_violated(monkeypatch):
    """With a divergence of a hundredth, the trajectory lies above the bound."""
    made = problem(seed=1)
    found = integrate(made)
    assert not compare_hidden_convex(made, found)[0].violated
    true = hidden_convexity.divergences
    monkeypatch.setattr(
        hidden_convexity, "divergences", lambda *at: tuple(part / 100 for part in true(*at))
    )
    assert compare_hidden_convex(made, found)[0].violated


def test_the_bound_is_the_statements_own(monkeypatch):
    made = problem()
    found = integrate(made)
    (before,) = compare_hidden_convex(made, found)
    own = hidden_convexity.statement("flow_hidden_convex")
    half = tuple(replace(b, value=b.value / 2) for b in own.bounds)
    monkeypatch.setattr(hidden_convexity, "statement", lambda name: replace(own, bounds=half))
    (after,) = compare_hidden_convex(made, found)
    gap = before.bound[1:] - found.loss[-1]
    assert np.allclose(after.bound[1:] - found.loss[-1], gap / 2)


@pytest.mark.parametrize(
    "case",
    [
        {"train": "both"},
        {"activation": "gelu"},
        {"activation": "sin"},
        {"loss": {"name": "cauchy"}},
        {"activation": "softplus", "loss": {"name": "poisson"}},
    ],
    ids=str,
)
def test_nothing_is_claimed_where_the_statement_does_not_speak(case):
    made = problem(**case)
    assert not applies(made)
    found = integrate(problem(width=7), max_steps=5)
    assert compare_hidden_convex(made, found) == []
    assert divergence_to_end(made, found) is None
    assert misfit_bound(made, found) is None


def test_the_misfit_bound_is_the_desingularizer_of_the_bound():
    made = problem(loss={"name": "power", "p": 3})
    found = integrate(made, max_steps=100)
    bound = misfit_bound(made, found)
    assert bound is not None
    exact = (3 * compare_hidden_convex(made, found)[0].bound[1:]) ** (1 / 3)
    assert np.allclose(bound[1:], exact)
    assert np.all(found.misfit <= bound * (1 + 1e-9))


def test_flow_reports_the_bound(tmp_path, capsys):
    written = tmp_path / "flow.json"
    assert run(["flow", str(EXAMPLE), "--json", str(written)]) == 0
    assert "hidden convexity, at every width" in capsys.readouterr().out
    compared = json.loads(written.read_text())["comparisons"]
    (one,) = [c for c in compared if c["theorem"] == "hidden_convex"]
    assert one["quantity"] == "loss"
    assert one["claimed"] is True
    assert one["verdict"] == "SAMPLED"


def test_flow_draws_the_bound(tmp_path):
    pytest.importorskip("matplotlib")
    figure = tmp_path / "flow.svg"
    assert run(["flow", str(EXAMPLE), "--plot", str(figure)]) == 0
    assert figure.stat().st_size > 10_000
