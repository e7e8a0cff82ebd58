"""What ``flow_network_w`` and ``flow_network_vw`` share: from a bound on rows to the flow.

The parameters are the weights of the neurons: the distance of two parameter vectors is that of all
weights together, and likewise for Jᵀz, the rows of which ``two_layer_gram`` derives. A Lipschitz
bound on the rows is then one on J, everywhere, and ``flow_sharp`` applies on a ball so large that
no condition on its radius is left.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Abs, And, Eq, Expr, Integer, Or, Piecewise, Rational, true

from theory.formulas import forall
from theory.settings.flow import (
    FLOW_OBJECTS,
    H_PRIMITIVE,
    H_START,
    KL_FLOW,
    R_0,
    SIGMA_0,
    SIGMA_A,
    SINGULAR_VALUES,
    J,
    Lambda,
    Psi,
    q,
    rho_star,
    sigma_0,
    sigma_A,
    theta_0,
    vartheta,
    w_0,
    zeta,
)
from theory.settings.network import over_neurons
from theory.statement import Hypothesis, Quantity, Step, at
from theory.statements._flow_path_claims import CONCLUSIONS as PATH
from theory.statements._flow_path_energy import s, theta_inf
from theory.statements._flow_path_lemmas import SEEN, sharp_lemmas
from theory.statements.flow_sharp import CONDITIONING
from theory.statements.flow_sharp import STATEMENT as FLOW_SHARP
from theory.steps import cite, lemma, polynomial
from theory.terms import Adjoint, Norm, OperatorNorm, VectorSymbol, vector

eta: VectorSymbol = vector("eta")
turned = J(vartheta) - J(theta_0)
away = Norm(vartheta - theta_0)
LIPSCHITZ = forall(vartheta, true, OperatorNorm(turned) <= Lambda * away)
# A ball of radius σ₀/Λ, or for Λ = 0 one as large as the path: the constant holds on all of them.
EVERYWHERE = Piecewise((sigma_0 / Lambda, Lambda > 0), (Abs(w_0) / (sigma_A * sigma_0), True))

OBJECTS = (
    R_0,
    *FLOW_OBJECTS,
    Quantity(Psi, "primitive of −(ψ')²"),
    Quantity(s, "length of the path up to time t"),
    Quantity(theta_inf, "limit of the parameters"),
)
HYPOTHESES = (*KL_FLOW, H_START, H_PRIMITIVE, *SINGULAR_VALUES)
SIZES = (SIGMA_A, SIGMA_0)
NAMES = ("start", "speed", "distance", "travel", "rate", "vanishing", "convergence")
CONCLUSIONS = {
    "lipschitz": LIPSCHITZ,
    **{name: PATH[name] for name in NAMES},
    "conditioning": CONDITIONING,
}
# The bounds of flow_sharp: its formulas, with the network's Λ.
BOUNDS = FLOW_SHARP.bounds
Rows = Callable[[Any], tuple[Expr, ...]]
"""The weights of neuron i in a parameter vector, or the rows of Jᵀz that belong to them."""


def parameters(weights: Rows) -> Hypothesis:
    """Return that the distance of parameter vectors is that of all their neurons' weights."""
    squared = over_neurons(_apart(weights(vartheta), weights(eta)))
    return Hypothesis(
        "H_parameters",
        forall((vartheta, eta), true, Eq(Norm(vartheta - eta) ** 2, squared)),
        "the weights of the neurons are the parameters",
    )


def rows(written: Rows) -> Hypothesis:
    """Return that the rows of Jᵀz, for the parameters ϑ and z = ζ, are those ``written``."""
    squared = over_neurons(_apart(written(vartheta), written(eta)))
    return Hypothesis(
        "H_jacobian",
        forall(
            (vartheta, eta, zeta),
            true,
            Eq(Norm(Adjoint(J(vartheta) - J(eta), zeta)) ** 2, squared),
        ),
        "J is the Jacobian of the two-layer network in these parameters",
    )


def lipschitz_steps() -> tuple[Step, ...]:
    """Return the steps to ``LIPSCHITZ`` from "rows_close".

    That step bounds √Σ‖row(ϑ) − row(θ₀)‖² by Λ‖z‖ times the distance in the neurons' weights.
    """
    return (
        polynomial("turned", forall((vartheta, zeta), true,
                                    Norm(Adjoint(turned, zeta)) <= Lambda * away * Norm(zeta)),
                   "rows_close", at("H_jacobian", {eta: theta_0}),
                   at("H_parameters", {eta: theta_0})),
        cite("least", "operator_norm_least", "turned", over=(vartheta,), M=turned,
             c=Lambda * away),
        polynomial("lipschitz", LIPSCHITZ, "least", "gains"),
    )  # fmt: skip


def flow_steps() -> tuple[Step, ...]:
    """Return the conclusions of ``flow_sharp``, from "lipschitz" and from "gains", Λ ≥ 0."""
    seen = ("sigma_A", "sigma_0", "gains", "H_range", "H_sigma_A", "H_sigma_0", "lipschitz")
    return (
        polynomial("H_radius",
                   Or(And(q < Rational(1, 2), rho_star <= EVERYWHERE),
                      Lambda * EVERYWHERE >= sigma_0),
                   "q", "rho_star", "sigma_A", "sigma_0", "gains"),
        *sharp_lemmas(NAMES, seen, rho=EVERYWHERE),
        lemma("conditioning", "flow_sharp.conditioning", *SEEN, *seen, rho=EVERYWHERE),
    )  # fmt: skip


def _apart(left: tuple[Expr, ...], right: tuple[Expr, ...]) -> Expr:
    return sum((Norm(a - b) ** 2 for a, b in zip(left, right, strict=True)), start=Integer(0))
