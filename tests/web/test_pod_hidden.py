"""Does a page that nobody looks at, whose timers the browser holds back, still play in time?"""

import time
from pathlib import Path

import pytest

from dreamloom.house import pod_links
from dreamloom.record.events import CueFailed, CuePlayed
from dreamloom.testing import browsers, hidden_pages, live_nights, pod_pages

pytestmark = [
    pytest.mark.slow,
    pytest.mark.real_time,
    pytest.mark.timeout(900),
    pytest.mark.skipif(browsers.CHROMIUM is None, reason="needs the package chromium"),
]
HIDDEN_S, MOST_ERROR_S = 620.0, 0.050
SELDOM = live_nights.TIRELESS.replace("every: 4 s", "every: 60 s").replace("per_hour: 500", "per_hour: 60")
"""So seldom that no sound of the page keeps its timers going."""


def test_a_page_hidden_for_ten_minutes_plays_every_cue_in_time(tmp_path: Path) -> None:
    night = pod_pages.on_pages(live_nights.write(tmp_path / "n", "tonight", dreamscape=SELDOM))
    token, _ = pod_links.make(night, "p1")
    with browsers.served(night) as server, hidden_pages.tab(tmp_path / "browser") as tab:
        tab.call("Page.navigate", url=f"http://127.0.0.1:{server.port}/pod/join/{token}")
        time.sleep(2.0)
        process = live_nights.start(night)
        with live_nights.cared_for(process):
            tab.evaluate("document.querySelector('dl-pod').playNotes()")
            tab.evaluate("document.querySelector('dl-pod').counted(document.querySelector('dl-pod').asking)")
            tab.hide()
            assert tab.evaluate("document.visibilityState") == "hidden"
            time.sleep(HIDDEN_S)
            assert tab.evaluate("document.visibilityState") == "hidden"
            live_nights.end(process)
    events = live_nights.events_of(night)
    errors_s = [abs(cue.actual_s - cue.planned_s) for cue in events if isinstance(cue, CuePlayed)]
    print(f"hidden: {len(errors_s)} cues, error at most {1000 * max(errors_s):.1f} ms")
    assert len(errors_s) >= 9
    assert max(errors_s) < MOST_ERROR_S
    assert not any(isinstance(event, CueFailed) for event in events)
