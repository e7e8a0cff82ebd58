"""Cited facts on limits of curves under continuous maps (THEORY section 11)."""

from sympy import Eq, true

from theory.facts.gradients import IS_GRADIENT, A, G, J, ell, g, p, x, y, z
from theory.facts.schema import Basis, Fact
from theory.formulas import forall
from theory.terms import Apply, ConvergesTo, Jacobian, function_of, real, vector

c = real("c")
limit = vector("limit")

FACTS = (
    Fact(
        "loss_at_limit",
        "A continuous loss tends to its value at the limit of the parameters, and limits are "
        "unique.",
        "rudin1976",
        Basis.LIMIT,
        (ell, G, g, J, A, p, y, limit, c),
        {"": Eq(ell(Apply(A, g(limit))), c)},
        {
            "gradient": IS_GRADIENT,
            "jacobian": Jacobian(function_of(z, g(z)), function_of(z, J(z))),
            "output": forall(x, true, Eq(y(x), Apply(A, g(p(x))))),
            "parameters": ConvergesTo(function_of(x, p(x)), limit),
            "loss": ConvergesTo(function_of(x, ell(y(x))), c),
        },
    ),
)
