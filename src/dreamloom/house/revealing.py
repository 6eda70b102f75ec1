"""What is a sleeper told of their night, once nothing of their dream is left to be told?"""

from collections import Counter

from msgspec import Struct

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.dreamscape.reader import read
from dreamloom.house.layout import NightFolder
from dreamloom.house.trial_verifying import is_blind
from dreamloom.record.events import CueDue, CuePlayed
from dreamloom.vocabulary.errors import DreamloomError


class Revealed(Struct, frozen=True, kw_only=True):
    """What the night was about, and what sounded at one bed.

    Attributes:
        intent: in the words of whoever wrote the dreamscape; "" where its file cannot be read any more.
        sounded: how often each cue sounded here; empty while it is sealed.
        first_s, last_s: between which moments of the night.
        is_sealed: the arms of a trial are not opened yet.
    """

    intent: str
    sounded: dict[str, int]
    first_s: float = 0.0
    last_s: float = 0.0
    is_sealed: bool = False


def revealed(folder: NightFolder, pod: str) -> Revealed:
    """The account of one bed; raises RecordError where there is no record that can be read."""
    with read_only(folder.record) as record:
        events = list(record.events())
    if is_blind(folder, events):
        return Revealed(intent=_intent(folder), sounded={}, is_sealed=True)
    asleep = {event.id for event in events if isinstance(event, CueDue) and event.sound_class == "sleep"}
    played = [event for event in events if isinstance(event, CuePlayed) and event.pod == pod and event.cause in asleep]
    if not played:
        return Revealed(intent=_intent(folder), sounded={})
    return Revealed(
        intent=_intent(folder),
        sounded=dict(Counter(event.cue for event in played)),
        first_s=played[0].actual_s,
        last_s=played[-1].actual_s,
    )


def _intent(folder: NightFolder) -> str:
    path = folder.root / "dreamscape.yaml"
    try:
        return read(path.read_text(encoding="utf-8"), file=path.name).intent or ""
    except (OSError, ValueError, DreamloomError):
        return ""
