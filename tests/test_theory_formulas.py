"""Substitution neither captures nor evaluates; canonical forms identify what is equal."""

import pytest
from sympy import And, Eq, Implies, Lambda, Ne, Or, Piecewise, Sum, Symbol, exp, sqrt, true
from sympy.core.relational import Ge, Gt, Le, Lt

from theory.formulas import (
    ForAll,
    canonical,
    conjuncts,
    forall,
    free_symbols,
    functions_in,
    parts,
    substitute,
)
from theory.terms import (
    Deriv,
    IsInteger,
    Norm,
    derivative,
    function_of,
    real,
    real_function,
    vector,
)

t, x, y, z = real("t x y z")
F, f, G = (real_function(name) for name in ("F", "f", "G"))
v, w = vector("v"), vector("w")


def test_substitution_is_simultaneous():
    assert substitute(x - y, {x: y, y: x}) == y - x
    assert substitute(x < y, {x: y, y: x}) == Lt(y, x, evaluate=False)


def test_substitution_replaces_functions_and_their_arguments_at_once():
    assert substitute(F(F(x)), {F: Lambda(t, t**2)}) == x**4
    assert substitute(F(x) + x, {F: G, x: y}) == G(y) + y
    assert substitute(F(x), {F: Lambda(t, t + x), x: y}) == x + y  # x in the value is another x


def test_a_relation_stays_a_relation():
    """SymPy would answer True; a claim must not vanish on the way."""
    found = substitute(x < y, {x: 0, y: 1})
    assert isinstance(found, Lt)
    assert found.args == (0, 1)
    assert isinstance(substitute(Eq(F(x), y), {F: Lambda(t, t), y: x}), Eq)
    assert isinstance(substitute(Implies(x < 0, y < 0), {y: x}), Implies)


def test_a_false_relation_is_not_lost_in_a_conjunction():
    found = substitute(And(x < 1, y < 1), {x: 2, y: 0})
    assert found != true
    assert isinstance(found, And)
    assert Lt(2, 1, evaluate=False) in found.args


def test_a_bound_variable_is_not_replaced():
    claim = forall(x, x > y, F(x) > y)
    assert substitute(claim, {x: z}) == claim
    assert substitute(claim, {y: z}) == forall(x, x > z, F(x) > z)


def test_a_bound_variable_makes_way_for_what_is_put_in():
    """For all x: x > y, at y = x + 1, is about two different x."""
    found = substitute(forall(x, true, x > y), {y: x + 1})
    (bound,) = found.variables
    assert bound != x
    assert found.body == Gt(bound, x + 1, evaluate=False)
    assert x in free_symbols(found)


def test_a_function_put_in_is_not_captured_either():
    found = substitute(forall(x, true, F(1) > x), {F: Lambda(t, t * x)})
    (bound,) = found.variables
    assert found.body == Gt(x, bound, evaluate=False)
    assert bound != x


def test_the_variable_of_a_lambda_makes_way_too():
    inner = Lambda(t, t + y)
    found = substitute(Deriv(inner, x), {y: t})
    assert found.args[0](5) == 5 + t
    nested = substitute(Deriv(function_of(x, F(x) + y), x), {y: Symbol("_1")})
    assert nested.args[0](7) == F(7) + Symbol("_1")


def test_a_moved_binder_does_not_capture_another():
    """At u = x, the map z ↦ ∂g(s, z)/∂s of a parameter z must not turn into ∂g(s, s)/∂s."""
    slope = function_of(z, derivative(G(t) * z, t, 3))
    found = substitute(Deriv(function_of(x, F(x)), y), {F: slope})
    outer = found.args[0]
    assert canonical(outer(5)) == derivative(G(t) * 5, t, 3)
    (inner,) = outer.expr.atoms(Lambda)
    assert inner.variables != outer.variables


def test_primes_that_are_taken_are_not_taken_again():
    primed = Symbol("x'")
    found = substitute(forall(x, true, x > y + primed), {y: x + z})
    (bound,) = found.variables
    assert found.body == Gt(bound, x + z + primed, evaluate=False)
    assert bound not in {x, primed}
    both = substitute(forall((x, primed), x < primed, x > y), {y: x})
    assert len(set(both.variables)) == 2
    assert x in free_symbols(both)


def test_a_derivative_keeps_its_point():
    assert substitute(derivative(F(x), x), {x: y}) == derivative(F(x), x, y)
    assert substitute(derivative(F(x) * z, x), {x: 0, z: y}) == Deriv(function_of(x, F(x) * y), 0)


def test_an_instance_is_an_implication_from_its_domain():
    claim = forall(x, And(x > 0, x < y), F(x) > 0)
    domain, body = claim.at({x: y**2}).args
    assert domain == And(Gt(y**2, 0, evaluate=False), Lt(y**2, y, evaluate=False))
    assert body == (F(y**2) > 0)
    assert forall(x, true, F(x) > 0).at({x: 2}) == (F(2) > 0)


