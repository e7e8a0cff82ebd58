"""The ball engine against thousands of inequalities whose truth is known beforehand.

Around a point where both sides are equal, a shift by 10⁻¹² makes a true claim false: nothing false
may be proved, nothing true refuted, and most must be decided.
"""

import random
from collections import Counter
from fractions import Fraction
from itertools import product

import pytest
import sympy as sp

from proofs_check.engines.ball import decide
from proofs_check.verdict import Goal, Verdict

x, y = sp.symbols("x y")
TINY = sp.Rational(1, 10**12)
HALF = sp.Rational(1, 2)
R, POSITIVE, NATURAL = (-sp.oo, sp.oo), (0, sp.oo), (-1, sp.oo)

# (larger, smaller, where, the only point of equality): larger ≥ smaller where it says.
TOUCHING = [
    (sp.exp(x), 1 + x, R, 0),
    (x, sp.log(1 + x), NATURAL, 0),
    (x - 1, sp.log(x), POSITIVE, 1),
    (x, sp.tanh(x), POSITIVE, 0),
    (x, sp.sin(x), POSITIVE, 0),
    (x, sp.atan(x), POSITIVE, 0),
    (sp.tan(x), x, (0, sp.Rational(3, 2)), 0),
    (sp.cosh(x), 1 + x**2 / 2, R, 0),
    (sp.exp(-1), x * sp.exp(-x), R, 1),
    (sp.S.One, sp.sech(x), R, 0),
    (sp.cos(x), 1 - x**2 / 2, R, 0),
    (x + (1 - x) * sp.log(1 - x), x**2 / 2, (0, 1), 0),
    (x * sp.log(x), x - 1, POSITIVE, 1),
    (1 + x / 2, sp.sqrt(1 + x), NATURAL, 0),
    (x, 1 - sp.exp(-x), R, 0),
    (x**2 / 2, sp.log(sp.cosh(x)), R, 0),
    ((x - 1) ** 2 * sp.exp(x), sp.S.Zero, R, 1),
    (sp.sinh(x), x, POSITIVE, 0),
    (-x - sp.log(1 - x), x**2 / 2, (0, 1), 0),
    (sp.exp(x) * (x - 1), -sp.S.One, R, 0),
]

# (larger, smaller, where): the gap has infimum 0 and is never 0.
APPROACHING = [
    (sp.exp(x), sp.S.Zero, R),
    (sp.S.One, sp.tanh(x), R),
    (sp.pi / 2, sp.atan(x), R),
    (1 / x, sp.S.Zero, POSITIVE),
    (sp.S.One, sp.erf(x), R),
    (1 / x, sp.log(1 + 1 / x), POSITIVE),
    (x + 1 / (4 * x), sp.sqrt(x**2 + HALF), POSITIVE),
]


def _domain(where, touch, kind):
    """Premises for the natural domain, or for an interval that starts, ends or goes on at touch."""
    low, high = where
    if kind == "from" and touch != low:
        low = touch
    if kind == "around":
        low, high = max(low, touch - HALF), min(high, touch + HALF)
    premises = {}
    closed = low == touch  # elsewhere a function may end where its domain does
    if low != -sp.oo:
        relation = sp.Ge if closed else sp.Gt
        premises["low"] = relation(x, low, evaluate=False)
    if high != sp.oo:
        premises["high"] = sp.Lt(x, high, evaluate=False)
    return premises


# Shifts with the relation that is nearest to the other truth: weak where the claim is false.
EDGES = ((-TINY, False), (sp.S.Zero, True), (sp.S.Zero, False), (TINY, True))


def touching_claims():
    """Yield (goal, truth) for every inequality, domain, scale, shift and strictness."""
    source = random.Random(7)
    for larger, smaller, where, touch in TOUCHING:
        kinds = source.sample(("natural", "from", "around"), 2)
        for kind, (shift, strict) in product(kinds, EDGES):
            scale = sp.Rational(source.choice([1, 2, 3, 7]), source.choice([1, 2, 5]))
            relation = sp.Gt if strict else sp.Ge
            claim = relation(scale * (larger + shift), scale * smaller, evaluate=False)
            truth = shift > 0 or (shift == 0 and not strict)
            yield Goal(claim, _domain(where, touch, kind)), bool(truth)


def open_claims():
    """Yield strict claims on intervals that leave the point of equality out."""
    for larger, smaller, where, touch in TOUCHING:
        for shift in (-TINY, sp.S.Zero):
            premises = _domain(where, touch, "from") | {"off": sp.Gt(x, touch, evaluate=False)}
            yield Goal(sp.Gt(larger + shift, smaller, evaluate=False), premises), shift == 0


