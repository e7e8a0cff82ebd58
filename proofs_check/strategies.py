"""Hypothesis strategies for what theorems on inverse problems speak of.

Numbers are short, sizes small, and everything shrinks towards the plainest case: identity
operators, tanh, the squared loss, width 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import cos, pi, sin
from typing import Any

import numpy as np
from hypothesis import strategies as st
from sympy import Integer, Rational

from numerics.problems import Problem, problem_from_mapping
from theory.activations import ACTIVATIONS

# One of each kind of loss, as tables of a problem file; the observation is positive for the last.
LOSSES: tuple[Mapping[str, Any], ...] = (
    {"name": "squared"},
    {"name": "power", "p": 3},
    {"name": "power", "p": "1.5"},
    {"name": "separable_power", "p": 4},
    {"name": "log_cosh"},
    {"name": "huber", "delta": "0.5"},
    {"name": "pseudo_huber", "delta": 1},
    {"name": "cauchy"},
)
_PLAIN = tuple(Rational(text) for text in ("0", "1", "-1", "2", "1/2", "-2", "3", "10", "-1/2"))
_ANGLES = 16


def rationals(
    low: Any = None, high: Any = None, decades: int = 3, integers: bool = False
) -> st.SearchStrategy[Any]:
    """Return exact numbers in an interval: plain ones, its ends, and decimals of every size.

    Parameters
    ----------
    low, high : Rational, optional
        The ends of the interval.
    decades : int
        Decimals have sizes from 10^−decades to 10^decades.
    integers : bool
        Whether to draw integers only.
    """
    least = Rational(-10) ** 300 if low is None else low
    most = Rational(10) ** 300 if high is None else high
    special = [v for v in dict.fromkeys((*_PLAIN, *(e for e in (low, high) if e is not None)))
               if least <= v <= most and (v.is_integer or not integers)]  # fmt: skip
    options = [st.sampled_from(special)] if special else []
    if integers:
        options.append(_integers(least, most, decades))
        return st.one_of(options)
    mantissas, exponents = st.integers(1, 999), st.integers(-decades, decades)
    signs = [s for s in (1, -1) if (s > 0 and most > 0) or (s < 0 and least < 0)] or [1]
    decimals = st.builds(
        lambda sign, mantissa, exponent: Integer(sign * mantissa) * Rational(10) ** (exponent - 2),
        st.sampled_from(signs), mantissas, exponents,
    )  # fmt: skip
    options.append(decimals.filter(lambda v: bool(least <= v <= most)))
    if abs(least) < 10**300 and abs(most) < 10**300:
        inside = st.fractions(Fraction(0), Fraction(1), max_denominator=1000)
        options.append(inside.map(lambda f: least + Rational(f.numerator, f.denominator)
                                  * (most - least)))  # fmt: skip
    return st.one_of(options)


def _integers(low: Rational, high: Rational, decades: int) -> st.SearchStrategy[Any]:
    limit = Integer(10) ** decades
    least, most = max(low, -limit), min(high, limit)
    return st.integers(int(-((-least) // 1)), int(most // 1)).map(Integer)


@st.composite
def operators(
    draw: st.DrawFn,
    singular_values: Sequence[float] | st.SearchStrategy[Sequence[float]] | None = None,
    shape: tuple[int, int] | None = None,
) -> np.ndarray:
    """Return matrices with prescribed singular values, up to rounding.

    Parameters
    ----------
    singular_values : sequence of float, or a strategy for one
        By default one to three numbers between 1/16 and 64.
    shape : (rows, columns), optional
        By default as small as the singular values allow, or with up to two more columns.

    Returns
    -------
    array
        U diag(σ) Vᵀ with U and V products of rotations of adjacent axes; both shrink to I.
    """
    values = draw(_sizes(singular_values))
    rank = len(values)
    rows, columns = shape or (rank, rank + draw(st.integers(0, 2)))
    if rank > min(rows, columns):
        raise ValueError(f"{rank} singular values do not fit into a matrix of shape {shape}")
    middle = np.zeros((rows, columns))
    middle[range(rank), range(rank)] = values
    left, right = draw(_rotations(rows)), draw(_rotations(columns))
    matrix: np.ndarray = left @ middle @ right
    return matrix


def _sizes(given: Any) -> st.SearchStrategy[Sequence[float]]:
    if given is None:
        return st.lists(st.floats(0.0625, 64, width=32), min_size=1, max_size=3)
    return given if isinstance(given, st.SearchStrategy) else st.just(tuple(given))


@st.composite
def _rotations(draw: st.DrawFn, size: int) -> np.ndarray:
    matrix = np.eye(size)
    for axis in range(size - 1):
        angle = draw(st.integers(0, _ANGLES - 1)) * 2 * pi / _ANGLES
        turn = np.eye(size)
        turn[axis : axis + 2, axis : axis + 2] = [
            [cos(angle), -sin(angle)],
            [sin(angle), cos(angle)],
        ]
        matrix = matrix @ turn
    return matrix


def losses(names: Sequence[str] | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """Return losses, as the table ``[loss]`` of a problem file.

    Parameters
    ----------
    names : sequence of str, optional
        Only these; by default one of every kind that takes data of either sign.
    """
    chosen = [table for table in LOSSES if names is None or table["name"] in names]
    if not chosen:
        raise ValueError(f"{names}: no loss of these names; there are {_known(LOSSES)}")
    return st.sampled_from(chosen).map(dict)


def _known(tables: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(dict.fromkeys(str(table["name"]) for table in tables))


def activations() -> st.SearchStrategy[str]:
    """Return activations: those known by name, and stretched ones as expressions in x."""
    stretched = st.builds(
        lambda inner, outer, slope: f"{outer}*tanh({inner}*x) + {slope}*x",
        st.sampled_from(("1", "1/2", "3")),
        st.sampled_from(("1", "2")),
        st.sampled_from(("0", "1/10")),
    )
    return st.one_of(st.sampled_from(list(ACTIVATIONS)), stretched)


@st.composite
def networks(
    draw: st.DrawFn,
    width: st.SearchStrategy[int] | None = None,
    activation: st.SearchStrategy[str] | None = None,
    train: Sequence[str] = ("hidden", "both"),
) -> dict[str, Any]:
    """Return two-layer networks, as the table ``[network]`` of a problem file.

    Parameters
    ----------
    width : strategy, optional
        By default up to 2000 neurons.
    activation : strategy, optional
        By default one of the names that ship.
    train : sequence of {"hidden", "both"}
        Which layers may be trained.
    """
    return {
        "activation": draw(
            st.sampled_from(list(ACTIVATIONS)) if activation is None else activation
        ),
        "width": draw(st.integers(1, 2000) if width is None else width),
        "input_dimension": draw(st.integers(1, 8)),
        "train": draw(st.sampled_from(list(train))),
        "seed": draw(st.integers(0, 2**16)),
    }


@st.composite
def problems(
    draw: st.DrawFn,
    operator: st.SearchStrategy[np.ndarray] | None = None,
    network: st.SearchStrategy[Mapping[str, Any]] | None = None,
    loss: st.SearchStrategy[Mapping[str, Any]] | None = None,
    observation: float = 1.0,
) -> Problem:
    """Return problems: operator, observation, loss and network, read as from a problem file.

    Parameters
    ----------
    operator, network, loss : strategy, optional
        By default ``operators()``, ``networks()`` and the squared loss.
    observation : float
        The largest entry of the observation.
    """
    matrix = draw(operators() if operator is None else operator)
    entries = st.floats(-observation, observation)
    data = draw(st.lists(entries, min_size=matrix.shape[0], max_size=matrix.shape[0]))
    tables = {
        "problem": {"operator": matrix, "observation": np.array(data)},
        "loss": draw(losses(["squared"]) if loss is None else loss),
        "network": draw(networks() if network is None else network),
    }
    return problem_from_mapping(tables)
