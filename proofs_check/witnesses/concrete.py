"""Formulas about explicit functions of real variables, decided by balls or by engines."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from sympy import (
    And,
    Eq,
    Implies,
    Not,
    Or,
    atan,
    cos,
    cosh,
    erf,
    erfc,
    exp,
    log,
    sin,
    sinh,
    tanh,
    true,
)
from sympy.logic.boolalg import Boolean

from numerics.rigorous.balls import BallError, decide_at_point
from proofs_check.engines import settle
from proofs_check.interpretations.derivatives import differentiated
from proofs_check.premises import GIVEN, open_claim
from proofs_check.verdict import Goal, Outcome, Verdict, undecided
from theory.formulas import Formula, conjuncts, free_symbols, functions_in
from theory.terms import Continuous, ConvergesTo, Deriv, Predicate

TRANSCENDENTAL = (exp, log, sin, cos, tanh, sinh, cosh, atan, erf, erfc)
ENGINE_SECONDS = 8.0

Ask: TypeAlias = Callable[[str, Goal, float], Outcome]
"""How the engine of a kind is asked to decide a goal within so many seconds."""


def decide_concrete(
    formula: Formula, seconds: float = ENGINE_SECONDS, ask: Ask = settle
) -> Outcome:
    """Decide a formula about explicit functions of real variables; ``ask`` runs an engine."""
    _, given, body = open_claim(formula)
    while isinstance(body, Implies):
        given, body = And(given, body.args[0]), body.args[1]
    return _decide(given, body, seconds, ask)


def _decide(given: Boolean, body: Boolean, seconds: float, ask: Ask) -> Outcome:
    if given.is_Boolean and given == False:  # noqa: E712
        return Outcome(Verdict.PROVED, "there is no such point")
    if functions_in(body) or functions_in(given):
        names = ", ".join(sorted(map(str, functions_in(body) | functions_in(given))))
        return undecided(f"the model does not say what {names} is")
    if body.has(Deriv) and not isinstance(body, Eq):
        return _by_rules(given, body, seconds, ask)
    if not free_symbols(body) and not free_symbols(given):
        return _at_point(given, body, seconds, ask)
    premises = {} if given is true else {GIVEN: given}
    return _by_engines(Goal(body, premises), seconds, ask)


def _by_rules(given: Boolean, body: Boolean, seconds: float, ask: Ask) -> Outcome:
    """Decide a claim about derivatives with these carried out, once it is clear that they exist."""
    conditions, plain = differentiated(true, body)
    if plain.has(Deriv):
        return undecided(f"no rule gives all derivatives in {body}")
    for condition in conjuncts(conditions):
        if condition is not true and not _decide(given, condition, seconds, ask).proved:
            return undecided(f"a derivative in {body} needs {condition}")
    return _decide(given, plain, seconds, ask)


def _at_point(given: Boolean, body: Boolean, seconds: float, ask: Ask) -> Outcome:
    if body.has(Predicate) or body.has(Deriv):
        return _by_engines(Goal(body, {} if given is true else {GIVEN: given}), seconds, ask)
    certain = _certain(Implies(given, body, evaluate=False))
    if certain is None:
        return undecided(f"{body} is too close to call in ball arithmetic, or has no value")
    verdict = Verdict.PROVED if certain else Verdict.REFUTED
    return Outcome(verdict, f"evaluated in ball arithmetic: {body} is {str(certain).lower()}")


def _certain(formula: Boolean) -> bool | None:
    """Decide a closed formula; a part without a value is undecided and may be outvoted."""
    if isinstance(formula, Implies):
        return _certain(Or(Not(formula.args[0]), formula.args[1], evaluate=False))
    if isinstance(formula, Not) and not formula.args[0].is_Relational:
        inner = _certain(formula.args[0])
        return None if inner is None else not inner
    if isinstance(formula, (And, Or)):
        answers = [_certain(arg) for arg in formula.args]
        decisive = isinstance(formula, Or)
        if decisive in answers:
            return decisive
        return None if None in answers else not decisive
    try:
        return decide_at_point(formula, {})
    except BallError:
        return None


def engine_order(claim: Boolean) -> tuple[str, ...]:
    """Return the engines that may decide a claim, the one made for it first."""
    if claim.has(Deriv, Continuous):
        return ("calculus",)
    if isinstance(claim, Eq):
        return ("algebra", "polynomial")
    return ("ball", "polynomial") if claim.has(*TRANSCENDENTAL) else ("polynomial", "ball")


def _by_engines(goal: Goal, seconds: float, ask: Ask) -> Outcome:
    if isinstance(goal.claim, ConvergesTo):
        return undecided("convergence is not decided in a model")
    order = engine_order(goal.claim)
    outcome = undecided("no engine applies")
    for kind in order:
        outcome = ask(kind, goal, seconds)
        if outcome.verdict in (Verdict.PROVED, Verdict.REFUTED):
            return outcome
    return outcome
