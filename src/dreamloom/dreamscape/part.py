"""What plays, for whom, how often, how much? A part: its gate, its timing, its budget and what a lesser pod does."""

from typing import Annotated, Literal

from msgspec import Meta, field

from dreamloom.dreamscape.gate import Gate
from dreamloom.dreamscape.measures import Angle, Count, Interval, Name, Said, Share, Span, Trough, Who
from dreamloom.vocabulary.stages import Stage

POD_KINDS = ("headband", "watch", "phone", "speaker")
"""What lies at a bed: EEG on the forehead; movement and pulse; a phone's microphone and clock; a clock alone."""


class Ramp(Said, frozen=True, kw_only=True):
    """The level rises from silence to the sleeper's calibrated level; anew after every pause an arousal made."""

    from_: Literal["silent"] = field(name="from")
    over_s: Span = field(name="over")
    to: Literal["calibrated"]


class Budget(Said, frozen=True, kw_only=True):
    """How many cues at most; played, sham and unknown ones count alike."""

    per_hour: Count
    per_night: Count


class Fallback(Said, frozen=True, kw_only=True):
    """What a pod does that cannot stage: the same cue inside a gate of times, every cue marked unstaged.

    `expected_hits` is the share of its cues that should fall into the stage that is aimed at.
    """

    pod: Literal["headband", "watch", "phone", "speaker"]
    when: Gate
    label: Literal["unstaged"]
    expected_hits: Share | None = None


class PhaseTarget(Said, frozen=True, kw_only=True):
    """A moment of a wave: the positive peak is 0 deg, the rising zero crossing -90 deg; of a spindle, its onset: 0 deg.

    `trough_below_uv` asks for a slow oscillation whose last trough was at least that deep.
    """

    of: Literal["slow oscillation", "spindle", "alpha"]
    at_deg: Angle = field(name="at")
    trough_below_uv: Trough | None = field(name="trough_below", default=None)


class Repeat(Said, frozen=True, kw_only=True):
    """Each time the part plays, its cue comes so often, so far apart from onset to onset; never beyond one withheld."""

    times: Annotated[int, Meta(ge=2, le=50)]
    apart_s: Interval = field(name="apart")


class Blocks(Said, frozen=True, kw_only=True):
    """So many cues sound, then as many moments as `off` are decided and stay silent: their own control."""

    on: Count
    off: Count


class Draw(Said, frozen=True, kw_only=True):
    """For each sleeper a share of these cues is drawn, sealed; the part plays those in turn, and never the others."""

    from_: Annotated[tuple[Name, ...], Meta(min_length=2, max_length=64)] = field(name="from")
    share: Share


class Part(Said, frozen=True, kw_only=True):
    """One thing to play: inside the gate, the cue, every so often, within the budget.

    Attributes:
        for_: each sleeper by the own gate, or everyone or a whole group at one moment.
        aims_at, expected_hits: the stage an unstaged part hopes to meet, and the share of its cues that should.
        draw: plays a drawn share of these cues instead of `play` alone.
        every_s: from one cue to the next, at least, of trains from first to first.
        jitter_s: is added to that, drawn anew each time between 0 and this.
        refractory_s: after any cue of any part, this long nothing of this part.
        phase: wait for this moment of a wave.
    """

    for_: Who = field(name="for")
    when: Gate
    label: Literal["unstaged"] | None = None
    aims_at: tuple[Stage, ...] = ()
    expected_hits: Share | None = None
    play: Name
    draw: Draw | None = None
    every_s: Interval = field(name="every")
    jitter_s: Interval | None = field(name="jitter", default=None)
    refractory_s: Interval | None = field(name="refractory", default=None)
    phase: PhaseTarget | None = None
    repeat: Repeat | None = None
    blocks: Blocks | None = None
    ramp: Ramp | None = None
    budget: Budget
    else_: Annotated[tuple[Fallback, ...], Meta(max_length=4)] = field(name="else", default=())

    @property
    def own_cues(self) -> tuple[str, ...]:
        """What it may play where no arm takes its place: its cue, and those of which some are drawn."""
        return (self.play, *(self.draw.from_ if self.draw else ()))

    @property
    def closest_s(self) -> float:
        """Two cues of this part never come closer."""
        return self.every_s if self.repeat is None else min(self.every_s, self.repeat.apart_s)
