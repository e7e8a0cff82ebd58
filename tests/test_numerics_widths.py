"""Widths: certified at the width returned, not below it; larger for what is harder."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from flint import arb
from sympy import Rational, Symbol, integrate, sqrt

from numerics.activation_constants import activation_constants
from numerics.enclosures import Enclosure
from numerics.widths.chances import chance
from numerics.widths.least import Conditions, NoWidth, least_width, short_shares
from numerics.widths.needed import widths_needed
from numerics.widths.quantities import LAWS, Norms, a_priori, exact, given_weights
from numerics.widths.reachable import reachable
from numerics.widths.routes import GIVEN_V, ROUTES

TANH = activation_constants("tanh", 20)
FAILURE = Fraction(1, 10)
HIDDEN_CONVEX = ROUTES["hidden"][2]
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
    for route in (ROUTES["hidden"][1], HIDDEN_CONVEX, ROUTES["both"][2]):
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
    from numerics.widths import least as widths
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


def test_hidden_convexity_asks_for_less_than_both_theorems():
    widths = widths_needed("hidden", TANH, 4, norms(), LAWS["rademacher"], FAILURE)
    assert list(widths) == ["published", "sharp", "hidden-convex"]
    assert widths["hidden-convex"].width < widths["sharp"].width / 5
    assert widths["hidden-convex"].delta is None
    assert widths["hidden-convex"].risks == {"p": FAILURE}
    assert "hidden-convex" not in widths_needed(
        "both", TANH, 4, norms(), LAWS["rademacher"], FAILURE
    )


@pytest.mark.parametrize("name", ["sigmoid", "gelu"])
def test_hidden_convexity_needs_values_on_both_sides_of_zero(name):
    constants = activation_constants(name, 20)
    widths = widths_needed("hidden", constants, 4, norms(), LAWS["rademacher"], FAILURE)
    assert "around 0" in widths["hidden-convex"]
    assert widths["sharp"].width > 0


def test_at_the_width_of_hidden_convexity_observations_are_outputs():
    """At the certified width every observation drawn is an output of random networks."""
    norm, rng = "0.5", np.random.default_rng(4)
    found = widths_needed("hidden", TANH, 4, norms(observation=norm), LAWS["rademacher"], FAILURE)[
        "hidden-convex"
    ]
    for _ in range(20):
        direction = rng.standard_normal(4)
        y = float(norm) * direction / np.linalg.norm(direction) * (1 - 1e-12)
        v = rng.choice([-1.0, 1.0], (4, found.width))
        assert reachable(TANH.activation, v, np.eye(4), y)


ENTRY = Symbol("x", real=True)
DENSITIES = {
    "rademacher": lambda f: (f.subs(ENTRY, 1) + f.subs(ENTRY, -1)) / 2,
    "uniform": lambda f: integrate(f, (ENTRY, -sqrt(3), sqrt(3))) / (2 * sqrt(3)),
}


@pytest.mark.parametrize("name", LAWS)
def test_the_constants_of_a_law_are_its_moments(name):
    mean, law = DENSITIES[name], LAWS[name]
    assert mean(ENTRY) == 0
    assert mean(ENTRY**2) == 1
    assert mean(ENTRY**4) == Rational(*law.kurtosis.as_integer_ratio())
    assert mean(abs(ENTRY)) ** 2 == Rational(*law.mean_size_squared.as_integer_ratio())


def test_first_moments_are_the_best_of_the_statements():
    rademacher, uniform = (LAWS[name].first_moment for name in ("rademacher", "uniform"))
    assert rademacher.overlaps(1 / arb(2).sqrt())
    assert uniform.overlaps((arb(3) / 8).sqrt())
    peaked = replace(LAWS["uniform"], mean_size_squared=Fraction(1, 2))
    assert peaked.first_moment.overlaps(1 / arb(3).sqrt())
    heavy = replace(peaked, kurtosis=Fraction(4))
    assert heavy.first_moment.overlaps(arb(1) / 2)


def test_first_moments_are_below_those_of_random_directions():
    """Exactly, over all signs; the constant is attained by two equal entries."""
    signs = np.array(list(product((1.0, -1.0), repeat=6)))
    directions = [np.eye(6)[0], np.eye(6)[0] + np.eye(6)[1], np.ones(6)]
    means = [np.abs(signs @ (a / np.linalg.norm(a))).mean() for a in directions]
    bound = float(LAWS["rademacher"].first_moment)
    assert min(means) == pytest.approx(bound)
    assert all(mean >= bound - 1e-12 for mean in means)


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


def test_weights_of_lower_rank_have_no_bound_of_the_gram_matrix():
    values = given_weights(TANH, np.eye(4), weights(3), norms())
    with pytest.raises(NoWidth, match="rank"):
        chance(GIVEN_V["sharp"], values, 3, FAILURE)
