"""Cited facts on gradients, chain rules and gradient curves (THEORY section 11)."""

from sympy import Eq, oo, true

from theory.facts.schema import Fact
from theory.formulas import forall
from theory.terms import (
    Adjoint,
    Apply,
    Continuous,
    Gradient,
    Inner,
    Jacobian,
    Norm,
    derivative,
    function_of,
    operator,
    operator_function,
    real,
    real_function,
    vector,
    vector_function,
)

x = real("x")
v, v_0, z = vector("v"), vector("v_0"), vector("z")
A = operator("A")
ell, rho, rho_1 = real_function("ell"), real_function("rho"), real_function("rho_1")
G, g, p, p_dot, y = (vector_function(n) for n in ("G", "g", "p", "p_dot", "y"))
J = operator_function("J")

IS_GRADIENT = Gradient(function_of(v, ell(v)), function_of(v, G(v)))

FACTS = (
    Fact(
        "chain_rule",
        "Chain rule for a C¹ function of A g(p(x)) along a differentiable curve p.",
        "rudin1976",
        (ell, G, g, J, A, p, p_dot, y),
        {
            "": forall(
                x,
                x >= 0,
                Eq(derivative(ell(y(x)), x), Inner(Adjoint(J(p(x)), Adjoint(A, G(y(x)))), p_dot(x))),
            )
        },
        {
            "gradient": IS_GRADIENT,
            "jacobian": Jacobian(function_of(z, g(z)), function_of(z, J(z))),
            "output": forall(x, x >= 0, Eq(y(x), Apply(A, g(p(x))))),
            "velocity": forall(x, x >= 0, Eq(derivative(p(x), x), p_dot(x))),
        },
    ),
    Fact(
        "continuous_pullback",
        "Along a differentiable curve p, p' = −J(p)ᵀAᵀG(A g(p)) is continuous when G is the "
        "gradient of a C¹ function and J the Jacobian of a C¹ map.",
        "rudin1976",
        (ell, G, g, J, A, p, p_dot, y),
        {"": Continuous(function_of(x, p_dot(x)), 0, oo)},
        {
            "gradient": IS_GRADIENT,
            "jacobian": Jacobian(function_of(z, g(z)), function_of(z, J(z))),
            "output": forall(x, x >= 0, Eq(y(x), Apply(A, g(p(x))))),
            "velocity": forall(x, x >= 0, Eq(derivative(p(x), x), p_dot(x))),
            "flow": forall(
                x, x >= 0, Eq(p_dot(x), -Adjoint(J(p(x)), Adjoint(A, G(y(x)))), evaluate=False)
            ),
        },
    ),
    Fact(
        "fermat",
        "The gradient of a non-negative C¹ function vanishes where the function does.",
        "rudin1976",
        (ell, G, z),
        {"": Eq(G(z), 0)},
        {
            "gradient": IS_GRADIENT,
            "nonnegative": forall(v, true, ell(v) >= 0),
            "zero": Eq(ell(z), 0),
        },
    ),
)
