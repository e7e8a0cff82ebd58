"""``kurdyka width``: three levels, published beside sharp; refusals in one line."""

import json
from pathlib import Path

import pytest

from numerics.widths.routes import ROUTES
from proofs_check.cli import run
from proofs_check.width_growth import growth

SIZES = [
    "width", "--outputs", "6", "--measurements", "4", "--inputs", "100", "--activation", "tanh",
    "--sigma-min", "0.5", "--operator-norm", "1",
]  # fmt: skip
EXAMPLE = str(Path(__file__).parent.parent / "examples" / "hidden_convex" / "problem.toml")
SMALL = """
[problem]
operator = "A.npy"
observation = "y.npy"
[loss]
name = "squared"
[network]
activation = "tanh"
width = 400
input_dimension = 20
train = "{train}"
output_weights = "rademacher"
seed = 1
"""


@pytest.fixture
def problem(tmp_path):
    import numpy as np

    np.save(tmp_path / "A.npy", np.diag([1.0, 0.8]) @ np.eye(2, 3))
    np.save(tmp_path / "y.npy", np.array([0.4, -0.3]))

    def write(train="hidden"):
        file = tmp_path / "problem.toml"
        file.write_text(SMALL.format(train=train))
        return str(file)

    return write


def answer(capsys, *arguments):
    status = run([*arguments, "--json", "-"])
    return status, json.loads(capsys.readouterr().out)


def test_widths_for_sizes(capsys):
    status, made = answer(capsys, *SIZES)
    assert status == 0
    assert next(iter(made)) == "schema"
    assert made["schema"] == "kurdyka.width/1"
    convex = made["a_priori"]["hidden"]["hidden-convex"]
    assert convex["width"] < made["a_priori"]["hidden"]["sharp"]["width"]
    assert convex["statement"] == "width_hidden_convex"
    assert convex["threshold"] is None
    assert convex["delta"] is None
    for train in ("hidden", "both"):
        widths = made["a_priori"][train]
        assert 0 < widths["sharp"]["width"] < widths["published"]["width"]
        for found in widths.values():
            for part in found["conditions"].values():
                assert float(part["lower"]) <= float(part["upper"]) <= found["width"] + 1e-6
    assert made["given_weights"] == {}


def test_the_table_names_both_theorems(capsys):
    assert run([*SIZES, "--train", "hidden"]) == 0
    text = capsys.readouterr().out
    assert "published" in text
    assert "sharp" in text
    assert "hidden-convex" in text
    assert "both layers" not in text


def test_the_orders_of_the_widths():
    """The one-point constant removes a factor (‖y‖/σ_A)² from the width of both layers."""
    published, sharp, outer = (growth(route) for route in ROUTES["both"])
    assert sharp == outer
    each = {"n": 1, "m": 1, "sigma_A": -2, "operator_norm": 2, "observation_norm": 2}
    assert sharp == each | {"n_and_m": 2}
    assert published == {
        "n": 1, "m": 2, "sigma_A": -4, "operator_norm": 4, "observation_norm": 4, "n_and_m": 2
    }  # fmt: skip
    assert growth(ROUTES["hidden"][0]) == sharp
    assert growth(ROUTES["hidden"][2]) == each | {"n_and_m": 1}  # of order n + m, not nm


def test_a_problem_has_three_levels(problem, capsys):
    status, made = answer(capsys, "width", problem())
    assert status == 0
    assert set(made["a_priori"]) == {"hidden"}
    assert set(made["given_weights"]) == {"published", "sharp", "hidden-convex"}
    assert made["given_weights"]["hidden-convex"]["enough"] is True
    assert set(made["a_posteriori"]) == {"published", "sharp", "aj"}


def test_an_activation_without_hidden_convexity_still_has_its_widths(capsys):
    status, made = answer(capsys, *SIZES, "--train", "hidden", "--activation", "gelu")
    assert status == 0
    assert made["a_priori"]["hidden"]["hidden-convex"]["width"] is None
    assert "around 0" in made["a_priori"]["hidden"]["hidden-convex"]["reason"]


def test_the_bundled_instance_is_reached_at_a_width_below_every_bound(capsys):
    status, made = answer(capsys, "width", EXAMPLE)
    widths = [found["width"] for found in made["a_priori"]["hidden"].values()]
    assert status == 0
    assert widths == sorted(widths, reverse=True)
    assert made["inputs"]["width"] == 6 < min(widths)
    assert made["given_weights"]["hidden-convex"]["enough"] is True
    assert made["given_weights"]["sharp"]["enough"] is None


def test_given_the_weights_says_so_where_no_statement_covers_it(problem, capsys):
    _, made = answer(capsys, "width", problem("both"))
    assert "no statement" in made["given_weights"]["both"]["reason"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (["--outputs", "0"], "--outputs 0"),
        (["--outputs", "2.5"], "whole number"),
        (["--activation", "relu"], "not C"),
        (["--activation", "__import__('os')"], "activation"),
        (["--sigma-min", "2"], "larger than"),
        (["--sigma-min", "-1"], "positive"),
        (["--sigma-min", "nan"], "number"),
        (["--frobenius-norm", "9"], "between"),
        (["--failure", "1"], "probability"),
        (["--train", "none"], "hidden or both"),
        (["--output-weights", "cauchy"], "rademacher"),
        (["--outputs", "1", "--measurements", "1"], "--failure"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_in_a_line(change, said, capsys):
    assert run([*SIZES, *change]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_sizes_and_a_problem_exclude_each_other(problem, capsys):
    assert run(["width", problem(), "--outputs", "3"]) == 2
    assert "says it already" in capsys.readouterr().err


def test_without_anything_the_options_are_named(capsys):
    assert run(["width"]) == 2
    assert "--operator-norm" in capsys.readouterr().err
