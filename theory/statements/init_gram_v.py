"""Output-layer Gram matrix at initialisation: a lower tail for ‖φ(h)‖²/k (THEORY section 7).

J_V J_Vᵀ = (‖φ(h)‖²/k) I, so that this is its smallest eigenvalue. The proof is Chernoff's, with
exp(−x) ≤ 1 − x + x²/2 in place of a truncation. No law of the pre-activations enters: only their
independence and two moments of φ(h).
"""

from sympy import And, Eq, Expr, Implies, Integer, Lambda, Rational, Sum, exp, sqrt, true
from sympy.logic.boolalg import Boolean

from theory.formulas import forall
from theory.instances import Instance, coordinates, mapping
from theory.probability import OMEGA, Integrable, expectation, probability, random
from theory.settings.initial import (
    ACTIVATION,
    DELTA,
    FOURTH_MOMENT,
    H_FOURTH,
    H_NEURONS,
    H_SECOND,
    HIDDEN,
    M_4,
    NEURON,
    SECOND_MOMENT,
    WIDTH,
    C_phi,
    delta,
    h,
    i,
    j,
    k,
    phi,
)
from theory.statement import Bound, Definition, Model, Mutant, Source, Statement, at
from theory.steps import algebra, ball, cite, induction, polynomial
from theory.terms import IsInteger, function_of, real
from theory.witnesses.random_weights import law, pre_activations

x, lam = real("x lambda")

square = phi(h(i, OMEGA)) ** 2
squares = Sum(square, (i, 1, k))
small = exp(-lam * square)
exponent = -lam * C_phi**2 + lam**2 * M_4 / 2
total = Sum(-lam * square, (i, 1, k))
LEVEL = (1 - delta) * k * C_phi**2
above = exp(lam * LEVEL + total)
EXPONENT = -(delta**2) * k * C_phi**4 / (2 * M_4)


def _tail(power: Expr) -> Boolean:
    return probability(squares <= LEVEL) <= exp(power)


TAIL = _tail(EXPONENT)

STEPS = (
    polynomial("rate", lam > 0, "lambda", "delta", "C_phi", "M_4"),
    ball("quadratic", forall(x, x >= 0, exp(-x) <= 1 - x + x**2 / 2)),
    ball("tangent", forall(x, true, And(1 + x <= exp(x), exp(x) > 0))),
    polynomial(
        "pointwise",
        forall((i, OMEGA), true, small <= 1 - lam * square + lam**2 / 2 * phi(h(i, OMEGA)) ** 4),
        at("quadratic", {x: lam * square}),
        "rate",
    ),
    ball("below_one", forall(x, x >= 0, And(exp(-x) > 0, exp(-x) <= 1))),
    polynomial(
        "within",
        forall((i, OMEGA), true, And(-1 <= small, small <= 1)),
        at("below_one", {x: lam * square}),
        "rate",
    ),
    cite("integrable", "bounded_integrable", "within", over=(i,), X=function_of(OMEGA, small), c=1),
    cite(
        "mean",
        "expectation_bound",
        "pointwise",
        "integrable",
        "H_fourth",
        over=(i,),
        given=NEURON,
        X=function_of(OMEGA, square),
        Y=function_of(OMEGA, phi(h(i, OMEGA)) ** 4),
        Z=function_of(OMEGA, small),
        c_0=1,
        c_1=-lam,
        c_2=lam**2 / 2,
    ),
    polynomial(
        "moment",
        forall(i, NEURON, expectation(small) <= exp(exponent)),
        "mean",
        "H_second",
        "H_fourth",
        at("tangent", {x: exponent}),
    ),
    polynomial(
        "both",
        forall(i, NEURON, And(Integrable(random(small)), expectation(small) <= exp(exponent))),
        "integrable",
        "moment",
    ),
    cite(
        "product",
        "independent_exponential",
        "k",
        "H_neurons",
        "both",
        X=h,
        f=Lambda((i, x), -lam * phi(x) ** 2),
        u=function_of(i, exponent),
        k=k,
    ),
    induction(
        "sum_of_exponents",
        forall(j, And(IsInteger(j), j >= 1), Eq(Sum(exponent, (i, 1, j)), j * exponent)),
    ),
    induction(
        "factored",
        forall(
            (j, OMEGA),
            And(IsInteger(j), j >= 1),
            Eq(Sum(-lam * square, (i, 1, j)), -lam * Sum(square, (i, 1, j))),
        ),
    ),
    # Markov's inequality for the exponential: the event's indicator lies below it.
    cite(
        "scaled",
        "expectation_linear",
        "product.integrable",
        X=function_of(OMEGA, exp(total)),
        Y=function_of(OMEGA, exp(total)),
        Z=function_of(OMEGA, above),
        c_0=0,
        c_1=exp(lam * LEVEL),
        c_2=0,
    ),
    polynomial(
        "above",
        forall(OMEGA, true, And(above >= 0, Implies(LEVEL - squares >= 0, above >= 1))),
        at("factored", {j: k}),
        at("tangent", {x: lam * LEVEL + total}),
        "k",
        "rate",
    ),
    cite(
        "rare",
        "indicator",
        "scaled.integrable",
        "above",
        X=function_of(OMEGA, LEVEL - squares),
        Y=function_of(OMEGA, above),
    ),
    polynomial(
        "summed",
        expectation(exp(total)) <= exp(k * exponent),
        "product",
        at("sum_of_exponents", {j: k}),
        "k",
    ),
    algebra(
        "balance",
        Eq(exp(lam * LEVEL) * exp(k * exponent), exp(EXPONENT)),
        "lambda",
        "M_4",
    ),
    polynomial("tail", TAIL, "rare", "scaled", "summed", "balance", "M_4"),
)

