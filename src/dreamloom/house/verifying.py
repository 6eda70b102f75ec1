"""Does a night's record still stand? Puts rows, checkpoints and keys before the pure judge."""

from dreamloom.adapters.keys import FolderVault, known_keys
from dreamloom.adapters.sqlite import read_only
from dreamloom.house.layout import NightFolder
from dreamloom.record.verify import Verdict, verify
from dreamloom.seals.notes import public_key
from dreamloom.vocabulary.errors import RecordError


def origin_of(folder: NightFolder) -> str:
    """The name a night's record bears in its checkpoints and keys: another night's record does not pass for it."""
    return f"dreamloom/{folder.name}"


def verify_night(folder: NightFolder) -> Verdict:
    """The verdict on a night's record; raises RecordError when there is none or no key to judge it with."""
    refuse_without_record(folder)
    if not folder.house.keys.is_dir():
        raise RecordError(
            "DL-E435",
            f"The keys of this house are not at {folder.house.keys}.",
            why="Leaves are keyed, so nobody can judge a record without them.",
            do="Keep the night inside its house, or put the house's keys folder back.",
        )
    vault = FolderVault(folder.house.keys)
    with read_only(folder.record) as record:
        return verify(
            record.rows(),
            record.checkpoints(),
            key_of=known_keys(vault),
            public_key=public_key(vault.signing_key()),
            origin=origin_of(folder),
            payload_of=record.payload,
        )


def refuse_without_record(folder: NightFolder) -> None:
    """Returns when there is a record; raises RecordError when this night was never opened."""
    if not folder.record.exists():
        raise RecordError(
            "DL-E434",
            f"The night {folder.name!r} has no record yet.",
            why=f"There is no {folder.record}.",
            do=f"Run it first: dreamloom run {folder.root}",
        )
