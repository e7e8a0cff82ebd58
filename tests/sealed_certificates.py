"""Certificates of many kinds, made once, and the same with one leaf changed."""

import copy
import json
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np

from numerics.problems import problem_from_mapping
from proofs_check.certificate import certificate
from proofs_check.instance import examine
from proofs_check.recheck import recheck_document

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


@cache
def made(name, **options):
    """Return the certificate of a case, which nobody changes, as it is read from its file."""
    instance = examine(problem_from_mapping(CASES[name]))
    return json.loads(json.dumps(certificate(instance, **options)))


def certified():
    """Return the certificate that most tests change."""
    return made("applies", residual=Fraction(1, 100))


def failures(document, folder=Path()):
    return [check.claim for check in recheck_document(document, folder) if not check.holds]


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


def written(document, folder):
    file = folder / "certificate.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return file
