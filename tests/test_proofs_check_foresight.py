"""Asking engines ahead and keeping readings changes no answer and mixes up no questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sympy import Eq, Ge, Gt, Integer, Lt, true

from proofs_check.engines import guard
from proofs_check.interpretations.models import Interpretation
from proofs_check.verdict import Outcome, Verdict, undecided
from proofs_check.witnesses import foresight
from proofs_check.witnesses.foresight import decide_together, decided_ahead
from theory.formulas import forall
from theory.statement import Definition, Hypothesis, Model, Quantity, Statement
from theory.terms import real

a, b, x = real("a, b, x")
SQUARE = forall(x, true, Ge(x**2 + a, 0, evaluate=False))
LINE = forall(x, x >= 1, Gt(x + b, 0, evaluate=False))


def _statement(value: Any = a + 1) -> Statement:
    return Statement(
        "two hypotheses on all numbers",
        (Quantity(a, "a number"),),
        (Hypothesis("square", SQUARE), Hypothesis("line", LINE), Hypothesis("positive", b > 0)),
        {"c": b > 0},
        (),
        definitions=(Definition(b, value),),
        models=(MODEL,),
    )


MODEL = Model("numbers", {}, {a: (-1, 1)}, witness={a: Integer(1)})


def _verdicts(reading: Interpretation) -> list[Verdict]:
    return [h.verdict for h in reading.decide_hypotheses()]


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many questions each child process was given, with nothing to recall."""
    given: list[int] = []

    class Counted(guard._Child):
        def __init__(self, questions: Any) -> None:
            given.append(len(questions))
            super().__init__(questions)

    monkeypatch.setattr(guard, "_Child", Counted)
    monkeypatch.setattr("proofs_check.engines._DECIDED", {})
    return given


def test_all_hypotheses_are_decided_in_one_process(children: list[int]) -> None:
    reading = Interpretation(_statement(), MODEL, {a: Integer(1)})
    assert _verdicts(reading) == [Verdict.PROVED] * 3
    assert children == [2]


def test_nothing_is_read_beyond_what_fails() -> None:
    seen = []

    def formulas() -> Any:
        for formula in (Lt(Integer(1), 2, evaluate=False), Lt(Integer(2), 1, evaluate=False), x):
            seen.append(formula)
            yield formula

    found = decided_ahead(formulas(), 2.0)
    assert [o.verdict for o in found.values()] == [Verdict.PROVED, Verdict.REFUTED]
    assert x not in seen


def test_what_is_only_asked_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in for an engine's answer is no answer."""
    monkeypatch.setattr(foresight, "_settle", lambda asked, seconds: None)
    assert decided_ahead([forall(x, true, Lt(x**2, 0, evaluate=False))], 2.0) == {}


@pytest.mark.parametrize("point", [{a: Integer(-1)}, {a: Integer(-2)}])
def test_a_reading_at_one_point_is_not_that_at_another(point: dict[Any, Any]) -> None:
    statement = _statement()
    assert set(_verdicts(Interpretation(statement, MODEL, {a: Integer(1)}))) == {Verdict.PROVED}
    assert Verdict.PROVED not in _verdicts(Interpretation(statement, MODEL, point))[:1]


def test_a_reading_depends_on_the_definitions() -> None:
    readings = [Interpretation(_statement(v), MODEL).read(Eq(b, 0)) for v in (a + 1, a + 2)]
    assert readings[0] == [Eq(a + 1, 0)]
    assert readings[1] == [Eq(a + 2, 0)]


def test_a_reading_depends_on_the_model() -> None:
    """Models that are equal but for a value are not taken for each other."""
    other = replace(MODEL, values={b: a - 7})
    statement = _statement()
    first, second = (Interpretation(statement, m).read(Eq(b, 0)) for m in (MODEL, other))
    assert first == [Eq(a + 1, 0)]
    assert second == [Eq(a - 7, 0)]


def test_a_caller_may_change_what_was_read() -> None:
    reading = Interpretation(_statement(), MODEL)
    reading.read(SQUARE).clear()
    assert reading.read(SQUARE)


LATE = undecided("gave up after 2 s")
SHOWN = Outcome(Verdict.PROVED, "shown")


def test_what_is_left_open_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that came too late is not recalled, but known where it was waited for."""
    asked = []

    def late(questions: Any, seconds: float) -> Iterator[Outcome]:
        asked.append([kind for kind, _ in questions])
        yield LATE

    monkeypatch.setattr(foresight, "settle_all", late)
    monkeypatch.setattr(foresight, "settle", lambda *_: LATE)
    reading = Interpretation(_statement(), MODEL, {a: Integer(1)}, 2.0)
    reading.prepare()
    assert reading.check(SQUARE).reason == LATE.reason
    assert asked == [["polynomial", "polynomial"]]


@pytest.mark.parametrize(
    ("first", "second", "batches"),
    [(LATE, SHOWN, [3, 2]), (LATE, LATE, [3]), (Outcome(Verdict.REFUTED, "false"), SHOWN, [3])],
)
def test_the_rest_is_asked_together_once_another_engine_proves_what_was_open(
    first: Outcome, second: Outcome, batches: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def answers(questions: Any, seconds: float) -> Iterator[Outcome]:
        asked.append(len(questions))
        yield from [first, *[SHOWN] * 2] if len(asked) == 1 else [SHOWN] * len(questions)

    monkeypatch.setattr(foresight, "settle_all", answers)
    monkeypatch.setattr(foresight, "settle", lambda *_: second)
    formulas = [SQUARE, LINE, forall(x, x >= 2, Gt(x, 1, evaluate=False))]
    known = decided_ahead(formulas, 2.0)
    assert asked == batches
    assert set(known) == (set() if len(batches) == 2 else {SQUARE})
    assert not any(outcome.proved for outcome in known.values())


def test_what_comes_after_a_formula_that_fails_is_decided_too() -> None:
    false = forall(x, true, Lt(x**2, 0, evaluate=False))
    positive = forall(x, x >= 1, Gt(x, 0, evaluate=False))
    verdicts = [o.verdict for o in decide_together([positive, false, positive], 4.0)]
    assert verdicts == [Verdict.PROVED, Verdict.REFUTED, Verdict.PROVED]


def test_what_does_not_occur_in_a_formula_changes_no_reading_of_it() -> None:
    """Two mutants of one statement share the readings that the change does not touch."""
    first, second = (Interpretation(_statement(v), MODEL, {a: Integer(1)}) for v in (a, a + 7))
    assert first.read(SQUARE)[0] is second.read(SQUARE)[0]
    assert first.read(LINE) != second.read(LINE)
