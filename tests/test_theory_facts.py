"""The trusted base as a whole: which of it THEORY lists, and what goes beyond that list."""

from __future__ import annotations

import pytest

from proofs_check.reporting.documents import fact
from theory.bibliography import BIBLIOGRAPHY
from theory.facts import TRUSTED, Basis, Rank, ranked


def test_every_basis_has_facts_and_words_of_its_own() -> None:
    assert {found.basis for found in TRUSTED.values()} == set(Basis)
    assert len({basis.words for basis in Basis}) == len(Basis)


def test_what_goes_beyond_the_list_is_known_by_name() -> None:
    """Whoever trusts one theorem more than THEORY lists has to say so here."""
    further = {name for name, found in TRUSTED.items() if found.basis.rank is Rank.FURTHER}
    assert further == {"zonotope", "gamma_function", "bienayme"}


def test_facts_are_ranked_and_none_is_lost() -> None:
    groups = ranked(["bienayme", "weyl", "operator_norm", "no_such_fact", "khintchine"])
    names = {rank: [found.name for found in group] for rank, group in groups.items()}
    assert names == {
        Rank.LISTED: ["weyl", "khintchine"],
        Rank.RULE: ["operator_norm"],
        Rank.FURTHER: ["bienayme"],
    }
    assert list(groups) == list(Rank)
    assert sum(map(len, ranked(TRUSTED).values())) == len(TRUSTED)
    assert ranked(["no_such_fact"]) == {}


@pytest.mark.parametrize("name", TRUSTED)
def test_a_fact_names_a_known_source(name: str) -> None:
    assert TRUSTED[name].source in BIBLIOGRAPHY
    assert fact(name)["reference"] == str(BIBLIOGRAPHY[TRUSTED[name].source])


def test_a_name_outside_the_trusted_base_has_no_rank() -> None:
    assert fact("no_such_fact")["rank"] is None
