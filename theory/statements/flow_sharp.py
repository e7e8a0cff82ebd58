"""Convergence of the gradient flow with the best possible threshold, radius and envelope.

This project's own statement (THEORY section 3, flow_sharp). Nothing is assumed of the trajectory
but that it solves the gradient flow; the threshold q < 1/2, the radius ρ* and the envelope are
attained by ``theory.extremal``.
"""

from typing import Any

from sympy import And, Eq, Expr, Implies, Rational, diff, exp, sqrt
from sympy import Lambda as Map

from theory import extremal
from theory.formulas import forall, with_body
from theory.generic import GENERIC_PROBLEM
from theory.setting import (
    DESINGULARIZER,
    FLOW_OBJECTS,
    GAIN,
    GF,
    GF_START,
    H_KL,
    H_LIP0,
    H_MIN,
    H_PRIMITIVE,
    H_PSI_1_CONTINUOUS,
    H_RADIUS,
    H_RANGE,
    H_SIGMA_0,
    H_SIGMA_A,
    H_SMOOTH,
    H_START,
    LAMBDA,
    MISFIT,
    OUTPUT,
    R_0,
    RADIUS,
    RATE,
    RHO,
    SIGMA_0,
    SIGMA_A,
    W_0,
    J,
    Lambda,
    Q,
    a,
    b,
    psi,
    q,
    rho_star,
    sigma_0,
    t,
    theta,
    vartheta,
    w_0,
)
from theory.statement import (
    Bound,
    Definition,
    Model,
    Mutant,
    Source,
    Statement,
    at,
)
from theory.statements._flow_path_claims import CONCLUSIONS, PATH_MUTANTS, PATH_OBJECTS
from theory.statements._flow_path_decay import H_ENVELOPE, H_ENVELOPE_START
from theory.statements._flow_path_lemmas import path_lemmas
from theory.statements._flow_path_travel import U_1, U, W, s, theta_inf
from theory.steps import claims_of, lemma, polynomial
from theory.terms import SigmaMin

HALF = Rational(1, 2)
SMALL = And(t >= 0, q < HALF)
STEPS = (
    lemma("lower", "gradient_lower.lower", "sigma_A", "H_range", "H_sigma_A", "H_sigma_0",
          "H_Lip0"),
    *path_lemmas(("sigma_A", "Lambda"), ("sigma_0",)),
    lemma("conditioning_ball", "gradient_lower.conditioning", "H_sigma_0", "H_Lip0"),
    polynomial("radius_identity",
               Implies(q < HALF, Eq(Lambda * rho_star, sigma_0 * (1 - sqrt(1 - 2 * q)))),
               "rho_star", "q", "sigma_0"),
    polynomial("conditioning",
               forall(t, SMALL, SigmaMin(J(theta(t))) >= sigma_0 * sqrt(1 - 2 * q)),
               at("conditioning_ball", {vartheta: theta(t)}), "distance", "travel",
               "radius_identity", "H_radius", "Lambda"),
)  # fmt: skip
claims = claims_of(STEPS) | CONCLUSIONS


def _with_envelope(values: dict[Any, Any], level: Expr, limit: Expr) -> dict[Any, Any]:
    """Complete an instance by the path's length and limit and the envelope's loss level."""
    return {
        **values,
        theta_inf: limit,
        s: values[theta],  # the path never turns back
        U: Map(t, level**2 / 2),
        U_1: Map(t, diff(level**2 / 2, t)),
    }


_fading, _rising = exp(-a * t), exp(a * t)
EXTREMAL = Model(
    "scalar extremal instance",
    _with_envelope(extremal.VALUES, w_0 * a * _fading / (a + b * w_0 * (1 - _fading)), rho_star),
    extremal.PARAMETERS,
    extremal.WITNESS,
    (t, extremal.LONG_TIMES),
)
STALLING = Model(
    "scalar extremal instance beyond the threshold",
    _with_envelope(
        extremal.STALLING, w_0 * a / (a * _rising + b * w_0 * (_rising - 1)), sigma_0 / Lambda
    ),
    extremal.STALLING_PARAMETERS,
)


MUTANTS = (
    *PATH_MUTANTS[:2],
    Mutant(
        "conditioning kept 1% better",
        {
            "conditioning": with_body(
                claims["conditioning"], lambda c: c.lhs >= Rational(101, 100) * c.rhs
            )
        },
    ),
    *PATH_MUTANTS[2:],
)

STATEMENT = Statement(
    title="Gradient flow: sharp threshold, radius and envelope",
    source=Source("sharp", (), "3"),
    quantities=(
        SIGMA_A,
        SIGMA_0,
        LAMBDA,
        RHO,
        R_0,
        *FLOW_OBJECTS,
        *PATH_OBJECTS,
    ),
    hypotheses=(
        GF,
        GF_START,
        H_SMOOTH,
        H_MIN,
        H_KL,
        *DESINGULARIZER,
        H_PSI_1_CONTINUOUS,
        H_START,
        H_PRIMITIVE,
        H_RANGE,
        H_SIGMA_A,
        H_SIGMA_0,
        H_LIP0,
        H_RADIUS,
        H_ENVELOPE,
        H_ENVELOPE_START,
    ),
    definitions=(
        OUTPUT,
        W_0,
        MISFIT,
        Q,
        RATE,
        GAIN,
        Definition(W(t), psi(U(t)), "envelope"),
        RADIUS,
    ),
    conclusions=CONCLUSIONS | {"conditioning": claims["conditioning"]},
    steps=STEPS,
    bounds=(
        Bound("q", q, "conditioning ratio", "value"),
        Bound("threshold", HALF, "largest q for which zero loss is guaranteed", "value"),
        Bound("travel_radius", rho_star, "length of the path"),
        Bound(
            "conditioning",
            sigma_0 * sqrt(1 - 2 * q),
            "smallest singular value of the Jacobian",
            "lower",
        ),
        Bound("rate", a, "rate a of the decay", "lower"),
        Bound("gain", b, "gain b of the envelope", "value"),
    ),
    witness_problem=GENERIC_PROBLEM,
    models=(EXTREMAL, STALLING),
    mutants=MUTANTS,
    characterised={"s(0) = 0": claims["start"], "ds/dt = speed": claims["speed"]},
)
