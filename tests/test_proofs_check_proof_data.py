"""A proof that was sent as data gives the report that it was made from."""

from __future__ import annotations

import pickle

import pytest

from proofs_check import proof_data
from proofs_check.chain import check
from proofs_check.deferred import Deferred
from proofs_check.proof_data import ProofData
from theory.registry import statement


@pytest.mark.parametrize("id", ["desingularizer_increases", "gradient_lower", "kl_linear"])
def test_the_report_is_the_same(id: str) -> None:
    chain = check(statement(id))
    again = pickle.loads(pickle.dumps(ProofData.of(chain))).report(statement(id), statement)
    for name in ("verdict", "conclusions", "reasons", "used", "lemmas", "cited"):
        assert getattr(again, name) == getattr(chain, name), name
    for name in ("unused_hypotheses", "unused_steps"):
        assert getattr(again, name) == getattr(chain, name), name
    for new, old in zip(again.steps, chain.steps, strict=True):
        assert (new.step, new.outcome, new.seconds) == (old.step, old.outcome, old.seconds)
        assert dict(new.claims) == dict(old.claims)
        assert new.superfluous == old.superfluous


def test_claims_are_not_computed_before_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    data = ProofData.of(check(statement("kl_linear")))
    calls: list[str] = []

    def counted(*args: object, **options: object) -> object:
        calls.append("check")
        return check(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(proof_data, "check", counted)
    report = data.report(statement("kl_linear"), statement)
    assert (report.verdict, calls) == (report.verdict, [])
    assert all(step.claims for step in report.steps)
    assert calls == ["check"]


def test_a_deferred_mapping_is_computed_once() -> None:
    calls: list[int] = []
    later = Deferred(lambda: calls.append(1) or {"a": 1, "b": 2})
    assert calls == []
    assert (dict(later), len(later), later["b"], "c" in later) == ({"a": 1, "b": 2}, 2, 2, False)
    assert calls == [1]
