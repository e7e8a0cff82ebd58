"""Ball proves the analytic inequalities of the theory and refutes their neighbours."""

import pytest
import sympy as sp

from proofs_check.engines.ball import KIND, decide
from proofs_check.engines.ball_limits import limit_at_end
from proofs_check.verdict import Goal, Verdict

a, d, q, r, t, x, y = sp.symbols("a d q r t x y")
HALF = sp.Rational(1, 2)


def ge(left, right):
    return sp.Ge(left, right, evaluate=False)


def gt(left, right):
    return sp.Gt(left, right, evaluate=False)


def given(*relations):
    return {str(r): r for r in relations}


PROVED = [
    # eta(d) ≥ d²/2 (THEORY section 7), -v - log(1-v) ≥ v²/2 (section 4)
    (ge(d + (1 - d) * sp.log(1 - d), d**2 / 2), given(d >= 0, d < 1)),
    (ge(-q - sp.log(1 - q), q**2 / 2), given(q >= 0, q < 1)),
    # the constants μ(r) of section 2
    (gt((1 - sp.exp(-2 * r)) / (2 * r), 0), given(r > 0)),
    (ge(1, (1 - sp.exp(-2 * r)) / (2 * r)), given(r > 0)),
    (ge(2 * sp.log(sp.cosh(x)), sp.tanh(x) ** 2), given()),
    (ge(sp.log(1 + x**2), x**2 / (1 + x**2)), given()),
    # sup |tanh''| = 4/(3√3)
    (ge(4 / (3 * sp.sqrt(3)), 2 * sp.tanh(x) * (1 - sp.tanh(x) ** 2)), given()),
    (ge(x * sp.log(x), -sp.exp(-1)), given(x > 0)),
    (ge(1 - q, sp.sqrt(1 - 2 * q)), given(q <= HALF)),
    (gt(sp.log(1 + 1 / x), 1 / (1 + x)), given(x > 0)),
    (ge(sp.exp(a * t), 1 + a * t), given(a >= 0, t >= 0)),
    (gt(sp.exp(x) + sp.exp(y), x + y + 1), given()),
    (gt(sp.exp(-x * y), sp.Rational(36, 100)), given(x >= 0, y >= 0, ge(2, x + y))),
    (ge((x - 1) ** 2 * sp.exp(x), 0), given()),
    (sp.Ne(sp.exp(x), x, evaluate=False), given()),
    (gt(sp.exp(x * y * t), 0), given()),
    (ge(1, sp.Abs(x)), given(x >= -1, x <= 1)),
    (ge(sp.tan(x), x), given(x >= 0, x < sp.pi / 2)),
    (gt(sp.Max(x, 1 - x), sp.Rational(49, 100)), given(x >= 0, x <= 1)),
]


@pytest.mark.parametrize("case", PROVED, ids=lambda c: str(c[0]))
def test_an_inequality_of_the_theory_is_proved(case):
    claim, premises = case
    outcome = decide(Goal(claim, premises))
    assert outcome.proved, outcome
    assert outcome.needed <= set(premises)


REFUTED = [
    (ge(d + (1 - d) * sp.log(1 - d), sp.Rational(51, 100) * d**2), given(d >= 0, d < 1)),
    (ge(sp.Rational(99, 100), (1 - sp.exp(-2 * r)) / (2 * r)), given(r > 0)),
    (ge(sp.Rational(76, 100), 2 * sp.tanh(x) * (1 - sp.tanh(x) ** 2)), given(x >= 0)),
    (ge(sp.tanh(x), x), given(x > 0)),
    (gt(sp.exp(-x * y), sp.Rational(37, 100)), given(x >= 0, y >= 0, ge(2, x + y))),
    (gt(sp.Abs(x), 0), given()),
]


