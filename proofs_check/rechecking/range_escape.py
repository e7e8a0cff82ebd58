"""H_range of a certificate, refuted again: a point x with ∇L(A x) off the range of A."""

from __future__ import annotations

from flint import arb, arb_mat

from numerics.range_escape import candidates
from numerics.rigorous.definiteness import balls
from proofs_check.rechecking.formulas import Evaluator, compiled
from proofs_check.rechecking.operator import rational
from proofs_check.rechecking.quantities import Quantities
from theory.losses import D, S


def gradient_escapes(found: Quantities) -> bool:
    """Whether ∇L(A x) is certainly off ran A for an x that certificates look at."""
    loss = found.about.loss
    slope = compiled(loss.rho_derivative)
    observation = balls(found.about.observation.reshape(-1, 1))
    for point in candidates(found.operator.ncols()):
        residual = found.operator * balls(point.reshape(-1, 1)) - observation
        entries = residual.entries()
        if loss.data:
            data = [rational(y) for y in loss.data]
            gradient = [_term(slope, r, y) for r, y in zip(entries, data, strict=True)]
        else:
            gradient = [_odd(slope, r) for r in entries]
        away = found.distance_of(arb_mat(len(gradient), 1, gradient))
        if away is not None and away > 0:
            return True
    return False


def _odd(slope: Evaluator, entry: arb) -> arb:
    value = slope({S: abs(entry)})
    if entry > 0:
        return value
    return -value if entry < 0 else value.union(-value)


def _term(slope: Evaluator, entry: arb, datum: arb) -> arb:
    return slope({S: entry, D: datum}) if entry > -datum else arb.nan()
