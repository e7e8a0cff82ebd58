"""The benchmark's contenders agree, and its table says what was measured."""

import argparse
import importlib.util
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from benchmarks.__main__ import Session
from benchmarks.cases import SIZES, Case
from benchmarks.contenders import CONTENDERS
from benchmarks.floors import beyond, floors, parts, quickest, reading
from benchmarks.page import Row, page, table
from benchmarks.worker import Trial, extrapolated, measure, reference, tried

TINY = {"n": 3, "m": 2, "d": 4, "k": 20}


@pytest.mark.parametrize("train", ["hidden", "both"])
@pytest.mark.parametrize("name", CONTENDERS)
def test_contenders_solve_the_same_problem(name: str, train: str) -> None:
    for module in CONTENDERS[name].needs:
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed")
    case = Case(**TINY, condition=2.0, train=train)
    exact = np.array(CONTENDERS["hidden"].prepare(case)(case.horizon)[0])
    found, evaluations = CONTENDERS[name].prepare(case)(case.horizon)
    allowed = {"torch": 1e-2, "ours-6": 1e-5}.get(name, 1e-6)  # torch: steps of 1/λ_max
    np.testing.assert_allclose(found, exact, atol=allowed * np.linalg.norm(case.arrays["y"]))
    assert evaluations > 10


def test_the_reference_is_the_solution() -> None:
    case = Case(**TINY, condition=2.0)
    start = np.linalg.norm(case.arrays["A"] @ case.arrays["V"] @ np.tanh(case.arrays["h"]))
    assert np.linalg.norm(reference(case)) < 0.1 * (start + 1)


def test_a_case_is_what_it_says() -> None:
    case = Case(6, 4, 5, 30, condition=7.0)
    values = np.linalg.svd(case.arrays["A"], compute_uv=False)
    assert values[0] / values[-1] == pytest.approx(7.0)
    assert np.linalg.norm(case.arrays["u"]) == pytest.approx(1.0)
    assert {key: len(size) for key, size in SIZES.items()} == dict.fromkeys(SIZES, 4)
    assert case.horizon > Case(6, 4, 5, 30, condition=7.0, train="both").horizon


FLOORS = {"memory": 5e-5, "pass": 2e-5, "elementwise": 2e-5}
PARTS = {"prepare": 1e-3, "evaluation": 1.2e-4, "beyond": 1.7, "kernel": 3e-4}


def rows() -> list[Row]:
    return [
        Row("kurdyka", "", 0.01, 50, 2e-9, 3.0, 1.0, FLOORS | PARTS),
        Row("full: slow", "", 40.0, 900, None, 800.0, 0.25, FLOORS),
        Row("full: fast", "", 20.0, 900, 1e-8, 800.0, 1.0, FLOORS),
        Row("full: absent", "skipped: x is not installed"),
        Row("full: other", "", 1.0, 900, 1e-5, 800.0, 1.0, FLOORS, flow=False),
    ]


def test_the_table() -> None:
    text = table("(1, 1, 1, 1)", rows())
    assert "| kurdyka | 0.01 | 50 | 2e-09 | 3 | 2,000 times that | 4.0 | 10.0 | 2.4 |" in text
    assert "| full: absent | skipped: x is not installed |" in text
    assert "| full: slow | ≈ 40 | ≈ 900 | not reached | 800 |  |  |  |  |" in text
    assert "≈ full: slow: 25.0% of the horizon, then extrapolated." in text
    assert "reading AV from memory takes 50 µs" in text
    assert "evaluation of kurdyka's takes 120 µs" in text
    assert "128 MiB, 1.7 times" in text
    assert "In the first row 60 µs" in text  # (10 ms − 1 ms)/50 − 120 µs
    assert "evaluation of kurdyka's" not in table("(1, 1, 1, 1)", rows()[1:])
    assert "≈" not in table("(1, 1, 1, 1)", [rows()[0], rows()[2]])


def test_a_gain_over_an_extrapolated_time_is_marked() -> None:
    text = table("(1, 1, 1, 1)", rows()[:2])
    assert "| ≈ 4,000 times that |" in text


def test_the_page() -> None:
    found = {("hidden", "1"): rows(), ("both", "1"): rows()}
    whole = page(found, 10.0, ["ours-8", "scipy"], 600.0)
    assert whole.count("(10, 5, 500, 1000)") == 2
    assert "--sizes 1 --train hidden both --budget 600" in whole
    assert "--contenders ours-8 scipy " in whole
    assert "in one run by" in whole
    assert whole.index("## V fixed") < whole.index("## Both layers")
    assert "in 2 sittings by" in page(found, 10.0, ["ours-8"], 600.0, 2)


