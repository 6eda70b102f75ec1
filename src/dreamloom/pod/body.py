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


class Moment(NamedTuple):
    """A second, its look, whether an arousal or a movement goes on, and whether the stage was R when it began."""

    second: GridSecond
    look: Look
    stirring: bool
    in_rem: bool


Told = tuple[BodyState, list[AnyEvent]]


def seen_many(beds: Sequence[tuple[BodyState, Moment]]) -> list[Told]:
    """What each body tells in its second, hearts and breaths of all beds measured together."""
    watched = [
        (state.nightmares, nightmares.Moment(moment.second, moment.stirring, moment.in_rem))
        for state, moment in beds
        if state.nightmares is not None
    ]
    stepped = iter(nightmares.step_many(watched) if watched else [])
    return [_told(state, moment, None if state.nightmares is None else next(stepped)) for state, moment in beds]


def _told(state: BodyState, moment: Moment, dreamt: nightmares.Stepped | None) -> Told:
    there, change = presence.step(state.presence, moment.look, moment.second.index, stirring=moment.stirring)
    facts: list[AnyEvent] = [] if change is None else [_left_or_back(change)]
    if dreamt is None:
        return BodyState(there, None), facts
    dreaming, found = dreamt
    return BodyState(there, dreaming), facts if found is None else [*facts, NightmareArousalSeen(**found._asdict())]


def _left_or_back(change: presence.Change) -> AnyEvent:
    fact = OutOfBedSeen if change.left else BackInBedSeen
    return fact(onset_s=change.onset_s, since_s=change.since_s)
