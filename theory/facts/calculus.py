"""Cited facts of calculus on the real line and along curves (THEORY section 11)."""

from sympy import And, Eq, Implies, oo

from theory.facts.schema import Basis, Fact
from theory.formulas import forall
from theory.terms import (
    Continuous,
    ConvergesTo,
    Norm,
    VectorSymbol,
    derivative,
    function_of,
    real,
    real_function,
    vector,
    vector_function,
)

a, b, c, d, x, x_1, x_2, T = real("a b c d x x_1 x_2 T")
F, f, S = real_function("F"), real_function("f"), real_function("S")
p, p_dot = vector_function("p"), vector_function("p_dot")
limit: VectorSymbol = vector("limit")

ON_INTERVAL = And(a <= x, x <= b)
HAS_DERIVATIVE = forall(x, ON_INTERVAL, Eq(derivative(F(x), x), f(x)))

FACTS = (
    Fact(
        "nonincreasing",
        "A function whose derivative on [a, b] is at most zero does not increase.",
        "rudin1976",
        Basis.MONOTONE,
        (F, f, a, b),
        {"": F(b) <= F(a)},
        {
            "ordered": a <= b,
            "derivative": HAS_DERIVATIVE,
            "sign": forall(x, ON_INTERVAL, f(x) <= 0),
        },
    ),
    Fact(
        "increasing",
        "A continuous function on [a, b] whose derivative on (a, b] is positive increases.",
        "rudin1976",
        Basis.MONOTONE,
        (F, f, a, b),
        {"": F(a) < F(b)},
        {
            "ordered": a < b,
            "continuous": Continuous(function_of(x, F(x)), a, b),
            "derivative": forall(x, And(a < x, x <= b), Eq(derivative(F(x), x), f(x))),
            "sign": forall(x, And(a < x, x <= b), f(x) > 0),
        },
    ),
    Fact(
        "differentiable_is_continuous",
        "A function that has a derivative at every point of [a, b] is continuous there.",
        "rudin1976",
        Basis.DERIVATIVE,
        (F, f, a, b),
        {"": Continuous(function_of(x, F(x)), a, b)},
        {"derivative": HAS_DERIVATIVE},
    ),
    Fact(
        "barrier",
        "First exit: a continuous function that starts at most c and never takes a value in "
        "(c, d] stays at most c (intermediate value theorem).",
        "rudin1976",
        Basis.FIRST_EXIT,
        (F, a, b, c, d),
        {"": forall(x, ON_INTERVAL, F(x) <= c)},
        {
            "continuous": Continuous(function_of(x, F(x)), a, b),
            "start": F(a) <= c,
            "gap": c < d,
            "no_entry": forall(x, ON_INTERVAL, Implies(F(x) <= d, F(x) <= c)),
        },
    ),
    Fact(
        "first_zero",
        "A continuous function that is non-negative at a and zero at b has a first zero T.",
        "rudin1976",
        Basis.FIRST_EXIT,
        (F, a, b, T),
        {
            "at": And(a <= T, T <= b, Eq(F(T), 0)),
            "before": forall(x, And(a <= x, x < T), F(x) > 0),
        },
        {
            "continuous": Continuous(function_of(x, F(x)), a, b),
            "ordered": a <= b,
            "start": F(a) >= 0,
            "end": Eq(F(b), 0),
        },
        (T,),
    ),
    Fact(
        "first_zero_after",
        "A continuous function that is positive at a and zero at b has a first zero T after a.",
        "rudin1976",
        Basis.FIRST_EXIT,
        (F, a, b, T),
        {
            "at": And(a < T, T <= b, Eq(F(T), 0)),
            "before": forall(x, And(a <= x, x < T), F(x) > 0),
        },
        {
            "continuous": Continuous(function_of(x, F(x)), a, b),
            "ordered": a <= b,
            "start": F(a) > 0,
            "end": Eq(F(b), 0),
        },
        (T,),
    ),
    Fact(
        "limit_of_inequality",
        "A continuous function that is at most c on [a, b) is at most c at b.",
        "rudin1976",
        Basis.LIMIT,
        (F, a, b, c),
        {"": F(b) <= c},
        {
            "continuous": Continuous(function_of(x, F(x)), a, b),
            "ordered": a < b,
            "below": forall(x, And(a <= x, x < b), F(x) <= c),
        },
    ),
    Fact(
        "primitive",
        "A function continuous on [a, b] has a primitive there (fundamental theorem of calculus).",
        "rudin1976",
        Basis.FUNDAMENTAL,
        (F, f, a, b),
        {"": HAS_DERIVATIVE},
        {"continuous": Continuous(function_of(x, f(x)), a, b)},
        (F,),
    ),
    Fact(
        "length",
        "A C¹ curve has an arc length S, whose derivative is the speed and which dominates "
        "every chord.",
        "rudin1976",
        Basis.FUNDAMENTAL,
        (p, p_dot, S),
        {
            "start": Eq(S(0), 0),
            "speed": forall(x, x >= 0, Eq(derivative(S(x), x), Norm(p_dot(x)))),
            "chord": forall(
                (x_1, x_2),
                And(0 <= x_1, x_1 <= x_2),
                Norm(p(x_2) - p(x_1)) <= S(x_2) - S(x_1),
            ),
        },
        {
            "velocity": forall(x, x >= 0, Eq(derivative(p(x), x), p_dot(x))),
            "continuous": Continuous(function_of(x, p_dot(x)), 0, oo),
        },
        (S,),
    ),
    Fact(
        "finite_length",
        "A curve whose chords are dominated by the increments of a bounded function converges "
        "(Cauchy).",
        "rudin1976",
        Basis.FINITE_LENGTH,
        (p, S, c, limit),
        {"": ConvergesTo(function_of(x, p(x)), limit)},
        {
            "chord": forall(
                (x_1, x_2),
                And(0 <= x_1, x_1 <= x_2),
                Norm(p(x_2) - p(x_1)) <= S(x_2) - S(x_1),
            ),
            "bounded": forall(x, x >= 0, S(x) <= c),
        },
        (limit,),
    ),
    Fact(
        "tends_to_zero",
        "A non-negative function that is at most every small ε from a time S(ε) on tends to zero.",
        "rudin1976",
        Basis.LIMIT,
        (F, S, c),
        {"": ConvergesTo(function_of(x, F(x)), 0)},
        {
            "positive": c > 0,
            "nonnegative": forall(x, x >= 0, F(x) >= 0),
            "small": forall((x, d), And(x >= 0, d > 0, d < c, x >= S(d)), F(x) <= d),
        },
    ),
    Fact(
        "limit_within",
        "If all later points of a convergent curve are within c of p(a), so is its limit.",
        "rudin1976",
        Basis.LIMIT,
        (p, a, c, limit),
        {"": Norm(limit - p(a)) <= c},
        {
            "converges": ConvergesTo(function_of(x, p(x)), limit),
            "within": forall(x, x >= a, Norm(p(x) - p(a)) <= c),
        },
    ),
    Fact(
        "inverse_derivative",
        "Inverse function theorem in one variable: where S undoes F and F' = f is positive beyond "
        "a, S has the derivative 1/f at the values of F.",
        "rudin1976",
        Basis.INVERSE_FUNCTION,
        (F, f, S, a),
        {"": forall(x, x > a, Eq(derivative(S(x), x, F(x)), 1 / f(x)))},
        {
            "derivative": forall(x, x > a, Eq(derivative(F(x), x), f(x))),
            "sign": forall(x, x > a, f(x) > 0),
            "inverse": forall(x, x > a, Eq(S(F(x)), x)),
        },
    ),
    Fact(
        "bounded_above",
        "A continuous function on [a, b] is bounded above there (Weierstrass).",
        "rudin1976",
        Basis.CONTINUITY,
        (F, a, b, c),
        {"": forall(x, ON_INTERVAL, F(x) <= c)},
        {"continuous": Continuous(function_of(x, F(x)), a, b), "ordered": a <= b},
        (c,),
    ),
    Fact(
        "below_nearby",
        "A continuous function on [a, b] that is below c at b is below c from some T < b on.",
        "rudin1976",
        Basis.CONTINUITY,
        (F, a, b, c, T),
        {
            "where": And(a <= T, T < b),
            "below": forall(x, And(T <= x, x <= b), F(x) < c),
        },
        {
            "continuous": Continuous(function_of(x, F(x)), a, b),
            "ordered": a < b,
            "end": F(b) < c,
        },
        (T,),
    ),
)
