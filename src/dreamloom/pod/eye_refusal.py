"""Has this sleeper said no with the eyes? So many agreed signals in a row as they chose awake, and nothing less."""

from msgspec import Struct
from msgspec.structs import replace

from dreamloom.eyes.watch import TWICE_WITHIN_S
from dreamloom.record.events import ConsentWithdrawn, EyeSignalSeen, EyeWithdrawalAgreed
from dreamloom.vocabulary.units import NightTime

IN_A_ROW_S = TWICE_WITHIN_S
"""From the end of one signal to the beginning of the next: whoever goes on, goes on at once."""
CHANNEL = "eye signal"


class EyeRefusal(Struct, frozen=True):
    """What a sleeper agreed on, and how far they are.

    Attributes:
        in_a_row: signals, each given twice, that mean no.
        seen: of the row that goes on; ended_s: when its last one ended.
    """

    sleeper: str
    in_a_row: int
    seen: int = 0
    ended_s: NightTime = NightTime(float("-inf"))


def agreed(event: EyeWithdrawalAgreed) -> EyeRefusal:
    """None of it was seen yet."""
    return EyeRefusal(event.sleeper, event.in_a_row)


def after(said: EyeRefusal | None, signal: EyeSignalSeen) -> EyeRefusal | None:
    """The row with this signal, which was given twice; one that comes later than IN_A_ROW_S begins another row."""
    if said is None:
        return None
    goes_on = 0.0 <= signal.began_s - said.ended_s <= IN_A_ROW_S
    return replace(said, seen=said.seen + 1 if goes_on else 1, ended_s=NightTime(signal.ended_s))


def forgotten(said: EyeRefusal | None) -> EyeRefusal | None:
    """After a break nobody knows what was signalled in it: a row begins anew."""
    return None if said is None else replace(said, seen=0, ended_s=NightTime(float("-inf")))


def withdrawal(said: EyeRefusal | None, signal: EyeSignalSeen) -> ConsentWithdrawn | None:
    """The no, once its last signal was seen; None while it is something else, or nothing was agreed on."""
    if said is None or said.seen < said.in_a_row:
        return None
    return ConsentWithdrawn(onset_s=signal.onset_s, sleeper=said.sleeper, channel=CHANNEL, cause=signal.id)
