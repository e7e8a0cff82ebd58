"""Hypotheses and constants of concrete problems: each can hold, fail, or stay undecided."""

from dataclasses import replace
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from sympy import Rational, Symbol

from numerics.problems import extremal_problem, problem_from_mapping
from numerics.rigorous.balls import rational_bounds
from numerics.rigorous.rounding import Bracket
from proofs_check.certifying import measure as instance_measure
from proofs_check.certifying.advice import advice
from proofs_check.certifying.formulas import Formulas, range_of
from proofs_check.certifying.text import above, below, decimals, shown
from proofs_check.instance import degenerate, examine, expanded, problem_witness
from proofs_check.verdict import Verdict
from theory import registry
from theory.losses import loss as loss_named
from theory.losses import squared
from theory.settings import flow as setting

A = np.array([[1.0, 0.2, 0.0, 0.1, 0.3], [0.0, 0.9, -0.3, 0.2, 0.1], [0.2, 0.1, 1.1, 0.0, -0.4]])
Y = [0.5, -0.3, 0.8]


def tables(
    width=200, loss="squared", train="hidden", activation="tanh", operator=A, y=None, **more
):
    parameters = more.pop("parameters", {})
    return {
        "problem": {"operator": operator, "observation": Y if y is None else y, **more},
        "loss": {"name": loss, **parameters},
        "network": {
            "activation": activation, "width": width, "input_dimension": 4, "train": train,
        },
    }  # fmt: skip


def examined(**options):
    return examine(problem_from_mapping(tables(**options)))


def verdicts(instance):
    return {h.name: h.verdict for h in instance.hypotheses}


def ends(found):
    return rational_bounds(found.lower)[0], rational_bounds(found.upper)[1]


# ---------------------------------------------------------------- formulas of statements


def test_expanding_leaves_only_measured_quantities():
    sharp = registry.statement("flow_sharp")
    for bound in sharp.bounds:
        free = expanded(sharp, bound.value).free_symbols
        assert free <= {setting.sigma_A, setting.sigma_0, setting.Lambda, setting.w_0, setting.t}


def test_formulas_follow_the_statement_that_is_registered(monkeypatch):
    """One source of a formula: change the statement and the value changes."""
    values = {setting.sigma_A: 1.0, setting.sigma_0: 2.0, setting.Lambda: 0.5, setting.w_0: 1.0}
    at = {s: range_of(Bracket(v, v)) for s, v in values.items()}
    before = ends(Formulas(squared(), 1, at).bound("flow_sharp", "q"))
    assert before[0] <= Fraction(1, 8) <= before[1]
    original = registry.statement
    sharp = original("flow_sharp")
    doubled = replace(sharp, bounds=tuple(replace(b, value=2 * b.value) for b in sharp.bounds))
    monkeypatch.setattr(
        registry, "statement", lambda id: doubled if id == "flow_sharp" else original(id)
    )
    after = ends(Formulas(squared(), 1, at).bound("flow_sharp", "q"))
    assert after[0] <= Fraction(1, 4) <= after[1]


def test_a_value_that_may_not_exist_is_none():
    at = {setting.sigma_A: range_of(Bracket(0.0, 1.0)), setting.t: range_of(Bracket(1.0, 1.0))}
    formulas = Formulas(squared(), 1, at)
    assert formulas.evaluated(1 / setting.sigma_A) is None
    assert formulas.evaluated(Symbol("unheard_of")) is None
    assert ends(formulas.evaluated(setting.sigma_A + Rational(1, 2))) == (
        Fraction(1, 2), Fraction(3, 2),
    )  # fmt: skip


# ---------------------------------------------------------------- text


def test_short_decimals_are_rounded_to_the_safe_side():
    bracket = Bracket(0.123456789, 0.123456799)
    assert Fraction(below(bracket)) <= Fraction(bracket.lower)
    assert Fraction(above(bracket)) >= Fraction(bracket.upper)
    assert shown(bracket) == "0.123456…"
    assert shown(Bracket(0.5, 0.5)) == "0.5"
    assert shown(Bracket(np.nextafter(0.5, 0), np.nextafter(0.5, 1))) == "≈ 0.5"
    assert shown(Bracket(0.25, 0.75)) == "[0.25, 0.75]"
    assert shown(None) == shown(Bracket(0.0, np.inf)) == "unknown"


