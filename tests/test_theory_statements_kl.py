import pytest
from flint import arb
from sympy import Eq, Integer, Rational

from numerics.rigorous.balls import evaluate
from proofs_check.chain import check
from proofs_check.verdict import Verdict
from theory.formulas import forall, substitute
from theory.losses import S, W, power
from theory.registry import statement
from theory.settings.flow import L, a, b, psi, t, v, w_0, x, y
from theory.statement import Hypothesis, Quantity, Statement, at
from theory.statements import kl_error_bound
from theory.statements.kl_power import alpha, c
from theory.steps import gram, lemma
from theory.terms import Norm, vector, vector_function

IDS = ("kl_power", "kl_linear", "kl_radial", "kl_pl", "kl_error_bound", "envelope_squared")


@pytest.mark.parametrize("id", IDS)
def test_no_hypothesis_is_said_to_be_unused(id):
    """That each is proved, and from exactly what it names, is tested of all statements."""
    assert not any(finding.unused for finding in statement(id).findings)


@pytest.mark.parametrize("p", [Rational(3), Rational(5, 2), Rational(3, 2), Rational(5)])
@pytest.mark.parametrize("name", ["psi", "Psi_power"])
def test_the_power_loss_is_the_power_family_with_its_own_factor(p, name):
    loss, level = power(p), Rational(3, 7)
    family = statement("kl_power").bound(name).value
    theirs = evaluate(substitute(family, {c: p ** (1 / p), alpha: 1 / p, x: level}), {}, 256)
    own = loss.desingularizer if name == "psi" else loss.primitive
    mine = evaluate(substitute(own, {S: level}), {}, 256)
    assert theirs.overlaps(mine)
    assert theirs.rel_accuracy_bits() > 100


def test_psi_inverts_the_radial_power_loss():
    loss = power(Rational(3))
    assert substitute(loss.inverse, {W: Integer(2)}) == Rational(8, 3)
    assert substitute(loss.desingularizer, {S: Rational(8, 3)}).equals(2)


def test_the_envelope_starts_at_w_0_and_tends_to_its_critical_form():
    envelope = statement("envelope_squared")
    point = {w_0: Rational(4, 5), b: Rational(3, 2), t: Rational(2)}
    critical = evaluate(substitute(envelope.bound("envelope_critical").value, point), {}, 256)
    for small in (Rational(1, 10**9), -Rational(1, 10**9)):
        near = evaluate(substitute(envelope.bound("envelope").value, point | {a: small}), {}, 256)
        assert abs(near - critical) < arb("1e-8")
        assert (near < critical) if small > 0 else (near > critical)


def test_the_error_bound_applies_along_a_trajectory_to_the_only_minimiser():
    target = vector("target")
    nearest = vector_function("nearest")(t)
    only = Hypothesis("H_only", forall(v, Eq(L(v), 0), Eq(v, target)))
    start = Hypothesis("H_below", forall(t, t >= 0, L(y(t)) < kl_error_bound.r_0))
    bound = kl_error_bound.STATEMENT
    kept = tuple(h for h in bound.hypotheses if h.name != "H_start")
    quantities = tuple(
        q for q in bound.quantities if q.symbol not in (kl_error_bound.v_0, kl_error_bound.v_inf)
    )
    claim = forall(t, t >= 0, Norm(y(t) - target) <= psi(L(y(t))))
    names = [h.name for h in kept]
    instance = {"over": (t,), "given": t >= 0, "v_0": y(t), "v_infinity": nearest}
    applied = Statement(
        title="The misfit bounds the distance to the data",
        quantities=(*quantities, Quantity(y, "output"), Quantity(target, "data")),
        hypotheses=(*kept, only, start),
        conclusions={"distance": claim},
        steps=(
            lemma("minimiser", "kl_error_bound.minimiser", "r_0", *names, "H_below", **instance),
            lemma("near", "kl_error_bound.distance", "r_0", *names, "H_below", **instance),
            gram("distance", claim, "minimiser", "near", at("H_only", {v: nearest})),
        ),
    )
    report = check(applied)
    assert report.verdict is Verdict.PROVED, report.reasons
