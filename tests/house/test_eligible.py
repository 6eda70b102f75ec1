"""Is nobody cued of whom the house does not know that they may be, and does nobody learn why?"""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from dreamloom.adapters.sqlite import read_only
from dreamloom.engine.clocks import utc_now
from dreamloom.governance.intake import Answers
from dreamloom.governance.policy.request import EXCLUDED, NOBODY_THERE, UNASKED, UNTAUGHT, VOUCHED
from dreamloom.governance.sheets import find, shipped
from dreamloom.house import eligible, intaking, making, opening, replaying
from dreamloom.house.erasing import erase
from dreamloom.house.export_mine import export_mine
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.standing_consent import refuse_ended_grants
from dreamloom.record.events import ArmsSealed, CueForbidden, CuePlayed, EligibilityTold, IntakeAnswered
from dreamloom.vocabulary.errors import RefusedError, UsageError

WELL = Answers(34, *[False] * 6, "nobody")
LYING = PodAsked(id="p1", sleeper="S01", source="lsl:Muse")
SIMULATED = PodAsked(id="p1", sleeper="S01", source="sim:lucid,hours=0.02")
RIGHT = (3, 2, 1)


def night_of(tmp_path: Path, pod: PodAsked, *, sheet: str = "home 1 en") -> NightFolder:
    folder = making.write_night(House(tmp_path), "tide", [pod], "nightmare_rem_tmr", seed=1)
    text = folder.consent_toml.read_text().replace("none: a recording or a simulated sleeper", sheet)
    folder.consent_toml.write_text(text)
    return folder


def pass_questions(house: House) -> None:
    intaking.pass_questions(house, "S01", find(shipped(), "home", "en"), RIGHT)


def test_whoever_lies_there_is_cued_only_after_intake_and_questions(tmp_path: Path) -> None:
    asked = opening.read_asked(night_of(tmp_path, LYING))
    house = asked.folder.house
    assert eligible.eligible(asked) == {"p1": UNASKED}
    assert "consent intake S01" in eligible.unasked(asked, {"p1": UNASKED})[0]
    intaking.answer_intake(house, "S01", msgspec.structs.replace(WELL, ptsd=None))
    assert eligible.eligible(asked) == {"p1": UNASKED}
    intaking.answer_intake(house, "S01", WELL)
    assert eligible.eligible(asked) == {"p1": UNTAUGHT}
    pass_questions(house)
    (found,) = eligible.eligible(asked).values()
    assert (found.intake, found.care) == ("answered", ())
    plan = replace(asked, eligible={"p1": found}).plan_of(asked.night.pod[0], utc_now())
    assert plan.eligibility == found


def test_one_wrong_answer_passes_nothing(tmp_path: Path) -> None:
    with pytest.raises(RefusedError):
        intaking.pass_questions(House(tmp_path), "S01", find(shipped(), "home", "en"), (1, 2, 1))
    assert eligible.told_of(House(tmp_path), "S01").sheets == frozenset()


def test_a_night_learns_that_care_is_needed_and_never_which(tmp_path: Path) -> None:
    asked = opening.read_asked(night_of(tmp_path, LYING))
    house = asked.folder.house
    pass_questions(house)
    intaking.answer_intake(
        house, "S01", msgspec.structs.replace(WELL, pregnancy=True), clinician="Dr. N", protocol="P-7"
    )
    found = eligible.eligible(asked)
    (told,) = eligible.words(LYING, found, 0.0)  # type: ignore[arg-type] - a plain number will do
    assert eligible.as_asked(told) == found["p1"]
    assert (told.care, told.clinician, told.protocol) == ("named clinician", "named", "P-7")
    assert b"pregnan" not in house.record.read_bytes() + msgspec.json.encode(told)


def test_an_amended_sheet_asks_again(tmp_path: Path) -> None:
    folder = night_of(tmp_path, LYING)
    pass_questions(folder.house)
    intaking.answer_intake(folder.house, "S01", WELL)
    refuse_ended_grants(opening.read_asked(folder), utc_now())
    folder.house.sheets.mkdir(parents=True)
    text = (Path(opening.__file__).parents[1] / "governance/sheets/home.en.toml").read_text(encoding="utf-8")
    (folder.house.sheets / "home.en.toml").write_text(text.replace("version = 1", "version = 2"), encoding="utf-8")
    with pytest.raises(RefusedError) as caught:
        refuse_ended_grants(opening.read_asked(folder), utc_now())
    assert caught.value.code == "DL-E572"
    assert (str(caught.value.where)).endswith("consent.toml:2:1")
    folder.consent_toml.write_text(folder.consent_toml.read_text().replace("home 1 en", "home 2 en"))
    asked = opening.read_asked(folder)
    refuse_ended_grants(asked, utc_now())
    assert eligible.eligible(asked) == {"p1": UNTAUGHT}


