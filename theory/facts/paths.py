"""Cited facts on paths: mean values, compositions, first return, sums (THEORY section 11)."""

from sympy import And, Eq

from theory.facts.calculus import HAS_DERIVATIVE, ON_INTERVAL, F, S, T, a, b, c, f, p, p_dot, x
from theory.facts.gradients import IS_GRADIENT, VELOCITY, A, G, J, ell, g, v, z
from theory.facts.linear_algebra import M
from theory.facts.schema import Basis, Fact
from theory.formulas import forall
from theory.terms import (
    Adjoint,
    Apply,
    Gradient,
    Inner,
    IsInteger,
    Jacobian,
    Norm,
    derivative,
    function_of,
    real,
    real_function,
)

n = real("n")
S_of, B_of = real_function("S"), real_function("B")
IS_JACOBIAN = Jacobian(function_of(z, g(z)), function_of(z, J(z)))
pulled_back = Adjoint(J(v), Adjoint(A, G(Apply(A, g(v)))))

FACTS = (
    Fact(
        "mean_value_inequality",
        "Mean value inequality: a curve whose speed is at most F' moves by at most the growth "
        "of F.",
        "rudin1976",
        Basis.MONOTONE,
        (p, p_dot, F, f, a, b),
        {"": Norm(p(b) - p(a)) <= F(b) - F(a)},
        {
            "ordered": a <= b,
            "velocity": forall(x, ON_INTERVAL, Eq(derivative(p(x), x), p_dot(x))),
            "derivative": HAS_DERIVATIVE,
            "speed": forall(x, ON_INTERVAL, Norm(p_dot(x)) <= f(x)),
        },
    ),
    Fact(
        "difference_quotient",
        "What holds of all chords from p(a) holds of the derivative there: ‖Mp'(a)‖ ≥ c‖p'(a)‖ "
        "(limit of difference quotients).",
        "rudin1976",
        Basis.DERIVATIVE,
        (p, M, v, a, b, c),
        {"": Norm(Apply(M, v)) >= c * Norm(v)},
        {
            "ordered": a < b,
            "slope": Eq(derivative(p(x), x, a), v),
            "chords": forall(
                x,
                And(a < x, x <= b),
                Norm(Apply(M, p(x) - p(a))) >= c * Norm(p(x) - p(a)),
            ),
        },
    ),
    Fact(
        "first_return",
        "A differentiable function that is zero at a, falls there, and is not negative at b has "
        "a first zero T after a (intermediate value theorem).",
        "rudin1976",
        Basis.FIRST_EXIT,
        (F, f, a, b, T),
        {
            "at": And(a < T, T <= b, Eq(F(T), 0)),
            "before": forall(x, And(a < x, x < T), F(x) < 0),
        },
        {
            "ordered": a < b,
            "derivative": HAS_DERIVATIVE,
            "start": Eq(F(a), 0),
            "slope": f(a) < 0,
            "end": F(b) >= 0,
        },
        (T,),
    ),
    Fact(
        "chain_rule_map",
        "Chain rule for a C¹ map along a differentiable curve p.",
        "rudin1976",
        Basis.CHAIN_RULE,
        (g, J, p, p_dot),
        {"": forall(x, x >= 0, Eq(derivative(g(p(x)), x), Apply(J(p(x)), p_dot(x))))},
        {"jacobian": IS_JACOBIAN, "velocity": VELOCITY},
    ),
    Fact(
        "componentwise",
        "A curve is differentiable when its inner products with all vectors are, and these are "
        "then the derivative's.",
        "rudin1976",
        Basis.DERIVATIVE,
        (p, S_of, B_of, p_dot),
        {
            "velocity": VELOCITY,
            "components": forall((x, v), x >= 0, Eq(Inner(p_dot(x), v), B_of(x, v))),
        },
        {
            "components": forall((x, v), x >= 0, Eq(Inner(p(x), v), S_of(x, v))),
            "rates": forall((x, v), x >= 0, Eq(derivative(S_of(x, v), x), B_of(x, v))),
        },
        (p_dot,),
    ),
    Fact(
        "pullback_gradient",
        "Chain rule: the gradient of ℓ(A g(v)) is J(v)ᵀAᵀ∇ℓ(A g(v)).",
        "rudin1976",
        Basis.CHAIN_RULE,
        (ell, G, g, J, A),
        {"": Gradient(function_of(v, ell(Apply(A, g(v)))), function_of(v, pulled_back))},
        {"gradient": IS_GRADIENT, "jacobian": IS_JACOBIAN},
    ),
    Fact(
        "partial_sums",
        "A sequence has partial sums (recursion).",
        "rudin1976",
        Basis.NUMBERS,
        (f, S),
        {
            "start": Eq(S(0), 0),
            "next": forall(n, And(IsInteger(n), n >= 0), Eq(S(n + 1), S(n) + f(n))),
        },
        {},
        (S,),
    ),
)
