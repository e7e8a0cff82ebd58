"""Radial losses: the Kurdyka–Łojasiewicz inequality is an equality (THEORY section 2).

L(v) = ρ(‖v − y‖) has the desingularizing function ψ = ρ⁻¹; the misfit ψ(L(v)) is the distance.
"""

from collections.abc import Mapping
from typing import Any

from sympy import And, Eq, Integer, Rational, Symbol, log, sqrt, true
from sympy import Lambda as Map

from theory.formulas import forall
from theory.instances import Instance, coordinates, dot, mapping
from theory.settings.flow import L, Psi, grad_L, psi, psi_1, v, x
from theory.statement import (
    Bound,
    Definition,
    Hypothesis,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
    at,
)
from theory.steps import calculus, cite, gram, polynomial
from theory.terms import Gradient, Norm, derivative, function_of, real, real_function, vector

centre = vector("y")
rho, rho_1 = real_function("rho"), real_function("rho'")
scale = real("scale")

distance = Norm(v - centre)
OFF_CENTRE = distance > 0
ALIVE = L(v) > 0

MISFIT = forall(v, true, Eq(psi(L(v)), distance))
EQUALITY = forall(v, ALIVE, Eq(psi_1(L(v)) * Norm(grad_L(v)), 1))
SLOPE = forall(x, x > 0, And(Eq(derivative(psi(x), x, rho(x)), psi_1(rho(x))), psi_1(rho(x)) > 0))
PRIMITIVE = forall(x, x > 0, Eq(derivative(Psi(rho(x)), x), -1 / rho_1(x)))

STEPS = (
    cite("inverse_slope", "inverse_derivative", "H_profile", "H_inverse",
         F=rho, f=rho_1, S=psi, a=0),
    polynomial("slope_value", forall(x, x > 0, Eq(psi_1(rho(x)), 1 / rho_1(x))),
               at("psi'", {x: rho(x)}), "H_inverse", "H_profile"),
    polynomial("slope", SLOPE, "inverse_slope", "slope_value", "H_profile"),
    polynomial("misfit", MISFIT, "H_radial", at("H_inverse", {x: distance})),
    polynomial("off_centre", forall(v, ALIVE, OFF_CENTRE), "H_radial", "H_zero"),
    cite("gradient", "radial_gradient", "H_smooth", "H_radial", "H_profile",
         ell=L, G=grad_L, rho=rho, rho_1=rho_1, z=centre),
    gram("gradient_norm", forall(v, OFF_CENTRE, Eq(Norm(grad_L(v)), rho_1(distance))),
         "gradient", at("H_profile", {x: distance})),
    polynomial("equality", EQUALITY, "off_centre", "gradient_norm", "H_radial",
               at("slope_value", {x: distance}), at("H_profile", {x: distance})),
    calculus("primitive", PRIMITIVE, "H_Psi", "slope_value", "H_profile"),
)  # fmt: skip


def _squared(name: str, witness: Mapping[Symbol, Any]) -> Model:
    values = {
        centre: centre_at, rho: Map(x, scale * x**2 / 2), rho_1: Map(x, scale * x),
        L: Map(x, scale * (x - centre_at) ** 2 / 2), grad_L: Map(x, scale * (x - centre_at)),
        psi: Map(x, sqrt(2 * x / scale)), Psi: Map(x, -log(x) / (2 * scale)),
    }  # fmt: skip
    return Model(name, values, PARAMETERS, witness)


centre_at = real("centre")
PARAMETERS = {scale: (Rational(1, 4), Integer(4)), centre_at: (Integer(-2), Integer(2))}
SQUARED = _squared("squared distance", {scale: Rational(3, 2), centre_at: Rational(2, 5)})
QUARTIC = Model(
    "fourth power of the distance",
    {
        centre: centre_at,
        rho: Map(x, x**4 / 4),
        rho_1: Map(x, x**3),
        L: Map(x, (x - centre_at) ** 4 / 4),
        grad_L: Map(x, (x - centre_at) ** 3),
        psi: Map(x, sqrt(sqrt(4 * x))),
        Psi: Map(x, 1 / (4 * sqrt(x))),
    },
    {centre_at: (Integer(-2), Integer(2))},
    {centre_at: Rational(2, 5)},
)

