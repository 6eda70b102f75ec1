"""Is a course held to what was agreed on? Settled once, its nights made by the book, cues held until its clinician."""

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dreamloom.adapters.sqlite import read_only
from dreamloom.engine.clocks import utc_now
from dreamloom.house import course_account, course_tonight, courses, cueing_holds, outcome_answers, reminding
from dreamloom.house.erasing import erase
from dreamloom.house.export_mine import export_mine
from dreamloom.house.layout import House
from dreamloom.house.night_file import read_night
from dreamloom.house.outcome_packs import find_pack, packs_of
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.outcomes.courses import schedule
from dreamloom.record.course_events import CourseAnswered
from dreamloom.record.events import ConsentGiven
from dreamloom.testing.courses import CLINICIAN, NAME, SLEEPER, a_course, days_ago, tell
from dreamloom.vocabulary.errors import ConfigError, RefusedError, UsageError


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path / "house")
    a_course(house, first=days_ago(12))
    return house


def course_of(house: House):
    return courses.find_begun(house, NAME).course


def rise(house: House, *numbers: int) -> None:
    for number in numbers:
        tell(house, course_of(house), number, {"nightmares": 2})


def evening(number: int):
    return days_ago(12) + timedelta(days=number - 1)


def test_a_course_is_begun_once_by_the_clinician_it_names_and_stays_as_it_was(house: House, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="was begun already"):
        courses.begin(house, NAME, by=CLINICIAN)
    path = courses.path_of(house, NAME)
    text = path.read_text()
    path.write_text(text.replace("nightmares = 2", "nightmares = 9"))
    with pytest.raises(RefusedError, match="was changed since it was begun") as refused:
        course_tonight.tonight(house, NAME, evening(1))
    assert refused.value.code == "DL-E658"
    fresh = House(tmp_path / "fresh")
    courses.write_course(fresh, text, name=NAME)
    with pytest.raises(RefusedError, match="cannot begin"):
        courses.begin(fresh, NAME, by="somebody")
    with pytest.raises(ConfigError, match="is not there"):
        courses.begin(fresh, NAME, by=CLINICIAN)
    with pytest.raises(RefusedError, match="is there already"):
        courses.write_course(fresh, text, name=NAME)


def test_each_night_is_made_from_the_courses_own_with_consent_for_what_it_is(house: House) -> None:
    baseline, cued = (course_tonight.tonight(house, NAME, evening(number)) for number in (1, 9))
    assert (baseline.due.kind, cued.due.kind) == ("baseline", "cued")
    assert baseline.folder is not None
    assert cued.folder is not None
    assert f"[{SLEEPER}]".encode() not in baseline.folder.consent_toml.read_bytes()
    assert f'["{SLEEPER}"]'.encode() in cued.folder.consent_toml.read_bytes()
    run_night(baseline.folder, RunOptions(speed_x=None))
    run_night(cued.folder, RunOptions(speed_x=None))
    for folder, agreed in ((baseline.folder, 0), (cued.folder, 1)):
        with read_only(folder.record) as record:
            assert len([each for each in record.of_type("ConsentGiven") if isinstance(each, ConsentGiven)]) == agreed
    again = course_tonight.tonight(house, NAME, evening(9))
    assert (again.is_new, again.folder) == (False, cued.folder)
    with pytest.raises(UsageError, match="Nothing is due") as nothing:
        course_tonight.tonight(house, NAME, evening(40))
    assert nothing.value.code == "DL-E668"


def test_baseline_mornings_are_reminded_of_at_home_before_any_night(tmp_path: Path) -> None:
    house = House(tmp_path)
    a_course(house, first=days_ago(1), stretch=(("baseline", 8), ("cued", 2)), at_home="baseline")
    course = course_of(house)
    assert [each.at_home for each in schedule(course)] == [True] * 8 + [False] * 2
    found = course_tonight.tonight(house, NAME, days_ago(1))
    assert (found.folder, found.due.kind, found.said) == (None, "baseline", "")
    at = datetime.fromisoformat(f"{days_ago(0)}T07:45:00+00:00")
    (morning,) = reminding.due_now(house, NAME, at)
    assert morning.line.startswith("Morning after night 1 of 10")
    (evening,) = reminding.due_now(house, NAME, at.replace(hour=21))
    assert "sleep wherever you are" in evening.line
    tell(house, course, 1)
    assert reminding.due_now(house, NAME, at) == []
    told = course_account.course_told(house, NAME, today=days_ago(0)).account
    assert (told.adherence.to_run, told.adherence.told) == (0, 1)


