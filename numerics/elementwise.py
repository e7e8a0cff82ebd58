"""Functions of one variable on arrays: fast in floating point, or enclosed in balls.

``values`` walks an expression with NumPy, with numerically stable forms for the common
activations; it is what a flow integrates. ``enclosed_values`` gives proved radii; it is what a
certificate uses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import sympy as sp
from flint import arb, ctx
from scipy import special
from sympy.core.relational import Relational

from numerics.rigorous.programs import Program
from numerics.rigorous.ranges import Range, to_ball
from numerics.rigorous.rounding import EPS, Array, Bracket, Enclosed, down, exactly, up
from theory.activations import Activation, X

Function = Callable[[Array], Array]

_PRECISION = 80


def _sech2(x: Array) -> Array:
    return 1 - np.tanh(x) ** 2


def _logistic_slope(x: Array) -> Array:
    s = special.expit(x)
    return s * special.expit(-x)


def _normal_density(x: Array) -> Array:
    return np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)


def _silu_slope(x: Array) -> Array:
    s = special.expit(x)
    return s * (1 + x * special.expit(-x))


def _mish(x: Array) -> Array:
    return x * np.tanh(np.logaddexp(0, x))


def _mish_slope(x: Array) -> Array:
    t = np.tanh(np.logaddexp(0, x))
    return t + x * (1 - t**2) * special.expit(x)


def _log_cosh(x: Array) -> Array:
    return np.logaddexp(x, -x) - np.log(2)


STABLE: Mapping[str, tuple[Function, Function]] = {
    "tanh": (np.tanh, _sech2),
    "sigmoid": (special.expit, _logistic_slope),
    "softplus": (lambda x: np.logaddexp(0, x), special.expit),
    "silu": (lambda x: x * special.expit(x), _silu_slope),
    "gelu": (
        lambda x: x * special.ndtr(x),
        lambda x: special.ndtr(x) + x * _normal_density(x),
    ),
    "mish": (_mish, _mish_slope),
    "log_cosh": (_log_cosh, np.tanh),
    "elu": (
        lambda x: np.where(x < 0, np.expm1(np.minimum(x, 0)), x),
        lambda x: np.exp(np.minimum(x, 0)),
    ),
}
"""Activation name to (φ, φ') in a form that neither overflows nor cancels."""


def activation_functions(activation: Activation) -> tuple[Function, Function]:
    """Return φ and φ' on float64 arrays."""
    if activation.name in STABLE:
        return STABLE[activation.name]
    value, slope = activation.expression, activation.derivative
    return (lambda x: _finite_values(value, x)), (lambda x: _finite_values(slope, x))


def _finite_values(expression: sp.Expr, x: Array) -> Array:
    """Evaluate a function of X; in balls, whose exponents know no bound, where floats overflow.

    exp(x)/(1 + exp(x)) is NaN from x = 710 on, although it is close to 1.
    """
    found = values(expression, {X: x})
    finite = np.isfinite(found)
    if finite.all():
        return found
    lost = np.isfinite(x) & ~finite
    again = enclosed_values(expression, X, exactly(np.asarray(x)[lost]))
    found = np.array(found)
    found[lost] = np.where(np.isfinite(again.rad), again.mid, found[lost])
    return found


def _tanh_pair(x: Array) -> tuple[Array, Array]:
    value = np.tanh(x)
    square = value * value
    return value, np.subtract(1.0, square, out=square)


def activation_pair(activation: Activation) -> Callable[[Array], tuple[Array, Array]]:
    """Return x ↦ (φ(x), φ'(x)) on float64 arrays, with one call of tanh where φ is tanh."""
    if activation.name == "tanh":
        return _tanh_pair
    value, slope = activation_functions(activation)
    return lambda x: (value(x), slope(x))


_UNARY: Mapping[Any, Function] = {
    sp.exp: np.exp, sp.log: np.log, sp.tanh: np.tanh, sp.sinh: np.sinh, sp.cosh: np.cosh,
    sp.sin: np.sin, sp.cos: np.cos, sp.atan: np.arctan, sp.asinh: np.arcsinh, sp.erf: special.erf,
    sp.erfc: special.erfc, sp.Abs: np.abs, sp.sign: np.sign,
}  # fmt: skip

_RELATIONS: Mapping[Any, Any] = {
    sp.StrictLessThan: np.less, sp.LessThan: np.less_equal,
    sp.StrictGreaterThan: np.greater, sp.GreaterThan: np.greater_equal,
}  # fmt: skip


def values(expression: Any, at: Mapping[sp.Symbol, Any]) -> Array:
    """Evaluate an expression in floating point, entry by entry.

    Parameters
    ----------
    expression : Expr
        Elementary functions of the symbols in ``at``.
    at : mapping of Symbol to array or float

    Raises
    ------
    TypeError
        If the expression contains a function or symbol that is not known here.
    """
    shape = np.broadcast_shapes(*(np.shape(v) for v in at.values()))
    with np.errstate(over="ignore", divide="ignore", invalid="ignore", under="ignore"):
        return np.broadcast_to(np.asarray(_walk(expression, at), dtype=np.float64), shape)


def _walk(node: Any, at: Mapping[sp.Symbol, Any]) -> Any:
    if isinstance(node, sp.Symbol) and node in at:
        return at[node]
    if node.is_number and not node.free_symbols:
        return float(node)
    if isinstance(node, sp.Piecewise):
        return _walk_cases(node, at)
    args = [_walk(arg, at) for arg in node.args]
    if isinstance(node, sp.Add):
        return sum(args[1:], args[0])
    if isinstance(node, sp.Mul):
        return _times(args)
    if isinstance(node, sp.Pow):
        return np.sqrt(args[0]) if node.exp == sp.Rational(1, 2) else np.power(args[0], args[1])
    if isinstance(node, (sp.Min, sp.Max)):
        return (np.minimum if isinstance(node, sp.Min) else np.maximum).reduce(args)
    if node.func not in _UNARY:
        raise TypeError(f"{node.func} cannot be evaluated on arrays")
    return _UNARY[node.func](args[0])


def _times(factors: list[Any]) -> Any:
    total = factors[0]
    for factor in factors[1:]:
        total = total * factor
    return total


def _walk_cases(node: sp.Piecewise, at: Mapping[sp.Symbol, Any]) -> Any:
    if node.args[-1][1] != sp.true:
        raise TypeError(f"{node} leaves out some cases")
    result = _walk(node.args[-1][0], at)
    for value, condition in reversed(node.args[:-1]):
        result = np.where(_condition(condition, at), _walk(value, at), result)
    return result


def _condition(node: Any, at: Mapping[sp.Symbol, Any]) -> Any:
    if isinstance(node, Relational):
        return _RELATIONS[node.func](_walk(node.lhs, at), _walk(node.rhs, at))
    if isinstance(node, (sp.And, sp.Or)):
        combine = np.logical_and if isinstance(node, sp.And) else np.logical_or
        return combine.reduce([_condition(arg, at) for arg in node.args])
    raise TypeError(f"{node} is not a comparison")


_BALLS: Mapping[tuple[str, int], Callable[[arb], arb]] = {
    ("tanh", 0): lambda x: x.tanh(),
    ("tanh", 1): lambda x: 1 - x.tanh() ** 2,
    ("arctan", 0): lambda x: x.atan(),
    ("arctan", 1): lambda x: 1 / (1 + x * x),
    ("sigmoid", 0): lambda x: 1 / (1 + (-x).exp()),
}


def enclosed_activation(activation: Activation, at: Enclosed, order: int) -> Enclosed:
    """Return φ (order 0) or φ' (order 1) with proved radii.

    Where the Lipschitz constant is known in closed form, φ is enclosed at the midpoints and the
    radius is widened by it; otherwise each entry is enclosed as a range.
    """
    slope = activation.B1 if order == 0 else activation.B2
    direct = _BALLS.get((activation.name, order))
    if direct is None or slope is None:
        expression = activation.expression if order == 0 else activation.derivative
        return enclosed_values(expression, X, at)
    with ctx.workprec(_PRECISION):
        found = to_floats([direct(arb(v)) for v in at.mid.ravel().tolist()], at.shape)
    lipschitz = constant_bracket(slope).upper
    return Enclosed(found.mid, (found.rad + lipschitz * at.rad) * (1 + 4 * EPS))


def constant_bracket(value: sp.Expr) -> Bracket:
    """Return a bracket of an exact number."""
    with ctx.workprec(_PRECISION):
        found = to_floats([to_ball(Program(value, ()).run([]))], ())
    mid, rad = float(found.mid), float(found.rad)
    return Bracket(mid, mid) if value.is_Integer else Bracket(down(mid - rad), up(mid + rad))


def enclosed_values(
    expression: Any, variable: sp.Symbol, at: Enclosed, precision: int = _PRECISION
) -> Enclosed:
    """Return a function of one variable, entry by entry, with proved radii."""
    program = Program(expression, (variable,))
    pairs = zip(at.mid.ravel().tolist(), at.rad.ravel().tolist(), strict=True)
    with ctx.workprec(precision):
        balls = [to_ball(program.run([_range(mid, rad)])) for mid, rad in pairs]
        return to_floats(balls, at.shape)


def _range(mid: float, rad: float) -> Range:
    centre, radius = arb(mid), arb(rad)
    if rad == 0:
        return Range(centre, centre)
    return Range((centre - radius).lower(), (centre + radius).upper())


def to_floats(balls: list[arb], shape: tuple[int, ...]) -> Enclosed:
    """Round balls to floats; the rounding of midpoint and radius goes into the radius.

    A value that may fail to exist gets an infinite radius.
    """
    mid = np.array([float(b.mid()) if b.is_finite() else 0.0 for b in balls]).reshape(shape)
    rad = np.array([float(b.rad()) if b.is_finite() else np.inf for b in balls]).reshape(shape)
    return Enclosed(mid, (rad + EPS * np.abs(mid)) * (1 + 8 * EPS) + 1e-300)
