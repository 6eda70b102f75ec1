"""What does the rest of the body tell of this bed? Heart and breath out of a nightmare; whether anybody lies there."""

from collections.abc import Sequence
from typing import NamedTuple

from dreamloom.record.events import AnyEvent, BackInBedSeen, NightmareArousalSeen, OutOfBedSeen
from dreamloom.signals import presence
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.looks import Look
from dreamloom.staging import nightmares


class BodyState(NamedTuple):
    """`nightmares` is None where heart or breath is not recorded: nothing is said of them then."""

    presence: presence.PresenceState
    nightmares: nightmares.NightmareState | None


def start(channels: Sequence[Channel]) -> BodyState:
    """A bed that has seen nothing."""
    shown = nightmares.leads(channels)
    return BodyState(presence.start(channels), None if shown is None else nightmares.start(shown))


def seen(
    state: BodyState, second: GridSecond, look: Look, *, stirring: bool, in_rem: bool
) -> tuple[BodyState, list[AnyEvent]]:
    """Takes one second, whether an arousal or a movement goes on, and the stage as it was known when it began."""
    there, change = presence.step(state.presence, look, second.index, stirring=stirring)
    facts: list[AnyEvent] = [] if change is None else [_left_or_back(change)]
    if state.nightmares is None:
        return BodyState(there, None), facts
    dreaming, found = nightmares.step(state.nightmares, second, stirring=stirring, in_rem=in_rem)
    return BodyState(there, dreaming), facts if found is None else [*facts, NightmareArousalSeen(**found._asdict())]


def _left_or_back(change: presence.Change) -> AnyEvent:
    fact = OutOfBedSeen if change.left else BackInBedSeen
    return fact(onset_s=change.onset_s, since_s=change.since_s)
