"""Which rule does a cue break? One name for each: gate, cap, budget, refractory, expiry, consent, and their kind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dreamloom.dreamscape.gate import Gate
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.part import Part
from dreamloom.dreamscape.slots import BY_COMMAND, is_relay, relay_slot
from dreamloom.record.events import CommandGiven, CueDue, LeaseGranted
from dreamloom.testing.oracle_bed import BedTold, further, within_hour
from dreamloom.testing.oracle_company import Company
from dreamloom.testing.oracle_gate import is_open
from dreamloom.testing.oracle_levels import BEDROOM_MAX_DB, is_overdosed, level_cap_db
from dreamloom.testing.oracle_waking import is_of_waking, wrongly_sounded
from dreamloom.testing.oracle_wall import Wall

FRESH_S = 15.0
LEAST_LEAD_S, MOST_LEAD_S, BEGINS_WITHIN_S = 0.0, 1.25, 1.0
COMMAND_S, LEASE_S, REACH_S = 2.0, 30.0, 0.1
TINY = 1e-6
HALF_HOUR_S, WOKEN_OFTEN = 1800.0, 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What a bed was asked to do tonight.

    Attributes:
        dreamscape: as this bed plays it.
        text_sha256: of what its author wrote.
        unstageable: it tells no stage all night.
        said: what stands under each number in the record: parts, those of scenes, relays at their receivers,
            and of each dialogue the question that comes next.
        scene_of: of each that plays in one scene alone.
        groups: of the dreamscape, that this sleeper is in.
        parts: those that play here.
        tonight: cues that all of them together may play, anywhere.
        company: what the other beds of this night have to do with it.
        ends_s: when the consent ends by itself; None with the night.
        arrived_s: when each second was in hand, by its number, as stored beside the signal; those not there in time.
    """

    dreamscape: Dreamscape
    text_sha256: str
    unstageable: bool
    said: dict[int, Part]
    scene_of: Mapping[int, str | None]
    groups: tuple[str, ...]
    parts: tuple[int, ...]
    tonight: int
    company: Company
    wall: Wall
    ends_s: float | None
    arrived_s: Mapping[int, float]


def broken(cue: CueDue, bed: BedTold, asked: Asked) -> Iterator[str]:
    """Every rule that this cue broke when it was decided."""
    now_s = cue.onset_s
    if is_of_waking(cue.part):
        yield from _of_waking(cue, bed, asked)
        return
    yield from _consent(cue.cue, cue.sound_class, bed, asked, play_at_s=cue.play_at_s, part=cue.part)
    yield from _body(cue.sound_class, bed, asked, now_s=now_s, part=cue.part)
    if bed.cues_within_hour(now_s) >= (bed.consent.cues_per_hour if bed.consent else 0):
        yield "BUDGET"
    windows = (window.until_s for part, window in bed.windows.items() if part != cue.part)
    if cue.play_at_s < max((bed.sounds_until_s, *windows)) - TINY:
        yield "OVERLAP"
    if not LEAST_LEAD_S < cue.play_at_s - now_s <= MOST_LEAD_S or cue.expires_s > cue.play_at_s + BEGINS_WITHIN_S:
        yield "TIMING"
    if is_late(asked, now_s, cue.expires_s):
        yield "STALE"
    permit = bed.commands.get(cue.lease) if cue.part == BY_COMMAND else bed.leases.get(cue.lease)
    yield from _permit(cue, permit, bed, asked)
    if cue.level_db > level_cap_db(bed, permit, part=cue.part, now_s=now_s) + 1e-4:
        yield "LEVEL"
    if cue.sound_class == "sleep" and is_overdosed(cue.cue, cue.level_db, bed):
        yield "DOSE"
    if cue.part != BY_COMMAND:
        yield from _part(cue, bed, asked)
    yield from bed.talks.wrongly_asked(cue)
    if is_relay(cue.part):
        yield from asked.company.broken_relay(cue, bed)


def _of_waking(cue: CueDue, bed: BedTold, asked: Asked) -> Iterator[str]:
    """A sound that wakes is held back by people, the house and the caps alone; one behind it by sleep as well."""
    lease = bed.leases.get(cue.lease)
    if bed.withdrawn:
        yield "REVOKED"
    for holds, name in ((bed.held, "HALTED"), (not bed.armed, "NOT_REARMED"), (bed.volume_moved, "VOLUME")):
        if holds:
            yield name
    if bed.guard_at(cue.tick) == "ISOLATE":
        yield "HALTED"
    if asked.ends_s is not None and cue.play_at_s >= asked.ends_s:
        yield "EXPIRY"
    if bed.woken.ringing is None and not _is_awake(bed, asked):
        yield "STAGE"
    if cue.play_at_s < bed.sounds_until_s - TINY:
        yield "OVERLAP"
    if cue.level_db > level_cap_db(bed, lease, part=cue.part, now_s=cue.onset_s) + bed.lowered_db + 1e-4:
        yield "LEVEL"
    yield from wrongly_sounded(cue, bed.woken, asked.dreamscape, consent=bed.consent, lease=lease)


