"""The proof of ``flow_published``: the published theorem from ``flow_sharp``."""

from sympy import And, Eq, Or, Rational, sqrt

from theory.formulas import forall
from theory.settings.flow import (
    A,
    J,
    L,
    Lambda,
    Psi,
    a,
    b,
    g,
    grad_L,
    loss,
    psi,
    q,
    r_0,
    rho_star,
    sigma_0,
    sigma_A,
    t,
    tau,
    theta,
    theta_0,
    v,
    vartheta,
    w,
    w_0,
    x,
    y,
    z,
)
from theory.settings.published import R_1, R, rate, varphi
from theory.statement import Hypothesis, Step, at
from theory.steps import Premise, cite, lemma, polynomial
from theory.terms import (
    ConvergesTo,
    Norm,
    OperatorNorm,
    SigmaMin,
    function_of,
    real_function,
    vector,
)

s, xi, Psi_inv = real_function("s"), real_function("xi"), real_function("Psi_inv")
theta_inf = vector("theta_infinity")

HALF = Rational(1, 2)
STARTED = t >= 0
ALIVE = And(t >= 0, loss > 0)
level = Psi_inv(xi(t))

FROM_START = z >= Psi(L(y(0)))
H_INVERSE = (
    Hypothesis(
        "H_Psi_inverse",
        forall(x, And(x > 0, x < r_0), Eq(Psi_inv(Psi(x)), x)),
        "Ψ⁻¹ inverts Ψ",
    ),
    Hypothesis(
        "H_Psi_inverse_falls",
        forall((z, tau), And(FROM_START, tau >= 0), Psi_inv(z + tau) <= Psi_inv(z)),
        "Ψ⁻¹ does not increase from Ψ(L(y(0))) on",
    ),
    Hypothesis(
        "H_Psi_inverse_range",
        forall(z, FROM_START, And(Psi_inv(z) >= 0, Psi_inv(z) <= L(y(0)))),
        "there Ψ⁻¹, extended by 0, takes values between 0 and L(y(0))",
    ),
)

# What flow_sharp needs to know, with its ball of radius ρ taken to be the published one.
SHARP = (
    "sigma_A", "sigma_0", "Lambda_nonnegative", "GF", "y", "GF_start", "H_smooth", "H_min", "H_KL",
    "H_psi", "H_psi_zero", "H_psi_continuous", "H_start", "H_range", "H_sigma_A", "H_sigma_0",
    "one_point", "radius_fits", "w_0", "w", "q", "a", "b", "rho_star",
)  # fmt: skip


def sharp(name: str, conclusion: str, *more: Premise, without: tuple[str, ...] = ()) -> Step:
    """Return the step that applies a conclusion of flow_sharp on the published ball."""
    uses = (n for n in (*SHARP, *more) if n not in without)
    return lemma(name, f"flow_sharp.{conclusion}", *uses, rho=R)


# What a desingularizer says of the misfit, before the flow begins and as long as it lasts.
MISFIT_AT_START = (
    lemma("psi_increases", "desingularizer_increases.increases", "H_psi", "H_psi_continuous"),
    polynomial(
        "start_nonnegative", w_0 >= 0, at("psi_increases", {tau: 0, x: L(y(0))}), "H_psi_zero",
        "H_start", at("H_min", {v: y(0)}), "w_0",
    ),
)  # fmt: skip
MISFIT_ON_PATH = (
    polynomial("below_r_0", forall(t, STARTED, loss < r_0), at("descent", {tau: 0}), "H_start"),
    polynomial(
        "misfit_nonnegative", forall(t, STARTED, w(t) >= 0),
        at("psi_increases", {tau: 0, x: loss}), "below_r_0", "H_psi_zero", "w",
        at("H_min", {v: y(t)}),
    ),
)  # fmt: skip

