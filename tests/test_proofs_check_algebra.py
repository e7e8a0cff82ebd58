"""Algebra proves the identities of the theory, from exactly the premises they need."""

import pytest
import sympy as sp

from proofs_check.engines.algebra import KIND, decide
from proofs_check.verdict import Goal, Verdict
from theory.terms import Apply, Inner, Norm, operator, vector

a, b, q, s, t, w, x, y, z = sp.symbols("a b q s t w x y z")
f, g = sp.Function("f"), sp.Function("g")
u, v = vector("u"), vector("v")
M = operator("M")


def equal(left, right):
    return sp.Eq(left, right, evaluate=False)


def positive(*symbols):
    return {str(v): sp.Gt(v, 0, evaluate=False) for v in symbols}


HALF = {"half": sp.Lt(q, sp.Rational(1, 2), evaluate=False)}
ENVELOPE = w / (sp.exp(a * t) + b * w * (sp.exp(a * t) - 1) / a)

IDENTITIES = [
    ((x + y) ** 2, x**2 + 2 * x * y + y**2, {}, set()),
    ((x**2 - y**2) / (x - y), x + y, {"ne": sp.Ne(x, y, evaluate=False)}, {"ne"}),
    (sp.sqrt(x * y), sp.sqrt(x) * sp.sqrt(y), positive(x, y), {"x", "y"}),
    (sp.sqrt(x**2), x, positive(x), {"x"}),
    (sp.Abs(x), -x, {"x": sp.Le(x, 0, evaluate=False)}, {"x"}),
    ((1 - sp.sqrt(1 - 2 * q)) / a, 2 * q / (a * (1 + sp.sqrt(1 - 2 * q))), positive(a) | HALF,
     {"a", "half"}),
    (sp.exp(x + y), sp.exp(x) * sp.exp(y), {}, set()),
    (sp.log(x * y), sp.log(x) + sp.log(y), positive(x, y), {"x", "y"}),
    (sp.acosh(sp.exp(s)), sp.log(sp.exp(s) + sp.sqrt(sp.exp(2 * s) - 1)), positive(s), {"s"}),
    (sp.asinh(sp.sinh(x)), x, {}, set()),
    (sp.atanh(x), sp.log((1 + x) / (1 - x)) / 2,
     {"low": sp.Gt(x, -1, evaluate=False), "high": sp.Lt(x, 1, evaluate=False)}, {"low", "high"}),
    (1 - sp.tanh(x) ** 2, sp.sech(x) ** 2, {}, set()),
    (sp.sin(2 * x) / 2, sp.sin(x) * sp.cos(x), {}, set()),
    (x ** (a + 1), x * x**a, positive(x), {"x"}),
    (ENVELOPE, a * w / ((a + b * w) * sp.exp(a * t) - b * w),
     positive(a, b, w) | {"t": sp.Ge(t, 0, evaluate=False)}, {"a", "b", "w", "t"}),
    (f((x + y) ** 2), f(x**2 + 2 * x * y + y**2), {}, set()),
    (f(x), f(y), {"same": equal(x, y)}, {"same"}),
    (x**4, y**4, {"squares": equal(x**2, y**2)}, {"squares"}),
    (Norm(u + v) ** 2, Norm(u) ** 2 + 2 * Inner(u, v) + Norm(v) ** 2, {}, set()),
    (Apply(M, x * u + v), x * Apply(M, u) + Apply(M, v), {}, set()),
    (g(t), 2 * y + 2, {"g": equal(g(t), 2 * f(t)), "f": equal(f(t), y + 1)}, {"g", "f"}),
]  # fmt: skip


@pytest.mark.parametrize("case", IDENTITIES, ids=lambda c: f"{c[0]} = {c[1]}")
def test_an_identity_is_proved_from_what_it_needs(case):
    left, right, premises, needed = case
    outcome = decide(Goal(equal(left, right), premises | {"idle": sp.Gt(z, 5, evaluate=False)}))
    assert outcome.proved, outcome
    assert outcome.needed == needed


WRONG = [
    (sp.sqrt(x**2), x, {}),
    (x**3, y**3, {"squares": equal(x**2, y**2)}),
    (sp.log(x**2), 2 * sp.log(y), positive(x, y)),
    (a * t + 1, 2 * a * t, positive(a, t)),
    (ENVELOPE, w * sp.exp(-a * t), positive(a, b, w, t)),
]


@pytest.mark.parametrize("case", WRONG, ids=lambda c: f"{c[0]} = {c[1]}")
def test_a_wrong_identity_is_refuted_with_a_point_that_satisfies_the_premises(case):
    left, right, premises = case
    outcome = decide(Goal(equal(left, right), premises))
    assert outcome.verdict is Verdict.REFUTED, outcome
    point = {sp.Symbol(n): sp.sympify(v) for n, v in outcome.witness.items()}
    assert abs(sp.N((left - right).subs(point), 50)) > sp.Rational(1, 10**40)
    for premise in premises.values():
        assert premise.subs(point) == sp.true


UNDEFINED = [
    ((x**2 - 1) / (x - 1), x + 1, {}),
    (sp.log(x**2), 2 * sp.log(x), {"x": sp.Ne(x, 0, evaluate=False)}),
    (sp.sqrt(x) * sp.sqrt(1 / x), sp.S.One, {"x": sp.Ge(x, 0, evaluate=False)}),
    (x * w, sp.S.One, {"w": equal(w, 1 / x)}),
    (f(1 / x), f(x ** (-1)) + 0 * x, {"x": sp.Ge(x, 0, evaluate=False)}),
]


@pytest.mark.parametrize("case", UNDEFINED, ids=lambda c: f"{c[0]} = {c[1]}")
def test_what_is_not_defined_everywhere_is_not_proved_and_named(case):
    left, right, premises = case
    outcome = decide(Goal(equal(left, right), premises), 4)
    assert outcome.verdict is Verdict.UNDECIDED, outcome
    assert "not shown" in outcome.reason


def test_the_witness_of_a_defined_symbol_is_its_value():
    premises = {"q": equal(q, 2 * x)}
    outcome = decide(Goal(equal(q, 3 * x), premises))
    assert outcome.verdict is Verdict.REFUTED
    assert sp.Rational(outcome.witness["q"]) == 2 * sp.Rational(outcome.witness["x"])


def test_no_time_is_no_proof():
    outcome = decide(Goal(equal(sp.sqrt(x * y), sp.sqrt(x) * sp.sqrt(y)), {"x": x + y > 0}), 0)
    assert outcome.verdict is Verdict.UNDECIDED


def test_kind():
    assert KIND == "algebra"
