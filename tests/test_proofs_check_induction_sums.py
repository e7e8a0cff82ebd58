"""Induction up to an end: sums over finitely many terms, their derivatives, one term of a sum."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import And, Eq, Ge, Implies, Le, Lt, Sum

from proofs_check.engines.induction import decide
from proofs_check.verdict import Goal, Verdict
from theory.terms import (
    Inner,
    IsInteger,
    Norm,
    derivative,
    real,
    real_function,
    vector,
    vector_function,
)

n, k, i, m, t, c = real("n k i m t c")
a, b = real_function("a"), real_function("b")
f, f_1 = real_function("f"), real_function("f'")
v = vector_function("v")
z = vector("z")


def rel(head: Any, left: Any, right: Any) -> Any:
    return head(left, right, evaluate=False)


def total(term: Any, count: Any = n) -> Any:
    return Sum(term, (i, 1, count))


UP_TO_K = {"given": And(IsInteger(n), rel(Ge, n, 1), rel(Le, n, k))}
TERMWISE = {"terms": rel(Le, a(n), c * b(n))}
TERM = And(IsInteger(m), rel(Ge, m, 1), rel(Le, m, n))
SLOPES = {"slopes": rel(Eq, derivative(f(n, t), t), f_1(n, t))}
SUM_SLOPE = rel(Eq, derivative(total(f(i, t)), t), total(f_1(i, t)))
SIZES = {"size": rel(Le, Norm(v(n)), c)}

PROVED = {
    "termwise": (rel(Le, total(a(i)), c * total(b(i))), TERMWISE),
    "a chain of equal values": (
        rel(Eq, a(n), a(1)),
        {"next": Implies(rel(Le, n + 1, k), rel(Eq, a(n + 1), a(n)))},
    ),
    "derivative of a sum": (SUM_SLOPE, SLOPES),
    "one of several squares": (
        And(rel(Ge, total(a(i) ** 2), 0), Implies(TERM, rel(Le, a(m) ** 2, total(a(i) ** 2)))),
        {},
    ),
    "lengths of vectors": (rel(Le, total(Norm(v(i))), n * c), SIZES),
    "linear in the terms": (
        rel(Eq, total(c * a(i) + b(i)), c * total(a(i)) + total(b(i))),
        {},
    ),
}


@pytest.mark.parametrize("name", PROVED)
def test_what_holds_for_sums_of_finitely_many_terms_is_proved(name: str) -> None:
    claim, premises = PROVED[name]
    outcome = decide(Goal(claim, UP_TO_K | premises))
    assert outcome.verdict is Verdict.PROVED, outcome
    assert outcome.needed == {"given", *premises}


def _domain(*parts: Any) -> dict[str, Any]:
    return {"given": And(IsInteger(n), rel(Ge, n, 1), *parts)}


OPEN = {
    "no premise on the terms": (rel(Le, total(a(i)), c * total(b(i))), UP_TO_K),
    "terms the wrong way round": (
        rel(Le, total(a(i)), c * total(b(i))),
        UP_TO_K | {"terms": rel(Ge, a(n), c * b(n))},
    ),
    "a constant of unknown sign": (rel(Le, total(a(i)), c * total(b(i))),
                                   UP_TO_K | {"terms": rel(Le, a(n), b(n))}),
    "a product of sums": (
        rel(Eq, total(a(i) * b(i)), total(a(i)) * total(b(i))),
        UP_TO_K,
    ),
    "a term beyond the end": (
        And(rel(Ge, total(a(i) ** 2), 0),
            Implies(And(IsInteger(m), rel(Ge, m, 1)), rel(Le, a(m) ** 2, total(a(i) ** 2)))),
        UP_TO_K,
    ),
    "a term between two integers": (
        And(rel(Ge, total(a(i) ** 2), 0),
            Implies(And(rel(Ge, m, 1), rel(Le, m, n)), rel(Le, a(m) ** 2, total(a(i) ** 2)))),
        UP_TO_K,
    ),
    "one of several terms of any sign": (
        And(rel(Ge, total(a(i)), 0), Implies(TERM, rel(Le, a(m), total(a(i))))), UP_TO_K
    ),
    "derivative without the terms' derivatives": (SUM_SLOPE, UP_TO_K),
    "derivative with a wrong term": (
        rel(Eq, derivative(total(f(i, t)), t), total(2 * f_1(i, t))), UP_TO_K | SLOPES
    ),
    "derivative at another point": (
        rel(Eq, derivative(total(f(i, t)), t, c), total(f_1(i, c))), UP_TO_K | SLOPES
    ),
    "derivative of the terms at one time only": (
        SUM_SLOPE,
        UP_TO_K | {"slopes": Implies(rel(Ge, t, 1), SLOPES["slopes"])},
    ),
    "an end that moves": (rel(Le, total(a(i)), c * total(b(i))),
                          _domain(rel(Le, n, 2 * n)) | TERMWISE),
    "two ends": (rel(Le, total(a(i)), c * total(b(i))),
                 _domain(rel(Le, n, k), rel(Le, n, m)) | TERMWISE),
    "an open end": (rel(Le, total(a(i)), c * total(b(i))), _domain(rel(Lt, n, k)) | TERMWISE),
    "the end is no start": (rel(Eq, a(n), a(k)), UP_TO_K | {"next": rel(Eq, a(n + 1), a(n))}),
    "base beyond the end": (
        rel(Ge, a(n), 1),
        UP_TO_K | {"next": Implies(rel(Le, n + 1, k), rel(Ge, a(n + 1), a(n)))},
    ),
    "inner products of sums": (
        rel(Eq, total(Inner(v(i), z) ** 2), total(Inner(v(i), z)) ** 2), UP_TO_K
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OPEN)
def test_what_does_not_follow_for_sums_is_not_proved(name: str) -> None:
    claim, premises = OPEN[name]
    assert decide(Goal(claim, premises), 4).verdict is not Verdict.PROVED
