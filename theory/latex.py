r"""Formulas as LaTeX, such as ``\forall t \geq 0:\ \lVert\theta(t)-\theta_{0}\rVert \leq s(t)``."""

from __future__ import annotations

from typing import Any

from sympy import Basic, Expr, Lambda, Symbol, true
from sympy.core.function import AppliedUndef, UndefinedFunction
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Boolean
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE, precedence

from theory.chains import conjunction
from theory.formulas import ForAll, free_symbols, substitute
from theory.names import latex_name
from theory.notation import opened, plain_function
from theory.terms import Predicate

_SIGNS = {"≤": r"\leq", "<": "<"}


def latex(term: Any) -> str:
    """Return a term, formula, function or Lambda in LaTeX, for math mode."""
    if isinstance(term, ForAll):
        return rf"{_quantifier(term)}:\quad {latex(term.body)}"
    if isinstance(term, UndefinedFunction):
        return latex_name(str(term))
    return str(_PRINTER.doprint(term))


def _quantifier(formula: ForAll) -> str:
    names = ", ".join(latex(v) for v in formula.variables)
    if formula.given is true:
        return rf"\forall {names}"
    if isinstance(formula.given, Relational) and (formula.given.lhs,) == formula.variables:
        return rf"\forall {latex(formula.given)}"
    return rf"\forall {names} \text{{ with }} {latex(formula.given)}"


class MathPrinter(LatexPrinter):
    """SymPy's LaTeX printer with the field's own signs."""

    printmethod = "_kurdyka_latex"

    def _print(self, expr: Any, **kwargs: Any) -> str:
        """Print a term; a user's function is never taken for SymPy's of the same name."""
        if isinstance(expr, AppliedUndef):
            return self._applied(expr, **kwargs)
        return str(super()._print(expr, **kwargs))

    def _print_Symbol(self, expr: Symbol, style: str = "plain") -> str:
        return latex_name(expr.name)

    def _applied(self, expr: Any, exp: str | None = None) -> str:
        arguments = ", ".join(self._print(arg) for arg in expr.args)
        return self._raised(rf"{latex_name(expr.func.__name__)}\left({arguments}\right)", exp)

    def _print_Lambda(self, expr: Lambda) -> str:
        function = plain_function(expr)
        if function is not None:
            return latex_name(str(function))
        variable, body = opened(expr)
        return rf"{self._print(variable)} \mapsto {self._print(body)}"

    # Vectors and operators.

    def _print_Norm(self, expr: Any, exp: str | None = None) -> str:
        return self._raised(rf"\left\lVert {self._print(expr.args[0])} \right\rVert", exp)

    _print_OperatorNorm = _print_Norm

    def _print_Inner(self, expr: Any, exp: str | None = None) -> str:
        left, right = (self._print(a) for a in expr.args)
        return self._raised(rf"\left\langle {left}, {right} \right\rangle", exp)

    def _print_Apply(self, expr: Any) -> str:
        return rf"{self._operator(expr.args[0])} {self._argument(expr.args[1])}"

    def _print_Adjoint(self, expr: Any) -> str:
        return rf"{self._operator(expr.args[0])}^{{\top}} {self._argument(expr.args[1])}"

    def _print_SigmaMin(self, expr: Any, exp: str | None = None) -> str:
        sign = r"\sigma_{\min}" if exp is None else rf"\sigma_{{\min}}^{{{exp}}}"
        return rf"{sign}\left({self._print(expr.args[0])}\right)"

    def _print_Deriv(self, expr: Any, exp: str | None = None) -> str:
        text = self._derivative(*expr.args)
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    def _derivative(self, function: Basic, point: Basic) -> str:
        if not isinstance(function, Lambda):
            return rf"{self._print(function)}'\left({self._print(point)}\right)"
        if isinstance(point, Symbol) and point not in free_symbols(function):
            bound = function.variables[0]
            return self._differential(point, substitute(function.expr, {bound: point}))
        variable, body = opened(function)
        at = rf"{self._print(variable)} = {self._print(point)}"
        return rf"\left.{self._differential(variable, body)}\right|_{{{at}}}"

    def _differential(self, variable: Symbol, body: Basic) -> str:
        return rf"\frac{{d}}{{d {self._print(variable)}}} {self._argument(body)}"

    def _operator(self, term: Expr) -> str:
        loose = precedence(term) < PRECEDENCE["Pow"]
        text = self._print(term)
        return rf"\left({text}\right)" if loose else str(text)

    def _argument(self, term: Basic) -> str:
        loose = precedence(term) < PRECEDENCE["Mul"]
        text = self._print(term)
        return rf"\left({text}\right)" if loose else str(text)

    def _raised(self, text: str, exponent: str | None) -> str:
        return text if exponent is None else f"{text}^{{{exponent}}}"

    # Connectives and named properties.

    def _print_And(self, expr: And) -> str:
        return r" \text{ and } ".join(self._chain(c) for c in conjunction(expr.args))

    def _chain(self, parts: list[Any]) -> str:
        if len(parts) == 1:
            return self._connected(parts[0])
        return " ".join(_SIGNS[p] if isinstance(p, str) else self._print(p) for p in parts)

    def _print_Or(self, expr: Any) -> str:
        return r" \text{ or } ".join(self._connected(a) for a in expr.args)

    def _print_Implies(self, expr: Any, altchar: str | None = None) -> str:
        left, right = (self._connected(a) for a in expr.args)
        return rf"{left} \implies {right}"

    def _connected(self, formula: Boolean) -> str:
        text = str(self._print(formula))
        closed = isinstance(formula, (Relational, Predicate)) or formula.is_Atom
        return text if closed else rf"\left({text}\right)"

    def _print_Predicate(self, expr: Any) -> str:
        arguments = ", ".join(self._print(a) for a in expr.args)
        return rf"\mathrm{{{type(expr).__name__}}}\left({arguments}\right)"

    def _print_InRange(self, expr: Any) -> str:
        whole, member = self._operator(expr.args[0]), self._print(expr.args[1])
        return rf"{member} \in \operatorname{{ran}} {whole}"

    def _print_Continuous(self, expr: Any) -> str:
        function, low, high = (self._print(a) for a in expr.args)
        closing = ")" if high == r"\infty" else "]"
        return rf"{function} \text{{ is continuous on }} [{low}, {high}{closing}"

    def _print_Gradient(self, expr: Any) -> str:
        function, gradient = (self._print(a) for a in expr.args)
        return rf"{function} \text{{ is }} C^1 \text{{ with gradient }} {gradient}"

    def _print_Jacobian(self, expr: Any) -> str:
        function, jacobian = (self._print(a) for a in expr.args)
        return rf"{function} \text{{ is }} C^1 \text{{ with Jacobian }} {jacobian}"

    def _print_ConvergesTo(self, expr: Any) -> str:
        variable, body = opened(expr.args[0])
        path = self._print(substitute(body, {variable: Symbol("t")}))
        return rf"{path} \to {self._print(expr.args[1])} \text{{ as }} t \to \infty"


_PRINTER = MathPrinter()
