"""Every source that is named can be cited."""

import re

import pytest

from theory.bibliography import BIBLIOGRAPHY, UnknownReference, bibtex, reference
from theory.facts import TRUSTED
from theory.registry import statements


@pytest.mark.parametrize("fact", TRUSTED.values(), ids=lambda f: f.name)
def test_every_cited_fact_has_a_source(fact):
    assert reference(fact.source).fields["title"]


def test_every_statements_source_is_known():
    for made in statements():
        for key in made.source.keys:
            assert key in BIBLIOGRAPHY, f"{made.id} names {key}"


@pytest.mark.parametrize("entry", BIBLIOGRAPHY.values(), ids=lambda e: e.key)
def test_entries_are_complete_ascii_bibtex(entry):
    assert {"author", "title", "year"} <= set(entry.fields)
    assert re.fullmatch(r"[a-z]+\d+[a-z]?", entry.key)
    text = entry.bibtex()
    assert text.isascii()
    assert text.count("{") == text.count("}")
    assert str(entry).startswith(entry.fields["author"].split(" and ")[0].split()[-1])


def test_accents_become_commands():
    assert r"Yvain Qu{\'e}au" in bibtex(["bqf23"])
    assert r"Stanis{\l}aw {\L}ojasiewicz" in bibtex(["lojasiewicz1963"])


def test_an_entry_is_printed_once():
    assert bibtex(["rudin1976", "horn2012", "rudin1976"]).count("@book{rudin1976,") == 1


def test_an_unknown_key_is_named():
    with pytest.raises(UnknownReference, match="nobody2099"):
        reference("nobody2099")
