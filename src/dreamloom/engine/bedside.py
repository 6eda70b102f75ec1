"""What happens around one pod? Its samples, its inbox, its speaker; the pod itself decides, this only carries."""

import math
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from dreamloom.engine.fast_lane import FastLane
from dreamloom.engine.gatekeeper import Gate, Word
from dreamloom.engine.intake import Intake
from dreamloom.engine.played import CHANGED, ChooseSound, command_for, told, unplayed
from dreamloom.engine.speaker_care import SpeakerCare
from dreamloom.engine.supervise import each_in_turn
from dreamloom.jukebox.cues import SoundOutcome
from dreamloom.pod import loop as pod_loop
from dreamloom.pod import player
from dreamloom.pod.loop import LATE_S, Pod
from dreamloom.pod.rhythms import Met, MetSpindle
from dreamloom.pod.tracking import BelievedSecond
from dreamloom.ports import Speaker
from dreamloom.record.events import (
    AnyEvent,
    CommandGiven,
    ConsentWithdrawn,
    CueAudited,
    CueDue,
    GapSeen,
    GlitchSeen,
    MachineSlept,
    OperatorStepped,
    PhaseWindowOpened,
    Rearmed,
    Rung,
    SpeakerReopened,
    StreamEnded,
    StreamFound,
    StreamLost,
    StreamUnrecognised,
    ToBed,
)
from dreamloom.seals.orders import Envelope
from dreamloom.signals.blocks import GridSecond
from dreamloom.signals.grid import Gap
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.units import FloatArray, NightTime, Seconds, to_microsecond

REARM_AFTER_S = Seconds(60.0)
"""Where consent allows one re-arming after a crash, it comes this long after recording or sound is back. Ours."""

REARMED_BY_CONSENT = "consent: once after a crash"
DISARMING = (SpeakerReopened, MachineSlept, StreamUnrecognised)
ORDERS = CommandGiven | Envelope | ToBed
"""What would have a bed sound something."""
PLANNED = (Rearmed,)
"""Posted before it happens; everything else in an inbox has happened, even where its tick never came."""

Second = GridSecond | BelievedSecond

WasSlow = Callable[[], bool]
"""Asked after every second: whether a decision in it took longer than the rules of the house may."""

KeepNo = Callable[[ConsentWithdrawn], None]
"""Told a no that the bed itself heard, once it is silent: kept where it outlives this process."""

TellPhase = Callable[[str, Met | MetSpindle], None]
"""Told the phase that a cue met, by the cue's id, before its audit enters the record: it goes there sealed."""


LOST_AFTER_S = Seconds(1.9)
"""A stream is lost so long after its last whole second came: told within 2 s of its last sample, the last look at the
bed included. Ours."""


class _InHand(NamedTuple):
    """A complete second that was not handled yet, and when it was due."""

    second: Second
    due_s: NightTime

    def is_for(self, tick: int) -> bool:
        """True when this tick handles it: its own if it came in time, an older one if it came since."""
        if self.second.index == tick:
            return self.second.arrived_s <= self.due_s
        return self.second.index < tick and self.second.arrived_s <= tick + 1 + LATE_S