rare, size = real("p r")


def _rare(name: str, neurons: int) -> Model:
    """φ(h) is r with probability p and else 0; beyond one neuron, all of them are the same."""
    values = {
        k: Integer(neurons), h: Lambda((i, OMEGA), OMEGA), phi: Lambda(x, x),
        C_phi: size * sqrt(rare), M_4: size**4 * rare,
    }  # fmt: skip
    parameters = {
        rare: (Rational(1, 1000), Rational(1, 2)), size: (Rational(1, 2), Integer(2)),
        delta: (Rational(1, 10), Rational(99, 100)),
    }  # fmt: skip
    witness = {rare: Rational(1, 4), size: Rational(3, 2), delta: Rational(1, 2)}
    return Model(
        name,
        values,
        parameters,
        witness if neurons == 1 else {},
        sample=((size, rare), (Integer(0), 1 - rare)),
    )


# E(x + x²/2)² = 7/4 and E(x + x²/2)⁴ = 513/16 for a standard normal x.
INSTANCE = Instance(
    "three neurons, φ(x) = x + x²/2",
    {
        **pre_activations(h, coordinates("omega", 3), 3),
        k: 3,
        delta: Rational(1, 2),
        phi: mapping(x, x + x**2 / 2),
        C_phi: sqrt(7) / 2,
        M_4: Rational(513, 16),
    },
    law(3),
)

STATEMENT = Statement(
    title="Output-layer Gram matrix at initialisation is not small",
    source=Source("sharp", ("boucheron2013",), "7"),
    quantities=(WIDTH, DELTA, HIDDEN, ACTIVATION, SECOND_MOMENT, FOURTH_MOMENT),
    hypotheses=(H_NEURONS, H_SECOND, H_FOURTH),
    definitions=(Definition(lam, delta * C_phi**2 / M_4, "rate of the exponential moment"),),
    conclusions={"tail": TAIL},
    steps=STEPS,
    instance=INSTANCE,
    models=(_rare("one neuron that rarely fires", 1), _rare("ten copies of a neuron", 10)),
    mutants=(
        Mutant("exponent 2.1 times as large", {"tail": _tail(Rational(21, 10) * EXPONENT)}),
        Mutant("C_φ⁴ in place of M₄", {"tail": _tail(-(delta**2) * k / 2)}),
        Mutant("dependent neurons", {"H_neurons": None}, "tail"),
    ),
    bounds=(Bound("failure", exp(EXPONENT), "probability that ‖φ(h)‖²/k ≤ (1 − δ)C_φ²"),),
)
