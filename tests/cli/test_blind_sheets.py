"""Can judges look for a sealed target without seeing a name or the truth, and does what they write come back?"""

import csv
import json
from pathlib import Path

import pytest

from dreamloom.house import blind_sheets, registering, running, told_reports
from dreamloom.house.dreams_met import Asked
from dreamloom.house.layout import NightFolder
from dreamloom.house.run_options import RunOptions
from dreamloom.house.weaving import Agreed, agree
from dreamloom.testing.browsers import night_that_waits
from dreamloom.testing.told_mornings import whole_morning
from dreamloom.vocabulary.errors import RefusedError
from dreamloom.weave.chance.registration import Registration
from dreamloom.weave.chance.target import seal_of
from dreamloom.weave.redaction import proposals

TARGETS = {"kiln": "A kiln that is still warm.", "the sea": "Waves, far out.", "pawn": "A board.", "plum": "A tree."}
DREAMS = {"Ida": "I swam out at night.\n\nThe water <was> warm.", "Jon": "A stove hummed.", "Kim": ""}


@pytest.fixture
def told(tmp_path: Path) -> Path:
    with (tmp_path / "told.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["dreamer", "night", "arm", "text"])
        rows.writerows([who, f"n0{n}", "cue", text] for n in (1, 2) for who, text in DREAMS.items())
    return tmp_path / "told.csv"


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    four = [{"id": each, "words": words.split()} for each, words in TARGETS.items()]
    draws = [
        {"id": f"{n}", "candidates": four, "drawn": "the sea", "salt": f"salt{n}", "night": f"n0{n}",
         "seal": seal_of("the sea", f"salt{n}")}
        for n in (1, 2)
    ]  # fmt: skip
    (tmp_path / "sealed.json").write_text(json.dumps({"draws": draws}))
    return tmp_path / "sealed.json"


def both(told: Path, sealed: Path) -> tuple[object, ...]:
    return ("convergence", told, "--targets", sealed, "--night", "n01", "--night", "n02")


def test_a_sheet_says_neither_who_dreamt_nor_what_was_drawn_and_comes_back_filled_in(
    command, told: Path, sealed: Path, tmp_path: Path
) -> None:
    ran = command(*both(told, sealed), "--blind-sheet", tmp_path / "judges.html", "--json")
    assert ran.code == 0, ran.err
    assert [(each["id"], each["dreams"]) for each in ran.data["draws"]] == [("1", 2), ("2", 2)]
    page, table = (tmp_path / f"judges.{kind}" for kind in ("html", "csv"))
    text = page.read_text()
    assert text.count("A stove hummed.") == 2
    assert "The water &lt;was&gt; warm." in text
    assert all(each in text for each in (*TARGETS, *TARGETS.values()))
    for kept in ("Ida", "Jon", "Kim", "n01", "n02", "salt", "drawn was", seal_of("the sea", "salt1")):
        assert kept not in text + table.read_text() + ran.err.replace(str(told), ""), kept
    assert table.read_text().splitlines() == ["draw,judge,ranking", "1,,", "2,,"]
    for judge in ("anna", "ben"):
        filled = table.read_text().replace("1,,", f"1,{judge},the sea > kiln > pawn > plum")
        (tmp_path / f"{judge}.csv").write_text(filled.replace("2,,", f"2,{judge},the sea|plum| kiln|pawn"))
    back = [word for judge in ("anna", "ben") for word in ("--rankings", tmp_path / f"{judge}.csv")]
    found = command(*both(told, sealed), *back, "--json").data["tests"]
    fifth = next(each for each in found if each["id"] == "T5")
    assert (fifth["p"], fifth["n"], fifth["k"], fifth["statistic"]) == (0.0625, 2, 2, 12.0)


def test_the_order_of_a_sheet_hangs_on_no_name_and_no_truth(told: Path, sealed: Path) -> None:
    asked = Asked(source=str(told), targets=sealed, nights=("n01", "n02"))
    draws, _ = blind_sheets.sheets(asked)
    told.write_text(told.read_text().replace("Ida", "Zoe"))
    data = json.loads(sealed.read_text())
    for draw in data["draws"]:
        draw["candidates"].reverse()
    sealed.write_text(json.dumps(data))
    assert blind_sheets.sheets(asked)[0] == draws
    assert len({tuple(one.id for one in draw.targets) for draw in draws}) == 2


def test_nothing_is_written_over_and_without_a_target_there_is_no_sheet(
    command, told: Path, sealed: Path, tmp_path: Path
) -> None:
    (tmp_path / "judges.csv").write_text("draw,judge,ranking\n1,anna,a b c d\n")
    ran = command(*both(told, sealed), "--blind-sheet", tmp_path / "judges.html", "--json")
    assert (ran.error["code"], ran.code) == ("DL-E852", 5)
    assert not (tmp_path / "judges.html").exists()
    none = command("convergence", told, "--blind-sheet", tmp_path / "other.html", "--json")
    assert none.error["code"] == "DL-E850"
    sealed.write_text(sealed.read_text().replace("salt1", "another"))
    broken = command(*both(told, sealed), "--blind-sheet", tmp_path / "other.html", "--json")
    assert broken.error["code"] == "DL-E851"
    sealed.write_text(sealed.read_text().replace("another", "salt1").replace('"id": "2"', '"id": "Jon"'))
    named = command(*both(told, sealed), "--blind-sheet", tmp_path / "other.html", "--json")
    assert "called after a dreamer" in named.error["why"]
    assert not (tmp_path / "other.csv").exists()


def test_a_table_that_says_what_its_reports_may_be_used_for_is_heeded(command, told: Path, sealed: Path) -> None:
    lines = told.read_text().splitlines()
    told.write_text("\n".join([f"{lines[0]},scopes", *(f"{line},statistics" for line in lines[1:])]))
    ran = command(*both(told, sealed), "--blind-sheet", told.with_name("judges.html"), "--json")
    assert ran.error["code"] == "DL-E853"
    assert not told.with_name("judges.csv").exists()


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    """One that is over, with a target nobody knows."""
    found, paths = night_that_waits(tmp_path / "house", hours=0.02), []
    for name, words in TARGETS.items():
        paths.append(tmp_path / f"{name}.txt")
        paths[-1].write_text(words)
    chosen = Registration(themes={"": ("sea",)}, nights=("tide",), tests=("T5",), primary="T5")
    registering.register(found, chosen, by="anna", targets=paths)
    running.run_night(found, RunOptions(speed_x=None))
    return found


def test_of_a_night_judges_read_what_its_dreamers_let_them_read(command, night: NightFolder, tmp_path: Path) -> None:
    text = "I met Barbara at the pier. We counted gulls."
    report = whole_morning(night, "S01", text=text, scopes=("statistics", "judges"))
    asked = Asked(source=str(night.root))
    with pytest.raises(RefusedError, match="still to be told"):
        blind_sheets.sheets(asked)
    other = whole_morning(night, "S02", text="A lighthouse without stairs.", scopes=("statistics", "weave", "gallery"))
    (name,) = [each for each in proposals(text) if each.said == "Barbara"]
    agree(night.house, report, Agreed(hidden=(name,)))
    assert {*told_reports.locks(night.house, "tide").values()} == {report, other}
    ran = command("convergence", night.root, "--blind-sheet", tmp_path / "judges.html")
    assert ran.code == 0, ran.err
    assert "1 dreamer left out" in ran.err
    sheet = (tmp_path / "judges.html").read_text()
    assert "at the pier" in sheet
    assert "Barbara" not in sheet
    assert "lighthouse" not in sheet
    drawn = registering.draws_of(night)[0]
    assert drawn.salt not in sheet


def test_where_no_dreamer_lets_judges_read_there_is_no_sheet(night: NightFolder) -> None:
    for who in ("S01", "S02"):
        whole_morning(night, who, text="A lighthouse without stairs.", scopes=("statistics",))
    with pytest.raises(RefusedError, match="may be read by judges"):
        blind_sheets.sheets(Asked(source=str(night.root)))
