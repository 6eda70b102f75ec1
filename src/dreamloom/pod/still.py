"""Until when does nothing turn at this bed by time alone? Every moment at which a look may come out otherwise.

A look depends on what the bed knows, and on how now compares with moments that it remembers, some of them plus a span
of the plan. While nothing is seen, heard or told, the same look comes out until the first of those moments, so that a
rehearsal may step over the seconds between. Here may stand a moment too many, which costs one look, never one too few.
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dreamloom.dreamscape.company import is_at_one_moment
from dreamloom.dreamscape.findings import gates_of
from dreamloom.dreamscape.gate import Gate
from dreamloom.dreamscape.slots import relay_slot
from dreamloom.jukebox.levels import NIGHTLY_DOSE, sound_energy
from dreamloom.pod.cycles import CYCLE_S
from dreamloom.pod.loop import Pod
from dreamloom.pod.plan import LEAD_S, SETTLED_S, Plan
from dreamloom.pod.state import HOUR_S, PartState, PodState
from dreamloom.pod.waking import WORD_WITHIN_S, apart_s
from dreamloom.record.events import LeaseGranted
from dreamloom.vetoes.cue import STAGE_FRESH_S
from dreamloom.vocabulary.units import EFFECT_TICKS, Decibels, NightTime, Seconds, to_microsecond


class Rest(NamedTuple):
    """The timing of one part: from one cue to the next, what is drawn on top at most, and how long after any cue."""

    part: int
    every_s: float
    jitter_s: float
    refractory_s: float
    ahead_s: float


class Spans(NamedTuple):
    """All that a plan adds to moments, found once.

    Attributes:
        is_restless: something in it is looked at anew every second: the phase of a wave, a talk, a running mean.
        after_dark_s, after_onset_s, asleep_s, stable_s, signalled_s, in_scene_s: since lights off, sleep onset, falling
            asleep, an estimate, an eye signal, a scene began.
        by_the_clock: cycles are counted in spans of one length.
        wall_s: moments of this night, on this sleeper's wall.
        loudest: energy of the most that one cue can be.
    """

    is_restless: bool
    after_dark_s: tuple[float, ...]
    after_onset_s: tuple[float, ...]
    asleep_s: tuple[float, ...]
    stable_s: tuple[float, ...]
    signalled_s: tuple[float, ...]
    in_scene_s: tuple[float, ...]
    by_the_clock: bool
    wall_s: tuple[float, ...]
    rests: tuple[Rest, ...]
    loudest: float


def spans_of(plan: Plan) -> Spans:
    """Of every part, step, relay and awakening of this plan, whether or not it is this bed's turn."""
    gates = [gate for _, gate in gates_of(plan.dreamscape)]
    steps = [step for scene in plan.dreamscape.scenes.values() for step in scene.next]
    prefers = any(each.prefer for each in plan.dreamscape.awakenings)
    stop = plan.dreamscape.stop
    signals = [gate.eye_signal for gate in gates] + [stop.eye_signal.seen if stop and stop.eye_signal else None]
    relays = map(relay_slot, range(len(plan.dreamscape.relays)))
    longest_s = max((plan.sounding_s(cue) for cue in plan.cue_sha256), default=0.0)
    return Spans(
        is_restless=bool(plan.phased or plan.dialogues) or any(gate.mean_confidence for gate in gates),
        after_dark_s=_windows(gates, "after_lights_off_s"),
        after_onset_s=_windows(gates, "after_sleep_onset_s"),
        asleep_s=_known(gate.asleep_for_s for gate in gates),
        stable_s=_known((*(gate.stable_for_s for gate in gates), SETTLED_S if prefers else None)),
        signalled_s=_known(each.within_s for each in signals if each is not None),
        in_scene_s=_known(step.after_s for step in steps),
        by_the_clock=plan.unstageable and any(gate.cycle for gate in gates),
        wall_s=_known(end_s for stretches in plan.wall.values() for each in stretches for end_s in each),
        rests=tuple(_rest(plan, number) for number in (*plan.obeyed, *relays)),
        loudest=sound_energy(Decibels(plan.dreamscape.levels.cap_dba), Seconds(longest_s)),
    )


