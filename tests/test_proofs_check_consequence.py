"""What follows from a statement, and what only looks as if it did."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import And, Eq, Implies, Symbol, sqrt

from proofs_check.searching.consequence import follows
from theory.formulas import forall
from theory.statement import Definition, Hypothesis, Quantity, Statement
from theory.terms import ConvergesTo, IsInteger, Norm, function_of, real, real_function, vector

a, b, n, t, x = real("a b n t x")
s = Symbol("s")
f = real_function("f")
v = vector("v")


def about(claim: Any, given: Any = (), value: Any = None, **ranges: Any) -> Statement:
    known = (a, b, f, v)
    quantities = tuple(Quantity(q, "known", ranges[str(q)]) if str(q) in ranges
                       else Quantity(q, "known") for q in known)  # fmt: skip
    hypotheses = tuple(Hypothesis(name, formula) for name, formula in dict(given).items())
    definitions = () if value is None else (Definition(s, value),)
    return Statement("s", quantities, hypotheses, {"c": claim}, (), definitions=definitions)


LIMIT = ConvergesTo(function_of(t, f(t)), a)
LIPSCHITZ = forall((x, t), x < t, abs(f(x) - f(t)) <= b * (t - x))
COUNTED = forall(n, And(IsInteger(n), n >= 1), f(n) <= b)
POSITIVE = {"a": a > 0, "b": b > 0}

# (original, what follows, what does not)
PAIRS: dict[str, tuple[Statement, Statement, Statement]] = {
    "a larger bound": (
        about(a <= b, b=b > 0), about(a <= 2 * b, b=b > 0), about(a <= b / 2, b=b > 0)),
    "of a sign that is not known": (about(a <= b), about(a <= b + 1), about(a <= 2 * b)),
    "a weaker relation": (about(a < b), about(a <= b), about(a > b)),
    "an implication at fewer places": (
        about(Implies(a > 0, LIMIT)), about(Implies(a > 1, LIMIT)), about(Implies(a > -1, LIMIT))),
    "a smaller domain": (
        about(forall(x, x >= 0, f(x) <= b)), about(forall(x, x >= 1, f(x) <= b)),
        about(forall(x, x >= -1, f(x) <= b))),
    "a hypothesis that another implies": (
        about(a <= b, {"H": a <= 1, "K": a <= 2}), about(a <= b, {"H": a <= 1}),
        about(a <= b, {"K": a <= 2})),
    "a range that an instance implies": (
        about(f(0) <= b, {"H": LIPSCHITZ}, b=b >= 0), about(f(0) <= b, {"H": LIPSCHITZ}),
        about(f(0) <= b)),
    "a range that the first index does not imply": (
        about(f(0) <= b, {"H": COUNTED, "f_1": f(1) >= 0}, b=b >= 0),
        about(f(0) <= b, {"H": COUNTED, "f_1": f(1) >= 0}),
        about(f(0) <= b, {"H": COUNTED})),
    "a definition that grows a bound": (
        about(f(a) <= s, value=a + 2 * b, **POSITIVE),
        about(f(a) <= s, value=a + 3 * b, **POSITIVE),
        about(f(a) <= s, value=a + b, **POSITIVE)),
    "one that only an ordering settles": (
        about(Norm(v) * f(a) <= s * Norm(v), value=a + sqrt(a**2 + b**2), **POSITIVE),
        about(Norm(v) * f(a) <= s * Norm(v), value=a + sqrt(a**2 + 2 * b**2), **POSITIVE),
        about(Norm(v) * f(a) <= s * Norm(v), value=a + sqrt(a**2 + b**2 / 2), **POSITIVE)),
    "a definition that a hypothesis uses": (
        about(f(a) <= b, {"H": a <= s}, 2 * b, **POSITIVE),
        about(f(a) <= b, {"H": a <= s}, b, **POSITIVE),
        about(f(a) <= b, {"H": a <= s}, 3 * b, **POSITIVE)),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_what_follows_is_seen(name: str) -> None:
    original, weaker, _ = PAIRS[name]
    assert follows(original, original)
    assert follows(original, weaker)


@pytest.mark.parametrize("name", PAIRS)
def test_what_does_not_follow_is_not(name: str) -> None:
    original, _, other = PAIRS[name]
    assert not follows(original, other)


def test_what_a_conclusion_needs_to_exist_is_taken_from_it_alone() -> None:
    """√f(a) exists where the original says something of it, and nowhere else."""
    original = about(sqrt(f(a)) <= b)
    assert follows(original, about(sqrt(f(a)) <= b + 1))
    assert not follows(original, about(sqrt(f(b)) - sqrt(f(b)) <= sqrt(f(b))))
    assert not follows(about(Eq(a, a, evaluate=False)), about(sqrt(f(a)) >= 0))


def test_a_false_original_is_no_matter_of_engines() -> None:
    """What is claimed of one function says nothing of another value of it."""
    assert not follows(about(f(0) <= b), about(f(1) <= b))
    assert not follows(about(forall(x, x >= 0, f(x) <= b)), about(forall(t, t >= 0, f(t) <= b / 2)))
