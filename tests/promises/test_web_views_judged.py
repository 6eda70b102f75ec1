"""Is a view that is slow, dear, or grows judged to fall short?"""

import pytest

from promises.measured.web_views import judged_memory, judged_overview, judged_painted, judged_pod_memory

GOOD = {
    "p50_ms": 60.0,
    "p95_ms": 120.0,
    "most_ms": 150.0,
    "blocks": 1600,
    "lost": 0,
    "redraws_a_s": 10.0,
    "cpu_ms": 0.5,
    "first_paint_ms": 300,
    "scripts_bytes": 60_000,
    "server_cores": 0.01,
}
AT_BED = {
    "heap_mb": [2.0, 2.5, 2.6, 2.55],
    "nodes": [36, 36, 36, 36],
    "became": {"played": 1350},
    "left": {"waiting": 0, "voices": 0, "unnoted": 0},
    "wrong": [],
    "times_faster": 200,
}
FLAT = {"heap_mb": [2.0, 3.0, 3.1, 2.9], "nodes": [100, 200, 200, 200], "times_faster": 100, "drawn_h": 3.0}


OVERVIEW = {
    "tiles": 64,
    "wall_s": 60.1,
    "night_s": 60,
    "signal_s": 60.0,
    "late_s": 1.3,
    "looks": 20,
    "renders_a_s": 0.5,
    "night_cores": 0.6,
    "server_cores": 0.02,
    "browser_cores": 0.1,
}


@pytest.mark.parametrize(
    ("change", "is_kept"),
    [
        ({}, True),
        *(
            (worse, False)
            for worse in ({"tiles": 63}, {"late_s": 2.1}, {"night_s": 50}, {"signal_s": 50}, {"looks": 0})
        ),
    ],
)
def test_an_overview_that_misses_beds_or_is_late_falls_short(change: dict[str, object], is_kept: bool) -> None:  # noqa: FBT001
    assert judged_overview({**OVERVIEW, **change}).ok is is_kept


def test_a_quick_view_is_kept() -> None:
    assert judged_painted(GOOD).ok


@pytest.mark.parametrize(
    "worse",
    [
        {"p95_ms": 150.0},
        {"lost": 1},
        {"blocks": 0},
        {"cpu_ms": 2.1},
        {"first_paint_ms": None},
        {"first_paint_ms": 1000},
        {"scripts_bytes": 300_000},
    ],
)
def test_any_bound_that_is_missed_falls_short(worse: dict[str, object]) -> None:
    assert not judged_painted({**GOOD, **worse}).ok


@pytest.mark.parametrize(
    ("change", "is_kept"),
    [
        ({}, True),
        ({"heap_mb": [2.0, 3.0, 3.1, 3.4]}, False),
        ({"heap_mb": [2.0, 3.0]}, False),
        ({"drawn_h": 2.0}, False),
    ],
)
def test_memory_that_grows_or_was_not_weighed_through_falls_short(change: dict[str, object], is_kept: bool) -> None:  # noqa: FBT001
    assert judged_memory({**FLAT, **change}, hours=3).ok is is_kept


@pytest.mark.parametrize(
    ("change", "is_kept"),
    [
        ({}, True),
        ({"heap_mb": [2.0, 2.5, 2.6, 2.8]}, False),
        ({"heap_mb": [2.0, 2.5]}, False),
        ({"became": {"played": 1340, "expired": 10}}, False),
        ({"left": {"waiting": 0, "voices": 3, "unnoted": 0}}, False),
        ({"wrong": ["TypeError"]}, False),
    ],
)
def test_a_beds_page_that_grows_or_lost_a_cue_falls_short(change: dict[str, object], is_kept: bool) -> None:  # noqa: FBT001
    assert judged_pod_memory({**AT_BED, **change}, hours=3).ok is is_kept
