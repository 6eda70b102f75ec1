"""How are the parts of a night put together? Reads what was asked for, checks it whole, gives its first words."""

import hashlib
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib import metadata
from zoneinfo import ZoneInfo

from dreamloom.adapters.cedar import judge
from dreamloom.dreamscape import checker, reader
from dreamloom.dreamscape.model import Dreamscape, placed_parts
from dreamloom.dreamscape.moments import shared_moments
from dreamloom.dreamscape.obeyed import obeyed_awakenings, obeyed_dialogues, obeyed_parts, obeyed_relays
from dreamloom.dreamscape.quorums import quorums_of
from dreamloom.dreamscape.scenes import cues_in, first_scene
from dreamloom.governance.consent import Grant, grant_place, key_place, read_grants
from dreamloom.governance.policy.bundle import Bundle, sha256
from dreamloom.governance.policy.request import NOBODY_THERE, VOUCHED, Eligibility, before_bundles
from dreamloom.governance.policy.shipped import shipped
from dreamloom.house import cue_sounds
from dreamloom.house.groups import refuse_unknown_groups
from dreamloom.house.house_rules import beside
from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import NOBODY, NightAsked, PodAsked, read_night
from dreamloom.house.supporting import Bed, as_played
from dreamloom.house.texts import read_text
from dreamloom.jukebox.cues import Sound
from dreamloom.night.loop import LEASE_S, STRICT_LEASE_S, Offer
from dreamloom.orchestra.relays import Carried
from dreamloom.pod.plan import Plan
from dreamloom.pod.wall import on_the_wall, wake_times
from dreamloom.record.belonging import HOUSE
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
from dreamloom.seals.notes import is_key_name
from dreamloom.signals.blocks import StreamInfo
from dreamloom.vocabulary.errors import ConfigError, RefusedError
from dreamloom.vocabulary.units import Decibels, NightTime, Seconds, to_microsecond

