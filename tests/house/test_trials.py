"""A trial in a house: sealed once, before its nights; opened behind locked outcomes; every arm as it was sealed."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import msgspec
import pytest

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.cli.nights import _as_data
from dreamloom.house import arming, house_record, opening
from dreamloom.house.arming import FixedArms, TrialArms
from dreamloom.house.cue_sounds import weighed
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.replaying import replay_night
from dreamloom.house.reporting import write_report
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night, summarise
from dreamloom.house.sealing import ArmSealer
from dreamloom.house.trial_asked import TrialWanted, seal_for_night
from dreamloom.house.trial_tonight import trial_tonight
from dreamloom.house.trial_verifying import opened_night
from dreamloom.house.trials import find_trial, lock_trial, open_trial, secret_of
from dreamloom.house.verifying import verify_night
from dreamloom.record.events import (
    AnyEvent,
    ArmsOpened,
    ArmsSealed,
    CueDue,
    TrialDesign,
    TrialNightBegun,
    TrialUnit,
)
from dreamloom.record.sealing import open_sealed
from dreamloom.testing.nights import plan_of
from dreamloom.testing.trial_nights import IN_TRIAL, NAME, PRACTISED, night_in_trial, seal_with_arm
from dreamloom.testing.vaults import MemoryVault
from dreamloom.trial.commitment import Secret
from dreamloom.vocabulary.errors import ConfigError, DreamloomError, RecordError, RefusedError, UsageError

Slept = Callable[[str], NightFolder]
FAST = RunOptions(speed_x=None)
WITHIN = IN_TRIAL.replace("across nights, block: 2", "within night, block: 4")


def events_of(folder: NightFolder) -> list:
    with read_only(folder.record) as record:
        return list(record.events())


def payloads(folder: NightFolder) -> dict[str, dict]:
    """What lies sealed beside the events of S01, by event id."""
    key = FolderVault(folder.house.keys).subject_key("S01")
    found = {}
    with read_only(folder.record) as record:
        for event in record.events():
            sealed = event.arm if isinstance(event, ArmsSealed) else getattr(event, "payload", None)
            if sealed is not None:
                ciphertext = record.payload(event.id)
                plain = open_sealed(sealed, ciphertext, subject_key=key, origin=folder.origin, event_id=event.id)
                found[event.id] = {**msgspec.json.decode(plain), "bytes": len(ciphertext)}
    return found


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Houses in which a night of the trial was slept: in the active arm, in the sham, in arms drawn cue by cue."""

    @cache
    def house(arm: str) -> Path:
        root = tmp_path_factory.mktemp("houses") / arm
        announced = root.with_suffix(".md")
        announced.write_text("We will count nightmares.")
        folder = night_in_trial(root, text=WITHIN if arm == "within" else IN_TRIAL)
        seal_with_arm(folder, arm, TrialWanted(name=NAME, preregistration=announced))
        run_night(folder, FAST)
        return root

    return house


@pytest.fixture
def slept(once: Callable[[str], Path], tmp_path: Path) -> Callable[[str], NightFolder]:
    """A copy of one of them."""

    def copied(arm: str) -> NightFolder:
        shutil.copytree(once(arm), tmp_path / arm)
        return House(tmp_path / arm).night("night")

    return copied


def outcomes(tmp_path: Path) -> list[Path]:
    path = tmp_path / "outcomes.csv"
    path.write_text("sleeper,night,nightmares\nS01,1,0\n")
    return [path]


@pytest.mark.parametrize("arm", ["active", "sham"])
def test_a_trial_from_its_seal_to_its_open_arms(slept: Slept, tmp_path: Path, arm: str) -> None:
    folder = slept(arm)
    (begun,) = [event for event in events_of(folder) if isinstance(event, TrialNightBegun)]
    trial = find_trial(folder.house, NAME)
    assert begun.commitment_sha256 == trial.sealed.commitment_sha256
    assert [night.cause.split("@")[0] for night in trial.nights] == ["night"]
    assert replay_night(folder).first_difference is None
    assert verify_night(folder).standing == "verified"
    lock_trial(folder.house, NAME, outcomes(tmp_path))
    trial = open_trial(folder.house, NAME)
    assert trial.opened is not None
    found = opened_night(folder, trial.opened_secret)
    assert found.first_bad is None
    assert {cue.arm for cue in found.cues} == {arm}
    assert {cue.sound for cue in found.cues} == ({"bell", "knock"} if arm == "active" else {"silence"})
    assert found.by_arm[arm]["due"] == len([e for e in events_of(folder) if isinstance(e, CueDue)]) > 10
    assert verify_night(folder).standing == "verified"


