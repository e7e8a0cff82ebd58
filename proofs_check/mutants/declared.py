"""Mutants: nearby false statements that the search must refute and the proof must not survive."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import true

from proofs_check.chain import ChainReport, check
from proofs_check.falsify import also_fails, find_counterexample, models_of
from proofs_check.reporting.findings import Counterexample, MutantReport
from proofs_check.searching.targets import Candidate
from proofs_check.verdict import Outcome, Verdict
from theory.formulas import canonical
from theory.statement import Definition, Model, Mutant, Statement, StatementError

# A false claim makes a solver search in vain: it need not have the time that a true one gets.
MUTANT_SECONDS = 4.0


def mutated(statement: Statement, mutant: Mutant) -> Statement:
    """Return the statement with the mutant's parts replaced, in its claims and in its proof.

    ``None`` drops a hypothesis, or the range of a quantity.

    A replaced conclusion is also what the step that earned it now has to show, so that an engine,
    and not only a comparison of names, has to object.

    Raises
    ------
    StatementError
        If the mutant replaces something the statement does not have.
    """
    result = statement
    for name, new in mutant.replace.items():
        result = _replaced(result, name, new)
    return result


def _replaced(statement: Statement, name: str, new: Any) -> Statement:
    if name in statement.conclusions:
        return _with_conclusion(statement, name, new)
    if any(h.name == name for h in statement.hypotheses):
        kept = (_with_formula(h, name, new) for h in statement.hypotheses)
        return replace(statement, hypotheses=tuple(h for h in kept if h is not None))
    if any(d.name == name for d in statement.definitions):
        kept_definitions = (_with_value(d, name, new) for d in statement.definitions)
        return replace(statement, definitions=tuple(kept_definitions))
    if new is None and any(q.name == name for q in statement.quantities):
        free = (replace(q, range=true) if q.name == name else q for q in statement.quantities)
        return replace(statement, quantities=tuple(free))
    raise StatementError(f"a mutant replaces {name!r}, which {statement.id} does not have")


def _with_formula(hypothesis: Any, name: str, new: Any) -> Any:
    if hypothesis.name != name:
        return hypothesis
    return None if new is None else replace(hypothesis, formula=new)


def _with_value(definition: Definition, name: str, new: Any) -> Definition:
    return replace(definition, value=new) if definition.name == name else definition


def _with_conclusion(statement: Statement, name: str, new: Any) -> Statement:
    old = canonical(statement.conclusions[name])
    steps = tuple(
        replace(step, claim=new)
        if step.claim is not None and canonical(step.claim) == old
        else step
        for step in statement.steps
    )
    conclusions = {**statement.conclusions, name: new}
    return replace(statement, conclusions=conclusions, steps=steps)


def try_mutant(statement: Statement, mutant: Mutant, seed: int = 0) -> MutantReport:
    """Hunt for a counterexample to a mutant, then see whether its proof still checks.

    The counterexample must not be one to the original: there, a hypothesis or the violated
    relation differs. The original's proof is taken to be established.
    """
    false = mutated(statement, mutant)
    found = _refuted(false, attacked(mutant, false), seed)
    chain = check(
        false,
        seconds=MUTANT_SECONDS,
        decided=untouched(statement, false, mutant),
        stop_when_open=True,
    )
    fails = not chain.verdict.established
    if found is None:
        verdict = Verdict.PROVED if not fails else Verdict.UNDECIDED
        return MutantReport(mutant.name, verdict, None, fails, "no counterexample found")
    model, shown, candidate = found
    declared = any(model is own for own in statement.models)
    if also_fails(statement, candidate, model if declared else None):
        return MutantReport(mutant.name, Verdict.UNDECIDED, None, fails, "refutes the original too")
    return MutantReport(mutant.name, Verdict.REFUTED, shown, fails, _why(chain, fails))


def _refuted(
    false: Statement, names: list[str] | None, seed: int
) -> tuple[Model, Counterexample, Candidate] | None:
    """Return a counterexample and the model it lives in."""
    for model in models_of(false):
        found = find_counterexample(false, names, seed, (model,))
        if found is not None:
            return model, *found
    return None


def untouched(
    statement: Statement, false: Statement, mutant: Mutant
) -> dict[str, tuple[Outcome, float]]:
    """Return the steps of an established proof whose goals the mutant leaves as they are."""
    kept = Outcome(Verdict.PROVED, "unchanged by the mutant")
    pairs = zip(statement.steps, false.steps, strict=True)
    return {
        old.name: (kept, 0.0)
        for old, new in pairs
        if old.claim == new.claim and not any(use.name in mutant.replace for use in old.premises)
    }


def attacked(mutant: Mutant, false: Statement) -> list[str] | None:
    """Return the conclusions that a mutant may make false, or None for all."""
    named = [mutant.breaks] if mutant.breaks else []
    return named or [n for n in mutant.replace if n in false.conclusions] or None


def _why(chain: ChainReport, fails: bool) -> str:
    if not fails:
        return "the proof of the false statement still checks: a hypothesis is never used"
    last = chain.steps[-1]
    if not last.outcome.verdict.established:
        return f"step {last.name}: {last.outcome.reason}"
    return next(r for n, r in chain.reasons.items() if not chain.conclusions[n].established)
