"""A width that is enough once the output weights are known, the hidden ones still random.

The second level of the guarantee between a priori and a posteriori (THEORY section 8), V fixed: the
frame bound of its columns takes the place of their law, and Bienaymé's identity that of a tail for
the output. Hidden layer trained, radial loss.
"""

from sympy import And, Eq, Expr, Integer, Lambda, Rational, Sum, sqrt, true
from sympy.logic.boolalg import Boolean

from theory.formulas import forall
from theory.instances import Instance, by_index, coordinates, mapping, transposed
from theory.probability import (
    OMEGA,
    InSpace,
    Integrable,
    expectation,
    random,
)
from theory.settings.flow import SIGMA_A, A, sigma_A
from theory.settings.flow import Lambda as LIPSCHITZ
from theory.settings.initial import (
    ACTIVATION,
    B_1,
    DELTA,
    DIMENSION,
    H_BOUNDED_SLOPE,
    H_NEURONS,
    H_SLOPE_MOMENT,
    HIDDEN,
    J_W,
    NEURON,
    SECOND_MOMENT,
    SLOPE,
    SLOPE_BOUND,
    SLOPE_MOMENT,
    WEIGHT_JACOBIAN,
    WIDTH,
    C_dphi,
    C_phi,
    delta,
    h,
    i,
    k,
    n,
    p_h,
    p_J,
    phi,
    phi_1,
    x,
    z,
)
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
)
from theory.statements._width_given_v_gram import (
    GRAM,
    GRAM_STEPS,
    GRAM_WIDTH,
    along,
    column,
    frame,
    longest,
    part,
)
from theory.statements._width_given_v_steps import (
    CONCLUSION,
    MISFIT_STEPS,
    M,
    V,
    a,
    image,
    mu,
    tail,
    total,
    y,
)
from theory.statements.init_hidden_norm import STATEMENT as HIDDEN_NORM
from theory.statements.init_hidden_norm import Phi, basis, hidden
from theory.statements.width_w import B_2, q_star
from theory.terms import (
    Adjoint,
    Apply,
    Inner,
    Norm,
    real,
)
from theory.witnesses.random_weights import hidden_jacobian, hidden_layer, law, pre_activations

offset, slope, seen, weight, gain, curvature = real("a_1 b_1 y_1 v_1 r b_2")


def _affine() -> Model:
    """One neuron with φ(x) = a + bx and one output weight."""
    neuron = Lambda(x, offset + slope * x)
    values = {
        k: Integer(1), n: Integer(1), h: Lambda((i, OMEGA), OMEGA), hidden: Lambda(OMEGA, OMEGA),
        basis: Lambda(i, 1), phi: neuron, Phi: neuron, phi_1: Lambda(x, slope), B_1: slope,
        C_dphi: slope, C_phi: sqrt(offset**2 + slope**2), mu: offset, A: gain, V: weight,
        column: Lambda(i, weight), total: gain * weight, image: gain * weight, y: seen,
        longest: weight, frame: weight**2, J_W: Lambda(OMEGA, slope * weight), B_2: curvature,
        sigma_A: gain,
    }  # fmt: skip
    parameters = {
        offset: (Rational(0), Integer(1)), slope: (Rational(1, 10), Integer(2)),
        seen: (Rational(1, 100), Integer(10)), weight: (Rational(1, 10), Integer(2)),
        gain: (Rational(1, 10), Integer(2)), curvature: (Rational(1, 1000), Integer(10)),
        q_star: (Rational(1, 10), Rational(1, 2)), delta: (Rational(4, 5), Rational(19, 20)),
        p_J: (Rational(1, 2), Rational(3, 5)), p_h: (Rational(1, 10), Rational(1, 5)),
    }  # fmt: skip
    witness = {
        offset: Rational(1, 2), slope: Integer(1), seen: Rational(1, 2), weight: Integer(1),
        gain: Integer(1), curvature: Rational(1, 100), q_star: Rational(1, 2),
        delta: Rational(9, 10), p_J: Rational(3, 5), p_h: Rational(1, 5),
    }  # fmt: skip
    return Model("one affine neuron", values, parameters, witness, sample=NORMAL)


def _enough(misfit: Expr) -> Boolean:
    return LIPSCHITZ * misfit < q_star * sigma_A * GRAM


# Eight neurons of slope 1/50 about 1, and outer weights ±1 whose three rows are orthogonal.
point, slight = coordinates("omega", 8), Rational(1, 50)
signs = (
    (1, 1, 1, 1, 1, 1, 1, 1),
    (1, -1, 1, -1, 1, -1, 1, -1),
    (1, 1, -1, -1, 1, 1, -1, -1),
)
INSTANCE = Instance(
    "eight neurons, φ(x) = 1 + x/50, m = 2, n = 3",
    {
        **pre_activations(h, point, 8),
        **hidden_layer((hidden, basis, Phi), point, 8, lambda z: 1 + slight * z),
        **hidden_jacobian(J_W, point, [slight] * 8, signs),
        k: 8,
        n: 3,
        phi: mapping(x, 1 + slight * x),
        phi_1: mapping(x, slight),
        C_phi: sqrt(2501) / 50,
        C_dphi: slight,
        mu: 1,
        B_1: slight,
        B_2: Rational(1, 10**6),
        A: ((1, 1, 0), (0, 0, 1)),
        sigma_A: 1,
        V: signs,
        column: by_index(*transposed(signs)),
        total: (8, 0),
        image: 4,
        longest: sqrt(3),
        frame: 1,
        y: (Rational(1, 2), -Rational(1, 4)),
        q_star: Rational(1, 2),
        delta: Rational(9, 10),
        p_J: Rational(9, 10),
        p_h: Rational(9, 10),
    },
    law(8),
)

