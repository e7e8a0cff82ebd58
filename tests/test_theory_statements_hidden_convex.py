"""The statements of hidden convexity fit together, and hold on full networks."""

from dataclasses import replace

import numpy as np
import pytest
from sympy import Lambda

from numerics.bounds import evaluate_bound
from numerics.flow import integrate
from numerics.problems import problem_from_mapping
from numerics.widths.bregman import divergences
from proofs_check.chain import check
from proofs_check.verdict import Verdict
from theory.formulas import ForAll, forall, substitute
from theory.probability import OMEGA
from theory.registry import statement
from theory.settings.initial import NEURON, V, i, j
from theory.statement import Hypothesis, Quantity, Statement
from theory.statements import first_moment
from theory.statements.width_hidden_convex import mu_1
from theory.steps import lemma, polynomial
from theory.terms import real, real_function

LEMMA = first_moment.STATEMENT
i_1 = real("i_1")
SIGN, SIZE = real_function("s_all"), real_function("r_all")
COLUMN = {
    first_moment.V: Lambda(OMEGA, V(i_1, OMEGA)),
    first_moment.sign: Lambda((j, OMEGA), SIGN(i_1, j, OMEGA)),
    first_moment.size: Lambda((j, OMEGA), SIZE(i_1, j, OMEGA)),
}
MEMBER = substitute(NEURON, {i: i_1})


def of_every_neuron(formula):
    """Return a formula about one column as one about the column of every neuron."""
    given, body, variables = MEMBER, formula, (i_1,)
    if isinstance(formula, ForAll):
        given, body = MEMBER & formula.given, formula.body
        variables = (i_1, *formula.variables)
    return forall(variables, substitute(given, COLUMN), substitute(body, COLUMN))


def corollary(constant):
    """Return the statement that columns of symmetric entries satisfy H_mean at a constant."""
    plain = ("H_coordinates",)
    hypotheses = [
        h if h.name in plain else replace(h, formula=of_every_neuron(h.formula))
        for h in LEMMA.hypotheses
    ]
    (h_mean,) = [h for h in statement("width_hidden_convex").hypotheses if h.name == "H_mean"]
    claim = substitute(h_mean.formula, {mu_1: constant})
    kept = [q for q in LEMMA.quantities if q.symbol not in COLUMN]
    return Statement(
        title="symmetric entries have first moments",
        quantities=(*kept, *(Quantity(f, "of every neuron") for f in (V, SIGN, SIZE))),
        hypotheses=tuple(Hypothesis(h.name, h.formula, h.meaning) for h in hypotheses),
        conclusions={"mean": claim},
        steps=(
            lemma("column", "first_moment.moment", *(h.name for h in hypotheses), "n", "D", "m_1",
                  over=(i_1,), given=MEMBER, **{str(f): value for f, value in COLUMN.items()}),
            polynomial("mean", claim, "column"),
        ),
    )  # fmt: skip


def test_symmetric_entries_satisfy_what_the_width_assumes():
    made = check(corollary(first_moment.MU_1), seconds=20)
    assert made.verdict is Verdict.PROVED, made.reasons


def test_they_are_not_shown_to_satisfy_more():
    made = check(corollary(2 * first_moment.MU_1), seconds=5)
    assert made.verdict is not Verdict.PROVED


def network(seed):
    """Return a tanh network with 2 measurements of 3 outputs and an output of it to fit."""
    rng = np.random.default_rng(seed)
    width, inputs = 5, 4
    operator, columns = rng.standard_normal((2, 3)), rng.choice([-1.0, 1.0], (3, width))
    target = rng.uniform(-0.5, 0.5, width)
    image = operator @ columns / np.sqrt(width)
    u = rng.standard_normal(inputs)
    tables = {
        "problem": {"operator": operator, "observation": image @ np.tanh(target)},
        "network": {"activation": "tanh", "u": u, "W": 0.3 * rng.standard_normal((width, inputs)),
                    "V": columns, "train": "hidden"},
    }  # fmt: skip
    return problem_from_mapping(tables), image, target


def least_slope(target, divergence):
    """Return the least tanh' where a neuron alone is within a divergence of its target."""
    places = np.linspace(-12, 12, 40_001)
    apart, _ = divergences(TANH, places, np.full_like(places, target))
    return np.min(1 - np.tanh(places[apart <= divergence]) ** 2)


TANH = network(0)[0].generator.activation


@pytest.mark.parametrize("seed", range(3))
def test_the_exponential_rate_holds_on_networks(seed):
    problem, image, target = network(seed)
    start = problem.generator.hidden
    divergence = divergences(TANH, start, target)[0].sum()
    slopes = np.array([least_slope(h, divergence) for h in target])
    kernel = np.linalg.eigvalsh((image * slopes**2) @ image.T)[0]
    speed = problem.generator.input_norm.middle
    rate = float(evaluate_bound(statement("hidden_convex_rate"), "rate", {
        "mu": 1, "lambda_0": exact(kernel), "u_norm": exact(speed)}, digits=12).lower)  # fmt: skip
    found = integrate(problem)
    bound = found.loss[0] * np.exp(-rate * found.times)
    assert rate > 0
    assert np.all(found.loss <= bound * (1 + 1e-9) + 1e-12)


def exact(value):
    return str(float(value))
