"""The Poisson loss L(v) = Σ v_i − y_i + y_i log(y_i/v_i) on v > 0, for y > 0 (THEORY section 2).

With Y = max y_i, the right branch of the term with the largest y_i binds: ψ is the inverse of
ρ_Y(s) = s − Y log(1 + s/Y) on s ≥ 0, attained with that entry off to its right. As ρ_Y' = s/(Y+s),
ψ' = (Y + w)/w at the misfit w = ψ(L). No closed form of ψ is needed, only what w is.
"""

from sympy import Abs, And, Eq, Expr, Integer, Min, Rational, Sum, log
from sympy import Lambda as Map

from theory.formulas import ForAll, forall
from theory.settings.flow import L, grad_L, v, w, x
from theory.statement import Bound, Hypothesis, Model, Mutant, Quantity, Source, Statement, at
from theory.statements._poisson_steps import ONE_TERM, h, s, slope, t
from theory.statements._separable import CENTRE, COUNT, centre, i, m, n, z
from theory.steps import calculus, lemma, polynomial
from theory.terms import IsInteger, Norm, derivative, function_of, real, real_function

data, entry, least = real_function("y"), real_function("entry"), real_function("least")
Y, R = real("Y R")
MORE = Rational(101, 100)

INSIDE = least(v) > 0
ALIVE = And(INSIDE, L(v) > 0)


def profile(misfit: Expr) -> Expr:
    """Return ρ_Y(s) = s − Y log(1 + s/Y)."""
    return misfit - Y * log(1 + misfit / Y)


def rate(misfit: Expr) -> Expr:
    """Return ρ_Y'(s) = s/(Y + s)."""
    return misfit / (Y + misfit)


def _term(index: Expr) -> Expr:
    return data(index) * h(entry(index, v) / data(index))


def _slope(index: Expr) -> Expr:
    return 1 - data(index) / entry(index, v)


def _inequality(factor: Expr) -> ForAll:
    return forall(v, ALIVE, factor * Norm(grad_L(v)) / rate(w(v)) >= 1)


def _modulus(factor: Expr) -> ForAll:
    below = And(ALIVE, L(v) <= profile(R))
    return forall(v, below, Norm(grad_L(v)) ** 2 / 2 >= factor * MU * L(v))


MU = rate(R) ** 2 / (2 * profile(R))
INEQUALITY, MODULUS = _inequality(Integer(1)), _modulus(Integer(1))
SLOPE = forall(x, x > 0, Eq(derivative(profile(x), x), rate(x)))
SHARE = Map(x, rate(w(v)) ** 2 * Min(x, L(v)) / L(v))
EACH = And(_term(n) >= 0, SHARE(_term(n)) <= _slope(n) ** 2)
RATIO, PLACE = entry(n, v) / data(n), 1 + w(v) / Y

A_TERM = And(COUNT, n <= m, ALIVE)

STEPS = (
    *ONE_TERM,
    polynomial("level", forall(v, ALIVE, And(w(v) > 0, Eq(L(v), Y * h(PLACE)))),
               "H_misfit", at("h_small", {t: PLACE}), "Y"),
    polynomial("places",
               forall((n, v), A_TERM, And(data(n) > 0, data(n) <= Y, entry(n, v) > 0, w(v) > 0,
                                          PLACE > 1, RATIO > 0, Eq(slope(RATIO), _slope(n)),
                                          Eq(slope(PLACE), rate(w(v))))),
               at("H_data", {i: n}), at("H_least", {i: n}), "level"),
    polynomial("large", forall((n, v), And(A_TERM, h(PLACE) <= h(RATIO)),
                               rate(w(v)) ** 2 <= _slope(n) ** 2),
               "places", at("steeper", {s: PLACE, t: RATIO})),
    polynomial("small", forall((n, v), And(A_TERM, h(RATIO) <= h(PLACE)),
                               rate(w(v)) ** 2 * h(RATIO) <= _slope(n) ** 2 * h(PLACE)),
               "places", at("share", {s: PLACE, t: RATIO})),
    polynomial("terms", forall((n, v), A_TERM, EACH), "places", "level", "large", "small",
               at("h_positive", {t: RATIO})),
    polynomial("falling", forall((v, x, z), And(ALIVE, x > 0, x <= z, z < 2 * L(v)),
                                 SHARE(z) * x <= SHARE(x) * z), "level", "Y"),
    lemma("summed", "separable_gain.gain", "terms", "falling", "level", "H_data", "H_least",
          "H_separable", "H_gradient", "m", "Y",
          over=(v,), given=ALIVE, q=function_of(i, _term(i)), d=function_of(i, _slope(i)),
          G=SHARE, Q=L(v), D=Norm(grad_L(v)) ** 2, r_0=2 * L(v)),
    polynomial("gain", forall(v, ALIVE, rate(w(v)) ** 2 <= Norm(grad_L(v)) ** 2), "summed",
               "level", "Y"),
    polynomial("inequality", INEQUALITY, "gain", "level", "Y"),
    polynomial("narrow", forall(v, And(ALIVE, L(v) <= profile(R)), w(v) <= R), "level", "Y", "R",
               at("h_increases", {s: 1 + R / Y, t: PLACE})),
    polynomial("modulus", MODULUS, "gain", "narrow", "level", "Y",
               at("ratio", {s: PLACE, t: 1 + R / Y})),
    calculus("slope", SLOPE, "Y"),
)  # fmt: skip

