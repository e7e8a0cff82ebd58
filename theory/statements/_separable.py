"""What statements about separable losses share: L(v) = Σ ρ(|v_i − y_i|) (THEORY section 2).

Vectors have no coordinates here; e(i, v) is the i-th residual v_i − y_i. That the gradient of such
a loss has the coordinates ρ'(v_i − y_i) is the hypothesis H_gradient.
"""

from collections.abc import Mapping
from typing import Any

from sympy import Abs, Add, And, Eq, Expr, Integer, Rational, Sum, Symbol, true
from sympy import Lambda as Map

from theory.formulas import forall, substitute
from theory.instances import Instance, by_index, coordinates, mapping
from theory.settings.flow import L, grad_L, v, x
from theory.statement import Hypothesis, Model, Quantity
from theory.terms import IsInteger, Norm, derivative, real, real_function

i, m, n, z, centre = real("i m n z centre")
e, rho, rho_1, G = (real_function(name) for name in ("e", "rho", "rho'", "G"))
COUNT = And(IsInteger(n), n >= 1)


def residual(index: Expr) -> Expr:
    """Return |v_i − y_i|."""
    return Abs(e(index, v))


size = residual(i)


def total(last: Expr) -> Sum:
    """Return Σ ρ(|e_i|), i from 1 to ``last``."""
    return Sum(rho(size), (i, 1, last))


def gain(last: Expr) -> Sum:
    """Return Σ ρ'(|e_i|)², i from 1 to ``last``."""
    return Sum(rho_1(size) ** 2, (i, 1, last))


OBJECTS = (
    Quantity(m, "number of measurements", And(IsInteger(m), m >= 1)),
    Quantity(e, "residuals: e(i, v) is the i-th coordinate of v − y"),
    Quantity(L, "loss"),
    Quantity(grad_L, "gradient of the loss"),
    Quantity(rho, "profile ρ of the loss"),
    Quantity(rho_1, "derivative of ρ"),
)
H_SEPARABLE = Hypothesis(
    "H_separable", forall(v, true, Eq(L(v), total(m))), "L(v) = Σ ρ(|v_i − y_i|)"
)
H_GRADIENT = Hypothesis(
    "H_gradient",
    forall(v, true, Eq(Norm(grad_L(v)) ** 2, gain(m))),
    "the gradient has the coordinates ρ'(v_i − y_i)",
)
H_POSITIVE = Hypothesis("H_positive", forall(x, x >= 0, rho(x) >= 0), "ρ ≥ 0")
H_ZERO = Hypothesis("H_zero", And(Eq(rho(0), 0), Eq(rho_1(0), 0)), "ρ(0) = ρ'(0) = 0")
H_GAIN = Hypothesis(
    "H_gain", forall(x, x >= 0, Eq(G(rho(x)), rho_1(x) ** 2)), "G = (ρ')²∘ρ⁻¹ on the values of ρ"
)
H_PROFILE = Hypothesis(
    "H_profile",
    forall(x, x > 0, And(Eq(derivative(rho(x), x), rho_1(x)), rho_1(x) > 0)),
    "ρ' > 0 on (0, ∞)",
)

CENTRE = {centre: (Integer(-2), Integer(2))}
Box = Mapping[Symbol, Any]


def one_off(name: str, values: Mapping[Any, Any], box: Box, witness: Box | None = None) -> Model:
    """Return an instance with m = 2 in which only the first coordinate is off."""
    return _model(name, Map((i, x), (2 - i) * (x - centre)), values, box, witness)


def all_off(name: str, values: Mapping[Any, Any], box: Box, witness: Box | None = None) -> Model:
    """Return an instance with m = 2 in which both coordinates are equally off."""
    return _model(name, Map((i, x), x - centre), values, box, witness)


def _model(
    name: str, residuals: Map, values: Mapping[Any, Any], box: Box, witness: Box | None
) -> Model:
    placed = {} if witness is None else {centre: Rational(2, 5), **witness}
    given = {m: Integer(2), e: residuals, **{s: s for s in box}, **values}
    return Model(name, given, {**CENTRE, **box}, placed)


def in_space(name: str, profile: Expr, slope: Expr, values: Mapping[Any, Any]) -> Instance:
    """Return an instance with m = 3 in which all coordinates are off.

    ``profile`` is ρ(x) and ``slope`` ρ'(x), for x ≥ 0: the gradient is given up to signs, of which
    only its norm is asked.
    """
    places, target = coordinates("v", 3), (Integer(1), Integer(-2), Rational(1, 2))
    off = [place - entry for place, entry in zip(places, target, strict=True)]
    return Instance(
        name,
        {
            m: 3,
            e: by_index(*(mapping(places, entry) for entry in off)),
            L: mapping(places, Add(*(substitute(profile, {x: Abs(entry)}) for entry in off))),
            grad_L: mapping(places, tuple(substitute(slope, {x: Abs(entry)}) for entry in off)),
            **values,
        },
    )
