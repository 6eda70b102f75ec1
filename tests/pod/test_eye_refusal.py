"""Is a no that was said with the eyes told from what every dreamer signals, and does it hold at once?"""

import pytest

from dreamloom.dreamscape import reader
from dreamloom.dreamscape.signalled import most_asked
from dreamloom.engine.loop import Outside
from dreamloom.pod import eye_refusal
from dreamloom.record.events import (
    AnyEvent,
    CommandGiven,
    ConsentWithdrawn,
    CueDue,
    CuePlayed,
    EyeSignalSeen,
    EyeWithdrawalAgreed,
    MachineSlept,
    Rearmed,
    Recovered,
    SpeakerReopened,
)
from dreamloom.testing.company import ToldBed, told_night
from dreamloom.testing.nights import EAGER, plan_of
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import NightTime

AGREED = EyeWithdrawalAgreed(onset_s=0.0, sleeper="S01", in_a_row=3)
SPAN_S = 120


def signal(at_s: float, *, status: str = "confirmed") -> EyeSignalSeen:
    return EyeSignalSeen(
        onset_s=at_s, status=status, confidence=0.9, began_s=at_s - 8.0, ended_s=at_s - 1.0, size_uv=300.0,
        sweep_s=0.6, first="left",
    )  # fmt: skip


def refused_by(*signals: EyeSignalSeen) -> bool:
    said = eye_refusal.agreed(AGREED)
    for each in signals:
        said = eye_refusal.after(said, each)
    return eye_refusal.withdrawal(said, signals[-1]) is not None


def night(*ends_s: int, agreed: bool = True, script: tuple[Outside, ...] = ()) -> list[AnyEvent]:
    """A bed in REM, cued as often as it may be, whose sleeper signals at these seconds."""
    facts = {at_s - 1: [signal(float(at_s), status="candidate"), signal(float(at_s))] for at_s in ends_s}
    told = [Outside(known_s=NightTime(0.0), pod="p1", event=AGREED)] if agreed else []
    events, _ = told_night(EAGER, [ToldBed(facts=facts)], duration_s=SPAN_S, script=[*told, *script])
    return events


def refusals(events: list[AnyEvent]) -> list[ConsentWithdrawn]:
    return [event for event in events if isinstance(event, ConsentWithdrawn)]


def test_three_signals_in_a_row_withdraw_and_nothing_sounds_behind_them() -> None:
    events = night(60, 70, 80)
    (no,) = refusals(events)
    assert (no.sleeper, no.channel, no.kind, no.pod, no.onset_s) == ("S01", "eye signal", "derived", "p1", 80.0)
    cause = next(event for event in events if event.id == no.cause)
    assert isinstance(cause, EyeSignalSeen)
    played_s = [event.actual_s for event in events if isinstance(event, CuePlayed)]
    assert played_s
    assert max(played_s) <= 80.0
    assert not any(isinstance(event, CueDue) and event.onset_s >= 80.0 for event in events)


@pytest.mark.parametrize("ends_s", [(60,), (60, 70), (50, 60, 100), (50, 74, 98)])
def test_a_mere_dream_signal_does_not_withdraw(ends_s: tuple[int, ...]) -> None:
    events = night(*ends_s)
    assert refusals(events) == []
    assert any(isinstance(event, CuePlayed) and event.actual_s > ends_s[-1] for event in events)


def test_without_having_agreed_on_it_no_signal_withdraws() -> None:
    assert refusals(night(60, 70, 80, 90, agreed=False)) == []


def test_candidates_are_never_a_no() -> None:
    facts = {at_s: [signal(float(at_s + 1), status="candidate")] for at_s in (60, 66, 72, 78, 84)}
    told = [Outside(known_s=NightTime(0.0), pod="p1", event=AGREED)]
    events, _ = told_night(EAGER, [ToldBed(facts=facts)], duration_s=SPAN_S, script=told)
    assert refusals(events) == []


