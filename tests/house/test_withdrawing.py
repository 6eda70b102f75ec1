"""Is a no heard in every order of events? Bit, file, record; one night's no is never another's."""

from pathlib import Path

import pytest

from dreamloom.adapters.speaker.bits_file import BitsFile
from dreamloom.house import withdrawing
from dreamloom.house.layout import House
from dreamloom.house.withdrawal_watch import WithdrawalWatch
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
        said = withdrawing.withdrawn_tonight(house.pod("p1"), night)
        assert said is not None
        assert (said.night, said.sleeper) == (night, "S01")
    assert withdrawing.withdrawn_tonight(house.pod("p1"), "calm") is None


@pytest.mark.parametrize("content", [b"", b"{", b'{"night": 3}', b"\xff"])
def test_a_withdrawal_that_cannot_be_read_stands(tmp_path: Path, content: bytes) -> None:
    pod = House(tmp_path).pod("p1")
    pod.root.mkdir(parents=True)
    pod.withdrawn("tide").write_bytes(content)
    said = withdrawing.withdrawn_tonight(pod, "tide")
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