def test_a_grant_of_more_than_thirty_days_opens_no_night(tmp_path: Path) -> None:
    folder = night_of(tmp_path, SIMULATED)
    text = folder.consent_toml.read_text().replace("end of night", "2199-01-01T00:00:00+00:00")
    folder.consent_toml.write_text(text)
    with pytest.raises(RefusedError) as caught:
        refuse_ended_grants(opening.read_asked(folder), utc_now())
    assert (caught.value.code, caught.value.where is not None) == ("DL-E571", True)


def test_a_cue_that_was_not_heard_opens_no_night(tmp_path: Path) -> None:
    folder = night_of(tmp_path, SIMULATED)
    folder.consent_toml.write_text(folder.consent_toml.read_text().rstrip() + "\nheard = []\n")
    with pytest.raises(RefusedError) as caught:
        opening.read_asked(folder)
    assert (caught.value.code, caught.value.where is not None) == ("DL-E570", True)
    folder.consent_toml.write_text(folder.consent_toml.read_text().rstrip() + '\ntags = ["nightmares"]\n')
    opening.read_asked(folder)


def test_what_a_sleeper_keeps_out_is_sealed_and_only_that_it_is_kept_out_is_told(tmp_path: Path) -> None:
    asked = opening.read_asked(night_of(tmp_path, SIMULATED))
    house = asked.folder.house
    assert eligible.eligible(asked) == {"p1": NOBODY_THERE}
    intaking.keep_limits(house, "p9", "S01", ["nightmares", "grief"])
    assert eligible.eligible(asked) == {"p1": EXCLUDED}
    assert eligible.unasked(asked, {"p1": EXCLUDED}) == ["S01 hears no cue tonight; excluded: yes"]
    kept = house.pod("p9").limits.read_bytes()
    intaking.keep_limits(house, "p9", "S01", ["grief"])
    assert eligible.eligible(asked) == {"p1": NOBODY_THERE}
    assert len(house.pod("p9").limits.read_bytes()) == len(kept)
    assert b"grief" not in kept
    assert bytes("nightmares", "ascii").hex().encode() not in kept
    intaking.keep_limits(house, "p9", "S02", ["nightmares"])
    assert eligible.eligible(asked) == {"p1": NOBODY_THERE}
    with pytest.raises(UsageError):
        intaking.keep_limits(house, "p9", "S01", ["spiders"])


@pytest.mark.parametrize("content", [b"", b"{", b'{"sleeper":"S01","sealed":"00"}', b'{"sleeper":"S01","sealed":"zz"}'])
def test_limits_that_cannot_be_read_keep_everything_out(tmp_path: Path, content: bytes) -> None:
    asked = opening.read_asked(night_of(tmp_path, SIMULATED))
    intaking.keep_limits(asked.folder.house, "p1", "S01", [])
    asked.folder.house.pod("p1").limits.write_bytes(content)
    assert eligible.eligible(asked) == {"p1": EXCLUDED}


def test_a_night_that_is_kept_out_is_silent_and_is_replayed_the_same(tmp_path: Path) -> None:
    folder = night_of(tmp_path, SIMULATED)
    intaking.keep_limits(folder.house, "p1", "S01", ["nightmares"])
    run_night(folder, RunOptions(speed_x=None))
    intaking.keep_limits(folder.house, "p1", "S01", [])
    with read_only(folder.record) as record:
        events = list(record.events())
    assert [event.intake for event in events if isinstance(event, EligibilityTold)] == ["excluded"]
    assert not any(isinstance(event, CuePlayed) for event in events)
    assert all(event.policies == ("C9.care", "C9.unasked") for event in events if isinstance(event, CueForbidden))
    assert replaying.replay_night(folder).first_difference is None


def test_a_night_from_before_anybody_was_asked_goes_on_as_it_began(tmp_path: Path) -> None:
    asked = opening.read_asked(night_of(tmp_path, LYING))
    past = [ArmsSealed(onset_s=0.0, pod="p1", arm=None)]
    assert eligible.eligible(asked, past) == {}
    assert asked.plan_of(asked.night.pod[0], utc_now()).eligibility == VOUCHED
    told = EligibilityTold(
        onset_s=0.0, pod="p1", sleeper="S01", intake="untaught", care="unknown", clinician="none", protocol=""
    )
    assert eligible.eligible(asked, [told, *past]) == {"p1": UNTAUGHT}


def test_answers_and_limits_go_home_opened_and_are_erased(tmp_path: Path) -> None:
    folder = night_of(tmp_path / "house", SIMULATED)
    intaking.answer_intake(folder.house, "S01", WELL)
    intaking.keep_limits(folder.house, "p1", "S01", ["grief"])
    export_mine(folder.house, "S01", tmp_path / "home")
    opened = (tmp_path / "home/house/opened.jsonl").read_bytes()
    assert msgspec.json.decode(opened.splitlines()[0])["opened"]["age_years"] == 34
    assert msgspec.json.decode((tmp_path / "home/house/limits.json").read_bytes()) == {"p1": ["grief"]}
    erase(folder.house, "S01")
    assert not folder.house.pod("p1").limits.exists()
    with read_only(folder.house.record) as record:
        assert not record.of_type(IntakeAnswered.__name__, "S01")
