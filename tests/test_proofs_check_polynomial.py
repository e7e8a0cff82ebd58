"""Real arithmetic: what is proved, what is needed for it, what is refuted and what stays open."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sympy import (
    Abs,
    And,
    Eq,
    Float,
    Ge,
    Gt,
    Implies,
    Le,
    Lt,
    Max,
    Min,
    Ne,
    Not,
    Or,
    Piecewise,
    Rational,
    Symbol,
    exp,
    oo,
    pi,
    sqrt,
    true,
)

from proofs_check.engines.exact import holds
from proofs_check.engines.guard import guarded
from proofs_check.engines.obligations import obligations
from proofs_check.engines.polynomial import decide
from proofs_check.verdict import Goal, Verdict
from theory.terms import (
    Continuous,
    Deriv,
    InRange,
    Norm,
    derivative,
    function_of,
    operator,
    real,
    real_function,
    vector,
    vector_function,
)

x, y, z, t, q = real("x y z t q")
f, g = real_function("f"), real_function("g")
v, w = vector("v"), vector("w")


def rel(head: Any, left: Any, right: Any) -> Any:
    return head(left, right, evaluate=False)


POSITIVE = {"x": rel(Gt, x, 0), "y": rel(Gt, y, 0), "z": rel(Gt, z, 0)}
PROVED = {
    "arithmetic and geometric mean": (rel(Ge, (x + y) / 2, sqrt(x * y)), POSITIVE, "xy"),
    "rational function": (rel(Ge, x / y + y / x, 2), POSITIVE, "xy"),
    "root under a condition": (
        Implies(rel(Lt, q, Rational(1, 2)), rel(Gt, 1 / sqrt(1 - 2 * q), 0), evaluate=False),
        {},
        "",
    ),
    "cube root": (rel(Ge, x ** Rational(1, 3), 1), {"p": rel(Ge, x, 1)}, "p"),
    "negative rational power": (
        rel(Le, x ** Rational(-3, 2), 1),
        {"p": rel(Ge, x, 1)},
        "p",
    ),
    "absolute value": (rel(Le, Abs(x + y), Abs(x) + Abs(y)), {}, ""),
    "extrema": (rel(Eq, Max(x, y) + Min(x, y), x + y), {}, ""),
    "piecewise root": (
        rel(Ge, Piecewise((sqrt(x), rel(Ge, x, 0)), (-x, true), evaluate=False), 0),
        {},
        "",
    ),
    "pi is between its bounds": (And(rel(Lt, 3, pi), rel(Lt, pi, Rational(22, 7))), {}, ""),
    "exponentials are positive": (rel(Gt, exp(x) + exp(-y), 0), {}, ""),
    "exponentials multiply": (rel(Eq, exp(-2 * t), y**2), {"y": rel(Eq, y, exp(-t))}, "y"),
    "congruence": (rel(Eq, f(x + y), f(g(z))), {"p": rel(Eq, g(z), y + x)}, "p"),
    "congruence of vector functions": (
        rel(Eq, Norm(vector_function("u")(x)), Norm(vector_function("u")(y))),
        {"p": rel(Eq, x, y)},
        "p",
    ),
    "equal vectors have equal norms": (rel(Eq, Norm(v), Norm(w)), {"p": rel(Eq, v, w)}, "p"),
    "a derivative that a premise gives": (
        rel(Le, derivative(f(t), t), 0),
        {"d": rel(Eq, derivative(f(t), t), -(x**2)), "idle": rel(Gt, y, 0)},
        "d",
    ),
    "a derivative under a condition that holds": (
        rel(Eq, derivative(f(t), t) ** 2, 1),
        {"d": Implies(rel(Gt, t, 0), rel(Eq, derivative(f(t), t), -1)), "t": rel(Gt, t, 1)},
        "dt",
    ),
    "a second derivative": (
        rel(Le, Deriv(function_of(t, derivative(f(t), t)), x), 0),
        {"d": rel(Eq, Deriv(function_of(t, derivative(f(t), t)), x), -(y**2))},
        "d",
    ),
    "premises that it does not need may exclude each other": (
        rel(Gt, x, 0),
        {"x": rel(Gt, x, 1), "a": rel(Gt, y, 1), "b": rel(Lt, y, 1)},
        "x",
    ),
    "predicates are matched": (
        Continuous(function_of(t, f(t)), 0, oo),
        {"p": Implies(rel(Gt, x, 0), Continuous(function_of(y, f(y)), 0, oo)), "x": rel(Gt, x, 1)},
        "px",
    ),
    "predicates respect equality": (
        InRange(operator("A"), w),
        {"p": InRange(operator("A"), v), "e": rel(Eq, v, w)},
        "ep",
    ),
}


@pytest.mark.parametrize("name", PROVED)
def test_what_follows_is_proved_with_exactly_the_premises_it_needs(name: str) -> None:
    claim, premises, needed = PROVED[name]
    outcome = decide(Goal(claim, premises))
    assert outcome.verdict is Verdict.PROVED, outcome
    assert outcome.needed == frozenset(needed)


def test_either_of_two_redundant_premises_is_needed_not_both() -> None:
    premises = {"a": rel(Ge, x, 1), "b": rel(Ge, x, 2), "c": rel(Eq, y, 3)}
    assert decide(Goal(rel(Gt, x, 0), premises)).needed in ({"a"}, {"b"})


REFUTED = {
    "strict for weak": (rel(Gt, x**2 + y**2, 2 * x * y), {}),
    "missing sign": (rel(Ge, x / y + y / x, 2), {"x": Ne(x, 0), "y": Ne(y, 0)}),
    "irrational counterexample": (rel(Lt, x, 1), {"p": rel(Eq, x**2, 2)}),
    "root": (rel(Le, sqrt(x), x / 2), {"p": rel(Ge, x, 0)}),
    "either or": (Or(rel(Gt, x, 0), rel(Lt, x, 0)), {}),
    "negation": (Not(And(rel(Ge, x, 1), rel(Le, x, 1))), {}),
}


@pytest.mark.parametrize("name", REFUTED)
def test_what_is_false_is_refuted_by_exact_numbers(name: str) -> None:
    claim, premises = REFUTED[name]
    outcome = decide(Goal(claim, premises))
    assert outcome.verdict is Verdict.REFUTED, outcome
    assert set(outcome.witness) == {str(s) for s in claim.free_symbols}
    assert "." not in "".join(outcome.witness.values())


def test_a_counterexample_is_exact_and_violates_the_claim() -> None:
    claim, premises = rel(Le, x**3, x**2 + 1), {"p": rel(Ge, x, 1)}
    outcome = decide(Goal(claim, premises))
    value = Rational(outcome.witness["x"])
    assert value >= 1
    assert value**3 > value**2 + 1


OPEN = {
    "float": (rel(Ge, x**2, Float("-0.1")), {}, "float"),
    "assumption": (rel(Ge, Symbol("p", positive=True), 0), {}, "carries a SymPy assumption"),
    "two symbols of one name": (rel(Eq, Symbol("x", real=True), x), {}, "two different things"),
    "two sorts of one name": (
        rel(Eq, f(x), 0),
        {"p": rel(Eq, vector_function("f")(x + 1), v)},
        "two different things",
    ),
    "two sorts of one term": (
        rel(Eq, f(x), 0),
        {"p": rel(Eq, vector_function("f")(x), v)},
        "",  # SymPy takes the two for one or not, depending on what it has seen before
    ),
    "infinity": (rel(Lt, x, oo), {}, "oo"),
    "order of vectors": (rel(Le, v, w), {}, "orders vectors"),
    "mixed sorts": (rel(Eq, v, x), {}, "not of sort vector"),
    "division": (rel(Gt, 1 / x**2, 0), {"p": rel(Ge, x, 0)}, "obligation"),
    "undefined function": (rel(Ge, f(x), f(y)), {"p": rel(Ge, x, y)}, "does not follow"),
    "derivative": (
        rel(Ge, derivative(f(t), t) ** 2, 0),
        {"p": rel(Le, derivative(f(t), t), 0)},
        "exists",
    ),
    "contradiction": (rel(Eq, f(x), y), {"a": rel(Gt, x, 1), "b": rel(Lt, x, 1)}, "a, b"),
    "vacuous antecedent": (
        Implies(rel(Lt, x, 0), rel(Gt, y, 0), evaluate=False),
        {"x": rel(Gt, x, 0)},
        "contradictory premises: x, antecedent",
    ),
}


@pytest.mark.parametrize("name", OPEN)
def test_what_cannot_be_decided_says_why(name: str) -> None:
    claim, premises, reason = OPEN[name]
    outcome = decide(Goal(claim, premises))
    assert outcome.verdict is Verdict.UNDECIDED, outcome
    assert reason in outcome.reason


def test_an_open_goal_comes_with_a_model_and_smtlib_text() -> None:
    artefact = decide(Goal(rel(Ge, f(x), 0), {"p": rel(Ge, x, 0)})).artefact
    assert "(check-sat)" in artefact
    assert artefact.startswith("; Z3's model")


def test_division_by_zero_in_a_premise_cannot_be_exploited() -> None:
    premises = {"a": rel(Eq, x, 0), "b": rel(Eq, y, 1 / x), "c": rel(Eq, z, 2 / x)}
    assert not decide(Goal(rel(Eq, y * x, 1), premises)).proved
    assert not decide(Goal(rel(Eq, y, 0), premises)).proved


def test_a_hard_question_ends_in_time() -> None:
    a = [Symbol(f"a{i}") for i in range(5)]
    b = [Symbol(f"b{i}") for i in range(5)]
    inner = sum(p * r for p, r in zip(a, b, strict=True))
    squares = sum(p**2 for p in a) * sum(r**2 for r in b)
    goal = Goal(rel(Ge, squares + sqrt(1 + inner**2), inner**2))
    start = time.monotonic()
    assert guarded(decide, goal, 1.0).verdict in (Verdict.UNDECIDED, Verdict.PROVED)
    assert time.monotonic() - start < 5


def test_obligations_of_inner_parts_come_first_and_know_their_branch() -> None:
    owed = obligations(rel(Ge, 1 / (1 + sqrt(x)), 0))
    assert [o.condition for o in owed] == [rel(Ge, x, 0), rel(Ne, sqrt(x) + 1, 0)]
    guarded_root = Piecewise((sqrt(x), rel(Ge, x, 1)), (0, True))
    (only,) = obligations(rel(Ge, guarded_root, 0))
    assert only.condition == Implies(rel(Ge, x, 1), rel(Ge, x, 0), evaluate=False)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (rel(Lt, sqrt(2), Rational(3, 2)), True),
        (rel(Eq, sqrt(Rational(9, 4)), Rational(3, 2)), True),
        (rel(Eq, sqrt(x) * sqrt(2), 2), None),
        (rel(Gt, sqrt(x - 3), -1), None),
        (rel(Gt, 1 / (x - 2), 0), None),
        (Or(rel(Gt, 1 / (x - 2), 0), rel(Eq, x, 2)), True),
        (Implies(rel(Gt, x, 2), rel(Lt, x, 0), evaluate=False), True),
        (rel(Gt, sqrt(x) + sqrt(3), sqrt(5 + 2 * sqrt(6)) + Rational(1, 10**40)), False),
        (rel(Gt, f(x), 0), None),
    ],
)
def test_exact_evaluation_has_three_values(formula: Any, expected: bool | None) -> None:
    assert holds(formula, {x: Rational(2)}) is expected


def test_a_derivative_elsewhere_is_another_term() -> None:
    premises = {"d": rel(Eq, derivative(f(t), t), 1), "e": rel(Eq, t, x)}
    claim = rel(Eq, Deriv(function_of(t, f(t)), x), 1)
    assert "exists" in decide(Goal(claim, premises)).reason
