"""``kurdyka recheck``: true certificates hold, and no number of one can be changed unnoticed."""

import copy
import json
import math
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from flint import ctx

from numerics.problems import problem_from_mapping
from proofs_check import cli
from proofs_check.certificate import certificate
from proofs_check.instance import examine
from proofs_check.recheck import CertificateError, Tampered, claims, recheck_document
from proofs_check.rechecking.quantities import PRECISION, Quantities
from proofs_check.rechecking.reading import FIELDS, read_certificate
from proofs_check.rechecking.subject import subject
from proofs_check.seal import sealed

WIDE = [[1.0, 0.5, 0.0], [0.0, 0.5, 1.0]]
DEFICIENT = [[1.0, 2.0, 0.0], [2.0, 4.0, 0.0], [0.0, 1.0, 1.0]]
NETWORK = {"activation": "tanh", "width": 500, "input_dimension": 4, "seed": 1}
SIGNAL = {"signal": [0.25, 0.125, 0.25]}


def tables(operator=WIDE, y=(0.25, 0.375), loss=None, measured=None, network=None, **problem):
    made = {
        "problem": {"operator": operator, "observation": list(y), **problem},
        "loss": loss or {"name": "squared"},
    }
    if measured is not None:
        return {**made, "measured": measured}
    return {**made, "network": {**NETWORK, **(network or {})}}


EQUAL_ROWS = np.vstack([np.ones((2, 60)), np.arange(60.0)[None] / 60])
CASES = {
    "applies": tables(**SIGNAL),
    "beyond the threshold": tables(**SIGNAL, network={"width": 40}),
    "both layers": tables(**SIGNAL, network={"width": 900, "train": "both"}),
    "uniform weights": tables(**SIGNAL, network={"output_weights": "uniform"}),
    "huber": tables(**SIGNAL, loss={"name": "huber", "delta": "0.5"}),
    "cubic": tables(**SIGNAL, loss={"name": "power", "p": 3}),
    "softplus": tables(noise_norm="0.01", network={"activation": "softplus"}),
    "an expression": tables(noise_norm="0.01", network={"activation": "tanh(x) + x/4"}),
    "silu, both": tables(network={"activation": "silu", "train": "both", "width": 900}),
    "elu": tables(noise_norm="0", network={"activation": "elu"}),
    "asserted": tables(
        noise_norm="0.1", measured={"sigma_0": "0.61", "lipschitz": "0.02", "misfit": "0.3"}
    ),
    "rank deficient": tables(DEFICIENT, (1.0, 2.0, 0.3)),
    "separable off the range": tables(
        DEFICIENT, (1.0, 2.0, 0.3), loss={"name": "separable_power", "p": 4}
    ),
    "equal output weights": {
        "problem": {"operator": WIDE, "observation": [0.5, 0.75]},
        "loss": {"name": "squared"},
        "network": {
            "activation": "tanh",
            "u": [0.6, 0.8],
            "V": EQUAL_ROWS,
            "W": EQUAL_ROWS[:2].T,
        },
    },
    "poisson": {
        "problem": {"operator": WIDE, "observation": [0.5, 0.75]},
        "loss": {"name": "poisson"},
        "network": {
            "activation": "softplus",
            "u": [0.6, 0.8],
            "V": np.tile(np.eye(3), 40),
            "W": np.random.default_rng(0).standard_normal((120, 2)),
        },
    },
    "off the range": tables(DEFICIENT, (1.0, 2.5, 0.3)),
    "too narrow": tables(network={"width": 2}),
    "tall": tables([[1.0], [2.0], [0.5]], (1.0, 2.0, 0.5), network={"width": 60}),
}


def made(name, **options):
    instance = examine(problem_from_mapping(CASES[name]))
    return json.loads(json.dumps(certificate(instance, **options)))


def failures(document, folder=Path()):
    return [check.claim for check in recheck_document(document, folder) if not check.holds]


@pytest.fixture(scope="module")
def document():
    return made("applies", residual=Fraction(1, 100))


@pytest.fixture(scope="module")
def quantities(document):
    with ctx.workprec(PRECISION):
        return Quantities(subject(document, Path()))


@pytest.mark.parametrize("name", CASES)
def test_true_certificates_hold(name):
    document = made(name)
    assert failures(document) == []
    assert document["sharp"]["q"] is not None or name in ("too narrow", "equal output weights")


