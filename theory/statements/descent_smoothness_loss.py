"""How smooth the training loss is, for any loss with a Lipschitz gradient (THEORY section 9).

f(θ) = L(A g(θ)), L ≥ 0 with L(y) = 0 and ∇L ℓ-Lipschitz, has on the ball B(θ₀, ρ) the constant
ℓ‖A‖²(‖J(θ₀)‖+Λρ)² + ‖A‖ΛG, where G bounds ‖∇L‖ at one of the two points: √(2ℓL₀) where that point
lies in the sublevel set {L ≤ L₀} of θ₀, and ℓ times a bound of the residual anywhere in the ball.
``descent_smoothness`` is the case of the squared loss, ℓ = 1.
"""

from typing import Any

from sympy import And, Eq, Expr, Integer, Rational, sqrt, true
from sympy import Lambda as Map

from theory.formulas import ForAll, forall
from theory.instances import Instance
from theory.settings.data import y_obs
from theory.settings.descent import BOTH, H_GENERATOR, H_LIP2, RESIDUAL, TWO_POINT, residual
from theory.settings.flow import (
    H_MIN,
    RHO,
    A,
    J,
    L,
    Lambda,
    g,
    grad_L,
    pulled_back,
    rho,
    theta_0,
    v,
    vartheta,
    x,
    zeta,
)
from theory.statement import (
    Definition,
    Hypothesis,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
    at,
)
from theory.statements.descent_smoothness import (
    BALL_RESIDUAL,
    BOUNDS,
    BOX,
    FIRST_RESIDUAL,
    OBJECTS,
    SCALAR,
    STEEPEST,
    WITNESS,
    L_ball,
    L_sublevel,
    apart,
    reach,
    steepest,
    w_ball,
    w_start,
)
from theory.steps import calculus, cite, gram, lemma, polynomial
from theory.terms import (
    Adjoint,
    Apply,
    Gradient,
    Inner,
    Norm,
    OperatorNorm,
    derivative,
    function_of,
    real,
)
from theory.witnesses.flow import FLOW, OBSERVED

ell, L_0 = real("ell L_0")
first, second = Apply(A, g(vartheta)), Apply(A, g(zeta))
slope, bend = grad_L(second), grad_L(first) - grad_L(second)
turn = J(vartheta) - J(zeta)
forward = OperatorNorm(A)
downhill = v - x * grad_L(v)
steep = Norm(grad_L(v)) ** 2

H_LOSS = Hypothesis(
    "H_loss", Gradient(function_of(v, L(v)), function_of(v, grad_L(v))), "the loss is C¹"
)
H_ELL = Hypothesis(
    "H_ell",
    forall((v, zeta), true, Norm(grad_L(v) - grad_L(zeta)) <= ell * Norm(v - zeta)),
    "the gradient of the loss is ℓ-Lipschitz",
)
H_TARGET = Hypothesis("H_target", Eq(L(y_obs), 0), "the loss vanishes at the observation")


def smooth(given: Any, constant: Expr) -> ForAll:
    """Return that the gradient of the training loss has this Lipschitz constant."""
    change = Norm(pulled_back(vartheta) - pulled_back(zeta))
    return forall((vartheta, zeta), given, change <= constant * apart)


def constant_for(size: Expr) -> Expr:
    """Return the Lipschitz constant where ``size`` bounds ‖∇L‖ at one of the points."""
    return ell * forward**2 * steepest**2 + forward * Lambda * size


FLATTEST = sqrt(2 * ell * L_0)
DEFINITIONS = (
    RESIDUAL,
    FIRST_RESIDUAL,
    STEEPEST,
    BALL_RESIDUAL,
    Definition(L_0, L(Apply(A, g(theta_0))), "initial loss"),
    Definition(L_sublevel, constant_for(FLATTEST), "Lipschitz constant on the sublevel set of θ₀"),
    Definition(L_ball, constant_for(ell * w_ball), "Lipschitz constant on the whole ball"),
)
IN_SUBLEVEL = And(BOTH, L(second) <= L_0)
SUBLEVEL = smooth(IN_SUBLEVEL, L_sublevel)
BALL = smooth(BOTH, L_ball)
SMOOTH = smooth(BOTH, constant_for(Norm(slope)))
STEEP = forall(v, true, steep <= 2 * ell * L(v))

