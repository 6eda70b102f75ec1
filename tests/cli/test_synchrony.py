"""The verb `synchrony`: several records, figures by kind of pair, and no word more than they allow."""

import shutil
from pathlib import Path

import pytest

from dreamloom.cli.synchronies import in_words
from dreamloom.orchestra.synchrony import Synchrony


def found(**changes: object) -> Synchrony:
    told: dict[str, object] = {
        "apart": "other rooms",
        "pairs": 5,
        "same_stage": 0.5,
        "kappa": 0.3,
        "elsewhere_pairs": 20,
        "elsewhere": 0.1,
        "excess": 0.2,
        "excess_ci": (0.1, 0.3),
        "p": 0.01,
        "arrangements": 14400,
    }
    return Synchrony(**{**told, **changes})


def test_two_nights_are_laid_beside_each_other(command, house, run_once: Path):
    shutil.copytree(run_once, house.root)
    shutil.copytree(house.night("tide").root, house.night("ebb").root)
    told = command("synchrony", "tide", "ebb", "--json")
    assert told.code == 0
    assert told.data["nights"] == 2
    assert told.data["sleepers"] == 2
    assert [row["apart"] for row in told.data["pairs"]] == ["one room", "other rooms"]
    shown = command("synchrony", "tide", "ebb")
    assert (shown.code, shown.out) == (0, "")
    assert "says nothing about what anybody dreamed" in shown.err


def test_a_night_named_twice_is_refused(command, house, run_once: Path):
    shutil.copytree(run_once, house.root)
    told = command("synchrony", "tide", house.night("tide").root, "--json")
    assert (told.code, told.error["code"]) == (2, "DL-E134")


def test_a_night_that_never_opened_has_no_stages(command, make_night):
    told = command("synchrony", make_night().name, "--json")
    assert (told.code, told.error["code"]) == (6, "DL-E434")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"p": None, "arrangements": 1}, "nobody here could not have met"),
        ({"p": 0.5, "arrangements": 2}, "nothing could be told apart from chance"),
        ({"p": 0.2}, "Not told apart"),
        ({}, "a common timetable alone can do that"),
        ({"apart": "one room"}, "a room's noises alone can do that"),
    ],
)
def test_no_figure_is_said_to_mean_more_than_it_does(changes, said):
    told = in_words(found(**changes))
    assert said in told
    assert "dream" not in told
