"""A user's lemma files: what they may hold, and one line for whatever is wrong."""

import pytest
from sample_reports import LEMMAS

from proofs_check.errors import UserFileError
from proofs_check.user_files import load
from theory.statement import Statement

STATEMENT = "Statement('t', (Quantity(x, 'x'),), (), {'c': x >= 0}, ())"
HEAD = "from theory.authoring import *\nx = real('x')\n"


def write(tmp_path, text, name="mylemma.py"):
    file = tmp_path / name
    file.write_text(text)
    return file


@pytest.mark.parametrize("file", sorted(LEMMAS.glob("*.py")), ids=lambda f: f.stem)
def test_every_example_loads(file):
    (statement,) = load(file)
    assert isinstance(statement, Statement)
    assert statement.source.layer == "user"


def test_ids_come_from_names_in_the_order_of_the_file(tmp_path):
    file = write(tmp_path, f"{HEAD}Zweite = {STATEMENT}\nerste = {STATEMENT}\n")
    assert [s.id for s in load(file)] == ["zweite", "erste"]


def test_an_explicit_id_wins(tmp_path):
    file = write(tmp_path, HEAD + "a = " + STATEMENT.replace("())", "(), id='chosen')"))
    assert [s.id for s in load(file)] == ["chosen"]


def test_one_statement_called_as_in_the_shipped_files_takes_the_files_name(tmp_path):
    assert [s.id for s in load(write(tmp_path, f"{HEAD}STATEMENT = {STATEMENT}"))] == ["mylemma"]


def test_two_names_for_one_statement_count_once(tmp_path):
    assert len(load(write(tmp_path, f"{HEAD}a = {STATEMENT}\nb = a\n"))) == 1


def test_an_imported_statement_is_not_the_files_own(tmp_path):
    text = (
        f"{HEAD}from theory.statements.flow_sharp import STATEMENT\n"
        "from theory.registry import statement\nagain = statement('flow_sharp')\n"
        f"mine = {STATEMENT}"
    )
    assert [s.id for s in load(write(tmp_path, text))] == ["mine"]


def test_a_file_may_import_its_neighbours(tmp_path):
    write(tmp_path, "from theory.authoring import real\nx = real('x')\n", "neighbour_of_mine.py")
    file = write(tmp_path, f"{HEAD}from neighbour_of_mine import x\na = {STATEMENT}\n")
    assert len(load(file)) == 1


def test_a_file_is_read_again_when_it_has_changed(tmp_path):
    file = write(tmp_path, f"{HEAD}a = {STATEMENT}\n")
    assert [s.id for s in load(file)] == ["a"]
    file = write(tmp_path, f"{HEAD}b = {STATEMENT}\n")  # as long, and within the same second
    assert [s.id for s in load(file)] == ["b"]


def test_nothing_is_left_beside_the_users_file(tmp_path):
    load(write(tmp_path, f"{HEAD}a = {STATEMENT}\n"))
    assert [p.name for p in tmp_path.iterdir()] == ["mylemma.py"]


BAD = {
    "a missing file": (None, "cannot be read"),
    "an empty file": (" \n", "is empty"),
    "no statement": ("x = 1\n", "defines no Statement"),
    "a syntax error": ("x = 1\ndef f(:\n", "line 2: SyntaxError"),
    "an exception": ("\n\nundefined_name\n", "line 3: NameError"),
    "an exit": ("import sys\nsys.exit('stop')\n", "line 2: SystemExit: stop"),
    "a malformed statement": (f"{HEAD}a = {STATEMENT.replace('x >= 0', 'True')}", "StatementError"),
    "a repeated name": (f"{HEAD}A = {STATEMENT}\na = {STATEMENT}", "two statements are called 'a'"),
    "an id that is no name": (HEAD + "a = " + STATEMENT.replace("())", "(), id='a.b')"), "'a.b'"),
}


@pytest.mark.parametrize("case", BAD)
def test_whatever_is_wrong_is_one_line_that_names_the_file(case, tmp_path):
    text, expected = BAD[case]
    file = tmp_path / "mylemma.py" if text is None else write(tmp_path, text)
    with pytest.raises(UserFileError) as caught:
        load(file)
    message = str(caught.value)
    assert message.startswith(str(file))
    assert expected in message
    assert "\n" not in message


def test_a_folder_and_another_suffix_are_refused(tmp_path):
    with pytest.raises(UserFileError, match="is a directory"):
        load(tmp_path)
    with pytest.raises(UserFileError, match=r"end in \.py"):
        load(write(tmp_path, "x = 1", "lemma.txt"))


def test_a_file_that_prints_does_not_print_into_the_report(tmp_path, capsys):
    load(write(tmp_path, f"print('hello')\n{HEAD}a = {STATEMENT}\n"))
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "hello" in printed.err


def test_an_interruption_is_not_taken_for_a_bad_file(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        load(write(tmp_path, "raise KeyboardInterrupt\n"))
