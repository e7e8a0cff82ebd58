"""The page of scores, its explanations and its trend; and the store that keeps verdicts."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sympy import Rational

from proofs_check.mutants.page import (
    EXPLAINED,
    Row,
    extended,
    note_for,
    page,
    read_notes,
    read_trend,
    row,
    unexplained,
    written_trend,
)
from proofs_check.mutants.score import FINDINGS, Score
from proofs_check.mutants.store import Store, content_of, deciding_files, key_of
from proofs_check.mutants.verdicts import Tried, Why
from proofs_check.verdict import Verdict
from theory.registry import statement as registered
from theory.statement import Hypothesis, Mutant, Quantity, Statement
from theory.terms import real, vector

DOCS = Path(__file__).parent.parent / "docs"
a, b = real("a b")
REFUTED = Tried("c: reversed", Verdict.REFUTED, Why.COUNTEREXAMPLE, "a = 1")
OPEN = Tried("H dropped", Verdict.UNDECIDED, Why.OPEN, "open: c")
COUNTS = Tried("range of k dropped", Verdict.UNDECIDED, Why.COUNTS)
NEEDLESS = Tried("K dropped", Verdict.PROVED, Why.UNNEEDED)
WEAK = Tried("c: 2 is 11/5", Verdict.PROVED, Why.WEAKER)
SCORE = Score("lemma", 9, (REFUTED, OPEN, COUNTS, NEEDLESS, WEAK), seed=4)


# --- the page -------------------------------------------------------------------------------


def test_each_kind_has_its_place() -> None:
    text = page([SCORE], {"lemma": {"H dropped": "It is idle."}})
    assert "| lemma | 5 of 9 | 1 | 1 | 1 | 2 | 33% |" in text
    findings, survivors = text.split("## What can be")[1].split("## What is neither")
    assert "`K dropped`: the proof does without it" in findings
    assert "`H dropped`: no counterexample found (open: c). It is idle." in survivors
    assert "`range of k dropped`: counts the terms" in survivors
    assert "5 of 9 drawn with seed 4: `c: reversed`" in text
    assert "`c: 2 is 11/5`:" not in text


def test_what_is_not_explained_is_named() -> None:
    assert unexplained([SCORE], {}) == ["lemma: H dropped"]
    assert unexplained([SCORE], {"*": {"H *": "always"}}) == []
    assert unexplained([SCORE], {"other": {"H dropped": "elsewhere"}}) == ["lemma: H dropped"]


def test_an_own_explanation_goes_before_a_general_one() -> None:
    notes = {"*": {"H dropped": "general"}, "lemma": {"H *": "own"}}
    assert note_for(notes, "lemma", "H dropped") == ("lemma", "H *", "own")
    assert note_for(notes, "else", "H dropped") == ("*", "H dropped", "general")
    assert note_for(notes, "else", "K dropped") is None


def test_the_trend_grows_and_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / "trend.csv"
    assert read_trend(file) == []
    first = row([SCORE], "2026-01-01", "1")
    assert first == Row("2026-01-01", "1", 1, 9, 5, 1, 1, 1, 2, "33.3%")
    rows = extended([], first)
    file.write_text(written_trend(rows))
    assert read_trend(file) == rows
    assert extended(rows, replace(first, refuted=2)) == [replace(first, refuted=2)]
    assert len(extended(rows, replace(first, date="2026-01-02"))) == 2
    assert len(extended(rows, replace(first, tried=6))) == 2
    assert "| 2026-01-01 | 1 | 1 | 9 |" in page([SCORE], {}, rows)


# --- the page that ships ----------------------------------------------------------------------


def entries() -> list[tuple[str, str, str]]:
    """Return statement, mutant and text of what the page lists."""
    found, id = [], ""
    for line in (DOCS / "mutation_score.md").read_text(encoding="utf-8").splitlines():
        heading = re.fullmatch(r"\*\*(\w+)\*\*", line)
        id = heading[1] if heading else id
        entry = re.fullmatch(r"- `(.+?)`: (.+)", line)
        if entry:
            found.append((id, entry[1], entry[2]))
    return found


def test_every_survivor_is_explained() -> None:
    notes = read_notes(DOCS / "mutation_survivors.toml")
    known = tuple(why.value for why in (*EXPLAINED, *FINDINGS))
    listed = entries()
    assert listed
    for id, mutant, text in listed:
        note = note_for(notes, id, mutant)
        assert text.startswith(known) or note is not None, (id, mutant)
        assert note is None or text.endswith(note[2]), (id, mutant)
        assert Why.CONTRADICTION.value not in text


def test_no_explanation_is_stale() -> None:
    notes = read_notes(DOCS / "mutation_survivors.toml")
    used = {note[:2] for id, mutant, _ in entries() if (note := note_for(notes, id, mutant))}
    assert used == {(table, key) for table, keys in notes.items() for key in keys}


def test_the_page_ends_with_the_trend_beside_it() -> None:
    rows = read_trend(DOCS / "mutation_trend.csv")
    assert len(rows) >= 2
    text = (DOCS / "mutation_score.md").read_text(encoding="utf-8")
    last = rows[-1]
    total = re.search(r"\| all \| (?:\d+ of )?(\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|", text)
    assert total is not None
    counts = (last.made, last.refuted, last.weaker, last.proved, last.open)
    assert tuple(map(int, total.groups())) == counts


# --- the store --------------------------------------------------------------------------------


def stated(**changes: object) -> Statement:
    parts: dict[str, object] = {
        "title": "s", "quantities": (Quantity(a, "a"), Quantity(b, "b")), "steps": (),
        "hypotheses": (Hypothesis("H", a <= 1),), "conclusions": {"c": a <= 2},
    }  # fmt: skip
    return Statement(**(parts | changes))  # type: ignore[arg-type]


DROPPED = Mutant("H dropped", {"H": None})


@pytest.mark.parametrize(
    "other",
    [
        stated(conclusions={"c": a <= Rational(21, 10)}),
        stated(hypotheses=(Hypothesis("H", a < 1),)),
        stated(quantities=(Quantity(a, "a"), Quantity(b, "b", b > 0))),
        stated(quantities=(Quantity(a, "a"), Quantity(vector("b"), "b"))),
    ],
)
def test_another_statement_has_another_key(other: Statement) -> None:
    assert key_of(stated(), DROPPED, 0) == key_of(stated(), DROPPED, 0)
    assert key_of(other, DROPPED, 0) != key_of(stated(), DROPPED, 0)


def test_another_mutant_or_seed_has_another_key() -> None:
    keys = {key_of(stated(), DROPPED, seed) for seed in (0, 1)}
    keys.add(key_of(stated(), Mutant("H dropped", {"H": a <= 3}), 0))
    assert len(keys) == 3


def test_a_statement_depends_on_its_lemmas() -> None:
    user = registered("flow_sharp")
    assert content_of(user) == content_of(registered("flow_sharp"))
    assert content_of(user) != content_of(registered("flow_path"))


def test_what_decides_is_found_by_its_imports() -> None:
    names = set(deciding_files())
    assert names >= {
        "proofs_check.engines.gram", "proofs_check.engines.guard", "proofs_check.searching.hunting",
        "proofs_check.chain", "numerics.rigorous.balls", "theory.formulas", "theory.facts.schema",
        "proofs_check.interpretations.bent", "proofs_check.mutants.systematic",
    }  # fmt: skip
    assert not any(name.startswith(("theory.statements", "proofs_check.cli")) for name in names)


def test_what_was_open_with_less_time_is_tried_again(tmp_path: Path) -> None:
    file = str(tmp_path / "kept")
    store = Store(file)
    store.keep("open", "lemma", OPEN, 5.0)
    store.keep("refuted", "lemma", REFUTED, 5.0)
    store.close()
    again = Store(file)
    assert again.known("open", 5.0) == OPEN
    assert again.known("open", 6.0) is None
    assert again.known("refuted", 60.0) == REFUTED
    assert again.known("other", 1.0) is None
