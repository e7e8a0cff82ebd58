"""The quantities of a concrete problem that the theorems of THEORY section 3 speak of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from numerics.generators import Generator, TwoLayerNetwork
from numerics.lipschitz import one_point_lipschitz, slope_constant
from numerics.operators import Spectrum, spectrum
from numerics.problems import Measured, Problem, bracket_of
from numerics.quantities import initial_misfit, output_gram_bracket, require_generator
from numerics.rigorous.rounding import TINY, Bracket, down, exactly, inflation, up

ASSERTED = ("sigma_0", "lipschitz", "misfit")


@dataclass(frozen=True)
class Measurement:
    """Brackets of everything that enters the theorems.

    Parameters
    ----------
    spectrum : Spectrum
        ‖A‖, σ_A and the rank.
    sigma_0 : Bracket
        σ_min(J(θ₀)).
    misfit : Bracket
        w₀ = ψ(L(y(0))).
    lipschitz : Bracket or None
        The one-point constant Λ of J; None if sup|φ''| (or sup|φ'|) is not enclosed.
    lipschitz_pairs : Bracket or None
        The least Λ known to be a two-point constant of J on the ball of radius σ₀/(2Λ), which is
        what the published theorem asks for.
    sigma_output : Bracket or None
        √λ_r(A J Jᵀ Aᵀ), r the rank of A; None without a network.
    lipschitz_output : Bracket or None
        The one-point constant of AJ.
    noise : Bracket or None
        ‖ε‖, if known.
    asserted : tuple of str
        Quantities taken from the problem file without a check.
    """

    spectrum: Spectrum
    sigma_0: Bracket
    misfit: Bracket
    lipschitz: Bracket | None
    lipschitz_pairs: Bracket | None
    sigma_output: Bracket | None = None
    lipschitz_output: Bracket | None = None
    noise: Bracket | None = None
    asserted: tuple[str, ...] = ()

    @property
    def estimates(self) -> tuple[str, ...]:
        """Names of the quantities that are estimates in floating point, not brackets."""
        brackets = {
            "sigma_A": self.spectrum.sigma_A, "operator_norm": self.spectrum.norm,
            "sigma_0": self.sigma_0, "lipschitz": self.lipschitz,
            "lipschitz_pairs": self.lipschitz_pairs, "misfit": self.misfit,
            "noise_norm": self.noise, "sigma_AJ": self.sigma_output,
            "lipschitz_AJ": self.lipschitz_output,
        }  # fmt: skip
        return tuple(n for n, b in brackets.items() if b is not None and not b.rigorous)

    @property
    def rigorous(self) -> bool:
        """Whether every bracket is proved, and nothing is asserted."""
        return not self.asserted and not self.estimates


def measure(problem: Problem) -> Measurement:
    """Measure a problem at its initialisation."""
    found = spectrum(problem.operator)
    if problem.measured is not None:
        return _asserted(problem, problem.measured, found)
    generator = require_generator(problem)
    sigma_0 = generator.sigma_min_init()
    slope, pairs, slope_output = _lipschitz(problem, generator, found, sigma_0)
    return Measurement(
        found, sigma_0, initial_misfit(problem), slope, pairs,
        _output_sigma(problem, found), slope_output, problem.noise_norm,
    )  # fmt: skip


def _asserted(problem: Problem, given: Measured, found: Spectrum) -> Measurement:
    slope = bracket_of(given.lipschitz)
    return Measurement(
        found, bracket_of(given.sigma_0), bracket_of(given.misfit), slope, slope,
        noise=problem.noise_norm, asserted=ASSERTED,
    )  # fmt: skip


def _lipschitz(
    problem: Problem, generator: Generator, found: Spectrum, sigma_0: Bracket
) -> tuple[Bracket | None, Bracket | None, Bracket | None]:
    """Return Λ for J (one and two points) and for AJ; None where φ's are not enclosed."""
    if not _constants_known(generator):
        return None, None, None
    slope = generator.jacobian_lipschitz()
    pairs = published_lipschitz(generator, slope, sigma_0)
    return slope, pairs, generator.output_lipschitz(problem.operator, found.norm)


def _constants_known(generator: Generator) -> bool:
    if not isinstance(generator, TwoLayerNetwork):
        return True
    needed = ("B2",) if generator.train == "hidden" else ("B1", "B2")
    return all(slope_constant(generator.activation, name) is not None for name in needed)


def _output_sigma(problem: Problem, found: Spectrum) -> Bracket:
    bracket = output_gram_bracket(problem, found.rank)
    return bracket if found.rank_exact else Bracket(bracket.lower, bracket.upper, rigorous=False)


def published_lipschitz(generator: Generator, one_point: Bracket, sigma_0: Bracket) -> Bracket:
    """Return the least Λ that is a two-point constant on B(θ₀, σ₀/(2Λ)), as a bracket.

    THEORY section 6, lipschitz_vw: with V fixed one constant serves both purposes, everywhere.
    With both layers trained Λ grows with the radius, and σ₀/(2Λ) = radius has one solution: each
    end of the bracket belongs to a radius that is certainly on its side of it.
    """
    if not isinstance(generator, TwoLayerNetwork) or generator.train == "hidden":
        return one_point
    if one_point.lower == 0:  # only by underflow: no radius can be computed
        return Bracket(0.0, float("inf"))
    largest = (1 + 1e-9) * sigma_0.upper / (2 * one_point.lower)

    def inside(radius: float) -> bool:
        return sigma_0.upper <= down(2 * radius * two_point_lipschitz(generator, radius).lower)

    def outside(radius: float) -> bool:
        return not sigma_0.lower >= up(2 * radius * two_point_lipschitz(generator, radius).upper)

    upper = two_point_lipschitz(generator, _crossing(inside, largest)[1]).upper
    lower = two_point_lipschitz(generator, _crossing(outside, largest)[0]).lower
    return Bracket(min(lower, upper), upper)


def _crossing(passed: Callable[[float], bool], high: float) -> tuple[float, float]:
    """Bisect for where a monotone test turns true; it is false (or 0) at the first end."""
    low = 0.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (low, middle) if passed(middle) else (middle, high)
    return low, high


def two_point_lipschitz(network: TwoLayerNetwork, radius: float) -> Bracket:
    """Return a Lipschitz constant of J on B(θ₀, radius), both layers trained.

    It is lipschitz_vw_one_point with max_i‖V_i(0)‖ + radius in place of max_i‖V_i(0)‖.
    """
    weights = network.output_weights
    squares = np.sum(weights**2, axis=0).max() * inflation(network.outputs) + TINY
    reach = up(up(float(np.sqrt(squares))) + radius)
    columns = exactly(np.full((1, network.width), reach))
    gain = Bracket(1.0, 1.0)
    return one_point_lipschitz(network.activation, columns, network.input_norm, gain, True)
