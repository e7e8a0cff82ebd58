"""Two-layer networks whose gradient flow is explicit: four neurons, m = 2, n = 3, two inputs.

Where both layers are trained, φ(x) = x²/2 and the gradient of the loss does not vary: with
p = k^{−1/2}Aᵀ∇L, ⟨V_i, p⟩ and ⟨W_i, u⟩ are a/(1 + ‖u‖²at), up to constants. With V fixed, φ = exp
and the columns AV_i are multiples of unit vectors: each measurement sees two neurons of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sympy import Expr, Integer, Lambda, Rational, exp, log, sqrt

from theory.instances import by_index, coordinates, dot, mapping, times, transposed
from theory.settings.flow import A, grad_L, t
from theory.settings.mirror import F
from theory.settings.network import V, W, i, k, over_neurons, phi, phi_1, u, x
from theory.settings.network_flow import g
from theory.terms import real

NEURONS = range(1, 5)
OPERATOR = ((1, 2, 0), (0, 1, 2))
v = coordinates("v", 2)


def _moved(start: Sequence[Any], size: Expr, along: Sequence[Any]) -> tuple[Expr, ...]:
    """Return a point from which one has gone so far along a direction."""
    return tuple(Integer(a) + size * b for a, b in zip(start, along, strict=True))


def _output(hidden: Sequence[Expr], columns: Sequence[Sequence[Any]]) -> tuple[Expr, ...]:
    """Return k^{−1/2} Σ φ(h_i) V_i, from the values φ(h_i)."""
    return tuple(dot(hidden, row) / 2 for row in transposed(columns))


def _network(
    weights: Sequence[Sequence[Expr]], columns: Sequence[Sequence[Any]], values: Sequence[Expr]
) -> dict[Any, Any]:
    return {
        k: 4,
        A: OPERATOR,
        W: by_index(*(mapping(t, row) for row in weights)),
        V: by_index(*(mapping(t, column) for column in columns)),
        g: mapping(t, _output(values, columns)),
    }


# Both layers: ‖u‖² = 34, ‖p‖² = 17/4, ⟨V_i, p⟩ = (i/34)/(1 + it) and ⟨W_i, u⟩ four times as much.
_slope = (2, -1)
_p = tuple(entry / 2 for entry in times(transposed(OPERATOR), _slope))
_seen = [Rational(number, 34) / (1 + number * t) for number in NEURONS]
_inputs = (5, 3)
_both_columns = [
    _moved(aside, size * Rational(4, 17), _p)
    for aside, size in zip([(3, -2, 0), (2, 0, 2), (1, 0, 1), (0, 2, 3)], _seen, strict=True)
]  # fmt: skip
_both_weights = [
    _moved((3 * number, -5 * number), 4 * size / 34, _inputs)
    for number, size in zip(NEURONS, _seen, strict=True)
]
BOTH_LAYERS: Mapping[Any, Any] = {
    **_network(_both_weights, _both_columns, [(4 * size) ** 2 / 2 for size in _seen]),
    u: _inputs,
    phi: mapping(x, x**2 / 2),
    phi_1: mapping(x, x),
    grad_L: mapping(v, _slope),
}
"""φ(x) = x²/2, both layers trained, a loss with constant gradient."""
BOTH_LAYERS_DUAL = by_index(
    *(
        mapping(t, tuple(entry * number**2 * t / (289 * (1 + number * t)) for entry in _slope))
        for number in NEURONS
    )
)
"""∫k^{−1/2}∇L φ(h_i) dt."""

# Scalars, A = 2, φ(x) = x²/2 and a loss with constant gradient 1: both layers, four neurons.
scale = real("scale")
SCALES = {scale: (Rational(1, 2), Integer(2))}
SCALE = {scale: Rational(3, 2)}
FADING = i / (1 + i * scale**2 * t)
FADING_WEIGHTS = {W: Lambda((i, t), sqrt(2) * FADING), V: Lambda((i, t), FADING)}
"""V_i = i/(1 + i u² t) and W_i = √2 V_i, for the input u = ``scale``."""
FADING_OUTPUT = {
    g: Lambda(t, scale**2 / 2 * over_neurons(FADING**3, 4)),
    grad_L: Lambda(x, Integer(1)),
}

# V fixed: AV = (e₁, 2e₁, e₂, 2e₂), ‖u‖² = 5, φ = exp, target 0.
_direction = (1, 2)
_aside = ((2, -1), (0, 0), (-4, 2), (6, -3))
_doubled = ((1, 0, 0), (10, -4, 2), (-2, 1, 0), (0, 0, 1))
_root, _later = sqrt(1 + 5 * t), sqrt(4 + 5 * t)
_logs = [-log(_root), -log(2 * _root), -log(_later), -log(2 * _later)]
EXPONENTIAL: Mapping[Any, Any] = {
    **_network(
        [_moved(a, h / 5, _direction) for a, h in zip(_aside, _logs, strict=True)],
        _doubled,
        [1 / _root, 1 / (2 * _root), 1 / _later, 1 / (2 * _later)],
    ),
    V: by_index(*(mapping((), column) for column in _doubled)),
    u: _direction,
    phi: mapping(x, exp(x)),
    phi_1: mapping(x, exp(x)),
    grad_L: mapping(v, v),
}
"""φ = exp, V fixed, squared loss with target 0."""
EXPONENTIAL_DUAL = mapping(t, (Rational(2, 5) * (_root - 1), Rational(2, 5) * (_later - 2)))
"""∫∇L(y) dt."""


# Scalars, A = 1, φ = exp and the squared loss with target 0: four neurons, V fixed.
root = sqrt(1 + 2 * scale**2 * t)
MIRROR_NEURONS = {
    k: Integer(4),
    A: Integer(1),
    u: scale,
    phi: Lambda(x, exp(x)),
    phi_1: Lambda(x, exp(x)),
    F: Lambda(x, -exp(-x)),
}
MIRROR_FLOW = {
    W: Lambda((i, t), -log(i * root) / scale),
    V: Lambda(i, i),
    g: Lambda(t, 2 / root),
}
"""V_i = i, and hidden values −log(i√(1 + 2u²t)), for the input u = ``scale``."""


def of(values: Mapping[Any, Any], *symbols: Any) -> dict[Any, Any]:
    """Return what an instance gives the symbols of a statement."""
    return {symbol: values[symbol] for symbol in symbols}
