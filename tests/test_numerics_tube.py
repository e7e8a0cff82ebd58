"""Tubes contain the real trajectory: against Taylor series of 30 digits, and false curves."""

from dataclasses import replace
from functools import cache

import mpmath
import numpy as np
import pytest

from numerics.errors import ProblemError
from numerics.flow import integrate
from numerics.problems import extremal_problem, problem_from_mapping
from numerics.rigorous.rounding import Bracket, exactly
from numerics.tubes.bounds import error_after
from numerics.tubes.curve import expansion_at_start, piece, shift_matrix
from numerics.tubes.equation import Expansion
from numerics.tubes.tube import flow_equation, tube
from proofs_check.certifying.measure import two_point_lipschitz

DIGITS, ORDER, STEP = 40, 20, 1 / 64
# φ' as a function of φ, on Taylor coefficients: the reference knows these two only
SLOPES = {"tanh": lambda f, square: 0 - square, "sigmoid": lambda f, square: f - square}
CONSTANT = {"tanh": 1, "sigmoid": 0}
VALUES = {"tanh": mpmath.tanh, "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x))}


def network(activation="tanh", train="hidden", k=4, length=1.5, loss="squared", seed=3):
    rng = np.random.default_rng(seed)
    m, n, d = 2, 3, 2
    u = rng.standard_normal(d)
    return problem_from_mapping({
        "problem": {"operator": rng.standard_normal((m, n)), "observation": rng.standard_normal(m)},
        "loss": {"name": loss},
        "network": {
            "activation": activation, "u": u * (length / np.linalg.norm(u)), "train": train,
            "W": rng.standard_normal((k, d)), "V": rng.choice([-1.0, 1.0], (n, k)),
        },
    })  # fmt: skip


def lipschitz_of(problem):
    net = problem.generator
    if net.train == "hidden":
        return lambda radius: net.jacobian_lipschitz().upper
    return lambda radius: two_point_lipschitz(net, radius).upper


class Reference:
    """The flow in the coordinates h and V by Taylor series of order 24, to 40 digits."""

    def __init__(self, problem):
        net = problem.generator
        self.both, self.name = net.train == "both", net.activation.name
        self.k, self.n, self.m = net.width, net.outputs, problem.measurements
        self.a = [[mpmath.mpf(x) for x in row] for row in problem.operator.tolist()]
        self.y = [mpmath.mpf(x) for x in problem.observation.tolist()]
        self.h = [mpmath.mpf(x) for x in net.hidden.tolist()]
        self.v = [mpmath.mpf(x) for x in net.output_weights.ravel().tolist()]
        self.u2 = mpmath.mpf(net.input_norm.middle) ** 2

    def series(self):
        """Return the coefficients of h, V and the residual from the present point on."""
        k, n, m, root = self.k, self.n, self.m, mpmath.sqrt(self.k)
        h, v = [[x] for x in self.h], [[x] for x in self.v]
        phi, slope, residual = [[] for _ in h], [[] for _ in h], [[] for _ in range(m)]
        for j in range(ORDER):
            for c in range(k):
                rise = [i * h[c][i] * slope[c][j - i] for i in range(1, j + 1)]
                phi[c].append(sum(rise) / j if j else VALUES[self.name](h[c][0]))
                square = convolved(phi[c], phi[c], j)
                constant = CONSTANT[self.name] if j == 0 else 0
                slope[c].append(constant + SLOPES[self.name](phi[c][j], square))
            x = [sum(convolved(v[i * k + c], phi[c], j) for c in range(k)) for i in range(n)]
            for row in range(m):
                value = sum(self.a[row][i] * x[i] for i in range(n)) / root
                residual[row].append(value - (self.y[row] if j == 0 else 0))
            pull = [
                [sum(self.a[r][i] * residual[r][o] for r in range(m)) / root for o in range(j + 1)]
                for i in range(n)
            ]
            for c in range(k):
                through = [
                    sum(convolved(v[i * k + c], pull[i], o) for i in range(n)) for o in range(j + 1)
                ]
                h[c].append(-self.u2 * convolved(slope[c], through, j) / (j + 1))
            for i in range(n):
                for c in range(k):
                    moved = -convolved(pull[i], phi[c], j) if self.both else mpmath.mpf(0)
                    v[i * k + c].append(moved / (j + 1))
        return h, v, residual

    def at(self, times):
        """Yield h, V (row by row) and the residual at increasing times."""
        now = mpmath.mpf(0)
        for time in times:
            while now < time:
                h, v, _ = self.series()
                step = min(mpmath.mpf(STEP), mpmath.mpf(time) - now)
                self.h, self.v = ([mpmath.polyval(c[::-1], step) for c in p] for p in (h, v))
                now += step
            yield list(self.h), list(self.v), [c[0] for c in self.series()[2]]


def convolved(left, right, order):
    return sum(
        left[i] * right[order - i]
        for i in range(order + 1)
        if i < len(left) and order - i < len(right)
    )


def distance(problem, inner, outer, centre):
    """‖θ(t) − θ̃(t)‖ from the reference's state and the tube's centre."""
    net = problem.generator
    _, hidden, moved = centre
    pairs = zip(inner, hidden.tolist(), strict=True)
    total = sum((a - mpmath.mpf(b)) ** 2 for a, b in pairs)
    total /= mpmath.mpf(net.input_norm.middle) ** 2
    if moved is not None:
        weights = net.output_weights - problem.operator.T @ moved
        pairs = zip(outer, weights.ravel().tolist(), strict=True)
        total += sum((a - mpmath.mpf(b)) ** 2 for a, b in pairs)
    return float(mpmath.sqrt(total))


@pytest.mark.parametrize(("activation", "train"), [
    ("tanh", "hidden"), ("sigmoid", "hidden"), ("tanh", "both"),
])  # fmt: skip
def test_the_tube_contains_the_trajectory(activation, train):
    problem = network(activation, train)
    found = tube(problem, lipschitz_of(problem), 0.375)
    assert found.status == "complete"
    chosen = found.centres[1 :: max(1, len(found.centres) // 2)]
    with mpmath.workdps(DIGITS):
        states = Reference(problem).at([c[0] for c in chosen])
        for centre, (inner, outer, residual) in zip(chosen, states, strict=True):
            index = int(np.argmin(np.abs(found.times - centre[0])))
            # the rounding of ‖u‖ and of this comparison is far below the error bar
            assert distance(problem, inner, outer, centre) <= found.error[index] + 1e-13
            size = float(mpmath.norm(mpmath.matrix(residual)))
            assert found.misfit_low[index] - 1e-14 <= size <= found.misfit_high[index] + 1e-14
            assert found.error[index] < 1e-5


@cache
def followed(train):
    problem = network("tanh", train, k=30)
    return problem, tube(problem, lipschitz_of(problem), 3.0)


@pytest.mark.parametrize("train", ["hidden", "both"])
def test_bounds_along_the_tube_contain_an_accurate_integration(train):
    problem, found = followed(train)
    flow = integrate(problem, 3.0, rtol=1e-11, max_points=4000)
    slack = 1e-6
    for name in ("misfit", "travel"):
        measured = np.interp(found.times, flow.times, getattr(flow, name))
        assert np.all(measured <= getattr(found, f"{name}_high") * (1 + 1e-2) + slack)
    for name, index in (("misfit", -1), ("travel", -1)):
        last = getattr(flow, name)[-1]
        assert getattr(found, f"{name}_low")[index] - slack <= last
        assert last <= getattr(found, f"{name}_high")[index] + slack
    assert flow.length[-1] <= found.length_high[-1] <= 1.01 * flow.length[-1]
    assert np.all(found.sigma_low.min() <= flow.sigma_min + slack)
    assert found.sigma_low[-1] == pytest.approx(flow.sigma_min[-1], rel=5e-2)


def test_the_tube_is_ordered_and_the_misfit_falls():
    _, found = followed("hidden")
    assert np.all(np.diff(found.times) > 0)
    assert np.all(np.diff(found.misfit_high) <= 0)
    assert np.all(np.diff(found.error) > 0)
    assert np.all(found.misfit_low <= found.misfit_high)
    assert np.all(found.travel_low <= found.travel_high)
    assert np.all(found.travel_high <= found.length_high * (1 + 1e-12) + 2 * found.error)


# ---------------------------------------------------------------- false curves


def own_piece(problem, length, change=None):
    """The curve's own piece, with a change of its coefficients, and its proved defect."""
    equation = flow_equation(problem)
    curve = equation.start()
    expansion_at_start(equation, curve, 6)
    if change is not None:
        change(curve[0])
    again = Expansion(equation, [exactly(c) for c in curve[0]], [exactly(c) for c in curve[1]])
    for _ in range(6):
        again.extend(continued=False)
    return piece(equation, curve, again, length)


def test_a_false_curve_with_an_understated_defect_is_rejected():
    problem = network(k=8)
    honest = own_piece(problem, 0.01).defect
    assert honest < 1e-6

    def tilted(hidden):
        hidden[1] = hidden[1] + 1e-3

    def shifted(hidden):
        hidden[0] = hidden[0] + 1e-3

    for change in (tilted, shifted):
        assert own_piece(problem, 0.01, change).defect > 100 * honest


def test_a_shifted_curve_solves_another_problem_only():
    """Shifted as a whole, a solution's defect is what ∇f changes by: the bound must see it."""
    problem = network(k=8)

    def shifted(hidden):
        hidden[0] = hidden[0] + 0.25

    assert own_piece(problem, 0.01, shifted).defect > 1e-2


def test_a_longer_piece_has_a_larger_defect():
    problem = network(k=8)
    defects = [own_piece(problem, length).defect for length in (0.01, 0.02, 0.04)]
    assert defects == sorted(defects)
    assert defects[-1] > 1e3 * defects[0]


def test_the_error_is_that_of_the_statement():
    found = error_after(0.5, 0.25, 0.75, 2.0)
    assert found >= np.exp(1.5) * (0.5 + 0.25 * 2)
    assert found == pytest.approx(np.exp(1.5), rel=1e-12)


# ---------------------------------------------------------------- what is outside


@pytest.mark.parametrize(("problem", "reason"), [
    (network(loss="log_cosh"), "squared loss only"),
    (network("elu"), "smooth activation"),
    (network("softsign"), "smooth activation"),
    (network("x**3"), "sup|φ'|"),
    (extremal_problem(1.0, 1.0, 0.1, 1.0), "two-layer network"),
])  # fmt: skip
def test_what_is_outside_is_refused_in_one_line(problem, reason):
    with pytest.raises(ProblemError) as refused:
        tube(problem, lambda radius: 1.0, 1.0)
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)


def test_no_step_limit_is_silent():
    problem = network(k=8)
    found = tube(problem, lipschitz_of(problem), 50.0, max_pieces=2)
    assert found.status == "step_limit"
    assert found.pieces == 2
    assert found.times[-1] < 50


def test_data_that_fit_at_once():
    """y = y(0): the flow does not move, and no division by w = 0 is needed."""
    problem = network(k=8)
    start = problem.operator @ problem.generator.value(np.zeros(8))
    found = tube(replace(problem, observation=np.asarray(start)), lipschitz_of(problem), 1.0)
    assert found.status in ("complete", "blurred", "settled")
    assert not len(found.misfit_high) or found.misfit_high[-1] < 1e-12


def test_the_ratio_of_speed_to_residual_is_bounded_from_below():
    problem = network(k=8)
    found = own_piece(problem, 0.02)
    hidden = np.array(found.hidden)
    length = problem.generator.input_norm.middle
    for part in (Bracket(0.0, 0.005), Bracket(0.01, 0.02)):
        residuals, ratios = [], []
        for time in np.linspace(part.lower, part.upper, 21):
            powers = np.arange(1, len(hidden)) * time ** np.arange(len(hidden) - 1)
            speed = np.linalg.norm(powers @ hidden[1:]) / length
            residuals.append(np.linalg.norm(found.residual(exactly(time)).mid))
            ratios.append((speed / residuals[-1]) ** 2)
        low = found.ratio_low(part, 0.999 * min(residuals))
        assert low <= min(ratios)
        assert low >= 0.95 * min(ratios)


def test_coefficients_are_shifted():
    found = shift_matrix(0.5, 4)
    np.testing.assert_allclose(found.mid @ [1.0, -2.0, 3.0, 1.0], [0.875, 1.75, 4.5, 1.0])
