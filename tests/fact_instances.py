"""What instances of a cited fact have to show: it holds, and it fails without each premise."""

from numeric_reading import holds

from theory.facts import TRUSTED

COINS = [(0, 0.25), (1, 0.25), (2, 0.25), (3, 0.25)]  # two fair coins, in binary


def coin(i, omega):
    """Return the i-th of two independent fair coins; from the third on, the first again."""
    return float(int(omega) >> (1 if i == 2 else 0) & 1)


def const(value):
    return lambda *arguments: value


def identity(x):
    return x


def listed(true):
    """Return (name, instance) for every instance on which a fact is true."""
    return [(name, env) for name, envs in true.items() for env in envs]


def unmet(name, env, grid=None):
    """Return the premises of a fact that fail on an instance."""
    return [p for p, formula in TRUSTED[name].premises.items() if not holds(formula, env, grid)]


def concluded(name, env, grid=None):
    """Whether all that a fact concludes holds on an instance."""
    return all(holds(formula, env, grid) for formula in TRUSTED[name].conclusions.values())


def check_all_accounted_for(facts, true, needed, without):
    """Every fact has an instance, every premise one on which the fact fails, or a reason."""
    assert set(true) == {fact.name for fact in facts}, "facts without an instance"
    premises = {(fact.name, premise) for fact in facts for premise in fact.premises}
    assert premises == set(needed) | set(without), premises ^ (set(needed) | set(without))
    assert not set(needed) & set(without), "an instance, and a reason why there is none"
