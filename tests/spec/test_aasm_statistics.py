"""The AASM Manual, version 2.6 (2020), parameters to be reported: sleep scoring data and arousal events, by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamloom.gallery.night_statistics import NightStatistics, statistics_of
from dreamloom.testing.night_story import Story, course
from dreamloom.vocabulary.stages import Stage

MIN = 60.0


def night(text: str, *, lights_off_s: float | None = 0.0, lights_on_s: float | None = None) -> Story:
    story = Story("S01")
    if lights_off_s is not None:
        story.lights_off("p1", lights_off_s)
    story.sleep("p1", course(text))
    if lights_on_s is not None:
        story.lights_on("p1", lights_on_s)
    return story


def of(story: Story) -> NightStatistics:
    return statistics_of(story.events(), "p1")


def test_a_short_night_counted_by_hand():
    # 4 W (2 min), N1, 3 N2, W, N2, 2 R, N2, 2 N3, 2 W: 17 epochs, 8.5 min in bed
    found = of(night("W*4 N1 N2*3 W N2 R*2 N2 N3*2 W*2")).sleep
    assert found.in_bed_s == 8.5 * MIN
    assert found.total_sleep_s == 5 * MIN  # 1 N1 + 5 N2 + 2 R + 2 N3 = 10 epochs
    assert found.sleep_latency_s == 2 * MIN
    assert found.waso_s == 1.5 * MIN  # one W inside, two after the last sleep and before lights on
    assert found.efficiency_percent == pytest.approx(100 * 5 / 8.5, abs=1e-4)
    assert found.rem_latency_s == 3 * MIN  # from the N1 to the R: N1, 3 N2, W, N2
    assert found.awakenings == 2
    assert found.transitions == 8
    assert {time.stage: time.duration_s / MIN for time in found.stages} == {
        "W": 3.5,
        "N1": 0.5,
        "N2": 2.5,
        "N3": 1,
        "R": 1,
    }
    assert {time.stage: time.percent_of_sleep for time in found.stages} == {
        "W": None, "N1": 10.0, "N2": 50.0, "N3": 20.0, "R": 20.0,
    }  # fmt: skip
    assert found.scored_percent == 100.0


def test_sleep_latency_ends_with_the_first_epoch_of_any_sleep_stage():
    assert of(night("W*6 N1 W*20 N2*10")).sleep.sleep_latency_s == 3 * MIN


def test_rem_latency_counts_from_sleep_onset_and_includes_wake():
    assert of(night("W*2 N1*4 W*4 N2*4 R*4")).sleep.rem_latency_s == 6 * MIN


def test_waso_lasts_until_lights_on_and_leaves_out_what_came_before_sleep():
    assert of(night("W*10 N2*10 W*3 N2*10 W*7")).sleep.waso_s == 5 * MIN


def test_only_epochs_between_lights_off_and_lights_on_count():
    found = of(night("N2*4 W*4 N2*8 N3*4", lights_off_s=120.0, lights_on_s=480.0)).sleep
    assert (found.in_bed_s, found.sleep_latency_s, found.total_sleep_s) == (6 * MIN, 2 * MIN, 4 * MIN)


def test_an_epoch_that_the_lights_cut_does_not_count():
    found = of(night("W*10", lights_off_s=31.0, lights_on_s=299.0)).sleep
    assert found.in_bed_s == 210.0


def test_lights_back_on_for_a_moment_do_not_end_the_night():
    story = night("N2*20")
    story.lights_on("p1", 120.0)
    story.lights_off("p1", 180.0)
    assert of(story).sleep.in_bed_s == 10 * MIN


def test_arousal_index_is_arousals_per_hour_of_sleep():
    story = night("W*20 N2*120", lights_off_s=300.0)
    for at_s in (100.0, 700.0, 1200.0, 4100.0):
        story.arousal("p1", at_s)
    assert (of(story).sleep.arousals, of(story).sleep.arousals_per_hour) == (3, 3.0)


def test_without_sleep_nothing_is_said_that_needs_sleep():
    found = of(night("W*40")).sleep
    assert (found.total_sleep_s, found.efficiency_percent) == (0.0, 0.0)
    assert found.sleep_latency_s is found.waso_s is found.rem_latency_s is found.arousals_per_hour is None
    assert all(time.percent_of_sleep is None for time in found.stages if time.stage == "W")


def test_without_rem_there_is_no_rem_latency_but_a_share_of_zero():
    found = of(night("W N2*10")).sleep
    assert found.rem_latency_s is None
    assert next(time.percent_of_sleep for time in found.stages if time.stage == "R") == 0.0


def test_without_lights_off_there_is_no_latency():
    found = of(night("W*4 N2*4", lights_off_s=None)).sleep
    assert (found.sleep_latency_s, found.total_sleep_s, found.in_bed_s) == (None, 2 * MIN, 4 * MIN)


def test_without_one_readable_epoch_not_even_zero_sleep_is_claimed():
    found = of(night("UNSCORED*20")).sleep
    assert (found.total_sleep_s, found.efficiency_percent, found.scored_percent) == (None, None, 0.0)


def test_unread_time_makes_efficiency_a_range_and_latency_a_bound():
    found = of(night("W*2 UNSCORED*4 N2*14")).sleep
    assert (found.efficiency_percent, found.efficiency_at_most_percent) == (70.0, 90.0)
    assert (found.sleep_latency_s, found.latency_certain) == (3 * MIN, False)
    assert (found.scored_s, found.unscored_s, found.scored_percent) == (8 * MIN, 2 * MIN, 80.0)


def test_a_hole_is_neither_a_transition_nor_an_awakening():
    found = of(night("N2*4 UNSCORED*2 W*4 UNSCORED N3*4")).sleep
    assert (found.transitions, found.awakenings) == (0, 0)


def test_a_night_without_an_epoch_is_all_honest_none():
    found = of(Story("S01")).sleep
    assert (found.in_bed_s, found.total_sleep_s, found.scored_percent, found.efficiency_percent) == (
        0,
        None,
        None,
        None,
    )


def test_hops_between_epochs_count_for_nothing():
    plain, hopping = night("W*4 N2*6 R*4"), Story("S01")
    hopping.lights_off("p1", 0.0)
    hopping.sleep("p1", course("W*4 N2*6 R*4"), hops=True)
    assert of(hopping).sleep == of(plain).sleep


def test_another_pod_changes_nothing():
    story = Story("S01", "S02")
    story.lights_off("p1", 0.0)
    story.sleep("p1", course("W*4 N2*6"))
    before = of(story)
    story.sleep("p2", course("R*40"))
    assert of(story) == before


@given(stages=st.lists(st.sampled_from(list(Stage)), max_size=60), off=st.integers(0, 900), on=st.integers(0, 1800))
def test_latency_sleep_wake_and_the_unread_always_make_up_the_night(stages, off, on):
    story = Story("S01")
    story.lights_off("p1", float(off))
    story.sleep("p1", stages)
    if on > off:
        story.lights_on("p1", float(on))
    sleep = of(story).sleep
    assert sum(time.duration_s for time in sleep.stages) == sleep.scored_s
    assert sleep.scored_s + sleep.unscored_s == sleep.in_bed_s
    wake_s = next(time.duration_s for time in sleep.stages if time.stage == "W")
    assert (sleep.total_sleep_s or 0.0) + wake_s + sleep.unscored_s == sleep.in_bed_s
    if sleep.total_sleep_s:
        assert sleep.waso_s <= wake_s
        assert sleep.efficiency_percent <= sleep.efficiency_at_most_percent <= 100.0
        shares = [time.percent_of_sleep for time in sleep.stages if time.percent_of_sleep is not None]
        assert sum(shares) == pytest.approx(100.0, abs=1e-3)
    if sleep.latency_certain and sleep.rem_latency_certain:
        assert sleep.sleep_latency_s + sleep.rem_latency_s <= sleep.in_bed_s