BEFORE_BUNDLES = "house rules 1: vetoes/cue.py"
"""What leases name in nights from before there were bundles."""
ODD_TIMES = {
    "TWICE": "that time comes twice tonight, and the consent",
    "LEFT_OUT": "clocks jump over that time tonight, and the consent",
}
SHOWN_VERSIONS = ("dreamloom", "numpy", "scipy", "msgspec", "lightgbm", "yasa", "edfio", "cryptography")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The three files of a night, read and checked against each other.

    `bed`, its pod's id and `groups` where they are looked at from one bed: how it plays them, and what its sleeper
    belongs to. From the house, every group is meant.

    Attributes:
        sounds: of every cue, by name.
        own_sounds: by pod id, what its own sleeper recorded in the place of some of them.
        policy: the rules it is held under; None for a night from before there were any, which only its vetoes hold.
        thresholds_db: by pod id, what that sleeper just heard in the evening; assumed where nobody measured it.
        eligible: by pod id, whether that sleeper may be cued; where nothing is said, whoever wrote the consent vouches.
    """

    folder: NightFolder
    night: NightAsked
    dreamscape: Dreamscape
    dreamscape_sha256: str
    grants: dict[str, Grant]
    night_sha256: str
    consent_sha256: str
    sounds: dict[str, Sound]
    own_sounds: dict[str, dict[str, Sound]] = field(default_factory=dict)
    thresholds_db: Mapping[str, float] = field(default_factory=dict)
    eligible: Mapping[str, Eligibility] = field(default_factory=dict)
    policy: Bundle | None = field(default_factory=shipped)
    bed: Bed | None = None
    bed_pod: str = ""
    groups: tuple[str, ...] | None = None

    @property
    def sleeper_of(self) -> dict[str, str]:
        """Each pod's sleeper, by pseudonym."""
        return {pod.id: pod.sleeper for pod in self.night.pod}

    def at(self, bed: Bed, pod: PodAsked) -> "Asked":
        """The same night as this bed plays it."""
        return replace(self, bed=bed, bed_pod=pod.id, groups=pod.groups)

    @property
    def plan(self) -> Plan:
        """The dreamscape as this bed plays it, no time on the wall found yet."""
        bed = self.bed
        return Plan(
            dreamscape=self.dreamscape if bed is None else as_played(self.dreamscape, bed),
            dreamscape_sha256=self.dreamscape_sha256,
            cue_sha256=_hashes({**self.sounds, **self.own_sounds.get(self.bed_pod, {})}),
            unstageable=bed is not None and bed.why is not None,
            quorums=quorums_of(self.dreamscape),
            groups=tuple(self.dreamscape.groups) if self.groups is None else self.groups,
            decide=before_bundles if self.policy is None else judge(self.policy).decide,
            policy_sha256=self.policy_sha256,
        )

    @property
    def policy_sha256(self) -> str:
        """By which leases, commands and the record name its rules."""
        return text_sha256(BEFORE_BUNDLES) if self.policy is None else sha256(self.policy)

    @property
    def offer(self) -> Offer:
        """What the house may lease: the dreamscape's cues, under its own cap, as many as its obeyed parts may play."""
        carried, placed = obeyed_relays(self.dreamscape), placed_parts(self.dreamscape)
        parts = [placed[number].part for number in obeyed_parts(self.dreamscape)]
        parts += [self.dreamscape.relays[number].at_receiver for number in carried]
        held = list(self.dreamscape.dialogues.values())
        asked = sum(held[number].budget.per_night for number in obeyed_dialogues(self.dreamscape))
        return Offer(
            scene=first_scene(self.dreamscape) or "whole night",
            wakes=bool(obeyed_awakenings(self.dreamscape)),
            cues_in={scene: cues_in(self.dreamscape, scene) for scene in self.dreamscape.scenes},
            cues=self.plan.cues_by_class,
            level_cap_db=Decibels(self.dreamscape.levels.cap_dba),
            cues_per_night=asked + sum(part.budget.per_night for part in parts),
            dreamscape_sha256=self.dreamscape_sha256,
            policy_sha256=self.policy_sha256,
            lease_s=STRICT_LEASE_S if self.night.leases == "strict" else LEASE_S,
            awake_cap_db=None if (awake_db := self.dreamscape.levels.awake_cap_dba) is None else Decibels(awake_db),
            own_cues={pod: _hashes(sounds) for pod, sounds in self.own_sounds.items()},
            quorums=quorums_of(self.dreamscape),
            shared=shared_moments(self.dreamscape),
            relays=tuple(
                Carried(number=number, relay=relay)
                for number, relay in enumerate(self.dreamscape.relays)
                if number in carried
            ),
        )

    def plan_of(self, pod: PodAsked, opened_utc: datetime) -> Plan:
        """What this bed plays in a night that opened then, every time on its sleeper's wall made night seconds."""
        plan = self.plan
        wall = on_the_wall(plan.dreamscape, opened_utc, self.zone_of(pod.sleeper))
        threshold_db = Decibels(self.thresholds_db.get(pod.id, plan.threshold_db))
        wake_s = wake_times(plan.dreamscape, pod.wake_at_latest, opened_utc, self.zone_of(pod.sleeper))
        seed = self._seed_of(pod, opened_utc)
        return replace(
            plan,
            wall=wall,
            wake_s=wake_s,
            threshold_db=threshold_db,
            seed=seed,
            eligibility=self.eligible.get(pod.id, NOBODY_THERE if pod.source.startswith(NOBODY) else VOUCHED),
        )

    def unwoken(self, opened_utc: datetime) -> list[str]:
        """What a person should know of the morning: who is not woken, by their own word or because of the time."""
        told = []
        for pod in self.night.pod:
            mornings = [each for each in self.dreamscape.awakenings if each.kind == "morning"]
            grant = self.grant_of(pod)
            if grant is not None and self.dreamscape.awakenings and not grant.may_be_woken:
                told.append(f'{pod.sleeper} is not woken by any sound: no "wake" stands among the purposes agreed to.')
            elif mornings and not wake_times(
                self.dreamscape, pod.wake_at_latest, opened_utc, self.zone_of(pod.sleeper)
            ):
                latest = pod.wake_at_latest or mornings[0].latest
                told.append(
                    f"{pod.sleeper} is not woken this morning: {latest} has passed for tonight. Write another "
                    f'wake_at_latest = "07:30" under the [[pod]] of {pod.id}.'
                )
        return told

    def _seed_of(self, pod: PodAsked, opened_utc: datetime) -> int:
        """Another one for every bed, and where somebody lies there tonight, for every night."""
        night = "" if pod.source.startswith(NOBODY) else opened_utc.isoformat()
        return int(text_sha256(f"{self.night.simulation_seed} {pod.id} {night}")[:15], 16)

    def zone_of(self, sleeper: str) -> ZoneInfo:
        """Whose clocks hang on this sleeper's wall: the bed's own time zone, else the night's."""
        own = next((pod.timezone for pod in self.night.pod if pod.sleeper == sleeper), "")
        return ZoneInfo(own or self.night.timezone)

    def resolved_at(self, opened_utc: datetime) -> "Asked":
        """The same night with every local time of a grant made a moment, once, from when it opened first."""
        found = {name: grant.resolved_at(opened_utc, self.zone_of(name)) for name, grant in self.grants.items()}
        return replace(self, grants=found)

    def odd_times(self, opened_utc: datetime) -> list[str]:
        """What a person should know where clocks change: an end that could be read in two ways, and how it was."""
        told = []
        for sleeper in sorted(set(self.sleeper_of.values()) & set(self.grants)):
            grant = self.grants[sleeper]
            moment = grant.local_moment(opened_utc, self.zone_of(sleeper))
            if moment is not None and moment.found in ODD_TIMES:
                ends = moment.at.strftime("%H:%M %Z")
                told.append(f"{sleeper} agreed until {grant.expires}: {ODD_TIMES[moment.found]} ends at {ends}.")
        return told

    def unspoken(self) -> list[str]:
        """What a person should know where words are neither spoken nor recorded."""
        names = cue_sounds.stand_ins(self.sounds)
        recorded = [set(self.own_sounds.get(pod.id, {})) for pod in self.night.pod]
        return [
            f'Nothing says "{name}" here: a chime of that length stands in for it.'
            for name in names
            if not all(name in own for own in recorded)
        ]

    def grant_of(self, pod: PodAsked) -> Grant | None:
        return self.grants.get(pod.sleeper)


