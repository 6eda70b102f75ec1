"""Does a rehearsal play a dreamscape as a night would? Heard, answered, and the same for the same seed."""

import pytest

from dreamloom.adapters.simulated_beliefs import BelievedIntake
from dreamloom.adapters.speaker.heard import HeardSpeaker
from dreamloom.adapters.speaker.virtual import VirtualSpeaker
from dreamloom.dreamscape import builtin
from dreamloom.gallery.rehearsal_page import BedShown, rehearsal_page
from dreamloom.house import rehearsing
from dreamloom.house.rehearsing import RehearsalAsked, rehearse
from dreamloom.jukebox import synth
from dreamloom.pod import tracking
from dreamloom.pod.tracking import Believing
from dreamloom.ports import PlayCommand
from dreamloom.record.codec import decode
from dreamloom.record.events import ArousalSeen, CueDue, CuePlayed, LeaseGranted, NightClosed, StageScored
from dreamloom.testing.nights import EAGER
from dreamloom.testing.signals import FakeSource, on_grid
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.errors import ConfigError
from dreamloom.vocabulary.units import Decibels, NightTime, Seconds


def night(seed: int = 7, text: str = EAGER, hours: float = 2.2) -> list[object]:
    return [
        decode(line)
        for line in rehearsing._night("headband", text, "eager.yaml", ["typical"], 1, hours, seed, lambda _: None)
    ]


def test_a_rehearsed_night_is_a_night_with_leases_stages_and_cues_in_rem_alone() -> None:
    events = night()
    assert isinstance(events[-1], NightClosed)
    assert [event for event in events if isinstance(event, LeaseGranted)]
    stage = ""
    due = 0
    for event in events:
        if isinstance(event, StageScored):
            stage = event.stage
        if isinstance(event, CueDue):
            due += 1
            assert stage == "R"
    assert due == sum(isinstance(event, CuePlayed) for event in events) > 10


@pytest.mark.slow
def test_the_same_seed_gives_the_same_night_and_another_another() -> None:
    assert night(hours=0.5) == night(hours=0.5)
    assert night(hours=0.5) != night(hours=0.5, seed=8)


def test_a_sleeper_who_is_called_often_and_loudly_stirs_more() -> None:
    heard, unheard = (
        BelievedIntake("light", seed=3, sleeper="S01", duration_s=3600),
        BelievedIntake("light", seed=3, sleeper="S01", duration_s=3600),
    )
    counts = []
    for intake, is_called in ((heard, True), (unheard, False)):
        arousals = 0
        for second in range(3600):
            if is_called and second % 30 == 0:
                intake.hear(NightTime(second + 0.5), Seconds(1.0), Decibels(70.0))
            seconds, _ = intake.read(NightTime(second + 1.05))
            arousals += sum(isinstance(fact, ArousalSeen) for one in seconds for fact in one.facts)
        counts.append(arousals)
    assert counts[0] > counts[1] + 5


def test_only_a_sound_that_its_bits_let_through_is_heard() -> None:
    told: list[float] = []

    class Ear:
        def hear(self, onset_s: NightTime, *_: object, **__: object) -> None:
            told.append(onset_s)

    speaker = HeardSpeaker(VirtualSpeaker(), Ear())
    chord = synth.make("chord", name="chord", notes=["C5"], duration_s=1.0)
    silence = synth.make("silence", name="silence", duration_s=1.0)

    def play(number: int, sound: object) -> None:
        at_s = NightTime(float(number))
        speaker.play(PlayCommand(f"c{number}", sound, Decibels(40.0), at_s, NightTime(at_s + 0.5)))  # type: ignore[arg-type]

    play(1, chord)
    for bit in Bit:
        speaker.set_bit(bit, on=False)
    play(2, chord)
    play(3, silence)
    speaker.set_bit(Bit.AROUSAL, on=True)
    play(4, chord)
    speaker.set_bit(Bit.AROUSAL, on=False)
    speaker.reopen()
    play(5, chord)
    assert told == [2.0]


def test_beliefs_and_samples_are_never_mixed() -> None:
    source = FakeSource(true_hz=100, grid_hz=100, duration_s=1)
    seconds, _, _ = on_grid(source.read(NightTime(9.0)), source.stream)
    with pytest.raises(TypeError, match="Believing cannot take a GridSecond"):
        tracking.track(Believing(), seconds[0], asleep=False)


@pytest.mark.slow
@pytest.mark.slow
def test_a_rehearsal_counts_every_sleeper_and_draws_each_night() -> None:
    steps: list[tuple[int, float]] = []
    found = rehearse(
        RehearsalAsked(text=builtin.load("nightmare_rem_tmr")[0], file="n.yaml", sleepers=2, hours=0.6),
        progress=lambda far: steps.append((far.nights, far.lived_s)),
    )
    assert steps[-1] == (2, 2 * 2160.0)
    assert [(bed.pod, bed.preset) for bed in found.beds] == [("p1", "typical"), ("p2", "light")]
    assert found.withheld
    beds = [BedShown(bed.pod, bed.preset, ["1"], bed.events) for bed in found.beds]
    page = rehearsal_page(title="x", sentence="y", head=["cues"], beds=beds, withheld=found.withheld)
    assert page.count("<svg") == 8
    assert "no evidence" in page
    assert "Not a medical device" in page


def test_a_dreamscape_with_a_mistake_is_refused_before_anybody_sleeps() -> None:
    with pytest.raises(ConfigError):
        rehearse(RehearsalAsked(text=EAGER.replace("play: chord", "play: cord"), file="eager.yaml", sleepers=1))
