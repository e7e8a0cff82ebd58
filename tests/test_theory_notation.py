"""Formulas as they are written by hand."""

import pytest
from sympy import (
    And,
    Eq,
    Implies,
    Lambda,
    Min,
    Ne,
    Not,
    Or,
    Piecewise,
    Rational,
    Sum,
    Symbol,
    exp,
    oo,
    pi,
    sqrt,
    true,
)

from theory.formulas import forall
from theory.names import latex_name, unicode_name
from theory.registry import statements
from theory.terms import (
    Adjoint,
    Apply,
    Continuous,
    ConvergesTo,
    Inner,
    InRange,
    Norm,
    OperatorNorm,
    SigmaMin,
    derivative,
    function_of,
    operator,
    operator_function,
    real,
    real_function,
    vector,
    vector_function,
)
from theory.typesetting.notation import readable

t, x, a, b, sigma_A, w_0, n = real("t x a b sigma_A w_0 n")
f, s = real_function("f"), real_function("s")
A, M = operator("A"), operator("M")
v, z = vector("v"), vector("z")
theta, J = vector_function("theta"), operator_function("J")

NAMES = {
    "sigma_A": ("σ_A", r"\sigma_{A}"),
    "theta_0": ("θ₀", r"\theta_{0}"),
    "theta_dot": ("θ̇", r"\dot{\theta}"),
    "rho_star": ("ρ*", r"\rho^{*}"),
    "psi'": ("ψ'", r"\psi'"),
    "grad_L": ("∇L", r"\nabla L"),
    "theta_infinity": ("θ_∞", r"\theta_{\infty}"),
    "x1": ("x₁", "x_{1}"),
    "level": ("level", r"\mathrm{level}"),
    "y_i": ("yᵢ", "y_{i}"),
    "_1": ("₁", "_{1}"),
}


@pytest.mark.parametrize("name", NAMES)
def test_names_in_both_scripts(name):
    assert (unicode_name(name), latex_name(name)) == NAMES[name]


TERMS = [
    (sigma_A**2 * w_0 / (2 * a), "w₀·σ_A²/(2a)"),
    (a - b * x, "a − b·x"),
    (-a - b, "−a − b"),
    (-(a + b) / 2, "−a/2 − b/2"),
    (-(a + b) / x, "−(a + b)/x"),
    (2 * (a + b), "2a + 2b"),
    (a * (1 - 2 * x), "a·(1 − 2x)"),
    (x ** Rational(1, 2), "√x"),
    (sqrt(1 - 2 * x), "√(1 − 2x)"),
    (x ** Rational(1, 3), "x^(1/3)"),
    (x ** (-2), "1/x²"),
    ((-x) ** 3, "−x³"),
    ((a / b) ** 2, "a²/b²"),
    ((a + b) ** 2, "(a + b)²"),
    ((a + b) ** x, "(a + b)^x"),
    (x**a / b, "x^a/b"),
    (a / (b * x), "a/(b·x)"),
    (a / (b + x), "a/(b + x)"),
    (2 * 3**x, "2·3^x"),
    (Rational(-1, 2) * x, "−x/2"),
    (exp(-x), "exp(−x)"),
    (abs(x), "|x|"),
    (pi + 1, "1 + π"),
    (Min(a, b), "min(a, b)"),
    (Piecewise((a, x < 0), (b, True)), "{a if x < 0; b otherwise}"),
    (Sum(n**2, (n, 1, a)), "Σ[n=1..a] n²"),
    (Norm(theta(t) - z), "‖θ(t) − z‖"),
    (Norm(v) ** 2, "‖v‖²"),
    (Inner(v, z), "⟨v, z⟩"),
    (Apply(A, theta(t)), "A θ(t)"),
    (Adjoint(J(theta(t)), Adjoint(A, v)), "J(θ(t))ᵀ Aᵀ v"),
    (Apply(A, v - z), "A (v − z)"),
    (OperatorNorm(J(v) - J(z)), "‖J(v) − J(z)‖"),
    (SigmaMin(J(v)), "σ_min(J(v))"),
    (derivative(f(s(t)), t), "d/dt f(s(t))"),
    (derivative(f(t) + s(t), t), "d/dt (f(t) + s(t))"),
    (derivative(f(t), t, at=a + 1), "[d/dx f(x) at x = 1 + a]"),
    (function_of(t, f(t)), "f"),
    (real_function("Pow")(x, t), "Pow(x, t)"),
    (x ** Rational(3, 2), "x^(3/2)"),
    (a / sqrt(x), "a/√x"),
    (1 / (2 * x), "1/(2x)"),
    ((-2) ** x, "(−2)^x"),
    (Rational(1, 2) ** x, "(1/2)^x"),
    ((x**2) ** a, "(x²)^a"),
    (x ** (a - 1), "x^(a − 1)"),
    (-Inner(v, z), "−⟨v, z⟩"),
    (Inner(v, -z), "⟨v, −z⟩"),
    (Lambda(t, t**2 + x), "z ↦ x + z²"),
]


