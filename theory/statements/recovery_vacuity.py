"""When restricted injectivity, as published, is impossible (THEORY section 4, recovery_vacuity).

If J(θ') has full row rank, the cone T at x' = g(θ') contains, for each direction z, z itself or −z
as a limit of its elements; also where θ' lies on the boundary of the ball. So λ_min(A;T) = 0 as
soon as A has a kernel, which it has for m < n. A two-layer network with fixed outer weights of
rank n and φ' > 0 has a Jacobian of full row rank everywhere.
"""

from collections.abc import Mapping
from typing import Any

from sympy import And, Eq, Expr, Implies, Integer, Or, Rational, Symbol, true
from sympy import Lambda as Map

from theory.formulas import forall
from theory.instances import Instance, by_index, coordinates, mapping
from theory.settings.cones import CONE, VALUE, chi, lam
from theory.settings.data import H_INJECTIVE, cone_at, theta_near
from theory.settings.data import scale as cone_scale
from theory.settings.descent import H_GENERATOR
from theory.settings.flow import A, J, g, vartheta, x, zeta
from theory.settings.network import (
    PHI_1,
    WIDTH,
    V,
    i,
    j,
    k,
    over_neurons,
    partial_sums,
    phi_1,
)
from theory.statement import (
    Finding,
    Hypothesis,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
    at,
)
from theory.steps import calculus, cite, gram, induction, polynomial
from theory.terms import (
    Adjoint,
    Apply,
    Inner,
    Norm,
    derivative,
    function_of,
    operator,
    real,
    real_function,
    vector,
)

scale, delta, radius = real("scale delta radius")
z_0, h = vector("z_0"), vector("h")
K = operator("K")
pre = real_function("h_0")

near = g(theta_near)
jacobian = J(theta_near)
WITHIN = Norm(vartheta) <= radius
line = theta_near + x * h
chord = g(line) - near
drop = Apply(jacobian, theta_near)
tilted = Apply(K, zeta) - delta * theta_near
KERNEL = And(Eq(Apply(A, zeta), 0), Inner(theta_near, Apply(K, zeta)) <= 0)

H_CONE = cone_at(WITHIN)
H_POINT = Hypothesis("H_point", Norm(theta_near) <= radius, "x' lies in Σ'")
H_RANK = Hypothesis(
    "H_rank",
    forall(zeta, Eq(Adjoint(jacobian, zeta), 0), Eq(zeta, 0)),
    "J(θ') has full row rank",
)
H_KERNEL = Hypothesis(
    "H_kernel", And(Eq(Apply(A, z_0), 0), Norm(z_0) > 0), "A has a kernel, as for m < n"
)

