"""``proofs_check.certify``: arrays and operators in, a certificate out."""

import json

import numpy as np
import pytest
from scipy import sparse
from scipy.sparse.linalg import aslinearoperator

import proofs_check
from numerics.errors import ProblemError
from proofs_check import certify, cli

RNG = np.random.default_rng(8)
MATRIX = RNG.standard_normal((3, 5))
Y = RNG.standard_normal(3)
NETWORK = {"activation": "tanh", "width": 3000, "input_dimension": 4, "seed": 0}


def holds(file, capsys):
    status = cli.run(["recheck", str(file)])
    assert capsys.readouterr().err == ""
    return status == 0


def test_the_same_operator_in_any_form_gives_the_same_certificate():
    plain = certify(MATRIX, Y, network=NETWORK)
    assert plain.applies is True
    for other in (MATRIX.tolist(), aslinearoperator(MATRIX), sparse.coo_array(MATRIX)):
        found = certify(other, Y, network=NETWORK)
        assert found.document["q"] == plain.document["q"]
        assert found.document["sigma_A"] == plain.document["sigma_A"]


def test_a_certificate_can_be_saved_and_rechecked(tmp_path, capsys):
    found = certify(
        MATRIX, Y.reshape(3, 1), network=NETWORK, signal=np.zeros((5, 1)), loss="power(p=3)"
    )
    assert json.loads(json.dumps(found.document)) == found.document
    assert holds(found.save(tmp_path / "c.json"), capsys)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["c.json"]


def test_large_arrays_go_beside_it(tmp_path, capsys):
    arrays = {
        "u": np.array([0.6, 0.8]), "W": RNG.standard_normal((3000, 2)),
        "V": RNG.choice([-1.0, 1.0], (80, 3000)),
    }  # fmt: skip
    operator = sparse.random_array((70, 80), density=0.2, rng=RNG, format="csr")
    found = certify(operator, np.ones(70), network={"activation": "tanh", **arrays})
    file = found.save(tmp_path / "c.json")
    assert {p.name for p in tmp_path.iterdir()} == {"c.json", "c.arrays.npz", "c.arrays.A.npz"}
    assert holds(file, capsys)
    with np.load(tmp_path / "c.arrays.npz") as held:
        kept = dict(held)
    kept["W"] = kept["W"] + 1e-12
    np.savez(tmp_path / "c.arrays.npz", **kept)
    assert cli.run(["recheck", str(file)]) == 1


def test_quantities_of_a_network_of_ones_own():
    given = {"sigma_0": 1, "lipschitz": 0.01, "misfit": "0.3"}
    found = certify(MATRIX, Y, measured=given, noise_norm=0.01, residual=0.1)
    assert found.document["asserted"] == ["sigma_0", "lipschitz", "misfit"]
    assert found.document["rigorous"] is False
    assert found.document["training_time"]["residual"] == "1/10"
    assert "asserted" in str(found)


def test_what_is_wrong_is_said_in_one_line():
    cases = [
        ({"network": NETWORK, "loss": "square"}, "unknown loss"),
        ({}, r"\[network\]"),
        ({"network": {**NETWORK, "activation": "relu"}}, "ReLU"),
        ({"network": NETWORK, "residual": -1}, "residual"),
        ({"network": NETWORK, "signal": np.zeros(4)}, "signal"),
    ]
    for options, reason in cases:
        with pytest.raises(ProblemError, match=reason):
            certify(MATRIX, Y, **options)
    with pytest.raises(ProblemError, match="observation"):
        certify(MATRIX, [[1], [2, 3]], network=NETWORK)


def test_the_package_imports_nothing_heavy_before_it_is_asked():
    assert "certify" in proofs_check.__all__
    with pytest.raises(AttributeError, match="nothing"):
        _ = proofs_check.nothing
