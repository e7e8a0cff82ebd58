"""The report page is complete, well formed, and needs nothing from elsewhere."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from sample_reports import proved, refuted, undecided

from proofs_check.manifest import manifest
from proofs_check.reporting.html_page import page

VOID = {"meta", "br"}


class Checker(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.links = [], []

    def handle_starttag(self, tag, attrs):
        self.links += [value for name, value in attrs if name in ("href", "src")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def text():
    return page([proved(), refuted(), undecided()], manifest(seed=7))


def test_every_tag_is_closed(text):
    checker = Checker()
    checker.feed(text)
    assert checker.open == []


def test_nothing_comes_from_elsewhere(text):
    checker = Checker()
    checker.feed(text)
    assert checker.links
    assert all(link.startswith("#") for link in checker.links)
    assert not re.search(r"https?://|@import|url\(|<script|<img", text)


def test_links_lead_somewhere(text):
    ids = set(re.findall(r'id="([^"]+)"', text))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= ids


def test_verdicts_steps_and_counterexample_are_there(text):
    for part in ("PROVED", "REFUTED", "UNDECIDED", "r₁² ≤ r₀²·(1 − c)", "[0.1666, 0.1667]"):
        assert part in text
    assert "factor 1 - c (its proof fails)" in text
    assert "SHA-256" in text


def test_an_open_step_is_unfolded_and_a_proved_one_folded(text):
    steps = re.findall(r"<details( open)?><summary><span class=\"badge (\w+)\"", text)
    assert {verdict for is_open, verdict in steps if is_open} == {"refuted", "undecided"}
    assert ("", "proved") in steps


def test_what_a_user_writes_is_escaped():
    statement = replace(proved().statement, title="<script>alert(1)</script> & more")
    text = page([replace(proved(), statement=statement)], {})
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_subscripts_are_lowered():
    assert "σ<sub>A</sub>" not in page([proved()], {})
    from proofs_check.reporting.html_blocks import formula

    assert formula("σ_A·σ_min(J) ≤ _x") == (
        '<span class="math">σ<sub>A</sub>·σ<sub>min</sub>(J) ≤ _x</span>'
    )
