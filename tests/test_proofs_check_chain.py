"""The chain checker: proofs that cheat are never PROVED, honest ones are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sympy import And, Eq, Implies, Ne, Or, Rational, Symbol, exp, sqrt, true

from proofs_check.chain import check
from proofs_check.verdict import Verdict
from proofs_check.verify import verify
from theory.formulas import forall
from theory.statement import Definition, Hypothesis, Quantity, Statement, at
from theory.steps import algebra, ball, calculus, cite, gram, induction, lemma, polynomial
from theory.terms import (
    Continuous,
    Inner,
    IsInteger,
    Norm,
    derivative,
    function_of,
    real,
    real_function,
    vector,
    vector_function,
)

a, b, k, n, t, x, y, z = real("a b k n t x y z")
F, f, S, u = (real_function(name) for name in ("F", "f", "S", "u"))
p = vector_function("p")
v, w = vector("v"), vector("w")


def state(steps: Any, conclusions: Any, given: Any = (), over: Any = (x, y), **more: Any) -> Any:
    """Return a user's statement; ``over`` are its symbols, with a range where one is needed."""
    quantities = tuple(q if isinstance(q, Quantity) else Quantity(q, "a quantity") for q in over)
    hypotheses = tuple(Hypothesis(name, formula) for name, formula in dict(given).items())
    named = conclusions if isinstance(conclusions, dict) else {"c": conclusions}
    return Statement("a test", quantities, hypotheses, named, tuple(steps), **more)


def positive(symbol: Symbol) -> Quantity:
    return Quantity(symbol, "positive", symbol > 0)


def undecided(statement: Statement, reason: str = "", seconds: float = 6.0) -> None:
    """Require that nothing is claimed as proved, and that the reason says why."""
    report = check(statement, seconds=seconds)
    assert report.verdict is Verdict.UNDECIDED
    reasons = [*report.reasons.values(), *(s.outcome.reason for s in report.steps)]
    assert any(reason in text for text in reasons), reasons


def proved(statement: Statement) -> Any:
    report = check(statement)
    assert report.verdict is Verdict.PROVED, [s.outcome.reason for s in report.steps]
    return report


# --- the order of an argument ---------------------------------------------------------------


def test_a_step_may_not_claim_its_own_premise():
    undecided(
        state([polynomial("c", x < y, "h")], x < y, {"h": x < y}),
        "one of the step's own premises",
    )


def test_a_step_may_not_claim_its_own_premise_the_other_way_round():
    undecided(state([polynomial("c", y > x, "h")], y > x, {"h": x < y}), "own premises")


def test_a_step_may_not_claim_a_quantified_premise_under_other_names():
    undecided(
        state(
            [polynomial("c", forall(z, z > 0, F(z) > 0), "h")],
            forall(z, z > 0, F(z) > 0),
            {"h": forall(x, x > 0, F(x) > 0)},
            [F],
        ),
        "own premises",
    )


def test_a_step_may_not_use_a_later_one():
    undecided(
        state([polynomial("c", x < 1, "d"), polynomial("d", x < 0, "h")], x < 1, {"h": x + 1 < 0}),
        "no hypothesis, range or earlier step",
    )


def test_a_step_may_not_use_itself():
    undecided(state([polynomial("c", x < 1, "c")], x < 1), "earlier step")


def test_a_conclusion_must_be_claimed_by_a_step():
    undecided(state([polynomial("d", x < 1, "h")], x < 2, {"h": x < 0}), "no step claims it")


def test_a_hypothesis_is_no_proof_of_the_conclusion():
    undecided(state([], x < 1, {"h": x < 1}), "no step claims it")


def test_a_conclusion_rests_on_every_step_before_it():
    """The last step is fine; the one in the middle is false."""
    undecided(state([polynomial("d", x < 1), polynomial("c", x < 2, "d")], x < 2), "step d")


def test_an_engine_sees_only_what_the_step_names():
    undecided(state([polynomial("c", x < 1)], x < 1, {"h": x < 0}))


