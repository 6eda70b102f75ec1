"""How do the dreamers of a night repair its story together? Bridges and answers, each its author's to take back.

Words lie sealed under their author's key beside the night, and go when they are taken back: the record keeps that
something was said and when, and no word of it.
"""

import base64
import hashlib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from dreamloom.adapters.folders import sync_folder, write_durably
from dreamloom.adapters.keys import FolderVault
from dreamloom.house import mornings, weaving
from dreamloom.house.house_record import tell_if
from dreamloom.house.layout import NightFolder
from dreamloom.house.weaving import Standing
from dreamloom.record.envelope import Sealed
from dreamloom.record.events import AnyEvent
from dreamloom.record.morning_events import CircleRetracted, CircleSaid
from dreamloom.record.sealing import open_sealed, seal_for
from dreamloom.vocabulary.errors import DreamloomError, RefusedError, UsageError
from dreamloom.vocabulary.texts import filled
from dreamloom.weave.narrative import Piece
from dreamloom.weave.words import content_of, words_of

FOLDER = "circle"
MOST_CHARACTERS = 600
"""A bridge is a sentence or two. Ours."""
Manner = Literal["bridge", "answer"]


class Entry(Struct, frozen=True, kw_only=True):
    """One thing that was said.

    Attributes:
        after: for a bridge, the hash of the passage it stands behind; for an answer, the entry it is to.
        text: "" where it cannot be opened any more.
    """

    entry: str
    sleeper: str
    manner: Manner
    after: str
    text: str
    at_s: float


class _Kept(Struct, frozen=True, kw_only=True):
    entry: str
    sleeper: str
    sealed: Sealed
    ciphertext: str


class Seam(Struct, frozen=True, kw_only=True):
    """Where one passage meets the next.

    Attributes:
        after: the hash of the passage before it.
        is_open: neither a word in common nor a bridge leads over it.
    """

    after: str
    is_open: bool


def said(folder: NightFolder) -> list[Entry]:
    """What stands in the circle of this night, oldest first; what was taken back, or whose author is gone, is not."""
    events = [each for each in mornings.events_of(folder.house) if isinstance(each, CircleSaid | CircleRetracted)]
    own = [each for each in events if each.night == folder.name]
    gone = {each.entry for each in own if isinstance(each, CircleRetracted)}
    vault = FolderVault(folder.house.keys, may_make_keys=False) if folder.house.keys.is_dir() else None
    found = []
    for each in own:
        if isinstance(each, CircleSaid) and each.entry not in gone and vault is not None:
            text = _open(folder, each.entry, vault)
            if text:
                found.append(
                    Entry(
                        entry=each.entry,
                        sleeper=each.sleeper,
                        manner=each.manner,
                        after=each.after,
                        text=text,
                        at_s=each.onset_s,
                    )
                )
    return found


def say(folder: NightFolder, sleeper: str, *, entry: str, manner: str, after: str, text: str) -> None:
    """Adds a bridge behind a passage, or an answer to what somebody said; the same entry sent twice is there once.

    Raises:
        UsageError: DL-E759 for no words or too many, DL-E760 for a place there is none of.
        RefusedError: DL-E761 for somebody whose report of this night is not locked.
    """
    if not text.strip() or len(text) > MOST_CHARACTERS:
        raise UsageError(
            "DL-E759",
            filled("It has 1 to {most} characters, and this {count}.", most=MOST_CHARACTERS, count=len(text)),
            why="A bridge leads from one passage to the next.",
            do="Say it in a sentence or two.",
        )
    refuse_stranger(folder, sleeper)
    if after not in _places(folder, manner):
        raise UsageError(
            "DL-E760",
            "This stands nowhere.",
            why="The passage or the entry it names is not in this story, or not any more.",
            do="Look at the story as it stands, and say behind which passage, or to whom it is an answer.",
        )
    key = FolderVault(folder.house.keys).subject_key(sleeper)
    name = _name(entry)
    sealed, ciphertext = seal_for(sleeper, text.strip().encode(), subject_key=key, origin=folder.origin, event_id=name)

    def decide(events: Sequence[AnyEvent]) -> AnyEvent | None:
        if any(isinstance(each, CircleSaid) and each.entry == entry for each in events):
            return None
        path = _path(folder, sleeper, entry)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        kept = _Kept(entry=entry, sleeper=sleeper, sealed=sealed, ciphertext=base64.b64encode(ciphertext).decode())
        write_durably(path, msgspec.json.encode(kept))
        sync_folder(folder.root)
        return CircleSaid(
            onset_s=0.0,
            night=folder.name,
            sleeper=sleeper,
            entry=entry,
            manner="bridge" if manner == "bridge" else "answer",
            after=after,
            words=len(text.split()),
            ciphertext_sha256=sealed.ciphertext_sha256,
        )

    tell_if(folder.house, decide)


