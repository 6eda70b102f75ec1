"""May this cue sound? A plain list of functions over one situation; the first that says no decides the reason.

Both loops use the list: the pod before every cue, the night before every lease. Nothing here knows a dreamscape's
gates (those say when a cue is wanted); a veto says when it is not allowed, wanted or not.
"""

from collections.abc import Callable
from typing import Literal

import msgspec

from dreamloom.governance.consent import Grant
from dreamloom.guardian.ladder import WITHOUT_CUES, WITHOUT_SOUND
from dreamloom.jukebox.levels import NIGHTLY_DOSE, sound_energy
from dreamloom.record.events import LeaseGranted, Rung, SoundClass, WithheldReason
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import Decibels, NightTime, Seconds

STAGE_FRESH_S = Seconds(15.0)
"""Older stages hold cues: three hops of 5 s. Ours; the governing bound is 45 s (rule C6)."""

OF_SLEEP = (Stage.N1, Stage.N2, Stage.N3, Stage.R)
REACH_S = Seconds(0.1)
"""From a second in hand to its cue in the speaker: a look every 20 ms, a quantum of 10 ms, and room. Ours."""


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """One cue somebody wants to play, in full; it may begin from play_at_s until start_by_s, never later.

    Attributes:
        lasts_s: for how long it sounds, whichever arm is drawn.
        waking: rings: it is to wake somebody who agreed to that, so that nothing the body says holds it back. speaks:
            it is for somebody who was just woken. No budget and no stop rule of the night's cues is theirs.
        aims_at: of a cue that goes by the clock, the stages it hopes to meet; None for every other one.
    """

    cue: str
    cue_sha256: str
    sound_class: SoundClass
    dreamscape_sha256: str
    level_db: Decibels
    play_at_s: NightTime
    start_by_s: NightTime
    aims_at: tuple[Stage, ...] | None = None
    lasts_s: Seconds = Seconds(0.0)
    waking: Literal["", "rings", "speaks"] = ""


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a veto may look at, at one moment of one pod.

    Attributes:
        grant_ends_s: night time at which the grant lapses by itself; None when it lasts the night.
        in_hand_s: when the newest second was in hand, as it is stored beside the signal; None before the first.
        stage_age_s: how long ago the window of the newest stage ended; None before the first.
        unstaged_yet: tonight's first estimate is still to come: the sleeper has just lain down.
        unstageable: this bed tells no stage all night, so that its cues go by the clock or not at all.
        lost: this tick has no second of its own: its samples are late or will never come.
        out_of_bed: nobody is there to hear it.
        stirring: an arousal or a movement is going on.
        paused_until_s: an arousal holds cues until then.
        cues_last_hour: played, sham and unknown-after-a-crash alike.
        guard: how far the guardian goes at this bed.
        volume_moved: the system's own volume is not what it was in the evening.
        dose: energy of tonight's sleep cues so far, as sound_energy counts it.
    """

    now_s: NightTime
    grant: Grant | None
    grant_ends_s: NightTime | None
    revoked: bool
    halted: bool
    armed: bool
    stopped: bool
    lease: LeaseGranted | None
    in_hand_s: NightTime | None
    stage: Stage
    stage_age_s: Seconds | None
    unstaged_yet: bool
    lost: bool
    stirring: bool
    paused_until_s: NightTime
    cues_last_hour: int
    cues_since_lease: int
    dose: float = 0.0
    volume_moved: bool = False
    guard: Rung = "NONE"
    out_of_bed: bool = False
    unstageable: bool = False


def is_stage_of_sleep(grant: Grant | None, stage: Stage) -> bool:
    """True where the grant lets sleep cues sound: a stage it names, never W and never where none is known."""
    return grant is not None and str(stage) in grant.stages and stage not in {Stage.W, Stage.UNSCORED}


def is_waking(grant: Grant | None, stage: Stage, stage_age_s: Seconds | None, *, unstaged_yet: bool) -> bool:
    """True where the grant lets awake sounds sound: it names W, and the newest fresh stage is W.

    Before the night's first estimate nobody can have fallen asleep unseen; later on, not knowing is not waking.
    """
    if grant is None or str(Stage.W) not in grant.stages:
        return False
    return unstaged_yet or (stage is Stage.W and is_fresh(stage_age_s))


def is_fresh(stage_age_s: Seconds | None) -> bool:
    """True for a stage young enough to act on."""
    return stage_age_s is not None and stage_age_s <= STAGE_FRESH_S


def is_by_the_clock(now: Situation, cue: Proposal) -> bool:
    """True for a sleep cue that its author meant for a bed that tells no stage, at such a bed."""
    return now.unstageable and cue.sound_class == "sleep" and cue.aims_at is not None


Veto = Callable[[Situation, Proposal], WithheldReason | None]


def is_revoked(now: Situation, _: Proposal) -> WithheldReason | None:
    """Withdrawal comes before everything, whatever else is true."""
    return "REVOKED" if now.revoked else None


def lacks_consent(now: Situation, cue: Proposal) -> WithheldReason | None:
    """The grant must name this dreamscape, this cue and the present stage, and must not have ended."""
    grant = now.grant
    if grant is None or "cue" not in grant.purposes or (cue.waking and not grant.may_be_woken):
        return "CONSENT"
    if now.grant_ends_s is not None and cue.play_at_s >= now.grant_ends_s:
        return "CONSENT"
    if grant.dreamscape_sha256 != cue.dreamscape_sha256 or cue.cue not in grant.cues:
        return "CONSENT"
    if now.cues_last_hour >= grant.cues_per_hour and not cue.waking:
        return "BUDGET"
    return None


def is_halted(now: Situation, cue: Proposal) -> WithheldReason | None:
    """The house or the guardian holds this bed; where only cues are held, whoever is to be woken still is."""
    is_guarded = now.guard in WITHOUT_SOUND or (now.guard in WITHOUT_CUES and not cue.waking)
    return "HALTED" if now.halted or is_guarded else None


def is_of_unknown_volume(now: Situation, _: Proposal) -> WithheldReason | None:
    """A volume that was turned makes every level another one than it says."""
    return "VOLUME" if now.volume_moved else None


def is_not_armed(now: Situation, _: Proposal) -> WithheldReason | None:
    """After a crash a bed stays silent until somebody lawfully arms it again."""
    return None if now.armed else "NOT_REARMED"


def is_stopped(now: Situation, cue: Proposal) -> WithheldReason | None:
    """A stop rule of the dreamscape ended tonight's cues; whoever sleeps is woken in the morning all the same."""
    return "STOPPED" if now.stopped and not cue.waking else None