@pytest.mark.parametrize("variables", [(), (x, x)])
def test_bound_variables_are_distinct_and_present(variables):
    with pytest.raises(ValueError, match="bound variable"):
        ForAll(variables, true, x > 0)


_1, _2, _3 = real("_1 _2 _3")
SAME = [
    (
        Eq(Deriv(Lambda(_1, Deriv(Lambda(_2, G(_2) * F(_1)), x)), y), 1),
        Eq(Deriv(Lambda(_2, Deriv(Lambda(_1, G(_1) * F(_2)), x)), y), 1),
    ),
    (
        Eq(Deriv(Lambda(_3, Deriv(Lambda(_1, G(_1) * F(_3)), x)), y), 1),
        Eq(Deriv(Lambda(_1, Deriv(Lambda(_3, G(_3) * F(_1)), x)), y), 1),
    ),
    (x < y, y > x),
    (x <= y, y >= x),
    (forall(x, x > 0, F(x) > 0), forall(z, 0 < z, 0 < F(z))),  # noqa: SIM300
    (forall((x, y), x < y, F(x) < F(y)), forall((t, z), t < z, F(t) < F(z))),
    (Eq(Deriv(Lambda(t, F(t)), x), 1), Eq(Deriv(Lambda(z, F(z)), x), 1)),
    (And(x < y, y > z), And(z < y, x < y)),
    (forall(v, true, Norm(v) >= 0), forall(w, true, Norm(w) >= 0)),
]
DIFFERENT = [
    (
        Eq(Deriv(Lambda(_1, Deriv(Lambda(_2, G(_2) * F(_1)), x)), y), 1),
        Eq(Deriv(Lambda(_1, Deriv(Lambda(_1, G(_1) * F(_1)), x)), y), 1),
    ),
    (x < y, x <= y),
    (x < y, y < x),
    (Eq(x, y), Ne(x, y)),
    (forall(x, x > 0, F(x) > 0), forall(x, x >= 0, F(x) > 0)),
    (forall(x, true, F(x) > 0), F(x) > 0),
    (forall((x, y), true, F(x) < F(y)), forall((x, y), true, F(y) < F(x))),
    (forall(v, true, IsInteger(v)), forall(x, true, IsInteger(x))),
    (And(x < y, y < z), Or(x < y, y < z)),
    (Implies(x < y, y < z), Implies(y < z, x < y)),
    (Eq(Deriv(Lambda(t, F(t)), x), 1), Eq(Deriv(Lambda(t, F(-t)), x), 1)),
    (F(x) > 0, G(x) > 0),
]


@pytest.mark.parametrize(("one", "other"), SAME, ids=str)
def test_canonical_forms_of_one_claim_are_equal(one, other):
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT, ids=str)
def test_canonical_forms_of_different_claims_differ(one, other):
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize("claim", [c for pair in SAME + DIFFERENT for c in pair], ids=str)
def test_canonical_form_is_a_projection(claim):
    assert canonical(canonical(claim)) == canonical(claim)
    assert free_symbols(canonical(claim)) == free_symbols(claim)
    assert functions_in(canonical(claim)) == functions_in(claim)


def test_free_symbols_and_functions():
    claim = forall(x, x > y, F(x) > exp(z))
    assert free_symbols(claim) == {y, z}
    assert functions_in(claim) == {F}
    assert list(parts(claim)) == [x > y, F(x) > exp(z)]
    assert functions_in(function_of(x, F(x) + f(0))) == {F, f}


def test_conjuncts():
    assert conjuncts(true) == ()
    assert conjuncts(x < y) == (x < y,)
    assert set(conjuncts(And(x < y, y < z))) == {x < y, y < z}


def test_a_case_distinction_survives_substitution():
    """SymPy would merge or evaluate branches; the other branch must not be lost."""
    cases = Piecewise((sqrt(x), x > 1), (x**2, True))
    assert substitute(cases, {x: 4}) == 2
    assert substitute(cases, {x: 0}) == 0
    kept = substitute(cases, {x: y + 1})
    assert [pair.args[0] for pair in kept.args] == [sqrt(y + 1), (y + 1) ** 2]


@pytest.mark.parametrize("head", [Le, Lt, Ge, Gt])
def test_writing_a_relation_the_other_way_round_changes_nothing(head):
    assert canonical(head(x, y)) == canonical(head(x, y).reversed)
    assert canonical(head(x, y)) != canonical(head(y, x))


def test_what_does_not_occur_in_a_sum_leaves_its_index_alone():
    i, j, k = real("i j k")
    total = Sum(F(i), (i, 1, k))
    assert substitute(total, {j: i}) == total
    assert substitute(total + j, {j: i}) == total + i
    moved = substitute(Sum(F(i) * j, (i, 1, k)), {j: i})
    assert i in moved.free_symbols
