"""Statements as property tests: the documented example, Hypothesis's ways, the strategies."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from importlib.metadata import entry_points
from pathlib import Path
from shutil import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from sympy import Eq, Rational

import proofs_check
from numerics.problems import Problem
from proofs_check.property_tests import (
    Instance,
    NothingToTest,
    assert_statement,
    instances,
    property_test,
    theorem,
)
from theory.activations import activation
from theory.formulas import forall
from theory.statement import Hypothesis, Quantity, Statement
from theory.terms import Inner, Norm, operator, real, real_function, vector

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "property_testing.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
FEW = settings(
    max_examples=30, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
a, b, t = real("a b t")
v, w = vector("v"), vector("w")


def pytest_on(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in a folder of its own, as somebody would who has installed the package."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
    if "--lemmas" in words and not entry_points(group="pytest11", name="kurdyka"):
        command[4:4] = ["-p", "proofs_check.pytest_plugin"]
    env = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def of_a_user(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """The documented test, wrong and right, and two lemma files, in one run of pytest."""
    folder = tmp_path_factory.mktemp("suite")
    for name, text in zip(("wrong", "right"), EXAMPLES, strict=True):
        (folder / f"test_{name}.py").write_text(text)
    for lemma in ("true_lemma.py", "false_lemma.py"):
        copy(ROOT / "examples" / "lemmas" / lemma, folder)
    return pytest_on(
        folder, "-rA", "test_wrong.py", "test_right.py",
        "--lemmas", "true_lemma.py", "--lemmas", "false_lemma.py",
    )  # fmt: skip


def outcomes(found: subprocess.CompletedProcess[str], which: str) -> set[str]:
    return set(re.findall(rf"(?m)^{which} .*?(\w+\.py(?:::\w+)+)", found.stdout))


def test_the_documented_example_fails_and_then_passes(
    of_a_user: subprocess.CompletedProcess[str],
) -> None:
    shown = re.sub(r"(?m)^E? *", "", of_a_user.stdout)
    documented = PAGE[PAGE.index("    AssertionError: the statement") :].split("\n\n")[0]
    for line in documented.splitlines():
        assert line.strip() in shown
    assert "test_wrong.py::test_young" in outcomes(of_a_user, "FAILED")
    right = {"test_right.py::test_young", "test_right.py::test_young_is_proved"}
    assert right <= outcomes(of_a_user, "PASSED")


def test_the_plugin_tests_the_lemmas_of_a_file(
    of_a_user: subprocess.CompletedProcess[str],
) -> None:
    assert of_a_user.returncode == 1
    of_lemmas = {
        which: {name for name in outcomes(of_a_user, which) if "_lemma" in name}
        for which in ("PASSED", "FAILED")
    }
    assert of_lemmas == {
        "PASSED": {
            "true_lemma.py::shrinking_residual::true",
            "true_lemma.py::shrinking_residual::proved",
        },
        "FAILED": {
            "false_lemma.py::young_too_good::true",
            "false_lemma.py::young_too_good::proved",
        },
    }


def test_a_lemma_file_that_is_missing_is_named(tmp_path: Path) -> None:
    missing = pytest_on(tmp_path, "--lemmas", "no_such_file.py")
    assert missing.returncode == 4
    assert "no_such_file.py" in missing.stderr + missing.stdout


def state(claim: Any, *given_: Any, symbols: Any = (a, b)) -> Statement:
    known = tuple(Quantity(s, "a quantity") for s in symbols)
    hypotheses = tuple(Hypothesis(f"h{i}", f) for i, f in enumerate(given_))
    return Statement("the claim", known, hypotheses, {"c": claim}, ())


FALSE = {
    "on a box": state(a**2 <= 50, a <= 9, a >= 0),
    "on a line": state(a * b <= 3, Eq(a + b, 4)),
    "on the circle": state(Inner(v, w) >= 0, Eq(Norm(v), 1), Eq(Norm(w), 1), symbols=(v, w)),
}
TRUE = {
    "on a box": state(a**2 <= 81, a <= 9, a >= 0),
    "on a line": state(a * b <= 4, Eq(a + b, 4)),
    "on the circle": state(Inner(v, w) <= 1, Eq(Norm(v), 1), Eq(Norm(w), 1), symbols=(v, w)),
}


@pytest.mark.parametrize("name", FALSE)
def test_hypothesis_alone_finds_what_is_false(name: str) -> None:
    """Without the directed search: strategies that respect the hypotheses are enough."""
    drawn = settings(FEW, phases=(Phase.generate,))  # to shorten what is found takes longest
    test = property_test(FALSE[name], search=False, settings=drawn)
    with pytest.raises(AssertionError, match=r"(?s)the statement is false: the claim.*minus"):
        test()


@pytest.mark.parametrize("name", TRUE)
def test_what_is_true_passes(name: str) -> None:
    property_test(TRUE[name], settings=FEW)()


def test_settings_are_those_of_the_suite() -> None:
    """The number of examples, the database and what else is asked for; nothing is given twice."""
    seen: list[int] = []
    about = TRUE["on a box"]

    @theorem(settings=settings(FEW, max_examples=7))
    def test() -> Statement:
        seen.append(1)
        return about

    assert test.is_hypothesis_test
    assert seen == [1]
    chosen = test._hypothesis_internal_use_settings
    assert (chosen.max_examples, chosen.database) == (7, None)
    assert HealthCheck.too_slow in chosen.suppress_health_check
    with pytest.raises(InvalidArgument):
        settings(max_examples=5)(test)
    test()


def test_a_machine_that_pauses_fails_no_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is decided before Hypothesis measures, so its deadline is lifted."""
    look = Instance.check
    monkeypatch.setattr(Instance, "check", lambda self: (time.sleep(0.002), look(self))[1])
    asked = settings(FEW, max_examples=3, deadline=1)
    assert_statement(TRUE["on a box"], search=False, settings=asked)


