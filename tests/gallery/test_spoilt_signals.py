"""A spoilt signal is named in the morning and in the terminal, for what it is."""

from typing import Literal, get_args

import msgspec
import pytest

from dreamloom.cli.happened import in_words
from dreamloom.gallery.happenings import happenings_of
from dreamloom.gallery.pod_night import pod_night
from dreamloom.gallery.words import SPOILT
from dreamloom.record.events import AnyEvent, EyesCalibrated, EyeSignalSeen, SignalFault, SignalMended, SignalSpoilt


def test_every_fault_has_words() -> None:
    assert sorted(SPOILT) == sorted(get_args(SignalFault))


@pytest.mark.parametrize("fault", get_args(SignalFault))
def test_a_fault_is_told_with_its_channel_and_its_end_with_how_long_it_lasted(fault: SignalFault) -> None:
    events: list[AnyEvent] = [
        SignalSpoilt(onset_s=110.0, pod="p1", channel="EEG C4", fault=fault, since_s=100.0),
        SignalMended(onset_s=730.0, pod="p1", channel="EEG C4", fault=fault, since_s=100.0, until_s=700.0),
    ]
    begins, ends = happenings_of(events, pod_night(events, "p1"))
    assert begins.words == f"EEG C4 {SPOILT[fault]}."
    assert ends.words.startswith("EEG C4 was well again, after 10 min in which it ")
    assert in_words(events[0]) == f"EEG C4 {SPOILT[fault]}"
    assert in_words(events[1]) == "EEG C4 is well again"


def test_the_report_says_to_which_side_a_signal_showed_where_that_is_the_wrong_one() -> None:
    def seen(first: Literal["left", "right"]) -> EyeSignalSeen:
        return EyeSignalSeen(
            onset_s=110.0, pod="p1", status="confirmed", confidence=0.9, began_s=100.0, ended_s=109.0,
            size_uv=400.0, sweep_s=0.5, first=first,
        )  # fmt: skip

    calibrated = EyesCalibrated(onset_s=0.0, pod="p1", size_uv=500.0, sweep_s=0.5, first="right", seen=5)
    events: list[AnyEvent] = [
        calibrated, msgspec.structs.replace(calibrated, first="left"), seen("left"), seen("right"),
        msgspec.structs.replace(seen("left"), status="candidate"),
    ]  # fmt: skip
    words = [each.words for each in happenings_of(events, pod_night(events, "p1"))]
    assert len(words) == 3
    assert words[0].startswith("The first of the looks practised in the evening showed to the right: left and right")
    assert words[1] == "The sleeper signalled with the eyes: left-right-left-right, twice."
    assert "in each other's place, or the sides were mixed up" in words[2]
    assert "exchanged" in in_words(events[3])
    assert in_words(events[2]) == "signalled with the eyes: left-right-left-right, twice"
