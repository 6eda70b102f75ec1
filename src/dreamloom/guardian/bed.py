"""What does the guardian remember of one bed? Readings of its signs, and the rules that are raised there."""

import math

import msgspec
from msgspec import field
from msgspec.structs import replace

from dreamloom.guardian.ladder import highest
from dreamloom.guardian.rule import SIGNS
from dreamloom.guardian.rules import BY_ID
from dreamloom.record.events import Rung
from dreamloom.vocabulary.units import NightTime

NOT_CALM = NightTime(math.inf)


class Guarded(msgspec.Struct, frozen=True, kw_only=True):
    """One bed as the guardian sees it: a fold of that bed's events, and of what concerns every bed.

    Attributes:
        since_s: of what lasts, when it began.
        times_s: of what is counted, when it happened, within its window.
        values: of what is told as a number.
        causes: of each sign, the newest event's id.
        news: signs that were told something since the rules were looked at last.
        raised: the rules that are, each with the moment since when its reading has been calm.
        epochs: stages at the ends of the last epochs, oldest first.
        cue_s: the last cue.
        cap_db: the loudest that the newest lease allows.
        most_bits: how freely this sleeper's stages may change before that is told.
        guided: the newest command that came from the guide.
        source: whence its samples come, as it says.
        outline: of the newest seconds, by their number, how large the signal was.
    """

    since_s: dict[str, NightTime] = field(default_factory=dict)
    times_s: dict[str, tuple[NightTime, ...]] = field(default_factory=dict)
    values: dict[str, float] = field(default_factory=dict)
    causes: dict[str, str] = field(default_factory=dict)
    news: frozenset[str] = frozenset()
    raised: dict[str, NightTime] = field(default_factory=dict)
    epochs: tuple[str, ...] = ()
    cue_s: NightTime = NightTime(-math.inf)
    cap_db: float = math.inf
    most_bits: float | None = None
    guided: str = ""
    source: str = ""
    outline: dict[int, float] = field(default_factory=dict)

    @property
    def stands(self) -> Rung:
        """How far the guardian goes here now."""
        return highest(BY_ID[rule].rung for rule in self.raised if rule in BY_ID)

    def reading(self, sign: str, now_s: NightTime) -> float:
        """What is read of a sign now."""
        reads, window_s = SIGNS[sign]
        if reads == "lasts":
            return now_s - self.since_s[sign] if sign in self.since_s else -1.0
        if reads == "count":
            return float(sum(now_s - time_s < window_s for time_s in self.times_s.get(sign, ())))
        return self.values.get(sign, -math.inf)


def begins(bed: Guarded, sign: str, at_s: float, cause: str) -> Guarded:
    """Something that lasts began; nothing new where it lasts already."""
    if sign in bed.since_s:
        return bed
    since_s = {**bed.since_s, sign: NightTime(at_s)}
    return replace(bed, since_s=since_s, causes={**bed.causes, sign: cause}, news=bed.news | {sign})


def ends(bed: Guarded, sign: str) -> Guarded:
    """It is no more."""
    if sign not in bed.since_s:
        return bed
    return replace(bed, since_s={name: at_s for name, at_s in bed.since_s.items() if name != sign})


def counted(bed: Guarded, sign: str, at_s: float, cause: str) -> Guarded:
    """It happened once more; what is older than its window is forgotten."""
    window_s = SIGNS[sign].window_s
    times_s = (*(time_s for time_s in bed.times_s.get(sign, ()) if at_s - time_s < window_s), NightTime(at_s))
    return replace(
        bed,
        times_s={**bed.times_s, sign: times_s},
        causes={**bed.causes, sign: cause},
        news=bed.news | {sign},
    )


def valued(bed: Guarded, sign: str, value: float, cause: str) -> Guarded:
    """Its value now."""
    if bed.values.get(sign) == value:
        return bed
    return replace(
        bed,
        values={**bed.values, sign: value},
        causes={**bed.causes, sign: cause} if cause else bed.causes,
        news=bed.news | {sign},
    )
