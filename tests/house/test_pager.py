"""Is somebody called when a bed needs them, then the next, and is the bed held when nobody comes?"""

from collections.abc import Sequence
from pathlib import Path

import pytest

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.engine.loop import Outside
from dreamloom.gallery.live_row import Need
from dreamloom.house import by_hand, making, pager, replaying, running
from dreamloom.house.by_hand import Seen
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked, StaffAsked, read_night
from dreamloom.house.pager import NEXT_AFTER_S, Called, NobodyCame, Pager, by_command, step
from dreamloom.house.run_options import RunOptions
from dreamloom.record import projections
from dreamloom.record.codec import decode
from dreamloom.record.events import AnyEvent, BackInBedSeen, OperatorStepped, StreamLost
from dreamloom.record.staff_events import NeedSeen, OutOfBedTold, StaffOnDuty, StaffPaged
from dreamloom.testing.nights import EAGER
from dreamloom.vocabulary.errors import ConfigError
from dreamloom.vocabulary.units import NightTime

STORED = (Path(__file__).parent.parent / "record" / "stored_events.jsonl").read_bytes().splitlines()
LOST = Need(key="lost", priority="high", text="no data", since_s=100.0)
NEEDS = {("p1", "lost"): LOST}


def called(times: Sequence[float], needs=NEEDS, names: Sequence[str] = ("anna", "bo")) -> list[tuple[float, str]]:
    """Who is called when, looked at every second of these times; "" where nobody came."""
    calls, found = {}, []
    for now_s in times:
        calls, told = step(calls, needs, names, NightTime(now_s))
        found += [(now_s, each.name if isinstance(each, Called) else "") for each in told]
    return found


def test_the_first_is_called_at_once_the_next_after_two_minutes_and_then_the_bed_is_held_once() -> None:
    times = [100.0 + second for second in range(1000)]
    assert NEXT_AFTER_S == 120.0
    assert called(times) == [(100.0, "anna"), (220.0, "bo"), (340.0, "")]


def test_with_nobody_on_duty_the_bed_is_held_after_the_time_that_somebody_would_have_had() -> None:
    assert called([100.0 + second for second in range(300)], names=()) == [(220.0, "")]


def test_a_need_that_is_over_is_forgotten_and_calls_anew_when_it_comes_again() -> None:
    calls, first = step({}, NEEDS, ["anna"], NightTime(100.0))
    calls, none = step(calls, {}, ["anna"], NightTime(150.0))
    _, again = step(calls, NEEDS, ["anna"], NightTime(160.0))
    assert ([type(each) for each in first], none, [type(each) for each in again]) == ([Called], [], [Called])


def test_each_need_calls_by_itself() -> None:
    both = {**NEEDS, ("p2", "nightmare"): Need(key="nightmare", priority="high", text="x", since_s=130.0)}
    _, told = step({}, both, ["anna"], NightTime(130.0))
    assert {each.pod for each in told} == {"p1", "p2"}
    assert not any(isinstance(each, NobodyCame) for each in told)


STAFFED = """
unattended = true

[[staff]]
name = "anna"

[[staff]]
name = "bo"
"""


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    (tmp_path / "eager.yaml").write_text(EAGER, encoding="utf-8")
    beds = [PodAsked(id=f"p{n}", sleeper=f"S0{n}", source="sim:typical,start=3h,hours=0.04") for n in (1, 2)]
    made = making.write_night(House(tmp_path), "tonight", beds, str(tmp_path / "eager.yaml"), seed=1)
    text = made.night_toml.read_text(encoding="utf-8")
    head, _, pods = text.partition("[[pod]]")
    staff = STAFFED.replace("unattended = true\n", "")
    made.night_toml.write_text(f"unattended = true\n{head}[[pod]]{pods}\n{staff}", encoding="utf-8")
    return made


def lived(
    night: NightFolder, *, seen_at: int | None = None, loses: bool = True
) -> tuple[list[AnyEvent], list[tuple[str, str]]]:
    """A night in which p1 loses its headband at second 60 and never finds it; who was called with which words."""
    calls: list[tuple[str, str]] = []

    def leave(tick: int, *_: object) -> None:
        if tick == seen_at:
            by_hand.leave(night, Seen(pod="p1", by="anna", need="lost"))

    script = [Outside(known_s=NightTime(60.0), pod="p1", event=StreamLost(onset_s=60.0, last_s=59.0))]
    options = RunOptions(
        speed_x=None,
        listeners=[leave],
        script=script if loses else [],
        call=lambda who, words: calls.append((who.name, words)),
    )
    running.run_night(night, options)
    with read_only(night.record) as record:
        return list(record.events()), calls