STATEMENT = Statement(
    title="A width that is enough for the output weights at hand",
    source=Source("sharp", ("tropp2012", "boucheron2013"), "8"),
    quantities=(
        WIDTH, DIMENSION, DELTA, HIDDEN, ACTIVATION, SLOPE, WEIGHT_JACOBIAN, SECOND_MOMENT,
        SLOPE_MOMENT, SLOPE_BOUND, SIGMA_A,
        Quantity(hidden, "pre-activations at the start, a random vector"),
        Quantity(basis, "the neurons' unit vectors"),
        Quantity(Phi, "the activation applied to every entry"),
        Quantity(A, "forward operator"), Quantity(V, "output weights"),
        Quantity(column, "output weights of a neuron"),
        Quantity(total, "sum of A times the output weights of all neurons"),
        Quantity(y, "observation", Norm(y) >= 0),
        Quantity(longest, "length of the longest column of V", longest > 0),
        Quantity(frame, "lower frame bound of the columns of V, over k", frame > 0),
        Quantity(image, "bound of ‖AV‖", image > 0),
        Quantity(mu, "mean of φ(h)", C_phi**2 >= mu**2),
        Quantity(B_2, "Lipschitz constant of φ'", B_2 >= 0),
        Quantity(q_star, "threshold of q: 1/4 published, 1/2 sharp", q_star > 0),
        Quantity(p_J, "failure probability of the Gram matrix", And(p_J > 0, p_J < 1)),
        Quantity(p_h, "failure probability of the output", And(p_h > 0, p_h < 1)),
    ),
    hypotheses=(
        H_NEURONS, H_SLOPE_MOMENT, H_BOUNDED_SLOPE,
        *(x for x in HIDDEN_NORM.hypotheses if x.name != "H_moment"),
        Hypothesis("H_moments", forall(i, NEURON, And(
            Integrable(random(phi(h(i, OMEGA)) ** 2)), Eq(expectation(phi(h(i, OMEGA))), mu),
            Eq(expectation(phi(h(i, OMEGA)) ** 2), C_phi**2))), "E φ(h) = μ and E φ(h)² = C_φ²"),
        Hypothesis("H_coordinates", forall((i, OMEGA), NEURON, Eq(
            Inner(hidden(OMEGA), basis(i)), h(i, OMEGA))), "the vector of the pre-activations"),
        Hypothesis("H_columns", forall(i, NEURON, And(
            InSpace(column(i), n), Norm(column(i)) <= longest)), "no column is longer than V_max"),
        Hypothesis("H_frame", forall(z, true, Sum(along**2, (i, 1, k))
            >= k * frame * Norm(z) ** 2), "V Vᵀ ⪰ kν I"),
        Hypothesis("H_gram", forall((z, OMEGA), true, Eq(
            Norm(Adjoint(J_W(OMEGA), z)) ** 2, Sum(Inner(part, z) ** 2, (i, 1, k)))),
            "J_W J_Wᵀ is the sum of the neurons' rank-one terms, for ‖u‖ = 1"),
        Hypothesis("H_image", forall(a, true, Norm(Apply(A, Apply(V, a))) <= image * Norm(a)),
            "‖AV‖ is at most N_AV"),
        Hypothesis("H_linear", forall((a, z), true, Eq(Inner(Apply(A, Apply(V, a)), z),
            Sum(Inner(a, basis(i)) * Inner(Apply(A, column(i)), z), (i, 1, k)))),
            "A V a in coordinates"),
        Hypothesis("H_total", forall(z, true, Eq(Inner(total, z),
            Sum(Inner(Apply(A, column(i)), z), (i, 1, k)))), "the sum of the columns of AV"),
        Hypothesis("H_gram_width", k >= GRAM_WIDTH, "wide enough for the Gram matrix"),
        Hypothesis("H_width", _enough(M),
                   "wide enough for the Lipschitz constant"),
    ),
    definitions=(
        Definition(LIPSCHITZ, B_2 * longest / sqrt(k), "Lipschitz constant of the Jacobian"),
    ),
    conclusions={"tail": CONCLUSION},
    steps=(*GRAM_STEPS, *MISFIT_STEPS),
    instance=INSTANCE,
    models=(_affine(),),
    mutants=(
        Mutant("a twentieth of the threshold", {"tail": tail(q_star / 20)}),
        Mutant("observation forgotten", {"H_width": _enough(M - Norm(y))}, "tail"),
        Mutant("misfit squared", {"H_width": _enough(M**2)}, "tail"),
    ),
    bounds=(
        Bound("k_gram", GRAM_WIDTH, "width for the Gram matrix", "lower"),
        Bound("misfit", M, "w₀ exceeds it with probability at most p_h"),
        Bound("q", LIPSCHITZ * M / (sigma_A * GRAM), "q is below it but for p_J + p_h",
              condition=k >= GRAM_WIDTH),
    ),
)  # fmt: skip