def owed(part: int, bed: BedTold, asked: Asked, *, now_s: float) -> bool:
    """Whether this part's cue was lawful and due now, by the record; leases aside, which the house owes."""
    said = asked.said[part]
    cue = asked.dreamscape.cues.get(said.play)
    if cue is None or bed.consent is None:
        return False
    if bed.woken.keeps_quiet(now_s) or bed.talks.are_listening:
        return False
    if part in bed.talks.held and bed.talks.held[part].is_over:
        return False
    if asked.scene_of.get(part) not in {None, bed.scene} or (is_relay(part) and not waits(part, bed, now_s)):
        return False
    if not _is_open(part, bed, asked, now_s) or is_resting(part, bed, asked, now_s, drawn_s=said.jitter_s or 0.0):
        return False
    play_at_s = now_s + 0.25
    against = (
        *_consent(said.play, cue.sound_class, bed, asked, play_at_s=play_at_s, part=part),
        *_body(cue.sound_class, bed, asked, now_s=now_s, part=part),
        *_budget(part, bed, asked, now_s),
    )
    spent = bed.cues_within_hour(now_s) >= bed.consent.cues_per_hour
    most_db = min(BEDROOM_MAX_DB, bed.threshold_db + asked.dreamscape.levels.over_threshold_db)
    spent = spent or (cue.sound_class == "sleep" and is_overdosed(said.play, most_db, bed))
    return not against and not spent and play_at_s >= bed.sounds_until_s and not is_late(asked, now_s, play_at_s + 0.5)


def to_be_woken(bed: BedTold, asked: Asked, now_s: float) -> list[int]:
    """Dialogues behind which this sleeper was lawfully to be woken now, by the record."""
    agreed = bed.consent is not None and "wake" in bed.consent.purposes and not bed.withdrawn
    free = bed.armed and not (bed.held or bed.out_of_bed or bed.woken.keeps_quiet(now_s))
    seen = asked.unstageable or (bed.told and now_s - bed.told[-1].end_s <= FRESH_S)
    if not agreed or not free or not seen or bed.guard_at(round(now_s) - 1) in {"ISOLATE", "FADE", "WAKE"}:
        return []
    return list(bed.talks.to_wake(now_s))


def leasable(bed: BedTold, asked: Asked, now_s: float) -> bool:
    """Whether the house owes this bed a lease."""
    if bed.consent is None or bed.withdrawn or bed.held or bed.lost or bed.stopped or not bed.armed:
        return False
    if further(bed.guard, bed.by_hand) in WITHOUT_CUES:
        return False
    ended = asked.ends_s is not None and now_s >= asked.ends_s
    return not ended and "cue" in bed.consent.purposes and bed.house_counts < asked.tonight


def is_late(asked: Asked, now_s: float, begin_by_s: float) -> bool:
    """The second just over was in hand too late for a cue that must begin by then."""
    return asked.arrived_s.get(round(now_s) - 1, now_s) + REACH_S > begin_by_s


def is_resting(part: int, bed: BedTold, asked: Asked, now_s: float, *, drawn_s: float = 0.0) -> bool:
    """Its last cue is younger than its interval, with what is drawn for it; or anybody's than its refractory time."""
    said, last_s = asked.said[part], bed.parts[part].last_s
    rest_s = said.refractory_s or 0.0
    own = last_s is not None and now_s - last_s < max(said.every_s + drawn_s, rest_s) - TINY
    train_s = bed.parts[part].train_s
    own = own or (train_s is not None and train_s >= now_s)
    return own or (bool(bed.cues_s) and now_s - bed.cues_s[-1] < rest_s - TINY)


def _consent(name: str, kind: str, bed: BedTold, asked: Asked, *, play_at_s: float, part: int) -> Iterator[str]:
    grant = bed.consent
    if bed.withdrawn:
        yield "REVOKED"
    agreed = grant is not None and grant.dreamscape_sha256 == asked.text_sha256
    if grant is None or not agreed or "cue" not in grant.purposes or name not in grant.cues:
        yield "CONSENT"
        return
    if asked.ends_s is not None and play_at_s >= asked.ends_s:
        yield "EXPIRY"
    if is_by_the_clock(asked, kind, part):
        hoped = {str(stage) for stage in asked.said[part].aims_at} or {"N1", "N2", "N3", "R"}
        yield from () if hoped <= set(grant.stages) else ("CONSENT",)
        return
    asleep = bed.stage in {"N1", "N2", "N3", "R"} and bed.stage in grant.stages
    awake = "W" in grant.stages and _is_awake(bed, asked)
    if not (asleep if kind == "sleep" else awake):
        yield "STAGE"


