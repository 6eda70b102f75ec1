"""A spoilt signal is named in the morning and in the terminal, for what it is."""

from typing import get_args

import pytest

from dreamloom.cli.happened import in_words
from dreamloom.gallery.happenings import happenings_of
from dreamloom.gallery.pod_night import pod_night
from dreamloom.gallery.words import SPOILT
from dreamloom.record.events import AnyEvent, SignalFault, SignalMended, SignalSpoilt


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
