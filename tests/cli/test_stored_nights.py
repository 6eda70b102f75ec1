"""What can be done with a night that is over? Judged, exported, reported, decided again; never written again."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite import read_only
from dreamloom.engine.clocks import utc_now
from dreamloom.house.layout import House, NightFolder

Command = Callable[..., object]

ENVELOPE = {"id", "kind", "tick", "onset_s", "pod", "cause", "type"}


def tamper(record: Path, sql: str) -> None:
    """Changes a record behind the product's back, as somebody with the file in hand can."""
    with sqlite3.connect(record) as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(sql)
    connection.close()


def test_a_good_record_verifies_and_says_so(command: Command, closed_night: NightFolder) -> None:
    told = command("verify", closed_night.name, "--json")
    assert told.code == 0
    assert {"ok", "events", "root", "first_bad"} <= set(told.data)
    assert told.data["ok"] is True
    assert told.data["first_bad"] is None
    assert told.data["events"] == told.data["signed"]
    assert f"Root {told.data['root']}" in told.err


@pytest.mark.parametrize("seq", [0, 17])
def test_a_record_with_one_changed_byte_names_the_event(command: Command, closed_night: NightFolder, seq: int) -> None:
    lines = command("export", "events", closed_night.name).out.splitlines()
    tamper(
        closed_night.record,
        f"UPDATE events SET body = CAST(replace(CAST(body AS TEXT), '\"tick\"', '\"tock\"') AS BLOB) WHERE seq = {seq}",
    )
    told = command("verify", closed_night.name, "--json")
    assert told.code == 6
    assert told.data["ok"] is False
    assert told.data["first_bad"] == f"seq {seq}"
    assert told.error["code"] == "DL-E401"
    assert told.error["exit_code"] == 6
    assert lines[seq]


def test_a_changed_number_in_an_event_is_found_under_the_events_own_name(
    command: Command, closed_night: NightFolder
) -> None:
    events = [json.loads(line) for line in command("export", "events", closed_night.name).out.splitlines()]
    seq, event = next((seq, event) for seq, event in enumerate(events) if event["tick"] > 0)
    change = f'"tick":{event["tick"]}'
    assert change in json.dumps(event, separators=(",", ":"))
    tamper(
        closed_night.record,
        f"UPDATE events SET body = CAST(replace(CAST(body AS TEXT), '{change}', '{change}1') AS BLOB) "
        f"WHERE seq = {seq}",
    )
    told = command("verify", closed_night.name)
    assert told.code == 6
    assert f"First: seq {seq} ({event['id']})." in told.err
    assert told.out == ""


def test_a_record_that_lost_an_event_does_not_verify(command: Command, closed_night: NightFolder) -> None:
    tamper(closed_night.record, "DELETE FROM events WHERE seq = 9")
    told = command("verify", closed_night.name, "--json")
    assert (told.code, told.data["ok"]) == (6, False)
    assert "9" in told.data["first_bad"]


def test_a_night_without_any_checkpoint_does_not_verify(command: Command, closed_night: NightFolder) -> None:
    tamper(closed_night.record, "DELETE FROM checkpoints")
    told = command("verify", closed_night.name, "--json")
    assert (told.code, told.data["ok"], told.data["signed"]) == (6, False, 0)
    assert (told.data["standing"], told.error["code"]) == ("does not verify", "DL-E401")
    assert told.data["first_bad"] == f"events 0-{told.data['events'] - 1}"


def test_a_night_cut_short_with_all_its_checkpoints_is_not_called_good(
    command: Command, closed_night: NightFolder
) -> None:
    for note in closed_night.house.pods.rglob("*.note"):
        note.unlink()
    tamper(closed_night.record, "DELETE FROM events WHERE seq >= 12")
    tamper(closed_night.record, "DELETE FROM checkpoints")
    told = command("verify", closed_night.name, "--json")
    assert (told.code, told.data["ok"], told.data["first_bad"]) == (6, False, None)
    assert (told.data["standing"], told.error["code"]) == ("not signed yet", "DL-E414")
    assert command("report", closed_night.name).code == 0
    page = (closed_night.report / "report.json").read_text(encoding="utf-8")
    assert json.loads(page)["record"]["verified"] is False


def test_a_night_is_signed_from_its_first_words_on(closed_night: NightFolder) -> None:
    with read_only(closed_night.record) as record:
        told = [event.id for event in record.events()]
        of_the_house = next(seq for seq, name in enumerate(told) if not name.startswith("night."))
        assert record.checkpoints()[0].size == of_the_house > 0


@pytest.mark.parametrize("content", [b"", b"not a record", b"SQLite format 3\x00" + bytes(5000)])
@pytest.mark.parametrize("verb", [["verify"], ["report"], ["replay"], ["export", "events"]])
def test_a_record_that_is_none_is_told_as_such(
    command: Command, make_night: Command, house: House, *, content: bytes, verb: list[str]
) -> None:
    FolderVault(house.keys)
    night = make_night("broken")
    night.record.write_bytes(content)
    told = command(*verb, "broken", "--json")
    assert (told.code, told.error["exit_code"]) == (6, 6)
    assert "record.sqlite" in told.error["what"]
    assert night.record.read_bytes() == content


