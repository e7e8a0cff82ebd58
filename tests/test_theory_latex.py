"""Formulas in LaTeX, as an author would set them."""

import pytest
from latex_reading import formula_problems
from sympy import (
    Abs,
    And,
    Eq,
    Function,
    Implies,
    Lambda,
    Min,
    Mul,
    Or,
    Piecewise,
    Rational,
    Sum,
    exp,
    log,
    oo,
    pi,
    sqrt,
    tanh,
    true,
)

from theory.formulas import forall
from theory.latex import latex
from theory.names import latex_name
from theory.probability import expectation, probability
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
    Predicate,
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

t, x, a, b, q, n, k = real("t x a b q n k")
sigma_A, sigma_0, w_0, Lambda_, alpha, c, p = real("sigma_A sigma_0 w_0 Lambda alpha c p")
rho_star, q_star, omega, leak = real("rho_star q_star omega leak")
s, psi_1, X = real_function("s"), real_function("psi'"), real_function("X")
theta, J = vector_function("theta"), operator_function("J")
theta_0, vartheta = vector("theta_0"), vector("vartheta")
A, v, z = operator("A"), vector("v"), vector("z")
FADING = exp(a * t)

CASES = [
    # what the field writes
    (Lambda_ * w_0 / (sigma_A * sigma_0**2), r"\frac{\Lambda w_{0}}{\sigma_{A} \sigma_{0}^{2}}"),
    (2 * w_0 / (sigma_A * sigma_0 * (1 + sqrt(1 - 2 * q))),
     r"\frac{2 w_{0}}{\sigma_{A} \sigma_{0} (1 + \sqrt{1 - 2 q})}"),
    (w_0 * exp(-(sigma_A**2) * sigma_0**2 * t / 4),
     r"w_{0} \mathrm{e}^{-\sigma_{A}^{2} \sigma_{0}^{2} t/4}"),
    (w_0 / (FADING + b * w_0 * (FADING - 1) / a),
     r"\frac{w_{0}}{\mathrm{e}^{a t} + \frac{b w_{0}}{a} (\mathrm{e}^{a t} - 1)}"),
    (4 * log(w_0 / c) / (sigma_A**2 * sigma_0**2),
     r"\frac{4}{\sigma_{A}^{2} \sigma_{0}^{2}} \log(w_{0}/c)"),
    (-(c**2) * log(x) / 4, r"-\frac{c^{2}}{4} \log x"),
    (c**2 * alpha**2 * x ** (2 * alpha - 1) / (1 - 2 * alpha),
     r"\frac{c^{2} \alpha^{2} x^{2 \alpha - 1}}{1 - 2 \alpha}"),
    ((a + sqrt(a**2 + 4 * b**2)) / (2 * sqrt(k)), r"\frac{a + \sqrt{a^{2} + 4 b^{2}}}{2 \sqrt{k}}"),
    (sqrt(2) * sqrt(x), r"\sqrt{2 x}"),
    (sqrt(2) / (2 * sqrt(x)), r"\frac{1}{\sqrt{2 x}}"),
    (rho_star**2, r"{\rho^{*}}^{2}"),
    # products, sums, quotients
    (Mul(2, 3**x, evaluate=False), r"2 \cdot 3^{x}"),
    (a * (1 - 2 * q), r"a (1 - 2 q)"),
    (a * leak * p**2, r"a \, \mathrm{leak} \, p^{2}"),
    (1 + n, "n + 1"),
    (n - 1, "n - 1"),
    (1 + a / (1 + b / (1 + c / p)), r"1 + \frac{a}{1 + \frac{b}{1 + c/p}}"),
    (-(a + b) / x, r"-\frac{a + b}{x}"),
    (x - (a + b) * c, r"x - c (a + b)"),
    (x ** Rational(1, 3), r"x^{1/3}"),
    (x ** (-1 / (1 - alpha)), r"x^{-1/(1 - \alpha)}"),
    ((a / b) ** x, r"\left(\frac{a}{b}\right)^{x}"),
    (tanh(x) ** 2, r"\tanh^{2}(x)"),
    (exp(sqrt(x + 1) / (a * b)), r"\exp\left(\frac{\sqrt{1 + x}}{a b}\right)"),
    (log(1 + a / b), r"\log\left(1 + \frac{a}{b}\right)"),
    (abs(x - a), r"|a - x|"),
    (Min(a, b), r"\min(a, b)"),
    (pi * x, r"\pi x"),
    (Sum(n, (n, 1, k)) ** 2, r"\left(\sum_{n=1}^{k} n\right)^{2}"),
    (Sum(n**2, (n, 1, k)) / k, r"\frac{1}{k} \sum_{n=1}^{k} n^{2}"),
    (Piecewise((a, x < 0), (b, True)),
     r"\begin{cases} a & \text{if } x < 0 \\ b & \text{otherwise} \end{cases}"),
    # vectors and operators
    (Norm(theta(t)) ** 2, r"\|\theta(t)\|^{2}"),
    (Norm(theta(t) - theta_0), r"\|\theta(t) - \theta_{0}\|"),
    (OperatorNorm(J(vartheta) - J(theta_0)), r"\|J(\vartheta) - J(\theta_{0})\|"),
    (Norm(v / k), r"\left\|\frac{v}{k}\right\|"),
    (Inner(v, z), r"\langle v, z \rangle"),
    (Adjoint(A, v), r"A^{\top} v"),
    (Adjoint(J(theta(t)), Adjoint(A, v)), r"J(\theta(t))^{\top} A^{\top} v"),
    (Apply(A, v - z), r"A (v - z)"),
    (SigmaMin(A) ** 2, r"\sigma_{\min}^{2}(A)"),
    (InRange(A, v), r"v \in \operatorname{ran} A"),
    # functions and derivatives
    (real_function("Pow")(x) ** 2, r"\mathrm{Pow}(x)^{2}"),
    (psi_1(x) ** 2, r"\psi'(x)^{2}"),
    (derivative(s(t), t), r"\frac{d}{dt} s(t)"),
    (derivative(s(t), t) ** 2, r"\left(\frac{d}{dt} s(t)\right)^{2}"),
    (Lambda(t, t + a), r"x \mapsto a + x"),
    # random variables: the sample point is not written
    (probability(X(omega) <= p), r"\mathbb{P}(X \leq p)"),
    (expectation(X(omega) ** 2), r"\mathbb{E}[X^{2}]"),
    # formulas
    (And(x > 0, x < a), r"0 < x < a"),
    (Implies(x < a, Or(x > 0, Eq(x, 1))), r"x < a \implies (x = 1 \text{ or } x > 0)"),
    (forall(t, t >= 0, s(t) >= 0), r"\forall t \geq 0:\quad s(t) \geq 0"),
    (forall(v, true, s(x) >= 0), r"\forall v:\quad s(x) \geq 0"),
    (Continuous(function_of(t, s(t)), a, x), r"s \text{ is continuous on } [a, x]"),
    (Continuous(function_of(t, s(t)), 0, oo), r"s \text{ is continuous on } [0, \infty)"),
    (ConvergesTo(function_of(t, theta(t)), v),
     r"\theta(t) \to v \text{ as } t \to \infty"),
]  # fmt: skip


