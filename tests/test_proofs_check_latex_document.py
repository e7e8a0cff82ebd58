"""The document of all statements: it compiles, no line is too wide, its numbers are certified."""

import json
import re
from pathlib import Path

import pytest
from latex_compiling import WIDEST, compiled, complaints
from latex_reading import problems

from numerics.bounds import evaluate_bound
from proofs_check.cli import run
from proofs_check.reporting.latex_tables import decimals
from theory.registry import statement, statements
from theory.typesetting.document import COMMANDS, PREAMBLE
from theory.typesetting.sentences import LINE
from theory.typesetting.width import Ruler

_THEOREM = re.compile(r"\\begin\{theorem\}.*?\\label\{thm:([\w-]+)\}")
_DEFINITION = re.compile(r"\\newcommand\{(\\ku\w+)\}\{(.*)\}\n")


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> tuple[Path, list[dict]]:
    folder = tmp_path_factory.mktemp("document")
    file, data = folder / "all.tex", folder / "all.json"
    assert run(["latex", "--document", "-o", str(file), "--json", str(data)]) == 0
    return file, json.loads(data.read_text())["statements"]


def test_it_compiles_with_nothing_undefined_and_no_wide_line(whole, tmp_path):
    assert complaints(compiled(whole[0], tmp_path)) == []


def test_without_tex_too_it_is_sound(whole):
    assert problems(whole[0].read_text()) == []


def test_no_formula_is_wider_than_a_line(whole):
    head, body = whole[0].read_text().replace(COMMANDS, "").split(r"\begin{document}")
    ruler = Ruler(dict(_DEFINITION.findall(head)))
    formulas = re.findall(r"(?<!\\)\$(?:\\displaystyle )?([^$]+)(?<!\\)\$", body)
    blocks = re.findall(r"\\kulines\{\\begin\{aligned\}\[t\] & (.*?) \\end\{aligned\}\}", body)
    formulas += [line for made in blocks for line in made.split(r" \\ & \qquad {}")]
    assert len(formulas) > 5000
    assert [f for f in formulas if ruler.width(f) > LINE + 0.5] == []


def test_every_statement_stands_there_once_and_in_order(whole):
    text = whole[0].read_text()
    order = [label.replace("-", "_") for label in _THEOREM.findall(text)]
    assert order == [entry["id"] for entry in whole[1]]
    assert sorted(order) == sorted(s.id for s in statements())
    sections = [re.sub(r"\D", "", statement(id).source.section) for id in order]
    assert sections == sorted(sections, key=int)


def test_a_lemma_is_named_by_the_number_of_its_theorem(whole):
    numbers = {entry["id"]: n for n, entry in enumerate(whole[1], 1)}
    for entry in whole[1]:
        steps = [s for s in statement(entry["id"]).steps if s.kind == "lemma"]
        named = re.findall(r": Theorem~(\d+) ", entry["proof"])
        assert named == [str(numbers[s.fact.partition(".")[0]]) for s in steps], entry["id"]


def test_numbers_are_those_of_kurdyka_bound(whole):
    shown = 0
    for entry in whole[1]:
        for bound in (b for b in entry["bounds"] if b["value"] is not None):
            found = evaluate_bound(statement(entry["id"]), bound["name"], entry["at"], 12)
            assert bound["value"] == found.to_json()
            assert f"; here {decimals(found)}" in entry["theorem"]
            shown += 1
    assert shown >= 80


def test_proofs_speak_as_a_paper_does(whole):
    text = whole[0].read_text().partition(r"\begin{document}")[2]
    for clumsy in ("expm1", "log1p", r"\mathrm{theta", r"\mathrm{psi", "ForAll", "Lambda(", "None"):
        assert clumsy not in text, clumsy


WRONG = {
    "an undefined command": r"$\undefinedsign$",
    "an undefined reference": r"Theorem~\ref{thm:nowhere}",
    "a line that is too wide": r"\noindent\rule{1.05\textwidth}{1pt}",
    "a formula that is too wide": rf"\noindent${{{'a + ' * 60}a}}$",
    "an error": r"\begin{theorem}",
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_seen(what, tmp_path):
    found = {}
    for name, body in (("good", "$a + b$"), ("bad", WRONG[what])):
        file = tmp_path / f"{name}.tex"
        file.write_text(rf"{PREAMBLE}{COMMANDS}\begin{{document}}{body}\end{{document}}")
        found[name] = complaints(compiled(file, tmp_path))
    assert found["good"] == []
    assert found["bad"] != []


@pytest.mark.parametrize(("width", "seen"), [(WIDEST - 1, False), (WIDEST + 1, True)])
def test_how_wide_is_too_wide(width, seen):
    log = f"Overfull \\hbox ({width:.5f}pt too wide) in paragraph\nOutput written on a.pdf"
    assert bool(complaints(log)) is seen
    assert complaints("") == ["there is no output"]
