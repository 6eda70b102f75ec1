"""May another cued night of a study begin? Grave harm stops it until a named person has looked, and says so for good.

A study is a trial, by its name; nights outside any trial count together where they play the same dreamscape.
"""

import hashlib
from collections.abc import Sequence

import msgspec

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.dreamscape import reader
from dreamloom.house.adverse import must_stop
from dreamloom.house.asked import Asked
from dreamloom.house.house_record import append_to_house
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.left_behind import nights_of
from dreamloom.house.night_file import read_night
from dreamloom.house.texts import read_text
from dreamloom.record.events import AdverseReported, StudyReleased
from dreamloom.vocabulary.errors import DreamloomError, RefusedError, UsageError

EVERY = "every study"
UNKNOWN = ""
"""Of harm that names no night, or one that is not here any more: it counts for every study of the house."""


def study_of(folder: NightFolder) -> str:
    """The study that a night belongs to; UNKNOWN where its files cannot be read."""
    try:
        asked = read_night(read_text(folder.night_toml, what="who takes part"), file=str(folder.night_toml))
        path = folder.root / asked.dreamscape
        return (
            asked.trial.name if asked.trial else reader.read(read_text(path, what="a dreamscape"), file=str(path)).name
        )
    except (DreamloomError, OSError):
        return UNKNOWN


def open_harm(house: House, study: str) -> list[AdverseReported]:
    """What was told of this study, or of nobody knows which, and that nobody has released yet; oldest first."""
    if not house.record.is_file():
        return []
    with read_only(house.record) as record:
        told = [event for event in record.of_type("AdverseReported") if isinstance(event, AdverseReported)]
        releases = [event for event in record.of_type("StudyReleased") if isinstance(event, StudyReleased)]
    nights = nights_of(house) if told else []
    studies = {night.name: study_of(night) for night in nights}
    same = {study, UNKNOWN} | _also_called(study, nights)
    released = {name for event in releases if event.study == study for name in event.adverse}
    return [event for event in told if event.id not in released and studies.get(event.night, UNKNOWN) in same]


def _also_called(study: str, nights: Sequence[NightFolder]) -> set[str]:
    """Other names under which nights of this house play what this study's nights play: a new name is no new study."""
    played = {night.root: _played(night) for night in nights}
    own = {played[night.root] for night in nights if study_of(night) == study} - {""}
    return {study_of(night) for night in nights if played[night.root] in own}


def _played(folder: NightFolder) -> str:
    """The hash of what a night outside any trial plays, whatever that is called; "" where it cannot be read."""
    try:
        asked = read_night(read_text(folder.night_toml, what="who takes part"), file=str(folder.night_toml))
        if asked.trial:
            return ""
        path = folder.root / asked.dreamscape
        found = msgspec.to_builtins(reader.read(read_text(path, what="a dreamscape"), file=str(path)))
    except (DreamloomError, OSError):
        return ""
    for name in ("dreamscape", "version", "intent", "source", "origin"):
        found.pop(name, None)
    return hashlib.sha256(msgspec.json.encode(found, order="sorted")).hexdigest()


def why_stopped(house: House, study: str) -> str | None:
    """Why no further cued night of this study may begin; None: nothing says so."""
    return must_stop(open_harm(house, study))


def stopped_studies(house: House) -> dict[str, str]:
    """Every study of the house that must not go on, with why; EVERY where harm stops all, and none has a night yet."""
    studies = sorted({study_of(night) for night in nights_of(house)} - {UNKNOWN})
    if not studies:
        return {EVERY: why} if (why := why_stopped(house, UNKNOWN)) else {}
    return {study: why for study in studies if (why := why_stopped(house, study))}


def refuse_stopped_study(asked: Asked) -> None:
    """Returns when tonight may be cued, or nobody agreed to be; raises RefusedError when its study is stopped."""
    if not any("cue" in grant.purposes for grant in asked.grants.values()):
        return
    house, study = asked.folder.house, study_of(asked.folder)
    why = why_stopped(house, study)
    if why is None:
        return
    raise RefusedError(
        "DL-E581",
        f"The study {study!r} is stopped: {why}.",
        why="After such harm nobody is cued before somebody with a name has looked at it with the board.",
        still="Nothing was recorded or played. Nights in which nobody agreed to cues can be run.",
        do=f"See: dreamloom adverse list. Then: dreamloom adverse release {study} --by NAME --because TEXT",
    )


def release(house: House, study: str, *, by: str, because: str) -> StudyReleased:
    """Lets a stopped study go on, for good in the house's record: who looked, why, and at which harm.

    Raises:
        UsageError: when nobody is named, no reason is given, or the study is not stopped.
    """
    harm = open_harm(house, study)
    why, others = must_stop(harm), ", ".join(stopped_studies(house)) or "none"
    for what, is_missing, do in (
        ("Nobody is named.", not by.strip(), "Say who looked at it: --by NAME."),
        ("No reason is given.", not because.strip(), "Say why it may go on: --because TEXT."),
        (
            f"The study {study!r} is not stopped.",
            why is None,
            f"Stopped: {others}.",
        ),
    ):
        if is_missing:
            raise UsageError("DL-E194", what, why="A release stands in the house's record under a name.", do=do)
    event = StudyReleased(
        onset_s=0.0, study=study, by=by.strip(), because=because.strip(), adverse=tuple(each.id for each in harm)
    )
    append_to_house(house, event)
    return event
