"""How smooth the training loss is: Lipschitz constants of its gradient (THEORY section 9).

f(θ) = ½‖A g(θ) − y‖² has on the ball B(θ₀, ρ) the constant ‖A‖²(‖J(θ₀)‖+Λρ)² + ‖A‖Λ w, where w
bounds the residual at one of the two points: w₀ where that point lies in the sublevel set of θ₀,
and w₀ + ‖A‖(‖J(θ₀)‖ρ + Λρ²/2) anywhere in the ball. The short form fails on the whole ball.
"""

from typing import Any

from sympy import And, Eq, Expr, Integer, Rational, true
from sympy import Lambda as Map

from theory.formulas import ForAll, forall
from theory.instances import Instance
from theory.settings.data import y_obs
from theory.settings.descent import (
    BOTH,
    H_GENERATOR,
    H_LIP2,
    RESIDUAL,
    TWO_POINT,
    grad_f,
    residual,
)
from theory.settings.flow import RHO, A, J, Lambda, g, rho, theta_0, vartheta, w_0, x, z, zeta
from theory.statement import (
    Bound,
    Definition,
    Finding,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
    at,
)
from theory.steps import calculus, cite, gram, polynomial
from theory.terms import Adjoint, Apply, Norm, OperatorNorm, derivative, function_of, real
from theory.witnesses.flow import GENERATOR, OBSERVED

steepest, L_sublevel, L_ball, w_ball = real("steepest L_sublevel L_ball w_ball")
sigma, w_start = real("sigma w_start")

apart = Norm(vartheta - zeta)
line = zeta + x * (vartheta - zeta)
ON_LINE = And(x >= 0, x <= 1)
INSIDE = Norm(vartheta - theta_0) <= rho
size = OperatorNorm(J(theta_0))
reach = OperatorNorm(A) * steepest
growth = x * size * Norm(zeta - theta_0) + Lambda * x**2 * Norm(zeta - theta_0) ** 2 / 2
growing = size * Norm(zeta - theta_0) + Lambda * x * Norm(zeta - theta_0) ** 2
change = residual(vartheta) - residual(zeta)
turn = J(vartheta) - J(zeta)
back = Adjoint(A, residual(zeta))


def smooth(given: Any, constant: Expr) -> ForAll:
    """Return that the gradient has this Lipschitz constant."""
    return forall(
        (vartheta, zeta), given, Norm(grad_f(vartheta) - grad_f(zeta)) <= constant * apart
    )


SUBLEVEL = smooth(And(BOTH, Norm(residual(zeta)) <= w_0), L_sublevel)
BALL = smooth(BOTH, L_ball)
RESIDUAL_BALL = forall(zeta, Norm(zeta - theta_0) <= rho, Norm(residual(zeta)) <= w_ball)

OUTPUTS = forall((vartheta, zeta), BOTH, Norm(change) <= reach * apart)
BOUNDED = forall(vartheta, INSIDE, OperatorNorm(J(vartheta)) <= steepest)
FIRST_RESIDUAL = Definition(w_0, Norm(residual(theta_0)), "initial residual")
STEEPEST = Definition(steepest, size + Lambda * rho, "bound of ‖J‖ on the ball")
BALL_RESIDUAL = Definition(
    w_ball,
    w_0 + OperatorNorm(A) * (size * rho + Lambda * rho**2 / 2),
    "bound of the residual on the ball",
)
OBJECTS = (
    Quantity(A, "forward operator"),
    Quantity(g, "generator, parameters to signal"),
    Quantity(J, "Jacobian of the generator"),
    Quantity(theta_0, "initial parameters"),
    Quantity(y_obs, "observation"),
)
BOUNDS = (
    Bound(
        "sublevel",
        L_sublevel,
        "Lipschitz constant of ∇f on the sublevel set of θ₀",
        of=("sublevel",),
    ),
    Bound("ball", L_ball, "Lipschitz constant of ∇f on the whole ball", of=("ball",)),
)

