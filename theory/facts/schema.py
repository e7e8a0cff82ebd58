"""The shape of a cited fact: a schema free of this project's symbols."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from theory.formulas import Formula


class Rank(Enum):
    """How far a fact is from the definitions."""

    LISTED = "Theorems of THEORY section 11"
    RULE = "Rules of the notions themselves"
    FURTHER = "Theorems beyond THEORY section 11"


class Basis(Enum):
    """What a fact is an instance of: an item of THEORY section 11, a notion, or a further theorem.

    A rule of a notion is what follows from its definition in a line or two, as that expectation is
    linear; the notions are not defined here, so that their rules have to be cited.
    """

    WEYL = Rank.LISTED, "Weyl's inequality"
    COURANT_FISCHER = Rank.LISTED, "Courant–Fischer"
    JENSEN = Rank.LISTED, "Jensen"
    CHAIN_RULE = Rank.LISTED, "chain rule"
    FUNDAMENTAL = Rank.LISTED, "fundamental theorem of calculus"
    MONOTONE = Rank.LISTED, "derivative ≤ 0 ⇒ non-increasing"
    FIRST_EXIT = Rank.LISTED, "first exit (intermediate value)"
    FINITE_LENGTH = Rank.LISTED, "finite length ⇒ limit"
    EXISTENCE = Rank.LISTED, "Peano, and continuation of bounded solutions"
    COMPARISON = Rank.LISTED, "comparison lemma for scalar equations"
    INVERSE_FUNCTION = Rank.LISTED, "inverse function theorem"
    UNION_BOUND = Rank.LISTED, "union bound"
    CONDITIONING = Rank.LISTED, "conditioning on independent variables"
    S_LEMMA = Rank.LISTED, "S-lemma"
    MATRIX_CHERNOFF = Rank.LISTED, "matrix Chernoff"
    GAUSSIAN = Rank.LISTED, "Gaussian concentration"
    MCDIARMID = Rank.LISTED, "McDiarmid"
    SYMMETRISATION = Rank.LISTED, "symmetrisation and contraction"
    KHINTCHINE = Rank.LISTED, "Khintchine"
    HSU = Rank.LISTED, "Hsu–Kakade–Zhang"
    GORDON = Rank.LISTED, "Gordon's escape theorem"

    NUMBERS = Rank.RULE, "integers and sequences"
    LIMIT = Rank.RULE, "limit"
    CONTINUITY = Rank.RULE, "continuous function"
    DERIVATIVE = Rank.RULE, "derivative"
    LINEAR = Rank.RULE, "vectors and linear maps"
    NORM = Rank.RULE, "norm of an operator"
    PROBABILITY = Rank.RULE, "probability"
    EXPECTATION = Rank.RULE, "expectation"
    INDEPENDENCE = Rank.RULE, "independence"

    SEPARATION = Rank.FURTHER, "separation of a point from a convex set"
    GAMMA = Rank.FURTHER, "the gamma function's recurrence and log-convexity"
    BIENAYME = Rank.FURTHER, "Bienaymé's identity"

    def __init__(self, rank: Rank, words: str) -> None:
        self.rank, self.words = rank, words


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
    basis : Basis
        What it is an instance of.
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
    basis: Basis
    parameters: tuple[Any, ...]
    conclusions: Mapping[str, Formula]
    premises: Mapping[str, Formula] = field(default_factory=dict)
    introduces: tuple[Any, ...] = ()
