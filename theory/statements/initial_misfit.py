"""Misfit at initialisation: w₀ = ‖y(0) − y‖, for a radial loss (THEORY section 7).

The hidden layer is not large, the output given the hidden layer is not large, and the two
probabilities of failure add up. Hidden layer and output weights are independent, so that a bound
for every fixed hidden layer is one for the random one.
"""

from sympy import And, Eq, Expr, Implies, Integer, Lambda, Min, Or, Rational, log, sqrt, true
from sympy.logic.boolalg import Boolean

from theory.formulas import forall
from theory.instances import Instance, coordinates, mapping
from theory.probability import OMEGA, IndependentOf, probability, random
from theory.settings.flow import A
from theory.settings.initial import B_1, C_phi, i, k, p_h, p_x, phi, x
from theory.statement import (
    NORMAL,
    Bound,
    Definition,
    Hypothesis,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
    at,
)
from theory.statements.init_hidden_norm import LEVEL as HIDDEN_LEVEL
from theory.statements.init_hidden_norm import STATEMENT as HIDDEN_NORM
from theory.statements.init_hidden_norm import Phi, basis, hidden
from theory.statements.init_output import LEVEL, H, N, V, coefficient, entry, s
from theory.statements.init_output import STATEMENT as INIT_OUTPUT
from theory.steps import ball, cite, gram, lemma, polynomial
from theory.terms import Apply, Norm, function_of, operator, real, vector
from theory.witnesses.random_weights import hidden_layer, law, output_layer

a, b = vector("a"), vector("b")
B = operator("B")
y = vector("y")

layer = Phi(hidden(OMEGA)) / sqrt(k)
output = Apply(A, Apply(V(OMEGA), layer))
MISFIT = Norm(output - y)
M = real("M")
MISFIT_LEVEL = LEVEL + Norm(y)


def _short(point: Expr, weights: Expr) -> Expr:
    """Return the margin of: the hidden layer is at most H and its output at least the level."""
    scaled = Phi(point) / sqrt(k)
    return Min(H - Norm(scaled), Norm(Apply(A, Apply(weights, scaled))) - LEVEL)


def _tail(level: Expr) -> Boolean:
    return probability(MISFIT >= level) <= p_h + p_x


LAYER = Norm(Phi(hidden(OMEGA))) / sqrt(k)
TAIL = _tail(M)
STEPS = (
    lemma(
        "hidden_layer",
        "init_hidden_norm.tail",
        *(h.name for h in HIDDEN_NORM.hypotheses),
        "k",
        "C_phi",
        "B_1",
        "p_h",
    ),
    ball("log_sign", forall(x, And(x > 0, x < 1), log(1 / x) > 0)),
    polynomial("level_sign", H > 0, "H", "k", "C_phi", "B_1", "p_h", at("log_sign", {x: p_h})),
    lemma(
        "given_layer",
        "init_output.tail",
        *(h.name for h in INIT_OUTPUT.hypotheses),
        "A",
        "N",
        "s",
        "level_sign",
        "p_x",
    ),
    polynomial(
        "fixed",
        forall(a, true, probability(_short(a, V(OMEGA)) >= 0) <= p_x),
        at("given_layer", {a: Phi(a) / sqrt(k)}),
    ),
    cite(
        "random",
        "conditioning",
        "H_layers",
        "fixed",
        v=hidden,
        B=V,
        F=Lambda((a, B), _short(a, B)),
        p=p_x,
    ),
    gram("triangle", forall(OMEGA, true, MISFIT <= Norm(output) + Norm(y)), "k"),
    gram("scaled", forall(OMEGA, true, Eq(Norm(layer), LAYER)), "k"),
    polynomial(
        "one_of_two",
        forall(
            OMEGA,
            true,
            Implies(MISFIT >= M, Or(LAYER >= HIDDEN_LEVEL, _short(hidden(OMEGA), V(OMEGA)) >= 0)),
        ),
        "triangle",
        "scaled",
        "H",
        "M",
        "k",
        "p_x",
        "p_h",
        at("log_sign", {x: p_x}),
        at("log_sign", {x: p_h}),
    ),
    cite(
        "union",
        "union_bound",
        "one_of_two",
        "k",
        "p_x",
        "p_h",
        at("log_sign", {x: p_x}),
        at("log_sign", {x: p_h}),
        X=function_of(OMEGA, MISFIT - M),
        Y=function_of(OMEGA, LAYER - HIDDEN_LEVEL),
        Z=function_of(OMEGA, _short(hidden(OMEGA), V(OMEGA))),
    ),
    polynomial("tail", TAIL, "union", "hidden_layer", "random"),
)

