"""What does a planned sound use up at its bed: a budget, a rest, a question's turn, an awakening's ring?"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from dreamloom.dreamscape.slots import BY_COMMAND, dialogue_slot, index_in, is_awakening, is_dialogue, is_relay
from dreamloom.jukebox.levels import NIGHTLY_DOSE, sound_energy
from dreamloom.pod import talks
from dreamloom.pod.plan import Plan
from dreamloom.pod.state import PartState, PodState, Waking, all_shut, last_hour, without
from dreamloom.pod.talks import Talk
from dreamloom.pod.trains import behind, goes_on
from dreamloom.record.events import (
    AnswerSeen,
    AnyEvent,
    AwakeningDue,
    AwakeningMade,
    CueDue,
    DoseSeen,
    LetterSeen,
    PhaseWindowOpened,
)
from dreamloom.vocabulary.units import Decibels, NightTime, to_four_places, to_microsecond

NEAR_DOSE = 0.8
"""Of the nightly dose: from there on it is told that it runs out. Ours."""


def _cue_due(state: PodState, event: CueDue, plan: Plan) -> PodState:
    """Played, sham, failed and unknown count alike: what was decided uses up budget and refractory time."""
    if is_awakening(event.part):
        return _rung(state, event, plan)
    now_s = NightTime(event.onset_s)
    parts, elsewhere = list(state.parts), state.elsewhere
    if is_relay(event.part) or is_dialogue(event.part):
        elsewhere = {**elsewhere, event.part: _again(state, event, plan)}
    elif event.part != BY_COMMAND:
        parts[event.part] = _again(state, event, plan)
    return replace(
        state,
        command=None if event.part == BY_COMMAND else state.command,
        parts=tuple(parts),
        elsewhere=elsewhere,
        offers=without(state.offers, event.cause),
        talks=_asked(state, event, plan),
        cue_times_s=last_hour(state.cue_times_s, now_s, 1),
        cues_since_lease=state.cues_since_lease + 1,
        dose=state.dose + _energy_of(event, plan),
        windows={part: window for part, window in state.windows.items() if part != event.part},
        sounds_until_s=max(state.sounds_until_s, to_microsecond(event.play_at_s + plan.sounding_s(event.cue))),
    )


def _again(state: PodState, event: CueDue, plan: Plan) -> PartState:
    """What is remembered of the cue's own part, or relay, after it."""
    now_s, before = NightTime(event.onset_s), state.memory(event.part)
    restarts = plan.ramp_restarts(event.part, before.last_cue_s, now_s)
    # A wave's cue is told when its second is over: the rest behind it is counted from its own moment.
    began_s = NightTime(event.play_at_s) if event.part in plan.phased else now_s
    return replace(
        before.cued(now_s),
        ramp_from_s=now_s if restarts else before.ramp_from_s,
        last_cue_s=before.last_cue_s if goes_on(before.train, event) else began_s,
        train=behind(before.train, event, plan.part(event.part).repeat),
    )


def _energy_of(event: CueDue, plan: Plan) -> float:
    level_db, lasts_s = Decibels(event.level_db), plan.sounding_s(event.cue)
    return sound_energy(level_db, lasts_s) if event.sound_class == "sleep" else 0.0


def _waits(state: PodState, event: PhaseWindowOpened, _: Plan) -> PodState:
    return replace(state, windows={**state.windows, event.part: event})


def _asked(state: PodState, event: CueDue, plan: Plan) -> dict[int, Talk]:
    if event.part == BY_COMMAND and (slot := plan.dialogue_of(event.cue)) is not None:
        talk, length_s = state.talks.get(slot, Talk()), plan.sounding_s(event.cue)
        return {**state.talks, slot: talks.asked_by_hand(talk, plan.dialogue(slot), event, length_s=length_s)}
    if not is_dialogue(event.part) or index_in(event.part) not in plan.dialogues:
        return state.talks
    talk, length_s = state.talks.get(event.part, Talk()), plan.sounding_s(event.cue)
    return {**state.talks, event.part: talks.asked(talk, plan.dialogue(event.part), event, length_s=length_s)}


def _answered(state: PodState, event: AnswerSeen | LetterSeen, plan: Plan) -> PodState:
    slot = dialogue_slot(event.dialogue)
    if event.dialogue not in plan.dialogues:
        return state
    after = talks.answered(state.talks.get(slot, Talk()), plan.dialogue(slot), event)
    return replace(state, talks={**state.talks, slot: after})


def _rung(state: PodState, event: CueDue, plan: Plan) -> PodState:
    """A sound that wakes, or one for somebody who was woken: none of the night's cues, blamed for no arousal."""
    waking = state.wakings.get(index_in(event.part))
    wakings = state.wakings
    if waking is not None and waking.made_s is not None:
        wakings = {**wakings, index_in(event.part): waking._replace(words=waking.words | {event.cue})}
    return replace(
        state,
        wakings=wakings,
        elsewhere={**state.elsewhere, event.part: _again(state, event, plan)},
        sounds_until_s=max(state.sounds_until_s, to_microsecond(event.play_at_s + plan.sounding_s(event.cue))),
    )


def _wakes(state: PodState, event: AwakeningDue, _: Plan) -> PodState:
    before = state.wakings.get(event.awakening)
    times = 1 if before is None else before.times + 1
    waking = Waking(event.manner, times, NightTime(event.onset_s), event.id or None)
    return replace(
        state,
        wakings={**state.wakings, event.awakening: waking},
        parts=all_shut(state.parts),
        talks={slot: talks.interrupted(talk) for slot, talk in state.talks.items()},
    )


def _made(state: PodState, event: AwakeningMade, _: Plan) -> PodState:
    waking = state.wakings.get(event.awakening)
    if waking is None:
        return state
    made = waking._replace(made_s=NightTime(event.onset_s), woke=event.how != "GAVE_UP", words=frozenset())
    until_s = NightTime(event.onset_s + event.report_s)
    return replace(state, wakings={**state.wakings, event.awakening: made}, report_until_s=until_s)


def near_dose(state: PodState, now_s: NightTime) -> list[DoseSeen]:
    """Told once, when the sleep cues of tonight come near the sound that a night may hold."""
    if state.dose_told or state.dose < NEAR_DOSE * NIGHTLY_DOSE:
        return []
    return [DoseSeen(onset_s=now_s, share=to_four_places(state.dose / NIGHTLY_DOSE))]


def _dosed(state: PodState, _: DoseSeen, __: Plan) -> PodState:
    return replace(state, dose_told=True)


FOLDS: Mapping[type[AnyEvent], Callable[[PodState, Any, Plan], PodState]] = MappingProxyType(
    {
        CueDue: _cue_due,
        PhaseWindowOpened: _waits,
        AnswerSeen: _answered,
        LetterSeen: _answered,
        AwakeningDue: _wakes,
        AwakeningMade: _made,
        DoseSeen: _dosed,
    }
)
"""What each event of this family makes of the state."""
