"""Activation functions as data: the expression, the two constants the theory needs, the sign of φ'.

``B1 = sup|φ'|`` and ``B2 = Lip(φ') = sup|φ''|`` (THEORY section 6) are given where a closed form
is known; each entry says how it is found. A ``None`` means that the supremum has to be enclosed
numerically. Activations that are not C¹ are known by name, so that the refusal can say why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from sympy import (
    Expr,
    Integer,
    Max,
    Piecewise,
    Rational,
    Symbol,
    asinh,
    atan,
    ceiling,
    cos,
    cosh,
    diff,
    erf,
    exp,
    floor,
    log,
    pi,
    sign,
    sin,
    sqrt,
    tanh,
)

from theory.cases import CasesUndecided, as_cases
from theory.expressions import ExpressionError, parse_expression
from theory.smoothness import SmoothnessUndecided, require_c1

X = Symbol("x")
"""The variable of every activation's expression."""


class ActivationError(ValueError):
    """An activation is unknown or not usable; the message says why and what to do."""


class ActivationUndecided(ActivationError):
    """An expression is neither shown to be C¹ nor shown not to be; the message says what is open.

    Parameters
    ----------
    reason : str
        What is open.
    candidate : Activation
        What was read.
    open : SmoothnessUndecided
        What would settle it.
    """

    def __init__(self, reason: str, candidate: Activation, open: SmoothnessUndecided) -> None:
        super().__init__(reason)
        self.candidate = candidate
        self.open = open


@dataclass(frozen=True)
class Activation:
    """A C¹ activation function φ.

    Parameters
    ----------
    name : str
        Its name, or the text it was typed as.
    expression : Expr
        φ(x), in the symbol ``X``.
    B1 : Expr or None
        sup|φ'|, exactly; None if no closed form is known.
    B2 : Expr or None
        The Lipschitz constant of φ' (sup|φ''| where φ'' exists), exactly; None likewise.
    increasing : bool
        Whether φ' > 0 everywhere is known. False says nothing.
    derivation : str
        How the two constants are found.
    typed : bool
        Whether it was given as an expression instead of by name.
    """

    name: str
    expression: Expr
    B1: Expr | None = None
    B2: Expr | None = None
    increasing: bool = False
    derivation: str = ""
    typed: bool = False

    @property
    def derivative(self) -> Expr:
        """φ'(x), in the symbol ``X``."""
        return derivative_of(self.expression)


def derivative_of(expression: Expr) -> Expr:
    """Return the derivative in ``X`` (taken over the reals, so that d|x| is sign(x))."""
    return diff(expression.xreplace({X: _REAL}), _REAL).xreplace({_REAL: X})


