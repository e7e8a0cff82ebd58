"""Systematic mutants: every change is made, changes exactly one thing, and is judged rightly."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import And, Eq, Integer, Lambda, Max, Min, Rational, Sum, Symbol, sqrt

from proofs_check.mutants.declared import mutated
from proofs_check.mutants.run import Plan, count, scores
from proofs_check.mutants.score import Score, drawn, well_formed
from proofs_check.mutants.store import Store
from proofs_check.mutants.systematic import systematic
from proofs_check.mutants.trial import attempt
from proofs_check.mutants.verdicts import Tried, Why
from proofs_check.verdict import Verdict
from theory.formulas import ForAll, canonical, forall
from theory.statement import Definition, Hypothesis, Model, Mutant, Quantity, Statement
from theory.steps import polynomial
from theory.terms import IsInteger, derivative, real, real_function

a, b, k, t, x = real("a b k t x")
s = Symbol("s")
F, f = real_function("F"), real_function("f")


def score(statement: Statement, **plan: Any) -> Score:
    (found,) = scores([statement], Plan(**plan), Store())
    return found


def verdicts(statement: Statement, *names: str) -> dict[str, tuple[Verdict, Why]]:
    """Try the mutants of these names only."""
    found = (attempt(statement, m) for m in well_formed(statement) if m.name in names)
    return {t.mutant: (t.verdict, t.why) for t in found if t is not None}


def young(**more: Any) -> Statement:
    claim = a * b <= a**2 / 2 + b**2 / 2
    known = more.pop("known", (Quantity(a, "a"), Quantity(b, "b")))
    return Statement(
        "Young", known, more.pop("given", ()), {"c": claim}, (polynomial("young", claim),), **more
    )


# --- changes --------------------------------------------------------------------------------


def test_every_kind_of_change_is_made() -> None:
    claim = Min(a, 3 * b) ** 2 <= Max(a, b) ** 2
    statement = Statement(
        "changes",
        (Quantity(a, "a", a > 0), Quantity(b, "b")),
        (Hypothesis("small", a <= b),),
        {"c": claim},
        (),
        definitions=(Definition(s, 5 * a),),
    )
    names = {m.name for m in systematic(statement)}
    assert names >= {
        "c: reversed", "c: a tenth sharper", "c: Min is Max", "c: Max is Min",
        "c: exponent 2 is 3", "c: exponent 2 is 1", "c: 3 is 33/10", "c: 3 is 27/10",
        "s: 5 is 11/2", "s: 5 is 9/2", "small dropped", "range of a dropped",
    }  # fmt: skip
    assert "range of b dropped" not in names


def test_a_mutant_differs_from_its_statement() -> None:
    claim = forall(x, x >= 0, sqrt(x) * a / 2 <= (x + a**2) / 4 + x)
    statement = Statement("s", (Quantity(a, "a", a > 0),), (), {"c": claim}, ())
    for mutant in systematic(statement):
        false = mutated(statement, mutant)
        if "c" in mutant.replace:
            assert isinstance(false.conclusions["c"], ForAll)
            assert canonical(false.conclusions["c"]) != canonical(claim)
            assert false.conclusions["c"].given == claim.given
        else:
            assert all(q.range == True for q in false.quantities)  # noqa: E712


def test_each_mutant_has_a_name_of_its_own() -> None:
    names = [m.name for m in well_formed(young())]
    assert len(names) == len(set(names)) > 5
    assert any(name.endswith("(2)") for name in names)


def test_a_sample_is_drawn_by_its_seed_alone() -> None:
    made, chosen = drawn(young(id="young"), 3, 0)
    assert (made, len(chosen)) == (len(list(well_formed(young()))), 3)
    again = drawn(young(id="young"), 3, 0)[1]
    assert [m.name for m in again] == [m.name for m in chosen]
    others = {tuple(m.name for m in drawn(young(id="young"), 3, seed)[1]) for seed in range(9)}
    assert len(others) > 1
    assert count([young()], Plan(sample=3)) == 3
    assert count([young()], Plan()) == made


# --- verdicts -------------------------------------------------------------------------------


def test_what_is_proved_weaker_refuted_and_unneeded() -> None:
    known = (Quantity(a, "a", And(a > 0, a < 5)), Quantity(b, "b", b > 0))
    statement = young(known=known, given=(Hypothesis("idle", a <= 4),), id="young")
    changes = ("c: reversed", "c: a tenth sharper", "c: 1/2 is 9/20", "c: 1/2 is 11/20")
    found = verdicts(statement, "idle dropped", "range of b dropped", *changes)
    assert found["idle dropped"] == (Verdict.PROVED, Why.UNNEEDED)
    assert found["range of b dropped"] == (Verdict.PROVED, Why.UNNEEDED)
    assert found["c: reversed"][0] is Verdict.REFUTED
    assert found["c: a tenth sharper"][0] is Verdict.REFUTED
    assert found["c: 1/2 is 9/20"][0] is Verdict.REFUTED
    assert found["c: 1/2 is 11/20"] == (Verdict.PROVED, Why.WEAKER)


def test_a_hypothesis_that_the_others_imply_is_said_to_be_implied() -> None:
    given = (Hypothesis("wide", a <= 7), Hypothesis("narrow", a <= 5))
    found = verdicts(young(given=given), "wide dropped", "narrow dropped")
    assert found["wide dropped"] == (Verdict.PROVED, Why.IMPLIED)
    assert found["narrow dropped"] == (Verdict.PROVED, Why.UNNEEDED)


def test_a_range_that_a_quantified_hypothesis_implies() -> None:
    """|f(x) − f(y)| ≤ b|x − y| at 0 and 1 says b ≥ 0."""
    lipschitz = forall((x, t), x < t, abs(f(x) - f(t)) <= b * (t - x))
    claim = forall((x, t), x < t, f(t) - f(x) <= b * (t - x))
    statement = Statement(
        "a slope", (Quantity(b, "b", b >= 0), Quantity(f, "f")), (Hypothesis("H", lipschitz),),
        {"c": claim}, (polynomial("c", claim, "H", "b"),),
    )  # fmt: skip
    name = "range of b dropped"
    assert verdicts(statement, name)[name] == (Verdict.PROVED, Why.IMPLIED)


def test_a_definition_that_grows_a_bound_is_weaker() -> None:
    """The claim gets no harder as s grows, which is seen without what s stands for."""
    claim = a * b <= s
    statement = Statement(
        "a bound", (Quantity(a, "a", a > 0), Quantity(b, "b", b > 0)), (), {"c": claim},
        (polynomial("c", claim, "s", "a", "b"),),
        definitions=(Definition(s, (a + sqrt(a**2 + 4 * b**2)) ** 2),),
    )  # fmt: skip
    found = verdicts(statement, "s: 4 is 22/5", "s: exponent 2 is 1")
    assert found["s: 4 is 22/5"] == (Verdict.PROVED, Why.WEAKER)
    assert found["s: exponent 2 is 1"][0] is Verdict.REFUTED


def test_a_count_is_not_taken_for_a_number() -> None:
    claim = Sum(a**2, (t, 1, k)) >= 0
    statement = Statement(
        "a sum", (Quantity(k, "how many", And(IsInteger(k), k >= 1)), Quantity(a, "a")), (),
        {"c": claim}, (), models=(Model("three", {k: Integer(3), a: a}, {a: (-1, 1)}, {a: 1}),),
    )  # fmt: skip
    tried = attempt(statement, Mutant("range of k dropped", {"k": None}))
    assert tried is not None
    assert (tried.verdict, tried.why) == (Verdict.UNDECIDED, Why.COUNTS)


def test_a_sharp_identity_leaves_no_survivor() -> None:
    claim = Eq((a + b) ** 2, a**2 + 2 * a * b + b**2, evaluate=False)
    known = (Quantity(a, "a"), Quantity(b, "b"))
    statement = Statement("binomial", known, (), {"c": claim}, (polynomial("c", claim),))
    found = score(statement)
    assert found.tried
    assert not found.survivors
    assert found.killed == 1


def test_what_is_not_proved_vouches_for_none_of_its_mutants() -> None:
    """A false lemma implies all; and steps of an open proof are decided, not taken over."""
    claim = a * b <= a**2 / 3 + b**2 / 4
    statement = Statement(
        "too good", (Quantity(a, "a"), Quantity(b, "b")), (), {"c": claim},
        (polynomial("c", claim),),
    )  # fmt: skip
    assert all(t.verdict is not Verdict.PROVED for t in score(statement).tried)


# --- models with something let go -------------------------------------------------------------


def line(**more: Any) -> Statement:
    """Return that a function of slope f, at most s, grows at most by s; on one with slope s."""
    slope = forall(x, x >= 0, Eq(derivative(F(x), x), f(x)))
    claim = forall(x, x >= 0, F(x) <= F(0) + s * x)
    c = real("c")
    model = Model(
        "a line", {F: Lambda(x, c * x + 1), f: Lambda(x, c), s: c}, {c: (1, 2)}, {c: Rational(3, 2)}
    )
    return Statement(
        "growth", (Quantity(F, "F"), Quantity(f, "slope"), Quantity(s, "largest slope")),
        (Hypothesis("H_slope", slope), Hypothesis("H_size", forall(x, x >= 0, f(x) <= s))),
        {"c": claim}, (), models=(model,), **more,
    )  # fmt: skip


@pytest.mark.parametrize("dropped", ["H_slope", "H_size"])
def test_a_model_in_which_only_the_dropped_hypothesis_fails_is_found(dropped: str) -> None:
    """Both hold by construction in the declared model: no point of it refutes the mutant."""
    tried = attempt(line(), Mutant(f"{dropped} dropped", {dropped: None}))
    assert tried is not None
    assert (tried.verdict, tried.why) == (Verdict.REFUTED, Why.COUNTEREXAMPLE)


def test_a_true_statement_is_not_refuted_in_any_bent_model() -> None:
    """Nothing is dropped: the mutant only adds to the bound."""
    more = forall(x, x >= 0, F(x) <= F(0) + s * x + x**2)
    tried = attempt(line(), Mutant("more", {"c": more}), budget=5.0)
    assert tried is not None
    assert tried.verdict is not Verdict.REFUTED


# --- scores ---------------------------------------------------------------------------------


def test_the_score_leaves_out_what_is_true() -> None:
    kinds = (
        (Verdict.REFUTED, Why.COUNTEREXAMPLE), (Verdict.REFUTED, Why.COUNTEREXAMPLE),
        (Verdict.REFUTED, Why.COUNTEREXAMPLE), (Verdict.UNDECIDED, Why.OPEN),
        (Verdict.PROVED, Why.WEAKER), (Verdict.PROVED, Why.SHARPER),
    )  # fmt: skip
    found = Score("six", 6, tuple(Tried(str(i), *kind) for i, kind in enumerate(kinds)))
    assert found.killed == 3 / 4
    assert [t.mutant for t in found.findings] == ["5"]
    assert [t.mutant for t in found.survivors] == ["3", "5"]
    assert found.weaker == 1
    assert Score("none", 0, ()).killed == 1
