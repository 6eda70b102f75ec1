"""When may something happen? Clauses on one sleeper's stage, eyes, times and cycles, and on how many are where."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from dreamloom.dreamscape.measures import Clock, Moment, People, Reading, Said, Share, Span, Who
from dreamloom.vocabulary.stages import Stage


class Comparison(Struct, frozen=True, forbid_unknown_fields=True):
    """A bound on a share between 0 and 1, written ">= 0.8" or "> 80 %"."""

    operator: Literal[">=", ">"]
    value: Share

    def holds(self, share: float) -> bool:
        """True when the share satisfies the bound."""
        return share >= self.value if self.operator == ">=" else share > self.value


class MeanConfidence(Said, frozen=True, kw_only=True):
    """A bound on the recent past of the gate's stages, not on the newest estimate alone.

    A reading is the probability the newest estimate gives to the gate's stages together, taken once every
    `reading_every_s`; UNSCORED reads 0. The gate is shut until `over_readings` readings exist.
    """

    at_least: Share
    over_readings: Annotated[int, Meta(ge=2, le=3_600)]
    reading_every_s: Reading = field(name="reading_every")

    @property
    def over_s(self) -> float:
        return self.over_readings * self.reading_every_s


class EyeSignal(Said, frozen=True, kw_only=True):
    """A signal agreed on while awake: eyes left-right-left-right, seen so many times, all within so long.

    It counts when it is given twice, so an odd number asks for one more; the clause holds until the first of them is
    `within` old, without it for the rest of the night.
    """

    pattern: Literal["LRLR"]
    times: Annotated[int, Meta(ge=1, le=10)]
    within_s: Span | None = field(name="within", default=None)


class Cycles(Said, frozen=True, kw_only=True):
    """Sleep cycles by number: the first ends with the end of the first REM period."""

    from_: Annotated[int, Meta(ge=1, le=12)] = field(name="from")
    to: Annotated[int, Meta(ge=1, le=12)] | None = None


class LocalTime(Said, frozen=True, kw_only=True):
    """Times on the wall where this sleeper lies; found once, when the night opens, whatever the clocks do then."""

    from_: Clock = field(name="from")
    until: Clock | None = None


class Quorum(Said, frozen=True, kw_only=True):
    """So many of a group, or of everyone, are in these stages together for so long."""

    at_least: People
    of: Who
    in_: tuple[Stage, ...] = field(name="in")
    for_s: Span = field(name="for")


class Gate(Said, frozen=True, kw_only=True):
    """When a part may play: every clause that is written must hold at once.

    Attributes:
        stage: the newest estimate is one of these; empty only for parts labelled unstaged.
        confidence: bound on the probability that estimate gives to these stages together.
        close_below: once open, the gate stays so while that probability is at least this: it does not flicker.
        mean_confidence: bound on the mean probability of these stages over recent readings.
        stable_for_s: stage and confidence have held without a break for this long.
        asleep_for_s: this long since the sleeper last fell asleep.
        eye_signal: an agreed signal was seen, so often.
        cycle: the sleeper is in one of these sleep cycles.
        after_lights_off_s: this long since lights off.
        after_sleep_onset_s: this long since sleep onset.
        for_s: the window's length; it begins when the last `after_…` clause is reached.
        local_time: the clock on the sleeper's wall is between these.
        quorum: so many others are where they should be.
    """

    stage: tuple[Stage, ...] = ()
    confidence: Comparison | None = None
    close_below: Share | None = None
    mean_confidence: MeanConfidence | None = None
    stable_for_s: Span | None = field(name="stable_for", default=None)
    asleep_for_s: Span | None = field(name="asleep_for", default=None)
    eye_signal: EyeSignal | None = None
    cycle: Cycles | None = None
    after_lights_off_s: Moment | None = field(name="after_lights_off", default=None)
    after_sleep_onset_s: Moment | None = field(name="after_sleep_onset", default=None)
    for_s: Span | None = field(name="for", default=None)
    local_time: LocalTime | None = None
    quorum: Quorum | None = None
