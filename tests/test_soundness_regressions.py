"""False statements that once came out as proved: each has to stay open, or be refused."""

import pytest
from sympy import Le, Symbol

from proofs_check.chain import check
from proofs_check.falsify import find_counterexample
from proofs_check.verdict import Verdict
from theory import registry
from theory.authoring import (
    And,
    Continuous,
    ConvergesTo,
    Definition,
    Eq,
    Hypothesis,
    Lambda,
    Model,
    Norm,
    Quantity,
    Statement,
    StatementError,
    Sum,
    at,
    cite,
    derivative,
    forall,
    function_of,
    induction,
    lemma,
    oo,
    polynomial,
    real,
    real_function,
    sqrt,
    true,
    vector,
    vector_function,
)
from theory.formulas import ForAll, canonical, substitute
from theory.terms import IsInteger

a, b, c, i, n, x, x_1, x_2, y, T = real("a b c i n x x_1 x_2 y T")
F, G, S, f, quotient = (real_function(name) for name in ("F", "G", "S", "f", "quotient"))
p, limit = vector_function("p"), vector("limit")
UNIT = And(x >= 0, x <= 1)


def make(conclusion, *steps, quantities=(), hypotheses=None, **more):
    assumed = tuple(Hypothesis(k, v) for k, v in (hypotheses or {}).items())
    declared = tuple(q if isinstance(q, Quantity) else Quantity(q, "given") for q in quantities)
    return Statement("false", declared, assumed, {"claim": conclusion}, steps, **more)


def verdict(statement, *lemmas):
    known = {s.id: s for s in lemmas}
    return check(statement, lookup=lambda id: known.get(id) or registry.statement(id)).verdict


def test_a_definition_makes_no_derivative_exist():
    with pytest.raises(StatementError, match="does not make a derivative exist"):
        make(
            Continuous(function_of(x, F(x)), 0, 1),
            quantities=(F,),
            definitions=(Definition(f(x), derivative(F(x), x)),),
        )


def test_infinity_is_no_value_of_a_parameter():
    chords = forall((x_1, x_2), And(x_1 >= 0, x_1 <= x_2), Norm(p(x_2) - p(x_1)) <= S(x_2) - S(x_1))
    every_curve_converges = make(
        ConvergesTo(function_of(x, p(x)), limit),
        cite("claim", "finite_length", "chords", "idle", p=p, S=S, c=oo, limit=limit),
        quantities=(p, S, limit),
        hypotheses={"chords": chords, "idle": forall(x, x >= 0, Le(S(x), oo, evaluate=False))},
    )
    assert verdict(every_curve_converges) is Verdict.UNDECIDED


@pytest.mark.parametrize("name", ["_bound0", "_at_0", "_inside", "a b", "a=b"])
def test_names_the_checker_makes_up_are_refused(name):
    with pytest.raises(StatementError, match="cannot be a name"):
        make(F(Symbol(name)) > 0, quantities=(F, Symbol(name)))


@pytest.mark.parametrize("name", ["_bound0", "_at_0", "_1"])
def test_comparing_formulas_captures_no_constant(name):
    constant = Symbol(name)
    assert canonical(forall(x, true, F(x) > constant)) != canonical(forall(x, true, F(x) > x))
    one = Continuous(Lambda(x, F(x) + constant), 0, 1)
    other = Continuous(Lambda(x, F(x) + x), 0, 1)
    assert canonical(one) != canonical(other)


def test_no_step_is_called_the_induction_hypothesis():
    with pytest.raises(StatementError, match="cannot be a name"):
        make(
            forall(n, And(IsInteger(n), n >= 0), Eq(F(n), 0)),
            polynomial("induction hypothesis", Eq(F(0), 0)),
            induction(
                "claim", forall(n, And(IsInteger(n), n >= 0), Eq(F(n), 0)), "induction hypothesis"
            ),
            quantities=(F,),
        )


SQUARE = Statement(
    "a square is not negative",
    (Quantity(F, "any function"),),
    (Hypothesis("start", F(0) >= 0),),
    {"square": forall(x, true, F(x) ** 2 >= 0)},
    (polynomial("square", forall(x, true, F(x) ** 2 >= 0)),),
    id="square",
)


def test_a_lemma_on_functions_says_nothing_where_the_function_does_not_exist():
    every_number_is_positive = make(
        forall(x, true, x >= 0),
        lemma("claim", "square.square", F=Lambda(x, sqrt(x))),
        quantities=(y,),
    )
    assert verdict(SQUARE, SQUARE) is Verdict.PROVED
    assert verdict(every_number_is_positive, SQUARE) is Verdict.UNDECIDED


def test_a_premise_of_a_lemma_is_not_met_where_its_terms_do_not_exist():
    inverse = Statement(
        "what has an inverse everywhere is never at zero",
        (Quantity(F, "an inverse"),),
        (Hypothesis("inverse", forall(x, true, Eq(x * F(x), 1))),),
        {"nonzero": forall(x, true, x**2 > 0)},
        (polynomial("nonzero", forall(x, true, x**2 > 0), "inverse"),),
        id="inverse",
    )
    no_zero = make(
        forall(x, true, x**2 > 0),
        lemma("claim", "inverse.nonzero", F=Lambda(x, 1 / x)),
        quantities=(y,),
    )
    assert verdict(no_zero, inverse) is Verdict.UNDECIDED


