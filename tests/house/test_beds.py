"""May two nights share a bed? Never at the same time; and a night that ended, however it ended, leaves it free."""

from pathlib import Path

import pytest

from dreamloom.house.beds import beds_taken
from dreamloom.house.layout import House
from dreamloom.vocabulary.errors import RefusedError


def test_a_bed_is_refused_while_another_night_has_it(tmp_path: Path) -> None:
    house = House(tmp_path)
    with beds_taken(house, ["p1", "p2"]):
        with pytest.raises(RefusedError, match="Bed p2") as caught, beds_taken(house, ["p3", "p2"]):
            pass
        assert caught.value.code == "DL-E516"
        with beds_taken(house, ["p3"]):
            pass
    with beds_taken(house, ["p1", "p2", "p3"]):
        pass


def test_a_night_that_fails_gives_its_beds_back(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), beds_taken(House(tmp_path), ["p1"]):
        raise ZeroDivisionError
    with beds_taken(House(tmp_path), ["p1"]):
        pass


def test_houses_do_not_share_beds(tmp_path: Path) -> None:
    with beds_taken(House(tmp_path / "a"), ["p1"]), beds_taken(House(tmp_path / "b"), ["p1"]):
        pass
