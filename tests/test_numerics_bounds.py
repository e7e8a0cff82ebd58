"""Bounds of statements at exact values: enclosures, ranges, definitions, one source of formula."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from mpmath import mp, mpf
from sympy import And, Eq, Max, Rational, exp, sqrt

from numerics.bounds import Evaluation, MissingValue, NoValue, evaluate_bound
from numerics.errors import ProblemError
from numerics.inputs.values import InputError, exact_value, read_inputs
from proofs_check.mutants.declared import mutated
from theory.formulas import forall
from theory.losses import loss
from theory.registry import statement
from theory.statement import Bound, Definition, Hypothesis, Quantity, Statement
from theory.terms import IsInteger, Norm, real, real_function, vector

FLOW = {"Lambda": "0.1", "w_0": 1, "sigma_A": 1, "sigma_0": 1}
x, y, c, t, n, k = real("x y c t n k")
v = vector("v")


def made(*bounds, quantities=(), definitions=(), hypotheses=(), conclusions=None):
    """A statement of bounds; what it claims does not matter here."""
    return Statement(
        title="bounds",
        id="made",
        quantities=(Quantity(x, "x", x > 0), Quantity(y, "y"), *quantities),
        hypotheses=tuple(hypotheses),
        conclusions=conclusions or {"trivial": Eq(x, x, evaluate=False)},
        steps=(),
        definitions=tuple(definitions),
        bounds=tuple(Bound(f"b{i}", b) for i, b in enumerate(bounds)),
    )


def contains(enclosure, value):
    """Whether a 60-digit number lies inside, and the enclosure is narrow."""
    return enclosure.lower <= Fraction(str(value)) <= enclosure.upper


@pytest.mark.parametrize("digits", [1, 15, 40, 100])
def test_enclosures_contain_a_reference_and_are_narrow(digits):
    found = evaluate_bound(statement("flow_sharp"), "travel_radius", FLOW, digits)
    with mp.workdps(digits + 40):
        assert contains(found, mp.nstr(2 / (1 + mp.sqrt(mpf(8) / 10)), digits + 30))
    assert 0 < found.width < Fraction(1, 10**digits)


def test_more_digits_nest_inside_fewer():
    found = [evaluate_bound(statement("flow_sharp"), "conditioning", FLOW, d) for d in (3, 9, 50)]
    for wide, narrow in pairwise(found):
        assert wide.lower <= narrow.lower <= narrow.upper <= wide.upper


def test_small_values_are_enclosed_relative_to_themselves():
    found = evaluate_bound(statement("flow_published"), "envelope", {**FLOW, "t": 1000}, 5)
    assert found.lower > 0
    assert found.width < found.lower / 10**5
    tiny = evaluate_bound(statement("flow_published"), "envelope", {**FLOW, "t": 10**30}, 5)
    assert (tiny.lower, tiny.upper) == (0, Fraction(1, 10**6))


def test_rational_values_are_exact():
    found = evaluate_bound(statement("flow_sharp"), "q", FLOW)
    assert (found.lower, found.upper, found.exact) == (Fraction(1, 10),) * 2 + (Rational(1, 10),)


def test_an_exact_zero_under_a_root_is_no_obstacle():
    at_edge = {**FLOW, "Lambda": "0.5"}
    assert evaluate_bound(statement("flow_sharp"), "conditioning", at_edge).upper == 0
    assert evaluate_bound(statement("flow_sharp"), "travel_radius", at_edge).lower == 2


def test_values_are_decimals_and_never_floats():
    at = {**FLOW, "Lambda": "1/3", "w_0": "0.3"}
    assert evaluate_bound(statement("flow_sharp"), "q", at).lower == Fraction(1, 10)
    with pytest.raises(InputError, match="not exact"):
        evaluate_bound(statement("flow_sharp"), "q", {**FLOW, "w_0": 0.5})


@pytest.mark.parametrize(
    "text",
    [
        "nan",
        "inf",
        "1/0",
        "1e99999",
        "0x10",
        "1_0",
        "",
        "1/-3",
        "١",
        "__import__('os')",
        "1" * 3000,
    ],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(InputError, match="s"):
        exact_value(text, "s")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("−2.5", Fraction(-5, 2)),
        (" +3/4 ", Fraction(3, 4)),
        ("1e-3", Fraction(1, 1000)),
        (".5", Fraction(1, 2)),
    ],
)
def test_numbers_are_read_exactly(text, value):
    assert exact_value(text, "s") == value


@pytest.mark.parametrize(
    "names", ["Lambda w_0 sigma_A sigma_0", "Λ w₀ σ_A σ₀", "Λ w0 sigma_A σ_0", "Λ w₀ σ_A sigma0"]
)
def test_names_as_printed_and_in_ascii(names):
    at = dict(zip(names.split(), ("0.1", 1, 1, 1), strict=True))
    found = evaluate_bound(statement("flow_sharp"), "rate", at)
    assert found.lower == found.upper == Fraction(8, 10)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"Lambda": "-1"}, "Λ ≥ 0"),
        ({"sigma_0": 0}, "σ₀ > 0"),
        ({"sigma_B": 1}, "did you mean sigma_A"),
        ({"theta_0": 1}, "a vector and takes no value"),
        ({"σ_A": 2}, "given twice"),
        ({"q": "0.2"}, "contradicts its definition"),
    ],
)
def test_wrong_values_are_refused(change, message):
    with pytest.raises(InputError, match=message):
        evaluate_bound(statement("flow_sharp"), "rate", {**FLOW, **change})


def test_what_is_missing_is_named():
    with pytest.raises(MissingValue, match=r"needs sigma_0, sigma_A;.*sigma_0=\.\.\."):
        evaluate_bound(statement("flow_sharp"), "rate", {"Lambda": 1, "w_0": 1})
    with pytest.raises(ProblemError, match="it gives q, threshold"):
        evaluate_bound(statement("flow_sharp"), "radius", FLOW)


def test_no_value_names_the_term():
    with pytest.raises(NoValue, match=r"1 − 2Λ·w₀.* = -0\.4"):
        evaluate_bound(statement("flow_sharp"), "travel_radius", {**FLOW, "Lambda": "0.7"})
    at = {"a": 0, "b": 1, "w_0": 1, "t": 1}
    with pytest.raises(NoValue, match="1/a"):
        evaluate_bound(statement("envelope_squared"), "envelope", at)


def test_two_differences_of_the_same_value_do_not_cancel():
    ratio = made((x - y) / (y - x + 1 - 1 + c - c + (y - x) ** 2))
    with pytest.raises(NoValue):
        evaluate_bound(ratio, "b0", {"x": 2, "y": 2})


def test_a_defined_symbol_may_be_given_instead_of_its_parts():
    at = {"q": "0.1", "w_0": 1, "sigma_A": 1, "sigma_0": 1}
    direct = evaluate_bound(statement("flow_sharp"), "travel_radius", FLOW)
    assert evaluate_bound(statement("flow_sharp"), "travel_radius", at) == direct
    assert evaluate_bound(statement("flow_sharp"), "travel_radius", {**FLOW, "q": "0.1"}) == direct


def test_functions_take_a_value_or_come_with_a_loss():
    distance = statement("kl_error_bound")
    with pytest.raises(MissingValue, match="or choose a loss"):
        evaluate_bound(distance, "distance", {"L(v_0)": "0.32"})
    assert evaluate_bound(distance, "distance", {"psi(L(v_0))": "0.4"}).lower == Fraction(4, 10)
    found = evaluate_bound(distance, "distance", {"L(v_0)": "0.32"}, loss=loss("squared"))
    assert contains(found, "0.8")
    with pytest.raises(MissingValue, match="needs m"):
        evaluate_bound(distance, "distance", {"L(v_0)": 1}, loss=loss("separable_power", p=4))
    q = evaluate_bound(
        statement("flow_sharp"), "q", {"L(y(0))": "1/2", **FLOW, "w_0": 1}, loss=loss("squared")
    )
    assert q.lower == Fraction(1, 10)
    with pytest.raises(InputError, match="contradicts"):
        evaluate_bound(
            statement("flow_sharp"), "q", {"L(y(0))": "1/2", **FLOW, "w_0": 2}, loss=loss("squared")
        )


def test_a_function_that_is_defined_is_unfolded():
    W = real_function("W")
    s = made(W(t) + 1, definitions=[Definition(W(c), x * c)])
    assert evaluate_bound(s, "b0", {"x": 2, "t": 3}).lower == 7
    with pytest.raises(MissingValue, match="x"):
        evaluate_bound(s, "b0", {"t": 3})


def test_ranges_of_integers_sizes_and_quantified_variables():
    integer = Quantity(n, "number", And(n >= 1, IsInteger(n)))
    claim = {"later": forall((c, t), And(c >= 0, c <= t), x * t >= 0)}
    s = made(n * x, Norm(v), t, quantities=[integer, Quantity(v, "v")], conclusions=claim)
    assert evaluate_bound(s, "b0", {"x": 1, "n": 2}).lower == 2
    for wrong, message in (({"x": 1, "n": "1.5"}, "n = 1.5"), ({"x": 1, "n": 0}, "n ≥ 1")):
        with pytest.raises(InputError, match=message):
            evaluate_bound(s, "b0", wrong)
    assert evaluate_bound(s, "b1", {"‖v‖": "0.5"}).lower == Fraction(1, 2)
    with pytest.raises(InputError, match="‖v‖ ≥ 0"):
        evaluate_bound(s, "b1", {"Norm(v)": "-0.5"})
    with pytest.raises(InputError, match="t ≥ 0"):
        evaluate_bound(s, "b2", {"t": -1})


def test_ranges_between_symbols():
    s = made(k, quantities=[Quantity(n, "n", n > 0), Quantity(k, "k", k <= 2 * n)])
    assert evaluate_bound(s, "b0", {"k": 4, "n": 2}).lower == 4
    with pytest.raises(InputError, match=r"k = 5, n = 2"):
        evaluate_bound(s, "b0", {"k": 5, "n": 2})
    assert evaluate_bound(s, "b0", {"k": 5}).lower == 5, "n is not known"


def test_hypotheses_that_the_values_decide():
    s = made(x, hypotheses=[Hypothesis("small", x <= y), Hypothesis("far", Norm(v) <= x)],
             quantities=[Quantity(v, "v")])  # fmt: skip

    def decided(**values):
        return Evaluation(s, read_inputs(s, values)).hypotheses()

    assert decided(x=1, y=2) == {"small": True}
    assert decided(x=2, y=1) == {"small": False}
    assert decided(x=1) == {}


def test_irrational_parts_are_compared_in_balls():
    s = made(Max(sqrt(x), exp(y)))
    assert contains(evaluate_bound(s, "b0", {"x": 2, "y": 0}), mp.nstr(mp.sqrt(2), 15)) is False
    found = evaluate_bound(s, "b0", {"x": 2, "y": 0}, 20)
    assert found.lower**2 < 2 < found.upper**2


def test_huge_exponents_cost_nothing():
    s = made(x**y, y ** (10**9))
    with pytest.raises(NoValue, match="too large"):
        evaluate_bound(s, "b0", {"x": "1.5", "y": 10**12})
    assert evaluate_bound(s, "b1", {"y": "0.5"}).upper <= Fraction(1, 10**30)


def test_one_source_of_a_formula():
    """A mutant of the statement has another value."""
    sharp = statement("flow_sharp")
    mutant = mutated(sharp, next(m for m in sharp.mutants if m.name == "ρ* shrunk by 1%"))
    before = evaluate_bound(sharp, "travel_radius", FLOW)
    after = evaluate_bound(mutant, "travel_radius", FLOW)
    assert after.upper < before.lower
    assert abs(after.lower / before.lower - Fraction(99, 100)) < Fraction(1, 10**20)
    changed = replace(sharp, bounds=(Bound("travel_radius", 2 * x),))
    with pytest.raises(MissingValue):
        evaluate_bound(changed, "travel_radius", FLOW)
