"""``kurdyka phase``: exact intervals, resumed where it was left, honest about what is certain."""

import json
from fractions import Fraction
from importlib.util import find_spec
from math import comb
from time import sleep

import pytest

from numerics.sweeping.reading import sweep_from_mapping
from numerics.sweeping.store import Store, sample_keys
from proofs_check.cli import run
from proofs_check.sweeping import run as phase_run
from proofs_check.sweeping.cells import CellReport, clopper_pearson, contradicted, report_of
from proofs_check.sweeping.samples import rows_of

SMALL = """
[sweep]
samples = 6
seed = 1
level = 1e-6
{more}
[sweep.axes]
width = [3, 40]
[problem]
outputs = 3
measurements = 2
[network]
activation = "tanh"
"""


@pytest.fixture
def sweep_file(tmp_path):
    def write(more="", text=SMALL):
        file = tmp_path / "sweep.toml"
        file.write_text(text.replace("{more}", more))
        return str(file)

    return write


def answer(capsys, *arguments):
    status = run([*arguments, "--json", "-"])
    return status, json.loads(capsys.readouterr().out)


def test_cells_say_what_was_seen_and_what_is_certain(sweep_file, capsys):
    status, made = answer(capsys, "phase", sweep_file(), "--jobs", "1")
    assert status == 0
    assert next(iter(made)) == "schema"
    assert made["schema"] == "kurdyka.phase/1"
    assert made["manifest"]["seed"] == 1
    narrow, wide = made["cells"]
    assert [cell["parameters"]["width"] for cell in (narrow, wide)] == [3, 40]
    assert narrow["successes"] < wide["successes"] == 6
    for cell in (narrow, wide):
        share = cell["successes"] / cell["samples"]
        assert float(cell["probability"]["lower"]) <= share <= float(cell["probability"]["upper"])
        assert cell["contradictions"] == []
        for answers in cell["certified"].values():
            assert answers["yes"] + answers["no"] + answers["undecided"] == 6
        # the flow reaches zero exactly where hidden convexity says that it does
        assert cell["certified"]["hidden_convex"]["yes"] <= cell["successes"]
    assert wide["certified"]["hidden_convex"]["yes"] == 6
    assert wide["certified"]["published"]["yes"] <= wide["certified"]["sharp"]["yes"]
    widths = wide["width_by_theorem"]
    assert widths["sharp"]["width"] < widths["published"]["width"]


def test_nothing_estimated_is_called_certified(sweep_file, capsys):
    status, made = answer(capsys, "phase", sweep_file("certify = false"), "--jobs", "1")
    assert status == 0
    for cell in made["cells"]:
        assert cell["certified"] == {}
        assert set(cell["q_below_threshold_in_floating_point"]) == {"published", "sharp"}
        assert cell["time_to_level"]["sharp"] is None


def test_the_estimate_agrees_with_what_is_certified():
    def rows(certify):
        tables = {
            "sweep": {"samples": 3, "seed": 2, "certify": certify},
            "problem": {"outputs": 3, "measurements": 2},
            "network": {"activation": "tanh", "width": 200},
        }
        (cell,) = sweep_from_mapping(tables).cells()
        return rows_of(cell, range(3))

    for certain, estimated in zip(rows(True), rows(False), strict=True):
        for name in ("q", "sigma_0", "w_0"):
            assert estimated[name] == pytest.approx(certain[name], rel=1e-9)
        assert estimated["loss"] == certain["loss"]


def test_a_store_is_used_again(sweep_file, tmp_path, capsys, monkeypatch):
    store = ["--jobs", "1", "--store", str(tmp_path / "rows.sqlite")]
    file = sweep_file("certify = false")
    _, first = answer(capsys, "phase", file, *store)
    monkeypatch.setattr(phase_run, "rows_of", None)  # nothing is left to compute
    _, again = answer(capsys, "phase", file, *store)
    assert first["cells"] == again["cells"]


def test_an_interrupted_run_is_resumed(sweep_file, tmp_path, capsys, monkeypatch):
    computed = []

    def interrupted(cell, samples):
        if cell.parameters["width"] == 40 and len(computed) < 2:
            computed.append("interrupted")
            raise KeyboardInterrupt
        computed.append(cell.parameters["width"])
        return rows_of(cell, samples)

    monkeypatch.setattr(phase_run, "rows_of", interrupted)
    file, store = sweep_file("certify = false"), str(tmp_path / "rows.sqlite")
    assert run(["phase", file, "--jobs", "1", "--store", store]) == 130
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert f"kurdyka phase {file} --store {store}" in error
    status, made = answer(capsys, "phase", file, "--jobs", "1", "--store", store)
    assert status == 0
    assert computed == [3, "interrupted", 40]
    _, at_once = answer(capsys, "phase", file, "--jobs", "1")
    assert made["cells"] == at_once["cells"]


