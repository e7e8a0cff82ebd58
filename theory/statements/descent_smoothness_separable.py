"""How smooth the training loss is for a separable loss with Lip(ρ') ≤ ℓ (THEORY section 9).

L(v) = Σ ρ(v_i − y_i) has an ℓ-Lipschitz gradient, whatever the number of measurements, and
``descent_smoothness_loss`` gives Lipschitz constants of the gradient of f(θ) = L(A g(θ)). That
serves the log cosh, Huber, pseudo-Huber and Cauchy losses, with ℓ = 1.
"""

from typing import Any

from sympy import Abs, And, Eq, Expr, Integer, Sum, true
from sympy import Lambda as Map

from theory.formulas import ForAll, forall
from theory.instances import Instance, by_index, coordinates, mapping
from theory.settings.data import y_obs
from theory.settings.descent import BOTH, H_GENERATOR, H_LIP2, TWO_POINT
from theory.settings.flow import (
    H_MIN,
    RHO,
    A,
    J,
    L,
    Lambda,
    g,
    grad_L,
    rho,
    theta_0,
    v,
    x,
    z,
    zeta,
)
from theory.statement import (
    Hypothesis,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
    at,
)
from theory.statements._separable import e, i, m
from theory.statements.descent_smoothness import BOUNDS, OBJECTS, SCALAR, L_sublevel, w_start
from theory.statements.descent_smoothness_loss import (
    BALL,
    DEFINITIONS,
    FLATTEST,
    H_LOSS,
    H_TARGET,
    LESS,
    LOSS_BOX,
    LOSS_WITNESS,
    STEEPER,
    SUBLEVEL,
    constant_for,
    ell,
    smooth,
)
from theory.steps import induction, lemma, polynomial
from theory.terms import IsInteger, Norm, real, real_function
from theory.witnesses.flow import FLOW, OBSERVED

rho_1 = real_function("rho'")
j = real("j")
COUNT = And(IsInteger(j), j >= 1)
entry, other = e(i, v), e(i, zeta)


def _sum(term: Expr, last: Any = m) -> Sum:
    return Sum(term, (i, 1, last))


moved, bent = (entry - other) ** 2, (rho_1(entry) - rho_1(other)) ** 2


def _lipschitz(constant: Expr) -> ForAll:
    change = Norm(grad_L(v) - grad_L(zeta))
    return forall((v, zeta), true, change <= constant * Norm(v - zeta))


LIPSCHITZ = _lipschitz(ell)

H_COORDINATES = Hypothesis(
    "H_coordinates",
    forall(
        (v, zeta),
        true,
        And(
            Eq(Norm(v - zeta) ** 2, _sum(moved)),
            Eq(Norm(grad_L(v) - grad_L(zeta)) ** 2, _sum(bent)),
        ),
    ),
    "e(i, v) are the coordinates of v − y, and ρ'(e(i, v)) those of the gradient",
)
H_SLOPE = Hypothesis(
    "H_slope",
    forall((x, z), true, Abs(rho_1(x) - rho_1(z)) <= ell * Abs(x - z)),
    "ρ' is ℓ-Lipschitz",
)
LEMMA = ("H_generator", "H_Lip2", "H_loss", "lipschitz", "Lambda", "residual", "steepest", "ell")
STEPS = (
    polynomial("bent", forall((i, v, zeta), true, bent <= ell**2 * moved),
               at("H_slope", {x: entry, z: other})),
    induction("bends", forall((j, v, zeta), COUNT, _sum(bent, j) <= ell**2 * _sum(moved, j)),
              at("bent", {i: j})),
    polynomial("lipschitz", LIPSCHITZ, "H_coordinates", at("bends", {j: m}), "m", "ell"),
    lemma("sublevel", "descent_smoothness_loss.sublevel", *LEMMA, "H_min", "L_sublevel"),
    lemma("ball", "descent_smoothness_loss.ball", *LEMMA, "H_min", "H_target", "w_0", "w_ball",
          "L_ball"),
)  # fmt: skip

# ℓ times the squared loss, of four measurements that are all off by half the distance.
_half = (x - w_start) / 2
BENDING = Model(
    "one parameter, g(θ) = σθ − Λθ²/2, ℓ times the squared loss of four equal residuals",
    {
        **SCALAR,
        m: Integer(4),
        e: Map((i, x), _half),
        **STEEPER,
        rho_1: Map(x, ell * x),
    },
    LOSS_BOX,
    LOSS_WITNESS,
)
_v = coordinates("v", 2)
INSTANCE = Instance(
    "four parameters, m = 2, n = 4",
    {
        **{f: FLOW[f] for f in (A, g, J, theta_0, rho, Lambda, L, grad_L)},
        y_obs: OBSERVED,
        m: 2,
        e: by_index(*(mapping(_v, a - b) for a, b in zip(_v, OBSERVED, strict=True))),
        rho_1: mapping(x, x),
        ell: 1,
    },
)

STATEMENT = Statement(
    title="Lipschitz constants of the training loss's gradient, for separable losses",
    source=Source("sharp", (), "9"),
    quantities=(
        TWO_POINT,
        RHO,
        Quantity(ell, "Lipschitz constant of ρ'", ell > 0),
        Quantity(m, "number of measurements", And(IsInteger(m), m >= 1)),
        Quantity(e, "residuals: e(i, v) is the i-th coordinate of v − y"),
        Quantity(rho_1, "derivative of the profile ρ"),
        *OBJECTS,
        Quantity(L, "loss"),
        Quantity(grad_L, "gradient of the loss"),
    ),
    hypotheses=(
        H_GENERATOR,
        H_LIP2,
        H_LOSS,
        H_MIN,
        H_TARGET,
        H_COORDINATES,
        H_SLOPE,
    ),
    definitions=DEFINITIONS,
    conclusions={"sublevel": SUBLEVEL, "ball": BALL, "lipschitz": LIPSCHITZ},
    steps=STEPS,
    bounds=BOUNDS,
    instance=INSTANCE,
    models=(BENDING,),
    mutants=(
        Mutant("short form on the whole ball", {"ball": smooth(BOTH, L_sublevel)}),
        Mutant(
            "sublevel constant 1% smaller",
            {"L_sublevel": LESS * constant_for(FLATTEST)},
            "sublevel",
        ),
        Mutant("gradient of the loss 1% smoother", {"lipschitz": _lipschitz(LESS * ell)}),
    ),
)
