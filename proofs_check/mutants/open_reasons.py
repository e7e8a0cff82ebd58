"""Why a mutant stays open, as far as a computation can say."""

from __future__ import annotations

from sympy.concrete.expr_with_limits import ExprWithLimits

from proofs_check.falsify import asserts_existence
from proofs_check.interpretations.bent import bent_models
from proofs_check.interpretations.direct import direct_models
from proofs_check.mutants.verdicts import BENT_SCALES, Trial, Why
from proofs_check.searching.budget import Budget
from proofs_check.searching.hunting import Hunt
from theory.formulas import parts
from theory.statement import Statement

# After so many seconds a search for the reason says no more than that the mutant is open.
SECONDS = 5.0


def why_open(trial: Trial) -> Why:
    """Return the class of a mutant that is neither refuted nor proved."""
    if any(_counts(trial.original, name) for name in trial.mutant.replace):
        return Why.COUNTS
    if all(asserts_existence(trial.false, name) for name in trial.names):
        return Why.EXISTENCE
    if _undefined(trial):
        return Why.UNDEFINED
    declared = [m for m in trial.false.models if m.witness]
    hunts = (Hunt(trial.false, m) for m in (*declared, *direct_models(trial.false)))
    aims = ((hunt, t) for hunt in hunts for name in trial.names for t in hunt.targets(name))
    changed = set(trial.mutant.replace) & set(trial.false.conclusions)
    time, seen = Budget(SECONDS), 0
    for hunt, aim in aims:
        if not (changed and time.left and hunt.equality(aim)):
            return Why.OPEN
        seen += 1
    return Why.EXTREMAL if seen else Why.NO_MODEL


def _undefined(trial: Trial) -> bool:
    """Whether the claims lose their meaning where a dropped hypothesis fails."""
    if any(new is not None for new in trial.mutant.replace.values()):
        return False
    models = (b for m in trial.false.models for b in bent_models(trial.false, m, trial.about))
    hunts = (trial.hunt(model, BENT_SCALES) for model in models)
    time, known = Budget(SECONDS), False
    for hunt, aim in ((h, t) for h in hunts for n in trial.names for t in h.targets(n)):
        answer = hunt.undefined(aim)
        if answer is False or not time.left:
            return False
        known = known or answer is True
    return known


def _counts(statement: Statement, name: str) -> bool:
    """Whether a quantity is how many terms a sum has, or how many indices there are."""
    formulas = (*statement.premises.values(), *statement.conclusions.values())
    terms = [term for formula in formulas for term in parts(formula)]
    ends = {str(s) for term in terms for series in term.atoms(ExprWithLimits)
            for limit in series.limits for end in limit[1:] for s in end.free_symbols}  # fmt: skip
    return name in ends and any(q.name == name for q in statement.quantities)
