"""Gradient descent travels a finite length (THEORY section 9, descent_finite_length).

With β = 1 − γL_f/2 > 0 and q/β < 1/2, the iterates' path has at most the length ρ*_γ, of the form
of the flow's with σ_A replaced by βσ_A, and σ_min(J) stays at least σ₀√(1 − 2q/β). L_f has to be a
Lipschitz constant of the gradient only where the loss is at most the first, within ρ of θ₀.
"""

from sympy import Rational, sqrt

from theory.formulas import with_body
from theory.instances import Instance
from theory.settings.descent import (
    BETA,
    GD,
    GD_START,
    H_CONCAVE,
    H_L_F,
    H_RADIUS_GAMMA,
    H_STEP,
    H_THRESHOLD,
    LENGTH_EQUATIONS,
    Q_GAMMA,
    RADIUS_GAMMA,
    L_f,
    beta,
    gamma,
    q_gamma,
    rho_gamma,
    s,
    spent,
)
from theory.settings.flow import (
    FLOW_OBJECTS,
    H_KL,
    H_LIP0,
    H_MIN,
    H_PSI,
    H_PSI_ZERO,
    H_RANGE,
    H_SIGMA_0,
    H_SIGMA_A,
    H_SMOOTH,
    H_START,
    LAMBDA,
    MISFIT,
    OUTPUT,
    R_0,
    RHO,
    SIGMA_0,
    SIGMA_A,
    W_0,
    Psi,
    sigma_0,
    theta_dot,
)
from theory.statement import Bound, Model, Mutant, Quantity, Source, Statement
from theory.statements._descent_finite_length_steps import STEPS, steep
from theory.steps import claims_of
from theory.witnesses import extremal_descent
from theory.witnesses.descent import DESCENT

claims = claims_of(STEPS)
PROVED = ("travel", "distance", "energy", "conditioning", "descent", "segment")
named = {name: claims[name] for name in PROVED} | {"lower": claims["lower_everywhere"]}

LINEAR = Model(
    "one parameter, g(θ) = σ₀θ, squared loss",
    {symbol: value for symbol, value in extremal_descent.VALUES.items() if symbol != Psi},
    extremal_descent.PARAMETERS,
    extremal_descent.WITNESS,
)

INSTANCE = Instance(
    "three parameters, m = 2, n = 3",
    {symbol: value for symbol, value in DESCENT.items() if symbol != Psi},
)

STATEMENT = Statement(
    title="Gradient descent: finite length below the sharp threshold",
    source=Source("sharp", (), "9"),
    quantities=(
        SIGMA_A,
        SIGMA_0,
        LAMBDA,
        RHO,
        R_0,
        *(quantity for quantity in FLOW_OBJECTS if quantity.symbol != theta_dot),
        Quantity(gamma, "step size", gamma > 0),
        Quantity(L_f, "Lipschitz constant of the training loss's gradient", L_f > 0),
        Quantity(s, "length of the path up to an iterate"),
    ),
    hypotheses=(
        GD,
        GD_START,
        H_SMOOTH,
        H_MIN,
        H_KL,
        H_PSI,
        H_PSI_ZERO,
        H_CONCAVE,
        H_START,
        H_RANGE,
        H_SIGMA_A,
        H_SIGMA_0,
        H_LIP0,
        H_L_F,
        H_STEP,
        H_THRESHOLD,
        H_RADIUS_GAMMA,
    ),
    definitions=(OUTPUT, W_0, MISFIT, BETA, Q_GAMMA, RADIUS_GAMMA),
    conclusions=named,
    steps=STEPS,
    bounds=(
        Bound("q", q_gamma, "conditioning ratio q/β", "value"),
        Bound("threshold", Rational(1, 2), "q/β below which the length is finite", "value"),
        Bound("travel_radius", rho_gamma, "length of the path", of=("travel",)),
        Bound(
            "conditioning",
            sigma_0 * sqrt(1 - 2 * q_gamma),
            "smallest singular value of the Jacobian",
            "lower",
            of=("conditioning",),
        ),
    ),
    instance=INSTANCE,
    models=(LINEAR,),
    mutants=(
        Mutant(
            "travel radius 2% smaller",
            {"rho_gamma": Rational(98, 100) * RADIUS_GAMMA.value},
            "travel",
        ),
        Mutant(
            "descent 1% steeper",
            {
                "descent": with_body(
                    named["descent"], lambda c: c.lhs <= c.rhs - beta * gamma * steep**2 / 100
                )
            },
        ),
        Mutant(
            "energy with 2% more weight on the length",
            {"energy": with_body(named["energy"], lambda c: c.lhs + beta * spent / 50 <= c.rhs)},
        ),
        Mutant(
            "conditioning 1% better",
            {
                "conditioning": with_body(
                    named["conditioning"], lambda c: c.lhs >= Rational(101, 100) * c.rhs
                )
            },
        ),
    ),
    characterised=LENGTH_EQUATIONS,
)
