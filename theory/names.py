"""How the name of a symbol is read: base letter, accent, subscript; the same for every printer.

``sigma_A`` is σ with subscript A, ``theta_dot`` is θ̇, ``psi'`` is ψ', ``grad_L`` is ∇L.
"""

from __future__ import annotations

from dataclasses import dataclass

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ",
    "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ",
    "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π",
    "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip

SUBSCRIPTS = dict(zip("0123456789ijknmprst", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₙₘₚᵣₛₜ", strict=True))
SUPERSCRIPTS = dict(zip("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻", strict=True))
_COMBINING_DOT = "\N{COMBINING DOT ABOVE}"
_INFINITY = ("infinity", "infty", "inf", "oo")


@dataclass(frozen=True)
class Name:
    """A symbol's name, taken apart.

    Parameters
    ----------
    base : str
        The letter or word.
    subscripts : tuple of str
        What follows an underscore, or trailing digits.
    primes : int
        How many primes.
    dot, star, gradient : bool
        Whether it is a time derivative, has a star, is a gradient.
    """

    base: str
    subscripts: tuple[str, ...] = ()
    primes: int = 0
    dot: bool = False
    star: bool = False
    gradient: bool = False


def parse(name: str) -> Name:
    """Return the parts of a symbol's name."""
    bare = name.rstrip("'")
    base, *rest = bare.split("_") if bare.strip("_") else [bare]
    gradient = base == "grad" and bool(rest)
    if gradient:
        base, *rest = rest
    stem = base.rstrip("0123456789")
    if stem and stem != base and not rest and stem[-1] != "'":
        base, rest = stem, [base[len(stem) :]]
    marks = {"dot", "star"}
    subscripts = tuple(part for part in rest if part and part not in marks)
    return Name(base, subscripts, len(name) - len(bare), "dot" in rest, "star" in rest, gradient)


def unicode_name(name: str) -> str:
    """Return a symbol's name as it is written by hand, in Unicode."""
    parts = parse(name)
    text = ("∇" if parts.gradient else "") + GREEK.get(parts.base, parts.base)
    text += _COMBINING_DOT if parts.dot else ""
    text += "".join(_unicode_subscript(part) for part in parts.subscripts)
    return text + ("*" if parts.star else "") + "'" * parts.primes


def _unicode_subscript(part: str) -> str:
    if part in _INFINITY:
        return "_∞"
    if all(c in SUBSCRIPTS for c in part) and (part.isdigit() or len(part) == 1):
        return "".join(SUBSCRIPTS[c] for c in part)
    return "_" + GREEK.get(part, part)


def latex_name(name: str) -> str:
    """Return a symbol's name in LaTeX."""
    parts = parse(name)
    base = _latex_word(parts.base)
    text = (r"\nabla " if parts.gradient else "") + (rf"\dot{{{base}}}" if parts.dot else base)
    if parts.subscripts:
        text += f"_{{{','.join(_latex_word(part) for part in parts.subscripts)}}}"
    if parts.star:
        return text + f"^{{*{chr(39) * parts.primes}}}"
    return text + "'" * parts.primes


def _latex_word(word: str) -> str:
    if word in _INFINITY:
        return r"\infty"
    if word in GREEK:
        return rf"\{word}"
    return word if len(word) <= 1 or word.isdigit() else rf"\mathrm{{{word}}}"
