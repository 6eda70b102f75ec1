"""Whole small nights: what must hold whatever the chunks, the order of arrival, the losses and the withdrawals."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamloom.adapters.speaker.virtual import VirtualSpeaker
from dreamloom.engine.clocks import VirtualClock
from dreamloom.ports import PlayCommand
from dreamloom.record.events import (
    ConsentWithdrawn,
    CueDue,
    CueFailed,
    CuePlayed,
    CueWithheld,
    GapSeen,
    LeaseGranted,
    NightClosed,
    StageScored,
    StreamFound,
    StreamLost,
)
from dreamloom.record.roots import record_root
from dreamloom.signals.blocks import Block
from dreamloom.testing.nights import (
    TinyBed,
    TinyNight,
    always,
    grant_for,
    plan_of,
    rem_source,
    run_tiny_night,
    withdrawal,
)
from dreamloom.testing.signals import FakeSource, recut
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.units import FloatArray, NightTime


class Stream:
    """Blocks that arrive when their stamps say so: some late, some never, cut as a test says."""

    def __init__(
        self,
        inner: FakeSource,
        *,
        late: dict[int, float] | None = None,
        lost: set[int] | None = None,
        block_samples: int | None = None,
    ) -> None:
        self.stream = inner.stream
        blocks = [block for block in inner.read(NightTime(1e9)) if int(block.onset_s) not in (lost or set())]
        blocks = [_delayed(block, (late or {}).get(int(block.onset_s), 0.0)) for block in blocks]
        self._ends_s = NightTime(max([inner.ends_s, *(block.arrived_s[-1] for block in blocks)]))
        self._waiting = blocks if block_samples is None else recut(blocks, block_samples)

    @property
    def ended(self) -> bool:
        return not self._waiting

    @property
    def ends_s(self) -> NightTime:
        return self._ends_s

    def read(self, until_s: NightTime) -> list[Block]:
        ready: list[Block] = []
        while self._waiting and self._waiting[0].arrived_s[-1] <= until_s:
            ready.append(self._waiting.pop(0))
        return ready

    def close(self) -> None:
        self._waiting = []


def _delayed(block: Block, by_s: float) -> Block:
    return dataclasses.replace(block, arrived_s=block.arrived_s + by_s)


def one_bed(seconds: float = 120, **changes: object) -> TinyNight:
    return run_tiny_night({"p1": TinyBed(source=rem_source(seconds=seconds), **changes)})  # type: ignore[arg-type]


def eventful(block_samples: int = 25, *, order: tuple[str, str] = ("p1", "p2")) -> TinyNight:
    """Two beds, cues, a gap, a stream lost and found, and a withdrawal."""
    lost = set(range(70, 78))
    beds = {
        "p1": TinyBed(source=Stream(rem_source(seconds=130), block_samples=block_samples)),
        "p2": TinyBed(source=Stream(rem_source(seconds=130, seed=2), lost=lost, block_samples=block_samples)),
    }
    script = [withdrawal("p1", 100.5)]
    return run_tiny_night({name: beds[name] for name in order}, script=script, ahead_s=block_samples / 100)


def test_cues_are_played_in_a_lawful_night() -> None:
    night = one_bed()
    played = night.of(CuePlayed)
    assert len(played) >= 15
    assert all(event.actual_s == event.planned_s for event in played)
    assert [type(e) for e in night.events][-1] is NightClosed


def test_cues_keep_their_interval_and_start_silent() -> None:
    due = one_bed().of(CueDue)
    onsets = [event.onset_s for event in due]
    assert min(np.diff(onsets)) >= 4.0
    assert due[0].level_db == pytest.approx(0.0)
    assert [event.level_db for event in due] == sorted(event.level_db for event in due)
    assert max(event.level_db for event in due) == pytest.approx(40.0)


def test_every_cue_not_played_leaves_a_reason() -> None:
    night = one_bed(classify=always(2))
    assert night.of(CueDue) == []
    assert {event.reason for event in night.of(CueWithheld)} >= {"STALE", "UNSCORED", "STAGE"}


def test_without_consent_nothing_sounds_and_nothing_is_leased() -> None:
    night = one_bed(consenting=False)
    assert night.of(CueDue) == []
    assert night.of(LeaseGranted) == []
    assert "CONSENT" in {event.reason for event in night.of(CueWithheld)}


def test_cue_is_withheld_after_consent_is_withdrawn() -> None:
    night = run_tiny_night({"p1": TinyBed(source=rem_source(seconds=120))}, script=[withdrawal("p1", 60.2)])
    withdrawn = next(i for i, event in enumerate(night.events) if isinstance(event, ConsentWithdrawn))
    assert any(isinstance(event, CueDue) for event in night.events[:withdrawn])
    assert not any(isinstance(event, CueDue) for event in night.events[withdrawn:])
    assert not any(isinstance(event, LeaseGranted) for event in night.events[withdrawn:])
    assert night.of(CueWithheld)[-1].reason == "REVOKED"


def test_a_grant_for_another_text_is_no_consent() -> None:
    plan, _ = plan_of()
    night = one_bed(grant=grant_for(plan, dreamscape_sha256="f" * 64))
    assert night.of(CueDue) == []


def test_a_quieter_grant_keeps_every_cue_under_its_cap() -> None:
    plan, _ = plan_of()
    due = one_bed(grant=grant_for(plan, level_cap_db=31.0)).of(CueDue)
    assert due
    assert max(event.level_db for event in due) <= 31.0


@pytest.mark.parametrize(("late_s", "waits_s"), [(0.3, 0), (0.8, 1), (1.5, 1)])
def test_a_second_that_comes_too_late_for_its_cue_withholds_it(late_s: float, waits_s: int) -> None:
    """It could only expire, and would use up budget and rest; the next second that is in time is cued on."""
    first = one_bed().of(CueDue)[5].tick
    night = run_tiny_night({"p1": TinyBed(source=Stream(rem_source(seconds=120), late={first: late_s}))})
    assert [event.tick for event in night.of(CueDue)][5] == first + waits_s
    stale = [event for event in night.of(CueWithheld) if event.reason == "STALE" and event.onset_s == first + 1.0]
    assert len(stale) == waits_s


@pytest.mark.parametrize("delays_s", [(1.9, 0.0), (0.0, 1.9)])
def test_a_bed_whose_samples_always_come_late_is_silent_and_holds_up_no_other(delays_s: tuple[float, float]) -> None:
    sources = [rem_source(seconds=90, seed=n, delay_s=delay_s) for n, delay_s in enumerate(delays_s, 1)]
    night = run_tiny_night({f"p{n}": TinyBed(source=source) for n, source in enumerate(sources, 1)})
    cued = [event.pod for event in night.of(CueDue)]
    assert set(cued) == {f"p{n}" for n, delay_s in enumerate(delays_s, 1) if delay_s == 0.0}
    assert len(cued) >= 8


def test_hourly_consent_is_a_ceiling() -> None:
    plan, _ = plan_of()
    night = one_bed(grant=grant_for(plan, cues_per_hour=3))
    assert len(night.of(CueDue)) == 3
    assert night.of(CueWithheld)[-1].reason == "BUDGET"


def test_a_lost_stream_falls_silent_and_the_other_bed_goes_on() -> None:
    night = eventful()
    lost = next(event for event in night.of(StreamLost) if event.pod == "p2")
    found = next(event for event in night.of(StreamFound) if event.pod == "p2")
    gap = next(event for event in night.of(GapSeen) if event.pod == "p2")
    assert (lost.last_s, gap.onset_s, gap.duration_s) == (70.0, 70.0, 8.0)
    assert not [e for e in night.of(CueDue) if e.pod == "p2" and lost.onset_s <= e.onset_s < found.onset_s]
    assert [e for e in night.of(CueDue) if e.pod == "p1" and lost.onset_s <= e.onset_s < found.onset_s]
    assert [e for e in night.of(CueDue) if e.pod == "p2" and e.onset_s > found.onset_s + 30]


@pytest.mark.parametrize(
    "block_samples", [1, 250, *(pytest.param(samples, marks=pytest.mark.slow) for samples in (7, 2500))]
)
def test_any_chunking_gives_the_same_record(block_samples: int) -> None:
    expected, night = eventful(), eventful(block_samples)
    assert record_root(night.events) == record_root(expected.events)


@pytest.mark.parametrize("delays_s", [(0.6, 0.0), (0.0, 0.6)])
def test_which_pod_arrives_first_never_changes_what_is_decided(delays_s: tuple[float, float]) -> None:
    """A stage tells when it was decided; everything else, and the order of the record, is the same."""

    def night(delays_s: tuple[float, float]) -> list[object]:
        sources = [rem_source(seconds=90, seed=n, delay_s=delay_s) for n, delay_s in enumerate(delays_s, 1)]
        beds = {f"p{n}": TinyBed(source=source) for n, source in enumerate(sources, 1)}
        events = run_tiny_night(beds, script=[withdrawal("p1", 70.5)]).events
        return [(e.id, e.tick, type(e).__name__, None if isinstance(e, StageScored) else e) for e in events]

    assert night(delays_s) == night((0.05, 0.05))


def test_the_order_in_which_pods_are_served_never_changes_the_root() -> None:
    assert record_root(eventful(order=("p2", "p1")).events) == record_root(eventful().events)


def test_the_same_night_twice_is_the_same_record() -> None:
    assert record_root(eventful().events) == record_root(eventful().events)


class WatchedSpeaker(VirtualSpeaker):
    """Notes how long before its moment each cue was handed over."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__()
        self.clock = clock
        self.leads_s: list[float] = []

    def play(self, command: PlayCommand) -> None:
        self.leads_s.append(command.play_at_s - self.clock.now_s())
        super().play(command)


