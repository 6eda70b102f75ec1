"""Is what is tested of a night chosen before it, once, and known by its hash?"""

from pathlib import Path
from threading import Thread

import msgspec
import pytest
from msgspec.structs import replace

from dreamloom.house import dreams_met, mornings, registering, running
from dreamloom.house.dreams_met import Asked
from dreamloom.house.layout import NightFolder
from dreamloom.house.morning_steps import Morning, question
from dreamloom.house.mornings import Dreamer, Piece
from dreamloom.house.run_options import RunOptions
from dreamloom.testing.browsers import night_that_waits
from dreamloom.vocabulary.errors import RecordError, RefusedError, UsageError
from dreamloom.weave.chance.registration import Registration
from dreamloom.weave.chance.target import seal_of

THEMES = ("a forest", "a train", "snow")
CHOSEN = Registration(themes={"": ("sea", "wave")}, nights=("tide",))


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    return night_that_waits(tmp_path / "house", hours=0.02)


def targets(folder: Path) -> list[Path]:
    found = [folder / f"{name}.txt" for name in ("ladder", "lemon", "lighthouse", "loom")]
    for path in found:
        path.write_text(f"A {path.stem} in the morning.")
    return found


def run(night: NightFolder) -> None:
    running.run_night(night, RunOptions(speed_x=None))


def told_by_all(night: NightFolder) -> None:
    for who in ("S01", "S02"):
        dreamer = Dreamer(sleeper=who, night="tide")
        mornings.tell(night.house, dreamer, mornings.new_name(), Piece(number=0, recall="none", text=""))


def test_a_dreamer_guesses_among_four_and_nothing_tells_which(night: NightFolder) -> None:
    registering.register(night, CHOSEN, by="anna", theme="the sea", decoys=THEMES)
    run(night)
    morning = Morning(night.house, Dreamer(sleeper="S01", night="tide"), night)
    asked = question(morning, "guess")
    assert asked is not None
    offered = [option.value for option in asked.fields[0].options]
    assert sorted(offered) == sorted(["the sea", *THEMES, "unknown"])
    assert registering.guessed_right({"S01": "the sea", "S02": "snow", "S03": "unknown"}, "the sea") == (1, 2)


def test_a_target_is_sealed_until_all_have_told_theirs(night: NightFolder, tmp_path: Path) -> None:
    told = registering.register(night, CHOSEN, by="anna", targets=targets(tmp_path))
    kept = night.house.record.read_bytes() + (night.root / registering.FILE).read_bytes()
    assert b"lighthouse" not in kept
    run(night)
    with pytest.raises(RefusedError, match="still to be told"):
        dreams_met.findings(Asked(source=str(night.root)))
    told_by_all(night)
    (draw,) = registering.draws_of(night)
    assert (draw.seal,) == told.seals
    assert dreams_met.findings(Asked(source=str(night.root))).refused


def test_nothing_is_chosen_twice_or_once_the_night_has_begun(night: NightFolder) -> None:
    registering.register(night, CHOSEN, by="anna")
    with pytest.raises(RefusedError, match="cannot be chosen any more"):
        registering.register(night, CHOSEN, by="anna")


def test_of_two_who_choose_at_the_same_moment_one_chose(night: NightFolder) -> None:
    wanted = [replace(CHOSEN, themes={"": (word,)}) for word in ("sea", "snow", "train", "wood")]
    refused = []

    def choose(chosen: Registration) -> None:
        try:
            registering.register(night, chosen, by="anna")
        except RefusedError as error:
            refused.append(error.code)

    both = [Thread(target=choose, args=(chosen,)) for chosen in wanted]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert refused == ["DL-E616"] * 3
    found = registering.registered(night)
    assert found is not None
    assert replace(found.registration, guesses="") in wanted


def test_a_night_that_has_begun_takes_no_choice(night: NightFolder) -> None:
    run(night)
    with pytest.raises(RefusedError, match="cannot be chosen any more"):
        registering.register(night, CHOSEN, by="anna")


def test_a_file_that_was_changed_afterwards_is_found_out(night: NightFolder) -> None:
    registering.register(night, CHOSEN, by="anna")
    path = night.root / registering.FILE
    path.write_text(path.read_text().replace('"wave"', '"snow"'))
    with pytest.raises(RecordError, match="not what was registered"):
        registering.registered(night)


def test_no_byte_of_what_was_registered_can_be_changed_afterwards(night: NightFolder) -> None:
    registering.register(night, CHOSEN, by="anna", theme="the sea", decoys=THEMES)
    path, chosen = night.root / registering.FILE, registering.registered(night)
    whole, refused = path.read_bytes(), 0
    for at, byte in enumerate(whole):
        path.write_bytes(whole[:at] + (b"x" if byte != ord("x") else b"y") + whole[at + 1 :])
        try:
            assert registering.registered(night) == chosen
        except RecordError as error:
            assert error.code == "DL-E617"
            refused += 1
    assert refused == len(whole), "a letter changes something wherever it stands"


def test_themes_to_guess_among_are_those_that_were_registered(night: NightFolder) -> None:
    registering.register(night, CHOSEN, by="anna", theme="the sea", decoys=THEMES)
    path = night.root / registering.FILE
    whole = path.read_text()
    assert registering.registered(night) is not None
    for was, became in (('"theme": "the sea"', '"theme": "a train"'), ('"a forest"', '"a meadow"')):
        assert was in whole
        path.write_text(whole.replace(was, became))
        with pytest.raises(RecordError, match="DL-E617"):
            registering.registered(night)


