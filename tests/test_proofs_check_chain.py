"""The chain checker: proofs that cheat are never PROVED."""

from __future__ import annotations

import pytest
from chained_statements import (
    F,
    S,
    a,
    b,
    f,
    k,
    positive,
    proved,
    state,
    t,
    undecided,
    v,
    x,
    y,
    z,
)
from sympy import And, Eq, Ne, sqrt, true

from theory.formulas import forall
from theory.statement import Definition, at
from theory.steps import algebra, calculus, polynomial
from theory.terms import (
    derivative,
    real,
)

# --- the order of an argument -----------------------------------------------------------------


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


# --- quantifiers ------------------------------------------------------------------------------


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


# --- what has no value ------------------------------------------------------------------------


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


# --- calculus ---------------------------------------------------------------------------------


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
