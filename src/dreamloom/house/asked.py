"""What was asked for tonight? The three files of a night, and what each bed plays of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from dreamloom.adapters.cedar import judge
from dreamloom.dreamscape.model import Dreamscape, placed_parts
from dreamloom.dreamscape.moments import shared_moments
from dreamloom.dreamscape.obeyed import obeyed_awakenings, obeyed_dialogues, obeyed_parts, obeyed_relays
from dreamloom.dreamscape.quorums import quorums_of
from dreamloom.dreamscape.scenes import cues_in, first_scene
from dreamloom.governance.consent import Grant
from dreamloom.governance.policy.bundle import Bundle, sha256
from dreamloom.governance.policy.request import NOBODY_THERE, VOUCHED, Eligibility, before_bundles
from dreamloom.governance.policy.shipped import shipped
from dreamloom.house import cue_sounds
from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import NOBODY, NightAsked, PodAsked
from dreamloom.house.supporting import Bed, as_played
from dreamloom.house.texts import text_sha256
from dreamloom.jukebox.cues import Sound
from dreamloom.night.loop import LEASE_S, STRICT_LEASE_S, Offer
from dreamloom.orchestra.relays import Carried
from dreamloom.pod.plan import Plan
from dreamloom.pod.wall import on_the_wall, wake_times
from dreamloom.vocabulary.units import Decibels

BEFORE_BUNDLES = "house rules 1: vetoes/cue.py"
"""What leases name in nights from before there were bundles."""
ODD_TIMES = {
    "TWICE": "that time comes twice tonight, and the consent",
    "LEFT_OUT": "clocks jump over that time tonight, and the consent",
}


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


def _hashes(sounds: Mapping[str, Sound]) -> dict[str, str]:
    return {name: sound.sha256 for name, sound in sounds.items()}
