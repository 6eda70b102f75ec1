"""The verbs `consent …`, `withdraw --slip` and `verify --receipt`: what is kept, what is silenced, what is proven."""

from pathlib import Path

import msgspec

WELL = (
    "age_years = 34\nseizures = false\npsychosis_or_dissociation = false\nptsd = false\npregnancy = false\n"
    'untreated_apnoea = false\nhearing_loss = false\nshares_room = "nobody"\n'
)


def test_a_slip_silences_every_bed_without_a_name(command, make_night, house):
    make_night("tonight")
    make_night("tomorrow")
    code = command("consent", "slip", "S01", "--json").data["code"]
    told = command("withdraw", "--slip", code.lower().replace("-", ""), "--json")
    assert (told.code, told.data["sleeper"]) == (0, "S01")
    assert {bed["night"] for bed in told.data["beds"]} == {"tonight", "tomorrow"}
    assert all(house.pod("p1").withdrawn(night).exists() for night in ("tonight", "tomorrow"))
    assert not house.pod("p2").withdrawn("tonight").exists()
    assert "cannot be recalled" in told.err
    refused = command("run", "tonight", "--speed", "max", "--json")
    assert (refused.code, refused.error["code"]) == (5, "DL-E574")
    assert command("withdraw", "--slip", "AAAA-BBBB", "--json").error["code"] == "DL-E634"


def test_whoever_withdrew_everything_is_cued_only_after_a_new_consent(command, make_night):
    make_night()
    assert command("consent", "withdraw", "S01", "--json").code == 0
    given = command("consent", "give", "tide", "S01", "--heard", "all", "--days", "30", "--json")
    assert given.code == 0, given.err
    assert command("run", "tide", "--speed", "max").code == 0
    late = command("consent", "give", "tide", "S01", "--heard", "all", "--json")
    assert (late.code, late.error["code"]) == (5, "DL-E575")


def test_a_consent_without_hearing_opens_no_night(command, make_night):
    make_night()
    assert command("consent", "give", "tide", "S01").code == 0
    refused = command("run", "tide", "--speed", "max", "--json")
    assert (refused.code, refused.error["code"]) == (5, "DL-E570")
    assert command("consent", "give", "tide", "S01", "--days", "31", "--json").error["code"] == "DL-E187"


def test_receipts_verify_and_altered_ones_do_not(command, make_night, tmp_path: Path):
    make_night()
    (tmp_path / "a.toml").write_text(WELL)
    told = command("consent", "intake", "S01", "--answers", tmp_path / "a.toml", "--json")
    assert (told.code, told.data["eligible"]) == (0, True)
    told = command("consent", "questions", "S01", "--answers", "3,2,1", "--json")
    path = Path(told.data["receipt"])
    judged = command("verify", "--receipt", path, "--json")
    assert (judged.code, judged.data["ok"], judged.data["by_house"]) == (0, True, True)
    assert command("verify", "--receipt", path, "--house", tmp_path / "nowhere", "--json").data["ok"]
    path.write_bytes(path.read_bytes().replace(b"questions", b"questiens"))
    judged = command("verify", "--receipt", path, "--json")
    assert judged.code == 6
    assert command("consent", "questions", "S01", "--answers", "1,1,1", "--json").error["code"] == "DL-E573"
    assert command("consent", "exclude", "S01", "p1", "grief").code == 0
    shown = command("consent", "show", "S01", "--json").data
    assert len(shown["receipts"]) == 3
    assert not any(b"grief" in Path(each).read_bytes() for each in shown["receipts"])


def test_every_receipt_says_itself_in_terms_of_the_vocabulary(command, make_night):
    make_night()
    told = command("consent", "give", "tide", "S02", "--heard", "all", "--json")
    said = msgspec.json.decode(Path(told.data["receipt"]).read_bytes())
    assert said["@type"] == "https://w3id.org/dpv#ConsentRecord"
    assert said["said"]["status"] == "https://w3id.org/dpv#ConsentGiven"
    assert said["said"]["notice"] == "home 1 en"


def test_a_sheet_is_printed_in_two_languages_with_a_slip(command):
    told = command("consent", "sheet", "--lang", "de", "--for", "S01")
    assert "Unterschrift" in told.out
    code = told.out.split("--slip ")[1].split()[0]
    assert command("withdraw", "--slip", code).code == 0
    assert command("consent", "sheet", "--html").out.startswith("<!doctype html>")
    assert command("consent", "sheet", "--lang", "xx").code == 2


def test_whoever_names_nothing_is_told_what_is_missing(command):
    assert [command(verb, "--json").error["code"] for verb in ("withdraw", "verify")] == ["DL-E189", "DL-E198"]


def test_a_sleeper_may_agree_that_looking_means_no(command, make_night):
    make_night()
    told = command("consent", "give", "tide", "S01", "--heard", "all", "--by-eyes", "4", "--json")
    assert told.code == 0
    assert "4 eye signals in a row mean no" in command("consent", "show", "S01").err
    assert command("consent", "give", "tide", "S01", "--by-eyes", "1", "--json").error["code"] == "DL-E312"


def test_after_a_no_there_are_three_choices_and_what_cannot_be_recalled_is_said(command, make_night, tmp_path: Path):
    make_night()
    told = command("consent", "withdraw", "S01", "--json")
    for words in ("stays as it was agreed", "consent anonymise S01", "erase S01", "cannot be recalled"):
        assert words in told.err
    said = msgspec.json.decode(Path(told.data["receipt"]).read_bytes())["said"]
    assert set(said["choices"]) == {"stop", "keep anonymised", "erase"}
    assert "cannot be recalled" in said["not recalled"]
    looked = command("consent", "anonymise", "S01", "--dry-run", "--json")
    assert looked.data == {"sleeper": "S01", "anonymised": False, "stays": []}
    refused = command("consent", "anonymise", "S01", "--json")
    assert (refused.code, refused.error["code"]) == (5, "DL-E555")
    mine = tmp_path / "mine.json"
    done = command("consent", "anonymise", "S01", "--yes", "--receipt", mine, "--json")
    assert (done.code, done.data["anonymised"], done.data["receipt"]) == (0, True, str(mine))
    assert command("verify", "--receipt", mine, "--json").data["change"] == "kept anonymised"
    assert command("consent", "give", "tide", "S01", "--heard", "all", "--json").code == 3
