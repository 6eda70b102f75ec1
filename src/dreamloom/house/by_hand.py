"""What does the person in charge ask for while a night runs? Words left beside it, taken up at its next look, once.

A word that the night did not take up in time is worth nothing any more: whoever left it takes it back, and the night
drops what is too old, so that nothing is obeyed that its asker believes to be over.
"""

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import msgspec
from msgspec import Struct, field

from dreamloom.adapters.folders import write_durably
from dreamloom.engine.clocks import boot_s
from dreamloom.engine.loop import Outside
from dreamloom.house.asked import Asked
from dreamloom.house.layout import NightFolder
from dreamloom.pod.commands import COMMAND_S
from dreamloom.record.events import CommandGiven, LightsOff, LightsOn, NoteMade, OperatorStaged, OperatorStepped
from dreamloom.record.room_events import Aloud, Doze, EndOfVoice, IntercomUsed, Toward, VoiceBegan, VoiceEnded
from dreamloom.record.staff_events import BackInBedTold, NeedSeen, OutOfBedTold, Rejoined, SetApart
from dreamloom.vocabulary.errors import UsageError
from dreamloom.vocabulary.ids import SAFE_NAME
from dreamloom.vocabulary.units import NightTime, to_microsecond

FOLDER = "asked"
LONGEST_NOTE = 2000
LONGEST_NEED = 120
LONGEST_WORDS = 500
"""What may be written across the wall at once: a phone shows it whole. Ours."""
GOOD_FOR_S = 8.0
"""A running night looks fifty times a second: what it did not see for so long, it is not to see. Ours."""
Letter = Literal["W", "N1", "N2", "N3", "R", ""]
HeldBack = Literal["NONE", "SOFTEN", "HOLD", "FADE", "ISOLATE", "WAKE"]
"""What a person may ask for of the guardian's ladder."""
MarkKind = Literal["private", "shared", "lights-off", "lights-on", "out-of-bed", "back-in-bed"]
MARKS: Mapping[MarkKind, type[SetApart | Rejoined | LightsOff | LightsOn | OutOfBedTold | BackInBedTold]] = (
    MappingProxyType(
        {
            "private": SetApart,
            "shared": Rejoined,
            "lights-off": LightsOff,
            "lights-on": LightsOn,
            "out-of-bed": OutOfBedTold,
            "back-in-bed": BackInBedTold,
        }
    )
)
"""What a person may say of a bed, and as which event it stands in the record."""


class Word(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="what", tag=str.lower):
    """What somebody asks of one bed, under a name, and when on this machine's own clock."""

    pod: str
    by: str
    left_s: float = field(default_factory=boot_s)


class Cue(Word, frozen=True, kw_only=True):
    """This cue, now or never."""

    cue: str


class Stage(Word, frozen=True, kw_only=True):
    """The stage that a person sees; "" takes an earlier call back."""

    stage: Letter


class Step(Word, frozen=True, kw_only=True):
    """Hold this bed back so far, or let it go again."""

    rung: HeldBack


class Mark(Word, frozen=True, kw_only=True):
    """What holds at this bed from now on, as a person sees or wants it."""

    mark: MarkKind


class Note(Word, frozen=True, kw_only=True):
    """Something to remember of this moment."""

    text: str


class Say(Word, frozen=True, kw_only=True):
    """Words across the wall, to be read."""

    text: str
    toward: Toward


class Seen(Word, frozen=True, kw_only=True):
    """Somebody looks after this need of the bed, by its key; "" for all of them."""

    need: str


class Begin(Word, frozen=True, kw_only=True):
    """A voice across the wall is about to be let through."""

    use: str
    way: Aloud
    room: tuple[str, ...]
    doze: Doze
    lasts_s: float


class End(Word, frozen=True, kw_only=True):
    """A voice across the wall is not let through any more."""

    use: str
    way: Aloud
    why: EndOfVoice
    lasted_s: float


AnyWord = Cue | Stage | Step | Mark | Note | Say | Seen | Begin | End
AnyTold = (
    CommandGiven
    | OperatorStaged
    | OperatorStepped
    | NoteMade
    | IntercomUsed
    | NeedSeen
    | VoiceBegan
    | VoiceEnded
    | SetApart
    | Rejoined
    | LightsOff
    | LightsOn
    | OutOfBedTold
    | BackInBedTold
)
_reader: msgspec.json.Decoder[AnyWord] = msgspec.json.Decoder(AnyWord)
TellNote = Callable[[str, float, str], None]
"""Told the words of a note, or of what is written across the wall, before their event: bed, onset, text. They enter the
record sealed."""


def refuse_name(by: str) -> None:
    """Raises UsageError DL-E129 for a name that cannot stand in a record."""
    if not SAFE_NAME.fullmatch(by):
        raise UsageError(
            "DL-E129",
            f"{by!r} cannot stand in a record as a name.",
            why="It stays there for good, so it is short: a letter or digit, then letters, digits, - or _, at most 64.",
            do="Give initials or a number of the staff: --by anna",
        )


def refuse_note(text: str) -> None:
    """Raises UsageError DL-E132 for a note without words, or with more than LONGEST_NOTE characters."""
    if not text.strip() or len(text) > LONGEST_NOTE:
        raise UsageError(
            "DL-E132",
            f"A note has 1 to {LONGEST_NOTE} characters, and this one {len(text)}.",
            do="Write it shorter, or as two.",
        )