def test_an_interruption_calls_waiting_processes_off(tmp_path, monkeypatch):
    tables = {
        "sweep": {"samples": 1000, "certify": False},
        "problem": {"outputs": 2, "measurements": 1},
        "network": {"activation": "tanh", "width": 4},
    }
    sweep = sweep_from_mapping(tables)
    (cell,) = sweep.cells()

    def slow(cell, samples):
        (tmp_path / str(samples.start)).touch()
        sleep(0.02)
        return [ROW for _ in samples]

    def interrupt(there, total):
        if there:
            raise KeyboardInterrupt

    monkeypatch.setattr(phase_run, "rows_of", slow)
    store = Store(None)
    with pytest.raises(KeyboardInterrupt):
        phase_run.complete(sweep, store, 2, None, interrupt)
    assert 1 <= len(list(tmp_path.iterdir())) < len(cell.chunks) / 2
    assert len(store.present(sample_keys(cell, phase_run.code_fingerprint()))) == 25


def test_without_a_store_an_interruption_leaves_one(sweep_file, tmp_path, capsys, monkeypatch):
    def interrupted(cell, samples):
        if cell.parameters["width"] == 40:
            raise KeyboardInterrupt
        return rows_of(cell, samples)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(phase_run, "rows_of", interrupted)
    file = sweep_file("certify = false")
    assert run(["phase", file, "--jobs", "1"]) == 130
    assert "--store sweep.sqlite" in capsys.readouterr().err
    assert (tmp_path / "sweep.sqlite").exists()
    assert run(["phase", file, "--jobs", "1"]) == 130
    assert "nothing is kept" in capsys.readouterr().err


def test_processes_give_the_same_answer(sweep_file, capsys):
    more = "certify = false"
    _, alone = answer(capsys, "phase", sweep_file(more), "--jobs", "1")
    _, together = answer(capsys, "phase", sweep_file(more), "--jobs", "2")
    assert alone["cells"] == together["cells"]


@pytest.mark.parametrize("success", ["hidden_convex", "sharp", "recovery"])
def test_other_kinds_of_success(success, sweep_file, capsys):
    text = SMALL.replace("samples = 6", "samples = 3").replace("[3, 40]", "[40]")
    file = sweep_file(f'success = "{success}"', text)
    status, made = answer(capsys, "phase", file, "--jobs", "1")
    assert status == 0
    for cell in made["cells"]:
        if success in cell["certified"]:
            assert cell["successes"] == cell["certified"][success]["yes"]
            assert cell["unfinished"] == cell["certified"][success]["undecided"]
        else:
            assert cell["medians"]["recovery"] > 0


