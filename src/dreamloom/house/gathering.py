"""Who has come together before a shared night and after it, and what do they say? Ready, away; back, and a few words.

In the evening nobody says what the night is about: every dream is told first. In the morning nobody's words are shown
before every dream of the night was told and locked, or its time was over; then to the circle alone. What somebody
shares lies beside the night, sealed under their own key, and goes with them.
"""

import base64
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import msgspec
from msgspec import Struct

from dreamloom.adapters.folders import write_durably
from dreamloom.adapters.keys import FolderVault
from dreamloom.engine.clocks import utc_now
from dreamloom.governance.consent import read_grants
from dreamloom.house import mornings, opening
from dreamloom.house.layout import NightFolder
from dreamloom.house.left_behind import sleepers_of
from dreamloom.house.pod_page import in_one_sentence
from dreamloom.house.texts import read_text
from dreamloom.record.events import Sealed
from dreamloom.record.sealing import open_sealed, seal_for
from dreamloom.vocabulary.errors import DreamloomError, RefusedError, UsageError
from dreamloom.vocabulary.texts import Say, filled, in_english

FOLDER = "gathering"
MOST_CHARACTERS = 2000
"""A few sentences, read aloud in two minutes. Ours."""
Which = Literal["evening", "morning"]
Word = Literal["", "ready", "back", "shared", "away"]
WORDS: Mapping[Which, tuple[Word, ...]] = MappingProxyType(
    {"evening": ("ready", "away", ""), "morning": ("back", "shared", "away")}
)
MODES = {
    "private": "Each of us has a night of their own.",
    "shared": "It is a shared night: some moments come to all of us at once.",
    "hybrid": "Each of us has a night of their own, and some moments come to all of us at once.",
}
AGREEMENTS = (
    "Each of us may stop their own bed at any moment, without a reason.",
    "Nobody asks why somebody got up, stopped or left.",
    "Nobody tells their dream to another before both have told it to the house.",
    "What is said in this circle stays in it.",
)
"""What a circle holds to, in this house; a facilitator may read more. Ours."""


