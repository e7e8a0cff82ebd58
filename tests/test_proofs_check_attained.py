"""Where the theory says "attained", "sharp" or "best possible", the search gets there.

Each bound is listed with the section of THEORY that says so; none is taken at its word.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Abs, Eq, Lambda, Max

from proofs_check.searching.hunting import Hunt
from proofs_check.searching.sharpness import attained, best_of, nearest
from theory import registry
from theory.formulas import ForAll
from theory.statement import Statement

BEST_POSSIBLE: tuple[tuple[str, str, str], ...] = (
    ("2, attained where all coordinates are equally off", "kl_separable_power", "large_p"),
    ("2, attained where one coordinate is off", "kl_separable_power", "small_p"),
    ("2, sharp where one coordinate is off", "kl_separable", "inequality"),
    ("2, the same for log-cosh", "kl_log_cosh", "inequality"),
    ("2, the same for Huber", "kl_huber", "inequality"),
    ("2, the same for pseudo-Huber", "kl_pseudo_huber", "inequality"),
    ("2, the same for Cauchy", "kl_cauchy", "inequality"),
    ("2, the right branch of the largest entry binds", "kl_poisson", "inequality"),
    ("2, the infimum μ(r) of log-cosh", "kl_log_cosh", "modulus"),
    ("2, the infimum μ(r) of Huber", "kl_huber", "modulus"),
    ("2, the infimum μ(r) of pseudo-Huber", "kl_pseudo_huber", "modulus"),
    ("2, the infimum μ(r) of Cauchy", "kl_cauchy", "modulus"),
    ("3 (f), the energy (a) is an equality", "flow_sharp", "energy"),
    ("3 (f), the radius of (b) as t grows", "flow_sharp", "travel"),
    ("3 (f), the conditioning of (b) as t grows", "flow_sharp", "conditioning"),
    ("3 (f), the envelope (c) is an equality", "flow_sharp", "envelope"),
    ("3 (f), the squared loss", "flow_squared", "envelope"),
    ("3 (f), the squared loss at q = 1/2", "flow_squared", "envelope_critical"),
    ("3 (f), beyond q = 1/2 the flow stalls", "flow_squared", "left"),
    ("3, the same with AJ in place of J", "flow_sharp_aj", "energy"),
    ("3, the same with AJ in place of J", "flow_sharp_aj", "travel"),
    ("3, the same with AJ in place of J", "flow_sharp_aj", "envelope"),
    ("5, exact", "conic_polyhedral", "smallest"),
    ("5, exact by the S-lemma", "conic_circular", "certificate"),
    ("6, in the limit of small moves", "lipschitz_w", "lipschitz"),
    ("6, in the limit of a tent-shaped φ'", "lipschitz_vw_one_point", "lipschitz"),
    ("6, the same between two points", "lipschitz_vw", "lipschitz"),
)


@pytest.mark.parametrize(("section", "id", "conclusion"), BEST_POSSIBLE)
def test_the_search_reaches_what_is_best_possible(section: str, id: str, conclusion: str) -> None:
    statement = registry.statement(id)
    found = best_of(statement, conclusion, statement.models, known=True)
    assert found is not None, section
    assert float(found.ratio[0]) >= 0.99, section


def test_the_search_finds_the_tent_without_being_told_the_limit() -> None:
    """The activation is part of the search space: its slope is 1 − |x| near the start."""
    statement = registry.statement("lipschitz_vw_one_point")
    (model,) = statement.models
    slopes = [v.expr for v in model.values.values() if isinstance(v, Lambda)]
    assert any(slope.has(Max, Abs) for slope in slopes), "no tent among the activations"
    hunts = [Hunt(statement, model)]
    found = nearest(hunts, "lipschitz", known=True)
    assert found is not None
    assert found.mode == "best_found"
    assert float(found.ratio[0]) >= 0.99


def test_the_equality_of_a_radial_loss_is_claimed_as_one() -> None:
    claim = registry.statement("kl_radial").conclusions["equality"]
    assert isinstance(claim.body if isinstance(claim, ForAll) else claim, Eq)


def test_what_is_not_best_possible_is_not_said_to_be() -> None:
    """The published radius, threshold and rate leave a factor."""
    statement = registry.statement("flow_published")
    hunts = [Hunt(statement, model) for model in statement.models]
    for conclusion in ("travel", "conditioning"):
        assert attained(hunts, conclusion, known=True) is None


def _halved(statement: Statement, name: str) -> Statement:
    claim = statement.conclusions[name]
    half = claim.func(claim.lhs / 2, claim.rhs)
    return replace(statement, conclusions={**statement.conclusions, name: half})


def test_twice_a_best_possible_bound_is_seen_not_to_be() -> None:
    statement = _halved(registry.statement("lipschitz_w"), "lipschitz")
    found = best_of(statement, "lipschitz", statement.models, known=True)
    assert found is not None
    assert float(found.ratio[1]) < 0.51
    assert not found.attained
