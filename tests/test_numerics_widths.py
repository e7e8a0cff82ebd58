"""Widths: certified at the width returned, not below it; larger for what is harder."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb
from sympy import Symbol

from numerics.activation_constants import activation_constants
from numerics.enclosures import Enclosure
from numerics.width_chances import chance
from numerics.width_quantities import LAWS, Norms, a_priori, exact, given_weights
from numerics.width_routes import GIVEN_V, ROUTES
from numerics.widths import Conditions, NoWidth, least_width, short_shares

TANH = activation_constants("tanh", 20)
FAILURE = Fraction(1, 10)
EVERY = [(train, route) for train, routes in ROUTES.items() for route in routes]


def norms(sigma="1", norm="1", frobenius=2, observation="1"):
    return Norms(*(exact(Fraction(v)) for v in (sigma, norm, frobenius, observation)))


def known(constants=TANH, outputs=4, law="rademacher", **given):
    return a_priori(constants, outputs, norms(**given), LAWS[law])


@pytest.mark.parametrize(("train", "route"), EVERY, ids=lambda x: getattr(x, "name", x))
def test_the_width_is_certified_and_one_less_is_not(train, route):
    found = least_width(route, known(), FAILURE)
    conditions = Conditions(route, known())
    risks = tuple(found.risks.values())
    assert conditions.hold(found.width, found.delta, risks)
    assert not conditions.hold(found.width - 1, found.delta, risks)
    assert sum(risks) <= FAILURE
    assert all(part.lower <= found.width for part in found.parts.values())
    assert max(part.upper for part in found.parts.values()) > found.width - 2


@pytest.mark.parametrize(
    "harder",
    [{"sigma": "0.5"}, {"observation": "3"}, {"outputs": 8}, {"law": "uniform"}],
    ids=str,
)
def test_a_harder_problem_asks_for_more(harder):
    for route in (ROUTES["hidden"][1], ROUTES["both"][2]):
        easy, hard = known(), known(**harder)
        assert least_width(route, easy, FAILURE).width < least_width(route, hard, FAILURE).width


def test_the_sharp_threshold_asks_for_less_than_the_published_one():
    for routes in ROUTES.values():
        published, sharp = (least_width(r, known(), FAILURE).width for r in routes[:2])
        assert sharp < published


def test_a_route_that_lacks_a_value_says_which():
    lacking = {s: v for s, v in known().items() if s != Symbol("sigma_A")}
    with pytest.raises(NoWidth, match="sigma_A"):
        least_width(ROUTES["hidden"][0], lacking, FAILURE)


def test_the_conditions_are_the_statements_own(monkeypatch):
    """With a statement whose condition asks for twice as much, the width about doubles."""
    from dataclasses import replace

    from numerics import widths
    from theory.registry import statement

    route = ROUTES["both"][2]
    before = least_width(route, known(), FAILURE).width
    made = statement(route.statement)
    doubled = tuple(
        replace(h, formula=h.formula.func(h.formula.gts, 2 * h.formula.lts))
        if h.name in route.conditions
        else h
        for h in made.hypotheses
    )
    monkeypatch.setattr(widths, "statement_of", lambda r: replace(made, hypotheses=doubled))
    assert 1.8 < least_width(route, known(), FAILURE).width / before < 2.1


def weights(width, outputs=4, seed=0):
    return np.random.default_rng(seed).choice([-1.0, 1.0], (outputs, width))


def test_given_the_weights_a_wide_network_is_enough_and_a_narrow_one_is_not():
    answers = {}
    for width in (300, 20_000):
        values = given_weights(TANH, np.eye(4), weights(width), norms())
        answers[width] = chance(GIVEN_V["published"], values, width, FAILURE)
    assert answers[20_000].enough
    assert not answers[300].enough
    assert answers[20_000].q is not None
    assert float(answers[20_000].q) < 0.25


def test_the_bound_of_q_given_the_weights_holds_for_random_hidden_weights():
    """q is drawn 200 times; with failure probability 1/10 more than 40 excesses have
    probability below 2·10⁻⁵."""
    width, rng = 2000, np.random.default_rng(1)
    v = weights(width)
    values = given_weights(TANH, np.eye(4), v, norms())
    found = chance(GIVEN_V["sharp"], values, width, FAILURE)
    assert isinstance(found.q, Enclosure)
    curvature, observation = float(TANH["B2"]), np.array([1.0, 0, 0, 0])
    excesses = 0
    for _ in range(200):
        h = rng.standard_normal(width)
        gram = (v * (1 - np.tanh(h) ** 2) ** 2) @ v.T / width
        misfit = np.linalg.norm(v @ np.tanh(h) / np.sqrt(width) - observation)
        slope = curvature * 2.0 / np.sqrt(width)  # columns of four signs have length 2
        excesses += slope * misfit / np.linalg.eigvalsh(gram)[0] >= float(found.q)
    assert excesses <= 40


def test_quantities_of_given_weights_enclose_what_numpy_finds():
    v, a = weights(50, seed=3), np.diag([3.0, 2.0, 1.0, 0.5])
    values = {str(s): b for s, b in given_weights(TANH, a, v, norms()).items()}
    assert values["V_max"].overlaps(arb(2))
    frame = arb(float(np.linalg.eigvalsh(v @ v.T)[0]) / 50, 1e-12)
    assert values["nu"].overlaps(frame)
    assert values["N_AV"].overlaps(arb(float(np.linalg.norm(a @ v, 2)), 1e-10))


def test_shares_add_up_to_at_most_the_total_whatever_floats_do():
    """In floating point a total just below 3/10 is 3/10."""
    total = Fraction(3, 10) - Fraction(1, 10**30)
    shares = short_shares([float(total) / 3] * 3, total)
    assert sum(shares) <= total
    assert sum(shares) > total * (1 - Fraction(1, 1000))