@pytest.mark.parametrize("value", [0.0, 1 / 3, 1e-30, 1.7e25, 5e-324])
def test_decimals_enclose(value):
    found = decimals(Bracket(value, value))
    assert Fraction(found["lower"]) <= Fraction(value) <= Fraction(found["upper"])


def test_what_is_not_bounded_has_no_decimals():
    assert decimals(Bracket(0.0, np.inf)) is None
    assert decimals(None) is None


# ---------------------------------------------------------------- verdicts on instances


def test_wide_network_satisfies_everything():
    instance = examined(width=200_000)
    assert set(verdicts(instance).values()) == {Verdict.PROVED}
    assert all(reading.applies is True for reading in instance.readings.values())
    assert instance.measured.rigorous


def test_narrow_network_is_beyond_both_thresholds():
    instance = examined(width=60)
    assert instance.readings["published"].applies is False
    assert instance.readings["sharp"].applies is False
    assert instance.readings["sharp"].stands is True
    assert not instance.applies
    assert instance.readings["sharp"].bound("travel_radius") is None
    assert instance.readings["sharp"].rate is None


def test_what_is_left_beyond_the_threshold():
    """For q > 1/2 the envelope falls to w₀(1 − 1/(2q)) > 0 (THEORY section 3, (e))."""
    reading = examine(extremal_problem(1.0, 1.0, 1.0, 2.0)).readings["sharp"]
    assert reading.applies is False
    low, high = ends(reading.final_misfit)
    assert low <= Fraction(3, 2) <= high
    assert float(high - low) < 1e-12
    assert reading.envelope is not None
    time = reading.time_to(range_of(Bracket(1.75, 1.75)))
    assert time is not None
    low, high = ends(reading.envelope.at(float(time.upper)))
    assert low <= Fraction(7, 4) <= high
    assert float(high - low) < 1e-12
    assert reading.time_to(range_of(Bracket(1.5, 1.5))) is None
    assert reading.time_to(range_of(Bracket(1.25, 1.25))) is None


@pytest.mark.parametrize(("misfit", "published", "sharp"), [
    (0.2, True, True), (0.25, None, True), (0.3, False, True), (0.5, False, None),
    (0.6, False, False),
])  # fmt: skip
def test_thresholds_of_the_extremal_instance(misfit, published, sharp):
    """Here q = w₀; at a threshold the enclosure contains it, and nothing is guessed."""
    instance = examine(extremal_problem(1.0, 1.0, 1.0, misfit))
    assert instance.readings["published"].applies is published
    assert instance.readings["sharp"].applies is sharp


def test_dependent_measurements_and_an_observation_out_of_range():
    operator = np.vstack([A[0], A[0], A[1]])
    inside = examined(width=200_000, operator=operator, y=[0.5, 0.5, 0.3])
    outside = examined(width=200_000, operator=operator, y=[0.5, 0.25, 0.3])
    assert verdicts(inside)["H_range"] is Verdict.PROVED
    assert inside.applies
    assert verdicts(outside)["H_range"] is Verdict.REFUTED
    assert not outside.applies
    assert any("projection" in line for line in advice(outside))


def test_separable_loss_needs_full_row_rank():
    operator = np.vstack([A[0], 0.5 * A[0]])
    options = {"width": 200_000, "operator": operator, "y": [0.0, 0.0]}
    instance = examined(loss="separable_power", parameters={"p": 4}, **options)
    assert verdicts(instance)["H_range"] is Verdict.REFUTED
    assert instance.readings["sharp"].applies is False


def test_fewer_neurons_than_outputs():
    instance = examined(width=4)
    assert verdicts(instance)["sigma_0"] is Verdict.REFUTED
    assert instance.readings["sharp"].applies is False
    assert any("at least 5" in line for line in advice(instance))


