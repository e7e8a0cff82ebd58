"""What a recheck decides by its own searches: suprema of φ' and φ'', and certified widths."""

import copy
import json
from pathlib import Path

import numpy as np
import pytest
from flint import arb, ctx

from numerics.problems import problem_from_mapping
from proofs_check.certificate import certificate
from proofs_check.instance import examine
from proofs_check.recheck import CertificateError, claims, recheck_document
from proofs_check.rechecking.quantities import PRECISION, Quantities
from proofs_check.rechecking.subject import subject
from proofs_check.rechecking.suprema import confirmed
from theory.activations import activation, derivative_of

SUPREMA = {
    "silu": (1, "1.0998393201288668"),
    "tanh": (1, "1"),
    "log(1 + exp(2*x))": (1, "2"),
    "x/sqrt(1+x**2)": (2, "0.8586501033599192"),
}


@pytest.mark.parametrize("name", SUPREMA)
def test_suprema_are_confirmed_and_false_ones_are_not(name):
    order, text = SUPREMA[name]
    expression = activation(name).derivative
    if order == 2:
        expression = derivative_of(expression)
    value = arb(text)
    assert confirmed(expression, value) is (None if name.startswith("log") else True)
    assert confirmed(expression, value * arb("1.00001")) is None
    assert confirmed(expression, value * arb("0.99999")) is False


def test_a_function_without_a_bound_is_not_confirmed():
    assert confirmed(activation("x").derivative * activation("x**3").expression, arb(9)) is False
    assert confirmed(activation("sin").derivative, arb("0.5")) is False
    assert confirmed(activation("sin").derivative, arb(2)) is not True


def made(train, name="mish"):
    rng = np.random.default_rng(0)
    problem = problem_from_mapping({
        "problem": {"operator": rng.standard_normal((2, 3)), "observation": np.ones(2)},
        "network": {
            "activation": name, "width": 20, "input_dimension": 9, "train": train, "seed": 0,
        },
    })  # fmt: skip
    return json.loads(json.dumps(certificate(examine(problem))))


def failures(document):
    return [check.claim for check in recheck_document(document, Path()) if not check.holds]


@pytest.mark.parametrize("train", ["hidden", "both"])
def test_certified_widths_are_decided_again(train):
    document = made(train)
    assert failures(document) == []
    with ctx.workprec(PRECISION):
        quantities = Quantities(subject(document, Path()))

    def refused(changed):
        return [check.claim for check in claims(changed, quantities) if not check.holds]

    for theorem in ("published", "sharp"):
        assert document["width_needed"][theorem] > document["width_estimate"][theorem]
        short = copy.deepcopy(document)
        short["width_needed"][theorem] -= 2
        assert refused(short) == [f"width_needed.{theorem}"]
    bold = copy.deepcopy(document)
    bold["width_choice"]["failure"] = "1/100"
    assert {f"width_needed.{theorem}" for theorem in ("published", "sharp")} <= set(refused(bold))


def test_risks_cannot_stand_for_other_quantities():
    document = made("hidden", "tanh")
    document["width_choice"]["sharp"]["risks"]["k"] = "1000000"
    with pytest.raises(CertificateError):
        failures(document)
