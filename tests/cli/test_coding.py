"""Do reports come out as figures that a person can check, with a second coder beside the rules?"""

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dreamloom.cli.app import app
from dreamloom.weave.coding.rules import CATEGORIES

TEXTS = {
    "d1": "A dog chased me through the kitchen and I was afraid. My mother helped me and I was happy.",
    "d2": "I was angry with a stranger in the garden. A cat looked at us. Nothing else happened there.",
    "d3": "My brother hit the man and I was scared. We ran outside. The horse was calm.",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [
        {"dreamer": name, "night": night, "arm": arm, "text": text, "language": "en"}
        for night, arm in (("n1", "baseline"), ("n2", "cue"))
        for name, text in TEXTS.items()
    ]
    path = tmp_path / "reports.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def run(*words: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def filled(file: Path, out: Path, marked: dict[str, set[str]]) -> Path:
    """A sheet in which a person set these categories wherever one of their words stands."""
    code, sheet, _ = run("coding", file, "--sheet")
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(sheet)))
    for row in rows:
        for category, words in marked.items():
            row[category] = "1" if any(word in row["sentence"] for word in words) else ""
    with out.open("w", newline="") as to:
        table = csv.DictWriter(to, rows[0].keys(), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    return out


FEELS = {"afraid", "happy", "angry", "scared", "calm"}


def test_indices_come_with_intervals_and_with_h_against_the_baseline(file: Path) -> None:
    code, out, said = run("coding", file, "--json")
    assert code == 0
    found = json.loads(out)
    assert found["reports"] == 3
    own = {each["id"]: each for each in found["indices"]}
    assert own["negative emotions %"]["ci"] is not None
    assert own["negative emotions %"]["h"] == 0.0  # the same texts as the baseline's
    assert own["A/C"]["h"] is None  # no share, so that it has no h
    for name, codes in found["codes"].items():
        text = TEXTS[name.split("/")[0]]
        assert all(text[each["start"] : each["end"]] == each["said"] and each["rule"] for each in codes)
    assert "diagnose nobody" in said
    assert "How good the rules are here is not known" in said


def test_a_second_coder_gives_kappa_and_alpha_against_the_rules(file: Path, tmp_path: Path) -> None:
    first = filled(file, tmp_path / "anna.csv", {"emotion": FEELS})
    found = json.loads(run("coding", file, "--coder", first, "--json")[1])
    emotion = next(each for each in found["agree"] if each["category"] == "emotion")
    assert emotion["kappa"] > 0.7
    assert emotion["alpha"] > 0.7
    assert emotion["kappa_ci"][0] <= emotion["kappa"] <= emotion["kappa_ci"][1]
    other = filled(file, tmp_path / "bo.csv", {"emotion": {"kitchen", "garden", "Nothing"}})
    worse = json.loads(run("coding", file, "--coder", first, "--coder", other, "--json")[1])
    assert next(each for each in worse["agree"] if each["category"] == "emotion")["kappa"] < emotion["kappa"]
    assert [len(each["shares"]) for each in worse["agree"]] == [3] * len(CATEGORIES)


def test_reports_in_two_languages_are_refused(file: Path) -> None:
    mixed = json.dumps({"dreamer": "d4", "night": "n2", "arm": "cue", "text": "Ein Hund bellte.", "language": "de"})
    file.write_text(f"{file.read_text()}\n{mixed}", encoding="utf-8")
    code, _, said = run("coding", file)
    assert (code, "DL-E720" in said) == (5, True)


@pytest.mark.parametrize(
    ("bend", "told"),
    [
        (lambda text: text.replace("report,start", "name,start"), "columns"),
        (lambda text: text.replace("d1/n1,0,", "d9/n1,0,", 1), "no place"),
        (lambda text: text.replace("d1/n1,0,", "d1/n1,99999,", 1), "no characters"),
        (lambda text: text.replace(",1,", ",maybe,", 1), "no mark"),
    ],
)
def test_a_sheet_of_other_reports_is_refused_by_its_line(file: Path, tmp_path: Path, bend, told: str) -> None:  # type: ignore[no-untyped-def]
    sheet = filled(file, tmp_path / "anna.csv", {"emotion": FEELS})
    sheet.write_text(bend(sheet.read_text()))
    code, _, said = run("coding", file, "--coder", sheet)
    assert (code, "DL-E818" in said, told in said) == (3, True, True)


def test_a_sheet_has_every_sentence_and_tells_nothing_of_the_rules(file: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("coding", file, "--sheet")[1])))
    assert {row[category] for row in rows for category in CATEGORIES} == {""}
    assert len(rows) == 2 * sum(text.count(".") for text in TEXTS.values())
