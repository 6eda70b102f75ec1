"""Is a no heard in every order of events? Bit, file, record; one night's no is never another's."""

from pathlib import Path

import pytest

from dreamloom.adapters.speaker.bits_file import BitsFile
from dreamloom.adapters.sqlite import read_only
from dreamloom.house import making, withdrawing
from dreamloom.house.layout import House
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.withdrawal_watch import WithdrawalWatch
from dreamloom.record.events import ConsentWithdrawn, LeaseGranted
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.errors import ConfigError
from dreamloom.vocabulary.units import NightTime

SLEEPERS = {"p1": "S01", "p2": "S02"}


def withdraw(house: House, night: str = "tide", pod: str = "p1") -> None:
    withdrawing.withdraw(house, night=night, pod=pod, sleeper=SLEEPERS[pod], channel="test")


def test_a_bed_that_clears_its_bits_between_bit_and_file_is_silenced_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(tmp_path)
    house.pod("p1").root.mkdir(parents=True)
    bits = BitsFile(house.pod("p1").bits)
    seen = []

    def starting_bed(path: Path, content: bytes) -> None:
        seen.append(Bit.REVOKED in bits.silencing())
        bits.clear(Bit.REVOKED)
        path.write_bytes(content)

    monkeypatch.setattr(withdrawing, "write_durably", starting_bed)
    withdraw(house)
    assert seen == [True]
    assert Bit.REVOKED in bits.silencing()
    bits.close()


def test_the_watch_tells_each_withdrawal_of_its_night_once(tmp_path: Path) -> None:
    house = House(tmp_path)
    watch = WithdrawalWatch(house, "tide", SLEEPERS)
    assert list(watch(NightTime(1.0))) == []
    withdraw(house, "ebb", "p2")
    withdraw(house)
    (news,) = watch(NightTime(2.5))
    assert (news.pod, news.known_s, news.event.onset_s) == ("p1", 2.5, 2.5)
    assert list(watch(NightTime(3.0))) == []


def test_withdrawals_of_different_nights_stand_beside_each_other(tmp_path: Path) -> None:
    house = House(tmp_path)
    withdraw(house, "tide")
    withdraw(house, "ebb")
    for night in ("tide", "ebb"):
        said = withdrawing.withdrawn_tonight(house.pod("p1"), night, "S01")
        assert said is not None
        assert (said.night, said.sleeper) == (night, "S01")
    assert withdrawing.withdrawn_tonight(house.pod("p1"), "calm", "S01") is None


@pytest.mark.parametrize("content", [b"", b"{", b'{"night": 3}', b"\xff"])
def test_a_withdrawal_that_cannot_be_read_stands(tmp_path: Path, content: bytes) -> None:
    pod = House(tmp_path).pod("p1")
    pod.root.mkdir(parents=True)
    pod.withdrawn("tide").write_bytes(content)
    said = withdrawing.withdrawn_tonight(pod, "tide", "S01")
    assert said is not None
    assert said.channel == "unreadable WITHDRAWN file"


@pytest.mark.parametrize("content", [b"", b"[]", b'{"note": 3}', b'{"note": "x"}', b'{"note": "{}\\n\\n"}', b"\xff"])
def test_nobody_can_tell_whose_bed_it_is_from_a_broken_consent(tmp_path: Path, content: bytes) -> None:
    pod = House(tmp_path).pod("p1")
    pod.root.mkdir(parents=True)
    pod.consent.write_bytes(content)
    assert withdrawing.night_at(pod) is None


def test_who_is_meant_is_found_by_bed_or_by_sleeper() -> None:
    assert withdrawing.find_pod(SLEEPERS, "S02") == withdrawing.find_pod(SLEEPERS, "p2") == ("p2", "S02")
    with pytest.raises(ConfigError, match=r"'S2'"):
        withdrawing.find_pod(SLEEPERS, "S2")


def test_a_no_is_the_sleepers_and_not_the_beds(tmp_path: Path) -> None:
    house = House(tmp_path)
    pods = [PodAsked(id=pod, sleeper=who, source="sim:lucid,hours=0.005") for pod, who in SLEEPERS.items()]
    night = making.write_night(house, "tide", pods, "nightmare_rem_tmr", seed=1)
    withdraw(house)
    text = night.night_toml.read_text()
    night.night_toml.write_text(text.replace('"S01"', '"S0x"').replace('"S02"', '"S01"').replace('"S0x"', '"S02"'))
    run_night(night, RunOptions(speed_x=None))
    with read_only(night.record) as record:
        events = list(record.events())
    said = [(event.pod, event.sleeper) for event in events if isinstance(event, ConsentWithdrawn)]
    assert said == [("p2", "S01")]
    leased = {event.pod for event in events if isinstance(event, LeaseGranted)}
    assert leased == {"p1"}, "who lies there now said nothing"


def test_a_withdrawal_that_nobody_can_read_holds_whoever_lies_there(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.pod("p1").root.mkdir(parents=True)
    house.pod("p1").withdrawn("tide").write_bytes(b"{")
    for sleeper in ("S01", "S02"):
        assert withdrawing.withdrawn_tonight(house.pod("p1"), "tide", sleeper) is not None
    withdrawing.follow_sleepers(house, "tide", SLEEPERS)
    assert withdrawing.withdrawn_tonight(house.pod("p2"), "tide", "S02") is None
