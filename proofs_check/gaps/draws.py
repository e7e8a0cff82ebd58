"""What random initial values reach of the bounds of THEORY section 7, at one probability."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.optimize import brentq
from sympy import Expr, Sum, Symbol

from numerics.activation_constants import activation_constants
from numerics.elementwise import values
from numerics.flows.batches import Networks
from numerics.rigorous.rounding import Array
from numerics.sweeping.reading import sweep_from_mapping
from numerics.sweeps import Cell
from numerics.unfolding import Unfolding, as_input
from proofs_check.gaps.levels import Share
from theory.activations import X
from theory.registry import statement
from theory.settings import flow as setting
from theory.statements.initial_misfit import y
from theory.terms import FrobeniusNorm, Norm, OperatorNorm, SigmaMin

DRAWS = 2000
PROBABILITY = 0.05
WIDTH = 500
_DIGITS = 20
_RADEMACHER = {"D": 1.0, "s": 1.0}


def draw_shares(draws: int = DRAWS, seed: int = 0) -> dict[str, Share]:
    """Return by bound the part that the quantile of random networks reaches.

    Each bound fails with probability at most ``PROBABILITY``; it is compared with the quantile at
    which the quantity itself does. The literature leaves the constants of these bounds open.

    Parameters
    ----------
    draws, seed : int
        How many networks are drawn, and from what.
    """
    (cell,) = sweep_from_mapping({
        "sweep": {"samples": draws, "seed": seed},
        "problem": {"outputs": 4, "measurements": 2, "condition_number": 2},
        "network": {"activation": "tanh", "width": WIDTH},
    }).cells()  # fmt: skip
    networks = cell.networks(range(draws))
    known = _known(cell)
    hidden = values(networks.activation.expression, {X: networks.hidden})
    sizes = np.linalg.norm(hidden, axis=1) / np.sqrt(WIDTH)
    outputs = np.einsum("ink,ik->in", networks.output_weights, hidden) / np.sqrt(WIDTH)
    operator = np.asarray(cell.operator())
    observations, _ = cell.data(operator, range(draws))
    misfits = np.linalg.norm(outputs @ operator.T - observations, axis=1)
    whole = known | {_named(OperatorNorm(setting.A)): 1.0, _named(FrobeniusNorm(setting.A)): 2.0}
    per_size = _bound("init_output", "level", whole | {"H": 1.0})
    halves = known | {"p_h": PROBABILITY / 2, "p_x": PROBABILITY / 2}
    parts = {
        "initial σ_min(J)², hidden layer": _event("init_gram_w", known)
        / _quantile(_squares(networks), True),
        "initial ‖φ(h)‖²/k, outer layer": _event("init_gram_v", known) / WIDTH
        / _quantile(sizes**2, True),
        "initial ‖φ(h)‖/√k": _quantile(sizes, False) / _bound("init_hidden_norm", "level", known),
        "output norm ‖x(0)‖": _quantile(np.linalg.norm(outputs, axis=1) / sizes, False) / per_size,
        "initial misfit w₀": _quantile(misfits, False)
        / _bound("initial_misfit", "misfit", halves),
    }  # fmt: skip
    return {name: Share(None, float(part)) for name, part in parts.items()}


def _squares(networks: Networks) -> Array:
    """Return σ_min(J_W)² = λ_min(J_W J_Wᵀ) of each network, shape (N,)."""
    slope = values(networks.activation.derivative, {X: networks.hidden})
    weighted = networks.output_weights * slope[:, None, :]
    grams = weighted @ weighted.transpose(0, 2, 1) / WIDTH
    return np.asarray(np.linalg.eigvalsh(grams)[:, 0])


def _quantile(sample: Array, low: bool) -> float:
    return float(np.quantile(sample, PROBABILITY if low else 1 - PROBABILITY))


def _known(cell: Cell) -> dict[str, float]:
    constants = activation_constants(cell.activation, _DIGITS)
    operator = np.asarray(cell.operator())
    return _RADEMACHER | {
        "n": 4.0, "k": float(WIDTH), "p_h": PROBABILITY, "p_x": PROBABILITY,
        "B_1": float(constants["B1"]), "M_4": float(constants["M4"]),
        "C_phi": float(constants["C_phi_squared"]) ** 0.5,
        "C_dphi": float(constants["C_dphi_squared"]) ** 0.5,
        _named(OperatorNorm(setting.A)): float(np.linalg.norm(operator, 2)),
        _named(FrobeniusNorm(setting.A)): float(np.linalg.norm(operator)),
        _named(Norm(y)): 1.0,
    }  # fmt: skip


def _named(term: Expr) -> str:
    return str(as_input(term))


def _event(id: str, known: Mapping[str, float]) -> float:
    """Return the level below which a quantity falls with a probability of ``PROBABILITY`` at most.

    δ is solved from the statement's own bound of the probability; the event is level ≥ quantity.
    """

    def excess(delta: float) -> float:
        return _bound(id, "failure", {**known, "delta": delta}) - PROBABILITY

    delta = brentq(excess, 1e-6, 1 - 1e-6)
    claim: Any = statement(id).conclusions["tail"]
    event = claim.lts.args[0].expr
    level = event.xreplace(dict.fromkeys(event.atoms(SigmaMin, Sum), 0))
    return _value(level, {**known, "delta": delta})


def _bound(id: str, name: str, known: Mapping[str, float]) -> float:
    made = statement(id)
    unfold = Unfolding(made, [Symbol(key) for key in known])
    return _value(unfold(made.bound(name).value), known)


def _value(term: Expr, known: Mapping[str, float]) -> float:
    at = {s: np.array([known[str(s)]]) for s in term.free_symbols}
    return float(values(term, at)[0])