offset, slope, scale, seen = real("a_1 b_1 r y_1")
SILENT = Model(
    "one affine neuron whose output weight is 0",
    {
        k: Integer(1), hidden: Lambda(OMEGA, OMEGA), basis: Lambda(i, 1), B_1: slope,
        phi: Lambda(x, offset + slope * x), Phi: Lambda(x, offset + slope * x),
        C_phi: sqrt(offset**2 + slope**2), N: Integer(1), entry: Lambda((i, OMEGA), 0),
        s: scale, V: Lambda(OMEGA, 0), coefficient: Lambda((i, a, b), a * b), A: Integer(1),
        y: seen,
    },
    {
        offset: (Rational(0), Integer(1)), slope: (Rational(1, 100), Integer(1)),
        scale: (Rational(1, 1000), Integer(1)), seen: (Rational(1, 10), Integer(10)),
        p_h: (Rational(1, 10), Rational(2, 5)), p_x: (Rational(1, 10), Rational(2, 5)),
    },
    {offset: Rational(1, 2), slope: Rational(1, 2), scale: Rational(1, 2), seen: Integer(2),
     p_h: Rational(1, 10), p_x: Rational(1, 5)},
    sample=NORMAL,
)  # fmt: skip

CARRIED = [q for q in INIT_OUTPUT.quantities if q.symbol != H]
point = coordinates("omega", 8)
INSTANCE = Instance(
    "two neurons, φ(x) = 4 + 3x, m = 2, n = 3, signs",
    {
        **hidden_layer((hidden, basis, Phi), point, 2, lambda z: 4 + 3 * z),
        **output_layer((V, entry, coefficient), point, 2, 3),
        k: 2,
        phi: mapping(x, 4 + 3 * x),
        C_phi: 5,
        B_1: 3,
        p_h: Rational(1, 10),
        A: ((1, 1, 0), (0, 0, 1)),
        N: 6,
        s: 1,
        p_x: Rational(1, 10),
        y: (2, -1),
    },
    law(2, 6),
)

STATEMENT = Statement(
    title="Misfit at initialisation is not large",
    source=Source("sharp", ("boucheron2013", "hsu2012"), "7"),
    quantities=(*HIDDEN_NORM.quantities, *CARRIED,
                Quantity(y, "observation", Norm(y) >= 0)),  # a range: y is given, not asserted
    hypotheses=(
        *HIDDEN_NORM.hypotheses,
        *INIT_OUTPUT.hypotheses,
        Hypothesis("H_layers", IndependentOf(random(hidden(OMEGA)), random(V(OMEGA))),
                   "hidden layer and output weights are independent"),
    ),
    definitions=(
        Definition(H, HIDDEN_LEVEL, "bound of the scaled hidden layer"),
        Definition(M, MISFIT_LEVEL, "bound of the misfit"),
    ),
    conclusions={"tail": TAIL},
    steps=STEPS,
    instance=INSTANCE,
    models=(SILENT,),
    mutants=(
        Mutant("observation forgotten", {"tail": _tail(LEVEL)}),
        Mutant("1% of the observation forgotten",
               {"tail": _tail(LEVEL + Rational(99, 100) * Norm(y))}),
        Mutant("observation squared", {"tail": _tail(LEVEL + Norm(y) ** 2)}),
    ),
    bounds=(Bound("misfit", M, "w₀ exceeds it with probability at most p_h + p_x"),),
)  # fmt: skip