def test_a_range_counts_only_where_it_is_named():
    undecided(state([polynomial("c", x + 1 > 0)], x + 1 > 0, over=[positive(x)]))
    proved(state([polynomial("c", x + 1 > 0, "x")], x + 1 > 0, over=[positive(x)]))


def test_contradictory_premises_are_reported_and_prove_nothing():
    undecided(state([polynomial("c", y > 1, "h", "k")], y > 1, {"h": x > 0, "k": x < 0}))


# --- quantifiers ----------------------------------------------------------------------------


def test_a_constant_is_not_captured_by_a_bound_variable():
    """The range says that one number is positive, not that all are."""
    undecided(
        state([polynomial("c", forall(x, true, x**3 > 0), "x")], forall(x, true, x**3 > 0),
              over=[positive(x)]),
        "binds x",
    )  # fmt: skip


def test_a_definition_at_one_point_says_nothing_of_others():
    undecided(
        state([polynomial("c", forall(x, true, y > 0), "y", "x")], forall(x, true, y > 0),
              over=[positive(x)], definitions=(Definition(y, x**3),)),
        "binds x",
    )  # fmt: skip


def test_an_instance_outside_the_domain_gives_nothing():
    undecided(
        state([polynomial("c", F(-1) > 0, at("h", {x: -1}))], F(-1) > 0,
              {"h": forall(x, x > 0, F(x) > 0)}, [F])
    )  # fmt: skip


def test_an_instance_inside_the_domain_is_proved_to_be_there():
    proved(
        state([polynomial("c", F(x**2 + 1) > 0, at("h", {z: x**2 + 1}))], F(x**2 + 1) > 0,
              {"h": forall(z, z > 0, F(z) > 0)}, [x, F])
    )  # fmt: skip


def test_an_instance_may_not_be_ambiguous():
    many = real("x_1 x_2 x_3 x_4 x_5")
    undecided(
        state([polynomial("c", forall(many, true, F(many[0]) > -1), "h")],
              forall(many, true, F(many[0]) > -1),
              {"h": forall((a, b), true, F(a) + F(b) > 0)}, [F]),
        "say which with at",
    )  # fmt: skip


def test_a_quantified_premise_needs_a_value():
    undecided(
        state([polynomial("c", F(2) > 0, "h")], F(2) > 0, {"h": forall(x, x > 0, F(x) > 0)}, [F]),
        "without a value",
    )


def test_only_bound_variables_are_instantiated():
    given = {"h": forall(x, x > y, F(x) > 0)}
    undecided(state([polynomial("c", F(2) > 0, at("h", {x: 2, y: 1}))], F(2) > 0, given, [y, F]))
    undecided(
        state([polynomial("c", x < 1, at("h", {x: 0}))], x < 1, {"h": x < 0}), "not quantified"
    )


def test_a_vector_is_no_instance_of_a_number():
    undecided(
        state([polynomial("c", F(x) > 0, at("h", {z: v}))], F(x) > 0,
              {"h": forall(z, true, F(z) > 0)}, [x, v, F]),
        "differ in sort",
    )  # fmt: skip


def test_there_is_no_uniform_bound_from_a_pointwise_one():
    """For every x there is a bound; one for all x is more."""
    undecided(
        state([polynomial("c", forall(x, true, F(x) <= k), "h")], forall(x, true, F(x) <= k),
              {"h": forall(x, true, F(x) <= S(x))}, [k, F, S])
    )  # fmt: skip


def test_a_claim_at_one_time_is_none_at_all_times():
    undecided(
        state([polynomial("d", F(0) > 0, "h"), polynomial("c", forall(t, t >= 0, F(t) > 0), "d")],
              forall(t, t >= 0, F(t) > 0), {"h": F(0) > 1}, [F])
    )  # fmt: skip


# --- what has no value ----------------------------------------------------------------------


