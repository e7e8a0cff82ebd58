"""Instances in coordinates: what holds on them is proved, what does not is not, sizes are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sympy import (
    Abs,
    Eq,
    Integer,
    Lambda,
    Le,
    Max,
    Min,
    Piecewise,
    Rational,
    Symbol,
    cosh,
    exp,
    sqrt,
    true,
)

from proofs_check.verdict import Outcome, Verdict, undecided
from proofs_check.witnesses import foresight
from proofs_check.witnesses.foresight import decide_together
from proofs_check.witnesses.genericity import degenerate, of_instance, shortfall
from proofs_check.witnesses.instances import Inspection
from proofs_check.witnesses.lengths import without_roots, without_signs
from theory.formulas import ForAll, forall
from theory.instances import Instance, by_index, coordinates, mapping
from theory.registry import statement, statement_ids
from theory.statement import Definition, Hypothesis, Quantity, Statement
from theory.statements._separable import in_space
from theory.terms import (
    Adjoint,
    Apply,
    Gradient,
    Inner,
    InRange,
    IsInteger,
    Jacobian,
    Norm,
    OperatorNorm,
    SigmaMin,
    derivative,
    function_of,
    operator,
    operator_function,
    real,
    real_function,
    vector,
    vector_function,
)

A, B, v, w, z = operator("A"), operator("B"), vector("v"), vector("w"), vector("z")
x, y = vector("x"), vector("y")  # bound
a, t, i, k = real("a t i k")
L, chi, phi = real_function("L"), real_function("chi"), real_function("phi")
g, p, V = vector_function("g"), vector_function("p"), vector_function("V")
J = operator_function("J")

x_1, x_2, x_3 = place = coordinates("x", 3)
SQUARES = (x_1**2 / 2, x_2**2 / 2, x_1 * x_3)
VALUES: dict[Any, Any] = {
    A: ((1, 1, 0), (0, 0, 2)),
    v: (1, -1, 2),
    w: (1, -1),
    z: (0, 3, 4),
    a: 2,
    k: 3,
    L: mapping(place, x_1**2 + x_2**2 + x_3**2),
    p: mapping(place, (2 * x_1, 2 * x_2, 2 * x_3)),
    g: mapping(place, SQUARES),
    J: mapping(place, ((x_1, 0, 0), (0, x_2, 0), (x_3, 0, x_1))),
    V: by_index((1, 0, 0), (0, 2, 0), mapping((), (0, 0, Rational(1, 3)))),
    chi: mapping(place, Min(x_1, x_2)),
    phi: mapping(t, (1 + t) ** 2),
}


def verdict(claim: Any, changed: dict[Any, Any] | None = None) -> Verdict:
    """Return what is decided of a claim on the instance."""
    values = {**VALUES, **(changed or {})}
    quantities = tuple(Quantity(symbol, "a quantity") for symbol in values)
    made = Statement("a test", quantities, (Hypothesis("h", claim),), {"c": claim}, ())
    (found,) = Inspection(made, Instance("a test", values)).decide_hypotheses()
    return found.verdict


neuron = (IsInteger(i), i >= 1)
TRUE = {
    "a vector seen": Eq(Apply(A, v), 4 * w - 4 * w + Apply(A, v), evaluate=False),
    "length": Eq(Norm(z), 5, evaluate=False),
    "adjoint": forall((x, y), true, Eq(Inner(Apply(A, x), y), Inner(x, Adjoint(A, y)))),
    "norm of 2 × 3": Eq(OperatorNorm(A), a, evaluate=False),
    "smallest": Eq(SigmaMin(A) ** 2, 2, evaluate=False),
    "norm bounded": OperatorNorm(J(v)) <= 3,
    "slopes of the ball": forall(x, Norm(x) <= a, OperatorNorm(J(x)) <= 2 * a),
    "gradient": Gradient(function_of(x, L(x)), function_of(x, p(x))),
    "jacobian": Jacobian(function_of(x, g(x)), function_of(x, J(x))),
    "in the range": forall(y, true, InRange(A, y)),
    "cone": forall(x, chi(x) >= 0, Norm(Apply(A, x)) >= Norm(x)),
    "sum over a family": Eq(sum(Norm(V(n)) ** 2 for n in (1, 2, 3)), Rational(46, 9)),
    "each neuron": ForAll((i,), neuron[0] & neuron[1] & (i <= k), Norm(V(i)) <= 2),
    "all that follow": ForAll((i,), neuron[0] & neuron[1], Norm(V(i)) <= 2),
    "derivative": forall(t, t >= 0, Eq(derivative(phi(t), t), 2 + 2 * t)),
    "the zero vector": Eq(L(0 * v), 0, evaluate=False),
}  # fmt: skip
FALSE = {
    "length": Norm(z) <= Rational(499, 100),
    "adjoint": forall((x, y), true, Eq(Inner(Apply(A, x), y), 2 * Inner(x, Adjoint(A, y)))),
    "norm of 2 × 3": OperatorNorm(A) <= Rational(199, 100),
    "smallest": SigmaMin(A) >= Rational(3, 2),
    "norm bounded": OperatorNorm(J(v)) <= 2,
    "slopes of the ball": forall(x, Norm(x) <= a, OperatorNorm(J(x)) <= 1),
    "gradient": Gradient(function_of(x, L(x)), function_of(x, 2 * p(x))),
    "jacobian": Jacobian(function_of(x, 2 * g(x)), function_of(x, J(x))),
    "cone": forall(x, chi(x) >= 0, Norm(Apply(A, x)) >= Rational(101, 100) * Norm(x)),
    "no cone": forall(x, true, Norm(Apply(A, x)) >= Norm(x)),
    "each neuron": ForAll((i,), neuron[0] & neuron[1] & (i <= k), Norm(V(i)) <= 1),
    "all that follow": ForAll((i,), neuron[0] & neuron[1], Norm(V(i)) >= Rational(1, 2)),
    "derivative": forall(t, t >= 0, Eq(derivative(phi(t), t), 2 + t)),
    "σ_min of more rows than columns": SigmaMin(B) >= Rational(1, 100),
}  # fmt: skip


@pytest.mark.parametrize("name", TRUE)
def test_what_holds_is_proved(name: str) -> None:
    assert verdict(TRUE[name]) is Verdict.PROVED


@pytest.mark.parametrize("name", FALSE)
def test_what_does_not_hold_is_not(name: str) -> None:
    tall = {B: ((1, 0), (0, 1), (1, 1))}
    assert verdict(FALSE[name], tall) is not Verdict.PROVED


OPEN: dict[str, tuple[Any, dict[Any, Any]]] = {
    "spaces that do not fit": (Eq(Apply(A, w), w, evaluate=False), {}),
    "a function of too few coordinates": (L(w) >= 0, {}),
    "a vector that nothing places": (forall(x, true, Norm(x) >= 0), {}),
    "a slope that may jump": (
        Gradient(function_of(x, L(x)), function_of(x, p(x))),
        {L: mapping(place, x_1), p: mapping(place, (Piecewise((1, x_1 > 0), (1, x_2 > 0)), 0, 0))},
    ),
    "the family before its first": (Norm(V(Integer(0))) >= 0, {}),
}  # fmt: skip


@pytest.mark.parametrize("name", OPEN)
def test_what_is_not_readable_is_undecided(name: str) -> None:
    claim, changed = OPEN[name]
    assert verdict(claim, changed) is Verdict.UNDECIDED


def test_a_definition_that_is_given_too_has_to_agree() -> None:
    head = p(t)
    for value, holds in (((t, 2 * t), True), ((t, t), False)):
        made = Statement(
            "a test",
            (Quantity(A, "an operator"), Quantity(g, "a curve")),
            (Hypothesis("h", forall(t, t >= 0, Norm(p(t)) >= 0)),),
            {"c": forall(t, t >= 0, Norm(p(t)) >= 0)},
            (),
            definitions=(Definition(head, Apply(A, g(t))),),
        )
        values = {A: ((1, 0), (0, 2)), g: mapping(t, (t, t)), p: mapping(t, value)}
        decided = Inspection(made, Instance("a test", values)).decide_hypotheses()
        assert all(h.verdict is Verdict.PROVED for h in decided) is holds


# ---------------------------------------------------------------- the statements' own instances

WRONG: list[tuple[str, str, Any, str]] = [
    ("recovery_published", "lambda", Rational(301, 100), "H_injective"),
    ("recovery_published", "e", 7, "H_noise"),
    ("recovery_published", "Lambda", 8, "H_threshold"),
    ("recovery_published", "y_obs", (Rational(29, 8), 5), "H_argmin"),
    ("recovery_vacuity", "lambda", Rational(1, 100), "H_injective"),
    ("recovery_vacuity", "z_0", (4, -2, 2), "H_kernel"),
    ("recovery_vacuity", "J", mapping(place, ((1, 0, 0), (0, 1, 0), (0, 0, 1))), "H_generator"),
    ("gradient_lower", "Lambda", Rational(5, 4), "H_Lip0"),
    ("gradient_lower", "sigma_0", Rational(101, 100), "H_sigma_0"),
    ("gradient_lower", "sigma_A", 6, "H_sigma_A"),
    ("conic_subspace", "mu", Rational(101, 100), "H_smallest"),
    ("conic_subspace", "e", (1, 0), "H_eigenvector"),
    ("conic_circular", "lambda", Rational(61, 100), "H_lower"),
    ("conic_circular", "tau", 2, "H_certificate"),
    ("descent_rate", "gamma", Rational(1, 8), "GD"),
    ("descent_rate", "sigma_0", Rational(3, 4), "H_sigma_0"),
    ("two_layer_gram", "u", (2, 1), "H_weakest"),
    ("reduction_dual", "u", (1, 1), "GF_W"),
    ("neuron_invariant", "A", ((1, 2, 0), (0, 1, 3)), "GF_V"),
    ("init_gram_w", "C_dphi", Rational(1, 2), "H_slope_moment"),
    ("init_gram_w", "D", Rational(99, 100), "H_columns"),
    ("init_output", "N", 5, "H_coordinates"),
    ("init_output", "s", Rational(99, 100), "H_entries"),
    ("width_w", "p_J", Rational(1, 10), "H_gram_width"),
    ("gordon", "t", 1, "H_count"),
    ("kl_error_bound", "r_0", 1, "H_start"),
    ("kl_error_bound", "v_infinity", (1, -2, 1), "v_infinity"),
]


@pytest.mark.parametrize(("id", "name", "value", "broken"), WRONG)
def test_an_instance_with_another_value_is_no_witness(
    id: str, name: str, value: Any, broken: str
) -> None:
    made = statement(id)
    assert made.instance is not None
    values = {s: value if str(s) == name else v for s, v in made.instance.values.items()}
    assert any(str(s) == name for s in values)
    right, wrong = (
        Inspection(made, replace(made.instance, values=v), seconds=2)
        for v in (made.instance.values, values)
    )
    assert right.check(right.wanted[broken]).proved
    assert not wrong.check(wrong.wanted[broken]).proved


@pytest.mark.parametrize("id", statement_ids())
def test_every_witness_is_generic_or_says_why(id: str) -> None:
    """Sizes are read off the instance; certify says what is not generic about a problem."""
    made = statement(id)
    assert not shortfall(made) or made.degenerate


FLAT = {
    "m = n": ({A: ((1, 0), (0, 1))}, "A is 2 × 2"),
    "one measurement": ({A: ((1, 0),)}, "A is 1 × 2"),
    "a vector of one entry": ({v: (3,)}, "v is 1"),
    "one neuron": ({k: 1}, "k = 1"),
    "Λ = 0": ({real("Lambda"): 0}, "Lambda = 0"),
    "w₀ = 0": ({real("w_0"): sqrt(0)}, "w_0 = 0"),
    "no noise": ({vector("noise"): (0, 0)}, "noise = 0"),
}


@pytest.mark.parametrize("name", FLAT)
def test_a_flat_instance_says_so(name: str) -> None:
    changed, reason = FLAT[name]
    values = {A: ((1, 0, 1), (0, 1, 0)), v: (1, 2, 3), k: 2, **changed}
    ranges = {k: IsInteger(k)}
    quantities = tuple(Quantity(s, "a quantity", ranges.get(s, true)) for s in values)
    claim = a >= 0
    made = Statement("a test", (*quantities, Quantity(a, "a")), (), {"c": claim}, ())
    reading = Inspection(made, Instance("a test", {**values, a: 1}))
    assert of_instance(reading) == (reason,)
    assert degenerate(replace(made, degenerate="why"), (reason,)) == f"{reason}: why"


def test_a_generic_instance_lacks_nothing() -> None:
    made = statement("recovery_published")
    assert made.instance is not None
    assert of_instance(Inspection(made, made.instance)) == ()


# ---------------------------------------------------------------- simpler forms

b, c = Symbol("b"), Symbol("c")
SIMPLER = [
    (2 * sqrt(b**2 + c**2) <= 3 * Abs(a) * sqrt(c**2), None),
    (2 * sqrt(b**2 + c**2) <= 3 * sqrt(c**2), 4 * b**2 + 4 * c**2 <= 9 * c**2),
    (sqrt(b**2 + c**2) >= -1, None),
    (sqrt(b + c) <= 1, None),
    (cosh(b) <= exp(c), None),
]


def test_roots_go_only_where_both_sides_are_lengths() -> None:
    assert without_roots(SIMPLER[1][0]) == SIMPLER[1][1]
    for relation in (SIMPLER[2][0], SIMPLER[3][0]):
        assert without_roots(relation) == relation
    assert "log" in str(without_roots(SIMPLER[4][0]))


def test_extremes_are_compared_term_by_term() -> None:
    assert set(without_roots(Min(b, c) >= 1).args) == {Le(1, b), Le(1, c)}
    assert set(without_roots(Max(b, c) <= 1).args) == {Le(b, 1), Le(c, 1)}
    assert without_roots(Min(b, c) <= 1) == (Min(b, c) <= 1)


def test_even_functions_forget_signs_and_others_do_not() -> None:
    assert without_signs(Abs(b) ** 2 + cosh(Abs(c))) == b**2 + cosh(c)
    assert without_signs(Abs(b) ** 3) == Abs(b) ** 3
    assert without_signs(exp(Abs(b))) == exp(Abs(b))


def test_a_batch_that_does_not_come_back_is_decided_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    formulas = [forall(b, b >= 1, b**2 >= 1), forall(b, b >= 1, b**2 >= 2)]
    for lost in (False, True):
        if lost:
            monkeypatch.setattr(foresight, "settle_all", _without_answers)
        monkeypatch.setattr("proofs_check.engines._DECIDED", {})
        verdicts = [o.verdict for o in decide_together(formulas)]
        assert verdicts == [Verdict.PROVED, Verdict.REFUTED]


def _without_answers(asked: Any, seconds: float) -> Iterator[Outcome]:
    """Stand for a process that is lost with the first question."""
    yield undecided("gave up after 1 s")


def test_separable_instances_are_off_everywhere() -> None:
    made = in_space("a test", b, b, {})
    assert isinstance(next(iter(made.values.values())), int)
    assert all(isinstance(m, Lambda) for m in made.values[real_function("e")])
