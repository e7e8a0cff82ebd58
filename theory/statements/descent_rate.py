"""How fast gradient descent lowers the loss (THEORY section 9, descent_rate).

Ψ(L) grows by at least βγσ_A²σ₀²(1 − 2q/β) in every step, since ψ' does not increase. For the
squared loss the factor of one step is 1 − 2βγσ_A²v² with v² ≥ σ₀²(1 − 2q/β) + 2Λw/(βσ_A), which is
attained where the Jacobian does not change.
"""

from sympy import And, Eq, Implies, Or, sqrt

from theory.formulas import forall, with_body
from theory.instances import Instance
from theory.settings.descent import (
    KL_DESCENT,
    LENGTH_EQUATIONS,
    RATIO_GAMMA,
    SETTING,
    SHORT_STEPS,
    STEP_COUNT,
    STEP_SIZES,
    L_f,
    beta,
    gamma,
    n,
    q_gamma,
    s,
)
from theory.settings.flow import (
    H_PRIMITIVE,
    L,
    Lambda,
    Psi,
    psi,
    psi_1,
    pulled_back,
    r_0,
    sigma_0,
    sigma_A,
    theta,
    v,
    w,
    x,
    y,
    z,
)
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
from theory.steps import calculus, cite, claims_of, induction, lemma, polynomial
from theory.terms import Norm, derivative, function_of, real
from theory.witnesses import extremal_descent
from theory.witnesses.descent import DESCENT

gain, factor, margin = real("gain factor margin")

here, after = L(y(n)), L(y(n + 1))
steep = Norm(pulled_back(theta(n)))
left = sigma_0 - Lambda * s(n)
SQUARED = forall(
    x, And(x > 0, x < r_0), And(Eq(psi(x), sqrt(2 * x)), Eq(psi_1(x), 1 / sqrt(2 * x)))
)
H_SQUARED = Hypothesis("H_squared", SQUARED, "the loss is the squared one: ψ(s) = √(2s)")
PREMISES = (
    "sigma_A", "sigma_0", "Lambda", "gamma", "L_f", "GD", "GD_start", "H_smooth",
    "H_min", "H_KL", "H_psi", "H_psi_zero", "H_concave", "H_start", "H_range", "H_sigma_A",
    "H_sigma_0", "H_Lip0", "H_L_f", "H_step", "H_threshold", "H_radius", "y", "w_0", "w", "beta",
    "q_gamma", "rho_gamma",
)  # fmt: skip
ALIVE = And(STEP_COUNT, here > 0)
BOTH_ALIVE = And(STEP_COUNT, here > 0, after > 0)
kept = sigma_0**2 * (1 - 2 * q_gamma)
remaining = kept + 2 * Lambda * w(n) / (beta * sigma_A)

