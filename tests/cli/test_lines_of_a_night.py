"""Does the line that a night says every half hour name the beds that are lost or without sound?"""

from types import SimpleNamespace
from typing import Any

import pytest

from dreamloom.cli.happened import in_words, still_recorded, without_sound
from dreamloom.record.events import OutputFound, OutputLost


def pods(*lost: str) -> dict[str, Any]:
    return {pod: SimpleNamespace(decision=SimpleNamespace(lost=pod in lost)) for pod in ("p1", "p2")}


@pytest.mark.parametrize(
    ("lost", "says"),
    [
        ((), "all recorded"),
        (("p2",), "recorded: p1; lost, nothing is recorded of it: p2"),
        (("p1", "p2"), "lost, nothing is recorded of it: p1, p2"),
    ],
)
def test_beds_that_are_lost_are_named(lost: tuple[str, ...], says: str) -> None:
    assert still_recorded(pods(*lost), ()) == says


def test_beds_without_their_output_are_named_until_it_is_back() -> None:
    gone = OutputLost(onset_s=5.0, pod="p1", device="bedroom_a")
    back = OutputFound(onset_s=9.0, pod="p1", device="bedroom_a", lost_s=4.0)
    silent = without_sound((), [gone])
    assert still_recorded(pods(), silent) == "all recorded; without sound: p1"
    assert without_sound(silent, [back]) == set()
    assert "bedroom_a" in in_words(gone)
    assert "bedroom_a" in in_words(back)
