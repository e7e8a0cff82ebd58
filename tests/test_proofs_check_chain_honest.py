"""Honest proofs are PROVED, and what they do not need is named."""

from __future__ import annotations

from chained_statements import (
    F,
    f,
    n,
    proved,
    state,
    t,
    u,
    undecided,
    v,
    w,
    x,
    y,
    z,
)
from sympy import And, Eq, Implies, Ne, Or, exp, true

from proofs_check.chain import check
from proofs_check.verdict import Verdict
from theory.formulas import forall
from theory.statement import at
from theory.steps import algebra, ball, cite, gram, induction, polynomial
from theory.terms import (
    Inner,
    IsInteger,
    Norm,
    derivative,
    function_of,
)


def test_a_chain_of_two_steps_names_what_it_needs():
    report = proved(
        state(
            [polynomial("squares", x**2 <= 1, "h"), polynomial("c", x**4 <= 1, "squares")],
            x**4 <= 1,
            {"h": And(x <= 1, x >= -1), "idle": y > 0},
        )
    )
    assert report.unused_hypotheses == ("idle",)
    assert report.unused_steps == ()
    assert report.step("c").superfluous == ()


def test_a_premise_that_is_named_but_not_needed_is_reported():
    report = proved(state([polynomial("c", x < 2, "h", "k")], x < 2, {"h": x < 1, "k": y > 0}))
    assert report.step("c").superfluous == ("k",)
    assert report.unused_hypotheses == ("k",)


def test_a_step_that_leads_nowhere_is_reported():
    report = proved(
        state([polynomial("d", x < 3, "h"), polynomial("c", x < 2, "h")], x < 2, {"h": x < 1})
    )
    assert report.unused_steps == ("d",)


def test_an_identity_is_proved():
    claim = Eq((x + y) ** 2 - (x - y) ** 2, 4 * x * y)
    proved(state([algebra("c", claim)], claim))


def test_an_analytic_inequality_is_proved_at_any_argument():
    steps = [
        ball("exponential", forall(z, true, exp(z) >= 1 + z)),
        polynomial("c", exp(x * y) >= 1 + x * y, at("exponential", {z: x * y})),
    ]
    proved(state(steps, exp(x * y) >= 1 + x * y))


def test_vectors_of_any_dimension():
    claim = Norm(v + w) ** 2 + Norm(v - w) ** 2 <= 2 * Norm(v) ** 2 + 2 * Norm(w) ** 2
    proved(state([gram("c", claim)], claim, over=[v, w]))
    orthogonal = Eq(Norm(v + w) ** 2, Norm(v) ** 2 + Norm(w) ** 2)
    undecided(state([gram("c", orthogonal)], orthogonal, over=[v, w]))
    proved(state([gram("c", orthogonal, "h")], orthogonal, {"h": Eq(Inner(v, w), 0)}, [v, w]))


def test_a_recurrence_by_induction():
    nth = And(IsInteger(n), n >= 0)
    claim = forall(n, nth, u(n) <= u(0))
    given = {"h": forall(n, nth, u(n + 1) <= u(n))}
    proved(state([induction("c", claim, "h")], claim, given, [u]))
    gap = {"h": forall(n, And(IsInteger(n), n >= 1), u(n + 1) <= u(n))}
    undecided(state([induction("c", claim, "h")], claim, gap, [u]))


def test_a_trajectory_argument():
    """u' = −f with f ≥ 0 from a formula: u does not grow, u stays below its start."""
    given = {
        "flow": forall(t, t >= 0, Eq(derivative(u(t), t), -(f(t) ** 2))),
        "start": u(0) <= 1,
    }
    steps = [
        polynomial("sign", forall(t, t >= 0, -(f(t) ** 2) <= 0)),
        cite("falls", "nonincreasing", "flow", "sign", over=(t,), given=t >= 0,
             F=u, f=function_of(t, -(f(t) ** 2)), a=0, b=t),
        polynomial("c", forall(t, t >= 0, u(t) <= 1), "falls", "start"),
    ]  # fmt: skip
    report = proved(state(steps, forall(t, t >= 0, u(t) <= 1), given, [u, f]))
    assert report.cited == ("nonincreasing",)
    assert report.unused_hypotheses == ()


def test_a_case_distinction():
    steps = [
        polynomial("low", Implies(x <= 1, F(x) <= 1), at("h", {z: x})),
        polynomial("high", Implies(x > 1, F(x) <= 1), at("k", {z: x})),
        polynomial("c", F(x) <= 1, "low", "high"),
    ]
    given = {"h": forall(z, z <= 1, F(z) <= 0), "k": forall(z, z > 1, F(z) <= 1)}
    proved(state(steps, F(x) <= 1, given, [x, F]))
    undecided(state([steps[0], polynomial("c", F(x) <= 1, "low")], F(x) <= 1, given, [x, F]))


def test_disjunctions_and_inequations_are_read_as_they_stand():
    claim = Or(x > 0, x < 0)
    proved(state([polynomial("c", claim, "h")], claim, {"h": Ne(x**3, 0)}))
    undecided(state([polynomial("c", claim, "h")], claim, {"h": x <= 1}))


def test_a_failed_step_does_not_stop_the_others():
    steps = [
        polynomial("d", x < 1),
        polynomial("c", x < 2, "h"),
    ]
    report = check(state(steps, {"c": x < 2, "d": x < 1}, {"h": x < 1}), seconds=6)
    assert report.conclusions == {"c": Verdict.PROVED, "d": Verdict.UNDECIDED}
    assert report.verdict is Verdict.UNDECIDED
