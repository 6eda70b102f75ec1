"""Does a no that a bed heard by itself outlive the process, and is it agreed on so that no dreamer says it unawares?"""

import dataclasses
import shutil
from pathlib import Path

import msgspec
import pytest

from dreamloom.adapters.sqlite import read_only
from dreamloom.dreamscape import reader
from dreamloom.engine.clocks import utc_now
from dreamloom.engine.loop import Outside
from dreamloom.house import making, opening, replaying, withdrawing
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.standing_consent import refuse_ended_grants
from dreamloom.record.events import ConsentWithdrawn, EyeSignalSeen, EyeWithdrawalAgreed, NightClosed
from dreamloom.testing.nights import EAGER
from dreamloom.vocabulary.errors import ConfigError, RefusedError
from dreamloom.vocabulary.units import NightTime

BED = PodAsked(id="p1", sleeper="S01", source="sim:lucid,hours=0.02")


def night_of(root: Path, row: int) -> NightFolder:
    folder = making.write_night(House(root), "tide", [BED], "nightmare_rem_tmr", seed=1)
    text = folder.consent_toml.read_text().replace("expires =", f"withdraw_by_eyes = {row}\nexpires =")
    folder.consent_toml.write_text(text)
    return folder


def signals(*at_s: float) -> list[Outside]:
    return [
        Outside(
            known_s=NightTime(each),
            pod="p1",
            event=EyeSignalSeen(
                onset_s=each, status="confirmed", confidence=0.9, began_s=each - 8.0, ended_s=each - 1.0,
                size_uv=300.0, sweep_s=0.6, first="left",
            ),
        )
        for each in at_s
    ]  # fmt: skip


def refusals(folder: NightFolder) -> list[tuple[str, str]]:
    with read_only(folder.record) as record:
        return [(each.channel, each.kind) for each in record.events() if isinstance(each, ConsentWithdrawn)]


def test_a_no_said_with_the_eyes_lies_beside_the_bed_and_in_both_records_once(tmp_path: Path) -> None:
    folder = night_of(tmp_path, 3)
    run_night(folder, RunOptions(speed_x=None, script=signals(20.0, 30.0, 40.0)))
    assert refusals(folder) == [("eye signal", "derived")]
    said = withdrawing.withdrawn_tonight(folder.house.pod("p1"), "tide", "S01")
    assert said is not None
    assert said.channel == "eye signal"
    with read_only(folder.house.record) as record:
        assert [event.channel for event in record.of_type("ConsentWithdrawn", "S01")] == ["eye signal"]  # type: ignore[attr-defined]
    assert replaying.replay_night(folder).first_difference is None


def test_a_no_said_with_the_eyes_stands_when_the_night_goes_on_without_its_record(tmp_path: Path) -> None:
    """The record lost its last seconds, the file beside the bed did not: the next opening is told by it."""
    folder = night_of(tmp_path, 3)
    run_night(folder, RunOptions(speed_x=None, script=signals(20.0, 30.0, 40.0)))
    again = night_of(tmp_path / "again", 3)
    shutil.copytree(folder.house.pods, again.house.pods)
    run_night(again, RunOptions(speed_x=None))
    assert refusals(again) == [("eye signal", "input")]


def test_a_night_in_which_it_was_not_agreed_on_hears_nothing_in_it(tmp_path: Path) -> None:
    folder = night_of(tmp_path, 0)
    run_night(folder, RunOptions(speed_x=None, script=signals(20.0, 30.0, 40.0)))
    assert refusals(folder) == []
    with read_only(folder.record) as record:
        assert record.of_type(EyeWithdrawalAgreed.__name__) == []
        assert len(record.of_type(NightClosed.__name__)) == 1


def test_a_disk_that_refuses_the_file_changes_nothing_of_the_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(28, "no space left")

    folder, warned = night_of(tmp_path, 3), list[str]()
    monkeypatch.setattr(withdrawing, "write_durably", refused)
    run_night(folder, RunOptions(speed_x=None, script=signals(20.0, 30.0, 40.0), warn=warned.append))
    assert refusals(folder) == [("eye signal", "derived")]
    assert any("S01 withdrew" in line for line in warned)


@pytest.mark.parametrize("row", [-1, 1, 2, 6])
def test_one_signal_or_two_can_never_be_agreed_on_as_a_no(tmp_path: Path, row: int) -> None:
    with pytest.raises(ConfigError, match="withdraw_by_eyes"):
        opening.read_asked(night_of(tmp_path, row))


def test_what_the_dreamscape_asks_a_dreamer_for_is_no_way_to_say_no(tmp_path: Path) -> None:
    asked = opening.read_asked(night_of(tmp_path, 3))
    refuse_ended_grants(asked, utc_now())
    gated = EAGER.replace("stage: R,", "stage: R, eye_signal: {pattern: LRLR, times: 6, because: ours},")
    greedy = dataclasses.replace(asked, dreamscape=reader.read(gated, file="eager.yaml"))
    with pytest.raises(RefusedError, match="DL-E576"):
        refuse_ended_grants(greedy, utc_now())
    four = msgspec.structs.replace(asked.grants["S01"], withdraw_by_eyes=4)
    refuse_ended_grants(dataclasses.replace(greedy, grants={"S01": four}), utc_now())
