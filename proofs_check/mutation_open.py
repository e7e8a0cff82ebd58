"""Why a mutant stays open, as far as a computation can say."""

from __future__ import annotations

from sympy.concrete.expr_with_limits import ExprWithLimits

from proofs_check.bent_models import bent_models
from proofs_check.direct_models import direct_models
from proofs_check.falsify import asserts_existence
from proofs_check.hunting import Hunt
from proofs_check.mutation_verdicts import BENT_SCALES, Trial, Why
from theory.formulas import parts
from theory.statement import Statement


def why_open(trial: Trial) -> Why:
    """Return the class of a mutant that is neither refuted nor proved."""
    if any(_counts(trial.original, name) for name in trial.mutant.replace):
        return Why.COUNTS
    if all(asserts_existence(trial.false, name) for name in trial.names):
        return Why.EXISTENCE
    if _undefined(trial):
        return Why.UNDEFINED
    declared = [m for m in trial.false.models if m.witness]
    hunts = [Hunt(trial.false, m) for m in (*declared, *direct_models(trial.false))]
    aims = [(hunt, t) for hunt in hunts for name in trial.names for t in hunt.targets(name)]
    if not aims:
        return Why.NO_MODEL
    changed = set(trial.mutant.replace) & set(trial.false.conclusions)
    return Why.EXTREMAL if changed and all(h.equality(t) for h, t in aims) else Why.OPEN


def _undefined(trial: Trial) -> bool:
    """Whether the claims lose their meaning where a dropped hypothesis fails."""
    if any(new is not None for new in trial.mutant.replace.values()):
        return False
    models = (b for m in trial.false.models for b in bent_models(trial.false, m, trial.about))
    hunts = [trial.hunt(model, BENT_SCALES) for model in models]
    found = [h.undefined(t) for h in hunts for n in trial.names for t in h.targets(n)]
    known = [answer for answer in found if answer is not None]
    return bool(known) and all(known)


def _counts(statement: Statement, name: str) -> bool:
    """Whether a quantity is how many terms a sum has, or how many indices there are."""
    formulas = (*statement.premises.values(), *statement.conclusions.values())
    terms = [term for formula in formulas for term in parts(formula)]
    ends = {str(s) for term in terms for series in term.atoms(ExprWithLimits)
            for limit in series.limits for end in limit[1:] for s in end.free_symbols}  # fmt: skip
    return name in ends and any(q.name == name for q in statement.quantities)