class Bedside:
    """One pod's moving parts. `seconds` are complete and not yet handled; `inbox` holds what came from outside."""

    def __init__(  # noqa: PLR0913 - everything a bed has around it, by name
        self,
        pod: Pod,
        *,
        intake: Intake,
        speaker: Speaker | None,
        choose: ChooseSound,
        gate: Gate,
        output: str = "",
        tell_phase: TellPhase = lambda _cue, _met: None,
        was_slow: WasSlow = lambda: False,
        keep_no: KeepNo = lambda _no: None,
    ) -> None:
        """A bed that has not moved yet.

        Args:
            pod: what decides.
            intake: its samples.
            speaker: None in a replay, which makes no sound.
            choose: the sounds of its arm.
            gate: who lets in what the house says.
            output: the id of what it plays on.
            tell_phase: who seals the phase that a cue met.
            was_slow: whether the rules of the house took too long over a cue since this was asked last.
            keep_no: who keeps a no that is said with the eyes.
        """
        self.pod = pod
        self.intake = intake
        self.speaker = speaker
        self._care = SpeakerCare(
            output=output, post=self.post, disarm=self.disarm, delay_rearming=self._wait_for_rearming
        )
        self.closed = False
        self._silenced = False
        self._disarmed = False
        self._stepped: frozenset[Bit] = frozenset()
        self._rearm_s: NightTime | None = None
        self._choose = choose
        self._gate = gate
        self._seconds: deque[_InHand] = deque()
        self._newest: Second | None = None
        self._gaps: list[Gap] = []
        self._inbox: list[tuple[NightTime, AnyEvent]] = []
        self._due: dict[str, CueDue] = {}
        self._ahead = FastLane()
        self._unsaid: dict[str, int] = {}
        self._heard_early: list[SoundOutcome] = []
        self._tell_phase = tell_phase
        self._was_slow = was_slow
        self._keep_no = keep_no
        self._undecided: set[str] = set()
        self._taken_s = 0.0

    @property
    def finished(self) -> bool:
        """True when no second will ever come again and every one that came was handled."""
        return self.intake.ended and not self._seconds

    def read(self, until_s: NightTime) -> None:
        """Takes in what arrived by until_s."""
        seconds, gaps = self.intake.read(until_s)
        for second in seconds:
            self._seconds.append(_InHand(second, self._due_s(second.index)))
            self._newest = second
        self._gaps.extend(gaps)

    def meet(self) -> None:
        """Commands the cues whose wave was met in the samples that came since the last look."""
        if self.speaker is None:
            return
        for due in self._ahead.look(self._rows_of):
            self._due[due.id] = due
            self._unsaid[due.id] = int(due.onset_s)
            self._play(self.speaker, due)

    def pass_time(self, until_s: NightTime) -> None:
        """On a clock that jumps: the speaker renders up to until_s, and a sleeper who said no before is heard then."""
        if self.speaker is None:
            return
        for known_s, event in self._inbox:
            if isinstance(event, ConsentWithdrawn) and known_s <= until_s:
                self.speaker.beat(known_s)
                self.hush()
        self.speaker.beat(until_s)

    def _rows_of(self, index: int, first: int) -> FloatArray | None:
        for second, _ in self._seconds:
            if second.index == index and isinstance(second, GridSecond):
                return second.samples_uv[first:]
        return self.intake.opened(index, first)

    def post(self, known_s: NightTime, event: AnyEvent | Envelope) -> None:
        """Something from outside, handled at the first tick that ends at or after known_s.

        What would have this bed sound something goes through its gate.
        """
        let_in = self._gate.admit_command(event, known_s) if isinstance(event, ORDERS) else event
        if let_in is not None:
            self._inbox.append((known_s, let_in))

    def hush(self) -> None:
        """A withdrawal silences the bed now; that it happened is told at the tick."""
        if self.speaker is not None:
            self.speaker.set_bit(Bit.REVOKED, on=True)

    def hold_back(self, rung: Rung) -> None:
        """A person stops this bed's sound now, or has it fade; how far it is held back is told at the tick."""
        bit = Bit.FADING if rung == "FADE" else Bit.HALTED
        self._stepped |= {bit}
        if self.speaker is not None:
            self.speaker.set_bit(bit, on=True)

    def look_after_speaker(self, now_s: NightTime) -> None:
        """In real time: beats as far as the samples reach, and reopens a speaker that no longer renders."""
        if self.speaker is not None:
            self._care.look(self.speaker, now_s, self.intake.fresh_s, is_armed=self.pod.decision.armed)

    def disarm(self, now_s: NightTime) -> None:
        """Silent from now on, told at the tick; armed again once, where the sleeper allowed that, and never sooner."""
        self._disarmed = True
        if self.speaker is not None:
            self.speaker.set_bit(Bit.NOT_ARMED, on=True)
        self._wait_for_rearming(now_s)

    def _wait_for_rearming(self, now_s: NightTime) -> None:
        """The one re-arming that a sleeper may have allowed comes no sooner than REARM_AFTER_S from now."""
        self._inbox = [
            (known_s, event)
            for known_s, event in self._inbox
            if not (isinstance(event, Rearmed) and event.by == REARMED_BY_CONSENT)
        ]
        self._rearm_s = to_microsecond(now_s + REARM_AFTER_S)

    def _rearm_alone(self, tick: int) -> None:
        """Some time after its speaker came back, once in a night, where the sleeper allowed that."""
        if self._rearm_s is not None and self._rearm_s <= tick + 1:
            if self.pod.decision.may_rearm_alone:
                self.post(self._rearm_s, Rearmed(onset_s=self._rearm_s, by=REARMED_BY_CONSENT))
            self._rearm_s = None

    def is_ready(self, tick: int) -> bool:
        """True when the tick's own second is here in time, or none will ever come."""
        if self.closed or self.finished:
            return True
        return any(second.index >= tick and second.arrived_s <= tick + 1 + LATE_S for second, _ in self._seconds)

    def is_overdue(self, tick: int, now_s: NightTime) -> bool:
        """True when nobody waits for the tick's second any more."""
        return now_s >= self._due_s(tick)

    @property
    def _is_step_waiting(self) -> bool:
        """Whether a person holds this bed back in a second that is not told yet."""
        return any(isinstance(event, OperatorStepped) for _, event in self._inbox)

    def silence(self) -> None:
        """The bed falls silent now and stays so; its samples go on being kept."""
        self._silenced = True
        if self.speaker is not None:
            self.speaker.set_bit(Bit.HALTED, on=True)

    def rests_until(self, now_s: NightTime) -> NightTime:
        """When there is something to do around this pod, now while a sound or a second is under way; inf if never."""
        if self._due or self._seconds or self._gaps or self._unsaid or self._heard_early:
            return now_s
        rearms_s = [] if self._rearm_s is None else [self._rearm_s]
        return min([*(known_s for known_s, _ in self._inbox), *rearms_s], default=NightTime(math.inf))

    def advance(self, tick: int, words: Sequence[Word]) -> list[AnyEvent]:
        """Settles one tick of this bedside; returns its events and gives the speaker its bits and cues.

        Args:
            tick: the one being settled.
            words: what came as the house's; only what its gate lets in has an effect.
        """
        self._hear()
        leases, glitches = self._gate.admit(words, NightTime(tick + 1.0))
        self._inbox += [(NightTime(glitch.onset_s), glitch) for glitch in glitches]
        self._rearm_alone(tick)
        seconds = self._take(tick)
        inputs = self._found(tick, seconds) + self._gaps_until(seconds) + self._inbox_until(tick)
        self.pod, said = pod_loop.advance(self.pod, tick, inputs=inputs, leases=leases, seconds=seconds)
        self._heed([event for event in said if isinstance(event, ConsentWithdrawn)])
        self._disarmed = self._disarmed and not any(isinstance(event, DISARMING) for event in inputs)
        self._stepped = self._stepped if self._is_step_waiting else frozenset()
        if self._was_slow():  # nobody can tell over which: no cue that was decided just now begins
            self._undecided = {event.id for event in said if isinstance(event, CueDue | PhaseWindowOpened)}
        for cue, met in self.pod.met.items():
            self._tell_phase(cue, met)
        self._act(tick, said)
        self._ahead.begin(self.pod, said)
        return said

    def _heed(self, refusals: Sequence[ConsentWithdrawn]) -> None:
        """A no that this bed heard by itself: silence first, then what outlasts this process."""
        for no in refusals:
            if no.kind == "derived":
                self.hush()
                self._keep_no(no)

    def close(self, tick: int) -> list[AnyEvent]:
        """Silences the bed for good, waits for its last outcomes, ends its files: each, whatever fails before it."""
        self.closed = True
        said: list[AnyEvent] = []
        each_in_turn([partial(self._end_sound, tick), partial(self._last_words, tick, said), self.intake.close])
        return said

    def _due_s(self, index: int) -> NightTime:
        """When a second must be in hand to be in time; the arrivals before it decide, so a replay finds the same.

        What counts is when its last whole second came, not where the missing one ends: its last sample may have come
        just behind that whole second.
        """
        due_s = index + 1 + LATE_S
        if self._newest is not None and self._newest.index == index - 1:
            due_s = min(due_s, self._newest.arrived_s + LOST_AFTER_S)
        return NightTime(due_s)

    def _end_sound(self, tick: int) -> None:
        if self.speaker is None:
            return
        self.speaker.set_bit(Bit.NOT_ARMED, on=True)
        self.speaker.beat(NightTime(tick + 2.0))
        self._hear()
        self.speaker.close()
        self._hear()
        for outcome in self._heard_early:
            self._end(outcome)

    def _last_words(self, tick: int, said: list[AnyEvent]) -> None:
        end_s = self.intake.ends_s - self.intake.stream.delay_s
        ended = [StreamEnded(onset_s=to_microsecond(end_s))] if self.finished else []
        self.pod, last = pod_loop.close(self.pod, tick, inputs=[*ended, *self._left_in_inbox(tick)])
        said.extend(last)

    def _take(self, tick: int) -> list[Second]:
        taken: list[Second] = []
        while self._seconds and self._seconds[0].is_for(tick):
            taken.append(self._seconds.popleft().second)
        return taken

    def _found(self, tick: int, seconds: Sequence[Second]) -> list[AnyEvent]:
        """Lost when the tick has no second of its own, found when it has one again."""
        on_time = bool(seconds) and seconds[-1].index == tick
        was_s, lost = self._taken_s, self.pod.decision.lost
        if seconds:
            self._taken_s = seconds[-1].index + 1.0
        if on_time:
            return [StreamFound(onset_s=tick + 1.0, lost_s=to_microsecond(tick - was_s))] if lost else []
        return [] if lost or self.finished else [StreamLost(onset_s=tick + 1.0, last_s=self._taken_s)]

    def _gaps_until(self, seconds: Sequence[Second]) -> list[AnyEvent]:
        if not seconds:
            return []
        end_s = seconds[-1].index + 1.0
        past = [gap for gap in self._gaps if gap.onset_s + gap.duration_s <= end_s + 1e-6]
        self._gaps = [gap for gap in self._gaps if gap not in past]
        return [
            GapSeen(onset_s=to_microsecond(gap.onset_s), duration_s=to_microsecond(gap.duration_s), samples=gap.samples)
            for gap in past
        ]

    def _inbox_until(self, tick: int) -> list[AnyEvent]:
        ready = [event for known_s, event in self._inbox if known_s <= tick + 1]
        self._inbox = [item for item in self._inbox if item[0] > tick + 1]
        return ready

    def _left_in_inbox(self, tick: int) -> list[AnyEvent]:
        """What is still to be told when the bed is closed; what was only planned for later did not come to pass."""
        left, self._inbox = self._inbox, []
        return [event for known_s, event in left if known_s <= tick + 1 or not isinstance(event, PLANNED)]

    def _act(self, tick: int, said: Sequence[AnyEvent]) -> None:
        """Bits first, then cues: what was decided reaches the speaker in the order of safety."""
        early = self._now_said(said)
        for due in said:
            if isinstance(due, CueDue) and due.id not in early:
                self._due[due.id] = due
        if self.speaker is None:
            return
        for bit, on in player.bits(self.pod.decision, NightTime(tick + 1.0), senses=self.pod.senses).items():
            # A withdrawal from another process may be newer than this state: REVOKED is only ever set here.
            if on or bit is not Bit.REVOKED:
                self.speaker.set_bit(bit, on=on or self._holds(bit))
        for bit in (Bit.HALTED, Bit.FADING, Bit.NOT_ARMED):  # silence() may have come in between, from a signal handler
            if self._holds(bit):
                self.speaker.set_bit(bit, on=True)
        for due in said:
            if isinstance(due, CueDue) and due.id not in early:
                self._play(self.speaker, due)

    def _now_said(self, said: Sequence[AnyEvent]) -> set[str]:
        """Cues that were commanded within their second are told now that it is over; then what became of them, too.

        One that was commanded and is not told all the same (its sleeper withdrew meanwhile) stays under its window.
        """
        told = {event.cause or "": event for event in said if isinstance(event, CueDue) and event.cause in self._unsaid}
        self._due |= told
        self._unsaid = {
            name: second for name, second in self._unsaid.items() if name not in told and second >= self._taken_s
        }
        waiting, self._heard_early = self._heard_early, []
        for outcome in waiting:
            self._end(outcome)
        return {due.id for due in told.values()}

    def _play(self, speaker: Speaker, due: CueDue) -> None:
        """A cue without a sound that fits it stays silent, and that is told as a failure; so does an undecided one."""
        if {due.id, due.cause} & self._undecided:
            self._end(unplayed(due, "undecided"))
            return
        sound = self._choose(due)
        if sound is None:
            self._end(unplayed(due, "failed"))
        elif sound is CHANGED:
            glitch = GlitchSeen(onset_s=due.play_at_s, glitch="SOUND_CHANGED")
            self.post(NightTime(due.expires_s), glitch)
            self._end(unplayed(due, "changed"))
        else:
            speaker.play(command_for(due, sound, fade_s=self.pod.plan.arousal_fade_s))

    def _holds(self, bit: Bit) -> bool:
        """What this bed keeps on although the pod's state does not know it yet."""
        is_halted = self._silenced and bit is Bit.HALTED
        return is_halted or bit in self._stepped or (self._disarmed and bit is Bit.NOT_ARMED)

    def _hear(self) -> None:
        """What became of cues goes to the inbox."""
        if self.speaker is not None:
            for outcome in self.speaker.outcomes():
                self._end(outcome)

    def _end(self, outcome: SoundOutcome) -> None:
        """One cue's outcome, with its sealed audit behind it."""
        if outcome.cue_id in self._unsaid and not self.closed:
            self._heard_early.append(outcome)
            return
        due = self._due.pop(outcome.cue_id, None)
        if due is None:
            return
        known_s = NightTime((outcome.actual_s or due.expires_s) + outcome.heard_s)
        self.post(known_s, told(due, outcome))
        if due.part in self.pod.plan.phased:  # audited by the pod, once its phase is certain
            return
        self.post(known_s, CueAudited(onset_s=to_microsecond(known_s), cause=due.id, payload=None))
