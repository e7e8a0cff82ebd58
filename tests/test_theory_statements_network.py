"""The statements on the two-layer network, held against dense networks with several outputs.

Their models are one-dimensional; here nothing is, and everything is computed from the definitions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from full_network import FullNetwork
from sympy import Eq, Integer, Rational

from numerics.bounds import evaluate_bound
from proofs_check.chain import check
from proofs_check.verdict import Verdict
from theory.registry import statement
from theory.statement import Definition, Quantity, Source, Statement
from theory.steps import lemma, polynomial
from theory.terms import real

OUTPUTS, MEASUREMENTS, INPUTS, WIDTH = 3, 2, 4, 5
TANH_CURVATURE = Rational(77, 100)  # sup|tanh''| = 0.7698…
IDS = (
    "two_layer_gram", "lipschitz_w", "lipschitz_vw_one_point", "lipschitz_vw", "reduction_hidden",
    "reduction_dual", "reduction_both", "distance_preserved", "neuron_invariant",
)  # fmt: skip


def _slope(h: np.ndarray) -> np.ndarray:
    return 1 - np.tanh(h) ** 2


def _network(seed: int, both: bool) -> FullNetwork:
    rng = np.random.default_rng(seed)
    u = rng.normal(size=INPUTS)
    weights = rng.normal(size=(WIDTH, INPUTS)), rng.normal(size=(OUTPUTS, WIDTH))
    return FullNetwork(u, *weights, np.tanh, _slope, both)


def _sizes(network: FullNetwork, columns: np.ndarray) -> dict[str, Any]:
    largest, length = np.linalg.norm(columns, axis=0).max(), np.linalg.norm(network.u)
    exact = {"V_max": largest, "u_norm": length}
    return {name: Rational(value) for name, value in exact.items()} | {
        "k": WIDTH, "B_1": 1, "B_2": TANH_CURVATURE,
    }  # fmt: skip


def _constant(id: str, name: str, values: Mapping[str, Any]) -> float:
    made = statement(id)
    known = {q.name for q in made.quantities} | {d.name for d in made.definitions}
    given = {n: v for n, v in values.items() if n in known}
    return float(evaluate_bound(made, name, given, digits=12).upper)


def _stretch(network: FullNetwork, first: np.ndarray, second: np.ndarray) -> float:
    change = network.jacobian(first) - network.jacobian(second)
    return float(np.linalg.norm(change, 2) / np.linalg.norm(first - second))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("size", [1e-3, 0.3, 3.0])
def test_the_lipschitz_constants_hold_for_networks_with_several_outputs(
    seed: int, size: float
) -> None:
    rng = np.random.default_rng(100 + seed)
    for both, id in ((False, "lipschitz_w"), (True, "lipschitz_vw_one_point")):
        network = _network(seed, both)
        start = network.parameters()
        moved = start + size * rng.normal(size=start.shape)
        constant = _constant(id, "Lambda", _sizes(network, network.V))
        assert _stretch(network, moved, start) <= constant * (1 + 1e-9)


def test_the_two_point_constant_holds_on_the_ball() -> None:
    network, rng = _network(7, True), np.random.default_rng(7)
    start = network.parameters()
    for _ in range(20):
        away = rng.normal(size=(2, start.size))
        first, second = start + away / np.linalg.norm(away, axis=1)[:, None]
        values = _sizes(network, network.V) | {"rho": 1}
        assert _stretch(network, first, second) <= _constant("lipschitz_vw", "Lambda_2", values)


def test_the_one_point_constant_needs_its_second_part() -> None:
    """With c alone the bound fails: the motion of V counts."""
    network, rng = _network(3, True), np.random.default_rng(3)
    network.V *= 1e-3
    start = network.parameters()
    moved = start + 1e-2 * rng.normal(size=start.shape)
    sizes = _sizes(network, network.V)
    assert _stretch(network, moved, start) > _constant("lipschitz_w", "Lambda", sizes)
    assert _stretch(network, moved, start) <= _constant("lipschitz_vw_one_point", "Lambda", sizes)


def test_both_layers_add_the_same_number_to_every_eigenvalue() -> None:
    network = _network(11, True)
    inner = replace(network, both=False)
    full, hidden = (n.jacobian(n.parameters()) for n in (network, inner))
    activity = np.sum(np.tanh(network.W @ network.u) ** 2) / WIDTH
    smallest = [np.linalg.eigvalsh(jacobian @ jacobian.T)[0] for jacobian in (full, hidden)]
    assert smallest[0] == pytest.approx(smallest[1] + activity, rel=1e-12)


def _flow(both: bool) -> tuple[FullNetwork, np.ndarray, np.ndarray]:
    network, rng = _network(5, both), np.random.default_rng(5)
    operator = rng.normal(size=(MEASUREMENTS, OUTPUTS))
    observation = rng.normal(size=MEASUREMENTS)
    path = network.flow(operator, observation, lambda r: r, np.array([0.0, 0.5, 2.0]))
    return network, operator, path


@pytest.mark.parametrize("both", [False, True])
def test_the_weights_are_determined_by_the_hidden_values_and_keep_distances(both: bool) -> None:
    network, operator, path = _flow(both)
    length = np.linalg.norm(network.u)
    for theta in path[1:]:
        w, v = network.unpacked(theta)
        moved = (w - network.W) @ network.u
        assert np.allclose(w, network.W + np.outer(moved, network.u) / length**2, atol=1e-9)
        distance = np.sum(moved**2) / length**2 + np.sum((v - network.V) ** 2)
        assert np.sum((theta - path[0]) ** 2) == pytest.approx(distance, rel=1e-9)
        outside = (v - network.V) - operator.T @ np.linalg.pinv(operator.T) @ (v - network.V)
        assert np.allclose(outside, 0, atol=1e-9)


def test_each_neuron_keeps_its_invariant() -> None:
    network, _, path = _flow(True)
    laws = []
    for theta in path:
        w, v = network.unpacked(theta)
        hidden = np.sinh(w @ network.u) ** 2 / (network.u @ network.u)
        laws.append(np.sum(v**2, axis=0) - hidden)
    assert np.allclose(laws[0], laws[1:], rtol=1e-7)
    assert not np.allclose(network.unpacked(path[0])[1], network.unpacked(path[-1])[1])


@pytest.mark.parametrize("id", IDS)
def test_they_speak_of_any_number_of_neurons(id: str) -> None:
    made = statement(id)
    assert "k" in {q.name for q in made.quantities}
    assert all(model.values[q.symbol] > 1 for model in made.models for q in made.quantities
               if q.name == "k")  # fmt: skip


# --- a lemma's definitions ------------------------------------------------------------------

x, y, gap, room = real("x y gap room")
BASE = Statement(
    "a positive gap",
    (Quantity(x, "x", x > 0),),
    (),
    {"c": gap > 0},
    (polynomial("c", gap > 0, "gap", "x"),),
    id="base",
    source=Source("user"),
    definitions=(Definition(gap, 2 * x, "twice x"),),
)


def _using(*uses: str, claim: Any = room > 0, value: Any = 2 * x) -> Any:
    above = replace(
        BASE,
        id="above",
        conclusions={"c": claim},
        steps=(lemma("c", "base.c", *uses, gap=room),),
        definitions=(Definition(room, value, "a name of this statement"),),
    )
    return check(above, lookup={"base": BASE}.__getitem__)


def test_what_a_step_gives_for_a_defined_symbol_has_to_be_what_the_lemma_defines() -> None:
    assert _using("x", "room").verdict is Verdict.PROVED
    for wrong in (_using("x"), _using("x", "room", value=-2 * x), _using("x", "room", value=x)):
        assert wrong.verdict is Verdict.UNDECIDED
        assert "premise 'gap' of base.c" in wrong.steps[0].outcome.reason


def test_a_constant_for_a_defined_symbol_is_refused() -> None:
    made = replace(
        BASE,
        id="above",
        conclusions={"c": Eq(x, x, evaluate=False)},
        steps=(lemma("c", "base.c", "x", gap=Integer(-1)),),
        definitions=(),
    )
    report = check(made, lookup={"base": BASE}.__getitem__)
    assert not report.steps[0].outcome.verdict.established
