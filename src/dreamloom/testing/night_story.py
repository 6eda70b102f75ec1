"""A night told as events, for reports and views: say what happened in any order, get a record's worth of it."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from dreamloom.record.events import (
    AnyEvent,
    ArmsSealed,
    ArousalSeen,
    ChannelDescribed,
    ConsentGiven,
    ConsentWithdrawn,
    CueAudited,
    CueDue,
    CueFailed,
    CuePlayed,
    CueWithheld,
    GapSeen,
    HostDescribed,
    LightsOff,
    LightsOn,
    NightClosed,
    NightOpened,
    Rearmed,
    Recovered,
    Sealed,
    Seat,
    Softened,
    StageScored,
    StreamDescribed,
    StreamFound,
    StreamLost,
    WithheldReason,
)
from dreamloom.seals.payload import ciphertext_sha256
from dreamloom.vocabulary.ids import EventId
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import EPOCH_S

HASH = "5e" * 32
CIPHERTEXT = b"what nobody may read yet"
SEALED_SHA256 = ciphertext_sha256(CIPHERTEXT)
CYCLES = (
    "W*28 N1*6 N2*40 N3*60 N2*24 N1*2 W*2 N1*4 N2*16 R*22 N1*2 N2*50 N3*48 N2*30 R*40 W*6 N1*6 N2*80 N3*20 N2*36 "
    "R*64 N1*4 W*3 N2*70 R*50 N1*6 N2*40 R*58 N2*20 W*24"
)
"""A plain night of about seven hours, in stages and epochs."""


def course(text: str = CYCLES) -> list[Stage]:
    """The stages of a text such as "W*2 N2": W, W, N2."""
    told: list[Stage] = []
    for word in text.split():
        stage, _, times = word.partition("*")
        told += [Stage(stage)] * int(times or 1)
    return told


class Story:
    """Collects events in any order; `events` puts them in the order of a record and stamps them."""

    def __init__(
        self, *sleepers: str, speed_x: float = 1.0, utc: str = "2026-11-20T21:47:12+00:00", zone: str = "Europe/Berlin"
    ) -> None:
        self._told: list[tuple[AnyEvent, int | None]] = []
        self._roster = tuple(Seat(pod=f"p{n}", sleeper=name, source="sim:plain") for n, name in enumerate(sleepers, 1))
        opened = NightOpened(
            onset_s=0.0,
            mode="private",
            timezone=zone,
            dreamscape="nightmare_rem_tmr",
            dreamscape_sha256=HASH,
            consent_sha256=HASH,
            simulation_seed=0,
            roster=self._roster,
        )
        self.say(opened)
        self.say(
            HostDescribed(
                onset_s=0.0,
                night="tide",
                night_toml_sha256=HASH,
                utc=utc,
                speed_x=speed_x,
                versions={"dreamloom": "0.1.0"},
                platform="Linux",
            )
        )
        for seat in self._roster:
            self._first_words(seat)

    def say(self, event: AnyEvent, *, because: int | None = None) -> int:
        """Adds an event; returns a number by which another can name it as its cause."""
        self._told.append((event, because))
        return len(self._told) - 1

    def lights_off(self, pod: str, at_s: float) -> None:
        self.say(LightsOff(onset_s=at_s, pod=pod, by="the sleeper"))

    def lights_on(self, pod: str, at_s: float) -> None:
        self.say(LightsOn(onset_s=at_s, pod=pod, by="the sleeper"))

    def sleep(self, pod: str, stages: Sequence[Stage], *, from_s: float = 0.0, hops: bool = False) -> None:
        """Live estimates: one at the end of each epoch, with `hops` also the five in between."""
        for n, stage in enumerate(stages):
            end_s = from_s + EPOCH_S * (n + 1)
            for at_s in [end_s - 5.0 * k for k in range(5 if hops else 0, -1, -1)]:
                if at_s >= from_s + EPOCH_S or at_s == end_s:
                    self.say(_scored(pod, stage, at_s))

    def cue(
        self,
        pod: str,
        at_s: float,
        *,
        level_db: float = 40.0,
        fate: Literal["played", "failed", "unknown"] = "played",
        bits: tuple[str, ...] = (),
    ) -> None:
        """A cue that was due just before at_s, and what became of it."""
        due = self.say(
            CueDue(
                onset_s=at_s - 0.25,
                pod=pod,
                cue="chord",
                cue_sha256=HASH,
                part=0,
                sound_class="sleep",
                level_db=level_db,
                play_at_s=at_s,
                expires_s=at_s + 0.5,
                lease="l1",
            )
        )
        if fate == "played":
            actual_s = round(at_s + 0.004, 6)
            played = CuePlayed(
                onset_s=actual_s, pod=pod, cue="chord", planned_s=at_s, actual_s=actual_s, verified="render clock"
            )
            self.say(played, because=due)
        if fate == "failed":
            self.say(CueFailed(onset_s=at_s, pod=pod, cue="chord", reason="BITS", bits=bits), because=due)
        if fate != "unknown":
            self.say(CueAudited(onset_s=at_s + 1.0, pod=pod, payload=Sealed(pod, SEALED_SHA256)), because=due)

    def withheld(self, pod: str, reason: WithheldReason, span_s: tuple[float, float], *, times: int) -> None:
        from_s, to_s = span_s
        self.say(CueWithheld(onset_s=from_s, pod=pod, cue="chord", part=0, reason=reason, until_s=to_s, count=times))

    def arousal(self, pod: str, at_s: float) -> None:
        self.say(ArousalSeen(onset_s=at_s, pod=pod, strength=4.2))

    def softened(self, pod: str, at_s: float) -> None:
        self.say(Softened(onset_s=at_s, pod=pod, lower_db=3.0, level_cap_db=42.0, reason="arousal soon after a cue"))

    def gap(self, pod: str, at_s: float, duration_s: float) -> None:
        self.say(GapSeen(onset_s=at_s, pod=pod, duration_s=duration_s, samples=int(100 * duration_s)))

    def lost(self, pod: str, from_s: float, to_s: float | None) -> None:
        """The stream was silent in [from_s, to_s), and for good where to_s is None."""
        self.say(StreamLost(onset_s=from_s + 1.0, pod=pod, last_s=from_s))
        if to_s is not None:
            self.say(StreamFound(onset_s=to_s + 1.0, pod=pod, lost_s=to_s - from_s))

    def broken(self, pod: str, from_s: float, to_s: float) -> None:
        self.say(Recovered(onset_s=to_s, pod=pod, lost_from_s=from_s, lost_to_s=to_s, segment=1))
        self.say(Rearmed(onset_s=to_s, pod=pod, by="the person in charge"))

    def withdrawn(self, pod: str, at_s: float) -> None:
        sleeper = next(seat.sleeper for seat in self._roster if seat.pod == pod)
        self.say(ConsentWithdrawn(onset_s=at_s, pod=pod, sleeper=sleeper, channel="pod page"))

    def closed(self, at_s: float, status: Literal["complete", "interrupted", "failed"] = "complete") -> None:
        self.say(NightClosed(onset_s=at_s, status=status, reason="" if status == "complete" else "Ctrl-C", counts={}))

    def events(self) -> list[AnyEvent]:
        """The night in the order of a record, stamped."""
        order = sorted(range(len(self._told)), key=lambda i: (self._told[i][0].onset_s, i))
        counts: dict[str, int] = {}
        ids: dict[int, str] = {}
        stamped = []
        for i in order:
            event, because = self._told[i]
            origin = event.pod or "night"
            ids[i] = str(EventId(origin, 0, counts.get(origin, 0)))
            counts[origin] = counts.get(origin, 0) + 1
            cause = None if because is None else ids[because]
            stamped.append(msgspec.structs.replace(event, id=ids[i], tick=int(event.onset_s), cause=cause))
        return stamped

    def _first_words(self, seat: Seat) -> None:
        channels = (ChannelDescribed(label="EEG C4-M1", kind="EEG", low_uv=-500.0, high_uv=500.0),)
        self.say(
            StreamDescribed(
                onset_s=0.0,
                pod=seat.pod,
                source=seat.source,
                sfreq_hz=100.0,
                grid_hz=100,
                delay_s=0.0,
                channels=channels,
            )
        )
        self.say(
            ConsentGiven(
                onset_s=0.0,
                pod=seat.pod,
                sleeper=seat.sleeper,
                sheet="information sheet v3, en",
                dreamscape_sha256=HASH,
                cues=("chord", "silence"),
                stages=("R",),
                level_cap_db=45.0,
                cues_per_hour=200,
                rearm_after_crash="once",
                purposes=("cue", "keep derived"),
                relay_from=(),
                relay_to=(),
                expires="2026-11-21T10:00:00+01:00",
            )
        )
        self.say(ArmsSealed(onset_s=0.0, pod=seat.pod, arm=Sealed(seat.sleeper, SEALED_SHA256)))


def payloads_of(events: Sequence[AnyEvent]) -> dict[str, bytes]:
    """What lies sealed beside the events that bring a seal, as a ledger takes it."""
    return {event.id: CIPHERTEXT for event in events if isinstance(event, ArmsSealed | CueAudited)}


def full_night() -> Story:
    """Three sleepers: one sleeps well and is cued; one loses signal, breaks and withdraws; one never sleeps."""
    story = Story("S01", "S02", "S03")
    for pod in ("p1", "p2", "p3"):
        story.lights_off(pod, 95.0)
        story.withheld(pod, "UNSCORED", (1.0, 30.0), times=3)
        story.withheld(pod, "OUTSIDE_WINDOW", (30.0, 1895.0), times=186)
    _well(story)
    _troubled(story)
    story.sleep("p3", course("W*860"))
    story.withheld("p3", "STAGE", (1895.0, 25800.0), times=2390)
    story.closed(25830.0)
    return story


def _well(story: Story) -> None:
    stages = course()
    story.sleep("p1", stages, hops=True)
    from_s = 1895.0
    for n in range(64, len(stages)):
        if stages[n] is Stage.R:
            first = stages[n - 1] is not Stage.R
            if first:
                story.withheld("p1", "STAGE", (from_s, 30.0 * n), times=int((30 * n - from_s) / 10) + 1)
                story.withheld("p1", "STABILITY", (30.0 * n, 30.0 * n + 20), times=2)
            for k in range(3):
                if not (first and k < 2) and n % 7:
                    story.cue("p1", 30.0 * n + 10 * k + 0.25, level_db=min(40.0, 22.0 + n / 40))
            if n % 7 == 0:
                story.withheld("p1", "CONFIDENCE", (30.0 * n, 30.0 * n + 30), times=3)
            from_s = 30.0 * n + 30
    story.withheld("p1", "STAGE", (from_s, 30.0 * len(stages)), times=int(30 * len(stages) - from_s) // 10)
    for at_s in range(1500, 25000, 1130):
        story.arousal("p1", float(at_s))
    story.arousal("p1", 16810.0)
    story.softened("p1", 16810.0)
    story.withheld("p1", "AROUSAL", (16811.0, 16931.0), times=12)
    story.cue("p1", 16941.0, fate="failed", bits=("AROUSAL",))
    story.gap("p1", 9000.25, 1.5)
    story.lights_on("p1", 25650.0)


def _troubled(story: Story) -> None:
    stages = course()
    unread = stages[:200] + [Stage.UNSCORED] * 14 + stages[214:300]
    story.sleep("p2", unread)
    story.withheld("p2", "STAGE", (1895.0, 5460.0), times=356)
    for n in range(184, 200):
        story.cue("p2", 30.0 * n + 5.25, level_db=35.0)
    story.withheld("p2", "UNSCORED", (6000.0, 6420.0), times=42)
    story.lost("p2", 9010.0, 9900.0)
    story.withheld("p2", "STALE", (9011.0, 9901.0), times=89)
    story.sleep("p2", stages[331:420], from_s=9930.0)
    story.cue("p2", 12605.25, level_db=35.0, fate="unknown")
    story.broken("p2", 12606.0, 13500.0)
    story.withheld("p2", "NOT_REARMED", (13500.0, 13560.0), times=6)
    story.sleep("p2", stages[452:], from_s=13560.0)
    for n in range(470, 484):
        story.cue("p2", 30.0 * n + 5.25, level_db=35.0)
    story.withdrawn("p2", 14700.0)
    story.withheld("p2", "REVOKED", (14701.0, 25800.0), times=1110)


def _scored(pod: str, stage: Stage, at_s: float) -> StageScored:
    """An estimate that is rather sure; none of the others is excluded."""
    known = stage is not Stage.UNSCORED
    probabilities = {str(other): 0.84 if other is stage else 0.04 for other in SCORED_STAGES} if known else {}
    return StageScored(
        onset_s=at_s,
        pod=pod,
        stage=str(stage),
        confidence=0.84 if known else 0.0,
        probabilities=probabilities,
        window_s=float(EPOCH_S),
        decided_at_s=at_s + 0.02,
        quality=1.0 if known else 0.3,
        method="story",
    )
