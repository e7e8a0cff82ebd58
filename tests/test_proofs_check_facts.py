"""Cited facts: applied only when every premise is there, and free of this project's symbols."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest
from sympy import Symbol
from sympy.core.function import UndefinedFunction

import theory.facts
from proofs_check.chain import check
from proofs_check.verdict import Verdict
from theory.facts import TRUSTED
from theory.formulas import free_symbols, functions_in
from theory.statement import Hypothesis, Quantity, Statement, Step
from theory.terms import IsInteger, OperatorSymbol, VectorSymbol

FACTS = list(TRUSTED.values())
PREMISES = [(fact, name) for fact in FACTS for name in fact.premises]
FRESH = [(fact, parameter) for fact in FACTS for parameter in fact.introduces]


def schematic(fact, values=None, without=()):
    """Return the fact as a statement, proved by citing it under the identity substitution."""
    kept = [name for name in fact.premises if name not in without]
    identity = {str(p): p for p in fact.parameters} | (values or {})
    uses = tuple(f"H_{name}" for name in kept)
    return Statement(
        title=f"schema of {fact.name}",
        quantities=tuple(Quantity(p, "parameter") for p in fact.parameters),
        hypotheses=tuple(Hypothesis(f"H_{n}", fact.premises[n]) for n in kept),
        conclusions={f"C_{name}": formula for name, formula in fact.conclusions.items()},
        steps=(Step("cite", "cited", None, uses, fact.name, identity),),
    )


def outcome_of(statement):
    return check(statement, seconds=1).step("cite").outcome


@pytest.mark.parametrize("fact", FACTS, ids=lambda f: f.name)
def test_a_fact_applies_to_exactly_its_premises(fact):
    report = check(schematic(fact))
    assert report.verdict is Verdict.CITED
    assert report.step("cite").outcome.needed == {f"H_{name}" for name in fact.premises}
    assert report.cited == (fact.name,)
    assert report.unused_hypotheses == ()


@pytest.mark.parametrize(("fact", "premise"), PREMISES, ids=lambda p: getattr(p, "name", p))
def test_a_fact_is_refused_without_any_one_of_its_premises(fact, premise):
    outcome = outcome_of(schematic(fact, without=(premise,)))
    assert outcome.verdict is Verdict.UNDECIDED
    assert repr(premise) in outcome.reason


@pytest.mark.parametrize(("fact", "premise"), PREMISES, ids=lambda p: getattr(p, "name", p))
def test_a_premise_that_the_step_does_not_name_does_not_help(fact, premise):
    """It stands among the hypotheses, but the step does not say so."""
    made = schematic(fact)
    (step,) = made.steps
    uses = tuple(use for use in step.uses if use != f"H_{premise}")
    silent = replace(made, steps=(replace(step, uses=uses),))
    assert outcome_of(silent).verdict is Verdict.UNDECIDED


@pytest.mark.parametrize("fact", FACTS, ids=lambda f: f.name)
def test_every_parameter_must_be_given(fact):
    made = schematic(fact)
    (step,) = made.steps
    for name in (str(p) for p in fact.parameters if p not in fact.introduces):
        values = {k: v for k, v in step.values.items() if k != name}
        outcome = outcome_of(replace(made, steps=(replace(step, values=values),)))
        assert outcome.verdict is Verdict.UNDECIDED
        assert f"misses {name}" in outcome.reason


def stale(parameter):
    """Return a hypothesis that already speaks of what a fact is to introduce."""
    if isinstance(parameter, UndefinedFunction):
        return parameter(0)
    return parameter


@pytest.mark.parametrize(("fact", "parameter"), FRESH, ids=lambda p: getattr(p, "name", str(p)))
def test_what_a_fact_introduces_needs_a_fresh_name(fact, parameter):
    made = schematic(fact)
    taken = Hypothesis("H_taken", IsInteger(stale(parameter)))
    outcome = outcome_of(replace(made, hypotheses=(*made.hypotheses, taken)))
    assert outcome.verdict is Verdict.UNDECIDED
    assert "not fresh" in outcome.reason


@pytest.mark.parametrize(("fact", "parameter"), FRESH, ids=lambda p: getattr(p, "name", str(p)))
def test_what_a_fact_introduces_is_no_parameter_of_the_same_step(fact, parameter):
    """One term may not stand both for something given and for something said to exist."""
    for other in fact.parameters:
        if other != parameter and kind(other) == kind(parameter):
            outcome = outcome_of(schematic(fact, values={str(parameter): other}))
            assert outcome.verdict is Verdict.UNDECIDED


def kind(parameter):
    return type(parameter), getattr(parameter, "__mro__", (None, None))[1]


@pytest.mark.parametrize("fact", FACTS, ids=lambda f: f.name)
def test_a_fact_speaks_of_its_parameters_and_nothing_else(fact):
    """Schemas are closed: no symbol of this project can be meant by one."""
    mentioned = set()
    for formula in (*fact.premises.values(), *fact.conclusions.values()):
        mentioned |= free_symbols(formula) | functions_in(formula)
    assert mentioned <= set(fact.parameters)
    assert set(fact.introduces) <= set(fact.parameters)
    assert len({str(p) for p in fact.parameters}) == len(fact.parameters)


@pytest.mark.parametrize("fact", FACTS, ids=lambda f: f.name)
def test_what_a_fact_introduces_is_in_none_of_its_premises(fact):
    for formula in fact.premises.values():
        assert not (free_symbols(formula) | functions_in(formula)) & set(fact.introduces)
    for parameter in fact.parameters:
        occurs = [*fact.premises.values(), *fact.conclusions.values()]
        assert any(parameter in free_symbols(f) | functions_in(f) for f in occurs)


@pytest.mark.parametrize(
    "file", sorted(Path(theory.facts.__path__[0]).glob("*.py")), ids=lambda p: p.stem
)
def test_facts_know_nothing_of_the_theory(file):
    """They are built from terms and formulas alone, as these are written."""
    allowed = {"theory.as_written", "theory.facts", "theory.facts.schema", "theory.formulas",
               "theory.probability", "theory.terms"}  # fmt: skip
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module.startswith("theory"):
            assert node.module in allowed or node.module.startswith("theory.facts.")


def test_sorts_of_parameters_are_kept():
    """A schematic vector is not a number: its symbol says which it is."""
    sorts = {type(p) for fact in FACTS for p in fact.parameters if isinstance(p, Symbol)}
    assert sorts == {Symbol, VectorSymbol, OperatorSymbol}
