"""``kurdyka latex``: documents that compile, numbers that are those of ``kurdyka bound``."""

import json
import re
from dataclasses import replace

import pytest
from latex_compiling import compiled, complaints
from latex_reading import expanded, problems

from numerics.bounds import evaluate_bound
from proofs_check.cli import run
from proofs_check.mutants.declared import mutated
from proofs_check.reporting.latex_tables import comparisons, decimals, printed, values_of
from theory.registry import statement
from theory.typesetting.labels import code, label
from theory.typesetting.macros import Macros
from theory.typesetting.statement import Writer
from theory.typesetting.words import prose

PAIR = ("flow_published", "flow_sharp")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The two theorems on the flow as a document, and as JSON."""
    folder = tmp_path_factory.mktemp("latex")
    file, data = folder / "flow.tex", folder / "flow.json"
    status = run(["latex", *PAIR, "--document", "-o", str(file), "--json", str(data)])
    assert status == 0
    return file, json.loads(data.read_text())


def test_the_document_is_sound_and_complete(written):
    text = written[0].read_text()
    assert problems(text) == []
    for id in PAIR:
        made = statement(id)
        assert prose(made.title) in text
        names = [h.name for h in made.hypotheses] + [b.name for b in made.bounds]
        assert all(label(name) in text for name in (*names, *made.conclusions))
        assert all(code(step.name) in text for step in made.steps)


def test_one_macro_for_each_symbol_and_each_bound(written):
    text, data = written[0].read_text(), written[1]
    bodies = dict(re.findall(r"\\newcommand\{\\(\w+)\}\{(.*)\}\n", text))
    assert (bodies["kusigmaA"], bodies["kupsiPrime"]) == (r"\sigma_{A}", r"\psi'")
    assert bodies["kuthetaDot"] == r"\dot{\theta}"
    for entry in data["statements"]:
        for bound in entry["bounds"]:
            assert bound["macro"][1:] in bodies
            assert text.count(bound["macro"]) >= 2, "defined and used"
    radius = expanded(r"\kuBoundFlowPublishedTravelRadius", bodies)
    assert radius == r"\frac{2 w_{0}}{\sigma_{A} \sigma_{0}}"


def test_numbers_are_those_of_kurdyka_bound(written):
    shown = 0
    for entry in written[1]["statements"]:
        for bound in entry["bounds"]:
            if bound["value"] is None:
                continue
            found = evaluate_bound(statement(entry["id"]), bound["name"], entry["at"], 12)
            assert bound["value"] == found.to_json()
            assert decimals(found) in written[0].read_text()
            shown += 1
    assert shown >= 10


def test_published_beside_sharp(written):
    rows = {row["name"]: row for row in written[1]["comparison"]}
    assert set(rows) == {"threshold", "travel_radius", "conditioning", "rate"}
    assert rows["travel_radius"]["published"] == "flow_published.travel_radius"
    assert rows["travel_radius"]["attained"] in ("limit", "equality")
    assert rows["threshold"]["attained"] is None, "a number is a side of no inequality"


def test_what_is_attained_is_computed():
    """The mutant's inequality, 1% too strong, is attained nowhere."""
    made = statement("flow_sharp")
    made = replace(made, bounds=(made.bound("conditioning"),))
    wide = mutated(made, next(m for m in made.mutants if m.name == "conditioning kept 1% better"))
    found = [comparisons([statement("flow_published"), s])[0].attained for s in (made, wide)]
    assert found[0].attained
    assert found[1] is None or not found[1].attained


def test_one_source_of_a_formula():
    made = statement("flow_sharp")
    false = mutated(made, next(m for m in made.mutants if m.name == "ρ* shrunk by 1%"))
    before, after = values_of(made), values_of(false)
    assert before.bounds["travel_radius"].lower > after.bounds["travel_radius"].upper
    assert Writer(Macros()).theorem(made) != Writer(Macros()).theorem(false)
    assert r"\frac{99" in Writer(Macros()).theorem(false)
    shown = printed(Writer(Macros()), false, after)
    assert shown.bounds["travel_radius"] in Writer(Macros()).theorem(false, shown)
    assert problems(Writer(Macros()).theorem(false, shown)) != [], "macros are not defined"


