"""Terms: sorts, canonical binders, and what is identified at construction."""

import pytest
from sympy import Integer, Lambda, Symbol, simplify, sin

from theory.terms import (
    Adjoint,
    Apply,
    Continuous,
    Deriv,
    Gradient,
    Inner,
    InRange,
    IsInteger,
    Norm,
    OperatorNorm,
    Predicate,
    SigmaMin,
    Sort,
    VectorSymbol,
    bound_variable,
    derivative,
    function_of,
    is_zero,
    operator,
    operator_function,
    real,
    real_function,
    sort_of,
    vector,
    vector_function,
)

t, x, y = real("t x y")
v, w = vector("v"), vector("w")
A, B = operator("A"), operator("B")
F, p, J = real_function("F"), vector_function("p"), operator_function("J")


SORTS = {
    Sort.REAL: [x, x * y, Integer(2), F(x), Norm(v), Inner(v, w), OperatorNorm(A), SigmaMin(A),
                Norm(v) * x, derivative(F(x), x), Norm(v) ** 2, x**y],
    Sort.VECTOR: [v, v + w, 2 * v, x * v - w, p(x), p(x) - v, Apply(A, v), Adjoint(A, v),
                  derivative(p(t), t), Norm(v) * w],
    Sort.OPERATOR: [A, A - B, x * A, J(v), J(v) - A],
}  # fmt: skip


@pytest.mark.parametrize(("sort", "term"), [(s, t) for s, ts in SORTS.items() for t in ts], ids=str)
def test_sorts_are_read_off_the_head(sort, term):
    assert sort_of(term) is sort


@pytest.mark.parametrize("term", [v + 1, v * w, A * v, A * B, x + A, v**2, A**2, p(x) + F(x)])
def test_mixed_sorts_are_refused(term):
    with pytest.raises(TypeError):
        sort_of(term)


def test_no_symbol_carries_an_assumption():
    for symbol in (*real("a b"), v, A):
        assert symbol.assumptions0 == {"commutative": True}
    assert real("a") == Symbol("a")
    assert simplify(Norm(v)) == Norm(v)


def test_equal_terms_are_one():
    assert Norm(v - w) == Norm(w - v)
    assert Norm(-v) == Norm(v)
    assert Inner(v, w) == Inner(w, v)
    assert OperatorNorm(A - B) == OperatorNorm(B - A)
    assert Apply(A, v) != Adjoint(A, v)
    assert Inner(-v, w) != Inner(v, w)


def test_a_vector_and_a_number_of_one_name_are_two_things():
    assert VectorSymbol("v") != Symbol("v")
    assert vector("v") == v


def test_functions_of_one_name_and_different_sorts_are_different():
    """SymPy compares undefined functions by name, and hands out cached applications of equals."""
    number, arrow, matrix = real_function("Q"), vector_function("Q"), operator_function("Q")
    assert len({number, arrow, matrix}) == 3
    found = [sort_of(made(x)) for made in (number, arrow, matrix, number, arrow)]
    assert found == [Sort.REAL, Sort.VECTOR, Sort.OPERATOR, Sort.REAL, Sort.VECTOR]
    assert vector_function("Q") == arrow
    assert str(arrow) == "Q"


def test_equal_maps_are_equal():
    assert function_of(x, F(x) + x) == function_of(y, F(y) + y)
    assert function_of(x, F(x) * y) != function_of(y, F(y) * x)
    assert derivative(F(t), t, x) == derivative(F(y), y, x)
    assert derivative(sin(x), x).args[1] == x
    assert derivative(sin(x), x, y).args[1] == y


def test_a_binder_lies_above_the_binders_inside_it():
    inner = derivative(F(t) * x, t, y)
    outer = function_of(x, inner)
    (bound,) = outer.variables
    assert bound not in {b for lam in inner.atoms(Lambda) for b in lam.variables}
    assert outer(3) == derivative(F(t) * 3, t, y)
    assert bound_variable(x + 1) == Symbol("_1")


def test_a_map_on_vectors_binds_a_vector():
    (bound,) = function_of(v, Norm(v)).variables
    assert sort_of(bound) is Sort.VECTOR


def test_a_derivative_is_not_computed_on_construction():
    """That a derivative exists is a claim; SymPy must not decide it."""
    assert isinstance(derivative(x**2, x), Deriv)
    assert isinstance(derivative(x, x), Deriv)
    assert (derivative(x, x) ** 2).args == (derivative(x, x), 2)


def test_predicates_are_compared_by_what_they_say():
    assert IsInteger(2) == IsInteger(Integer(2))
    assert InRange(A, v) != InRange(A, w)
    assert Continuous(function_of(x, F(x)), 0, 1) == Continuous(function_of(y, F(y)), 0, 1)
    assert Gradient(function_of(v, F(v)), function_of(v, p(v))).free_symbols == set()
    assert str(IsInteger(x)) == "IsInteger(x)"
    assert isinstance(IsInteger(x), Predicate)


@pytest.mark.parametrize(("term", "zero"), [(Integer(0), True), (Integer(1), False), (x, False)])
def test_zero_is_a_number(term, zero):
    assert is_zero(term) is zero


def test_the_norm_of_zero_is_zero():
    assert Norm(Integer(0)) == 0
    assert Norm(v - v) == 0