def test_within_a_night_each_cue_has_the_arm_that_was_drawn_for_it(slept: Slept, tmp_path: Path) -> None:
    folder = slept("within")
    lock_trial(folder.house, NAME, outcomes(tmp_path))
    found = opened_night(folder, open_trial(folder.house, NAME).opened_secret)
    assert found.first_bad is None
    due = {arm: each["due"] for arm, each in found.by_arm.items()}
    assert set(due) == {"active", "sham"}
    assert abs(due["active"] - due["sham"]) <= 2
    assert all((cue.sound == "silence") == (cue.arm == "sham") for cue in found.cues)
    assert verify_night(folder).standing == "verified"


def test_what_is_sealed_of_a_cue_is_as_long_in_every_arm(slept: Slept) -> None:
    sealed = payloads(slept("within"))
    assert {plain["arm"] for plain in sealed.values()} >= {"active", "sham"}
    assert len({plain["bytes"] for plain in sealed.values()}) == 1


def sealer_of(past: Sequence[AnyEvent] = ()) -> tuple[ArmSealer, TrialArms]:
    """A sealer of one bed whose cues are drawn one by one, and the arms it draws from."""
    plan, sounds = plan_of(WITHIN)
    design = TrialDesign(NAME, "within night", ("active", "sham"), 4, 1, 0, (TrialUnit("S01", ("S01",)),))
    arms = TrialArms(Secret(design, b"n" * 32), 1, sleeper_of={"p1": "S01"}, dreamscape=plan.dreamscape)
    vault = MemoryVault(seed=1)
    sealer = ArmSealer(
        vault=vault,
        origin="test/night",
        sleeper_of={"p1": "S01"},
        arms=arms,
        dreamscape=plan.dreamscape,
        sounds=sounds,
    )
    sealer.go_on(past)
    return sealer, arms


def due_bell(number: int, **changes: object) -> CueDue:
    terms = {
        "id": f"p1.0.{number}",
        "pod": "p1",
        "onset_s": 1.0,
        "cue": "bell",
        "part": 0,
        "sound_class": "sleep",
        "cue_sha256": plan_of(WITHIN)[0].cue_sha256["bell"],
        "level_db": 30.0,
        "play_at_s": 1.2,
        "expires_s": 2.0,
        "lease": "p1-0",
    }
    return CueDue(**{**terms, **changes})  # type: ignore[arg-type]  # a test may say anything


def names(sealer: ArmSealer, dues: Sequence[CueDue]) -> list[str]:
    return [sound.name for sound in map(sealer.sound_of, dues) if sound is not None]


def test_a_night_that_broke_off_goes_on_with_the_next_arms_of_its_blocks() -> None:
    dues = [due_bell(n) for n in range(24)]
    sealer, arms = sealer_of()
    told = names(sealer, dues)
    assert told == ["bell" if arms.of_cue("p1", n).arm == "active" else "silence" for n in range(24)]
    again, _ = sealer_of(past=dues[:9])
    assert names(again, dues[9:]) == told[9:]
    assert names(again, dues[:9]) == told[:9]


def test_a_cue_keeps_its_arm_however_often_it_is_asked_for_and_under_its_windows_name() -> None:
    sealer, arms = sealer_of()
    expected = ["bell" if arms.of_cue("p1", n).arm == "active" else "silence" for n in range(8)]
    for number in range(8):
        commanded = due_bell(number, id=f"w{number}", cause=f"w{number}")
        told = due_bell(number, cause=f"w{number}")
        assert names(sealer, [commanded, told, told]) == [expected[number]] * 3


def test_silence_and_sound_last_as_long_in_the_place_of_a_cue() -> None:
    sealer, _ = sealer_of()
    found = {sound.name: sound for n in range(8) if (sound := sealer.sound_of(due_bell(n)))}
    assert set(found) == {"bell", "silence"}
    assert len({len(sound.frames) for sound in found.values()}) == 1
    assert not found["silence"].frames.any()


def test_a_sound_with_silence_behind_it_is_as_loud_as_it_was_weighed() -> None:
    text = IN_TRIAL.replace("sham: {cue: silence}", "other: {cue: knock}\n  sham: {cue: silence}")
    plan, sounds = plan_of(text)
    sealer, _ = sealer_of()
    sealer.arms = FixedArms({"p1": "other"}, plan.dreamscape)
    sealer.arms.stand_ins = ("knock", "silence")
    sealer.sounds = sounds = weighed(sounds)
    knocked = sealer.sound_of(due_bell(1))
    assert knocked is not None
    assert len(knocked.frames) == len(sounds["bell"].frames) > len(sounds["knock"].frames)
    assert (knocked.loudness_db, knocked.weighed_by) == (sounds["knock"].loudness_db, sounds["knock"].weighed_by)
    assert knocked.weighed_by != "none"


