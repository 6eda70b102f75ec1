"""The verb `doctor soak`: what a person reads, what a program reads, and a slip of the tongue."""

import pytest

from tests.cli.conftest import Command


def test_a_few_seconds_of_a_simulated_band_are_told_in_full(command: Command) -> None:
    told = command("doctor", "soak", "--source", "sim:lucid,start=4h", "--minutes", "0.05", "--json")
    assert told.code == 0
    assert told.data["source"] == "sim:lucid,start=4h"
    assert told.data["samples"] > 256
    assert told.data["impedances_kohm"] is None
    assert set(told.data["per_night"]) == {"mean", "low", "high"}
    for words in ("impedance", "not measured", "Dropouts to expect in a night of 8 h", "jitter"):
        assert words in told.err


@pytest.mark.parametrize(("words", "code"), [((), 2), (("--source", "edf:a.edf"), 2), (("--source", "sim:nobody"), 3)])
def test_what_cannot_be_listened_to_is_refused_with_the_way_out(
    command: Command, *, words: tuple[str, ...], code: int
) -> None:
    assert command("doctor", "soak", *words, "--json").code == code


def test_the_doctor_takes_a_name_beside_its_verbs_and_says_what_to_do(command: Command) -> None:
    told = command("doctor", "nothing-of-the-kind-7f", "--json")
    assert told.code == 4
    assert told.data["findings"][-1]["state"] == "wrong"
    assert "Switch the device on" in told.err
