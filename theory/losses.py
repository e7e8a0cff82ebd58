"""The Kurdyka–Łojasiewicz losses of THEORY section 2, as data.

A loss is radial, L(v) = ρ(‖v − y‖), or separable, L(v) = Σ ρ(v_i − y_i), or the Poisson loss, whose
terms depend on y_i too. Its desingularizer ψ is such that ψ'(L)‖∇L‖ ≥ 1 off the minimiser; with
w = ψ(L), everything that the theorems need is ψ, ψ⁻¹, κ = (ψ⁻¹)' and Ψ, a primitive of −(ψ')².
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, Literal

from sympy import (
    Abs,
    Expr,
    LambertW,
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

from theory.loss_parameters import LossError as LossError
from theory.loss_parameters import exact, require_exponent, require_positive

S = Symbol("s")
"""Argument of ρ (a residual), of ψ and of Ψ (a loss value)."""
W = Symbol("w")
"""Argument of ψ⁻¹ and κ (a misfit)."""
M = Symbol("m")
"""The number of measurements."""
D = Symbol("d")
"""The datum y_i, where a term of the loss depends on it."""
LARGEST = Symbol("Y")
"""The largest datum."""


_ONE = Rational(1)


@dataclass(frozen=True)
class Loss:
    """A loss with its desingularizer.

    Parameters
    ----------
    name : str
        Its name in a problem file.
    kind : {"radial", "separable", "poisson"}
        Whether ρ is applied to ‖v − y‖ or to each v_i − y_i.
    rho : Expr
        ρ(s), even in ``S``; the Poisson loss's is not, and contains the datum ``D``.
    desingularizer : Expr
        ψ(s), in ``S`` > 0; it may contain the number ``M`` of measurements, or ``LARGEST``.
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
    data : tuple of Fraction
        y, where the loss depends on it otherwise than through v − y; see ``with_data``.
    """

    name: str
    kind: Literal["radial", "separable", "poisson"]
    rho: Expr
    desingularizer: Expr
    inverse: Expr
    primitive: Expr | None
    regime: Literal["exponential", "polynomial", "finite_time"]
    convex: bool
    source: str
    parameters: Mapping[str, Rational] = field(default_factory=dict)
    data: tuple[Fraction, ...] = ()

    @property
    def kappa(self) -> Expr:
        """κ(w) = (ψ⁻¹)'(w) for w > 0, in ``W``."""
        return _derivative(self.inverse, W)

    @property
    def rate_factor(self) -> Rational:
        """κ'(0), by which an exponential rate of the squared loss is multiplied."""
        if not self.data:
            return Rational(1)
        return Rational(max(self.data).denominator, max(self.data).numerator)

    @property
    def slope(self) -> Expr:
        """ψ'(s) for s > 0, in ``S``."""
        return _derivative(self.desingularizer, S)

    @property
    def rho_derivative(self) -> Expr:
        """ρ'(s) for s > 0, in ``S``; ρ' is odd."""
        return _derivative(self.rho, S)

    def with_data(self, observation: Iterable[Any]) -> Loss:
        """Return the loss for an observation: the Poisson loss's ψ depends on the largest datum.

        Parameters
        ----------
        observation : iterable of numbers
            y, as exact numbers or floats, which are exact too.

        Raises
        ------
        LossError
            If the loss is only defined for positive data and some datum is not positive.
        """
        if self.kind != "poisson":
            return self
        data = tuple(y if isinstance(y, Fraction) else Fraction(float(y)) for y in observation)
        if not min(data) > 0:
            raise LossError(f"the loss {self.name} needs positive data; y has {float(min(data)):g}")
        at = {LARGEST: Rational(max(data).numerator, max(data).denominator)}
        return replace(
            self,
            desingularizer=self.desingularizer.xreplace(at),
            inverse=self.inverse.xreplace(at),
            primitive=None if self.primitive is None else self.primitive.xreplace(at),
            data=data,
        )

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
    require_exponent(p)
    return Loss(
        "power", "radial", Abs(S) ** p / p, (p * S) ** (1 / p), W**p / p, _power_primitive(p),
        _power_regime(p), True, "kl_radial", {"p": p},
    )  # fmt: skip


