"""The manifest names what a verdict rests on, and sees a change in it."""

from hashlib import sha256

from proofs_check.manifest import hashes, manifest, versions


def test_the_versions_of_everything_that_decides():
    assert set(versions()) >= {"python", "kurdyka", "sympy", "z3", "python-flint", "numpy"}
    assert versions()["z3"][0].isdigit()


def test_engines_facts_and_checker_are_hashed():
    names = set(manifest()["hashes"])
    for name in ("proofs_check/engines/polynomial.py", "proofs_check/chain.py",
                 "theory/facts/calculus.py", "numerics/rigorous/balls.py"):  # fmt: skip
        assert name in names


def test_a_changed_file_has_another_hash(tmp_path):
    file = tmp_path / "lemma.py"
    file.write_text("a")
    assert hashes([file]) == {file.as_posix(): sha256(b"a").hexdigest()}
    file.write_text("b")
    assert hashes([file])[file.as_posix()] == sha256(b"b").hexdigest()


def test_seed_and_precision_are_kept():
    made = manifest(seed=12)
    assert made["seed"] == 12
    assert 2 <= made["precision"]["ball_bits"]["first"] <= made["precision"]["ball_bits"]["last"]
