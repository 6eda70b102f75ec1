"""Is a story made of what its dreamers allow, by them alone, and anew when one of them takes something back?"""

import shutil
from pathlib import Path

import pytest

from dreamloom.house import circles, erasing, export_mine, mornings, weaving
from dreamloom.house.layout import NightFolder
from dreamloom.record.morning_events import WeaveMade
from dreamloom.testing.browsers import night_that_is_over
from dreamloom.testing.told_mornings import THEME, invented, whole_morning
from dreamloom.vocabulary.errors import RefusedError, UsageError
from dreamloom.weave.narrative import uncited

BEDS = 9


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> NightFolder:
    night = night_that_is_over(tmp_path_factory.mktemp("house"), beds=BEDS, hours=0.01)
    for n in range(1, BEDS + 1):
        text = invented(f"S{n:02d}", "tide", themes=THEME, mentions=4)
        whole_morning(night, f"S{n:02d}", text=text)
    return night


@pytest.fixture
def night(told: NightFolder, tmp_path: Path) -> NightFolder:
    shutil.copytree(told.house.root, tmp_path / "house")
    return NightFolder(tmp_path / "house" / "nights" / "tide")


def report_of(night: NightFolder, sleeper: str) -> str:
    return mornings.morning_of(night.house, sleeper, "tide").report


def made(night: NightFolder) -> list[WeaveMade]:
    return [event for event in mornings.events_of(night.house) if isinstance(event, WeaveMade)]


def test_what_is_woven_is_cited_and_the_same_each_time(night: NightFolder) -> None:
    found = weaving.standing(night)
    assert found.weave.threads
    assert weaving.standing(night).weave.bytes == found.weave.bytes
    assert len(made(night)) == 1
    assert uncited(found.weave, weaving.reports_of(night)) == []
    assert found.public.threads == ()  # nothing is public that nobody ratified


def test_what_is_taken_back_is_in_no_story_any_more(night: NightFolder) -> None:
    before = weaving.standing(night)
    (one, *_) = before.speakers
    mornings.share(night.house, report_of(night, one), ())
    after = weaving.standing(night)
    assert one not in after.speakers
    assert [each.gone_sha256 for each in made(night)] == ["", before.weave.sha256]


def test_a_story_that_becomes_another_form_stands_in_for_the_one_before(night: NightFolder) -> None:
    before = weaving.standing(night)
    for who in before.speakers:
        mornings.share(night.house, report_of(night, who), ())
    assert weaving.standing(night).weave.form == "kind page"
    assert [each.gone_sha256 for each in made(night)] == ["", before.weave.sha256]


def test_a_thread_is_public_once_all_who_speak_in_it_say_yes(night: NightFolder) -> None:
    found = weaving.standing(night)
    thread, sha256 = next(iter(found.threads.items()))
    speaking = sorted(found.speakers_in(thread))
    assert len(speaking) >= 3
    for who in speaking[:-1]:
        weaving.ratify(night, who, sha256, "yes")
    assert weaving.standing(night).waits_for[thread] == 1
    weaving.ratify(night, speaking[-1], sha256, "no")
    assert weaving.standing(night).public.threads == ()
    weaving.ratify(night, speaking[-1], sha256, "yes")
    assert [each.id for each in weaving.standing(night).public.threads] == [thread]
    with pytest.raises(UsageError, match="none of yours"):
        weaving.ratify(night, "S77", sha256, "yes")


def test_what_a_dreamer_hides_stands_nowhere(night: NightFolder) -> None:
    found = weaving.standing(night)
    (one, *_) = found.speakers
    cited = next(each for each in found.weave.pieces if each.source and found.speaker(each) == one)
    assert cited.source is not None
    start, word = cited.source.start, cited.text.split()[0]
    proposal = weaving.Proposal(start=start, end=start + len(word), said=word, instead="Somebody", why="your own list")
    weaving.agree(night.house, report_of(night, one), weaving.Agreed(hidden=(proposal,)))
    assert any(each.text.startswith("Somebody") for each in weaving.standing(night).weave.pieces if each.source)


def test_a_circle_bridges_a_seam_and_who_leaves_leaves_no_word(night: NightFolder) -> None:
    found = weaving.standing(night)
    before = circles.seams(found, circles.said(night))
    open_one = next(each for each in before if each.is_open)
    circles.say(night, "S01", entry="a" * 32, manner="bridge", after=open_one.after, text="The same water, later.")
    circles.say(night, "S02", entry="b" * 32, manner="answer", after="a" * 32, text="Yes, it was cold.")
    said = circles.said(night)
    assert [each.text for each in said] == ["The same water, later.", "Yes, it was cold."]
    assert circles.fragmentation(circles.seams(found, said)) < circles.fragmentation(before)
    with pytest.raises(RefusedError, match="Only who said it"):
        circles.retract(night, "S02", "a" * 32)
    assert circles.leave(night, "S01") == 1
    assert [each.text for each in circles.said(night)] == ["Yes, it was cold."]
    assert circles.files_of(night, "S01") == []
    erasing.erase(night.house, "S02")
    assert circles.said(night) == []


@pytest.mark.parametrize(("manner", "after"), [("bridge", "x"), ("answer", "c" * 32), ("answer", ""), ("wave", "")])
def test_nothing_is_said_where_nothing_stands(night: NightFolder, manner: str, after: str) -> None:
    with pytest.raises(UsageError, match="stands nowhere"):
        circles.say(night, "S01", entry="a" * 32, manner=manner, after=after, text="The same water, later.")
    assert circles.said(night) == []


def test_what_was_said_is_taken_home(night: NightFolder, tmp_path: Path) -> None:
    place = next(each.after for each in circles.seams(weaving.standing(night), ()))
    circles.say(night, "S01", entry="a" * 32, manner="bridge", after=place, text="The same water, later.")
    export_mine.export_mine(night.house, "S01", tmp_path / "mine")
    assert "The same water" in (tmp_path / "mine" / "nights" / "tide" / "circle.jsonl").read_text()


def test_nothing_is_woven_while_somebody_has_still_to_tell(tmp_path: Path) -> None:
    night = night_that_is_over(tmp_path / "house", hours=0.01)
    whole_morning(night, "S01", text=invented("S01", "tide"))
    with pytest.raises(RefusedError, match="still to be told"):
        weaving.standing(night)
    with pytest.raises(RefusedError, match="has told nothing"):
        circles.say(night, "S02", entry="a" * 32, manner="bridge", after="x", text="Mine.")