def test_a_division_by_what_may_be_zero_proves_nothing():
    claim = Eq(x * y, 1)
    undecided(state([polynomial("c", claim, "h")], claim, {"h": Eq(x, 1 / y)}))
    given = {"h": Eq(x, 1 / y), "k": Ne(y, 0)}
    proved(state([polynomial("c", claim, "h", "k")], claim, given))


@pytest.mark.parametrize(
    "claim",
    [
        1 / x**2 > 0,
        sqrt(x) >= 0,
        Eq(x * (1 / x**2) * (x**2 + 1), (x**2 + 1) / x, evaluate=False),
        Eq(sqrt(x) * sqrt(y), sqrt(x * y), evaluate=False),
    ],
)  # fmt: skip
def test_a_term_must_be_defined_wherever_it_is_claimed(claim):
    undecided(state([polynomial("c", claim)], claim))
    undecided(state([algebra("c", claim)], claim))


def test_a_claim_that_sympy_makes_true_does_not_hide_an_undefined_term():
    claim = Eq(x / x, 1, evaluate=False)  # SymPy has cancelled: the claim is 1 = 1
    assert not claim.has(x)
    proved(state([algebra("c", claim)], claim))  # true, and says nothing of x


def test_an_undefined_value_in_a_definition_is_an_obligation():
    undecided(
        state([polynomial("c", y**2 >= 0, "y")], Eq(x * y, 1), over=[x],
              definitions=(Definition(y, 1 / x),))
    )  # fmt: skip
    undecided(
        state([polynomial("c", Eq(x * y, 1), "y")], Eq(x * y, 1), over=[x],
              definitions=(Definition(y, 1 / x),))
    )  # fmt: skip


# --- facts ----------------------------------------------------------------------------------

HAS = forall(x, And(a <= x, x <= b), Eq(derivative(F(x), x), f(x)))
FALLS = forall(x, And(a <= x, x <= b), f(x) <= 0)
MONOTONE = {"order": a <= b, "deriv": HAS, "sign": FALLS}


def monotone(*uses: str, **values: Any) -> Any:
    return cite("c", "nonincreasing", *uses, **({"F": F, "f": f, "a": a, "b": b} | values))


def test_a_fact_is_cited_and_named_as_such():
    made = state([monotone("order", "deriv", "sign")], F(b) <= F(a), MONOTONE, [a, b, F, f])
    report = check(made)
    assert report.verdict is Verdict.CITED
    assert report.cited == ("nonincreasing",)


def test_an_open_premise_of_a_fact_is_refused():
    for missing in MONOTONE:
        kept = [name for name in MONOTONE if name != missing]
        undecided(state([monotone(*kept)], F(b) <= F(a), MONOTONE, [a, b, F, f]), "is open")


def test_a_premise_proved_on_a_smaller_interval_is_not_enough():
    given = MONOTONE | {"sign": forall(x, And(a < x, x < b), f(x) <= 0)}
    undecided(state([monotone(*given)], F(b) <= F(a), given, [a, b, F, f]), "'sign'")


def test_a_premise_that_an_earlier_open_step_claims_is_not_established():
    steps = [polynomial("sign", FALLS), monotone("order", "deriv", "sign")]
    given = {k: MONOTONE[k] for k in ("order", "deriv")}
    undecided(state(steps, F(b) <= F(a), given, [a, b, F, f]), "step sign")


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (cite("c", "no_such_fact", "order"), "not in the trusted base"),
        (cite("c", "nonincreasing", "order", F=F, f=f, a=a), "misses b"),
        (cite("c", "nonincreasing", "order", F=F, f=f, a=a, b=b, d=b), "no parameter 'd'"),
        (monotone("order", "deriv", "sign", F=x), "'F'"),
        (monotone("order", "deriv", "sign", F=v), "'F'"),
        (monotone("order", "deriv", "sign", a=F), "'a'"),
        (monotone("order", "deriv", "sign", a=v), "'a'"),
        (monotone("order", "deriv", "sign", F=p), "'F'"),
        (monotone("order", "deriv", "sign", F=function_of(x, p(x))), "'F'"),
        (monotone("order", "deriv", "sign", a=x < y), "'a'"),
        (monotone("order", "deriv", "absent"), "absent"),
    ],
)  # fmt: skip
def test_a_substitution_that_does_not_fit_is_named(step, reason):
    """Such a step is open; it neither counts nor crashes."""
    undecided(state([step], F(b) <= F(a), MONOTONE, [a, b, F, f]), reason)


