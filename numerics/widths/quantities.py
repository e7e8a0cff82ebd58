"""What the width statements need to know, as balls under the names of their symbols.

A priori that is the sizes, the activation's constants, and norms of the operator and of the
observation; given the output weights V, also their frame bound and the norms of AV.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import arb, ctx
from sympy import Expr, Rational, Symbol, sqrt

from numerics.activation_constants import ActivationConstants
from numerics.operators import Matrix, dense, eigenvalue_brackets
from numerics.rigorous.balls import evaluate, interval, rational_ball
from numerics.rigorous.rounding import Array, Bracket, exactly, gram, norm, product
from numerics.unfolding import as_input
from numerics.widths.reachable import values_of
from theory.activations import Activation
from theory.registry import statement
from theory.settings import flow as setting
from theory.settings import initial as setting_initial
from theory.statements import (
    init_output,
    initial_misfit,
    width_given_v,
    width_hidden_convex,
    width_w,
)
from theory.statements._width_given_v_steps import SQUARES
from theory.statements.first_moment import m_1
from theory.terms import FrobeniusNorm, Norm, OperatorNorm

_PRECISION = 128
Known = dict[Symbol, arb]


@dataclass(frozen=True)
class WeightLaw:
    """The law of the output weights' entries: symmetric, independent, of variance 1.

    Parameters
    ----------
    bound_squared : int
        D², where D bounds the entries.
    proxy_squared : int
        s², their variance proxy.
    mean_size_squared : Fraction
        (E|V_j|)².
    kurtosis : Fraction
        E V_j⁴.
    """

    bound_squared: int
    proxy_squared: int
    mean_size_squared: Fraction
    kurtosis: Fraction

    @property
    def first_moment(self) -> arb:
        """A lower bound of μ₁ = inf{E|⟨V_i,a⟩| : ‖a‖ = 1}: the best of the statements on it."""
        mean_size = sqrt(Rational(*self.mean_size_squared.as_integer_ratio()))
        found = [statement("first_moment").bound("mu_1").value.xreplace({m_1: mean_size})]
        if self.kurtosis <= 3:
            found.append(statement("first_moment_kurtosis").bound("mu_1").value)
        balls = [evaluate(bound, {}, _PRECISION) for bound in found]
        return max(balls, key=lambda ball: float(ball.lower()))


LAWS: Mapping[str, WeightLaw] = {
    "rademacher": WeightLaw(1, 1, Fraction(1), Fraction(1)),
    "uniform": WeightLaw(3, 1, Fraction(3, 4), Fraction(9, 5)),
}


@dataclass(frozen=True)
class Norms:
    """Norms of the operator and the observation, as balls.

    Parameters
    ----------
    sigma_A, operator, frobenius : arb
        Smallest non-zero singular value, operator norm and Frobenius norm of A.
    observation : arb
        ‖y‖.
    """

    sigma_A: arb
    operator: arb
    frobenius: arb
    observation: arb


def ball_of(bracket: Bracket) -> arb:
    """Return a ball around a bracket."""
    with ctx.workprec(_PRECISION):
        return interval(Fraction(bracket.lower), Fraction(bracket.upper))


def a_priori(constants: ActivationConstants, outputs: int, norms: Norms, law: WeightLaw) -> Known:
    """Return what the a priori width statements need to know.

    Parameters
    ----------
    constants : ActivationConstants
        Those of φ.
    outputs : int
        n.
    norms : Norms
        Of A and y.
    law : WeightLaw
        Of the output weights.
    """
    with ctx.workprec(_PRECISION):
        named = _activation(constants) | {
            setting_initial.n: arb(outputs),
            setting_initial.D: arb(law.bound_squared).sqrt(),
            init_output.s: arb(law.proxy_squared).sqrt(),
            width_hidden_convex.mu_1: law.first_moment,
        }
        reach = centred_reach(constants.activation)
        if reach is not None:
            named[width_hidden_convex.c] = reach
        return _named(named | _norms(norms))


def centred_reach(activation: Activation) -> arb | None:
    """Return c such that φ takes all values of (−c, c); None if 0 is not known to be inside."""
    taken = values_of(activation)
    if taken is None or not taken.low < 0 < taken.high:
        return None
    with ctx.workprec(_PRECISION):
        return rational_ball(Fraction(min(-taken.low, taken.high)))


def given_weights(
    constants: ActivationConstants, operator: Matrix, weights: Array, norms: Norms
) -> Known:
    """Return what ``width_given_v`` needs to know of a problem whose output weights V are given.

    Parameters
    ----------
    constants : ActivationConstants
        Those of φ.
    operator : array or scipy.sparse array, shape (m, n)
        A.
    weights : array, shape (n, k)
        V.
    norms : Norms
        Of A and y.
    """
    rows, columns = exactly(weights), weights.shape[1]
    image = product(exactly(dense(operator)), rows)
    frame = min(eigenvalue_brackets(gram(rows)), key=lambda found: found.lower)
    top = max(eigenvalue_brackets(gram(image)), key=lambda found: found.upper)
    longest = max((norm(exactly(column)) for column in weights.T), key=lambda found: found.upper)
    squares = norm(image)
    total = norm(product(image, exactly(np.ones((columns, 1)))))
    with ctx.workprec(_PRECISION):
        named = _activation(constants) | {
            setting_initial.n: arb(weights.shape[0]),
            width_given_v.mu: constants["mean"].ball,
            width_given_v.longest: ball_of(longest),
            width_given_v.frame: ball_of(frame) / columns,
            width_given_v.image: ball_of(top).sqrt(),
            SQUARES: ball_of(squares) ** 2,
            Norm(width_given_v.total): ball_of(total),
        }
        return _named(named | _norms(norms))


def _activation(constants: ActivationConstants) -> dict[Expr, arb]:
    return {
        setting_initial.C_phi: constants["C_phi_squared"].ball.sqrt(),
        setting_initial.C_dphi: constants["C_dphi_squared"].ball.sqrt(),
        setting_initial.M_4: constants["M4"].ball,
        setting_initial.B_1: constants["B1"].ball,
        width_w.B_2: constants["B2"].ball,
    }


def _norms(norms: Norms) -> dict[Expr, arb]:
    return {
        setting.sigma_A: norms.sigma_A,
        OperatorNorm(setting.A): norms.operator,
        FrobeniusNorm(setting.A): norms.frobenius,
        Norm(initial_misfit.y): norms.observation,
    }


def _named(values: Mapping[Expr, arb]) -> Known:
    return {as_input(term): ball for term, ball in values.items()}


def exact(value: Fraction) -> arb:
    """Return the ball of an exact rational."""
    with ctx.workprec(_PRECISION):
        return rational_ball(value)
