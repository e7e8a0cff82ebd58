"""``kurdyka flow``: the bounds hold along real flows, and mutated bounds are seen to fail."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sympy import Rational, Symbol

from numerics.errors import ProblemError
from numerics.flow import integrate
from numerics.problems import extremal_problem, problem_from_mapping
from proofs_check import cli
from proofs_check.commands import flow as flow_command
from proofs_check.instance import examine
from proofs_check.trajectories.comparison import compare, envelope
from theory import registry
from theory.losses import loss
from theory.settings import flow as setting

LARGER, SMALLER = Rational(101, 100), Rational(99, 100)


def compared(problem):
    instance = examine(problem)
    return compare(instance, integrate(problem))


def violated(comparisons):
    return {(c.theorem, c.quantity) for c in comparisons if c.violated}


def network(seed, width, name="squared", train="hidden", m=3, n=5, **parameters):
    rng = np.random.default_rng(seed)
    return problem_from_mapping({
        "problem": {"operator": rng.standard_normal((m, n)), "observation": rng.standard_normal(m)},
        "loss": {"name": name, **parameters},
        "network": {
            "activation": "tanh", "width": width, "input_dimension": 4, "train": train,
            "seed": seed,
        },
    })  # fmt: skip


@pytest.fixture
def mutate(monkeypatch):
    """Replace a statement by one whose bounds are changed."""
    original = registry.statement

    def install(id, **changes):
        statement = original(id)
        bounds = tuple(
            replace(bound, value=changes[bound.name](bound.value))
            if bound.name in changes else bound
            for bound in statement.bounds
        )  # fmt: skip
        assert bounds != statement.bounds
        mutant = replace(statement, bounds=bounds)
        monkeypatch.setattr(
            registry, "statement", lambda name: mutant if name == id else original(name)
        )

    return install


# ---------------------------------------------------------------- the true statements


@pytest.mark.parametrize("misfit", [0.1, 0.3, 0.45, 0.7, 3.0])
@pytest.mark.parametrize("name", ["squared", "power(p=3)", "power(p=3/2)"])
def test_extremal_flow_violates_nothing_and_reaches_the_envelope(misfit, name):
    chosen = loss("squared") if name == "squared" else loss("power", p=name[8:-1])
    problem = extremal_problem(1.0, 1.0, 1.0, misfit, chosen)
    instance, found = examine(problem), integrate(problem)
    comparisons = compare(instance, found)
    assert violated(comparisons) == set()
    bound = envelope(instance.readings["sharp"], found.times)
    np.testing.assert_allclose(found.misfit, bound, rtol=1e-4, atol=1e-7 * misfit)
    sharp = [c for c in comparisons if (c.theorem, c.quantity) == ("sharp", "misfit")]
    assert [c.claimed for c in sharp] == [True]


@pytest.mark.parametrize("seed", [0, 2])
@pytest.mark.parametrize(("name", "parameters"), [
    ("squared", {}), ("power", {"p": 3}), ("log_cosh", {}), ("huber", {"delta": 1}),
])  # fmt: skip
def test_flows_of_random_networks_violate_nothing(seed, name, parameters):
    comparisons = compared(network(seed, 300 * 4**seed, name, **parameters))
    assert violated(comparisons) == set()
    assert {c.quantity for c in comparisons} >= {"misfit", "travel"}


def test_flow_of_both_layers_violates_nothing():
    comparisons = compared(network(3, 1500, train="both", m=2, n=3))
    assert violated(comparisons) == set()
    assert any(c.claimed for c in comparisons if c.theorem == "sharp")


# ---------------------------------------------------------------- mutants are seen

MUTANTS = [
    ("flow_sharp", "travel_radius", lambda v: v * SMALLER, "travel"),
    ("flow_sharp", "conditioning", lambda v: v * LARGER, "sigma_min"),
    ("envelope_squared", "envelope", lambda v: v.subs(setting.b, LARGER * setting.b), "misfit"),
    ("envelope_squared", "envelope", lambda v: v * (1 - Rational(1, 10**6)), "misfit"),
]


@pytest.mark.parametrize(("id", "bound", "change", "quantity"), MUTANTS)
def test_a_mutated_bound_is_violated_on_the_extremal_instance(id, bound, change, quantity, mutate):
    problem = extremal_problem(0.5, 2.0, 1.5, 0.4)
    assert violated(compared(problem)) == set()
    mutate(id, **{bound: change})
    assert ("sharp", quantity) in violated(compared(problem))


@pytest.mark.parametrize(("name", "quantity"), [("rho_star", "travel"), ("b", "misfit")])
def test_the_statements_own_mutants_are_violated(name, quantity, mutate):
    """A mutant that changes a definition changes the bound that states it."""
    sharp = registry.statement("flow_sharp")
    mutant = next(m for m in sharp.mutants if name in m.replace)
    old = next(d.value for d in sharp.definitions if d.name == name)
    stating = next(bound.name for bound in sharp.bounds if bound.value in (old, Symbol(name)))
    mutate("flow_sharp", **{stating: lambda value: mutant.replace[name]})
    assert ("sharp", quantity) in violated(compared(extremal_problem(0.5, 2.0, 1.5, 0.4)))


def test_a_faster_rate_is_violated_for_a_loss_without_closed_envelope(mutate):
    problem = extremal_problem(1.0, 1.0, 1.0, 0.2, loss("power", p=3))
    mutate("flow_sharp", rate=lambda v: v * LARGER)
    assert ("sharp", "misfit") in violated(compared(problem))


def test_published_bounds_are_not_claimed_beyond_their_threshold():
    """At q = 0.4 the published envelope really fails: it is shown, but it is no violation."""
    comparisons = compared(extremal_problem(1.0, 1.0, 1.0, 0.4))
    published = [c for c in comparisons if c.theorem == "published"]
    assert all(c.claimed is False for c in published)
    assert any(c.exceeded for c in published)
    assert violated(comparisons) == set()


def test_an_error_within_the_margin_is_no_violation():
    problem = extremal_problem(1.0, 1.0, 1.0, 0.3)
    instance, found = examine(problem), integrate(problem)
    above = replace(found, misfit=found.misfit + 0.5 * found.misfit_error)
    beyond = replace(found, misfit=found.misfit + 3 * found.misfit_error)
    assert violated(compare(instance, above)) == set()
    assert ("sharp", "misfit") in violated(compare(instance, beyond))


def test_a_trajectory_that_is_not_finite_is_refused():
    """NaN exceeds nothing: it must not pass for agreement."""
    problem = extremal_problem(1.0, 1.0, 1.0, 0.3)
    found = integrate(problem)
    broken = replace(found, misfit=np.where(found.times > 1, np.nan, found.misfit))
    with pytest.raises(ProblemError, match="misfit is not finite"):
        compare(examine(problem), broken)


# ---------------------------------------------------------------- the command


@pytest.fixture
def extremal(monkeypatch, tmp_path):
    """Let ``kurdyka flow`` read the extremal instance, which no file describes."""
    problem = extremal_problem(1.0, 1.0, 1.0, 0.4)
    monkeypatch.setattr(flow_command, "read_problem", lambda path: problem)
    file = tmp_path / "extremal.toml"
    file.write_text("")
    return str(file)


@pytest.fixture
def small(tmp_path):
    rng = np.random.default_rng(2)
    np.save(tmp_path / "A.npy", rng.standard_normal((2, 3)))
    np.save(tmp_path / "y.npy", rng.standard_normal(2))
    file = tmp_path / "problem.toml"
    file.write_text(
        '[problem]\noperator = "A.npy"\nobservation = "y.npy"\nnoise_norm = 0.1\n'
        '[loss]\nname = "squared"\n'
        '[network]\nactivation = "tanh"\nwidth = 2000\ninput_dimension = 3\n'
    )
    return file


def test_command_fails_on_a_mutant_and_passes_on_the_original(extremal, mutate, capsys):
    assert cli.run(["flow", extremal]) == 0
    assert "No violation" in capsys.readouterr().out
    mutate("flow_sharp", travel_radius=lambda v: v * SMALLER)
    assert cli.run(["flow", extremal]) == 1
    shown = capsys.readouterr().out
    assert "VIOLATED" in shown
    assert "VIOLATION: travel" in shown


def test_terminal_shows_measured_beside_bounds(small, capsys):
    assert cli.run(["flow", str(small)]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    for part in ("measured", "published", "sharp", "w(t) at the end", "length", "█", "SAMPLED"):
        assert part in printed.out


def test_json_says_what_was_compared(small, capsys):
    assert cli.run(["flow", str(small), "--json", "-"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert next(iter(document)) == "schema"
    assert document["schema"] == "kurdyka.flow/1"
    assert document["violations"] == 0
    assert {c["verdict"] for c in document["comparisons"]} == {"SAMPLED"}
    trajectory = document["trajectory"]
    assert len(trajectory["times"]) == len(trajectory["misfit"]) <= 200
    assert trajectory["times"][0] == 0


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_plot_is_drawn_and_always_the_same(suffix, small, tmp_path, capsys):
    pytest.importorskip("matplotlib")
    drawn = []
    for name in ("one", "two"):
        figure = tmp_path / f"{name}.{suffix}"
        assert cli.run(["flow", str(small), "--plot", str(figure)]) == 0
        drawn.append(figure.read_bytes())
    assert len(drawn[0]) > 5000
    assert drawn[0] == drawn[1]
    if suffix == "svg":
        assert b"<svg" in drawn[0]


def test_matplotlib_is_not_loaded_without_a_plot(small):
    import subprocess
    import sys

    code = (
        "import sys, proofs_check.cli as c\n"
        f"status = c.run(['flow', {str(small)!r}, '--json', '-'])\n"
        "sys.exit(status or int('matplotlib' in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


def test_a_network_that_starts_at_the_solution(tmp_path, capsys):
    """w₀ = 0: nothing moves, and nothing breaks, plot included."""
    v, w, u = np.ones((2, 4)), np.zeros((4, 3)), np.array([1.0, 0.0, 0.0])
    for name, array in {"A": np.eye(2), "y": np.zeros(2), "u": u, "W": w, "V": v}.items():
        np.save(tmp_path / f"{name}.npy", array)
    file = tmp_path / "problem.toml"
    file.write_text(
        '[problem]\noperator = "A.npy"\nobservation = "y.npy"\n[loss]\nname = "squared"\n'
        '[network]\nactivation = "tanh"\nu = "u.npy"\nW = "W.npy"\nV = "V.npy"\n'
    )
    figure = tmp_path / "flow.png"
    assert cli.run(["flow", str(file), "--plot", str(figure)]) == 0
    assert capsys.readouterr().err == ""
    assert figure.exists()
    assert cli.run(["certify", str(file)]) in (0, 1)


MISTAKES = [
    (["--certified", "--plot", "figure.gif"], "figure.gif"),
    (["--plot", "figure.gif"], "figure.gif"),
    (["--plot", "/no/such/folder/figure.png"], "/no/such/folder"),
]


@pytest.mark.parametrize(("arguments", "named"), MISTAKES)
def test_mistakes_are_one_line_and_status_2(arguments, named, small, capsys):
    assert cli.run(["flow", str(small), *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert named in printed.err


def test_asserted_quantities_have_no_flow(small, capsys):
    text = small.read_text().partition("[network]")[0]
    small.write_text(text + '[measured]\nsigma_0 = "1"\nlipschitz = "1"\nmisfit = "1"\n')
    assert cli.run(["flow", str(small)]) == 2
    assert "[measured]" in capsys.readouterr().err


def test_missing_file_is_status_2(capsys):
    assert cli.run(["flow", str(Path("no_such_problem.toml"))]) == 2
    assert "no_such_problem.toml" in capsys.readouterr().err
