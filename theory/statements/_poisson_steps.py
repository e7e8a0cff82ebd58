"""One-variable steps of the statement on the Poisson loss, with h(t) = t − 1 − log t.

A term of the loss is y h(v/y), its slope 1 − y/v; h grows faster left of 1 than right of it.
"""

from sympy import Abs, And, Eq, Expr, Rational, log
from sympy.logic.boolalg import Boolean

from theory.formulas import ForAll, forall
from theory.statement import at
from theory.steps import ball, calculus, cite, polynomial
from theory.terms import derivative, function_of, real

s, t = real("s t")


def h(place: Expr) -> Expr:
    """Return h(t) = t − 1 − log t, a term of the loss for y = 1."""
    return place - 1 - log(place)


def slope(place: Expr) -> Expr:
    """Return h'(t) = 1 − 1/t."""
    return 1 - 1 / place


mirror = t / (2 * t - 1)
ratio = slope(s) ** 2 / h(s)
fall = (s - 1) * (2 * h(s) - (s - 1) ** 2) / (s**3 * h(s) ** 2)
RIGHT = And(s > 1, s <= t)

HALF = Rational(1, 2)


def _share(where: Boolean) -> ForAll:
    domain = And(s > 1, where, h(t) <= h(s))
    return forall((s, t), domain, slope(s) ** 2 * h(t) <= slope(t) ** 2 * h(s))


ONE_TERM = (
    # Beyond 1, h increases; a term that is at least h(s) has at least the slope at s.
    calculus("h_slope", forall(s, s > 0, Eq(derivative(h(s), s), slope(s)))),
    cite("h_continuous", "differentiable_is_continuous", "h_slope", over=(s, t),
         given=And(1 <= s, s < t), F=function_of(s, h(s)), f=function_of(s, slope(s)), a=s, b=t),
    cite("h_increases", "increasing", "h_slope", "h_continuous", over=(s, t),
         given=And(1 <= s, s < t), F=function_of(s, h(s)), f=function_of(s, slope(s)), a=s, b=t),
    ball("h_positive", forall(t, t > 0, h(t) >= 0)),
    ball("mirrored", forall(t, And(t > HALF, t <= 1), h(t) <= h(mirror))),
    polynomial("steeper",
               forall((s, t), And(s > 1, t > 0, h(s) <= h(t)), slope(s) <= Abs(slope(t))),
               at("h_increases", {s: t, t: s}), at("h_increases", {s: mirror, t: s}), "mirrored"),
    # The ratio h'²/h falls beyond 1; so a smaller term has at least its share of the slope at s.
    ball("h_alive", forall(s, s > 1, h(s) > 0)),
    ball("series", forall(s, s > 1, 2 * h(s) - (s - 1) ** 2 <= 0)),
    calculus("ratio_slope", forall(s, s > 1, Eq(derivative(ratio, s), fall)), "h_alive"),
    polynomial("ratio_falls", forall(s, s > 1, fall <= 0), "h_alive", "series"),
    cite("compared", "nonincreasing", "ratio_slope", "ratio_falls", "h_alive", over=(s, t),
         given=RIGHT, F=function_of(s, ratio), f=function_of(s, fall), a=s, b=t),
    polynomial("ratio", forall((s, t), RIGHT, slope(t) ** 2 * h(s) <= slope(s) ** 2 * h(t)),
               "compared", "h_alive", at("h_alive", {s: t})),
    polynomial("share_right", _share(t > 1), at("ratio", {s: t, t: s}),
               at("h_increases", {s: s, t: t})),
    polynomial("share_left", _share(And(t < 1, t > HALF)), at("ratio", {s: mirror, t: s}),
               "mirrored", "h_alive"),
    ball("h_small", forall(t, t > 0, h(t) <= (t - 1) ** 2 / t)),
    polynomial("share", _share(t > 0), "share_right", "share_left", "h_small",
               "h_alive"),
)  # fmt: skip
