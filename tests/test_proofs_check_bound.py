"""``kurdyka bound``: values, JSON, inversion, refusals in one line."""

import json
from fractions import Fraction

import pytest

from proofs_check.cli import run

FLOW = ("w_0=1", "sigma_A=1", "sigma_0=1")


def bound(capsys, *arguments):
    status = run(["bound", *arguments, "--json", "-"])
    return status, json.loads(capsys.readouterr().out)


def test_all_bounds_of_a_statement(capsys):
    status, document = bound(capsys, "flow_sharp", *FLOW, "Λ=0.1")
    assert status == 0
    assert next(iter(document)) == "schema"
    assert document["schema"] == "kurdyka.bound/1"
    assert document["values"] == {"w_0": "1", "sigma_A": "1", "sigma_0": "1", "Lambda": "0.1"}
    found = {row["name"]: row["value"] for row in document["bounds"]}
    assert found["q"] == {"lower": "0.1", "upper": "0.1"}
    low, high = (Fraction(found["travel_radius"][end]) for end in ("lower", "upper"))
    assert 0 < high - low < Fraction(1, 10**30)
    assert low < Fraction("1.0557280900008412143633053250748951") < high


def test_one_bound_and_what_is_shown(capsys):
    assert run(["bound", "flow_sharp.conditioning", *FLOW, "Lambda=3/8", "--digits", "5"]) == 0
    text = capsys.readouterr().out
    assert "σ₀·√(1 − 2q)" in text
    assert "0.5" in text.split()


def test_what_is_missing_for_one_of_several_bounds(capsys):
    status, document = bound(capsys, "flow_published", *FLOW, "Lambda=0.1")
    rows = {row["name"]: row for row in document["bounds"]}
    assert status == 0
    assert rows["envelope"]["value"] is None
    assert rows["envelope"]["needs"] == ["t"]


def test_a_hypothesis_that_fails_and_a_bound_without_value(capsys):
    status, document = bound(capsys, "flow_published", *FLOW, "Lambda=0.3", "t=1")
    assert status == 1
    assert document["hypotheses"] == [{"name": "H_threshold", "holds": False}]
    status, document = bound(capsys, "flow_sharp", *FLOW, "Lambda=0.7")
    rows = {row["name"]: row for row in document["bounds"]}
    assert status == 1
    assert rows["travel_radius"]["value"] is None
    assert "1 − 2Λ" in rows["travel_radius"]["reason"]
    assert run(["bound", "flow_published", *FLOW, "Lambda=0.3", "t=1"]) == 1
    assert "H_threshold does not hold here" in capsys.readouterr().out


def test_a_bound_is_given_only_where_it_holds(capsys):
    """The stopping time of the threshold holds at q = 1/2 and nowhere else."""
    name, values = "early_stopping.stopping_time_critical", (*FLOW, "e=0.1")
    for ratio, holds in (("1/2", True), ("0.55", False), ("0.4", False)):
        status, document = bound(capsys, name, *values, f"Lambda={ratio}")
        (row,) = document["bounds"]
        assert (status, row["holds"], row["value"] is None) == (int(not holds), holds, not holds)
        assert row["condition"]["text"] in ("a = 0 and e < w₀", "e < w₀ and a = 0")
        assert holds or "needs" in row["reason"]
    assert run(["bound", "early_stopping", *values, "Lambda=0.55"]) == 1
    assert "does not hold here: it needs" in " ".join(capsys.readouterr().out.split())


def test_what_the_values_do_not_decide_is_said(capsys):
    status, document = bound(capsys, "envelope_squared.envelope_critical", "b=1", "w_0=1", "t=1")
    (row,) = document["bounds"]
    assert (status, row["holds"], row["value"]["lower"]) == (0, None, "0.5")
    status, document = bound(capsys, "flow_sharp.q", *FLOW, "Lambda=0.7")
    (row,) = document["bounds"]
    assert (status, row["holds"], row["condition"]) == (0, True, None)


