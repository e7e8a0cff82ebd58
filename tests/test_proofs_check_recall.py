"""What engines have answered is not asked again, unless they are given more time."""

from __future__ import annotations

from pathlib import Path

import pytest
from sympy import Gt

from proofs_check import engines
from proofs_check.verdict import Goal, Outcome, Verdict, undecided
from theory.terms import real

GOAL = Goal(Gt(real("x"), 0), {})


@pytest.mark.parametrize(
    ("answer", "seconds", "asked"),
    [
        (Outcome(Verdict.PROVED, "seen"), (1.0, 1.0, 5.0), 1),
        (undecided("does not follow"), (1.0, 1.0), 1),
        (undecided("gave up after 1 s"), (1.0, 1.0), 1),
        (undecided("gave up after 1 s"), (1.0, 5.0, 1.0), 2),
    ],
)
def test_an_answer_is_recalled(
    answer: Outcome, seconds: tuple[float, ...], asked: int,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    log = tmp_path / "asked"  # engines run in processes of their own

    def decide(goal: Goal, limit: float) -> Outcome:
        with log.open("a") as file:
            file.write("!")
        return answer

    monkeypatch.setattr(engines, "_DECIDED", {})
    monkeypatch.setattr(engines, "engine", lambda kind: decide)
    assert [engines.settle("polynomial", GOAL, s) for s in seconds] == [answer] * len(seconds)
    assert log.read_text() == "!" * asked