def test_activation_without_known_constants(monkeypatch):
    monkeypatch.setattr(instance_measure, "slope_constant", lambda activation, name: None)
    instance = examined(width=200)
    assert instance.measured.lipschitz is None
    assert verdicts(instance)["H_Lip0"] is Verdict.UNDECIDED
    assert all(reading.applies is None for reading in instance.readings.values())
    assert advice(instance)


def test_loss_whose_desingularizer_is_not_among_the_statements(monkeypatch):
    original = registry.statement

    def without(id):
        if id == "kl_radial":
            raise registry.UnknownStatement(f"no statement {id!r}")
        return original(id)

    monkeypatch.setattr(registry, "statement", without)
    assert verdicts(examined(width=50))["H_KL"] is Verdict.CITED


def test_estimates_decide_nothing():
    problem = problem_from_mapping(tables(width=200_000))
    measured = instance_measure.measure(problem)
    assert measured.rigorous
    vague = replace(
        measured,
        spectrum=replace(measured.spectrum, sigma_A=Bracket(
            measured.spectrum.sigma_A.lower, measured.spectrum.sigma_A.upper, rigorous=False)),
    )  # fmt: skip
    from proofs_check import instance as module

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "measure", lambda problem: vague)
        instance = examine(problem)
    assert not instance.measured.rigorous
    assert instance.readings["sharp"].applies is None
    assert verdicts(instance)["threshold_sharp"] is Verdict.UNDECIDED


def test_asserted_quantities_are_never_proved():
    given = {"sigma_0": "0.61", "lipschitz": "0.02", "misfit": "1.3"}
    problem = {"operator": np.eye(2, 3), "observation": [1.0, 2.0], "noise_norm": 0.1}
    instance = examine(problem_from_mapping({"problem": problem, "measured": given}))
    assert not instance.measured.rigorous
    assert instance.readings["sharp"].applies is True
    found = verdicts(instance)
    names = ("H_smooth", "sigma_0", "H_Lip0", "H_Lip2")
    assert {found[name] for name in names} == {Verdict.UNDECIDED}
    low, high = ends(instance.readings["sharp"].q)
    exact = Fraction("0.02") * Fraction("1.3") / Fraction("0.61") ** 2
    assert low <= exact <= high
    assert any("asserted" in line for line in advice(instance))
    assert instance.width_estimate("sharp") is None


# ---------------------------------------------------------------- constants


def test_both_layers_need_the_two_point_constant_on_its_ball():
    problem = problem_from_mapping(tables(width=3000, train="both"))
    measured = instance_measure.measure(problem)
    assert measured.lipschitz_pairs.lower > measured.lipschitz.upper
    radius = measured.sigma_0.upper / (2 * measured.lipschitz_pairs.lower)
    network = problem.generator
    # The constant claimed on that ball is at least the formula's value at its radius.
    needed = instance_measure.two_point_lipschitz(network, radius * (1 - 1e-9))
    assert measured.lipschitz_pairs.upper >= needed.lower
    instance = examine(problem)
    assert ends(instance.readings["published"].q)[0] > ends(instance.readings["sharp"].q)[1]


def test_two_point_constant_bounds_the_jacobian_on_its_ball():
    """Random pairs in the ball: the quotient of J stays below the constant."""
    problem = problem_from_mapping(tables(width=30, train="both"))
    network = problem.generator
    pairs, sigma_0 = (
        instance_measure.published_lipschitz(
            network, network.jacobian_lipschitz(), network.sigma_min_init()
        ),
        network.sigma_min_init(),
    )
    radius = sigma_0.lower / (2 * pairs.upper)
    rng = np.random.default_rng(5)
    for _ in range(20):
        (h1, v1), (h2, v2) = (_inside(network, rng, radius) for _ in range(2))
        gap = _full_jacobian(network, h1, v1) - _full_jacobian(network, h2, v2)
        distance = np.hypot(np.linalg.norm(h1 - h2), np.linalg.norm(v1 - v2))
        assert np.linalg.norm(gap, 2) <= pairs.upper * distance * (1 + 1e-12)


