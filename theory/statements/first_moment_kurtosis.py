"""First absolute moment of independent entries of kurtosis at most 3 (THEORY section 3b).

The entries are centred, of variance 1, and need no symmetry. Entry by entry the fourth moment of
⟨V,a⟩ is at most 3‖a‖⁴ + (κ − 3)Σa_j⁴, with κ a bound of the kurtosis: at most that of a normal
variable where κ ≤ 3. A parabola in ⟨V,a⟩² below |⟨V,a⟩| then gives E|⟨V,a⟩| ≥ ‖a‖/√3, which is
attained by one entry: ±√3 with probability 1/6 each, and 0 otherwise.
"""

from typing import Any

from sympy import And, Eq, Expr, Integer, Lambda, Piecewise, Rational, sqrt

from theory.formulas import forall
from theory.instances import SIGN, Instance, by_index, coordinates, mapping
from theory.probability import OMEGA, Independent, expectation, family
from theory.settings.initial import DIMENSION, NEURON, i, n
from theory.statement import Bound, Finding, Hypothesis, Model, Mutant, Quantity, Source, Statement
from theory.statements._first_moment import (
    COORDINATES,
    H_COORDINATES,
    LARGEST_ENTRY,
    OUTPUT_WEIGHTS,
    D,
    V,
    a,
    coordinate,
    entries,
    moment_at_least,
)
from theory.statements._first_moment_kurtosis_steps import (
    STEPS,
    entry,
    fourth_at_most,
    kappa,
    weighted,
)
from theory.terms import real

MU_1 = 1 / sqrt(3)
far, level, wide = real("x_0 kappa_0 D_0")


def _law(point: Expr) -> tuple[tuple[Expr, Expr], ...]:
    """Return a law of variance 1 and kurtosis x²: ±x with probability 1/(2x²) each, and 0."""
    rare = 1 / (2 * point**2)
    return (point, rare), (-point, rare), (Integer(0), 1 - 2 * rare)


def _model(name: str, law: Any, box: Any, witness: Any, **changed: Any) -> Model:
    """Return one entry, which is the sample point itself unless said otherwise."""
    values: dict[Any, Any] = {
        n: Integer(1), V: Lambda(OMEGA, OMEGA), entry: Lambda((i, OMEGA), OMEGA),
        coordinate: Lambda((i, a), a), D: wide, kappa: level,
    }  # fmt: skip
    named = {str(symbol): symbol for symbol in values}
    values |= {named[name]: value for name, value in changed.items()}
    return Model(name, values, {wide: (Integer(4), Integer(8)), **box}, witness, sample=law)


KURTOSIS = {level: (Rational(5, 2), Integer(3))}
TWICE = {"n": Integer(2), "V": Lambda(OMEGA, 0)}
OPPOSITE = Lambda((i, a), a / sqrt(2) * Piecewise((1, i <= 1), (-1, True)))
ALIKE = ((Integer(1), Rational(1, 2)), (Integer(-1), Rational(1, 2)))
MODELS = (
    _model("one entry that is often 0", _law(far),
           {far: (Rational(1), Integer(4)), **KURTOSIS},
           {wide: Integer(5), far: Rational(3, 2), level: Rational(11, 4)}),
    _model("one entry with the values ±√3 and 0", _law(sqrt(3)), {}, {wide: Integer(5)},
           kappa=Integer(3)),
    _model("one small entry", ALIKE, KURTOSIS, {}, v=Lambda((i, OMEGA), OMEGA / 2),
           V=Lambda(OMEGA, OMEGA / 2)),
    _model("two entries that are one", ALIKE, KURTOSIS, {}, **TWICE, c=OPPOSITE),
    _model("two entries that are 1", ((Integer(1), Integer(1)),), KURTOSIS, {}, **TWICE,
           v=Lambda((i, OMEGA), 1), c=OPPOSITE),
)  # fmt: skip

_a = coordinates("a", 3)
_signs = coordinates("omega", 3)
INSTANCE = Instance(
    "three random signs",
    {
        n: 3, V: mapping(_signs, _signs), entry: by_index(*(mapping(_signs, s) for s in _signs)),
        coordinate: by_index(*(mapping(_a, place) for place in _a)), D: 2, kappa: Rational(3, 2),
    },
    (SIGN,) * 3,
)  # fmt: skip

STATEMENT = Statement(
    title="First absolute moment of entries of kurtosis at most 3",
    source=Source("sharp", (), "3b"),
    quantities=(
        DIMENSION,
        OUTPUT_WEIGHTS,
        Quantity(entry, "its entries"),
        COORDINATES,
        LARGEST_ENTRY,
        Quantity(kappa, "bound of the fourth moment of an entry", kappa <= 3),
    ),
    hypotheses=(
        Hypothesis("H_independent", Independent(family(entry(i, OMEGA), i), n),
                   "the entries are independent"),
        Hypothesis("H_centred", forall(i, NEURON, Eq(expectation(entry(i, OMEGA)), 0)),
                   "the entries have mean 0"),
        Hypothesis("H_variance", forall(i, NEURON, Eq(expectation(entry(i, OMEGA) ** 2), 1)),
                   "the entries have variance 1"),
        Hypothesis("H_kurtosis", forall(i, NEURON, expectation(entry(i, OMEGA) ** 4) <= kappa),
                   "E V_j⁴ ≤ κ"),
        Hypothesis("H_bounded", forall((i, OMEGA), NEURON, And(
            -D <= entry(i, OMEGA), entry(i, OMEGA) <= D)), "the entries are bounded by D"),
        entries(weighted),
        H_COORDINATES,
    ),
    conclusions={"moment": moment_at_least(MU_1), "fourth": fourth_at_most(Integer(1))},
    steps=STEPS,
    bounds=(Bound("mu_1", MU_1, "E|⟨V,a⟩| for a unit vector a", "lower"),),
    instance=INSTANCE,
    models=MODELS,
    mutants=(
        Mutant("a constant 1% larger", {"moment": moment_at_least(Rational(101, 100) * MU_1)}),
        Mutant("any kurtosis", {"H_kurtosis": None}, "moment"),
        Mutant("any variance", {"H_variance": None}, "moment"),
        Mutant("dependent entries", {"H_independent": None}, "moment"),
        Mutant("entries that are not centred", {"H_centred": None}, "moment"),
        Mutant("a fourth moment 1% smaller", {"fourth": fourth_at_most(Rational(99, 100))}),
    ),
    findings=(
        Finding(
            "first_moment_attained",
            "1/√3 is best possible for entries of kurtosis at most 3: one entry with the values "
            "±√3 and 0 attains it.",
            ("moment",),
        ),
    ),
)  # fmt: skip