JACOBIAN = (
    cite("jacobian_norm", "operator_norm_triangle", over=(vartheta,), given=INSIDE,
         M=J(vartheta), N=J(theta_0)),
    polynomial("jacobian_growth",
               forall(vartheta, INSIDE,
                      OperatorNorm(J(vartheta)) <= size + Lambda * Norm(vartheta - theta_0)),
               "jacobian_norm", at("H_Lip2", {zeta: theta_0})),
    polynomial("jacobian_bound", BOUNDED, "jacobian_growth", "steepest", "Lambda"),
)  # fmt: skip
LINE = (
    calculus("line_velocity",
             forall((vartheta, zeta, x), x >= 0, Eq(derivative(line, x), vartheta - zeta))),
    cite("along_line", "chain_rule_map", "H_generator", "line_velocity", over=(vartheta, zeta),
         given=true, g=g, J=J, p=function_of(x, line), p_dot=function_of(x, vartheta - zeta)),
    gram("line_in_ball",
         forall((vartheta, zeta, x), And(BOTH, ON_LINE), Norm(line - theta_0) <= rho)),
    cite("line_norm", "operator_norm", over=(vartheta, zeta, x), given=ON_LINE, M=J(line),
         v=vartheta - zeta),
    polynomial("line_speed",
               forall((vartheta, zeta, x), And(BOTH, ON_LINE),
                      Norm(Apply(J(line), vartheta - zeta)) <= steepest * apart),
               "line_norm", at("jacobian_bound", {vartheta: line}), "line_in_ball"),
    calculus("line_majorant",
             forall((vartheta, zeta, x), ON_LINE,
                    Eq(derivative(x * steepest * apart, x), steepest * apart))),
    cite("generator_change", "mean_value_inequality", "along_line", "line_speed", "line_majorant",
         over=(vartheta, zeta), given=BOTH, p=function_of(x, g(line)),
         p_dot=function_of(x, Apply(J(line), vartheta - zeta)),
         F=function_of(x, x * steepest * apart), f=function_of(x, steepest * apart), a=0, b=1),
)  # fmt: skip
FORWARD = (
    cite("forward_norm", "operator_norm", over=(vartheta, zeta), given=true, M=A,
         v=g(vartheta) - g(zeta)),
    gram("residual_is_forward",
         forall((vartheta, zeta), true,
                Eq(Norm(change), Norm(Apply(A, g(vartheta) - g(zeta))))),
         "residual", at("residual", {vartheta: zeta})),
    polynomial("residual_change", OUTPUTS, "residual_is_forward", "forward_norm",
               "generator_change"),
)  # fmt: skip
PARTS = (
    cite("pull_jacobian", "operator_norm_adjoint", over=(vartheta, zeta), given=true,
         M=J(vartheta), z=Adjoint(A, change)),
    cite("pull_forward", "operator_norm_adjoint", over=(vartheta, zeta), given=true, M=A,
         z=change),
    cite("turn_jacobian", "operator_norm_adjoint", over=(vartheta, zeta), given=true, M=turn,
         z=back),
    cite("turn_forward", "operator_norm_adjoint", over=(zeta,), given=true, M=A,
         z=residual(zeta)),
    gram("split",
         forall((vartheta, zeta), true,
                Norm(grad_f(vartheta) - grad_f(zeta))
                <= Norm(Adjoint(J(vartheta), Adjoint(A, change))) + Norm(Adjoint(turn, back)))),
    polynomial("pulled",
               forall((vartheta, zeta), BOTH,
                      Norm(Adjoint(J(vartheta), Adjoint(A, change))) <= reach**2 * apart),
               "pull_jacobian", "pull_forward", "residual_change", "jacobian_bound"),
    polynomial("turned",
               forall((vartheta, zeta), BOTH,
                      Norm(Adjoint(turn, back))
                      <= Lambda * apart * OperatorNorm(A) * Norm(residual(zeta))),
               "turn_jacobian", "turn_forward", "H_Lip2"),
    polynomial("smooth",
               forall((vartheta, zeta), BOTH,
                      Norm(grad_f(vartheta) - grad_f(zeta))
                      <= (reach**2 + OperatorNorm(A) * Lambda * Norm(residual(zeta))) * apart),
               "split", "pulled", "turned"),
    polynomial("sublevel", SUBLEVEL, "smooth", "L_sublevel", "Lambda"),
)  # fmt: skip
FROM_START = And(Norm(zeta - theta_0) <= rho, ON_LINE)
radial = theta_0 + x * (zeta - theta_0)
BALL_STEPS = (
    gram("radial_distance",
         forall((zeta, x), ON_LINE,
                Eq(Norm(radial - theta_0), x * Norm(zeta - theta_0)))),
    cite("radial_norm", "operator_norm", over=(zeta, x), given=ON_LINE, M=J(radial),
         v=zeta - theta_0),
    polynomial("radial_speed",
               forall((zeta, x), FROM_START,
                      Norm(Apply(J(radial), zeta - theta_0)) <= growing),
               "radial_norm", at("jacobian_growth", {vartheta: radial}), "radial_distance"),
    calculus("radial_majorant",
             forall((zeta, x), ON_LINE, Eq(derivative(growth, x), growing))),
    cite("generator_growth", "mean_value_inequality",
         at("along_line", {zeta: theta_0, vartheta: zeta, x: x}),
         "radial_speed", "radial_majorant", over=(zeta,), given=Norm(zeta - theta_0) <= rho,
         p=function_of(x, g(radial)), p_dot=function_of(x, Apply(J(radial), zeta - theta_0)),
         F=function_of(x, growth), f=function_of(x, growing), a=0, b=1),
    gram("residual_from_start",
         forall(zeta, true,
                Norm(residual(zeta))
                <= w_0 + Norm(Apply(A, g(zeta) - g(theta_0)))),
         at("residual", {vartheta: zeta}), at("residual", {vartheta: theta_0}), "w_0"),
    polynomial("residual_ball", RESIDUAL_BALL, "residual_from_start",
               at("forward_norm", {vartheta: zeta, zeta: theta_0}), "generator_growth",
               "Lambda", "w_ball"),
    polynomial("ball", BALL, "smooth", "residual_ball", "L_ball", "Lambda"),
)  # fmt: skip
# The instance A = 1, g(θ) = θ − θ²/2, θ₀ = 0, y = 2/5, ρ = 1: the short form says 22/5.
short_slope = (1 - x) * (x - x**2 / 2 - Rational(2, 5))
FAILURE = (
    polynomial("short_form_fails",
               forall((x, z), And(x >= -1, x < z, z <= -Rational(9, 10)),
                      short_slope.subs(x, z) - short_slope > Rational(22, 5) * (z - x))),
)  # fmt: skip
STEPS = (*JACOBIAN, *LINE, *FORWARD, *PARTS, *BALL_STEPS, *FAILURE)

