"""How far the parameters move is seen from the hidden values (THEORY section 6).

‖θ(t) − θ₀‖² = ‖h(t) − h(0)‖²/‖u‖² + ‖V(t) − V(0)‖_F²: the exact reductions lose no distance, so
every bound on the travelled distance can be checked on the reduced flow. With V fixed its part
is 0.
"""

from typing import Any

from sympy import Eq, Integer, Rational
from sympy import Lambda as Map

from theory.instances import Instance
from theory.settings.flow import A, grad_L, t
from theory.settings.network import (
    PHI_1,
    WIDTH,
    V,
    W,
    i,
    j,
    k,
    over_neurons,
    phi_1,
    u,
    x,
)
from theory.settings.network_flow import (
    FLOW_QUANTITIES,
    INPUT,
    OUTPUT,
    at_all_times,
    g,
    inner_flow,
    neuron_at_all_times,
    pre,
    pre_start,
    sums_at_all_times,
)
from theory.statement import Model, Mutant, Quantity, Source, Statement, at
from theory.steps import gram, induction, lemma, polynomial
from theory.terms import Norm
from theory.witnesses.network import (
    BOTH_LAYERS,
    FADING_OUTPUT,
    FADING_WEIGHTS,
    SCALE,
    SCALES,
    of,
    scale,
)

inner_move, outer_move = Norm(W(i, t) - W(i, 0)) ** 2, Norm(V(i, t) - V(i, 0)) ** 2
hidden_move = (pre - pre_start) ** 2


def _parameters(count: Any = k) -> Any:
    return over_neurons(inner_move + outer_move, count)


def _reduced(count: Any = k) -> Any:
    return over_neurons(hidden_move, count) / Norm(u) ** 2 + over_neurons(outer_move, count)


DISTANCE = at_all_times(Eq(_parameters(), _reduced()))

STEPS = (
    lemma("weights", "reduction_both.weights", "GF_W", "u", "k"),
    gram("neuron", neuron_at_all_times(Eq(inner_move, hidden_move / Norm(u) ** 2)),
         "weights", "u"),
    induction("sums", sums_at_all_times(Eq(_parameters(j), _reduced(j))),
              at("neuron", {i: j}), "u"),
    polynomial("distance", DISTANCE, at("sums", {j: k}), "k", "u"),
)  # fmt: skip

MODEL = Model(
    "φ(x) = x²/2, constant gradient",
    {
        k: Integer(4),
        A: Integer(2),
        u: scale,
        phi_1: Map(x, x),
        **FADING_WEIGHTS,
        **FADING_OUTPUT,
    },
    SCALES,
    SCALE,
)

INSTANCE = Instance(
    "four neurons, m = 2, n = 3, constant gradient",
    of(BOTH_LAYERS, k, W, V, u, phi_1, A, grad_L, g),
)

STATEMENT = Statement(
    title="The reduction of the two-layer network preserves distances",
    source=Source("sharp", (), "6"),
    quantities=(
        WIDTH,
        Quantity(W, "inner weights of each neuron along the flow"),
        Quantity(V, "outer weights of each neuron along the flow"),
        INPUT,
        PHI_1,
        *FLOW_QUANTITIES,
    ),
    hypotheses=(inner_flow(V(i, t)),),
    definitions=(OUTPUT,),
    conclusions={"distance": DISTANCE},
    steps=STEPS,
    instance=INSTANCE,
    models=(MODEL,),
    mutants=(
        Mutant(
            "‖u‖ in place of ‖u‖²",
            {
                "distance": at_all_times(
                    Eq(
                        _parameters(),
                        over_neurons(hidden_move) / Norm(u) + over_neurons(outer_move),
                    )
                )
            },
        ),
        Mutant(
            "the outer weights left out",
            {"distance": at_all_times(Eq(_parameters(), over_neurons(hidden_move) / Norm(u) ** 2))},
        ),
        Mutant(
            "1% further",
            {"distance": at_all_times(Eq(_parameters(), Rational(101, 100) * _reduced()))},
        ),
    ),
)
