"""Words with formulas in them, as meanings are written, in LaTeX: ``σ₀ = σ_min(J(θ₀))`` in dollars.

What is a formula is told from the text itself: signs of mathematics and what stands between them.
The result is ASCII.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

from theory.bibliography import ascii_tex
from theory.names import ACCENTS, GREEK, SUBSCRIPTS, SUPERSCRIPTS

_LETTERS = {sign: rf"\{name}" for name, sign in GREEK.items()} | {"ε": r"\varepsilon"}
_SIGNS = {
    "≤": r"\leq", "≥": r"\geq", "≠": r"\neq", "∈": r"\in", "→": r"\to", "↦": r"\mapsto",
    "∇": r"\nabla", "∞": r"\infty", "·": r"\cdot", "×": r"\times", "∘": r"\circ", "−": "-",
    "‖": r"\|", "⟨": r"\langle", "⟩": r"\rangle", "½": r"\tfrac{1}{2}", "…": r"\dots",
    "∫": r"\int", "∑": r"\sum", "∂": r"\partial", "⊂": r"\subset", "⊥": r"\perp", "±": r"\pm",
    "∀": r"\forall", "ℝ": r"\mathbb{R}", "ℤ": r"\mathbb{Z}", "⇒": r"\implies", "≈": r"\approx",
    "∩": r"\cap", "∪": r"\cup", "∅": r"\emptyset", "⪰": r"\succeq", "∼": r"\sim",
    "√": r"\surd", "{": r"\{", "}": r"\}", "%": r"\%", "#": r"\#", "&": r"\&", "~": r"\sim",
    "*": "^{*}",    "¼": r"\tfrac{1}{4}", "′": "'", "°": r"^{\circ}",
}  # fmt: skip
_RAISED = {sign: plain for plain, sign in SUPERSCRIPTS.items()}
_RAISED |= {"ᵀ": r"\top", "⁺": "+", "ⁿ": "n"}
_LOWERED = {sign: plain for plain, sign in SUBSCRIPTS.items()}
_MARKS = {mark: name for name, mark in ACCENTS.items()}
_FUNCTIONS = {
    "inf", "sup", "min", "max", "log", "exp", "sin", "cos", "tan", "tanh", "cosh", "sinh", "det",
    "ker", "dim", "lim", "arg", "ran",
}  # fmt: skip
_PLAIN = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
          "≤": r"$\leq$"} | {c: rf"\{c}" for c in "_%&#${}"}  # fmt: skip
_QUOTES = {"“": "``", "”": "''", "‘": "`", "’": "'"}

_OF_FORMULAS = {*_LETTERS, *_SIGNS, *_RAISED, *_LOWERED, *_MARKS, "√"} - set("{}%#&~")
_STRONG = re.compile(
    f"[{re.escape(''.join(sorted(_OF_FORMULAS)))}]"
    r"|[A-Za-z]_\w|\^|[=<>|+]|[0-9][a-z]\b|^~$|^[\[(]\w,$"
    r"|^\(?[A-Za-z]'*[(/]|^[A-Za-z]'+\W*$|^[a-z]-th\b"
)
_OPERATOR = re.compile(r"[=<>≤≥≠+−∈·→↦×/|]+")
_NEUTRAL = re.compile(
    rf"[(\[{{]*(([A-Za-z]|[0-9./]+)?'*[)\]}},;:.]*|({'|'.join(sorted(_FUNCTIONS))})(\W.*)?)"
)
_IDENTIFIER = re.compile(r"\W*[A-Za-z]{3,}(_[A-Za-z0-9]+)+\W*")
_WORD = 3
_TAIL = re.compile(r"[.,;:]+$")


def prose(text: str) -> str:
    """Return text in LaTeX, with its formulas in math mode."""
    words = unicodedata.normalize("NFC", text).split(" ")
    kinds = _kinds(words)
    parts = []
    for formula, run in groupby(zip(words, kinds, strict=True), key=lambda pair: pair[1]):
        joined = " ".join(word for word, _ in run)
        parts.append(_formula(joined) if formula else escaped(joined))
    return " ".join(parts)


def escaped(text: str) -> str:
    """Return words in LaTeX, without formulas."""
    plain = "".join(_QUOTES.get(c) or _PLAIN.get(c) or c for c in text)
    return "".join(
        c if c.isascii() else f"[{unicodedata.name(c).lower()}]" for c in ascii_tex(plain)
    )


def _kinds(words: list[str]) -> list[bool]:
    """Say which words belong to formulas; a letter or number does if its neighbour does."""
    found = [bool(_STRONG.search(word)) and not _is_word(word) for word in words]
    for order in (range(len(words)), reversed(range(len(words)))):
        for i in order:
            near = [words[j] for j in (i - 1, i + 1) if 0 <= j < len(words) and found[j]]
            if not found[i] and near and _NEUTRAL.fullmatch(words[i]):
                article = words[i] in ("a", "A", "I")
                found[i] = not article or any(_OPERATOR.fullmatch(word) for word in near)
    return [f or _is_letter(words, i) for i, f in enumerate(found)]


def _is_word(word: str) -> bool:
    """Whether it is a word with a dash or an accent, or an identifier, and no formula."""
    if _IDENTIFIER.fullmatch(word):
        return True
    bare = unicodedata.normalize("NFD", word)
    signs = {*_LETTERS, *_SIGNS, *_RAISED, *_LOWERED, *"=√_^"}
    return sum(c.isalpha() for c in bare) > _WORD and not set(bare) & signs


def _is_letter(words: list[str], i: int) -> bool:
    """Whether a word is a single letter that is no article."""
    letter = _TAIL.sub("", words[i])
    if len(letter) != 1 or not letter.isalpha():
        return False
    if letter == "A":
        return i > 0 and not words[i - 1].endswith((".", ":"))
    if letter == "a":  # an article stands before a noun
        return letter != words[i] or words[i + 1 : i + 2] in ([], ["of"], ["and"], ["is"])
    return letter not in ("I", "s")


def _formula(text: str) -> str:
    """Return a run of words in math mode; what only closes the sentence stays outside."""
    tail = _TAIL.search(text)
    body, after = (text[: tail.start()], tail[0]) if tail else (text, "")
    before = ""
    if body.startswith("(") and _open(body) > 0:
        before, body = "(", body[1:]
    if body.endswith(")") and _open(body) < 0:
        body, after = body[:-1], ")" + after
    hyphened = re.fullmatch(r"([^ ]+)-([a-zA-Z]{2,}.*)", body)
    if hyphened:
        return f"{before}${math(hyphened[1])}$-{escaped(hyphened[2])}{after}"
    return f"{before}${math(body)}${after}"


def _open(text: str) -> int:
    """Return how many more parentheses and brackets open than close."""
    return sum((c in "([") - (c in ")]") for c in text)


_TOKEN = re.compile(
    "\x01[^\x03]*\x03"  # an accented letter
    r"|√[\w₀-₉]+|\^\{[^{}]*\}"
    rf"|[{''.join(_RAISED)}]+|[{''.join(_LOWERED)}]+"
    rf"|[_^](?:[a-z]{{3,}}|[A-Z]{{2}}|[A-Za-z]|[0-9]+|[{''.join(_LETTERS)}∞])'?|[a-z]{{2,}}|[A-Z][a-z]{{2,}}|."
)
_BRACED = re.compile(r"√\(")


def math(text: str) -> str:
    """Return a formula in Unicode as LaTeX for math mode."""
    root = _BRACED.search(text)
    if root:
        end = _closing(text, root.end())
        parts = text[: root.start()], text[root.end() : end], text[end + 1 :]
        before, inside, after = map(math, parts)
        return rf"{before} \sqrt{{{inside}}} {after}".strip()
    held = unicodedata.normalize("NFD", text.replace("≠", "\x00")).replace("\x00", "≠")
    marks = "".join(_MARKS)
    apart = re.sub(rf"(\w)([{marks}])", lambda m: f"\x01{_MARKS[m[2]]}\x02{m[1]}\x03", held)
    return re.sub(r" +", " ", "".join(_token(t) for t in _TOKEN.findall(apart))).strip()


def _closing(text: str, start: int) -> int:
    """Return where the parenthesis opened before ``start`` closes, or the end of the text."""
    depth = 1
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if not depth:
            return place
    return len(text)


def _token(token: str) -> str:
    if token.startswith("\x01"):
        name, letter = token[1:-1].split("\x02")
        return rf"\{name}{{{math(letter)}}}"
    if token[0] == "√" and len(token) > 1:
        return rf"\sqrt{{{math(token[1:])}}}"
    if token[0] in _RAISED:
        return f"^{{{''.join(_RAISED[c] for c in token)}}}"
    if token[0] in _LOWERED:
        return f"_{{{''.join(_LOWERED[c] for c in token)}}}"
    if token[0] in "_^" and len(token) > 1:
        return f"{token[0]}{{{math(token[1:].strip('{}'))}}}"
    if len(token) > 1 and token.isalpha() and token.isascii():
        if token in _FUNCTIONS:
            return r"\operatorname{ran} " if token == "ran" else rf"\{token} "
        return rf"\mathrm{{{token}}} " if len(token) > _WORD else token
    return "".join(_sign(c) for c in token)


def _sign(character: str) -> str:
    if character in _LETTERS or character in _SIGNS:
        written = _LETTERS.get(character) or _SIGNS[character]
        return written + (" " if written[-1].isalpha() else "")
    if character.isascii():
        return {"_": r"\_", "^": r"\hat{}", "$": r"\$", "\\": r"\setminus "}.get(
            character, character
        )
    return rf"\text{{[{unicodedata.name(character, 'unknown').lower()}]}}"
