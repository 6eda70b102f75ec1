"""How do words lie beside an event of the house's record? Sealed under one key, and opened by who has it."""

import msgspec

from dreamloom.adapters.keys import FolderVault
from dreamloom.house.house_record import ORIGIN, Seal
from dreamloom.record.envelope import Sealed
from dreamloom.record.events import AnyEvent
from dreamloom.record.sealing import open_sealed, seal_for


def sealing(subject: str, plain: bytes, field: str) -> Seal:
    """Puts this text, under the key of a sleeper or of the house, into that field of an event."""

    def sealed(event: AnyEvent, vault: FolderVault) -> tuple[AnyEvent, bytes | None]:
        key = vault.subject_key(subject)
        value, ciphertext = seal_for(subject, plain, subject_key=key, origin=ORIGIN, event_id=event.id)
        return msgspec.structs.replace(event, **{field: value}), ciphertext

    return sealed


def opened(sealed: Sealed, ciphertext: bytes, vault: FolderVault, event_id: str) -> bytes:
    """What lies sealed beside an event; raises RecordError for what was changed."""
    key = vault.subject_key(sealed.subject)
    return open_sealed(sealed, ciphertext, subject_key=key, origin=ORIGIN, event_id=event_id)
