"""Differentiation by rule, with derivatives of undefined functions taken from premises."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from proofs_check.engines.definedness import conditions, discharge, node_conditions
from theory.formulas import conjuncts, substitute
from theory.terms import Adjoint, Apply, Continuous, Deriv, Inner, Norm, Sort, sort_of

_DERIVATIVES: dict[Any, Callable[[Any], Any]] = {
    sp.exp: sp.exp,
    sp.log: lambda u: 1 / u,
    sp.tanh: lambda u: 1 - sp.tanh(u) ** 2,
    sp.sinh: sp.cosh,
    sp.cosh: sp.sinh,
    sp.sech: lambda u: -sp.tanh(u) * sp.sech(u),
    sp.coth: lambda u: 1 - sp.coth(u) ** 2,
    sp.sin: sp.cos,
    sp.cos: lambda u: -sp.sin(u),
    sp.tan: lambda u: 1 + sp.tan(u) ** 2,
    sp.atan: lambda u: 1 / (1 + u**2),
    sp.asinh: lambda u: 1 / sp.sqrt(1 + u**2),
    sp.acosh: lambda u: 1 / sp.sqrt(u**2 - 1),
    sp.atanh: lambda u: 1 / (1 - u**2),
    sp.asin: lambda u: 1 / sp.sqrt(1 - u**2),
    sp.acos: lambda u: -1 / sp.sqrt(1 - u**2),
    sp.erf: lambda u: 2 * sp.exp(-(u**2)) / sp.sqrt(sp.pi),
    sp.erfc: lambda u: -2 * sp.exp(-(u**2)) / sp.sqrt(sp.pi),
    sp.Abs: sp.sign,
    sp.LambertW: lambda u: 1 / (u + sp.exp(sp.LambertW(u))),
}

# Where a function is differentiable, when that is less than where it is defined.
_STRICT: dict[Any, Callable[[Any], tuple[Any, ...]]] = {
    sp.Abs: lambda u: (sp.Ne(u, 0, evaluate=False),),
    sp.acosh: lambda u: (sp.Gt(u, 1, evaluate=False),),
    sp.asin: lambda u: (sp.Gt(u, -1, evaluate=False), sp.Gt(1, u, evaluate=False)),
    sp.acos: lambda u: (sp.Gt(u, -1, evaluate=False), sp.Gt(1, u, evaluate=False)),
    sp.LambertW: lambda u: (sp.Gt(u, -sp.exp(-1), evaluate=False),),
}


class Missing(ValueError):
    """A derivative that neither a rule nor a premise gives."""


class Differentiator:
    """Differentiates expressions in one variable at one point.

    Parameters
    ----------
    variable : Symbol
        The variable, as it stands in the expressions.
    point : Expr
        Where.
    premises : mapping
        Where derivatives of undefined functions come from.
    deadline : float
        ``time.process_time()`` value after which nothing more is proved.

    Attributes
    ----------
    conditions : list
        Relations, at the point, under which the rules used are valid.
    used : frozenset of str
        Premises that gave a derivative.
    """

    def __init__(
        self, variable: Any, point: Any, premises: Mapping[str, Boolean], deadline: float
    ) -> None:
        self.conditions: list[Any] = []
        self.used: frozenset[str] = frozenset()
        self._variable, self._point = variable, point
        self._premises, self._deadline = premises, deadline
        self._known = [k for name, p in premises.items() for k in _supplied(name, p)]

    def derivative(self, body: Any) -> Any:
        """Return the derivative of the body at the point.

        Raises
        ------
        Missing
            Naming the derivative that is not given.
        """
        if not body.has_free(self._variable):
            self.conditions += conditions(body)
            return sp.S.Zero
        if body == self._variable:
            return sp.S.One
        given = self._given(body, self._variable, self._point)
        if given is not None:
            return given
        return self._by_rule(body)

    def _at(self, term: Any) -> Any:
        return substitute(term, {self._variable: self._point})

    def _require(self, relations: tuple[Any, ...]) -> None:
        self.conditions += [self._at(r) for r in relations]

    def _by_rule(self, body: Any) -> Any:
        if isinstance(body, sp.Add):
            return sp.Add(*map(self.derivative, body.args))
        if isinstance(body, sp.Mul):
            return self._product(body.args)
        if isinstance(body, sp.exp):
            return self._at(body) * self.derivative(body.exp)
        if isinstance(body, sp.Pow):
            return self._power(*body.args)
        if body.func in _DERIVATIVES and len(body.args) == 1:
            return self._elementary(body)
        return self._structured(body)

    def _structured(self, body: Any) -> Any:
        if isinstance(body, Inner):
            return self._inner(*body.args)
        if isinstance(body, Norm):
            return self._norm(body)
        if isinstance(body, (Apply, Adjoint)) and not body.args[0].has_free(self._variable):
            inner = self.derivative(body.args[1])
            return inner if inner == 0 else body.func(body.args[0], inner)
        if isinstance(body, sp.Integral):
            return self._integral(body)
        if isinstance(body, AppliedUndef) and len(body.args) == 1:
            return self._chain(body)
        raise Missing(f"the derivative of {body} at {self._point} is not given")

    def _product(self, factors: tuple[Any, ...]) -> Any:
        terms = []
        for index, factor in enumerate(factors):
            others = [self._at(f) for i, f in enumerate(factors) if i != index]
            terms.append(sp.Mul(self.derivative(factor), *others))
        return sp.Add(*terms)

    def _power(self, base: Any, exponent: Any) -> Any:
        b, e = self._at(base), self._at(exponent)
        if isinstance(exponent, sp.Integer) and exponent > 1:
            return e * self._natural_power(base, exponent)
        if isinstance(exponent, sp.Integer):
            if exponent < 0:
                self._require((sp.Ne(base, 0, evaluate=False),))
            return e * b ** (e - 1) * self.derivative(base)
        if not (isinstance(base, sp.Rational) and base > 0):
            self._require((sp.Gt(base, 0, evaluate=False),))
        change = e * b ** (e - 1) * self.derivative(base)
        slope = self.derivative(exponent)
        return change if slope == 0 else change + slope * b**e * sp.log(b)

    def _natural_power(self, base: Any, n: sp.Integer) -> Any:
        """Return (bⁿ)'/n for n ≥ 2, where max(0, u)ⁿ and ‖v‖ⁿ have a derivative at 0, too."""
        inner = _positive_part(base)
        if inner is not None:
            return self._at(base) ** (n - 1) * self.derivative(inner)
        if isinstance(base, Norm) and self._given(base, self._variable, self._point) is None:
            return self._at(base) ** (n - 2) * self._inner(*base.args, *base.args) / 2
        return self._at(base) ** (n - 1) * self.derivative(base)

    def _elementary(self, body: Any) -> Any:
        (argument,) = body.args
        strict = _STRICT.get(body.func)
        self._require(strict(argument) if strict else node_conditions(body))
        return _DERIVATIVES[body.func](self._at(argument)) * self.derivative(argument)

    def _inner(self, left: Any, right: Any) -> Any:
        total = sp.S.Zero
        for moving, other in ((left, right), (right, left)):
            slope = self.derivative(moving)
            total += 0 if slope == 0 else Inner(slope, self._at(other))
        return total

    def _norm(self, body: Norm) -> Any:
        self._require((sp.Gt(body, 0, evaluate=False),))
        slope = self.derivative(body.args[0])
        return slope if slope == 0 else Inner(slope, self._at(body.args[0])) / self._at(body)

    def _chain(self, body: AppliedUndef) -> Any:
        (argument,) = body.args
        if sort_of(argument) is not Sort.REAL:
            raise Missing(f"the derivative of {body} at {self._point} is not given")
        outer = sp.Symbol("_z")
        point = self._at(argument)
        slope = self._given(body.func(outer), outer, point)
        if slope is None:
            raise Missing(
                f"the derivative of {body} at {self._point} is not given, nor that of "
                f"{body.func} at {point}"
            )
        return slope * self.derivative(argument)

    def _given(self, body: Any, variable: Any, point: Any) -> Any | None:
        """Look the derivative of ``variable ↦ body`` at the point up among the premises."""
        for name, domain, derivative, value in self._known:
            function, where = derivative.args
            if not isinstance(function, sp.Lambda) or where != point:
                continue
            if substitute(function.expr, {function.variables[0]: variable}) != body:
                continue
            if self._applies(name, domain):
                self.conditions += conditions(value)  # a factor may cancel what it owes
                return value
        return None

    def _applies(self, name: str, domain: list[Any]) -> bool:
        others = {n: p for n, p in self._premises.items() if n != name}
        used, open_outcome = discharge(domain, others, self._deadline)
        if open_outcome is None:
            self.used |= used | {name}
        return open_outcome is None

    def _integral(self, body: sp.Integral) -> Any:
        """Return the integrand at the point: the fundamental theorem of calculus."""
        limits = body.limits
        if len(limits) != 1 or len(limits[0]) != 3 or limits[0][2] != self._variable:
            raise Missing(f"only integrals with upper limit {self._variable} are differentiated")
        z, start, _ = limits[0]
        if start.has_free(self._variable) or body.function.has_free(self._variable):
            raise Missing(f"{body} depends on {self._variable} in more than its upper limit")
        name = self._continuous_around(body.function, z, start)
        self.used |= {name}
        self._require((sp.Gt(self._variable, start, evaluate=False),))
        return substitute(body.function, {z: self._point})

    def _continuous_around(self, integrand: Any, z: Any, start: Any) -> str:
        for name, premise in self._premises.items():
            for part in conjuncts(premise):
                if not isinstance(part, Continuous) or part.args[1:] != (start, sp.oo):
                    continue
                function = part.args[0]
                if substitute(function.expr, {function.variables[0]: z}) == integrand:
                    return name
        raise Missing(f"no premise says that {integrand} is continuous on [{start}, oo)")


def _positive_part(base: Any) -> Any | None:
    """Return u where the base is max(0, u): from the square on, its powers are C¹ in u."""
    if not isinstance(base, sp.Max) or len(base.args) != 2 or sp.S.Zero not in base.args:
        return None
    return next(u for u in base.args if u != 0)


def _supplied(name: str, premise: Boolean) -> Iterator[tuple[str, list[Any], Deriv, Any]]:
    """Yield (name, conditions, derivative, value) for every derivative a premise gives."""
    for part in conjuncts(premise):
        domain: list[Any] = []
        while isinstance(part, sp.Implies):
            domain += conjuncts(part.args[0])
            part = part.args[1]
        for equation in conjuncts(part):
            if not isinstance(equation, sp.Eq):
                continue
            for side, other in (equation.args, equation.args[::-1]):
                if isinstance(side, Deriv):
                    yield name, domain, side, other
