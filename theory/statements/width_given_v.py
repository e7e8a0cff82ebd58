"""A width that is enough once the output weights are known, the hidden ones still random.

The second level of the guarantee between a priori and a posteriori (THEORY section 8), V fixed: the
frame bound of its columns takes the place of their law, and Bienaymé's identity that of a tail for
the output. Hidden layer trained, radial loss.
"""

from sympy import And, Eq, Expr, Implies, Integer, Lambda, Or, Rational, Sum, exp, log, sqrt, true
from sympy.logic.boolalg import Boolean

from theory.formulas import forall
from theory.probability import (
    OMEGA,
    InSpace,
    Integrable,
    expectation,
    probability,
    random,
)
from theory.setting import SIGMA_A, A, sigma_A
from theory.setting import Lambda as LIPSCHITZ
from theory.setting_initial import (
    ACTIVATION,
    B_1,
    DELTA,
    DIMENSION,
    ETA,
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
    j,
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
    at,
)
from theory.statements.init_hidden_norm import STATEMENT as HIDDEN_NORM
from theory.statements.init_hidden_norm import Phi, basis, hidden
from theory.statements.width_w import B_2, q_star
from theory.steps import algebra, ball, cite, gram, induction, polynomial
from theory.terms import (
    Adjoint,
    Apply,
    Inner,
    IsInteger,
    Norm,
    SigmaMin,
    function_of,
    operator,
    real,
    vector,
    vector_function,
)

V, column, total = operator("V"), vector_function("V_column"), vector("V_total")
a, b, y = vector("a"), vector("b"), vector("y")
longest, frame, image, mu = real("V_max nu N_AV mu")

sigma = SigmaMin(J_W(OMEGA))
part = phi_1(h(i, OMEGA)) / sqrt(k) * column(i)
along = Inner(column(i), z)
EXPONENT = -ETA * k * C_dphi**2 * frame / (B_1**2 * longest**2)
GRAM = (1 - delta) * C_dphi**2 * frame
GRAM_WIDTH = B_1**2 * longest**2 * log(n / p_J) / (ETA * C_dphi**2 * frame)
SQUARES = Sum(Norm(Apply(A, column(i))) ** 2, (i, 1, k))
MEAN_SQUARE = ((C_phi**2 - mu**2) * SQUARES + mu**2 * Norm(total) ** 2) / k
TAIL = B_1 * image * sqrt(2 * log(1 / p_h) / k)
M = sqrt(MEAN_SQUARE) + TAIL + Norm(y)
output = Apply(A, Apply(V, Phi(hidden(OMEGA))))
size = Norm(output) / sqrt(k)
MISFIT = Norm(output / sqrt(k) - y)


def _tail(threshold: Expr) -> Boolean:
    return probability(LIPSCHITZ * MISFIT >= threshold * sigma_A * sigma**2) <= p_J + p_h


CONCLUSION = _tail(q_star)
DIFFERENCE = Phi(a) - Phi(b)
one_term = expectation(Inner(part, z) ** 2)
LOG = at("log_sign", {x: p_h})
SIGNS = ("k", "n", "B_1", "V_max", "delta", "C_dphi", "nu", "p_J")
GRAM_STEPS = (
    cite("independent", "independent_values", "H_neurons",
         X=h, v=Lambda((i, x), phi_1(x) / sqrt(k) * column(i)), k=k),
    gram("range", forall((i, OMEGA), NEURON, Norm(part) ** 2 <= B_1**2 * longest**2 / k),
         "H_columns", at("H_slope", {x: h(i, OMEGA)}), "k", "B_1", "V_max"),
    cite("space", "multiple_in_space", "H_columns", "k", over=(i, OMEGA), given=NEURON,
         v=column(i), n=n, c=phi_1(h(i, OMEGA)) / sqrt(k)),
    gram("square", forall((i, OMEGA, z), true, Eq(Inner(part, z) ** 2,
         along**2 / k * phi_1(h(i, OMEGA)) ** 2)), "k"),
    cite("scaled", "expectation_scale", "square", "k", over=(i, z),
         X=function_of(OMEGA, phi_1(h(i, OMEGA)) ** 2), Y=function_of(OMEGA, Inner(part, z) ** 2),
         c=along**2 / k),
    polynomial("one_term", forall((i, z), NEURON, Eq(one_term, C_dphi**2 / k * along**2)),
               "scaled", "H_slope_moment", "k"),
    induction("partial", forall((j, z), And(IsInteger(j), j >= 1), Eq(
              Sum(one_term, (i, 1, j)), C_dphi**2 / k * Sum(along**2, (i, 1, j)))),
              at("one_term", {i: j}), "k"),
    polynomial("mean", forall(z, true, Sum(one_term, (i, 1, k))
               >= C_dphi**2 * frame * Norm(z) ** 2), at("partial", {j: k}), "H_frame", "k"),
    polynomial("parameters", And(B_1**2 * longest**2 / k > 0, C_dphi**2 * frame >= 0, delta >= 0,
               delta < 1), "k", "B_1", "V_max", "nu", "delta"),
    cite("chernoff", "matrix_chernoff", "k", "independent", "space", "range", "mean", "H_gram",
         "parameters", v=Lambda((i, OMEGA), part), M=J_W, k=k, n=n, R=B_1**2 * longest**2 / k,
         mu=C_dphi**2 * frame, delta=delta),
    algebra("balance", Eq(ETA * (C_dphi**2 * frame) / (B_1**2 * longest**2 / k), -EXPONENT),
            "k", "B_1", "V_max", "delta"),
    ball("eta_sign", forall(x, And(x > 0, x < 1), x + (1 - x) * log(1 - x) > 0)),
    ball("at_least_one", forall(x, x >= 0, exp(x) >= 1)),
    polynomial("exponent", log(n / p_J) <= -EXPONENT, "H_gram_width",
               at("eta_sign", {x: delta}), *SIGNS),
    polynomial("gram_failure", n * exp(EXPONENT) <= p_J, "exponent", *SIGNS,
               at("at_least_one", {x: -EXPONENT - log(n / p_J)})),
    polynomial("gram", probability(sigma**2 <= GRAM) <= p_J, "chernoff", "balance",
               "gram_failure", *SIGNS),
)  # fmt: skip

