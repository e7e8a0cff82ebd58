"""Certificate files: the seal, the keys, arrays in other files, and what is no certificate."""

import copy
import json

import numpy as np
import pytest
from sealed_certificates import (
    at,
    certified,
    changed,
    leaves,
    written,
)

from proofs_check import cli
from proofs_check.recheck import CertificateError, Tampered
from proofs_check.rechecking.reading import FIELDS, read_certificate
from proofs_check.seal import sealed


@pytest.fixture
def document():
    return certified()


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
