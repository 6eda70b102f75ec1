"""How good was the phone at this bed when it was rehearsed for tonight? Kept beside the night, and told."""

import msgspec

from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.speakers import page_device
from dreamloom.jukebox.phone_grades import MAY, Rehearsed, graded, told
from dreamloom.record.events import PhoneGraded
from dreamloom.vocabulary.texts import Say, in_english
from dreamloom.vocabulary.units import NightTime


class KeptGrade(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of graded/POD.json."""

    sleeper: str
    device: str
    minutes: float
    found: Rehearsed


def kept_for(folder: NightFolder, bed: PodAsked) -> KeptGrade | None:
    """The grade of this bed's phone for tonight; None where it was not rehearsed, or somebody else's was."""
    if page_device(bed) is None:
        return None
    try:
        kept = msgspec.json.decode(folder.graded(bed.id).read_bytes(), type=KeptGrade)
    except (OSError, msgspec.DecodeError):
        return None
    return kept if kept.sleeper == bed.sleeper else None


def in_words(kept: KeptGrade | None, *, say: Say = in_english) -> str:
    """For the page and the evening check; "" where nobody rehearsed."""
    return "" if kept is None else told(kept.found, say=say)


def event_of(kept: KeptGrade, onset_s: NightTime) -> PhoneGraded:
    """The grade as the record holds it."""
    grade, reasons = graded(kept.found)
    found = kept.found
    return PhoneGraded(
        onset_s=onset_s,
        device=kept.device,
        grade=grade,
        reasons=reasons,
        minutes=kept.minutes,
        cues=found.cues,
        error_ms=found.error_ms,
        missed_share=found.missed_share,
        absent_s=found.absent_s,
        seen_share=found.seen_share,
        lock_lost_share=found.lock_lost_share,
        battery_per_h=found.battery_per_h,
    )


def warning(pod: PodAsked, kept: KeptGrade | None) -> str:
    """What a person should know before a night on a phone that is no speaker; "" for any other."""
    if kept is None or graded(kept.found)[0] != "below C":
        return ""
    return f"{pod.id}: its phone was rehearsed below C. {MAY['below C']}"
