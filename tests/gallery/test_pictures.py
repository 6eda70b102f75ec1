"""The charts: well-formed, the same bytes each time, every stage by letter and level, every colour with contrast."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from dreamloom.gallery.cue_ribbon import cue_ribbon
from dreamloom.gallery.frame import Frame
from dreamloom.gallery.hypnogram import LEVELS, hypnogram, rem_strip
from dreamloom.gallery.markup import Markup, number, tag
from dreamloom.gallery.night_clock import NightClock, duration, night_time, ticks
from dreamloom.gallery.palette import DAY, EMBER, MARKS, NIGHT, TEXT
from dreamloom.gallery.pod_night import pod_night
from dreamloom.gallery.reasons import IN_WORDS
from dreamloom.gallery.rehearsal_page import BedShown, cards, rehearsal_page
from dreamloom.gallery.words import BITS, FAILURES, GROUPS, REASONS, failure
from dreamloom.record.events import CueFailed, WithheldReason
from dreamloom.testing.night_story import Story, course, full_night
from dreamloom.vetoes.bits import Bit

SVG = "{http://www.w3.org/2000/svg}"
NO_CLOCK = NightClock()


def drawn(draw, pod="p1", size="wide", story=None):
    night = pod_night((story or full_night()).events(), pod)
    frame = Frame(size, night.begins_s, max(night.ends_s, 30.0), NO_CLOCK)
    return draw(night, frame, name=pod, title="Hypnogram <S01>", sentence="Slept & dreamt.")


def marks(svg, class_):
    return [one for one in ET.fromstring(svg).iter() if one.get("class") == class_]


@pytest.mark.parametrize("draw", [hypnogram, rem_strip, cue_ribbon])
@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_every_picture_is_well_formed_named_described_and_always_the_same(draw, size):
    svg = drawn(draw, size=size)
    root = ET.fromstring(svg)
    assert root.find(f"{SVG}title").text == "Hypnogram <S01>"
    assert root.find(f"{SVG}desc").text == "Slept & dreamt."
    assert root.get("viewBox").startswith("0 0 ")
    assert svg == drawn(draw, size=size)


@pytest.mark.parametrize("draw", [hypnogram, rem_strip, cue_ribbon])
def test_a_picture_of_an_empty_night_is_still_a_picture(draw):
    ET.fromstring(drawn(draw, story=Story("S01")))


@pytest.mark.parametrize("draw", [hypnogram, rem_strip, cue_ribbon])
def test_nothing_is_drawn_outside_the_picture(draw):
    for size in ("wide", "narrow"):
        root = ET.fromstring(drawn(draw, pod="p2", size=size))
        _, _, width, height = map(float, root.get("viewBox").split())
        for one in root.iter(f"{SVG}rect"):
            assert 0 <= float(one.get("x")) <= float(one.get("x")) + float(one.get("width")) <= width + 1
            assert 0 <= float(one.get("y")) <= float(one.get("y")) + float(one.get("height")) <= height


def test_stages_stand_in_the_order_of_the_field_with_their_letters():
    root = ET.fromstring(drawn(hypnogram))
    letters = [one for one in root.iter(f"{SVG}text") if one.get("class") in {"letter", "rem-letter"}]
    assert [one.text for one in sorted(letters, key=lambda one: float(one.get("y")))] == ["W", "R", "N1", "N2", "N3"]


def test_rem_is_drawn_thicker_than_any_other_stage():
    story = Story("S01")
    story.sleep("p1", course("W*2 N1*2 N2*2 N3*2 R*2"))
    svg = drawn(hypnogram, story=story)
    heights = {stage: float(marks(svg, f"stage-{stage.lower()}")[0].get("height")) for stage in LEVELS}
    assert heights.pop("R") > 2 * max(heights.values())


def test_a_bar_is_as_long_as_its_bout():
    story = Story("S01")
    story.sleep("p1", course("W*10 N2*30"))
    svg = drawn(hypnogram, story=story)
    wake, stable = (float(marks(svg, f"stage-{name}")[0].get("width")) for name in ("w", "n2"))
    assert stable == pytest.approx(3 * wake, abs=0.05)


def test_an_unscored_stretch_is_hatched_and_no_step_leads_over_it():
    story = Story("S01")
    story.sleep("p1", course("N2*10 UNSCORED*4 W*10"))
    svg = drawn(hypnogram, story=story)
    assert len(marks(svg, "unknown")) == 1
    assert not marks(svg, "riser")


def test_a_hole_without_any_epoch_is_hatched_too():
    story = Story("S01")
    story.sleep("p1", course("N2*10"))
    story.sleep("p1", course("N2*10"), from_s=600.0)
    assert len(marks(drawn(hypnogram, story=story), "unknown")) == 1


def test_every_reason_of_the_night_has_a_labelled_lane_with_its_count():
    svg = drawn(cue_ribbon, pod="p2")
    labels = [one.text for one in ET.fromstring(svg).iter(f"{SVG}text")]
    for text in ("cues played", "outcome unknown", "consent withdrawn", "not armed again", "no readable stage"):
        assert text in labels
    assert "1,110" in labels


def test_groups_of_reasons_differ_by_pattern_not_by_colour_alone():
    svg = drawn(cue_ribbon, pod="p2")
    assert all(one.get("fill", "").startswith("url(#") for one in marks(svg, "held missing"))
    assert marks(svg, "held missing")
    assert marks(svg, "held waiting")
    assert marks(svg, "held protecting")


def test_every_vocabulary_of_the_record_has_words():
    assert set(REASONS) == set(IN_WORDS) == set(get_args(WithheldReason))
    assert {words.group for words in REASONS.values()} == set(GROUPS)
    assert len({words.short for words in REASONS.values()}) == len(REASONS)
    assert all(len(words.short) <= 20 for words in REASONS.values())
    assert set(FAILURES) == set(get_args(CueFailed.__annotations__["reason"]))
    assert set(BITS) == {bit.name for bit in Bit}
    assert failure("BITS AROUSAL NOT_ARMED") == "silenced in the last moment: stirring, not armed"


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [NIGHT, DAY, EMBER], ids=["night", "day", "ember"])
def test_text_and_marks_keep_the_contrast_of_wcag_aa(palette):
    for ground in (palette.ground, palette.panel):
        for name in TEXT:
            assert contrast(getattr(palette, name), ground) >= 4.5, name
        for name in MARKS:
            assert contrast(getattr(palette, name), ground) >= 3.0, name
    assert contrast(palette.bad, palette.stop) >= 4.5


def test_local_time_goes_right_through_the_change_of_clocks():
    clock = NightClock(datetime(2026, 10, 24, 22, 0, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
    assert [clock.local_text(hour * 3600.0) for hour in range(5)] == ["00:00", "01:00", "02:00", "02:00", "03:00"]


def test_without_a_wall_clock_only_night_time_is_said():
    assert NO_CLOCK.local_text(60.0) == ""
    assert NO_CLOCK.words(9667.0) == "2:41:07 into the night"


def test_ticks_are_round_and_few():
    assert ticks(0.0, 28800.0, 12)[:3] == [(0.0, "0 h"), (3600.0, "1 h"), (7200.0, "2 h")]
    assert ticks(0.0, 1200.0, 5)[1] == (300.0, "0:05")
    assert all(len(ticks(0.0, float(to_s), 5)) <= 7 for to_s in range(10, 90000, 777))


def test_times_read_as_people_say_them():
    assert [duration(s) for s in (12.4, 90.0, 3600.0, 22320.0)] == ["12 s", "2 min", "1 h", "6 h 12 min"]
    assert night_time(9667.4) == "2:41:07"


def test_text_is_escaped_and_markup_is_not():
    assert tag("p", "a < b", Markup("<br>"), title='"&"') == '<p title="&quot;&amp;&quot;">a &lt; b<br></p>'
    assert [number(x) for x in (-0.001, 3.0, 2.345678, 1e6)] == ["0", "3", "2.35", "1000000"]


def test_a_rehearsal_of_a_dreamscape_without_scenes_is_drawn_and_its_cards_stand_on_any_page() -> None:
    beds = [BedShown("p1", "typical", ["7"], full_night().events())]
    shown = cards(head=["cues"], beds=beds, withheld={"STAGE": 3})
    assert shown in rehearsal_page(title="x", sentence="y", head=["cues"], beds=beds, withheld={"STAGE": 3})
    assert "Stages of p1, typical" in shown
    assert "Scenes of p1" not in shown
    assert " style=" not in shown
