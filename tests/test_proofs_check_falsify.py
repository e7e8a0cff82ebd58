"""The search for counterexamples: what is false is refuted for certain, what is true never is."""

from __future__ import annotations

from typing import Any

import pytest
from attacked_statements import (
    PAIRS,
    POSITIVE,
    REAL,
    F,
    a,
    b,
    check_counterexample,
    check_enclosures,
    square,
    state,
    t,
    x,
)
from sympy import (
    Eq,
    Rational,
    Symbol,
    exp,
    log,
    sqrt,
    true,
)

from proofs_check.application import existential
from proofs_check.falsify import asserts_existence, find_counterexample, models_of
from proofs_check.searching.failures import failing, unless_too_large
from proofs_check.verify import verify
from theory.formulas import forall
from theory.registry import statement as registered
from theory.statement import Model, Quantity, Statement
from theory.steps import lemma
from theory.terms import (
    ConvergesTo,
    derivative,
    function_of,
    operator,
    real,
    real_function,
)

DROPPED: dict[str, Any] = {
    "a missing sign": (a + b <= 2 * b, {"order": a <= b}, REAL, ["order"]),
    "a missing range": (1 / a >= 1, {"small": a <= 1}, {a: a > 0}, ["a", "small"]),
    "a missing bound of two": (a * b <= 1, {"a_1": a <= 1, "b_1": b <= 1}, POSITIVE,
                               ["a_1", "b_1"]),
    "a missing domain": (log(a) >= 0, {"large": a >= 1}, {a: a > 0}, ["large"]),
}  # fmt: skip
CASES = [(name, drop) for name, entry in DROPPED.items() for drop in entry[3]]


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


def test_numbers_that_sympy_cannot_hold_decide_nothing() -> None:
    """SymPy takes roots by way of doubles and raises beyond them; a search must not end in that."""

    def raises() -> bool:
        raise OverflowError("int too large to convert to float")

    assert unless_too_large(raises) is None
    assert unless_too_large(lambda: failing(sqrt(a) <= 0, {a: Rational(4)})) is not None
