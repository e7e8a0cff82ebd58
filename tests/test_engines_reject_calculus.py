"""Algebra and calculus against hundreds of generated steps whose truth is known beforehand.

Identities with one coefficient changed, derivatives with one term wrong, premises taken away: none
of them may be proved, no true one refuted, and most of the true ones must be proved.
"""

import random
from collections import Counter

import pytest
import sympy as sp

from proofs_check.engines import algebra, calculus
from proofs_check.verdict import Goal, Verdict
from theory.terms import derivative

a, b, t, u, w, x, y = sp.symbols("a b t u w x y")
f, g, r, s = (sp.Function(name) for name in "fgrs")
TINY = sp.Rational(1, 10**12)
CASES = 25  # of each family, true and false


def equal(left, right):
    return sp.Eq(left, right, evaluate=False)


def positive(*symbols):
    return {f"{v} > 0": sp.Gt(v, 0, evaluate=False) for v in symbols}


def _ratio(source, low=1, high=9):
    return sp.Rational(source.randint(low, high), source.randint(1, 9))


def _binomial(source, wrong):
    n, c, d = source.randint(2, 4), _ratio(source), _ratio(source)
    return equal((c * x - d * y) ** n, sp.expand((c * x - d * y) ** n) + wrong * x * y), {}


def _quotient(source, wrong):
    c, d = _ratio(source), _ratio(source)
    premise = {"apart": sp.Ne(c * x, d * y, evaluate=False)}
    left = (c**2 * x**2 - d**2 * y**2) / (c * x - d * y)
    return equal(left, c * x + d * y + wrong * x), premise


def _root(source, wrong):
    c, n = _ratio(source), source.randint(1, 3)
    left = sp.sqrt(c**2 * x ** (2 * n) * y / (1 + x**2))
    return equal(left, (c + wrong) * x**n * sp.sqrt(y) / sp.sqrt(1 + x**2)), positive(x, y)


def _stable_root(source, wrong):
    c = _ratio(source)
    radius = c * (1 - sp.sqrt(1 - 2 * w)) / a
    stable = 2 * c * w / (a * (1 + sp.sqrt(1 - 2 * w))) + wrong * w
    return equal(radius, stable), positive(a) | {"w": sp.Lt(w, sp.Rational(1, 2), evaluate=False)}


def _exponential(source, wrong):
    m, n = source.randint(1, 4), source.randint(1, 4)
    left = sp.exp(m * a * t + n * t / 2)
    return equal(left, (1 + wrong) * sp.exp(a * t) ** m * sp.sqrt(sp.exp(t)) ** n), {}


def _logarithm(source, wrong):
    c, m, n = _ratio(source), source.randint(1, 4), source.randint(1, 4)
    right = sp.log(c) + m * sp.log(x) - (n + wrong) * sp.log(y) / 2
    return equal(sp.log(c * x**m / sp.sqrt(y) ** n), right), positive(x, y)


def _hyperbolic(source, wrong):
    c = _ratio(source)
    v = c * x
    pairs = [
        (sp.cosh(v) ** 2, 1 + sp.sinh(v) ** 2),
        (sp.tanh(2 * v), 2 * sp.tanh(v) / (1 + sp.tanh(v) ** 2)),
        (1 - sp.tanh(v) ** 2, sp.sech(v) ** 2),
        (sp.cosh(2 * v) - 1, 2 * sp.sinh(v) ** 2),
    ]
    left, right = source.choice(pairs)
    return equal(left, right + wrong), {}


def _definitions(source, wrong):
    c = _ratio(source)
    premises = positive(a, b) | {"def w": equal(w, c * u / (a * b**2)), "def u": equal(u, a * x)}
    return equal(w * b**2, (c + wrong) * x), premises


def _opaque(source, wrong):
    c = _ratio(source)
    premises = {"ratio": equal(f(t), c * g(t)), "same": equal(t, x + y)}
    left = (f(t) - g(t)) * (f(x + y) + g(t))
    return equal(left, (c**2 - 1 + wrong) * g(y + x) ** 2), premises


IDENTITIES = [
    _binomial, _quotient, _root, _stable_root, _exponential, _logarithm, _hyperbolic, _definitions,
    _opaque,
]  # fmt: skip


