"""The formulas and the proof of ``width_given_v``."""

from sympy import And, Eq, Expr, Implies, Lambda, Or, Sum, exp, log, sqrt, true
from sympy.logic.boolalg import Boolean

from theory.formulas import forall
from theory.probability import (
    OMEGA,
    expectation,
    probability,
)
from theory.settings.flow import A, sigma_A
from theory.settings.flow import Lambda as LIPSCHITZ
from theory.settings.initial import (
    B_1,
    ETA,
    J_W,
    NEURON,
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
    at,
)
from theory.statements.init_hidden_norm import STATEMENT as HIDDEN_NORM
from theory.statements.init_hidden_norm import Phi, basis, hidden
from theory.statements.width_w import q_star
from theory.steps import ball, cite, gram, induction, polynomial
from theory.terms import (
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


def tail(threshold: Expr) -> Boolean:
    """Return that q reaches a threshold with at most some probability."""
    return probability(LIPSCHITZ * MISFIT >= threshold * sigma_A * sigma**2) <= p_J + p_h


CONCLUSION = tail(q_star)
DIFFERENCE = Phi(a) - Phi(b)
one_term = expectation(Inner(part, z) ** 2)
LOG = at("log_sign", {x: p_h})
SIGNS = ("k", "n", "B_1", "V_max", "delta", "C_dphi", "nu", "p_J")
GRAM_STEPS = (
    cite(
        "independent",
        "independent_values",
        "H_neurons",
        X=h,
        v=Lambda((i, x), phi_1(x) / sqrt(k) * column(i)),
        k=k,
    ),
    gram(
        "range",
        forall((i, OMEGA), NEURON, Norm(part) ** 2 <= B_1**2 * longest**2 / k),
        "H_columns",
        at("H_slope", {x: h(i, OMEGA)}),
        "k",
    ),
    cite(
        "space",
        "multiple_in_space",
        "H_columns",
        over=(i, OMEGA),
        given=NEURON,
        v=column(i),
        n=n,
        c=phi_1(h(i, OMEGA)) / sqrt(k),
    ),
    gram(
        "square",
        forall(
            (i, OMEGA, z), true, Eq(Inner(part, z) ** 2, along**2 / k * phi_1(h(i, OMEGA)) ** 2)
        ),
        "k",
    ),
    cite(
        "scaled",
        "expectation_scale",
        "square",
        "k",
        over=(i, z),
        X=function_of(OMEGA, phi_1(h(i, OMEGA)) ** 2),
        Y=function_of(OMEGA, Inner(part, z) ** 2),
        c=along**2 / k,
    ),
    polynomial(
        "one_term",
        forall((i, z), NEURON, Eq(one_term, C_dphi**2 / k * along**2)),
        "scaled",
        "H_slope_moment",
        "k",
    ),
    induction(
        "partial",
        forall(
            (j, z),
            And(IsInteger(j), j >= 1),
            Eq(Sum(one_term, (i, 1, j)), C_dphi**2 / k * Sum(along**2, (i, 1, j))),
        ),
        at("one_term", {i: j}),
        "k",
    ),
    polynomial(
        "mean",
        forall(z, true, Sum(one_term, (i, 1, k)) >= C_dphi**2 * frame * Norm(z) ** 2),
        at("partial", {j: k}),
        "H_frame",
        "k",
    ),
    polynomial(
        "parameters",
        And(B_1**2 * longest**2 / k > 0, C_dphi**2 * frame >= 0, delta >= 0, delta < 1),
        "k",
        "B_1",
        "V_max",
        "nu",
        "delta",
    ),
    cite(
        "chernoff",
        "matrix_chernoff",
        "k",
        "independent",
        "space",
        "range",
        "mean",
        "H_gram",
        "parameters",
        v=Lambda((i, OMEGA), part),
        M=J_W,
        k=k,
        n=n,
        R=B_1**2 * longest**2 / k,
        mu=C_dphi**2 * frame,
        delta=delta,
    ),
    ball("eta_sign", forall(x, And(x > 0, x < 1), x + (1 - x) * log(1 - x) > 0)),
    ball("at_least_one", forall(x, x >= 0, exp(x) >= 1)),
    polynomial(
        "exponent",
        log(n / p_J) <= -EXPONENT,
        "H_gram_width",
        at("eta_sign", {x: delta}),
        "n",
        "B_1",
        "V_max",
        "delta",
        "C_dphi",
        "nu",
        "p_J",
    ),
    polynomial(
        "gram_failure",
        n * exp(EXPONENT) <= p_J,
        "exponent",
        "B_1",
        "V_max",
        "delta",
        "p_J",
        at("at_least_one", {x: -EXPONENT - log(n / p_J)}),
    ),
    polynomial("gram", probability(sigma**2 <= GRAM) <= p_J, "chernoff", "gram_failure", "k"),
)

CARRIED = ("coordinates", "summed", "entrywise_lipschitz", "log_sign")
MEAN = expectation(size)
MISFIT_STEPS = (
    *(step for step in HIDDEN_NORM.steps if step.name in CARRIED),
    gram(
        "lipschitz",
        forall(
            (a, b),
            true,
            Norm(Apply(A, Apply(V, Phi(a)))) / sqrt(k) - Norm(Apply(A, Apply(V, Phi(b)))) / sqrt(k)
            <= B_1 * image / sqrt(k) * Norm(a - b),
        ),
        "entrywise_lipschitz",
        at("H_image", {a: DIFFERENCE}),
        "k",
        "B_1",
        "N_AV",
    ),
    induction(
        "entries",
        forall(
            (j, z, OMEGA),
            And(IsInteger(j), j >= 1),
            Eq(
                Sum(Inner(Phi(hidden(OMEGA)), basis(i)) * Inner(Apply(A, column(i)), z), (i, 1, j)),
                Sum(phi(h(i, OMEGA)) * Inner(Apply(A, column(i)), z), (i, 1, j)),
            ),
        ),
        at("H_entrywise", {i: j, a: hidden(OMEGA)}),
        at("H_coordinates", {i: j}),
    ),
    polynomial(
        "linear",
        forall(
            (z, OMEGA),
            true,
            Eq(Inner(output, z), Sum(phi(h(i, OMEGA)) * Inner(Apply(A, column(i)), z), (i, 1, k))),
        ),
        at("H_linear", {a: Phi(hidden(OMEGA))}),
        at("entries", {j: k}),
        "k",
    ),
    cite(
        "squares",
        "bienayme",
        "k",
        "H_neurons",
        "H_moments",
        "linear",
        "H_total",
        X=h,
        f=phi,
        w_of=function_of(i, Apply(A, column(i))),
        Y_of=function_of(OMEGA, output),
        total=total,
        k=k,
        mu=mu,
        c=C_phi**2,
    ),
    cite(
        "mean_square",
        "expectation_scale",
        "k",
        X=function_of(OMEGA, Norm(output) ** 2),
        Y=function_of(OMEGA, size**2),
        c=1 / k,
    ),
    cite(
        "has_mean_square",
        "integrable_scale",
        "k",
        "squares.integrable",
        X=function_of(OMEGA, Norm(output) ** 2),
        Y=function_of(OMEGA, size**2),
        c=1 / k,
    ),
    cite("jensen", "jensen_square", "has_mean_square", "k", X=function_of(OMEGA, size)),
    polynomial("mean_bound", MEAN**2 <= MEAN_SQUARE, "jensen", "mean_square", "squares", "k"),
    polynomial("level", MEAN <= sqrt(MEAN_SQUARE), "mean_bound", "k"),
    polynomial("signs", And(B_1 * image / sqrt(k) > 0, TAIL >= 0), "k", "B_1", "N_AV", "p_h", LOG),
    cite(
        "concentration",
        "gaussian_concentration",
        "H_normal",
        "lipschitz",
        "signs",
        v=hidden,
        F=function_of(a, Norm(Apply(A, Apply(V, Phi(a)))) / sqrt(k)),
        Lip=B_1 * image / sqrt(k),
        t=TAIL,
    ),
    gram("triangle", forall(OMEGA, true, MISFIT <= size + Norm(y)), "k"),
    polynomial(
        "implied",
        forall(OMEGA, true, Implies(MISFIT >= M, size >= MEAN + TAIL)),
        "triangle",
        "level",
        "k",
        "p_h",
        LOG,
    ),
    cite(
        "contained",
        "monotone_probability",
        "implied",
        "k",
        "p_h",
        LOG,
        X=function_of(OMEGA, MISFIT - M),
        Y=function_of(OMEGA, size - MEAN - TAIL),
    ),
    polynomial(
        "misfit", probability(MISFIT >= M) <= p_h, "contained", "concentration", "k", "B_1", "N_AV"
    ),
    polynomial("lipschitz_sign", LIPSCHITZ >= 0, "Lambda", "k", "V_max", "B_2"),
    polynomial(
        "one_of_two",
        forall(
            OMEGA,
            true,
            Implies(
                LIPSCHITZ * MISFIT >= q_star * sigma_A * sigma**2, Or(sigma**2 <= GRAM, MISFIT >= M)
            ),
        ),
        "H_width",
        "lipschitz_sign",
        "q_star",
        "sigma_A",
        "k",
        "p_h",
        "mean_bound",
        LOG,
    ),
    cite(
        "union",
        "union_bound",
        "one_of_two",
        "k",
        "p_h",
        "mean_bound",
        LOG,
        X=function_of(OMEGA, LIPSCHITZ * MISFIT - q_star * sigma_A * sigma**2),
        Y=function_of(OMEGA, GRAM - sigma**2),
        Z=function_of(OMEGA, MISFIT - M),
    ),
    polynomial("tail", CONCLUSION, "union", "gram", "misfit"),
)
