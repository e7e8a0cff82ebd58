"""First absolute moment of a combination of independent symmetric entries (THEORY section 3b).

An entry with a symmetric law is a random sign times its size. Given the sizes, Khintchine's
inequality with Szarek's constant bounds the mean over the signs by the root of a sum of squares,
and that root is concave: E|⟨V,a⟩| ≥ ‖a‖E|V_j|/√2. Signs have E|V_j| = 1, entries that are uniform
on [−√3, √3] have √3/2. Neither the variance nor the fourth moment matters.
"""

from sympy import Abs, And, Eq, Expr, Integer, Lambda, Piecewise, Rational, sqrt, true

from theory.formulas import forall
from theory.instances import SIGN, Instance, by_index, coordinates, mapping
from theory.probability import OMEGA, IndependentPairs, expectation, family
from theory.settings.initial import DIMENSION, NEURON, i, j, n
from theory.statement import Bound, Hypothesis, Model, Mutant, Quantity, Source, Statement, at
from theory.statements._first_moment import (
    COORDINATES,
    FIRST,
    H_COORDINATES,
    LARGEST_ENTRY,
    OUTPUT_WEIGHTS,
    D,
    V,
    a,
    along,
    coordinate,
    entries,
    moment_at_least,
    over_entries,
    squared,
)
from theory.steps import cite, induction, polynomial
from theory.terms import Norm, function_of, real, real_function

sign, size = real_function("s"), real_function("r")
m_1, x = real("m_1 x")

mean_size = over_entries(squared * size(i, OMEGA))
mean_square = over_entries(squared * size(i, OMEGA) ** 2)
reach = over_entries(Abs(coordinate(i, a)))
MU_1 = m_1 / sqrt(2)

signed = coordinate(i, a) * sign(i, OMEGA) * size(i, OMEGA)
each_mean = expectation(squared * size(i, OMEGA))
# x times the weighted mean of the sizes is at most the root of the weighted sum of squares.
low = x * mean_size
SMALL = And(x >= 0, x * Norm(a) <= 1)

STEPS = (
    induction("bounded_sums", forall((j, a, OMEGA), FIRST, And(
              -D * over_entries(Abs(coordinate(i, a)), j) <= over_entries(signed, j),
              over_entries(signed, j) <= D * over_entries(Abs(coordinate(i, a)), j))),
              at("H_signs", {i: j}), at("H_sizes", {i: j})),
    polynomial("bounded", forall((a, OMEGA), true, And(
               -D * reach <= Abs(along), Abs(along) <= D * reach)),
               at("bounded_sums", {j: n}), "H_entries", "n"),
    cite("integrable", "bounded_integrable", "bounded", over=(a,),
         X=function_of(OMEGA, Abs(along)), c=D * reach),
    induction("spread", forall((j, a, OMEGA, x), FIRST,
              over_entries(squared * size(i, OMEGA) ** 2, j)
              - 2 * x * over_entries(squared * size(i, OMEGA), j)
              + x**2 * over_entries(squared, j) >= 0)),
    induction("not_negative", forall((j, a, OMEGA), FIRST,
              over_entries(squared * size(i, OMEGA), j) >= 0), at("H_sizes", {i: j})),
    polynomial("concave", forall((a, x, OMEGA), SMALL, And(low >= 0, low**2 <= mean_square)),
               at("spread", {j: n, x: x**2 * mean_size}), at("not_negative", {j: n}),
               "H_coordinates", "n"),
    cite("signs", "khintchine", "n", "H_pairs", "H_signs", "H_centred", "H_entries", "concave",
         "integrable", over=(a, x), given=SMALL, X=sign, R=size, Y=function_of(OMEGA, along),
         Z=function_of(OMEGA, low), f=Lambda(i, coordinate(i, a)), k=n),
    polynomial("size_bound", forall((i, a, OMEGA), NEURON, And(
               -D * squared <= squared * size(i, OMEGA), squared * size(i, OMEGA) <= D * squared)),
               "H_sizes"),
    cite("size_integrable", "bounded_integrable", "size_bound", over=(i, a), given=NEURON,
         X=function_of(OMEGA, squared * size(i, OMEGA)), c=D * squared),
    cite("sizes", "expectation_sum", "n", "size_integrable", over=(a,),
         Z=Lambda((i, OMEGA), squared * size(i, OMEGA)), k=n),
    cite("size_mean", "expectation_scale", over=(i, a),
         X=function_of(OMEGA, size(i, OMEGA)),
         Y=function_of(OMEGA, squared * size(i, OMEGA)), c=squared),
    induction("means", forall((j, a), FIRST,
              over_entries(each_mean, j) >= m_1 * over_entries(squared, j)),
              at("size_mean", {i: j}), at("H_mean_size", {i: j})),
    cite("low_mean", "expectation_scale", over=(a, x),
         X=function_of(OMEGA, mean_size), Y=function_of(OMEGA, low), c=x),
    polynomial("all", forall((a, x), SMALL,
               expectation(Abs(along)) >= x * m_1 * Norm(a) ** 2 / sqrt(2)),
               "signs", "low_mean", "sizes", at("means", {j: n}), "H_coordinates", "n"),
    polynomial("off_zero", forall(a, Norm(a) > 0, expectation(Abs(along)) >= MU_1 * Norm(a)),
               at("all", {x: 1 / Norm(a)})),
    polynomial("moment", moment_at_least(MU_1), "off_zero", at("all", {x: 0})),
)  # fmt: skip