entries, target = coordinates("v", 3), (Integer(1), Integer(-2), Rational(1, 2))
off = tuple(a - b for a, b in zip(entries, target, strict=True))
INSTANCE = Instance(
    "three times the squared distance, m = 3",
    {
        centre: target,
        rho: mapping(x, 3 * x**2 / 2),
        rho_1: mapping(x, 3 * x),
        L: mapping(entries, 3 * dot(off, off) / 2),
        grad_L: mapping(entries, tuple(3 * entry for entry in off)),
        psi: mapping(x, sqrt(2 * x / 3)),
        Psi: mapping(x, -log(x) / 6),
    },
)

STATEMENT = Statement(
    title="Radial losses: the Kurdyka–Łojasiewicz inequality holds with equality",
    source=Source("sharp", (), "2"),
    quantities=(
        Quantity(centre, "the only minimiser"),
        Quantity(rho, "profile ρ of the loss"),
        Quantity(rho_1, "derivative of ρ"),
        Quantity(L, "loss"),
        Quantity(grad_L, "gradient of the loss"),
        Quantity(psi, "desingularizing function, the inverse of ρ"),
        Quantity(Psi, "primitive of −(ψ')²"),
    ),
    hypotheses=(
        Hypothesis(
            "H_smooth",
            Gradient(function_of(v, L(v)), function_of(v, grad_L(v))),
            "the loss is C¹",
        ),
        Hypothesis("H_radial", forall(v, true, Eq(L(v), rho(distance))), "L(v) = ρ(‖v − y‖)"),
        Hypothesis(
            "H_profile",
            forall(x, x > 0, And(Eq(derivative(rho(x), x), rho_1(x)), rho_1(x) > 0)),
            "ρ' > 0 on (0, ∞)",
        ),
        Hypothesis("H_zero", Eq(rho(0), 0), "ρ(0) = 0"),
        Hypothesis("H_inverse", forall(x, x >= 0, Eq(psi(rho(x)), x)), "ψ is the inverse of ρ"),
        Hypothesis(
            "H_Psi",
            forall(x, x > 0, Eq(derivative(Psi(x), x, rho(x)), -(psi_1(rho(x)) ** 2))),
            "Ψ is a primitive of −(ψ')² on the values of ρ",
        ),
    ),
    definitions=(Definition(psi_1(x), 1 / rho_1(psi(x)), "derivative of ψ = ρ⁻¹"),),
    conclusions={"slope": SLOPE, "misfit": MISFIT, "equality": EQUALITY, "primitive": PRIMITIVE},
    steps=STEPS,
    bounds=(
        Bound("psi_squared", sqrt(2 * x), "ψ of the squared loss", "value"),
        Bound("Psi_squared", -log(x) / 2, "Ψ of the squared loss", "value"),
    ),
    instance=INSTANCE,
    models=(SQUARED, QUARTIC),
    mutants=(
        Mutant(
            "gradient 1% larger",
            {"equality": forall(v, ALIVE, psi_1(L(v)) * Norm(grad_L(v)) >= Rational(101, 100))},
        ),
        Mutant(
            "misfit 1% larger than the distance",
            {"misfit": forall(v, true, Eq(psi(L(v)), Rational(101, 100) * distance))},
        ),
        Mutant(
            "gradient raised to the power 1.01",
            {
                "equality": forall(
                    v, ALIVE, Eq(psi_1(L(v)) * Norm(grad_L(v)) ** Rational(101, 100), 1)
                )
            },
        ),
        Mutant(
            "misfit equal to the gradient's norm, as for ½‖v − y‖²",
            {"misfit": forall(v, true, Eq(psi(L(v)), Norm(grad_L(v))))},
        ),
    ),
)
