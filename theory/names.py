"""How the name of a symbol is read: base letter, accent, subscript; the same for every printer.

``sigma_A`` is σ with subscript A, ``theta_dot`` is θ̇, ``psi'`` is ψ', ``grad_L`` is ∇L, ``x_bar``
is x̄, ``rho_star`` is ρ* and ``Psi_inv`` is Ψ⁻¹.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ",
    "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ",
    "upsilon": "υ", "phi": "φ", "varphi": "ϕ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π",
    "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ",
}  # fmt: skip

SUBSCRIPTS = dict(zip("0123456789ijknmprst", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₙₘₚᵣₛₜ", strict=True))
SUPERSCRIPTS = dict(zip("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻", strict=True))
ACCENTS = {"dot": "\u0307", "bar": "\u0304", "hat": "\u0302", "tilde": "\u0303"}
MARKS = {"star": ("*", "*"), "inv": ("⁻¹", "-1"), "perp": ("⊥", r"\perp")}
"""What stands raised after a name: in Unicode, and in LaTeX."""
_VARIANTS = {"epsilon": "varepsilon"}  # the letter that is meant by ε
_INFINITY = ("infinity", "infty", "inf", "oo")
_SUBSCRIPTED = re.compile(f"[{''.join(SUBSCRIPTS.values())}]+")
_PLAIN = str.maketrans({sign: plain for plain, sign in SUBSCRIPTS.items()})


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
    accent : str
        One of ``ACCENTS``: ``dot`` for a time derivative.
    mark : str
        One of ``MARKS``.
    gradient : bool
        Whether it is a gradient.
    """

    base: str
    subscripts: tuple[str, ...] = ()
    primes: int = 0
    accent: str = ""
    mark: str = ""
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
    accent, mark = (next((p for p in rest if p in known), "") for known in (ACCENTS, MARKS))
    subscripts = tuple(part for part in rest if part and part not in (accent, mark))
    return Name(base, subscripts, len(name) - len(bare), accent, mark, gradient)


def typed(text: str) -> Name:
    """Return the parts of a name as a person types it: in ASCII, or as it is printed.

    ``w_0``, ``w0`` and ``w₀`` are one name, and so are ``rho_star``, ``ρ*`` and ``rho*``.
    """
    text = _SUBSCRIPTED.sub(lambda run: "_" + run[0].translate(_PLAIN), text.replace("\u00b5", "μ"))
    for sign, word in _SIGNS.items():
        text = text.replace(sign, word)
    text = unicodedata.normalize("NFKD", text)
    for word, accent in ACCENTS.items():
        text = text.replace(accent, f"_{word}")
    return parse(text)


_SIGNS = {sign: word for word, sign in GREEK.items()} | {
    **{sign: f"_{word}" for word, (sign, _) in MARKS.items()},
    "∇": "grad_", "_∞": "_infinity", "’": "'", "′": "'",
}  # fmt: skip


def unicode_name(name: str) -> str:
    """Return a symbol's name as it is written by hand, in Unicode."""
    parts = parse(name)
    text = ("∇" if parts.gradient else "") + GREEK.get(parts.base, parts.base)
    text += ACCENTS.get(parts.accent, "")
    text += "".join(_unicode_subscript(part) for part in parts.subscripts)
    return text + (MARKS[parts.mark][0] if parts.mark else "") + "'" * parts.primes


def _unicode_subscript(part: str) -> str:
    if part in _INFINITY:
        return "_∞"
    if all(c in SUBSCRIPTS for c in part) and (part.isdigit() or len(part) == 1):
        return "".join(SUBSCRIPTS[c] for c in part)
    if part.startswith("d") and part[1:] in GREEK:
        return f"_{GREEK[part[1:]]}'"
    return "_" + GREEK.get(part, part)


def latex_name(name: str) -> str:
    """Return a symbol's name in LaTeX."""
    parts = parse(name)
    base = _latex_word(parts.base)
    base = rf"\{parts.accent}{{{base}}}" if parts.accent else base
    text = (r"\nabla " if parts.gradient else "") + base
    if parts.subscripts:
        text += f"_{{{','.join(_latex_word(part) for part in parts.subscripts)}}}"
    if parts.mark:
        return text + f"^{{{MARKS[parts.mark][1]}{chr(39) * parts.primes}}}"
    return text + "'" * parts.primes


def _latex_word(word: str) -> str:
    if word in _INFINITY:
        return r"\infty"
    if word.startswith("d") and word[1:] in GREEK:
        return _latex_word(word[1:]) + "'"
    if word in GREEK:
        return rf"\{_VARIANTS.get(word, word)}"
    return word if len(word) <= 1 or word.isdigit() else rf"\mathrm{{{word}}}"