_ENTRIES = (
    Activation(
        "tanh", tanh(X), Integer(1), 4 / (3 * sqrt(3)), True,
        "with u = tanh: φ' = 1 − u² is largest at u = 0, |φ''| = 2|u|(1 − u²) at u² = 1/3",
    ),
    Activation(
        "sigmoid", 1 / (1 + exp(-X)), Rational(1, 4), 1 / (6 * sqrt(3)), True,
        "with v = 2φ − 1: φ' = (1 − v²)/4 at v = 0, |φ''| = |v|(1 − v²)/4 at v² = 1/3",
    ),
    Activation(
        "softplus", log(1 + exp(X)), Integer(1), Rational(1, 4), True,
        "φ' is the sigmoid: below 1 and tending to it; φ'' = σ(1 − σ) is largest at σ = 1/2",
    ),
    Activation(
        "arctan", atan(X), Integer(1), 3 * sqrt(3) / 8, True,
        "φ' = 1/(1 + x²) at 0; |φ''| = 2|x|/(1 + x²)² at x² = 1/3",
    ),
    Activation(
        "erf", erf(X), 2 / sqrt(pi), 2 * sqrt(2) / sqrt(pi * exp(1)), True,
        "φ' = 2e^{−x²}/√π at 0; |φ''| = 4|x|e^{−x²}/√π at x² = 1/2",
    ),
    Activation(
        "gelu", X * (1 + erf(X / sqrt(2))) / 2,
        (1 + erf(Integer(1))) / 2 + exp(-1) / sqrt(pi), sqrt(2 / pi), False,
        "with the normal density f: φ'' = (2 − x²)f vanishes at x = √2, where φ' = Φ(√2) + √2 f(√2)"
        " (at −√2: one minus that); |φ''| is largest at 0, φ''' = x(x² − 4)f",
    ),
    Activation(
        "silu", X / (1 + exp(-X)), None, Rational(1, 2), False,
        "φ'' = σ(1 − σ)(2 + x(1 − 2σ)) is largest at 0; φ' is largest where x·tanh(x/2) = 2",
    ),
    Activation(
        "mish", X * tanh(log(1 + exp(X))), None, None, False,
        "with s = softplus, σ = s', φ'' = sech²(s)·σ·(2 + x(1 − σ − 2σ·tanh s)); no closed form",
    ),
    Activation(
        "elu", Piecewise((exp(X) - 1, X < 0), (X, True)), Integer(1), Integer(1), True,
        "φ' = min(1, e^x); φ'' is e^x for x < 0 and 0 for x > 0",
    ),
    Activation(
        "softsign", Piecewise((X / (1 - X), X < 0), (X / (1 + X), True)), Integer(1), Integer(2),
        True, "φ' = (1 + |x|)^−2 at 0; |φ''| = 2(1 + |x|)^−3 for x ≠ 0, tending to 2 at 0",
    ),
    Activation(
        "squareplus", (X + sqrt(X**2 + 4)) / 2, Integer(1), Rational(1, 4), True,
        "φ' = (1 + x/√(x² + 4))/2 tends to 1; φ'' = 2(x² + 4)^{−3/2} at 0",
    ),
    Activation(
        "isru", X / sqrt(1 + X**2), Integer(1), 48 / (25 * sqrt(5)), True,
        "φ' = (1 + x²)^{−3/2} at 0; |φ''| = 3|x|(1 + x²)^{−5/2} at x² = 1/4",
    ),
    Activation(
        "asinh", asinh(X), Integer(1), 2 / (3 * sqrt(3)), True,
        "φ' = (1 + x²)^{−1/2} at 0; |φ''| = |x|(1 + x²)^{−3/2} at x² = 1/2",
    ),
    Activation("sin", sin(X), Integer(1), Integer(1), False, "φ' = cos, φ'' = −sin"),
    Activation("cos", cos(X), Integer(1), Integer(1), False, "φ' = −sin, φ'' = −cos"),
    Activation(
        "gaussian", exp(-(X**2) / 2), exp(-Rational(1, 2)), Integer(1), False,
        "|φ'| = |x|e^{−x²/2} at x² = 1; |φ''| = |x² − 1|e^{−x²/2} is 1 at 0, 2e^{−3/2} at x² = 3",
    ),
    Activation(
        "log_cosh", log(cosh(X)), Integer(1), Integer(1), False,
        "φ' = tanh tends to 1; φ'' = 1 − tanh² at 0",
    ),
    Activation("identity", X, Integer(1), Integer(0), True, "φ' = 1"),
)  # fmt: skip

ACTIVATIONS: Mapping[str, Activation] = {entry.name: entry for entry in _ENTRIES}

ALIASES: Mapping[str, str] = {
    "atan": "arctan",
    "arcsinh": "asinh",
    "inverse_square_root_unit": "isru",
    "linear": "identity",
    "logcosh": "log_cosh",
    "logistic": "sigmoid",
    "swish": "silu",
}