def test_nobody_is_cued_at_home(tmp_path: Path) -> None:
    house = House(tmp_path)
    with pytest.raises(ConfigError, match="At home nobody is cued"):
        a_course(house, first=days_ago(1), stretch=(("cued", 2),), at_home="cued")


def test_what_a_person_agreed_to_for_one_night_is_not_carried_into_the_next(house: House) -> None:
    toml = house.night("first").night_toml
    toml.write_text(toml.read_text().replace("sim:typical,hours=0.002", "lsl:Muse-7F"))
    found = course_tonight.tonight(house, NAME, evening(9))
    assert found.folder is not None
    assert "agreed to no more than one night" in found.said
    assert SLEEPER.encode() not in found.folder.consent_toml.read_bytes()
    consent = house.night("first").consent_toml
    until = (utc_now() + timedelta(days=14)).isoformat(timespec="seconds")
    consent.write_text(consent.read_text().replace("end of night", until))
    standing = course_tonight.tonight(house, NAME, evening(10))
    assert standing.said == ""
    assert standing.folder is not None
    assert SLEEPER.encode() in standing.folder.consent_toml.read_bytes()


def test_a_night_that_was_half_made_leaves_no_consent_that_is_not_for_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(path: Path, _: bytes) -> None:
        raise OSError(28, "no space left", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(course_tonight, "write_durably", breaks)
        with pytest.raises(OSError, match="no space"):
            course_tonight.tonight(house, NAME, evening(1))
    baseline = course_tonight.tonight(house, NAME, evening(1))
    assert (baseline.is_new, baseline.due.kind) == (True, "baseline")
    assert baseline.folder is not None
    assert SLEEPER not in baseline.folder.consent_toml.read_text()
    assert baseline.folder.night_toml.is_file()
    assert not [path for path in house.root.iterdir() if path.name.startswith(".making")]


def test_a_trial_night_says_which_of_its_trials_nights_it_is(tmp_path: Path) -> None:
    from dreamloom.house.trials import seal_trial
    from dreamloom.record.events import TrialDesign, TrialUnit

    house = House(tmp_path)
    unit = TrialUnit(name=SLEEPER, sleepers=(SLEEPER,))
    design = TrialDesign(
        trial="t1", assign="across nights", arms=("active", "sham"), block=2, nights=2, washout_nights=1, units=(unit,)
    )
    seal_trial(house, design, dreamscape_sha256="5e" * 32)
    a_course(house, first=days_ago(3), trial="t1", stretch=(("trial", 1), ("washout", 1), ("trial", 1)))
    found = course_tonight.tonight(house, NAME, days_ago(1))
    assert found.folder is not None
    asked = read_night(found.folder.night_toml.read_text(), file="night.toml")
    assert asked.trial is not None
    assert (asked.trial.name, asked.trial.night) == ("t1", 2)
    assert course_account.course_told(house, NAME, today=days_ago(0)).is_sealed


def test_two_who_count_the_same_mornings_at_once_write_one_hold_for_the_clinician(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    rise(house, 9, 10)
    now = cueing_holds.held(house, SLEEPER)
    assert now is not None
    unwritten = [now._replace(id="")]
    look = cueing_holds.held_in
    monkeypatch.setattr(cueing_holds, "held_in", lambda *asked: unwritten.pop() if unwritten else look(*asked))
    cueing_holds.settle(house, SLEEPER)
    cueing_holds.answer(house, NAME, by=CLINICIAN, because="talked, softer now", goes_on=True)
    assert cueing_holds.held(house, SLEEPER) is None


def test_an_evening_lasts_past_midnight_by_the_clock_of_the_course(house: House) -> None:
    past_midnight = datetime.fromisoformat("2026-11-22T00:40:00+00:00")
    assert str(outcome_answers.today(house, SLEEPER, evening=True, at=past_midnight)) == "2026-11-21"
    assert str(outcome_answers.today(house, SLEEPER, at=past_midnight)) == "2026-11-22"
    path = courses.path_of(house, NAME)
    path.write_text(path.read_text().replace('timezone = "UTC"', 'timezone = "Pacific/Auckland"'))
    assert str(outcome_answers.today(house, SLEEPER, evening=True, at=past_midnight)) == "2026-11-22"
    assert courses.signs_in_as(CLINICIAN) == "Dr-Moss"


def test_rising_nightmares_hold_cues_until_the_clinician_has_answered(house: House) -> None:
    made = course_tonight.tonight(house, NAME, evening(11)).folder
    assert made is not None
    rise(house, 9)
    assert cueing_holds.held(house, SLEEPER) is None
    rise(house, 10)
    with pytest.raises(RefusedError, match="Cues of S01 are held") as refused:
        run_night(made, RunOptions(speed_x=None))
    assert (refused.value.code, refused.value.exit_code) == ("DL-E667", 5)
    assert not made.record.exists()
    assert "nightmare" not in str(refused.value)
    for name in ("somebody", "", "dr moss"):
        with pytest.raises(RefusedError, match="cannot let cues go on"):
            cueing_holds.answer(house, NAME, by=name, because="looked at it", goes_on=True)
    with pytest.raises(UsageError, match="nothing to answer"):
        cueing_holds.answer(house, NAME, by=CLINICIAN, because=" ", goes_on=True)
    cueing_holds.answer(house, NAME, by=CLINICIAN, because="not before we have talked", goes_on=False)
    with pytest.raises(RefusedError):
        run_night(made, RunOptions(speed_x=None))
    cueing_holds.answer(house, NAME, by=CLINICIAN, because="talked, softer now", goes_on=True)
    assert run_night(made, RunOptions(speed_x=None)).night == made.name
    with read_only(house.record) as record:
        said = [each for each in record.of_type("CourseAnswered") if isinstance(each, CourseAnswered)]
    assert [(each.by, each.answer) for each in said] == [(CLINICIAN, "stay held"), (CLINICIAN, "go on")]
    assert not [each for each in house.root.rglob("*") if each.is_file() and b"softer now" in each.read_bytes()]


@pytest.mark.parametrize("later", [{"rested": 4}, {"nightmares": 0}])
def test_a_hold_follows_from_any_telling_that_was_kept_whatever_is_told_after_it(
    house: House, later: dict[str, int]
) -> None:
    pack = find_pack(packs_of(house), "nightly")
    for number, answers in ((9, {"nightmares": 2}), (10, {"nightmares": 2}), (10, later)):
        on = schedule(course_of(house))[number - 1].morning.isoformat()
        outcome_answers.keep(house, SLEEPER, pack, answers, on=on, moment="morning")
    now = cueing_holds.held(house, SLEEPER)
    assert now is not None
    assert now.on == schedule(course_of(house))[9].morning
    cueing_holds.answer(house, NAME, by=CLINICIAN, because="a slip of the finger", goes_on=True)
    outcome_answers.keep(house, SLEEPER, pack, {"rested": 5}, on=now.on.isoformat(), moment="morning")
    assert cueing_holds.held(house, SLEEPER) is None


def test_a_morning_told_again_as_it_stood_holds_nothing_anew_once_the_clinician_let_cues_go_on(house: House) -> None:
    pack, on = find_pack(packs_of(house), "nightly"), schedule(course_of(house))[9].morning

    def tell_of(**answers: int) -> cueing_holds.HeldNow | None:
        outcome_answers.keep(house, SLEEPER, pack, answers, on=on.isoformat(), moment="morning")
        return cueing_holds.held(house, SLEEPER)

    assert tell_of(nightmares=3) is not None
    cueing_holds.answer(house, NAME, by=CLINICIAN, because="talked", goes_on=True)
    assert tell_of(nightmares=3, rested=5) is None
    assert tell_of(nightmares=4, rested=5) is not None


def test_a_night_made_while_cues_are_held_is_recorded_in_silence(house: House) -> None:
    before = course_tonight.tonight(house, NAME, evening(11)).folder
    rise(house, 9, 10)
    for number in (11, 12):
        found = course_tonight.tonight(house, NAME, evening(number))
        assert f"{CLINICIAN} has to answer" in found.said
        assert found.folder is not None
        assert run_night(found.folder, RunOptions(speed_x=None)).cues_played == 0
    assert before is not None
    assert SLEEPER.encode() not in before.consent_toml.read_bytes()


def test_a_hold_does_not_hang_on_its_being_written_down_and_counts_anew_after_an_answer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("dreamloom.testing.courses.settle", lambda *_: [])
        rise(house, 9, 10)
    with read_only(house.record) as record:
        assert record.of_type("CueingHeld") == []
    now = cueing_holds.held(house, SLEEPER)
    assert now is not None
    assert now.id == ""
    cueing_holds.answer(house, NAME, by=CLINICIAN, because="seen", goes_on=True)
    assert cueing_holds.held(house, SLEEPER) is None
    rise(house, 11)
    assert cueing_holds.held(house, SLEEPER) is None
    rise(house, 12)
    assert cueing_holds.held(house, SLEEPER) is not None


def test_a_hold_stops_no_night_in_which_its_sleeper_agreed_to_nothing(house: House) -> None:
    rise(house, 9, 10)
    quiet = course_tonight.tonight(house, NAME, evening(1)).folder
    assert quiet is not None
    assert run_night(quiet, RunOptions(speed_x=None)).cues_played == 0


def test_reminders_are_the_same_whatever_a_night_is_for_and_reach_a_command(house: House, tmp_path: Path) -> None:
    def at(days: int, clock: str):
        return datetime.fromisoformat(f"{evening(days)}T{clock}+00:00")

    lines = [reminding.due_now(house, NAME, at(number, "21:45"))[0].line for number in (2, 9)]
    assert lines[0].replace("Night 2", "Night 9") == lines[1]
    assert reminding.due_now(house, NAME, at(2, "20:00")) == []
    (morning,) = reminding.due_now(house, NAME, at(3, "08:00"))
    assert (morning.when, morning.number) == ("morning", 2)
    tell(house, course_of(house), 2)
    assert reminding.due_now(house, NAME, at(3, "08:00")) == []
    script = tmp_path / "hook.py"
    script.write_text(f"import sys, pathlib; pathlib.Path({str(tmp_path / 'heard')!r}).write_text(sys.stdin.read())")
    assert reminding.pass_on(f"{sys.executable} {script}", [morning]) == 1
    assert (tmp_path / "heard").read_text() == morning.line + "\n"
    with pytest.raises(ConfigError, match="could not be passed on"):
        reminding.pass_on("/no/such/command", [morning])
    words = (morning.line + lines[0]).casefold()
    assert not [word for word in ("cue", "baseline", "nightmare", "s01", "moss") if word in words]


def test_a_course_goes_with_its_sleeper(house: House, tmp_path: Path) -> None:
    rise(house, 9, 10)
    export_mine(house, SLEEPER, tmp_path / "mine")
    events = [json.loads(line) for line in (tmp_path / "mine/house/events.jsonl").read_text().splitlines()]
    assert {"CourseBegun", "OutcomeTold", "CueingHeld"} <= {each["type"] for each in events}
    assert list((tmp_path / "mine").rglob(f"*{NAME}.toml"))
    erase(house, SLEEPER)
    assert not courses.path_of(house, NAME).exists()
    assert courses.begun_in(house) == []
    assert cueing_holds.held(house, SLEEPER) is None


def test_an_account_counts_what_was_due_run_and_told(house: House) -> None:
    for number in (1, 2, 4):
        tell(house, course_of(house), number)
    first = course_tonight.tonight(house, NAME, evening(1)).folder
    assert first is not None
    run_night(first, RunOptions(speed_x=None))
    told = course_account.course_told(house, NAME, today=evening(5))
    assert told.account.adherence == (4, 1, 4, 3, 3)
    assert [night.answers is not None for night in told.account.nights] == [True, True, False, True]
    assert len(told.account.ahead) == 10


def test_shared_nights_are_held_against_control_nights_and_follow_ups_are_told_apart(tmp_path: Path) -> None:
    house = House(tmp_path)
    kinds = [("shared", 1), ("control", 1)] * 3 + [("follow-up", 1)]
    a_course(house, first=days_ago(7), stretch=kinds)
    course = course_of(house)
    pack = find_pack(packs_of(house), "closeness")
    for number, due in enumerate(schedule(course)[:6], 1):
        tell(house, course, number, {"nightmares": 0})
        gain = 3 if due.kind == "shared" else 1
        for on, moment, value in ((due.evening, "before", 4), (due.morning, "after", 4 + gain)):
            said = dict.fromkeys(("near", "belong", "at_ease"), value)
            outcome_answers.keep(house, SLEEPER, pack, said, on=on.isoformat(), moment=moment)
    tell(house, course, 7, {"nightmares": 2})
    evening = {"mood_evening": 3}
    nightly = find_pack(packs_of(house), "nightly")
    outcome_answers.keep(house, SLEEPER, nightly, evening, on=days_ago(7).isoformat(), moment="evening")
    told = course_account.course_told(house, NAME, today=days_ago(0))
    closeness = told.gains["closeness"]
    assert closeness.beyond is not None
    assert closeness.beyond.value == 2.0
    assert "0 shared and 0 control nights" in told.gains["empathy"].why_not
    nightmares, moods = told.account.measures[0], told.account.measures[-1]
    assert nightmares.since is not None
    assert nightmares.later is not None
    assert (nightmares.since.total, nightmares.later.total) == (0, 2)
    assert moods.values[:2] == [3, None]
    with pytest.raises(UsageError, match="Nothing is due"):
        course_tonight.tonight(house, NAME, days_ago(0))
    assert course_tonight.tonight(house, NAME, days_ago(1)).folder is None
