"""How much is left on the table: each bound beside what random networks really reach.

Every bound is evaluated from its statement, as a certificate does. What is observed comes from
flows and draws in floating point: it is SAMPLED, and shows how far a bound is from being reached,
never that it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from numerics.problems import Problem, extremal_problem
from numerics.sweeping.problems import problems_of
from numerics.sweeping.reading import sweep_from_mapping
from proofs_check.gaps.flows import flow_shares
from proofs_check.gaps.levels import Share

NETWORKS = 8
FLOWS: Mapping[str, Mapping[str, Any]] = {
    "the hidden layer trained": {"train": "hidden", "width": 2000},
    "both layers trained": {"train": "both", "width": 1000},
}
"""The networks whose flows are followed, by what is trained; n = 4, m = 2, κ(A) = 2."""

# q = 0.249, just below the published threshold: there the published theorem is at its best.
EXTREMAL = (1.0, 1.0, 0.249, 1.0)  # σ_A, σ₀, Λ, w₀


@dataclass(frozen=True)
class Reached:
    """How much of a bound is reached.

    Parameters
    ----------
    name : str
        The inequality.
    networks : Share
        The largest part reached by a random network, of the published bound and of the sharp one.
    extremal : Share
        The same for the extremal instance, in which the sharp theorem is attained.
    tried : int
        How many networks both numbers rest on.
    """

    name: str
    networks: Share
    extremal: Share
    tried: int


def flow_problems(train: str, networks: int, seed: int) -> list[Problem]:
    """Return random problems to which the published theorem applies, or nearly all of them."""
    sweep = sweep_from_mapping({
        "sweep": {"samples": networks, "seed": seed},
        "problem": {"outputs": 4, "measurements": 2, "condition_number": 2,
                    "observation_norm": "0.3", "noise": "0.1"},
        "network": {"activation": "tanh", **FLOWS[train]},
    })  # fmt: skip
    (cell,) = sweep.cells()
    return problems_of(cell, range(networks))[1]


def flow_gaps(train: str, networks: int = NETWORKS, seed: int = 0) -> list[Reached]:
    """Return how much of each inequality of the flow theorems is reached.

    Parameters
    ----------
    train : str
        One of ``FLOWS``.
    networks, seed : int
        How many networks are followed, and what they are drawn from.
    """
    seen = [flow_shares(problem) for problem in flow_problems(train, networks, seed)]
    extremal = flow_shares(extremal_problem(*EXTREMAL))
    names = list(dict.fromkeys(name for shares in seen for name in shares))
    return [
        Reached(
            name, largest(shares[name] for shares in seen if name in shares),
            extremal.get(name, Share()), sum(name in shares for shares in seen),
        )
        for name in names
    ]  # fmt: skip


def largest(shares: Iterable[Share]) -> Share:
    """Return the largest part reached of each bound."""
    known: Sequence[Share] = list(shares)
    published = [share.published for share in known if share.published is not None]
    sharp = [share.sharp for share in known if share.sharp is not None]
    return Share(max(published, default=None), max(sharp, default=None))
