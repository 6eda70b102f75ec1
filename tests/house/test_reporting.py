"""The morning report: from a record on the disk to a page that loads nothing, tells no arm and claims little."""

import hashlib
import json
import re
import sqlite3
from base64 import b64encode
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite import open_ledger
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.reporting import write_report
from dreamloom.record.events import CuePlayed
from dreamloom.testing.night_story import Story, course, full_night, payloads_of
from dreamloom.vocabulary.errors import RecordError

SLEEPERS = {"p1": "S01", "p2": "S02", "p3": "S03"}


def kept(tmp_path: Path, events, *, name="tide") -> NightFolder:
    folder = House(tmp_path / "house").night(name)
    folder.root.mkdir(parents=True)
    with open_ledger(
        folder.record,
        origin=f"dreamloom/{name}",
        vault=FolderVault(folder.house.keys),
        subject_of=lambda event: SLEEPERS.get(event.pod or "", "house"),
        mounts=lambda: "",
    ) as ledger:
        ledger.append(events, payloads_of(events))
    return folder


def text_of(page: Path) -> str:
    """What a reader reads: no tags, no style."""
    body = page.read_text().split("</head>")[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    folder = kept(tmp_path_factory.mktemp("told"), full_night().events())
    return folder, write_report(folder)


def test_each_pod_is_summed_up_in_one_sentence(told):
    said = text_of(told[1])
    assert "S01 slept 6 h 39 min; 592 cues played, all in REM, 1 failed; withheld 2,009 times, mostly because" in said
    assert "S02 slept at least 6 h" in said
    assert "consent was withdrawn during the night" in said
    assert "S03 did not fall asleep as far as the live track can tell; no cue was played" in said


def test_the_numbers_are_those_of_the_page(told):
    folder, page = told
    numbers = json.loads((folder.report / "report.json").read_text())
    first = numbers["pods"][0]
    assert first["cues"]["played"] == 592
    assert first["sleep"]["total_sleep_s"] == 23940.0
    assert numbers["record"]["verified"] is True
    assert numbers["not"] == "Not a medical device."
    assert len(first["epochs"]) == len(course())
    assert numbers["record"]["root"] in page.read_text()


def test_the_same_record_gives_the_same_bytes(told):
    folder, page = told
    before = page.read_bytes(), (folder.report / "report.json").read_bytes()
    assert write_report(folder) == page
    assert (page.read_bytes(), (folder.report / "report.json").read_bytes()) == before


def test_the_browser_is_told_the_hash_of_the_one_style_sheet_there_is(told):
    page = told[1].read_text()
    [sheet] = re.findall(r"<style>(.*?)</style>", page, flags=re.DOTALL)
    digest = b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert f'content="{policy}"' in unescape(page)


def test_the_page_runs_no_script_loads_nothing_and_says_so_to_the_browser(told):
    page = told[1].read_text()
    assert "default-src 'none'; style-src 'sha256-" in unescape(page)
    assert "<script" not in page
    assert " style=" not in page
    assert not re.search(r"\son\w+=", page)
    assert set(re.findall(r'(?:src|href)="([^#"][^"]*)"', page)) == set()
    assert set(re.findall(r"https?://[^\"' ]+", page)) == {"http://www.w3.org/2000/svg"}


def test_the_page_is_whole_html_with_landmarks_unique_ids_and_a_table_behind_every_chart(told):
    page = told[1].read_text()
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    assert {"header", "main", "footer", "section"} <= reader.seen.keys()
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert len(reader.ids) == len(set(reader.ids))
    charts = page.count('class="chart wide"')
    assert charts == page.count('class="chart narrow"') == 9
    assert reader.seen["figcaption"] == charts
    assert reader.seen["table"] >= charts


def test_everything_the_aria_names_exists(told):
    page = told[1].read_text()
    ids = set(re.findall(r'id="([^"]+)"', page))
    named = {one for found in re.findall(r'aria-labelledby="([^"]+)"', page) for one in found.split()}
    links = set(re.findall(r'href="#([^"]+)"', page)) | set(re.findall(r"url\(#([^)]+)\)", page))
    assert named | links <= ids


def test_no_arm_seal_or_verification_of_sound_reaches_the_page(told, tmp_path):
    folder, page = told
    for path in (page, folder.report / "report.json"):
        content = path.read_text()
        assert "render clock" not in content
        assert "ciphertext" not in content
        assert '"arm"' not in content
    events = [
        msgspec.structs.replace(event, verified="microphone", cut_s=0.2) if isinstance(event, CuePlayed) else event
        for event in full_night().events()
    ]
    other = write_report(kept(tmp_path, events))
    assert facts(other) == facts(page)


def facts(page: Path) -> str:
    """The page without the roots, which tell one record from another and nothing more."""
    return re.sub(r"[0-9a-f]{64}", "", page.read_text())


def test_the_page_says_whom_it_is_for_and_what_it_is_not(told):
    said = text_of(told[1])
    assert said.strip().startswith("For the staff of this night only.")
    assert "nightmare_rem_tmr" in said
    assert "nightmare" not in told[1].read_text().split("</title>")[0]
    assert "Not a medical device" in said
    assert "not expert-level" in said
    assert "The record verifies" in said


def test_local_times_are_shown_where_a_wall_clock_ran_beside(told):
    assert "20 November 2026, 22:47 to 05:57" in text_of(told[1])


def test_a_night_at_another_speed_has_hours_but_no_wall_clock(tmp_path):
    story = Story("S01", speed_x=0.0)
    story.sleep("p1", course("W*4 N2*20"))
    said = text_of(write_report(kept(tmp_path, story.events())))
    assert "22:47" not in said
    assert "hours of night" in said


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd", "Europe"])
def test_an_unknown_zone_costs_the_local_times_and_nothing_else(tmp_path, zone):
    story = Story("S01", zone=zone)
    story.sleep("p1", course("W*4 N2*20"))
    assert "hours of night" in text_of(write_report(kept(tmp_path, story.events())))


def test_a_night_without_cues_says_so(tmp_path):
    story = Story("S01")
    story.sleep("p1", course("W*4 N2*20"))
    said = text_of(write_report(kept(tmp_path, story.events())))
    assert "no cue was played; none was withheld" in said
    assert "no cue was due and none was withheld" in said


def test_a_night_that_still_runs_says_so(tmp_path):
    story = Story("S01")
    story.sleep("p1", course("W*4"))
    said = text_of(write_report(kept(tmp_path, story.events())))
    assert "still running, or it broke off" in said


def test_an_interrupted_night_says_why(tmp_path):
    story = Story("S01")
    story.closed(60.0, "interrupted")
    assert "The night was interrupted: Ctrl-C." in text_of(write_report(kept(tmp_path, story.events())))


def test_a_night_without_a_single_epoch_draws_nothing_and_says_so(tmp_path):
    said = text_of(write_report(kept(tmp_path, Story("S01").events())))
    assert "No epoch of this night was scored yet" in said
    assert "could not be staged" in said


def test_an_empty_record_is_an_empty_report(tmp_path):
    assert "Nobody has been seen in this night yet." in text_of(write_report(kept(tmp_path, [])))


def test_cues_after_a_withdrawal_are_called_out(tmp_path):
    story = Story("S01")
    story.sleep("p1", course("R*40"))
    story.withdrawn("p1", 300.0)
    story.cue("p1", 400.0)
    said = text_of(write_report(kept(tmp_path, story.events())))
    assert "Yet 1 cue began after that: find out why." in said


def test_a_record_that_was_changed_is_reported_as_such(tmp_path):
    folder = kept(tmp_path, full_night().events())
    with sqlite3.connect(folder.record) as raw:
        raw.execute("DROP TRIGGER leaves_stay")
        raw.execute("UPDATE events SET leaf = zeroblob(32) WHERE seq = 41")
    raw.close()
    page = write_report(folder)
    assert "This record does not verify. First: seq 41" in text_of(page)
    assert json.loads((folder.report / "report.json").read_text())["record"]["verified"] is False


def test_a_night_away_from_its_house_is_reported_but_not_vouched_for(tmp_path):
    folder = kept(tmp_path, full_night().events())
    moved = NightFolder(tmp_path / "elsewhere" / "tide")
    moved.root.parent.mkdir()
    folder.root.rename(moved.root)
    assert "The record could not be checked" in text_of(write_report(moved))
    assert not moved.house.keys.exists()


def test_what_people_typed_is_text_and_never_markup(tmp_path):
    opened, *rest = Story("S01").events()
    typed = msgspec.structs.replace(opened, dreamscape="<img src=x onerror=alert(1)>")
    page = write_report(kept(tmp_path, [typed, *rest])).read_text()
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "<img" not in page


def test_only_the_house_may_read_the_report(told):
    folder, page = told
    assert {path.name for path in folder.report.iterdir()} == {"index.html", "report.json"}
    assert page.stat().st_mode & 0o077 == 0


def test_a_night_that_never_ran_has_nothing_to_report(tmp_path):
    folder = House(tmp_path / "house").night("tide")
    folder.root.mkdir(parents=True)
    with pytest.raises(RecordError, match="no record yet") as found:
        write_report(folder)
    assert found.value.code == "DL-E436"


class Reader(HTMLParser):
    """Holds a page to its tags."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.seen = [], [], {}

    def handle_starttag(self, name, attributes):
        self.seen[name] = self.seen.get(name, 0) + 1
        self.ids += [value for key, value in attributes if key == "id"]
        if name not in {"meta", "br"}:
            self.open.append(name)

    def handle_endtag(self, name):
        assert self.open.pop() == name