@pytest.mark.parametrize(
    ("more", "arguments", "said"),
    [
        ("widht = 3", [], "unknown [sweep] key"),
        ("samples = 3", [], "TOML"),
        ("", ["--store", "-"], "name of a file"),
        ("", ["--plot", "-"], "--plot"),
        ("", ["--plot", "x.jpg"], "has to end in"),
        ("", ["--store", "none/rows.sqlite"], "no folder"),
        ("", ["--jobs", "0"], "jobs"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_in_a_line(more, arguments, said, sweep_file, capsys, monkeypatch):
    monkeypatch.setattr(phase_run, "rows_of", None)
    assert run(["phase", sweep_file(more), *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_a_scheduler_needs_dask(sweep_file, capsys, monkeypatch):
    monkeypatch.setattr(phase_run, "find_spec", lambda name: None)
    assert run(["phase", sweep_file(), "--scheduler", "tcp://127.0.0.1:1"]) == 2
    assert "pip install 'kurdyka[dask]'" in capsys.readouterr().err


@pytest.mark.skipif(find_spec("distributed") is None, reason="Dask is not installed")
def test_a_cluster_gives_the_same_answer(sweep_file, capsys):
    import distributed

    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        address = cluster.scheduler_address
        _, there = answer(capsys, "phase", sweep_file(), "--scheduler", address)
    _, here = answer(capsys, "phase", sweep_file(), "--jobs", "1")
    assert there["cells"] == here["cells"]


@pytest.mark.skipif(find_spec("matplotlib") is None, reason="Matplotlib is not installed")
def test_figures(sweep_file, tmp_path, capsys):
    one = SMALL.replace("samples = 6", "samples = 2").replace("{more}", "certify = false")
    two = one.replace("measurements = 2", "").replace("[3, 40]", "[3, 40]\nmeasurements = [1, 2]")
    for name, text in (("curve.png", one), ("map.svg", two)):
        figure = tmp_path / name
        file = sweep_file(text=text)
        assert run(["phase", file, "--jobs", "1", "--plot", str(figure)]) == 0
        assert figure.stat().st_size > 1000
    assert "published" in capsys.readouterr().out
    svg = (tmp_path / "map.svg").read_text()
    for label in ("width k", "measurements m", "hidden-convex"):
        assert f"<!-- {label}" in svg
    none = one.replace("[3, 40]", "[3]").replace("width = [3]", "")
    none = none.replace('"tanh"', '"tanh"\nwidth = 3')
    assert run(["phase", sweep_file(text=none), "--plot", str(tmp_path / "x.png")]) == 2
    assert "no axes" in capsys.readouterr().err


# --- intervals -------------------------------------------------------------------------------


def at_least(seen, trials, p):
    return sum(comb(trials, i) * p**i * (1 - p) ** (trials - i) for i in range(seen, trials + 1))


@pytest.mark.parametrize(("seen", "trials"), [(0, 5), (5, 5), (1, 5), (3, 7), (20, 40), (39, 40)])
@pytest.mark.parametrize(
    "confidence", [Fraction(9, 10), Fraction(99, 100), Fraction(999999, 10**6)]
)
def test_intervals_are_exact_and_nearly_best(seen, trials, confidence):
    """The tails of the binomial law, in exact arithmetic, are what the interval promises."""
    found, error, step = (
        clopper_pearson(seen, seen, trials, confidence),
        (1 - confidence) / 2,
        Fraction(2, 10**6),
    )
    if seen:
        assert at_least(seen, trials, found.lower) <= error
        assert at_least(seen, trials, found.lower + step) > error
    else:
        assert found.lower == 0
    if seen < trials:
        assert 1 - at_least(seen + 1, trials, found.upper) <= error
        assert 1 - at_least(seen + 1, trials, found.upper - step) > error
    else:
        assert found.upper == 1


def test_what_is_open_counts_for_and_against():
    sure, open_ones = (clopper_pearson(5, most, 10, Fraction(9, 10)) for most in (5, 8))
    assert open_ones.lower == sure.lower
    assert open_ones.upper > sure.upper


# --- contradictions --------------------------------------------------------------------------

ROW = {
    "loss": 1e-3, "start_loss": 1.0, "time": 50.0, "travel": 1.0, "status": "complete",
    "reached": False, "recovery": None, "q": 0.1, "sigma_0": 1.0, "w_0": 1.0,
    "applies": {"published": True, "sharp": True, "aj": None, "hidden_convex": True},
    "bounds": {"published": None, "sharp": 40.0, "aj": None},
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({}, True),
        ({"bounds": {"sharp": 60.0}}, False),
        ({"bounds": {}}, False),
        ({"loss": 1e-9, "reached": True}, False),
        ({"loss": 1.001e-8}, False),
        ({"status": "step_limit"}, False),
    ],
)
def test_a_network_that_breaks_a_promise_is_found(change, wrong):
    (cell,) = sweep_from_mapping({
        "sweep": {"samples": 2, "level": "1e-8"},
        "problem": {"outputs": 2, "measurements": 1},
        "network": {"activation": "tanh", "width": 4},
    }).cells()  # fmt: skip
    row = ROW | change
    assert contradicted(row, cell) is wrong
    report: CellReport = report_of(cell, [ROW | {"bounds": {}}, row], {})
    assert report.contradictions == ((1,) if wrong else ())


def test_a_broken_promise_makes_the_command_fail(sweep_file, capsys, monkeypatch):
    monkeypatch.setattr(phase_run, "rows_of", lambda cell, samples: [ROW for _ in samples])
    status, made = answer(capsys, "phase", sweep_file(), "--jobs", "1")
    assert status == 1
    assert made["cells"][0]["contradictions"] == list(range(6))
    assert run(["phase", sweep_file(), "--jobs", "1"]) == 1
    assert "VIOLATION" in capsys.readouterr().out
