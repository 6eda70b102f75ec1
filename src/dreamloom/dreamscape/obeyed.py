"""Which parts does this version play? Only those it knows every word of: what is not understood whole stays silent."""

from collections.abc import Iterator

import msgspec

from dreamloom.dreamscape.company import Relay, is_at_one_moment
from dreamloom.dreamscape.cue import Cue
from dreamloom.dreamscape.gate import Gate
from dreamloom.dreamscape.model import OWN, SILENCE, Dreamscape, cues_of_arms, placed_parts, with_silence
from dreamloom.dreamscape.part import Part
from dreamloom.dreamscape.reports import awakenings_of, dialogue_before
from dreamloom.dreamscape.waking import Awakening, Dialogue

PLAYED_RECIPES = frozenset({"chord", "chime", "tone", "pink_burst", "morse", "noise_bed"})
"""Sounds that the jukebox makes from a cue as it is written."""
HEEDED_IN_CUES = frozenset(
    {
        *("because", "kind", "sound_class", "make", "notes", "file", "sha256", "say", "voice", "duration_s"),
        *("colour", "strength", "pulse_hz", "fade_s", "with_"),
    }
)
HEEDED_IN_PARTS = frozenset(
    {
        *("because", "for_", "when", "label", "aims_at", "expected_hits", "play", "every_s", "ramp", "budget", "else_"),
        *("jitter_s", "refractory_s", "draw", "repeat"),
    }
)
"""Words of a part that the bedside acts on, or that make no difference to what sounds there.

`else` is acted on at pods that cannot stage; `aims_at` and `expected_hits` tell what an unstaged part hopes for.
"""
HEEDED_BY_PHASE = frozenset({"phase", "blocks"})
"""Words that a part acts on where it waits for a slow oscillation: what is silent in its blocks is its own check."""
HEEDED_IN_PHASES = frozenset({"because", "of", "at_deg", "trough_below_uv"})
HEEDED_WAVES = frozenset({"slow oscillation", "spindle"})
LEAST_APART_S = 1.0
"""Behind a wave: its cue is known to the record when its second is over, and what follows is decided then."""
HEEDED_IN_GATES = frozenset(
    {
        *("because", "stage", "confidence", "close_below", "mean_confidence", "stable_for_s"),
        *("after_lights_off_s", "after_sleep_onset_s", "for_s", "eye_signal", "quorum"),
        *("local_time", "cycle", "asleep_for_s"),
    }
)
HEEDED_IN_RELAYS = frozenset(
    {"because", "sender", "signal", "receiver", "when", "cue", "wait_s", "consent", "refractory_s", "budget"}
)
HEEDED_IN_RELAY_GATES = HEEDED_IN_GATES - {"close_below"}
HEEDED_IN_STEPS = frozenset({"because", "to", "for_", "when", "on", "after_s"})
HEEDED_IN_STOPS = frozenset({"because", "arousal", "cue_locked_awakenings", "eye_signal", "nightmare"})
"""A stop rule that nobody heeds silences the night: it would play on where its author wanted quiet."""


def obeyed_parts(dreamscape: Dreamscape) -> tuple[int, ...]:
    """Numbers of the parts that beds play, as `placed_parts` counts them; relays, dialogues and awakenings hold none.

    A scene is silent while nobody heeds a step out of it: it would play on where its author wanted something else.
    """
    if any(unheeded(dreamscape.stop, "stop", HEEDED_IN_STOPS)):
        return ()
    shut = {name for name in dreamscape.scenes if any(unheeded_steps(dreamscape, name))}
    return tuple(
        number
        for number, placed in enumerate(placed_parts(dreamscape))
        if placed.scene not in shut and not any(unheeded_in_part(dreamscape, placed.part, placed.path))
    )


def obeyed_relays(dreamscape: Dreamscape) -> tuple[int, ...]:
    """Numbers of the relays that a night carries."""
    if any(unheeded(dreamscape.stop, "stop", HEEDED_IN_STOPS)):
        return ()
    return tuple(
        index
        for index, relay in enumerate(dreamscape.relays)
        if not any(unheeded_in_relay(dreamscape, relay, f"relays[{index}]"))
    )


def unheeded_in_relay(dreamscape: Dreamscape, relay: Relay, path: str) -> Iterator[str]:
    """Paths of everything that keeps this relay from being carried; the consent of both sides is never left out."""
    yield from unheeded(relay, path, HEEDED_IN_RELAYS)
    yield from unheeded(relay.when, f"{path}.when", HEEDED_IN_RELAY_GATES)
    if {*relay.consent} != {"sender", "receiver"}:
        yield f"{path}.consent"
    if not _sounds(dreamscape, relay.cue):
        yield f"cues.{relay.cue}"


def unheeded_steps(dreamscape: Dreamscape, scene: str) -> Iterator[str]:
    """Paths of what no bed acts on in the steps out of a scene."""
    for number, step in enumerate(dreamscape.scenes[scene].next):
        path = f"scenes.{scene}.next[{number}]"
        yield from unheeded(step, path, HEEDED_IN_STEPS)
        if step.when is not None:
            yield from unheeded_in_gate(step.when, f"{path}.when")


def asks_for_eyes(dreamscape: Dreamscape) -> bool:
    """Whether anything this version plays waits for an eye signal, or ends or pauses by one."""
    if obeyed_relays(dreamscape) or obeyed_dialogues(dreamscape):
        return True
    parts = _played(dreamscape)
    stops = dreamscape.stop is not None and dreamscape.stop.eye_signal is not None
    steps = [step for scene in dreamscape.scenes.values() for step in scene.next]
    goes_on = any(step.on == "eye signal" or (step.when and step.when.eye_signal) for step in steps)
    return bool(parts) and (stops or goes_on or any(part.when.eye_signal is not None for part in parts))