def _inside(network, rng, radius):
    step = rng.standard_normal(network.size)
    step *= radius * rng.uniform() / np.linalg.norm(step)
    k = network.width
    return network.hidden + step[:k], network.output_weights + step[k:].reshape(-1, k)


def _full_jacobian(network, hidden, weights):
    """J in the coordinates (h, V), ‖u‖ being 1: n × (k + nk)."""
    slope = 1 - np.tanh(hidden) ** 2
    first = weights * slope
    second = np.kron(np.eye(network.outputs), np.tanh(hidden))
    return np.hstack([first, second]) / np.sqrt(network.width)


@pytest.mark.parametrize("seed", range(3))
def test_enclosures_contain_a_reference_of_40_digits(seed):
    rng = np.random.default_rng(seed)
    m, n, k, d = 2, 3, 6, 3
    operator, y = rng.standard_normal((m, n)), rng.standard_normal(m)
    u, w, v = rng.standard_normal(d), rng.standard_normal((k, d)), rng.standard_normal((n, k))
    problem = problem_from_mapping({
        "problem": {"operator": operator, "observation": y},
        "loss": {"name": "squared"},
        "network": {"activation": "tanh", "u": u, "W": w, "V": v},
    })  # fmt: skip
    instance = examine(problem)
    exact = _reference(operator, y, u, w, v)
    measured = instance.measured
    for name, bracket in {
        "sigma_A": measured.spectrum.sigma_A, "norm": measured.spectrum.norm,
        "sigma_0": measured.sigma_0, "lipschitz": measured.lipschitz, "misfit": measured.misfit,
        "sigma_output": measured.sigma_output,
    }.items():  # fmt: skip
        value = Fraction(str(mpmath.nstr(exact[name], 35)))
        assert Fraction(bracket.lower) <= value <= Fraction(bracket.upper), name
        assert bracket.upper - bracket.lower < 1e-6 * bracket.upper
    low, high = ends(instance.readings["sharp"].q)
    assert low <= Fraction(str(mpmath.nstr(exact["q"], 35))) <= high


def _reference(operator, y, u, w, v):
    with mpmath.workdps(45):
        a, u, w, v = (mpmath.matrix(x.tolist()) for x in (operator, u, w, v))
        y = mpmath.matrix(y.tolist())
        k = v.cols
        h = w * u
        scale = 1 / mpmath.sqrt(k)
        size = mpmath.norm(u)
        slope = mpmath.diag([1 - mpmath.tanh(x) ** 2 for x in h])
        gram = size**2 * scale**2 * (v * slope * slope * v.T)
        singular = sorted(mpmath.svd_r(a, compute_uv=False), reverse=True)
        eigenvalues = sorted(mpmath.eigsy(gram, eigvals_only=True))
        image = sorted(mpmath.eigsy(a * gram * a.T, eigvals_only=True))
        column = max(mpmath.norm(v[:, i]) for i in range(k))
        found = {
            "norm": singular[0], "sigma_A": singular[-1], "sigma_0": mpmath.sqrt(eigenvalues[0]),
            "sigma_output": mpmath.sqrt(image[0]),
            "lipschitz": 4 / (3 * mpmath.sqrt(3)) * size**2 * column * scale,
            "misfit": mpmath.norm(a * (v * h.apply(mpmath.tanh)) * scale - y),
        }  # fmt: skip
        ratio = found["lipschitz"] * found["misfit"]
        return found | {"q": ratio / (found["sigma_A"] * found["sigma_0"] ** 2)}


def test_times_and_radius_of_the_extremal_instance():
    """Against closed forms at q = 0.3, written here by hand."""
    with mpmath.workdps(30):
        q, w0 = mpmath.mpf("0.3"), mpmath.mpf(0.3)
        a, b, e = 1 - 2 * q, mpmath.mpf(2), mpmath.mpf(0.01)
        radius = 1 - mpmath.sqrt(a)
        time = mpmath.log1p(a * (w0 - e) / e) / a
        level = w0 / (mpmath.exp(a * 3) + b * w0 * mpmath.expm1(a * 3) / a)
    reading = examine(extremal_problem(1.0, 1.0, 1.0, 0.3)).readings["sharp"]
    near = 1e-12
    assert float(ends(reading.bound("travel_radius"))[1]) == pytest.approx(float(radius), abs=near)
    found = reading.time_to(range_of(Bracket(0.01, 0.01)))
    assert float(ends(found)[1]) == pytest.approx(float(time), abs=1e-9)
    assert float(ends(reading.envelope.at(3.0))[1]) == pytest.approx(float(level), abs=near)
    # the bound on w at that time is indeed the level asked for
    assert float(ends(reading.envelope.at(float(time)))[1]) == pytest.approx(0.01, abs=1e-9)