def test_the_guessed_theme_cannot_be_found_by_trying_all_of_them_against_the_hash(night: NightFolder) -> None:
    registering.register(night, CHOSEN, by="anna", theme="the sea", decoys=THEMES)
    found = registering.registered(night)
    assert found is not None
    tried = {replace(found, theme=theme, salt="").guesses for theme in found.offered}
    assert found.registration.guesses not in tried
    assert len(found.salt) == 32


def test_choices_that_were_published_before_there_were_more_keep_their_hash() -> None:
    assert CHOSEN.sha256 == "1c56121c9516e31651cdecc2ef921b4be0dfe57997a74b19a07aea9d193f5ef0"
    assert replace(CHOSEN, meaning="0" * 64).sha256 != CHOSEN.sha256


def test_a_night_whose_changed_file_is_tested_is_refused_and_one_without_it_is_told_unregistered(
    night: NightFolder,
) -> None:
    registering.register(night, CHOSEN, by="anna", theme="the sea", decoys=THEMES)
    run(night)
    told_by_all(night)
    path, asked = night.root / registering.FILE, Asked(source=str(night.root))
    whole = path.read_text()
    path.write_text(whole.replace('"a forest"', '"a meadow"'))
    with pytest.raises(RecordError, match="DL-E617"):
        dreams_met.findings(asked)
    path.unlink()
    assert "count as unregistered" in dreams_met.findings(asked).notes[0]
    path.write_text(whole)
    assert not dreams_met.findings(asked).notes or "unregistered" not in dreams_met.findings(asked).notes[0]


def test_three_themes_are_too_few_to_guess_among(night: NightFolder, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="among 4 themes"):
        registering.register(night, CHOSEN, by="anna", theme="the sea", decoys=THEMES[:2])
    with pytest.raises(UsageError, match="One of 4 targets"):
        registering.register(night, CHOSEN, by="anna", targets=targets(tmp_path)[:3])


def test_a_registered_test_is_of_the_nights_and_targets_that_were_chosen(night: NightFolder, tmp_path: Path) -> None:
    told = registering.register(night, CHOSEN, by="anna", targets=targets(tmp_path))
    run(night)
    told_by_all(night)
    asked = Asked(source=str(night.root))
    found = dreams_met.findings(asked)
    assert (found.nights, found.registration) == (("tide",), told.sha256)
    with pytest.raises(UsageError, match="DL-E822"):
        dreams_met.findings(replace(asked, nights=("another",)))
    (draw,) = registering.draws_of(night)
    others = tmp_path / "others.json"
    forged = replace(draw, salt="ab", seal=seal_of(draw.drawn, "ab"))
    for known, code in ((draw, ""), (forged, "DL-E823")):
        others.write_bytes(msgspec.json.encode({"draws": [known]}))
        if not code:
            assert dreams_met.findings(replace(asked, targets=others)).nights == ("tide",)
            continue
        with pytest.raises(UsageError, match=code):
            dreams_met.findings(replace(asked, targets=others))


def test_nothing_of_a_night_is_tested_before_its_last_report_whatever_it_is_tested_by(night: NightFolder) -> None:
    run(night)
    mornings.tell(
        night.house, Dreamer(sleeper="S01", night="tide"), "r1", Piece(number=0, recall="content", text="A wave.")
    )
    mornings.lock(night.house, "r1")
    for asked in (Asked(source=str(night.root)), Asked(source=str(night.root), themes=("wave",))):
        with pytest.raises(RefusedError, match="still to be told"):
            dreams_met.findings(asked)


def test_a_file_of_choices_keeps_the_hash_that_was_published_of_it(tmp_path: Path) -> None:
    chosen = Registration(themes={"": ("sea",)})
    file, reports = tmp_path / "chosen.json", tmp_path / "reports.csv"
    file.write_bytes(msgspec.json.encode(chosen))
    reports.write_text("dreamer,night,arm,text\nd1,n1,a,The sea.\nd1,n2,a,A hill.\n")
    asked = Asked(source=str(reports), registration=file, sha256=chosen.sha256, nights=("n1",))
    assert dreams_met.findings(asked).registration == chosen.sha256
    file.write_bytes(msgspec.json.encode(replace(chosen, nights=("n2",))))
    with pytest.raises(UsageError, match="DL-E822"):
        dreams_met.findings(replace(asked, sha256=""))


def test_a_file_given_for_a_night_counts_as_registered_where_the_houses_record_holds_its_hash(
    night: NightFolder, tmp_path: Path
) -> None:
    registering.register(night, CHOSEN, by="anna", targets=targets(tmp_path))
    kept = registering.registered(night)
    assert kept is not None
    run(night)
    told_by_all(night)
    file = tmp_path / "chosen.json"
    drawn = registering.draws_of(night)[0]
    (tmp_path / "targets.json").write_bytes(msgspec.json.encode({"draws": [replace(drawn, night="tide")]}))
    asked = Asked(source=str(night.root), registration=file, targets=tmp_path / "targets.json")
    for chosen, is_told in ((kept.registration, True), (replace(kept.registration, seed=2), False)):
        file.write_bytes(msgspec.json.encode(chosen))
        assert registering.is_told(night, chosen.sha256) is is_told
        assert {each.registered for each in dreams_met.findings(asked).tests} == {is_told}
