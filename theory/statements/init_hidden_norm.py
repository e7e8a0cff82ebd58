"""Size of the hidden layer at initialisation: an upper tail for ‖φ(h)‖/√k (THEORY section 7).

The norm of φ(h) is a Lipschitz function of a standard normal vector, whose mean is at most C_φ by
Jensen's inequality; Gaussian concentration gives the tail.
"""

from sympy import And, Eq, Expr, Implies, Integer, Lambda, Rational, Sum, log, sqrt, true
from sympy.logic.boolalg import Boolean

from theory.formulas import forall
from theory.instances import Instance, coordinates, mapping
from theory.probability import OMEGA, GaussianVector, Integrable, expectation, probability, random
from theory.settings.initial import (
    ACTIVATION,
    B_1,
    NEURON,
    SECOND_MOMENT,
    SLOPE_BOUND,
    WIDTH,
    C_phi,
    i,
    j,
    k,
    p_h,
    phi,
)
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
from theory.steps import ball, cite, gram, induction, polynomial
from theory.terms import Inner, IsInteger, Norm, function_of, real, vector, vector_function
from theory.witnesses.random_weights import hidden_layer, law

x, y = real("x x_2")
a, b = vector("a"), vector("b")
hidden, basis, Phi = (vector_function(name) for name in ("h_0", "e", "Phi"))


def entry(point: Expr) -> Expr:
    """Return the i-th coordinate of a vector."""
    return Inner(point, basis(i))


size = Norm(Phi(hidden(OMEGA))) / sqrt(k)
square = phi(entry(hidden(OMEGA))) ** 2
tail = B_1 * sqrt(2 * log(1 / p_h) / k)
LEVEL = C_phi + tail


def _tail(level: Expr) -> Boolean:
    return probability(size >= level) <= p_h


TAIL = _tail(LEVEL)
change = phi(entry(a)) - phi(entry(b))
moved = Norm(Phi(a) - Phi(b)) ** 2
difference = Phi(a) - Phi(b)
SQUARES = Sum(square, (i, 1, k))
STEPS = (
    gram(
        "coordinates",
        forall(
            (i, a, b),
            NEURON,
            Inner(difference, basis(i)) ** 2 <= B_1**2 * Inner(a - b, basis(i)) ** 2,
        ),
        "H_entrywise",
        at("H_entrywise", {a: b}),
        at("H_lipschitz", {x: entry(a), y: entry(b)}),
    ),
    induction(
        "summed",
        forall(
            (j, a, b),
            And(IsInteger(j), j >= 1),
            Sum(Inner(difference, basis(i)) ** 2, (i, 1, j))
            <= B_1**2 * Sum(Inner(a - b, basis(i)) ** 2, (i, 1, j)),
        ),
        at("coordinates", {i: j}),
    ),
    polynomial(
        "entrywise_lipschitz",
        forall((a, b), true, Norm(difference) ** 2 <= B_1**2 * Norm(a - b) ** 2),
        at("H_basis", {a: difference}),
        at("H_basis", {a: a - b}),
        at("summed", {j: k}),
        "k",
    ),
    gram(
        "lipschitz",
        forall(
            (a, b),
            true,
            Norm(Phi(a)) / sqrt(k) - Norm(Phi(b)) / sqrt(k) <= B_1 / sqrt(k) * Norm(a - b),
        ),
        "entrywise_lipschitz",
        "k",
        "B_1",
    ),
    induction(
        "entries",
        forall(
            (j, OMEGA),
            And(IsInteger(j), j >= 1),
            Eq(Sum(Inner(Phi(hidden(OMEGA)), basis(i)) ** 2, (i, 1, j)), Sum(square, (i, 1, j))),
        ),
        at("H_entrywise", {i: j, a: hidden(OMEGA)}),
    ),
    polynomial(
        "squared",
        forall(OMEGA, true, Eq(size**2, SQUARES / k)),
        at("H_basis", {a: Phi(hidden(OMEGA))}),
        at("entries", {j: k}),
        "k",
    ),
    cite("sum", "expectation_sum", "k", "H_moment", Z=Lambda((i, OMEGA), square), k=k),
    cite(
        "mean_square",
        "expectation_scale",
        "squared",
        X=function_of(OMEGA, SQUARES),
        Y=function_of(OMEGA, size**2),
        c=1 / k,
    ),
    cite(
        "has_mean_square",
        "integrable_scale",
        "squared",
        "sum.integrable",
        X=function_of(OMEGA, SQUARES),
        Y=function_of(OMEGA, size**2),
        c=1 / k,
    ),
    induction(
        "equal_means",
        forall(j, And(IsInteger(j), j >= 1), Eq(Sum(expectation(square), (i, 1, j)), j * C_phi**2)),
        at("H_moment", {i: j}),
    ),
    cite("jensen", "jensen_square", "has_mean_square", "k", X=function_of(OMEGA, size)),
    polynomial(
        "mean",
        expectation(size) <= C_phi,
        "jensen",
        "mean_square",
        "sum",
        at("equal_means", {j: k}),
        "k",
        "C_phi",
    ),
    ball("log_sign", forall(x, And(x > 0, x < 1), log(1 / x) > 0)),
    polynomial(
        "signs", And(B_1 / sqrt(k) > 0, tail >= 0), "k", "B_1", "p_h", at("log_sign", {x: p_h})
    ),
    cite(
        "concentration",
        "gaussian_concentration",
        "H_normal",
        "lipschitz",
        "signs",
        v=hidden,
        F=function_of(a, Norm(Phi(a)) / sqrt(k)),
        Lip=B_1 / sqrt(k),
        t=tail,
    ),
    polynomial(
        "implied",
        forall(OMEGA, true, Implies(size >= LEVEL, size >= expectation(size) + tail)),
        "mean",
        "k",
        "p_h",
        at("log_sign", {x: p_h}),
    ),
    cite(
        "contained",
        "monotone_probability",
        "implied",
        "k",
        "p_h",
        at("log_sign", {x: p_h}),
        X=function_of(OMEGA, size - LEVEL),
        Y=function_of(OMEGA, size - expectation(size) - tail),
    ),
    polynomial("tail", TAIL, "contained", "concentration", "k", "B_1"),
)