def test_nothing_of_what_certified_is_used():
    """The recheck imports neither the modules that decide instances nor their linear algebra."""
    forbidden = (
        "proofs_check.instance", "proofs_check.certifying", "proofs_check.certificate",
        "numerics.operators import s", "numerics.quantities", "numerics.generators",
        "numerics.rigorous.programs",
    )  # fmt: skip
    folder = Path(cli.__file__).parent
    files = [folder / "recheck.py", *sorted((folder / "rechecking").glob("*.py"))]
    assert len(files) >= 12
    for file in files:
        lines = [li for li in file.read_text().splitlines() if re.match(r"(from|import) ", li)]
        for line in lines:
            assert not any(f"from {name}" in line for name in forbidden), (file.name, line)


# ---------------------------------------------------------------- every leaf


def leaves(node, path=()):
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from leaves(value, (*path, index))
    else:
        yield path, node


def at(document, path):
    for key in path:
        document = document[key]
    return document


def changed(document, path, value):
    copied = copy.deepcopy(document)
    at(copied, path[:-1])[path[-1]] = value
    return copied


def falsehoods(document, path, leaf):
    """What a leaf could say instead that is not true."""
    if isinstance(leaf, bool):
        return [not leaf]
    if path[0] == "width_needed" and leaf is not None:
        return [leaf - 1]  # a larger width is enough too
    if isinstance(leaf, int):
        return [leaf + 1, leaf - 1]
    if isinstance(leaf, float):
        return [math.nextafter(leaf, math.inf), -leaf - 1]
    if leaf is None:
        return []
    last = path[-1]
    if last in ("lower", "upper"):
        return [_beyond(document, path, leaf)]
    if last == "t":
        return [repr(float(leaf) * 1.001 + 1e-3)]
    if last == "verdict":
        return [verdict for verdict in ("PROVED", "REFUTED") if verdict != leaf]
    if last == "reason":
        return list(_other_numbers(leaf))
    if last == "residual":
        return ["1/1000"]
    return [leaf + "1", leaf[:-1]]


def _beyond(document, path, leaf):
    """An end moved to the other end: the value lies strictly between them."""
    if "time" in "".join(map(str, path)):  # w is below the level from the upper end on
        return repr(float(leaf) * 0.999999 if path[-1] == "upper" else float(leaf) * 1.1 + 1)
    other = at(document, path[:-1])["upper" if path[-1] == "lower" else "lower"]
    if other != leaf:
        return other
    step = 1e-6 if path[-1] == "lower" else -1e-6
    return f"{float(leaf) * (1 + step) + step:.20f}"


def _other_numbers(text):
    """The last number of a reason, made a stronger claim than is true."""
    for found in re.finditer(r"\d+\.\d+", text):
        factor = 0.99 if text[: found.start()].endswith("≤ ") else 1.01
        value = f"{float(found[0]) * factor:.6g}"
        yield text[: found.start()] + value + text[found.end() :]


PROVENANCE = ("schema", "digest", "manifest")


def noticed(document, quantities, path):
    """Whether a changed document is refused or a claim of it fails."""
    try:
        if path[0] == "problem":
            return bool(failures(document))
        return not all(check.holds for check in claims(document, quantities))
    except (CertificateError, Tampered):
        return True


def test_no_claim_can_be_changed_into_a_false_one(document, quantities):
    """Each leaf in turn says something false, in a certificate that is sealed anew."""
    count = 0
    for path, leaf in leaves(document):
        if path[0] in PROVENANCE or path[-1] == "folder":
            continue
        for value in falsehoods(document, path, leaf):
            count += 1
            assert noticed(changed(document, path, value), quantities, path), (path, leaf, value)
    assert count > 200


@pytest.mark.parametrize("name", ["beyond the threshold", "asserted", "off the range", "cubic"])
def test_claims_of_other_kinds_cannot_be_changed_either(name):
    document = made(name)
    with ctx.workprec(PRECISION):
        quantities = Quantities(subject(document, Path()))
    for path, leaf in leaves(document):
        if path[0] in (*PROVENANCE, "problem"):
            continue
        for value in falsehoods(document, path, leaf):
            assert noticed(changed(document, path, value), quantities, path), (path, leaf, value)


def test_a_claim_that_is_weaker_is_still_true(document, quantities):
    """Wider enclosures, null and UNDECIDED claim less, and hold."""
    weaker = changed(document, ("sigma_A", "lower"), "0.5")
    weaker = changed(weaker, ("sharp", "travel_radius"), None)
    weaker = changed(weaker, ("sharp", "applies"), None)
    index = [h["name"] for h in document["hypotheses"]].index("threshold_sharp")
    weaker = changed(weaker, ("hypotheses", index, "verdict"), "UNDECIDED")
    assert all(check.holds for check in claims(weaker, quantities))


def test_bounds_are_not_granted_where_the_theorem_does_not_apply():
    document = made("beyond the threshold")
    assert document["sharp"]["applies"] is False
    value = {"lower": "0", "upper": "1e9"}
    for key in ("travel_radius", "rate", "stopping_time", "recovery"):
        assert f"sharp.{key}" in failures(changed(document, ("sharp", key), value))


