"""What does one bedside do with this second? Samples to facts, facts to gates, gates through vetoes to a cue.

`advance` is called once for every pod and tick, live and in a replay, with what came in and which seconds are complete.
It has no clock: time is the tick's.
"""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import replace

from dreamloom.eyes.saccades import Saccade
from dreamloom.eyes.strengths import Meter, heard
from dreamloom.pod import eye_refusal, talking, waves
from dreamloom.pod.by_the_clock import Unstaged
from dreamloom.pod.episodes import Episodes, told
from dreamloom.pod.fold import evolve
from dreamloom.pod.gates import shut_by
from dreamloom.pod.looking import Senses
from dreamloom.pod.plan import Plan
from dreamloom.pod.player import decide, softened
from dreamloom.pod.rhythms import Met, MetSpindle
from dreamloom.pod.state import PodState
from dreamloom.pod.tracking import BelievedSecond, Believing, Tracking, told_of, track
from dreamloom.pod.waves import Watched
from dreamloom.pod.windows import due_in
from dreamloom.record.events import AnyEvent, ArousalSeen, CueAudited, CueDue, EyeSignalSeen, ToBed
from dreamloom.record.staff_events import BackInBedTold, OutOfBedTold
from dreamloom.signals.blocks import GridSecond
from dreamloom.vocabulary.ids import EventId
from dreamloom.vocabulary.units import NightTime, Seconds

LATE_S = Seconds(2.0)
"""A second in hand later than this after its end is stored and staged, never cued on."""


class Pod(msgspec.Struct, frozen=True, kw_only=True):
    """One bedside: what it was asked to do, what it believes about the signal, what it has decided so far.

    Attributes:
        tracking: signal state; warmed again from the stored signal.
        decision: the fold of its events and of the leases that reached it, and nothing else.
        episodes: silences that are not told yet; they decide nothing.
        waves: what the parts wait for that sound in step with one; signal state as well.
        gaze: movements of the eyes while an answer is waited for; signal state as well.
        meters: muscle and breath where a dialogue listens to them; signal state as well.
        met: the phase of each cue that was audited in the last tick, by the cue's id; for its sealed payload.
        is_settled: nothing was decided at its last look.
    """

    id: str
    plan: Plan
    tracking: Tracking | Unstaged | Believing
    decision: PodState
    episodes: Episodes = msgspec.field(default_factory=dict)
    waves: tuple[Watched, ...] = ()
    met: Mapping[str, Met | MetSpindle] = msgspec.field(default_factory=dict)
    gaze: tuple[Saccade, ...] = ()
    meters: tuple[Meter, ...] = ()
    boot: int = 0
    events_said: int = 0
    is_settled: bool = False

    @property
    def senses(self) -> Senses:
        """What its newest second shows."""
        seen = {each.part: each.wave for each in self.waves}
        return Senses(self.tracking.stirring, self.tracking.in_hand_s, seen)


def advance(
    pod: Pod,
    tick: int,
    *,
    inputs: Sequence[AnyEvent],
    leases: Sequence[ToBed],
    seconds: Sequence[GridSecond | BelievedSecond],
) -> tuple[Pod, list[AnyEvent]]:
    """One tick of one pod.

    Args:
        pod: the bedside as the last tick left it.
        tick: the 1-s tick being settled; decisions are made at its end, night time tick + 1.
        inputs: what came from outside since the last tick, in order, with their own onset_s.
        leases: what the night grants, offers or ends with effect from this tick; the night's own events in the record.
        seconds: the complete seconds up to this tick that were not handled yet; none while the stream is lost.

    Returns:
        The bedside after the tick and its events, stamped, inputs first.
    """
    said: list[AnyEvent] = []
    pod = replace(pod, met={}) if pod.met else pod
    for event in inputs:
        pod, stamped = _say(pod, event, tick, kind="input")
        said.append(stamped)
        if isinstance(stamped, EyeSignalSeen):
            pod = _heed(pod, stamped, tick, said)
        if isinstance(stamped, OutOfBedTold | BackInBedTold):
            pod = replace(pod, tracking=told_of(pod.tracking, left=isinstance(stamped, OutOfBedTold)))
    for lease in leases:
        pod = replace(pod, decision=evolve(pod.decision, lease, pod.plan))
    for second in seconds:
        pod = _believe(pod, second, tick, said)
    return _decide(pod, tick, said), said


def _believe(pod: Pod, second: GridSecond | BelievedSecond, tick: int, said: list[AnyEvent]) -> Pod:
    """Tracks one second; what was found becomes events."""
    tracking, facts = track(pod.tracking, second, asleep=pod.decision.asleep_since_s is not None)
    pod = replace(pod, tracking=tracking)
    for fact in facts:
        pod, stamped = _say(pod, fact, tick, kind="derived")
        said.append(stamped)
        if isinstance(stamped, ArousalSeen):
            pod = _soften(pod, stamped, tick, said)
        if isinstance(stamped, EyeSignalSeen):
            pod = _heed(pod, stamped, tick, said)
    pod = _listen(pod, second, tick, said) if pod.decision.talks or pod.meters else pod
    for place, each in enumerate(pod.waves):
        pod = _meet(pod, place, waves.heard(each, second), tick, said)
    return pod