ALONG = (
    cite("onto", "right_inverse", "H_rank", M=jacobian, K=K),
    calculus("line_velocity", forall((h, x), x >= 0, Eq(derivative(line, x), h))),
    cite("along", "chain_rule_map", "H_generator", "line_velocity", over=(h,), g=g, J=J,
         p=function_of(x, line), p_dot=function_of(x, h)),
    gram("line_in_ball",
         forall((h, x), And(Norm(theta_near + h) <= radius, x >= 0, x <= 1),
                Norm(line) <= radius),
         "H_point"),
    polynomial("injective", forall(vartheta, WITHIN,
                                   Norm(Apply(A, g(vartheta) - near))
                                   >= lam * Norm(g(vartheta) - near)),
               at("H_injective", {zeta: g(vartheta) - near}),
               at("H_cone", {vartheta: vartheta, cone_scale: 1})),
    polynomial("chords",
               forall((h, x), And(Norm(theta_near + h) <= radius, x >= 0, x <= 1),
                      Norm(Apply(A, chord)) >= lam * Norm(chord)),
               at("injective", {vartheta: line}), "line_in_ball"),
    cite("tangent", "difference_quotient", at("along", {h: h, x: 0}),
         at("chords", {h: h, x: x}), over=(h,), given=Norm(theta_near + h) <= radius,
         p=function_of(x, g(line)), M=A, v=Apply(jacobian, h), a=0, b=1, c=lam),
)  # fmt: skip
pull = -2 * Inner(theta_near, h) / (Norm(h) ** 2 + 1)
room = radius / (Norm(h) + 1)
INWARD = (
    gram("scaled",
         forall((h, scale), scale > 0,
                And(Eq(Norm(Apply(jacobian, scale * h)), scale * Norm(Apply(jacobian, h))),
                    Eq(Norm(Apply(A, Apply(jacobian, scale * h))),
                       scale * Norm(Apply(A, Apply(jacobian, h))))))),
    gram("stays_inward",
         forall((h, scale),
                And(scale > 0, scale * (Norm(h) ** 2 + 1) <= -2 * Inner(theta_near, h)),
                Norm(theta_near + scale * h) <= radius), "H_point"),
    gram("stays_at_centre",
         forall((h, scale),
                And(scale > 0, scale * (Norm(h) + 1) <= radius, Eq(Norm(theta_near), 0)),
                Norm(theta_near + scale * h) <= radius)),
    polynomial("inward",
               forall(h, Inner(theta_near, h) < 0,
                      Norm(Apply(A, Apply(jacobian, h))) >= lam * Norm(Apply(jacobian, h))),
               at("stays_inward", {scale: pull}), at("tangent", {h: pull * h}),
               at("scaled", {scale: pull})),
    polynomial("at_centre",
               forall(h, Eq(Norm(theta_near), 0),
                      Norm(Apply(A, Apply(jacobian, h))) >= lam * Norm(Apply(jacobian, h))),
               at("stays_at_centre", {scale: room}), at("tangent", {h: room * h}),
               at("scaled", {scale: room}), "radius"),
)  # fmt: skip
wanted = lam * Norm(zeta) / (2 * (Norm(Apply(A, drop)) + lam * Norm(drop) + 1))
KERNEL_STEPS = (
    gram("tilted_inward",
         forall((zeta, delta),
                And(KERNEL, delta > 0, Norm(theta_near) > 0), Inner(theta_near, tilted) < 0)),
    gram("tilted_image",
         forall((zeta, delta), true,
                Eq(Norm(Apply(jacobian, tilted)), Norm(zeta - delta * drop))), "onto"),
    gram("tilted_seen",
         forall((zeta, delta), And(delta > 0, Eq(Apply(A, zeta), 0)),
                Eq(Norm(Apply(A, Apply(jacobian, tilted))), delta * Norm(Apply(A, drop)))),
         "onto"),
    gram("tilted_size",
         forall((zeta, delta), delta > 0,
                Norm(zeta - delta * drop) >= Norm(zeta) - delta * Norm(drop))),
    polynomial("tilted",
               forall((zeta, delta), And(KERNEL, delta > 0),
                      delta * Norm(Apply(A, drop)) >= lam * Norm(zeta - delta * drop)),
               at("inward", {h: tilted}), at("at_centre", {h: tilted}), "tilted_inward",
               "tilted_image", "tilted_seen"),
    polynomial("side", forall(zeta, KERNEL, Or(lam <= 0, Norm(zeta) <= 0)),
               at("tilted", {delta: wanted}), at("tilted_size", {delta: wanted})),
    gram("other_side",
         And(Eq(Inner(theta_near, Apply(K, -z_0)), -Inner(theta_near, Apply(K, z_0))),
             Eq(Norm(Apply(A, -z_0)), Norm(Apply(A, z_0))))),
    gram("seen_on_other_side", Eq(Apply(A, -z_0), 0), "H_kernel"),
    polynomial("vacuous", lam <= 0, at("side", {zeta: z_0}), at("side", {zeta: -z_0}),
               "other_side", "seen_on_other_side", "H_kernel"),
)  # fmt: skip
seen_by = Inner(V(i), zeta) ** 2
pulled = phi_1(pre(i)) ** 2 * seen_by


def seen_is_pulled(count: Any) -> Any:
    """Return that what the outer weights see of a vector is seen through φ' too."""
    return Implies(over_neurons(seen_by, count) > 0, over_neurons(pulled, count) > 0)


FULL_RANK = forall(zeta, true, seen_is_pulled(k))
NETWORK = (
    induction("seen_sums",
              partial_sums(And(over_neurons(seen_by, j) >= 0, over_neurons(pulled, j) >= 0,
                               seen_is_pulled(j)), zeta),
              at("H_slope", {x: pre(j)})),
    polynomial("full_rank", FULL_RANK, at("seen_sums", {j: k}), "k"),
)  # fmt: skip
STEPS = (*ALONG, *INWARD, *KERNEL_STEPS, *NETWORK)


