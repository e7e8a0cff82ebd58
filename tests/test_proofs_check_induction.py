"""Induction over an integer: sums, products, powers and recurrences."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import And, Eq, Ge, Le, Product, Rational, Sum, factorial

from proofs_check.engines import polynomial
from proofs_check.engines.induction import decide
from proofs_check.verdict import Goal, Verdict
from theory.terms import IsInteger, real, real_function

n, m, i, j, r, p, q, u0 = real("n m i j r p q u0")
u, v, w = (real_function(name) for name in "uvw")


def rel(head: Any, left: Any, right: Any) -> Any:
    return head(left, right, evaluate=False)


def start(number: int) -> dict[str, Any]:
    return {"given": And(IsInteger(n), rel(Ge, n, number))}


CONTRACTION = {
    "rate": rel(Ge, r, 0),
    "first": rel(Le, u(0), u0),
    "next": rel(Le, u(n + 1), r * u(n)),
}
PROVED = {
    "triangular numbers": (rel(Eq, Sum(i, (i, 1, n)), n * (n + 1) / 2), start(0), ""),
    "sum of squares": (
        rel(Eq, Sum(i**2, (i, 1, n)), n * (n + 1) * (2 * n + 1) / 6),
        start(0),
        "",
    ),
    "sum below n": (rel(Eq, Sum(i, (i, 0, n - 1)), n * (n - 1) / 2), start(0), ""),
    "geometric sum": (rel(Eq, (1 - r) * Sum(r**i, (i, 0, n)), 1 - r ** (n + 1)), start(0), ""),
    "product": (rel(Eq, Product((i + 1) / i, (i, 1, n)), n + 1), start(1), ""),
    "Bernoulli": (rel(Ge, (1 + p) ** n, 1 + n * p), start(0) | {"p": rel(Ge, p, -1)}, "p"),
    "even powers": (rel(Ge, r ** (2 * n), 0), start(0), ""),
    "contraction": (rel(Le, u(n), u0 * r**n), start(0) | CONTRACTION, "rate first next"),
    "telescope": (
        rel(Eq, u(n), u(0) + Sum(v(i), (i, 0, n - 1))),
        start(0) | {"next": rel(Eq, u(n + 1), u(n) + v(n))},
        "next",
    ),
    "descent bounds the sum of gradients": (
        rel(Le, p * Sum(v(i) ** 2, (i, 0, n)), w(0) - w(n + 1)),
        start(0) | {"next": rel(Le, w(n + 1), w(n) - p * v(n) ** 2)},
        "next",
    ),
    "a later start": (rel(Ge, 2**n, n**2), start(4), ""),
    "a premise with its own domain": (
        rel(Le, u(n), 1),
        start(0)
        | {
            "first": rel(Le, u(0), 1),
            "next": rel(Le, u(n + 1), u(n)) | ~And(IsInteger(n), rel(Ge, n, 0)),
        },
        "first next",
    ),
}


@pytest.mark.parametrize("name", PROVED)
def test_claims_about_every_integer_are_proved(name: str) -> None:
    claim, premises, needed = PROVED[name]
    outcome = decide(Goal(claim, premises))
    assert outcome.verdict is Verdict.PROVED, outcome
    assert outcome.needed == {"given", *needed.split()}


REFUTED = {
    "wrong at the start": (rel(Eq, Sum(i, (i, 0, n)), n * (n + 1) / 2 + 1), start(0), "0"),
    "wrong later": (
        rel(Eq, Sum(i, (i, 0, n)), n * (n + 1) / 2 + n * (n - 1) * (n - 2)),
        start(0),
        "3",
    ),
    "Bernoulli without its condition": (
        rel(Ge, (1 + p) ** n, 1 + n * p),
        start(0) | {"p": rel(Ge, p, -5)},
        "3",
    ),
}


@pytest.mark.parametrize("name", REFUTED)
def test_a_small_integer_refutes(name: str) -> None:
    claim, premises, number = REFUTED[name]
    outcome = decide(Goal(claim, premises))
    assert outcome.verdict is Verdict.REFUTED, outcome
    assert outcome.witness["n"] == number


RECURRENCE = {"next": rel(Eq, u(n + 1), u(n))}
OPEN = {
    "no integer": (rel(Eq, u(n), u(0)), {"given": rel(Ge, n, 0)} | RECURRENCE),
    "no start": (rel(Eq, u(n), u(0)), {"given": IsInteger(n)} | RECURRENCE),
    "no domain": (rel(Eq, u(n), u(0)), RECURRENCE),
    "two integers": (
        rel(Eq, u(n), u(m)),
        {"given": And(IsInteger(n), IsInteger(m), rel(Ge, n, 0), rel(Ge, m, 0))} | RECURRENCE,
    ),
    "base missing": (rel(Le, u(n), 1), start(0) | {"next": rel(Le, u(n + 1), u(n))}),
    "step missing": (rel(Le, u(n), 1), start(0) | {"first": rel(Le, u(0), 1)}),
    "rate of unknown sign": (
        rel(Le, u(n), u0 * r**n),
        start(0) | {k: f for k, f in CONTRACTION.items() if k != "rate"},
    ),
    "start after the first term": (rel(Eq, u(n), u(0)), start(1) | RECURRENCE),
    "empty sums that are not empty": (rel(Ge, Sum(v(i), (i, 5, n)), 0), start(0)),
    "wrong limit": (
        rel(Eq, u(n), u(0) + Sum(v(i), (i, 0, n))),
        start(0) | {"next": rel(Eq, u(n + 1), u(n) + v(n))},
    ),
    "contradictory recurrence": (rel(Eq, v(n), 7), start(0) | {"next": rel(Eq, u(n), u(n) + 1)}),
    "a sum that binds n": (rel(Eq, Sum(n, (n, 0, 3)), u(n)), start(0)),
    "nested sums": (rel(Eq, Sum(Sum(i, (i, 0, i)), (i, 0, n)), u(n)), start(0)),
    "division": (rel(Eq, Sum(i, (i, 1, n)) / n, (n + 1) / 2), start(0)),
}


@pytest.mark.parametrize("name", OPEN)
def test_what_induction_does_not_show_stays_open(name: str) -> None:
    claim, premises = OPEN[name]
    assert decide(Goal(claim, premises)).verdict is Verdict.UNDECIDED


def test_numbers_are_known_to_be_integers_or_not() -> None:
    integer = {"p": IsInteger(n)}
    assert polynomial.decide(Goal(IsInteger(n + 3), integer)).proved
    assert polynomial.decide(Goal(And(IsInteger(4), ~IsInteger(Rational(1, 2))))).proved
    assert not polynomial.decide(Goal(IsInteger(n / 2), integer)).proved
    assert not polynomial.decide(Goal(IsInteger(n + Rational(1, 2)), integer)).proved
    assert not polynomial.decide(Goal(rel(Eq, u(n), factorial(n)), integer)).proved
