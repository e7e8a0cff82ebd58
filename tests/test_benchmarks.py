"""The benchmark's contenders agree, and its table says what was measured."""

import importlib.util

import numpy as np
import pytest

from benchmarks.cases import SIZES, Case
from benchmarks.contenders import CONTENDERS
from benchmarks.page import Row, page, table
from benchmarks.worker import reference

TINY = {"n": 3, "m": 2, "d": 4, "k": 20}


@pytest.mark.parametrize("train", ["hidden", "both"])
@pytest.mark.parametrize("name", CONTENDERS)
def test_contenders_solve_the_same_problem(name: str, train: str) -> None:
    for module in CONTENDERS[name].needs:
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed")
    case = Case(**TINY, condition=2.0, train=train)
    exact = np.array(CONTENDERS["hidden"].prepare(case)()[0])
    found, evaluations = CONTENDERS[name].prepare(case)()
    allowed = 1e-5 if name in ("torch", "ours-6") else 1e-6
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


def test_table_and_page() -> None:
    rows = [
        Row("kurdyka", "", 0.01, 50, 2e-9, 3.0, 0.005),
        Row("full: slow", "", 40.0, 900, 1e-8, 800.0, 0.2),
        Row("full: fast", "", 20.0, 900, 1e-8, 800.0, 0.2),
        Row("full: absent", "skipped: x is not installed"),
    ]
    text = table("(1, 1, 1, 1)", rows)
    assert "| kurdyka | 0.01 | 50 | 2e-09 | 3 | 2,000 | 2.0 |" in text
    assert "| full: absent | skipped: x is not installed |" in text
    assert "| full: slow | 40 | 900 | 1e-08 | 800 |  |  |" in text
    whole = page({("hidden", "1"): rows, ("both", "1"): rows}, 10.0, ["ours-8", "scipy"])
    assert whole.count("(10, 5, 500, 1000)") == 2
    assert "--sizes 1 --train hidden both" in whole
    assert "--contenders ours-8 scipy " in whole
    assert whole.index("## V fixed") < whole.index("## Both layers")
