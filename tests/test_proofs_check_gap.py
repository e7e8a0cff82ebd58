"""What is left on the table: the page is what the command measures, and no bound is exceeded."""

import json
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from numerics.problems import extremal_problem
from proofs_check.cli import run
from proofs_check.commands import gap as command
from proofs_check.gaps import widths as gap_widths
from proofs_check.gaps.draws import draw_shares
from proofs_check.gaps.flows import flow_shares
from proofs_check.gaps.levels import Share
from proofs_check.gaps.measure import EXTREMAL, FLOWS, Reached, flow_gaps, largest
from proofs_check.gaps.page import TOLERANCE, Gaps, document, page, part
from proofs_check.gaps.widths import SIZES, WidthGap, width_gap
from proofs_check.sweeping.widths import TheoremWidth

PAGE = (Path(__file__).parent.parent / "docs" / "left_on_the_table.md").read_text()
ROW = re.compile(r"^\| ([^|]+) \| (.+) \|$", re.MULTILINE)
LAST_DIGIT = 2e-3


def number(text):
    return None if text == "–" else float(text.replace(",", ""))


def rows_below(heading):
    """Return the rows of the first table below a heading, by their first cell."""
    block = PAGE.partition(f"# {heading}\n")[2].partition("\n#")[0]
    found = {name: cells.split(" | ") for name, cells in ROW.findall(block)}
    return {n: cells for n, cells in found.items() if not cells[0].startswith(("---", "of ", "m"))}


TABLES = {train: rows_below(f"{train[0].upper()}{train[1:]}") for train in FLOWS} | {
    "draws": rows_below("At initialisation")
}


def test_no_bound_on_the_page_is_exceeded():
    for rows in TABLES.values():
        assert len(rows) >= 5
        for cells in rows.values():
            assert all(value is None or value <= 1.0005 for value in map(number, cells))


@pytest.fixture(scope="module")
def extremal():
    return flow_shares(extremal_problem(*EXTREMAL))


@pytest.mark.parametrize("train", FLOWS)
def test_the_page_has_what_the_extremal_instance_reaches(train, extremal):
    for name, share in extremal.items():
        published, sharp = map(number, TABLES[train][name][2:])
        assert published == (
            None if share.published is None else pytest.approx(share.published, abs=LAST_DIGIT)
        )
        assert sharp == pytest.approx(share.sharp, abs=LAST_DIGIT)


def test_the_sharp_theorem_is_attained_by_the_extremal_instance(extremal):
    for name, share in extremal.items():
        assert share.sharp == pytest.approx(1, abs=TOLERANCE), name
        assert share.published is None or share.published <= 1 + TOLERANCE


@pytest.mark.parametrize("train", FLOWS)
def test_the_page_covers_what_single_networks_reach(train):
    """The page has the largest part over networks of which this is the first."""
    for row in flow_gaps(train, networks=1):
        published, sharp = map(number, TABLES[train][row.name][:2])
        assert row.networks.sharp <= sharp + LAST_DIGIT
        assert row.networks.published is None or row.networks.published <= published + LAST_DIGIT
        assert row.networks.sharp <= 1 + TOLERANCE
        assert row.networks.published is None or row.networks.published <= row.networks.sharp + 1e-9


def test_the_page_has_what_initial_values_reach():
    found = draw_shares()
    assert set(found) == set(TABLES["draws"])
    for name, share in found.items():
        assert number(TABLES["draws"][name][0]) == pytest.approx(share.sharp, abs=LAST_DIGIT)
        assert 0.3 < share.sharp <= 1


def test_the_page_has_the_widths(monkeypatch):
    (cells,) = (r.split(" | ") for r in PAGE.splitlines() if r.startswith("| 4 | 2 | 2 |"))
    count = (len(cells) - 4) // 2
    observed, seen = re.match(r"(\d+) \((\d+)/200\)", cells[3 + count]).groups()
    monkeypatch.setattr(gap_widths, "WIDTHS", (int(observed),))
    found = width_gap(SIZES[0], samples=200)
    assert found.width == int(observed)
    assert found.observed.successes == int(seen)
    assert found.observed.probability.lower >= Fraction(9, 10)
    shown = [number(cell) for cell in cells[3 : 3 + count]]
    assert shown == [width.width for width in found.theorems.values()]
    assert all(found.width < width.width for width in found.theorems.values())