def test_a_prompt_by_hand_is_nobodys_comparison() -> None:
    sealer, _ = sealer_of()
    prompts = [due_bell(n, part=-1, sound_class="awake") for n in range(8)]
    assert names(sealer, prompts) == ["bell"] * 8


def test_a_schedule_is_drawn_once(tmp_path: Path) -> None:
    folder = night_in_trial(tmp_path / "house")
    first = seal_for_night(folder, TrialWanted(name=NAME))
    with pytest.raises(RefusedError, match="sealed in this house already") as refused:
        seal_for_night(folder, TrialWanted(name=NAME))
    assert refused.value.code == "DL-E535"
    assert find_trial(folder.house, NAME).sealed == first


def test_two_seals_of_one_design_are_two_draws(tmp_path: Path) -> None:
    bound = set()
    for name in "ab":
        folder = night_in_trial(tmp_path / name)
        bound.add(seal_for_night(folder, TrialWanted(name=NAME)).commitment_sha256)
    assert len(bound) == 2


def test_nobody_finds_the_nonce_in_the_files_of_the_house(slept: Slept) -> None:
    folder = slept("sham")
    nonce = secret_of(folder.house, find_trial(folder.house, NAME)).nonce
    assert len(nonce) == 32
    files = [path for path in folder.house.root.rglob("*") if path.is_file()]
    assert len(files) > 8
    for path in files:
        content = path.read_bytes()
        assert nonce not in content, path
        assert nonce.hex().encode() not in content, path


def test_arms_open_only_behind_locked_outcomes_and_then_no_night_begins(tmp_path: Path) -> None:
    house = tmp_path / "house"
    folder = night_in_trial(house)
    seal_for_night(folder, TrialWanted(name=NAME))
    with pytest.raises(RefusedError, match="not locked yet"):
        open_trial(folder.house, NAME)
    with pytest.raises(RefusedError, match="Nothing is named"):
        lock_trial(folder.house, NAME, [])
    lock_trial(folder.house, NAME, outcomes(tmp_path))
    with pytest.raises(RefusedError, match="is locked already"):
        lock_trial(folder.house, NAME, outcomes(tmp_path))
    with pytest.raises(RefusedError, match="is locked: no night of it may begin"):
        run_night(folder, FAST)
    assert not folder.record.exists()
    once = open_trial(folder.house, NAME)
    assert open_trial(folder.house, NAME) == once


def test_an_opened_nonce_that_was_not_committed_to_is_found(slept: Slept, tmp_path: Path) -> None:
    folder = slept("active")
    lock_trial(folder.house, NAME, outcomes(tmp_path))
    bound = find_trial(folder.house, NAME).sealed.commitment_sha256
    house_record.append_to_house(
        folder.house, ArmsOpened(onset_s=0.0, trial=NAME, commitment_sha256=bound, nonce="0" * 64)
    )
    verdict = verify_night(folder)
    assert not verdict.ok
    assert "not the one that was committed to" in verdict.why


