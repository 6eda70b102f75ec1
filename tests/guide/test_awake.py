"""Does the guide exist for nobody between lights-off and waking?"""

import pytest

from dreamloom.guide.awake import Awake, Lying, is_awake, lying_at, up
from dreamloom.record.events import AnyEvent, AwakeningMade, LightsOff, LightsOn, NightClosed, OutOfBedSeen
from dreamloom.testing.night_story import Story, course
from dreamloom.vocabulary.errors import RefusedError


def night(*events: AnyEvent) -> list[AnyEvent]:
    story = Story("anna", "ben")
    for event in events:
        story.say(event)
    return [event for event in story.events() if not isinstance(event, LightsOff) or event.by != "start of the night"]


def off(at_s: float, pod: str = "p1") -> LightsOff:
    return LightsOff(onset_s=at_s, pod=pod, by="anna")


def woken(at_s: float, **said: object) -> AwakeningMade:
    told = {"manner": "probe", "how": "STAGE", "report_s": 120.0, **said}
    return AwakeningMade(onset_s=at_s, pod="p1", awakening=0, after_s=20.0, **told)  # type: ignore[arg-type]


def awake(events: list[AnyEvent], at_s: float) -> bool:
    return is_awake(lying_at("p1", [event for event in events if event.onset_s <= at_s]), at_s)


def test_it_speaks_in_the_evening_and_not_once_the_lights_are_off() -> None:
    events = night(off(600.0))
    assert awake(events, 599.0)
    assert not any(awake(events, at_s) for at_s in range(600, 30_000, 60))


def test_lying_awake_stirring_or_leaving_the_bed_at_night_is_no_waking() -> None:
    story = Story("anna")
    story.lights_off("p1", 0.0)
    story.sleep("p1", course("W*4 N1 W*20"), hops=True)
    story.say(OutOfBedSeen(onset_s=400.0, pod="p1", since_s=390.0))
    assert not is_awake(lying_at("p1", story.events()), 900.0)


def test_somebody_woken_to_tell_may_be_spoken_to_until_that_time_is_over() -> None:
    events = night(off(0.0), woken(7000.0))
    assert [awake(events, at_s) for at_s in (6999.0, 7000.0, 7119.0, 7120.0, 9000.0)] == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_whoever_slept_on_is_not_spoken_to() -> None:
    assert not awake(night(off(0.0), woken(7000.0, how="GAVE_UP", report_s=0.0)), 7001.0)


@pytest.mark.parametrize(
    "morning",
    [
        woken(25_000.0, manner="morning", report_s=0.0),
        LightsOn(onset_s=25_000.0, pod="p1", by="anna"),
        NightClosed(onset_s=25_000.0, status="complete", reason="", counts={}),
    ],
)
def test_a_morning_gives_it_back(morning: AnyEvent) -> None:
    events = night(off(0.0), morning)
    assert not awake(events, 24_999.0)
    assert awake(events, 25_000.0)
    assert awake(events, 90_000.0)


def test_the_morning_of_another_bed_is_not_theirs() -> None:
    assert not awake(night(off(0.0), LightsOn(onset_s=9000.0, pod="p2", by="ben")), 9001.0)
    assert awake(night(off(0.0, pod="p2")), 9000.0)


@pytest.mark.parametrize("status", ["interrupted", "failed"])
def test_a_night_that_broke_off_does_not_say_who_is_awake_its_sleeper_does(status: str) -> None:
    closed = NightClosed(onset_s=9000.0, status=status, reason="power", counts={})  # type: ignore[arg-type]
    lying = lying_at("p1", night(off(0.0), closed))
    assert not is_awake(lying, 9001.0)
    assert not is_awake(up(lying, is_closed=False), 9001.0)
    assert is_awake(up(lying, is_closed=True), 9001.0)


def test_there_is_no_awake_for_somebody_who_sleeps() -> None:
    dark = lying_at("p1", night(off(0.0)))
    with pytest.raises(RefusedError, match="DL-E713"):
        Awake(dark, 1.0)
    assert Awake(Lying(pod="p1"), 1.0).at_s == 1.0
