"""Does every failure look the same, wherever it comes from? Code, what, why, still, do; no traceback."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dreamloom import __version__
from dreamloom.cli import output
from dreamloom.cli.app import app
from dreamloom.house.layout import NightFolder
from dreamloom.vocabulary.errors import ConfigError

Command = Callable[..., object]
VERBS = (
    *("doctor", "new", "rehearse", "demo", "run", "replay", "score", "check", "withdraw", "report", "verify"),
    *("synchrony", "export events", "bench replay", "write", "serve"),
)
PARTS = {"code", "what", "why", "still_works", "do", "where", "exit_code"}


def dreamloom(*words: str, **more: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dreamloom", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **more)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(command: Command, verb: str) -> None:
    told = command(*verb.split(), "--help")
    assert told.code == 0
    assert told.err == ""
    assert f"dreamloom {verb}" in told.out
    assert "--json" in told.out
    assert "None" not in told.out
    assert "range>" not in told.out


def test_the_list_of_verbs_is_whole_sentences(command: Command) -> None:
    told = command("--help")
    assert told.code == 0
    assert "..." not in told.out.replace("[ARGS]...", "")
    for verb in VERBS:
        assert f"  {verb.split()[0]} " in told.out
    assert "Not a medical device" in " ".join(told.out.split())


@pytest.mark.parametrize("words", [(), ("export",), ("bench",)])
def test_without_a_verb_the_verbs_are_named_on_stderr(command: Command, words: tuple[str, ...]) -> None:
    told = command(*words)
    assert (told.code, told.out) == (2, "")
    assert "Commands:" in told.err


def test_the_version_is_told(command: Command) -> None:
    assert command("--version") == (0, f"dreamloom {__version__}\n", "")
    assert command("--version", "--json").data == {"version": __version__}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["runn", "x"], "Did you mean 'run'"),
        (["run"], "'NIGHT'"),
        (["score"], "'FILE.edf'"),
        (["run", "tide", "--sped", "2"], "--sped"),
        (["run", "tide", "--hours", "soon"], "--hours"),
        (["run", "tide", "--hours", "-1"], "--hours"),
        (["demo", "--minutes", "0"], "--minutes"),
        (["replay", "x.edf", "--seed", "x"], "--seed"),
        (["replay", "x.edf", "--block-samples", "0"], "--block-samples"),
        (["check"], "'NAME|FILE'"),
        (["export", "event", "tide"], "'event'"),
    ],
)
def test_words_that_make_no_command_are_a_usage_error(command: Command, words: list[str], says: str) -> None:
    told = command(*words, "--json")
    assert told.code == told.error["exit_code"] == 2
    assert says in told.error["what"]
    assert told.error["code"] == "DL-E100"
    assert set(told.error) == PARTS
    assert "--help" in told.error["do"]


@pytest.mark.parametrize("speed", ["0", "-1", "fast", "nan", "inf", "1e9"])
def test_a_speed_that_is_none_is_refused(command: Command, make_night: Command, speed: str) -> None:
    night = make_night()
    told = command("run", night.name, "--speed", speed, "--json")
    assert (told.code, told.error["code"]) == (2, "DL-E101")
    assert not night.record.exists()


def test_json_may_stand_before_the_verb(command: Command) -> None:
    before, after = command("--json", "verify", "nowhere"), command("verify", "nowhere", "--json")
    assert before == after
    assert before.error["code"] == "DL-E320"


def test_an_error_stands_on_stderr_for_people_and_on_stdout_for_programs(command: Command) -> None:
    plain, with_json = command("verify", "nowhere"), command("verify", "nowhere", "--json")
    assert plain.out == ""
    assert plain.err == with_json.err
    assert plain.err.startswith("DL-E320 There is no night 'nowhere'.\n  ")
    assert len(with_json.out.splitlines()) == 1


@pytest.mark.parametrize("words", [["--debug", "verify", "nowhere"], ["verify", "nowhere", "--debug"]])
def test_debug_shows_where_in_the_code_and_keeps_the_exit_code(words: list[str]) -> None:
    told = dreamloom(*words)
    assert told.returncode == 3
    assert "Traceback" in told.stderr
    assert "DL-E320" in told.stderr.splitlines()[-3]


@pytest.fixture
def broken_library(tmp_path: Path) -> dict[str, str]:
    """An environment in which reading YAML fails as nobody foresaw."""
    (tmp_path / "yaml.py").write_text("raise ZeroDivisionError('division by zero')\n", encoding="utf-8")
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), os.environ.get("PYTHONPATH", "")))}


def test_what_nobody_foresaw_is_told_without_a_traceback(broken_library: dict[str, str]) -> None:
    told = dreamloom("check", "nightmare_rem_tmr", "--json", env=broken_library)
    assert told.returncode == 1
    assert told.stderr.startswith(
        "DL-E199 Something went wrong that nobody foresaw (ZeroDivisionError: division by zero)."
    )
    assert "--debug" in told.stderr
    assert "Traceback" not in told.stderr
    assert json.loads(told.stdout)["error"]["code"] == "DL-E199"


def test_debug_shows_where_what_nobody_foresaw_came_from(broken_library: dict[str, str]) -> None:
    told = dreamloom("check", "nightmare_rem_tmr", "--debug", env=broken_library)
    assert told.returncode == 1
    assert "Traceback" in told.stderr


def test_a_house_that_cannot_be_written_is_told_as_such(command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    told = command("replay", "prerau_segment", "--house", tmp_path / "file" / "house", "--json")
    assert told.code == 1
    assert told.error["code"] == "DL-E140"
    assert "file/house" in told.error["what"]


def test_a_reader_that_has_seen_enough_ends_the_export_quietly(closed_night: NightFolder) -> None:
    line = f"{sys.executable} -m dreamloom export events {closed_night.root} | head -n 1"
    told = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line], capture_output=True, text=True, timeout=60, check=False
    )
    assert (told.returncode, told.stderr) == (0, "")
    assert len(told.stdout.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full, as Linux has it")
def test_an_output_that_is_full_is_a_failure(closed_night: NightFolder) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "dreamloom", "verify", str(closed_night.root), "--json"]
        told = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert told.returncode == 1
    assert "DL-E140 stdout: No space left on device." in told.stderr


def test_closed_streams_are_opened_before_a_record_could_take_their_place(closed_night: NightFolder) -> None:
    before = closed_night.record.read_bytes()
    line = f"exec {sys.executable} -m dreamloom verify {closed_night.root} --json 0<&- 1>&- 2>&-"
    assert subprocess.run(["sh", "-c", line], timeout=60, check=False).returncode == 0
    assert closed_night.record.read_bytes() == before


class _Terminal:
    """A stderr that says it is a terminal."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        """Nothing waits."""

    def isatty(self) -> bool:
        return True


def test_colour_is_for_terminals_that_like_it(monkeypatch: pytest.MonkeyPatch) -> None:
    error = ConfigError("DL-E320", "There is no night.")
    said = []
    for no_colour in (False, True):
        terminal = _Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setenv("NO_COLOR", "1") if no_colour else monkeypatch.delenv("NO_COLOR", raising=False)
        output.say_error(error, as_json=False)
        said.append(terminal.text)
    assert said == ["\x1b[1;31mDL-E320\x1b[0m There is no night.\n", "DL-E320 There is no night.\n"]


def test_progress_is_a_bar_on_a_terminal_and_ten_lines_elsewhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def turned(*, quiet: bool) -> None:
        progress = output.Progress("Night", 200.0, quiet=quiet)
        for second in range(201):
            progress.at(second)
        progress.done()

    turned(quiet=False)
    lines = capsys.readouterr().err.splitlines()
    turned(quiet=True)
    assert lines == [f"Night: {percent} %" for percent in range(0, 101, 10)]
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys, "stderr", terminal := _Terminal())
    turned(quiet=False)
    assert terminal.text.count("\r") == 101
    assert terminal.text.endswith("100 %\n")


def test_nobody_listening_does_not_end_a_night(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def write(self, _: str) -> None:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stderr", Gone())
    output.say("Night second 1800: all recorded.")


def test_a_file_name_that_is_no_text_is_still_one_json_object(command: Command, tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff.edf")
    told = command("score", tmp_path / name, "--json")
    assert (told.code, told.error["code"]) == (4, "DL-E201")


def test_the_command_line_loads_nothing_heavy_before_a_verb_needs_it() -> None:
    told = dreamloom("--help", env={**os.environ, "PYTHONPROFILEIMPORTTIME": "1"})
    for heavy in ("numpy", "scipy", "yasa", "mne", "lightgbm", "rich.live"):
        assert f" {heavy}\n" not in told.stderr
    assert app.info.name == "dreamloom"