def _tally(decide, goals, seconds=5.0):
    counts = Counter()
    for goal, truth in goals:
        outcome = decide(goal, seconds)
        text = f"{goal.claim} under {list(goal.premises.values())}: {outcome}"
        assert not (outcome.proved and not truth), f"a false claim was proved: {text}"
        assert not (outcome.verdict is Verdict.REFUTED and truth), f"a true one refuted: {text}"
        counts[(truth, outcome.verdict)] += 1
    return counts


@pytest.mark.parametrize("build", IDENTITIES, ids=lambda b: b.__name__)
def test_identities_with_a_coefficient_changed(build):
    source = random.Random(build.__name__)
    goals = []
    for _ in range(CASES):
        wrong = source.choice([1, -1]) * source.choice([TINY, 1])
        goals += [(Goal(*build(source, sp.S.Zero)), True), (Goal(*build(source, wrong)), False)]
    counts = _tally(algebra.decide, goals)
    assert counts[(True, Verdict.PROVED)] == CASES, counts
    if build is not _opaque:
        assert counts[(False, Verdict.REFUTED)] >= 0.75 * CASES, counts


@pytest.mark.parametrize(
    "build", [_quotient, _root, _stable_root, _logarithm, _definitions, _opaque]
)
def test_an_identity_without_one_of_its_premises(build):
    source = random.Random(3)
    for _ in range(2):
        claim, premises = build(source, sp.S.Zero)
        full = algebra.decide(Goal(claim, premises))
        assert full.proved, full
        for name in full.needed:
            rest = {n: p for n, p in premises.items() if n != name}
            outcome = algebra.decide(Goal(claim, rest), 3)
            assert not outcome.proved, f"{claim} does not need {name}"


def _body(source, depth, leaves):
    """A random expression that is smooth on all of ℝ."""
    if depth == 0:
        return source.choice(leaves)
    part = _body(source, depth - 1, leaves)
    other = _body(source, source.randint(0, depth - 1), leaves)
    builders = [
        lambda: part + other,
        lambda: part * other,
        lambda: sp.exp(-part),
        lambda: sp.tanh(part),
        lambda: sp.atan(part),
        lambda: sp.sin(part),
        lambda: 1 / (1 + part**2),
        lambda: sp.sqrt(1 + part**2),
        lambda: sp.log(2 + part**2),
        lambda: part**3 / 7,
    ]
    return source.choice(builders)()


def explicit_derivatives():
    """Yield derivative claims; SymPy's own differentiation is the independent judge."""
    source = random.Random(17)
    for _ in range(100):
        body = _body(source, 2, [x, 2 * x, x + 1, a * x, x**2, sp.Rational(1, 3) - x])
        slope = sp.diff(body, x)
        yield Goal(equal(derivative(body, x), slope)), True
        wrong = source.choice([TINY, -1, slope / 10**6, x / 10**6, a + 1])
        yield Goal(equal(derivative(body, x), slope + wrong)), wrong == 0
        yield Goal(equal(derivative(body, x, t), slope.subs(x, t))), True


def test_derivatives_of_explicit_functions():
    counts = _tally(calculus.decide, explicit_derivatives())
    assert counts[(True, Verdict.PROVED)] >= 0.98 * 200, counts
    assert counts[(False, Verdict.REFUTED)] >= 0.85 * 97, counts


def chained_derivatives():
    """Yield claims about undefined functions, with and without what they need."""
    source = random.Random(23)
    known = {"s": equal(derivative(s(x), x), r(x)), "f": equal(derivative(f(t), t, s(x)), w)}
    rules = {sp.Derivative(s(x), x): r(x)}
    for _ in range(40):
        body = _body(source, 2, [s(x), x, s(x) + x, s(x) ** 2])
        slope = sp.diff(body, x).subs(rules)
        needs = {n: p for n, p in known.items() if n == "s" and body.has(s)}
        yield Goal(equal(derivative(body, x), slope), needs), True
        yield Goal(equal(derivative(body, x), slope + source.choice([r(x), TINY])), needs), False
        if body.has(s):
            yield Goal(equal(derivative(body, x), slope)), False  # nothing gives s'
        whole = f(s(x)) * body
        chained = w * r(x) * body + f(s(x)) * slope
        yield Goal(equal(derivative(whole, x), chained), known), True
        yield Goal(equal(derivative(whole, x), w * body + f(s(x)) * slope), known), body == 0
        yield Goal(equal(derivative(whole, x), chained), needs), False  # nothing gives f'


