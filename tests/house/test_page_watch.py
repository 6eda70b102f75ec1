"""Is whoever is awake told once that a page is gone, that it is back, and that its sleeper turned it down?"""

import math

from dreamloom.house.page_watch import ABSENT_S, PageNow, PageWatch
from dreamloom.record.events import OutputFound, OutputLost, OutputTurnedDown


class Page:
    def __init__(self) -> None:
        self.now: PageNow = (math.inf, 0.0, False)

    def watched(self) -> PageWatch:
        return PageWatch({"p1": lambda: self.now}, {"p1": "browser:p1"})


def told(watch: PageWatch, now_s: float) -> list[object]:
    return [news.event for news in watch(now_s)]


def test_a_page_that_never_came_is_told_once_and_its_coming_too() -> None:
    page = Page()
    watch = page.watched()
    assert told(watch, 0.0) == told(watch, ABSENT_S) == []
    (lost,) = told(watch, ABSENT_S + 0.1)
    assert lost == OutputLost(onset_s=4.1, device="browser:p1")
    assert told(watch, 60.0) == []
    page.now = (0.3, 0.0, False)
    assert told(watch, 60.1) == [OutputFound(onset_s=60.1, device="browser:p1", lost_s=56.0)]
    assert told(watch, 61.0) == []


def test_a_page_that_is_there_from_the_start_and_stutters_is_nothing_to_tell() -> None:
    page = Page()
    watch = page.watched()
    for second in range(60):
        page.now = (second % 4, 0.0, False)
        assert told(watch, float(second)) == []
    page.now = (ABSENT_S + 0.5, 0.0, False)
    assert told(watch, 60.0) == [OutputLost(onset_s=60.0, device="browser:p1")]


def test_what_a_sleeper_turned_down_stands_in_the_record_once_a_change() -> None:
    page = Page()
    watch = page.watched()
    found = []
    for second, (lowered_db, paused) in enumerate([(0, False), (3, False), (3, False), (3, True), (3, False)]):
        page.now = (0.1, float(lowered_db), paused)
        found += told(watch, float(second))
    assert found == [
        OutputTurnedDown(onset_s=1.0, lowered_db=3.0, now="playing"),
        OutputTurnedDown(onset_s=3.0, lowered_db=3.0, now="paused"),
        OutputTurnedDown(onset_s=4.0, lowered_db=3.0, now="playing"),
    ]
