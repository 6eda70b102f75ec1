"""Are pages that are late, apart, absent or slow to fall silent judged to fall short?"""

import pytest

from promises.measured.pillow_pages import judged_hidden, judged_stopped, judged_together

TOGETHER = {"apart_ms": [0.5] * 20, "errors_ms": [1.0] * 40, "failed": 0, "wrong": []}
HIDDEN = {"errors_ms": [10.0] * 10, "failed": 0, "was_hidden": True}
STOPPED = {"took_ms": [30.0] * 20, "wrong": []}


def test_good_pages_are_kept() -> None:
    assert judged_together(TOGETHER).ok
    assert judged_hidden(HIDDEN).ok
    assert judged_stopped(STOPPED).ok


@pytest.mark.parametrize(
    "worse", [{"apart_ms": [0.5] * 19 + [20.1]}, {"apart_ms": [0.5] * 3}, {"failed": 1}, {"wrong": ["an error"]}]
)
def test_pages_that_are_apart_or_hardly_there_fall_short(worse: dict[str, object]) -> None:
    assert not judged_together({**TOGETHER, **worse}).ok


@pytest.mark.parametrize("worse", [{"errors_ms": [50.0] * 10}, {"errors_ms": []}, {"failed": 1}, {"was_hidden": False}])
def test_a_hidden_page_that_is_late_or_was_seen_falls_short(worse: dict[str, object]) -> None:
    assert not judged_hidden({**HIDDEN, **worse}).ok


@pytest.mark.parametrize("worse", [{"took_ms": [30.0] * 19 + [51.0]}, {"took_ms": [30.0]}, {"wrong": ["an error"]}])
def test_one_slow_stop_falls_short(worse: dict[str, object]) -> None:
    assert not judged_stopped({**STOPPED, **worse}).ok