@pytest.mark.parametrize(("term", "text"), TERMS, ids=[text for _, text in TERMS])
def test_terms(term, text):
    assert readable(term) == text


FORMULAS = [
    (forall(t, t >= 0, f(t) <= s(t)), "∀ t ≥ 0: f(t) ≤ s(t)"),
    (forall((a, t), And(a >= 0, a <= t), s(a) <= s(t)), "∀ a, t with 0 ≤ a ≤ t: s(a) ≤ s(t)"),
    (forall(v, true, f(x) >= 0), "∀ v: f(x) ≥ 0"),
    (forall(v, InRange(A, v), InRange(A, v)), "∀ v with v ∈ ran A: v ∈ ran A"),
    (And(x > 0, x < a), "0 < x < a"),
    (And(x > 0, a > 0), "a > 0 and x > 0"),
    (Implies(x < a, And(x > 0, Ne(x, b))), "x < a ⇒ (x > 0 and x ≠ b)"),
    (Or(And(x > 0, x < 1), Eq(x, 2)), "x = 2 or (0 < x < 1)"),
    (Not(Or(x > 0, Eq(x, 2)), evaluate=False), "not (x = 2 or x > 0)"),
    (Continuous(function_of(t, f(t)), 0, oo), "f is continuous on [0, ∞)"),
    (Continuous(function_of(t, f(t)), a, b), "f is continuous on [a, b]"),
    (ConvergesTo(function_of(t, theta(t)), v), "θ(t) → v as t → ∞"),
]


@pytest.mark.parametrize(("formula", "text"), FORMULAS, ids=[text for _, text in FORMULAS])
def test_formulas(formula, text):
    assert readable(formula) == text


def test_a_chain_is_only_joined_where_the_middle_is_the_same_term():
    assert readable(And(a <= x, b <= t)) in ("a ≤ x and b ≤ t", "b ≤ t and a ≤ x")
    assert readable(And(a >= 0, b <= 0)).count("0") == 2


def test_a_cycle_of_inequalities_does_not_run_in_circles():
    assert readable(And(a <= b, b <= a)) == "a ≤ b ≤ a"


def test_a_bound_variable_never_takes_a_name_that_is_free():
    assert readable(Lambda(Symbol("_1"), Symbol("_1") * x)) == "z ↦ x·z"


def test_what_ships_prints_without_leftovers():
    for made in statements():
        formulas = [h.formula for h in made.hypotheses] + list(made.conclusions.values())
        formulas += [s.claim for s in made.steps if s.claim is not None]
        for formula in formulas:
            text = readable(formula)
            for leftover in ("Lambda", "Deriv", "ForAll", "**", "sigma", "_1", "True", "(−"):
                assert leftover not in text or leftover == "(−", (made.id, text)
