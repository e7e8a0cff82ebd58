"""The search for counterexamples: what is false is refuted for certain, what is true never is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import mpmath
import pytest
from sympy import (
    And,
    Eq,
    Implies,
    Lambda,
    Or,
    Rational,
    Symbol,
    atan,
    cosh,
    exp,
    lambdify,
    log,
    sin,
    sqrt,
    tanh,
    true,
)

from proofs_check.application import existential
from proofs_check.falsify import asserts_existence, find_counterexample, models_of
from proofs_check.interpretations.direct import direct_models
from proofs_check.mutants.declared import mutated, try_mutant
from proofs_check.searching.attacks import PASSES, falsify
from proofs_check.searching.failures import failing, unless_too_large
from proofs_check.searching.hunting import Hunt
from proofs_check.searching.sharpness import best_of
from proofs_check.verdict import Verdict
from proofs_check.verify import verify
from theory.formulas import forall, parts
from theory.registry import statement as registered
from theory.statement import Hypothesis, Model, Mutant, Quantity, Statement, StatementError
from theory.steps import lemma, polynomial
from theory.terms import (
    ConvergesTo,
    IsInteger,
    derivative,
    function_of,
    operator,
    real,
    real_function,
)

a, b, c, t, x, y = real("a b c t x y")
F = real_function("F")
PERCENT = Rational(1, 100)


def state(claim: Any, given: Any = (), over: Any = (), **more: Any) -> Statement:
    """Return a statement about numbers; ranges by symbol."""
    quantities = tuple(Quantity(s, "a number", r) for s, r in dict(over).items())
    hypotheses = tuple(Hypothesis(n, f) for n, f in dict(given).items())
    steps = more.pop("steps", ())
    return Statement("a test", quantities, hypotheses, {"c": claim}, steps, **more)


POSITIVE = {a: a > 0, b: b > 0}
REAL = {a: true, b: true}
UNIT = {x: And(x >= 0, x <= 1)}
HALF_LINE = {x: x >= 0}

# (true claim, the same spoiled, hypotheses, ranges)
PAIRS: dict[str, Any] = {
    "arithmetic and geometric mean": (
        sqrt(a * b) <= (a + b) / 2, sqrt(a * b) <= (1 - PERCENT) * (a + b) / 2, {}, POSITIVE),
    "Young": (a * b <= a**2 / 2 + b**2 / 2, a * b <= (1 - PERCENT) * (a**2 + b**2) / 2, {}, REAL),
    "Young with a weight": (
        a * b <= a**2 / (2 * c) + c * b**2 / 2, a * b <= a**2 / (2 * c) + c * b**2 / (2 + PERCENT),
        {}, {**REAL, c: c > 0}),
    "convexity of the exponential": (
        exp(x) >= 1 + x, exp(x) >= 1 + (1 + PERCENT) * x, {}, {x: true}),
    "logarithm": (log(1 + x) <= x, log(1 + x) <= (1 - PERCENT) * x, {}, HALF_LINE),
    "hyperbolic tangent": (tanh(x) <= x, tanh(x) <= (1 - PERCENT) * x, {}, HALF_LINE),
    "arctangent": (
        atan(x) >= x / (1 + x**2), atan(x) >= (1 + PERCENT) * x / (1 + x**2), {}, HALF_LINE),
    "cosine hyperbolic": (
        cosh(x) >= 1 + x**2 / 2, cosh(x) >= 1 + (1 + PERCENT) * x**2 / 2, {}, {x: true}),
    "concavity of the sine": (
        sin(x) <= x, sin(x) <= (1 - PERCENT) * x, {}, UNIT),
    "a root below its tangent": (
        sqrt(1 - x) <= 1 - x / 2, sqrt(1 - x) <= 1 - (1 + PERCENT) * x / 2, {}, UNIT),
    "an inequality the other way round": (
        a**2 + b**2 >= 2 * a * b, a**2 + b**2 <= 2 * a * b, {}, REAL),
    "a hypothesis with another constant": (
        a * b <= 1, a * b <= 1 - PERCENT, {"sum": a + b <= 2}, POSITIVE),
    "an equation": (Eq((a + b) ** 2, a**2 + 2 * a * b + b**2, evaluate=False),
                    Eq((a + b) ** 2, a**2 + b**2, evaluate=False), {}, REAL),
    "a conjunction": (
        And(a**2 >= 0, a**4 >= 0), And(a**2 >= 0, a**3 >= -100), {}, {a: true}),
    "a disjunction": (Or(a >= 0, a < 1), Or(a >= 1, a < 0), {}, {a: true}),
    "an implication": (
        Implies(a > 1, a**2 > a), Implies(a > 1 - PERCENT, a**2 > a), {}, {a: true}),
    "a bound variable": (
        forall(t, t >= 0, a * t <= a * t**2 / 2 + a / 2),
        forall(t, t >= 0, a * t <= a * t**2 / 2 + (1 - PERCENT) * a / 2), {}, {a: a > 0}),
    "a cubic root by two hypotheses": (
        a <= 1, a <= 1 - PERCENT, {"low": a**3 <= 1, "high": a >= 0}, {a: true}),
}  # fmt: skip
DROPPED: dict[str, Any] = {
    "a missing sign": (a + b <= 2 * b, {"order": a <= b}, REAL, ["order"]),
    "a missing range": (1 / a >= 1, {"small": a <= 1}, {a: a > 0}, ["a", "small"]),
    "a missing bound of two": (a * b <= 1, {"a_1": a <= 1, "b_1": b <= 1}, POSITIVE,
                               ["a_1", "b_1"]),
    "a missing domain": (log(a) >= 0, {"large": a >= 1}, {a: a > 0}, ["large"]),
}  # fmt: skip
CASES = [(name, drop) for name, entry in DROPPED.items() for drop in entry[3]]


def symbol_values(found: Any, statement: Statement) -> Any:
    """Read a shown counterexample back: exact values of every symbol, by symbol."""
    named = {str(q.symbol): q.symbol for q in statement.quantities}
    bound = [v for f in statement.conclusions.values() for v in getattr(f, "variables", ())]
    named |= {str(v): v for v in bound}
    assert set(found.values) <= set(named) | {"time"}
    return {named[name]: Rational(text) for name, text in found.values.items()}


def holds(formula: Any, values: Any) -> bool:
    """Evaluate a relation or a combination with mpmath, in 60 digits: no ball is involved."""
    with mpmath.workdps(60):
        if isinstance(formula, And):
            return all(holds(arg, values) for arg in formula.args)
        if isinstance(formula, Or):
            return any(holds(arg, values) for arg in formula.args)
        if isinstance(formula, Implies):
            return not holds(formula.args[0], values) or holds(formula.args[1], values)
        if formula == true:
            return True
        sides = [lambdify(list(values), side, "mpmath") for side in formula.args]
        numbers = [mpmath.mpf(v.p) / v.q for v in values.values()]
        left, right = (side(*numbers) for side in sides)
        equal = abs(left - right) <= mpmath.mpf(10) ** -50 * (abs(left) + abs(right))
        compare = {"<": left < right and not equal, "<=": left < right or equal,
                   ">": left > right and not equal, ">=": left > right or equal,
                   "==": equal}  # fmt: skip
        return bool(compare[formula.rel_op])


def check_counterexample(statement: Statement, shown: Any) -> None:
    """Hypotheses and ranges hold, the conclusion fails, and the enclosures contain both sides."""
    values = symbol_values(shown, statement)
    for quantity in statement.quantities:
        assert holds(quantity.range, values)
    for hypothesis in statement.hypotheses:
        assert holds(hypothesis.formula, values)
    conclusion = statement.conclusions[shown.conclusion]
    *domain, body = parts(conclusion)
    assert all(holds(part, values) for part in domain)
    assert not holds(body, values)
    check_enclosures(shown)


def check_enclosures(shown: Any) -> None:
    with mpmath.workdps(60):
        left, right, margin = (
            [mpmath.mpf(end) for end in side] for side in (shown.left, shown.right, shown.margin)
        )
        for low, high in (left, right, margin):
            assert low <= high
        assert margin[0] <= left[1] - right[0]
        assert margin[1] >= left[0] - right[1]
        # Zero is outside, or the two sides are equal where that is forbidden.
        assert margin[0] > 0 or margin[1] < 0 or margin[0] == margin[1] == 0


@pytest.mark.parametrize("name", PAIRS)
def test_a_spoiled_claim_is_refuted(name: str) -> None:
    _, spoiled, given, over = PAIRS[name]
    statement = state(spoiled, given, over)
    found = find_counterexample(statement)
    assert found is not None
    check_counterexample(statement, found[0])


@pytest.mark.parametrize("name", PAIRS)
def test_a_true_claim_is_not(name: str) -> None:
    good, _, given, over = PAIRS[name]
    for seed in (0, 1):
        assert find_counterexample(state(good, given, over), seed=seed) is None


@pytest.mark.parametrize(("name", "drop"), CASES)
def test_a_claim_without_one_of_its_hypotheses_is_refuted(name: str, drop: str) -> None:
    claim, given, over, _ = DROPPED[name]
    assert find_counterexample(state(claim, given, over)) is None
    kept = {n: f for n, f in given.items() if n != drop}
    open_ranges = {s: true if str(s) == drop else r for s, r in over.items()}
    statement = state(claim, kept, open_ranges)
    found = find_counterexample(statement)
    assert found is not None
    check_counterexample(statement, found[0])


def test_a_point_at_which_a_side_has_no_value_is_no_counterexample() -> None:
    """1/x ≥ 0 fails for x < 0 and says nothing at 0; √x ≥ 0 fails nowhere."""
    assert find_counterexample(state(sqrt(x) >= 0, {}, {x: true})) is None
    found = find_counterexample(state(1 / x >= 0, {}, {x: true}))
    assert found is not None
    assert Rational(found[0].values["x"]) < 0


def test_an_empty_statement_has_no_counterexample() -> None:
    contradiction = {"low": a < 0, "high": a > 1}
    assert find_counterexample(state(a > 5, contradiction, {a: true})) is None


def test_equality_of_rounded_numbers_is_not_taken_for_a_violation() -> None:
    """Both sides agree to all digits of a double; neither is certainly larger."""
    tiny = Rational(1, 10**40)
    assert find_counterexample(state(x <= x + tiny, {}, {x: true})) is None


def test_the_search_is_determined_by_its_seed() -> None:
    statement = state(PAIRS["Young with a weight"][1], {}, PAIRS["Young with a weight"][3])
    found = [find_counterexample(statement, seed=seed) for seed in (3, 3)]
    assert found[0] is not None
    assert found[0] == found[1]
    (report,) = verify([statement], seed=3)
    assert report.counterexample == found[0][0]


def test_only_the_conclusion_asked_for_is_attacked() -> None:
    statement = Statement("two", (Quantity(a, "a"),), (), {"good": a**2 >= 0, "bad": a >= 0}, ())
    assert find_counterexample(statement, ["good"]) is None
    found = find_counterexample(statement)
    assert found is not None
    assert found[0].conclusion == "bad"


# --- models ---------------------------------------------------------------------------------


def square(**changes: Any) -> Statement:
    """Return a statement about a function, with a model in which it is explicit."""
    model = Model(
        "parabola", {F: Lambda(x, a * x**2), a: a},
        {a: (Rational(1, 2), Rational(2))}, {a: Rational(1)},
    )  # fmt: skip
    parts_: dict[str, Any] = {
        "claim": forall(x, x >= 0, F(x) <= 2 * x**2),
        "given": {"growth": forall(x, true, F(x) <= 2 * x**2)},
        "over": {F: true, a: And(a > 0, a <= 2)},
        "models": (model,),
    }
    return state(**(parts_ | changes))


def test_functions_are_searched_in_the_models_of_a_statement() -> None:
    assert find_counterexample(square()) is None
    found = find_counterexample(square(claim=forall(x, x >= 0, F(x) <= x**2)))
    assert found is not None
    assert Rational(found[0].values["a"]) > 1
    check_enclosures(found[0])


def test_an_instance_that_violates_a_hypothesis_is_none() -> None:
    """Every a > 1 violates the claim, but then the hypothesis fails as well."""
    bounded = square(
        claim=forall(x, x >= 0, F(x) <= x**2), given={"growth": forall(x, true, F(x) <= x**2)}
    )
    assert find_counterexample(bounded) is None


def test_a_hypothesis_that_the_engines_cannot_decide_makes_no_counterexample() -> None:
    other = real_function("G")
    opaque = square(
        claim=forall(x, x >= 0, F(x) <= x**2),
        given={"open": forall(x, true, other(x) >= F(x))},
        over={F: true, other: true, a: a > 0},
    )
    assert find_counterexample(opaque) is None


DECAY = forall(t, t >= 0, Eq(derivative(F(t), t), -a * F(t), evaluate=False))
OF_FUNCTIONS: dict[str, Any] = {
    # (hypotheses, false claim, true claim)
    "a bound on one side": (
        [forall(t, t >= 0, F(t) <= 1)],
        forall(t, t >= 0, F(t) >= 0), forall(t, t >= 0, F(t) <= 2)),
    "a differential equation": (
        [DECAY], forall(t, t >= 0, F(t) <= exp(-2 * a * t)),
        forall(t, t >= 0, F(t) ** 2 <= F(0) ** 2)),
    "monotone is not bounded": (
        [forall((x, t), x <= t, F(x) <= F(t))],
        forall(t, t >= 0, F(t) <= F(0) + 1), forall(t, t >= 0, F(t) >= F(0))),
}  # fmt: skip


@pytest.mark.parametrize("name", OF_FUNCTIONS)
def test_functions_are_tried_as_constants_affine_and_exponentials(name: str) -> None:
    given, false, good = OF_FUNCTIONS[name]
    hypotheses = {f"h{i}": formula for i, formula in enumerate(given)}
    over = {F: true, a: a > 0}
    found = find_counterexample(state(false, hypotheses, over))
    assert found is not None
    assert "F(t)" in found[0].values
    assert find_counterexample(state(good, hypotheses, over)) is None


def test_of_a_function_of_operators_nothing_is_guessed() -> None:
    M = operator("M")
    about = state(F(M) >= 0, {}, {F: true, M: true})
    assert models_of(about) == ()
    assert find_counterexample(about) is None


def test_the_time_that_stands_for_infinity_is_no_symbol_of_the_statement() -> None:
    """A statement may have a number called time; a limit is not claimed there."""
    clock = Symbol("time")
    decays = ConvergesTo(function_of(t, a * exp(-t) + clock), clock)
    stays = ConvergesTo(function_of(t, a + clock), clock)
    model = Model("explicit", {}, {a: (1, 2), clock: (1, 2)}, {a: 1, clock: 1})
    over = {a: a > 0, clock: clock > 0}
    assert find_counterexample(state(decays, {}, over, models=(model,))) is None
    found = find_counterexample(state(stays, {}, over, models=(model,)))
    assert found is not None
    assert set(found[0].values) == {"a", "time", "time'"}


def test_what_a_lemma_says_to_exist_is_not_attacked() -> None:
    """One value of r at which the claim fails shows nothing: the lemma says that some r is good."""
    r = real("r")
    base = registered("flow_published")
    symbol = str(existential(base)[0])
    step = lemma("there", f"{base.id}.{next(iter(base.conclusions))}", **{symbol: r})
    about = state(r >= 0, {}, {r: true}, steps=(step,))
    assert asserts_existence(about, "c")
    assert find_counterexample(about) is None
    assert not asserts_existence(state(r >= 0, {}, {r: true}), "c")


# --- sharpness ------------------------------------------------------------------------------


def test_sharpness_is_measured_where_the_hypotheses_hold() -> None:
    """Every a > 2 has a ratio above 1, and violates a hypothesis on all x."""
    model = Model(
        "parabola", {F: Lambda(x, a * x**2), a: a},
        {a: (Rational(1, 2), Rational(3))}, {a: Rational(1)},
    )  # fmt: skip
    for kept in (model, replace(model, witness={})):
        wide = square(over={F: true, a: a > 0}, models=(kept,))
        found = best_of(wide, "c", wide.models)
        assert found is None or Rational(found.ratio[1]) <= 1


def test_the_ratio_of_negative_sides_is_that_of_their_sizes() -> None:
    """−4 ≤ −2 holds with 2 to spare: the ratio is 1/2, not 2."""
    doubled = state(-4 * a <= -2 * a, {}, POSITIVE)
    found = best_of(doubled, "c", direct_models(doubled))
    assert found is not None
    assert found.ratio == ("0.5", "0.5")
    assert not found.attained


def test_equality_at_an_instance_is_found() -> None:
    young = state(a * b <= a**2 / 2 + b**2 / 2, {}, POSITIVE)
    found = best_of(young, "c", direct_models(young))
    assert found is not None
    assert found.attained
    assert found.instance["a"] == found.instance["b"]


# --- attacks within a budget ----------------------------------------------------------------

FAR_OUT: dict[str, Any] = {
    "beyond 10^20": (a <= 10**20, POSITIVE, {}),
    "beyond 10^80": (a * b <= 10**80, POSITIVE, {}),
    "below 10^-60": (a >= Rational(1, 10**60), POSITIVE, {}),
    "between two scales": (
        Or(a <= 10**50, b >= Rational(1, 10**30)), POSITIVE, {}),
    "at the end of an interval": (x <= 1 - Rational(1, 10**7), UNIT, {}),
    "at an integer": (a**2 + 1 <= 100, {a: And(a > 0, IsInteger(a))}, {}),
    "on an equation": (a * b <= 3, POSITIVE, {"sum": Eq(a + b, 4)}),
    "on a hyperbola": (a + b <= 10**6, POSITIVE, {"product": Eq(a * b, 1)}),
}  # fmt: skip


@pytest.mark.parametrize("name", FAR_OUT)
def test_an_attack_goes_over_all_orders_of_magnitude(name: str) -> None:
    claim, over, given = FAR_OUT[name]
    found = falsify(state(claim, given, over), budget=20)
    assert found.counterexample is not None
    plain = {s: true if r.has(IsInteger) else r for s, r in over.items()}
    check_counterexample(state(claim, given, plain), found.counterexample)


def test_a_true_statement_withstands_all_passes() -> None:
    for name in ("Young with a weight", "hyperbolic tangent"):
        good, _, given, over = PAIRS[name]
        found = falsify(state(good, given, over), budget=20)
        assert found.counterexample is None
        assert found.passes == len(PASSES)
        assert Rational(found.sharpness["c"].ratio[1]) <= 1
        assert float(found.sharpness["c"].ratio[0]) > 0.99


def test_a_counterexample_is_made_short() -> None:
    _, spoiled, given, over = PAIRS["Young with a weight"]
    found = falsify(state(spoiled, given, over), budget=1).counterexample
    assert found is not None
    assert all(len(value) <= 4 for value in found.values.values())


def test_shrinking_keeps_what_makes_it_a_counterexample() -> None:
    """No shorter number than those below satisfies the hypotheses."""
    narrow = {a: And(a > Rational(1234, 1000), a < Rational(1235, 1000))}
    found = falsify(state(a <= 1, {}, narrow), budget=1).counterexample
    assert found is not None
    assert Rational(1234, 1000) < Rational(found.values["a"]) < Rational(1235, 1000)


def test_a_hunt_draws_points_from_the_model_s_box_only() -> None:
    statement = square(claim=forall(x, x >= 0, F(x) <= x**2))
    hunt = Hunt(statement, statement.models[0])
    (target,) = hunt.targets("c")
    low, high = target.box.ranges[a]
    assert (low, high) == (Rational(1, 2), Rational(2))


# --- mutants --------------------------------------------------------------------------------

DECREASE = y**2 <= (1 - c) * x**2
SHRINKS = y <= (1 - c / 2) * x


def contraction(*mutants: Mutant) -> Statement:
    ranges = {x: x >= 0, y: y >= 0, c: And(c > 0, c <= 1)}
    steps = (
        polynomial("squares", y**2 <= ((1 - c / 2) * x) ** 2, "decrease"),
        polynomial("shrinks", SHRINKS, "squares", "c", "x"),
    )
    return state(SHRINKS, {"decrease": DECREASE}, ranges, steps=steps, mutants=tuple(mutants))


KILLED = {
    "a conclusion 1% sharper": {"c": y <= (1 - c / 2) * x * (1 - PERCENT)},
    "a hypothesis 1% weaker": {"decrease": y**2 <= (1 - c) * x**2 * (1 + PERCENT)},
    "a hypothesis dropped": {"decrease": None},
    "an inequality reversed": {"c": y >= (1 - c / 2) * x},
}


@pytest.mark.parametrize("name", KILLED)
def test_a_false_mutant_is_refuted_and_its_proof_fails(name: str) -> None:
    mutant = Mutant(name, KILLED[name])
    report = try_mutant(contraction(), mutant)
    assert report.killed, report
    assert report.counterexample is not None
    check_counterexample(mutated(contraction(), mutant), report.counterexample)


def test_a_true_mutant_survives() -> None:
    """A mutant that holds is a finding and does not count as killed."""
    report = try_mutant(contraction(), Mutant("weaker", {"c": y <= x}))
    assert not report.killed
    assert report.verdict is not Verdict.REFUTED
    assert report.counterexample is None


def test_a_mutant_that_the_original_shares_is_not_killed() -> None:
    """The original is false at the very same point: nothing is learnt about its proof."""
    false = state(a >= 0, {}, {a: true}, steps=(polynomial("s", a >= 0),))
    report = try_mutant(false, Mutant("1 lower", {"c": a >= -1}))
    assert report.verdict is Verdict.UNDECIDED
    assert "original" in report.reason


def test_a_mutant_of_nothing_is_an_error() -> None:
    with pytest.raises(StatementError, match="which"):
        mutated(contraction(), Mutant("typo", {"decreases": None}))


def test_a_surviving_mutant_fails_the_verification() -> None:
    good, bad = Mutant("sharper", KILLED["a conclusion 1% sharper"]), Mutant("true", {"c": y <= x})
    (killed,) = verify([contraction(good)])
    assert killed.verdict is Verdict.PROVED
    assert killed.succeeds
    (survived,) = verify([contraction(good, bad)])
    assert survived.verdict is Verdict.PROVED
    assert not survived.succeeds


def test_numbers_that_sympy_cannot_hold_decide_nothing() -> None:
    """SymPy takes roots by way of doubles and raises beyond them; a search must not end in that."""

    def raises() -> bool:
        raise OverflowError("int too large to convert to float")

    assert unless_too_large(raises) is None
    assert unless_too_large(lambda: failing(sqrt(a) <= 0, {a: Rational(4)})) is not None