def test_a_function_of_two_variables_is_no_function_of_one():
    from sympy import Lambda

    step = monotone("order", "deriv", "sign", F=Lambda((x, y), x + y))
    undecided(state([step], F(b) <= F(a), MONOTONE, [a, b, F, f]), "'F'")


CONTINUOUS = {"order": a <= b, "continuous": Continuous(function_of(x, F(x)), a, b)}
BOUNDED = forall(x, And(a <= x, x <= b), F(x) <= k)


def bounded(chosen: Any, **more: Any) -> Any:
    return cite("c", "bounded_above", "continuous", "order", F=F, a=a, b=b, c=chosen, **more)


def test_what_is_introduced_has_a_fresh_name():
    report = check(state([bounded(k)], BOUNDED, CONTINUOUS, [a, b, k, F]))
    assert report.verdict is Verdict.CITED


def test_what_is_introduced_may_not_be_known_already():
    """Otherwise any number would be an upper bound."""
    given = CONTINUOUS | {"zero": Eq(k, 0)}
    undecided(state([bounded(k)], BOUNDED, given, [a, b, k, F]), "not fresh")
    undecided(
        state([bounded(k)], BOUNDED, CONTINUOUS, [a, b, Quantity(k, "bound", k > 0), F]), "fresh"
    )


@pytest.mark.parametrize("chosen", [a, F(a), Rational(1), a + 1, k + 1])
def test_what_is_introduced_is_a_name_and_no_term(chosen):
    undecided(state([bounded(chosen)], BOUNDED.at({x: a}), CONTINUOUS, [a, b, k, F]))


def test_what_is_introduced_twice_is_two_things():
    """Upper bounds of F and of −F, under one name, would bound |F| by 0 from both sides."""
    below = function_of(x, -F(x))
    steps = [
        bounded(k),
        cite("d", "bounded_above", "negative", "order", F=below, a=a, b=b, c=k),
    ]
    given = CONTINUOUS | {"negative": Continuous(below, a, b)}
    undecided(state(steps, {"d": forall(x, And(a <= x, x <= b), -F(x) <= k)}, given, [a, b, k, F]),
              "not fresh")  # fmt: skip


def test_what_is_introduced_depends_on_the_step_s_variables():
    """A bound on every [0, t] is a function of t; a constant would be a bound on all of them."""
    given = {"continuous": forall(t, t >= 0, Continuous(function_of(x, F(x)), 0, t))}
    claim = forall((t, x), And(t >= 0, x >= 0, x <= t), F(x) <= k)
    step = cite("d", "bounded_above", "continuous", over=(t,), given=t >= 0, F=F, a=0, b=t, c=k)
    undecided(state([step, polynomial("c", claim, "d")], claim, given, [k, F]), "fresh name")
    step = replace(step, values={**step.values, "c": u(t)})
    report = check(state([step], forall((t, x), And(t >= 0, x >= 0, x <= t), F(x) <= u(t)),
                         given, [u, F]))  # fmt: skip
    assert report.verdict is Verdict.CITED


def test_a_skolem_function_may_not_swallow_another_variable():
    given = {"continuous": forall(t, t >= 0, Continuous(function_of(x, F(x)), 0, t))}
    for chosen in (u(0), u(t, t), u(2 * t)):
        step = cite("d", "bounded_above", "continuous", over=(t,), given=t >= 0,
                    F=F, a=0, b=t, c=chosen)  # fmt: skip
        claim = forall((t, x), And(t >= 0, x >= 0, x <= t), F(x) <= chosen)
        undecided(state([step], claim, given, [u, F]), "fresh name")


