"""The constants that an activation brings into the theory, as enclosures (THEORY section 7).

>>> from numerics.activation_constants import activation_constants
>>> found = activation_constants("erf", digits=10)
>>> print(found["C_phi_squared"])
[0.464558668614, 0.464558668817]
>>> found["C_phi_squared"].exact
2*asin(2/3)/pi
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

import sympy as sp
from flint import arb, ctx

from numerics.enclosures import Enclosure, decimal_enclosure
from numerics.inputs.activations import read_activation
from numerics.rigorous import ranges
from numerics.rigorous.balls import evaluate
from numerics.rigorous.forms import simplest
from numerics.rigorous.gaussian import IntegralUndecided, gaussian_moment
from numerics.rigorous.pieces import Piece, pieces_of
from numerics.rigorous.programs import BallError, Program
from numerics.rigorous.suprema import SupremumUndecided, Unbounded, supremum
from theory.activations import Activation, X
from theory.expressions import ExpressionError
from theory.gaussian_moments import CLOSED_FORMS

MEANINGS: Mapping[str, str] = {
    "C_phi_squared": "E φ(X)²",
    "C_dphi_squared": "E φ'(X)²",
    "M4": "E φ(X)⁴",
    "mean": "E φ(X)",
    "B1": "sup|φ'|",
    "B2": "Lip(φ') = sup|φ''|",
}
"""The constants in order, X ~ N(0,1)."""

_LATEX: Mapping[str, str] = {
    "C_phi_squared": r"\mathbb{E}\,\varphi(X)^2",
    "C_dphi_squared": r"\mathbb{E}\,\varphi'(X)^2",
    "M4": r"\mathbb{E}\,\varphi(X)^4",
    "mean": r"\mathbb{E}\,\varphi(X)",
    "B1": r"\sup|\varphi'|",
    "B2": r"\operatorname{Lip}(\varphi')",
}

_OPEN = r"\text{undecided}"

_SLACK_DIGITS = 3
_UNDECIDED = (SupremumUndecided, IntegralUndecided, BallError, ExpressionError)


class NotCovered(ValueError):
    """The activation is outside the theory: φ' is unbounded or not Lipschitz, as proved."""


class ConstantUndecided(ValueError):
    """A constant was asked for that is not enclosed; the message says why."""


@dataclass(frozen=True)
class ActivationConstants(Mapping[str, Enclosure]):
    """The constants of one activation, by name: ``found["B1"]``, ``float(found["mean"])``.

    Parameters
    ----------
    activation : Activation
        φ.
    digits : int
        Each enclosure is narrower than 10^−digits.
    enclosures : mapping of str to Enclosure
        Those of ``MEANINGS`` that are decided.
    undecided : mapping of str to str
        For each of the others, why it is not enclosed.
    """

    activation: Activation
    digits: int
    enclosures: Mapping[str, Enclosure]
    undecided: Mapping[str, str]

    def __getitem__(self, name: str) -> Enclosure:
        """Return one constant.

        Raises
        ------
        ConstantUndecided
            If it is not enclosed.
        """
        if name in self.undecided:
            raise ConstantUndecided(f"{name} of {self.activation.name}: {self.undecided[name]}")
        return self.enclosures[name]

    def __iter__(self) -> Iterator[str]:
        return iter(MEANINGS)

    def __len__(self) -> int:
        return len(MEANINGS)

    def _repr_latex_(self) -> str:
        shown = {name: value.latex for name, value in self.enclosures.items()}
        rows = [rf"{_LATEX[name]} &: {shown.get(name, _OPEN)}" for name in self]
        return r"$\begin{aligned}" + r" \\ ".join(rows) + r"\end{aligned}$"


def activation_constants(chosen: Activation | str, digits: int = 30) -> ActivationConstants:
    """Enclose the constants of ``MEANINGS``, each in an interval narrower than 10^−digits.

    More digits give intervals inside those of fewer digits.

    Parameters
    ----------
    chosen : Activation or str
        φ: an activation, its name, or an expression in x. Closed forms that are known for it are
        not used; they are compared, and given as ``exact`` beside the enclosure.
    digits : int
        At least 1.

    Raises
    ------
    ActivationError
        If a name or expression cannot be read, or is not C¹ or not shown to be.
    NotCovered
        If φ' is proved to be unbounded, or not Lipschitz.
    """
    phi = read_activation(chosen) if isinstance(chosen, str) else chosen
    if digits < 1:
        raise ValueError(f"digits has to be at least 1, not {digits}")
    return _constants(phi, digits)