def test_inversion(capsys):
    status, document = bound(
        capsys, "flow_sharp.travel_radius", *FLOW, "--solve-for", "Lambda", "value=1.2"
    )
    low, high = (Fraction(document["solution"][end]) for end in ("lower", "upper"))
    assert (status, document["monotone"]) == (0, "increasing")
    assert low < Fraction(5, 18) < high
    assert Fraction(document["bracket"]["upper"]) <= Fraction(1, 2)


def test_where_to_look(capsys):
    status, document = bound(
        capsys, "kl_power.Psi_power", "c=1", "x=1/2", "--solve-for", "alpha", "value=2",
        "alpha=0.1..0.49", "--digits", "10",
    )  # fmt: skip
    assert status == 0
    assert Fraction(document["bracket"]["lower"]) >= Fraction(1, 10)


def test_a_loss(capsys):
    status, document = bound(
        capsys, "kl_error_bound.distance", "L(v_0)=0.32", "--loss", "squared", "--digits", "9"
    )
    value = document["bounds"][0]["value"]
    assert (status, document["loss"]) == (0, "squared")
    assert Fraction(value["lower"]) <= Fraction(8, 10) <= Fraction(value["upper"])


LEMMA = """
from theory.authoring import *
from theory.statement import Bound
x = real("x")
half = Statement(
    title="half", quantities=(Quantity(x, "a number", x > 0),), hypotheses=(),
    conclusions={"half": x / 2 <= x}, steps=(polynomial("half", x / 2 <= x, "x"),),
    bounds=(Bound("half", x / 2, "half of it"),),
)
"""


def test_a_lemma_file(capsys, tmp_path):
    file = tmp_path / "lemma.py"
    file.write_text(LEMMA)
    status, document = bound(capsys, f"{file}:half.half", "x=0.3")
    assert (status, document["bounds"][0]["value"]["lower"]) == (0, "0.15")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["flow_sharp"], "needs Lambda, sigma_0, sigma_A, w_0"),
        (["flow_sharp.rate", "Lambda=1"], "needs sigma_0, sigma_A, w_0"),
        (["flow_sharp.rate", *FLOW, "Lambda=-1"], "Λ ≥ 0"),
        (["flow_sharp.rate", *FLOW, "Lambda=1e"], "is no number"),
        (["flow_sharp.rate", *FLOW, "Lambda"], "is no assignment"),
        (["flow_sharp.rate", *FLOW, "Lambda=1", "Lambda=2"], "given twice"),
        (["flow_sharp.rate", *FLOW, "sigma_B=1"], "did you mean sigma_A"),
        (["flow_sharp.speed", *FLOW], "gives no bound 'speed'"),
        (["flow_shrp.rate", *FLOW], "did you mean 'flow_sharp'"),
        (["flow_sharp.travel_radius", *FLOW, "Lambda=0.7"], "has no value"),
        (["flow_sharp.rate", *FLOW, "Lambda=1", "--loss", "hinge"], "choose one of squared"),
        (["flow_sharp", *FLOW, "--solve-for", "Lambda", "value=1"], "name the bound"),
        (["flow_sharp.q", *FLOW, "--solve-for", "Lambda"], "value=NUMBER"),
        (["flow_sharp.q", *FLOW, "Lambda=1", "--solve-for", "Lambda", "value=1"], "leave it out"),
        (["flow_sharp.q", *FLOW, "--solve-for", "rho", "value=1", "Lambda=1"], "does not depend"),
        (["kl_linear"], "gives no bounds"),
        (
            [
                "early_stopping.stopping_time_critical",
                *FLOW,
                "Lambda=0.6",
                "--solve-for",
                "e",
                "value=9",
            ],
            "needs",
        ),
    ],
)
def test_mistakes_are_one_line(capsys, arguments, message):
    assert run(["bound", *arguments]) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""
