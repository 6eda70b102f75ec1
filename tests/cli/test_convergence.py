"""Does the verb answer a lab that has no night of ours, in data and in plain sentences?"""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from dreamloom.statistics.several import averaged
from dreamloom.testing.dream_groups import Plan, group, registered, two_groups
from dreamloom.weave.chance.target import seal_of
from dreamloom.weave.reports import Report


def table(path: Path, reports: Sequence[Report]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["dreamer", "night", "arm", "text"])
        rows.writerows([each.dreamer, each.night, each.arm, each.text] for each in reports)
    return path


@pytest.fixture
def told(tmp_path: Path) -> Path:
    return table(tmp_path / "told.csv", group(3, Plan(n=12, share=0.67, theme="glacier")))


def test_a_file_alone_is_enough(command, told: Path) -> None:
    ran = command("convergence", told, "--theme", "glacier,crevasse,icicle", "--json")
    assert ran.code == 0
    assert [each["id"] for each in ran.data["tests"]] == ["T1", "T3", "T4"]
    assert {each["id"] for each in ran.data["refused"]} == {"T2", "T5"}
    assert set(ran.data) == {"tests", "refused"}
    for each in ran.data["tests"]:
        assert list(each) == ["id", "statistic", "p", "n", "k", "verdict", "registered"]
        assert each["registered"] is False
    assert all(each["why"] for each in ran.data["refused"])
    assert ran.data["tests"][0]["p"] < 0.01
    plain = command("convergence", told, "--theme", "glacier,crevasse,icicle")
    assert plain.out == ""
    assert "dreamed of the theme (usual for them:" in plain.err
    assert "a lead to follow, no finding" in plain.err
    assert "None of this says that anybody knew of another's dream." in plain.err


def test_without_a_theme_the_blind_test_stands_alone(command, told: Path) -> None:
    found = command("convergence", told, "--json").data
    assert [each["id"] for each in found["tests"]] == ["T3"]
    assert "No theme was named." in {each["why"] for each in found["refused"]}


def test_two_cues_of_one_night(command, tmp_path: Path) -> None:
    reports, registration = two_groups(5, Plan(n=8, share=0.67), ("pottery", "chess"))
    themes = [word for arm, words in registration.themes.items() for word in ("--theme", f"{arm}={','.join(words)}")]
    found = command("convergence", table(tmp_path / "two.csv", reports), *themes, "--json", "--details").data
    second = next(each for each in found["tests"] if each["id"] == "T2")
    assert second["primary"]
    assert second["verdict"] == "more than the other group that night"


def test_what_was_registered_is_told_by_its_hash(command, told: Path, tmp_path: Path) -> None:
    registration = registered("glacier")
    file = tmp_path / "registered.json"
    file.write_bytes(msgspec.json.encode(registration))
    hashed = ("--sha256", registration.sha256)
    found = command("convergence", told, "--registration", file, *hashed, "--json", "--details").data
    assert found["registration"] == registration.sha256
    assert all(each["registered"] for each in found["tests"])
    unpublished = command("convergence", told, "--registration", file, "--json").data
    assert not any(each["registered"] for each in unpublished["tests"]), "a file alone could have been written today"
    assert (
        command("convergence", told, "--registration", file, "--sha256", "0" * 64, "--json").error["code"] == "DL-E752"
    )
    again = command("convergence", told, "--registration", file, "--theme", "x", "--json")
    assert again.error["code"] == "DL-E751"
    file.write_text('{"themes": 3}')
    assert command("convergence", told, "--registration", file, "--json").error["code"] == "DL-E753"


def test_sealed_targets_are_opened_and_counted(command, told: Path, tmp_path: Path) -> None:
    candidates = [
        {"id": each, "words": [word]} for each, word in (("a", "kiln"), ("b", "glacier"), ("c", "pawn"), ("d", "plum"))
    ]
    draw = {"id": "1", "candidates": candidates, "drawn": "b", "salt": "s", "seal": seal_of("b", "s")}
    file = tmp_path / "targets.json"
    file.write_text(json.dumps({"draws": [draw]}))
    found = command("convergence", told, "--targets", file, "--json", "--details").data
    fifth = next(each for each in found["tests"] if each["id"] == "T5")
    assert (fifth["p"], fifth["n"], fifth["k"]) == (0.25, 1, 1)
    assert "never have a p below .25" in fifth["note"]


