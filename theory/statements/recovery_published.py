"""Recovery as published: restricted injectivity on a cone (THEORY section 4, recovery_published).

Where ‖Az‖ ≥ λ‖z‖ on the closed cone T of Σ' − x', Σ' the signals the network can reach from the
ball of radius ‖θ₀‖ + R' and x' one of them, the signal is recovered up to its distance to x'. That
T makes λ zero for fewer measurements than unknowns is ``recovery_vacuity``.
"""

from collections.abc import Mapping
from typing import Any

from sympy import And, Eq, Expr, Integer, Min, Rational, Symbol, true
from sympy import Lambda as Map

from theory.formulas import forall, with_body
from theory.instances import Instance, coordinates, mapping, times
from theory.settings.cones import CONE, VALUE, chi, lam
from theory.settings.data import (
    DATA,
    H_ARGMIN,
    H_DATA,
    H_INJECTIVE,
    H_NOISE,
    cone_at,
    e,
    noise,
    scale,
    theta_near,
    x_bar,
    y_obs,
)
from theory.settings.flow import (
    FLOW_OBJECTS,
    H_PSI_1_CONTINUOUS,
    H_START,
    KL_FLOW,
    MISFIT,
    OUTPUT,
    R_0,
    SIGMA_0,
    SIGMA_A,
    SINGULAR_VALUES,
    W_0,
    A,
    Lambda,
    Psi,
    g,
    rho,
    sigma_0,
    sigma_A,
    t,
    theta,
    theta_0,
    v,
    vartheta,
    w,
    x,
    y,
    zeta,
)
from theory.settings.published import H_LIP2, H_THRESHOLD, R_1, STABILITY, TRAVEL, TWO_POINT
from theory.statement import (
    Bound,
    Finding,
    Hypothesis,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
    at,
)
from theory.steps import cite, claims_of, gram, lemma, polynomial
from theory.terms import Apply, Norm, OperatorNorm, real
from theory.witnesses import extremal
from theory.witnesses.flow import FLOW, OBSERVED, OPERATOR

misfit, distance, operator_norm = real("misfit distance operator_norm")

STARTED = t >= 0
WITHIN = Norm(vartheta) <= Norm(theta_0) + R_1
near = g(theta_near)
gap = g(theta(t)) - near
missed = Norm(g(theta(t)) - x_bar)
d = Norm(x_bar - near)
seen = y(t) - y_obs

H_CONE = cone_at(WITHIN)
H_POINT = Hypothesis("H_point", Norm(theta_near) <= Norm(theta_0) + R_1, "x' lies in Σ'")
H_NEAREST = Hypothesis(
    "H_nearest",
    forall(vartheta, WITHIN, d <= Norm(x_bar - g(vartheta))),
    "x' is a point of Σ' nearest to the signal",
)
PATH = (
    "sigma_A", "sigma_0", "Lambda", "GF", "y", "GF_start", "H_smooth", "H_min", "H_KL", "H_psi",
    "H_psi_zero", "H_psi_continuous", "H_start", "H_range", "H_sigma_A", "H_sigma_0", "H_Lip2",
    "H_threshold", "w_0", "w", "R", "R'",
)  # fmt: skip
KL = (
    "GF", "y", "H_smooth", "H_min", "H_KL", "H_psi", "H_psi_zero", "H_psi_continuous",
    "H_psi'_continuous", "H_start", "H_argmin", "w",
)  # fmt: skip
STEPS = (
    lemma("travel", "flow_published.travel", *PATH),
    gram("triangle", forall((v, zeta), true, Norm(v) <= Norm(v - zeta) + Norm(zeta))),
    polynomial("reached", forall(t, STARTED, Norm(theta(t)) <= Norm(theta_0) + R_1),
               "travel", at("triangle", {v: theta(t), zeta: theta_0})),
    polynomial("injective", forall(t, STARTED, Norm(Apply(A, gap)) >= lam * Norm(gap)),
               at("H_injective", {zeta: gap}), at("H_cone", {vartheta: theta(t), scale: 1}),
               "reached"),
    lemma("residual", "early_stopping.residual", *KL),
    cite("operator_bound", "operator_norm", M=A, v=x_bar - near),
    gram("seen", forall(t, STARTED, Eq(Apply(A, gap), seen + noise + Apply(A, x_bar - near))),
         "y", "H_data"),
    polynomial("seen_bound",
               forall(t, STARTED,
                      Norm(Apply(A, gap))
                      <= Norm(seen) + Norm(noise) + Norm(Apply(A, x_bar - near))),
               "seen", at("triangle", {v: seen + noise, zeta: noise}),
               at("triangle", {v: seen + noise + Apply(A, x_bar - near),
                               zeta: Apply(A, x_bar - near)})),
    polynomial("split", forall(t, STARTED, missed <= Norm(gap) + d),
               at("triangle", {v: g(theta(t)) - x_bar, zeta: near - x_bar})),
    polynomial("error",
               forall(t, STARTED, missed <= (w(t) + e) / lam + (1 + OperatorNorm(A) / lam) * d),
               "split", "injective", "seen_bound", "operator_bound", "residual", "H_noise",
               "lambda"),
)  # fmt: skip
claims = claims_of(STEPS)
ERROR = claims["error"]

