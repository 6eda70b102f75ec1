"""Which share of the cues is a sleeper's own? Drawn by a sealed key, played in turn, never named in the record."""

from dreamloom.dreamscape.reader import read
from dreamloom.house.arming import FixedArms
from dreamloom.house.cue_sounds import make_sounds
from dreamloom.house.sealing import ArmSealer, drawn_for
from dreamloom.record.codec import comparable
from dreamloom.record.events import CueDue
from dreamloom.testing.nights import EAGER, TinyBed, plan_of, rem_source, run_tiny_night
from dreamloom.testing.vaults import MemoryVault

TEXT = (
    EAGER.replace(
        "parts:",
        """  low: {kind: sound, class: sleep, make: chord, notes: [C4, E4], duration: 1 s, because: ours}
  mid: {kind: sound, class: sleep, make: chord, notes: [D4, F4], duration: 1 s, because: ours}
  high: {kind: sound, class: sleep, make: chord, notes: [E6, G6], duration: 3 s, because: ours}
parts:""",
    )
    .replace("every: 4 s", "draw: {from: [chord, low, mid, high], share: 50 %}\n    every: 4 s")
    .replace("active: {cue: chord}", "active: {cue: own}")
)
DREAMSCAPE = read(TEXT, file="a.yaml")
SOUNDS = make_sounds(DREAMSCAPE)


def due(number: int) -> CueDue:
    return CueDue(
        id=f"p1.0.{number}", pod="p1", onset_s=100.0 + number, cue="chord", cue_sha256=SOUNDS["chord"].sha256, part=0,
        sound_class="sleep", level_db=30.0, play_at_s=100.25 + number, expires_s=100.75 + number, lease="p1-0",
    )  # fmt: skip


def sealer(arm: str = "active") -> ArmSealer:
    return ArmSealer(
        vault=MemoryVault(seed=3),
        origin="t/n",
        sleeper_of={"p1": "S01"},
        arms=FixedArms({"p1": arm}, DREAMSCAPE),
        dreamscape=DREAMSCAPE,
        sounds=SOUNDS,
    )


def played(by: ArmSealer, numbers: range) -> list[str]:
    found = [by.sound_of(due(number)) for number in numbers]
    return [sound.name for sound in found if sound]


def test_half_of_the_cues_are_drawn_and_every_sleeper_has_a_draw_of_their_own() -> None:
    draws = {drawn_for(b"k" * 32, DREAMSCAPE, part=0, sleeper=f"S{n:02d}") for n in range(40)}
    assert all(len(set(draw)) == 2 for draw in draws)
    assert {name for draw in draws for name in draw} == {"chord", "low", "mid", "high"}
    assert drawn_for(b"k" * 32, DREAMSCAPE, part=0, sleeper="S01") == drawn_for(
        b"k" * 32, DREAMSCAPE, part=0, sleeper="S01"
    )
    assert len({drawn_for(bytes([n] * 32), DREAMSCAPE, part=0, sleeper="S01") for n in range(40)}) > 4


def test_the_drawn_cues_are_played_in_turn_and_the_others_never() -> None:
    heard = played(sealer(), range(6))
    assert heard == [*heard[:2]] * 3
    assert len(set(heard)) == 2


def test_whoever_is_asked_twice_gives_the_same_sound_and_after_a_break_the_turn_goes_on() -> None:
    one, other = sealer(), sealer()
    assert played(one, range(3)) == played(one, range(3))
    other.go_on([due(number) for number in range(3)])
    assert played(other, range(3, 5)) == played(one, range(3, 5))


def test_a_sham_stays_silent_whatever_is_drawn() -> None:
    assert set(played(sealer("sham"), range(4))) == {"silence"}


def test_the_record_of_a_drawn_night_names_the_planned_cue_alone_and_keeps_room_for_the_longest() -> None:
    night = run_tiny_night({"a": TinyBed(source=rem_source(seconds=90))}, text=TEXT, arm="active")
    assert {event.cue for event in night.of(CueDue)} == {"chord"}  # type: ignore[attr-defined]
    assert not any(name in comparable(event).decode() for event in night.of(CueDue) for name in ("low", "mid", "high"))
    assert plan_of(TEXT)[0].sounding_s("chord") == 3.0