SCALAR: dict[Any, Any] = {
    A: Integer(1),
    g: Map(x, sigma * x - Lambda * x**2 / 2),
    J: Map(x, sigma - Lambda * x),
    theta_0: Integer(0),
    y_obs: w_start,
}
"""One parameter, g(θ) = σθ − Λθ²/2, from 0, with the residual ``w_start``."""
BOX = {
    sigma: (Integer(1), Integer(1)),
    Lambda: (Rational(1, 2), Integer(1)),
    rho: (Rational(1, 1000), Integer(1)),
    w_start: (Rational(1, 10), Integer(1)),
}
WITNESS = {sigma: Integer(1), Lambda: Rational(1, 2), rho: Integer(1), w_start: Rational(2, 5)}
BENDING = Model(
    "one parameter, g(θ) = σθ − Λθ²/2",
    {**SCALAR, rho: rho, Lambda: Lambda},
    BOX,
    WITNESS,
)

constant = OperatorNorm(A) ** 2 * steepest**2
INSTANCE = Instance(
    "four parameters, m = 2, n = 4",
    {**{f: GENERATOR[f] for f in (A, g, J, theta_0, rho, Lambda)}, y_obs: OBSERVED},
)

STATEMENT = Statement(
    title="Lipschitz constants of the training loss's gradient",
    source=Source("sharp", (), "9"),
    quantities=(
        TWO_POINT,
        RHO,
        *OBJECTS,
    ),
    hypotheses=(H_GENERATOR, H_LIP2),
    definitions=(
        RESIDUAL,
        FIRST_RESIDUAL,
        STEEPEST,
        Definition(
            L_sublevel,
            constant + OperatorNorm(A) * Lambda * w_0,
            "Lipschitz constant on the sublevel set of θ₀",
        ),
        BALL_RESIDUAL,
        Definition(
            L_ball,
            constant + OperatorNorm(A) * Lambda * w_ball,
            "Lipschitz constant on the whole ball",
        ),
    ),
    conclusions={
        "sublevel": SUBLEVEL,
        "ball": BALL,
        "residual_ball": RESIDUAL_BALL,
        "jacobian": BOUNDED,
        "outputs": OUTPUTS,
    },
    steps=STEPS,
    bounds=BOUNDS,
    instance=INSTANCE,
    models=(BENDING,),
    mutants=(
        Mutant("short form on the whole ball", {"ball": smooth(BOTH, L_sublevel)}),
        Mutant(
            "sublevel constant 1% smaller",
            {"L_sublevel": Rational(99, 100) * (constant + OperatorNorm(A) * Lambda * w_0)},
            "sublevel",
        ),
        Mutant("curvature of the residual forgotten", {"L_sublevel": constant}, "sublevel"),
        Mutant(
            "residual on the ball without the second order",
            {"w_ball": w_0 + OperatorNorm(A) * size * rho},
            "residual_ball",
        ),
    ),
    findings=(
        Finding(
            "short_form_fails_on_the_ball",
            "The short form ‖A‖²(‖J(θ₀)‖+Λρ)² + ‖A‖Λw₀ is no Lipschitz constant of ∇f on the whole "
            "ball: g(θ) = θ − θ²/2, A = 1, y = 2/5, ρ = 1 exceeds it everywhere on [−1, −9/10]. It "
            "is one between any point of the ball and any point of the sublevel set: only one of "
            "the two need be in it.",
            ("short_form_fails", "sublevel"),
        ),
    ),
)
