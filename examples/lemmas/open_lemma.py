"""A lemma whose proof has a hole: kurdyka says UNDECIDED, never PROVED.

``kurdyka verify examples/lemmas/open_lemma.py`` names the step that is open, and
``kurdyka explain examples/lemmas/open_lemma.py`` tells what is missing: the step "falls" uses the
Kurdyka-Lojasiewicz inequality and forgets to say that the speed is at least sigma times the
gradient. Add "speed" to its premises and the lemma is proved.
"""

from theory.authoring import (
    Hypothesis,
    Quantity,
    Statement,
    forall,
    polynomial,
    real,
    real_function,
)

t, sigma = real("t sigma")
slope, gradient, speed = (real_function(name) for name in ("slope", "gradient", "v"))

falls = forall(t, t >= 0, slope(t) * speed(t) >= sigma)

misfit_falls = Statement(
    title="Along the flow the misfit falls at least at the rate sigma",
    quantities=(
        Quantity(sigma, "smallest singular value", sigma > 0),
        Quantity(slope, "slope of the desingularizing function along the flow"),
        Quantity(gradient, "norm of the gradient of the loss along the flow"),
        Quantity(speed, "speed of the flow"),
    ),
    # What holds at every time is stated with forall; a step uses it at its own time.
    hypotheses=(
        Hypothesis("slope_positive", forall(t, t >= 0, slope(t) > 0)),
        Hypothesis("kl", forall(t, t >= 0, slope(t) * gradient(t) >= 1), "Kurdyka–Łojasiewicz"),
        Hypothesis("speed", forall(t, t >= 0, speed(t) >= sigma * gradient(t))),
    ),
    conclusions={"falls": falls},
    steps=(polynomial("falls", falls, "kl", "slope_positive", "sigma"),),
)