def test_a_fragment_defines_its_macros(capsys):
    assert run(["latex", "kl_power"]) == 0
    text = capsys.readouterr().out
    assert problems(text) == []
    assert r"\documentclass" not in text
    assert text.index(r"\newcommand{\kualpha}") < text.index(r"\begin{theorem}")


def test_a_fragment_compiles_in_a_document_of_ones_own(capsys, tmp_path):
    """It needs the packages that it names, an environment ``theorem``, and nothing else."""
    assert run(["latex", "kl_power"]) == 0
    fragment = capsys.readouterr().out
    needed = re.search(r"needs (.*) and an environment theorem", fragment)[1]
    packages = rf"\usepackage{{{needed.replace(' ', '')}}}\newtheorem{{theorem}}{{Theorem}}"
    file = tmp_path / "own.tex"
    file.write_text(
        rf"\documentclass{{article}}{packages}\begin{{document}}{fragment}\end{{document}}"
    )
    assert complaints(compiled(file, tmp_path)) == []


def test_values_of_ones_own(capsys):
    arguments = ["latex", "flow_sharp", "--json", "-"]
    at = {"w_0": "1", "sigma_A": "1", "sigma_0": "1", "Lambda": "0.1"}
    status = run([*arguments, *(x for k, v in at.items() for x in ("--at", f"{k}={v}"))])
    [entry] = json.loads(capsys.readouterr().out)["statements"]
    assert (status, entry["at"]) == (0, at)
    values = {bound["name"]: bound["value"] for bound in entry["bounds"]}
    found = evaluate_bound(statement("flow_sharp"), "travel_radius", at, 12)
    assert values["travel_radius"] == found.to_json()


LEMMA = """
from theory.authoring import *
a = real("a")
claim = a**2 {sign} a
lemma = Statement(
    title="lemma", quantities=(Quantity(a, "a number with 50% & more", a > 1),), hypotheses=(),
    conclusions={{"claim": claim}}, steps=(polynomial("claim", claim, "a"),),
)
"""


@pytest.mark.parametrize(("sign", "verdict"), [(">=", "PROVED"), ("<=", "REFUTED")])
def test_verdicts_are_printed_where_engines_were_asked(capsys, tmp_path, sign, verdict):
    file = tmp_path / "lemma.py"
    file.write_text(LEMMA.format(sign=sign))
    assert run(["latex", str(file)]) == 0
    unasked = capsys.readouterr().out
    assert problems(unasked) == []
    assert "PROVED" not in unasked
    assert "kurdyka verify lemma" in unasked
    assert run(["latex", str(file), "--verify"]) == (0 if verdict == "PROVED" else 1)
    asked = capsys.readouterr().out
    assert problems(asked) == []
    assert verdict in asked


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["flow_shrp"], "did you mean 'flow_sharp'"),
        ([*PAIR, "--at", "w_0=1"], "--at gives values to one statement"),
        (["flow_sharp", "--at", "w_0"], "is no assignment"),
        (["flow_sharp", "--at", "w_0=x"], "is no number"),
        (["flow_sharp", "-o", "no/such/folder/a.tex"], "there is no folder"),
    ],
)
def test_mistakes_are_one_line(capsys, arguments, message):
    assert run(["latex", *arguments]) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.err.count("\n") == 1


PROSE = {
    "rate a = σ_A²σ₀²(1 − 2q)": r"rate $a = \sigma _{A}^{2}\sigma _{0}^{2}(1 - 2q)$",
    "a number": "a number",
    "rate a of a flow from a, to a": "rate $a$ of a flow from $a$, to $a$",
    "N_AV and σ_AJ": r"$N_{AV}$ and $\sigma _{AJ}$",
    "the i-th entry of v": "the $i$-th entry of $v$",
    "Kurdyka–Łojasiewicz inequality": r"Kurdyka--{\L}ojasiewicz inequality",
    "50% & more_or_less": r"50\% \& more\_or\_less",
    "signal x̄": r"signal $\bar{x}$",
    "√(1 − 2q) and √k": r"$\sqrt{1 - 2q}$ and $\sqrt{k}$",
    "ψ is C¹ on (0, r₀)": r"$\psi$ is $C^{1}$ on $(0, r_{0})$",
}


@pytest.mark.parametrize("text", PROSE)
def test_words_with_formulas_in_them(text):
    assert prose(text) == PROSE[text]
    assert problems(prose(text)) == []
