"""Does a page that nobody looks at, whose timers the browser holds back, still play in time?"""

from pathlib import Path

import pytest

from dreamloom.testing import browsers, timed_pages

pytestmark = [
    pytest.mark.slow,
    pytest.mark.real_time,
    pytest.mark.timeout(900),
    pytest.mark.skipif(browsers.CHROMIUM is None, reason="needs the package chromium"),
]
HIDDEN_S, MOST_ERROR_MS = 620.0, 50.0


def test_a_page_hidden_for_ten_minutes_plays_every_cue_in_time(tmp_path: Path) -> None:
    told = timed_pages.hidden(tmp_path, HIDDEN_S)
    print(f"hidden: {len(told['errors_ms'])} cues, error at most {max(told['errors_ms'])} ms")
    assert told["was_hidden"]
    assert len(told["errors_ms"]) >= 9
    assert max(told["errors_ms"]) < MOST_ERROR_MS
    assert told["failed"] == 0
