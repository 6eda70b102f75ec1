"""What must every bed's speaker do? One suite for all of them; a new speaker subclasses it and brings a rig."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from functools import wraps
from pathlib import Path
from typing import ClassVar, Protocol

import numpy as np

from dreamloom.jukebox.cues import Sound, SoundOutcome
from dreamloom.jukebox.mixer import STALLED
from dreamloom.jukebox.synth import make
from dreamloom.ports import PlayCommand, Speaker
from dreamloom.vetoes.bits import EVERY_BIT, HARD_BITS, Bit, silenced_by
from dreamloom.vocabulary.units import Decibels, NightTime, Seconds

RAMP_S = 0.020
QUANTUM_S = 0.010
DEAD_MAN_S = 2.0
DEAD_MAN_FADE_S = 0.2

CHORD = make("chord", notes=["C5", "E5", "G5"], duration_s=0.15)
LONG_TONE = make("tone", pitch="A4", duration_s=6.0)


TRIES = 5


class DisturbedError(Exception):
    """The machine stood still in the middle of a sound, so that nothing can be said of it."""


def undisturbed(test: Callable[..., None]) -> Callable[..., None]:
    """The test, once more with a new speaker where the machine stood still in a sound; the last time counts."""

    @wraps(test)
    def tried(self: object, tmp_path: Path) -> None:
        for number in range(TRIES - 1):
            folder = tmp_path / str(number)
            folder.mkdir()
            with suppress(DisturbedError):
                test(self, folder)
                return
        test(self, tmp_path)

    return tried


class Rig(Protocol):
    """A speaker and the night time it plays in; virtual or not."""

    @property
    def speaker(self) -> Speaker: ...

    def now_s(self) -> NightTime: ...

    def pass_time(self, duration_s: float, *, beating: bool = True) -> None:
        """Returns when night time has gone on; beats at least twice a second unless told not to."""


class SpeakerContract(ABC):
    """Subclass, set late_s, and open a rig. Times are night time; a virtual speaker is exact and sets late_s = 0."""

    late_s: ClassVar[float]
    """How much later than planned this speaker may act on a busy machine."""
    early_s: ClassVar[float] = 0.0
    """How far its clock may lag behind where a device calls late: by so much a cue or a fade may seem too early."""

    @abstractmethod
    def open_rig(self, folder: Path) -> AbstractContextManager[Rig]:
        """A rig with a new speaker, closed on leaving."""

    @undisturbed
    def test_a_lawful_cue_sounds_at_its_time_and_to_its_end(self, tmp_path: Path) -> None:
        with self.open_rig(tmp_path) as rig:
            allow(rig.speaker)
            planned_s = self._play(rig, "a")
            (outcome,) = outcomes(rig, 1)
            assert (outcome.cue_id, outcome.status, outcome.cut, outcome.bits) == ("a", "played", False, ())
            assert outcome.actual_s is not None
            assert planned_s - self.early_s <= outcome.actual_s <= planned_s + self.late_s
            assert abs(outcome.heard_s - CHORD.duration_s) < 1e-6

    @undisturbed
    def test_a_new_speaker_is_silent_for_every_reason(self, tmp_path: Path) -> None:
        with self.open_rig(tmp_path) as rig:
            self._play(rig, "a")
            (outcome,) = outcomes(rig, 1)
            assert (outcome.status, outcome.actual_s, outcome.heard_s) == ("silenced", None, 0.0)
            assert outcome.bits == tuple(bit.name for bit in Bit)

    @undisturbed
    def test_each_bit_alone_silences(self, tmp_path: Path) -> None:
        with self.open_rig(tmp_path) as rig:
            allow(rig.speaker)
            for bit in Bit:
                rig.speaker.set_bit(bit, on=True)
                self._play(rig, bit.name, ahead_s=0.05)
                (outcome,) = outcomes(rig, 1)
                assert (outcome.status, outcome.bits) == ("silenced", (bit.name,))
                rig.speaker.set_bit(bit, on=False)

    @undisturbed
    def test_a_silenced_cue_never_starts_later(self, tmp_path: Path) -> None:
        with self.open_rig(tmp_path) as rig:
            allow(rig.speaker)
            rig.speaker.set_bit(Bit.AROUSAL, on=True)
            self._play(rig, "a", may_wait_s=60.0)
            found = outcomes(rig, 1)
            rig.speaker.set_bit(Bit.AROUSAL, on=False)
            rig.pass_time(0.4)
            found += rig.speaker.outcomes()
            assert [outcome.status for outcome in found] == ["silenced"]

    @undisturbed
    def test_a_bit_cuts_what_sounds_within_one_ramp_and_one_quantum(self, tmp_path: Path) -> None:
        with self.open_rig(tmp_path) as rig:
            allow(rig.speaker)
            self._play(rig, "a", sound=LONG_TONE)
            rig.pass_time(0.4)
            bit_s = rig.now_s()
            rig.speaker.set_bit(Bit.REVOKED, on=True)
            (outcome,) = outcomes(rig, 1)
            assert (outcome.status, outcome.cut, outcome.bits) == ("played", True, ("REVOKED",))
            assert outcome.actual_s is not None
            assert -self.early_s < outcome.actual_s + outcome.heard_s - bit_s <= RAMP_S + QUANTUM_S + self.late_s

    @undisturbed
    def test_an_awake_sound_is_not_silenced_by_what_sleep_decides(self, tmp_path: Path) -> None:
        with self.open_rig(tmp_path) as rig:
            allow(rig.speaker)
            for bit in (Bit.AROUSAL, Bit.STAGE_STALE, Bit.STAGE):
                rig.speaker.set_bit(bit, on=True)
            self._play(rig, "awake", silenced_by=silenced_by("awake", leased=True))
            self._play(rig, "asleep", ahead_s=0.2)
            awake, asleep = sorted(outcomes(rig, 2), key=lambda outcome: outcome.status)
            assert (awake.cue_id, awake.status, awake.cut) == ("awake", "played", False)
            assert (asleep.cue_id, asleep.bits) == ("asleep", ("AROUSAL", "STAGE_STALE", "STAGE"))

    @undisturbed
    def test_a_commanded_sound_needs_no_lease_and_a_leased_one_does(self, tmp_path: Path) -> None:
        with self.open_rig(tmp_path) as rig:
            allow(rig.speaker)
            rig.speaker.set_bit(Bit.LEASE_LAPSED, on=True)
            self._play(rig, "commanded", silenced_by=silenced_by("sleep", leased=False))
            self._play(rig, "leased", ahead_s=0.2, silenced_by=silenced_by("awake", leased=True))
            commanded, leased = sorted(outcomes(rig, 2), key=lambda outcome: outcome.status)
            assert (commanded.cue_id, commanded.status) == ("commanded", "played")
            assert (leased.cue_id, leased.bits) == ("leased", ("LEASE_LAPSED",))

    @undisturbed
    def test_no_mask_makes_a_cue_deaf_to_a_hard_bit(self, tmp_path: Path) -> None:
        with self.open_rig(tmp_path) as rig:
            allow(rig.speaker)
            for bit in HARD_BITS:
                rig.speaker.set_bit(bit, on=True)
            self._play(rig, "a", ahead_s=0.05, silenced_by=0)
            (outcome,) = outcomes(rig, 1)
            assert (outcome.status, outcome.bits) == ("silenced", ("REVOKED", "HALTED", "NOT_ARMED", "FADING"))

    @undisturbed
    def test_an_arousal_fades_as_the_author_asked_and_a_hard_bit_cuts_the_fade(self, tmp_path: Path) -> None:
        with self.open_rig(tmp_path) as rig:
            allow(rig.speaker)
            for cue_id, hard in (("fades", False), ("is cut", True)):
                rig.speaker.set_bit(Bit.AROUSAL, on=False)
                self._play(rig, cue_id, sound=LONG_TONE, arousal_fade_s=Seconds(2.0))
                rig.pass_time(0.4)
                bit_s = rig.now_s()
                rig.speaker.set_bit(Bit.AROUSAL, on=True)
                if hard:
                    rig.pass_time(0.1)
                    bit_s = rig.now_s()
                    rig.speaker.set_bit(Bit.REVOKED, on=True)
                (outcome,) = outcomes(rig, 1)
                assert (outcome.status, outcome.cut) == ("played", True)
                assert outcome.bits == (("AROUSAL", "REVOKED") if hard else ("AROUSAL",))
                assert outcome.actual_s is not None
                took_s = outcome.actual_s + outcome.heard_s - bit_s
                fade_s = RAMP_S if hard else 2.0
                assert (0 if hard else fade_s - 1e-6) - self.early_s < took_s <= fade_s + QUANTUM_S + self.late_s

    @undisturbed
    def test_a_late_cue_is_dropped(self, tmp_path: Path) -> None:
        with self.open_rig(tmp_path) as rig:
            allow(rig.speaker)
            rig.pass_time(0.5)
            past_s = NightTime(rig.now_s() - 0.4)
            rig.speaker.play(PlayCommand("late", CHORD, Decibels(40.0), past_s, NightTime(past_s + 0.2)))
            (outcome,) = outcomes(rig, 1)
            assert (outcome.status, outcome.actual_s) == ("expired", None)

    @undisturbed
    def test_every_command_has_one_outcome_and_a_repeated_one_sounds_once(self, tmp_path: Path) -> None:
        with self.open_rig(tmp_path) as rig:
            allow(rig.speaker)
            now_s = rig.now_s()
            for k in (0, 1, 2, 3, 3, 2):
                at_s = NightTime(now_s + 0.15 + 0.1 * k)
                rig.speaker.play(PlayCommand(f"c{k}", CHORD, Decibels(40.0), at_s, NightTime(at_s + 1.0)))
            found = outcomes(rig, 4)
            rig.pass_time(0.2)
            found += rig.speaker.outcomes()
            assert [outcome.cue_id for outcome in found] == ["c0", "c1", "c2", "c3"]
            assert {outcome.status for outcome in found} == {"played"}

    @undisturbed
    def test_a_command_that_is_no_number_or_no_sound_fails(self, tmp_path: Path) -> None:
        with self.open_rig(tmp_path) as rig:
            allow(rig.speaker)
            at_s = NightTime(rig.now_s() + 0.1)
            nowhere = NightTime(float("nan"))
            broken = CHORD.frames.copy()
            broken[7] = np.nan
            hollow = Sound("hollow", "0" * 64, broken)
            rig.speaker.play(PlayCommand("level", CHORD, Decibels(float("nan")), at_s, at_s))
            rig.speaker.play(PlayCommand("time", CHORD, Decibels(40.0), nowhere, at_s))
            rig.speaker.play(PlayCommand("sound", hollow, Decibels(40.0), at_s, at_s))
            found = outcomes(rig, 3)
            assert [(outcome.cue_id, outcome.status) for outcome in found] == [
                ("level", "failed"),
                ("time", "failed"),
                ("sound", "failed"),
            ]

    @undisturbed
    def test_without_beats_it_falls_silent_and_a_beat_brings_no_cut_cue_back(self, tmp_path: Path) -> None:
        with self.open_rig(tmp_path) as rig:
            allow(rig.speaker)
            rig.pass_time(0.2)
            last_beat_s = rig.now_s()
            self._play(rig, "long", sound=LONG_TONE)
            at_s = NightTime(last_beat_s + DEAD_MAN_S + 0.3)
            rig.speaker.play(PlayCommand("after", CHORD, Decibels(40.0), at_s, NightTime(at_s + 60.0)))
            rig.pass_time(DEAD_MAN_S + 0.5, beating=False)
            long, after = outcomes(rig, 2)
            assert (long.status, long.cut, long.bits) == ("played", True, ("DEAD_MAN",))
            assert long.actual_s is not None
            silent_s = long.actual_s + long.heard_s
            assert silent_s <= last_beat_s + DEAD_MAN_S + DEAD_MAN_FADE_S + QUANTUM_S + self.late_s
            assert (after.status, after.bits) == ("silenced", ("DEAD_MAN",))

    @undisturbed
    def test_nothing_plays_after_close(self, tmp_path: Path) -> None:
        with self.open_rig(tmp_path) as rig:
            allow(rig.speaker)
            self._play(rig, "sounding", sound=LONG_TONE)
            self._play(rig, "waiting", ahead_s=3.0, may_wait_s=60.0)
            rig.pass_time(0.4)
            rig.speaker.close()
            rig.speaker.close()
            self._play(rig, "afterwards")
            rig.pass_time(0.3)
            found = {outcome.cue_id: outcome for outcome in rig.speaker.outcomes()}
            assert (found["sounding"].status, found["sounding"].cut) == ("played", True)
            assert found["waiting"].status == "silenced"
            assert found["afterwards"].status == "failed"
            assert len(found) == 3

    def _play(  # noqa: PLR0913 - test kit, each turn a cue can take by its name
        self,
        rig: Rig,
        cue_id: str,
        *,
        sound: Sound = CHORD,
        ahead_s: float = 0.15,
        may_wait_s: float = 1.0,
        silenced_by: int = EVERY_BIT,
        arousal_fade_s: Seconds | None = None,
    ) -> NightTime:
        planned_s = NightTime(rig.now_s() + ahead_s)
        command = PlayCommand(
            cue_id=cue_id,
            sound=sound,
            level_db=Decibels(40.0),
            play_at_s=planned_s,
            expires_s=NightTime(planned_s + may_wait_s),
            silenced_by=silenced_by,
            arousal_fade_s=arousal_fade_s,
        )
        rig.speaker.play(command)
        return planned_s


def allow(speaker: Speaker) -> None:
    """Clears every bit, as an armed bed's loop does."""
    for bit in Bit:
        speaker.set_bit(bit, on=False)


def outcomes(rig: Rig, count: int) -> list[SoundOutcome]:
    """The next outcomes, as many as expected or as came within five seconds of night time.

    Raises:
        DisturbedError: when the machine stood still while one of them sounded.
    """
    found: list[SoundOutcome] = []
    for _ in range(100):
        rig.pass_time(0.05)
        found += rig.speaker.outcomes()
        if len(found) >= count:
            break
    if any(STALLED in outcome.bits for outcome in found):
        raise DisturbedError
    return found


class VirtualRig:
    """A rig whose time passes at once: for speakers that render on their beat."""

    def __init__(self, speaker: Speaker, *, now_s: NightTime = NightTime(0.0)) -> None:
        self.speaker = speaker
        self._now_s = now_s

    def now_s(self) -> NightTime:
        return self._now_s

    def pass_time(self, duration_s: float, *, beating: bool = True) -> None:
        until_s = NightTime(self._now_s + Seconds(duration_s))
        while beating and until_s - self._now_s > 0.25:
            self._now_s = NightTime(self._now_s + 0.25)
            self.speaker.beat(self._now_s)
        self._now_s = until_s
        self.speaker.beat(until_s)