WITHOUT_CUES = frozenset({"HOLD", "ISOLATE", "FADE", "WAKE"})


def is_by_the_clock(asked: Asked, kind: str, part: int) -> bool:
    """A sleep cue that asks for no stage, at a bed that tells none."""
    return asked.unstageable and kind == "sleep" and part in asked.said and asked.said[part].label == "unstaged"


def _is_awake(bed: BedTold, asked: Asked) -> bool:
    return bed.stage == "W" or (not bed.staged and not asked.unstageable)


def _body(kind: str, bed: BedTold, asked: Asked, *, now_s: float, part: int) -> Iterator[str]:
    """What the bed and the house hold against any cue, then against one for somebody asleep."""
    for holds, name in (
        (bed.held or bed.guard_at(round(now_s) - 1) in WITHOUT_CUES, "HALTED"),
        (not bed.armed, "NOT_REARMED"),
        (bed.stopped, "STOPPED"),
        (bed.out_of_bed, "OUT_OF_BED"),
        (bed.volume_moved, "VOLUME"),
        (bed.lost, "LOST"),
        (sum(now_s - at_s < HALF_HOUR_S for at_s in bed.awakenings_s) >= WOKEN_OFTEN, "WOKEN"),
    ):
        if holds:
            yield name
    if now_s < bed.quiet_until_s or (kind == "sleep" and now_s < bed.paused_until_s):
        yield "PAUSE"
    old = not bed.told or now_s - bed.told[-1].end_s > FRESH_S
    unseen = kind == "awake" and not bed.staged and not asked.unstageable
    if old and not unseen and not is_by_the_clock(asked, kind, part):
        yield "STALE"


def _permit(cue: CueDue, permit: LeaseGranted | CommandGiven | None, bed: BedTold, asked: Asked) -> Iterator[str]:
    if permit is None:
        yield "LEASE"
        return
    fits = permit.dreamscape_sha256 == asked.text_sha256 and permit.sound_class == cue.sound_class
    if isinstance(permit, CommandGiven):
        until_s = min(permit.not_after_s, permit.onset_s + COMMAND_S)
        fits = fits and permit.cue_sha256 == cue.cue_sha256 and bed.cues_of_lease.get(permit.id, 0) == 0
    else:
        until_s = min(permit.not_after_s, permit.not_before_s + LEASE_S)
        fits = fits and permit.cues.get(cue.cue) == cue.cue_sha256 and cue.onset_s >= permit.not_before_s
        lapsed = bed.lapsed.get(permit.lease)
        fits = fits and (lapsed is None or cue.tick < lapsed + 3)
        fits = fits and bed.cues_of_lease.get(permit.lease, 0) < permit.cues_left
    if not fits or cue.play_at_s >= until_s:
        yield "LEASE"


def _part(cue: CueDue, bed: BedTold, asked: Asked) -> Iterator[str]:
    if cue.part not in asked.parts:
        yield "UNHEEDED"
        return
    if bed.woken.keeps_quiet(cue.onset_s):
        yield "AWAKENING"
    if bed.talks.are_listening:
        yield "OVERLAP"
    if asked.scene_of.get(cue.part) not in {None, bed.scene}:
        yield "SCENE"
    if not _is_open(cue.part, bed, asked, cue.onset_s):
        yield "GATE"
    memory = bed.parts[cue.part]
    goes_on = memory.train_s is not None and memory.train_s == cue.play_at_s and memory.train_left > 0
    if not goes_on and is_resting(cue.part, bed, asked, cue.onset_s):
        yield "REFRACTORY"
    yield from _budget(cue.part, bed, asked, cue.onset_s)


def _budget(part: int, bed: BedTold, asked: Asked, now_s: float) -> Iterator[str]:
    budget, cues_s = asked.said[part].budget, bed.parts[part].cues_s
    if len(cues_s) >= budget.per_night or within_hour(cues_s, now_s) >= budget.per_hour:
        yield "BUDGET"


def _is_open(part: int, bed: BedTold, asked: Asked, now_s: float) -> bool:
    return gate_is_open(asked.said[part].when, bed, asked, now_s, part=part)


def gate_is_open(gate: Gate, bed: BedTold, asked: Asked, now_s: float, *, part: int | None) -> bool:
    """A gate of this bed, of a part or of none."""
    return is_open(
        gate,
        bed,
        now_s,
        part=part,
        wall=asked.wall,
        unstageable=asked.unstageable,
        quorum=asked.company.number_of(gate.quorum),
    )


def waits(part: int, bed: BedTold, now_s: float) -> bool:
    """A signal of somebody is waiting to become this relay's cue."""
    return any(relay_slot(each.relay) == part and each.from_s <= now_s < each.until_s for each in bed.waiting)
