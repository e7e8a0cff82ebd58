r"""How the heads of the vocabulary are written: one entry each, in Unicode and in LaTeX.

In a template ``#1`` is the first argument, ``#1!`` the same in parentheses unless it is as tight as
the base of a power, ``#1*`` unless it is as tight as a factor. Of ``\left`` and ``\right`` the
printer keeps those that are needed. What has no entry is written as a function of its arguments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Head:
    """How one head is written.

    Parameters
    ----------
    unicode, latex : str
        Templates.
    power : str
        The LaTeX template of a power, with ``#0`` for the exponent, where it is not written behind.
    random : bool
        Whether its functions are random variables, written by their values.
    even : bool
        Whether it is the same for −x, so that a difference may be written either way.
    """

    unicode: str
    latex: str
    power: str = ""
    random: bool = False
    even: bool = False


_NORM = Head("‖#1‖", r"\left\|#1\right\|", even=True)

HEADS: Mapping[str, Head] = {
    "Norm": _NORM,
    "OperatorNorm": _NORM,
    "FrobeniusNorm": Head(
        "‖#1‖_F", r"\left\|#1\right\|_{F}", r"\left\|#1\right\|_{F}^{#0}", even=True
    ),
    "Inner": Head("⟨#1, #2⟩", r"\left\langle #1, #2 \right\rangle"),
    "Apply": Head("#1! #2*", r"#1! #2*"),
    "Adjoint": Head("#1!ᵀ #2*", r"#1!^{\top} #2*"),
    "SigmaMin": Head(
        "σ_min(#1)", r"\sigma_{\min}\left(#1\right)", r"\sigma_{\min}^{#0}\left(#1\right)"
    ),
    "Abs": Head("|#1|", r"\left|#1\right|", even=True),
    "InRange": Head("#2 ∈ ran #1!", r"#2 \in \operatorname{ran} #1!"),
    "Gradient": Head(
        "#1 is C¹ with gradient #2", r"#1 \text{ is } C^{1} \text{ with gradient } #2"
    ),
    "Jacobian": Head(
        "#1 is C¹ with Jacobian #2", r"#1 \text{ is } C^{1} \text{ with Jacobian } #2"
    ),
    "IsInteger": Head("#1 is an integer", r"#1 \in \mathbb{Z}"),
    "Integrable": Head("#1 is integrable", r"#1 \text{ is integrable}", random=True),
    "Independent": Head(
        "#1, i = 1..#2, are independent",
        r"#1,\ i = 1, \dots, #2, \text{ are independent}",
        random=True,
    ),
    "IndependentPairs": Head(
        "#1 and #2, i = 1..#3, are independent",
        r"#1 \text{ and } #2,\ i = 1, \dots, #3, \text{ are independent}",
        random=True,
    ),
    "IndependentOf": Head(
        "#1 and #2 are independent", r"#1 \text{ and } #2 \text{ are independent}", random=True
    ),
    "GaussianVector": Head("#1 ~ N(0, I)", r"#1 \sim \mathcal{N}(0, I)", random=True),
    "InSpace": Head("#1 ∈ ℝ^#2", r"#1 \in \mathbb{R}^{#2}"),
    "Expect": Head("E[#1]", r"\mathbb{E}\left[#1\right]", random=True),
    "Infimum": Head("inf_{[0,∞)} #1", r"\inf_{[0, \infty)} #1"),
}

ELEMENTARY: Mapping[str, str] = {
    "log": r"\log", "exp": r"\exp", "sin": r"\sin", "cos": r"\cos", "tan": r"\tan",
    "sinh": r"\sinh", "cosh": r"\cosh", "tanh": r"\tanh", "coth": r"\coth",
    "atan": r"\arctan", "asin": r"\arcsin", "acos": r"\arccos",
    "asinh": r"\operatorname{arsinh}", "acosh": r"\operatorname{arcosh}",
    "atanh": r"\operatorname{artanh}", "sech": r"\operatorname{sech}",
    "erf": r"\operatorname{erf}", "erfc": r"\operatorname{erfc}",
    "sign": r"\operatorname{sign}", "gamma": r"\Gamma", "LambertW": r"\operatorname{W}",
    "Min": r"\min", "Max": r"\max",
}  # fmt: skip
"""Functions of analysis, in LaTeX; in Unicode they keep SymPy's names."""
