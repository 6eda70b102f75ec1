"""How loud may this cue be, by everything that was written, agreed, heard and leased?"""

from dreamloom.record.events import CommandGiven, LeaseGranted
from dreamloom.testing.oracle_bed import BedTold, energy, longest_s, restarts

RAMP_DB = 40.0
BEDROOM_MAX_DB, AWAKE_MAX_DB = 45.0, 75.0
NIGHTLY_DOSE = 10.0**3 * 8 * 3600.0
"""30 dB over eight hours (WHO, 1999)."""
Permit = LeaseGranted | CommandGiven | None


def level_cap_db(bed: BedTold, permit: Permit, *, part: int, now_s: float) -> float:
    """The loudest that is lawful: every cap, less what arousals took, on the ramp from silent."""
    most_db = _target_db(bed, permit, part=part, now_s=now_s)
    ramp = bed.said[part].ramp if part in bed.said else None
    if ramp is None:
        return most_db
    memory = bed.parts[part]
    from_s = memory.ramp_from_s
    since_s = 0.0 if from_s is None or restarts(bed.said[part], memory, now_s) else now_s - from_s
    return most_db - RAMP_DB * max(0.0, 1.0 - since_s / ramp.over_s)


def _target_db(bed: BedTold, permit: Permit, *, part: int, now_s: float) -> float:
    levels, said = bed.dreamscape.levels, bed.said.get(part)
    permit_db = permit.level_cap_db if permit else 0.0
    agreed_db = bed.consent.level_cap_db if bed.consent else 0.0
    if permit and permit.sound_class == "awake" and bed.awake_cap_db is not None:
        agreed_db = bed.awake_cap_db
        if levels.awake_cap_dba is not None:
            return min(levels.awake_cap_dba, agreed_db, permit_db, AWAKE_MAX_DB)
    caps_db = (BEDROOM_MAX_DB, levels.cap_dba, bed.threshold_db + levels.over_threshold_db, permit_db, agreed_db)
    in_trains = said is not None and (said.repeat is not None or said.blocks is not None)
    softer_db = levels.train_lower_db if in_trains and levels.train_lower_db else 0.0
    guard_db = 6.0 if bed.guard_at(round(now_s) - 1) == "SOFTEN" else 0.0
    return min(caps_db) - bed.lowered_now_db(now_s) - softer_db - guard_db


def is_overdosed(cue: str, level_db: float, bed: BedTold) -> bool:
    """All sleep cues of a night together: 30 dB over eight hours (WHO, 1999)."""
    return bed.dose + energy(level_db, longest_s(bed.dreamscape, cue)) > NIGHTLY_DOSE * (1.0 + 1e-9)
