"""``kurdyka certify``: the JSON of the contract, the plain words, and the exit statuses."""

import json
from contextlib import redirect_stdout
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

from numerics.inputs.arrays import array_digest
from numerics.problems import problem_from_mapping, read_problem
from proofs_check import cli
from proofs_check.certificate import certificate
from proofs_check.certifying.advice import advice
from proofs_check.instance import examine
from proofs_check.recheck import recheck_document
from proofs_check.seal import sealed

MRI = Path(__file__).parent.parent / "examples" / "mri" / "problem.toml"

KEYS = {
    "schema", "rigorous", "sigma_A", "operator_norm", "sigma_0", "lipschitz", "misfit", "q",
    "published", "sharp", "aj", "hypotheses", "width_needed", "problem", "manifest",
}  # fmt: skip
BLOCK = {"applies", "lipschitz", "q", "travel_radius", "rate", "stopping_time", "recovery"}


WIDTH = 40_000


def write(folder, width=WIDTH, network="", problem="", loss='name = "squared"'):
    rng = np.random.default_rng(1)
    np.save(folder / "A.npy", rng.standard_normal((3, 5)))
    np.save(folder / "y.npy", rng.standard_normal(3))
    file = folder / "problem.toml"
    file.write_text(
        f'[problem]\noperator = "A.npy"\nobservation = "y.npy"\n{problem}\n[loss]\n{loss}\n'
        + (network or f'[network]\nactivation = "tanh"\nwidth = {width}\ninput_dimension = 4\n')
    )
    return file


def certified(file, capsys):
    status = cli.run(["certify", str(file), "--json", "-"])
    printed = capsys.readouterr()
    assert printed.err == ""
    return status, json.loads(printed.out)


@pytest.fixture(scope="module")
def mri():
    return examine(read_problem(MRI))


@pytest.fixture(scope="module")
def bundled(mri):
    return certificate(mri, MRI)


@dataclass(frozen=True)
class Reported:
    """What one run of the command leaves behind."""

    file: Path
    status: int
    shown: str
    document: dict


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    """A problem that both theorems apply to, certified once with both kinds of report."""
    folder = tmp_path_factory.mktemp("certified")
    file, report = write(folder, problem="noise_norm = 0.01"), folder / "certificate.json"
    with redirect_stdout(StringIO()) as shown:
        status = cli.run(["certify", str(file), "--json", str(report)])
    return Reported(file, status, shown.getvalue(), json.loads(report.read_text()))


# ---------------------------------------------------------------- the bundled instance


def test_bundled_instance_is_decided_by_the_sharp_theorem_alone(bundled):
    document = bundled
    assert document["sharp"]["applies"] is True
    assert document["published"]["applies"] is False
    q = document["q"]
    assert Fraction(1, 4) < Fraction(q["lower"]) <= Fraction(q["upper"]) < Fraction(1, 2)
    assert document["rigorous"] is True
    assert document["published"]["travel_radius"] is None
    estimate, needed = document["width_estimate"], document["width_needed"]
    assert estimate["published"] > 30_000 > estimate["sharp"]
    assert needed["published"] > estimate["published"]
    assert needed["sharp"] > estimate["sharp"]


def test_every_claim_about_the_bundled_instance_is_confirmed_by_the_recheck(bundled):
    document = json.loads(json.dumps(bundled))
    found = recheck_document(document, Path())
    assert [check.claim for check in found if not check.holds] == []
    assert len(found) > 80


def test_bundled_instance_in_plain_words(mri):
    text = " ".join(advice(mri))
    for words in (
        "published theorem does not apply", "1.38 times", "sharp theorem applies", "How long",
        "When to stop", "at most twice", "width of about 57", "stay within", "because q ≤ 3/8",
    ):  # fmt: skip
        assert words in text


@pytest.mark.parametrize(
    ("q", "told"), [(0.2, False), (0.26, True), (0.374, True), (0.376, False), (0.5, False)]
)
def test_published_conclusions_are_told_where_they_hold_beyond_the_published_threshold(q, told):
    asserted = {"sigma_0": 1, "lipschitz": q, "misfit": 1}
    tables = {"problem": {"operator": [[1.0]], "observation": [1.0]}, "measured": asserted}
    text = " ".join(advice(examine(problem_from_mapping(tables))))
    assert ("flow_published_wide" in text) is told


def test_page_of_the_bundled_instance_shows_its_real_output(monkeypatch, capsys):
    monkeypatch.chdir(MRI.parent.parent.parent)
    assert cli.run(["certify", "examples/mri/problem.toml"]) == 0
    page = [line.strip() for line in (MRI.parent / "README.md").read_text().splitlines()]
    for line in capsys.readouterr().out.splitlines():
        assert line.strip() in page


# ---------------------------------------------------------------- the contract


def test_json_has_the_keys_of_the_contract(reported):
    document = reported.document
    assert reported.status == 0
    assert next(iter(document)) == "schema"
    assert document["schema"] == "kurdyka.certify/1"
    assert set(document) >= KEYS
    assert set(document["published"]) == BLOCK
    assert set(document["sharp"]) == set(document["aj"]) == BLOCK | {"envelope"}
    for entry in document["hypotheses"]:
        assert set(entry) == {"name", "verdict", "reason"}
    assert set(document["width_needed"]) == {"published", "sharp"}
    assert set(document["width_estimate"]) == {"published", "sharp"}
    assert set(document["width_choice"]) == {"failure", "published", "sharp"}
    assert {"loss", "network", "arrays"} <= set(document["problem"])


