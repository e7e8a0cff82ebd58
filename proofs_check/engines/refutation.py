"""Counterexamples to claims of real arithmetic: Z3 suggests numbers, exact arithmetic decides.

Only claims without undefined functions, vectors or transcendental terms are refuted, at numbers
where every part of the premises and of the claim is defined.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import sympy
import z3
from sympy import Rational, Symbol
from sympy.logic.boolalg import Boolean

from proofs_check.engines.exact import holds
from proofs_check.engines.obligations import obligations
from proofs_check.engines.z3_search import Clock, Encoding, satisfiable

if TYPE_CHECKING:
    from proofs_check.engines.polynomial import Question

_DENOMINATORS = (1, 2, 4, 10, 100, 10**4, 10**8, 10**16)


def counterexample(asked: Question, clock: Clock) -> dict[str, str] | None:
    """Return exact numbers at which all premises hold and the claim fails, or None.

    Parameters
    ----------
    asked : Question
        Premises, background, duties and claim.
    clock : Clock
        How long to search.
    """
    required = _required(asked)
    encoding = Encoding({str(i): formula for i, formula in enumerate(required)}, (), [asked.claim])
    if not encoding.free_of_functions:
        return None
    answer = satisfiable(encoding, encoding.names, asked.claim, clock)
    if answer.model is None:
        return None
    for values in _candidates(encoding.symbols, answer.model):
        if _refutes(required, asked.claim, values):
            more = {} if asked.admissible is None else asked.admissible(values)
            if more is not None:
                return {**{str(s): str(v) for s, v in values.items()}, **more}
    return _algebraic(asked, encoding, answer.model)


def _required(asked: Question) -> list[Boolean]:
    stated = [*asked.premises.values(), *asked.background]
    defined = [o.condition for formula in stated for o in obligations(formula)]
    return list(dict.fromkeys([*stated, *defined, *(condition for _, condition in asked.duties)]))


def _refutes(required: list[Boolean], claim: Boolean, values: Mapping[Symbol, Rational]) -> bool:
    return holds(claim, values) is False and all(holds(f, values) is True for f in required)


def _algebraic(asked: Question, encoding: Encoding, model: Any) -> dict[str, str] | None:
    """Return the model itself where it has irrational numbers, which Z3 represents exactly."""
    if asked.admissible is not None:
        return None
    stated = encoding.assertions(encoding.names, asked.claim, flat=True)
    if not all(z3.is_true(model.eval(formula, model_completion=True)) for formula in stated):
        return None
    values = {s: model.eval(v, model_completion=True) for s, v in encoding.symbols.items()}
    return {str(s): _text(v) for s, v in values.items()}


def _text(value: Any) -> str:
    if not z3.is_algebraic_value(value):
        return str(_rational(value, 1))
    coefficients = [str(_rational(c, 1)) for c in reversed(value.poly())]
    polynomial = sympy.Poly([sympy.Rational(c) for c in coefficients], Symbol("x"))
    return f"real root number {value.index()} of {polynomial.as_expr()}"


def _candidates(symbols: Mapping[Symbol, Any], model: Any) -> Iterator[dict[Symbol, Rational]]:
    """Yield rational points near the model, those with small denominators first."""
    chosen = {s: model.eval(v, model_completion=True) for s, v in symbols.items()}
    exact = {s: _rational(v, 40) for s, v in chosen.items()}
    seen: list[dict[Symbol, Rational]] = []
    for denominator in _DENOMINATORS:
        near = {s: v.limit_denominator(denominator) for s, v in exact.items()}
        if near not in seen:
            seen.append(near)
            yield near
    if exact not in seen:
        yield exact


def _rational(value: Any, digits: int) -> Rational:
    if z3.is_algebraic_value(value):
        value = value.approx(digits)
    return Rational(value.numerator_as_long(), value.denominator_as_long())
