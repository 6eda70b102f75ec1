"""What does the morning after know? A night's record gathered for its report: per pod facts, numbers and happenings."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Any, Literal

import msgspec
from msgspec import Struct

from dreamloom.gallery.gate_strip import OpenGate
from dreamloom.gallery.happenings import Happening, happenings_of
from dreamloom.gallery.night_clock import NightClock, night_clock
from dreamloom.gallery.night_statistics import NightStatistics, statistics_of_pod
from dreamloom.gallery.pod_night import PodNight, pod_night
from dreamloom.record.events import (
    AnyEvent,
    ConsentGiven,
    ConsentWithdrawn,
    HostDescribed,
    NightClosed,
    NightOpened,
    Seat,
    StageScored,
    TrialNightBegun,
)
from dreamloom.record.verdict import Verdict
from dreamloom.vocabulary.errors import DreamloomError

NO_GATES: Mapping[str, tuple[OpenGate, ...]] = MappingProxyType({})
NOT_MEDICAL = "Not a medical device."
METHOD = (
    "Stages are the live track's: it looks at the last 30 s every 5 s and knows nothing of what follows. These "
    "numbers use its estimate at the end of each 30-s epoch. The live track is made to time cues; it is not "
    "expert-level scoring."
)


class PodMorning(Struct, frozen=True, kw_only=True):
    """One pod the morning after. withdrawn_s: when the sleeper said no; methods: the stagers that were used.

    gates: of the parts that ask for stages, when each was open.
    """

    seat: Seat
    night: PodNight
    statistics: NightStatistics
    consent: ConsentGiven | None
    withdrawn_s: float | None
    happenings: tuple[Happening, ...]
    methods: tuple[str, ...]
    gates: tuple[OpenGate, ...] = ()


class Morning(Struct, frozen=True, kw_only=True):
    """A whole night the morning after.

    Attributes:
        host: the first opening; None while the record holds none.
        verdict: what verification found, or why nobody could look.
        compared_root: what honest replays of this night share; None where events were erased.
        trial: which night of which trial it is; None outside any.
    """

    night: str
    opened: NightOpened | None
    host: HostDescribed | None
    closed: NightClosed | None
    clock: NightClock
    pods: tuple[PodMorning, ...]
    verdict: Verdict | DreamloomError
    compared_root: str | None
    trial: TrialNightBegun | None = None


def gather(  # noqa: PLR0913 - everything a report is made of, by name
    events: Sequence[AnyEvent],
    *,
    night: str,
    zone: tzinfo | None,
    verdict: Verdict | DreamloomError,
    compared_root: str | None,
    gates: Mapping[str, tuple[OpenGate, ...]] = NO_GATES,
    reader: str = "",
) -> Morning:
    """Everything the report says, from the events of a night in the order of its record.

    Args:
        events: all of them, or those so far.
        night: its name.
        zone: that of NightOpened.timezone; None when it is unknown.
        verdict: see `Morning`.
        compared_root: see `Morning`.
        gates: by pod, as far as the night's dreamscape is known.
        reader: the sleeper it is for, who reads of their own bed alone; "" for whoever runs the house. Who slept there
            alone is the one it is for.
    """
    hosts = [event for event in events if isinstance(event, HostDescribed)]
    opened = next((event for event in events if isinstance(event, NightOpened)), None)
    seats = [seat for seat in (opened.roster if opened else ()) if reader in {"", seat.sleeper}]
    is_own: Literal["sleeper", "others"] = "others" if len(seats) > 1 else "sleeper"
    return Morning(
        night=night,
        opened=opened,
        host=hosts[0] if hosts else None,
        closed=next((event for event in events if isinstance(event, NightClosed)), None),
        clock=_clock(hosts, zone, ends_s=events[-1].tick + 1.0 if events else 0.0),
        pods=tuple(_pod(events, seat, gates.get(seat.pod, ()), is_own) for seat in seats),
        verdict=verdict,
        compared_root=compared_root,
        trial=next((event for event in events if isinstance(event, TrialNightBegun)), None),
    )


def as_data(morning: Morning) -> dict[str, Any]:
    """The report's numbers as JSON-ready data: what the page shows, and the epochs and cues behind its charts."""
    opened, host, closed = morning.opened, morning.host, morning.closed
    return {
        "night": morning.night,
        "status": closed.status if closed else "running or broken off",
        "status_reason": closed.reason if closed else "",
        "mode": opened.mode if opened else None,
        "dreamscape": opened.dreamscape if opened else None,
        "dreamscape_sha256": opened.dreamscape_sha256 if opened else None,
        "trial": trial_data(morning.trial),
        "timezone": opened.timezone if opened else None,
        "opened_utc": host.utc if host else None,
        "speed_x": host.speed_x if host else None,
        "versions": host.versions if host else {},
        "record": _verdict_data(morning),
        "pods": [_pod_data(pod) for pod in morning.pods],
        "method": METHOD,
        "not": NOT_MEDICAL,
    }


