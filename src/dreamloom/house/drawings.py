"""Where does the drawing or photo of a dream go? Read again as plain pixels, sealed under its dreamer's key, in a file.

The file is on the disk before the house's record names it, so that what was acknowledged is there. It belongs to its
dreamer alone: no count, story or page of anybody else reads it.
"""

import threading
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from dreamloom.adapters import pictures
from dreamloom.adapters.folders import sync_folder, write_durably
from dreamloom.adapters.keys import FolderVault
from dreamloom.guide.interview import Interview, interviews
from dreamloom.house.house_record import ORIGIN, Seal, tell_if
from dreamloom.house.house_seals import opened
from dreamloom.house.layout import House
from dreamloom.house.left_behind import drawings_of
from dreamloom.house.mornings import LOCKED, events_of, refuse_locked
from dreamloom.record.drawing_events import DrawingKept, DrawingTakenAway
from dreamloom.record.envelope import Sealed
from dreamloom.record.events import AnyEvent
from dreamloom.record.sealing import seal_for
from dreamloom.vocabulary.errors import DreamloomError, RecordError, RefusedError, StreamError, UsageError
from dreamloom.vocabulary.texts import Filled, filled

MOST_BYTES = 2**24
"""16 MB: what a phone makes is smaller. Ours."""
REFUSED_FOR_GOOD = frozenset({LOCKED, "DL-E830", "DL-E831", "DL-E832"})
"""What no later time changes; whoever is refused otherwise may send the same picture again."""
_ONE_AT_A_TIME = threading.Lock()


def plain(picture: bytes) -> bytes:
    """The picture as a JPEG of at most 2048 pixels, upright, without place, time, device, words or thumbnail.

    Raises:
        UsageError: DL-E830 for what is no picture that can be read, DL-E831 for one that is too large.
        StreamError: DL-E833 where this machine cannot read any now.
    """
    if len(picture) > MOST_BYTES:
        raise _too_large(filled("It has more than {count} MB.", count=MOST_BYTES >> 20))
    try:
        with _ONE_AT_A_TIME:
            return pictures.as_jpeg(picture)
    except pictures.Unreadable as error:
        if error.why == "too many pixels":
            raise _too_large(filled("It has more pixels than can be read here.")) from error
        if error.why == "not now":
            raise _not_now(filled("reading it took too long or too much memory")) from error
        raise UsageError(
            "DL-E830",
            "This is no picture that can be read.",
            why="Only JPEG, PNG and WebP are read, and only whole ones.",
            still="What was told in words is kept as it is.",
            do="Give another file, or take a photo of it.",
        ) from error
    except OSError as error:
        raise _not_now(error.strerror or error) from error


def _not_now(why: object) -> StreamError:
    """Says nothing against the picture: it may be read when there is more room."""
    return StreamError(
        "DL-E833",
        filled("No picture can be read on this machine just now: {why}.", why=why),
        still="What was told in words is kept as it is.",
        do="Try it again in a moment.",
    )


def _too_large(why: Filled) -> UsageError:
    """Refuses a picture of too many bytes or pixels."""
    return UsageError(
        "DL-E831",
        "This picture is too large.",
        why=why,
        still="What was told in words is kept as it is.",
        do="Take a smaller one, or a photo of it.",
    )


def keep(house: House, sleeper: str, report: str, jpeg: bytes) -> None:
    """Keeps a picture that `plain` gave with a report that is not locked; one that was there before goes.

    Raises:
        RefusedError: DL-E623 for a report that is locked, DL-E832 for one that tells of no dream, or another person's.
        RecordError: DL-E834 when the disk refuses; what was there before stays.
    """
    if _as_kept(house, report) == jpeg:
        return
    before: list[str] = []

    def decide(events: Sequence[AnyEvent]) -> AnyEvent | None:
        known = interviews(events).get(report, Interview())
        refuse_locked(known if known.pieces else None, sleeper)
        if not known.pieces or known.recall != "content":
            raise no_dream()
        _sweep(house, sleeper, events)
        before.append(known.drawing)
        return DrawingKept(onset_s=0.0, report=report, sleeper=sleeper, night=known.night, ciphertext_sha256="")

    tell_if(house, decide, seal=_into_a_file(house, jpeg))
    for gone in filter(None, before):
        _path(house, sleeper, gone).unlink(missing_ok=True)


