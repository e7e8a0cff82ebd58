"""The table in the documentation: every activation, and nothing that a command does not confirm."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from numerics.activation_constants import MEANINGS, activation_constants
from numerics.enclosures import Enclosure
from proofs_check.cli import run
from proofs_check.reporting.constants_table import (
    BEGIN,
    END,
    Place,
    TableError,
    certain_digits,
    markdown,
)
from theory.activations import ACTIVATIONS, activation

DOCS = Path(__file__).parents[1] / "docs" / "constants.md"


def rows():
    """Return activation → constant → cell of the table in the documentation."""
    block = DOCS.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    found, heads = {}, []
    for line in block.splitlines():
        cells = [c.strip() for c in re.split(r"(?<!\\)\|", line)[1:-1]]
        if cells and cells[0] == "activation":
            heads = [head.split(":")[0] for head in cells]
        elif cells and cells[0] != "---":
            found.setdefault(cells[0], {}).update(zip(heads, cells, strict=True))
    return found


def ends(cell):
    """Return the interval that a cell claims."""
    shown = cell.split(" = ")[0]
    if not shown.endswith("…"):
        return Fraction(shown), Fraction(shown)
    digits = shown[:-1]
    low = Fraction(digits)
    return low, low + Fraction(1, 10 ** len(digits.split(".")[1]))


def test_the_documentation_lists_every_activation_as_it_is():
    table = rows()
    assert list(table) == list(ACTIVATIONS)
    for name, cells in table.items():
        assert set(MEANINGS) < set(cells)
        assert activation(cells["φ(x)"].strip("`")).expression == ACTIVATIONS[name].expression


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_documented_digits_agree_with_the_command(name):
    found = activation_constants(name, 6)
    for key in MEANINGS:
        low, high = ends(rows()[name][key])
        assert found[key].lower <= high
        assert low <= found[key].upper
        assert high - low <= Fraction(1, 10**9)


def test_only_what_stands_between_the_marks_is_replaced(tmp_path):
    file = tmp_path / "table.md"
    file.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    table = markdown([activation_constants(name, 3) for name in ("identity", "sin")])
    Place.at(str(file)).write(table)
    text = file.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{BEGIN}\n\n| activation |")
    assert text.endswith(f"{END}\nafter\n")
    assert "old" not in text
    Place.at(str(file)).write(table)
    assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("text", ["no marks", BEGIN, END + BEGIN, BEGIN + END + BEGIN + END])
def test_a_document_without_a_place_is_left_alone(tmp_path, text):
    file = tmp_path / "other.md"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match="no place"):
        Place.at(str(file))
    assert run(["constants", "--table", str(file)]) == 2
    assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    "arguments",
    [[], ["tanh", "--table", "t.md"], ["--table", "-", "--json", "-"], ["--table", "no/folder/t"]],
)
def test_wrong_usage(capsys, arguments):
    assert run(["constants", *arguments]) == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert said.out == ""


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        ("1.234", "1.239", "1.23…"),
        ("-1.239", "-1.234", "-1.23…"),
        ("0.5", "0.5", "0.5"),
        ("0.999", "1.001", "[0.999, 1.001]"),
        ("-0.001", "0.001", "[-0.001, 0.001]"),
        ("9.99", "10.01", "[9.99, 10.01]"),
    ],
)
def test_certain_digits(low, high, shown):
    assert certain_digits(Enclosure(Fraction(low), Fraction(high))) == shown