def test_a_name_that_occurs_in_the_conclusion_only_is_not_chosen_by_the_proof_of_a_fact():
    """``over`` may not bind what a hypothesis speaks of as a constant."""
    given = {"order": a <= b, "deriv": HAS, "sign": FALLS}
    step = cite("c", "nonincreasing", *given, over=(a,), F=F, f=f, a=a, b=b)
    undecided(state([step], forall(a, true, F(b) <= F(a)), given, [b, a, F, f]))


# --- calculus -------------------------------------------------------------------------------


def test_what_is_not_known_to_be_differentiable_has_no_derivative():
    claim = forall(x, true, Eq(derivative(F(x) - F(x) + F(x), x), f(x)))
    undecided(state([calculus("c", claim)], claim, {}, [F, f]))
    product = forall(x, true, Eq(derivative(F(x) * x, x), F(x) + x * f(x)))
    undecided(state([calculus("c", product)], product, {}, [F, f]))


def test_a_derivative_known_on_an_interval_is_none_outside():
    given = {"h": forall(x, And(x > 0, x < 1), Eq(derivative(F(x), x), f(x)))}
    claim = forall(x, x > 0, Eq(derivative(2 * F(x), x), 2 * f(x)))
    undecided(state([calculus("c", claim, "h")], claim, given, [F, f]))
    inside = forall(x, And(x > 0, x < 1), Eq(derivative(2 * F(x), x), 2 * f(x)))
    proved(state([calculus("c", inside, "h")], inside, given, [F, f]))


# --- other statements -----------------------------------------------------------------------

BASE = replace(
    state([polynomial("c", x**2 > x, "x")], x**2 > x, over=[Quantity(x, "x", x > 1)]), id="base"
)


def by_lemma(*uses: str, fact: str = "base.c", over: Any = (y,), **values: Any) -> Statement:
    return state([lemma("c", fact, *uses, **values)], y**2 > y, over=over)


def look(*statements: Statement) -> Any:
    return {s.id: s for s in statements}.__getitem__


def test_a_lemma_is_used_by_substitution():
    above = Quantity(y, "y", y > 1)
    report = check(by_lemma("y", x=y, over=[above]), lookup=look(BASE))
    assert report.verdict is Verdict.PROVED
    assert report.lemmas == {"base.c"}


def test_a_lemma_s_hypotheses_must_be_met():
    report = check(by_lemma(x=y), lookup=look(BASE))
    assert report.verdict is Verdict.UNDECIDED
    assert "premise 'x' of base.c" in report.steps[0].outcome.reason
    weaker = check(by_lemma("y", x=y, over=[positive(y)]), lookup=look(BASE))
    assert weaker.verdict is Verdict.UNDECIDED


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        ("no_such_lemma.c", "no_such_lemma"),
        ("base.no_such_conclusion", "no_such_conclusion"),
        ("base", "no conclusion"),
        ("", "fact"),
    ],
)
def test_an_unknown_lemma_is_an_open_step(fact, reason):
    if not fact:
        with pytest.raises(ValueError, match=reason):
            by_lemma(fact=fact)
        return
    statement = by_lemma(fact=fact)
    report = check(statement) if "such_lemma" in fact else check(statement, lookup=look(BASE))
    assert report.verdict is Verdict.UNDECIDED
    assert reason in report.steps[0].outcome.reason


def test_a_circle_of_lemmas_proves_nothing():
    first = replace(state([lemma("c", "second.c")], x < x + y, over=[x, y]), id="first")
    second = replace(state([lemma("c", "first.c")], x < x + y, over=[x, y]), id="second")
    reports = verify([first, second])
    assert [r.verdict for r in reports] != [Verdict.PROVED, Verdict.PROVED]
    assert all(not r.verdict.established for r in reports)
    for report in reports:
        assert not any(v.established for v in report.conclusions.values())


def test_a_lemma_that_is_its_own_proof_proves_nothing():
    own = replace(state([lemma("c", "own.c")], x**2 >= 0, over=[x]), id="own")
    (report,) = verify([own])
    assert not report.verdict.established