@pytest.mark.parametrize("loss", ["cubic", "huber", "applies"])
def test_a_stopping_time_beyond_the_threshold_is_decided_again(loss):
    """No zero loss is promised there, and still a time to reach a level above the limit."""
    chosen = CASES[loss]["loss"]
    case = tables(noise_norm="1", loss=chosen, network={"width": 40})
    document = json.loads(json.dumps(certificate(examine(problem_from_mapping(case)))))
    time = document["sharp"]["stopping_time"]
    assert (document["sharp"]["applies"], failures(document)) == (False, [])
    later = {"lower": "0", "upper": repr(float(time["upper"]) * 2)}
    assert failures(changed(document, ("sharp", "stopping_time"), later)) == []
    early = {"lower": "0", "upper": repr(float(time["upper"]) * 0.999)}
    assert "sharp.stopping_time" in failures(changed(document, ("sharp", "stopping_time"), early))


def test_a_hypothesis_cannot_be_left_out(document, quantities):
    for index in range(len(document["hypotheses"])):
        shorter = copy.deepcopy(document)
        del shorter["hypotheses"][index]
        assert any(c.claim == "hypotheses" for c in claims(shorter, quantities) if not c.holds)


def test_an_estimate_is_no_claim_but_takes_the_certificate_its_rigour(document, quantities):
    vague = changed(document, ("estimates",), ["sigma_A"])
    found = [c.claim for c in claims(vague, quantities) if not c.holds]
    assert found == ["rigorous"]


# ---------------------------------------------------------------- the seal, the form, the files


def written(document, folder):
    file = folder / "certificate.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


def test_any_leaf_changed_breaks_the_seal(document, tmp_path):
    """Provenance included, which no claim is made about."""
    for path, leaf in leaves(document):
        if path[0] == "schema" or leaf is None:
            continue
        value = not leaf if isinstance(leaf, bool) else f"{leaf}1" if path else leaf
        with pytest.raises(Tampered):
            read_certificate(written(changed(document, path, value), tmp_path))


def test_every_key_is_needed_and_no_other_is_known(document, tmp_path):
    for table, keys in FIELDS.items():
        path = tuple(table.split(".")) if table else ()
        for key in keys:
            copied = copy.deepcopy(document)
            holder = at(copied, path)
            if holder is None:
                continue
            del holder[key]
            if key not in ("schema", "digest"):
                copied = sealed(copied)
            with pytest.raises(CertificateError):
                read_certificate(written(copied, tmp_path))
        if at(document, path) is not None:
            more = sealed(changed(document, (*path, "more"), 1))
            with pytest.raises(CertificateError, match="more is not a key"):
                read_certificate(written(more, tmp_path))


