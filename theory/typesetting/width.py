r"""How wide a formula in LaTeX will be, in em, near enough to tell what fits on a line.

Letters have classes of width, fractions are as wide as their wider part, indices are small. The
estimate is meant to be a little above what TeX measures in Computer Modern.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|.", re.DOTALL)
SMALL = 0.72
RELATIONS = {
    "=", "<", ">", r"\leq", r"\geq", r"\neq", r"\to", r"\mapsto", r"\implies", r"\in", r"\sim",
    r"\approx", r"\subset", r"\perp", r"\succeq",
}  # fmt: skip
OPERATORS = {"+", "-", r"\cdot", r"\times", r"\circ", r"\cap", r"\cup", r"\pm"}
LARGE = {r"\sum": 1.45, r"\prod": 1.3, r"\inf": 1.2, r"\sup": 1.4, r"\lim": 1.4, r"\int": 1.0}
_WORDS = {
    r"\log", r"\exp", r"\sin", r"\cos", r"\tan", r"\sinh", r"\cosh", r"\tanh", r"\coth",
    r"\arctan", r"\arcsin", r"\arccos", r"\min", r"\max", r"\det", r"\ker", r"\dim", r"\arg",
}  # fmt: skip
_SIZES = {rf"\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("l", "r", "")}
_EXACT = {
    "(": 0.4, ")": 0.4, "[": 0.29, "]": 0.29, "|": 0.29, r"\|": 0.51, "/": 0.51, ",": 0.46,
    "'": 0.3, "~": 0.34, " ": 0.0, r"\ ": 0.34, r"\,": 0.17, r"\quad": 1.0, r"\qquad": 2.0,
    r"\displaystyle": 0.0, r"\textstyle": 0.0, r"\infty": 1.0, r"\dots": 1.4, r"\top": 0.8,
    r"\langle": 0.4, r"\rangle": 0.4, r"\nabla": 0.85, r"\forall": 0.56, r"\ell": 0.42,
    r"\{": 0.5, r"\}": 0.5, r"\big": 0.0, r"\partial": 0.57, r"\emptyset": 0.5, "*": 0.5,
    "i": 0.36, "j": 0.44, "l": 0.33, "r": 0.48, "t": 0.37, "m": 0.88, "w": 0.72, "M": 1.0, "W": 1.0,
}  # fmt: skip
_RELATION, _OPERATOR, _CAPITAL, _LETTER, _GREEK, _TEXT, _SPACE = (
    1.34, 1.23, 0.76, 0.53, 0.62, 0.5, 0.34,
)  # fmt: skip
_FENCE, _TALL_FENCE = 0.42, 0.75


@dataclass(frozen=True)
class Ruler:
    """Measures formulas that are written in macros.

    Attributes
    ----------
    bodies : mapping
        Macro, with its backslash, to what it stands for.
    """

    bodies: Mapping[str, str] = field(default_factory=dict)
    _known: dict[str, float] = field(default_factory=dict)

    def width(self, formula: str) -> float:
        """Return the width of a formula, in em."""
        return _Reading(TOKEN.findall(formula), self).sequence()

    def macro(self, name: str) -> float:
        """Return the width of a macro or a letter."""
        if name not in self._known:
            self._known[name] = self.width(self.bodies[name])
        return self._known[name]


def text_width(text: str) -> float:
    """Return about how wide words are."""
    return sum(_SPACE if c == " " else _TEXT for c in text)


class _Reading:
    """One pass over the tokens of a formula."""

    def __init__(self, tokens: list[str], ruler: Ruler) -> None:
        self.tokens = tokens
        self.ruler = ruler
        self.at = 0

    def sequence(self, stop: str = "") -> float:
        """Return the width up to a token that closes, which is consumed."""
        total, before = 0.0, ""
        while self.at < len(self.tokens):
            token = self._next()
            if token == stop:
                return total
            unary = token == "-" and (before in ("", "(", "[", r"\left(") or before in RELATIONS)
            total += 0.78 if unary else self._atom(token)
            before = before if token == " " else token
        return total

    def _next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def _skip_spaces(self) -> None:
        while self.at < len(self.tokens) and self.tokens[self.at].isspace():
            self.at += 1

    def _argument(self) -> float:
        self._skip_spaces()
        token = self._next() if self.at < len(self.tokens) else " "
        return self.sequence("}") if token == "{" else self._single(token)

    def _raw(self) -> str:
        """Return the words of an argument."""
        self._skip_spaces()
        start, depth = self.at, 0
        while self.at < len(self.tokens):
            depth += {"{": 1, "}": -1}.get(self._next(), 0)
            if depth == 0:
                break
        return "".join(self.tokens[start + 1 : self.at - 1])

    def _atom(self, token: str) -> float:
        """Return the width of an atom with its indices."""
        size, scripts = self._single(token), [0.0, 0.0]
        while self.at < len(self.tokens) and self.tokens[self.at] in ("^", "_"):
            raised = self._next() == "^"
            scripts[raised] += SMALL * self._argument() + 0.05
        return max(size, *scripts) if token in LARGE else size + max(scripts)

    def _single(self, token: str) -> float:
        if token in self.ruler.bodies:
            return self.ruler.macro(token)
        if token == "{":
            return self.sequence("}")
        if token == r"\begin":
            return self._environment()
        if token == r"\frac":
            return max(self._argument(), self._argument()) + 0.26
        if token == r"\tfrac":
            return SMALL * max(self._argument(), self._argument()) + 0.26
        if token == r"\sqrt":
            return self._argument() + 0.88
        if token in (r"\left", r"\right"):
            self._next()
            return _TALL_FENCE
        if token in (r"\text", r"\mathrm", r"\operatorname", r"\textup"):
            return text_width(self._raw()) + (0.2 if token == r"\operatorname" else 0.0)
        return _letter(token)

    def _environment(self) -> float:
        """Return the width of ``cases``: two columns."""
        self._raw()
        rows, row, cell = [0.0], 0.0, 0.0
        while self.at < len(self.tokens):
            token = self._next()
            if token == r"\end":
                self._raw()
                break
            if token in ("&", r"\\"):
                row, cell = row + cell + 1.0, 0.0
                if token == r"\\":
                    rows.append(row)
                    row = 0.0
            else:
                cell += self._atom(token)
        return max(*rows, row + cell) + 1.4


def _letter(token: str) -> float:
    if token in _EXACT:
        return _EXACT[token]
    if token in RELATIONS:
        return _RELATION
    if token in OPERATORS:
        return _OPERATOR
    if token in LARGE:
        return LARGE[token]
    if token in _WORDS:
        return text_width(token[1:]) + 0.2
    if token in _SIZES:
        return 0.2
    if token.startswith("\\") and token[1:2].isalpha():
        return _CAPITAL if token[1].isupper() else _GREEK
    return _CAPITAL if token.isupper() else _LETTER