def test_a_bed_that_is_late_or_lost_holds_up_the_record_but_no_other_beds_cue() -> None:
    clock = VirtualClock()
    speaker = WatchedSpeaker(clock)
    beds = {
        "p1": TinyBed(source=rem_source(seconds=100), speaker=speaker),
        "p2": TinyBed(source=rem_source(seconds=100, delay_s=1.9)),
        "p3": TinyBed(source=Stream(rem_source(seconds=100), lost=set(range(30, 95)))),
    }
    night = run_tiny_night(beds, clock=clock)
    assert len([event for event in night.of(CuePlayed) if event.pod == "p1"]) >= 10
    assert min(speaker.leads_s) >= 0.0


def test_a_withdrawal_from_another_process_is_never_undone_by_the_engine() -> None:
    """Its bit is set from outside in the middle of the night; no later tick clears it."""
    speaker = VirtualSpeaker()

    def withdraw(tick: int, *_: object) -> None:
        if tick == 60:
            speaker.set_bit(Bit.REVOKED, on=True)

    night = run_tiny_night({"p1": TinyBed(source=rem_source(seconds=120), speaker=speaker)}, listener=withdraw)
    played = [event.actual_s for event in night.of(CuePlayed)]
    assert played
    assert max(played) < 62
    assert len(night.of(CueFailed)) >= 10