def _rest(plan: Plan, number: int) -> Rest:
    part = plan.part(number)
    shared = is_at_one_moment(part.for_)  # drawn by the house, and looked at as it will be when its moment is called
    return Rest(
        part=number,
        every_s=part.every_s,
        jitter_s=0.0 if shared else part.jitter_s or 0.0,
        refractory_s=part.refractory_s or 0.0,
        ahead_s=float(EFFECT_TICKS) if shared else 0.0,
    )


def still_until(pod: Pod, spans: Spans, now_s: NightTime) -> NightTime:
    """The first moment, now or later, at which something may turn here by itself; now where that is not foreseen.

    Args:
        pod: the bed after its look at now_s.
        spans: of its plan.
        now_s: the end of the second that was settled last.
    """
    if _is_restless(pod, spans, now_s):
        return now_s
    state, plan = pod.decision, pod.plan
    to_come_s = [
        *_of_leave_s(state, spans, now_s),
        *_of_gates_s(state, spans, now_s),
        *_of_parts_s(state, spans, now_s),
        *(_of_awakenings_s(state, plan, now_s) if plan.awakenings else ()),
    ]
    for number, episode in pod.episodes.items():
        to_come_s += _plus(now_s, episode.last_occasion_s, (plan.part(number).every_s,))
    return NightTime(max(now_s, min(to_come_s, default=math.inf)))


def _is_restless(pod: Pod, spans: Spans, now_s: NightTime) -> bool:
    """Where each second is another one: what goes on now, and what was said in this very second."""
    state = pod.decision
    return bool(
        spans.is_restless
        or not pod.is_settled
        or pod.waves
        or pod.met
        or pod.tracking.stirring
        or state.command
        or state.windows
        or state.is_ringing
        or state.dose + spans.loudest > NIGHTLY_DOSE  # from here on the level counts, and that is on its way
        or any(seen.tick + 1 >= now_s for seen in state.happened.values())
        or any(episode.policies for episode in pod.episodes.values())
        or any(_is_drawn_now(rest, state.memory(rest.part), now_s) for rest in spans.rests)
    )


def _is_drawn_now(rest: Rest, memory: PartState, now_s: NightTime) -> bool:
    """In the midst of a train, or of the time in which a part's next cue was drawn to come."""
    if memory.train is not None and memory.train.next_s >= now_s - 1.0:
        return True
    if not rest.jitter_s or memory.last_cue_s is None:
        return False
    return -1.0 <= now_s - memory.last_cue_s - rest.every_s <= rest.jitter_s + 1.0


def _of_leave_s(state: PodState, spans: Spans, now_s: NightTime) -> list[float]:
    """What this bed is let do and for how long, which pauses hold it, which sound goes on, what the wall shows."""
    begins_s = to_microsecond(now_s + LEAD_S)  # of a cue that is decided now
    offered_s = [at_s for offer in state.offers for at_s in (offer.from_s, offer.until_s)]
    until_s: list[float] = [*offered_s, state.paused_until_s, state.quiet_until_s, state.report_until_s, *spans.wall_s]
    ends_s: list[float] = [state.sounds_until_s]
    for lease in state.leases.values():
        until_s += (lease.not_before_s, lease.not_after_s)
        ends_s.append(lease.not_after_s)
    if state.grant_ends_s is not None:
        until_s.append(state.grant_ends_s)
        ends_s.append(state.grant_ends_s)
    called_s = [moment.from_s for moment in state.moments.values() if moment.from_s >= now_s]
    return [*called_s, *_after(now_s, until_s), *(end_s - LEAD_S for end_s in ends_s if begins_s < end_s)]


def _of_gates_s(state: PodState, spans: Spans, now_s: NightTime) -> list[float]:
    to_come_s = [
        *_plus(now_s, state.lights_off_s, spans.after_dark_s),
        *_plus(now_s, state.sleep_onset_s, spans.after_onset_s),
        *_plus(now_s, state.sleep_onset_s, spans.asleep_s),
        *_plus(now_s, state.asleep_since_s, spans.asleep_s),
        *_plus(now_s, state.scene_since_s, spans.in_scene_s),
    ]
    for signal_s in state.signalled_s:
        to_come_s += [signal_s + span_s for span_s in spans.signalled_s if now_s - signal_s <= span_s]
    if state.readings and now_s - state.readings[-1].window_end_s <= STAGE_FRESH_S:
        to_come_s.append(state.readings[-1].window_end_s + STAGE_FRESH_S)
    for span_s in spans.stable_s:
        to_come_s += _oldest(now_s, [reading.window_end_s for reading in state.readings], span_s)
    for since_s in (state.lights_off_s, state.sleep_onset_s) if spans.by_the_clock else ():
        whole = 0 if since_s is None else max(0, math.floor((now_s - since_s) / CYCLE_S))
        to_come_s += _plus(now_s, since_s, (CYCLE_S * whole, CYCLE_S * (whole + 1)))
    return to_come_s


