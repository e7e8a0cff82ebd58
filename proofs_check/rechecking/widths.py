"""The widths of a certificate, decided again: conditions of the width statements, in plain balls.

Which conditions make a width enough for which theorem stands here a second time on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from flint import arb, fmpq
from sympy import Symbol
from sympy.core.relational import Relational

from numerics.activation_constants import NotCovered, activation_constants
from numerics.rigorous.definiteness import balls, frobenius
from proofs_check.rechecking.formulas import compiled
from proofs_check.rechecking.operator import rational
from proofs_check.rechecking.quantities import Quantities
from proofs_check.rechecking.reading import CertificateError, Json, ratio
from theory import registry
from theory.activations import Activation
from theory.settings import flow as setting
from theory.statements import initial_misfit
from theory.terms import FrobeniusNorm, Norm, OperatorNorm

_GRAMS = ("H_gram_width", "H_output_width")
ENOUGH: Mapping[tuple[str, str], tuple[tuple[str, ...], ...]] = {
    ("hidden", "published"): (("H_gram_width", "H_width"),),
    ("hidden", "sharp"): (("H_gram_width", "H_width"),),
    ("both", "published"): ((*_GRAMS, "H_width_published"),),
    ("both", "sharp"): ((*_GRAMS, "H_width"), ("H_output_width", "H_width_outputs")),
}
"""The conditions that are enough for a theorem, by what is trained; any of several sets is."""

STATEMENTS = {"hidden": "width_w", "both": "width_vw"}
THRESHOLDS = {"published": fmpq(1, 4), "sharp": fmpq(1, 2)}
# D² and the variance proxy of the entries of V
_LAWS = {"rademacher": (1, 1), "uniform": (3, 1)}
_DIGITS = 40
_TERMS = {
    OperatorNorm(setting.A): Symbol("norm of A"),
    FrobeniusNorm(setting.A): Symbol("Frobenius norm of A"),
    Norm(initial_misfit.y): Symbol("norm of y"),
}
_RISKS = ("p_J", "p_V", "p_h", "p_x")


def claims_width(value: Any, what: str) -> bool:
    """Whether a width is claimed; null claims nothing."""
    if value is None:
        return False
    if not isinstance(value, int) or isinstance(value, bool):
        raise CertificateError(f"{what} is not an integer")
    return True


def width_holds(
    theorem: str, width: int, choice: Json, failure: Fraction, found: Quantities
) -> bool:
    """Whether a width certainly satisfies what a theorem asks of it.

    Parameters
    ----------
    theorem : {"published", "sharp"}
        Which.
    width : int
        The width k.
    choice : dict
        What was chosen for it: δ and the failure probability of each event.
    failure : Fraction
        The probability of failure in all.
    found : Quantities
        The quantities of the certificate's problem, computed again.
    """
    network = found.about.network
    if network is None or network["seed"] is None or found.about.loss.kind != "radial":
        return False
    delta, risks = _choice(choice, theorem)
    spent = sum(risks.values(), Fraction(0))
    if not (0 < delta < 1 and spent <= failure < 1 and all(p > 0 for p in risks.values())):
        return False
    values = _values(theorem, width, {"delta": delta, **risks}, found)
    sets = ENOUGH[network["train"], theorem]
    return values is not None and any(
        all(_holds(STATEMENTS[network["train"]], name, values) for name in names) for names in sets
    )


def _choice(choice: Any, theorem: str) -> tuple[Fraction, dict[str, Fraction]]:
    what = f"width_choice.{theorem}"
    if not isinstance(choice, dict) or set(choice) != {"delta", "risks"}:
        raise CertificateError(f"{what} is not a delta and risks")
    if not isinstance(choice["risks"], dict) or not set(choice["risks"]) <= set(_RISKS):
        raise CertificateError(f"{what}.risks is not a table of {', '.join(_RISKS)}")
    risks = {str(k): ratio(v, f"{what}.risks") for k, v in choice["risks"].items()}
    return ratio(choice["delta"], f"{what}.delta"), risks


def _values(
    theorem: str, width: int, chosen: Mapping[str, Fraction], found: Quantities
) -> dict[Any, arb] | None:
    network, activation = found.about.network, found.about.activation
    assert network is not None
    assert activation is not None
    law = _LAWS.get(network["output_weights"])
    if law is None or found.sigma_A is None:
        return None
    constants = _constants(activation)
    if constants is None:
        return None
    named: dict[str, arb] = {
        "n": arb(found.operator.ncols()), "k": arb(width), "D": arb(law[0]).sqrt(),
        "s": arb(law[1]).sqrt(), "sigma_A": found.sigma_A, "q_star": arb(THRESHOLDS[theorem]),
        **constants, **{name: rational(value) for name, value in chosen.items()},
    }  # fmt: skip
    values: dict[Any, arb] = {Symbol(name): value for name, value in named.items()}
    values[_TERMS[OperatorNorm(setting.A)]] = found.operator_norm
    values[_TERMS[FrobeniusNorm(setting.A)]] = frobenius(found.operator)
    observed = balls(found.about.observation.reshape(-1, 1))
    return {**values, _TERMS[Norm(initial_misfit.y)]: frobenius(observed)}


@lru_cache(maxsize=32)
def _constants(activation: Activation) -> dict[str, arb] | None:
    """Return the activation's constants; None if one is infinite, or not enclosed."""
    try:
        constants = activation_constants(activation, _DIGITS)
    except NotCovered:
        return None
    if constants.undecided:
        return None
    ends = {name: rational(constants[name].lower).union(rational(constants[name].upper))
            for name in ("C_phi_squared", "C_dphi_squared", "M4", "B1", "B2")}  # fmt: skip
    return {
        "C_phi": ends["C_phi_squared"].sqrt(), "C_dphi": ends["C_dphi_squared"].sqrt(),
        "M_4": ends["M4"], "B_1": ends["B1"], "B_2": ends["B2"],
    }  # fmt: skip


def _holds(id: str, name: str, values: dict[Any, arb]) -> bool:
    """Whether a condition of a statement certainly holds, its definitions put in from inside."""
    statement = registry.statement(id)
    relation = next(h.formula for h in statement.hypotheses if h.name == name)
    defined = {d.head: d.value for d in statement.definitions}
    assert isinstance(relation, Relational)

    def value(expression: Any) -> arb:
        written = expression.xreplace(_TERMS)
        for symbol in written.free_symbols - set(values):
            if symbol in defined:
                values[symbol] = value(defined[symbol])
        return compiled(written)(values)

    # k ≥ a bound, or k > one: strictly above is enough for both
    return bool(value(relation.gts) > value(relation.lts))
