"""The formulas and the proof of ``width_vw``: which conditions on the width imply what."""

from sympy import (
    Eq,
    Expr,
    Implies,
    Max,
    Or,
    Sum,
    exp,
    log,
    sqrt,
    true,
)
from sympy.logic.boolalg import Boolean

from theory.formulas import ForAll, forall
from theory.probability import OMEGA, probability
from theory.settings.flow import Lambda as LIPSCHITZ
from theory.settings.flow import sigma_A
from theory.settings.initial import (
    B_1,
    M_4,
    C_dphi,
    C_phi,
    delta,
    h,
    i,
    k,
    p_h,
    p_J,
    p_V,
    p_x,
    phi,
    x,
    z,
)
from theory.statement import (
    at,
)
from theory.statements.init_gram_v import EXPONENT as OUTPUT_EXPONENT
from theory.statements.init_gram_v import STATEMENT as INIT_GRAM_V
from theory.statements.init_gram_w import J_W
from theory.statements.initial_misfit import MISFIT, M
from theory.statements.width_w import GRAM_FAILS, q_star
from theory.statements.width_w import STATEMENT as WIDTH_W
from theory.steps import cite, lemma, polynomial
from theory.terms import Adjoint, Norm, SigmaMin, function_of, operator_function, real

J = operator_function("J_0")
c, R, c_R, Lambda_2 = real("c_V R c_R Lambda_2")

sigma = SigmaMin(J(OMEGA))
LAYER = Sum(phi(h(i, OMEGA)) ** 2, (i, 1, k))
OUTPUT_WIDTH = 2 * M_4 * log(1 / p_V) / (delta**2 * C_phi**4)
FROM_BOTH = (1 - delta) * (C_dphi**2 + C_phi**2)
FROM_OUTPUTS = (1 - delta) * C_phi**2
LAYER_FAILS = LAYER <= (1 - delta) * k * C_phi**2


def size(longest: Expr) -> Expr:
    """Return √k Λ: twice the largest singular value of [[c, B₁], [B₁, 0]]."""
    return longest + sqrt(longest**2 + 4 * B_1**2)


def needed(gram_bound: Expr, misfit: Expr = M, power: int = 2) -> Expr:
    """Return the width for q < q* with the one-point constant and a bound of the Gram matrix."""
    return (misfit * size(c) / (2 * q_star * sigma_A * gram_bound)) ** power


WIDTH_PUBLISHED = (2 * M * size(c_R) / (sigma_A * FROM_BOTH)) ** 2


def tail(threshold: Expr, failure: Expr) -> Boolean:
    """Return that q reaches a threshold with at most some probability."""
    return probability(LIPSCHITZ * MISFIT >= threshold * sigma_A * sigma**2) <= failure


def joint(hidden_part: Expr) -> ForAll:
    """Return the Gram matrix of both layers as a quadratic form."""
    both = hidden_part + LAYER / k * Norm(z) ** 2
    return forall((z, OMEGA), true, Eq(Norm(Adjoint(J(OMEGA), z)) ** 2, both))


def _two_point(failure: Expr) -> Boolean:
    return probability(Lambda_2 * MISFIT >= sigma_A * sigma**2 / 4) <= failure


PUBLISHED = _two_point(p_J + p_V + p_h + p_x)
BOTH = tail(q_star, p_J + p_V + p_h + p_x)
OUTPUTS = tail(q_star, p_V + p_h + p_x)
POSITIVE = ("k", "delta", "C_phi", "C_dphi", "q_star", "sigma_A")
SHARED = ("gram", "log_sign", "misfit", "eta_sign", "at_least_one", "exponent", "gram_failure",
          "level_sign", "misfit_sign")  # fmt: skip
CARRIED = [step for step in WIDTH_W.steps if step.name in SHARED]
rest = Max((1 - delta) * k * C_phi**2 - LAYER, MISFIT - M)
large = LIPSCHITZ * MISFIT >= q_star * sigma_A * sigma**2
MARGIN = LIPSCHITZ * MISFIT - q_star * sigma_A * sigma**2
GRAM_MARGIN = (1 - delta) * C_dphi**2 - SigmaMin(J_W(OMEGA)) ** 2