def test_late_samples_are_staged_but_never_cued_on() -> None:
    late = dict.fromkeys(range(60, 90), 5.0)
    night = run_tiny_night({"p1": TinyBed(source=Stream(rem_source(seconds=130), late=late))})
    scored = [event.onset_s for event in night.of(StageScored)]
    assert scored == sorted(scored)
    assert {65.0, 70.0, 75.0, 80.0, 85.0} <= set(scored)
    assert not [event for event in night.of(CueDue) if 63 <= event.onset_s <= 92]
    assert "STALE" in {event.reason for event in night.of(CueWithheld) if event.onset_s >= 60}


def test_ids_are_contiguous_and_ticks_never_fall() -> None:
    night = eventful()
    ticks = [event.tick for event in night.events]
    assert ticks == sorted(ticks)
    for origin in ("p1", "p2", "night"):
        counts = [int(e.id.rsplit(".", 1)[1]) for e in night.events if e.id.startswith(f"{origin}.")]
        assert counts == list(range(len(counts)))


@settings(max_examples=12, deadline=None)
@given(
    lost=st.sets(st.integers(0, 119), max_size=30),
    late=st.dictionaries(st.integers(0, 119), st.floats(0.0, 6.0), max_size=10),
    withdrawn_s=st.one_of(st.none(), st.floats(0.0, 120.0)),
    stages=st.lists(st.sampled_from([0, 1, 2, 3, 4, 4, 4]), min_size=24, max_size=24),
)
def test_no_cue_ever_sounds_outside_gate_lease_and_consent(
    lost: set[int], late: dict[int, float], withdrawn_s: float | None, stages: list[int]
) -> None:
    """Judged by what the record says alone."""
    said = iter([*stages, *[4] * 500])

    def classify(rows: FloatArray) -> FloatArray:
        return always(next(said))(rows)

    source = Stream(rem_source(seconds=120), lost=lost, late=dict(sorted(late.items())))
    script = [] if withdrawn_s is None else [withdrawal("p1", withdrawn_s)]
    night = run_tiny_night({"p1": TinyBed(source=source, classify=classify)}, script=script)
    newest: StageScored | None = None
    lease: LeaseGranted | None = None
    withdrawn = False
    last_s = float("-inf")
    for event in night.events:
        match event:
            case StageScored():
                newest = event
            case LeaseGranted():
                lease = event
            case ConsentWithdrawn():
                withdrawn = True
            case CueDue():
                assert newest is not None
                assert newest.stage == "R"
                assert newest.confidence >= 0.8
                assert event.onset_s - newest.onset_s <= 15
                assert lease is not None
                assert event.play_at_s < lease.not_after_s
                assert not withdrawn
                assert event.onset_s - last_s >= 4
                last_s = event.onset_s
            case _:
                pass