class Kept(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of gathering/POD.WHICH.json; what is shared is ciphertext."""

    sleeper: str
    word: Word
    said_utc: str
    sealed: Sealed | None = None
    ciphertext: str = ""


class Seat(Struct, frozen=True, kw_only=True):
    """One of the circle; `words` are what they share, "" while nothing may be read or nothing was said."""

    pod: str
    sleeper: str
    word: Word
    words: str = ""


class Circle(Struct, frozen=True, kw_only=True):
    """A circle as it stands.

    Attributes:
        is_whole: everybody who is here has said it: ready in the evening, what they share in the morning.
        may_be_read: what is shared in the morning is shown by now.
    """

    which: Which
    seats: tuple[Seat, ...]
    is_whole: bool
    may_be_read: bool

    @property
    def here(self) -> int:
        return sum(seat.word != "away" for seat in self.seats)

    @property
    def said(self) -> int:
        done = "ready" if self.which == "evening" else "shared"
        return sum(seat.word == done for seat in self.seats)


def circle(folder: NightFolder, which: Which) -> Circle:
    """Who is there, and what they said."""
    beds = sleepers_of(folder)
    may_be_read = which == "morning" and mornings.may_reveal(folder.house, folder)
    seats = tuple(_seat(folder, which, pod, beds[pod], may_be_read=may_be_read) for pod in sorted(beds))
    done = "ready" if which == "evening" else "shared"
    here = [seat for seat in seats if seat.word != "away"]
    is_whole = bool(here) and all(seat.word == done for seat in here)
    return Circle(which=which, seats=seats, is_whole=is_whole, may_be_read=may_be_read)


def say(folder: NightFolder, which: Which, pod: str, word: str, *, text: str = "") -> None:
    """Keeps what one of the circle says; the newest counts.

    Raises:
        UsageError: DL-E111 for a word that this circle does not know, or too many words to share.
        RefusedError: DL-E508 for sharing before one's own dream was told and locked.
    """
    sleeper = sleepers_of(folder).get(pod, "")
    if word not in WORDS[which] or not sleeper or len(text) > MOST_CHARACTERS:
        raise UsageError(
            "DL-E111",
            filled("This circle takes up to {most} characters.", most=MOST_CHARACTERS),
            do="Say it shorter, or aloud.",
        )
    if word == "shared" and not mornings.morning_of(folder.house, sleeper, folder.name).is_locked:
        raise RefusedError(
            "DL-E508",
            "Your own dream comes first.",
            why="What somebody hears from others changes what they remember.",
            still="Nothing was shared.",
            do="Tell your dream on your bed's page and close it; then share here.",
        )
    kept = Kept(sleeper=sleeper, word=word, said_utc=utc_now().isoformat(timespec="seconds"))
    if text.strip() and word == "shared":
        kept = _with_words(folder, which, pod, kept, text.strip())
    path = _place(folder, which, pod)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    write_durably(path, msgspec.json.encode(kept))


def tonight(folder: NightFolder, *, say: Say = in_english) -> list[str]:
    """What will happen, in sentences that tell no theme.

    Raises:
        ConfigError: when the night's files cannot be read.
    """
    asked = opening.read_asked(folder)
    beds, dreamscape = len(asked.night.pod), asked.dreamscape
    one = say("One of us sleeps here tonight.")
    told = [say("{count} of us sleep here tonight.", count=beds) if beds > 1 else one, say(MODES[asked.night.mode])]
    told.append(say("Sounds are soft, and come only in the stages of sleep that each of us agreed to."))
    if dreamscape.relays:
        told.append(say("A sign that one of us gives with the eyes may be heard at another's bed, where both agreed."))
    if dreamscape.dialogues:
        told.append(say("Who agreed to it may be asked a question while they dream, and answers with the eyes."))
    if dreamscape.awakenings:
        told.append(say("Who agreed to it is woken softly, and tells what they dreamt."))
    told.append(say("What the night is about is not said now. Every dream is told first."))
    return told


def own_agreement(folder: NightFolder, pod: str, *, say: Say = in_english) -> str:
    """To what this bed's sleeper agreed, in one sentence; nobody else is told."""
    grants = read_grants(read_text(folder.consent_toml, what="who agreed to what"), file=str(folder.consent_toml))
    return in_one_sentence(grants.get(sleepers_of(folder).get(pod, "")), say=say)


def own_words(folder: NightFolder, sleeper: str) -> list[str]:
    """What this sleeper shared in the morning, opened for themselves."""
    kept = ((pod, _read(_place(folder, "morning", pod))) for pod in sleepers_of(folder))
    own = (_words(folder, "morning", pod, each) for pod, each in kept if each is not None and each.sleeper == sleeper)
    return [text for text in own if text]


def _seat(folder: NightFolder, which: Which, pod: str, sleeper: str, *, may_be_read: bool) -> Seat:
    kept = _read(_place(folder, which, pod))
    if kept is None or kept.sleeper != sleeper:
        return Seat(pod=pod, sleeper=sleeper, word="")
    words = _words(folder, which, pod, kept) if may_be_read else ""
    return Seat(pod=pod, sleeper=sleeper, word=kept.word, words=words)


def _with_words(folder: NightFolder, which: Which, pod: str, kept: Kept, text: str) -> Kept:  # noqa: PLR0917
    vault = FolderVault(folder.house.keys)
    sealed, ciphertext = seal_for(
        kept.sleeper,
        text.encode(),
        subject_key=vault.subject_key(kept.sleeper),
        origin=folder.origin,
        event_id=_name(which, pod, kept),
    )
    return msgspec.structs.replace(kept, sealed=sealed, ciphertext=base64.b64encode(ciphertext).decode())


def _words(folder: NightFolder, which: Which, pod: str, kept: Kept) -> str:
    if kept.sealed is None:
        return ""
    with suppress(DreamloomError, ValueError):
        key = FolderVault(folder.house.keys, may_make_keys=False).subject_key(kept.sleeper)
        plain = open_sealed(
            kept.sealed,
            base64.b64decode(kept.ciphertext),
            subject_key=key,
            origin=folder.origin,
            event_id=_name(which, pod, kept),
        )
        return plain.decode()
    return ""


def _name(which: Which, pod: str, kept: Kept) -> str:
    """Another one each time, so that no two words are sealed under one name."""
    return f"gathering.{which}.{pod}.{kept.said_utc}"


def _place(folder: NightFolder, which: Which, pod: str) -> Path:
    return folder.root / FOLDER / f"{pod}.{which}.json"


def _read(path: Path) -> Kept | None:
    with suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode(path.read_bytes(), type=Kept)
    return None