def approaching_claims():
    for larger, smaller, where in APPROACHING:
        for shift, strict in EDGES:
            relation = sp.Gt if strict else sp.Ge
            premises = _domain(where, None, "natural")
            yield Goal(relation(larger + shift, smaller, evaluate=False), premises), shift >= 0


def tally(claims, seconds=6.0):
    """Decide all claims; fail on the first wrong verdict; return how many were decided."""
    counts = Counter()
    for goal, truth in claims:
        outcome = decide(goal, seconds)
        text = f"{goal.claim} under {list(goal.premises.values())}: {outcome}"
        assert not (outcome.proved and not truth), f"a false claim was proved: {text}"
        assert not (outcome.verdict is Verdict.REFUTED and truth), f"a true one refuted: {text}"
        if outcome.verdict is Verdict.REFUTED:
            _check_witness(goal, outcome)
        counts[(truth, outcome.verdict)] += 1
    return counts


def _check_witness(goal, outcome):
    """Look at the counterexample again by an independent road: 60 digits through mpmath."""
    point = {sp.Symbol(name): sp.Rational(value) for name, value in outcome.witness.items()}
    gap = sp.N((goal.claim.gts - goal.claim.lts).subs(point), 60)
    assert gap < Fraction(1, 10**40), (goal.claim, point)
    for premise in goal.premises.values():
        assert premise.subs(point) in (sp.true, True), (premise, point)


def share(counts, truth):
    decided = counts[(truth, Verdict.PROVED)] + counts[(truth, Verdict.REFUTED)]
    return decided / max(1, decided + counts[(truth, Verdict.UNDECIDED)])


def test_touching_inequalities_shifted_by_a_trillionth():
    counts = tally(touching_claims())
    assert sum(counts.values()) == 160
    assert share(counts, True) >= 0.95, counts
    assert share(counts, False) >= 0.95, counts


def test_strict_claims_that_leave_the_touching_point_out():
    counts = tally(open_claims())
    assert share(counts, True) >= 0.9, counts
    assert share(counts, False) >= 0.5, counts


def test_gaps_that_close_only_at_infinity():
    counts = tally(approaching_claims(), 3)
    assert share(counts, True) >= 0.9, counts
    assert share(counts, False) >= 0.5, counts


def _premises(*relations):
    return {f"p{i}": r for i, r in enumerate(relations)}


UNDEFINED_SOMEWHERE = [
    (sp.Gt(1 / x, -(10**9), evaluate=False), _premises(x >= -1, x <= 1)),
    (sp.Ge(x**-2, 0, evaluate=False), _premises(x >= -1, x <= 1)),
    (sp.Lt(sp.tan(x), 10**9, evaluate=False), _premises(x >= 0, x <= 2)),
    (sp.Ge(sp.tan(x) ** 2, 0, evaluate=False), _premises(x >= 0, x <= 2)),
    (sp.Ge(sp.sqrt(x), 0, evaluate=False), _premises(x >= -1)),
    (sp.Ge(sp.sqrt(x) ** 3 + 5, 0, evaluate=False), _premises(x >= -TINY, x <= 1)),
    (sp.Lt(sp.log(x), 10, evaluate=False), _premises(x >= 0, x <= 1)),
    (sp.Ge(sp.log(x) ** 2, 0, evaluate=False), _premises(x >= -1, x <= 1)),
    (sp.Ge(sp.log(sp.sin(x)) ** 2, 0, evaluate=False), _premises(x >= 1, x <= 4)),
    (sp.Ge(sp.acosh(x), 0, evaluate=False), _premises(x >= 1 - TINY, x <= 2)),
    (sp.Le(sp.atanh(x) - sp.atanh(x) ** 2, 1, evaluate=False), _premises(x >= 0, x <= 1)),
    (sp.Ge(x**x, 0, evaluate=False), _premises(x >= -1, x <= 1)),
    (sp.Ge(x ** sp.Rational(1, 3), -1, evaluate=False), _premises(x >= -1)),
    (sp.Ge(sp.Abs(x) / x + 1, 0, evaluate=False), _premises(x >= -1, x <= 1)),
    (sp.Le(sp.exp(1 / x), 1, evaluate=False), _premises(x <= 0)),
    (sp.Ge(sp.LambertW(x), -1, evaluate=False), _premises(x >= -HALF)),
    (sp.Ge(sp.coth(x) ** 2, 1, evaluate=False), _premises(x >= -1, x <= 1)),
]


