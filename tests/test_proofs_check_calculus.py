"""Calculus: the derivatives and continuity that a trajectory argument needs."""

import pytest
import sympy as sp

from proofs_check.engines.calculus import KIND, decide
from proofs_check.verdict import Goal, Verdict
from theory.terms import (
    Apply,
    Continuous,
    Inner,
    Norm,
    derivative,
    function_of,
    operator,
    real_function,
    vector,
    vector_function,
)

a, b, lam, q, sigma, t, w0, x, z = sp.symbols("a b lam q sigma t w0 x z")
f, k, psi, s, w = (real_function(n) for n in ("f", "k", "psi", "s", "w"))
loss, output, speed = real_function("L"), vector_function("y"), vector_function("ydot")
target, M = vector("target"), operator("M")


def equal(left, right):
    return sp.Eq(left, right, evaluate=False)


def positive(*symbols):
    return {str(v): sp.Gt(v, 0, evaluate=False) for v in symbols}


TIME = {"t": sp.Ge(t, 0, evaluate=False)}
ENVELOPE = w0 / (sp.exp(a * t) + b * w0 * (sp.exp(a * t) - 1) / a)
LOSS = {"loss": equal(derivative(loss(output(t)), t), -(f(t) ** 2))}
PSI = equal(derivative(psi(z), z, loss(output(t))), k(t))
ALIVE = sp.Gt(loss(output(t)), 0, evaluate=False)
OUTPUT = {"output": equal(derivative(output(t), t), speed(t))}

DERIVATIVES = [
    (t**2 * sp.exp(t), (2 * t + t**2) * sp.exp(t), {}, set()),
    (ENVELOPE, -(a + b * ENVELOPE) * ENVELOPE, positive(a, b, w0) | TIME, {"a", "b", "w0", "t"}),
    (w0 / (1 + b * w0 * t), -b * (w0 / (1 + b * w0 * t)) ** 2, positive(b, w0) | TIME,
     {"b", "w0", "t"}),
    (sigma * s(t) - lam * s(t) ** 2 / 2, (sigma - lam * s(t)) * f(t),
     {"s": equal(derivative(s(t), t), f(t))}, {"s"}),
    (psi(loss(output(t))), -k(t) * f(t) ** 2, LOSS | {"psi": PSI}, {"loss", "psi"}),
    (psi(loss(output(t))), -k(t) * f(t) ** 2,
     LOSS | {"psi": sp.Implies(ALIVE, PSI, evaluate=False), "alive": ALIVE},
     {"loss", "psi", "alive"}),
    (sp.Abs(t), sp.S.One, positive(t), {"t"}),
    (sp.sqrt(1 - 2 * q * t), -q / sp.sqrt(1 - 2 * q * t),
     {"q": sp.Lt(q * t, sp.Rational(1, 2), evaluate=False)}, {"q"}),
    (sp.acosh(sp.exp(t)), sp.exp(t) / sp.sqrt(sp.exp(2 * t) - 1), positive(t), {"t"}),
    (Inner(output(t), output(t)) / 2, Inner(output(t), speed(t)), OUTPUT, {"output"}),
    (Norm(output(t) - target), Inner(output(t) - target, speed(t)) / Norm(output(t) - target),
     OUTPUT | {"off": sp.Gt(Norm(output(t) - target), 0, evaluate=False)}, {"output", "off"}),
    (t * Apply(M, output(t)), Apply(M, output(t)) + t * Apply(M, speed(t)), OUTPUT, {"output"}),
    (f(t), 2 * k(t), {"f": equal(derivative(f(t), t), w(t)), "w": equal(w(t), 2 * k(t))},
     {"f", "w"}),
    (sp.Integral(f(z), (z, 0, t)), f(t),
     positive(t) | {"f": Continuous(function_of(z, f(z)), sp.S.Zero, sp.oo)}, {"t", "f"}),
    (sp.LambertW(t), 1 / (t + sp.exp(sp.LambertW(t))), positive(t), {"t"}),
]  # fmt: skip


