"""The three example lemmas, verified as a user would: proved, refuted, open."""

import json
from fractions import Fraction

import pytest
from sample_reports import LEMMAS

from proofs_check import cli


def verify(name, capsys, *more):
    status = cli.run(["verify", str(LEMMAS / f"{name}_lemma.py"), "--json", "-", *more])
    (found,) = json.loads(capsys.readouterr().out)["statements"]
    return status, found


def test_the_true_lemma_is_proved_with_its_witness_and_mutant(capsys):
    status, found = verify("true", capsys)
    assert (status, found["verdict"]) == (0, "PROVED")
    assert found["witness"]["holds"] is True
    assert [m["verdict"] for m in found["mutants"]] == ["REFUTED"]
    assert found["unused_hypotheses"] == []


def test_the_false_lemma_is_refuted_by_numbers_that_violate_it(capsys):
    status, found = verify("false", capsys)
    assert (status, found["verdict"]) == (1, "REFUTED")
    a, b, weight = (Fraction(found["counterexample"]["values"][n]) for n in ("a", "b", "lambda"))
    assert weight > 0
    assert a * b > a**2 / (3 * weight) + weight * b**2 / 2
    assert a * b <= a**2 / (2 * weight) + weight * b**2 / 2  # the lemma it imitates holds there
    left, right = found["counterexample"]["left"], found["counterexample"]["right"]
    assert Fraction(left["lower"]) <= a * b <= Fraction(left["upper"])
    assert Fraction(right["upper"]) < Fraction(left["lower"])


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_lemma_with_a_hole_is_open_and_says_where(jobs, capsys):
    status, found = verify("open", capsys, "--jobs", jobs)
    assert (status, found["verdict"]) == (1, "UNDECIDED")
    assert found["counterexample"] is None
    assert [s["verdict"] for s in found["steps"]] == ["UNDECIDED"]
    assert found["unused_hypotheses"] == ["speed"]


def test_the_lemma_with_a_hole_is_proved_once_the_advice_is_followed(tmp_path, capsys):
    text = (LEMMAS / "open_lemma.py").read_text()
    mended = text.replace('"slope_positive", "sigma")', '"slope_positive", "speed", "sigma")')
    assert mended != text
    file = tmp_path / "mended.py"
    file.write_text(mended)
    assert cli.run(["verify", str(file)]) == 0
    assert "PROVED" in capsys.readouterr().out


def test_a_file_may_rest_on_its_own_lemmas(tmp_path, capsys):
    text = """from theory.authoring import *
x, y = real("x y")
base = Statement("base", (Quantity(x, "x", x > 1),), (), {"c": x**2 > x},
                 (polynomial("c", x**2 > x, "x"),))
top = Statement("top", (Quantity(y, "y", y > 1),), (), {"c": y**2 > y},
                (lemma("c", "base.c", "y", x=y),))
"""
    file = tmp_path / "two.py"
    file.write_text(text)
    assert cli.run(["verify", str(file)]) == 0
    assert cli.run(["explain", f"{file}:top.c"]) == 0
    assert cli.run(["show", f"{file}:top"]) == 0
    assert "y² > y" in capsys.readouterr().out


def test_a_claim_about_another_lemma_is_not_enough(tmp_path, capsys):
    """What rests on a refuted lemma is not proved, even where it is true."""
    text = """from theory.authoring import *
x, y = real("x y")
base = Statement("base", (Quantity(x, "x"),), (), {"c": x**2 > x}, (polynomial("c", x**2 > x),))
top = Statement("top", (Quantity(y, "y", y > 1),), (), {"c": y**2 > y},
                (lemma("c", "base.c", x=y),))
"""
    file = tmp_path / "two.py"
    file.write_text(text)
    assert cli.run(["verify", f"{file}:top", "--json", "-"]) == 1
    top, base = json.loads(capsys.readouterr().out)["statements"]
    assert (top["id"], top["verdict"]) == ("top", "UNDECIDED")
    assert (base["id"], base["verdict"]) == ("base", "REFUTED")
