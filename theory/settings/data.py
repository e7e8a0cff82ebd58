"""Signal, noise and observation, as the statements on recovery speak of them (THEORY section 4)."""

from __future__ import annotations

from sympy import And, Eq
from sympy.logic.boolalg import Boolean

from theory.formulas import forall
from theory.settings.cones import chi, lam
from theory.settings.flow import A, L, g, v, vartheta, zeta
from theory.statement import Hypothesis, Quantity
from theory.terms import Apply, Norm, real, vector

e = real("e")
y_obs, x_bar, noise = (vector(name) for name in ("y_obs", "x_bar", "noise"))

DATA = (
    Quantity(y_obs, "observation y = A x̄ + ε"),
    Quantity(x_bar, "signal x̄"),
    Quantity(noise, "noise ε"),
    Quantity(e, "bound of the noise norm ‖ε‖", measured="noise_norm"),
)
H_ARGMIN = Hypothesis(
    "H_argmin", forall(v, Eq(L(v), 0), Eq(v, y_obs)), "the observation is the only minimiser"
)
H_DATA = Hypothesis("H_data", Eq(y_obs, Apply(A, x_bar) + noise), "y = A x̄ + ε")
H_NOISE = Hypothesis("H_noise", And(Norm(noise) <= e, e > 0), "‖ε‖ ≤ e, e > 0")

# The cone T at x' = g(θ') of the signals that parameters of a ball reach, and what A does to it.
theta_near, scale = vector("theta_near"), real("c")
H_INJECTIVE = Hypothesis(
    "H_injective",
    forall(zeta, chi(zeta) >= 0, Norm(Apply(A, zeta)) >= lam * Norm(zeta)),
    "restricted injectivity: ‖Az‖ ≥ λ‖z‖ on T",
)


def cone_at(inside: Boolean) -> Hypothesis:
    """Return that T contains the cone of Σ' − x', Σ' the signals of the parameters ϑ inside."""
    place = scale * (g(vartheta) - g(theta_near))
    return Hypothesis(
        "H_cone",
        forall((vartheta, scale), And(inside, scale >= 0), chi(place) >= 0),
        "T contains the cone of Σ' − x'",
    )
