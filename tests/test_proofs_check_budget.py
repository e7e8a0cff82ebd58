"""Time is kept: what is spent stays spent, and a search without time asks nothing."""

from __future__ import annotations

from math import inf
from typing import Any

import pytest
from sympy import log

from proofs_check.searching import attacks as falsification
from proofs_check.searching import budget, hunting
from proofs_check.searching.attacks import falsify
from proofs_check.searching.budget import Budget
from proofs_check.searching.hunting import Hunt
from proofs_check.searching.sharpness import best_of, sharpness
from theory.authoring import Hypothesis, Model, Quantity, Rational, Statement, forall, real, true

a, b, t, x = real("a b t x")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(budget, "processor_time", lambda: now[0])
    return now


def test_a_budget_counts_down_to_0_and_no_further(clock: list[float]) -> None:
    time = Budget(10)
    clock[0] += 4
    assert (time.spent, time.left) == (4, 6)
    clock[0] += 9
    assert (time.spent, time.left) == (13, 0)


def test_a_part_is_never_more_than_the_whole(clock: list[float]) -> None:
    time = Budget(10)
    assert time.part(0.5).left == 5
    assert time.part(0.1, least=3).left == 3
    clock[0] += 8
    assert time.part(0.1, least=3).left == 2
    assert time.part(1.0).left == 2
    assert (time.within(1), time.within(5)) == (1, 2)


def test_a_part_runs_out_with_the_whole(clock: list[float]) -> None:
    part = Budget(10).part(0.5)
    clock[0] += 10
    assert part.left == 0


def test_no_budget_is_without_end() -> None:
    assert Budget().left == inf


def decay(**more: Any) -> Statement:
    quantities = (Quantity(a, "rate", a > 0), Quantity(b, "size", b > 0))
    given = (Hypothesis("h", forall(x, x >= 0, log(1 + a * x) <= b + a * x)),)
    return Statement("a test", quantities, given, {"c": a * b <= 2 + a**2 * b**2}, (), **more)


@pytest.mark.usefixtures("clock")
def test_without_time_no_engine_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(hunting.Interpretation, "check", lambda self, f: asked.append(f))
    statement = decay(models=(Model("m", {}, {a: (1, 2), b: (1, 2)}),))
    hunt = Hunt(statement, statement.models[0], budget=Budget(0))
    assert not hunt.hypotheses_hold({a: Rational(1), b: Rational(1)})
    assert hunt.counterexample("c") is None
    assert asked == []


def test_an_engine_gets_no_more_than_what_is_left(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[float] = []

    class Proved:
        proved = True

    def check(self: Any, formula: Any) -> type[Proved]:
        given.append(self.seconds)
        clock[0] += 2
        return Proved

    monkeypatch.setattr(hunting.Interpretation, "check", check)
    statement = decay(models=(Model("m", {}, {a: (1, 2), b: (1, 2)}),))
    hunt = Hunt(statement, statement.models[0], seconds=3, budget=Budget(4))
    assert not hunt.hypotheses_hold({a: Rational(1), b: Rational(1)})
    assert given == [3, 2]  # of three premises


def test_what_was_not_measured_for_lack_of_time_is_said() -> None:
    quantities = (Quantity(a, "a number", a > 0),)
    claims = {"first": a <= a**2 + 1, "second": 2 * a <= a**2 + 1}
    found = falsify(Statement("a test", quantities, (), claims, ()), budget=1e-6)
    assert found.passes == 0
    assert found.sharpness == {}
    assert found.unmeasured == ("first", "second")


def test_each_conclusion_in_each_model_gets_its_turn(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that takes all it gets leaves time to the others."""
    searched: list[str] = []

    def counterexample(self: Hunt, name: str) -> None:
        searched.append(f"{self.model.name}: {name}")
        clock[0] += self.budget.left

    monkeypatch.setattr(falsification.Hunt, "counterexample", counterexample)
    models = tuple(Model(name, {}, {a: (1, 2), b: (1, 2)}) for name in ("one", "two"))
    falsify(decay(models=models), budget=100)
    assert {"one: c", "two: c", "direct: c"} <= set(searched)


# --- sharpness says nothing that is not so --------------------------------------------------


def test_a_value_that_does_not_exist_is_no_ratio() -> None:
    """At c = 0 the claim is about 0/0."""
    c = real("c")
    quantities = (Quantity(a, "a number"), Quantity(x, "another", x >= 0))
    statement = Statement(
        "a test", quantities, (), {"c": log(1 + a * x) / a <= 2 * x}, (),
        models=(Model("m", {a: c}, {c: (0, 0), x: (1, 2)}, {c: 0, x: 1}),),
    )  # fmt: skip
    assert sharpness(statement, "c") is None


def bound(claim: Any, witness: Any, range: Any = true, given: Any = None) -> Statement:
    hypotheses = () if given is None else (Hypothesis("h", given),)
    model = Model("m", {}, {a: (0, 10)}, {a: witness})
    return Statement(
        "a test", (Quantity(a, "a number", range),), hypotheses, {"c": claim}, (), models=(model,)
    )


def test_equality_of_two_zeros_attains_nothing() -> None:
    statement = bound(a <= 3 * a, 0, a >= 0)
    found = best_of(statement, "c", statement.models)
    assert found is None or not found.attained


def test_equality_where_nothing_is_claimed_attains_nothing() -> None:
    statement = bound(forall(t, (t > a) & (t < a), t <= t + a), 1)
    assert best_of(statement, "c", statement.models) is None


def test_equality_at_a_witness_that_violates_a_hypothesis_attains_nothing() -> None:
    far = bound(a <= a**2, 1, a > 0, a >= 2)
    found = best_of(far, "c", far.models)
    assert found is not None
    assert not found.attained
    assert float(found.ratio[1]) <= 0.51
    near = bound(a <= a**2, 1, a > 0, a >= 1)
    assert best_of(near, "c", near.models).attained