def test_arming_the_bed_again_does_not_take_it_back() -> None:
    armed = (Outside(known_s=NightTime(85.0), pod="p1", event=Rearmed(onset_s=85.0, by="a person")),)
    events = night(60, 70, 80, script=armed)
    assert not any(isinstance(event, CuePlayed) and event.actual_s > 80.0 for event in events)


def test_it_is_said_once_and_whoever_withdrew_otherwise_says_nothing_more() -> None:
    assert len(refusals(night(50, 60, 70, 80, 90, 100))) == 1
    by_file = ConsentWithdrawn(onset_s=40.0, sleeper="S01", channel="command line")
    events = night(60, 70, 80, script=(Outside(known_s=NightTime(40.0), pod="p1", event=by_file),))
    assert [event.channel for event in refusals(events)] == ["command line"]


def in_any_order(seed: int) -> tuple[Outside, ...]:
    """Beds armed, machines asleep, outputs restarted, cues by hand, another no: each at any moment."""
    chance, sound = stream(seed, "races with the eyes"), plan_of()[1]["chord"]

    def one(kind: int, at_s: float) -> AnyEvent:
        match kind:
            case 0:
                return Rearmed(onset_s=at_s, by="a person")
            case 1:
                return MachineSlept(onset_s=at_s, slept_s=5.0)
            case 2:
                return SpeakerReopened(onset_s=at_s, age_s=0.6)
            case _:
                return CommandGiven(
                    onset_s=at_s,
                    by="anna",
                    cue="chord",
                    cue_sha256=sound.sha256,
                    sound_class="sleep",
                    level_cap_db=45.0,
                    dreamscape_sha256=plan_of()[0].dreamscape_sha256,
                    policy_sha256="0" * 64,
                    not_after_s=round(at_s + 2.0, 6),
                )

    moments = [round(float(at_s), 3) for at_s in chance.uniform(0.0, SPAN_S, 24)]
    return tuple(
        Outside(known_s=NightTime(at_s), pod="p1", event=one(int(chance.integers(4)), at_s)) for at_s in moments
    )


@pytest.mark.parametrize("seed", range(8))
def test_a_no_said_with_the_eyes_wins_whatever_comes_before_with_or_after_it(seed: int) -> None:
    events = night(60, 70, 80, script=in_any_order(seed))
    (no,) = refusals(events)
    assert not any(isinstance(event, CueDue) and event.onset_s >= no.onset_s for event in events)
    assert not any(isinstance(event, CuePlayed) and event.actual_s > no.onset_s for event in events)


def test_a_row_goes_on_only_while_each_follows_at_once() -> None:
    assert refused_by(signal(10.0), signal(30.0), signal(50.0))
    assert not refused_by(signal(10.0), signal(33.0), signal(53.0))
    assert not refused_by(signal(10.0), signal(20.0))


def test_a_break_ends_the_row() -> None:
    said = eye_refusal.after(eye_refusal.after(eye_refusal.agreed(AGREED), signal(10.0)), signal(20.0))
    again = eye_refusal.after(eye_refusal.forgotten(said), signal(30.0))
    assert eye_refusal.withdrawal(again, signal(30.0)) is None
    assert eye_refusal.forgotten(None) is None
    broken = Recovered(onset_s=75.0, lost_from_s=72.0, lost_to_s=75.0, segment=1)
    script = (Outside(known_s=NightTime(75.0), pod="p1", event=broken),)
    assert refusals(night(60, 70, 80, script=script)) == []


def test_what_a_dreamscape_asks_a_dreamer_for_is_counted_wherever_it_stands() -> None:
    assert most_asked(reader.read(EAGER, file="eager.yaml")) == 0
    gated = EAGER.replace("stage: R,", "stage: R, eye_signal: {pattern: LRLR, times: 5, because: ours},")
    assert gated != EAGER
    assert most_asked(reader.read(gated, file="eager.yaml")) == 3
