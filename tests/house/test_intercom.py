"""Words between a bed and whoever is awake: told once, sealed, read when somebody is awake, never a sound."""

from pathlib import Path

import pytest

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.house import by_hand, erasing, intercom, making, replaying, running
from dreamloom.house.by_hand import Note, Say
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.record.events import AnyEvent, CueDue, NoteMade
from dreamloom.record.room_events import IntercomUsed
from dreamloom.testing.nights import EAGER
from dreamloom.vocabulary.errors import RefusedError, UsageError


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    (tmp_path / "eager.yaml").write_text(EAGER, encoding="utf-8")
    beds = [PodAsked(id=f"p{n}", sleeper=f"S0{n}", source="sim:typical,start=3h,hours=0.02") for n in (1, 2)]
    return making.write_night(House(tmp_path), "tonight", beds, str(tmp_path / "eager.yaml"), seed=1)


def lived(night: NightFolder, *words: by_hand.AnyWord) -> list[AnyEvent]:
    def leave(tick: int, *_: object) -> None:
        if tick == 20:
            for word in words:
                by_hand.leave(night, word)

    running.run_night(night, RunOptions(speed_x=None, listeners=[leave]))
    with read_only(night.record) as record:
        return list(record.events())


def talk() -> tuple[Say, Say]:
    """Two words that are left now."""
    return (
        Say(pod="p1", by="anna", text="Are you all right?", toward="bed"),
        Say(pod="p1", by="S01", text="Yes. A glass of water, please.", toward="house"),
    )


def test_what_is_written_is_told_once_by_whom_and_read_back_in_order(night: NightFolder) -> None:
    events = [event for event in lived(night, *talk()) if isinstance(event, IntercomUsed)]
    assert [(event.by, event.way, event.toward) for event in events] == [
        ("anna", "typed", "bed"),
        ("S01", "typed", "house"),
    ]
    found = [(each.by, each.text) for each in intercom.written(night, "p1")]
    assert found == [("anna", "Are you all right?"), ("S01", "Yes. A glass of water, please.")]
    assert intercom.written(night, "p2") == []


def test_nothing_of_it_lies_anywhere_in_words_nor_sounds_nor_changes_the_night(night: NightFolder) -> None:
    events = lived(night, *talk(), Note(pod="p1", by="anna", text="awake, wants water"))
    held = b"".join(path.read_bytes() for path in night.root.rglob("*") if path.is_file())
    assert b"glass of water" not in held
    assert not {event.cause for event in events if isinstance(event, CueDue)} & {
        event.id for event in events if isinstance(event, IntercomUsed)
    }
    assert sum(isinstance(event, NoteMade) and event.text is not None for event in events) == 1
    assert replaying.replay_night(night).first_difference is None


def test_it_goes_with_its_sleeper(night: NightFolder) -> None:
    lived(night, *talk())
    erasing.erase(night.house, "S01")
    assert intercom.written(night, "p1") == []


def test_nobody_is_written_to_where_nothing_would_take_it_up(night: NightFolder) -> None:
    with pytest.raises(RefusedError, match="DL-E507"):
        intercom.write(night, "Hello?", pod="p1", by="anna", toward="bed")
    lived(night)
    with pytest.raises(RefusedError, match="DL-E507"):
        intercom.write(night, "Hello?", pod="p1", by="anna", toward="bed")
    for text in (" ", "x" * 501):
        with pytest.raises(UsageError, match="DL-E128"):
            intercom.write(night, text, pod="p1", by="anna", toward="bed")


@pytest.mark.parametrize(
    ("known", "may"),
    [
        (("R", 1000.0, None, False), False),
        (("N3", 1000.0, 600.0, False), False),
        (("N2", 1000.0, 990.0, False), True),
        (("N2", 1000.0, None, True), True),
        (("W", 1000.0, None, False), True),
        (("R", 900.0, None, False), True),
        (("?", None, None, False), True),
    ],
)
def test_words_wait_while_their_sleeper_sleeps(known, may) -> None:
    stage, scored_s, wrote_s, out_of_bed = known
    read = intercom.may_be_read(stage, scored_s=scored_s, now_s=1005.0, wrote_s=wrote_s, out_of_bed=out_of_bed)
    assert read is may
