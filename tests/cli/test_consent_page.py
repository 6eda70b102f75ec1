"""Does every command on the page about consent do what the page says, in the order in which it stands there?"""

import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "consent.md"
WELL = (
    "age_years = 34\nseizures = false\npsychosis_or_dissociation = false\nptsd = false\npregnancy = false\n"
    'untreated_apnoea = false\nhearing_loss = false\nshares_room = "nobody"\n'
)


def commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def test_every_command_on_the_page_is_obeyed_in_its_order(
    command, make_night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    make_night()
    monkeypatch.chdir(tmp_path)
    Path("answers.toml").write_text(WELL)
    assert len(commands()) > 15
    for line in commands():
        words = shlex.split(line)
        assert words[0] == "dreamloom"
        if words[1] == "export":  # what is left after the anonymising further up is nothing: another sleeper's
            continue
        told = command(*words[1:])
        assert told.code == 0, (line, told.err)


def test_what_is_taken_home_is_as_the_page_says(command, make_night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    make_night()
    monkeypatch.chdir(tmp_path)
    assert command("run", "tide", "--speed", "max").code == 0
    (line,) = [line for line in commands() if " export " in line]
    assert command(*shlex.split(line)[1:]).code == 0
    assert (tmp_path / "my-nights" / "README.txt").exists()


def test_commands_in_the_table_are_those_of_the_program(command):
    shown = re.findall(r"`dreamloom ([a-z]+)(?: ([a-z]+))?", PAGE.read_text(encoding="utf-8"))
    for verb, sub in {*shown}:
        words = [verb] if verb in {"run", "withdraw", "erase", "verify"} else [verb, sub]
        assert command(*words, "--help").code == 0


def test_the_page_says_what_there_is_not():
    text = PAGE.read_text(encoding="utf-8")
    for words in ("There is no spoken word", "What cannot be recalled", "three choices", "no web page"):
        assert words in text
