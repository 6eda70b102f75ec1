"""What does the person in charge ask for while a night runs? Words left beside it, taken up at its next look, once."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from dreamloom.adapters.folders import write_durably
from dreamloom.engine.clocks import boot_s
from dreamloom.engine.loop import Outside
from dreamloom.house.layout import NightFolder
from dreamloom.house.opening import Asked
from dreamloom.pod.commands import COMMAND_S
from dreamloom.record.events import CommandGiven, NoteMade, OperatorStaged
from dreamloom.vocabulary.units import NightTime, to_microsecond

FOLDER = "asked"
Letter = Literal["W", "N1", "N2", "N3", "R", ""]


class Word(Struct, frozen=True, forbid_unknown_fields=True, tag_field="what", tag=str.lower):
    """What somebody asks of one bed, under a name."""

    pod: str
    by: str


class Cue(Word, frozen=True):
    """This cue, now or never."""

    cue: str


class Stage(Word, frozen=True):
    """The stage that a person sees; "" takes an earlier call back."""

    stage: Letter


class Note(Word, frozen=True):
    """Something to remember of this moment."""

    text: str


AnyWord = Cue | Stage | Note
_reader = msgspec.json.Decoder(AnyWord)
TellNote = Callable[[str, float, str], None]
"""Told the words of a note before its event: bed, onset, text. They enter the record sealed."""


def leave(folder: NightFolder, word: AnyWord) -> None:
    """Leaves a word for the running night; raises OSError when the disk refuses."""
    place = folder.root / FOLDER
    place.mkdir(exist_ok=True)
    write_durably(place / f"{round(boot_s() * 1e6):020d}-{os.getpid()}.json", msgspec.json.encode(word))


class HandWatch:
    """Takes up what was left beside a night; each word is gone before it is obeyed, so that none is obeyed twice."""

    def __init__(self, folder: NightFolder, asked: Asked, *, tell_note: TellNote) -> None:
        self._place = folder.root / FOLDER
        self._asked = asked
        self._tell_note = tell_note
        self._hashes: Mapping[str, str] = asked.plan.cue_sha256
        for left in self._left():  # from before this opening: what was meant for then is over
            left.unlink(missing_ok=True)

    def __call__(self, now_s: NightTime) -> Sequence[Outside]:
        return [news for path in self._left() for news in self._taken(path, now_s)]

    def _left(self) -> list[Path]:
        return sorted(self._place.glob("*.json")) if self._place.is_dir() else []

    def _taken(self, path: Path, now_s: NightTime) -> list[Outside]:
        try:
            word = _reader.decode(path.read_bytes())
            path.unlink()
        except (OSError, msgspec.DecodeError):
            path.unlink(missing_ok=True)
            return []
        if word.pod not in self._asked.sleeper_of:
            return []
        return [Outside(known_s=now_s, pod=word.pod, event=self._event(word, to_microsecond(now_s)))]

    def _event(self, word: AnyWord, onset_s: float) -> CommandGiven | OperatorStaged | NoteMade:
        match word:
            case Cue():
                return self._command(word, onset_s)
            case Stage():
                return OperatorStaged(onset_s=onset_s, by=word.by, stage=word.stage)
            case Note():
                self._tell_note(word.pod, onset_s, word.text)
                return NoteMade(onset_s=onset_s, by=word.by, text=None)

    def _command(self, word: Cue, onset_s: float) -> CommandGiven:
        plan, offer = self._asked.plan, self._asked.offer
        kind = plan.sound_class(word.cue)
        grant = self._asked.grants.get(self._asked.sleeper_of[word.pod])
        return CommandGiven(
            onset_s=onset_s,
            by=word.by,
            cue=word.cue,
            cue_sha256=self._hashes[word.cue],
            sound_class=kind,
            level_cap_db=offer.cap_db(kind, grant) if grant else 0.0,
            dreamscape_sha256=offer.dreamscape_sha256,
            policy_sha256=offer.policy_sha256,
            not_after_s=to_microsecond(onset_s + COMMAND_S),
        )
