"""What are the rules of the house asked about a cue? The same moment the vetoes look at, in whole numbers and words."""

from collections.abc import Collection
from typing import NamedTuple

from dreamloom.governance.consent import Grant
from dreamloom.governance.policy.request import NEVER_STAGED_MS, NO_END_S, CueRequest, Eligibility
from dreamloom.vetoes.cue import Proposal, Situation, is_by_the_clock
from dreamloom.vocabulary.units import Decibels, NightTime, Seconds

SILENT_DDB = -1000
"""A level that nobody hears, minus infinity among them. Ours."""


class Around(NamedTuple):
    """What the vetoes need not know, and a rule may ask for.

    Attributes:
        tags: of the dreamscape. eligibility: of the sleeper. policy_sha256: of the rules in force.
        confidence: of the newest stage, 0 to 1. awakenings: by cues, in the last half hour.
        relayed: another sleeper's signal led to the cue.
    """

    tags: Collection[str]
    eligibility: Eligibility
    policy_sha256: str
    confidence: float
    awakenings: int
    relayed: bool


def request_of(now: Situation, cue: Proposal, around: Around) -> CueRequest:
    """This cue at this moment, as a policy may look at it."""
    grant, lease = now.grant, now.lease
    left_s = _left_s(now.grant_ends_s, cue.play_at_s)
    return CueRequest(
        granted=grant is not None and "cue" in grant.purposes,
        dreamscape_agreed=grant is not None and grant.dreamscape_sha256 == cue.dreamscape_sha256,
        cue_agreed=grant is not None and cue.cue in grant.cues,
        sound_agreed=lease is not None and lease.cues.get(cue.cue) == cue.cue_sha256,
        rules_agreed=lease is not None and lease.policy_sha256 == around.policy_sha256,
        revoked=now.revoked,
        held=now.halted,
        grant_left_s=left_s,
        sound_class=cue.sound_class,
        waking=cue.waking,
        wake_agreed=grant is not None and grant.may_be_woken,
        by_clock=is_by_the_clock(now, cue),
        stage=str(now.stage),
        stage_age_ms=_age_ms(now.stage_age_s),
        confidence_permille=round(1000 * around.confidence),
        unstaged_yet=now.unstaged_yet,
        stages_agreed=() if grant is None else grant.stages,
        lost=now.lost,
        restless=now.stirring or now.now_s < now.paused_until_s,
        level_ddb=_ddb(cue.level_db),
        level_cap_ddb=_cap_ddb(grant, cue),
        cues_last_hour=now.cues_last_hour,
        cues_per_hour=0 if grant is None else grant.cues_per_hour,
        awakenings_half_hour=around.awakenings,
        tags=tuple(sorted(around.tags)),
        relayed=around.relayed,
        relay_agreed=grant is not None and bool(grant.relay_from),
        intake=around.eligibility.intake,
        care=around.eligibility.care,
        clinician=around.eligibility.clinician,
        protocol=around.eligibility.protocol,
    )


def _left_s(ends_s: NightTime | None, play_at_s: NightTime) -> int:
    """Whole seconds, rounded up: what is left is never told as nothing while it is something."""
    return NO_END_S if ends_s is None else -int((play_at_s - ends_s) // 1)


def _age_ms(age_s: Seconds | None) -> int:
    return NEVER_STAGED_MS if age_s is None else round(1000 * age_s)


def _ddb(level_db: Decibels) -> int:
    return max(SILENT_DDB, round(10 * level_db)) if level_db > SILENT_DDB / 10 else SILENT_DDB


def _cap_ddb(grant: Grant | None, cue: Proposal) -> int:
    return SILENT_DDB if grant is None else round(10 * grant.cap_db(cue.sound_class))
