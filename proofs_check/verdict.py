"""The five verdicts, and what an engine is asked and answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sympy.logic.boolalg import Boolean


class Verdict(StrEnum):
    """What is known about a claim."""

    PROVED = "PROVED"
    CITED = "CITED"
    REFUTED = "REFUTED"
    UNDECIDED = "UNDECIDED"
    SAMPLED = "SAMPLED"

    @property
    def established(self) -> bool:
        """Whether the claim may be relied on: proved, or cited from the trusted base."""
        return self in (Verdict.PROVED, Verdict.CITED)


@dataclass(frozen=True)
class Goal:
    """A quantifier-free claim to decide from named quantifier-free premises.

    Free symbols stand for arbitrary reals (or vectors, operators); nothing is assumed of them
    beyond the premises.
    """

    claim: Boolean
    premises: Mapping[str, Boolean] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """An engine's answer.

    Parameters
    ----------
    verdict : Verdict
        PROVED, REFUTED or UNDECIDED.
    reason : str
        What discharged the goal, or why it is open. One line.
    needed : frozenset of str
        Names of the premises the proof needs (only for PROVED).
    witness : mapping
        For REFUTED: symbol or term, as text, to its exact value, as text.
    artefact : str
        What somebody else could check or rerun: SMT-LIB text, a list of boxes.
    """

    verdict: Verdict
    reason: str
    needed: frozenset[str] = frozenset()
    witness: Mapping[str, str] = field(default_factory=dict)
    artefact: str = ""

    @property
    def proved(self) -> bool:
        """Whether the verdict is PROVED."""
        return self.verdict is Verdict.PROVED


def undecided(reason: str, artefact: str = "") -> Outcome:
    """Return an UNDECIDED outcome."""
    return Outcome(Verdict.UNDECIDED, reason, artefact=artefact)
