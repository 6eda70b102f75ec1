"""What does the rest of the body tell of this bed? Heart and breath out of a nightmare, where they are recorded."""

from collections.abc import Sequence
from typing import NamedTuple

from dreamloom.record.events import AnyEvent, NightmareArousalSeen
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.staging import nightmares


class BodyState(NamedTuple):
    """`nightmares` is None where heart or breath is not recorded: nothing is said of them then."""

    nightmares: nightmares.NightmareState | None


def start(channels: Sequence[Channel]) -> BodyState:
    """A bed that has seen nothing."""
    shown = nightmares.leads(channels)
    return BodyState(None if shown is None else nightmares.start(shown))


def seen(state: BodyState, second: GridSecond, *, stirring: bool, in_rem: bool) -> tuple[BodyState, list[AnyEvent]]:
    """Takes one second, whether an arousal or a movement goes on, and the stage as it was known when it began."""
    if state.nightmares is None:
        return state, []
    after, found = nightmares.step(state.nightmares, second, stirring=stirring, in_rem=in_rem)
    return BodyState(after), [] if found is None else [NightmareArousalSeen(**found._asdict())]
