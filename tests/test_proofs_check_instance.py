"""Hypotheses of concrete problems: each can hold, fail, or stay undecided."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from examined_problems import A, ends, examined, tables, verdicts

from numerics.problems import extremal_problem, problem_from_mapping
from numerics.rigorous.rounding import Bracket
from proofs_check.certifying import measure as instance_measure
from proofs_check.certifying.advice import advice
from proofs_check.certifying.formulas import range_of
from proofs_check.instance import degenerate, examine, problem_witness
from proofs_check.verdict import Verdict
from theory import registry


def test_wide_network_satisfies_everything():
    instance = examined(width=10_000)
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
    inside = examined(width=10_000, operator=operator, y=[0.5, 0.5, 0.3])
    outside = examined(width=10_000, operator=operator, y=[0.5, 0.25, 0.3])
    assert verdicts(inside)["H_range"] is Verdict.PROVED
    assert inside.applies
    assert verdicts(outside)["H_range"] is Verdict.REFUTED
    assert not outside.applies
    assert any("projection" in line for line in advice(outside))


def test_separable_loss_needs_full_row_rank():
    operator = np.vstack([A[0], 0.5 * A[0]])
    options = {"width": 10_000, "operator": operator, "y": [0.0, 0.0]}
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
    problem = problem_from_mapping(tables(width=10_000))
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
