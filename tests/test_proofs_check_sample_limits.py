"""What a model of the sample space does not tell is no counterexample."""

import time

import pytest
from sympy import Integer, Lambda

from proofs_check.chain import check
from proofs_check.engines.definedness import prove
from proofs_check.engines.sequences import Peeler
from proofs_check.falsify import find_counterexample
from proofs_check.interpretations.models import Interpretation
from proofs_check.interpretations.sample_limits import leaves_the_sample
from proofs_check.interpretations.sample_space import explicit
from proofs_check.searching.hunting import Hunt
from proofs_check.verdict import Verdict
from theory.authoring import (
    And,
    Eq,
    Hypothesis,
    Implies,
    Model,
    Quantity,
    Rational,
    Statement,
    StatementError,
    Sum,
    at,
    forall,
    polynomial,
    real,
    real_function,
    true,
)
from theory.probability import (
    OMEGA,
    Independent,
    IndependentOf,
    Prob,
    family,
    probability,
    random,
)
from theory.terms import IsInteger

c, i, k, n, omega_1, t, x = real("c i k n omega_1 t x")
X = real_function("X")
COIN = ((0, Rational(1, 2)), (1, Rational(1, 2)))
UNIT = forall(OMEGA, true, And(X(OMEGA) >= 0, X(OMEGA) <= 1))


def stated(conclusion, *steps, quantities=(), parameters=None):
    model = Model(
        "a coin", {X: Lambda(t, t + c - c)}, parameters or {c: (0, 1)}, {c: Integer(0)}, sample=COIN
    )
    declared = (Quantity(X, "a coin"), Quantity(c, "any number"), *quantities)
    return Statement(
        "of a coin",
        declared,
        (Hypothesis("unit", UNIT),),
        {"claim": conclusion},
        steps,
        models=(model,),
    )


BEYOND = [
    (forall(x, true, X(x) + c**2 >= 0), at("unit", {OMEGA: x})),
    (forall((OMEGA, omega_1), true, X(OMEGA) - X(omega_1) <= 1), "unit"),
]


@pytest.mark.parametrize(("claim", "use"), BEYOND, ids=["a number", "a second point"])
def test_values_off_the_sample_refute_nothing(claim, use):
    """The model describes X at its points only, and the claim is a theorem."""
    uses = (use,) if use != "unit" else tuple(at(use, {OMEGA: w}) for w in (OMEGA, omega_1))
    theorem = stated(claim, polynomial("claim", claim, *uses))
    assert check(theorem).verdict is Verdict.PROVED
    assert find_counterexample(theorem) is None


def test_at_the_points_of_the_sample_a_false_claim_is_refuted():
    claim = forall(OMEGA, true, X(OMEGA) + c <= Rational(1, 2))
    assert find_counterexample(stated(claim)) is not None


def test_a_constant_sample_point_need_not_be_in_the_sample():
    assert leaves_the_sample([UNIT, X(OMEGA) <= 1])
    assert leaves_the_sample([UNIT, X(1) <= 1])
    assert not leaves_the_sample([UNIT, probability(X(OMEGA) >= c) <= 1])


def test_that_a_law_is_not_seen_in_a_model_refutes_nothing():
    """X(ω) and ω are compared with what is sufficient for a law, and claims need not be so."""
    claim = Independent(family(X(OMEGA), i), k)
    theorem = stated(claim, quantities=(Quantity(k, "how many"),), parameters={c: (0, 1)})
    assert list(Hunt(theorem, theorem.models[0]).targets("claim")) == []
    denied = Implies(IndependentOf(random(X(OMEGA)), random(OMEGA)), c >= 1)
    assert explicit(denied, COIN) == [denied]


def test_a_sample_may_be_written_in_plain_numbers():
    claim = Eq(Prob(random(X(OMEGA) - c - Rational(1, 2))), Rational(1, 2))
    theorem = stated(claim)
    reading = Interpretation(theorem, theorem.models[0], {c: Integer(0)})
    assert reading.check(claim).verdict is Verdict.PROVED


@pytest.mark.parametrize("event", [c > 0, c < 0, Eq(c, 0), true], ids=str)
def test_an_event_is_a_weak_inequality(event):
    """The strict one would have been read the wrong way round."""
    with pytest.raises(StatementError, match="an event is left >= right"):
        probability(event)


def test_an_integer_is_one_because_a_premise_says_so():
    known = {"domain": And(IsInteger(n), n >= 2)}
    deadline = time.process_time() + 5
    assert prove(IsInteger(n), known, deadline).needed == {"domain"}
    assert not prove(IsInteger(c), known, deadline).proved


def test_a_sum_written_with_fewer_terms_captures_no_constant():
    index = real("_index")
    longer, shorter = (Sum(i * index, (i, 1, end)) for end in (n + 1, n))
    written = Peeler(n, 1, [longer, shorter]).rewrite(longer)
    assert index in written.free_symbols
    assert written - Peeler(n, 1, [longer, shorter]).rewrite(shorter) == (n + 1) * index