def take_away(house: House, sleeper: str, report: str) -> None:
    """Takes the picture of a report away that is not locked; it is gone when this returns.

    Raises:
        RefusedError: DL-E623 for a report that is locked, or another person's.
    """
    before: list[str] = []

    def decide(events: Sequence[AnyEvent]) -> AnyEvent | None:
        known = interviews(events).get(report)
        refuse_locked(known, sleeper)
        _sweep(house, sleeper, events)
        if known is None or not known.drawing:
            return None
        before.append(known.drawing)
        return DrawingTakenAway(onset_s=0.0, report=report, sleeper=sleeper, night=known.night)

    tell_if(house, decide)
    for gone in before:
        _path(house, sleeper, gone).unlink(missing_ok=True)


def shown(house: House, report: str) -> bytes | None:
    """The picture of a report, for its own dreamer; None without one.

    Raises:
        RecordError: DL-E409 for one that is not what was kept any more.
        OSError: for one whose file is not there.
    """
    return _shown(house, _of(events_of(house), report))


def is_whole(house: House, report: str) -> bool:
    """Whether a report has a picture, and it is still the one that was kept."""
    return _as_kept(house, report) is not None


def own(house: House, sleeper: str) -> dict[str, bytes | None]:
    """By report, every picture of this sleeper; None for one that was changed or is lost."""
    told = [name for name, each in interviews(events_of(house)).items() if each.sleeper == sleeper and each.drawing]
    return {report: _as_kept(house, report) for report in told}


def _as_kept(house: House, report: str) -> bytes | None:
    try:
        return shown(house, report)
    except (OSError, DreamloomError):
        return None


def _of(events: Sequence[AnyEvent], report: str) -> DrawingKept | None:
    """What the record says of the picture that stands."""
    told = [each for each in events if isinstance(each, DrawingKept | DrawingTakenAway) and each.report == report]
    return told[-1] if told and isinstance(told[-1], DrawingKept) else None


def _shown(house: House, kept: DrawingKept | None) -> bytes | None:
    if kept is None:
        return None
    ciphertext = _path(house, kept.sleeper, kept.ciphertext_sha256).read_bytes()
    sealed = Sealed(subject=kept.sleeper, ciphertext_sha256=kept.ciphertext_sha256)
    return opened(sealed, ciphertext, FolderVault(house.keys, may_make_keys=False), kept.id)


def _into_a_file(house: House, jpeg: bytes) -> Seal:
    """Puts the sealed picture on the disk, and its hash into the event that names it."""

    def sealed(event: AnyEvent, vault: FolderVault) -> tuple[AnyEvent, bytes | None]:
        if not isinstance(event, DrawingKept):
            return event, None
        key = vault.subject_key(event.sleeper)
        value, ciphertext = seal_for(event.sleeper, jpeg, subject_key=key, origin=ORIGIN, event_id=event.id)
        try:
            house.drawings.mkdir(mode=0o700, exist_ok=True)
            write_durably(_path(house, event.sleeper, value.ciphertext_sha256), ciphertext)
            sync_folder(house.drawings.parent)
        except OSError as error:
            raise _not_on_the_disk(error) from error
        return replace(event, ciphertext_sha256=value.ciphertext_sha256), None

    return sealed


def _sweep(house: House, sleeper: str, events: Sequence[AnyEvent]) -> None:
    """What no report names goes: a telling that was killed left it. Nobody else writes meanwhile."""
    named = {_path(house, sleeper, each.drawing) for each in interviews(events).values() if each.drawing}
    for path in drawings_of(house, sleeper):
        if path not in named:
            path.unlink(missing_ok=True)


def _path(house: House, sleeper: str, ciphertext_sha256: str) -> Path:
    return house.drawings / f"{sleeper}.{ciphertext_sha256}"


def no_dream() -> RefusedError:
    """There are no words yet, or never will be."""
    return RefusedError(
        "DL-E832",
        "There is no dream that this picture could belong to.",
        why="The words come first; a morning of which nothing is recalled is finished as it is told.",
        still="What was told in words is kept as it is.",
        do="Tell the dream, then add the picture before it is locked.",
    )


def _not_on_the_disk(error: OSError) -> RecordError:
    return RecordError(
        "DL-E834",
        filled("The picture is not on the disk: {why}.", why=error.strerror or error),
        why="The disk is full, failing or write-protected.",
        still="What was told in words is kept as it is.",
        do="Make room, and add it again.",
    )
