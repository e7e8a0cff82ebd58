"""The shape of a cited fact: a schema free of this project's symbols."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from theory.formulas import Formula


@dataclass(frozen=True)
class Fact:
    """A theorem of the literature that steps may cite.

    A step gives the substitution; the checker computes the claim and demands every substituted
    premise from the step's named premises.

    Parameters
    ----------
    name : str
        How a step names it.
    reading : str
        The fact in words.
    source : str
        Bibliography key.
    parameters : tuple
        Schematic symbols and undefined functions, all to be given by the step.
    premises, conclusions : mapping of str to Formula
        By name. A fact with one conclusion may name it ``""``.
    introduces : tuple
        Parameters whose existence the fact asserts; the step must give fresh names for them.
    """

    name: str
    reading: str
    source: str
    parameters: tuple[Any, ...]
    conclusions: Mapping[str, Formula]
    premises: Mapping[str, Formula] = field(default_factory=dict)
    introduces: tuple[Any, ...] = ()