def is_out_of_bed(now: Situation, _: Proposal) -> WithheldReason | None:
    """Nobody is there; whoever walks about at night is not to be startled either."""
    return "OUT_OF_BED" if now.out_of_bed else None


def lacks_lease(now: Situation, cue: Proposal) -> WithheldReason | None:
    """A live lease must name this text, cue, class and moment, and have cues left."""
    lease = now.lease
    if lease is None or not lease.not_before_s <= now.now_s <= cue.play_at_s < lease.not_after_s:
        return "LEASE"
    if lease.dreamscape_sha256 != cue.dreamscape_sha256 or lease.sound_class != cue.sound_class:
        return "LEASE"
    if lease.cues.get(cue.cue) != cue.cue_sha256:
        return "LEASE"
    return "BUDGET" if now.cues_since_lease >= lease.cues_left and not cue.waking else None


def is_stale(now: Situation, cue: Proposal) -> WithheldReason | None:
    """No cue is decided on a second that came too late for it, nor on a stage older than STAGE_FRESH_S.

    Such a cue could never begin, yet it would use up budget and rest. An awake sound may come before the first stage.
    """
    if now.in_hand_s is not None and now.in_hand_s + REACH_S > cue.start_by_s:
        return "STALE"
    if cue.waking == "rings":
        return None
    known = is_fresh(now.stage_age_s) or (cue.sound_class == "awake" and now.unstaged_yet) or is_by_the_clock(now, cue)
    return "STALE" if now.lost or not known else None


def is_unconsented_stage(now: Situation, cue: Proposal) -> WithheldReason | None:
    """Each class has its stages, and the grant must name them: sleep cues never sound in W, awake sounds only there.

    A cue that goes by the clock may meet any stage: the sleeper must have agreed to the ones it hopes for, or where its
    author says none, to every stage of sleep.
    """
    if cue.waking == "rings":
        return None
    if is_by_the_clock(now, cue):
        hoped = cue.aims_at or OF_SLEEP
        return None if now.grant and {str(stage) for stage in hoped} <= set(now.grant.stages) else "CONSENT"
    awake = cue.sound_class == "awake"
    if awake:
        agreed = is_waking(now.grant, now.stage, now.stage_age_s, unstaged_yet=now.unstaged_yet)
    else:
        agreed = is_stage_of_sleep(now.grant, now.stage)
    if agreed:
        return None
    return "UNSCORED" if now.stage is Stage.UNSCORED and not (awake and now.unstaged_yet) else "STAGE"


def is_aroused(now: Situation, cue: Proposal) -> WithheldReason | None:
    """After an arousal the bed is left in peace for the dreamscape's pause."""
    restless = now.stirring or now.now_s < now.paused_until_s
    return "AROUSAL" if cue.sound_class == "sleep" and restless else None


def is_too_loud(now: Situation, cue: Proposal) -> WithheldReason | None:
    """The planned level must lie under the grant's and the lease's cap."""
    if now.grant is None or now.lease is None:
        return "LEVEL"
    caps_db = now.grant.cap_db(cue.sound_class), now.lease.level_cap_db
    return "LEVEL" if cue.level_db > min(caps_db) else None


def is_overdosed(now: Situation, cue: Proposal) -> WithheldReason | None:
    """All sleep cues of a night together stay under the nightly dose, sham and unknown ones counted as played."""
    if cue.sound_class == "awake":
        return None
    return "DOSE" if now.dose + sound_energy(cue.level_db, cue.lasts_s) > NIGHTLY_DOSE else None


VETOES: tuple[Veto, ...] = (
    is_revoked,
    is_halted,
    is_of_unknown_volume,
    lacks_consent,
    is_not_armed,
    is_stopped,
    is_out_of_bed,
    is_stale,
    is_unconsented_stage,
    is_aroused,
    lacks_lease,
    is_too_loud,
    is_overdosed,
)
"""In this order: what a person decided, then what the house holds, then what the body says, then the paperwork."""


def first_veto(now: Situation, cue: Proposal) -> WithheldReason | None:
    """The first reason not to play, or None: the cue may sound."""
    for veto in VETOES:
        reason = veto(now, cue)
        if reason is not None:
            return reason
    return None