def trial_data(begun: TrialNightBegun | None) -> dict[str, Any] | None:
    """Which trial a night belongs to, as every report and result tells it: its design and what was committed to."""
    if begun is None:
        return None
    return {
        "night": begun.trial_night,
        "design": msgspec.to_builtins(begun.design),
        "dreamscape_sha256": begun.dreamscape_sha256,
        "commitment_sha256": begun.commitment_sha256,
        "preregistration_sha256": begun.preregistration_sha256,
    }


def _pod(
    events: Sequence[AnyEvent], seat: Seat, gates: tuple[OpenGate, ...], reader: Literal["sleeper", "others"]
) -> PodMorning:
    own = [event for event in events if event.pod == seat.pod]
    consents = [event for event in own if isinstance(event, ConsentGiven)]
    methods = {event.method for event in own if isinstance(event, StageScored)}
    night = pod_night(events, seat.pod)
    return PodMorning(
        seat=seat,
        night=night,
        statistics=statistics_of_pod(night),
        consent=consents[-1] if consents else None,
        withdrawn_s=next((event.onset_s for event in own if isinstance(event, ConsentWithdrawn)), None),
        happenings=happenings_of(own, night, reader=reader),
        methods=tuple(sorted(methods)),
        gates=gates,
    )


def _clock(hosts: Sequence[HostDescribed], zone: tzinfo | None, *, ends_s: float) -> NightClock:
    """Wall time runs beside night time only where the night was lived at its own speed."""
    if not hosts or any(host.speed_x != 1.0 for host in hosts):
        return NightClock()
    return night_clock(datetime.fromisoformat(hosts[0].utc), zone, ends_s=ends_s)


def _verdict_data(morning: Morning) -> dict[str, Any]:
    verdict = morning.verdict
    if isinstance(verdict, DreamloomError):
        return {"verified": None, "why": verdict.what, "code": verdict.code, "compared_root": morning.compared_root}
    return {
        "verified": verdict.ok,
        "why": verdict.why,
        "first_bad": verdict.first_bad,
        "events": verdict.events,
        "signed": verdict.signed,
        "erased": verdict.erased,
        "root": verdict.root,
        "compared_root": morning.compared_root,
    }


def _pod_data(pod: PodMorning) -> dict[str, Any]:
    night = pod.night
    return {
        "sleeper": pod.seat.sleeper,
        "withdrawn_s": pod.withdrawn_s,
        "methods": list(pod.methods),
        **msgspec.to_builtins(pod.statistics),
        "happenings": msgspec.to_builtins(pod.happenings),
        "gates": [
            {"part": gate.part, "stages": gate.stages, "open_s": [list(span) for span in gate.spans]}
            for gate in pod.gates
        ],
        "epochs": [epoch._asdict() for epoch in night.epochs],
        "arousals_s": list(night.arousals_s),
        "cue_list": [cue._asdict() for cue in night.cues],
        "silences": [silence._asdict() for silence in night.silences],
        "losses": [loss._asdict() for loss in night.losses],
    }
