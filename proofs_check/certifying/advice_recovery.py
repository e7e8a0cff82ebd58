"""What a certificate says, in plain words, about the signal itself."""

from __future__ import annotations

from proofs_check.certifying.recovery import Recovery
from proofs_check.certifying.text import above, shown
from proofs_check.instance import Instance


def recovered(instance: Instance) -> list[str]:
    """Return what of the signal is recovered, as sentences; what is not known is said."""
    found = instance.recovery
    if isinstance(found, str):
        lines = [f"Nothing is claimed here about the signal itself: {found}."]
    else:
        lines = [_bound(instance, found), _parts(found)]
    vacuous, reason = instance.published_recovery
    if vacuous:
        lines.append(f"The published recovery theorem says nothing here: {reason}.")
    return lines


def _bound(instance: Instance, found: Recovery) -> str:
    limit, stopped = found.in_the_limit, instance.recovered
    if limit is None:
        return (
            "What of the signal is recovered cannot be told as one number, as the signal is not "
            "known (give signal)."
        )
    text = f"What of the signal is recovered: ‖x(t) − x̄‖ is at most {above(limit)} in the limit"
    return (
        f"{text}."
        if stopped is None
        else f"{text}, and at most {above(stopped)} from the time to stop on."
    )


def _parts(found: Recovery) -> str:
    parts, drift = found.interpolant, found.drift
    unseen = "" if parts.unseen is None else f" ({shown(parts.unseen)})"
    far = "" if drift is None else f", and {above(drift)} for the network not being linear"
    return (
        f"That is the part of x̄ − x(0) that training does not see{unseen}, noise and misfit "
        f"multiplied by at most {above(parts.gain)}{far}."
    )
