"""What each step of a proof claims. Claims do not depend on what engines answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from proofs_check.application import apply_fact, apply_lemma
from proofs_check.premises import UnresolvedUse
from theory import registry
from theory.formulas import Formula
from theory.statement import Statement, Step

Lookup = Callable[[str], Statement]


def claims(statement: Statement, lookup: Lookup = registry.statement) -> dict[str, Formula]:
    """Return the claims of all steps, by step name, or ``step.part`` where there are several."""
    named: dict[str, Formula] = {}
    introduced: dict[str, str] = {}
    for step in statement.steps:
        known = {**statement.premises, **named}
        for part, claim in _claims(step, known, introduced, lookup).items():
            named[f"{step.name}.{part}" if part else step.name] = claim
    return named


def _claims(
    step: Step, known: Mapping[str, Formula], introduced: dict[str, str], lookup: Lookup
) -> Mapping[str, Formula]:
    if step.claim is not None:
        return {"": step.claim}
    try:
        if step.kind == "cited":
            return apply_fact(step, known, introduced).claims
        return apply_lemma(step, known, introduced, lookup).claims
    except (UnresolvedUse, registry.UnknownStatement):
        return {}
