"""What does a person hear whose night files are wrong? Place, value, bound or nearest name."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from dreamloom.house.layout import House, NightFolder

Command = Callable[..., object]
MakeNight = Callable[..., NightFolder]

P2 = 'sleeper = "S02"'
SOURCE2 = 'sleeper = "S02"\nsource = "sim:lucid,start=4h,hours=0.02"'


class Slip(NamedTuple):
    """One mistake: in which file, what was there, what stands there now; and what must be said about it."""

    file: str
    was: str
    now: str
    exit_code: int
    code: str
    where: str
    says: str


def _source(now: str, exit_code: int, code: str, says: str) -> Slip:
    return Slip("night.toml", SOURCE2, f'{P2}\nsource = "{now}"', exit_code, code, "", says)


SLIPS = [
    Slip("night.toml", "simulation_seed", "simulaton_seed", 3, "DL-E315", ":5:1", "'simulation_seed'"),
    Slip("night.toml", P2, 'sleper = "S02"', 3, "DL-E315", ":14:1", "'sleeper'"),
    Slip("night.toml", P2, P2 + '\nspeaker = {devise = "x"}', 3, "DL-E315", ":15:12", "'device'"),
    Slip("night.toml", P2, 'sleeper = "S01"', 3, "DL-E317", ":14:1", "'S01' stands 2 times"),
    Slip("night.toml", 'id = "p2"', 'id = "p1"', 3, "DL-E317", ":13:1", "'p1' stands 2 times"),
    Slip("night.toml", 'id = "p2"', '  id = "night"', 3, "DL-E318", ":13:3", "'night'"),
    Slip("night.toml", P2, 'sleeper = "house"', 3, "DL-E318", ":14:1", "A sleeper cannot be called 'house'"),
    Slip("night.toml", 'id = "p2"', 'id = "../p2"', 3, "DL-E301", ":13:1", "'../p2'"),
    Slip("night.toml", 'mode = "private"', 'mode = "public"', 3, "DL-E314", ":3:1", "'private', 'shared', 'hybrid'"),
    Slip("night.toml", '"UTC"', '"Europe/Berln"', 3, "DL-E314", ":4:1", "'Europe/Berlin'"),
    Slip("night.toml", '"UTC"', '"Europe"', 3, "DL-E314", ":4:1", "'Europe'"),
    Slip(
        "night.toml", '"UTC"', "3", 3, "DL-E314", ":4:1", "timezone should be a text in quotes, and is a whole number"
    ),
    Slip("night.toml", P2, "sleeper = 2", 3, "DL-E314", ":14:1", "pod.sleeper should be a text in quotes"),
    Slip("night.toml", P2, "", 3, "DL-E314", ":12:1", "'sleeper' is missing in [pod]"),
    Slip("night.toml", 'title = ""', 'title = "', 3, "DL-E313", ":1:10", "not valid TOML"),
    Slip("night.toml", P2, P2 + '\nshares_room_with = ["p9"]', 3, "DL-E319", ":15:1", "p1, p2"),
    Slip("night.toml", "dreamscape.yaml", "tide.yaml", 3, "DL-E321", "", "tide.yaml cannot be read"),
    _source("lsl:name=Muse-7F", 4, "DL-E258", "not run live"),
    _source("brainflow:muse2", 3, "DL-E343", "There is no BrainFlow board 'muse2'"),
    _source("phone", 4, "DL-E205", "phone:movement"),
    _source("eddf:x.edf", 4, "DL-E205", 'Did you mean "edf:"?'),
    _source("edf:", 4, "DL-E205", "missing behind it"),
    _source("edf:gone.edf", 4, "DL-E213", "gone.edf"),
    _source("edf:.", 4, "DL-E213", "Is a directory"),
    _source("edf:night.toml", 4, "DL-E202", "neither EDF nor BDF"),
    _source("sim:typcal", 3, "DL-E341", 'Did you mean "typical"?'),
    Slip("consent.toml", "level_cap_db = 45", "level_cap_db = 46", 3, "DL-E312", ":6:1", "outside 0 to 45 dB"),
    Slip("consent.toml", "level_cap_db = 45", "level_cap_db = nan", 3, "DL-E312", ":6:1", "outside 0 to 45 dB"),
    Slip("consent.toml", "level_cap_db = 45", "level_cap = 45", 3, "DL-E312", ":6:1", "'level_cap_db'"),
    Slip("consent.toml", "level_cap_db = 45\n", "", 3, "DL-E312", ":1:1", "'level_cap_db' is missing in [S01]"),
    Slip("consent.toml", 'stages = ["R"]', 'stages = ["REM"]', 3, "DL-E312", ":5:1", "W, N1, N2, N3, R"),
    Slip("consent.toml", '"once"', '"always"', 3, "DL-E312", ":8:1", "'never', 'once'"),
    Slip("consent.toml", '"keep derived"', '"keep all"', 3, "DL-E312", ":9:1", "keep derived, keep raw"),
    Slip("consent.toml", '"end of night"', '"tomorrow"', 3, "DL-E312", ":10:1", "nor a moment with a zone"),
    Slip("consent.toml", '"end of night"', '"2031-11-21T10:00:00"', 3, "DL-E312", ":10:1", "nor a moment with a zone"),
    Slip("consent.toml", '["S01"]', '["s1"]', 3, "DL-E325", ":1:1", "[S01]"),
    Slip("consent.toml", '["S02"]', '["S01"]', 3, "DL-E311", ":12:7", "twice"),
    Slip("consent.toml", '"chord", ', "", 5, "DL-E512", "", "chord missing"),
    Slip("consent.toml", 'sha256 = "f', 'sha256 = "8', 5, "DL-E511", "", "SHA-256"),
    Slip("dreamscape.yaml", "intent:", "intend:", 3, "DL-E37", ":", "intent"),
]


@pytest.mark.parametrize("slip", SLIPS, ids=[f"{slip.file}-{slip.now[:30]}" for slip in SLIPS])
def test_a_slip_is_shown_where_it_stands(command: Command, make_night: MakeNight, slip: Slip) -> None:
    night = make_night()
    path = night.root / slip.file
    text = path.read_text(encoding="utf-8")
    assert slip.was in text
    path.write_text(text.replace(slip.was, slip.now, 1), encoding="utf-8")
    told = command("run", night.name, "--speed", "max", "--json")
    assert told.code == told.error["exit_code"] == slip.exit_code
    assert told.error["code"].startswith(slip.code)
    assert slip.says in " ".join(str(part) for part in told.error.values())
    if slip.where:
        assert (told.error["where"] or "").startswith(f"{path}{slip.where}")
        assert told.err.splitlines()[-3 if told.error["why"] else -2].startswith(f"{path}{slip.where}")
    assert not night.record.exists()
    assert not night.signals.exists()


@pytest.mark.parametrize("name", ["night.toml", "consent.toml", "dreamscape.yaml"])
@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "DL-E321"), ("folder", "DL-E321"), (b"caf\xe9 = [\n", "DL-E322"), (b"\x00\x01[", "DL-E3"), (b"[", "DL-E3")],
)
def test_a_file_that_cannot_be_read_is_named(
    command: Command, make_night: MakeNight, *, name: str, content: bytes | str | None, code: str
) -> None:
    path = make_night().root / name
    path.unlink()
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content:
        path.mkdir()
    told = command("run", "tide", "--json")
    assert told.code == 3
    assert told.error["code"].startswith(code)
    assert name in f"{told.error['what']} {told.error['where']}"


def test_a_letter_that_is_no_utf8_is_placed(command: Command, make_night: MakeNight) -> None:
    night = make_night()
    night.night_toml.write_bytes(night.night_toml.read_bytes().replace(b'timezone = "UTC"', b'timezone = "M\xfcnchen"'))
    assert command("run", "tide", "--json").error["where"] == f"{night.night_toml}:4:14"


@pytest.mark.parametrize("change", [lambda b: b"\xef\xbb\xbf" + b, lambda b: b.replace(b"\n", b"\r\n")])
def test_what_another_system_puts_into_a_text_file_does_no_harm(
    command: Command, make_night: MakeNight, change: Callable[[bytes], bytes]
) -> None:
    night = make_night()
    for path in (night.night_toml, night.consent_toml):
        path.write_bytes(change(path.read_bytes()))
    assert command("run", "tide", "--speed", "max").code == 0


def test_a_consent_that_ended_before_the_night_is_refused_before_anything_is_opened(
    command: Command, make_night: MakeNight, house: House
) -> None:
    night = make_night()
    ended = (datetime.now(UTC) - timedelta(minutes=1)).isoformat(timespec="seconds")  # noqa: TID251 - a real evening
    _set_expiry(night, f'"{ended}"')
    told = command("run", "tide", "--json")
    assert (told.code, told.error["code"]) == (5, "DL-E517")
    assert f"S01's consent ended at {ended}" in told.error["what"]
    assert sorted(path.name for path in night.root.iterdir()) == ["consent.toml", "dreamscape.yaml", "night.toml"]
    assert not house.keys.exists()


@pytest.mark.parametrize("quoted", [True, False])
def test_a_consent_that_still_holds_is_accepted_as_text_or_as_a_time(
    command: Command, make_night: MakeNight, *, quoted: bool
) -> None:
    ends = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="seconds")  # noqa: TID251 - a real evening
    _set_expiry(make_night(), f'"{ends}"' if quoted else ends)
    assert command("run", "tide", "--speed", "max").code == 0


def test_a_sleeper_without_a_grant_is_recorded_in_silence_and_that_is_said(
    command: Command, make_night: MakeNight
) -> None:
    night = make_night()
    night.consent_toml.write_text("")
    told = command("run", "tide", "--speed", "max")
    assert told.code == 0
    assert told.err.count("nobody agreed to a cue here: recorded, and silent all night") == 2


def test_a_name_that_no_record_can_bear_is_refused(command: Command, make_night: MakeNight) -> None:
    night = make_night()
    renamed = night.root.rename(night.root.with_name("our first night"))
    told = command("run", renamed, "--json")
    assert (told.code, told.error["code"]) == (3, "DL-E324")
    assert "our-first-night" in told.error["do"]


def test_a_night_does_not_bear_the_name_under_which_the_house_signs(command: Command, make_night: MakeNight) -> None:
    night = make_night()
    renamed = night.root.rename(night.root.with_name("house"))
    told = command("run", renamed, "--speed", "max", "--json")
    assert (told.code, told.error["code"]) == (3, "DL-E324")
    assert "a record of its own under that name" in told.error["why"]
    assert not (renamed / "record.sqlite").exists()


def test_check_tells_every_mistake_of_a_dreamscape_and_the_one_object_is_whole(
    command: Command, make_night: MakeNight
) -> None:
    path = make_night().root / "dreamscape.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("intent:", "# intent:"), encoding="utf-8")
    told = command("check", path, "--json")
    assert told.code == 3
    assert told.data["ok"] is False
    assert told.data["findings"][0]["code"] == "DL-E380"
    assert told.error["code"] == "DL-E300"
    assert f"{path}:" in told.err


def test_check_names_the_nearest_built_in(command: Command) -> None:
    told = command("check", "nightmare_rem", "--json")
    assert (told.code, told.error["code"]) == (3, "DL-E379")
    assert "nightmare_rem_tmr" in told.error["do"]


def test_check_of_a_good_dreamscape_says_what_it_would_do(command: Command) -> None:
    told = command("check", "nightmare_rem_tmr", "--json")
    assert told.code == 0
    known = {
        "agreed",
        "ok",
        "name",
        "sha256",
        "findings",
        "gate_costs",
        "not_yet_obeyed",
        "parts_played",
        "pods",
        "stagers",
    }
    assert set(told.data) == known
    assert "It can be played." in told.err


def _set_expiry(night: NightFolder, to: str) -> None:
    text = night.consent_toml.read_text(encoding="utf-8")
    night.consent_toml.write_text(text.replace('"end of night"', to, 1), encoding="utf-8")


def test_a_night_is_found_by_path_by_relative_path_and_by_name(
    command: Command, closed_night: NightFolder, monkeypatch: pytest.MonkeyPatch, house: House
) -> None:
    monkeypatch.chdir(closed_night.root.parent)
    root = command("verify", "tide", "--json").data["root"]
    for name in (closed_night.root, f"{closed_night.root}/", "./tide", "tide/", "../nights/tide"):
        assert command("verify", name, "--json").data["root"] == root
    monkeypatch.chdir(closed_night.root)
    assert command("verify", ".", "--json").data["root"] == root
    monkeypatch.chdir(house.root)
    monkeypatch.delenv("DREAMLOOM_HOUSE")
    assert command("verify", "nights/tide", "--json").data["root"] == root


def test_a_night_that_is_not_there_gets_the_nearest_name(command: Command, closed_night: NightFolder) -> None:
    told = command("report", f"{closed_night.name}e", "--json")
    assert (told.code, told.error["code"]) == (3, "DL-E320")
    assert "Did you mean 'tide'?" in told.error["do"]


@pytest.mark.parametrize("verb", ["verify", "report", "replay", "export events"])
def test_a_night_that_never_opened_has_no_record(command: Command, make_night: MakeNight, verb: str) -> None:
    night = make_night()
    told = command(*verb.split(), night.name, "--json")
    assert told.code == 6
    assert "no record yet" in told.error["what"]
    assert f"dreamloom run {night.root}" in told.error["do"]
    assert not Path(night.report).exists()
