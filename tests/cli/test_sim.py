"""The verb `sim`: refused with the way out before anything is announced."""

import pytest

from tests.cli.conftest import Command


@pytest.mark.parametrize(
    ("words", "exit_code", "code", "says"),
    [
        (["lucid"], 2, "DL-E104", "dreamloom sim lucid --lsl"),
        (["lucid", "--lsl", "--scope", "world"], 2, "DL-E103", "machine, link, site"),
        (["lucide", "--lsl"], 3, "DL-E341", "lucid"),
        (["lucid", "--lsl", "--name", ""], 2, "DL-E115", "lsl:NAME"),
        (["lucid", "--lsl", "--name", " a"], 2, "DL-E115", "lsl:NAME"),
        (["lucid", "--lsl", "--name", "a,b"], 2, "DL-E115", "--name sleeper-1"),
        (["lucid", "--lsl", "--name", "a=b"], 2, "DL-E115", "--name sleeper-1"),
        (["lucid,with=ears", "--lsl"], 2, "DL-E116", "sim:lucid,with=ears"),
    ],
)
def test_a_slip_of_the_tongue_announces_nothing(
    command: Command, *, words: list[str], exit_code: int, code: str, says: str
) -> None:
    told = command("sim", *words)
    assert told.code == exit_code
    assert code in told.err
    assert says in told.err
