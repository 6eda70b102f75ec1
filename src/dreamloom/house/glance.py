"""How far did this night come? A look at the first and the newest event of its record; not a byte is written."""

from itertools import islice
from typing import NamedTuple

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.house.layout import NightFolder
from dreamloom.record.events import Erased, NightClosed, NightOpened
from dreamloom.vocabulary.errors import RecordError

NEWEST = 256
"""A closed night takes nothing more but the word on what was erased from it: several for each of its sleepers."""


class Glance(NamedTuple):
    """What is seen at once: the first words, if the night was opened, and whether it is over."""

    opened: NightOpened | None
    is_over: bool


def glance(folder: NightFolder) -> Glance:
    """Looks at a night, also while it runs; a record that cannot be read shows nothing, and others judge it."""
    if not folder.record.exists():
        return Glance(None, is_over=False)
    try:
        with read_only(folder.record) as record:
            first = next(islice(record.events(), 1), None)
            newest = [event for event in record.events(max(record.size - NEWEST, 0)) if not isinstance(event, Erased)]
    except RecordError:
        return Glance(None, is_over=False)
    return Glance(
        first if isinstance(first, NightOpened) else None,
        is_over=any(isinstance(event, NightClosed) for event in newest),
    )
