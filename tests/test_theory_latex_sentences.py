"""Formulas in sentences, labels, and meanings beside formulas."""

import pytest
from latex_reading import formula_problems
from sympy import And, Eq, Implies, Ne, Or, true

from theory.formulas import forall
from theory.latex import LatexLayout
from theory.terms import IsInteger, Norm, derivative, real, real_function, vector, vector_function
from theory.typesetting.labels import breakable, label, words
from theory.typesetting.macros import Macros
from theory.typesetting.sentences import Sentences, closed, indexed_functions
from theory.typesetting.statement import without_formula

t, tau, x, z, p, r, i, j, k, n = real("t tau x z p r i j k n")
L, s, c, V = real_function("L"), real_function("s"), real_function("c"), vector_function("V")
v, w, theta_0 = vector("v"), vector("w"), vector("theta_0")

QUANTIFIED = [
    # a range says for which variables it is
    (forall(t, t >= 0, s(t) >= 0), "s(t) >= 0 for all t >= 0"),
    (forall((tau, t), And(tau >= 0, tau <= t), s(tau) <= s(t)),
     "s(tau) <= s(t) for all 0 <= tau <= t"),
    (forall(v, true, L(v) >= 0), "L(v) >= 0 for all v"),
    (forall((v, w, x), And(x >= 0, x <= 1), L(v) >= x), "L(v) >= x for all v, w and 0 <= x <= 1"),
    # what is no range of a variable is a condition
    (forall(v, And(L(v) > 0, L(v) <= r), L(v) < 1), "L(v) < 1 for all v with 0 < L(v) <= r"),
    (forall(x, And(x > 0, p <= 2), s(x) >= 0), "s(x) >= 0 for all x > 0 with p <= 2"),
    (forall((x, z), And(x > 0, x + z < r), s(x) >= 0),
     "s(x) >= 0 for all z and x > 0 with x + z < r"),
    (forall(x, And(x <= p, x <= r), s(x) >= 0), "s(x) >= 0 for all x <= p with x <= r"),
    (forall(x, Ne(x, 0), s(x) >= 0), "s(x) >= 0 for all x with x != 0"),
    (forall(v, Norm(v - theta_0) <= r, L(v) < 1),
     "L(v) < 1 for all v with |v - theta_{0}| <= r"),
    # integers
    (forall((i, t), And(IsInteger(i), i >= 1, i <= k, t >= 0), s(t) >= i),
     "s(t) >= i for all integers 1 <= i <= k and t >= 0"),
    (forall(n, IsInteger(n), s(n) >= 0), "s(n) >= 0 for all integers n"),
    (forall((n, x), And(IsInteger(n), n <= x), s(n) >= 0),
     "s(n) >= 0 for all x and integers n with n <= x"),
    (forall(x, IsInteger(k), s(x) >= 0), "s(x) >= 0 for all x with k in Z"),
    # the quantifier stands first where it might be taken for part of the last part only
    (forall(t, t >= 0, And(s(t) >= 0, L(t) < 1)), "for all t >= 0: s(t) >= 0 and L(t) < 1"),
    (forall(x, true, Implies(x > 0, s(x) > 0)), "for all x: if x > 0, then s(x) > 0"),
    (forall(x, true, Or(x > 0, x < p)), "for all x: x > 0 or x < p"),
]  # fmt: skip
PLAIN = {
    r"\geq": ">=", r"\leq": "<=", r"\tau": "tau", r"\theta": "theta", r"\neq": "!=", r"\|": "|",
    r"\in": "in", r"\mathbb{Z}": "Z", "$": "",
}  # fmt: skip


def plain(text: str, macros: Macros) -> str:
    for macro in sorted(macros.bodies, key=len, reverse=True):
        text = text.replace(macro, macros.bodies[macro])
    for sign, word in PLAIN.items():
        text = text.replace(sign, word)
    return text


@pytest.mark.parametrize(("formula", "text"), QUANTIFIED, ids=[text for _, text in QUANTIFIED])
def test_quantifiers_in_words(formula, text):
    macros = Macros()
    assert plain(Sentences(macros).formula(formula), macros) == text