@pytest.mark.parametrize("case", REFUTED, ids=lambda c: str(c[0]))
def test_a_false_one_is_refuted_by_a_point_of_the_domain(case):
    claim, premises = case
    outcome = decide(Goal(claim, premises))
    assert outcome.verdict is Verdict.REFUTED, outcome
    point = {sp.Symbol(n): sp.Rational(v) for n, v in outcome.witness.items()}
    assert sp.N((claim.gts - claim.lts).subs(point), 50) <= 0
    for premise in premises.values():
        assert premise.subs(point) == sp.true


def test_needed_are_the_bounds_without_which_it_fails():
    bounds = given(x >= 0, x <= 7, y > 3)
    outcome = decide(Goal(ge(x, sp.tanh(x)), bounds))
    assert outcome.proved
    assert outcome.needed == {"x >= 0"}


def test_definitions_are_put_in_and_named():
    premises = {"q": sp.Eq(q, x**2, evaluate=False), "x": gt(1, x), "x'": ge(x, 0)}
    outcome = decide(Goal(gt(sp.E, sp.exp(q)), premises))  # false without the definition of q
    assert outcome.proved
    assert outcome.needed == {"q", "x", "x'"}
    away = decide(Goal(gt(sp.exp(q), sp.E), premises))
    assert away.verdict is Verdict.REFUTED
    assert sp.Rational(away.witness["q"]) == sp.Rational(away.witness["x"]) ** 2


def test_a_definition_that_is_undefined_somewhere_is_an_obligation():
    premises = {"q": sp.Eq(q, 1 / x, evaluate=False)}
    assert not decide(Goal(ge(1, q * x), premises), 4).proved


UNREADABLE = [
    sp.Eq(x, 1),
    sp.Or(x > 0, x < 1),
    gt(sp.Function("f")(x), 0),
    gt(sp.Float("0.5") + x**2, 0),
    gt(sp.gamma(x), 0),
]


@pytest.mark.parametrize("claim", UNREADABLE, ids=str)
def test_what_ball_cannot_read_is_undecided_with_a_reason(claim):
    outcome = decide(Goal(claim, given(x > 0)), 3)
    assert outcome.verdict is Verdict.UNDECIDED
    assert outcome.reason


def test_an_open_box_is_shown():
    claim = gt(sp.exp(x) * sp.sin(y) ** 2 + sp.cos(y) ** 2, sp.S.Zero)
    narrow = ge(sp.sin(x) * sp.cos(y), sp.sin(x + y) / 2 + sp.sin(x - y) / 2)
    box = given(x >= 0, x <= 1, y >= 0, y <= 1)
    assert decide(Goal(claim, box), 5).proved
    outcome = decide(Goal(narrow, box), 3)
    assert not outcome.verdict.established or outcome.proved
    if not outcome.proved:
        assert "box" in outcome.artefact


LIMITS = [
    (sp.exp(-x) * x**3, sp.oo, False, 0),
    (x * sp.log(x), sp.S.Zero, True, 0),
    (sp.log(x) / x, sp.oo, False, 0),
    (sp.log(1 + 1 / x), sp.oo, False, 0),
    (sp.tanh(x), -sp.oo, True, -1),
    (sp.atan(1 / x), sp.S.Zero, True, sp.pi / 2),
    (1 / (1 - x), sp.S.One, False, sp.oo),
    (sp.log(1 - x), sp.S.One, False, -sp.oo),
    (x - sp.log(x), sp.oo, False, None),  # true, but of no rule
    (sp.sin(x), sp.oo, False, None),
    ((1 + 1 / x) ** x, sp.oo, False, None),
    (x * sp.exp(1 / x), sp.S.Zero, False, 0),
    (x * sp.exp(1 / x), sp.S.Zero, True, None),
]


@pytest.mark.parametrize("case", LIMITS, ids=lambda c: f"{c[0]} at {c[1]}")
def test_limits_are_right_or_not_given(case):
    expr, end, above, expected = case
    assert limit_at_end(expr, x, end, above) == expected


def test_kind():
    assert KIND == "ball"