class Clock:
    """A solver whose processor time is a function of the time it integrates to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, cost: Callable[[float], float]) -> None:
        self.now, self.cost, self.runs = 0.0, cost, []
        monkeypatch.setattr("benchmarks.worker.time.process_time", lambda: self.now)

    def __call__(self, until: float) -> tuple[np.ndarray, int]:
        self.runs.append(until)
        self.now += self.cost(until)
        return np.zeros(2), int(1000 * self.cost(until))


CASE = Case(6, 4, 5, 50)


def test_what_fits_into_the_limit_is_run_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch, lambda until: 1 + until / CASE.horizon)
    trials = tried(clock, CASE, 1e3)
    assert [trial.share for trial in trials] == [1e-4, 1.0]
    assert clock.runs[-1] == CASE.horizon


def test_the_rest_is_extrapolated_in_favour_of_the_contender(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Exactly where its cost is linear; at most at the rate that stability needs."""
    horizon, fewest = CASE.horizon, CASE.fewest
    for each in (0.5, 3.0):
        clock = Clock(monkeypatch, lambda t, each=each: (10 + each * fewest * t / horizon) / 1000)
        trials = tried(clock, CASE, 0.5 * fewest / 1000)
        assert 0.1 < trials[-1].share < 1
        _, evaluations = extrapolated(trials, fewest)
        last = trials[-1]
        rest = (1 - last.share) * min(each, 1.0) * fewest
        assert evaluations == pytest.approx(last.evaluations + rest, rel=0.05)


def test_a_single_trial_is_extrapolated_by_stability(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch, lambda until: 5.0)
    trials = tried(clock, CASE, 1.0)
    assert len(trials) == 1
    seconds, evaluations = extrapolated(trials, CASE.fewest)
    assert evaluations == pytest.approx(5000 + CASE.fewest, rel=1e-3)
    assert seconds == pytest.approx(evaluations / 1000)


def test_two_trials_of_one_step_say_nothing_about_the_rest() -> None:
    trials = [Trial(share, 0.1, 1, np.zeros(2)) for share in (1e-4, 1e-3)]
    assert extrapolated(trials, 600.0)[1] == pytest.approx(600.0, rel=0.01)


def test_stability_needs_what_an_explicit_method_takes() -> None:
    """Fewer than RK45 takes, but not by much: the extrapolation is not idle."""
    case = Case(*SIZES["small"], condition=10.0)
    taken = CONTENDERS["scipy"].prepare(case)(case.horizon)[1]
    assert 0.5 * taken < case.fewest < taken


def options(tmp_path: Path, **given: object) -> argparse.Namespace:
    usual = {"budget": 30.0, "condition": 2.0, "keep": tmp_path / "kept.json", "train": ["hidden"],
             "sizes": ["small"], "contenders": ["ours-6", "scipy", "hidden"]}  # fmt: skip
    return argparse.Namespace(**(usual | given))


def test_an_interrupted_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def fake(name: str, size: str, case: Case, limit: float) -> dict[str, object] | str:
        calls.append(name)
        if name == "scipy" and len(calls) < 4:
            raise KeyboardInterrupt
        shown = {"seconds": 1.0, "evaluations": 9, "share": 1.0, "megabytes": 0.0}
        return {"residual": [0.0] * case.m, "floors": FLOORS, **shown}

    monkeypatch.setattr("benchmarks.__main__.run", fake)
    with pytest.raises(KeyboardInterrupt):
        Session(options(tmp_path)).rows("small", "hidden")
    assert calls == ["reference", "ours-6", "scipy"]
    again = Session(options(tmp_path))
    found = again.rows("small", "hidden")
    assert calls[3:] == ["scipy", "hidden"]
    assert [row.error for row in found] == [0.0, 0.0, 0.0]


def test_the_budget_is_shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits: dict[str, float] = {}

    def fake(name: str, size: str, case: Case, limit: float) -> dict[str, object] | str:
        limits[f"{name} {case.train}"] = limit
        return {"residual": [0.0] * case.m} if name == "reference" else "failed: on purpose"

    monkeypatch.setattr("benchmarks.__main__.run", fake)
    session = Session(options(tmp_path, train=["hidden", "both"]))
    for train in ("hidden", "both"):
        assert [row.note for row in session.rows("small", train)] == ["failed: on purpose"] * 3
    assert limits["scipy hidden"] == pytest.approx(15.0, rel=0.01)
    assert limits["scipy both"] == pytest.approx(30.0, rel=0.01)


def test_a_worker_measures() -> None:
    found = measure("hidden", Case(**TINY, condition=2.0), 5.0)
    assert found.share == 1
    assert 0 < found.seconds < 5
    assert found.evaluations > 5
    assert set(found.floors) == set(FLOORS)


@pytest.mark.parametrize("train", ["hidden", "both"])
def test_the_parts_of_our_time_are_measured(train: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.floors._LARGE", 2**13)
    case = Case(**TINY, condition=2.0, train=train)
    found = floors(case) | parts(case) | beyond(case)
    assert set(found) == set(FLOORS) | set(PARTS)
    assert all(0 < seconds < 1e3 for seconds in found.values())
    assert found["pass"] < found["evaluation"]
    assert found["memory"] == pytest.approx(reading(case.m * case.k), rel=20)


def test_the_quickest_time_is_that_of_the_function() -> None:
    count = [0]

    def wait() -> None:
        count[0] += 1
        time.sleep(0.002)

    assert 0.002 <= quickest(wait, 5) < 0.5
    assert count == [5]
