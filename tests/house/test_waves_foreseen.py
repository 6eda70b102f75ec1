"""What is told before a night of parts in step with waves: outputs nobody measured, moments that are only supposed."""

from collections.abc import Sequence
from functools import cache

from dreamloom.dreamscape.reader import read
from dreamloom.house.rehearsed_night import BedWanted, TogetherAsked, night_on_beliefs
from dreamloom.house.waves_foreseen import estimated, measure_first, unmeasured
from dreamloom.record.events import (
    AnyEvent,
    CueAudited,
    CueDue,
    CueFailed,
    CuePlayed,
    CueWithheld,
    PhaseWindowOpened,
    StageScored,
)
from dreamloom.testing.nights import EAGER
from dreamloom.testing.slow_waves import CLICKS

PAIRS = CLICKS.replace("    every: 2.5 s", "    every: 4 s\n    repeat: {times: 2, apart: 1.2 s, because: ours}")


@cache
def rehearsed(text: str, hours: float = 0.8) -> Sequence[AnyEvent]:
    bed = BedWanted(number=1, preset="young")
    wanted = TogetherAsked(text=text, file="clicks.yaml", beds=[bed], duration_s=round(hours * 3600), seed=7)
    return night_on_beliefs(wanted)


def test_a_rehearsal_without_signals_supposes_waves_in_deep_sleep_and_plays_on_them() -> None:
    events = rehearsed(PAIRS)
    windows = {event.id for event in events if isinstance(event, PhaseWindowOpened)}
    dues = [event for event in events if isinstance(event, CueDue)]
    firsts = [due for due in dues if due.cause in windows]
    deep_min = sum(event.stage == "N3" for event in events if isinstance(event, StageScored)) * 5 / 60
    assert 5 < len(firsts) / deep_min <= 11
    assert 0.8 * len(firsts) < len(dues) - len(firsts) <= len(firsts)
    played = {event.cause for event in events if isinstance(event, CuePlayed)}
    assert {due.id for due in dues[:-2]} <= played
    assert not [event for event in events if isinstance(event, CueFailed)]
    assert {event.cause for event in events if isinstance(event, CueAudited)} == {due.id for due in dues}
    assert "NO_PROFILE" not in {event.reason for event in events if isinstance(event, CueWithheld)}


def test_a_rehearsal_says_that_such_moments_are_estimated_and_where_there_are_too_many() -> None:
    (said,) = estimated(read(CLICKS, file="a.yaml"))
    assert "estimated" in said
    assert "10.9 a minute of N3" in said
    assert "too many" not in said
    (deep,) = estimated(read(CLICKS.replace("at: 0 deg,", "at: 0 deg, trough_below: -80 µV,"), file="a.yaml"))
    assert "too many" in deep
    (spindle,) = estimated(read(CLICKS.replace("of: slow oscillation", "of: spindle"), file="a.yaml"))
    assert "4.2 a minute of open gate" in spindle
    assert estimated(read(EAGER, file="a.yaml")) == []


def test_an_output_that_nobody_measured_is_told_before_the_night_with_the_remedy() -> None:
    (said,) = unmeasured(read(CLICKS, file="a.yaml"), {"p1": "usb Box"})
    assert said == (
        'Bed p1: no cue of part 1 ("click") will sound tonight: it waits for a wave, and how late the output usb Box '
        "is nobody measured. Do it before: dreamloom latency-check 'usb Box'"
    )
    assert unmeasured(read(EAGER, file="a.yaml"), {"p1": "usb Box"}) == []
    assert "latency-check" in measure_first(read(CLICKS, file="a.yaml"))[0]