def sounds_needed(dreamscape: Dreamscape) -> dict[str, Cue]:
    """The cues that the obeyed parts can draw, by name: the sounds a night is made of."""
    parts = _played(dreamscape)
    carried = {dreamscape.relays[index].cue for index in obeyed_relays(dreamscape)}
    of_arms = set(cues_of_arms(dreamscape)) if parts or carried or obeyed_dialogues(dreamscape) else set()
    rung = awakenings_of(dreamscape)
    waking = {name for index in obeyed_awakenings(dreamscape) for name in rung[index].sounds}
    own = {name for part in parts for name in part.own_cues} | questions_of(dreamscape)
    return with_silence(dreamscape, own | carried | of_arms | waking)


def questions_of(dreamscape: Dreamscape) -> set[str]:
    """The cues that the obeyed dialogues ask."""
    held = list(dreamscape.dialogues.values())
    return {each.cue for index in obeyed_dialogues(dreamscape) for each in held[index].questions}


def obeyed_dialogues(dreamscape: Dreamscape) -> tuple[int, ...]:
    """Numbers, in the order of the file, of the dialogues that beds hold."""
    if any(unheeded(dreamscape.stop, "stop", HEEDED_IN_STOPS)):
        return ()
    return tuple(
        index
        for index, (name, each) in enumerate(dreamscape.dialogues.items())
        if not any(unheeded_in_dialogue(dreamscape, each, f"dialogues.{name}"))
    )


def unheeded_in_dialogue(dreamscape: Dreamscape, dialogue: Dialogue, path: str) -> Iterator[str]:
    """Paths of everything that keeps these questions from being asked."""
    if is_at_one_moment(dialogue.for_):
        yield f"{path}.for"
    yield from unheeded(dialogue.when, f"{path}.when", HEEDED_IN_GATES - {"close_below"})
    answer = dialogue.answer
    if answer is None or answer.window_s is None:
        yield f"{path}.answer"
    elif answer.code == "morse" and "eyes" not in answer.by:
        yield f"{path}.answer.by"
    for name in dict.fromkeys(each.cue for each in dialogue.questions):
        if not _sounds(dreamscape, name) or dreamscape.cues[name].sound_class != "sleep":
            yield f"cues.{name}"


def obeyed_awakenings(dreamscape: Dreamscape) -> tuple[int, ...]:
    """Numbers of the awakenings that beds make; a stop rule that nobody heeds keeps none of them back."""
    return tuple(
        index
        for index, each in enumerate(awakenings_of(dreamscape))
        if not any(unheeded_in_awakening(dreamscape, each, f"awakenings[{index}]"))
        and ((before := dialogue_before(dreamscape, index)) is None or before in obeyed_dialogues(dreamscape))
    )


def unheeded_in_awakening(dreamscape: Dreamscape, awakening: Awakening, path: str) -> Iterator[str]:
    """Paths of everything that keeps somebody from being woken so."""
    if awakening.when is not None:
        yield from unheeded(awakening.when, f"{path}.when", HEEDED_IN_GATES - {"close_below"})
    for name in awakening.sounds:
        cue = dreamscape.cues.get(name)
        if not _sounds(dreamscape, name) or (cue is not None and cue.sound_class != "awake"):
            yield f"cues.{name}"


def _played(dreamscape: Dreamscape) -> list[Part]:
    placed = placed_parts(dreamscape)
    return [placed[number].part for number in obeyed_parts(dreamscape)]


def unheeded_in_part(dreamscape: Dreamscape, part: Part, path: str) -> Iterator[str]:
    """Paths of everything that keeps this part silent."""
    if is_at_one_moment(part.for_) and part.phase is not None:  # no two sleepers' waves come together
        yield f"{path}.phase"
    yield from unheeded(part, path, HEEDED_IN_PARTS | (HEEDED_BY_PHASE if part.phase else frozenset()))
    yield from unheeded(part.phase, f"{path}.phase", HEEDED_IN_PHASES)
    if part.phase is not None and part.draw is not None:  # a wave's cue is commanded before it is told
        yield f"{path}.draw"
    if part.phase is not None and part.phase.of not in HEEDED_WAVES:
        yield f"{path}.phase.of"
    if part.phase is not None and part.repeat is not None and part.repeat.apart_s < LEAST_APART_S:
        yield f"{path}.repeat.apart"
    yield from unheeded_in_gate(part.when, f"{path}.when")
    for name in dict.fromkeys((*part.own_cues, *cues_of_arms(dreamscape))):
        if not _sounds(dreamscape, name):
            yield f"cues.{name}"


def unheeded_in_gate(gate: Gate, path: str) -> Iterator[str]:
    """Paths of the clauses of a gate that no bed looks at."""
    return unheeded(gate, path, HEEDED_IN_GATES)


def unheeded(said: msgspec.Struct | None, path: str, heeded: frozenset[str]) -> Iterator[str]:
    """Paths of what is written here beside the heeded words; a word that is added to the language is one at first."""
    if said is None:
        return
    for entry in msgspec.structs.fields(said):
        if entry.name not in heeded and getattr(said, entry.name) != entry.default:
            yield f"{path}.{entry.encode_name}"


def _sounds(dreamscape: Dreamscape, name: str) -> bool:
    """True for silence, for a part's own cue, and for a sound that can be made."""
    if name in (SILENCE, OWN):
        return True
    cue = dreamscape.cues.get(name)
    if cue is None or any(unheeded(cue, name, HEEDED_IN_CUES)):
        return False
    if cue.kind == "sound":
        return cue.file is not None or cue.make in PLAYED_RECIPES
    return True
