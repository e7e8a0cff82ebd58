"""The proof of ``flow_squared``: ``envelope_squared`` put into ``flow_sharp``."""

from sympy import And, Eq, Expr, Implies, Ne, exp
from sympy.logic.boolalg import Boolean

from theory.formulas import forall
from theory.settings.flow import (
    L,
    a,
    b,
    psi,
    psi_1,
    r_0,
    sigma_0,
    sigma_A,
    t,
    tau,
    v,
    w,
    w_0,
    x,
    y,
    z,
)
from theory.statement import Step, at
from theory.statements.envelope_squared import closed, critical, limit
from theory.steps import Premise, calculus, lemma, polynomial
from theory.terms import derivative, function_of

STARTED = t >= 0
MOVING = w_0 > 0
REGULAR, CRITICAL = Ne(a, 0), Eq(a, 0)
decay = sigma_A**2 * sigma_0**2

KL = ("H_smooth", "H_min", "H_KL", "H_psi", "H_psi_zero", "H_psi_continuous")
FLOW = (
    "sigma_A", "sigma_0", "Lambda", "GF", "y", "GF_start", *KL, "H_start", "H_range", "H_sigma_A",
    "H_sigma_0", "H_Lip0", "H_radius", "w_0", "w", "q", "a", "b", "rho_star",
)  # fmt: skip


def _envelope_steps(case: str, condition: Expr, level: Expr, *shape: Premise) -> tuple[Step, ...]:
    """Return the steps to w ≤ level, the case's closed form; ``shape`` says where it lies."""
    given = And(condition, MOVING)
    on = And(STARTED, given)
    falls = -(a + b * level) * level**2
    squared = level**2 / 2
    return (
        polynomial(
            f"{case}_range", forall(t, on, And(level > 0, level <= w_0, a + b * level > 0)), *shape
        ),
        calculus(f"{case}_derivative", forall(t, on, Eq(derivative(squared, t), falls)), shape[0]),
        polynomial(
            f"{case}_values", forall(t, on, And(_solved(level), Eq(psi(squared), level))),
            at("solved", {z: level}), f"{case}_range", shape[0],
        ),
        polynomial(
            f"{case}_solves",
            forall(t, on, And(_solved(level), Eq(derivative(squared, t), falls))),
            f"{case}_values", f"{case}_derivative", shape[0],
        ),
        polynomial(
            f"{case}_start", Implies(given, Eq(squared.subs(t, 0), L(y(0)))), "start_level"
        ),
        lemma(
            f"{case}_moving", "flow_sharp.envelope", *FLOW, "H_psi'_continuous", f"{case}_solves",
            f"{case}_start", given=given,
            **{"U": function_of(t, squared), "U'": function_of(t, falls)},
        ),
    )  # fmt: skip


def _solved(level: Expr) -> Boolean:
    """Return that U = level²/2 has the values, and its velocity the size, of an envelope."""
    squared = level**2 / 2
    slack = a + b * psi(squared)
    falls = -(a + b * level) * level**2
    values = And(squared > 0, squared < r_0, slack > 0)
    return And(values, Eq(psi_1(squared) ** 2 * falls, -slack))


MARGIN = (
    lemma("psi_positive", "desingularizer_increases.positive", "H_psi", "H_psi_continuous",
          "H_psi_zero"),
    polynomial("margin", Eq(a + b * w_0, decay), "a", "b", "q", "sigma_0"),
    polynomial("start_nonnegative", w_0 >= 0, at("psi_positive", {x: L(y(0))}), "H_psi_zero",
               "H_start", at("H_min", {v: y(0)}), "w_0"),
    polynomial(
        "margin_positive", And(a + b * w_0 > 0, b >= 0), "margin", "b", "sigma_A", "sigma_0",
        "Lambda",
    ),
    polynomial(
        "start_level", Implies(MOVING, Eq(L(y(0)), w_0**2 / 2)), at("H_squared", {x: L(y(0))}),
        "H_psi_zero", "w_0", at("H_min", {v: y(0)}),
    ),
    polynomial("solved", forall(z, And(z > 0, z <= w_0, a + b * z > 0),
                                And(_solved(z), Eq(psi(z**2 / 2), z))),
               at("H_squared", {x: z**2 / 2}), "start_level", "H_start"),
    lemma("descent", "flow_sharp.descent", "GF", "y", "H_smooth"),
    polynomial(
        "still", forall(t, And(STARTED, w_0 <= 0), w(t) <= 0), at("descent", {tau: 0}),
        at("psi_positive", {x: L(y(0))}), at("H_min", {v: y(t)}), "H_start", "w",
        "w_0",
    ),
)  # fmt: skip
APPLIED = ("margin_positive",)
CLOSED_FORM = (
    lemma("positive", "envelope_squared.positive", *APPLIED, given=MOVING),
    lemma("decreasing", "envelope_squared.decreasing", *APPLIED, given=MOVING),
    lemma("denominator", "envelope_squared.denominator", *APPLIED, given=MOVING),
    lemma("below", "envelope_squared.below", *APPLIED, given=MOVING),
)  # fmt: skip
ENVELOPE = forall(t, And(STARTED, REGULAR), w(t) <= closed)
AT_ZERO = forall(t, And(STARTED, CRITICAL), w(t) <= critical)
LEFT = forall(t, And(STARTED, a < 0), w(t) <= limit + (w_0 - limit) * exp(a * t))
STEPS = (
    *MARGIN,
    *CLOSED_FORM,
    *_envelope_steps(
        "regular", REGULAR, closed, "denominator", "positive", at("decreasing", {tau: 0})
    ),
    *_envelope_steps("critical", CRITICAL, critical, "margin_positive"),
    polynomial(
        "envelope",
        ENVELOPE,
        "regular_moving",
        "regular_values",
        "still",
        "start_nonnegative",
        "denominator",
    ),
    polynomial(
        "envelope_critical",
        AT_ZERO,
        "critical_moving",
        "critical_values",
        "margin_positive",
    ),
    polynomial("left", LEFT, "envelope", "below", "margin_positive"),
)
