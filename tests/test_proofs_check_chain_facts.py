"""Cited facts: substitutions that fit, premises that hold, and names that are fresh."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from chained_statements import (
    BOUNDED,
    CONTINUOUS,
    F,
    a,
    b,
    bounded,
    f,
    k,
    p,
    state,
    t,
    u,
    undecided,
    v,
    x,
    y,
)
from sympy import And, Eq, Rational, true

from proofs_check.chain import check
from proofs_check.verdict import Verdict
from theory.formulas import forall
from theory.statement import Quantity
from theory.steps import cite, polynomial
from theory.terms import (
    Continuous,
    derivative,
    function_of,
)

HAS = forall(x, And(a <= x, x <= b), Eq(derivative(F(x), x), f(x)))
FALLS = forall(x, And(a <= x, x <= b), f(x) <= 0)
MONOTONE = {"order": a <= b, "deriv": HAS, "sign": FALLS}


def monotone(*uses: str, **values: Any) -> Any:
    return cite("c", "nonincreasing", *uses, **({"F": F, "f": f, "a": a, "b": b} | values))


def test_a_fact_is_cited_and_named_as_such():
    made = state([monotone("order", "deriv", "sign")], F(b) <= F(a), MONOTONE, [a, b, F, f])
    report = check(made)
    assert report.verdict is Verdict.CITED
    assert report.cited == ("nonincreasing",)


def test_an_open_premise_of_a_fact_is_refused():
    for missing in MONOTONE:
        kept = [name for name in MONOTONE if name != missing]
        undecided(state([monotone(*kept)], F(b) <= F(a), MONOTONE, [a, b, F, f]), "is open")


def test_a_premise_proved_on_a_smaller_interval_is_not_enough():
    given = MONOTONE | {"sign": forall(x, And(a < x, x < b), f(x) <= 0)}
    undecided(state([monotone(*given)], F(b) <= F(a), given, [a, b, F, f]), "'sign'")


def test_a_premise_that_an_earlier_open_step_claims_is_not_established():
    steps = [polynomial("sign", FALLS), monotone("order", "deriv", "sign")]
    given = {k: MONOTONE[k] for k in ("order", "deriv")}
    undecided(state(steps, F(b) <= F(a), given, [a, b, F, f]), "step sign")


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (cite("c", "no_such_fact", "order"), "not in the trusted base"),
        (cite("c", "nonincreasing", "order", F=F, f=f, a=a), "misses b"),
        (cite("c", "nonincreasing", "order", F=F, f=f, a=a, b=b, d=b), "no parameter 'd'"),
        (monotone("order", "deriv", "sign", F=x), "'F'"),
        (monotone("order", "deriv", "sign", F=v), "'F'"),
        (monotone("order", "deriv", "sign", a=F), "'a'"),
        (monotone("order", "deriv", "sign", a=v), "'a'"),
        (monotone("order", "deriv", "sign", F=p), "'F'"),
        (monotone("order", "deriv", "sign", F=function_of(x, p(x))), "'F'"),
        (monotone("order", "deriv", "sign", a=x < y), "'a'"),
        (monotone("order", "deriv", "absent"), "absent"),
    ],
)  # fmt: skip
def test_a_substitution_that_does_not_fit_is_named(step, reason):
    """Such a step is open; it neither counts nor crashes."""
    undecided(state([step], F(b) <= F(a), MONOTONE, [a, b, F, f]), reason)


def test_a_function_of_two_variables_is_no_function_of_one():
    from sympy import Lambda

    step = monotone("order", "deriv", "sign", F=Lambda((x, y), x + y))
    undecided(state([step], F(b) <= F(a), MONOTONE, [a, b, F, f]), "'F'")


def test_what_is_introduced_has_a_fresh_name():
    report = check(state([bounded(k)], BOUNDED, CONTINUOUS, [a, b, k, F]))
    assert report.verdict is Verdict.CITED


def test_what_is_introduced_may_not_be_known_already():
    """Otherwise any number would be an upper bound."""
    given = CONTINUOUS | {"zero": Eq(k, 0)}
    undecided(state([bounded(k)], BOUNDED, given, [a, b, k, F]), "not fresh")
    undecided(
        state([bounded(k)], BOUNDED, CONTINUOUS, [a, b, Quantity(k, "bound", k > 0), F]), "fresh"
    )


@pytest.mark.parametrize("chosen", [a, F(a), Rational(1), a + 1, k + 1])
def test_what_is_introduced_is_a_name_and_no_term(chosen):
    undecided(state([bounded(chosen)], BOUNDED.at({x: a}), CONTINUOUS, [a, b, k, F]))


def test_what_is_introduced_twice_is_two_things():
    """Upper bounds of F and of −F, under one name, would bound |F| by 0 from both sides."""
    below = function_of(x, -F(x))
    steps = [
        bounded(k),
        cite("d", "bounded_above", "negative", "order", F=below, a=a, b=b, c=k),
    ]
    given = CONTINUOUS | {"negative": Continuous(below, a, b)}
    undecided(state(steps, {"d": forall(x, And(a <= x, x <= b), -F(x) <= k)}, given, [a, b, k, F]),
              "not fresh")  # fmt: skip


def test_what_is_introduced_depends_on_the_step_s_variables():
    """A bound on every [0, t] is a function of t; a constant would be a bound on all of them."""
    given = {"continuous": forall(t, t >= 0, Continuous(function_of(x, F(x)), 0, t))}
    claim = forall((t, x), And(t >= 0, x >= 0, x <= t), F(x) <= k)
    step = cite("d", "bounded_above", "continuous", over=(t,), given=t >= 0, F=F, a=0, b=t, c=k)
    undecided(state([step, polynomial("c", claim, "d")], claim, given, [k, F]), "fresh name")
    step = replace(step, values={**step.values, "c": u(t)})
    report = check(state([step], forall((t, x), And(t >= 0, x >= 0, x <= t), F(x) <= u(t)),
                         given, [u, F]))  # fmt: skip
    assert report.verdict is Verdict.CITED


def test_a_skolem_function_may_not_swallow_another_variable():
    given = {"continuous": forall(t, t >= 0, Continuous(function_of(x, F(x)), 0, t))}
    for chosen in (u(0), u(t, t), u(2 * t)):
        step = cite("d", "bounded_above", "continuous", over=(t,), given=t >= 0,
                    F=F, a=0, b=t, c=chosen)  # fmt: skip
        claim = forall((t, x), And(t >= 0, x >= 0, x <= t), F(x) <= chosen)
        undecided(state([step], claim, given, [u, F]), "fresh name")


def test_a_name_that_occurs_in_the_conclusion_only_is_not_chosen_by_the_proof_of_a_fact():
    """``over`` may not bind what a hypothesis speaks of as a constant."""
    given = {"order": a <= b, "deriv": HAS, "sign": FALLS}
    step = cite("c", "nonincreasing", *given, over=(a,), F=F, f=f, a=a, b=b)
    undecided(state([step], forall(a, true, F(b) <= F(a)), given, [b, a, F, f]))