def read_asked(folder: NightFolder) -> Asked:
    """The night as it was asked for.

    Raises:
        ConfigError: a file is missing or wrong, with file:line:column.
        RefusedError: a grant names another text, or not every cue that could be played.
    """
    refuse_odd_name(folder)
    night_text = read_text(folder.night_toml, what="what was asked for tonight: the dreamscape and the pods")
    night = read_night(night_text, file=str(folder.night_toml))
    dreamscape_path = folder.root / night.dreamscape
    text = read_text(dreamscape_path, what="the dreamscape that night.toml names")
    dreamscape = read_checked(text, file=str(dreamscape_path))
    consent_text = read_text(folder.consent_toml, what="who agreed to what, a table for each sleeper")
    asked = Asked(
        folder=folder,
        night=night,
        dreamscape=dreamscape,
        dreamscape_sha256=reader.sha256(text),
        grants=read_grants(consent_text, file=str(folder.consent_toml)),
        night_sha256=text_sha256(night_text),
        consent_sha256=text_sha256(consent_text),
        sounds=cue_sounds.weighed(cue_sounds.make_sounds(dreamscape, cue_sounds.shelf_of(folder, night))),
        own_sounds={pod.id: own for pod in night.pod if (own := cue_sounds.own_sounds(dreamscape, folder, pod))},
        policy=beside(folder) or shipped(),
    )
    refuse_unknown_groups(night, dreamscape, text=night_text, file=str(folder.night_toml))
    _refuse_misspelt(asked, consent_text)
    for pod in night.pod:
        _refuse_unless_covered(asked, pod, consent_text)
    return asked


def refuse_odd_name(folder: NightFolder) -> None:
    """Returns when a record can bear this night's name; raises ConfigError otherwise."""
    if folder.name == HOUSE:
        why = "The house keeps a record of its own under that name, and a signature must tell the two apart."
        raise _cannot_be_called(folder, why, instead="tonight")
    if not is_key_name(folder.name):
        why = "Its name stands in its signed checkpoints, where spaces and plus signs mean something else."
        plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", folder.name).strip("-") or "tonight"
        raise _cannot_be_called(folder, why, instead=plain)


