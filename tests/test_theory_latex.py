"""Formulas in LaTeX."""

import re

import pytest
from sympy import And, Eq, Implies, Lambda, Or, sqrt, true

from theory.formulas import forall
from theory.latex import latex
from theory.registry import statements
from theory.terms import (
    Adjoint,
    Continuous,
    InRange,
    Norm,
    SigmaMin,
    derivative,
    function_of,
    operator,
    real,
    real_function,
    vector,
    vector_function,
)

t, x, a, q = real("t x a q")
s, psi_1 = real_function("s"), real_function("psi'")
theta = vector_function("theta")
A, v = operator("A"), vector("v")

CASES = [
    (Norm(theta(t)) ** 2, r"\left\lVert \theta\left(t\right) \right\rVert^{2}"),
    (real_function("Pow")(x) ** 2, r"\mathrm{Pow}\left(x\right)^{2}"),
    (psi_1(x) ** 2, r"\psi'\left(x\right)^{2}"),
    (Adjoint(A, v), r"A^{\top} v"),
    (SigmaMin(A) ** 2, r"\sigma_{\min}^{2}\left(A\right)"),
    (derivative(s(t), t), r"\frac{d}{d t} s\left(t\right)"),
    (derivative(s(t), t) ** 2, r"\left(\frac{d}{d t} s\left(t\right)\right)^{2}"),
    (sqrt(1 - 2 * q), r"\sqrt{1 - 2 q}"),
    (And(x > 0, x < a), r"0 < x < a"),
    (Implies(x < a, Or(x > 0, Eq(x, 1))), r"x < a \implies \left(x = 1 \text{ or } x > 0\right)"),
    (forall(t, t >= 0, s(t) >= 0), r"\forall t \geq 0:\quad s\left(t\right) \geq 0"),
    (forall(v, true, s(x) >= 0), r"\forall v:\quad s\left(x\right) \geq 0"),
    (InRange(A, v), r"v \in \operatorname{ran} A"),
    (Continuous(function_of(t, s(t)), a, x), r"s \text{ is continuous on } [a, x]"),
    (Lambda(t, t + a), r"x \mapsto a + x"),
]


@pytest.mark.parametrize(("term", "text"), CASES, ids=[text for _, text in CASES])
def test_latex(term, text):
    assert latex(term) == text


def test_what_ships_has_balanced_braces_and_pairs():
    for made in statements():
        formulas = [h.formula for h in made.hypotheses] + list(made.conclusions.values())
        formulas += [s.claim for s in made.steps if s.claim is not None]
        for formula in formulas:
            text = latex(formula)
            assert text.count("{") == text.count("}"), text
            assert len(re.findall(r"\\left\b", text)) == len(re.findall(r"\\right\b", text)), text
            assert text.isascii(), text
