"""Derivatives and continuity: chain, product and quotient rules, and what the premises supply.

A claim ``Eq(Deriv(Lambda(x, body), p), r)`` says that body has a derivative at p and that it is
r. Undefined functions have no derivative of their own: a premise must give it.
"""

from __future__ import annotations

import time

import sympy as sp

from proofs_check.engines import algebra
from proofs_check.engines.algebra_search import refute
from proofs_check.engines.calculus_continuity import continuous
from proofs_check.engines.calculus_rules import Differentiator, Missing
from proofs_check.engines.definedness import ask, discharge
from proofs_check.engines.obligations import existence
from proofs_check.verdict import Goal, Outcome, Verdict, undecided
from theory.formulas import conjuncts
from theory.terms import Continuous, Deriv

KIND = "calculus"


def decide(goal: Goal, seconds: float = 10.0) -> Outcome:
    """Decide a derivative ``Eq(Deriv(Lambda(x, body), p), r)`` or a ``Continuous`` claim.

    Parameters
    ----------
    goal : Goal
        Premises give the derivatives (or continuity) of undefined functions, at the same point
        (on the same interval), equations among terms, and the signs that domains need.
    seconds : float
        Time after which the answer is UNDECIDED.

    Returns
    -------
    Outcome
        PROVED with the premises needed; REFUTED with a rational point where the derivative
        certainly differs; UNDECIDED naming the derivative or condition that is missing.
    """
    deadline = time.process_time() + seconds
    if any(f.atoms(sp.Float) for f in (goal.claim, *goal.premises.values())):
        return undecided("a float occurs; write an exact Rational")
    used: frozenset[str] = frozenset()
    reasons = []
    for part in conjuncts(goal.claim):
        outcome = _decide_part(Goal(part, goal.premises), deadline)
        if not outcome.proved:
            return outcome
        used |= outcome.needed
        reasons.append(outcome.reason)
    if not reasons:
        return undecided("nothing is claimed")
    return Outcome(Verdict.PROVED, "; ".join(dict.fromkeys(reasons)), used)


def _decide_part(goal: Goal, deadline: float) -> Outcome:
    claim = goal.claim
    if isinstance(claim, Continuous):
        return continuous(claim, goal.premises, deadline)
    if isinstance(claim, sp.Eq):
        for side, other in (claim.args, claim.args[::-1]):
            if isinstance(side, Deriv):
                return _existing(other, goal) or _derivative(side, other, goal, deadline)
    return undecided("calculus decides Eq(Deriv(Lambda, point), value) and Continuous only")


def _existing(value: sp.Expr, goal: Goal) -> Outcome | None:
    """Say which derivative on the other side no premise shows to exist."""
    for derivative, conditions in existence(sp.Eq(value, 0, evaluate=False), goal.premises):
        if sp.true not in conditions.values():
            return undecided(f"no premise says that the derivative {derivative} exists")
    return None


def _derivative(claimed: Deriv, value: sp.Expr, goal: Goal, deadline: float) -> Outcome:
    function, point = claimed.args
    if not isinstance(function, sp.Lambda) or len(function.variables) != 1:
        return undecided(f"{function} is not a function of one variable")
    rules = Differentiator(function.variables[0], point, goal.premises, deadline)
    try:
        computed = rules.derivative(function.expr)
    except Missing as missing:
        return undecided(str(missing))
    used, open_outcome = discharge(rules.conditions, goal.premises, deadline)
    equation = sp.Eq(computed, value, evaluate=False)
    if open_outcome is not None:
        return _refuted(equation, rules, goal, deadline) or open_outcome
    outcome = _equal(equation, goal, deadline)
    if outcome.proved:
        named = outcome.needed | used | rules.used
        return Outcome(Verdict.PROVED, f"differentiated; {outcome.reason}", named)
    if rules.used:
        return outcome
    return _refuted(equation, rules, goal, deadline) or outcome


def _equal(equation: sp.Eq, goal: Goal, deadline: float) -> Outcome:
    """Decide that the computed derivative is the claimed one."""
    goal = Goal(equation, goal.premises)
    outcome = algebra.prove_minimal(goal, deadline)
    if outcome.proved:
        return outcome
    again = ask("polynomial", goal, deadline)
    return again if again.proved else outcome


def _refuted(equation: sp.Eq, rules: Differentiator, goal: Goal, deadline: float) -> Outcome | None:
    """Find a point where the derivative certainly exists and certainly is something else."""
    exists = {f"condition {i}": c for i, c in enumerate(rules.conditions)}
    return refute(Goal(equation, dict(goal.premises) | exists), deadline)
