"""What may the page at one bed know and do? Its own consent in one sentence, its sounds by content, and a no."""

import hashlib
import re
from datetime import datetime
from pathlib import Path

import msgspec

from dreamloom.governance.consent import END_OF_NIGHT, Grant, read_grants
from dreamloom.house import consenting, mornings, phone_graded, pod_links, withdrawing, word_check
from dreamloom.house.glance import glance
from dreamloom.house.joined_streams import of_phone
from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import PodAsked, read_night
from dreamloom.house.speakers import page_device
from dreamloom.house.texts import read_text
from dreamloom.vocabulary.errors import DreamloomError, UsageError
from dreamloom.vocabulary.texts import Say, in_english

CHANNEL = "pod page"
SLEEPING = {
    "W": "waking moments",
    "N1": "the first minutes of sleep",
    "N2": "light sleep",
    "N3": "deep sleep",
    "R": "dreaming sleep",
}
"""Stages as somebody who goes to bed calls them."""
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SHA256 = re.compile(r"[0-9a-f]{64}")
MOST_SOUNDS = 64
"""What a page makes ready in the evening at most; others come when they are due. Ours."""


class AtBed(msgspec.Struct, frozen=True, kw_only=True):
    """What a page shows of its own bed; it names no cue and no theme.

    Attributes:
        tonight: which night it is, by a name that tells nothing.
        agreed: to what, in one sentence.
        withdrawn, over: the sleeper's no stands; the night is closed.
        locked: its sleeper told what they dreamt, and nothing changes that any more.
        plays_here: whether the bed's sound is this page.
        may_listen: whether what is just heard may still be found for tonight.
        may_be_heard: whether its sleeper agreed that whoever is awake may hear this room.
        feels_movement: whether the bed's signal is how this phone moves.
        grade: how good this phone was when it was rehearsed for tonight, with the reasons; "" where it was not.
        words: what this page is known by, to be compared with what the house shows.
    """

    pod: str
    tonight: str
    agreed: str
    withdrawn: bool
    over: bool
    locked: bool
    plays_here: bool
    may_listen: bool
    may_be_heard: bool
    feels_movement: bool
    grade: str
    words: str


def at_bed(folder: NightFolder, pod: str, *, words: str, say: Say = in_english) -> AtBed:
    """This bed as it stands, for the page of these words, in the language of its sleeper.

    Raises:
        ConfigError: when the night's files cannot be read.
    """
    bed = bed_at(folder, pod)
    plays_here, seen = page_device(bed) is not None, glance(folder)
    grants = read_grants(read_text(folder.consent_toml, what="who agreed to what"), file=str(folder.consent_toml))
    return AtBed(
        pod=pod,
        tonight=pod_links.tonight(folder),
        agreed=in_one_sentence(grants.get(bed.sleeper), say=say),
        withdrawn=withdrawing.withdrawn_tonight(folder.house.pod(pod), folder.name, bed.sleeper) is not None,
        over=seen.is_over,
        locked=mornings.morning_of(folder.house, bed.sleeper, folder.name).is_locked,
        plays_here=plays_here,
        may_listen=plays_here and seen.opened is None,
        grade=phone_graded.in_words(phone_graded.kept_for(folder, bed), say=say),
        may_be_heard=(mine := grants.get(bed.sleeper)) is not None and "listen" in mine.purposes,
        feels_movement=bed.source == of_phone().source,
        words=words,
    )


def in_one_sentence(grant: Grant | None, *, say: Say = in_english) -> str:
    """To what somebody agreed, as they may read it half asleep."""
    if grant is None or "cue" not in grant.purposes:
        return say("You agreed to no sound tonight, and none will come.") + _of_voices(grant, say)
    stages = [say(SLEEPING[stage]) for stage in SLEEPING if stage in grant.stages]
    one_of = say("{these} or {last}", these=", ".join(stages[:-1]), last=stages[-1]) if len(stages) > 1 else stages[0]
    sounds = say(
        "You agreed to soft sounds in {stages}, at most {level} dB(A) and {count} an hour, until {until}; "
        "you can take it back here at any moment.",
        stages=one_of,
        level=f"{grant.level_cap_db:g}",
        count=grant.cues_per_hour,
        until=_until(grant.expires, say),
    )
    return sounds + _of_voices(grant, say)