def enclosures(node):
    if isinstance(node, dict):
        if set(node) == {"lower", "upper"}:
            yield node
        for child in node.values():
            yield from enclosures(child)
    elif isinstance(node, list):
        for child in node:
            yield from enclosures(child)


def test_enclosures_are_ordered_decimals(reported):
    document = reported.document
    found = list(enclosures(document))
    assert len(found) > 20
    for enclosure in found:
        assert Decimal(enclosure["lower"]) <= Decimal(enclosure["upper"])
    assert document["sharp"]["stopping_time"] is not None
    assert document["sharp"]["rate"] is not None


def test_certificate_is_deterministic_on_paper_and_on_the_terminal(reported, tmp_path, capsys):
    """Where the report is written decides one thing: from where the arrays are found."""
    status, document = certified(reported.file, capsys)
    assert status == reported.status
    document["problem"]["folder"] = reported.document["problem"]["folder"]
    assert sealed(document) == reported.document


def test_arrays_are_fingerprinted_and_small_ones_embedded(reported):
    arrays = reported.document["problem"]["arrays"]
    assert set(arrays) == {"A", "y", "u", "W", "V"}
    operator = np.array(arrays["A"]["data"])
    assert operator.tolist() == np.load(reported.file.parent / "A.npy").tolist()
    assert array_digest(operator) == arrays["A"]["sha256"]
    assert arrays["A"]["path"] == "A.npy"
    assert arrays["W"]["drawn"] is True
    assert arrays["W"]["shape"] == [WIDTH, 4]
    assert "data" not in arrays["W"]


def test_manifest_names_the_problem_file(reported):
    assert str(reported.file) in reported.document["manifest"]["hashes"]


def test_rate_is_null_where_the_decay_is_not_exponential(tmp_path, capsys):
    _, document = certified(write(tmp_path, loss='name = "power"\np = 3'), capsys)
    assert document["sharp"]["applies"] is True
    assert document["sharp"]["rate"] is None
    assert document["sharp"]["envelope"]["formula"] is None


def test_envelope_samples_fall_from_the_initial_misfit(reported):
    document = reported.document
    samples = document["sharp"]["envelope"]["samples"]
    levels = [Decimal(s["misfit"]["upper"]) for s in samples]
    assert float(levels[0]) == pytest.approx(float(document["misfit"]["upper"]), rel=1e-9)
    assert levels == sorted(levels, reverse=True)


def test_asserted_quantities_are_marked(tmp_path, capsys):
    network = '[measured]\nsigma_0 = "0.61"\nlipschitz = "0.02"\nmisfit = "1.3"\n'
    status, document = certified(write(tmp_path, network=network), capsys)
    assert status == 0
    assert document["rigorous"] is False
    assert document["asserted"] == ["sigma_0", "lipschitz", "misfit"]
    assert document["problem"]["network"] is None
    assert document["problem"]["measured"]["sigma_0"] == "61/100"
    verdicts = {h["name"]: h["verdict"] for h in document["hypotheses"]}
    assert verdicts["H_Lip0"] == verdicts["sigma_0"] == "UNDECIDED"


# ---------------------------------------------------------------- the command


def test_nothing_applies_is_status_1_with_advice(tmp_path, capsys):
    assert cli.run(["certify", str(write(tmp_path, width=30))]) == 1
    printed = capsys.readouterr()
    assert printed.err == ""
    assert "does not apply" in printed.out
    assert "would need a width of about" in printed.out


def test_terminal_shows_theorems_hypotheses_and_words(reported):
    """Where the JSON goes to a file."""
    for part in ("published", "sharp, for AJ", "H_range", "PROVED", "In plain words", "σ_A"):
        assert part in reported.shown
    assert reported.document["schema"] == "kurdyka.certify/1"


BAD = {
    "missing file": ({}, "missing.toml"),
    "relu": (
        {"network": '[network]\nactivation = "relu"\nwidth = 9\ninput_dimension = 2\n'},
        "ReLU is not C¹",
    ),
    "width": ({"width": 0}, "width"),
    "key": ({"problem": "nosie = 1"}, "nosie"),
    "loss": ({"loss": 'name = "power"\np = 1'}, "p = 1"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line_and_status_2(case, tmp_path, capsys):
    options, named = BAD[case]
    file = write(tmp_path, **options)
    if case == "missing file":
        file = tmp_path / "missing.toml"
    assert cli.run(["certify", str(file), "--json", "-"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert named in printed.err


def test_nan_in_an_array_is_status_2(tmp_path, capsys):
    file = write(tmp_path)
    np.save(tmp_path / "y.npy", [0.0, np.nan, 1.0])
    assert cli.run(["certify", str(file)]) == 2
    assert "y.npy" in capsys.readouterr().err


@pytest.mark.parametrize("scale", [1e-40, 1e-12, 1e12, 1e40])
def test_extreme_scales_are_answered(scale, tmp_path, capsys):
    """Scaling A and y leaves σ₀ and Λ, and q, as they are up to y's share of the misfit."""
    file = write(tmp_path, width=500)
    for name in ("A", "y"):
        np.save(tmp_path / f"{name}.npy", scale * np.load(tmp_path / f"{name}.npy"))
    status, document = certified(file, capsys)
    assert status in (0, 1)
    assert document["q"] is not None
