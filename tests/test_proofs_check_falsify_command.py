"""``kurdyka falsify``: what it prints, what it writes, how it ends; and the mutants of a file."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from proofs_check import cli
from proofs_check.commands.mutants import NOTES, TREND
from proofs_check.mutants.page import read_trend
from proofs_check.mutants.verdicts import Why

LEMMAS = Path(__file__).parent.parent / "examples" / "lemmas"
TRUE, FALSE = (str(LEMMAS / f"{name}_lemma.py") for name in ("true", "false"))
QUICK = ("--budget", "2")
HARDLY = ("--budget", "0.1")
HEAD = "from theory.authoring import *\nv, w = vector('v'), vector('w')\na, b = real('a b')\n"
Run = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def work(*words: str) -> tuple[int, dict[str, Any] | None, str, str]:
        written = tmp_path / "report.json"
        status = cli.run(["falsify", *words, "--json", str(written)])
        shown = capsys.readouterr()
        document = json.loads(written.read_text()) if written.exists() else None
        return status, document, shown.out, shown.err

    return work


def lemma(tmp_path: Path, claim: str, quantities: str = "a, b", given: str = "") -> str:
    file = tmp_path / "mine.py"
    known = "".join(f"Quantity({q.strip()}, 'known')," for q in quantities.split(","))
    hypotheses = f"(Hypothesis('h', {given}),)" if given else "()"
    text = f"mine = Statement('mine', ({known}), {hypotheses}, {{'c': {claim}}}, ())\n"
    file.write_text(HEAD + text)
    return str(file)


def test_a_false_lemma_ends_with_1_and_its_counterexample(run: Run) -> None:
    status, document, out, err = run(FALSE, *QUICK)
    assert status == 1
    assert err == ""
    assert "counterexample found" in out
    assert next(iter(document)) == "schema"
    assert document["schema"] == "kurdyka.falsify/1"
    (entry,) = document["statements"]
    assert entry["id"] == "young_too_good"
    found = entry["counterexample"]
    a, b, lam = (Fraction(found["values"][name]) for name in ("a", "b", "lambda"))
    assert lam > 0
    assert a * b > a**2 / (3 * lam) + lam * b**2 / 2
    for side, value in (("left", a * b), ("right", a**2 / (3 * lam) + lam * b**2 / 2)):
        assert Fraction(found[side]["lower"]) <= value <= Fraction(found[side]["upper"])
    assert {"versions", "seed", "hashes"} <= set(document["manifest"])


def test_a_true_lemma_ends_with_0_and_its_sharpness(run: Run) -> None:
    status, document, out, _ = run(TRUE, *QUICK)
    assert status == 0
    (entry,) = document["statements"]
    assert entry["counterexample"] is None
    ratio = entry["sharpness"]["ratio"]
    assert 0.99 < float(ratio["lower"]) <= float(ratio["upper"]) <= 1
    assert entry["sharpness"]["instance"]
    assert entry["sharpness"]["attained"] is False  # equality would need c = 0
    assert "no counterexample" in out


def test_vectors_are_shown_whole(run: Run, tmp_path: Path) -> None:
    file = lemma(tmp_path, "Norm(v) * Norm(w) <= Abs(Inner(v, w))", "v, w")
    status, document, out, _ = run(file, *QUICK)
    assert status == 1
    values = document["statements"][0]["counterexample"]["values"]
    assert set(values) == {"v", "w"}
    assert values["v"].startswith("(")
    assert "v = (" in out
    assert "Norm(v)*Norm(w) <= Abs(Inner(v, w))" in out


def test_what_cannot_be_attacked_is_said_to_be_so(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    claim = "Statement('m', (Quantity(F, 'f'), Quantity(A, 'A')), (), {'c': F(A) >= 0}, ())"
    file.write_text(HEAD + "F, A = real_function('F'), operator('A')\nmine = " + claim + "\n")
    status, document, out, _ = run(str(file), *QUICK)
    assert status == 0
    assert document["statements"][0]["models"] == []
    assert document["statements"][0]["sharpness"] is None
    assert "not attacked: declare a Model" in out


def test_standard_output_takes_the_json_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["falsify", FALSE, *QUICK, "--json", "-"]) == 1
    assert json.loads(capsys.readouterr().out)["schema"] == "kurdyka.falsify/1"


def test_the_answer_is_determined_by_the_seed(run: Run) -> None:
    first, second = (run(FALSE, *QUICK, "--seed", "5")[1]["statements"] for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("nonsense_lemma",), "nonsense_lemma"),
        ((TRUE, "--budget", "0"), "--budget"),
        ((TRUE, "--budget", "nan"), "--budget"),
        ((TRUE, "--budget", "soon"), "--budget"),
        ((TRUE, "--table", "/nowhere/scores.md"), "/nowhere/scores.md"),
        (("missing.py",), "missing.py"),
    ],
)
def test_a_mistake_is_one_line(
    words: tuple[str, ...], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["falsify", *words]) == 2
    err = capsys.readouterr().err
    assert named in err
    assert err.count("\n") == 1


# --- mutants --------------------------------------------------------------------------------


def test_mutants_are_scored_and_written_to_a_page(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "scores.md"
    status, document, out, _ = run(TRUE, *HARDLY, "--mutants", "--jobs", "1", "--table", str(page))
    assert status == 0
    found = document["statements"][0]["mutants"]
    verdicts = {m["name"]: m["verdict"] for m in found["mutants"]}
    assert found["made"] == found["tried"] == len(verdicts) == 8
    assert verdicts["decrease dropped"] == "REFUTED"
    assert verdicts["shrinks: reversed"] == "REFUTED"
    assert verdicts["shrinks: a tenth sharper"] == "REFUTED"
    assert verdicts["shrinks: -1/2 is -11/20"] == "REFUTED"
    assert verdicts["shrinks: -1/2 is -9/20"] == "PROVED"
    weaker = {m["name"]: m["reason"] for m in found["mutants"]}["shrinks: -1/2 is -9/20"]
    assert weaker == Why.WEAKER.value
    text = page.read_text()
    assert re.search(r"\| shrinking_residual \| 8 \| [56] \| 1 \| 1 \| [01] \|", text)
    assert "`range of r_1 dropped`: the proof does without it" in text
    assert "range of r_1 dropped: PROVED" in out
    (row,) = read_trend(tmp_path / TREND)
    assert (row.statements, row.made, row.tried, row.weaker, row.proved) == (1, 8, 8, 1, 1)


def test_a_run_goes_on_from_its_results(run: Run, tmp_path: Path) -> None:
    """A second run tries nothing again; another seed is another sample."""
    kept = ("--results", str(tmp_path / "results.sqlite"), "--jobs", "1", "--sample", "3")
    _, first, _, _ = run(TRUE, *HARDLY, *kept)
    with sqlite3.connect(tmp_path / "results.sqlite") as base:
        assert base.execute("select count(*) from tried").fetchone() == (3,)
        base.execute("update tried set detail = 'kept', seconds = 77")
    _, second, _, _ = run(TRUE, *HARDLY, *kept)
    mutants = second["statements"][0]["mutants"]
    assert (mutants["made"], mutants["tried"]) == (8, 3)
    assert {m["detail"] for m in mutants["mutants"]} == {"kept"}
    names = [[m["name"] for m in d["statements"][0]["mutants"]["mutants"]] for d in (first, second)]
    assert names[0] == names[1]


def test_explanations_beside_the_page_are_read(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "scores.md"
    (tmp_path / NOTES).write_text('["*"]\n"range of *" = "It is idle."\n')
    run(TRUE, *HARDLY, "--table", str(page), "--jobs", "1")
    assert re.search(r"`range of r_1 dropped`: .*It is idle\.", page.read_text())


@pytest.mark.parametrize(
    ("file", "text", "named"),
    [
        (NOTES, "no toml", NOTES),
        (NOTES, "a = 1", "has to hold a sentence"),
        (TREND, "when,what\n", "first line"),
        (TREND, "HEAD\n2020-01-01,1,one,1,1,1,1,1,1,1%\n", "line 2 is no run"),
        ("results.sqlite", "not a database, only a text of some length" * 50, "no results"),
    ],
)
def test_what_is_no_file_of_its_kind_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, text: str, named: str
) -> None:
    head = "date,version,statements,made,tried,refuted,weaker,proved,open,score"
    (tmp_path / file).write_text(text.replace("HEAD", head))
    words = ["--table", str(tmp_path / "scores.md"), "--jobs", "1", "--sample", "1"]
    if file.endswith("sqlite"):
        words += ["--results", str(tmp_path / file)]
    assert cli.run(["falsify", TRUE, *HARDLY, *words]) == 2
    err = capsys.readouterr().err
    assert named in err
    assert err.count("\n") == 1


def test_of_a_false_statement_no_mutants_are_made(run: Run) -> None:
    _, document, _, _ = run(FALSE, *QUICK, "--mutants", "--jobs", "1")
    assert document["statements"][0]["mutants"] is None