def _cannot_be_called(folder: NightFolder, why: str, *, instead: str) -> ConfigError:
    return ConfigError(
        "DL-E324",
        f"A night cannot be called {folder.name!r}.",
        why=why,
        do=f"Rename the folder, for example to {instead}.",
    )


def _refuse_misspelt(asked: Asked, consent_text: str) -> None:
    """A grant for s1 where S01 sleeps without one is a slip of the pen, and would keep that bed silent all night."""
    without = {_spoken(name): name for name in asked.sleeper_of.values() if name not in asked.grants}
    for name in asked.grants:
        meant = without.get(_spoken(name))
        if meant is not None:
            raise ConfigError(
                "DL-E325",
                f"There is a grant for {name!r}, and nobody of that name sleeps here tonight.",
                why=f"{meant!r} does, without a grant.",
                where=grant_place(consent_text, file=str(asked.folder.consent_toml), sleeper=name),
                do=f"Write [{meant}], or take this table out.",
            )


def _spoken(name: str) -> str:
    """S01, s1 and s-1 are the same to an ear."""
    return re.sub(r"0+(?=\d)", "", re.sub(r"[\W_]+", "", name.casefold()))


def read_checked(text: str, *, file: str) -> Dreamscape:
    """A dreamscape without an error; raises ConfigError with the first one the checker finds."""
    dreamscape = reader.read(text, file=file)
    errors = [finding for finding in checker.check(dreamscape) if finding.severity == "error"]
    if errors:
        more = f" And {len(errors) - 1} more; see: dreamloom check {file}" if len(errors) > 1 else ""
        raise ConfigError(errors[0].code, errors[0].text, where=errors[0].where, do=more.strip())
    return dreamscape


def _refuse_unless_covered(asked: Asked, pod: PodAsked, consent_text: str) -> None:
    grant = asked.grant_of(pod)
    if grant is None:
        return
    if grant.dreamscape_sha256 != asked.dreamscape_sha256:
        raise RefusedError(
            "DL-E511",
            f"{pod.sleeper} agreed to another text than {asked.night.dreamscape}.",
            why=f"The grant names {grant.dreamscape_sha256[:12]}…, the file's SHA-256 is {asked.dreamscape_sha256}.",
            still="Nothing was recorded or played.",
            do="Ask again with the text as it is now, then write its SHA-256 into consent.toml.",
        )
    missing = sorted(set(asked.sounds) - set(grant.cues))
    if missing:
        raise RefusedError(
            "DL-E512",
            f"{pod.sleeper} did not agree to every cue that could be drawn: {', '.join(missing)} missing.",
            why="The draw stays sealed, so each possible cue must have been heard awake and be named in the grant.",
            still="Nothing was recorded or played.",
            do=f"Let {pod.sleeper} hear it, then name it under cues in consent.toml.",
        )
    unheard = grant.unheard(asked.dreamscape.tags)
    if unheard:
        raise RefusedError(
            "DL-E570",
            f"{pod.sleeper} has not heard every cue awake: {', '.join(unheard)} missing.",
            why="heard does not name it, and none of the tags that were chosen is one of the dreamscape's.",
            still="Nothing was recorded or played.",
            do=f"Let {pod.sleeper} hear it and name it under heard, or choose one of the dreamscape's tags under tags.",
            where=key_place(consent_text, file=str(asked.folder.consent_toml), sleeper=pod.sleeper, key="heard"),
        )


def _hashes(sounds: Mapping[str, Sound]) -> dict[str, str]:
    return {name: sound.sha256 for name, sound in sounds.items()}


def text_sha256(text: str) -> str:
    """SHA-256 of the UTF-8 bytes, hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


# --- first words of a record ---------------------------------------------------------------------------------------


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


def grant_ends_s(grant: Grant | None, opened_utc: datetime) -> NightTime | None:
    """Night time at which a grant ends by itself; raises nothing, a grant that has ended gives a time before 0."""
    ends = grant.ends_at() if grant else None
    return None if ends is None else NightTime(Seconds((ends - opened_utc).total_seconds()))


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