def _of_parts_s(state: PodState, spans: Spans, now_s: NightTime) -> list[float]:
    to_come_s = _oldest(now_s, state.cue_times_s, HOUR_S)
    for rest in spans.rests:
        memory, then_s = state.memory(rest.part), now_s + rest.ahead_s
        to_come_s += _oldest(now_s, memory.cue_times_s, HOUR_S)
        own_s = _plus(then_s, memory.last_cue_s, (rest.every_s, rest.refractory_s))
        any_s = _plus(then_s, state.last_cue_s, (rest.refractory_s,))
        to_come_s += [at_s - rest.ahead_s for at_s in (*own_s, *any_s)]
    return to_come_s


def _of_awakenings_s(state: PodState, plan: Plan, now_s: NightTime) -> list[float]:
    to_come_s: list[float] = []
    for index in plan.awakenings:
        asked, latest_s, waking = plan.rung[index], plan.wake_s.get(index), state.wakings.get(index)
        if latest_s is not None:
            to_come_s += _after(now_s, (latest_s, latest_s - (asked.look_for_s or 0.0)))
        if waking is None:
            continue
        to_come_s += _plus(now_s, waking.due_s, (apart_s(asked, index, waking.times, plan.seed),))
        for after_s in (0.0, asked.report.record_s if asked.report else 0.0, asked.awake_for_s or 0.0):
            to_come_s += _plus(now_s, waking.made_s, (after_s, after_s + WORD_WITHIN_S))
    return to_come_s


def _after(now_s: float, moments_s: Iterable[float]) -> list[float]:
    return [moment_s for moment_s in moments_s if now_s < moment_s]


def _plus(now_s: float, since_s: float | None, spans_s: Sequence[float]) -> list[float]:
    """Looks ask both how long ago a moment was and whether its span is over, and rounding may tell these apart."""
    if since_s is None or not spans_s:
        return []
    return [since_s + span_s for span_s in spans_s if now_s - since_s < span_s or now_s < since_s + span_s]


def _oldest(now_s: float, moments_s: Sequence[float], span_s: float) -> list[float]:
    """When the first of these, oldest first, that is not so long ago will be."""
    return next(([at_s + span_s] for at_s in moments_s if now_s - at_s < span_s or now_s < at_s + span_s), [])


def _windows(gates: Iterable[Gate], since: str) -> tuple[float, ...]:
    """Both ends of each window: it begins so long after that moment, and lasts."""
    begun = [(getattr(gate, since), gate.for_s) for gate in gates]
    return _known(end_s for from_s, for_s in begun if from_s is not None for end_s in (from_s, from_s + (for_s or 0.0)))


def _known(spans_s: Iterable[float | None]) -> tuple[float, ...]:
    return tuple(sorted({float(span_s) for span_s in spans_s if span_s is not None}))


def is_renewal(state: PodState, lease: LeaseGranted, now_s: NightTime) -> bool:
    """True for a lease that only goes on where another one holds: no look comes out otherwise by it.

    One that leaves no cue, or comes where none was left, is no such one.
    """
    before = state.leases.get(lease.sound_class)
    if before is None or not (before.not_before_s <= now_s and now_s + 1.0 < before.not_after_s):
        return False
    if not (lease.not_before_s <= now_s and before.not_after_s <= lease.not_after_s):
        return False
    is_same = (before.cues, before.level_cap_db, before.dreamscape_sha256) == (
        lease.cues,
        lease.level_cap_db,
        lease.dreamscape_sha256,
    )
    return is_same and state.cues_since_lease < before.cues_left and lease.cues_left > 0
