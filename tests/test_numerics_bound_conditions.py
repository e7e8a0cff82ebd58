"""Where bounds hold: conditions from the conclusions, hypotheses, and what is too close to call."""

from __future__ import annotations

from fractions import Fraction

import pytest
from sympy import And, Eq, Implies, Ne, Or, Rational, Symbol, exp, log, sqrt, true

from numerics.bound_conditions import Answer, Decider, standing
from numerics.bounds import Evaluation, NotABound, evaluate_bound
from numerics.inputs.values import InputError, read_inputs
from numerics.rigorous.inversion import solve_bound
from numerics.rigorous.monotone import NotInvertible
from theory.formulas import ForAll, conjuncts, forall, free_symbols, functions_in
from theory.registry import statement, statements
from theory.settings.flow import q
from theory.statement import Bound, Hypothesis, Quantity, Statement
from theory.steps import polynomial
from theory.terms import Norm, real, vector
from theory.validity import claims_something, condition
from theory.wellformed import StatementError

x, y, t = real("x y t")
v = vector("v")
HALF = {"w_0": 1, "sigma_A": 1, "sigma_0": 1}


def made(*bounds, hypotheses=(), conclusions=None):
    claimed = conclusions or {"claim": x**2 >= 0}
    steps = tuple(polynomial(f"s_{n}", c) for n, c in claimed.items())
    return Statement("made", (Quantity(x, "x"), Quantity(y, "y"), Quantity(v, "v")),
                     tuple(hypotheses), claimed, steps, bounds=bounds)  # fmt: skip


def stands(made_statement, name="b", **values):
    found = standing(read_inputs(made_statement, values), made_statement.bound(name))
    return found.holds, found.refused


# --- the condition of a bound ---------------------------------------------------------------


def test_a_condition_is_the_domain_of_the_conclusion_in_what_the_bound_depends_on():
    """Neither t ≥ 0 nor that t is beyond the stopping time is a condition on the stopping time."""
    early = statement("early_stopping")
    found = condition(early, early.bound("stopping_time_critical"))
    assert {str(part) for part in conjuncts(found)} == {"Eq(a, 0)", "e < w_0"}
    sharp = statement("flow_sharp")
    assert condition(sharp, sharp.bound("travel_radius")) == (q <= Rational(1, 2))
    assert condition(sharp, sharp.bound("q")) is true


def test_of_several_conclusions_one_is_enough():
    claims = {"up": forall(t, And(t >= 0, y > 1), x + t >= 0), "down": Implies(y < 0, x > 0)}
    either = made(Bound("b", x, of=("up", "down")), conclusions=claims)
    assert condition(either, either.bound("b")) == Or(y > 1, y < 0)
    assert condition(statement("flow_squared"), statement("flow_squared").bound("left")) is true


def test_a_bound_of_no_conclusion_cannot_be_built():
    with pytest.raises(StatementError, match="no conclusion"):
        made(Bound("b", x, of=("other",)))
    with pytest.raises(StatementError, match="relation"):
        made(Bound("b", x, condition=x))


# Abbreviations, either side of a hypothesis, and what needs no more than the ranges.
_SILENT = {
    **dict.fromkeys(
        ("flow_path", "flow_sharp", "flow_sharp_aj", "flow_network_w", "flow_network_vw"),
        "q threshold gain",
    ),
    "flow_published": "threshold stability_radius",
    "flow_published_wide": "threshold",
    "descent_finite_length": "q threshold",
    "gordon": "measurements deviation",
    "conic_circular": "certified",
    "conic_circular_plane": "value",
    "width_given_v": "k_gram misfit",
    "width_w": "k_gram k_lipschitz",
    "width_vw": "k_gram k_outputs k_lipschitz k_lipschitz_published k_lipschitz_outputs",
}


def _restricts(found: Statement) -> bool:
    """Whether a statement assumes anything of numbers that its bounds could depend on."""
    plain = [h.formula for h in found.hypotheses if not isinstance(h.formula, ForAll)]
    assumed = [part for formula in plain for part in conjuncts(formula)]
    for claim in found.conclusions.values():
        given = conjuncts(claim.given) if isinstance(claim, ForAll) else ()
        bound = set(claim.variables) if isinstance(claim, ForAll) else set()
        assumed += [part for part in given if not free_symbols(part) & bound]
    return any(
        free_symbols(part)
        and not functions_in(part)
        and all(type(symbol) is Symbol for symbol in free_symbols(part))
        for part in assumed
    )