def test_a_night_that_played_another_arm_than_the_sealed_one_does_not_verify(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = night_in_trial(tmp_path / "house")
    seal_with_arm(folder, "sham")
    monkeypatch.setattr(arming, "arm_of_night", lambda *_, **__: "active")
    run_night(folder, FAST)
    monkeypatch.undo()
    assert verify_night(folder).ok  # nobody can see it while the arms are sealed
    lock_trial(folder.house, NAME, outcomes(tmp_path))
    open_trial(folder.house, NAME)
    verdict = verify_night(folder)
    assert not verdict.ok
    assert "the schedule says 'sham'" in verdict.why


def test_a_night_of_a_trial_that_its_house_never_sealed_does_not_verify(slept: Slept) -> None:
    folder = slept("active")
    folder.house.record.unlink()
    words = house_record.in_house("night", house_record.first_host(folder), events_of(folder))
    house_record.tell_house(folder.house, words)
    verdict = verify_night(folder)
    assert not verdict.ok
    assert "holds no trial 'first'" in verdict.why


def test_a_damaged_schedule_plays_nothing(tmp_path: Path) -> None:
    folder = night_in_trial(tmp_path / "house")
    seal_for_night(folder, TrialWanted(name=NAME))
    with sqlite3.connect(folder.house.record) as connection:
        connection.execute("DROP TRIGGER payloads_are_only_erased")
        connection.execute("UPDATE payloads SET ciphertext = zeroblob(300)")
    with pytest.raises(RecordError):
        secret_of(folder.house, find_trial(folder.house, NAME))
    with pytest.raises(RecordError):
        run_night(folder, FAST)
    assert not folder.record.exists()


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        (("night = 1", "night = 3"), ConfigError, "has no night 3"),
        (('name = "first"', 'name = "frist"'), ConfigError, "Did you mean 'first'"),
        (('sleeper = "S01"', 'sleeper = "S10"'), RefusedError, "S10 is not in the trial"),
        (("night = 1", "night = 1\nseed = 5"), ConfigError, "the seed of a trial"),
        (('title = ""', 'title = ""\ntrial_seed = 5'), ConfigError, "the seed of a trial"),
    ],
)
def test_a_night_that_is_none_of_the_trials_is_refused_before_anything_opens(
    tmp_path: Path, change: tuple[str, str], kind: type[DreamloomError], words: str
) -> None:
    folder = night_in_trial(tmp_path / "house")
    seal_for_night(folder, TrialWanted(name=NAME))
    asked = folder.night_toml.read_text()
    assert change[0] in asked
    folder.night_toml.write_text(asked.replace(*change))
    consent = folder.consent_toml.read_text()
    folder.consent_toml.write_text(consent.replace("[S01]", "[S10]") if "S10" in change[1] else consent)
    with pytest.raises(kind) as refused:
        run_night(folder, FAST)
    assert words in str(refused.value)
    assert not folder.record.exists()


def test_another_text_than_the_sealed_one_is_refused(tmp_path: Path) -> None:
    seal_for_night(night_in_trial(tmp_path / "house"), TrialWanted(name=NAME))
    other = night_in_trial(tmp_path / "house", name="other", text=IN_TRIAL.replace("10 s", "11 s"))
    with pytest.raises(RefusedError, match="was sealed for another text"):
        run_night(other, FAST)


def test_a_night_of_the_schedule_is_slept_once(slept: Slept) -> None:
    house = slept("active").house.root
    with pytest.raises(RefusedError, match="S01 has begun night 1 of the trial 'first' already, as 'night'"):
        run_night(night_in_trial(house, name="again"), FAST)
    later = opening.read_asked(night_in_trial(house, name="next", trial_night=2))
    assert trial_tonight(later, goes_on=False, utc_s=0.0, is_live=False) is not None


def test_washout_nights_are_kept_by_people_and_not_by_recordings(tmp_path: Path) -> None:
    text = IN_TRIAL.replace("block: 2", "block: 2, washout_nights: 2")
    first = night_in_trial(tmp_path / "house", text=text)
    seal_for_night(first, TrialWanted(name=NAME))
    begun = trial_tonight(opening.read_asked(first), goes_on=False, utc_s=0.0, is_live=True)
    assert begun is not None
    house_record.tell_house(first.house, [msgspec.structs.replace(begun.begun, id="night@then/night.0.2")])
    (told,) = find_trial(first.house, NAME).nights
    asked = opening.read_asked(night_in_trial(tmp_path / "house", name="next", text=text, trial_night=2))
    day_s = 86_400.0

    def begin(days: float, *, is_live: bool) -> object:
        return trial_tonight(asked, goes_on=False, utc_s=told.onset_s + days * day_s, is_live=is_live)

    assert begin(0.1, is_live=False) is not None
    with pytest.raises(RefusedError, match="wants 2 nights without a cue"):
        begin(2.0, is_live=True)
    assert begin(2.9, is_live=True) is not None


def test_a_trial_needs_a_way_to_draw_known_arms_and_groups(tmp_path: Path) -> None:
    folder = night_in_trial(tmp_path / "house", text=IN_TRIAL.replace("\ntrial: {", "\n# trial: {"))
    with pytest.raises(UsageError, match="Nothing says how the arms"):
        seal_for_night(folder, TrialWanted(name=NAME))
    with pytest.raises(UsageError, match="no arm 'shame'"):
        seal_for_night(folder, TrialWanted(name=NAME, assign="across nights", arms=("active", "shame")))
    with pytest.raises(UsageError, match="no group is named"):
        seal_for_night(folder, TrialWanted(name=NAME, assign="across groups"))
    with pytest.raises(ConfigError, match="there is 1"):
        seal_for_night(folder, TrialWanted(name=NAME, assign="across sleepers"))
    wanted = TrialWanted(name=NAME, assign="across sleepers", sleepers=("S02", "S03"), nights=4)
    assert len(seal_for_night(folder, wanted).design.units) == 3