def _of_voices(grant: Grant | None, say: Say) -> str:
    """To which voices across the wall; nothing where to none."""
    purposes = set() if grant is None else {*grant.purposes}
    talk = say("Whoever is awake may talk to you here.") if "talk" in purposes else ""
    listen = (
        say("Whoever is awake may hear this room, and it stands here while they do.") if "listen" in purposes else ""
    )
    return "".join(f" {each}" for each in (talk, listen) if each)


def _until(expires: str, say: Say) -> str:
    if expires == END_OF_NIGHT:
        return say("the end of the night")
    try:
        at = datetime.fromisoformat(expires)
    except ValueError:
        return expires
    return say("{day} {month}, {clock}", day=f"{at:%d}", month=say(MONTHS[at.month - 1]), clock=f"{at:%H:%M}")


def sounds(folder: NightFolder, pod: str) -> list[str]:
    """The names of the newest sounds that lie at this bed, each the SHA-256 of its frames."""
    found = [path for path in folder.house.pod(pod).cues.glob("*") if SHA256.fullmatch(path.name)]
    newest = sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return sorted(path.name for path in newest[:MOST_SOUNDS])


def sound(folder: NightFolder, pod: str, sha256: str) -> bytes | None:
    """The float32 frames of one sound of this bed; None where it is not there or is not what its name says."""
    if SHA256.fullmatch(sha256) is None:
        return None
    path: Path = folder.house.pod(pod).cues / sha256
    try:
        found = path.read_bytes()
    except OSError:
        return None
    return found if hashlib.sha256(found).hexdigest() == sha256 else None


def stop(folder: NightFolder, pod: str) -> None:
    """The sleeper's no, said on their page, where it was obeyed already; silent and on the disk when this returns.

    Raises:
        RecordError: when the disk refuses; the bed is silent all the same while its night runs.
    """
    try:
        sleeper = withdrawing.find_pod(withdrawing.who_sleeps_where(folder), pod)[1]
    except DreamloomError:
        if glance(folder).is_over:
            return
        raise
    house = folder.house
    if withdrawing.withdrawn_tonight(house.pod(pod), folder.name, sleeper) is not None:
        return
    withdrawing.withdraw(house, night=folder.name, pod=pod, sleeper=sleeper, channel=CHANNEL)
    consenting.noted(house, sleeper, about=folder.name, channel=CHANNEL)


def heard(folder: NightFolder, pod: str) -> None:
    """The sleeper counted the notes of the sound check: this page is at this ear.

    Raises:
        UsageError: DL-E177 when the bed's sound is another output.
    """
    bed = bed_at(folder, pod)
    word_check.keep(folder, bed, device_of(bed), "notes")


def device_of(bed: PodAsked) -> str:
    """The id of this bed's page as its output.

    Raises:
        UsageError: DL-E177 when the bed's sound is another output.
    """
    device = page_device(bed)
    if device is None:
        raise UsageError(
            "DL-E177",
            f"The sound of {bed.id} is not a page.",
            do='Write speaker = { device = "browser" } in night.toml.',
        )
    return device


def sleeper_of(folder: NightFolder, pod: str) -> str:
    """Who sleeps there, in an open night and in one that is over."""
    return bed_at(folder, pod).sleeper


def bed_at(folder: NightFolder, pod: str) -> PodAsked:
    """This bed as night.toml asks for it; raises ConfigError where that cannot be read."""
    text = read_text(folder.night_toml, what="what was asked for tonight: the dreamscape and the pods")
    found = {bed.id: bed for bed in read_night(text, file=str(folder.night_toml)).pod}
    return found[withdrawing.find_pod({bed.id: bed.sleeper for bed in found.values()}, pod)[0]]
