"""Every statement that ships: it says what it must, and it is verified from beginning to end.

All statements are verified once, with two processes; the tests look at what was found.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from fractions import Fraction
from pathlib import Path

import pytest
from sympy import true
from sympy.core.function import UndefinedFunction

from proofs_check.claims import claims
from proofs_check.reporting.findings import StatementReport
from proofs_check.verdict import Verdict
from proofs_check.verify import verify
from theory.bibliography import reference
from theory.facts import TRUSTED
from theory.formulas import canonical, free_symbols, functions_in
from theory.registry import statement, statement_ids, statements

IDS = statement_ids()
FIRST_ISSUE = {
    "kl_power", "kl_radial", "kl_pl", "kl_error_bound", "flow_published", "flow_sharp",
    "early_stopping",
}  # fmt: skip
MUTANTS = 3
LONGEST_PRINTED = 400

pytestmark = pytest.mark.xdist_group("every_statement")  # one worker, one verification
each = pytest.mark.parametrize("id", IDS)


@pytest.fixture(scope="session")
def reports() -> dict[str, StatementReport]:
    return {r.statement.id: r for r in verify(statements(), jobs=2)}


def test_the_statements_of_the_first_sections_are_there() -> None:
    assert set(IDS) >= FIRST_ISSUE


# --- what it says ---------------------------------------------------------------------------


@each
def test_its_file_says_what_it_is_about(id: str) -> None:
    module = importlib.import_module(f"theory.statements.{id}")
    assert module.__doc__
    assert "THEORY section" in module.__doc__


@each
def test_it_has_a_title_a_source_and_a_section(id: str) -> None:
    made = statement(id)
    assert made.id == id
    assert made.title
    assert not made.title.endswith(".")
    assert made.source.layer in ("published", "sharp")
    assert made.source.section
    if made.source.layer == "published":
        assert made.source.keys, "a published statement names where"
    for key in made.source.keys:
        assert reference(key).fields["title"]


@each
def test_every_part_is_explained(id: str) -> None:
    made = statement(id)
    for part in (*made.quantities, *made.hypotheses, *made.definitions, *made.bounds):
        assert part.meaning, f"{part} has no meaning in words"
    for fact in made.steps:
        if fact.kind == "cited":
            assert reference(TRUSTED[fact.fact].source).fields["title"]


@each
def test_every_quantity_is_spoken_of(id: str) -> None:
    made = statement(id)
    used: set[object] = set()
    for formula in (*made.premises.values(), *made.conclusions.values(), *claims(made).values()):
        used |= free_symbols(formula) | functions_in(formula)
    for quantity in made.quantities:
        assert quantity.symbol in used, f"{quantity.name} occurs nowhere"


@each
def test_it_has_mutants_a_witness_and_bounds_over_its_own_symbols(id: str) -> None:
    made = statement(id)
    assert len(made.mutants) >= MUTANTS
    assert len({m.name for m in made.mutants}) == len(made.mutants)
    assert any((made.instance, made.witness_problem, *(m.witness for m in made.models)))
    known = {q.symbol for q in made.quantities} | {d.symbol for d in made.definitions}
    for bound in made.bounds:
        functions = functions_in(bound.value)
        assert functions <= {s for s in known if isinstance(s, UndefinedFunction)}
    assert len({b.name for b in made.bounds}) == len(made.bounds)


@each
def test_its_mutants_change_one_thing(id: str) -> None:
    """A dropped hypothesis, or one part replaced by another of the same kind."""
    made = statement(id)
    parts = {h.name: h.formula for h in made.hypotheses} | dict(made.conclusions)
    parts |= {d.name: d.value for d in made.definitions}
    for mutant in made.mutants:
        for name, new in mutant.replace.items():
            assert name in parts
            assert new is None or canonical(new) != canonical(parts[name])
        assert not mutant.breaks or mutant.breaks in made.conclusions


@each
def test_it_ships_in_one_file(id: str) -> None:
    """A statement's file may keep its proof beside it, but is imported by nothing else's file."""
    folder = Path(inspect.getfile(importlib.import_module("theory.statements"))).parent
    for other in folder.glob("*.py"):
        if other.stem.lstrip("_").startswith(id):
            continue
        modules = {
            n.module
            for n in ast.walk(ast.parse(other.read_text()))
            if isinstance(n, ast.ImportFrom)
        }
        if f"theory.statements._{id}_steps" in modules:
            raise AssertionError(f"{other.name} imports the proof of {id}")


# --- what is found --------------------------------------------------------------------------


@each
def test_it_is_proved(id: str, reports: dict[str, StatementReport]) -> None:
    report = reports[id]
    assert report.counterexample is None
    assert report.verdict in (Verdict.PROVED, Verdict.CITED), dict(report.reasons)
    for name, verdict in report.conclusions.items():
        assert verdict.established, f"{name}: {report.reasons[name]}"


@each
def test_every_step_is_established_and_none_is_idle(
    id: str, reports: dict[str, StatementReport]
) -> None:
    chain = reports[id].chain
    for step in chain.steps:
        assert step.outcome.verdict.established, f"{step.name}: {step.outcome.reason}"
        assert step.superfluous == (), f"{step.name} does not need {step.superfluous}"
    assert chain.unused_steps == ()


@each
def test_nothing_but_the_trusted_base_is_cited(
    id: str, reports: dict[str, StatementReport]
) -> None:
    chain = reports[id].chain
    assert set(chain.cited) <= set(TRUSTED)
    for step in chain.steps:
        cited = step.step.kind == "cited"
        assert (step.outcome.verdict is Verdict.CITED) == cited


@each
def test_unused_hypotheses_are_findings(id: str, reports: dict[str, StatementReport]) -> None:
    """A hypothesis that the proof does not need stands there only to say so."""
    report = reports[id]
    said = {name for finding in report.findings for name in finding.unused}
    assert set(report.chain.unused_hypotheses) <= said


@each
def test_its_findings_are_shown(id: str, reports: dict[str, StatementReport]) -> None:
    assert reports[id].findings == reports[id].statement.findings


@each
def test_its_hypotheses_hold_together(id: str, reports: dict[str, StatementReport]) -> None:
    report = reports[id]
    assert report.witness is not None
    for hypothesis in report.witness.hypotheses:
        assert hypothesis.verdict is Verdict.PROVED, f"{hypothesis.name}: {hypothesis.reason}"
    # Where a witness has several parts, each hypothesis says which it was checked on.
    named = {h.name.partition(" (")[0] for h in report.witness.hypotheses}
    made = report.statement
    assert named >= {h.name for h in made.hypotheses}
    assert named >= {q.name for q in made.quantities if q.range != true}


@each
def test_every_mutant_is_killed(id: str, reports: dict[str, StatementReport]) -> None:
    report = reports[id]
    assert [m.name for m in report.mutants] == [m.name for m in report.statement.mutants]
    for mutant in report.mutants:
        assert mutant.verdict is Verdict.REFUTED, f"{mutant.name}: {mutant.reason}"
        assert mutant.chain_fails, f"{mutant.name}: {mutant.reason}"


@each
def test_its_counterexamples_are_certain_and_readable(
    id: str, reports: dict[str, StatementReport]
) -> None:
    for mutant in reports[id].mutants:
        shown = mutant.counterexample
        assert shown is not None, mutant.name
        assert all(Fraction(value) is not None for value in shown.values.values())
        low, high = (Fraction(end) for end in shown.margin)
        assert low <= high
        assert low > 0 or high < 0 or (low == high == 0)
        assert len(str(shown.values)) < LONGEST_PRINTED


@each
def test_its_sharpness_is_an_enclosure_of_a_ratio(
    id: str, reports: dict[str, StatementReport]
) -> None:
    """A bound that holds is never exceeded by its left side."""
    for name, found in reports[id].sharpness.items():
        low, high = (Fraction(end) for end in found.ratio)
        assert low <= high
        assert low <= 1, f"{name}: the left side certainly exceeds the bound"
        assert found.attained == (found.mode != "best_found")


@each
def test_it_succeeds(id: str, reports: dict[str, StatementReport]) -> None:
    assert reports[id].succeeds
