"""Trajectories with error bars: how far the real flow is from a computed curve (THEORY section 10).

For f(θ) = ½‖A g(θ) − y‖² the gradient is monotone up to ½Λ‖A‖(‖r‖ + ‖r̃‖), r and r̃ the residuals.
A curve θ̃ with ‖θ̃̇ + ∇f(θ̃)‖ ≤ d that starts within E of the flow is therefore within
e^{μt}(E + dt) of it, μ = ½Λ‖A‖(R + R̃). The flow's own residual never increases, so its bound R is
one at the start; what is asked of the curve can be checked on the curve alone.
"""

from sympy import And, Eq, Integer, Rational, exp, sqrt
from sympy import Lambda as Map

from theory.formulas import forall, with_body
from theory.instances import Instance, mapping
from theory.settings.data import y_obs
from theory.settings.descent import H_GENERATOR, RESIDUAL, TWO_POINT, grad_f, residual
from theory.settings.flow import A, J, Lambda, g, t, theta, theta_dot, x
from theory.statement import (
    Bound,
    Definition,
    Hypothesis,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
)
from theory.statements._trajectory_tube_steps import (
    H_LIP,
    ON_PIECE,
    STEPS,
    E,
    R,
    R_curve,
    T,
    apart_at,
    curve,
    curve_dot,
    d,
    lag,
    monotone,
    mu,
    tube,
)
from theory.steps import claims_of
from theory.terms import Norm, OperatorNorm, derivative, real
from theory.witnesses.flow import FLOW, OBSERVED

claims = claims_of(STEPS)
NEARLY = Rational(99, 100)
growth = Lambda * OperatorNorm(A) * (R + R_curve) / 2

# f is largest at 0, where the curve rests; a flow that starts near runs away like e^{Λwt}.
size = real("size")
risen = exp(2 * Lambda * size * t)
away = E * exp(Lambda * size * t) / sqrt(1 + Lambda * E**2 * (risen - 1) / (2 * size))
AT_REST = {
    A: Integer(1),
    g: Map(x, size - Lambda * x**2 / 2),
    J: Map(x, -Lambda * x),
    y_obs: Integer(0),
    curve: Map(t, Integer(0)),
    curve_dot: Map(t, Integer(0)),
    R: size,
    R_curve: size,
}
UNSTABLE = Model(
    "a curve that rests where f is largest",
    AT_REST
    | {
        theta: Map(t, away),
        theta_dot: Map(t, Lambda * away * (size - Lambda * away**2 / 2)),
    },
    {
        Lambda: (Rational(1, 2), Integer(1)),
        size: (Integer(1), Integer(2)),
        E: (Rational(1, 1000), Rational(1, 100)),
        d: (Integer(0), Rational(1, 10**6)),
        T: (Integer(1), Integer(2)),
    },
    {
        Lambda: Rational(1, 2),
        size: Integer(1),
        E: Rational(1, 100),
        d: Rational(1, 100),
        T: Integer(2),
    },
)
# The curve rests where the flow starts, and the flow moves on at the speed of the defect.
slope = real("slope")
LEFT_BEHIND = Model(
    "one parameter, g(θ) = σθ, and a curve that does not move",
    {
        A: Integer(1),
        g: Map(x, slope * x),
        J: Map(x, slope),
        y_obs: size,
        theta: Map(t, size / slope * (1 - exp(-(slope**2) * t))),
        theta_dot: Map(t, slope * size * exp(-(slope**2) * t)),
        curve: Map(t, Integer(0)),
        curve_dot: Map(t, Integer(0)),
        R: size,
        R_curve: size,
        d: slope * size,
        E: Integer(0),
        Lambda: Integer(0),
    },
    {
        slope: (Rational(1, 100), Rational(1, 10)),
        size: (Rational(1, 2), Integer(2)),
        T: (Rational(1, 2), Integer(1)),
    },
)

