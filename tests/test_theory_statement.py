"""A statement refuses to exist when it is malformed, and says which part is wrong."""

import pytest
from sympy import Dummy, Eq, Float, Function, Lambda, Rational, Symbol, sqrt, true

from theory.formulas import forall
from theory.statement import (
    Definition,
    Hypothesis,
    Model,
    Quantity,
    Statement,
    StatementError,
    Step,
    at,
)
from theory.steps import cite, lemma, polynomial
from theory.terms import (
    IsInteger,
    OperatorSymbol,
    VectorSymbol,
    real,
    real_function,
    vector,
    vector_function,
)

t, x, y = real("t x y")
F = real_function("F")
POSITIVE = Symbol("x", positive=True)


def state(**changes):
    parts = {
        "title": "a test",
        "quantities": (Quantity(x, "a number", x > 0),),
        "hypotheses": (Hypothesis("h", x < 1),),
        "conclusions": {"c": x < 2},
        "steps": (polynomial("s", x < 2, "h"),),
    }
    return Statement(**(parts | changes))


def test_a_statement_names_its_premises():
    made = state(definitions=(Definition(y, x**2), Definition(F(t), t * x)))
    assert made.premises == {
        "x": x > 0,
        "h": x < 1,
        "y": Eq(y, x**2, evaluate=False),
        "F": forall(t, true, Eq(F(t), t * x, evaluate=False)),
    }


