"""Output at initialisation: a tail for ‖A V a‖, a the scaled hidden layer (THEORY section 7).

The entries of V are independent and sub-Gaussian, hence so is the vector V a, and the inequality of
Hsu, Kakade and Zhang bounds the norm of its image under A. At a = 0 the event "‖A V a‖ is at least
its bound" is certain when the bound is taken at ‖a‖: a bound H > 0 of ‖a‖ stands in its place.
"""

from sympy import And, Eq, Expr, Implies, Integer, Lambda, Min, Rational, Sum, exp, log, sqrt, true

from theory.formulas import ForAll, forall
from theory.instances import Instance, coordinates
from theory.probability import (
    OMEGA,
    Independent,
    Integrable,
    expectation,
    family,
    probability,
    random,
)
from theory.settings.flow import A
from theory.settings.initial import AT_LEAST_ONE, NEURON, i, j, p_x
from theory.statement import (
    NORMAL,
    Bound,
    Hypothesis,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
    at,
)
from theory.steps import ball, cite, induction, polynomial
from theory.terms import (
    Apply,
    FrobeniusNorm,
    Inner,
    IsInteger,
    Norm,
    OperatorNorm,
    function_of,
    operator_function,
    real,
    real_function,
    vector,
)
from theory.witnesses.random_weights import law, output_layer

a, b = vector("a"), vector("b")
x, N, s, H = real("x N s H")
y = real("x_2")
entry, coefficient = real_function("v"), real_function("c")
V = operator_function("V_0")

output = Norm(Apply(A, Apply(V(OMEGA), a)))
deviation = sqrt(2 * log(1 / p_x))
LEVEL = s * H * (FrobeniusNorm(A) + OperatorNorm(A) * deviation)
weighted = coefficient(i, a, b) * entry(i, OMEGA)
exponent = s**2 * coefficient(i, a, b) ** 2 / 2


def _tail(level: Expr) -> ForAll:
    return forall(a, true, probability(Min(H - Norm(a), output - level) >= 0) <= p_x)


def _subgaussian(proxy: Expr) -> ForAll:
    moment = exp(x * entry(i, OMEGA))
    return forall((i, x), NEURON, And(
        Integrable(random(moment)), expectation(moment) <= exp(proxy**2 * x**2 / 2)))  # fmt: skip


TAIL = _tail(LEVEL)
along = Inner(Apply(V(OMEGA), a), b)
SERIES = Sum(weighted, (i, 1, N))
STEPS = (
    polynomial("each", forall((i, a, b), NEURON, And(
               Integrable(random(exp(weighted))), expectation(exp(weighted)) <= exp(exponent))),
               at("H_entries", {x: coefficient(i, a, b)})),
    cite("product", "independent_exponential", "N", "H_independent", "each", over=(a, b),
         X=entry, f=Lambda((i, x), coefficient(i, a, b) * x), u=function_of(i, exponent), k=N),
    induction("factored", forall((j, a, b), And(IsInteger(j), j >= 1), Eq(
              Sum(exponent, (i, 1, j)), s**2 / 2 * Sum(coefficient(i, a, b) ** 2, (i, 1, j))))),
    polynomial("in_coordinates", forall((a, b, OMEGA), true, Eq(exp(along), 1 * exp(SERIES))),
               "H_matrix"),
    cite("moment", "expectation_scale", "in_coordinates", over=(a, b),
         X=function_of(OMEGA, exp(SERIES)), Y=function_of(OMEGA, exp(along)), c=1),
    cite("integrable", "integrable_scale", "in_coordinates", "product.integrable", over=(a, b),
         X=function_of(OMEGA, exp(SERIES)), Y=function_of(OMEGA, exp(along)), c=1),
    AT_LEAST_ONE,
    polynomial("increasing", forall((x, y), x <= y, exp(x) <= exp(y)),
               at("at_least_one", {x: y - x})),
    polynomial("ordered", forall((a, b), Norm(a) <= H, s**2 / 2 * Norm(a) ** 2 * Norm(b) ** 2
               <= (s * H) ** 2 * Norm(b) ** 2 / 2)),
    polynomial("subgaussian", forall((a, b), Norm(a) <= H, And(
               Integrable(random(exp(along))),
               expectation(exp(along)) <= exp((s * H) ** 2 * Norm(b) ** 2 / 2))),
               "integrable", "moment", "product", at("factored", {j: N}), "N", "H_coordinates",
               "ordered", at("increasing", {x: s**2 / 2 * Norm(a) ** 2 * Norm(b) ** 2,
                                            y: (s * H) ** 2 * Norm(b) ** 2 / 2})),
    ball("log_sign", forall(x, And(x > 0, x < 1), log(1 / x) > 0)),
    polynomial("signs", And(s * H > 0, log(1 / p_x) > 0), "s", "H", "p_x",
               at("log_sign", {x: p_x})),
    polynomial("threshold", LEVEL**2 > (s * H) ** 2 * (
               FrobeniusNorm(A) ** 2 + 2 * FrobeniusNorm(A) * OperatorNorm(A) * sqrt(log(1 / p_x))
               + 2 * OperatorNorm(A) ** 2 * log(1 / p_x)), "A", "signs", "p_x"),
    cite("concentration", "hsu_kakade_zhang", "subgaussian", "signs", "threshold",
         over=(a,), given=Norm(a) <= H,
         xi=function_of(OMEGA, Apply(V(OMEGA), a)), A=A, s=s * H, t=log(1 / p_x), c=LEVEL**2),
    polynomial("implied", forall((a, OMEGA), Norm(a) <= H, Implies(
               Min(H - Norm(a), output - LEVEL) >= 0, output**2 - LEVEL**2 >= 0)), "p_x", "signs"),
    cite("contained", "monotone_probability", "implied", over=(a,), given=Norm(a) <= H,
         X=function_of(OMEGA, Min(H - Norm(a), output - LEVEL)),
         Y=function_of(OMEGA, output**2 - LEVEL**2)),
    cite("never", "impossible_event", "p_x", "signs", over=(a,), given=Norm(a) > H,
         X=function_of(OMEGA, Min(H - Norm(a), output - LEVEL))),
    polynomial("tail", TAIL, "contained", "concentration", "never", "p_x"),
)  # fmt: skip