INSTANCE = Instance(
    "four parameters, m = 2, n = 4, a curve that rests beside θ₀",
    {symbol: FLOW[symbol] for symbol in (A, g, J, Lambda, theta, theta_dot)}
    | {
        y_obs: OBSERVED,
        curve: mapping(t, (1, 1, Rational(4, 3), Rational(5, 4))),
        curve_dot: mapping(t, (0, 0, 0, 0)),
        T: 1,
        E: Rational(1, 12),
        d: 10,
        R: Rational(5, 8),
        R_curve: 2,
    },
)

STATEMENT = Statement(
    title="Error bars: how far a flow is from a computed curve",
    source=Source("sharp", (), "10"),
    quantities=(
        TWO_POINT,
        Quantity(A, "forward operator"),
        Quantity(g, "generator, parameters to signal"),
        Quantity(J, "Jacobian of the generator"),
        Quantity(y_obs, "observation"),
        Quantity(theta, "parameters along the flow"),
        Quantity(theta_dot, "velocity of the parameters"),
        Quantity(curve, "a computed curve of parameters"),
        Quantity(curve_dot, "velocity of the computed curve"),
        Quantity(T, "how long the curve is followed"),
        Quantity(E, "bound of the distance at the start", E >= 0),
        Quantity(d, "bound of the curve's defect", d >= 0),
        Quantity(R, "bound of the flow's residual at the start", R >= 0),
        Quantity(R_curve, "bound of the residual along the curve", R_curve >= 0),
    ),
    hypotheses=(
        Hypothesis(
            "GF",
            forall(
                t,
                t >= 0,
                And(
                    Eq(derivative(theta(t), t), theta_dot(t)),
                    Eq(theta_dot(t), -grad_f(theta(t))),
                ),
            ),
            "θ solves the gradient flow of f(θ) = ½‖A g(θ) − y‖²",
        ),
        H_GENERATOR,
        H_LIP,
        Hypothesis(
            "H_curve",
            forall(t, ON_PIECE, Eq(derivative(curve(t), t), curve_dot(t))),
            "the computed curve is differentiable",
        ),
        Hypothesis(
            "H_defect", forall(t, ON_PIECE, Norm(lag) <= d), "its defect ‖θ̃̇ + ∇f(θ̃)‖ is at most d"
        ),
        Hypothesis("H_residual", Norm(residual(theta(0))) <= R, "‖r(0)‖ ≤ R"),
        Hypothesis(
            "H_curve_residual",
            forall(t, ON_PIECE, Norm(residual(curve(t))) <= R_curve),
            "‖r̃(t)‖ ≤ R̃",
        ),
        Hypothesis("H_near", Norm(theta(0) - curve(0)) <= E, "the curve starts within E"),
    ),
    definitions=(
        RESIDUAL,
        Definition(mu, growth, "bound of how fast the distance may grow"),
    ),
    conclusions={name: claims[name] for name in ("monotone", "residual_bound", "tube")},
    steps=STEPS,
    bounds=(Bound("tube", tube, "distance from the computed curve at time t", of=("tube",)),),
    instance=INSTANCE,
    models=(UNSTABLE, LEFT_BEHIND),
    mutants=(
        Mutant("monotone up to 49% instead of half", {"monotone": monotone(Rational(49, 100))}),
        Mutant(
            "growth 1% slower",
            {"mu": NEARLY * growth},
            "tube",
        ),
        Mutant(
            "the curve's residual left out of the growth",
            {"mu": Lambda * OperatorNorm(A) * R / 2},
            "tube",
        ),
        Mutant(
            "the defect 1% smaller",
            {"tube": with_body(claims["tube"], lambda c: c.lhs <= c.rhs.subs(d, NEARLY * d))},
        ),
        Mutant(
            "the defect without the distance at the start",
            {"tube": forall(t, ON_PIECE, apart_at <= exp(mu * t) * d * t)},
        ),
    ),
)
