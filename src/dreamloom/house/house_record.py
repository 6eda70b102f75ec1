"""What does the house remember across nights? Consent given and withdrawn, in the house's own record."""

from collections.abc import Sequence

import msgspec

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite import open_ledger
from dreamloom.engine.clocks import utc_now
from dreamloom.house.layout import House
from dreamloom.record.events import AnyEvent, ConsentGiven, ConsentWithdrawn
from dreamloom.vocabulary.ids import EventId

ORIGIN = "dreamloom/house"


def tell_house(house: House, events: Sequence[AnyEvent]) -> None:
    """Copies a night's consents and withdrawals into the house record, each with the night's event as its cause.

    There `onset_s` is seconds since 1970 (UTC): the house has no night of its own. Raises RecordError, RefusedError.
    """
    told = [event for event in events if isinstance(event, ConsentGiven | ConsentWithdrawn)]
    if not told:
        return
    house.record.parent.mkdir(parents=True, exist_ok=True)
    ledger = open_ledger(house.record, origin=ORIGIN, vault=FolderVault(house.keys), subject_of=subject_of)
    try:
        boot = sum(1 for event in ledger.events() if event.id.endswith(".0"))
        now_s = round(utc_now().timestamp(), 6)
        ledger.append([_as_house(event, EventId("house", boot, n), now_s) for n, event in enumerate(told)])
        ledger.checkpoint()
    finally:
        ledger.close()


def subject_of(event: AnyEvent) -> str:
    """The sleeper a house event is about."""
    return event.sleeper if isinstance(event, ConsentGiven | ConsentWithdrawn) else "house"


def _as_house(event: AnyEvent, identity: EventId, now_s: float) -> AnyEvent:
    return msgspec.structs.replace(event, id=str(identity), kind="input", tick=0, onset_s=now_s, cause=event.id)