# The signal is reached at the parameter p; noise takes the observation away from it.
reached_at = real("reached_at")
signal = sigma_0 * reached_at - Lambda * reached_at**2 / 2


def _extremal(name: str, level: Expr, witness: Mapping[Symbol, Any]) -> Model:
    """Return the instance with λ a multiple of its true value."""
    return Model(
        name,
        {symbol: value for symbol, value in extremal.VALUES.items() if symbol not in (Psi, rho)}
        | {
            x_bar: signal,
            y_obs: extremal.w_start,
            noise: extremal.w_start - sigma_A * signal,
            e: sigma_A * signal - extremal.w_start,
            theta_near: reached_at,
            chi: Map(x, x**2),
            lam: level * sigma_A,
        },
        extremal.PARAMETERS
        | {
            sigma_A: (Integer(1), Integer(1)),
            Lambda: (Rational(1, 20), Rational(6, 25)),
            reached_at: (Rational(6, 5), Rational(3, 2)),
        },
        witness,
    )


MODELS = (
    _extremal(
        "scalar extremal instance with noise away from the signal",
        Integer(1),
        extremal.WITNESS | {Lambda: Rational(1, 5), reached_at: Rational(13, 10)},
    ),
    _extremal("the same, λ twice its true value", Integer(2), {}),
)

# x' = 0 is a corner of Σ', at which J is singular: T is a wedge, which the kernel of A misses.
signal_entries = (-Rational(1, 4), -Rational(1, 8), -Rational(1, 8), Integer(0))
entries = coordinates("z", 4)
INSTANCE = Instance(
    "four parameters, m = 2, n = 4, a signal behind a corner of Σ'",
    {symbol: value for symbol, value in FLOW.items() if symbol not in (Psi, rho)}
    | {
        x_bar: signal_entries,
        y_obs: OBSERVED,
        noise: tuple(a - b for a, b in zip(OBSERVED, times(OPERATOR, signal_entries), strict=True)),
        e: 8,
        theta_near: (0, 0, 0, 0),
        chi: mapping(entries, Min(*entries)),
        lam: 3,
    },
)

STATEMENT = Statement(
    title="Recovery under restricted injectivity, as published",
    source=Source("published", ("bqf23", "bfq24"), "4"),
    quantities=(
        SIGMA_A,
        SIGMA_0,
        TWO_POINT,
        R_0,
        *FLOW_OBJECTS,
        *DATA,
        CONE,
        Quantity(lam, VALUE.meaning, lam > 0),
        Quantity(theta_near, "parameters of the point x' of Σ'"),
    ),
    hypotheses=(
        *KL_FLOW,
        H_PSI_1_CONTINUOUS,
        H_START,
        *SINGULAR_VALUES,
        H_LIP2,
        H_THRESHOLD,
        H_ARGMIN,
        H_DATA,
        H_NOISE,
        H_CONE,
        H_INJECTIVE,
        H_POINT,
        H_NEAREST,
    ),
    definitions=(OUTPUT, W_0, MISFIT, STABILITY, TRAVEL),
    conclusions={"error": ERROR},
    steps=STEPS,
    bounds=(
        Bound(
            "error",
            (misfit + e) / lam + (1 + operator_norm / lam) * distance,
            "distance ‖x(t) − x̄‖ to the signal at misfit w(t) and distance ‖x̄ − x'‖",
            of=("error",),
            condition=And(misfit >= 0, distance >= 0, operator_norm >= 0),
        ),
    ),
    instance=INSTANCE,
    models=MODELS,
    mutants=(
        Mutant(
            "λ counted 1% larger",
            {"error": with_body(ERROR, lambda c: Rational(101, 100) * c.lhs <= c.rhs)},
        ),
        Mutant("noise forgotten", {"error": with_body(ERROR, lambda c: c.lhs <= c.rhs - e / lam)}),
        Mutant(
            "misfit forgotten", {"error": with_body(ERROR, lambda c: c.lhs <= c.rhs - w(t) / lam)}
        ),
        Mutant(
            "half of the restricted injectivity",
            {"H_injective": with_body(H_INJECTIVE.formula, lambda c: 2 * c.lhs >= c.rhs)},
            "error",
        ),
    ),
    findings=(
        Finding(
            "nearest_point_unused",
            "That x' is in Σ', and nearest to the signal there, is used nowhere: any point x' with "
            "its own cone will do, and the bound may be minimised over it.",
            ("error",),
            ("H_point", "H_nearest"),
        ),
    ),
)
