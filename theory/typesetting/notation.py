"""Formulas as readable Unicode text, such as ``∀ t ≥ 0: ‖θ(t) − θ₀‖ ≤ s(t)``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Expr, Integer, Number

from theory.heads import Head
from theory.names import SUPERSCRIPTS, unicode_name
from theory.typesetting.formulas import Layout


def readable(term: Any) -> str:
    """Return a term, formula, function or Lambda as readable Unicode text."""
    return _LAYOUT.text(term)


class UnicodeLayout(Layout):
    """The style of ``readable``."""

    minus = "−"
    signs = {  # noqa: RUF012 (read only)
        "==": "=", "!=": "≠", "<=": "≤", ">=": "≥", "<": "<", ">": ">", "≤": "≤",
        "→": "→", "↦": "↦", "⇒": "⇒", "∞": "∞", "∀": "∀", "pi": "π", "E": "e",
    }  # fmt: skip
    words = {  # noqa: RUF012 (read only)
        "colon": ": ", "with": " with ", "and": " and ", "or": " or ", "not": "not ",
        "if": "if ", "otherwise": "otherwise", "always": "always", "never": "never", "as": " as ",
        "continuous": " is continuous on ", "sum": "Σ", "product": "Π", "probability": "P",
    }  # fmt: skip

    def name(self, name: str) -> str:
        """Write the name of a symbol or function."""
        return unicode_name(name)

    def word(self, name: str) -> str:
        """Write the name of a head or function of analysis."""
        return {"Min": "min", "Max": "max"}.get(name, name)

    def template(self, head: Head) -> str:
        """Return a head's template."""
        return head.unicode

    def delimited(self, left: str, body: str, right: str) -> str:
        """Put a body between delimiters."""
        return f"{left}{body}{right}"

    def quotient(self, above: Sequence[Expr], below: Sequence[Expr]) -> str:
        """Write a fraction of two products: a/(b·c)."""
        text = self.product(below)
        single = len(below) == 1 and (isinstance(below[0], Number) or not below[0].is_Mul)
        return f"{self.product(above)}/{text if single else f'({text})'}"

    def product(self, factors: Sequence[Expr]) -> str:
        """Write a product: 2a·b."""
        kept = [f for f in factors if f != 1] or [Integer(1)]
        texts = [self.factor(f) for f in kept]
        if len(kept) > 1 and isinstance(kept[0], Number) and not texts[1][0].isdigit():
            texts[:2] = ["".join(texts[:2])]
        return "·".join(texts)

    def power(self, base: Expr, exponent: Expr) -> str:
        """Write a power: x², x^α."""
        if isinstance(exponent, Integer):
            return self.tight(base) + "".join(SUPERSCRIPTS[c] for c in str(exponent))
        return f"{self.tight(base)}^{self.tight(exponent)}"

    def root(self, radicand: Expr) -> str:
        """Write a square root: √x."""
        return "√" + self.tight(radicand)

    def cases(self, pairs: Sequence[tuple[str, str]]) -> str:
        """Write values with their conditions: {a if x < 0; b otherwise}."""
        return "{" + "; ".join(f"{value} {condition}" for value, condition in pairs) + "}"

    def ranged(self, sign: str, limits: Sequence[tuple[str, str, str]], body: str) -> str:
        """Write a sum or product over ranges: Σ[n=1..a] n²."""
        return f"{sign}[{', '.join(f'{i}={a}..{b}' for i, a, b in limits)}] {body}"

    def differential(self, variable: str, body: str) -> str:
        """Write a derivative: d/dt f(t)."""
        return f"d/d{variable} {body}"

    def evaluated(self, text: str, place: str) -> str:
        """Write a derivative at a point."""
        return f"[{text} at {place}]"


_LAYOUT = UnicodeLayout()
