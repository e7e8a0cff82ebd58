"""A linear desingularizing function belongs to no C¹ loss but zero (THEORY section 2, kl_power).

With ψ(s) = c s the inequality asks for ‖∇L‖ ≥ 1/c wherever the loss is small and positive; but the
gradient of a C¹ loss tends to zero at a minimiser. So α = 1 is empty.
"""

from sympy import Abs, And, Eq, Expr, Integer, Max, Rational, sign, sqrt, true
from sympy import Lambda as Map

from theory.formulas import forall
from theory.instances import Instance, coordinates, mapping
from theory.settings.flow import H_MIN, R_0, L, grad_L, r_0, v, x
from theory.statement import Finding, Hypothesis, Model, Mutant, Quantity, Source, Statement, at
from theory.steps import calculus, cite, gram, polynomial
from theory.terms import (
    Continuous,
    Gradient,
    Inner,
    Norm,
    derivative,
    function_of,
    real,
    real_function,
    vector,
)

c = real("c")
minimiser = vector("v_star")
T, S = real_function("T"), real_function("S")

ALIVE = L(v) > 0
SMALL = And(L(v) > 0, L(v) < r_0)


def _on_segment(place: Expr) -> Expr:
    return v + place * (minimiser - v)


point = _on_segment(x)
LINE, VELOCITY = function_of(x, point), function_of(x, minimiser - v)
loss, steepness = L(point), c * Norm(grad_L(point))
height = Max(loss, r_0 * steepness)
FIRST, NEAR = T(v), S(v)
ZERO = forall(v, true, Eq(L(v), 0))

STEPS = (
    calculus("line", forall((v, x), ALIVE, Eq(derivative(point, x), minimiser - v))),
    cite("chain_rule", "chain_rule_along", "H_smooth", "line", over=(v,), given=ALIVE,
         ell=L, G=grad_L, p=LINE, p_dot=VELOCITY),
    cite("loss_continuous", "differentiable_is_continuous", "chain_rule", over=(v,), given=ALIVE,
         F=function_of(x, loss), f=function_of(x, Inner(grad_L(point), minimiser - v)), a=0, b=1),
    cite("first", "first_zero_after", "loss_continuous", "H_attained", over=(v,), given=ALIVE,
         F=function_of(x, loss), a=0, b=1, T=FIRST),
    cite("flat", "fermat", "H_smooth", "H_min", "first.at", over=(v,), given=ALIVE,
         ell=L, G=grad_L, z=_on_segment(FIRST)),
    gram("level", forall(v, ALIVE, Eq(Norm(grad_L(_on_segment(FIRST))), 0)), "flat"),
    cite("gradient_continuous", "continuous_along", "H_smooth", "line", over=(v,), given=ALIVE,
         ell=L, G=grad_L, p=LINE, p_dot=VELOCITY, c=1),
    calculus("height_continuous",
             forall(v, ALIVE, Continuous(function_of(x, height), 0, FIRST)),
             "loss_continuous", "gradient_continuous", "first.at"),
    cite("near", "below_nearby", "height_continuous", "first.at", "level", "r_0",
         over=(v,), given=ALIVE, F=function_of(x, height), a=0, b=FIRST, c=r_0, T=NEAR),
    polynomial("low", forall(v, ALIVE, And(L(_on_segment(NEAR)) > 0, L(_on_segment(NEAR)) < r_0,
                                           c * Norm(grad_L(_on_segment(NEAR))) < 1)),
               "near.where", at("near.below", {x: NEAR}), at("first.before", {x: NEAR})),
    polynomial("zero", ZERO, "low", at("H_KL", {v: _on_segment(NEAR)}), "H_min"),
)  # fmt: skip

ZERO_LOSS = Model(
    "the loss zero",
    {r_0: r_0, c: c, L: Map(x, Integer(0)), grad_L: Map(x, Integer(0)), minimiser: Integer(0)},
    {c: (Rational(1, 2), Integer(2)), r_0: (Rational(1, 2), Integer(2))},
    {c: Rational(3, 2), r_0: Rational(4, 5)},
)


def _model(name: str, loss: Expr, gradient: Expr) -> Model:
    return Model(
        name,
        {
            r_0: r_0,
            c: c,
            L: Map(x, loss),
            grad_L: Map(x, gradient),
            minimiser: Integer(0),
        },
        {c: (Integer(1), Integer(2)), r_0: (Rational(1, 2), Rational(9, 10))},
    )


MODELS = (
    ZERO_LOSS,
    _model("distance", Abs(x), sign(x)),
    _model("squared distance", x**2, 2 * x),
    _model("coordinate", x, Integer(1)),
)

entries = coordinates("v", 3)
INSTANCE = Instance(
    "the loss zero, m = 3",
    {
        r_0: 1,
        c: 2,
        L: mapping(entries, 0),
        grad_L: mapping(entries, (0, 0, 0)),
        minimiser: (1, 0, 2),
    },
)

STATEMENT = Statement(
    title="No C¹ loss but zero has a linear desingularizing function",
    source=Source("sharp", (), "2"),
    quantities=(
        R_0,
        Quantity(c, "factor of ψ(s) = c s", c > 0),
        Quantity(L, "loss"),
        Quantity(grad_L, "gradient of the loss"),
        Quantity(minimiser, "a minimiser"),
    ),
    hypotheses=(
        Hypothesis(
            "H_smooth",
            Gradient(function_of(v, L(v)), function_of(v, grad_L(v))),
            "the loss is C¹",
        ),
        H_MIN,
        Hypothesis("H_attained", Eq(L(minimiser), 0), "the minimum is attained"),
        Hypothesis(
            "H_KL",
            forall(v, SMALL, c * Norm(grad_L(v)) >= 1),
            "Kurdyka–Łojasiewicz inequality with ψ(s) = c s",
        ),
    ),
    conclusions={"zero": ZERO},
    steps=STEPS,
    instance=INSTANCE,
    models=MODELS,
    degenerate="the theorem says that no other loss satisfies the hypotheses",
    mutants=(
        Mutant("the gradient may jump", {"H_smooth": None}),
        Mutant("the loss may be negative", {"H_min": None}),
        Mutant(
            "ψ' = c/√s in place of c",
            {"H_KL": forall(v, SMALL, c * Norm(grad_L(v)) / sqrt(L(v)) >= 1)},
        ),
    ),
    findings=(
        Finding(
            "alpha_one_empty",
            "α = 1 is empty: no C¹ loss that attains its minimum 0 and has other values satisfies "
            "the Kurdyka–Łojasiewicz inequality with ψ(s) = c s.",
            steps=("zero",),
        ),
    ),
)