BROKEN = {
    "empty": "",
    "truncated": '{"schema": "kurdyka.certify/1", "rigorous": tr',
    "another version": '{"schema": "kurdyka.certify/2"}',
    "another document": '{"schema": "kurdyka.flow/1"}',
    "no schema": "{}",
    "a list": "[1, 2]",
    "a number": "3",
    "twice": '{"schema": "kurdyka.certify/1", "schema": "kurdyka.certify/1"}',
    "not a number": '{"schema": "kurdyka.certify/1", "sigma_A": NaN}',
    "deep": "[" * 100_000,
    "no digest": '{"schema": "kurdyka.certify/1", "rigorous": true}',
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_certificate_is_status_2(name, tmp_path, capsys):
    file = tmp_path / "certificate.json"
    file.write_text(BROKEN[name])
    assert cli.run(["recheck", str(file)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert "certificate.json" in printed.err


def test_bytes_that_are_no_text_and_missing_files_are_status_2(tmp_path, capsys):
    (tmp_path / "c.json").write_bytes(b"\xff\xfe\x00")
    for name in ("c.json", "missing.json", "."):
        assert cli.run(["recheck", str(tmp_path / name)]) == 2
    assert capsys.readouterr().err.count("\n") == 3


def on_disk(folder, width=300):
    rng = np.random.default_rng(3)
    np.save(folder / "A.npy", rng.standard_normal((70, 80)))  # too large to be embedded
    np.save(folder / "y.npy", rng.standard_normal(70))
    file = folder / "problem.toml"
    file.write_text(
        '[problem]\noperator = "A.npy"\nobservation = "y.npy"\n[loss]\nname = "squared"\n'
        f'[network]\nactivation = "tanh"\nwidth = {width}\ninput_dimension = 4\n'
    )
    return file


def test_arrays_in_files_are_found_from_where_the_certificate_lies(tmp_path, capsys):
    folder = tmp_path / "problem"
    (tmp_path / "reports").mkdir()
    folder.mkdir()
    report = tmp_path / "reports" / "c.json"
    cli.run(["certify", str(on_disk(folder)), "--json", str(report)])
    document = json.loads(report.read_text())
    assert "data" not in document["problem"]["arrays"]["A"]
    assert document["problem"]["folder"] == "../problem"
    assert cli.run(["recheck", str(report)]) == 0
    assert "claims hold" in capsys.readouterr().out
    matrix = np.load(folder / "A.npy")
    matrix[0, 0] = np.nextafter(matrix[0, 0], 9)
    np.save(folder / "A.npy", matrix)
    assert cli.run(["recheck", str(report), "--json", "-"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "kurdyka.recheck/1"
    assert found["holds"] is False
    assert "hash differs" in found["claims"][0]["found"]
    (folder / "A.npy").unlink()
    assert cli.run(["recheck", str(report)]) == 2
    assert "does not exist" in capsys.readouterr().err


def test_arrays_of_an_archive_are_found_in_it(tmp_path, capsys):
    rng = np.random.default_rng(0)
    np.savez(
        tmp_path / "p.npz", A=rng.standard_normal((2, 3)), y=[0.1, 0.2], u=[0.6, 0.8],
        W=rng.standard_normal((3000, 2)), V=rng.choice([-1.0, 1.0], (3, 3000)),
    )  # fmt: skip
    cli.run(["certify", str(tmp_path / "p.npz"), "--json", str(tmp_path / "c.json")])
    arrays = json.loads((tmp_path / "c.json").read_text())["problem"]["arrays"]
    assert (arrays["W"]["path"], arrays["W"]["member"]) == ("p.npz", "W")
    assert cli.run(["recheck", str(tmp_path / "c.json")]) == 0
    capsys.readouterr()


def test_other_versions_are_mentioned_and_decide_nothing(document, tmp_path, capsys):
    other = sealed(changed(document, ("manifest", "versions", "numpy"), "1.0"))
    assert cli.run(["recheck", str(written(other, tmp_path))]) == 0
    assert "made with numpy 1.0" in capsys.readouterr().out


HOSTILE = {
    ("problem", "network", "width"): [10**12, -1, 0, "60", 1.5, True, None],
    ("problem", "network", "seed"): [-1, 2**70, "0", 1.5, None],
    ("problem", "network", "input_dimension"): [10**12, 0],
    ("problem", "network", "activation"): ["__import__('os')", "relu", 3, None, ["tanh"]],
    ("problem", "network", "train"): ["none", None, 1],
    ("problem", "network", "output_weights"): ["gaussian", 3, None],
    ("problem", "loss"): [{"name": "nope"}, {}, [], {"name": "power"}, {"name": "squared", "p": 2}],
    ("problem", "arrays"): [[], {}, {"A": 1, "y": 2}],
    ("problem", "arrays", "A"): [
        {"sha256": "", "shape": [2, 3]}, {"sha256": "", "shape": [2, 3], "data": "x"},
        {"sha256": "", "shape": [2, 3], "data": [[1, 2], [3]]},
        {"sha256": "", "shape": [2, 3], "path": "/etc/passwd"},
        {"sha256": "", "shape": [2, 3], "path": "."},
        {"sha256": "", "shape": [2, 3], "data": [[1, {}]]},
        {"sha256": "", "shape": [2, 3], "data": [[1e999]]},
    ],
    ("problem", "noise_norm"): ["1/0", "-1", 3, "nan", "1e5"],
    ("problem", "measured"): [{"sigma_0": "1", "lipschitz": "1", "misfit": "1"}],
    ("sigma_A",): [3, "x", {"lower": "1"}, {"lower": 1, "upper": 2}, {"lower": "x", "upper": "2"}],
    ("sigma_A", "lower"): ["nan", "inf", "1" * 5000, "1e99999", " 1", None],
    ("hypotheses",): [[], {}, [1], [{"name": 1}]],
    ("sharp", "envelope", "samples"): [3, [3], [{"t": "x", "misfit": None}]],
    ("asserted",): [["sigma_0"], 3],
    ("estimates",): [3, None],
    ("training_time",): [3, {"theorem": "none", "residual": "1", "time": None}],
    ("manifest", "versions"): [3, []],
}  # fmt: skip


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: ".".join(path))
def test_hostile_content_is_refused_without_a_traceback(path, document, tmp_path, capsys):
    for value in HOSTILE[path]:
        file = written(sealed(changed(document, path, value)), tmp_path)
        assert cli.run(["recheck", str(file)]) in (1, 2), value
        assert "Traceback" not in capsys.readouterr().err
