"""What engines said of hypotheses at one point orders, and never decides, those at another."""

from __future__ import annotations

from math import inf
from typing import Any

import pytest
from sympy import Ge, Gt, Integer, Rational, Symbol, true

from proofs_check.interpretations.models import Interpretation
from proofs_check.searching.budget import Budget
from proofs_check.searching.hypotheses import Hypotheses
from proofs_check.verdict import Outcome, Verdict, undecided
from theory.formulas import forall
from theory.statement import Hypothesis, Model, Quantity, Statement
from theory.terms import real

a, x = real("a, x")
MODEL = Model("numbers", {}, {a: (-9, 9)}, witness={a: Integer(1)})
STATEMENT = Statement(
    "two hypotheses",
    (Quantity(a, "a number"),),
    (
        Hypothesis("square", forall(x, true, Ge(x**2 + a, 0, evaluate=False))),
        Hypothesis("small", Gt(5, a, evaluate=False)),
    ),
    {"c": a > 0},
    (),
    models=(MODEL,),
)


@pytest.mark.parametrize("seconds", [inf, 20.0])
def test_all_have_to_hold_wherever_one_failed_before(seconds: float) -> None:
    known = Hypotheses(STATEMENT, MODEL)
    for number, expected in ((1, True), (7, False), (-1, False), (2, True), (7, False), (1, True)):
        assert known.hold({a: Integer(number)}, 2.0, Budget(seconds)) is expected


def test_what_failed_is_asked_first(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    check = Interpretation.check

    def noted(reading: Interpretation, formula: Any) -> Outcome:
        asked.append(formula)
        return check(reading, formula)

    monkeypatch.setattr(Interpretation, "check", noted)
    known = Hypotheses(STATEMENT, MODEL)
    assert not known.hold({a: Integer(7)}, 2.0, Budget())
    asked.clear()
    assert not known.hold({a: Integer(8)}, 2.0, Budget())
    assert asked == [STATEMENT.hypotheses[1].formula]


def test_longer_numbers_are_out_of_reach_only_where_shorter_ones_were_left_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    short, long = Rational(3, 10), Rational(333, 1000)
    known = Hypotheses(STATEMENT, MODEL)
    assert not known.hold({a: Integer(-1)}, 2.0, Budget())
    assert not known.out_of_reach({a: long})  # refuted is not open
    monkeypatch.setattr(Interpretation, "check", lambda *_: undecided("gave up after 2 s"))
    assert not known.hold({a: short}, 2.0, Budget())
    assert known.out_of_reach({a: long})
    assert known.out_of_reach({a: short})
    assert not known.out_of_reach({a: Integer(3)})


def test_without_time_nothing_holds_and_nothing_is_learnt() -> None:
    known = Hypotheses(STATEMENT, MODEL)
    assert not known.hold({a: Integer(1)}, 2.0, Budget(0.0))
    assert not known.out_of_reach({a: Rational(333, 1000), Symbol("t"): Integer(1)})
    assert known.hold({a: Integer(1)}, 2.0, Budget())


def test_a_verdict_is_no_matter_of_order() -> None:
    reading = Interpretation(STATEMENT, MODEL, {a: Integer(1)})
    reading.prepare(["small"])
    assert {h.verdict for h in reading.decide_hypotheses()} == {Verdict.PROVED}
