"""For how long is each kind of data kept here? Read from house/retention.toml, filled up with what is usual."""

from msgspec import Struct

from dreamloom.governance.toml_files import Codes, TomlFile
from dreamloom.house.layout import House
from dreamloom.house.texts import read_text

CODES = Codes(toml="DL-E606", key="DL-E607", value="DL-E608")
LONGEST_DAYS = 36_525
"""A hundred years; more is a slip of the pen."""


class KeepDays(Struct, frozen=True, forbid_unknown_fields=True):
    """Days from the end of a night; ours: as short as the work with them usually takes.

    Attributes:
        signals: samples and arrivals, of who agreed to keep them; who did not, see morning_h.
        sounds: what the speakers played.
        events: what a night's record says of a sleeper; that there was a night stays.
        reports: morning pages; they can be rebuilt while events are kept.
        exports: what was handed out and still lies in exports/, from when it was written.
        consents: what the house remembers of a sleeper's consents, from the newest of them.
        morning_h: hours after a night in which its samples are there for whoever looks at it in the morning.
    """

    signals: int = 90
    sounds: int = 30
    events: int = 1826
    reports: int = 365
    exports: int = 30
    consents: int = 3653
    morning_h: int = 12


def keep_days(house: House) -> KeepDays:
    """The times of this house.

    Raises:
        ConfigError: naming file:line:column, the value and the bound or nearest name.
    """
    if not house.retention.exists():
        return KeepDays()
    toml = TomlFile(
        read_text(house.retention, what="for how long data are kept"), file=str(house.retention), codes=CODES
    )
    found = toml.read(KeepDays)
    for name in found.__struct_fields__:
        if not 0 <= (value := int(getattr(found, name))) <= LONGEST_DAYS:
            raise toml.wrong(
                (name,), f"{name} = {value} is outside 0 to {LONGEST_DAYS}.", do="Write a number of whole days."
            )
    return found