REFUSED = {
    "a parameter that a model writes as something else": (
        {"models": (Model("m", {x: y}, {x: (0, 1)}, {}),)}, "both as a parameter"),
    "a relation that SymPy has swallowed": (
        {"conclusions": {"c": POSITIVE + 1 > 0}}, "evaluate=False"),
    "a hypothesis that is no relation": ({"hypotheses": (Hypothesis("h", x),)}, "not a relation"),
    "a range that is no relation": ({"quantities": (Quantity(x, "x", x + 1),)}, "not a relation"),
    "a symbol as a proposition": ({"conclusions": {"c": (x < 1) | Symbol("p")}}, "not a relation"),
    "a float in a hypothesis": ({"hypotheses": (Hypothesis("h", x < Float(0.5)),)}, "float"),
    "a float in a conclusion": ({"conclusions": {"c": x < 0.5}}, "float"),
    "a float in a range": ({"quantities": (Quantity(x, "x", x > 0.1),)}, "float"),
    "a float in a domain": ({"conclusions": {"c": forall(t, t > 0.1, t > x)}}, "float"),
    "a float in a definition": ({"definitions": (Definition(y, 0.5 * x),)}, "float"),
    "no conclusion": ({"conclusions": {}}, "claims nothing"),
    "an undeclared symbol in a hypothesis": ({"hypotheses": (Hypothesis("h", x < y),)}, "y not"),
    "an undeclared symbol in a conclusion": ({"conclusions": {"c": x < y}}, "y not declared"),
    "an undeclared function": ({"conclusions": {"c": F(x) < 1}}, "F not declared"),
    "an undeclared symbol in a range": ({"quantities": (Quantity(x, "x", x < y),)}, "y not"),
    "an undeclared symbol in a domain": ({"conclusions": {"c": forall(t, t > y, t > x)}}, "y not"),
    "a definition by what comes later": (
        {"definitions": (Definition(y, F(x)), Definition(F(t), t))}, "F not declared before"),
    "a definition at one point": ({"definitions": (Definition(F(0), x),)}, "not distinct"),
    "a definition on a diagonal": ({"definitions": (Definition(F(t, t), t),)}, "not distinct"),
    "a name used twice": ({"hypotheses": (Hypothesis("x", x < 1),)}, "'x' is used twice"),
    "a step named like a hypothesis": (
        {"steps": (polynomial("h", x < 2, "h"),)}, "'h' is used twice"),
    "a dot in a step's name": ({"steps": (polynomial("s.t", x < 2, "h"),)}, "'s.t' cannot be"),
    "a dot in a hypothesis' name": ({"hypotheses": (Hypothesis("h.i", x < 1),)}, "cannot be"),
    "the name of the claim's own domain": (
        {"hypotheses": (Hypothesis("given", x < 1),)}, "'given' cannot be"),
    "an empty name": ({"hypotheses": (Hypothesis("", x < 1),)}, "'' cannot be"),
    "a quantity that is a term": ({"quantities": (Quantity(x + 1, "sum", true),)}, "neither"),
    "a symbol that SymPy takes for positive": (
        {"quantities": (Quantity(POSITIVE, "x"),), "hypotheses": (), "steps": (),
         "conclusions": {"c": POSITIVE < 2}}, "assumption"),
    "a bound variable that SymPy takes for positive": (
        {"conclusions": {"c": forall(POSITIVE, true, POSITIVE**3 - y > 0)},
         "quantities": (Quantity(x, "x"), Quantity(y, "y"))}, "assumption"),
    "a real symbol in a step": (
        {"steps": (polynomial("s", forall(Symbol("z", real=True), true, x < 2)),)}, "assumption"),
    "an integer by decree": (
        {"quantities": (Quantity(Symbol("n", integer=True), "n"), Quantity(x, "x"))}, "assumption"),
    "a dummy, which is not what it is called": (
        {"steps": (polynomial("s", forall(Dummy("x"), true, x < 2)),)}, "assumption"),
    "a function that SymPy takes for positive": (
        {"quantities": (Quantity(x, "x"), Quantity(Function("F", positive=True), "F"))},
        "assumption"),
    "one name for a number and a vector": (
        {"steps": (polynomial("s", forall(vector("x"), true, x < 2)),)}, "'x' stands for"),
    "one name for a number and an operator": (
        {"steps": (cite("s", "weyl", M=OperatorSymbol("x"), N=OperatorSymbol("N")),)},
        "'x' stands for"),
    "one name for two functions": (
        {"quantities": (Quantity(x, "x"), Quantity(F, "F")),
         "steps": (polynomial("s", forall(t, true, IsInteger(vector_function("F")(t))), "h"),)},
        "'F' stands for"),
    "one name for a number and a function": (
        {"steps": (polynomial("s", real_function("x")(x) < 2, "h"),)}, "'x' stands for"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_malformed_statement_is_refused(changes, reason):
    with pytest.raises(StatementError, match=reason.replace("(", r"\(")):
        state(**changes)


STEPS = {
    "no such kind": (lambda: Step("s", "magic", x < 1), "'magic' is not one of"),
    "no claim": (lambda: Step("s", "polynomial"), "needs a claim"),
    "a citation of nothing": (lambda: Step("s", "cited"), "needs fact"),
    "a lemma of nothing": (lambda: lemma("s", ""), "needs fact"),
    "a citation with its own claim": (
        lambda: Step("s", "cited", x < 1, (), "weyl"), "is computed"),
    "an assumption that is no relation": (lambda: cite("s", "weyl", given=x), "not a relation"),
    "an assumption with a float": (lambda: cite("s", "weyl", given=x > 0.5), "float"),
    "one variable twice": (lambda: cite("s", "weyl", over=(t, t)), "not distinct"),
    "a variable that is none": (lambda: cite("s", "weyl", over=(t + 1,)), "not distinct"),
    "a float as a value": (lambda: cite("s", "weyl", M=0.5), "no exact term"),
    "a SymPy float as a value": (lambda: cite("s", "weyl", M=Float(0.5)), "float"),
    "a Python function as a value": (lambda: cite("s", "nonincreasing", F=abs), "no exact term"),
    "text as a value": (lambda: cite("s", "nonincreasing", F="x**2"), "no exact term"),
    "a float as an instance": (
        lambda: polynomial("s", x < 1, at("h", {t: 0.5})), "no exact term"),
    "a use that is a formula": (lambda: polynomial("s", x < 1, x < 1), "give a premise's name"),
    "a claim that SymPy has decided": (lambda: polynomial("s", Eq(x, x)), "evaluate=False"),
}  # fmt: skip


@pytest.mark.parametrize(("build", "reason"), STEPS.values(), ids=STEPS)
def test_a_malformed_step_is_refused(build, reason):
    with pytest.raises(StatementError, match=reason):
        build()


def test_bound_variables_need_no_declaration():
    state(conclusions={"c": forall((t, y), t < y, t - x < y)})
    state(definitions=(Definition(F(t), t + x),), conclusions={"c": F(x) > x})


def test_exact_values_are_accepted():
    cite("s", "nonincreasing", F=Lambda(t, sqrt(t)), a=0, b=Rational(1, 2))
    cite("s", "nonincreasing", F=F, a=x, b=y)


def test_the_kinds_of_vectors_and_operators_are_kept_apart():
    v, big = VectorSymbol("v"), OperatorSymbol("A")
    made = state(quantities=(Quantity(x, "x"), Quantity(v, "v"), Quantity(big, "A")))
    assert [q.name for q in made.quantities] == ["x", "v", "A"]


def test_a_bound_is_found_by_name():
    with pytest.raises(KeyError, match="gives no bound 'radius'; it gives none"):
        state().bound("radius")
