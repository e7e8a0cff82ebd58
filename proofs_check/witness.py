"""Is a statement vacuous? Instances on which all its hypotheses hold, decided by engines."""

from __future__ import annotations

from dataclasses import replace

from proofs_check.falsify import models_of
from proofs_check.models import Interpretation
from proofs_check.reports import WitnessReport
from theory.statement import Statement


def witness(statement: Statement) -> WitnessReport | None:
    """Check the statement's witness, or return None where the statement names none.

    The hypotheses are decided on the first model that has a witness; where the statement gives a
    generic problem too, they are also decided there, by the code of ``certify``.
    """
    scalar = _on_model(statement)
    if statement.witness_problem is None:
        return scalar
    from proofs_check.instance import problem_witness  # arrays load only where they are needed

    layer = statement.source.layer
    theorem = "published" if layer == "published" else "sharp"
    generic = problem_witness(statement.witness_problem, theorem, "generic network")
    if scalar is None:
        return generic
    named = (replace(h, name=f"{h.name} (scalar model)") for h in scalar.hypotheses)
    return replace(generic, hypotheses=(*generic.hypotheses, *named))


def _on_model(statement: Statement) -> WitnessReport | None:
    for model in models_of(statement):
        if model.witness:
            reading = Interpretation(statement, model, model.witness)
            values = {str(k): str(v) for k, v in model.witness.items()}
            hypotheses = tuple(reading.decide_hypotheses())
            return WitnessReport(model.name, values, hypotheses, statement.degenerate)
    return None
