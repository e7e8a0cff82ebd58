"""One child answers many questions: none is lost, none is answered for another, none leaks."""

from __future__ import annotations

import os
import signal
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sympy import Eq, Function, Ge, Gt, Symbol

from proofs_check import engines
from proofs_check.engines import polynomial, settle, settle_all
from proofs_check.engines.guard import Question, answers, guarded
from proofs_check.verdict import Goal, Outcome, Verdict, undecided
from theory.terms import Norm, real_function, vector, vector_function

x, y = Symbol("x"), Symbol("y")
GOAL = Goal(Gt(x, 0, evaluate=False))


def _answer(reason: str) -> Any:
    return lambda goal, seconds: Outcome(Verdict.PROVED, f"{reason} by {os.getpid()}")


def _crash(goal: Goal, seconds: float) -> Outcome:
    os.kill(os.getpid(), signal.SIGKILL)
    return undecided("survived")


def _leave(status: int) -> Any:
    return lambda goal, seconds: os._exit(status)


def _hang(goal: Goal, seconds: float) -> Outcome:
    time.sleep(60)
    return undecided("late")


def _burn(goal: Goal, seconds: float) -> Outcome:
    while True:
        pass


def _raise(goal: Goal, seconds: float) -> Outcome:
    raise ZeroDivisionError("in the engine")


def asked_of(*engines: Any, seconds: float = 0.3) -> list[Outcome]:
    return list(answers([Question(engine, GOAL, seconds) for engine in engines]))


def reasons(*engines: Any, seconds: float = 0.3) -> list[str]:
    return [outcome.reason for outcome in asked_of(*engines, seconds=seconds)]


def test_what_crashes_once_is_asked_again_and_what_crashes_twice_is_open(tmp_path: Path) -> None:
    def crashes(times: int, name: str) -> Any:
        def decide(goal: Goal, seconds: float) -> Outcome:
            with (tmp_path / name).open("a") as file:
                file.write("!")
            if len((tmp_path / name).read_text()) <= times:
                os.kill(os.getpid(), signal.SIGKILL)
            return Outcome(Verdict.PROVED, "answered")

        return decide

    found = reasons(crashes(1, "once"), crashes(2, "twice"), crashes(0, "never"))
    assert found == ["answered", "the engine crashed with SIGKILL", "answered"]


def test_one_process_answers_in_order() -> None:
    found = reasons(_answer("a"), _answer("b"), _answer("c"))
    assert [reason[0] for reason in found] == ["a", "b", "c"]
    assert len({reason[4:] for reason in found}) == 1
    assert str(os.getpid()) not in found[0]


@pytest.mark.parametrize(
    ("engine", "reason"),
    [
        (_crash, "crashed with SIGKILL"),
        (_leave(0), "exit status 0"),
        (_leave(3), "exit status 3"),
        (_hang, "gave up after 0.3 s"),
        (_burn, "gave up after 0.3 s"),
        (_raise, "ZeroDivisionError: in the engine"),
    ],
)
def test_a_lost_question_is_open_and_the_others_are_answered(engine: Any, reason: str) -> None:
    found = asked_of(_answer("a"), engine, _answer("b"), _answer("c"))
    assert found[1].verdict is Verdict.UNDECIDED
    assert reason in found[1].reason
    assert [found[i].reason[0] for i in (0, 2, 3)] == ["a", "b", "c"]
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_one_question_gets_the_whole_answer_and_leaves_no_child() -> None:
    goal = Goal(Gt(x, y), {"p": Ge(x, y)})
    assert guarded(polynomial.decide, goal, 5.0) == polynomial.decide(goal)
    large = Outcome(Verdict.PROVED, "r", frozenset({"a"}), {"k": "v"}, "text " * 100_000)
    assert guarded(lambda goal, seconds: large, goal, 5.0) == large
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_it_is_answered_in_process_where_there_is_no_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    assert guarded(polynomial.decide, Goal(Ge(x**2, 0, evaluate=False)), 5.0).proved


def test_each_question_has_a_time_limit_of_its_own() -> None:
    """Together they take more than the limit of one."""

    def work(goal: Goal, seconds: float) -> Outcome:
        end = time.process_time() + 0.7
        while time.process_time() < end:
            pass
        return Outcome(Verdict.PROVED, "worked")

    assert reasons(work, work, seconds=1.0) == ["worked"] * 2


def test_a_child_ends_when_nobody_listens() -> None:
    with closing(answers([Question(_answer("a"), GOAL, 5.0), Question(_hang, GOAL, 5.0)])) as found:
        next(found)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_an_answer_does_not_depend_on_what_was_asked_before() -> None:
    """Z3 numbers terms as it meets them: each question finds it as the first one did."""

    def numbered(goal: Goal, seconds: float) -> Outcome:
        import z3

        return Outcome(Verdict.PROVED, str(z3.Real(str(goal.claim)).get_id()))

    goals = [Goal(Gt(s, 0, evaluate=False)) for s in (x, y, x + y)]
    found = answers([Question(numbered, goal, 5.0) for goal in goals])
    assert len({outcome.reason for outcome in found}) == 1


# --- what has been decided is recalled, for the same goal only --------------------------------


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Goal]:
    """What engines are asked, in order; they answer with the number of the question."""
    seen: list[Goal] = []

    def replies(questions: Any) -> Any:
        for question in questions:
            seen.append(question.goal)
            verdict = Verdict.PROVED if question.seconds > 1 else Verdict.UNDECIDED
            yield Outcome(verdict, str(len(seen)))

    monkeypatch.setattr(engines, "answers", replies)
    monkeypatch.setattr(engines, "_DECIDED", {})
    return seen


def test_the_same_goal_is_asked_once(asked: list[Goal]) -> None:
    goals = [GOAL, Goal(Gt(y, 0, evaluate=False)), GOAL]
    found = [o.reason for o in settle_all([("polynomial", goal) for goal in goals], 5.0)]
    assert found == ["1", "2", "1"]
    assert settle("polynomial", Goal(Gt(y, 0, evaluate=False)), 9.0).reason == "2"
    assert len(asked) == 2


def test_goals_that_differ_are_never_taken_for_one_another(asked: list[Goal]) -> None:
    p, q = real_function("p"), vector_function("p")
    claims = [
        Gt(x, 0, evaluate=False),
        Gt(y, 0, evaluate=False),
        Gt(0, x, evaluate=False),
        Gt(x, 0.0, evaluate=False),
        Gt(Symbol("x", real=True), 0, evaluate=False),
        Eq(p(x), p(y), evaluate=False),
        Eq(q(x), q(y), evaluate=False),
        Eq(Norm(vector("x")), 0, evaluate=False),
        Eq(Function("Norm")(x), 0, evaluate=False),
    ]
    premises: list[dict[str, Any]] = [{}, {"h": Gt(x, 1)}, {"k": Gt(x, 1)}, {"h": Gt(x, 2)}]
    questions = [
        (kind, Goal(claim, given))
        for kind in ("polynomial", "algebra")
        for claim in claims
        for given in premises
    ]
    found = [outcome.reason for outcome in settle_all(questions, 5.0)]
    assert found == [str(i + 1) for i in range(len(questions))]


def test_what_was_left_open_is_asked_again_where_there_is_more_time(asked: list[Goal]) -> None:
    assert not settle("polynomial", GOAL, 0.5).proved
    assert not settle("polynomial", GOAL, 0.5).proved
    assert len(asked) == 1
    assert settle("polynomial", GOAL, 5.0).proved
    assert settle("polynomial", GOAL, 0.5).proved  # what was proved stays so
    assert len(asked) == 2