NOT_C1: Mapping[str, str] = {
    "relu": "ReLU is not C¹: φ' jumps from 0 to 1 at 0; use softplus, gelu or elu",
    "leaky_relu": "leaky ReLU is not C¹: φ' jumps at 0; use softplus, gelu or elu",
    "prelu": "PReLU is not C¹: φ' jumps at 0; use softplus, gelu or elu",
    "relu6": "ReLU6 is not C¹: φ' jumps at 0 and 6; use sigmoid or tanh",
    "selu": "SELU is not C¹: φ' jumps at 0; use elu",
    "abs": "the absolute value is not C¹: φ' jumps from −1 to 1 at 0; use squareplus or softplus",
    "hardtanh": "hardtanh is not C¹: φ' jumps at −1 and 1; use tanh",
    "hardsigmoid": "hardsigmoid is not C¹: φ' jumps at the ends of its ramp; use sigmoid",
    "hardswish": "hardswish is not C¹: φ' jumps at the ends of its ramp; use silu",
    "step": "the step function is not continuous; use sigmoid",
    "heaviside": "the step function is not continuous; use sigmoid",
    "sign": "the sign function is not continuous; use tanh",
}

_REAL = Symbol("x", real=True)


def _applied(entry: Activation) -> Callable[[Expr], Expr]:
    return lambda argument: entry.expression.xreplace({X: argument})


_FUNCTIONS: Mapping[str, tuple[Callable[..., Expr], int, int]] = {
    **{name: (_applied(entry), 1, 1) for name, entry in ACTIVATIONS.items()},
    **{alias: (_applied(ACTIVATIONS[name]), 1, 1) for alias, name in ALIASES.items()},
    "relu": (lambda z: Max(z, 0), 1, 1),
    "sign": (sign, 1, 1),
    "floor": (floor, 1, 1),
    "ceil": (ceiling, 1, 1),
    "heaviside": (lambda z: Piecewise((0, z < 0), (1, True)), 1, 1),
}
"""What may be called in an expression besides the functions of the parser."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def activation(name_or_expression: str) -> Activation:
    """Return an activation by its name, or from an expression in ``x``.

    Raises
    ------
    ActivationError
        If the name is unknown, the expression cannot be read, or the function is not C¹.
    """
    if not isinstance(name_or_expression, str):
        raise ActivationError(f"an activation is text, not {type(name_or_expression).__name__}")
    text = name_or_expression.strip()
    name = text.lower().replace("-", "_")
    if name in NOT_C1:
        raise ActivationError(NOT_C1[name])
    if ALIASES.get(name, name) in ACTIVATIONS:
        return ACTIVATIONS[ALIASES.get(name, name)]
    if _NAME.fullmatch(text) and text != "x":
        raise ActivationError(_unknown(text, name))
    return _typed(text)


def _unknown(text: str, name: str) -> str:
    known = [*ACTIVATIONS, *ALIASES, *NOT_C1]
    close = get_close_matches(name, known, n=1)
    hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(ACTIVATIONS)}"
    return f"unknown activation {text[:40]!r}; {hint} An expression in x may be given as well"


def _typed(text: str) -> Activation:
    try:
        expression = parse_expression(text, {"x": _REAL}, _FUNCTIONS).xreplace({_REAL: X})
        require_c1(expression, X)
    except SmoothnessUndecided as problem:
        raise ActivationUndecided(
            f"{text[:60]!r}: {problem}", _candidate(text, expression), problem
        ) from problem
    except ExpressionError as problem:
        raise ActivationError(f"{text[:60]!r}: {problem}") from problem
    except (ArithmeticError, TypeError, RecursionError) as problem:  # beyond what SymPy compares
        raise ActivationError(
            f"{text[:60]!r}: too involved to decide whether it is C¹"
        ) from problem
    return _named(text, as_cases(expression, X))


def _candidate(text: str, expression: Expr) -> Activation:
    try:
        return _named(text, as_cases(expression, X))
    except CasesUndecided:
        return Activation(text, expression, typed=True)


def _named(text: str, expression: Expr) -> Activation:
    for known in _ENTRIES:
        if known.expression == expression:
            return known
    return Activation(text, expression, typed=True)
