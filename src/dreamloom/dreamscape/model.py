"""What can an author say today? A dreamscape as frozen data: cues, parts, gates, arms, levels, stop rules.

Field names carry the unit they are kept in; `name=` is the word the author writes. The language grows by addition only.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from dreamloom.vocabulary.stages import Stage

NAME_PATTERN = "^[A-Za-z][A-Za-z0-9_-]{0,63}$"
NOTE_PATTERN = "^[A-G](#|b)?[0-8]$"
BECAUSE_PATTERN = r"^(ours\b|sourced: *\S)"
SILENCE = "silence"
"""A cue every dreamscape has: nothing sounds, everything else happens."""

Name = Annotated[str, Meta(pattern=NAME_PATTERN, extra={"meant": "a letter, then letters, digits, - or _, at most 64"})]
Note = Annotated[str, Meta(pattern=NOTE_PATTERN, extra={"meant": "a note such as C5, F#4 or Bb3"})]
Line = Annotated[str, Meta(min_length=1, max_length=500, extra={"meant": "1 to 500 characters of text"})]
Because = Annotated[
    str, Meta(pattern=BECAUSE_PATTERN, max_length=500, extra={"meant": 'ours, or "sourced: author year" in quotes'})
]
Share = Annotated[float, Meta(ge=0.0, le=1.0, extra={"unit": "share"})]
Moment = Annotated[float, Meta(ge=0.0, le=50_400.0, extra={"unit": "s"})]
Span = Annotated[float, Meta(gt=0.0, le=50_400.0, extra={"unit": "s"})]
CueLength = Annotated[float, Meta(ge=0.02, le=60.0, extra={"unit": "s"})]
Fade = Annotated[float, Meta(ge=0.005, le=10.0, extra={"unit": "s"})]
Pause = Annotated[float, Meta(ge=1.0, le=14_400.0, extra={"unit": "s"})]
Interval = Annotated[float, Meta(ge=0.1, le=14_400.0, extra={"unit": "s"})]
Reading = Annotated[float, Meta(ge=1.0, le=60.0, extra={"unit": "s"})]
Step = Annotated[float, Meta(ge=0.0, le=40.0, extra={"unit": "dB"})]
Ceiling = Annotated[float, Meta(gt=0.0, le=85.0, extra={"unit": "dBA"})]
Count = Annotated[int, Meta(ge=1, le=100_000)]
Tolerated = Annotated[int, Meta(ge=0, le=1_000)]


class Said(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Anything an author may give a reason for: `because: ours` or `because: "sourced: …"`."""

    because: Because | None = None


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


class Gate(Said, frozen=True, kw_only=True):
    """When a part may play: every clause that is written must hold at once.

    Attributes:
        stage: the newest estimate is one of these; empty only for parts labelled unstaged.
        confidence: bound on the probability that estimate gives to these stages together.
        mean_confidence: bound on the mean probability of these stages over recent readings.
        stable_for_s: stage and confidence have held without a break for this long.
        after_lights_off_s: this long since lights off.
        after_sleep_onset_s: this long since sleep onset.
        for_s: the window's length; it begins when the last `after_…` clause is reached.
    """

    stage: tuple[Stage, ...] = ()
    confidence: Comparison | None = None
    mean_confidence: MeanConfidence | None = None
    stable_for_s: Span | None = field(name="stable_for", default=None)
    after_lights_off_s: Moment | None = field(name="after_lights_off", default=None)
    after_sleep_onset_s: Moment | None = field(name="after_sleep_onset", default=None)
    for_s: Span | None = field(name="for", default=None)


class Cue(Said, frozen=True, kw_only=True):
    """A sound, or a silence, by its recipe. Sleep cues pass every gate; awake sounds are the only ones allowed in W."""

    kind: Literal["sound", "silence"]
    sound_class: Literal["sleep", "awake"] = field(name="class")
    make: Literal["chord", "tone", "pink_burst"] | None = None
    notes: Annotated[tuple[Note, ...], Meta(max_length=12)] = ()
    duration_s: CueLength = field(name="duration")


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
    """What a pod does that cannot stage: the same cue inside a gate of times, every cue marked unstaged."""

    pod: Literal["phone"]
    when: Gate
    label: Literal["unstaged"]


class Part(Said, frozen=True, kw_only=True):
    """What one sleeper's own signals decide: inside the gate, the cue, every so often, within the budget."""

    for_: Literal["each sleeper"] = field(name="for")
    when: Gate
    label: Literal["unstaged"] | None = None
    play: Name
    every_s: Interval = field(name="every")
    ramp: Ramp | None = None
    budget: Budget
    else_: Fallback | None = field(name="else", default=None)


class Arm(Said, frozen=True, kw_only=True):
    """One arm of the comparison: which cue takes the place of the played one, and was it trained while awake."""

    cue: Name
    trained: bool = True


class Levels(Said, frozen=True, kw_only=True):
    """How loud at most, and how far above the sleeper's own hearing threshold."""

    cap_dba: Ceiling = field(name="cap")
    over_threshold_db: Step = field(name="over_threshold")


class ArousalStop(Said, frozen=True, kw_only=True):
    """What an arousal does: fade, pause, go on more softly."""

    fade_s: Fade = field(name="fade")
    pause_s: Pause = field(name="pause")
    lower_db: Step = field(name="lower")


class AwakeningStop(Said, frozen=True, kw_only=True):
    """More awakenings than this that began while a cue sounded, within this time, end the cues."""

    more_than: Tolerated
    within_s: Span = field(name="within")
    then: Literal["no more tonight"]


class Stop(Said, frozen=True, kw_only=True):
    arousal: ArousalStop | None = None
    cue_locked_awakenings: AwakeningStop | None = None


class Origin(Struct, frozen=True, kw_only=True):
    """Where each thing was written and what its author gave as reason; keys are paths such as parts[0].when.stage.

    Attributes:
        file: name of the file, as messages print it.
        places: path to (line, column), counted from 1.
        provenance: path to "ours…" or "sourced: …", only where the author said so.
    """

    file: str = ""
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    provenance: dict[str, str] = field(default_factory=dict)


class Dreamscape(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One dreamscape. `intent`, `tags` and `stop` may be missing here; the checker says what that means."""

    name: Name = field(name="dreamscape")
    version: Annotated[int, Meta(ge=1, le=1_000_000)]
    intent: Line | None = None
    source: Line | None = None
    tags: Annotated[tuple[Name, ...], Meta(max_length=16)] = ()
    cues: Annotated[dict[Name, Cue], Meta(min_length=1, max_length=64)]
    parts: Annotated[tuple[Part, ...], Meta(min_length=1, max_length=32)]
    arms: Annotated[dict[Name, Arm], Meta(max_length=16)] = field(default_factory=dict)
    levels: Levels
    stop: Stop | None = None
    origin: Origin = field(default_factory=Origin)


UNWRITTEN = frozenset({"origin"})
"""Fields the reader fills; no author writes them."""


def possible_cues(dreamscape: Dreamscape) -> dict[str, Cue]:
    """Every cue a night of this dreamscape may draw, by name; what a sleeper hears and agrees to in the evening.

    Silence is as long as the longest sound, so that a sham's length tells nothing.
    """
    named = {part.play for part in dreamscape.parts} | {arm.cue for arm in dreamscape.arms.values()}
    found = {name: cue for name, cue in dreamscape.cues.items() if name in named}
    if SILENCE in named and SILENCE not in found:
        longest_s = max((cue.duration_s for cue in found.values()), default=1.0)
        found[SILENCE] = Cue(kind="silence", sound_class="sleep", duration_s=longest_s)
    return found