PATH = (
    lemma("descent", "descent_finite_length.descent", *PREMISES),
    lemma("lower", "descent_finite_length.lower", *PREMISES),
    lemma("energy", "descent_finite_length.energy", *PREMISES),
    lemma("travel", "descent_finite_length.travel", *PREMISES),
    polynomial("decreases", forall(n, STEP_COUNT, after <= here), "descent", "H_step", "gamma"),
    induction("below_start", forall(n, STEP_COUNT, here <= L(y(0))), "decreases"),
    polynomial("below_r_0", forall(n, STEP_COUNT, here < r_0), "below_start", "H_start"),
    polynomial("radius_in_ball", forall(n, STEP_COUNT, left >= 0),
               "travel", "rho_gamma", "q_gamma", "H_threshold", "Lambda", "sigma_0"),
    polynomial("slope", forall(n, ALIVE, psi_1(here) * steep >= sigma_A * left),
               "lower", at("H_KL", {v: y(n)}), "below_r_0"),
    polynomial("left_squared", forall(n, STEP_COUNT, left**2 >= remaining),
               "energy", "q_gamma", "Lambda", "sigma_A", "sigma_0", "H_step"),
    polynomial("misfit_nonnegative", forall(n, ALIVE, w(n) >= 0),
               at("H_concave", {x: here, z: 0}), at("H_psi", {x: here}), "below_r_0",
               "H_psi_zero", "w"),
)  # fmt: skip
RATE = (
    polynomial("slope_falls",
               forall((x, z), And(0 < z, z <= x, x < r_0), psi_1(z) >= psi_1(x)),
               "H_concave", at("H_concave", {x: z, z: x})),
    calculus("tangent_rate",
             forall((n, z), And(z > 0, z < r_0),
                    Eq(derivative(Psi(z) + psi_1(here) ** 2 * z, z),
                       -(psi_1(z) ** 2) + psi_1(here) ** 2)),
             at("H_Psi", {x: z})),
    cite("tangent", "nonincreasing", at("tangent_rate", {n: n, z: x}),
         at("slope_falls", {x: here, z: x}), at("H_psi", {x: here}), "below_r_0",
         at("decreases", {n: n}), over=(n,), given=BOTH_ALIVE,
         F=function_of(z, Psi(z) + psi_1(here) ** 2 * z),
         f=function_of(z, -(psi_1(z) ** 2) + psi_1(here) ** 2), a=after, b=here),
    polynomial("rate", forall(n, BOTH_ALIVE, Psi(after) >= Psi(here) + gain),
               "tangent", "descent", "slope", "left_squared", "radius_in_ball", "gain",
               "misfit_nonnegative", "sigma_A", "Lambda", "gamma", "H_step"),
    induction("total",
              forall(n, STEP_COUNT, Implies(here > 0, Psi(here) >= Psi(L(y(0))) + n * gain)),
              "rate", "decreases"),
)  # fmt: skip
SQUARED_STEPS = (
    polynomial("slope_squared", forall(n, ALIVE, steep**2 >= 2 * sigma_A**2 * left**2 * here),
               "slope", at("H_squared", {x: here}), "below_r_0", "radius_in_ball", "sigma_A"),
    polynomial("squared",
               forall(n, STEP_COUNT,
                      after <= (1 - 2 * beta * gamma * sigma_A**2 * remaining) * here),
               "descent", "slope_squared", "left_squared", at("H_min", {v: y(n)}), "gamma",
               "H_step", "sigma_A"),
    polynomial("contraction", forall(n, STEP_COUNT, after <= factor * here),
               "squared", "misfit_nonnegative", "factor", "gain", "Lambda", "sigma_A",  "gamma",
               at("H_min", {v: y(n)})),
    polynomial("factor_sign", Or(factor >= 0, Eq(L(y(0)), 0)), at("contraction", {n: 0}),
               at("H_min", {v: y(0)}), at("H_min", {v: y(1)})),
    induction("squared_total", forall(n, STEP_COUNT, here <= L(y(0)) * factor**n),
              "contraction", "factor_sign", at("H_min", {v: y(n)})),
)  # fmt: skip
STEPS = (*PATH, *RATE, *SQUARED_STEPS)
claims = claims_of(STEPS)
PROVED = ("rate", "total", "squared", "squared_total")

LINEAR = Model(
    "one parameter, g(θ) = σ₀θ, squared loss",
    extremal_descent.VALUES,
    extremal_descent.PARAMETERS,
    extremal_descent.WITNESS,
)
STATEMENT = Statement(
    title="Gradient descent: the rate at which the loss falls",
    source=Source("sharp", (), "9"),
    quantities=(*SETTING, Quantity(Psi, "primitive of −(ψ')²"), *STEP_SIZES),
    hypotheses=(*KL_DESCENT, H_PRIMITIVE, *SHORT_STEPS, H_SQUARED),
    definitions=(
        *RATIO_GAMMA,
        Definition(gain, beta * gamma * sigma_A**2 * kept, "growth of Ψ(L) in one step"),
        Definition(factor, 1 - 2 * gain, "factor of the squared loss in one step"),
    ),
    conclusions={name: claims[name] for name in PROVED},
    steps=STEPS,
    bounds=(
        Bound("gain", gain, "growth of Ψ(L) in one step", "lower", of=("rate",)),
        Bound("factor", factor, "factor of the squared loss in one step", of=("squared_total",)),
        Bound("loss", L(y(0)) * factor**n, "squared loss after n steps", of=("squared_total",)),
    ),
    instance=Instance("three parameters, m = 2, n = 3", DESCENT),
    models=(LINEAR,),
    mutants=(
        Mutant(
            "Ψ(L) grows 2% more in a step",
            {"rate": with_body(claims["rate"], lambda c: c.lhs >= c.rhs + gain / 50)},
        ),
        Mutant(
            "squared loss falls 1% more in a step",
            {"squared": with_body(claims["squared"], lambda c: c.lhs <= c.rhs - gain * here / 50)},
        ),
        Mutant(
            "half a step's loss of descent forgotten",
            {"beta": 1 - gamma * L_f / 4},
            "squared_total",
        ),
        Mutant(
            "factor of the squared loss 1 − 4βγσ_A²σ₀²(1 − 2q/β)",
            {"factor": 1 - 4 * gain},
            "squared_total",
        ),
    ),
    characterised=LENGTH_EQUATIONS,
)