STEPS = (
    *CARRIED,
    lemma(
        "layer",
        "init_gram_v.tail",
        *(h.name for h in INIT_GRAM_V.hypotheses),
        *(q.name for q in INIT_GRAM_V.quantities if q.range != true),
    ),
    polynomial(
        "layer_exponent",
        log(1 / p_V) <= -OUTPUT_EXPONENT,
        "H_output_width",
        "delta",
        "C_phi",
        "M_4",
        "p_V",
    ),
    polynomial(
        "layer_failure",
        exp(OUTPUT_EXPONENT) <= p_V,
        "layer_exponent",
        "p_V",
        "M_4",
        at("at_least_one", {x: -OUTPUT_EXPONENT - log(1 / p_V)}),
    ),
    cite("hidden_part", "sigma_min", over=(OMEGA, z), M=J_W(OMEGA), z=z),
    polynomial(
        "bounded_below",
        forall(
            (OMEGA, z),
            true,
            Norm(Adjoint(J(OMEGA), z)) ** 2
            >= (SigmaMin(J_W(OMEGA)) ** 2 + LAYER / k) * Norm(z) ** 2,
        ),
        "H_joint",
        "hidden_part",
        "k",
    ),
    cite(
        "sum_of_parts",
        "sigma_min_greatest",
        "bounded_below",
        over=(OMEGA,),
        M=J(OMEGA),
        c=SigmaMin(J_W(OMEGA)) ** 2 + LAYER / k,
    ),
    polynomial("lipschitz_sign", LIPSCHITZ >= 0, "Lambda", "k"),
    polynomial(
        "strict",
        LIPSCHITZ * M < q_star * sigma_A * FROM_BOTH,
        "Lambda",
        "H_width",
        "delta",
        "C_dphi",
        "q_star",
        "sigma_A",
    ),
    polynomial(
        "one_of_two",
        forall(OMEGA, true, Implies(large, Or(GRAM_FAILS, rest >= 0))),
        "strict",
        "sum_of_parts",
        "k",
        "delta",
        "q_star",
        "sigma_A",
    ),
    cite(
        "union",
        "union_bound",
        "one_of_two",
        "k",
        X=function_of(OMEGA, MARGIN),
        Y=function_of(OMEGA, GRAM_MARGIN),
        Z=function_of(OMEGA, rest),
    ),
    cite(
        "second_union",
        "union_bound",
        "k",
        X=function_of(OMEGA, rest),
        Y=function_of(OMEGA, (1 - delta) * k * C_phi**2 - LAYER),
        Z=function_of(OMEGA, MISFIT - M),
    ),
    polynomial(
        "both",
        BOTH,
        "union",
        "second_union",
        "gram",
        "gram_failure",
        "layer",
        "layer_failure",
        "misfit",
    ),
    polynomial(
        "outputs_below",
        forall((OMEGA, z), true, Norm(Adjoint(J(OMEGA), z)) ** 2 >= LAYER / k * Norm(z) ** 2),
        "H_joint",
        "k",
    ),
    cite(
        "outer_part", "sigma_min_greatest", "outputs_below", over=(OMEGA,), M=J(OMEGA), c=LAYER / k
    ),
    polynomial(
        "strict_outputs",
        LIPSCHITZ * M < q_star * sigma_A * FROM_OUTPUTS,
        "Lambda",
        "H_width_outputs",
        "delta",
        "C_phi",
        "q_star",
        "sigma_A",
    ),
    polynomial(
        "one_or_other",
        forall(OMEGA, true, Implies(large, Or(LAYER_FAILS, MISFIT >= M))),
        "strict_outputs",
        "outer_part",
        "lipschitz_sign",
        "k",
        "delta",
    ),
    cite(
        "outer_union",
        "union_bound",
        "one_or_other",
        "k",
        X=function_of(OMEGA, MARGIN),
        Y=function_of(OMEGA, (1 - delta) * k * C_phi**2 - LAYER),
        Z=function_of(OMEGA, MISFIT - M),
    ),
    polynomial("outputs", OUTPUTS, "outer_union", "layer", "layer_failure", "misfit"),
    polynomial("gram_sign", FROM_BOTH > 0, "delta", "C_dphi"),
    polynomial(
        "published_strict",
        Lambda_2 * M < sigma_A * FROM_BOTH / 4,
        "Lambda_2",
        "H_width_published",
        "gram_sign",
        "sigma_A",
    ),
    polynomial(
        "published_one",
        forall(
            OMEGA,
            true,
            Implies(Lambda_2 * MISFIT >= sigma_A * sigma**2 / 4, Or(GRAM_FAILS, rest >= 0)),
        ),
        "published_strict",
        "sum_of_parts",
        "k",
        "delta",
        "sigma_A",
    ),
    cite(
        "published_union",
        "union_bound",
        "published_one",
        "k",
        X=function_of(OMEGA, Lambda_2 * MISFIT - sigma_A * sigma**2 / 4),
        Y=function_of(OMEGA, GRAM_MARGIN),
        Z=function_of(OMEGA, rest),
    ),
    polynomial(
        "published",
        PUBLISHED,
        "published_union",
        "second_union",
        "gram",
        "gram_failure",
        "layer",
        "layer_failure",
        "misfit",
    ),
)