weight, largest = real("s_0 r_0")


def _entries(name: str, count: int, column: Expr, second: Expr, witness: bool = False) -> Model:
    """Return so many entries ± r₀, the column they make, and the sign of those after the first."""
    signs = Piecewise((OMEGA, i <= 1), (second, True))
    values = {
        n: Integer(count), V: Lambda(OMEGA, column), size: Lambda((i, OMEGA), largest),
        coordinate: Lambda((i, a), a / sqrt(count)), sign: Lambda((i, OMEGA), signs),
        m_1: weight * largest, D: largest,
    }  # fmt: skip
    box = {largest: (Rational(1, 2), Integer(2)), weight: (Rational(1, 2), Integer(2))}
    point = {largest: Rational(3, 2), weight: Rational(9, 10)}
    law = ((Integer(1), Rational(1, 2)), (Integer(-1), Rational(1, 2)))
    return Model(name, values, box, point if witness else {}, sample=law)


H_PAIRS = IndependentPairs(family(sign(i, OMEGA), i), family(size(i, OMEGA), i), n)
_a, _signs, _sizes = coordinates("a", 3), coordinates("omega", 3), (1, 2, 3)
INSTANCE = Instance(
    "three entries ±1, ±2 and ±3",
    {
        n: 3, sign: by_index(*(mapping(_signs, s) for s in _signs)), size: by_index(*_sizes),
        V: mapping(_signs, tuple(r * s for r, s in zip(_sizes, _signs, strict=True))),
        coordinate: by_index(*(mapping(_a, place) for place in _a)), D: 4, m_1: Rational(1, 2),
    },
    (SIGN,) * 3,
)  # fmt: skip

STATEMENT = Statement(
    title="First absolute moment of symmetric entries",
    source=Source("sharp", ("szarek1976",), "3b"),
    quantities=(
        DIMENSION,
        OUTPUT_WEIGHTS,
        Quantity(sign, "signs of its entries"),
        Quantity(size, "absolute values of its entries"),
        COORDINATES,
        LARGEST_ENTRY,
        Quantity(m_1, "mean of the absolute value of an entry", m_1 > 0),
    ),
    hypotheses=(
        Hypothesis("H_pairs", H_PAIRS, "signs and absolute values of all entries are independent"),
        Hypothesis("H_signs", forall((i, OMEGA), NEURON, Eq(sign(i, OMEGA) ** 2, 1)),
                   "signs are ±1"),
        Hypothesis("H_centred", forall(i, NEURON, Eq(expectation(sign(i, OMEGA)), 0)),
                   "both signs are equally probable: the entries have a symmetric law"),
        Hypothesis("H_sizes", forall((i, OMEGA), NEURON, And(
            size(i, OMEGA) >= 0, size(i, OMEGA) <= D)), "the entries are bounded by D"),
        Hypothesis("H_mean_size", forall(i, NEURON, expectation(size(i, OMEGA)) >= m_1),
                   "E|V_j| ≥ m₁"),
        entries(signed),
        H_COORDINATES,
    ),
    conclusions={"moment": moment_at_least(MU_1)},
    steps=STEPS,
    instance=INSTANCE,
    bounds=(Bound("mu_1", MU_1, "E|⟨V,a⟩| for a unit vector a", "lower"),),
    models=(
        _entries("one entry", 1, largest * OMEGA, OMEGA, witness=True),
        _entries("two entries of opposite signs", 2, 0 * OMEGA, -OMEGA),
    ),
    mutants=(
        Mutant("√2 on the wrong side", {"moment": moment_at_least(m_1 * sqrt(2))}),
        Mutant("dependent signs", {"H_pairs": None}, "moment"),
        Mutant("sizes half as large", {"H_mean_size": forall(
            i, NEURON, expectation(size(i, OMEGA)) >= m_1 / 2)}, "moment"),
    ),
)  # fmt: skip