def test_derivatives_through_undefined_functions():
    counts = _tally(calculus.decide, chained_derivatives())
    assert counts[(True, Verdict.PROVED)] >= 0.98 * 80, counts
    assert counts[(True, Verdict.REFUTED)] == 0


NOT_DIFFERENTIABLE = [
    (sp.Abs(x), sp.sign(x), {}),
    (sp.Abs(x), sp.S.Zero, {"at": equal(x, 0)}),
    (sp.Abs(x), sp.sign(x), {"x": sp.Ge(x, 0, evaluate=False)}),
    (sp.sqrt(x), 1 / (2 * sp.sqrt(x)), {"x": sp.Ge(x, 0, evaluate=False)}),
    (sp.log(x), 1 / x, {"x": sp.Ne(x, 0, evaluate=False)}),
    (1 / x, -1 / x**2, {}),
    (sp.log(1 - x), -1 / (1 - x), {"x": sp.Le(x, 1, evaluate=False)}),
    (x ** sp.Rational(1, 3), x ** sp.Rational(-2, 3) / 3, {}),
    (x ** sp.Rational(3, 2), 3 * sp.sqrt(x) / 2, {"x": sp.Ge(x, 0, evaluate=False)}),
    (sp.sqrt(x**2), x / sp.sqrt(x**2), {}),
    (sp.acosh(x), 1 / sp.sqrt(x**2 - 1), {"x": sp.Ge(x, 1, evaluate=False)}),
    (sp.tan(x), 1 + sp.tan(x) ** 2, {}),
    (x**a, a * x ** (a - 1), {}),
    (sp.Max(x, 0), sp.S.One, {"x": sp.Gt(x, 0, evaluate=False)}),
    (sp.Piecewise((x, x < 0), (2 * x, True)), sp.Integer(2), {"x": sp.Gt(x, 0, evaluate=False)}),
]


@pytest.mark.parametrize("case", NOT_DIFFERENTIABLE, ids=lambda c: f"{c[0]} {list(c[2].values())}")
def test_no_derivative_where_it_may_not_exist(case):
    body, slope, premises = case
    outcome = calculus.decide(Goal(equal(derivative(body, x), slope), premises), 4)
    assert not outcome.proved, outcome
    assert outcome.reason


SUPPLIED = [
    # What gives a derivative elsewhere, of another function, or under a condition not shown.
    {"s": equal(derivative(s(x), x, y), r(x))},
    {"s": equal(derivative(s(2 * x), x), r(x))},
    {"s": equal(derivative(g(x), x), r(x))},
    {"s": sp.Implies(sp.Gt(x, 0), equal(derivative(s(x), x), r(x)), evaluate=False)},
    {"s": sp.Implies(sp.Gt(x, 0), equal(derivative(s(x), x), r(x)), evaluate=False),
     "x": sp.Ge(x, 0, evaluate=False)},
    {"s": equal(s(x), r(x))},
    {"s": sp.Or(equal(derivative(s(x), x), r(x)), sp.Gt(x, 0), evaluate=False)},
]  # fmt: skip


@pytest.mark.parametrize("premises", SUPPLIED, ids=str)
def test_a_derivative_given_for_something_else_does_not_count(premises):
    outcome = calculus.decide(Goal(equal(derivative(s(x), x), r(x)), premises), 4)
    assert outcome.verdict is Verdict.UNDECIDED
    assert "derivative" in outcome.reason


@pytest.mark.parametrize("decide", [algebra.decide, calculus.decide])
def test_floats_and_other_claims_are_turned_away(decide):
    for claim in (equal(x, sp.Float("0.5") * x), sp.Gt(x, 0), sp.Or(equal(x, 1), equal(x, 2))):
        outcome = decide(Goal(claim))
        assert outcome.verdict is Verdict.UNDECIDED
        assert outcome.reason


@pytest.mark.parametrize(
    "premises",
    [
        {"a": equal(x, 1), "b": equal(x, 2)},
        {"a": equal(x + 1, x)},
        {"a": equal(f(x), 1), "b": equal(f(y), 2), "c": equal(x, y)},
    ],
    ids=str,
)
def test_contradictory_equations_prove_nothing(premises):
    outcome = algebra.decide(Goal(equal(a, b), premises), 5)
    assert outcome.verdict is Verdict.UNDECIDED, outcome