def test_a_formula_wider_than_the_line_is_set_in_lines():
    write = Sentences(Macros())
    narrow, wide = (sum(s(x**m) for m in range(2, 2 + count)) for count in (3, 30))
    assert r"\kulines" not in write.formula(Eq(narrow, 1))
    text = write.formula(forall(x, x >= 0, Eq(wide, 1)))
    assert text.count(r"\\") >= 2
    assert text.endswith("for all $\\kux \\geq 0$")


def test_no_sign_stands_behind_a_formula_that_fills_its_lines():
    made = r"\kulines{\begin{aligned}[t] & a \\ & b \end{aligned}}"
    inside = r"\kulines{\begin{aligned}[t] & a \\ & b\text{;} \end{aligned}}"
    assert closed(f"{made}; then") == f"{inside} then"
    assert closed(f"{made} then") == f"{made} then"


INDEXED = [
    (c(i, v), "c_{i}(v)"), (c(i), "c_{i}"), (c(j + 1) ** 2, "c_{j + 1}^{2}"),
    (c(i, v) ** 2, "c_{i}(v)^{2}"), (V(i), "V_{i}"), (s(i), "s(i)"),
    (real_function("w_0")(i), "{w_{0}}_{i}"), (real_function("h_star")(i), "h^{*}_{i}"),
    (real_function("h_star")(i) ** 2, "{h^{*}_{i}}^{2}"),
    (derivative(V(i, t), t), r"\frac{d}{dt} V_{i}(t)"),
]  # fmt: skip


@pytest.mark.parametrize(("term", "text"), INDEXED, ids=[text for _, text in INDEXED])
def test_an_index_stands_below(term, text):
    found = LatexLayout(indexed={"c", "V", "w_0", "h_star"}).text(term)
    assert found == text
    assert formula_problems(found) == []


def test_which_functions_are_indexed():
    formulas = [Eq(c(i), c(n)), Eq(V(j + 1), V(0)), Eq(s(t), L(i * t)), Eq(L(x), L(s(i)))]
    assert indexed_functions(formulas) == {"c", "s"}
    write = Sentences(Macros(), frozenset({"c"}))
    assert write.words("c(i, v) of c(i)") == write.words("c_i(v) of c_i")
    assert write.words("s(i, v)") != write.words("s_i(v)")


LABELS = {
    "H_KL": r"$(\mathrm{H}_{\mathrm{KL}})$", "GF": r"$(\mathrm{GF})$",
    "H_psi'_continuous": r"$(\mathrm{H}_{\psi'\,\mathrm{continuous}})$",
    "H_sigma_0": r"$(\mathrm{H}_{\sigma_{0}})$", "H_L_f": r"$(\mathrm{H}_{L_{f}})$",
    "GD_start": r"$(\mathrm{GD}_{\mathrm{start}})$", "decrease": r"\textup{(decrease)}",
    "zero_loss": r"\textup{(zero loss)}", "psi": r"\textup{($\psi$)}",
    "H_integrable_1": r"$(\mathrm{H}_{\mathrm{integrable}\,\mathrm{1}})$",
}  # fmt: skip


@pytest.mark.parametrize("name", LABELS)
def test_labels(name):
    assert label(name) == LABELS[name]


def test_names_as_words():
    assert breakable("a_b") == r"\texttt{a\_\allowbreak b}"
    found = [words(name) for name in ("residual_bound", "mu_1", "psi_linear", "k", "50%_more")]
    assert found == ["residual bound", r"$\mu_{1}$", r"$\psi$ linear", "$k$", r"50\% more"]


MEANINGS = {
    ("misfit ψ(L(y(t)))", "w(t)", "ψ(L(y(t)))", "w"): "misfit",
    ("gain b = 2Λσ_A", "b", "2Λ·σ_A", "b"): "gain",
    ("stability radius R", "R", "σ₀/(2Λ)", "R"): "stability radius",
    ("desingularizing function ψ", "ψ", "", ""): "desingularizing function",
    ("norm of the input", "u_norm", "‖u‖", "u_norm"): "norm of the input",
    ("at most R", "r", "1", "r"): "at most R",
    ("Λ₂ = c/(2√k)", "Λ₂", "c/(2·√k)", "Λ₂"): "",
}


@pytest.mark.parametrize("given", MEANINGS)
def test_a_meaning_does_not_repeat_the_formula(given):
    assert without_formula(*given) == MEANINGS[given]
