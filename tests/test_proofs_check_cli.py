"""The command: exit statuses, one line per mistake, nothing but JSON where JSON is asked for."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sample_reports import LEMMAS, proved, refuted, undecided

from proofs_check import cli
from proofs_check.commands import verify as verify_command

GOOD, BAD, OPEN = (str(LEMMAS / f"{name}_lemma.py") for name in ("true", "false", "open"))


@pytest.fixture
def verified(monkeypatch):
    """Let ``kurdyka verify`` find a report that the test chooses."""

    def install(*reports):
        def fake(statements, jobs, seed, progress):
            fake.seen = [s.id for s in statements], jobs, seed
            for report in reports:
                progress(report.statement.id, "done")
            return list(reports)

        monkeypatch.setattr(verify_command, "verify", fake)
        return fake

    return install


def test_importing_the_command_loads_nothing_heavy():
    code = (
        "import sys, proofs_check.cli as c; c.run(['--help'])\n"
        "heavy = {'sympy', 'numpy', 'scipy', 'z3', 'flint', 'matplotlib', 'mpmath', 'hypothesis'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, f"--help imports {done.stderr}"


def test_help_names_every_command(capsys):
    assert cli.run(["--help"]) == 0
    shown = capsys.readouterr().out
    for name in ("verify", "list", "show", "explain", "cite", "certify", "flow"):
        assert name in shown


@pytest.mark.parametrize("arguments", [[], ["--help"], ["verify", "-h"], ["--version"]])
def test_help_and_version_end_well(arguments, capsys):
    assert cli.run(arguments) == 0
    assert capsys.readouterr().err == ""


MISTAKES = [
    (["frobnicate"], "frobnicate"),
    (["verify", "--nonsense"], "--nonsense"),
    (["verify", "--jobs", "0"], "--jobs"),
    (["verify", "--jobs", "two"], "--jobs"),
    (["verify", "--seed", "-1"], "--seed"),
    (["show"], "ID"),
    (["verify", "no_such_statement"], "no_such_statement"),
    (["verify", "missing.py"], "missing.py"),
    (["verify", GOOD, "--json", "/no/such/folder/out.json"], "/no/such/folder"),
    (["verify", GOOD, "--html", "/"], "/"),
    (["verify", GOOD, "--json", "-", "--html", "-"], "--html"),
    (["verify", f"{GOOD}:shrinks.squares"], "squares"),
    (["show", f"{GOOD}:nothing"], "nothing"),
    (["explain", f"{GOOD}:shrinking_residual.nothing"], "nothing"),
    (["explain", GOOD, "--step", "nothing"], "nothing"),
    (["cite", "no_such_statement"], "no_such_statement"),
]


@pytest.mark.parametrize(("arguments", "named"), MISTAKES)
def test_a_mistake_is_one_line_and_status_2(arguments, named, capsys):
    assert cli.run(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert named in printed.err
    assert "Traceback" not in printed.err


BROKEN_FILES = {
    "does_not_import.py": "import no_such_module_anywhere\n",
    "syntax.py": "def broken(:\n",
    "raises.py": "1 / 0\n",
    "exits.py": "raise SystemExit(0)\n",
    "empty.py": "",
    "states_nothing.py": "x = 1\n",
    "swallowed.py": (
        "from theory.authoring import *\nx = real('x')\n"
        "s = Statement('t', (Quantity(x, 'x'),), (), {'c': Eq(x, x)}, ())\n"
    ),
    "float.py": (
        "from theory.authoring import *\nx = real('x')\n"
        "s = Statement('t', (Quantity(x, 'x'),), (), {'c': x >= 0.5}, ())\n"
    ),
    "takes_an_id.py": (
        "from theory.authoring import *\nx = real('x')\n"
        "flow_sharp = Statement('t', (Quantity(x, 'x'),), (), {'c': x >= 0}, ())\n"
    ),
    "binary.py": "\0\0",
    "text.txt": "nothing to import",
}


@pytest.mark.parametrize("name", BROKEN_FILES)
def test_a_bad_lemma_file_is_one_line_and_status_2(name, tmp_path, capsys):
    file = tmp_path / name
    file.write_text(BROKEN_FILES[name])
    assert cli.run(["verify", str(file)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert str(file) in printed.err
    assert "Traceback" not in printed.err


def test_an_unknown_id_gets_a_suggestion(capsys):
    assert cli.run(["verify", "flow_shrap"]) == 2
    assert "did you mean 'flow_sharp'" in capsys.readouterr().err


def test_two_files_that_use_one_id_are_refused(tmp_path, capsys):
    copy = tmp_path / "copy.py"
    copy.write_text(Path(GOOD).read_text())
    assert cli.run(["verify", GOOD, str(copy)]) == 2
    assert "shrinking_residual" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("reports", "status"),
    [
        ([proved()], 0),
        ([refuted()], 1),
        ([undecided()], 1),
        ([proved(), undecided()], 1),
        ([proved(killed=False)], 1),
        ([proved(holds=False)], 1),
    ],
)
def test_verify_succeeds_only_when_all_stands(reports, status, verified, capsys):
    verified(*reports)
    assert cli.run(["verify", GOOD]) == status


def test_verify_prints_nothing_but_json(verified, capsys):
    verified(proved(), refuted())
    assert cli.run(["verify", GOOD, BAD, "--json", "-"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert next(iter(document)) == "schema"
    assert document["schema"] == "kurdyka.verify/1"
    assert set(document) == {"schema", "statements", "findings", "trusted_base", "manifest"}


def test_verify_passes_jobs_and_seed_and_selection_on(verified, capsys):
    fake = verified(proved())
    cli.run(["verify", GOOD, OPEN, "--jobs", "3", "--seed", "5"])
    assert fake.seen == (["shrinking_residual", "misfit_falls"], 3, 5)


def test_verify_writes_both_reports_and_hashes_the_lemma_file(verified, tmp_path, capsys):
    verified(proved())
    page, data = tmp_path / "r.html", tmp_path / "r.json"
    assert cli.run(["verify", GOOD, "--html", str(page), "--json", str(data)]) == 0
    assert page.read_text().startswith("<!doctype html>")
    manifest = json.loads(data.read_text())["manifest"]
    assert GOOD in manifest["hashes"]
    assert manifest["seed"] == 0
    assert "shrinking_residual" in capsys.readouterr().out


def test_verify_points_to_explain_with_a_name_that_explain_takes(verified, capsys):
    verified(undecided())
    cli.run(["verify", OPEN])
    line = next(x for x in capsys.readouterr().out.splitlines() if "kurdyka explain" in x)
    words = line.split("kurdyka ")[1].split()
    assert cli.run(words) == 1
    assert "misfit_falls.falls" in capsys.readouterr().out


def test_an_interrupted_run_is_one_line_and_status_130(monkeypatch, capsys):
    def interrupt(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(verify_command, "verify", interrupt)
    assert cli.run(["verify", GOOD]) == 130
    assert capsys.readouterr().err == "kurdyka: interrupted\n"


def test_a_bug_of_ours_is_one_line_and_no_verdict(monkeypatch, capsys):
    def fail(*arguments):
        raise ZeroDivisionError("by\nzero")

    monkeypatch.setattr(verify_command, "verify", fail)
    monkeypatch.delenv("KURDYKA_TRACEBACK", raising=False)
    assert cli.run(["verify", GOOD]) not in (0, 1, 2)
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1
    assert "ZeroDivisionError" in printed
    assert "Traceback" not in printed


def test_a_bug_shows_its_place_when_asked(monkeypatch):
    def fail(*arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(verify_command, "verify", fail)
    monkeypatch.setenv("KURDYKA_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        cli.run(["verify", GOOD])


def test_a_reader_that_leaves_ends_the_command_quietly():
    code = "import sys; from proofs_check.cli import run; sys.exit(run(['cite', 'flow_sharp']))"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        errors = process.stderr.read()
    assert process.returncode == 141
    assert errors == b""


def test_a_terminal_without_greek_letters_gets_valid_json_and_text():
    code = (
        "import sys; from proofs_check.cli import main; (_, file) = sys.argv\n"
        "for more in ([], ['--json', '-']):\n"
        "    sys.argv[1:] = ['show', file, *more]\n"
        "    try: main()\n"
        "    except SystemExit as end: print('status', end.code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, GOOD], capture_output=True, text=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.isascii()
    text, document, end = done.stdout.split("status 0\n")
    assert "shrinking_residual" in text
    assert end == ""
    assert json.loads(document)["hypotheses"][0]["text"] == "r₁² ≤ r₀²·(1 − c)"


def test_list_shows_every_statement_and_agrees_with_its_json(capsys):
    from theory.registry import statement_ids

    assert cli.run(["list"]) == 0
    shown = capsys.readouterr().out
    assert cli.run(["list", "--json", "-"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "kurdyka.list/1"
    assert [s["id"] for s in document["statements"]] == list(statement_ids())
    assert all(id in shown for id in statement_ids())


def test_show_prints_hypotheses_conclusions_proof_and_trusted_base(capsys):
    assert cli.run(["show", "flow_sharp"]) == 0
    shown = capsys.readouterr().out
    wanted = (
        "σ_A > 0",
        "H_KL",
        "‖∇L(v)‖",
        "lemma gradient_lower",
        "← ",
        "rudin1976",
        "Conclusions",
    )
    for text in wanted:
        assert text in shown


def test_show_json_has_every_formula_twice(capsys):
    assert cli.run(["show", GOOD, "--json", "-"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert next(iter(document)) == "schema"
    assert document["schema"] == "kurdyka.show/1"
    (hypothesis,) = document["hypotheses"]
    assert hypothesis["text"] == "r₁² ≤ r₀²·(1 − c)"
    assert r"\leq" in hypothesis["latex"]
    assert [s["name"] for s in document["steps"]] == ["squares", "shrinks"]


def test_cite_prints_the_facts_sources(capsys):
    assert cli.run(["cite", "flow_sharp"]) == 0
    shown = capsys.readouterr().out
    assert "@book{horn2012," in shown
    assert shown.isascii()
    assert cli.run(["cite", "flow_sharp", "--json", "-"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "kurdyka.cite/1"
    assert document["cited"]["weyl"] == "horn2012"


def test_explain_says_what_closes_an_open_step(capsys):
    assert cli.run(["explain", OPEN]) == 1
    shown = capsys.readouterr().out
    assert "UNDECIDED" in shown
    assert "Add 'speed'" in shown
    assert "(check-sat)" in shown


def test_explain_json_and_a_step_that_is_not_open(capsys):
    assert cli.run(["explain", f"{GOOD}:shrinking_residual.squares", "--json", "-"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "kurdyka.explain/1"
    (step,) = document["statements"][0]["steps"]
    assert step["verdict"] == "PROVED"
    assert step["premises"] == {"decrease": "r₁² ≤ r₀²·(1 − c)"}


def test_explain_without_a_step_says_that_nothing_is_open(capsys):
    assert cli.run(["explain", GOOD]) == 0
    assert "nothing is open" in capsys.readouterr().out
