"""The rest of the proof of ``width_given_v``: the misfit at the start, and both events together.

The output A V φ(h)/√k has a mean size of at most that of its mean square, by Bienaymé's identity,
and is Lipschitz in the pre-activations, hence concentrated (THEORY section 8).
"""

from sympy import And, Eq, Expr, Implies, Or, Sum, log, sqrt, true
from sympy.logic.boolalg import Boolean

from theory.formulas import forall
from theory.probability import OMEGA, expectation, probability
from theory.settings.flow import A, sigma_A
from theory.settings.flow import Lambda as LIPSCHITZ
from theory.settings.initial import B_1, C_phi, h, i, j, k, p_h, p_J, phi, x, z
from theory.statement import at
from theory.statements._width_given_v_gram import GRAM, column, sigma
from theory.statements.init_hidden_norm import STATEMENT as HIDDEN_NORM
from theory.statements.init_hidden_norm import Phi, basis, hidden
from theory.statements.width_w import q_star
from theory.steps import cite, gram, induction, polynomial
from theory.terms import Apply, Inner, IsInteger, Norm, function_of, operator, real, vector

V, total = operator("V"), vector("V_total")
a, b, y = vector("a"), vector("b"), vector("y")
image, mu = real("N_AV mu")

SQUARES = Sum(Norm(Apply(A, column(i))) ** 2, (i, 1, k))
MEAN_SQUARE = ((C_phi**2 - mu**2) * SQUARES + mu**2 * Norm(total) ** 2) / k
TAIL = B_1 * image * sqrt(2 * log(1 / p_h) / k)
M = sqrt(MEAN_SQUARE) + TAIL + Norm(y)
MISFIT = Norm(Apply(A, Apply(V, Phi(hidden(OMEGA)))) / sqrt(k) - y)


def tail(threshold: Expr) -> Boolean:
    """Return that q reaches a threshold with at most some probability."""
    return probability(LIPSCHITZ * MISFIT >= threshold * sigma_A * sigma**2) <= p_J + p_h


def _size(vector: Expr) -> Expr:
    """Return the size of the output where the hidden layer is a vector."""
    return Norm(Apply(A, Apply(V, vector))) / sqrt(k)


def _along(value: Expr, count: Expr = k) -> Expr:
    """Return the output along z, with a value for each neuron."""
    return Sum(value * Inner(Apply(A, column(i)), z), (i, 1, count))


CONCLUSION = tail(q_star)
LOG = at("log_sign", {x: p_h})
CARRIED = ("coordinates", "summed", "entrywise_lipschitz", "log_sign")
output = Apply(A, Apply(V, Phi(hidden(OMEGA))))
size = _size(Phi(hidden(OMEGA)))
MEAN = expectation(size)
STEEPEST = B_1 * image / sqrt(k)
SIZE = (
    gram("lipschitz",
         forall((a, b), true, _size(Phi(a)) - _size(Phi(b)) <= STEEPEST * Norm(a - b)),
         "entrywise_lipschitz", at("H_image", {a: Phi(a) - Phi(b)}), "k", "B_1", "N_AV"),
    induction("entries",
              forall((j, z, OMEGA), And(IsInteger(j), j >= 1),
                     Eq(_along(Inner(Phi(hidden(OMEGA)), basis(i)), j),
                        _along(phi(h(i, OMEGA)), j))),
              at("H_entrywise", {i: j, a: hidden(OMEGA)}), at("H_coordinates", {i: j})),
    polynomial("linear",
               forall((z, OMEGA), true, Eq(Inner(output, z), _along(phi(h(i, OMEGA))))),
               at("H_linear", {a: Phi(hidden(OMEGA))}), at("entries", {j: k}), "k"),
    cite("squares", "bienayme", "k", "H_neurons", "H_moments", "linear", "H_total", X=h, f=phi,
         w_of=function_of(i, Apply(A, column(i))), Y_of=function_of(OMEGA, output), total=total,
         k=k, mu=mu, c=C_phi**2),
    cite("mean_square", "expectation_scale", "k", X=function_of(OMEGA, Norm(output) ** 2),
         Y=function_of(OMEGA, size**2), c=1 / k),
    cite("has_mean_square", "integrable_scale", "k", "squares.integrable",
         X=function_of(OMEGA, Norm(output) ** 2), Y=function_of(OMEGA, size**2), c=1 / k),
    cite("jensen", "jensen_square", "has_mean_square", "k", X=function_of(OMEGA, size)),
    polynomial("mean_bound", MEAN**2 <= MEAN_SQUARE, "jensen", "mean_square", "squares", "k"),
    polynomial("level", MEAN <= sqrt(MEAN_SQUARE), "mean_bound", "k"),
    polynomial("signs", And(STEEPEST > 0, TAIL >= 0), "k", "B_1", "N_AV", "p_h", LOG),
    cite("concentration", "gaussian_concentration", "H_normal", "lipschitz", "signs", v=hidden,
         F=function_of(a, _size(Phi(a))), Lip=STEEPEST, t=TAIL),
)  # fmt: skip
BOTH = (
    gram("triangle", forall(OMEGA, true, MISFIT <= size + Norm(y)), "k"),
    polynomial("implied", forall(OMEGA, true, Implies(MISFIT >= M, size >= MEAN + TAIL)),
               "triangle", "level", "k", "p_h", LOG),
    cite("contained", "monotone_probability", "implied", "k", "p_h", LOG,
         X=function_of(OMEGA, MISFIT - M), Y=function_of(OMEGA, size - MEAN - TAIL)),
    polynomial("misfit", probability(MISFIT >= M) <= p_h, "contained", "concentration", "k",
               "B_1", "N_AV"),
    polynomial("lipschitz_sign", LIPSCHITZ >= 0, "Lambda", "k", "V_max", "B_2"),
    polynomial("one_of_two",
               forall(OMEGA, true, Implies(LIPSCHITZ * MISFIT >= q_star * sigma_A * sigma**2,
                                           Or(sigma**2 <= GRAM, MISFIT >= M))),
               "H_width", "lipschitz_sign", "q_star", "sigma_A", "k", "p_h", "mean_bound", LOG),
    cite("union", "union_bound", "one_of_two", "k", "p_h", "mean_bound", LOG,
         X=function_of(OMEGA, LIPSCHITZ * MISFIT - q_star * sigma_A * sigma**2),
         Y=function_of(OMEGA, GRAM - sigma**2), Z=function_of(OMEGA, MISFIT - M)),
    polynomial("tail", CONCLUSION, "union", "gram", "misfit"),
)  # fmt: skip
MISFIT_STEPS = (*(step for step in HIDDEN_NORM.steps if step.name in CARRIED), *SIZE, *BOTH)
