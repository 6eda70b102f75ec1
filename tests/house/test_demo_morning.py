"""Is the morning of a demo a real one, told of nobody, and kept out of houses in which people sleep?"""

from pathlib import Path

import pytest

from dreamloom.house import demo_morning, demonstrating, mornings, running, story
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.run_options import RunOptions
from dreamloom.testing.browsers import night_that_waits

SECONDS = 5.0


def shown(house: House) -> NightFolder:
    folder = demonstrating.prepare(house, length_s=SECONDS).folder
    running.run_night(folder, RunOptions(speed_x=None, until_s=SECONDS))
    return folder


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> NightFolder:
    folder = shown(House(tmp_path_factory.mktemp("house")))
    assert demo_morning.tell(folder)
    return folder


def test_staff_read_a_story_that_everybody_in_it_ratified(demo: NightFolder) -> None:
    found = story.story(demo)
    assert found.reports == 6
    assert {line.by for line in found.lines} - {""} == {each.name for each in demo_morning.invented().values()}
    assert all(each.is_ratified for each in found.threads)


def test_the_tests_say_honestly_that_invented_dreams_met_by_chance_at_most(demo: NightFolder) -> None:
    met = story.story(demo, is_tested=True).met
    assert met is not None
    assert any("no more alike than chance" in line for answer in met.said for line in answer), met


def test_another_demo_in_this_house_tells_its_own_morning_and_none_before_it_again(demo: NightFolder) -> None:
    def before() -> int:
        return sum(not each.night for each in mornings.of_house(demo.house).values())

    told = before()
    again = shown(demo.house)
    assert demo_morning.tell(again)
    assert before() == told == 30
    assert story.story(again).reports == 6


def test_nothing_invented_is_told_in_a_house_in_which_anybody_else_sleeps(tmp_path: Path) -> None:
    night_that_waits(tmp_path, beds=1)
    folder = demonstrating.prepare(House(tmp_path), length_s=SECONDS).folder
    assert not demo_morning.tell(folder)
    assert mornings.of_house(folder.house) == {}
