"""What was written between a bed and whoever is awake, and may it be read there now? In writing, and never as a sound.

Words go the way of everything a person asks of a night: left beside it, taken up once, sealed into its record under the
sleeper's key. At the bed they are shown when its sleeper is awake as far as anybody knows, and wait until then.
"""

import msgspec
from msgspec import Struct

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.one_writer import is_held
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.house import by_hand
from dreamloom.house.by_hand import Say
from dreamloom.house.layout import NightFolder
from dreamloom.house.left_behind import sleepers_of
from dreamloom.record.room_events import IntercomUsed, Toward
from dreamloom.record.sealing import open_sealed
from dreamloom.vocabulary.errors import RefusedError
from dreamloom.vocabulary.units import Seconds

FRESH_S = Seconds(60.0)
"""An older estimate of a stage says nothing of now. Ours."""
TALKS_FOR_S = Seconds(300.0)
"""Whoever wrote so lately is taken to be awake still. Ours."""
AWAKE = frozenset({"W", "?"})


class Written(Struct, frozen=True, kw_only=True):
    """One line of what was written across the wall."""

    at_s: float
    by: str
    toward: Toward
    text: str


def write(folder: NightFolder, text: str, *, pod: str, by: str, toward: Toward) -> None:
    """Leaves words for the other side; they stand in the record within a second.

    Raises:
        UsageError: DL-E128 for no words or too many.
        RefusedError: DL-E507 while the night does not run: nothing would take them up.
    """
    by_hand.refuse_words(text)
    refuse_closed(folder)
    by_hand.leave(folder, Say(pod=pod, by=by, text=text.strip(), toward=toward))


def refuse_closed(folder: NightFolder) -> None:
    """Raises RefusedError DL-E507 while the night does not run."""
    if not is_running(folder):
        raise RefusedError(
            "DL-E507",
            "Nobody can be reached across the wall now: the night does not run.",
            why="What passes it stands in the night's record, and nothing writes that record now.",
            still="Notes and dreams are kept as ever.",
            do="Go to the bed, or to whoever is awake.",
        )


def is_running(folder: NightFolder) -> bool:
    """Whether some process writes the night's record."""
    return is_held(folder.record)


def written(folder: NightFolder, pod: str) -> list[Written]:
    """What was typed at this bed and to it, oldest first; of one who was erased nothing is left."""
    sleeper = sleepers_of(folder).get(pod, "")
    if not folder.record.exists() or not sleeper:
        return []
    with read_only(folder.record) as record:
        events = [event for event in record.of_type(IntercomUsed.__name__, sleeper) if isinstance(event, IntercomUsed)]
        sealed = {event.id: record.payload(event.id) for event in events if event.pod == pod}
    vault = FolderVault(folder.house.keys, may_make_keys=False)
    if not vault.has(sleeper):
        return []
    key = vault.subject_key(sleeper)
    return [
        Written(
            at_s=event.onset_s,
            by=event.by,
            toward=event.toward,
            text=_words(
                open_sealed(event.text, found, subject_key=key, origin=folder.origin, event_id=event.id),
            ),
        )
        for event in events
        if event.text is not None and (found := sealed.get(event.id)) is not None
    ]


def _words(plain: bytes) -> str:
    return msgspec.json.decode(plain, type=dict[str, str]).get("text", "")


def may_be_read(stage: str, *, scored_s: float | None, now_s: float, wrote_s: float | None, out_of_bed: bool) -> bool:
    """Whether words may be shown at a bed now.

    Args:
        stage: the newest letter, "?" where none is known.
        scored_s: when that was.
        now_s: night time.
        wrote_s: when its sleeper last wrote something.
        out_of_bed: whether they are up.
    """
    is_stale = scored_s is None or now_s - scored_s > FRESH_S
    just_wrote = wrote_s is not None and now_s - wrote_s <= TALKS_FOR_S
    return out_of_bed or just_wrote or is_stale or stage in AWAKE
