"""The Kurdyka–Łojasiewicz losses of THEORY section 2, as data.

A loss is radial, L(v) = ρ(‖v − y‖), or separable, L(v) = Σ ρ(v_i − y_i). Its desingularizer ψ is
such that ψ'(L)‖∇L‖ ≥ 1 off the minimiser; with w = ψ(L), everything that the theorems need is
ψ, ψ⁻¹, κ = (ψ⁻¹)' and Ψ, a primitive of −(ψ')².
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, Literal

from sympy import (
    Abs,
    Expr,
    Piecewise,
    Rational,
    Symbol,
    asinh,
    cosh,
    diff,
    exp,
    log,
    sinh,
    sqrt,
    tanh,
)

S = Symbol("s")
"""Argument of ρ (a residual), of ψ and of Ψ (a loss value)."""
W = Symbol("w")
"""Argument of ψ⁻¹ and κ (a misfit)."""
M = Symbol("m")
"""The number of measurements."""


_ONE = Rational(1)


class LossError(ValueError):
    """A loss is unknown or its parameters are out of range; the message says what to do."""


@dataclass(frozen=True)
class Loss:
    """A loss with its desingularizer.

    Parameters
    ----------
    name : str
        Its name in a problem file.
    kind : {"radial", "separable"}
        Whether ρ is applied to ‖v − y‖ or to each v_i − y_i.
    rho : Expr
        ρ(s), even in ``S``.
    desingularizer : Expr
        ψ(s), in ``S`` > 0; it may contain the number ``M`` of measurements.
    inverse : Expr
        ψ⁻¹(w), in ``W``.
    primitive : Expr or None
        Ψ(s), a primitive of −(ψ')², in ``S``; None if no closed form is known.
    regime : {"exponential", "polynomial", "finite_time"}
        How the loss decays near its minimiser under the theorems' bounds.
    convex : bool
        Whether the loss is convex.
    source : str
        The statement ψ comes from.
    parameters : mapping
        Its parameters, exact rationals.
    """

    name: str
    kind: Literal["radial", "separable"]
    rho: Expr
    desingularizer: Expr
    inverse: Expr
    primitive: Expr | None
    regime: Literal["exponential", "polynomial", "finite_time"]
    convex: bool
    source: str
    parameters: Mapping[str, Rational] = field(default_factory=dict)

    @property
    def kappa(self) -> Expr:
        """κ(w) = (ψ⁻¹)'(w) for w > 0, in ``W``."""
        return _derivative(self.inverse, W)

    @property
    def rho_derivative(self) -> Expr:
        """ρ'(s) for s > 0, in ``S``; ρ' is odd."""
        return _derivative(self.rho, S)

    @property
    def label(self) -> str:
        """Name and parameters, as one writes them: ``power(p=3)``."""
        inside = ", ".join(f"{name}={value}" for name, value in self.parameters.items())
        return f"{self.name}({inside})" if inside else self.name


def _derivative(term: Expr, variable: Symbol) -> Expr:
    """Differentiate for positive values of the variable; sinh/cosh is written tanh."""
    x = Symbol(variable.name, positive=True)
    slope = diff(term.xreplace({variable: x}), x)
    return slope.xreplace({sinh(x) / cosh(x): tanh(x)}).xreplace({x: variable})


def squared() -> Loss:
    """½‖v − y‖²: ψ(s) = √(2s)."""
    return Loss(
        "squared", "radial", S**2 / 2, sqrt(2 * S), W**2 / 2, -log(S) / 2,
        "exponential", True, "kl_radial",
    )  # fmt: skip


def power(p: Rational) -> Loss:
    """(1/p)‖v − y‖^p, p > 1: ψ(s) = (ps)^{1/p}."""
    _require_exponent(p)
    return Loss(
        "power", "radial", Abs(S) ** p / p, (p * S) ** (1 / p), W**p / p, _power_primitive(p),
        _power_regime(p), True, "kl_radial", {"p": p},
    )  # fmt: skip


def separable_power(p: Rational) -> Loss:
    """(1/p) Σ|v_i − y_i|^p, p > 1: ψ(s) = C(ps)^{1/p} with C = max(1, m^{(p−2)/(2p)})."""
    _require_exponent(p)
    factor = M ** ((p - 2) / (2 * p)) if p > 2 else Rational(1)
    return Loss(
        "separable_power", "separable", Abs(S) ** p / p, factor * (p * S) ** (1 / p),
        (W / factor) ** p / p, factor**2 * _power_primitive(p),
        _power_regime(p), True, "kl_separable_power", {"p": p},
    )  # fmt: skip


def log_cosh() -> Loss:
    """Σ log cosh(v_i − y_i): ψ(s) = arccosh(e^s), written arsinh √(e^{2s} − 1)."""
    return Loss(
        "log_cosh", "separable", log(cosh(S)), asinh(sqrt(exp(2 * S) - 1)), log(cosh(W)),
        -log(exp(2 * S) - 1) / 2, "exponential", True, "kl_separable",
    )  # fmt: skip


def huber(delta: Rational) -> Loss:
    """Σ of ½s² up to |s| = δ, and δ(|s| − δ/2) beyond."""
    _require_positive("delta", delta)
    edge = delta**2 / 2
    return Loss(
        "huber", "separable",
        Piecewise((S**2 / 2, Abs(S) <= delta), (delta * (Abs(S) - delta / 2), True)),
        Piecewise((sqrt(2 * S), edge >= S), (S / delta + delta / 2, True)),
        Piecewise((W**2 / 2, delta >= W), (delta * (W - delta / 2), True)),
        Piecewise((-log(S) / 2, edge >= S), (-S / delta**2 + (1 - log(edge)) / 2, True)),
        "exponential", True, "kl_separable", {"delta": delta},
    )  # fmt: skip


def pseudo_huber(delta: Rational = _ONE) -> Loss:
    """Σ δ²(√(1 + (s/δ)²) − 1)."""
    _require_positive("delta", delta)
    c = 1 + S / delta**2
    return Loss(
        "pseudo_huber", "separable", delta**2 * (sqrt(1 + (S / delta) ** 2) - 1),
        delta * sqrt(c**2 - 1), delta**2 * (sqrt(1 + (W / delta) ** 2) - 1),
        -c - log((c - 1) / (c + 1)) / 2, "exponential", True, "kl_separable", {"delta": delta},
    )  # fmt: skip


def cauchy() -> Loss:
    """Σ ½ log(1 + (v_i − y_i)²); not convex."""
    return Loss(
        "cauchy", "separable", log(1 + S**2) / 2, sqrt(exp(2 * S) - 1), log(1 + W**2) / 2,
        -log(exp(2 * S) - 1) / 2 - exp(2 * S) / 2, "exponential", False, "kl_separable",
    )  # fmt: skip


LOSSES: Mapping[str, tuple[Callable[..., Loss], tuple[str, ...], tuple[str, ...]]] = {
    "squared": (squared, (), ()),
    "power": (power, ("p",), ()),
    "separable_power": (separable_power, ("p",), ()),
    "log_cosh": (log_cosh, (), ()),
    "huber": (huber, ("delta",), ()),
    "pseudo_huber": (pseudo_huber, (), ("delta",)),
    "cauchy": (cauchy, (), ()),
}
"""Name to (builder, required parameters, optional parameters)."""


def loss(name: str, **parameters: Any) -> Loss:
    """Return a loss by its name.

    Parameters
    ----------
    name : str
        One of ``LOSSES``.
    **parameters
        Its parameters: int, Fraction, Decimal, SymPy rational, decimal text, or float (read as
        the decimal it prints as).

    Raises
    ------
    LossError
        If the name is unknown, or a parameter is unknown, missing or out of range.
    """
    if not isinstance(name, str) or name not in LOSSES:
        raise LossError(_unknown(name))
    build, required, optional = LOSSES[name]
    for given in parameters:
        if given not in (*required, *optional):
            takes = ", ".join((*required, *optional)) or "no parameter"
            raise LossError(f"the loss {name} has no parameter {given!r}; it takes {takes}")
    for needed in required:
        if needed not in parameters:
            raise LossError(f"the loss {name} needs its parameter {needed}, as in {needed} = 3")
    return build(**{key: exact(value, f"{name}: {key}") for key, value in parameters.items()})


def exact(value: Any, what: str) -> Rational:
    """Return a number as an exact rational of moderate size.

    Raises
    ------
    LossError
        If it is not a finite number, or has more than 60 digits.
    """
    if isinstance(value, bool) or not isinstance(
        value, (int, float, str, Fraction, Decimal, Rational)
    ):
        raise LossError(f"{what} has to be a number, not {type(value).__name__}")
    if isinstance(value, Rational):
        return value
    text = str(value)
    if len(text) > 60:
        raise LossError(f"{what} has more than 60 digits")
    try:
        if "/" not in text and abs(Decimal(text).adjusted()) > 60:
            raise LossError(f"{what} = {text} is out of range")
        number = Fraction(text)
    except (ArithmeticError, ValueError) as problem:
        if isinstance(problem, LossError):
            raise
        raise LossError(f"{what} = {text!r} is not a finite number") from problem
    return Rational(number.numerator, number.denominator)


def _unknown(name: Any) -> str:
    known = ", ".join(LOSSES)
    if name == "poisson":
        return f"the loss 'poisson' is not available yet; known: {known}"
    close = get_close_matches(str(name), LOSSES, n=1)
    return f"unknown loss {str(name)[:40]!r}; " + (
        f"did you mean {close[0]}?" if close else f"known: {known}"
    )


def _require_exponent(p: Rational) -> None:
    if not 1 < p <= 64:
        raise LossError(f"p = {p} is out of range; the loss is C¹ for p > 1 (and p ≤ 64 here)")
    if p.q > 1000:
        raise LossError(f"p = {p} has too large a denominator; use at most three decimals")


def _require_positive(name: str, value: Rational) -> None:
    if not value > 0:
        raise LossError(f"{name} = {value} is out of range; it has to be positive")


def _power_primitive(p: Rational) -> Expr:
    """Ψ for ψ(s) = (ps)^{1/p}: the kl_power family with c = p^{1/p} and exponent 1/p."""
    if p == 2:
        return -log(S) / 2
    return (p * S) ** (2 / p - 1) / (p - 2)


def _power_regime(p: Rational) -> Literal["exponential", "polynomial", "finite_time"]:
    if p == 2:
        return "exponential"
    return "polynomial" if p > 2 else "finite_time"