SETTING = (
    *MISFIT_AT_START,
    polynomial("ratio_identity", Eq(R_1 / R, 4 * q), "R", "R'", "q", "sigma_0", "Lambda"),
    polynomial("R_positive", R > 0, "R", "sigma_0", "Lambda"),
    polynomial("ratio_small", q < Rational(1, 4), "ratio_identity", "R_positive", "H_threshold"),
    polynomial(
        "sharp_below_published", rho_star <= R_1, "rho_star", "R'", "ratio_small",
        "start_nonnegative", "sigma_A", "sigma_0",
    ),
    polynomial(
        "radius_fits", Or(And(q < HALF, rho_star <= R), Lambda * R >= sigma_0), "ratio_small",
        "sharp_below_published", "H_threshold",
    ),
    polynomial("Lambda_nonnegative", Lambda >= 0, "Lambda"),
    polynomial(
        "one_point",
        forall(
            vartheta, Norm(vartheta - theta_0) <= R,
            OperatorNorm(J(vartheta) - J(theta_0)) <= Lambda * Norm(vartheta - theta_0),
        ),
        at("H_Lip2", {varphi: theta_0}),
    ),
)  # fmt: skip

PATH = (
    lemma("sharp_distance", "flow_sharp.distance", "GF", "y", "GF_start", "H_smooth", rho=R),
    sharp("sharp_travel", "travel"),
    sharp("sharp_conditioning", "conditioning"),
    sharp("convergence_if", "convergence"),
    polynomial(
        "travel", forall(t, STARTED, Norm(theta(t) - theta_0) <= R_1), "sharp_distance",
        "sharp_travel", "sharp_below_published", "ratio_small",
    ),
    polynomial(
        "conditioning", forall(t, STARTED, SigmaMin(J(theta(t))) >= sigma_0 / 2),
        "sharp_conditioning", "ratio_small",
    ),
    polynomial(
        "convergence", ConvergesTo(function_of(t, theta(t)), theta_inf), "convergence_if",
        "ratio_small",
    ),
    sharp("vanishing_if", "vanishing", "H_Psi", "r_0"),
    polynomial("vanishing", ConvergesTo(function_of(t, loss), 0), "vanishing_if", "ratio_small"),
    cite(
        "zero_loss_at_limit", "loss_at_limit", "H_smooth", "y", "convergence", "vanishing",
        ell=L, G=grad_L, g=g, J=J, A=A, p=theta, y=y, limit=theta_inf, c=0,
    ),
)  # fmt: skip

DECAY = (
    lemma("descent", "flow_sharp.descent", "GF", "y", "H_smooth", rho=R),
    *MISFIT_ON_PATH,
    sharp("sharp_rate", "rate", "H_Psi", without=("H_min",)),
    polynomial(
        "rate_half", forall(t, ALIVE, Psi(loss) >= Psi(L(y(0))) + 2 * rate * t),
        "sharp_rate", "ratio_small", "misfit_nonnegative", "a", "b", "sigma_A", "Lambda",
    ),
    polynomial("rate", forall(t, ALIVE, Psi(loss) >= xi(t)), "rate_half", "xi"),
    polynomial(
        "level_in_range", forall(t, STARTED, And(level >= 0, level < r_0)),
        at("H_Psi_inverse_range", {z: xi(t)}), "xi", "H_start",
    ),
    polynomial(
        "loss_bound", forall(t, STARTED, loss <= level), "rate", at("H_Psi_inverse", {x: loss}),
        "xi", "below_r_0", "level_in_range",
        at("H_Psi_inverse_falls", {z: xi(t), tau: Psi(loss) - xi(t)}),
    ),
)  # fmt: skip

TAIL = (
    polynomial(
        "misfit_bound", forall(t, STARTED, w(t) <= psi(level)), "loss_bound", "level_in_range",
        at("psi_increases", {tau: loss, x: level}), "w", at("H_min", {v: y(t)}),
    ),
    sharp("sharp_tail", "tail"),
    polynomial(
        "rates_compared", forall(t, STARTED, sqrt(a) + sqrt(a + b * w(t)) >= sigma_A * sigma_0),
        "a", "b", "ratio_small", "misfit_nonnegative", "sigma_A", "Lambda",
    ),
    polynomial(
        "tail",
        forall(t, STARTED, Norm(theta_inf - theta(t)) <= 2 * psi(level) / (sigma_A * sigma_0)),
        "sharp_tail", "rates_compared", "misfit_bound", "ratio_small", "sigma_A", "sigma_0",
    ),
)  # fmt: skip
STEPS = (*SETTING, *PATH, *DECAY, *TAIL)
