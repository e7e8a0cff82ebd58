"""The Bregman divergence from a random start is of the order of the width (THEORY section 3b).

Given the output weights and a target φ(h*) in the box, each neuron's mean divergence from its
random start is φ(h*)(F(h*) − E F) − (Ω(h*) − E Ω): for tanh, E F = 0 and E Ω = (e² − 1)/4. With c a
bound of it, Markov's inequality gives D₀ < kc/p but with probability p, and ``flow_hidden_convex``
a loss within kc/(p‖u‖²t) of the target's. The neurons need not be independent, nor normal.
"""

from typing import Any

from sympy import And, Eq, Expr, Implies, Integer, Lambda, Rational, true

from theory.formulas import forall
from theory.probability import OMEGA, Integrable, expectation, probability, random
from theory.settings.initial import HIDDEN, NEURON, h
from theory.settings.mirror import H_F, H_OMEGA, H_SLOPE, POTENTIALS, F, Omega, divergence
from theory.settings.network import (
    H_PHI,
    PHI,
    PHI_1,
    WIDTH,
    i,
    j,
    k,
    over_neurons,
    partial_sums,
    phi,
    phi_1,
    x,
)
from theory.statement import Bound, Hypothesis, Model, Mutant, Quantity, Source, Statement, at
from theory.steps import cite, induction, lemma, polynomial
from theory.terms import function_of, real, real_function

h_star = real_function("h_star")
c, p, m_F, m_Omega = real("c p m_F m_Omega")
low, aim = real("low aim")

hidden, target = h(i, OMEGA), h_star(i)
apart = divergence(hidden, target)
spread = over_neurons(apart)
LEVEL = k * c / p
MEAN = expectation(spread) <= k * c
H_MOMENTS = Hypothesis(
    "H_moments",
    forall(i, NEURON, And(
        Integrable(random(F(hidden))), Eq(expectation(F(hidden)), m_F),
        Integrable(random(Omega(hidden))), Eq(expectation(Omega(hidden)), m_Omega))),
    "F(h) and Ω(h) have the same means at every neuron",
)  # fmt: skip
H_NEAR = Hypothesis(
    "H_near",
    forall(i, NEURON, phi(target) * (F(target) - m_F) - (Omega(target) - m_Omega) <= c),
    "the mean divergence of every neuron is at most c",
)


def _tail(level: Expr) -> Any:
    return probability(spread >= level) <= p


STEPS = (
    cite("each", "expectation_linear", "H_moments", over=(i,), given=NEURON,
         X=function_of(OMEGA, F(hidden)), Y=function_of(OMEGA, Omega(hidden)),
         Z=function_of(OMEGA, apart), c_0=phi(target) * F(target) - Omega(target),
         c_1=-phi(target), c_2=1),
    polynomial("near", forall(i, NEURON, expectation(apart) <= c), "each", "H_moments", "H_near"),
    induction("partial", partial_sums(over_neurons(expectation(apart), j) <= j * c),
              at("near", {i: j})),
    lemma("divergence", "flow_hidden_convex.divergence", "H_phi", "H_slope", "H_F", "H_Omega"),
    induction("partial_sign", partial_sums(over_neurons(apart, j) >= 0, OMEGA),
              at("divergence", {low: h(j, OMEGA), aim: h_star(j)})),
    polynomial("sign", forall(OMEGA, true, spread >= 0), at("partial_sign", {j: k}), "k"),
    cite("sum", "expectation_sum", "k", "each.integrable", Z=Lambda((i, OMEGA), apart), k=k),
    polynomial("mean", MEAN, "sum", at("partial", {j: k}), "k"),
    polynomial("level", LEVEL > 0, "k", "c", "p"),
    # Markov's inequality: the indicator of the event lies below D₀/LEVEL.
    cite("scaled", "expectation_linear", "sum.integrable", "level", X=function_of(OMEGA, spread),
         Y=function_of(OMEGA, spread), Z=function_of(OMEGA, spread / LEVEL), c_0=0, c_1=1 / LEVEL,
         c_2=0),
    polynomial("above", forall(OMEGA, true, And(
        spread / LEVEL >= 0, Implies(spread - LEVEL >= 0, spread / LEVEL >= 1))), "sign", "k",
        "c", "p"),
    cite("rare", "indicator", "scaled.integrable", "above", X=function_of(OMEGA, spread - LEVEL),
         Y=function_of(OMEGA, spread / LEVEL)),
    polynomial("tail", _tail(LEVEL), "rare", "scaled", "mean", "k", "c", "p"),
)  # fmt: skip

# φ(x) = x has the divergence (h − h*)²/2. Four neurons start at one value, which is rarely not 0.
rare, far, room, share = real("p_0 h_0 c_0 p_1")


def _copies(name: str, near: Expr, failure: Expr, box: Any, witness: Any) -> Model:
    """Return four copies of a linear neuron, with a bound of the mean and a failure probability."""
    values = {
        k: Integer(4), phi: Lambda(x, x), phi_1: Lambda(x, 1), F: Lambda(x, x),
        Omega: Lambda(x, x**2 / 2), h: Lambda((i, OMEGA), OMEGA), h_star: Lambda(i, 0),
        m_F: Integer(0), m_Omega: rare * far**2 / 2, c: near * rare * far**2 / 2, p: failure,
    }  # fmt: skip
    shared = {rare: (Rational(1, 10), Rational(1, 2)), far: (Integer(1), Integer(3))}
    point = {rare: Rational(1, 4), far: Integer(2)}
    law = ((far, rare / 2), (-far, rare / 2), (Integer(0), 1 - rare))
    return Model(name, values, {**shared, **box}, {**point, **witness}, sample=law)


MODELS = (
    _copies("four linear neurons, one random start", room, rare,
            {room: (Rational(1, 2), Integer(2))}, {room: Integer(1)}),
    _copies("the same, seldom at 0", Integer(1), rare * share,
            {share: (Rational(9, 10), Integer(1))}, {share: Rational(19, 20)}),
)  # fmt: skip

STATEMENT = Statement(
    title="Hidden convexity: the divergence from a random start",
    source=Source("sharp", ("boucheron2013",), "3b"),
    quantities=(
        WIDTH, PHI, PHI_1, *POTENTIALS, HIDDEN,
        Quantity(h_star, "hidden value of each neuron at the target"),
        Quantity(m_F, "mean of F(h)"),
        Quantity(m_Omega, "mean of Ω(h)"),
        Quantity(c, "bound of a neuron's mean divergence", c > 0),
        Quantity(p, "failure probability", And(p > 0, p < 1)),
    ),
    hypotheses=(H_PHI, H_SLOPE, H_F, H_OMEGA, H_MOMENTS, H_NEAR),
    conclusions={"mean": MEAN, "tail": _tail(LEVEL)},
    steps=STEPS,
    bounds=(Bound("divergence", LEVEL, "exceeded by D₀ with probability at most p"),),
    models=MODELS,
    mutants=(
        Mutant("a level 1% smaller", {"tail": _tail(Rational(99, 100) * LEVEL)}),
        Mutant("a mean 1% smaller", {"mean": expectation(spread) <= Rational(99, 100) * k * c}),
        Mutant("targets at any distance", {"H_near": None}, "mean"),
    ),
)  # fmt: skip
