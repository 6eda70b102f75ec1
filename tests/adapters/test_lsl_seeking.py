"""A lost stream comes back as itself or not at all: who is taken, who is left outside, who is only an echo."""

import time
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from dreamloom.adapters.lsl import seeking
from dreamloom.adapters.lsl.asked import read_asked
from dreamloom.adapters.lsl.connection import Pulled
from dreamloom.adapters.lsl.horizon import Seen
from dreamloom.adapters.lsl.identity import Announced
from dreamloom.adapters.lsl.layout import Described, chosen
from dreamloom.adapters.lsl.offset import Measured
from dreamloom.adapters.lsl.opened import Opened
from dreamloom.adapters.lsl.seeking import SURELY_THERE_S, Quarantine, found_again, twins
from dreamloom.adapters.lsl.source import LslSource
from dreamloom.record.events import StreamRecognised
from dreamloom.vocabulary.units import NightTime

pytestmark = pytest.mark.real_time

OWN = Announced("Muse-7F", "EEG", "7f", "lab", "default", 4, 256.0, 1, "own", 12.5)
AGAIN = replace(OWN, uid="again", created_at_s=99.0)
THIRD = replace(OWN, uid="third", created_at_s=101.0)


def seen(*streams: Announced) -> list[Seen]:
    return [Seen(stream, None) for stream in streams]


class Judged:
    """found_again over what is announced; `strangers` have other channels, `dead` do not answer."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, strangers: tuple[str, ...] = (), dead: tuple[str, ...] = ()):
        self.quarantine = Quarantine()
        self.opened: list[str] = []

        def open_one(_: Any, one: Seen) -> tuple[Any, tuple[str, ...]]:
            self.opened.append(one.stream.uid)
            if one.stream.uid in strangers:
                return None, ("labels",)
            return (None if one.stream.uid in dead else (one.stream.uid, None)), ()

        monkeypatch.setattr(seeking, "_opened", open_one)

    def __call__(self, *streams: Announced, now_s: float = 100.0) -> tuple[str | None, list[Any]]:
        self.quarantine.look(seen(*streams), now_s)
        opened: Any = SimpleNamespace(asked=read_asked("Muse-7F"))
        again, refused = found_again(opened, OWN, self.quarantine, seen(*streams), now_s=now_s)
        return (again[0] if again else None), refused  # type: ignore[return-value]


def test_the_same_sender_goes_before_its_restart(monkeypatch):
    assert Judged(monkeypatch)(AGAIN, OWN) == ("own", [])


def test_a_restart_is_taken_once_its_old_self_is_forgotten(monkeypatch):
    judged = Judged(monkeypatch, dead=("own",))
    assert judged(OWN, AGAIN) == (None, [])
    assert judged(AGAIN) == ("again", [])


def test_of_two_that_look_alike_neither_is_taken_and_both_are_told_once_both_are_surely_there(monkeypatch):
    judged = Judged(monkeypatch)
    assert judged(AGAIN, THIRD) == (None, [])
    later_s = 100.0 + SURELY_THERE_S
    assert judged(AGAIN, THIRD, now_s=later_s) == (None, [("again", ("twin",)), ("third", ("twin",))])
    assert judged(THIRD, now_s=later_s + 9) == ("third", [])
    assert "again" not in judged.opened


def test_other_channels_are_an_impostor_and_do_not_stand_in_the_way_of_the_device(monkeypatch):
    judged = Judged(monkeypatch, strangers=("again",))
    assert judged(AGAIN) == (None, [("again", ("labels",))])
    assert judged(AGAIN, THIRD) == ("third", [])


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        (replace(AGAIN, hostname="elsewhere"), ("hostname",)),
        (replace(AGAIN, source_id="80"), ("source_id",)),
        (replace(AGAIN, sfreq_hz=250.0, channels=5), ("channels", "rate")),
        (replace(AGAIN, name="Muse-80"), ("name",)),
    ],
)
def test_what_answers_in_its_place_and_is_another_is_refused_unopened(monkeypatch, other, differs):
    judged = Judged(monkeypatch)
    assert judged(other) == (None, [("again", differs)])
    assert judged.opened == []


def test_a_stranger_of_another_name_and_source_is_nobodys_business(monkeypatch):
    assert Judged(monkeypatch)(replace(AGAIN, name="Muse-80", source_id="80")) == (None, [])


def test_a_twin_is_whoever_looks_like_a_stream_that_is_there_itself():
    asked = read_asked("Muse-7F")
    near = replace(AGAIN, source_id="80")
    assert twins(OWN, asked, seen(OWN, near, replace(THIRD, name="other", source_id="x"))) == [
        ("again", ("source_id", "twin"))
    ]


def test_an_ended_stream_is_not_taken_for_a_living_one():
    quarantine = Quarantine()
    quarantine.look(seen(AGAIN), 10.0)
    assert not quarantine.is_there("again", 12.0)
    quarantine.look([], 12.5)
    quarantine.look(seen(AGAIN), 13.0)
    assert not quarantine.is_there("again", 14.0)
    assert quarantine.is_there("again", 13.0 + SURELY_THERE_S)


class HalfDead:
    """A connection that says it is well and brings nothing, or one sample at each pull."""

    stream = OWN

    def __init__(self, now_s: Callable[[], float], *, sends: bool) -> None:
        self._now_s, self._sends = now_s, sends

    def pull(self, wait_s: float) -> Pulled:
        time.sleep(wait_s / 20)
        stamps_s = [self._now_s()] if self._sends else []
        return Pulled(np.zeros((len(stamps_s), 1)), np.array(stamps_s))

    def measure(self, *, within_s: float) -> Measured:
        del within_s
        return Measured(0.0, 0.001)

    def close(self) -> None:
        """Nothing is held open."""


def test_a_connection_that_is_announced_and_brings_nothing_is_let_go_and_made_again(monkeypatch):
    began_s = time.monotonic()

    def now_s() -> NightTime:
        return NightTime((time.monotonic() - began_s) * 40)

    horizon = SimpleNamespace(streams=lambda: seen(OWN), leave=lambda: None)
    library = SimpleNamespace(local_clock=now_s)
    words = Described(("EEG C3",), ("EEG",), ("uV",))
    opened: Any = Opened(
        library,
        read_asked("Muse-7F"),
        horizon,  # type: ignore[arg-type]
        OWN,
        words,
        chosen(replace(OWN, channels=1), words, (), None),
        HalfDead(now_s, sends=False),  # type: ignore[arg-type]
        Measured(0.0, 0.001),
    )
    again = HalfDead(now_s, sends=True)
    monkeypatch.setattr(seeking, "_opened", lambda *_: ((again, Measured(0.0, 0.001)), ()))
    source = LslSource(opened, now_s=now_s)
    blocks: list[Any] = []
    while not blocks and time.monotonic() < began_s + 30:
        blocks += source.read(now_s())
        time.sleep(0.01)
    told = [event.sender for event in source.told() if isinstance(event, StreamRecognised)]
    source.close()
    assert blocks
    assert told == ["same"]