def test_arms_that_differ_in_training_alone_are_not_drawn_as_two(tmp_path: Path) -> None:
    text = IN_TRIAL.replace("  sham:", "  control: {cue: own, trained: false}\n  sham:")
    folder = night_in_trial(tmp_path / "house", text=text)
    with pytest.raises(ConfigError, match="would be played alike"):
        seal_for_night(folder, TrialWanted(name=NAME))
    assert seal_for_night(folder, TrialWanted(name=NAME, arms=("active", "sham"))).design.arms == ("active", "sham")


def test_arms_that_differ_in_training_are_two_where_one_is_held_and_not_for_the_cues_of_one_night(
    tmp_path: Path,
) -> None:
    text = PRACTISED.replace("  sham:", "  control: {cue: own, trained: false}\n  sham:")
    folder = night_in_trial(tmp_path / "house", text=text)
    with pytest.raises(ConfigError, match="a night is trained as a whole"):
        seal_for_night(folder, TrialWanted(name=NAME, assign="within night"))
    wanted = TrialWanted(name=NAME, arms=("active", "control"))
    assert seal_for_night(folder, wanted).design.arms == ("active", "control")


def test_a_preregistration_stands_in_the_seal_and_in_the_night_by_its_hash(slept: Slept, tmp_path: Path) -> None:
    folder = slept("active")
    (begun,) = [event for event in events_of(folder) if isinstance(event, TrialNightBegun)]
    announced = hashlib.sha256(b"We will count nightmares.").hexdigest()
    assert begun.preregistration_sha256 == announced
    assert find_trial(folder.house, NAME).sealed.preregistration_sha256 == announced
    with pytest.raises(ConfigError, match="cannot be read"):
        seal_for_night(folder, TrialWanted(name="other", preregistration=tmp_path / "none"))


def test_what_sounded_in_a_sealed_night_lies_beside_the_keys_and_not_in_the_night(slept: Slept) -> None:
    folder = slept("active")
    assert not folder.sound.exists()
    assert (folder.house.sealed_sound("night") / "p1.wav").is_file()


def test_the_report_of_a_sealed_night_holds_nothing_that_could_tell_its_arm(slept: Slept, tmp_path: Path) -> None:
    folder = slept("active")
    page = write_report(folder).read_text(encoding="utf-8")
    told = json.loads((folder.report / "report.json").read_bytes())
    assert told["role"] == "blinded"
    assert "arousals" in told["hidden"]
    (bed,) = told["pods"]
    assert set(bed["cues"]) == {"due"}
    assert not {"arousals_s", "cue_list", "silences", "happenings"} & set(bed)
    assert not {"arousals", "arousals_per_hour"} & set(bed["sleep"])
    assert "The arms of this night are sealed" in page
    assert not any(word in page for word in ("planned level", "withheld because", "arousals per hour"))
    assert run_result(folder)["withheld_by_reason"] is None
    assert json.loads((write_report(folder, "house").parent / "report.json").read_bytes())["pods"][0]["cue_list"]
    lock_trial(folder.house, NAME, outcomes(tmp_path))
    open_trial(folder.house, NAME)
    write_report(folder)
    assert "role" not in json.loads((folder.report / "report.json").read_bytes())


def run_result(folder: NightFolder) -> dict[str, object]:
    result = summarise(folder, events_of(folder), speed_x=1.0)
    told: dict[str, object] = json.loads(msgspec.json.encode(_as_data(result, ())))
    return told


def test_every_report_tells_the_dreamscape_the_design_and_the_preregistration_by_their_hashes(slept: Slept) -> None:
    folder = slept("sham")
    write_report(folder)
    told = json.loads((folder.report / "report.json").read_bytes())
    sealed = find_trial(folder.house, NAME).sealed
    assert told["dreamscape_sha256"] == told["trial"]["dreamscape_sha256"] == sealed.dreamscape_sha256
    assert told["trial"]["design"]["arms"] == ["active", "sham"]
    assert told["trial"]["commitment_sha256"] == sealed.commitment_sha256
    assert told["trial"]["preregistration_sha256"] == sealed.preregistration_sha256
    assert run_result(folder)["trial"] == told["trial"]
    assert sealed.commitment_sha256 in (folder.report / "index.html").read_text(encoding="utf-8")