@pytest.mark.parametrize("grid", [(1,), (1, 2)])
def test_too_narrow_networks_give_no_width(monkeypatch, grid):
    monkeypatch.setattr(gap_widths, "WIDTHS", grid)
    found = width_gap(SIZES[0], samples=20)
    assert found.observed is None
    assert found.width is None


# --- what has to be noticed ------------------------------------------------------------------


def gaps(share=None, draw=None, width=None):
    row = Reached("travel", share or Share(0.5, 0.9), Share(0.6, 1.0), 3)
    theorems = {"published": TheoremWidth(100), "sharp": TheoremWidth(None, "none")}
    size = {"outputs": 2, "measurements": 1, "condition_number": 1}
    return Gaps(
        {"hidden layer trained": [row]}, {"norm": draw or Share(None, 0.5)},
        [WidthGap(size, theorems, width)],
    )  # fmt: skip


def test_a_bound_that_is_exceeded_is_reported(monkeypatch, capsys):
    assert gaps().exceeded == []
    assert gaps(Share(0.5, 1 + TOLERANCE / 2)).exceeded == []
    wrong = gaps(Share(0.5, 1.01), Share(None, 1.2))
    assert wrong.exceeded == ["travel, hidden layer trained", "norm"]
    monkeypatch.setattr(command, "measured", lambda networks, seed: wrong)
    assert run(["gap"]) == 1
    assert "VIOLATION: travel" in capsys.readouterr().out
    assert run(["gap", "--json", "-"]) == 1
    assert json.loads(capsys.readouterr().out)["exceeded"] == wrong.exceeded


def test_a_smaller_lipschitz_constant_would_be_noticed(monkeypatch):
    """Bounds are computed from Λ; halved, the extremal instance exceeds all that rest on it."""
    from numerics.generators import ScalarExtremal
    from numerics.rigorous.rounding import Bracket

    half = Bracket(EXTREMAL[2] / 2, EXTREMAL[2] / 2)
    monkeypatch.setattr(ScalarExtremal, "jacobian_lipschitz", lambda self: half)
    found = flow_shares(extremal_problem(*EXTREMAL))
    exceeded = {name for name, share in found.items() if share.sharp > 1 + TOLERANCE}
    assert {name.partition(":")[0] for name in exceeded} >= {"travel", "conditioning", "envelope"}


def test_parts_that_are_missing_are_left_out_of_the_largest():
    assert largest([Share(None, 0.5), Share(0.2, 0.4)]) == Share(0.2, 0.5)
    assert largest([]) == Share()


@pytest.mark.parametrize(("value", "text"), [(None, "–"), (0.98765, "0.988"), (0.00123, "1.2e-03")])
def test_parts_as_they_are_printed(value, text):
    assert part(value) == text


def test_page_and_json_say_the_same(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(command, "measured", lambda networks, seed: gaps())
    file = tmp_path / "page.md"
    assert run(["gap", "--write", str(file)]) == 0
    assert file.read_text() == page(gaps(), 8)
    assert "| travel | 0.500 | 0.900 | 0.600 | 1.000 |" in file.read_text()
    assert "| 2 | 1 | 1 | 100 | – | – | – | – |" in file.read_text()
    made = document(gaps())
    assert next(iter(made)) == "schema"
    assert made["verdict"] == "SAMPLED"
    assert made["widths"][0]["theorems"]["sharp"] == {"width": None, "reason": "none"}
    assert np.isclose(made["initialisation"]["norm"]["of_sharp"], 0.5)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--networks", "0"], "networks"),
        (["--write", "none/page.md"], "no folder"),
        (["--write", "-", "--json", "-"], "same place"),
        (["--seed", "-1"], "seed"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_in_a_line(arguments, said, capsys, monkeypatch):
    monkeypatch.setattr(command, "measured", None)
    assert run(["gap", *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
