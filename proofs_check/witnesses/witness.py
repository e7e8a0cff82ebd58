"""Is a statement vacuous? Instances on which all its hypotheses hold, decided by engines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from proofs_check.falsify import models_of
from proofs_check.interpretations.models import Interpretation
from proofs_check.reporting.findings import WitnessReport
from proofs_check.witnesses.genericity import degenerate, of_instance, of_model
from proofs_check.witnesses.instances import Inspection
from theory.instances import Instance
from theory.statement import Model, Statement

# Whose hypotheses ``certify`` decides, where it is not the sharp or the published theorem.
_THEOREMS: Mapping[str, str] = {"flow_sharp_aj": "aj"}


def witness(statement: Statement) -> WitnessReport | None:
    """Check the statement's witnesses, or return None where the statement names none.

    A generic problem is decided by the code of ``certify``, an instance in coordinates and the
    first model that has a witness by the engines. All have to hold; the first is the one shown.
    """
    found = list(_witnesses(statement))
    if not found:
        return None
    (_, first), *others = found
    named = (
        replace(h, name=f"{h.name} ({kind})") for kind, other in others for h in other.hypotheses
    )
    return replace(first, hypotheses=(*first.hypotheses, *named))


def _witnesses(statement: Statement) -> Iterator[tuple[str, WitnessReport]]:
    """Yield the witnesses, the most generic first, each with what it is."""
    if statement.witness_problem is not None:
        yield "generic network", _on_problem(statement, statement.witness_problem)
    if statement.instance is not None:
        yield "instance in coordinates", _on_instance(statement, statement.instance)
    model = next((m for m in models_of(statement) if m.witness), None)
    if model is not None:
        yield "scalar model", _on_model(statement, model)


def _on_problem(statement: Statement, problem: Mapping[str, Any]) -> WitnessReport:
    from proofs_check.instance import problem_witness  # arrays load only where they are needed

    published = statement.source.layer == "published"
    theorem = _THEOREMS.get(statement.id, "published" if published else "sharp")
    return problem_witness(problem, theorem, "generic network")


def _on_instance(statement: Statement, instance: Instance) -> WitnessReport:
    reading = Inspection(statement, instance)
    values = {str(symbol): _written(value) for symbol, value in instance.values.items()}
    why = degenerate(statement, of_instance(reading))
    return WitnessReport(instance.name, values, tuple(reading.decide_hypotheses()), why)


def _on_model(statement: Statement, model: Model) -> WitnessReport:
    reading = Interpretation(statement, model, model.witness)
    values = {str(symbol): str(value) for symbol, value in model.witness.items()}
    why = degenerate(statement, of_model(statement, model))
    return WitnessReport(model.name, values, tuple(reading.decide_hypotheses()), why)


def _written(value: Any) -> str:
    """Return coordinates in parentheses, and a function by its body."""
    if isinstance(value, tuple):
        return f"({', '.join(map(_written, value))})"
    return str(getattr(value, "expr", value))
