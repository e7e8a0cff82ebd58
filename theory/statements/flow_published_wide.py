"""How far the published conclusions hold: up to q = 3/8 (THEORY section 3, flow_published).

This project's own. The published theorem asks for q < 1/4; by ``flow_sharp`` its conditioning and
its rate hold up to q = 3/8, where √(1 − 2q) = 1/2, on two thirds of its radius. Beyond 3/8 the
conditioning is lost on ``theory.witnesses.extremal``.
"""

from sympy import Rational

from theory.formulas import forall, with_body
from theory.settings.flow import (
    FLOW_OBJECTS,
    H_LIP0,
    H_PRIMITIVE,
    H_RADIUS,
    H_START,
    KL_FLOW,
    LAMBDA,
    R_0,
    RATIO,
    RHO,
    SIGMA_0,
    SIGMA_A,
    SINGULAR_VALUES,
    J,
    L,
    Lambda,
    Psi,
    loss,
    q,
    rho_star,
    sigma_0,
    sigma_A,
    t,
    theta,
    theta_0,
    y,
)
from theory.settings.published import CONDITIONING_BOUND, RATE_BOUND, envelope_bound, rate
from theory.settings.published import travel as published_travel
from theory.statement import (
    Bound,
    Finding,
    Hypothesis,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
)
from theory.statements._flow_published_steps import (
    ALIVE,
    MISFIT_AT_START,
    MISFIT_ON_PATH,
    SHARP,
    STARTED,
    s,
)
from theory.steps import claims_of, lemma, polynomial
from theory.terms import Norm, SigmaMin
from theory.witnesses import extremal
from theory.witnesses.generic import GENERIC_PROBLEM

WIDE, BEYOND = Rational(3, 8), Rational(2, 5)
H_RATIO = Hypothesis("H_ratio", q <= WIDE, "the conditioning ratio is at most 3/8")
radius = published_travel * Rational(2, 3)

# What flow_sharp needs to know is assumed here, where flow_published derives it.
_ASSUMED = {"one_point": "H_Lip0", "radius_fits": "H_radius", "Lambda_nonnegative": "Lambda"}
KNOWN = tuple(_ASSUMED.get(name, name) for name in SHARP)

STEPS = (
    *MISFIT_AT_START,
    polynomial(
        "radius_kept", rho_star <= radius, "rho_star", "H_ratio", "start_nonnegative", "sigma_A",
        "sigma_0",
    ),
    lemma("sharp_distance", "flow_sharp.distance", "GF", "y", "GF_start", "H_smooth"),
    lemma("sharp_travel", "flow_sharp.travel", *KNOWN),
    lemma("sharp_conditioning", "flow_sharp.conditioning", *KNOWN),
    polynomial(
        "travel", forall(t, STARTED, Norm(theta(t) - theta_0) <= radius), "sharp_distance",
        "sharp_travel", "radius_kept", "H_ratio", "sigma_A", "sigma_0",
    ),
    polynomial(
        "conditioning", forall(t, STARTED, SigmaMin(J(theta(t))) >= sigma_0 / 2),
        "sharp_conditioning", "H_ratio",
    ),
    lemma("descent", "flow_sharp.descent", "GF", "y", "H_smooth"),
    *MISFIT_ON_PATH,
    lemma("sharp_rate", "flow_sharp.rate", *(n for n in KNOWN if n != "H_min"), "H_Psi"),
    polynomial(
        "rate", forall(t, ALIVE, Psi(loss) >= Psi(L(y(0))) + rate * t), "sharp_rate",
        "H_ratio", "misfit_nonnegative", "a", "b", "sigma_A", "Lambda",
    ),
)  # fmt: skip

named = claims_of(STEPS)
conclusions = {name: named[name] for name in ("travel", "conditioning", "rate")}

NEAR_LIMIT = Model(
    "scalar extremal instance around q = 3/8",
    {**extremal.VALUES, s: extremal.VALUES[theta]},
    {
        **extremal.PARAMETERS,
        sigma_A: (Rational(1), Rational(1)),
        Lambda: (Rational(1, 5), BEYOND),
    },
    extremal.WITNESS | {Lambda: WIDE},
    (t, extremal.LONG_TIMES),
)

STATEMENT = Statement(
    title="Gradient flow: the published conclusions up to q = 3/8",
    source=Source("sharp", (), "3"),
    quantities=(
        SIGMA_A,
        SIGMA_0,
        LAMBDA,
        RHO,
        R_0,
        *FLOW_OBJECTS,
        Quantity(Psi, "primitive of −(ψ')²"),
        Quantity(s, "length of the path up to time t"),
    ),
    hypotheses=(
        *KL_FLOW,
        H_START,
        H_PRIMITIVE,
        *SINGULAR_VALUES,
        H_LIP0,
        H_RADIUS,
        H_RATIO,
    ),
    definitions=RATIO,
    conclusions=conclusions,
    steps=STEPS,
    bounds=(
        Bound("threshold", WIDE, "largest q for which the published conclusions hold", "value"),
        Bound("travel_radius", radius, "distance of the parameters from θ₀", of=("travel",)),
        CONDITIONING_BOUND,
        RATE_BOUND,
        envelope_bound("rate"),
    ),
    witness_problem=GENERIC_PROBLEM,
    models=(NEAR_LIMIT,),
    mutants=(
        Mutant("threshold 2/5", {"H_ratio": q <= BEYOND}),
        Mutant(
            "radius 0.66 R'",
            {
                "travel": with_body(
                    conclusions["travel"], lambda c: c.lhs <= Rational(66, 100) * published_travel
                )
            },
        ),
        Mutant(
            "conditioning 0.51 σ₀",
            {
                "conditioning": with_body(
                    conclusions["conditioning"], lambda c: c.lhs >= Rational(51, 100) * sigma_0
                )
            },
        ),
        Mutant(
            "rate a tenth faster",
            {
                "rate": with_body(
                    conclusions["rate"],
                    lambda c: c.lhs >= Psi(L(y(0))) + Rational(11, 10) * rate * t,
                )
            },
        ),
    ),
    findings=(
        Finding(
            "published_threshold_too_small",
            "The published conclusions hold up to q = 3/8, one and a half times the published "
            "threshold, with two thirds of the published radius; for q = 2/5 the conditioning "
            "falls below half.",
            ("radius_kept", "travel", "conditioning", "rate"),
        ),
    ),
)