scale = real("r")


def _normal(name: str, size: int, repeated: int) -> Model:
    """One normal weight of some size, and how often it is entered."""
    values = {
        N: Integer(repeated), entry: Lambda((i, OMEGA), size * OMEGA), s: Integer(1), A: scale,
        V: Lambda(OMEGA, size * sqrt(repeated) * OMEGA),
        coefficient: Lambda((i, a, b), a * b / sqrt(repeated)),
    }  # fmt: skip
    parameters = {
        scale: (Rational(1, 2), Integer(2)), H: (Rational(1, 2), Integer(2)),
        p_x: (Rational(1, 10**6), Rational(999, 1000)),
    }  # fmt: skip
    witness = {scale: Rational(3, 2), H: Rational(2), p_x: Rational(1, 10)}
    plain = size == repeated == 1
    return Model(name, values, parameters, witness if plain else {}, sample=NORMAL)


INSTANCE = Instance(
    "two neurons, m = 2, n = 3, signs",
    {
        **output_layer((V, entry, coefficient), coordinates("omega", 8), 2, 3),
        A: ((1, 1, 0), (0, 0, 1)),
        N: 6,
        s: 1,
        H: 2,
        p_x: Rational(1, 10),
    },
    law(2, 6),
)

STATEMENT = Statement(
    title="Output at initialisation is not large",
    source=Source("sharp", ("hsu2012",), "7"),
    quantities=(
        Quantity(A, "forward operator", And(OperatorNorm(A) > 0, FrobeniusNorm(A) > 0)),
        Quantity(V, "output weights at the start, a random operator"),
        Quantity(entry, "entries of the output weights, in any order"),
        Quantity(coefficient, "product of coordinates that multiplies an entry in ⟨V a, b⟩"),
        Quantity(N, "number of entries", And(IsInteger(N), N >= 1)),
        Quantity(s, "variance proxy: 1 for Rademacher and uniform entries", s > 0),
        Quantity(H, "bound of the scaled hidden layer", H > 0),
        Quantity(p_x, "failure probability", And(p_x > 0, p_x < 1)),
    ),
    hypotheses=(
        Hypothesis("H_independent", Independent(family(entry(i, OMEGA), i), N),
                   "the entries are independent"),
        Hypothesis("H_entries", _subgaussian(s),
                   "the entries are sub-Gaussian with variance proxy s²"),
        Hypothesis("H_matrix", forall((a, b, OMEGA), true, Eq(
            Inner(Apply(V(OMEGA), a), b), Sum(weighted, (i, 1, N)))), "⟨V a, b⟩ in coordinates"),
        Hypothesis("H_coordinates", forall((a, b), true, Eq(
            Sum(coefficient(i, a, b) ** 2, (i, 1, N)), Norm(a) ** 2 * Norm(b) ** 2)),
            "the squares of the products of coordinates sum to ‖a‖²‖b‖²"),
    ),
    conclusions={"tail": TAIL},
    steps=STEPS,
    instance=INSTANCE,
    models=(
        _normal("one weight", 1, 1), _normal("a weight twice as large", 2, 1),
        _normal("a weight entered 25 times", 1, 25),
    ),
    mutants=(
        Mutant("half the deviation", {"tail": _tail(
            s * H * (FrobeniusNorm(A) + OperatorNorm(A) * deviation / 2))}),
        Mutant("variance proxy understated", {"H_entries": _subgaussian(2 * s)}, "tail"),
        Mutant("dependent entries", {"H_independent": None}, "tail"),
    ),
    bounds=(Bound("level", LEVEL, "‖y(0)‖ exceeds it with probability at most p_x"),),
)  # fmt: skip
