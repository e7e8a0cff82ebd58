"""``kurdyka recheck``: true certificates hold, and no number of one can be changed unnoticed."""

import copy
import json
import math
import re
from pathlib import Path

import pytest
from flint import ctx
from sealed_certificates import (
    CASES,
    at,
    certified,
    changed,
    failures,
    leaves,
    made,
    tables,
)

from numerics.problems import problem_from_mapping
from proofs_check import cli
from proofs_check.certificate import certificate
from proofs_check.instance import examine
from proofs_check.recheck import CertificateError, Tampered, claims
from proofs_check.rechecking.quantities import PRECISION, Quantities
from proofs_check.rechecking.subject import subject


@pytest.fixture
def document():
    return certified()


@pytest.fixture(scope="module")
def quantities():
    with ctx.workprec(PRECISION):
        return Quantities(subject(certified(), Path()))


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