def _listen(pod: Pod, second: GridSecond | BelievedSecond, tick: int, said: list[AnyEvent]) -> Pod:
    """Keeps what answers are given with; reads them when their time is over."""
    eyes = pod.tracking.eyes if isinstance(pod.tracking, Tracking) else None
    gaze = talking.kept(pod.gaze, eyes.recent if eyes else (), pod.decision)
    meters = tuple(heard(each, second) for each in pod.meters) if isinstance(second, GridSecond) else pod.meters
    pod = replace(pod, gaze=gaze, meters=meters)
    told_by = talking.Heard(gaze, eyes.limits if eyes else None, meters)
    for answer in talking.answered(pod.plan, pod.decision, NightTime(second.index + 1.0), told_by):
        pod, stamped = _say(pod, answer, tick, kind="derived")
        said.append(stamped)
    return pod


def _meet(pod: Pod, place: int, told_of: waves.Heard, tick: int, said: list[AnyEvent]) -> Pod:  # noqa: PLR0917 - private, in the order of the sentence
    """The moment of this second becomes a cue where a window allows it; what is certain by now is audited."""
    after, index = told_of.watched, told_of.watched.state.next_index - 1
    for checked in told_of.checked:
        pod, stamped = _say(pod, checked, tick, kind="derived")
        said.append(stamped)
    pod = _audit(pod, told_of.met, tick, said)
    for moment in told_of.moments:
        window = pod.decision.windows.get(after.part)
        if window is None or window.onset_s != index or pod.decision.revoked:
            after = waves.passed(after)
            continue
        pod, stamped = _say(pod, due_in(window, moment.play_at_s, NightTime(tick + 1.0)), tick, kind="derived")
        said.append(stamped)
        after = waves.cued(after, moment, stamped.id)
    return replace(pod, waves=(*pod.waves[:place], after, *pod.waves[place + 1 :]))


def _audit(pod: Pod, met: Mapping[str, Met | MetSpindle | None], tick: int, said: list[AnyEvent]) -> Pod:
    """Every cue of a wave, whether its phase is known by now or never will be."""
    for cue in met:
        audited = CueAudited(onset_s=NightTime(tick + 1.0), cause=cue, payload=None)
        pod, stamped = _say(pod, audited, tick, kind="derived")
        said.append(stamped)
    known = {cue: phase for cue, phase in met.items() if phase is not None}
    return replace(pod, met={**pod.met, **known}) if known else pod


def _soften(pod: Pod, arousal: ArousalSeen, tick: int, said: list[AnyEvent]) -> Pod:
    event = softened(pod.decision, pod.plan, arousal)
    if event is None:
        return pod
    pod, stamped = _say(pod, event, tick, kind="derived")
    said.append(stamped)
    return pod


def _heed(pod: Pod, signal: EyeSignalSeen, tick: int, said: list[AnyEvent]) -> Pod:
    """A no that was said with the eyes holds before anything else is decided."""
    refused = eye_refusal.withdrawal(pod.decision.refusal, signal)
    if refused is None or pod.decision.revoked:
        return pod
    pod, stamped = _say(pod, refused, tick, kind="derived")
    said.append(stamped)
    return pod


def _decide(pod: Pod, tick: int, said: list[AnyEvent]) -> Pod:
    now_s = NightTime(tick + 1.0)
    episodes, due = decide(pod.decision, pod.plan, now_s, senses=pod.senses, episodes=pod.episodes)
    pod = replace(pod, episodes=episodes, is_settled=not due)
    for event in due:
        pod, stamped = _say(pod, event, tick, kind="derived")
        said.append(stamped)
        if isinstance(stamped, CueDue):
            pod = _follow(pod, stamped)
        label = pod.plan.label_of(stamped)
        if label is not None:
            pod, labelled = _say(pod, label, tick, kind="derived")
            said.append(labelled)
    return replace(pod, waves=tuple(_wanted(pod, each, now_s) for each in pod.waves)) if pod.waves else pod


def _follow(pod: Pod, due: CueDue) -> Pod:
    """A cue that comes behind one of a wave is audited as that one; its moment was never one of the wave's own."""
    at_s = NightTime(due.play_at_s)
    told_of = (waves.followed(each, at_s, due.id) if each.part == due.part else each for each in pod.waves)
    return replace(pod, waves=tuple(told_of)) if pod.waves else pod


def _wanted(pod: Pod, each: Watched, now_s: NightTime) -> Watched:
    """Whether its gate is open, asked once for every second, before the second comes: later it would be too late."""
    if each.state.next_index != int(now_s):
        return each
    gate = pod.plan.parts[each.part].when
    shut = shut_by(gate, pod.decision, now_s, part=each.part, wall=pod.plan.wall)
    return replace(each, wanted=shut is None and pod.plan.plays_in(each.part, pod.decision.scene))


def close(pod: Pod, tick: int, *, inputs: Sequence[AnyEvent]) -> tuple[Pod, list[AnyEvent]]:
    """The last words of a bedside: what came in since its last tick, and every episode of silence still open."""
    said: list[AnyEvent] = []
    for event in inputs:
        pod, stamped = _say(pod, event, tick, kind="input")
        said.append(stamped)
    for each in pod.waves:
        pod = _audit(pod, dict.fromkeys(each.waiting), tick, said)
    for episode in pod.episodes.values():
        pod, stamped = _say(pod, told(episode, NightTime(tick + 1.0)), tick, kind="derived")
        said.append(stamped)
    return replace(pod, episodes={}), said


def _say(pod: Pod, event: AnyEvent, tick: int, *, kind: str) -> tuple[Pod, AnyEvent]:
    """Stamps an event with this pod's next id and folds it into the state."""
    identity = str(EventId(pod.id, pod.boot, pod.events_said))
    stamped = replace(event, id=identity, kind=kind, tick=tick, pod=pod.id)
    return replace(pod, events_said=pod.events_said + 1, decision=evolve(pod.decision, stamped, pod.plan)), stamped