def refuse_words(text: str) -> None:
    """Raises UsageError DL-E128 for nothing to read, or more than LONGEST_WORDS characters."""
    if not text.strip() or len(text) > LONGEST_WORDS:
        raise UsageError(
            "DL-E128",
            f"What is written across the wall has 1 to {LONGEST_WORDS} characters, and this {len(text)}.",
            do="Write it shorter, or as two.",
        )


def refuse_need(need: str) -> None:
    """Raises UsageError DL-E133 for what can be the name of no need."""
    if len(need) > LONGEST_NEED:
        raise UsageError("DL-E133", "There is no such need.", do='Name one as the night view does, or "" for all.')


def refuse_cue(name: str, known: Collection[str]) -> None:
    """Raises UsageError DL-E120 for a cue that this night does not have."""
    if name not in known:
        raise UsageError(
            "DL-E120",
            f"This night has no cue {name!r}.",
            why=f"It has {', '.join(sorted(known))}.",
            do="Name one of these; for nothing at all, in the same way: dreamloom now sham.",
        )


def leave(folder: NightFolder, word: AnyWord) -> Path:
    """Leaves a word for the running night, and tells where it lies; raises OSError when the disk refuses."""
    place = folder.root / FOLDER
    place.mkdir(mode=0o700, exist_ok=True)
    number = round(word.left_s * 1e6)
    while (path := place / f"{number:020d}-{os.getpid()}-{word.pod}.json").exists():
        number += 1  # two words in one microsecond
    write_durably(path, msgspec.json.encode(word))
    return path


class HandWatch:
    """Takes up what was left beside a night; each word is gone before it is obeyed, so that none is obeyed twice."""

    def __init__(self, folder: NightFolder, asked: Asked, *, tell_note: TellNote) -> None:
        self._place = folder.root / FOLDER
        self._asked = asked
        self._tell_note = tell_note
        self._stuck: set[str] = set()
        for path in self._left():  # from before this opening: what was meant for then is over
            self._take(path)

    def __call__(self, now_s: NightTime) -> Sequence[Outside]:
        words = [word for path in self._left() if (word := _read(self._take(path))) is not None and self._stands(word)]
        return [Outside(known_s=now_s, pod=word.pod, event=self._event(word, to_microsecond(now_s))) for word in words]

    def _left(self) -> list[Path]:
        if not self._place.is_dir():
            return []
        return sorted(path for path in self._place.glob("*.json") if path.name not in self._stuck)

    def _take(self, path: Path) -> bytes:
        """What lies there, once it lies there no more; nothing of a file that cannot be removed."""
        try:
            content = path.read_bytes()
            path.unlink()
        except FileNotFoundError:  # taken back
            return b""
        except OSError:
            self._stuck.add(path.name)
            return b""
        return content

    def _stands(self, word: AnyWord) -> bool:
        good_for_s = COMMAND_S if isinstance(word, Cue) else GOOD_FOR_S
        return (
            word.pod in self._asked.sleeper_of
            and 0.0 <= boot_s() - word.left_s < good_for_s
            and SAFE_NAME.fullmatch(word.by) is not None
            and (not isinstance(word, Cue) or word.cue in self._asked.plan.cue_sha256)
        )

    def _event(self, word: AnyWord, onset_s: float) -> AnyTold:
        match word:
            case Begin() | End():
                return _of_a_voice(word, onset_s)
            case Cue():
                return self._command(word, onset_s)
            case Stage():
                return OperatorStaged(onset_s=onset_s, by=word.by, stage=word.stage)
            case Step():
                return OperatorStepped(onset_s=onset_s, by=word.by, rung=word.rung)
            case Mark():
                return MARKS[word.mark](onset_s=onset_s, by=word.by)
            case Note():
                self._tell_note(word.pod, onset_s, word.text)
                return NoteMade(onset_s=onset_s, by=word.by, text=None)
            case Seen():
                return NeedSeen(onset_s=onset_s, need=word.need, by=word.by)
            case Say():
                self._tell_note(word.pod, onset_s, word.text)
                return IntercomUsed(onset_s=onset_s, by=word.by, way="typed", toward=word.toward, text=None)

    def _command(self, word: Cue, onset_s: float) -> CommandGiven:
        plan, offer = self._asked.plan, self._asked.offer
        kind = plan.sound_class(word.cue)
        grant = self._asked.grants.get(self._asked.sleeper_of[word.pod])
        return CommandGiven(
            onset_s=onset_s,
            by=word.by,
            cue=word.cue,
            cue_sha256=offer.own_cues.get(word.pod, {}).get(word.cue, plan.cue_sha256[word.cue]),
            sound_class=kind,
            level_cap_db=offer.cap_db(kind, grant) if grant else 0.0,
            dreamscape_sha256=offer.dreamscape_sha256,
            policy_sha256=offer.policy_sha256,
            not_after_s=to_microsecond(onset_s + COMMAND_S),
        )


def _of_a_voice(word: Begin | End, onset_s: float) -> VoiceBegan | VoiceEnded:
    if isinstance(word, End):
        lasted_s = to_microsecond(max(word.lasted_s, 0.0))
        return VoiceEnded(onset_s=onset_s, use=word.use, by=word.by, way=word.way, why=word.why, lasted_s=lasted_s)
    return VoiceBegan(
        onset_s=onset_s,
        use=word.use,
        by=word.by,
        way=word.way,
        room=word.room,
        doze=word.doze,
        until_s=to_microsecond(onset_s + word.lasts_s),
    )


def _read(content: bytes) -> AnyWord | None:
    try:
        return _reader.decode(content)
    except msgspec.DecodeError:
        return None