CARRIED = ("coordinates", "summed", "entrywise_lipschitz", "log_sign")
MEAN = expectation(size)
MISFIT_STEPS = (
    *(step for step in HIDDEN_NORM.steps if step.name in CARRIED),
    gram("lipschitz", forall((a, b), true, Norm(Apply(A, Apply(V, Phi(a)))) / sqrt(k)
         - Norm(Apply(A, Apply(V, Phi(b)))) / sqrt(k) <= B_1 * image / sqrt(k) * Norm(a - b)),
         "entrywise_lipschitz", at("H_image", {a: DIFFERENCE}), "k", "B_1", "N_AV"),
    induction("entries", forall((j, z, OMEGA), And(IsInteger(j), j >= 1), Eq(
              Sum(Inner(Phi(hidden(OMEGA)), basis(i)) * Inner(Apply(A, column(i)), z), (i, 1, j)),
              Sum(phi(h(i, OMEGA)) * Inner(Apply(A, column(i)), z), (i, 1, j)))),
              at("H_entrywise", {i: j, a: hidden(OMEGA)}), at("H_coordinates", {i: j})),
    polynomial("linear", forall((z, OMEGA), true, Eq(Inner(output, z),
               Sum(phi(h(i, OMEGA)) * Inner(Apply(A, column(i)), z), (i, 1, k)))),
               at("H_linear", {a: Phi(hidden(OMEGA))}), at("entries", {j: k}), "k"),
    cite("squares", "bienayme", "k", "H_neurons", "H_moments", "linear", "H_total",
         X=h, f=phi, w_of=function_of(i, Apply(A, column(i))), Y_of=function_of(OMEGA, output),
         total=total, k=k, mu=mu, c=C_phi**2),
    cite("mean_square", "expectation_scale", "k",
         X=function_of(OMEGA, Norm(output) ** 2), Y=function_of(OMEGA, size**2), c=1 / k),
    cite("has_mean_square", "integrable_scale", "k", "squares.integrable",
         X=function_of(OMEGA, Norm(output) ** 2), Y=function_of(OMEGA, size**2), c=1 / k),
    cite("jensen", "jensen_square", "has_mean_square", "k", X=function_of(OMEGA, size)),
    polynomial("mean_bound", MEAN**2 <= MEAN_SQUARE, "jensen", "mean_square", "squares", "k"),
    polynomial("level", MEAN <= sqrt(MEAN_SQUARE), "mean_bound", "k"),
    polynomial("signs", And(B_1 * image / sqrt(k) > 0, TAIL >= 0), "k", "B_1", "N_AV", "p_h", LOG),
    cite("concentration", "gaussian_concentration", "H_normal", "lipschitz", "signs", "k",
         v=hidden, F=function_of(a, Norm(Apply(A, Apply(V, Phi(a)))) / sqrt(k)),
         Lip=B_1 * image / sqrt(k), t=TAIL),
    gram("triangle", forall(OMEGA, true, MISFIT <= size + Norm(y)), "k"),
    polynomial("implied", forall(OMEGA, true, Implies(MISFIT >= M, size >= MEAN + TAIL)),
               "triangle", "level", "mean_bound", "k", "signs", "p_h", LOG),
    cite("contained", "monotone_probability", "implied", "k", "p_h", "mean_bound", LOG,
         X=function_of(OMEGA, MISFIT - M), Y=function_of(OMEGA, size - MEAN - TAIL)),
    polynomial("misfit", probability(MISFIT >= M) <= p_h, "contained", "concentration", "k",
               "p_h", "mean_bound", "B_1", "N_AV", LOG),
    polynomial("lipschitz_sign", LIPSCHITZ >= 0, "Lambda", "k", "V_max", "B_2"),
    polynomial("one_of_two", forall(OMEGA, true, Implies(
               LIPSCHITZ * MISFIT >= q_star * sigma_A * sigma**2,
               Or(sigma**2 <= GRAM, MISFIT >= M))), "H_width", "lipschitz_sign", "q_star",
               "sigma_A", "k", "p_h", "mean_bound", LOG),
    cite("union", "union_bound", "one_of_two", "k", "p_h", "mean_bound", LOG,
         X=function_of(OMEGA, LIPSCHITZ * MISFIT - q_star * sigma_A * sigma**2),
         Y=function_of(OMEGA, GRAM - sigma**2), Z=function_of(OMEGA, MISFIT - M)),
    polynomial("tail", CONCLUSION, "union", "gram", "misfit", "k"),
)  # fmt: skip

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
    models=(_affine(),),
    degenerate="a model has one sample: one neuron",
    mutants=(
        Mutant("a twentieth of the threshold", {"tail": _tail(q_star / 20)}),
        Mutant("observation forgotten", {"H_width": _enough(M - Norm(y))}, "tail"),
        Mutant("misfit squared", {"H_width": _enough(M**2)}, "tail"),
    ),
    bounds=(
        Bound("k_gram", GRAM_WIDTH, "width for the Gram matrix", "lower"),
        Bound("misfit", M, "w₀ exceeds it with probability at most p_h"),
        Bound("q", LIPSCHITZ * M / (sigma_A * GRAM), "q is below it but for p_J + p_h"),
    ),
)  # fmt: skip