def _model(
    name: str, seen: int, slope: int, level: int, cone: Expr, witness: Mapping[Symbol, Any]
) -> Model:
    """Return g(θ) = slope·θ seen through A = seen, with λ = level on the cone."""
    return Model(
        name,
        {
            A: Integer(seen),
            g: Map(x, slope * x),
            J: Map(x, Integer(slope)),
            theta_near: boundary,
            radius: boundary,
            z_0: Integer(1),
            chi: Map(x, cone),
            lam: Integer(level),
            k: Integer(2),
            V: Map(i, i),
            pre: Map(i, i / 2),
            phi_1: Map(x, Integer(1)),
        },
        {boundary: (Integer(1), Integer(4))},
        witness,
    )


boundary = real("boundary")
MODELS = (
    _model("the zero operator", 0, 1, 0, x**2, {boundary: Integer(2)}),
    _model("an operator without kernel", 1, 1, 1, x**2, {}),
    _model("a constant generator", 0, 0, 1, -(x**2), {}),
    _model("a cone of one point", 0, 1, 1, -(x**2), {}),
)
# θ' on the boundary of the ball, J(θ') invertible: T is a half-space and meets the kernel of A.
p_1, p_2, p_3 = entries = coordinates("p", 3)
INSTANCE = Instance(
    "three parameters on the boundary of the ball, m = 2, n = 3",
    {
        A: ((1, 2, 0), (0, 1, 2)),
        z_0: (4, -2, 1),
        g: mapping(entries, (p_1 + p_2**2 / 8, p_2, p_3)),
        J: mapping(entries, ((1, p_2 / 4, 0), (0, 1, 0), (0, 0, 1))),
        theta_near: (0, 0, 2),
        radius: 2,
        chi: mapping(entries, -p_3),
        lam: 0,
        k: 2,
        V: by_index((1, 2, 0), (0, 1, -1)),
        pre: by_index(Rational(1, 2), -1),
        phi_1: mapping(x, 1 / (1 + x**2)),
    },
)

STATEMENT = Statement(
    title="Restricted injectivity is impossible for fewer measurements than unknowns",
    source=Source("sharp", (), "4"),
    quantities=(
        Quantity(A, "forward operator"),
        Quantity(g, "generator, parameters to signal"),
        Quantity(J, "Jacobian of the generator"),
        Quantity(theta_near, "parameters θ' of the point x' of Σ'"),
        Quantity(radius, "radius ‖θ₀‖ + R' of the ball of parameters", radius > 0),
        Quantity(z_0, "vector that the operator does not see"),
        CONE,
        Quantity(lam, VALUE.meaning),
        WIDTH,
        Quantity(V, "outer weights of each neuron"),
        Quantity(pre, "hidden value of each neuron"),
        PHI_1,
    ),
    hypotheses=(
        H_GENERATOR,
        H_POINT,
        H_CONE,
        H_INJECTIVE,
        H_RANK,
        H_KERNEL,
        Hypothesis("H_slope", forall(x, true, phi_1(x) > 0), "φ' > 0"),
    ),
    conclusions={"vacuous": lam <= 0, "full_rank": FULL_RANK},
    steps=STEPS,
    instance=INSTANCE,
    models=MODELS,
    mutants=(
        Mutant("an operator without kernel", {"H_kernel": None}, "vacuous"),
        Mutant("a Jacobian without full row rank", {"H_rank": None}, "vacuous"),
        Mutant("a cone that misses Σ' − x'", {"H_cone": None}, "vacuous"),
        Mutant("λ at most −1/100", {"vacuous": lam <= -Rational(1, 100)}),
    ),
    findings=(
        Finding(
            "published_recovery_vacuous",
            "The restricted injectivity of recovery_published contradicts a Jacobian of full row "
            "rank as soon as m < n. On two-layer networks with fixed outer weights of rank n and "
            "φ' > 0 the Jacobian has full row rank everywhere, ‖Jᵀz‖² = (‖u‖²/k)Σφ'(h_i)²⟨V_i,z⟩², "
            "so there every instance with m < n is vacuous; recovery_lazy is not, as its generic "
            "witness with m < n shows.",
            ("vacuous", "full_rank"),
        ),
    ),
)
