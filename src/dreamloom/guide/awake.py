"""May anything speak to this sleeper now? Only while their night's own record says that they are awake.

From lights-off to waking the guide does not exist: `Awake` cannot be made then, and nothing speaks or asks a language
model without one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from dreamloom.record.events import AnyEvent, AwakeningMade, LightsOff, LightsOn, NightClosed, NightOpened, Recovered
from dreamloom.record.fold import fold
from dreamloom.vocabulary.errors import RefusedError

Since = Literal["evening", "dark", "awakening", "up"]


class Lying(Struct, frozen=True, kw_only=True):
    """Where one sleeper is between evening and morning, as far as whoever may speak to them must know.

    Attributes:
        pod: their bed.
        since: evening, the lights are still on; dark, they are off; awakening, somebody was woken to tell and sleeps
            again; up, the night is over for them.
        until_s: of an awakening, how long it is theirs to tell.
    """

    pod: str
    since: Since = "evening"
    until_s: float = 0.0


def heard(lying: Lying, event: AnyEvent) -> Lying:
    """The same after one more event of the night.

    A stage of W, an arousal or leaving the bed is no waking: whoever lies awake at night is left in peace. A night that
    broke off tells nothing of who sleeps: whoever says in words of their own that they are up does (`up`).
    """
    if event.pod not in (None, lying.pod):
        return lying
    match event:
        case NightOpened() | LightsOff() | Recovered():
            return replace(lying, since="evening" if isinstance(event, NightOpened) else "dark")
        case AwakeningMade() if event.how != "GAVE_UP":
            if event.manner == "morning":
                return replace(lying, since="up")
            return replace(lying, since="awakening", until_s=event.onset_s + event.report_s)
        case LightsOn():
            return replace(lying, since="up")
        case NightClosed() if event.status == "complete":
            return replace(lying, since="up")
        case _:
            return lying


def lying_at(pod: str, events: Iterable[AnyEvent]) -> Lying:
    """The sleeper of this bed after these events; before any, it is evening."""
    return fold(heard, Lying(pod=pod), events)


def up(lying: Lying, *, is_closed: bool) -> Lying:
    """They say themselves that they are up; heard once their night's record is closed, and never while it runs."""
    return replace(lying, since="up") if is_closed else lying


def is_awake(lying: Lying, now_s: float) -> bool:
    """Whether this sleeper may be spoken to at this moment of the night."""
    if lying.since == "awakening":
        return now_s < lying.until_s
    return lying.since in {"evening", "up"}


def before_dark(lying: Lying, at_s: float) -> "Awake":
    """That their lights are still on; raises RefusedError DL-E844 for whoever may lie in the dark, woken or not."""
    if lying.since != "evening":
        raise no_evening(f"It is not evening any more for the sleeper of {lying.pod}.")
    return Awake(lying, at_s)


def no_evening(why: str) -> RefusedError:
    """No model takes part in an evening's talk."""
    return RefusedError(
        "DL-E844",
        "No language model takes part in this talk.",
        why=f"{why} It is there before their lights go off, and where the record says so.",
        still="The talk goes on by its fixed steps as long as they are awake.",
    )


@dataclass(frozen=True, slots=True)
class Awake:
    """That a sleeper is awake at this moment; there is none for anybody who is not.

    Raises:
        RefusedError: DL-E713 between lights-off and waking.
    """

    lying: Lying
    at_s: float

    def __post_init__(self) -> None:
        if not is_awake(self.lying, self.at_s):
            raise RefusedError(
                "DL-E713",
                f"Nothing speaks to the sleeper of {self.lying.pod} now.",
                why="Their lights are off. Until they are woken or up there is no guide for them, and no model of it.",
                still="Their night goes on. STOP and the person in charge are there as always.",
                do="Come back in the morning.",
            )
