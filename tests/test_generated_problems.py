"""Generated problems: no certified claim is violated by a flow, and enclosures hold 40 digits.

A few dozen by default. For thousands, with new ones each time:

    KURDYKA_EXAMPLES=2000 pytest tests/test_generated_problems.py
"""

import os
from fractions import Fraction
from functools import cache

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from numerics.flow import integrate
from numerics.inputs.activations import read_activation
from numerics.problems import problem_from_mapping
from proofs_check.instance import examine
from proofs_check.trajectories.comparison import compare
from theory.activations import ACTIVATIONS, X

WANTED = int(os.environ.get("KURDYKA_EXAMPLES", "0"))
OPTIONS = {
    "deadline": None,
    "derandomize": WANTED == 0,
    "database": None,
    "suppress_health_check": list(HealthCheck),
}
TYPED = ("x/sqrt(1+x**2)", "tanh(x) + x/10", "log(1 + exp(2*x))/2")
LOSSES = (
    {"name": "squared"}, {"name": "squared"}, {"name": "log_cosh"}, {"name": "cauchy"},
    {"name": "huber", "delta": 1}, {"name": "pseudo_huber", "delta": 1},
    {"name": "power", "p": 3}, {"name": "power", "p": "3/2"}, {"name": "separable_power", "p": 3},
)  # fmt: skip
SCALES = (1e-6, 1e-3, 1.0, 1.0, 1.0, 1e3, 1e6)
SHAPES = ("full", "full", "dependent", "zero row", "column")


@st.composite
def problems(draw):
    """Draw the tables of a problem file, arrays included."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1), label="seed"))
    m, n = draw(st.integers(1, 4), label="m"), draw(st.integers(1, 4), label="n")
    operator = rng.standard_normal((m, n))
    shape = draw(st.sampled_from(SHAPES), label="operator")
    if shape == "dependent" and m > 1:
        operator[-1] = 2 * operator[0]
    if shape == "zero row" and m > 1:
        operator[-1] = 0
    if shape == "column" and n > 1:
        operator[:, -1] = operator[:, 0] / 2
    scale = draw(st.sampled_from(SCALES), label="scale")
    inside = draw(st.booleans(), label="y in the range")
    observation = operator @ rng.standard_normal(n) if inside else rng.standard_normal(m)
    width = draw(st.sampled_from((1, 3, 8, 30, 100, 300)), label="k")
    d = draw(st.integers(1, 3), label="d")
    u = rng.standard_normal(d)
    u *= draw(st.sampled_from((0.3, 1.0, 1.0, 2.5)), label="‖u‖") / np.linalg.norm(u)
    return {
        "problem": {
            "operator": scale * operator, "observation": (scale if inside else 1) * observation,
        },
        "loss": draw(st.sampled_from(LOSSES), label="loss"),
        "network": {
            "activation": draw(st.sampled_from((*ACTIVATIONS, *TYPED)), label="activation"),
            "train": draw(st.sampled_from(("hidden", "hidden", "both")), label="train"),
            "u": u, "W": rng.standard_normal((width, d)),
            "V": rng.choice((-1.0, 1.0), (n, width)),
        },
    }  # fmt: skip


@settings(max_examples=WANTED or 15, **OPTIONS)
@given(problems())
def test_no_claim_is_violated_by_a_flow(tables):
    problem = problem_from_mapping(tables)
    instance = examine(problem)
    applies = [name for name, reading in instance.readings.items() if reading.applies]
    event(f"applies: {', '.join(applies) or 'none'}")
    if not any(instance.readings[name].bounds_misfit for name in ("published", "sharp")):
        return
    found = integrate(problem, max_steps=1500, max_points=200)
    for compared in compare(instance, found):
        assert not compared.violated, (compared.theorem, compared.quantity, compared.min_slack)


# ---------------------------------------------------------------- 40-digit references

DIGITS = 40


@cache
def functions(name):
    """Return φ, φ' and (B₁, B₂) (None where there is no closed form) for 40 digits."""
    chosen = read_activation(name)
    value, slope = (sp.lambdify(X, e, "mpmath") for e in (chosen.expression, chosen.derivative))
    return value, slope, chosen.B1, chosen.B2


def number(expression):
    value = sp.Float(sp.N(expression, DIGITS + 10), DIGITS + 10)  # N leaves an exact 0 as it is
    return mpmath.mpf(value._mpf_)


def singular_values(rows):
    """Return the singular values of a matrix, largest first, as many as it has rows."""
    matrix = mpmath.matrix(rows)
    squares = mpmath.eigsy(matrix * matrix.T, eigvals_only=True)
    return [mpmath.sqrt(max(x, mpmath.mpf(0))) for x in sorted(squares, reverse=True)]


