"""Generated steps of known truth: nothing false is ever PROVED, nothing true ever REFUTED."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from generated_steps import (
    TINY,
    Case,
    closed_forms,
    congruences,
    endpoints,
    evaluations,
    identities,
    inner_products,
    linear,
    partial_operations,
    relation,
    signs_of_squares,
    small,
    vector_equations,
)
from sympy import And, Eq, Ge, Gt, Implies, Le, Lt, Rational, log, sqrt

from proofs_check.engines import gram, induction, polynomial
from proofs_check.verdict import Goal, Verdict
from theory.terms import derivative, real, real_function

x, y, z = real("x y z")
f = real_function("f")


def tally(decide: Callable[..., Any], cases: Iterator[Case], seconds: float = 2.0) -> Counter:
    """Decide every case, insist on soundness, and count (truth, verdict)."""
    seen: Counter = Counter()
    for truth, goal in cases:
        outcome = decide(goal, seconds)
        wrong = Verdict.REFUTED if truth else Verdict.PROVED
        assert outcome.verdict is not wrong, f"{goal} is {truth}, but {outcome}"
        assert outcome.needed <= set(goal.premises)
        seen[bool(truth), outcome.verdict] += 1
    return seen


def share(seen: Counter, truth: bool) -> float:
    """Return the part of the true cases PROVED, or of the false ones REFUTED."""
    good = Verdict.PROVED if truth else Verdict.REFUTED
    return seen[truth, good] / sum(k for (t, _), k in seen.items() if t is truth)


FAMILIES: dict[str, tuple[Any, Any, int, float, float]] = {
    "squares": (polynomial.decide, signs_of_squares, 150, 0.98, 0.98),
    "identities": (polynomial.decide, identities, 100, 0.98, 0.98),
    "endpoints": (polynomial.decide, endpoints, 200, 0.98, 0.98),
    "evaluations": (polynomial.decide, evaluations, 100, 0.85, 0.5),
    "partial operations": (polynomial.decide, partial_operations, 100, 0.95, 0.0),
    "congruences": (polynomial.decide, congruences, 100, 0.95, 0.0),
    "inner products": (gram.decide, inner_products, 50, 0.8, 0.8),
    "vector equations": (gram.decide, vector_equations, 40, 0.9, 0.3),
    "closed forms": (induction.decide, closed_forms, 100, 0.9, 0.3),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_no_false_step_is_proved_and_no_true_one_refuted(family: str) -> None:
    decide, make, count, proved, refuted = FAMILIES[family]
    seen = tally(decide, make(random.Random(2026), count))
    assert share(seen, True) >= proved, seen
    assert share(seen, False) >= refuted, seen


def test_contradictory_premises_are_reported_and_never_exploited() -> None:
    rng = random.Random(7)
    for _ in range(150):
        low = small(rng)
        gap = rng.choice((TINY, 1))
        premises = {
            "low": relation(Ge, x, low + gap),
            "high": relation(Le, x, low),
            "idle": relation(Gt, y, small(rng)),
        }
        claim = relation(rng.choice((Ge, Lt)), linear(rng) + z, 0)
        outcome = polynomial.decide(Goal(claim, premises), 2.0)
        assert outcome.verdict is Verdict.UNDECIDED
        assert outcome.reason == "contradictory premises: low, high"


def test_empty_domains_make_no_implication_true() -> None:
    rng = random.Random(8)
    for _ in range(100):
        low = small(rng)
        empty = And(relation(Gt, x, low), relation(Lt, x, low))
        outside = relation(Lt, x, low - 1)
        for antecedent, premises in (
            (empty, {}),
            (outside, {"range": relation(Gt, x, low)}),
        ):
            claim = Implies(antecedent, relation(Gt, y, 0), evaluate=False)
            assert polynomial.decide(Goal(claim, premises), 2.0).verdict is Verdict.UNDECIDED


OPEN_GOALS = {
    "division": (relation(Gt, 1 / x**2, 0), {"p": relation(Ge, x, 0)}),
    "root": (relation(Ge, sqrt(x - 3), 0), {"p": relation(Le, x, 3)}),
    "fourth root": (relation(Ge, x ** Rational(1, 4), 0), {}),
    "logarithm": (relation(Eq, log(x) - log(y), 0), {"p": relation(Eq, x, y)}),
    "power": (relation(Eq, x**z, y**z), {"p": relation(Eq, x, y)}),
    "inner division": (relation(Gt, 1 / (1 + 1 / x) ** 2, 0), {"p": relation(Gt, 1 + 1 / x, 0)}),
    "premise outside its domain": (relation(Ge, x, 0), {"p": relation(Ge, sqrt(x), y)}),
    "division by zero in a premise": (relation(Gt, y, 0), {"p": relation(Eq, y * (1 / x), 1)}),
    "derivative": (
        relation(Le, derivative(f(x), x), 1),
        {"p": relation(Le, derivative(f(x), x), 0)},
    ),
    "derivative elsewhere": (
        relation(Le, derivative(f(x), x, y), 1),
        {"p": relation(Eq, derivative(f(x), x), 0), "q": relation(Gt, x, y)},
    ),
    "derivative under a condition": (
        relation(Ge, derivative(f(x), x) ** 2, 0),
        {"p": Implies(relation(Gt, x, 0), relation(Eq, derivative(f(x), x), z), evaluate=False)},
    ),
}


@pytest.mark.parametrize("name", OPEN_GOALS)
def test_what_does_not_follow_is_not_proved(name: str) -> None:
    claim, premises = OPEN_GOALS[name]
    assert not polynomial.decide(Goal(claim, premises), 2.0).proved
