"""Does the house remember a word of a night that the night has lost? Its own record holds copies, told as they came."""

from collections.abc import Container, Iterator, Mapping
from typing import NamedTuple

import msgspec

from dreamloom.adapters.keys import FolderVault, known_keys
from dreamloom.adapters.sqlite_reader import SqliteReader, read_only
from dreamloom.house.house_record import ORIGIN, REMEMBERED, first_host, in_house, subject_of
from dreamloom.house.layout import NightFolder
from dreamloom.record.belonging import ByRule
from dreamloom.record.events import AnyEvent, Erased
from dreamloom.record.verdict import Verdict
from dreamloom.record.verify import verify
from dreamloom.seals.notes import public_key
from dreamloom.vocabulary.errors import RecordError

HOUSE_RECORD = "the house's own record"


class Contradiction(NamedTuple):
    """What does not fit, and why, as a verdict names them."""

    first_bad: str
    why: str


def contradiction(folder: NightFolder, vault: FolderVault) -> Contradiction | None:
    """The first word on consent that the house was told by this very night, and that its record does not hold so.

    None as well where there is no house record. One that does not verify contradicts every night: nothing could be
    compared with it, and whoever cut a night short may have spoilt it.
    """
    if not folder.house.record.is_file():
        return None
    held, erased = _by_name_in_house(folder), _erased_in(folder)
    try:
        with read_only(folder.house.record) as record:
            verdict = _judge(record, vault)
            if verdict.events and not verdict.ok:
                return Contradiction(f"{HOUSE_RECORD}: {verdict.first_bad or verdict.standing}", verdict.why)
            return next(_lost(record, f"{folder.name}@{first_host(folder).utc}/", held, erased), None)
    except RecordError as error:
        return Contradiction(HOUSE_RECORD, f"{error.what} {error.why}".strip())


def _by_name_in_house(folder: NightFolder) -> dict[str | None, AnyEvent]:
    host = first_host(folder)
    with read_only(folder.record) as record:
        told = [event for event in record.events() if isinstance(event, REMEMBERED)]
    return {event.id: event for event in in_house(folder.name, host, told)}


def _erased_in(folder: NightFolder) -> frozenset[str]:
    """Whose words this night lawfully lacks."""
    with read_only(folder.record) as record:
        return frozenset(event.sleeper for event in record.events() if isinstance(event, Erased) and event.rows)


def _judge(record: SqliteReader, vault: FolderVault) -> Verdict:
    return verify(
        record.rows(),
        record.checkpoints(),
        key_of=known_keys(vault),
        public_key=public_key(vault.signing_key()),
        origin=ORIGIN,
        belonging=ByRule(subject_of),
    )


def _lost(
    record: SqliteReader, night: str, held: Mapping[str | None, AnyEvent], erased: Container[str]
) -> Iterator[Contradiction]:
    """Every copy of this night's that the night does not hold, or holds in other words."""
    for copy in record.events():
        if not (copy.cause or "").startswith(night):
            continue
        original = held.get(copy.cause)
        if original is None and subject_of(copy) in erased:
            continue
        if original is None or not _say_the_same(copy, original):
            what = f"{type(copy).__name__} {(copy.cause or '').removeprefix(night)}"
            how = "does not hold it: it was cut off or taken out" if original is None else "says something else"
            yield Contradiction(what, f"{HOUSE_RECORD} was told of it ({copy.id}), and the night {how}")


def _say_the_same(copy: AnyEvent, original: AnyEvent) -> bool:
    """A copy has the house's own id and stamp, and the original's words."""
    stamp = {name: getattr(original, name) for name in ("id", "kind", "tick", "onset_s", "cause")}
    return msgspec.structs.replace(copy, **stamp) == original