def test_a_night_that_nobody_told_of_and_a_broken_file_end_with_their_codes(
    command, told: Path, tmp_path: Path
) -> None:
    assert command("convergence", told, "--night", "n99", "--json").error["code"] == "DL-E750"
    assert command("convergence", told, "--theme", "=", "--json").error["code"] == "DL-E709"
    assert command("convergence", tmp_path / "none.csv", "--json").error["code"] == "DL-E321"
    broken = tmp_path / "broken.csv"
    broken.write_text("dreamer,night,text\n")
    ran = command("convergence", broken, "--json")
    assert ran.code == 3
    assert ran.error["where"].endswith("broken.csv:1:4")


def test_an_earlier_night_is_tested_against_what_was_before_it(command, told: Path) -> None:
    found = command("convergence", told, "--night", "n06", "--theme", "glacier", "--json", "--details").data
    assert found["nights"] == ["n06"]
    assert found["tests"][0]["n"] == 12


def test_judges_rank_sealed_targets_in_a_file_of_their_own(command, told: Path, tmp_path: Path) -> None:
    candidates = [{"id": each, "words": [each]} for each in "abcd"]
    draws = [
        {
            "id": str(n),
            "candidates": candidates,
            "drawn": "b",
            "salt": f"s{n}",
            "seal": seal_of("b", f"s{n}"),
            "night": f"n0{n}",
        }
        for n in (7, 8)
    ]
    targets, rankings = tmp_path / "targets.json", tmp_path / "rankings.csv"
    targets.write_text(json.dumps({"draws": draws}))
    lines = [f"{draw},{judge},b a c d" for draw in (7, 8) for judge in ("anna", "ben")]
    rankings.write_text("\n".join(["draw,judge,ranking", *lines]))
    asked = (
        "convergence",
        told,
        "--targets",
        targets,
        "--rankings",
        rankings,
        "--night",
        "n07",
        "--night",
        "n08",
        "--json",
    )
    fifth = next(each for each in command(*asked).data["tests"] if each["id"] == "T5")
    assert (fifth["p"], fifth["n"], fifth["k"], fifth["statistic"]) == (0.0625, 2, 2, 12.0)
    for wrong in ("9,anna,b a c d", "7,anna,b a c c", "7,anna,b a c d\n7,anna,a b c d", "7,anna"):
        rankings.write_text(f"draw,judge,ranking\n{wrong}")
        assert command(*asked).error["code"] == "DL-E801"
    rankings.write_text("draw,who\n")
    assert command(*asked).error["code"] == "DL-E800"


def test_several_nights_one_by_one_are_averaged_never_multiplied(command, tmp_path: Path) -> None:
    nights = table(tmp_path / "nights.csv", group(3, Plan(n=8, share=0.75, theme="glacier", nights=3)))
    asked = ("convergence", nights, "--theme", "glacier,crevasse,icicle", *(f"--night=n{at:02d}" for at in (8, 9, 10)))
    single = [command(*asked[:4], f"--night=n{at:02d}", "--json").data["tests"][0]["p"] for at in (8, 9, 10)]
    ran = command(*asked, "--each-night", "--json")
    first = ran.data["tests"][0]
    mean, p = averaged(single)
    assert (first["statistic"], first["p"], first["n"]) == (mean, p, 3)
    assert p > max(0.0001, min(single))
    assert first["registered"] is False
    assert "3 of 3 nights alone came below the limit; their mean e-value is" in ran.err


def test_a_page_to_print_shows_what_chance_came_to_with_sentences_and_numbers(
    command, told: Path, tmp_path: Path
) -> None:
    page = tmp_path / "met.html"
    command("convergence", told, "--theme", "glacier,crevasse,icicle", "--out", page)
    html = page.read_text(encoding="utf-8")
    assert html.count("<svg") == 6
    assert html.count("<figcaption>") == html.count("<table>") - 1 == 3
    assert "No target was drawn and sealed" in html
    assert "None of this says that anybody knew of another" in html
    assert "glacier" not in html.split("<title>")[1].split("</title>")[0]
    assert "<script" not in html
