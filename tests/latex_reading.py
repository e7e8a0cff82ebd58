"""A strict reader of the LaTeX that is written here: what pdflatex would complain about, it names.

It knows the commands of LaTeX and of the packages that the documents load, and no others; macros
have to be defined before they are used, once; what belongs in math mode has to be there.
"""

from __future__ import annotations

import re

from theory.typesetting.document import COMMANDS

MATH = """
alpha beta gamma delta varepsilon epsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho
sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi
Omega ell nabla infty partial frac tfrac sqrt sum prod int leq geq neq in to mapsto implies forall
cdot times circ pm perp top dots langle rangle left right log exp sin cos tan sinh cosh tanh coth
arctan arcsin arccos min max inf sup det ker dim lim arg operatorname mathrm mathbb mathcal dot bar
hat tilde sim subset approx cap cup emptyset succeq setminus surd displaystyle quad qquad
bigl bigr Bigl Bigr biggl biggr
""".split()  # noqa: SIM905 (words are read more easily than a list of them)
TEXT = """
documentclass usepackage newtheorem theoremstyle allowdisplaybreaks sloppy item par noindent label
textup textbf emph texttt section raggedright small footnotesize LARGE hline endhead multicolumn
newcommand allowbreak noalign smallskip arraybackslash textbackslash textasciicircum
textasciitilde L l o kuby kufree
""".split()  # noqa: SIM905 (words are read more easily than a list of them)
BOTH = {"text", "linewidth"}
ENVIRONMENTS = {
    "document", "theorem", "proof", "kulist", "kusteps", "longtable", "center", "cases", "aligned",
}  # fmt: skip
_TOKEN = re.compile(r"\\[a-zA-Z]+\*?|\\.|%[^\n]*\n?|[{}$&^_'#~]|\n\n+|.", re.DOTALL)
_ALIGNING = {"longtable", "cases", "aligned"}
_LINES = re.compile(r"\\kulines\{(\\begin\{aligned\}.*?\\end\{aligned\})\}")
_DEFINITION = re.compile(r"\\newcommand\{\\([a-zA-Z]+)\}\{(.*)\}\n")


def problems(text: str) -> list[str]:
    """Return what is wrong with a document or fragment."""
    found = [] if text.isascii() else [f"not ASCII: {[c for c in text if not c.isascii()][:5]}"]
    if "{kulist}" in text and text.count(COMMANDS) != 1:
        found.append("the commands of lists and lines are to be defined once")
    text = _LINES.sub(r"$\1$", text.replace(COMMANDS, ""))
    bodies: dict[str, str] = {}
    for name, body in _DEFINITION.findall(text):
        if name in bodies or name in {*MATH, *TEXT, *BOTH}:
            found.append(f"\\{name} is defined twice")
        found += [f"in \\{name}: {p}" for p in formula_problems(body, bodies)]
        bodies[name] = body
    return found + _walk(_DEFINITION.sub("", text), bodies)


def formula_problems(formula: str, bodies: dict[str, str] | None = None) -> list[str]:
    """Return what is wrong with a formula, for math mode."""
    return _walk(f"${formula}$", bodies or {})


def expanded(formula: str, bodies: dict[str, str]) -> str:
    """Return a formula with its macros replaced."""
    pattern = re.compile(r"\\([a-zA-Z]+)")
    while any(name in bodies for name in pattern.findall(formula)):
        formula = pattern.sub(lambda m: bodies.get(m[1], m[0]), formula)
    return formula


def _walk(text: str, bodies: dict[str, str]) -> list[str]:
    found: list[str] = []
    stack: list[str] = []
    math_since: int | None = None
    tokens = _TOKEN.findall(text)
    for i, token in enumerate(tokens):
        name = token[1:].rstrip("*") if token[0] == "\\" and token[1:2].isalpha() else ""
        in_math = math_since is not None and "text{" not in stack[math_since:]
        if token == "$":
            if math_since is None:
                math_since = len(stack)
            elif len(stack) != math_since:
                return [*found, "a formula ends inside a group"]
            else:
                math_since = None
        elif token == "{":
            stack.append("text{" if tokens[i - 1] in ("\\text", "\\textup") and i else "{")
        elif token == "}":
            if not stack or not stack.pop().endswith("{"):
                return [*found, f"a brace closes nothing before {''.join(tokens[i : i + 20])!r}"]
        elif name in ("begin", "end"):
            environment = "".join(tokens[i + 2 : tokens.index("}", i)])
            if environment not in ENVIRONMENTS:
                found.append(f"unknown environment {environment!r}")
            if name == "begin":
                stack.append(environment)
            elif not stack or stack.pop() != environment:
                return [*found, f"\\end{{{environment}}} closes nothing"]
        elif name == "left":
            stack.append("left")
        elif name == "right":
            if not stack or stack.pop() != "left":
                return [*found, "\\right without \\left"]
        elif token in "_^" and not in_math:
            found.append(f"{token} outside of math, before {''.join(tokens[i : i + 20])!r}")
        elif token == "&" and not _ALIGNING & set(stack):
            found.append("& outside of a table")
        elif token == "\\\\" and not _ALIGNING & set(stack):
            found.append("\\\\ outside of a table")
        elif token[:2] == "\n\n" and math_since is not None:
            found.append("an empty line in a formula")
        elif token == "#":
            found.append("# is no character of text")
        if name and name not in bodies:
            if name in MATH and not in_math:
                found.append(f"{token} outside of math")
            elif name in TEXT and in_math:
                found.append(f"{token} inside of math")
            elif name not in {*MATH, *TEXT, *BOTH, "begin", "end"}:
                found.append(f"undefined {token}")
        elif name and not in_math and math_since is None:
            found.append(f"{token} outside of math")
    if stack or math_since is not None:
        found.append(f"left open: {stack or 'a formula'}")
    for formula in re.findall(r"(?<!\\)\$([^$]*)(?<!\\)\$", text):
        found += _scripts(expanded(formula, bodies))
    return found


def _scripts(formula: str) -> list[str]:
    """Return where an exponent or index is set on what has one already."""
    tokens = [t for t in _TOKEN.findall(formula) if not t.isspace()]
    state: list[set[str]] = [set()]
    script = ""
    for i, token in enumerate(tokens):
        if token in ("^", "_"):
            if token in state[-1]:
                return [f"double {token} in {formula[:80]!r}"]
            state[-1].add(token)
            script = token
            if i + 1 == len(tokens) or tokens[i + 1] in ("^", "_", "}", "'"):
                return [f"nothing after {token} in {formula[:80]!r}"]
        elif token == "'":
            if "^" in state[-1]:
                return [f"prime after an exponent in {formula[:80]!r}"]
        elif token == "{":
            if not script:
                state[-1].clear()
            state.append(set())
            script = ""
        elif token == "}":
            state.pop()
        elif script:
            script = ""
        else:
            state[-1].clear()
    return []