@pytest.mark.parametrize(("loss", "parameters"), [
    ("power", {"p": 3}), ("power", {"p": "1.5"}), ("log_cosh", {}),
])  # fmt: skip
def test_other_losses_have_times_but_an_exponential_rate_only_where_it_is_one(loss, parameters):
    reading = examined(width=200_000, loss=loss, parameters=parameters).readings["sharp"]
    assert reading.applies is True
    assert (reading.rate is None) == (loss == "power")
    assert reading.envelope is None
    early, late = (reading.time_to(range_of(Bracket(level, level))) for level in (0.1, 0.01))
    assert 0 < ends(early)[0] < ends(late)[0]
    assert ends(reading.time_to(range_of(Bracket(1e3, 1e3)))) == (0, 0)


@pytest.mark.parametrize(("misfit", "level", "found"), [
    (0.3, 0.1, (10 - 1 / 0.3) / 0.6), (0.5, 0.1, 40), (0.8, 0.5, 1.875),
])  # fmt: skip
def test_the_stopping_time_of_any_loss_below_at_and_beyond_the_threshold(misfit, level, found):
    """For κ(w) = w²: (1/e − 1/w₀)/(a + be), and the extremal instance is not slower than that."""
    cubic = loss_named("power", p=3)
    reading = examine(extremal_problem(1.0, 1.0, 1.0, misfit, cubic)).readings["sharp"]
    low, high = ends(reading.time_to(range_of(Bracket(level, level))))
    assert float(low) == pytest.approx(found, rel=1e-9)
    with mpmath.workdps(20):
        true = mpmath.quad(lambda w: 1 / ((1 - 2 * misfit + 2 * w) * w**2), [level, misfit])
    assert found / 2 < true <= float(high)
    stall = max(0.0, misfit - 0.5)
    assert reading.time_to(range_of(Bracket(stall, stall))) is None


def test_the_stopping_time_where_the_rate_may_be_zero():
    """Neither closed form is known to hold: the time that holds for any loss still does."""
    reading = examine(extremal_problem(1.0, 1.0, 1.0, 0.5)).readings["sharp"]
    low, _ = ends(reading.time_to(range_of(Bracket(0.1, 0.1))))
    assert float(low) == pytest.approx(float(mpmath.log(5)) / 0.2, rel=1e-9)


def test_width_estimate_brings_q_below_the_threshold():
    instance = examined(width=60)
    wide = examined(width=2 * instance.width_estimate("sharp"))
    assert wide.readings["sharp"].applies is True
    assert instance.width_estimate("published") > 3 * instance.width_estimate("sharp")


# ---------------------------------------------------------------- witnesses


def test_witness_of_a_generic_problem_holds():
    report = problem_witness(tables(width=20_000), "sharp")
    assert report.holds
    assert report.degenerate == ""
    assert report.values["m"] == "3"
    assert {"H_KL", "H_Lip0", "threshold_sharp"} <= {h.name for h in report.hypotheses}


def test_witness_that_fails_says_where():
    report = problem_witness(tables(width=60), "sharp")
    assert not report.holds
    failed = [h.name for h in report.hypotheses if h.verdict is not Verdict.PROVED]
    assert failed == ["threshold_sharp"]


def test_degenerate_instances_say_so():
    assert degenerate(examine(extremal_problem(1.0, 1.0, 0.0, 0.5))).startswith("m = 1, m = n")
    assert "Λ = 0" in degenerate(examine(extremal_problem(1.0, 1.0, 0.0, 0.5)))