def test_a_bed_without_data_calls_somebody_at_once(night) -> None:
    events, calls = lived(night)
    assert calls[0][0] == "anna"
    assert calls[0][1].startswith("p1: no data")
    assert [(event.names, event.they_are) for event in events if isinstance(event, StaffOnDuty)] == [
        (("anna", "bo"), "REACHABLE")
    ]
    assert [(event.name, event.pod) for event in events if isinstance(event, StaffPaged)] == [("anna", "p1")]


def test_who_is_on_duty_and_who_looks_after_a_bed_are_fed_to_a_replay_again(night) -> None:
    events, _ = lived(night, seen_at=20, loses=False)
    assert [event.by for event in events if isinstance(event, NeedSeen)] == ["anna"]
    assert replaying.replay_night(night).first_difference is None


def calling(role: projections.Role, *events: AnyEvent) -> tuple[Pager, list[str]]:
    """A pager that heard these of two beds."""
    called: list[str] = []
    found = Pager(
        [StaffAsked(name="anna"), StaffAsked(name="bo")],
        role=role,
        call=lambda who, words: called.append(f"{who.name} {words}"),
        warn=called.append,
    )
    found.hear(60, events, {})
    return found, called


LOST_NOW = StreamLost(id="p1.0.9", tick=60, onset_s=60.0, pod="p1", last_s=59.0)


def test_when_all_were_called_in_vain_the_bed_fades_under_the_pagers_name() -> None:
    found, called = calling("orchestrator", LOST_NOW)
    told = [each for second in range(60, 700) for each in found(NightTime(float(second)))]
    assert [(type(each.event), each.known_s, each.pod) for each in told] == [
        (StaffPaged, 60.0, "p1"),
        (StaffPaged, 180.0, "p1"),
        (OperatorStepped, 300.0, "p1"),
    ]
    held = told[-1].event
    assert isinstance(held, OperatorStepped)
    assert (held.by, held.rung) == (pager.BY, "FADE")
    assert "nobody came" in called[-1]


def up(at_s: float) -> OutOfBedTold:
    return OutOfBedTold(id=f"p1.0.{round(at_s)}", tick=round(at_s), onset_s=at_s, pod="p1", by="anna")


def test_nobody_is_called_for_a_bed_whose_sleeper_is_up_until_they_are_back_or_too_long_away() -> None:
    found, _ = calling("orchestrator", up(50.0), LOST_NOW)
    assert found(NightTime(61.0)) == []
    assert found(NightTime(1249.0)) == []
    assert [type(each.event) for each in found(NightTime(1250.0))] == [StaffPaged]
    back, _ = calling("orchestrator", up(50.0), LOST_NOW)
    seen = BackInBedSeen(id="p1.0.12", tick=90, onset_s=90.0, pod="p1", since_s=30.0)
    back.hear(90, [seen], {})
    assert [type(each.event) for each in back(NightTime(91.0))] == [StaffPaged], "what was amiss still is"


def test_while_arms_are_sealed_nobody_is_called_for_what_the_blinded_may_not_know() -> None:
    nightmare = decode(next(line for line in STORED if b'"type":"NightmareArousalSeen"' in line))
    for role, count in (("orchestrator", 1), ("blinded", 0)):
        found, _ = calling(role, nightmare)
        assert len(found(NightTime(nightmare.onset_s))) == count


def test_whoever_says_that_they_look_after_it_stops_the_calling(night) -> None:
    events, calls = lived(night, seen_at=100)
    assert [name for name, _ in calls] == ["anna"]
    assert [event.by for event in events if isinstance(event, NeedSeen)] == ["anna"]
    assert not any(isinstance(event, OperatorStepped) for event in events)


def test_a_command_is_run_with_the_words_last_and_one_that_fails_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    call = by_command(told.append)
    written = tmp_path / "called"
    pager._run(
        StaffAsked(name="anna", page=("/bin/sh", "-c", f'printf "%s" "$1" > {written}', "sh")), "p1: x", told.append
    )
    assert written.read_text() == "p1: x"
    pager._run(StaffAsked(name="bo", page=("/bin/false",)), "p1: x", told.append)
    pager._run(StaffAsked(name="cy", page=("/no/such/program",)), "p1: x", told.append)
    assert [line.partition(" could")[0] for line in told] == ["bo", "cy"]
    call(StaffAsked(name="dee"), "p1: x")
    assert told[-1] == "Calling dee: p1: x"


@pytest.mark.parametrize("staff", ['[[staff]]\nname = "Anna B."\n', '[[staff]]\nname = "a"\n[[staff]]\nname = "a"\n'])
def test_names_that_cannot_stand_in_a_record_or_stand_twice_are_refused_with_their_place(staff: str) -> None:
    text = f'dreamscape = "x"\n[[pod]]\nid = "p1"\nsleeper = "S01"\nsource = "sim:typical"\n{staff}'
    with pytest.raises(ConfigError) as told:
        read_night(text, file="night.toml")
    assert "night.toml:" in str(told.value)
