"""One solver for many questions gives each question the answer that it has alone."""

from __future__ import annotations

from itertools import combinations

import pytest
import z3
from sympy import Eq, Ge, Gt, Le, Lt

from proofs_check.engines.z3_marks import GLANCE, LOOK, Effort, Marked
from proofs_check.engines.z3_search import Clock, Encoding, contradict, minimal, satisfiable
from theory.terms import real, real_function

x, y, z = real("x, y, z")
f = real_function("f")
PREMISES = {
    "positive": Gt(x, 0, evaluate=False),
    "larger": Ge(y, x, evaluate=False),
    "square": Eq(z, x * y, evaluate=False),
    "small": Lt(z, 0, evaluate=False),
    "value": Eq(f(x), y, evaluate=False),
    "equal": Eq(x, y, evaluate=False),
}
TARGETS = [Gt(y, 0, evaluate=False), Gt(z, 0, evaluate=False), Gt(f(y), 0, evaluate=False)]


def _alone(names: tuple[str, ...], target: object) -> str:
    """Return what a solver of its own says."""
    encoding = Encoding(PREMISES, (), TARGETS)
    solver = z3.Solver()
    solver.add(*encoding.assertions(names, target, flat=False))
    return str(solver.check())


def test_a_question_is_answered_as_if_it_were_the_only_one() -> None:
    marked = Encoding(PREMISES, (), TARGETS).marked(flat=False)
    asked = [(names, t) for names in combinations(PREMISES, 3) for t in (None, *TARGETS)]
    found = {question: marked.check(*question, GLANCE) for question in asked}
    assert found == {question: _alone(*question) for question in asked}
    assert {"sat", "unsat"} == set(found.values())


def test_the_core_is_contradictory_and_part_of_what_was_assumed() -> None:
    marked = Encoding(PREMISES, (), TARGETS).marked(flat=False)
    names = ["positive", "larger", "value", "equal"]
    assert marked.check(names, TARGETS[2], LOOK) == "unsat"
    assert set(marked.core) <= set(names)
    assert _alone(tuple(marked.core), TARGETS[2]) == "unsat"


def test_what_was_stopped_says_nothing_of_the_next_question() -> None:
    marked = Encoding(PREMISES, (), TARGETS).marked(flat=False)
    names = ["positive", "larger"]
    assert marked.check(names, TARGETS[0], Effort(1)) == "unknown"
    assert marked.check(names, TARGETS[0], LOOK) == "unsat"
    assert marked.check(["positive"], TARGETS[1], Effort(1)) == "unknown"
    assert marked.check(["positive"], TARGETS[1], LOOK) == "sat"
    assert marked.check(names, TARGETS[0], LOOK) == "unsat"


def test_a_stopped_solver_changes_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the other routes are taken."""
    monkeypatch.setattr(Marked, "check", lambda self, names, target, effort: "unknown")
    encoding = Encoding(PREMISES, (), TARGETS)
    needed = ["positive", "larger"]
    assert contradict(encoding, needed, TARGETS[0], Clock(2.0))
    assert not contradict(encoding, ["larger"], TARGETS[0], Clock(2.0))
    assert satisfiable(encoding, needed, TARGETS[1], Clock(2.0)).status == "sat"
    _is_minimal(minimal(encoding, TARGETS[0], Clock(5.0)))


def _is_minimal(kept: list[str]) -> None:
    assert _alone(tuple(kept), TARGETS[0]) == "unsat"
    fewer = [tuple(n for n in kept if n != name) for name in kept]
    assert {_alone(names, TARGETS[0]) for names in fewer} == {"sat"}


def test_only_what_is_needed_is_kept() -> None:
    _is_minimal(minimal(Encoding(PREMISES, (), TARGETS), TARGETS[0], Clock(5.0)))


def test_nothing_follows_from_a_premise_that_was_not_assumed() -> None:
    encoding = Encoding({"no": Lt(x, x, evaluate=False), "yes": Le(x, y)}, (), [Gt(x, y)])
    assert contradict(encoding, ["no"], None, Clock(1.0))
    assert not contradict(encoding, ["yes"], None, Clock(1.0))
    assert not contradict(encoding, ["yes"], Gt(x, y), Clock(1.0))