def test_a_circle_through_a_true_statement_proves_nothing():
    """One of the two has another, honest conclusion besides; that does not break the circle."""
    honest = x**2 >= 0
    first = replace(
        state([polynomial("d", honest), lemma("c", "second.c")], {"c": x < x + y, "d": honest}),
        id="first",
    )
    second = replace(state([lemma("c", "first.c")], x < x + y, over=[x, y]), id="second")
    assert not any(r.verdict.established for r in verify([first, second]))


def test_a_lemma_that_is_open_leaves_open_what_rests_on_it():
    false = replace(state([polynomial("c", x**2 > x)], x**2 > x, over=[x]), id="base")
    top = replace(by_lemma(x=y), id="top")
    reports = verify([false, top])
    # y may be what the lemma says exists: no point chosen by a search refutes that
    assert [r.verdict for r in reports] == [Verdict.REFUTED, Verdict.UNDECIDED]
    above = replace(by_lemma("y", x=y, over=[Quantity(y, "y", y > 1)]), id="top")
    assert verify([false, above])[1].verdict is Verdict.UNDECIDED


def test_a_symbol_of_a_lemma_that_is_not_given_stands_for_the_same_symbol_here():
    free = replace(
        state([polynomial("c", x * z <= (x**2 + z**2) / 2)], x * z <= (x**2 + z**2) / 2,
              over=[x, z]),
        id="base",
    )  # fmt: skip
    claim = y * z <= (y**2 + z**2) / 2
    report = check(state([lemma("c", "base.c", x=y)], claim, over=[y, z]), lookup=look(free))
    assert report.verdict is Verdict.PROVED


def test_a_symbol_that_no_premise_restricts_stands_for_any_term():
    claim = x * z <= (x**2 + z**2) / 2
    free = replace(state([polynomial("c", claim)], claim, over=[x, z]), id="base")
    wanted = (a + 1) * b <= ((a + 1) ** 2 + b**2) / 2
    made = state([lemma("c", "base.c", x=a + 1, z=b)], wanted, over=[a, positive(b)])
    assert check(made, lookup=look(free)).verdict is Verdict.PROVED


def test_what_a_lemma_says_to_exist_is_not_for_the_user_to_choose():
    base = replace(state([bounded(k)], BOUNDED, CONTINUOUS, [a, b, k, F]), id="base")
    here = {**CONTINUOUS, "zero": Eq(y, 0)}
    claim = forall(x, And(a <= x, x <= b), F(x) <= y)
    for chosen in (y, y + 1, Rational(0)):
        step = lemma("c", "base.c", "continuous", "order", k=chosen)
        report = check(state([step], claim, here, [a, b, y, F]), lookup=look(base))
        assert report.verdict is Verdict.UNDECIDED
    fresh = lemma("c", "base.c", "continuous", "order", k=z)
    named = forall(x, And(a <= x, x <= b), F(x) <= z)
    report = check(state([fresh], named, CONTINUOUS, [a, b, z, F]), lookup=look(base))
    assert report.verdict.established


def test_what_a_lemma_of_a_lemma_says_to_exist_is_not_chosen_either():
    base = replace(state([bounded(k)], BOUNDED, CONTINUOUS, [a, b, k, F]), id="base")
    inner = lemma("c", "base.c", "continuous", "order", k=z)
    named = forall(x, And(a <= x, x <= b), F(x) <= z)
    middle = replace(state([inner], named, CONTINUOUS, [a, b, z, F]), id="middle")
    step = lemma("c", "middle.c", "continuous", "order", z=y)
    here = {**CONTINUOUS, "zero": Eq(y, 0)}
    claim = forall(x, And(a <= x, x <= b), F(x) <= y)
    report = check(state([step], claim, here, [a, b, y, F]), lookup=look(base, middle))
    assert report.verdict is Verdict.UNDECIDED
    assert "fresh" in report.steps[0].outcome.reason


# --- honest proofs --------------------------------------------------------------------------


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
