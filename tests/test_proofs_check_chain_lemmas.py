"""Statements used as lemmas: hypotheses met, no circle, and nothing chosen that only exists."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from chained_statements import (
    BOUNDED,
    CONTINUOUS,
    F,
    a,
    b,
    bounded,
    k,
    positive,
    state,
    x,
    y,
    z,
)
from sympy import And, Eq, Rational

from proofs_check.chain import check
from proofs_check.verdict import Verdict
from proofs_check.verify import verify
from theory.formulas import forall
from theory.statement import Quantity, Statement
from theory.steps import lemma, polynomial

BASE = replace(
    state([polynomial("c", x**2 > x, "x")], x**2 > x, over=[Quantity(x, "x", x > 1)]), id="base"
)


def by_lemma(*uses: str, fact: str = "base.c", over: Any = (y,), **values: Any) -> Statement:
    return state([lemma("c", fact, *uses, **values)], y**2 > y, over=over)


def look(*statements: Statement) -> Any:
    return {s.id: s for s in statements}.__getitem__


def test_a_lemma_is_used_by_substitution():
    above = Quantity(y, "y", y > 1)
    report = check(by_lemma("y", x=y, over=[above]), lookup=look(BASE))
    assert report.verdict is Verdict.PROVED
    assert report.lemmas == {"base.c"}


def test_a_lemma_s_hypotheses_must_be_met():
    report = check(by_lemma(x=y), lookup=look(BASE))
    assert report.verdict is Verdict.UNDECIDED
    assert "premise 'x' of base.c" in report.steps[0].outcome.reason
    weaker = check(by_lemma("y", x=y, over=[positive(y)]), lookup=look(BASE))
    assert weaker.verdict is Verdict.UNDECIDED


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        ("no_such_lemma.c", "no_such_lemma"),
        ("base.no_such_conclusion", "no_such_conclusion"),
        ("base", "no conclusion"),
        ("", "fact"),
    ],
)
def test_an_unknown_lemma_is_an_open_step(fact, reason):
    if not fact:
        with pytest.raises(ValueError, match=reason):
            by_lemma(fact=fact)
        return
    statement = by_lemma(fact=fact)
    report = check(statement) if "such_lemma" in fact else check(statement, lookup=look(BASE))
    assert report.verdict is Verdict.UNDECIDED
    assert reason in report.steps[0].outcome.reason


def test_a_circle_of_lemmas_proves_nothing():
    first = replace(state([lemma("c", "second.c")], x < x + y, over=[x, y]), id="first")
    second = replace(state([lemma("c", "first.c")], x < x + y, over=[x, y]), id="second")
    reports = verify([first, second])
    assert [r.verdict for r in reports] != [Verdict.PROVED, Verdict.PROVED]
    assert all(not r.verdict.established for r in reports)
    for report in reports:
        assert not any(v.established for v in report.conclusions.values())


def test_a_lemma_that_is_its_own_proof_proves_nothing():
    own = replace(state([lemma("c", "own.c")], x**2 >= 0, over=[x]), id="own")
    (report,) = verify([own])
    assert not report.verdict.established


def test_a_circle_through_a_true_statement_proves_nothing():
    """One of the two has another, honest conclusion besides; that does not break the circle."""
    honest = x**2 >= 0
    first = replace(
        state([polynomial("d", honest), lemma("c", "second.c")], {"c": x < x + y, "d": honest}),
        id="first",
    )
    second = replace(state([lemma("c", "first.c")], x < x + y, over=[x, y]), id="second")
    assert not any(r.verdict.established for r in verify([first, second]))


def test_a_lemma_that_is_open_leaves_open_what_rests_on_it():
    false = replace(state([polynomial("c", x**2 > x)], x**2 > x, over=[x]), id="base")
    top = replace(by_lemma(x=y), id="top")
    reports = verify([false, top])
    # y may be what the lemma says exists: no point chosen by a search refutes that
    assert [r.verdict for r in reports] == [Verdict.REFUTED, Verdict.UNDECIDED]
    above = replace(by_lemma("y", x=y, over=[Quantity(y, "y", y > 1)]), id="top")
    assert verify([false, above])[1].verdict is Verdict.UNDECIDED


def test_a_symbol_of_a_lemma_that_is_not_given_stands_for_the_same_symbol_here():
    free = replace(
        state([polynomial("c", x * z <= (x**2 + z**2) / 2)], x * z <= (x**2 + z**2) / 2,
              over=[x, z]),
        id="base",
    )  # fmt: skip
    claim = y * z <= (y**2 + z**2) / 2
    report = check(state([lemma("c", "base.c", x=y)], claim, over=[y, z]), lookup=look(free))
    assert report.verdict is Verdict.PROVED


def test_a_symbol_that_no_premise_restricts_stands_for_any_term():
    claim = x * z <= (x**2 + z**2) / 2
    free = replace(state([polynomial("c", claim)], claim, over=[x, z]), id="base")
    wanted = (a + 1) * b <= ((a + 1) ** 2 + b**2) / 2
    made = state([lemma("c", "base.c", x=a + 1, z=b)], wanted, over=[a, positive(b)])
    assert check(made, lookup=look(free)).verdict is Verdict.PROVED


def test_what_a_lemma_says_to_exist_is_not_for_the_user_to_choose():
    base = replace(state([bounded(k)], BOUNDED, CONTINUOUS, [a, b, k, F]), id="base")
    here = {**CONTINUOUS, "zero": Eq(y, 0)}
    claim = forall(x, And(a <= x, x <= b), F(x) <= y)
    for chosen in (y, y + 1, Rational(0)):
        step = lemma("c", "base.c", "continuous", "order", k=chosen)
        report = check(state([step], claim, here, [a, b, y, F]), lookup=look(base))
        assert report.verdict is Verdict.UNDECIDED
    fresh = lemma("c", "base.c", "continuous", "order", k=z)
    named = forall(x, And(a <= x, x <= b), F(x) <= z)
    report = check(state([fresh], named, CONTINUOUS, [a, b, z, F]), lookup=look(base))
    assert report.verdict.established


def test_what_a_lemma_of_a_lemma_says_to_exist_is_not_chosen_either():
    base = replace(state([bounded(k)], BOUNDED, CONTINUOUS, [a, b, k, F]), id="base")
    inner = lemma("c", "base.c", "continuous", "order", k=z)
    named = forall(x, And(a <= x, x <= b), F(x) <= z)
    middle = replace(state([inner], named, CONTINUOUS, [a, b, z, F]), id="middle")
    step = lemma("c", "middle.c", "continuous", "order", z=y)
    here = {**CONTINUOUS, "zero": Eq(y, 0)}
    claim = forall(x, And(a <= x, x <= b), F(x) <= y)
    report = check(state([step], claim, here, [a, b, y, F]), lookup=look(base, middle))
    assert report.verdict is Verdict.UNDECIDED
    assert "fresh" in report.steps[0].outcome.reason
