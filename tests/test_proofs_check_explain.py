"""Explaining a step: the goal as the engine saw it, and what would close it."""

import pytest
from sample_reports import bare

from proofs_check.claims import claims
from proofs_check.explain import Explainer
from proofs_check.verdict import Verdict
from theory.authoring import Hypothesis, Quantity, Statement, cite, polynomial, real
from theory.registry import statement

x, y = real("x y")


def lemma(*steps, hypotheses=()):
    quantities = (Quantity(x, "x", x > 0), Quantity(y, "y"))
    return Statement("t", quantities, hypotheses, {"c": y > 0}, steps)


def explain(made, step):
    return Explainer(made).explain(step)


def test_the_premise_that_closes_a_step_is_found():
    found = explain(bare("open").statement, bare("open").statement.steps[0])
    assert found.closing == ("speed",)
    assert "speed" in found.advice
    assert "v" in found.model
    assert found.smtlib.rstrip().endswith("(check-sat)")


def test_a_step_whose_claim_is_false_under_its_premises_may_be_closed_too():
    made = lemma(polynomial("c", y > 0), hypotheses=(Hypothesis("above", y > x),))
    found = explain(made, made.steps[0])
    assert found.outcome.verdict is Verdict.REFUTED
    assert found.closing == ()  # it takes two premises: above and x
    assert "exact numbers" in found.outcome.reason


def test_a_premise_that_is_the_claim_itself_is_not_offered():
    made = lemma(polynomial("c", y > 0), hypotheses=(Hypothesis("same", y > 0),))
    assert explain(made, made.steps[0]).closing == ()


def test_a_step_that_names_nothing_known_is_explained():
    made = lemma(polynomial("c", y > 0, "nowhere"))
    found = explain(made, made.steps[0])
    assert found.outcome.verdict is Verdict.UNDECIDED
    assert "nowhere" in found.outcome.reason
    assert found.goal is None
    assert "Correct the name" in found.advice


def test_an_open_premise_of_a_cited_fact_is_explained():
    made = lemma(cite("c", "no_such_fact"))
    found = explain(made, made.steps[0])
    assert "no_such_fact" in found.outcome.reason
    assert found.advice


def test_open_steps_and_conclusions_of_a_chain():
    made = lemma(polynomial("c", y > 0), polynomial("d", x > -1, "x"))
    steps, conclusions = Explainer(made).open_steps()
    assert [s.name for s in steps] == ["c"]
    assert list(conclusions) == ["c"]
    steps, conclusions = Explainer(lemma()).open_steps()
    assert steps == []
    assert conclusions == {"c": "no step claims it"}


def test_nothing_is_advised_where_nothing_is_open():
    report = bare("true")
    assert explain(report.statement, report.statement.steps[0]).advice == "Nothing is open."


@pytest.mark.parametrize("kind", ["cited", "polynomial"])
def test_claims_are_those_of_the_checked_chain(kind):
    made = statement("flow_published")
    named = claims(made)
    steps = [s for s in made.steps if s.kind == kind]
    assert steps
    for step in steps:
        assert any(name.partition(".")[0] == step.name for name in named)


def test_a_later_step_is_never_offered():
    made = lemma(polynomial("c", y > 0), polynomial("d", y > 0, "above"))
    assert explain(made, made.steps[0]).closing == ()


def test_an_earlier_step_that_closes_is_offered():
    above = Hypothesis("above", y > x)
    made = lemma(
        polynomial("d", y > x / 2, "above", "x"),
        polynomial("c", y > 0, "x"),
        hypotheses=(above,),
    )
    assert explain(made, made.steps[1]).closing == ("above", "d")


def test_an_unknown_lemma_leaves_the_step_open():
    from theory.authoring import lemma as by_lemma

    made = lemma(by_lemma("c", "no_such_statement.c"))
    found = explain(made, made.steps[0])
    assert found.outcome.verdict is Verdict.UNDECIDED
    assert "no_such_statement" in found.outcome.reason
