"""The JSON of ``kurdyka verify``: the contract's keys, and enclosures that stay enclosures."""

import json
from dataclasses import replace
from decimal import Decimal

from sample_reports import proved, refuted, undecided

from proofs_check.manifest import manifest
from proofs_check.reporting.documents import statement, verification
from proofs_check.reporting.findings import Sharpness
from theory.statement import Finding

KEYS = {
    "id", "title", "source", "verdict", "steps", "cited", "conclusions", "unused_hypotheses",
    "witness", "sharpness", "mutants", "counterexample",
}  # fmt: skip


def test_the_first_key_is_the_schema():
    assert next(iter(verification([], {}))) == "schema"


def test_every_statement_has_the_contracts_keys():
    for report in (proved(), refuted(), undecided()):
        document = statement(report)
        assert set(document) >= KEYS
        for step in document["steps"]:
            assert set(step) >= {"name", "kind", "verdict", "uses", "reason"}
        for conclusion in document["conclusions"]:
            assert set(conclusion) >= {"name", "verdict", "sharpness"}
        for mutant in document["mutants"]:
            assert set(mutant) >= {"name", "verdict", "counterexample"}


def test_verdicts_are_those_of_the_report():
    assert [statement(r)["verdict"] for r in (proved(), refuted(), undecided())] == [
        "PROVED",
        "REFUTED",
        "UNDECIDED",
    ]


def test_the_conclusion_with_the_counterexample_is_refuted():
    assert [c["verdict"] for c in statement(refuted())["conclusions"]] == ["REFUTED"]
    assert [c["verdict"] for c in statement(undecided())["conclusions"]] == ["UNDECIDED"]


def test_a_counterexample_has_both_sides_as_enclosures_and_the_margin():
    found = statement(refuted())["counterexample"]
    assert found["values"] == {"a": "1", "b": "1", "lambda": "1"}
    for key in ("left", "right", "margin"):
        assert set(found[key]) == {"lower", "upper"}
        assert all(isinstance(bound, str) for bound in found[key].values())
        assert Decimal(found[key]["lower"]) <= Decimal(found[key]["upper"])


def test_an_absent_part_is_null():
    document = statement(undecided())
    assert document["witness"] is None
    assert document["sharpness"] is None
    assert document["counterexample"] is None


def test_the_statements_sharpness_is_the_best_of_its_conclusions():
    report = proved()
    (name,) = report.conclusions
    attained = Sharpness("equality", ("0.5", "1.5"), True, {})
    both = replace(report, sharpness={name: attained, "other": report.sharpness[name]})
    assert statement(both)["sharpness"]["attained"] is True
    assert statement(report)["sharpness"]["ratio"] == {"lower": "0.99989", "upper": "1"}


def test_a_surviving_mutant_says_so():
    assert statement(proved(killed=False))["mutants"][0]["killed"] is False
    assert statement(proved())["mutants"][0]["killed"] is True


def test_findings_carry_their_evidence():
    finding = Finding("not_needed", "convexity is not used", ("shrinks",), ("convex",))
    (found,) = verification([replace(proved(), findings=(finding,))], {})["findings"]
    assert found["id"] == "not_needed"
    assert found["evidence"]["steps"] == {"shrinks": "PROVED"}
    assert found["evidence"]["unused_hypotheses"] == ["convex"]


def test_the_whole_document_is_json():
    document = verification([proved(), refuted(), undecided()], manifest(seed=1))
    assert json.loads(json.dumps(document, allow_nan=False)) == document
