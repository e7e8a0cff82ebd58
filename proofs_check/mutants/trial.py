"""What becomes of one changed statement: refuted, proved, weaker than the original, or open.

Cheap questions come first: whether the change says less than the original, whether it fails on
the statement's own models, whether the proof survives it. Only then does the search go wider.
"""

from __future__ import annotations

from collections.abc import Iterator

from numerics.rigorous.balls import BallError
from proofs_check.chain import ChainReport, check
from proofs_check.falsify import also_fails, asserts_existence, ships, shown
from proofs_check.identity import once_for_each
from proofs_check.interpretations.bent import BentModel, bent_models, kept_models
from proofs_check.interpretations.direct import direct_models
from proofs_check.interpretations.models import Interpretation
from proofs_check.mutants.declared import mutated, untouched
from proofs_check.mutants.open_reasons import why_open
from proofs_check.mutants.verdicts import BENT_SCALES, HASTE, Trial, Tried, Why
from proofs_check.searching.budget import Budget
from proofs_check.searching.consequence import follows, moved_terms
from proofs_check.searching.hunting import Hunt
from proofs_check.searching.targets import Candidate
from proofs_check.support import named_premises
from proofs_check.verdict import Verdict
from theory.statement import Model, Mutant, Statement, StatementError

BUDGET = 10.0
FAILURES = (
    ArithmeticError, AttributeError, BallError, NotImplementedError, RecursionError, TypeError,
    ValueError,
)  # fmt: skip
DIRECT_SCALES = (2,)


def attempt(
    statement: Statement, mutant: Mutant, seed: int = 0, budget: float = BUDGET
) -> Tried | None:
    """Try one mutant of a statement.

    Parameters
    ----------
    statement : Statement
        The original.
    mutant : Mutant
        The change.
    seed : int
        Seed of the search.
    budget : float
        Seconds of processor time after which no further candidate is looked at.

    Returns
    -------
    Tried or None
        None where the change leaves no well-formed statement.
    """
    _prepare(statement)
    time = Budget(budget)
    try:
        false = mutated(statement, mutant)
    except StatementError:
        return None
    trial = Trial(statement, mutant, false, seed, time)
    try:
        verdict, why, detail = _judged(trial)
    except FAILURES as error:  # said in the report: a search that fails is no verdict
        verdict, why, detail = Verdict.UNDECIDED, Why.FAILED, f"{type(error).__name__}: {error}"
    return Tried(mutant.name, verdict, why, detail, round(time.spent, 2))


def _judged(trial: Trial) -> tuple[Verdict, Why, str]:
    dropped = all(new is None for new in trial.mutant.replace.values())
    if established(trial.original) and follows(trial.original, trial.false):
        return Verdict.PROVED, Why.IMPLIED if dropped else Why.WEAKER, ""
    found = _search(trial, _declared(trial))
    chain = _proof(trial) if found is None else None
    if chain is not None and chain.verdict.established:
        return _proved(trial, chain)
    found = found or _search(trial, _wider(trial))
    if found is not None:
        return Verdict.REFUTED, Why.COUNTEREXAMPLE, found
    return Verdict.UNDECIDED, why_open(trial), _open_step(trial, chain)


@once_for_each
def _prepare(statement: Statement) -> None:
    """Do once for a statement what serves all its mutants: it counts against none of them."""
    established(statement)
    for name in statement.conclusions:
        named_premises(statement, name)
    for model in statement.models:
        if model.witness:  # the engines' answers are recalled where a mutant leaves a hypothesis
            list(Interpretation(statement, model, model.witness, HASTE).decide_hypotheses())


@once_for_each
def established(statement: Statement) -> bool:
    """Whether a statement's proof holds; those that ship are verified by ``kurdyka verify``."""
    return ships(statement) or check(statement).verdict.established


def _proof(trial: Trial) -> ChainReport:
    proved = established(trial.original)
    kept = untouched(trial.original, trial.false, trial.mutant) if proved else {}
    return check(trial.false, seconds=HASTE, decided=kept, stop_when_open=True)


def _proved(trial: Trial, chain: ChainReport) -> tuple[Verdict, Why, str]:
    """Return what a mutant is whose proof checks; the wider search has to agree."""
    found = _search(trial, _wider(trial))
    if found is not None:
        return Verdict.REFUTED, Why.CONTRADICTION, found
    dropped = all(new is None for new in trial.mutant.replace.values())
    return Verdict.PROVED, Why.UNNEEDED if dropped else Why.SHARPER, ""


def _open_step(trial: Trial, chain: ChainReport | None) -> str:
    if chain is None or not chain.steps:
        return ""
    last = chain.steps[-1]
    if not last.outcome.verdict.established:
        return f"open: {last.name}"
    return next((r for n, r in chain.reasons.items() if not chain.conclusions[n].established), "")


# --- searches ------------------------------------------------------------------------------


def _declared(trial: Trial) -> Iterator[tuple[Model, Hunt]]:
    for model in trial.false.models:
        yield model, trial.hunt(model, None)


def _wider(trial: Trial) -> Iterator[tuple[Model, Hunt]]:
    """Yield hunts in models read off the symbols and in bent ones, in turn."""
    before = moved_terms(trial.original, trial.false)
    kept = [b for m in trial.false.models for b in kept_models(trial.false, m, before)]
    bent = [b for m in trial.false.models for b in bent_models(trial.false, m, trial.about)]
    for model in (*kept, *bent):
        yield model, trial.hunt(model, BENT_SCALES)
    for direct in direct_models(trial.false):
        yield direct, trial.hunt(direct, DIRECT_SCALES)


def _search(trial: Trial, hunts: Iterator[tuple[Model, Hunt]]) -> str | None:
    """Return the values of a certain counterexample that is none to the original."""
    names = [n for n in trial.names if not asserts_existence(trial.false, n)]
    for model, hunt in hunts:
        for name in names:
            if not trial.budget.left:
                return None
            candidate = hunt.counterexample(name)
            if candidate is not None and not _spoilt(trial, candidate, model):
                values = shown(trial.false, model, candidate).values
                return ", ".join(f"{k} = {v}" for k, v in values.items()) or model.name
    return None


def _spoilt(trial: Trial, candidate: Candidate, model: Model) -> bool:
    """Whether the original fails at the same values."""
    return also_fails(trial.original, candidate, model if isinstance(model, BentModel) else None)