HIDDEN = {
    "a reciprocal": (forall(x, true, Eq(G(a * x), 5)), Eq(G(1), 5), 1 / a),
    "a root": (forall(x, true, G(x**2) >= 1), forall(y, true, G(y) >= 0), sqrt(y)),
}


@pytest.mark.parametrize(("known", "claim", "value"), HIDDEN.values(), ids=HIDDEN)
def test_an_instance_holds_only_where_its_value_exists(known, claim, value):
    step = polynomial("claim", claim, at("known", {x: value}))
    wrong = make(claim, step, quantities=(a, G), hypotheses={"known": known})
    assert verdict(wrong) is Verdict.UNDECIDED


def test_an_instance_holds_where_its_value_does_exist():
    claim = forall(y, y > 0, G(y) >= 0)
    step = polynomial("claim", claim, at("known", {x: sqrt(y)}))
    right = make(claim, step, quantities=(G,), hypotheses={"known": HIDDEN["a root"][0]})
    assert verdict(right) is Verdict.PROVED


def test_a_definition_has_no_value_where_its_terms_do_not_exist():
    wrong = make(
        Eq(quotient(a, a), 1),
        polynomial("claim", Eq(quotient(a, a), 1), at("quotient", {x_1: a, x_2: a})),
        quantities=(a,),
        definitions=(Definition(quotient(x_1, x_2), x_1 / x_2),),
    )
    assert verdict(wrong) is Verdict.UNDECIDED


def test_the_index_of_a_sum_is_not_captured():
    several = Sum(n, (i, 1, n))
    assert substitute(several, {n: i}) == Sum(i, (Symbol("i'"), 1, i))
    assert substitute(Sum(F(i), (i, 1, n)), {i: a, n: b}) == Sum(F(i), (i, 1, b))
    where = And(IsInteger(i), i >= 1)
    claim = forall(i, where, Eq(S(i), Sum(i, (i, 1, i)), evaluate=False))
    known = forall(n, And(IsInteger(n), n >= 1), Eq(S(n), several, evaluate=False))
    step = polynomial("claim", claim, at("known", {n: i}))
    wrong = make(claim, step, quantities=(S,), hypotheses={"known": known})
    assert verdict(wrong) is Verdict.UNDECIDED


def test_a_lemma_that_rests_on_a_users_lemma_keeps_its_premises():
    above = (Hypothesis("above", a > 1),)
    number = (Quantity(a, "a number"),)
    first = Statement(
        "first", number, above, {"p": a > 0}, (polynomial("p", a > 0, "above"),), id="first"
    )
    steps = (lemma("by_first", "first.p", "above", a=a), polynomial("open", a > 0))
    second = Statement("second", number, above, {"p": a > 0}, steps, id="second")
    bounded = (Quantity(a, "a number", a <= 5),)
    wrong = Statement("wrong", bounded, (), {"p": a > 0}, (lemma("p", "second.p", a=a),))
    assert verdict(second, first, second) is Verdict.PROVED
    assert verdict(wrong, first, second) is Verdict.UNDECIDED


def test_a_wrong_choice_of_what_exists_is_no_counterexample():
    zero = And(T >= 0, T <= 2, Eq(F(T), 0))
    values = {"continuous": Continuous(function_of(x, F(x)), 0, 2), "start": F(0) >= 0}
    # The premises are all there but the step names none: the proof is open, the statement true.
    there_is_a_zero = make(
        zero,
        cite("zero", "first_zero", F=F, a=0, b=2, T=T),
        quantities=(F, T),
        hypotheses=values | {"end": Eq(F(2), 0)},
        models=(Model("line", {F: Lambda(x, 2 - x), T: 1 + 0 * a}, {c: (1, 2)}, {c: 1}),),
    )
    assert find_counterexample(there_is_a_zero) is None


def test_quantified_formulas_may_bind_any_name():
    assert canonical(ForAll((x,), true, F(x) > 0)) == canonical(ForAll((y,), true, F(y) > 0))


LINE = Definition(S(x), c * x)


def test_a_lemmas_definition_captures_no_value_of_the_name_of_its_argument():
    line = Statement(
        "a line",
        (Quantity(c, "slope"),),
        (),
        {"at_two": Eq(S(2), 2 * c)},
        (polynomial("at_two", Eq(S(2), 2 * c), at("S", {x: 2})),),
        definitions=(LINE,),
        id="line",
    )
    everything_is_two = make(
        Eq(x, 2),
        lemma("l", "line.at_two", c=x),
        polynomial("claim", Eq(x, 2), "l"),
        quantities=(x,),
    )
    assert verdict(line) is Verdict.PROVED
    assert verdict(everything_is_two, line) is Verdict.UNDECIDED


def test_a_model_gives_a_definition_no_value_of_the_name_of_its_argument():
    claim = Eq(S(2), 6)
    true_statement = make(
        claim,
        polynomial("claim", claim, at("S", {x: 2}), "slope"),
        quantities=(c,),
        hypotheses={"slope": Eq(c, 3)},
        definitions=(LINE,),
        models=(Model("one slope", {c: x}, {x: (0, 10)}, {x: 3}),),
    )
    assert verdict(true_statement) is Verdict.PROVED
    assert find_counterexample(true_statement) is None
