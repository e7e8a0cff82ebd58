"""How ``flow_sharp`` and ``flow_sharp_aj`` apply ``flow_path``, and others ``flow_sharp``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from theory.statement import Step
from theory.steps import lemma

MOVES = ("GF", "y", "H_smooth")
_ENERGY = (
    *MOVES, "GF_start", "H_KL", "lower", "H_psi", "H_psi_continuous", "H_psi_zero", "H_start",
    "w", "w_0",
)  # fmt: skip
_DECAY = (*_ENERGY, "H_radius", "a", "b", "q", "rho_star")
_TRAVEL = (*_DECAY, "H_min")
SEEN = tuple(name for name in _TRAVEL if name != "lower")
"""What the length of the path rests on besides what is known of operator and network."""
_ENVELOPE = ("H_envelope", "H_envelope_start", "H_psi'_continuous", "W")
# By conclusion: its premises, and whether it needs all the three numbers' ranges.
_PREMISES: dict[str, tuple[str, ...]] = {
    "descent": MOVES,
    "start": MOVES,
    "speed": MOVES,
    "distance": (*MOVES, "GF_start"),
    "energy": (*_ENERGY, "H_min"),
    "travel": _TRAVEL,
    "rate": (*_DECAY, "H_Psi"),
    "level_reached": (*_DECAY, "H_Psi"),
    "vanishing": (*_TRAVEL, "H_Psi", "r_0"),
    "convergence": _TRAVEL,
    "tail": _TRAVEL,
    "tail_critical": _TRAVEL,
    "envelope": (*_TRAVEL, *_ENVELOPE),
    "envelope_equation": ("H_envelope", "H_psi"),
}


def path_lemmas(
    ranges: tuple[str, ...], positive: tuple[str, ...], **values: Any
) -> tuple[Step, ...]:
    """Return a step for each conclusion of ``flow_path``.

    Parameters
    ----------
    ranges : tuple of str
        Premises that say σ_A > 0 and Λ ≥ 0.
    positive : tuple of str
        Premises that say σ₀ > 0.
    values
        What stands for the numbers of ``flow_path``.
    """
    return tuple(
        lemma(name, f"flow_path.{name}", *uses, *_ranges(uses, ranges, positive), **values)
        for name, uses in _PREMISES.items()
    )


def sharp_lemmas(names: Iterable[str], seen: tuple[str, ...], **values: Any) -> tuple[Step, ...]:
    """Return a step for each named conclusion that ``flow_sharp`` shares with ``flow_path``.

    Parameters
    ----------
    names : iterable of str
        The conclusions.
    seen : tuple of str
        Premises on operator and network, and on their numbers' ranges, for "lower".
    values
        What stands for the symbols of ``flow_sharp``.
    """
    uses = {name: _PREMISES[name] for name in names}
    return tuple(
        lemma(name, f"flow_sharp.{name}", *(u for u in used if u != "lower"),
              *(seen if "lower" in used else ()), **values)
        for name, used in uses.items()
    )  # fmt: skip


def _ranges(
    uses: tuple[str, ...], ranges: tuple[str, ...], positive: tuple[str, ...]
) -> tuple[str, ...]:
    if "lower" not in uses:
        return ()
    return (*ranges, *positive) if "q" in uses else ranges