def test_a_night_does_not_write_into_a_file_that_is_no_record(command: Command, make_night: Command) -> None:
    night = make_night("broken")
    night.record.write_bytes(b"somebody's diary")
    told = command("run", "broken", "--speed", "max", "--json")
    assert (told.code, told.error["code"]) == (6, "DL-E412")
    assert night.record.read_bytes() == b"somebody's diary"


def test_a_record_without_the_houses_keys_cannot_be_judged(
    command: Command, closed_night: NightFolder, house: House
) -> None:
    house.keys.rename(house.keys.with_name("elsewhere"))
    told = command("verify", closed_night.name, "--json")
    assert (told.code, told.error["code"]) == (6, "DL-E435")
    assert not house.keys.exists()


def test_export_gives_one_object_a_line_with_the_whole_envelope(command: Command, closed_night: NightFolder) -> None:
    told = command("export", "events", closed_night.name)
    events = [json.loads(line) for line in told.out.splitlines()]
    assert len(events) == command("verify", closed_night.name, "--json").data["events"]
    assert all(set(event) >= ENVELOPE for event in events)
    assert events[0]["type"] == "NightOpened"
    assert events[-1]["type"] == "NightClosed"
    assert {event["kind"] for event in events} >= {"input", "derived"}
    assert told.err == ""


def test_raw_export_holds_what_the_leaves_were_made_from(command: Command, closed_night: NightFolder) -> None:
    raw = command("export", "events", closed_night.name, "--raw").out.splitlines()
    connection = sqlite3.connect(closed_night.record)
    bodies = [body.decode() for (body,) in connection.execute("SELECT body FROM events ORDER BY seq")]
    connection.close()
    assert raw == bodies


def test_a_stored_night_is_decided_again_the_same(command: Command, closed_night: NightFolder) -> None:
    told = command("replay", closed_night.root, "--json")
    assert told.code == 0
    assert {"night", "epochs", "cues_played", "cues_withheld", "record_root", "speed_x"} <= set(told.data)
    assert "every one the same" in told.err


@pytest.mark.parametrize("name", ["dreamscape.yaml", "consent.toml"])
def test_a_night_whose_files_were_edited_since_is_not_decided_again(
    command: Command, closed_night: NightFolder, name: str
) -> None:
    path = closed_night.root / name
    path.write_text(path.read_text(encoding="utf-8") + "\n# a remark made next morning\n", encoding="utf-8")
    told = command("replay", closed_night.name, "--json")
    assert told.code in {5, 6}
    assert told.error["code"] in {"DL-E431", "DL-E511"}
    assert name in told.error["what"]
    assert command("verify", closed_night.name).code == 0


@pytest.mark.parametrize("lost", ["signals/p1.edf", "signals/p1.arrivals", "signals"])
def test_a_night_whose_signals_are_gone_is_not_decided_again(
    command: Command, closed_night: NightFolder, lost: str
) -> None:
    path = closed_night.root / lost
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    told = command("replay", closed_night.name, "--json")
    assert told.code in {4, 6}
    assert told.error["what"]


def test_a_consent_that_ended_since_does_not_forbid_to_look_back(command: Command, make_night: Command) -> None:
    night = make_night("old")
    text = night.consent_toml.read_text(encoding="utf-8")
    ends = (utc_now() + timedelta(days=20)).isoformat(timespec="seconds")
    night.consent_toml.write_text(text.replace('"end of night"', f'"{ends}"'), encoding="utf-8")
    assert command("run", "old", "--speed", "max").code == 0
    assert command("replay", "old").code == 0


def test_a_closed_night_is_never_run_again(command: Command, closed_night: NightFolder) -> None:
    before = {path: path.read_bytes() for path in closed_night.root.rglob("*") if path.is_file()}
    told = command("run", closed_night.name, "--json")
    assert (told.code, told.error["code"]) == (5, "DL-E513")
    after = {path: path.read_bytes() for path in closed_night.root.rglob("*") if path.is_file()}
    changed = [path.name for path in after if before.get(path) != after[path] and not path.name.endswith(".lock")]
    assert changed == []
    assert command("verify", closed_night.name).code == 0


def test_a_report_is_written_and_named(command: Command, closed_night: NightFolder) -> None:
    told = command("report", closed_night.name, "--json")
    assert told.code == 0
    assert Path(told.data["report"]).read_text(encoding="utf-8").startswith("<!doctype html>")
    assert f"Morning page: {told.data['report']}" in told.err


def test_a_report_in_the_way_of_a_file_is_told(command: Command, closed_night: NightFolder) -> None:
    closed_night.report.write_text("a file where the folder should be")
    told = command("report", closed_night.name, "--json")
    assert (told.code, told.error["code"]) == (1, "DL-E140")
    assert str(closed_night.report) in told.error["what"]