def test_every_bound_that_could_need_a_condition_says_of_which_conclusion_it_is():
    silent = {
        s.id: " ".join(b.name for b in s.bounds if not claims_something(b))
        for s in statements()
        if _restricts(s)
    }
    assert {id: names for id, names in silent.items() if names} == _SILENT


# --- deciding -------------------------------------------------------------------------------


def test_each_way_of_standing():
    bounded = made(Bound("b", x, of=("claim",), condition=x < y))
    assert stands(bounded, x=1, y=2) == (True, "")
    assert stands(bounded, x=1) == (None, "")
    holds, refused = stands(bounded, x=2, y=1)
    assert holds is False
    assert "x < y" in refused


def test_what_is_too_close_to_call_is_refused():
    tie = made(Bound("b", x, condition=Eq(log(exp(x)), y)))
    holds, refused = stands(tie, x=1, y=1)
    assert holds is None
    assert "too close to call" in refused
    assert stands(tie, x=1, y=2)[0] is False
    with pytest.raises(NotABound, match="too close"):
        evaluate_bound(tie, "b", {"x": 1, "y": 1})


@pytest.mark.parametrize(
    ("formula", "values", "answer"),
    [
        (And(x > 0, y > 0), {"x": -1}, Answer.FAILS),
        (And(x > 0, y > 0), {"x": 1}, Answer.OPEN),
        (Or(x > 0, y > 0), {"x": 1}, Answer.HOLDS),
        (Or(x > 0, y > 0), {"x": -1}, Answer.OPEN),
        (Or(And(x < 0, sqrt(x) < 1), y > 0), {"x": -1, "y": 0}, Answer.CLOSE),
        (Or(And(x > 0, sqrt(x) < 1), y > 0), {"x": -1, "y": 0}, Answer.FAILS),
        (Implies(x > 0, y > 0), {"x": 0}, Answer.HOLDS),
        (Implies(x > 0, y > 0), {"x": 1, "y": 0}, Answer.FAILS),
        (Ne(x, y), {"x": 1, "y": 1}, Answer.FAILS),
        (Norm(v) <= x, {"x": -1}, Answer.FAILS),
        (Norm(v) <= x, {"x": 1}, Answer.OPEN),
        (x >= Norm(v), {"x": -1}, Answer.FAILS),
        (x <= Norm(v), {"x": -1}, Answer.OPEN),
    ],
)
def test_connectives(formula, values, answer):
    named = made(Bound("b", x + y + Norm(v)))
    assert Decider(read_inputs(named, values))(formula) is answer


def test_hypotheses_count_for_what_claims_something_only():
    small = [Hypothesis("H", x < 1)]
    both = made(Bound("b", x + y, of=("claim",)), Bound("name", x + y), hypotheses=[
        Hypothesis("H", x < y)])  # fmt: skip
    assert stands(both, x=2, y=1)[0] is False
    assert stands(both, "name", x=2, y=1) == (True, "")
    with pytest.raises(InputError, match="out of range"):
        stands(made(Bound("b", x), hypotheses=small), x=2)


# --- the statements that ship ---------------------------------------------------------------


CRITICAL = {**HALF, "e": "0.1"}