def test_a_true_statement_without_a_proof_is_not_proved() -> None:
    with pytest.raises(AssertionError, match="UNDECIDED"):
        assert_statement(TRUE["on a box"], proved=True)


def test_what_has_no_instances_is_refused() -> None:
    F, A = real_function("F"), operator("A")
    about = Statement("f", (Quantity(F, "f"), Quantity(A, "A")), (), {"c": F(A) >= 0}, ())
    with pytest.raises(NothingToTest, match="declare a Model"):
        property_test(about)


def test_instances_satisfy_the_hypotheses_often() -> None:
    """On a line no point drawn freely would; most of these do."""
    kept: list[bool] = []

    @FEW
    @given(instance=instances(TRUE["on a line"]))
    def count(instance: Any) -> None:
        kept.append(bool(instance.near))

    count()
    assert sum(kept) > len(kept) / 3


def test_functions_are_tested_as_well() -> None:
    F = real_function("F")
    bounded = forall(t, t >= 0, F(t) <= 1)
    about = Statement(
        "F", (Quantity(F, "F"),), (Hypothesis("h", bounded),),
        {"c": forall(t, t >= 0, F(t) >= -5)}, (),
    )  # fmt: skip
    with pytest.raises(AssertionError, match="the statement is false"):
        property_test(about, settings=FEW)()


# --- strategies -----------------------------------------------------------------------------


@FEW
@given(st.data(), st.lists(st.floats(0.1, 10), min_size=1, max_size=3))
def test_operators_have_the_singular_values_asked_for(data: Any, values: list[float]) -> None:
    matrix = data.draw(proofs_check.operators(values, (3, 4)))
    found = np.linalg.svd(matrix, compute_uv=False)
    wanted = sorted([*values, *[0.0] * (3 - len(values))], reverse=True)
    assert found == pytest.approx(wanted, abs=1e-9)


def test_operators_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        find(proofs_check.operators([1, 2, 3], (2, 2)), lambda _: True)


@FEW
@given(proofs_check.problems())
def test_problems_are_problems(problem: Any) -> None:
    assert isinstance(problem, Problem)
    assert problem.operator.shape[0] == len(problem.observation)


@FEW
@given(proofs_check.activations(), proofs_check.losses())
def test_activations_and_losses_can_be_read(name: str, loss: dict[str, Any]) -> None:
    assert activation(name).expression is not None
    assert loss["name"]


def test_an_unknown_loss_is_refused() -> None:
    with pytest.raises(ValueError, match="squared"):
        proofs_check.losses(["square"])


@FEW
@given(proofs_check.rationals(Rational(1, 3), Rational(2)))
def test_rationals_stay_in_their_interval(value: Any) -> None:
    assert isinstance(value, Rational)
    assert Rational(1, 3) <= value <= 2


@pytest.mark.parametrize("end", ["1/3", "2"])
def test_the_ends_of_an_interval_are_drawn(end: str) -> None:
    find(proofs_check.rationals(Rational(1, 3), Rational(2)), lambda x: x == Rational(end))


@FEW
@given(proofs_check.rationals(Rational(-5, 2), None, integers=True))
def test_integers_are_integers(value: Any) -> None:
    assert value.is_integer
    assert value >= -2
