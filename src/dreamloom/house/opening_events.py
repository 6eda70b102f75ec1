"""What does a record tell first of its night? The machine, sounds, streams, consents, and who is on duty."""

import platform
from datetime import datetime
from importlib import metadata

from dreamloom.governance.consent import Grant
from dreamloom.house.asked import Asked
from dreamloom.house.night_file import NightAsked
from dreamloom.record.events import (
    ChannelDescribed,
    ConsentGiven,
    HostDescribed,
    NightOpened,
    Seat,
    SoundDescribed,
    StreamDescribed,
)
from dreamloom.record.staff_events import StaffOnDuty
from dreamloom.signals.blocks import StreamInfo
from dreamloom.vocabulary.units import NightTime, to_microsecond

SHOWN_VERSIONS = ("dreamloom", "numpy", "scipy", "msgspec", "lightgbm", "yasa", "edfio", "cryptography")


def night_opened(asked: Asked, source_names: dict[str, str]) -> NightOpened:
    """The first event of a record."""
    return NightOpened(
        onset_s=0.0,
        mode=asked.night.mode,
        timezone=asked.night.timezone,
        dreamscape=asked.dreamscape.name,
        dreamscape_sha256=asked.dreamscape_sha256,
        consent_sha256=asked.consent_sha256,
        simulation_seed=asked.night.simulation_seed,
        roster=tuple(Seat(pod=pod.id, sleeper=pod.sleeper, source=source_names[pod.id]) for pod in asked.night.pod),
    )


def host_described(asked: Asked, *, onset_s: NightTime, utc: datetime, speed_x: float | None) -> HostDescribed:
    """Wall time, versions and machine; speed 0 means as fast as it goes."""
    return HostDescribed(
        onset_s=onset_s,
        night=asked.folder.name,
        night_toml_sha256=asked.night_sha256,
        utc=utc.isoformat(timespec="microseconds"),
        speed_x=speed_x or 0.0,
        versions={name: _version(name) for name in SHOWN_VERSIONS},
        platform=f"{platform.system()} {platform.machine()} Python {platform.python_version()}",
    )


def sounds_described(asked: Asked, onset_s: NightTime) -> list[SoundDescribed]:
    """What every cue of tonight is made of, and how loud that is: the house's sounds, then each sleeper's own."""
    own = [(pod, name, sound) for pod, sounds in asked.own_sounds.items() for name, sound in sounds.items()]
    return [
        SoundDescribed(
            onset_s=onset_s,
            pod=pod,
            cue=name,
            cue_sha256=sound.sha256,
            source=sound.source,
            duration_s=to_microsecond(sound.duration_s),
            loudness_db=sound.loudness_db,
            weighed_by=sound.weighed_by,
        )
        for pod, name, sound in (*((None, name, sound) for name, sound in asked.sounds.items()), *own)
    ]


def stream_described(stream: StreamInfo, source_name: str, onset_s: NightTime) -> StreamDescribed:
    """What the source promised."""
    return StreamDescribed(
        onset_s=onset_s,
        source=source_name,
        sfreq_hz=round(float(stream.sfreq_hz), 6),
        grid_hz=stream.grid_hz,
        delay_s=round(float(stream.delay_s), 6),
        channels=tuple(
            ChannelDescribed(label=c.label, kind=c.kind, low_uv=float(c.low_uv), high_uv=float(c.high_uv))
            for c in stream.channels
        ),
    )


def consent_given(grant: Grant, sleeper: str, onset_s: NightTime) -> ConsentGiven:
    """The grant, word for word."""
    return ConsentGiven(
        onset_s=onset_s,
        sleeper=sleeper,
        sheet=grant.sheet,
        dreamscape_sha256=grant.dreamscape_sha256,
        cues=grant.cues,
        stages=grant.stages,
        level_cap_db=grant.level_cap_db,
        cues_per_hour=grant.cues_per_hour,
        rearm_after_crash=grant.rearm_after_crash,
        purposes=grant.purposes,
        relay_from=grant.relay_from,
        relay_to=grant.relay_to,
        expires=grant.expires,
    )


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def on_duty(night: NightAsked, now_s: NightTime) -> list[StaffOnDuty]:
    """Who can be called, where the night says so; told at each opening, for it may have changed."""
    if not night.staff and not night.unattended:
        return []
    names = tuple(each.name for each in night.staff)
    return [StaffOnDuty(onset_s=now_s, names=names, they_are="REACHABLE" if night.unattended else "AWAKE")]