# A certificate asks for the constants of one activation several times, and each takes a search.
@lru_cache(maxsize=64)
def _constants(phi: Activation, digits: int) -> ActivationConstants:
    pieces = _pieces(phi)
    if isinstance(pieces, str):
        return ActivationConstants(phi, digits, {}, dict.fromkeys(MEANINGS, pieces))
    goal = digits + _SLACK_DIGITS
    suprema = _suprema(pieces, goal)
    found = {**_moments(pieces, suprema["B1"], goal), **suprema}
    made = {name: _enclosure(name, found[name], digits, phi) for name in MEANINGS}
    known = {name: value for name, value in made.items() if isinstance(value, Enclosure)}
    return ActivationConstants(
        phi, digits, known, {name: value for name, value in made.items() if isinstance(value, str)}
    )


@lru_cache(maxsize=64)
def slope_bound(chosen: Activation, name: str, digits: int = 20) -> Enclosure:
    """Enclose one of B1 and B2, without the expectations.

    Raises
    ------
    ConstantUndecided
        If it is not enclosed.
    NotCovered
        If it is proved to be infinite.
    """
    pieces = _pieces(chosen)
    found = pieces if isinstance(pieces, str) else _supremum(name, pieces, digits + _SLACK_DIGITS)
    made = _enclosure(name, found, digits, chosen)
    if isinstance(made, str):
        raise ConstantUndecided(f"{name} of {chosen.name} is undecided: {made}")
    return made


def _pieces(chosen: Activation) -> tuple[Piece, ...] | str:
    try:
        return pieces_of(chosen.expression)
    except ExpressionError as problem:
        return str(problem)


def _suprema(pieces: tuple[Piece, ...], digits: int) -> dict[str, arb | str]:
    return {name: _supremum(name, pieces, digits) for name in ("B1", "B2")}


def _supremum(name: str, pieces: tuple[Piece, ...], digits: int) -> arb | str:
    slopes = tuple(piece.derivative for piece in pieces)
    if name == "B2":
        slopes = tuple(replace(s, expression=simplest(s.expression)).derivative for s in slopes)
    try:
        return supremum(slopes, digits)
    except Unbounded as problem:
        complaint = "φ' is unbounded" if name == "B1" else "φ' is not Lipschitz: φ'' is unbounded"
        raise NotCovered(f"{complaint} {problem}") from problem
    except _UNDECIDED as problem:
        return str(problem)


def _moments(pieces: tuple[Piece, ...], bound: arb | str, digits: int) -> dict[str, arb | str]:
    """Return the expectations; φ grows at most like |φ(0)| + sup|φ'|·|x|."""
    names = ("C_phi_squared", "C_dphi_squared", "M4", "mean")
    if isinstance(bound, str):
        return dict.fromkeys(names, f"the tail needs a bound of sup|φ'|, which is open: {bound}")
    start, slope = _size_at_zero(pieces), bound.upper()
    slopes = tuple(piece.derivative for piece in pieces)
    plan: dict[str, Callable[[], arb]] = {
        "C_phi_squared": lambda: gaussian_moment(pieces, 2, start, slope, digits),
        "C_dphi_squared": lambda: gaussian_moment(slopes, 2, slope, arb(0), digits),
        "M4": lambda: gaussian_moment(pieces, 4, start, slope, digits),
        "mean": lambda: gaussian_moment(pieces, 1, start, slope, digits),
    }
    return {name: _attempt(work) for name, work in plan.items()}


def _attempt(work: Callable[[], arb]) -> arb | str:
    try:
        return work()
    except _UNDECIDED as problem:
        return str(problem)


def _size_at_zero(pieces: tuple[Piece, ...]) -> arb:
    """Return an upper bound of |φ(0)|."""
    holds_zero = (p for p in pieces if (p.low or 0) <= 0 <= (p.high or 0))
    with ctx.workprec(128):
        value = Program(next(holds_zero).expression, (X,)).run([ranges.enclose(arb(0))])
        return ranges.absolute(value).upper if value.defined else ranges.INFINITY


def _enclosure(name: str, found: arb | str, digits: int, chosen: Activation) -> Enclosure | str:
    if isinstance(found, str):
        return found
    lower, upper = decimal_enclosure(found, digits)
    if upper - lower >= Fraction(1, 10**digits):
        return f"the enclosure is wider than 10^-{digits}"
    return Enclosure(
        lower if name == "mean" else max(lower, Fraction(0)), upper, _exact(name, chosen, found)
    )


def _exact(name: str, chosen: Activation, found: arb) -> sp.Expr | None:
    """Return the constant's closed form, if one is known, after comparing it with the enclosure.

    Raises
    ------
    ValueError
        If the two contradict each other: one of them is wrong.
    """
    closed = {"B1": chosen.B1, "B2": chosen.B2, **CLOSED_FORMS.get(chosen.name, {})}.get(name)
    if closed is not None and not evaluate(closed, {}, 4096).overlaps(found):
        raise ValueError(f"the closed form {closed} of {name} is not in its enclosure {found}")
    return closed