def separable_power(p: Rational) -> Loss:
    """(1/p) Σ|v_i − y_i|^p, p > 1: ψ(s) = C(ps)^{1/p} with C = max(1, m^{(p−2)/(2p)})."""
    require_exponent(p)
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
        -log(exp(2 * S) - 1) / 2, "exponential", True, "kl_log_cosh",
    )  # fmt: skip


def huber(delta: Rational) -> Loss:
    """Σ of ½s² up to |s| = δ, and δ(|s| − δ/2) beyond."""
    require_positive("delta", delta)
    edge = delta**2 / 2
    return Loss(
        "huber", "separable",
        Piecewise((S**2 / 2, Abs(S) <= delta), (delta * (Abs(S) - delta / 2), True)),
        Piecewise((sqrt(2 * S), edge >= S), (S / delta + delta / 2, True)),
        Piecewise((W**2 / 2, delta >= W), (delta * (W - delta / 2), True)),
        Piecewise((-log(S) / 2, edge >= S), (-S / delta**2 + (1 - log(edge)) / 2, True)),
        "exponential", True, "kl_huber", {"delta": delta},
    )  # fmt: skip


def pseudo_huber(delta: Rational = _ONE) -> Loss:
    """Σ δ²(√(1 + (s/δ)²) − 1)."""
    require_positive("delta", delta)
    c = 1 + S / delta**2
    return Loss(
        "pseudo_huber", "separable", delta**2 * (sqrt(1 + (S / delta) ** 2) - 1),
        delta * sqrt(c**2 - 1), delta**2 * (sqrt(1 + (W / delta) ** 2) - 1),
        -c - log((c - 1) / (c + 1)) / 2, "exponential", True, "kl_pseudo_huber", {"delta": delta},
    )  # fmt: skip


def cauchy() -> Loss:
    """Σ ½ log(1 + (v_i − y_i)²); not convex."""
    return Loss(
        "cauchy", "separable", log(1 + S**2) / 2, sqrt(exp(2 * S) - 1), log(1 + W**2) / 2,
        -log(exp(2 * S) - 1) / 2 - exp(2 * S) / 2, "exponential", False, "kl_cauchy",
    )  # fmt: skip


def poisson() -> Loss:
    """Σ v_i − y_i + y_i log(y_i/v_i) on v > 0, for y > 0: ψ⁻¹(w) = w − Y log(1 + w/Y).

    ψ is the right branch for the largest datum Y; the loss needs ``with_data`` to know it.
    """
    psi = -LARGEST * (1 + LambertW(-exp(-1 - S / LARGEST), -1))
    return Loss(
        "poisson", "poisson", S - D * log(1 + S / D), psi, W - LARGEST * log(1 + W / LARGEST),
        -psi - LARGEST * log(psi), "exponential", True, "kl_poisson",
    )  # fmt: skip


LOSSES: Mapping[str, tuple[Callable[..., Loss], tuple[str, ...], tuple[str, ...]]] = {
    "squared": (squared, (), ()),
    "power": (power, ("p",), ()),
    "separable_power": (separable_power, ("p",), ()),
    "log_cosh": (log_cosh, (), ()),
    "huber": (huber, ("delta",), ()),
    "pseudo_huber": (pseudo_huber, (), ("delta",)),
    "cauchy": (cauchy, (), ()),
    "poisson": (poisson, (), ()),
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


def _unknown(name: Any) -> str:
    known = ", ".join(LOSSES)
    close = get_close_matches(str(name), LOSSES, n=1)
    return f"unknown loss {str(name)[:40]!r}; " + (
        f"did you mean {close[0]}?" if close else f"known: {known}"
    )


def _power_primitive(p: Rational) -> Expr:
    """Ψ for ψ(s) = (ps)^{1/p}: the kl_power family with c = p^{1/p} and exponent 1/p."""
    if p == 2:
        return -log(S) / 2
    return (p * S) ** (2 / p - 1) / (p - 2)


def _power_regime(p: Rational) -> Literal["exponential", "polynomial", "finite_time"]:
    if p == 2:
        return "exponential"
    return "polynomial" if p > 2 else "finite_time"
