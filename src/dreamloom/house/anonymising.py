"""What stays of somebody who keeps their nights without a name? What they agreed to keep, cut loose; all else goes."""

from dataclasses import dataclass
from pathlib import Path

from dreamloom.adapters.folders import write_durably
from dreamloom.adapters.keys import FolderVault
from dreamloom.house.anonymous_nights import KEEP_DERIVED, KEEP_RAW, agreed_to, keep_night, nights_left
from dreamloom.house.consenting import withdraw_everywhere
from dreamloom.house.erasing import Told, erase
from dreamloom.house.erasure_plan import Intent, foreseen
from dreamloom.house.layout import House
from dreamloom.house.receipts import receipt_for
from dreamloom.vocabulary.errors import RefusedError


@dataclass(frozen=True, slots=True)
class Anonymised:
    """What stays and what went.

    Attributes:
        nights: kept, in whole or in part; events, signals: lines and files in them.
        receipt: what the sleeper takes home; None where an earlier call, that broke off, wrote it.
        gone: what was erased.
    """

    nights: int
    events: int
    signals: int
    receipt: Path | None
    gone: Intent


def keep_anonymised(house: House, sleeper: str, receipt: Path, *, told: Told = lambda *_: None) -> Anonymised:
    """Withdraws everything, puts what was agreed to be kept where nothing tells whose it is, and erases the rest.

    Order: silence; what stays, each night under a name of its own; the receipt; then an erasure, key first. Killed
    anywhere, the next call goes on where this one was.

    Args:
        house: which one.
        sleeper: who asks.
        receipt: where to write theirs; the house keeps none.
        told: told how far the erasure is.

    Raises:
        ConfigError, RefusedError: before anything but the silence came about.
        RecordError, OSError: when the disk refuses; it goes on when called again.
    """
    vault = FolderVault(house.keys)
    is_begun = foreseen(house, sleeper).is_begun or vault.is_destroyed(sleeper)
    if is_begun:
        return Anonymised(0, 0, 0, None, erase(house, sleeper, told=told, keeps_anonymous=True))
    if receipt.exists():
        raise RefusedError(
            "DL-E578",
            f"{receipt} is there already.",
            why="The receipt is to lie there, and nothing is ever written over.",
            still="Nothing was changed.",
            do="Name another file: --receipt FILE",
        )
    withdraw_everywhere(house, sleeper, channel="command line")
    foreseen(house, sleeper)
    kept = [keep_night(house, left, sleeper, vault) for left in nights_left(house, sleeper)]
    written = receipt_for(house, sleeper, "kept anonymised", more={"kept": _in_words(kept)})
    write_durably(receipt, written.read_bytes())
    gone = erase(house, sleeper, told=told, keeps_anonymous=True)
    return Anonymised(
        nights=sum(any(each) for each in kept),
        events=sum(events for events, _ in kept),
        signals=sum(signals for _, signals in kept),
        receipt=receipt,
        gone=gone,
    )


def foreseen_to_stay(house: House, sleeper: str) -> list[str]:
    """By night, what would be kept of it, in words; nothing is written."""
    lines = []
    for left in nights_left(house, sleeper):
        purposes = agreed_to(left.folder, sleeper)
        kept = [each for each in (KEEP_DERIVED, KEEP_RAW) if each in purposes]
        lines.append(f"{left.folder.name}: {' and '.join(kept) or 'nothing, as keeping nothing was agreed to'}")
    return lines


def _in_words(kept: list[tuple[int, int]]) -> str:
    events, signals = sum(each for each, _ in kept), sum(each for _, each in kept)
    return f"{events} findings and {signals} recordings of sleep, without anything that tells whose they are"