@pytest.mark.parametrize(
    ("name", "values", "holds"),
    [
        ("early_stopping.stopping_time_critical", {**CRITICAL, "Lambda": "1/2"}, True),
        ("early_stopping.stopping_time_critical", {**CRITICAL, "Lambda": "0.6"}, False),
        ("early_stopping.stopping_time_critical", {**CRITICAL, "Lambda": "0.4"}, False),
        ("early_stopping.stopping_time_critical", {**CRITICAL, "Lambda": "1/2", "e": 2}, False),
        ("early_stopping.stopping_time_sharp", {**CRITICAL, "Lambda": "0.4"}, True),
        ("early_stopping.stopping_time_sharp", {**CRITICAL, "Lambda": "0.51"}, True),
        ("early_stopping.stopping_time_published", {**CRITICAL, "Lambda": "0.2"}, True),
        ("early_stopping.stopping_time_published", {**CRITICAL, "Lambda": "1/4"}, False),
        ("envelope_squared.envelope_critical", {"a": 0, "b": 1, "w_0": 1, "t": 1}, True),
        ("envelope_squared.envelope_critical", {"a": "0.1", "b": 1, "w_0": 1, "t": 1}, False),
        ("envelope_squared.envelope", {"a": -2, "b": 1, "w_0": 1, "t": 1}, False),
        ("envelope_squared.limit", {"a": "0.5", "b": 1, "w_0": 1}, False),
        ("envelope_squared.limit", {"a": "-0.5", "b": 1, "w_0": 1}, True),
        ("flow_squared.envelope_critical", {**HALF, "Lambda": "1/2", "t": 1}, True),
        ("flow_squared.envelope_critical", {**HALF, "Lambda": "0.3", "t": 1}, False),
        ("flow_published.travel_radius", {**HALF, "Lambda": "0.3"}, False),
        ("flow_published.stability_radius", {**HALF, "Lambda": "0.3"}, True),
        ("flow_sharp.travel_radius", {**HALF, "Lambda": "0.4", "rho": 1}, False),
        ("flow_sharp.travel_radius", {**HALF, "Lambda": "0.4", "rho": 2}, True),
        ("flow_hidden_convex.loss", {"D_0": 1, "u_norm": 1, "t": -1}, False),
        ("kl_power.Psi_exponential", {"c": 1, "alpha": "1/3", "x": 1}, False),
        ("kl_power.inverse_power", {"c": 1, "alpha": "3/4", "tau": 1}, False),
        ("kl_power.inverse_power", {"c": 1, "alpha": "3/4", "tau": -1}, True),
        ("kl_separable_power.psi_small_p", {"m": 3, "p": 3, "x": 1}, False),
        ("kl_separable_pl.psi", {"m": 3, "mu": 1, "r": 1, "x": 4}, False),
        ("kl_error_bound.distance", {"psi(L(v_0))": 1, "L(v_0)": 2, "r_0": 1}, False),
        ("gradient_lower.radius", {"sigma_0": 1, "Lambda": 1, "rho": "0.5"}, False),
        ("recovery_published.error", {"lambda": 1, "e": 1, "distance": 1, "operator_norm": 1,
                                      "misfit": -1}, False),
        ("statistical_dimension_l1.height", {"s": 1, "n": 2, "tau": -1}, False),
        ("trajectory_tube.tube", {"E": 0, "d": 1, "mu": 1, "t": 2, "T": 1}, False),
    ],
)  # fmt: skip
def test_where_the_shipped_bounds_hold(name, values, holds):
    id, _, bound = name.partition(".")
    evaluation = Evaluation(statement(id), read_inputs(statement(id), values))
    if holds:
        assert evaluation.value(bound, 6).upper > -10
        assert evaluation.standing(bound).holds is not False
    else:
        with pytest.raises(NotABound, match="does not hold here: it needs"):
            evaluation.value(bound, 6)


def test_the_critical_time_is_too_early_beyond_the_threshold():
    """It is the general time at q = 1/2, and less than it beyond: it was no bound there."""
    at = {**CRITICAL, "Psi(level)": "4.605", "Psi(L(y(0)))": 0}
    general = evaluate_bound(statement("early_stopping"), "stopping_time_general", {
        **at, "Lambda": "0.55"})  # fmt: skip
    early = Fraction(9, 10) / (Fraction(11, 10) * Fraction(1, 10))
    sharp = evaluate_bound(statement("early_stopping"), "stopping_time_sharp", {
        **CRITICAL, "Lambda": "0.55"})  # fmt: skip
    assert early < sharp.lower < general.upper


@pytest.mark.parametrize(
    ("id", "values"),
    [
        ("flow_sharp", {**HALF, "w_0": -1, "Lambda": "0.1"}),
        ("kl_error_bound", {"psi(L(v_0))": -1}),
    ],
)
def test_a_loss_and_a_misfit_are_not_negative(id, values):
    with pytest.raises(InputError, match="out of range"):
        read_inputs(statement(id), values)


def test_inversion_says_where_the_bound_does_not_hold():
    early, at = statement("early_stopping"), {**HALF, "Lambda": "1/2"}
    found = solve_bound(early, "stopping_time_critical", "e", 9, at, 10)
    assert found.root.lower <= Fraction(1, 10) <= found.root.upper
    with pytest.raises(NotInvertible, match="a = 0"):
        solve_bound(early, "stopping_time_critical", "e", 9, {**at, "Lambda": "0.6"}, 10)
    with pytest.raises(NotInvertible, match="R' < R"):
        solve_bound(statement("flow_published"), "conditioning", "sigma_0", "0.5", {
            "w_0": 1, "sigma_A": 1, "Lambda": 1}, 10)  # fmt: skip
