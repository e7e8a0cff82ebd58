"""``kurdyka constants``: enclosures as decimals, verdicts, refusals."""

import json
from fractions import Fraction
from itertools import pairwise

import pytest
import sympy as sp

from numerics.activation_constants import MEANINGS, activation_constants
from numerics.rigorous.balls import evaluate, rational_bounds
from proofs_check.cli import run
from theory.activations import activation


def constants(capsys, text, *options):
    status = run(["constants", text, "--json", "-", *options])
    return status, json.loads(capsys.readouterr().out)


def ends(document, name):
    return Fraction(document[name]["lower"]), Fraction(document[name]["upper"])


def within(document, name, exact):
    low, high = ends(document, name)
    inner = rational_bounds(evaluate(exact, {}, 2000))
    return low <= inner[0] and inner[1] <= high


ALGEBRAIC = {  # closed forms for x/√(1 + x²)
    "C_phi_squared": 1 - sp.sqrt(sp.pi / 2) * sp.exp(sp.Rational(1, 2)) * sp.erfc(1 / sp.sqrt(2)),
    "mean": sp.Integer(0),
    "B1": sp.Integer(1),
    "B2": sp.Rational(3, 2) * sp.Rational(4, 5) ** sp.Rational(5, 2),
}
SINE = {
    "C_phi_squared": (1 - sp.exp(-2)) / 2,
    "C_dphi_squared": (1 + sp.exp(-2)) / 2,
    "M4": (3 - 4 * sp.exp(-2) + sp.exp(-8)) / 8,
    "mean": sp.Integer(0),
    "B1": sp.Integer(1),
    "B2": sp.Integer(1),
}
BELL = {
    "C_phi_squared": 1 / sp.sqrt(5),
    "C_dphi_squared": 4 / (5 * sp.sqrt(5)),
    "M4": sp.Rational(1, 3),
    "mean": 1 / sp.sqrt(3),
    "B1": sp.sqrt(2) * sp.exp(-sp.Rational(1, 2)),
    "B2": sp.Integer(2),
}
IDENTITY = dict(zip(MEANINGS, map(sp.Integer, (1, 1, 3, 0, 1, 0)), strict=True))


@pytest.mark.parametrize("digits", [1, 30])
@pytest.mark.parametrize(
    ("text", "exact"),
    [("x/sqrt(1+x**2)", ALGEBRAIC), ("sin", SINE), ("exp(-x**2)", BELL), ("x", IDENTITY)],
    ids=["algebraic", "sin", "gaussian", "identity"],
)
def test_the_report_encloses_closed_forms(capsys, text, exact, digits):
    status, document = constants(capsys, text, "--digits", str(digits))
    assert status == 0
    assert list(document)[:8] == ["schema", "activation", *MEANINGS]
    assert document["schema"] == "kurdyka.constants/1"
    for name in MEANINGS:
        low, high = ends(document, name)
        assert 0 <= high - low < Fraction(1, 10**digits)
        assert name == "mean" or low >= 0
    for name, value in exact.items():
        assert within(document, name, value), name


@pytest.mark.parametrize("name", ["tanh", "identity", "erf"])
def test_a_hundred_digits_and_nesting(name):
    found = [activation_constants(activation(name), digits) for digits in (3, 4, 30, 100)]
    for coarse, fine in pairwise(found):
        for key in MEANINGS:
            assert coarse[key].lower <= fine[key].lower <= fine[key].upper <= coarse[key].upper
    assert all(c.upper - c.lower < Fraction(1, 10**100) for c in found[-1].values())


def test_a_supremum_that_is_not_attained_is_enclosed(capsys):
    status, document = constants(capsys, "squareplus", "--digits", "25")
    assert status == 0
    assert within(document, "B1", sp.Integer(1))


def test_cases_are_read_from_both_sides(capsys):
    huber = "where(x < -1, -x - 1/2, where(x < 1, x**2/2, x - 1/2))"
    status, document = constants(capsys, huber, "--digits", "12")
    assert status == 0
    for name in ("B1", "B2"):
        assert ends(document, name) == (1, 1)
    # E min(X², 1) = 1 − 2φ(1) ... by parts: E[X²; |X|<1] + P(|X| ≥ 1)
    density = sp.exp(-sp.Rational(1, 2)) / sp.sqrt(2 * sp.pi)
    assert within(document, "C_dphi_squared", 1 - 2 * density)


def test_what_cannot_be_decided_says_so_and_ends_with_1(capsys):
    status, document = constants(capsys, "(sin(x) + sin(sqrt(2)*x))/2", "--digits", "10")
    assert status == 1
    assert document["B2"] is None
    assert document["undecided"]["B2"]
    low, high = ends(document, "C_phi_squared")
    assert 0 < high - low < Fraction(1, 10**10)


def test_without_a_bound_of_the_slope_nothing_is_claimed(capsys):
    assert run(["constants", "x*sin(x)", "--digits", "5"]) == 1
    assert capsys.readouterr().out.count("UNDECIDED") == len(MEANINGS)


REFUSED = {
    "relu": "jumps from 0 to 1 at 0",
    "abs(x - 2)": "φ' jumps at x = 2",
    "where(x < 1, 0, 1)": "the function jumps at x = 1",
    "sqrt(abs(x))": "φ' is unbounded as x → 0 from the left",
    "abs(x)**(3/2)": "φ' is not Lipschitz: φ'' is unbounded as x → 0",
    "where(x <= 1/3, 0, (x - 1/3)*log(x - 1/3))": "φ'' is unbounded as x → 1/3 from the right",
    "tanh(x)*abs(x - 2)**(3/2)": "φ' is not Lipschitz: φ'' is unbounded as x → 2",
    "where(x <= 0, 1, 1/x)": "the function is unbounded as x → 0 from the right",
    "sqrt(x**2)": "φ' jumps at x = 0",
    "floor(x)": "the function jumps at x = 0",
    "floor(x/2 - 1/4) + x": "the function jumps at x = 1/2",
    "ceil(1 - 2*x)": "the function jumps at x = 0",
    "1/x": "no real value at x = 0",
    "1/(x**2 - 2)": "no real value at x = -sqrt(2)",
    "log(x)": "no real value at x = 0",
    "tan(x)": "no real value at x = pi/2",
    "x**(1/3)": "no real value at x = -1",
    "relu(x - 1)": "φ' jumps at x = 1",
    "x**2": "φ' is unbounded as x → ∞",
    "exp(-x)": "φ' is unbounded as x → −∞",
    "no_such_name": "unknown activation",
    "__import__('os').system('true')": "cannot occur",
    "10**10**10": "too large",
    "(" * 300 + "x" + ")" * 300: "",
    "9" * 900: "too long",
    "": "empty",
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:20])
def test_refusals_are_one_line_and_status_2(capsys, text):
    assert run(["constants", text]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert REFUSED[text] in said.err


@pytest.mark.parametrize("digits", ["0", "-3", "1001", "many"])
def test_digits_out_of_range_are_wrong_usage(capsys, digits):
    assert run(["constants", "tanh", "--digits", digits]) == 2
    assert capsys.readouterr().err.count("\n") == 1
