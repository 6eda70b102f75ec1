"""May a voice pass the wall now, in either direction, and what ends it? Asked before, and twice a second while it does.

Everybody whose bed is in the room agreed to it, nobody there took it back, the night runs and writes down that it began
before anything is heard. Whatever cannot be read counts as a no.
"""

import secrets
import time
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.engine.clocks import utc_now
from dreamloom.gallery.live_row import Row
from dreamloom.gallery.live_rows import NightNow
from dreamloom.governance.consent import Grant
from dreamloom.house import by_hand, hearing, intercom, pod_consent, pod_page, withdrawing
from dreamloom.house.by_hand import GOOD_FOR_S, Begin, End
from dreamloom.house.intercom import FRESH_S
from dreamloom.house.layout import NightFolder
from dreamloom.house.left_behind import asked_beds, sleepers_of
from dreamloom.house.speakers import page_device
from dreamloom.house.standing_consent import is_taken_back
from dreamloom.house.voice_refusals import refused
from dreamloom.jukebox.levels import gain
from dreamloom.record.events import ThresholdMeasured
from dreamloom.record.room_events import Aloud, Doze, EndOfVoice, VoiceBegan, VoiceEnded
from dreamloom.vocabulary.errors import DreamloomError
from dreamloom.vocabulary.units import Decibels, Seconds

LASTS_S = Seconds(120.0)
"""Whoever needs longer opens it again, or goes there. Ours."""
VOICE_DB = Decibels(-12.0)
"""How loud speech at full scale is at most, against a tone at full scale; it is mostly softer by some 6 dB. Ours."""
NOTED_WITHIN_S = Seconds(GOOD_FOR_S + 4.0)
"""What was taken up at the last moment stands in the record within so long."""
LOOK_EVERY_S = 0.1


class Use(Struct, frozen=True, kw_only=True):
    """One use of the intercom that may begin.

    Attributes:
        room: the other beds that hear it or are heard.
        doze: of whoever sleeps least awake there.
        loudest: the gain above which no sample of a voice may be at the bed's page; 0 where nobody talks.
        although: whoever opened it chose to talk though somebody may sleep.
    """

    use: str
    pod: str
    way: Aloud
    by: str
    room: tuple[str, ...]
    doze: Doze
    loudest: float
    although: bool


class Heard(Struct, frozen=True, kw_only=True):
    """One use, as the record tells it."""

    use: str
    pod: str
    at_s: float
    by: str
    way: Aloud
    doze: Doze
    until_s: float
    lasted_s: float | None
    why: str


def room_of(folder: NightFolder, pod: str) -> tuple[str, ...]:
    """The other beds that hear what this one hears, whichever of them says so."""
    beds = asked_beds(folder)
    near = {str(other) for other in beds.get(pod, {}).get("shares_room_with", ())}
    near |= {other for other, asked in beds.items() if pod in asked.get("shares_room_with", ())}
    return tuple(sorted(near - {pod}))


def doze_of(now: NightNow, beds: Sequence[str]) -> Doze:
    """Whether all of these are awake; one that nothing fresh is known of is not known to be."""
    found = {_doze(now.rows.get(bed), now.now_s) for bed in beds}
    return "asleep" if "asleep" in found else "unknown" if "unknown" in found else "awake"


def _doze(row: Row | None, now_s: float) -> Doze:
    if row is None:
        return "unknown"
    if row.out_of_bed:
        return "awake"
    if row.scored_s is None or now_s - row.scored_s > FRESH_S or row.stage == "?":
        return "unknown"
    return "awake" if row.stage == "W" else "asleep"


def ends(folder: NightFolder, use: Use, now: NightNow) -> EndOfVoice | None:
    """What ends this use now, or forbids that it begins; None while nothing does."""
    beds = (use.pod, *use.room)
    sleepers = sleepers_of(folder)
    if not intercom.is_running(folder):
        return "NIGHT_OVER"
    if any(withdrawing.withdrawn_tonight(folder.house.pod(bed), folder.name, sleepers.get(bed, "")) for bed in beds):
        return "WITHDRAWN"
    if not all(_agreed(folder, bed, sleepers.get(bed, ""), use.way) for bed in beds):
        return "NO_CONSENT"
    if is_over(folder, use.use):
        return "CLOSED"
    row = now.rows.get(use.pod)
    if use.way == "talk" and row is not None and "ISOLATE" in {row.rung, row.by_hand}:
        return "NO_SOUND"
    if use.way == "talk" and not use.although and doze_of(now, beds) != "awake":
        return "ASLEEP"
    return None


def _agreed(folder: NightFolder, pod: str, sleeper: str, way: Aloud) -> bool:
    grant = _grant(folder, pod, sleeper)
    return grant is not None and way in grant.purposes and not is_taken_back(folder.house, sleeper, grant.given_at)


