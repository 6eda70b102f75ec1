"""Is a bed refused at which no answer of a dialogue would show, and is it told what another one lacks?"""

import pytest

from dreamloom.dreamscape import builtin
from dreamloom.house import supporting
from dreamloom.signals.blocks import Channel, ChannelKind, StreamInfo
from dreamloom.vocabulary.errors import RefusedError
from dreamloom.vocabulary.units import Hertz

SUMS, LETTERS = (builtin.load(name)[1] for name in ("two_way_lrlr", "two_way_morse"))
EEG: tuple[tuple[str, ChannelKind], ...] = (("EEG C4-M1", "EEG"),)
EYES: tuple[tuple[str, ChannelKind], ...] = (("EOG E1-M2", "EOG"), ("EOG E2-M2", "EOG"))
CHIN: tuple[tuple[str, ChannelKind], ...] = (("EMG chin", "EMG"),)
BELT: tuple[tuple[str, ChannelKind], ...] = (("Resp chest", "RESP"),)


def bed(*channels: tuple[str, ChannelKind], hz: int = 100) -> supporting.Bed:
    return supporting.bed_of(
        StreamInfo("test", tuple(Channel(label, kind) for label, kind in channels), Hertz(float(hz)), hz)
    )


def test_a_bed_that_shows_no_answer_is_refused_with_what_it_has() -> None:
    with pytest.raises(RefusedError, match=r'DL-E534 Bed p1 cannot support the dialogue "sums"') as refused:
        supporting.refuse_unsupported(SUMS, bed(*EEG), name="Bed p1")
    assert "eye movements, muscles of the face or sniffs" in str(refused.value)
    assert "EEG C4-M1, at 100 Hz" in refused.value.why
    supporting.refuse_unsupported(SUMS, bed(*EEG, *EYES), name="Bed p1")
    supporting.refuse_unsupported(SUMS, bed(*EEG, *CHIN), name="Bed p1")


def test_letters_are_read_from_eyes_alone_so_that_a_chin_does_not_do() -> None:
    with pytest.raises(RefusedError, match="DL-E534"):
        supporting.refuse_unsupported(LETTERS, bed(*EEG, *CHIN, *BELT), name="Bed p1")
    supporting.refuse_unsupported(LETTERS, bed(*EEG, *EYES), name="Bed p1")


def test_what_only_some_channels_show_is_told_and_nothing_where_all_do() -> None:
    assert supporting.told(SUMS, bed(*EEG, *EYES), name="Bed p1") == [
        'Bed p1: answers in "sums" are read from eye movements alone; no channel shows muscles of the face or sniffs.'
    ]
    assert supporting.told(SUMS, bed(*EEG, *EYES, *CHIN, *BELT), name="Bed p1") == []
    assert supporting.answers_at(SUMS, supporting.OF_KINDS["headband"]) == {}
