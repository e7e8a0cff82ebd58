"""Sweeps: what a file may say, what is drawn, and where samples are kept."""

import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from numerics.errors import ProblemError
from numerics.operators import spectrum
from numerics.sweeping.parameters import PARAMETERS
from numerics.sweeping.problems import problems_of
from numerics.sweeping.reading import read_sweep, sweep_from_mapping
from numerics.sweeping.store import Store, sample_keys


def tables(**changes):
    made = {
        "sweep": {"samples": 6, "seed": 3, "axes": {"width": [4, 8], "measurements": [1, 2]}},
        "problem": {"outputs": 3, "condition_number": 4},
        "network": {"activation": "tanh"},
    }
    for key, value in changes.items():
        table, _, name = key.partition("__")
        if name:
            made[table] = {**made.get(table, {}), name: value}
        else:
            made[table] = value
    return made


def test_cells_are_all_combinations():
    sweep = sweep_from_mapping(tables())
    found = [(c.parameters["width"], c.parameters["measurements"]) for c in sweep.cells()]
    assert found == [(4, 1), (4, 2), (8, 1), (8, 2)]
    assert sweep.size == 4


def test_ranges_of_axes():
    axes = {
        "width": {"from": 2, "to": 64, "points": 6, "scale": "log"},
        "noise": {"from": Decimal("0"), "to": Decimal("0.5"), "points": 3},
        "measurements": {"from": 1, "to": 3, "points": 9},
    }
    sweep = sweep_from_mapping(tables(sweep__axes=axes))
    assert sweep.axes["width"] == (2, 4, 8, 16, 32, 64)
    assert sweep.axes["noise"] == (0, Fraction(1, 4), Fraction(1, 2))
    assert sweep.axes["measurements"] == (1, 2, 3)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sweep__sample": 3}, "did you mean samples"),
        ({"sweep__samples": 0}, "samples = 0"),
        ({"sweep__samples": 2.5}, "whole number"),
        ({"sweep__samples": True}, "whole number"),
        ({"sweep__samples": 10**9}, "at most 1000000"),
        ({"sweep__seed": -1}, "seed = -1"),
        ({"sweep__success": "luck"}, "use one of"),
        ({"sweep__success": "sharp", "sweep__certify": False}, "certify = true"),
        ({"sweep__level": "1e-8; drop"}, "not a decimal"),
        ({"sweep__level": "nan"}, "not a decimal"),
        ({"sweep__confidence": "1"}, "below 1"),
        ({"sweep__certify": "yes"}, "true or false"),
        ({"sweep__axes": {"width": []}}, "not empty"),
        ({"sweep__axes": {"width": 5}}, "list"),
        ({"sweep__axes": {"widht": [5], "measurements": [1]}}, "did you mean width"),
        ({"sweep__axes": {"width": [-4]}}, "from 1 to 10^9"),
        ({"sweep__axes": {"width": [4, 4]}}, "twice"),
        ({"sweep__axes": {"width": ["4"]}}, "whole number"),
        ({"sweep__axes": [4]}, "table"),
        ({"sweep__axes": {"width": {"from": 4, "to": 2, "points": 3}}}, "from < to"),
        ({"sweep__axes": {"width": {"from": 4, "to": 8}}}, "points is missing"),
        ({"sweep__axes": {"width": {"from": 0, "to": 8, "points": 3, "scale": "log"}}}, "log"),
        ({"sweep__axes": {"width": list(range(1, 1002))}}, "at most 1000"),
        ({"sweep__axes": {"width": list(range(1, 201)), "measurements": list(range(1, 101))}},
         "at most 10000"),
        ({"sweep__axes": {"width": [10**8], "measurements": [1]}}, "at most 20000000"),
        ({"problem__outputs": "3"}, "whole number"),
        ({"problem__measurements": 2}, "axis too"),
        ({"problem__condition_number": "0.5"}, "at least 1"),
        ({"problem__sigma_min": 1}, "give one of them"),
        ({"problem__noise": -1}, "non-negative"),
        ({"problem__operator": 3}, "file name"),
        ({"problem__observation": "y.npy"}, "give both"),
        ({"problem": {}}, "outputs is missing"),
        ({"network": {}}, "activation is missing"),
        ({"network__activation": "relu"}, "not C¹"),
        ({"network__activation": "__import__('os').system('x')"}, "activation"),
        ({"network__train": "none"}, "hidden, both"),
        ({"network__output_weights": "cauchy"}, "rademacher"),
        ({"loss": {"name": "absolute"}}, "loss"),
        ({"loss": {"name": "poisson"}}, "observation that is given"),
        ({"loss": {"nme": "squared"}}, "loss"),
        ({"network": 3}, "has to be a table"),
        ({"nets": {}}, "unknown table"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_is_said_in_a_line(change, said):
    with pytest.raises(ProblemError, match=re.escape(said)) as caught:
        sweep_from_mapping(tables(**change))
    assert "\n" not in str(caught.value)


def test_a_sweep_needs_its_table(tmp_path):
    with pytest.raises(ProblemError, match="missing"):
        sweep_from_mapping({"problem": {}, "network": {}})
    file = tmp_path / "sweep.toml"
    file.write_text("[sweep\n")
    with pytest.raises(ProblemError, match=r"sweep\.toml.*TOML"):
        read_sweep(file)
    with pytest.raises(ProblemError, match="does not exist"):
        read_sweep(tmp_path / "none.toml")
    with pytest.raises(ProblemError, match="table \\[sweep\\]"):
        read_sweep(tmp_path / "problem.npz")


def test_sigma_min_may_not_exceed_the_norm():
    problem = {"outputs": 3, "sigma_min": 2}
    with pytest.raises(ProblemError, match="above operator_norm"):
        sweep_from_mapping(tables(problem=problem))


def test_the_operator_has_the_singular_values_that_were_asked_for():
    axes = {"width": [4, 16]}
    problem = {"outputs": 4, "measurements": 3, "operator_norm": 2, "condition_number": 8}
    small, wide = sweep_from_mapping(tables(sweep__axes=axes, problem=problem)).cells()
    found = spectrum(small.operator())
    assert found.norm.middle == pytest.approx(2)
    assert found.sigma_A.middle == pytest.approx(1 / 4)
    np.testing.assert_array_equal(small.operator(), wide.operator())


def test_what_is_drawn_depends_on_seed_cell_and_number_alone():
    sweep = sweep_from_mapping(tables())
    first, second = list(sweep.cells())[:2]
    together = first.networks(range(6))
    alone = first.networks(range(4, 6))
    np.testing.assert_array_equal(together.hidden[4:], alone.hidden)
    np.testing.assert_array_equal(together.output_weights[4:], alone.output_weights)
    other = next(sweep_from_mapping(tables(sweep__seed=4)).cells())
    assert not np.array_equal(together.hidden, other.networks(range(6)).hidden)
    assert not np.array_equal(together.hidden, second.networks(range(6)).hidden)
    assert len({first.seed_of("network", i) for i in range(6)}) == 6
    assert first.seed_of("network") != first.seed_of("data")


def test_observations_have_the_norms_that_were_asked_for():
    (cell,) = sweep_from_mapping(
        tables(
            sweep__axes={},
            problem={"outputs": 3, "measurements": 2, "observation_norm": 2, "noise": "0.1"},
            network={"activation": "tanh", "width": 5},
        )
    ).cells()
    operator = cell.operator()
    observations, signals = cell.data(operator, range(4))
    np.testing.assert_allclose(np.linalg.norm(signals @ operator.T, axis=1), 2)
    noise = np.linalg.norm(observations - signals @ operator.T, axis=1)
    np.testing.assert_allclose(noise, 0.2)
    _, problems = problems_of(cell, range(4))
    for problem in problems:
        assert problem.noise_norm.lower <= 0.2 + 1e-12
        assert problem.noise_norm.upper >= 0.2 - 1e-12


def test_given_arrays_are_used_and_change_the_keys(tmp_path):
    def cell_of(entry):
        np.save(tmp_path / "A.npy", np.array([[1.0, 0.0, entry], [0.0, 1.0, 0.0]]))
        np.save(tmp_path / "y.npy", np.array([0.5, -0.25]))
        problem = {"operator": "A.npy", "observation": "y.npy"}
        made = tables(problem=problem, sweep__axes={"width": [6]})
        return next(sweep_from_mapping(made, tmp_path).cells())

    cell = cell_of(0.5)
    assert (cell.parameters["outputs"], cell.parameters["measurements"]) == (3, 2)
    observations, signals = cell.data(cell.operator(), range(2))
    assert signals is None
    np.testing.assert_array_equal(observations, [[0.5, -0.25]] * 2)
    assert not set(sample_keys(cell, "")) & set(sample_keys(cell_of(0.75), ""))
    with pytest.raises(ProblemError, match="says it already"):
        sweep_from_mapping(
            tables(problem={"operator": "A.npy", "outputs": 3}, sweep__axes={"width": [6]}),
            tmp_path,
        )


def test_keys_tell_apart_whatever_a_row_depends_on():
    def keys(code="", **changes):
        return sample_keys(next(sweep_from_mapping(tables(**changes)).cells()), code)

    usual = keys()
    assert len(set(usual)) == 6
    assert keys() == usual
    assert keys(sweep__samples=4) == usual[:4]
    assert keys(sweep__confidence="0.9") == usual
    for other in (
        keys("other code"), keys(sweep__seed=4), keys(sweep__level="1e-6"),
        keys(sweep__horizon=10), keys(sweep__certify=False), keys(sweep__success="recovery"),
        keys(problem__noise="0.1"), keys(network__activation="softplus"),
    ):  # fmt: skip
        assert not set(other) & set(usual)


def test_chunks_cover_all_samples_whatever_their_number():
    (cell,) = sweep_from_mapping(
        tables(sweep__axes={"measurements": [1]}, sweep__samples=120, network__width=10_000)
    ).cells()
    assert [i for chunk in cell.chunks for i in chunk] == list(range(120))
    assert max(map(len, cell.chunks)) * 10_000 * 4 <= 2_000_000


def test_a_store_keeps_rows_and_is_copied(tmp_path):
    store = Store(str(tmp_path / "rows.sqlite"))
    store.add({"a": {"loss": 1.0}, "b": {"loss": 2.0}})
    store.add({"a": {"loss": 9.0}})
    assert store.known(["a", "b", "c"]) == {"a": {"loss": 1.0}, "b": {"loss": 2.0}}
    assert store.present(["a", "c"]) == {"a"}
    store.save(str(tmp_path / "copy.sqlite"))
    store.close()
    assert Store(str(tmp_path / "copy.sqlite")).known(["b"]) == {"b": {"loss": 2.0}}
    many = [str(i) for i in range(2000)]
    memory = Store(None)
    memory.add({key: {} for key in many})
    assert set(memory.known(many)) == memory.present(many) == set(many)


def test_what_is_no_store_is_refused(tmp_path):
    text = tmp_path / "text.sqlite"
    text.write_text("this is no database, but long enough to be taken for one" * 40)
    with pytest.raises(ProblemError, match="no store"):
        Store(str(text))
    with pytest.raises(ProblemError, match="no folder"):
        Store(str(tmp_path / "none" / "rows.sqlite"))
    store = Store(str(tmp_path / "rows.sqlite"))
    store._rows.execute("INSERT INTO samples VALUES ('a', 'not json')")
    store._rows.execute("INSERT INTO samples VALUES ('b', '[1]')")
    for key in "ab":
        with pytest.raises(ProblemError, match="damaged"):
            store.known([key])


def test_every_parameter_may_be_an_axis():
    assert {"width", "measurements", "noise", "activation", "train", "loss"} <= set(PARAMETERS)
    axes = {"loss": ["squared", "huber(delta=0.5)"], "train": ["hidden", "both"], "width": [4]}
    made = tables(sweep__axes=axes, problem__measurements=2)
    losses = [cell.loss.label for cell in sweep_from_mapping(made).cells()]
    assert losses == ["squared", "squared", "huber(delta=1/2)", "huber(delta=1/2)"]