PARTS = (
    lemma("outputs", "descent_smoothness.outputs", "H_generator", "H_Lip2", "Lambda", "residual",
          "steepest"),
    lemma("jacobian", "descent_smoothness.jacobian", "H_Lip2", "Lambda", "steepest"),
    gram("differ", forall((vartheta, zeta), true,
                          Eq(Norm(residual(vartheta) - residual(zeta)), Norm(first - second))),
         "residual", at("residual", {vartheta: zeta})),
    polynomial("bending", forall((vartheta, zeta), BOTH, Norm(bend) <= ell * reach * apart),
               at("H_ell", {v: first, zeta: second}), "differ", "outputs", "ell"),
    cite("pull_jacobian", "operator_norm_adjoint", over=(vartheta, zeta), M=J(vartheta),
         z=Adjoint(A, bend)),
    cite("pull_forward", "operator_norm_adjoint", over=(vartheta, zeta), M=A, z=bend),
    cite("turn_jacobian", "operator_norm_adjoint", over=(vartheta, zeta), M=turn,
         z=Adjoint(A, slope)),
    cite("turn_forward", "operator_norm_adjoint", over=(zeta,), M=A, z=slope),
    gram("split",
         forall((vartheta, zeta), true,
                Norm(pulled_back(vartheta) - pulled_back(zeta))
                <= Norm(Adjoint(J(vartheta), Adjoint(A, bend)))
                + Norm(Adjoint(turn, Adjoint(A, slope))))),
    polynomial("pulled",
               forall((vartheta, zeta), BOTH,
                      Norm(Adjoint(J(vartheta), Adjoint(A, bend))) <= ell * reach**2 * apart),
               "pull_jacobian", "pull_forward", "bending", "jacobian"),
    polynomial("turned",
               forall((vartheta, zeta), BOTH,
                      Norm(Adjoint(turn, Adjoint(A, slope)))
                      <= Lambda * apart * forward * Norm(slope)),
               "turn_jacobian", "turn_forward", "H_Lip2"),
    polynomial("smooth", SMOOTH, "split", "pulled", "turned"),
)  # fmt: skip
# One step of size 1/ℓ down the gradient of the loss itself: L ≥ 0 leaves it no more to fall.
gained = L(downhill) + x * steep - ell * x**2 * steep / 2
rise = -Inner(grad_L(downhill), grad_L(v)) + steep - ell * x * steep
SLOPE = (
    calculus("down", forall((v, x), x >= 0, Eq(derivative(downhill, x), -grad_L(v)))),
    cite("falls", "chain_rule_along", "H_loss", "down", over=(v,), ell=L, G=grad_L,
         p=function_of(x, downhill), p_dot=function_of(x, -grad_L(v))),
    calculus("gains", forall((v, x), x >= 0, Eq(derivative(gained, x), rise)), "falls"),
    gram("still_down", forall((v, x), x >= 0, rise <= 0),
         at("H_ell", {v: downhill, zeta: v})),
    cite("gained", "nonincreasing", "gains", "still_down", "ell", over=(v,),
         F=function_of(x, gained), f=function_of(x, rise), a=0, b=1 / ell),
    polynomial("steep", STEEP, "gained", at("H_min", {v: v - grad_L(v) / ell}), "ell"),
)  # fmt: skip
ENDS = (
    polynomial("sublevel", SUBLEVEL, "smooth", at("steep", {v: second}),
               "L_sublevel", "Lambda", "ell"),
    lemma("residual_ball", "descent_smoothness.residual_ball", "H_generator", "H_Lip2", "Lambda",
          "residual", "w_0", "w_ball"),
    cite("flat", "fermat", "H_loss", "H_min", "H_target", ell=L, G=grad_L, z=y_obs),
    gram("from_target", forall(zeta, true, Norm(slope) <= ell * Norm(residual(zeta))),
         at("H_ell", {v: second, zeta: y_obs}), "flat", at("residual", {vartheta: zeta})),
    polynomial("ball", BALL, "smooth", "from_target", "residual_ball", "L_ball", "Lambda", "ell"),
)  # fmt: skip
STEPS = (*PARTS, *SLOPE, *ENDS)

LESS = Rational(99, 100)
STEEPER = {L: Map(x, ell * (x - w_start) ** 2 / 2), grad_L: Map(x, ell * (x - w_start))}
LOSS_BOX = {**BOX, ell: (Rational(1, 2), Integer(2))}
LOSS_WITNESS = {**WITNESS, ell: Integer(2)}
BENDING = Model(
    "one parameter, g(θ) = σθ − Λθ²/2, ℓ times the squared loss",
    {**SCALAR, **STEEPER},
    LOSS_BOX,
    LOSS_WITNESS,
)
INSTANCE = Instance(
    "four parameters, m = 2, n = 4",
    {**{f: FLOW[f] for f in (A, g, J, theta_0, rho, Lambda, L, grad_L)}, y_obs: OBSERVED, ell: 1},
)

STATEMENT = Statement(
    title="Lipschitz constants of the training loss's gradient, for any smooth loss",
    source=Source("sharp", (), "9"),
    quantities=(
        TWO_POINT,
        RHO,
        Quantity(ell, "Lipschitz constant of the gradient of the loss", ell > 0),
        *OBJECTS,
        Quantity(L, "loss"),
        Quantity(grad_L, "gradient of the loss"),
    ),
    hypotheses=(H_GENERATOR, H_LIP2, H_LOSS, H_MIN, H_ELL, H_TARGET),
    definitions=DEFINITIONS,
    conclusions={"sublevel": SUBLEVEL, "ball": BALL, "smooth": SMOOTH, "steep": STEEP},
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
        Mutant("the loss's own curvature forgotten",
               {"L_sublevel": constant_for(FLATTEST) / ell}, "sublevel"),
        Mutant("slope 1% smaller", {"steep": forall(v, true, steep <= 99 * ell * L(v) / 50)}),
    ),
)  # fmt: skip
