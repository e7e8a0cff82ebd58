"""Systematic mutants: every change is made, changes exactly one thing, and is judged rightly."""

from __future__ import annotations

from sympy import And, Eq, Max, Min, Symbol, sqrt

from proofs_check.mutation import mutated
from proofs_check.mutation_score import UNNEEDED, WEAKER, markdown, score
from proofs_check.systematic_mutants import systematic
from proofs_check.verdict import Verdict
from theory.formulas import ForAll, canonical, forall
from theory.statement import Definition, Hypothesis, Quantity, Statement
from theory.steps import polynomial
from theory.terms import real

a, b, x = real("a b x")
s = Symbol("s")


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


def test_what_is_proved_weaker_refuted_and_unneeded() -> None:
    claim = a * b <= a**2 / 2 + b**2 / 2
    statement = Statement(
        "Young",
        (Quantity(a, "a", And(a > 0, a < 5)), Quantity(b, "b", b > 0)),
        (Hypothesis("idle", a <= 7),),
        {"c": claim},
        (polynomial("young", claim),),
        id="young",
    )
    found = score(statement)
    verdicts = {t.mutant: (t.verdict, t.reason) for t in found.tried}
    assert verdicts["idle dropped"] == (Verdict.PROVED, UNNEEDED)
    assert verdicts["range of b dropped"] == (Verdict.PROVED, UNNEEDED)
    assert verdicts["c: reversed"][0] is Verdict.REFUTED
    assert verdicts["c: a tenth sharper"][0] is Verdict.REFUTED
    assert verdicts["c: 1/2 is 9/20"][0] is Verdict.REFUTED
    assert verdicts["c: 1/2 is 11/20"] == (Verdict.PROVED, WEAKER)
    assert found.weaker == 2
    assert {t.mutant for t in found.survivors} >= {"idle dropped", "range of a dropped"}
    assert 0 < found.killed < 1
    assert "**young**" in markdown([found])


def test_a_sharp_identity_leaves_no_survivor() -> None:
    claim = Eq((a + b) ** 2, a**2 + 2 * a * b + b**2, evaluate=False)
    known = (Quantity(a, "a"), Quantity(b, "b"))
    statement = Statement("binomial", known, (), {"c": claim}, (polynomial("c", claim),))
    found = score(statement)
    assert found.tried
    assert not found.survivors
    assert found.killed == 1


def test_a_short_budget_is_said() -> None:
    claim = a * b <= a**2 / 2 + b**2 / 2
    known = (Quantity(a, "a"), Quantity(b, "b"))
    statement = Statement("Young", known, (), {"c": claim}, (polynomial("c", claim),), id="young")
    found = score(statement, budget=0.0)
    assert len(found.tried) < found.made
    assert f"| {len(found.tried)} of {found.made} |" in markdown([found])