INDEX = And(IsInteger(i), i >= 1, i <= m)
OFF = Abs(x - centre)
VALUES = {
    m: Integer(2),
    Y: Integer(2),
    data: Map(i, 3 - i),
    entry: Map((i, x), 3 - i + (2 - i) * OFF),
    least: Map(x, Integer(1)),
    L: Map(x, OFF - 2 * log(1 + OFF / 2)),
    grad_L: Map(x, OFF / (2 + OFF)),
    w: Map(x, OFF),
    R: R,
}
EDGE = tuple(Rational(7, 5) - Rational(1, 10**k) for k in (1, 3, 5, 7, 9))

STATEMENT = Statement(
    title="Poisson loss: the term with the largest observation binds, to its right",
    source=Source("sharp", (), "2"),
    quantities=(
        Quantity(m, "number of measurements", And(IsInteger(m), m >= 1)),
        Quantity(data, "observation, entry by entry"),
        Quantity(entry, "entry(i, v) is the i-th entry of v"),
        Quantity(least, "a lower bound of all entries of v"),
        Quantity(Y, "upper bound of the observation", Y > 0),
        Quantity(L, "loss"),
        Quantity(grad_L, "gradient of the loss"),
        Quantity(w, "misfit ψ(L(v)) of v"),
        Quantity(R, "misfit on the edge of the sublevel set", R > 0),
    ),
    hypotheses=(
        Hypothesis(
            "H_separable",
            forall(v, INSIDE, Eq(L(v), Sum(_term(i), (i, 1, m)))),
            "L(v) = Σ y_i h(v_i/y_i) with h(t) = t − 1 − log t, where v > 0",
        ),
        Hypothesis(
            "H_gradient",
            forall(v, INSIDE, Eq(Norm(grad_L(v)) ** 2, Sum(_slope(i) ** 2, (i, 1, m)))),
            "the gradient has the coordinates 1 − y_i/v_i",
        ),
        Hypothesis("H_data", forall(i, INDEX, And(data(i) > 0, data(i) <= Y)), "0 < y_i ≤ Y"),
        Hypothesis(
            "H_least", forall((i, v), INDEX, entry(i, v) >= least(v)), "v_i ≥ least(v)"
        ),
        Hypothesis(
            "H_misfit",
            forall(v, INSIDE, And(w(v) >= 0, Eq(profile(w(v)), L(v)))),
            "L(v) = w − Y log(1 + w/Y) with w ≥ 0",
        ),
    ),
    conclusions={"inequality": INEQUALITY, "modulus": MODULUS, "slope": SLOPE},
    steps=STEPS,
    bounds=(Bound("mu", MU, "Polyak–Łojasiewicz constant on {0 < L ≤ ρ_Y(R)}", "lower"),),
    degenerate="ψ has no closed form, and the model is a line on which the misfit is known",
    models=(
        Model("the largest entry off to the right", VALUES,
              {**CENTRE, R: (Rational(1, 2), Integer(3))},
              {centre: Rational(2, 5), R: Integer(1)}),
        Model("the same, up to the level", {**VALUES, R: Integer(1)}, CENTRE,
              {centre: Rational(2, 5)}, (real("v"), EDGE)),
    ),
    mutants=(
        Mutant("ψ' 1% smaller", {"inequality": _inequality(1 / MORE)}),
        Mutant("μ 1% larger", {"modulus": _modulus(MORE)}),
        Mutant("half of the largest observation, ψ' = (Y/2 + w)/w",
               {"inequality": forall(v, ALIVE, Norm(grad_L(v)) * (Y / 2 + w(v)) / w(v) >= 1)}),
        Mutant("slope of the left branch, w/(Y − w)",
               {"inequality": forall(v, And(ALIVE, w(v) < Y),
                                     Norm(grad_L(v)) * (Y - w(v)) / w(v) >= 1)}),
    ),
)  # fmt: skip
