"""Is a statement vacuous? An instance on which all its hypotheses hold, decided by engines."""

from __future__ import annotations

from proofs_check.falsify import models_of
from proofs_check.models import Interpretation
from proofs_check.reports import WitnessReport
from theory.statement import Statement


def witness(statement: Statement) -> WitnessReport | None:
    """Check the statement's witness, or None where the statement names none.

    Every hypothesis is decided at the witness of the first model that has one.
    """
    for model in models_of(statement):
        if model.witness:
            reading = Interpretation(statement, model, model.witness)
            values = {str(k): str(v) for k, v in model.witness.items()}
            hypotheses = tuple(reading.decide_hypotheses())
            return WitnessReport(model.name, values, hypotheses, statement.degenerate)
    return None