@pytest.mark.parametrize("case", DERIVATIVES, ids=lambda c: str(c[0]))
def test_a_derivative_is_proved_from_what_it_needs(case):
    body, value, premises, needed = case
    outcome = decide(Goal(equal(derivative(body, t), value), premises))
    assert outcome.proved, outcome
    assert outcome.needed == needed


@pytest.mark.parametrize("case", DERIVATIVES, ids=lambda c: str(c[0]))
def test_without_a_premise_it_needs_it_is_not(case):
    body, value, premises, needed = case
    for name in needed:
        rest = {n: p for n, p in premises.items() if n != name}
        outcome = decide(Goal(equal(derivative(body, t), value), rest), 2)
        assert not outcome.proved, (name, outcome)


def test_the_missing_derivative_is_named():
    outcome = decide(Goal(equal(derivative(psi(loss(output(t))), t), x), {"psi": PSI}))
    assert outcome.verdict is Verdict.UNDECIDED
    assert "L(y(" in outcome.reason


def test_at_another_point():
    assert decide(Goal(equal(derivative(x**3, x, a), 3 * a**2))).proved
    outcome = decide(Goal(equal(derivative(x**3, x, a), 2 * a**2)))
    assert outcome.verdict is Verdict.REFUTED
    assert sp.Rational(outcome.witness["a"]) != 0


def test_a_conjunction_needs_both_parts():
    right, wrong = (equal(derivative(x**2, x), n * x) for n in (2, 3))
    assert decide(Goal(sp.And(right, equal(derivative(x, x), 1), evaluate=False))).proved
    assert decide(Goal(sp.And(right, wrong, evaluate=False))).verdict is Verdict.REFUTED


def _on(body, start=0, end=sp.oo):
    return Continuous(function_of(t, body), sp.sympify(start), sp.sympify(end))


CONTINUITY = [
    (_on(sp.exp(t) * s(t)), {"s": _on(s(t))}, {"s"}),
    (_on(1 / (1 + t**2)), {}, set()),
    (_on(sp.log(1 + t)), {}, set()),
    (_on(psi(loss(t))), {"loss": _on(loss(t)), "psi": _on(psi(t), -sp.oo, sp.oo)}, {"loss", "psi"}),
    (_on(s(t), 0, 1), {"s": _on(s(t))}, {"s"}),
    (_on(s(t), a, b), {"s": _on(s(t)), "a": sp.Ge(a, 0, evaluate=False)}, {"s", "a"}),
    (_on(a / (a + t)), positive(a), {"a"}),
]
DISCONTINUITY = [
    (_on(sp.exp(t) * s(t)), {}),
    (_on(1 / t), {}),
    (_on(sp.log(t)), {}),
    (_on(psi(loss(t))), {"loss": _on(loss(t)), "psi": _on(psi(t))}),
    (_on(s(t), -1, 1), {"s": _on(s(t))}),
    (_on(s(t)), {"s": _on(s(t), 0, 1)}),
    (_on(sp.sign(t), -1, 1), {}),
    (_on(sp.Piecewise((0, t < 1), (1, True))), {}),
    (_on(a / (a + t)), {}),
]


@pytest.mark.parametrize("case", CONTINUITY, ids=lambda c: str(c[0]))
def test_continuity_of_a_composition(case):
    claim, premises, needed = case
    outcome = decide(Goal(claim, premises))
    assert outcome.proved, outcome
    assert outcome.needed == needed


@pytest.mark.parametrize("case", DISCONTINUITY, ids=lambda c: str(c[0]))
def test_no_continuity_without_its_reasons(case):
    claim, premises = case
    outcome = decide(Goal(claim, premises), 4)
    assert outcome.verdict is Verdict.UNDECIDED, outcome


def test_kind():
    assert KIND == "calculus"