@pytest.mark.parametrize(("term", "text"), CASES, ids=[text for _, text in CASES])
def test_latex(term, text):
    assert latex(term) == text
    assert formula_problems(text) == []


class Doubles(Function):
    """A head that no table knows."""


class Friendly(Predicate):
    """A property that no table knows."""


def test_heads_that_no_table_knows_are_functions_of_their_arguments():
    assert latex(Doubles(x, a) ** 2) == r"\operatorname{Doubles}(x, a)^{2}"
    assert latex(Friendly(x, v)) == r"\operatorname{Friendly}(x, v)"
    assert readable(Doubles(x, a)) == "Doubles(x, a)"
    assert readable(Friendly(x, v)) == "Friendly(x, v)"


def test_a_users_function_is_never_taken_for_one_of_analysis():
    for name in ("exp", "log", "Norm", "Prob", "Sum", "Add", "Symbol"):
        assert latex(real_function(name)(x)) == rf"\mathrm{{{name}}}(x)"


NAMES = {
    "epsilon": r"\varepsilon", "x_bar": r"\bar{x}", "theta_dot": r"\dot{\theta}",
    "Psi_inv": r"\Psi^{-1}", "rho_star": r"\rho^{*}", "C_dphi": r"C_{\phi'}", "ell": r"\ell",
    "theta_infinity": r"\theta_{\infty}", "y_obs": r"y_{\mathrm{obs}}",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names(name):
    assert latex_name(name) == NAMES[name]


@pytest.mark.parametrize(
    "wrong",
    ["{a", "a}", r"\left( a", r"a \right)", r"\foo", "x^2^3", "x_{1}_{2}", "x^{2}'", r"a & b",
     r"\item x", r"\begin{cases} a", r"\begin{foo} a \end{foo}", "x^", "σ", "a # b",
     r"\rho^{*}^{2}"],
)  # fmt: skip
def test_the_reader_sees_what_pdflatex_would_refuse(wrong):
    from latex_reading import problems

    assert formula_problems(wrong) or problems(f"${wrong}$")


def test_what_ships_is_sound_latex():
    for made in statements():
        terms = [h.formula for h in made.hypotheses] + list(made.conclusions.values())
        terms += [s.claim for s in made.steps if s.claim is not None]
        terms += [part for d in made.definitions for part in (d.head, d.value)]
        terms += [q.symbol for q in made.quantities] + [b.value for b in made.bounds]
        for term in terms:
            text = latex(term)
            assert formula_problems(text) == [], (made.id, text)
            assert text.isascii(), (made.id, text)


def test_absolute_values_and_conditions_nest():
    assert latex(Abs(1 + x / (1 + Abs(a)))) == r"\left|1 + \frac{x}{1 + |a|}\right|"