def _grant(folder: NightFolder, pod: str, sleeper: str) -> Grant | None:
    """What holds at this bed now; None for anything that cannot be read, was signed by nobody, or is over."""
    try:
        vault = FolderVault(folder.house.keys, may_make_keys=False)
        held = pod_consent.held(folder.house.pod(pod), night=folder.name, vault=vault)
    except (DreamloomError, OSError):
        return None
    grant = held.grant
    if held.sleeper != sleeper or grant is None or grant.local_end is not None:
        return None
    return grant if _holds(grant.ends_at()) else None


def _holds(ends_at: datetime | None) -> bool:
    return ends_at is None or utc_now() < ends_at


def ask(  # noqa: PLR0913 - a use and what is known before it, by name
    folder: NightFolder, pod: str, way: Aloud, *, by: str, now: NightNow, although: bool, is_blinded: bool
) -> Use:
    """A use that may begin; nothing was noted yet.

    Raises:
        RefusedError: with the reason, DL-E770 to DL-E776, and DL-E507 where no night runs.
        UsageError: DL-E129 for a name that cannot stand in a record.
    """
    by_hand.refuse_name(by)
    intercom.refuse_closed(folder)
    if way == "listen" and is_blinded:
        raise refused("UNHEARD", pod)
    room = room_of(folder, pod)
    doze: Doze = doze_of(now, (pod, *room))
    use = Use(use=secrets.token_hex(8), pod=pod, way=way, by=by, room=room, doze=doze, loudest=0.0, although=although)
    why = ends(folder, use, now)
    if why is not None:
        raise refused(why, pod)
    if way == "listen":
        return use
    return replace(use, loudest=_loudest(folder, pod))


def _loudest(folder: NightFolder, pod: str) -> float:
    """By the cap of awake sounds, on the scale of this bed; raises RefusedError DL-E773 where no page is its output."""
    device = page_device(pod_page.bed_at(folder, pod))
    sleeper = sleepers_of(folder).get(pod, "")
    grant = _grant(folder, pod, sleeper)
    if device is None or grant is None:
        raise refused("NOT_READY", pod)
    with read_only(folder.record) as record:
        told = [each for each in record.of_type("ThresholdMeasured", sleeper) if isinstance(each, ThresholdMeasured)]
    mine = [each for each in told if (each.pod, each.device) == (pod, device)]
    full_scale_db = hearing.full_scale_db(device, folder.house, mine[-1] if mine else None)
    return gain(Decibels(grant.cap_db("awake")), full_scale_db=full_scale_db, loudness_db=VOICE_DB)


def begin(folder: NightFolder, use: Use) -> None:
    """Returns once the night's record tells that this use began.

    Raises:
        RefusedError: DL-E774 when it does not within a few seconds; then nothing may be heard.
    """
    left = by_hand.leave(
        folder,
        Begin(pod=use.pod, by=use.by, use=use.use, way=use.way, room=use.room, doze=use.doze, lasts_s=float(LASTS_S)),
    )
    until_s = time.monotonic() + NOTED_WITHIN_S
    while time.monotonic() < until_s:
        if _told(folder, VoiceBegan, use.use):
            return
        time.sleep(LOOK_EVERY_S)
    if not left.exists():  # taken up, and told too late
        end(folder, use, "LOST", lasted_s=0.0)
    left.unlink(missing_ok=True)
    raise refused("UNNOTED", use.pod)


def end(folder: NightFolder, use: Use, why: EndOfVoice, *, lasted_s: float) -> None:
    """Leaves word that nobody is heard any more; a night that is over takes none, and its `until_s` holds."""
    by_hand.leave(folder, End(pod=use.pod, by=use.by, use=use.use, way=use.way, why=why, lasted_s=lasted_s))


def is_over(folder: NightFolder, use: str) -> bool:
    """Whether the record says that this use ended; a person at a terminal may have ended it."""
    return _told(folder, VoiceEnded, use)


def _told(folder: NightFolder, kind: type[VoiceBegan] | type[VoiceEnded], use: str) -> bool:
    if not folder.record.exists():
        return False
    with read_only(folder.record) as record:
        return any(isinstance(each, kind) and each.use == use for each in record.of_type(kind.__name__))


def uses(folder: NightFolder, pod: str) -> list[Heard]:
    """Every use at this bed and in its room, oldest first; without what was said, which is nowhere."""
    if not folder.record.exists():
        return []
    with read_only(folder.record) as record:
        began = [each for each in record.of_type("VoiceBegan") if isinstance(each, VoiceBegan)]
        ended = {each.use: each for each in record.of_type("VoiceEnded") if isinstance(each, VoiceEnded)}
    return [_heard(each, ended.get(each.use)) for each in began if pod == each.pod or pod in each.room]


def _heard(began: VoiceBegan, ended: VoiceEnded | None) -> Heard:
    return Heard(
        use=began.use,
        pod=began.pod or "",
        at_s=began.onset_s,
        by=began.by,
        way=began.way,
        doze=began.doze,
        until_s=began.until_s,
        lasted_s=None if ended is None else ended.lasted_s,
        why="" if ended is None else ended.why,
    )


def newest_open(folder: NightFolder, pod: str) -> Heard | None:
    """The newest use in this room that the record tells no end of; None where there is none."""
    going = [each for each in uses(folder, pod) if not each.why]
    return going[-1] if going else None