class Reference:
    """The quantities of a problem with V and W given, by formulas that this test writes down."""

    def __init__(self, tables):
        net = tables["network"]
        a, self.v = tables["problem"]["operator"].tolist(), net["V"].tolist()
        phi, slope, b_1, b_2 = functions(net["activation"])
        self.both = net["train"] == "both"
        u = [mpmath.mpf(x) for x in net["u"].tolist()]
        h = [mpmath.fdot(row, u) for row in net["W"].tolist()]
        self.k, self.n, self.u = len(h), len(self.v), mpmath.norm(mpmath.matrix(u))
        self.phi, self.slope = [phi(x) for x in h], [slope(x) for x in h]
        root = mpmath.sqrt(self.k)
        rows = [[v * s for v, s in zip(row, self.slope, strict=True)] for row in self.v]
        lengths = mpmath.matrix(rows) * mpmath.matrix(rows).T * (self.u**2 / self.k)
        if self.both:
            outer = mpmath.fsum(x * x for x in self.phi) / self.k
            lengths += outer * mpmath.eye(self.n)
        least = min(mpmath.eigsy(lengths, eigvals_only=True))
        self.sigma_0 = mpmath.sqrt(max(least, mpmath.mpf(0)))
        rank = sp.Matrix([[sp.Rational(Fraction(x)) for x in row] for row in a]).rank()
        found = singular_values(a)
        self.operator_norm, self.sigma_A = found[0], found[rank - 1]
        x = [mpmath.fdot(row, self.phi) / root for row in self.v]
        y = tables["problem"]["observation"].tolist()
        self.residual = [mpmath.fdot(row, x) - b for row, b in zip(a, y, strict=True)]
        self.misfit = mpmath.norm(mpmath.matrix(self.residual))
        self.lipschitz = self._lipschitz(b_1, b_2)
        self.q = None
        if self.lipschitz is not None and self.sigma_0 > mpmath.mpf(10) ** -15:
            self.q = self.lipschitz * self.misfit / (self.sigma_A * self.sigma_0**2)

    def _lipschitz(self, b_1, b_2):
        if b_2 is None or (self.both and b_1 is None):
            return None
        c = number(b_2) * self.u**2 * mpmath.sqrt(self.n)  # entries of V are ±1
        if not self.both:
            return c / mpmath.sqrt(self.k)
        edge = number(b_1) * self.u
        return (c + mpmath.sqrt(c**2 + 4 * edge**2)) / (2 * mpmath.sqrt(self.k))


def contains(found, value):
    """Whether a bracket or range contains a reference, but for the reference's own digits."""
    lower, upper = (
        mpmath.mpf(end) if isinstance(end, float) else mpmath.mpf(end.mid().str(45, radius=False))
        for end in (found.lower, found.upper)
    )
    slack = abs(value) * mpmath.mpf(10) ** -30
    return lower - slack <= value <= upper + slack


RADIAL = ("squared", "power")


@settings(max_examples=WANTED or 15, **OPTIONS)
@given(problems())
def test_enclosures_contain_40_digit_references(tables):
    measured = (instance := examine(problem_from_mapping(tables))).measured
    with mpmath.workdps(DIGITS + 10):
        wanted = Reference(tables)
        checks = {
            "sigma_A": (measured.spectrum.sigma_A, wanted.sigma_A),
            "operator_norm": (measured.spectrum.norm, wanted.operator_norm),
            "lipschitz": (measured.lipschitz, wanted.lipschitz),
        }
        if wanted.sigma_0 > mpmath.mpf(10) ** -15:
            checks["sigma_0"] = (measured.sigma_0, wanted.sigma_0)
        if tables["loss"]["name"] in RADIAL:
            checks["misfit"] = (measured.misfit, wanted.misfit)
            checks["q"] = (instance.readings["sharp"].q, wanted.q)
        for name, (found, value) in checks.items():
            if found is not None and value is not None:
                assert contains(found, value), (name, found, value)
        assert measured.sigma_0.lower <= wanted.sigma_0 + mpmath.mpf(10) ** -18


def test_the_references_are_not_the_enclosures():
    """A reference that is off by one part in 10¹² is told apart."""
    rng = np.random.default_rng(0)
    tables = {
        "problem": {"operator": rng.standard_normal((2, 3)), "observation": np.ones(2)},
        "loss": {"name": "squared"},
        "network": {
            "activation": "tanh", "train": "hidden", "u": np.array([1.0, 0.5]),
            "W": rng.standard_normal((8, 2)), "V": rng.choice((-1.0, 1.0), (3, 8)),
        },
    }  # fmt: skip
    measured = examine(problem_from_mapping(tables)).measured
    with mpmath.workdps(DIGITS + 10):
        wanted = Reference(tables)
        for found, value in (
            (measured.spectrum.sigma_A, wanted.sigma_A), (measured.misfit, wanted.misfit),
            (measured.sigma_0, wanted.sigma_0),
        ):  # fmt: skip
            assert contains(found, value)
            assert not contains(found, value * (1 + mpmath.mpf(10) ** -12))


@pytest.mark.parametrize("kind", ["misfit", "travel"])
def test_a_false_claim_would_be_seen(kind):
    """The comparison that the generated problems go through rejects a bound that is 5% too low."""
    from dataclasses import replace

    rng = np.random.default_rng(1)
    problem = problem_from_mapping({
        "problem": {"operator": np.array([[1.0, 0.0]]), "observation": np.array([0.1])},
        "network": {
            "activation": "identity", "train": "hidden", "u": np.array([1.0]),
            "W": rng.standard_normal((40, 1)), "V": rng.choice((-1.0, 1.0), (2, 40)),
        },
    })  # fmt: skip
    instance = examine(problem)
    found = integrate(problem)
    low = replace(found, **{kind: 20 * getattr(found, kind)})
    assert not any(c.violated for c in compare(instance, found))
    assert any(c.violated for c in compare(instance, low) if c.quantity == kind)
