"""Cited facts on gradients, chain rules and gradient curves (THEORY section 11)."""

from sympy import Eq, oo, true

from theory.facts.schema import Basis, Fact
from theory.formulas import forall
from theory.terms import (
    Adjoint,
    Apply,
    Continuous,
    ConvergesTo,
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

c, x = real("c x")
v, v_0, z = vector("v"), vector("v_0"), vector("z")
A = operator("A")
ell, rho, rho_1 = real_function("ell"), real_function("rho"), real_function("rho_1")
G, g, p, p_dot, y = (vector_function(n) for n in ("G", "g", "p", "p_dot", "y"))
J = operator_function("J")

IS_GRADIENT = Gradient(function_of(v, ell(v)), function_of(v, G(v)))
VELOCITY = forall(x, x >= 0, Eq(derivative(p(x), x), p_dot(x)))

FACTS = (
    Fact(
        "chain_rule",
        "Chain rule for a C¹ function of A g(p(x)) along a differentiable curve p.",
        "rudin1976",
        Basis.CHAIN_RULE,
        (ell, G, g, J, A, p, p_dot, y),
        {
            "": forall(
                x,
                x >= 0,
                Eq(
                    derivative(ell(y(x)), x), Inner(Adjoint(J(p(x)), Adjoint(A, G(y(x)))), p_dot(x))
                ),
            )
        },
        {
            "gradient": IS_GRADIENT,
            "jacobian": Jacobian(function_of(z, g(z)), function_of(z, J(z))),
            "output": forall(x, true, Eq(y(x), Apply(A, g(p(x))))),
            "velocity": forall(x, x >= 0, Eq(derivative(p(x), x), p_dot(x))),
        },
    ),
    Fact(
        "continuous_pullback",
        "Along a differentiable curve p, p' = −J(p)ᵀAᵀG(A g(p)) is continuous when G is the "
        "gradient of a C¹ function and J the Jacobian of a C¹ map.",
        "rudin1976",
        Basis.CONTINUITY,
        (ell, G, g, J, A, p, p_dot, y),
        {"": Continuous(function_of(x, p_dot(x)), 0, oo)},
        {
            "gradient": IS_GRADIENT,
            "jacobian": Jacobian(function_of(z, g(z)), function_of(z, J(z))),
            "output": forall(x, true, Eq(y(x), Apply(A, g(p(x))))),
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
        Basis.DERIVATIVE,
        (ell, G, z),
        {"": Eq(G(z), 0)},
        {
            "gradient": IS_GRADIENT,
            "nonnegative": forall(v, true, ell(v) >= 0),
            "zero": Eq(ell(z), 0),
        },
    ),
    Fact(
        "chain_rule_along",
        "Chain rule for a C¹ function along a differentiable curve p.",
        "rudin1976",
        Basis.CHAIN_RULE,
        (ell, G, p, p_dot),
        {"": forall(x, x >= 0, Eq(derivative(ell(p(x)), x), Inner(G(p(x)), p_dot(x))))},
        {"gradient": IS_GRADIENT, "velocity": VELOCITY},
    ),
    Fact(
        "continuous_along",
        "The gradient of a C¹ function, and any multiple of it, is continuous along a "
        "differentiable curve p.",
        "rudin1976",
        Basis.CONTINUITY,
        (ell, G, p, p_dot, c),
        {"": Continuous(function_of(x, c * G(p(x))), 0, oo)},
        {"gradient": IS_GRADIENT, "velocity": VELOCITY},
    ),
    Fact(
        "gradient_curve",
        "A C¹ function that is bounded below has a gradient curve p from every point z, defined "
        "for all times (Peano; finite energy bounds the length on every bounded interval, so the "
        "curve continues).",
        "walter1998",
        Basis.EXISTENCE,
        (ell, G, z, c, p),
        {
            "start": Eq(p(0), z),
            "velocity": forall(x, x >= 0, Eq(derivative(p(x), x), -G(p(x)), evaluate=False)),
        },
        {"gradient": IS_GRADIENT, "bounded": forall(v, true, ell(v) >= c)},
        (p,),
    ),
    Fact(
        "value_at_limit",
        "A C¹ function takes at the limit of a convergent curve the limit of its values.",
        "rudin1976",
        Basis.LIMIT,
        (ell, G, p, z, c),
        {"": Eq(ell(z), c)},
        {
            "gradient": IS_GRADIENT,
            "converges": ConvergesTo(function_of(x, p(x)), z),
            "values": ConvergesTo(function_of(x, ell(p(x))), c),
        },
    ),
    Fact(
        "radial_gradient",
        "Chain rule for a C¹ function ρ(‖v − z‖) away from its centre z.",
        "rudin1976",
        Basis.CHAIN_RULE,
        (ell, G, rho, rho_1, z),
        {
            "": forall(
                v,
                Norm(v - z) > 0,
                Eq(G(v), rho_1(Norm(v - z)) / Norm(v - z) * (v - z), evaluate=False),
            )
        },
        {
            "gradient": IS_GRADIENT,
            "radial": forall(v, true, Eq(ell(v), rho(Norm(v - z)))),
            "profile": forall(x, x > 0, Eq(derivative(rho(x), x), rho_1(x))),
        },
    ),
)
