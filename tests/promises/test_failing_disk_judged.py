"""Is a night on a failing disk judged by everything that was promised of it?"""

import pytest

from dreamloom.testing.failing_disk import Broken, Heard, Said
from promises.measured.failing_disk import BEFORE, BESIDE, ENDING, judged

TOLD = "failed to sync: 12.5 file"
ENDED = Said(6, "DL-E413", {}, TOLD)


def whole(run: Said, *, safe: int = 0, held: int = 0, cues: int = 0) -> Broken:
    return Broken(run, safe, held, cues, verifies=True, replays=True, goes_on=True)


NIGHTS = {
    **{which: whole(ENDED, safe=90, held=91, cues=17) for which in ENDING},
    **{which: whole(Said(0, "", {}, TOLD), held=180) for which in BESIDE},
    **{which: whole(Said(1, "DL-E140", {}, TOLD)) for which in BEFORE},
}
HEARD = Heard(
    withdrawn=Said(6, "DL-E448", {}, TOLD),
    cues_before=3,
    p1_s=0.0,
    is_recorded=True,
    run=ENDED,
    p2_s=0.02,
    sounded_s=0.4,
    verifies=True,
)


def test_nights_that_ended_silent_and_whole_are_kept() -> None:
    found = judged(NIGHTS, HEARD)
    assert found.ok
    assert found.figure == "8 of 8 whole, silent within 0.02 s"


@pytest.mark.parametrize(
    "spoilt",
    [
        {"run": Said(0, "", {}, TOLD)},
        {"run": ENDED._replace(err=f"{TOLD} Traceback")},
        {"run": ENDED._replace(err="")},
        {"held": 89},
        {"cues": 0},
        {"verifies": False},
        {"replays": False},
        {"goes_on": False},
    ],
)
def test_a_night_that_lost_anything_falls_short_by_name(spoilt: dict[str, object]) -> None:
    which = ENDING[0]
    found = judged({**NIGHTS, which: NIGHTS[which]._replace(**spoilt)}, HEARD)  # type: ignore[arg-type] - each by its name
    assert not found.ok
    assert which in found.detail


@pytest.mark.parametrize(
    "spoilt",
    [
        {"p1_s": 0.6},
        {"p2_s": 0.6},
        {"withdrawn": Said(1, "DL-E140", {}, TOLD)},
        {"is_recorded": False},
        {"run": Said(0, "", {}, "")},
        {"verifies": False},
        {"cues_before": 0},
        {"sounded_s": 60.0},
    ],
)
def test_a_night_that_sounded_on_or_told_nothing_falls_short(spoilt: dict[str, object]) -> None:
    assert not judged(NIGHTS, HEARD._replace(**spoilt)).ok  # type: ignore[arg-type] - each by its name
