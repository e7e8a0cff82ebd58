"""What a network in the regime of the guarantees recovers of the signal (THEORY section 4).

It computes the G₀-weighted interpolant from x(0), G₀ = J(θ₀)J(θ₀)ᵀ, Π = G₀Aᵀ(AG₀Aᵀ)⁻¹: of the part
of the signal that A does not see, only what ran(G₀Aᵀ) and x(0) contain. How far it may be from it
is a number. Nothing here needs m = n, nor the squared loss.
"""

from sympy import And, Integer, Min, Rational, sqrt

from theory.formulas import with_body
from theory.settings.data import DATA, H_ARGMIN, H_DATA, H_NOISE, e, noise, x_bar, y_obs
from theory.settings.flow import (
    H_LIP0,
    H_PSI_1_CONTINUOUS,
    H_RADIUS,
    H_START,
    KL_FLOW,
    MISFIT,
    OUTPUT,
    RADIUS,
    SETTING,
    SINGULAR_VALUES,
    W_0,
    Lambda,
    Psi,
    Q,
    q,
    sigma_0,
    sigma_A,
    t,
    theta,
    w,
)
from theory.statement import (
    Bound,
    Definition,
    Finding,
    Hypothesis,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
)
from theory.statements._recovery_lazy_projection import (
    H_AMPLIFICATION,
    H_CONDITION,
    H_LEAK,
    H_LEFT,
    H_N,
    H_PI,
    H_RIGHT,
    H_UNSEEN,
    K,
    N,
    Pi,
    amplification,
    deficit,
    kappa_J,
    leak,
    s,
    tame,
    unseen,
)
from theory.statements._recovery_lazy_steps import STEPS, deviation, drift, drift_rational
from theory.steps import claims_of
from theory.terms import real
from theory.witnesses import extremal
from theory.witnesses.generic import GENERIC_PROBLEM

misfit = real("misfit")
claims = claims_of(STEPS)
PROVED = ("drift", "drift_leak", "drift_rational", "error", "error_rational")

EXTREMAL = Model(
    "scalar extremal instance with noise away from the signal",
    {symbol: value for symbol, value in extremal.VALUES.items() if symbol != Psi}
    | {
        s: extremal.VALUES[theta],
        e: e,
        noise: -e,
        y_obs: extremal.w_start,
        x_bar: (extremal.w_start + e) / sigma_A,
        K: 1 / (sigma_A**2 * sigma_0**2),
        Pi: 1 / sigma_A,
        N: Integer(0),
        kappa_J: Integer(1),
        leak: Integer(0),
        amplification: 1 / sigma_A,
        unseen: Integer(0),
    },
    extremal.PARAMETERS | {e: (Rational(1, 10), Rational(9, 10))},
    extremal.WITNESS | {e: Rational(1, 10)},
)

STATEMENT = Statement(
    title="Recovery in the lazy regime",
    source=Source("sharp", (), "4"),
    quantities=(
        *SETTING,
        *DATA,
        Quantity(K, "inverse of AG₀Aᵀ"),
        Quantity(Pi, "G₀-weighted pseudo-inverse Π of the forward operator"),
        Quantity(N, "what Π does not see, I − ΠA"),
        Quantity(kappa_J, "condition number of J(θ₀), or more"),
        Quantity(leak, "‖I − ΠA‖, or more"),
        Quantity(amplification, "‖Π‖, or more"),
        Quantity(unseen, "‖(I − ΠA)(x̄ − x(0))‖, what is not recovered, or more"),
        Quantity(s, "length of the path up to time t"),
    ),
    hypotheses=(
        *KL_FLOW,
        H_PSI_1_CONTINUOUS,
        H_START,
        *SINGULAR_VALUES,
        H_LIP0,
        H_RADIUS,
        Hypothesis("H_threshold", q < Rational(1, 2), "q < 1/2"),
        H_LEFT,
        H_RIGHT,
        H_PI,
        H_N,
        H_CONDITION,
        H_LEAK,
        H_AMPLIFICATION,
        H_UNSEEN,
        H_ARGMIN,
        H_DATA,
        H_NOISE,
    ),
    definitions=(
        OUTPUT,
        W_0,
        MISFIT,
        Q,
        RADIUS,
        Definition(deficit, 1 - sqrt(1 - 2 * q), "share 1 − √(1−2q) of σ₀ that may be lost"),
        Definition(tame, Min(1, leak), "leak, or 1 if that is less"),
    ),
    conclusions={name: claims[name] for name in PROVED},
    steps=STEPS,
    bounds=(
        Bound(
            "deviation",
            deviation,
            "distance from the interpolant over ‖I − ΠA‖",
            of=("drift_leak",),
        ),
        Bound("drift", drift, "distance from the interpolant", of=("drift",)),
        Bound(
            "drift_rational",
            drift_rational,
            "distance from the interpolant, Λ ≥ 0",
            of=("drift_rational",),
        ),
        Bound(
            "error",
            unseen + amplification * (e + misfit) + drift,
            "distance ‖x(t) − x̄‖ to the signal at misfit w(t)",
            of=("error",),
            condition=And(Lambda > 0, misfit >= 0),
        ),
        Bound(
            "error_rational",
            unseen + amplification * (e + misfit) + drift_rational,
            "distance ‖x(t) − x̄‖ to the signal at misfit w(t), Λ ≥ 0",
            of=("error_rational",),
            condition=misfit >= 0,
        ),
    ),
    witness_problem=GENERIC_PROBLEM,
    models=(EXTREMAL,),
    mutants=(
        Mutant(
            "‖Π‖ 1% smaller",
            {
                "error_rational": with_body(
                    claims["error_rational"],
                    lambda c: c.lhs <= c.rhs - amplification * (e + w(t)) / 100,
                )
            },
        ),
        Mutant(
            "noise forgotten",
            {
                "error_rational": with_body(
                    claims["error_rational"], lambda c: c.lhs <= c.rhs - amplification * e
                )
            },
        ),
        Mutant(
            "misfit forgotten",
            {
                "error_rational": with_body(
                    claims["error_rational"], lambda c: c.lhs <= c.rhs - amplification * w(t)
                )
            },
        ),
        Mutant(
            "misfit taken 1% too small",
            {
                "error": with_body(
                    claims["error"], lambda c: c.lhs <= c.rhs - amplification * w(t) / 100
                )
            },
        ),
    ),
    findings=(
        Finding(
            "smaller_deviation",
            "The distance from the interpolant is at most (σ₀²/Λ)[‖I−ΠA‖v²/2 + "
            "min(1,‖I−ΠA‖)κ_J(−v−log(1−v))], never more than THEORY's "
            "‖I−ΠA‖(σ₀²/Λ)[(2κ_J+1)(−v−log(1−v)) − v²/2]: one factor of JJᵀ − G₀ is the velocity "
            "itself, and (I−ΠA)J(θ₀) is J(θ₀) after an orthogonal projection.",
            ("curvature", "smaller_deviation", "drift"),
        ),
    ),
)
