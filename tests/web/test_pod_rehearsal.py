"""Is a phone graded by what its own page does, hidden and in front, and is the grade told wherever it counts?"""

import threading
from pathlib import Path
from typing import Any

import pytest

from dreamloom.house import phone_graded, phone_rehearsal, pod_links
from dreamloom.house.evening import evening
from dreamloom.house.layout import NightFolder
from dreamloom.house.left_behind import left_in
from dreamloom.house.pod_page import bed_at
from dreamloom.jukebox.phone_grades import MAY, Rehearsed, graded
from dreamloom.record.events import PhoneGraded
from dreamloom.testing import browsers, hidden_pages, live_nights, pod_pages, timed_pages
from dreamloom.vocabulary.errors import StreamError, UsageError
from dreamloom.vocabulary.units import Seconds

LASTS_S, EVERY_S = Seconds(8.0), Seconds(1.0)
POOR = Rehearsed(
    cues=60, missed_share=0.4, error_ms=4.0, absent_s=300.0, seen_share=0.1, lock_lost_share=0.0, battery_per_h=None
)


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    return pod_pages.on_pages(live_nights.write(tmp_path, "tonight"))


class Beside(threading.Thread):
    """A rehearsal beside whatever a test does with the page."""

    def __init__(self, night: NightFolder) -> None:
        super().__init__(daemon=True)
        self._night = night
        self.kept: Any = None
        self.start()

    def run(self) -> None:
        bed = bed_at(self._night, "p1")
        self.kept = phone_rehearsal.rehearse(self._night, bed, tell=lambda _: None, lasts_s=LASTS_S, every_s=EVERY_S)


@pytest.mark.skipif(browsers.CHROMIUM is None, reason="needs the package chromium")
def test_a_page_in_front_is_graded_and_shows_it(night) -> None:
    wrong: list[str] = []
    with (
        browsers.served(night) as server,
        browsers.browser() as browser,
        pod_pages.armed(browser, night, ["p1"], port=server.port, wrong=wrong) as (page,),
    ):
        beside = Beside(night)
        for _ in range(120):
            if not beside.is_alive():
                break
            page.wait_for_timeout(250)
        found = beside.kept.found
        print(found)
        assert found.cues >= 6
        assert found.missed_share == 0.0
        assert found.absent_s < 4.0
        assert found.seen_share == 1.0
        assert "seen_share" in graded(found)[1]
        page.reload()
        page.get_by_text("Rehearsed: B.").or_(page.get_by_text("Rehearsed: C.")).wait_for()
        assert browsers.amiss(page) == []
    assert wrong == []


@pytest.mark.skipif(browsers.CHROMIUM is None, reason="needs the package chromium")
def test_a_hidden_page_is_heard_to_be_hidden(night, tmp_path) -> None:
    token, _ = pod_links.make(night, "p1")
    with browsers.served(night) as server, hidden_pages.tab(tmp_path / "browser") as tab:
        tab.call("Page.navigate", url=f"http://127.0.0.1:{server.port}/pod/join/{token}")
        threading.Event().wait(2.0)
        tab.evaluate(timed_pages.CHECKED)
        tab.hide()
        beside = Beside(night)
        beside.join(60.0)
    assert beside.kept.found.seen_share == 0.0
    assert beside.kept.found.missed_share == 0.0


def kept(night: NightFolder, found: Rehearsed) -> None:
    import msgspec

    path = night.graded("p1")
    path.parent.mkdir()
    path.write_bytes(msgspec.json.encode(phone_graded.KeptGrade("S01", "browser:p1", 20.0, found)))


def test_the_grade_stands_in_the_evening_check_in_the_record_and_goes_with_its_sleeper(night) -> None:
    text = night.night_toml.read_text(encoding="utf-8")
    kept(night, POOR)
    night.night_toml.write_text(text.replace(live_nights.SLEEPER, "lsl:headband"), encoding="utf-8")
    phone = next(check for check in evening(night).beds[0].checks if check.what == "phone")
    assert phone.state == "to do"
    assert phone.told.startswith("Rehearsed: below C. 40% of the cues never came. The page was not heard for 300 s.")
    assert phone.told.endswith(MAY["below C"])
    left = left_in(night, "S01")
    assert left is not None
    assert night.graded("p1") in [path for paths in left.files.values() for path in paths]
    night.night_toml.write_text(text, encoding="utf-8")
    process = live_nights.start(night)
    with live_nights.cared_for(process):
        live_nights.wait_for_tick(night, 2, process, within_s=60)
        live_nights.end(process)
    (told,) = [event for event in live_nights.events_of(night) if isinstance(event, PhoneGraded)]
    assert (told.pod, told.grade, told.reasons) == ("p1", "below C", ("missed_share", "absent_s"))
    assert "its phone was rehearsed below C" in (night.root / "said.txt").read_text()


def test_a_bed_without_a_page_is_not_rehearsed_and_nobody_waits_for_ever(night, tmp_path, monkeypatch) -> None:
    other = live_nights.write(tmp_path / "other", "tonight")
    with pytest.raises(UsageError, match="DL-E177"):
        phone_rehearsal.rehearse(other, bed_at(other, "p1"), tell=lambda _: None)
    monkeypatch.setattr(phone_rehearsal, "COMES_WITHIN_S", 0.3)
    with pytest.raises(StreamError, match="DL-E293"):
        phone_rehearsal.rehearse(night, bed_at(night, "p1"), tell=lambda _: None)
    assert not night.graded("p1").exists()
