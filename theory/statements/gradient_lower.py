"""How well the loss is seen through operator and network, near θ₀ (THEORY section 3, flow_sharp).

σ_min(J(θ)) falls by at most Λ per unit of distance (Weyl), so that on the ball
‖J(θ)ᵀAᵀ∇L(A g(θ))‖ ≥ σ_A(σ₀ − Λ‖θ − θ₀‖)‖∇L(A g(θ))‖. Flow and descent both rest on this.
"""

from sympy import Integer, Rational
from sympy import Lambda as Map

from theory.formulas import forall, with_body
from theory.instances import Instance
from theory.settings.flow import (
    H_LIP0,
    H_RANGE,
    H_SIGMA_0,
    H_SIGMA_A,
    LAMBDA,
    RHO,
    SIGMA_0,
    SIGMA_A,
    A,
    J,
    Lambda,
    g,
    grad_L,
    pulled_back,
    rho,
    sigma_0,
    sigma_A,
    theta_0,
    v,
    vartheta,
    x,
    zeta,
)
from theory.statement import Bound, Model, Mutant, Quantity, Source, Statement, at
from theory.steps import cite, polynomial
from theory.terms import Adjoint, Apply, Norm, SigmaMin, real
from theory.witnesses.flow import GENERATOR

observed = real("observed")

distance = Norm(vartheta - theta_0)
INSIDE = distance <= rho
output = Apply(A, g(vartheta))
gradient = grad_L(output)
left = sigma_0 - Lambda * distance


CONDITIONING = forall(vartheta, INSIDE, SigmaMin(J(vartheta)) >= left)
LOWER = forall(vartheta, INSIDE, Norm(pulled_back(vartheta)) >= sigma_A * left * Norm(gradient))
STEPS = (
    cite("output_in_range", "range", over=(vartheta,), M=A, v=g(vartheta)),
    polynomial("operator_lower",
               forall(vartheta, INSIDE,
                      Norm(Adjoint(A, gradient)) >= sigma_A * Norm(gradient)),
               "output_in_range", at("H_range", {v: output}), at("H_sigma_A", {zeta: gradient})),
    cite("jacobian_lower", "sigma_min", over=(vartheta,), M=J(vartheta), z=Adjoint(A, gradient)),
    cite("weyl", "weyl", over=(vartheta,), M=J(vartheta), N=J(theta_0)),
    polynomial("conditioning", CONDITIONING, "weyl", "H_Lip0", "H_sigma_0"),
    polynomial("lower", LOWER, "jacobian_lower", "operator_lower", "conditioning", "sigma_A"),
)  # fmt: skip
PARABOLA = Model(
    "one parameter, g(θ) = σ₀θ − Λθ²/2",
    {
        A: sigma_A,
        sigma_A: sigma_A,
        sigma_0: sigma_0,
        Lambda: Lambda,
        theta_0: Integer(0),
        rho: sigma_0 / Lambda,
        g: Map(x, sigma_0 * x - Lambda * x**2 / 2),
        J: Map(x, sigma_0 - Lambda * x),
        grad_L: Map(x, x - observed),
    },
    {
        sigma_A: (Rational(1, 2), Integer(2)),
        sigma_0: (Rational(1, 2), Integer(2)),
        Lambda: (Rational(1, 20), Integer(2)),
        observed: (Integer(1), Integer(2)),
    },
    {
        sigma_A: Rational(3, 2),
        sigma_0: Rational(1, 2),
        Lambda: Rational(2, 5),
        observed: Integer(1),
    },
)
STATEMENT = Statement(
    title="A lower bound of the pulled-back gradient near the initial parameters",
    source=Source("sharp", (), "3"),
    quantities=(
        SIGMA_A,
        SIGMA_0,
        LAMBDA,
        RHO,
        Quantity(A, "forward operator"),
        Quantity(theta_0, "initial parameters"),
        Quantity(g, "generator, parameters to signal"),
        Quantity(J, "Jacobian of the generator"),
        Quantity(grad_L, "gradient of the loss"),
    ),
    hypotheses=(H_RANGE, H_SIGMA_A, H_SIGMA_0, H_LIP0),
    conclusions={"conditioning": CONDITIONING, "lower": LOWER},
    steps=STEPS,
    bounds=(
        Bound(
            "radius",
            sigma_0 / Lambda,
            "distance within which σ_min(J) is positive",
            "value",
            condition=sigma_0 <= Lambda * rho,
        ),
    ),
    instance=Instance("four parameters, m = 2, n = 4", GENERATOR),
    models=(PARABOLA,),
    mutants=(
        Mutant(
            "conditioning 1% better",
            {"conditioning": with_body(CONDITIONING, lambda c: 100 * c.lhs >= 101 * c.rhs)},
        ),
        Mutant(
            "gradient 1% larger",
            {"lower": with_body(LOWER, lambda c: 100 * c.lhs >= 101 * c.rhs)},
        ),
        Mutant(
            "1% less lost per unit of distance",
            {
                "conditioning": with_body(
                    CONDITIONING, lambda c: c.lhs >= c.rhs + Lambda * distance / 100
                )
            },
        ),
    ),
)
