"""Convergence of the gradient flow with the best possible threshold, radius and envelope.

This project's own statement (THEORY section 3, flow_sharp). Nothing is assumed of the trajectory
but that it solves the gradient flow; the threshold q ≤ 1/2, the radius ρ* and the envelope are
attained by ``theory.witnesses.extremal``.
"""

from sympy import Eq, Implies, Rational, sqrt

from theory.formulas import forall, with_body
from theory.settings.flow import (
    H_LIP0,
    H_RANGE,
    H_SIGMA_0,
    H_SIGMA_A,
    J,
    Lambda,
    q,
    rho_star,
    sigma_0,
    t,
    theta,
    vartheta,
)
from theory.statement import Bound, Mutant, Source, Statement, at
from theory.statements._flow_path_claims import (
    CONCLUSIONS,
    FASTER,
    LIGHTER,
    SHRUNK,
    STEEPER,
    THRESHOLD,
)
from theory.statements._flow_path_energy import HALF
from theory.statements._flow_path_lemmas import path_lemmas
from theory.statements._flow_path_setting import (
    BOUNDS,
    DEFINITIONS,
    MODELS,
    OBJECTS,
    SIZES,
    path_hypotheses,
)
from theory.statements._flow_path_travel import AT_MOST
from theory.steps import lemma, polynomial
from theory.terms import SigmaMin
from theory.witnesses.generic import GENERIC_PROBLEM

kept = sigma_0 * sqrt(1 - 2 * q)
CONDITIONING = forall(t, AT_MOST, SigmaMin(J(theta(t))) >= kept)
STEPS = (
    lemma("lower", "gradient_lower.lower", "sigma_A", "H_range", "H_sigma_A", "H_sigma_0",
          "H_Lip0"),
    *path_lemmas(("sigma_A", "Lambda"), ("sigma_0",)),
    lemma("conditioning_ball", "gradient_lower.conditioning", "H_sigma_0", "H_Lip0"),
    polynomial("radius_identity", Implies(q <= HALF, Eq(Lambda * rho_star, sigma_0 - kept)),
               "rho_star", "q", "sigma_0"),
    polynomial("conditioning", CONDITIONING,
               at("conditioning_ball", {vartheta: theta(t)}), "distance", "travel",
               "radius_identity", "H_radius", "Lambda"),
)  # fmt: skip

STATEMENT = Statement(
    title="Gradient flow: sharp threshold, radius and envelope",
    source=Source("sharp", (), "3"),
    quantities=(*SIZES, *OBJECTS),
    hypotheses=path_hypotheses(H_RANGE, H_SIGMA_A, H_SIGMA_0, H_LIP0),
    definitions=DEFINITIONS,
    conclusions=CONCLUSIONS | {"conditioning": CONDITIONING},
    steps=STEPS,
    bounds=(
        *BOUNDS,
        Bound(
            "conditioning",
            kept,
            "smallest singular value of the Jacobian",
            "lower",
            of=("conditioning",),
        ),
    ),
    witness_problem=GENERIC_PROBLEM,
    models=MODELS,
    mutants=(
        THRESHOLD,
        SHRUNK,
        Mutant(
            "conditioning kept 1% better",
            {
                "conditioning": with_body(
                    CONDITIONING, lambda c: c.lhs >= Rational(101, 100) * c.rhs
                )
            },
        ),
        FASTER,
        STEEPER,
        LIGHTER,
    ),
    characterised={"s(0) = 0": CONCLUSIONS["start"], "ds/dt = speed": CONCLUSIONS["speed"]},
)
