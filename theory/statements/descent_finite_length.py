"""Gradient descent travels a finite length (THEORY section 9, descent_finite_length).

With β = 1 − γL_f/2 > 0 and q/β < 1/2, the iterates' path has at most the length ρ*_γ, of the form
of the flow's with σ_A replaced by βσ_A, and σ_min(J) stays at least σ₀√(1 − 2q/β). L_f has to be a
Lipschitz constant of the gradient only where the loss is at most the first, within ρ of θ₀.
"""

from sympy import Rational, sqrt

from theory.formulas import with_body
from theory.instances import Instance
from theory.settings.descent import (
    KL_DESCENT,
    LENGTH_EQUATIONS,
    RADIUS_GAMMA,
    RATIO_GAMMA,
    SETTING,
    SHORT_STEPS,
    STEP_SIZES,
    beta,
    gamma,
    q_gamma,
    rho_gamma,
    spent,
)
from theory.settings.flow import (
    Psi,
    sigma_0,
)
from theory.statement import Bound, Model, Mutant, Source, Statement
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
    quantities=(*SETTING, *STEP_SIZES),
    hypotheses=(*KL_DESCENT, *SHORT_STEPS),
    definitions=RATIO_GAMMA,
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