def retract(folder: NightFolder, sleeper: str, entry: str) -> None:
    """Takes back what its author said; its words are gone when this returns.

    Raises:
        RefusedError: DL-E762 for what another person said, or nobody.
    """

    def decide(events: Sequence[AnyEvent]) -> AnyEvent | None:
        told = [each for each in events if isinstance(each, CircleSaid | CircleRetracted) and each.entry == entry]
        if not told or told[0].sleeper != sleeper or told[0].night != folder.name:
            raise RefusedError(
                "DL-E762", "Only who said it takes it back.", still="It stands as it stood.", do="Answer it instead."
            )
        _path(folder, sleeper, entry).unlink(missing_ok=True)
        if isinstance(told[-1], CircleRetracted):
            return None
        return CircleRetracted(onset_s=0.0, night=folder.name, sleeper=sleeper, entry=entry)

    tell_if(folder.house, decide)


def leave(folder: NightFolder, sleeper: str) -> int:
    """Takes back all that this sleeper said in this circle; returns how much it was."""
    mine = [each.entry for each in said(folder) if each.sleeper == sleeper]
    for entry in mine:
        retract(folder, sleeper, entry)
    return len(mine)


def seams(found: Standing, entries: Sequence[Entry]) -> list[Seam]:
    """Where the passages of a story meet; one is open where they share no word of content and nobody built a bridge."""
    passages = [piece for piece in found.weave.pieces if piece.source is not None]
    bridged = {each.after for each in entries if each.manner == "bridge"}
    return [
        Seam(after=key(before), is_open=key(before) not in bridged and not _shared(before, behind))
        for before, behind in pairwise(passages)
    ]


def fragmentation(found: Sequence[Seam]) -> float:
    """The share of seams that are open; 0 where there are none."""
    return sum(each.is_open for each in found) / len(found) if found else 0.0


def key(piece: Piece) -> str:
    """By which a passage is known in a circle."""
    return (
        ""
        if piece.source is None
        else hashlib.sha256(f"{piece.source.report}:{piece.source.start}".encode()).hexdigest()
    )


def files_of(folder: NightFolder, sleeper: str) -> list[Path]:
    """What this sleeper said that lies there still."""
    return sorted((folder.root / FOLDER).glob(f"{sleeper}.*.json"))


def _shared(before: Piece, behind: Piece) -> bool:
    return bool(_content(before) & _content(behind))


def _content(piece: Piece) -> set[str]:
    return set(content_of(word.text for word in words_of(piece.text)))


def _open(folder: NightFolder, entry: str, vault: FolderVault) -> str:
    for path in (folder.root / FOLDER).glob(f"*.{entry}.json"):
        try:
            kept = msgspec.json.decode(path.read_bytes(), type=_Kept)
            if not vault.has(kept.sleeper):
                return ""
            plain = open_sealed(
                kept.sealed,
                base64.b64decode(kept.ciphertext),
                subject_key=vault.subject_key(kept.sleeper),
                origin=folder.origin,
                event_id=_name(entry),
            )
        except (OSError, msgspec.DecodeError, DreamloomError):
            return ""
        return plain.decode()
    return ""


def _path(folder: NightFolder, sleeper: str, entry: str) -> Path:
    return folder.root / FOLDER / f"{sleeper}.{entry}.json"


def _name(entry: str) -> str:
    return f"circle.{entry}"


def _places(folder: NightFolder, manner: str) -> set[str]:
    """Behind which passages a bridge can stand; to which entries an answer can be."""
    if manner == "bridge":
        return {key(piece) for piece in weaving.standing(folder).weave.pieces} - {""}
    return {each.entry for each in said(folder)} if manner == "answer" else set()


def refuse_stranger(folder: NightFolder, sleeper: str) -> None:
    """Raises RefusedError DL-E761 for somebody whose report of this night is not locked."""
    told = mornings.of_house(folder.house).values()
    if not any(each.sleeper == sleeper and each.night == folder.name and each.is_locked for each in told):
        raise RefusedError(
            "DL-E761",
            filled("{who} has told nothing of {night}.", who=sleeper, night=repr(folder.name)),
            why="A circle is of those who dreamt, once each has told theirs.",
            do="Tell it first; that nothing is recalled is enough.",
        )