offset, slope = real("a b")


def _affine(name: str, part: int) -> Model:
    """One neuron, φ(x) = a + bx, and as bound of φ' that part of b."""
    values = {
        k: Integer(1), hidden: Lambda(OMEGA, OMEGA), basis: Lambda(i, 1), B_1: slope / part,
        phi: Lambda(x, offset + slope * x), Phi: Lambda(x, offset + slope * x),
        C_phi: sqrt(offset**2 + slope**2),
    }  # fmt: skip
    parameters = {
        offset: (Rational(0), Integer(100)), slope: (Rational(1, 100), Integer(2)),
        p_h: (Rational(1, 10**6), Rational(99, 100)),
    }  # fmt: skip
    witness = {offset: Rational(1, 2), slope: Rational(3, 2), p_h: Rational(1, 10)}
    return Model(name, values, parameters, witness if part == 1 else {}, sample=NORMAL)


INSTANCE = Instance(
    "three neurons, φ(x) = 4 + 3x",
    {
        **hidden_layer((hidden, basis, Phi), coordinates("omega", 3), 3, lambda z: 4 + 3 * z),
        k: 3,
        phi: mapping(x, 4 + 3 * x),
        C_phi: 5,
        B_1: 3,
        p_h: Rational(1, 10),
    },
    law(3),
)

STATEMENT = Statement(
    title="Hidden layer at initialisation is not large",
    source=Source("sharp", ("boucheron2013",), "7"),
    quantities=(
        WIDTH, Quantity(hidden, "pre-activations at the start, a random vector"),
        Quantity(basis, "the neurons' unit vectors"), ACTIVATION,
        Quantity(Phi, "the activation applied to every entry"), SECOND_MOMENT, SLOPE_BOUND,
        Quantity(p_h, "failure probability", And(p_h > 0, p_h < 1)),
    ),
    hypotheses=(
        Hypothesis("H_normal", GaussianVector(random(hidden(OMEGA))),
                   "the pre-activations are independent and standard normal"),
        Hypothesis("H_basis", forall(a, true, Eq(
            Norm(a) ** 2, Sum(Inner(a, basis(i)) ** 2, (i, 1, k)))),
            "the unit vectors are an orthonormal basis"),
        Hypothesis("H_entrywise", forall((i, a), NEURON, Eq(
            Inner(Phi(a), basis(i)), phi(Inner(a, basis(i))))), "φ acts on every entry"),
        Hypothesis("H_lipschitz", forall((x, y), true, (phi(x) - phi(y)) ** 2
            <= B_1**2 * (x - y) ** 2), "φ is B₁-Lipschitz"),
        Hypothesis("H_moment", forall(i, NEURON, And(Integrable(random(square)), Eq(
            expectation(square), C_phi**2))), "E φ(h_i)² = C_φ²"),
    ),
    conclusions={"tail": TAIL},
    steps=STEPS,
    instance=INSTANCE,
    models=(
        _affine("one neuron with an affine activation", 1),
        _affine("an activation twice as steep", 2),
    ),
    mutants=(
        Mutant("mean of φ(h) forgotten", {"tail": _tail(tail)}),
        Mutant("half the deviation", {"tail": _tail(C_phi + tail / 2)}),
        Mutant("φ half as steep as assumed", {"H_lipschitz": forall(
            (x, y), true, (phi(x) - phi(y)) ** 2 <= 4 * B_1**2 * (x - y) ** 2)}, "tail"),
    ),
    bounds=(Bound("level", LEVEL, "‖φ(h)‖/√k exceeds it with probability at most p_h"),),
)  # fmt: skip