@pytest.mark.parametrize("case", UNDEFINED_SOMEWHERE, ids=lambda c: str(c[0]))
def test_a_pole_or_a_branch_cut_in_the_domain_is_never_proved_over(case):
    claim, premises = case
    outcome = decide(Goal(claim, premises), 5)
    assert not outcome.proved, outcome
    assert outcome.reason


NOWHERE = [
    _premises(x > 1, x < 0),
    _premises(x > 1, x < 1),
    _premises(x >= 1, x < 1),
    _premises(x > sp.sqrt(2), x < sp.Rational(14142135623730950488, 10**19)),
    _premises(x > sp.pi, x <= 3),
    _premises(sp.Eq(x, 1), sp.Eq(x, 2)),
    _premises(x > 0, x + y < 0, y > 0),
    _premises(x > 0, y > 1, y < 0),
    _premises(sp.Gt(x**2, 4), x > -1, x < 1),
]


@pytest.mark.parametrize("premises", NOWHERE, ids=lambda p: str(list(p.values())))
@pytest.mark.parametrize("relation", [sp.Gt, sp.Lt])
def test_nothing_is_proved_from_premises_that_leave_no_point(premises, relation):
    outcome = decide(Goal(relation(sp.exp(x), 1 + x, evaluate=False), premises), 5)
    assert outcome.verdict is Verdict.UNDECIDED
    assert "contradictory premises" in outcome.reason


@pytest.mark.parametrize(
    ("claim", "premises", "proved"),
    [
        (sp.Gt(sp.exp(x), 1, evaluate=False), _premises(x >= 0), False),
        (sp.Gt(sp.exp(x), 1, evaluate=False), _premises(x > 0), True),
        (sp.Lt(x**2, 2, evaluate=False), _premises(x >= 0, x <= sp.sqrt(2)), False),
        (sp.Lt(x**2, 2, evaluate=False), _premises(x >= 0, x < sp.sqrt(2)), True),
        (sp.Gt(sp.sin(x), 0, evaluate=False), _premises(x > 0, x <= sp.pi), False),
        (sp.Gt(sp.sin(x), 0, evaluate=False), _premises(x > 0, x < sp.pi), True),
        (sp.Ne(sp.log(x), 0, evaluate=False), _premises(x >= 1), False),
        (sp.Ne(sp.log(x), 0, evaluate=False), _premises(x > 1), True),
        (sp.Gt(sp.exp(x * y), 1, evaluate=False), _premises(x >= 0, y > 0), False),
        (sp.Gt(sp.exp(x * y), 1, evaluate=False), _premises(x > 0, y > 0), True),
        (sp.Gt(sp.Abs(x), 0, evaluate=False), _premises(x >= 0, x <= 1), False),
        (sp.Gt(sp.Abs(x), 0, evaluate=False), _premises(x < 0), True),
    ],
    ids=str,
)
def test_an_end_at_which_the_sides_are_equal(claim, premises, proved):
    outcome = decide(Goal(claim, premises), 6)
    assert outcome.proved is proved, outcome


def plane_claims():
    """Yield claims in two variables: a positive minimum known exactly, shifted across 0."""
    source = random.Random(11)
    for _ in range(4):
        a, b = (sp.Rational(source.randint(1, 9), source.randint(1, 9)) for _ in range(2))
        for shift in (-sp.Rational(1, 1000), sp.Rational(1, 1000)):
            # eᵃˣ + e^(−ax) + b y² has its minimum 2 at the origin.
            gap = sp.exp(a * x) + sp.exp(-a * x) + b * y**2 - 2 + shift
            box = _premises(x >= -1, x <= 2, y >= -1, y <= 1)
            yield Goal(sp.Gt(gap, 0, evaluate=False), box), shift > 0
        # On the triangle x, y ≥ 0, x + y ≤ a the largest value of e^(x+y) is eᵃ.
        triangle = _premises(x >= 0, y >= 0, x + y <= a)
        for factor in (sp.Rational(99, 100), sp.Rational(101, 100)):
            claim = sp.Lt(sp.exp(x + y), factor * sp.exp(a), evaluate=False)
            yield Goal(claim, triangle), factor > 1


def test_two_variables_with_a_known_minimum():
    counts = tally(plane_claims(), 5)
    assert share(counts, True) >= 0.9, counts
    assert share(counts, False) >= 0.9, counts
