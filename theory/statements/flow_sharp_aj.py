"""The sharp theorem for the tangent kernel seen through the operator (THEORY section 3).

``flow_sharp`` with AJ in place of J: σ_Aσ₀ becomes σ = √λ_r(AJ(θ₀)J(θ₀)ᵀAᵀ), r = rank A, which is
the infimum of ‖J(θ₀)ᵀAᵀz‖ over the unit vectors z of ran A, and Λ a one-point constant of AJ. The
smallest *non-zero* eigenvalue will not do.
"""

from sympy import Eq, Integer, Ne, Or, Rational, sqrt, true
from sympy import Lambda as Map

from theory.formulas import forall, substitute
from theory.settings.flow import (
    H_RADIUS,
    H_RANGE,
    LAMBDA,
    MISFIT,
    OUTPUT,
    W_0,
    A,
    J,
    Lambda,
    a,
    b,
    g,
    grad_L,
    pulled_back,
    q,
    rho,
    rho_star,
    sigma_0,
    sigma_A,
    t,
    theta,
    theta_0,
    theta_dot,
    v,
    vartheta,
    w_0,
    x,
    y,
    z,
    zeta,
)
from theory.statement import (
    Definition,
    Finding,
    Hypothesis,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
    at,
)
from theory.statements._flow_path_claims import CONCLUSIONS, FASTER
from theory.statements._flow_path_lemmas import path_lemmas
from theory.statements._flow_path_setting import (
    BOUNDS,
    ENVELOPE,
    FADING_LEVEL,
    OBJECTS,
    path_hypotheses,
    with_envelope,
)
from theory.steps import cite, gram, polynomial
from theory.terms import Adjoint, Apply, InRange, Norm, real
from theory.witnesses import extremal
from theory.witnesses.generic import GENERIC_PROBLEM

sigma = real("sigma_AJ")

distance = Norm(vartheta - theta_0)
WITHIN = distance <= rho
output = Apply(A, g(vartheta))
pulled = Adjoint(J(theta_0), Adjoint(A, zeta))
turned = Adjoint(J(vartheta) - J(theta_0), Adjoint(A, zeta))
SEEN = Norm(pulled) >= sigma * Norm(zeta)

H_SIGMA = Hypothesis(
    "H_sigma_AJ",
    forall(zeta, InRange(A, zeta), SEEN),
    "σ = inf{‖J(θ₀)ᵀAᵀz‖ : z ∈ ran A, ‖z‖ = 1}",
)
H_LIP = Hypothesis(
    "H_Lip0_AJ",
    forall((vartheta, zeta), WITHIN, Norm(turned) <= Lambda * distance * Norm(zeta)),
    "‖A(J(θ) − J(θ₀))‖ ≤ Λ‖θ − θ₀‖ on the closed ball of radius ρ",
)
# With σ_A = 1 and σ₀ = σ the formulas of flow_path are those of this theorem.
INSTEAD = {sigma_A: Integer(1), sigma_0: sigma}
CLAIMS = {name: substitute(formula, INSTEAD) for name, formula in CONCLUSIONS.items()}
ratio = Lambda * w_0 / sigma**2
radius = 2 * w_0 / (sigma * (1 + sqrt(1 - 2 * q)))

STEPS = (
    gram("kernel_left",
         forall((vartheta, zeta), true,
                Norm(Adjoint(J(vartheta), Adjoint(A, zeta))) >= Norm(pulled) - Norm(turned))),
    cite("output_in_range", "range", over=(vartheta,), M=A, v=g(vartheta)),
    polynomial("lower",
               forall(vartheta, WITHIN,
                      Norm(pulled_back(vartheta))
                      >= (sigma - Lambda * distance) * Norm(grad_L(output))),
               at("kernel_left", {zeta: grad_L(output)}), at("H_range", {v: output}),
               "output_in_range", at("H_sigma_AJ", {zeta: grad_L(output)}),
               at("H_Lip0_AJ", {zeta: grad_L(output)})),
    *path_lemmas(("Lambda",), ("sigma_AJ",), sigma_A=1, sigma_0=sigma),
    polynomial("non_zero_eigenvalue_fails",
               forall((x, z), Ne(z, 0), x**2 < x**2 + z**2)),
)  # fmt: skip

_values = {k: substitute(f, {sigma_A: Integer(1)}) for k, f in extremal.VALUES.items()}
_values = {k: f for k, f in _values.items() if k not in (sigma_A, sigma_0)}
_parameters = {k: r for k, r in extremal.PARAMETERS.items() if k != sigma_A}
_witness = {k: r for k, r in extremal.WITNESS.items() if k != sigma_A}
_seen = {A: Integer(1), sigma: sigma_0}
EXTREMAL = Model(
    "scalar extremal instance",
    with_envelope(_values, FADING_LEVEL, rho_star) | _seen,
    _parameters,
    _witness,
    (t, extremal.LONG_TIMES),
)
_still = dict.fromkeys((g, J, theta, theta_dot, y), Map(t, Integer(0)))
STILL = Model(
    "a kernel that is zero: no eigenvalue is non-zero, and nothing moves",
    with_envelope(_values | _still, FADING_LEVEL, Integer(0)) | _seen,
    _parameters,
)

STATEMENT = Statement(
    title="Gradient flow: the sharp theorem for the kernel seen through the operator",
    source=Source("sharp", (), "3"),
    quantities=(
        Quantity(sigma, "√λ_r of AJ(θ₀)J(θ₀)ᵀAᵀ, r = rank A", sigma > 0, "sigma_AJ"),
        LAMBDA,
        *OBJECTS,
    ),
    hypotheses=path_hypotheses(
        H_RANGE,
        H_SIGMA,
        H_LIP,
        radius=Hypothesis("H_radius", substitute(H_RADIUS.formula, INSTEAD), H_RADIUS.meaning),
    ),
    definitions=(
        OUTPUT,
        W_0,
        MISFIT,
        Definition(q, ratio, "conditioning ratio"),
        Definition(a, sigma**2 * (1 - 2 * q), "rate a = σ²(1 − 2q)"),
        Definition(b, 2 * Lambda, "gain b = 2Λ"),
        ENVELOPE,
        Definition(rho_star, radius, "sharp travel radius ρ*"),
    ),
    conclusions=CLAIMS,
    steps=STEPS,
    bounds=BOUNDS,
    witness_problem=GENERIC_PROBLEM,
    models=(EXTREMAL, STILL),
    mutants=(
        Mutant("ρ* shrunk by 1%", {"rho_star": Rational(99, 100) * radius}, "travel"),
        Mutant("b enlarged by 1%", {"b": Rational(101, 50) * Lambda}, "envelope"),
        Mutant(
            "the smallest non-zero eigenvalue",
            {"H_sigma_AJ": forall(zeta, InRange(A, zeta), Or(Eq(Norm(pulled), 0), SEEN))},
            "rate",
        ),
        FASTER,
    ),
    characterised={"s(0) = 0": CLAIMS["start"], "ds/dt = speed": CLAIMS["speed"]},
    findings=(
        Finding(
            "smallest_non_zero_eigenvalue_fails",
            "The smallest non-zero eigenvalue of AJJᵀAᵀ in place of the r-th largest is refuted: "
            "with A = I and J = diag(1, 0) it is 1, and ‖Jᵀr‖ < ‖r‖ for every residual with a "
            "second component, which the flow never changes.",
            ("non_zero_eigenvalue_fails",),
        ),
    ),
)
