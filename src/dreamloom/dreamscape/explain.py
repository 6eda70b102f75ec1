"""What will a night of this dreamscape do? Says it back in plain sentences, so that anybody can disagree."""

from dreamloom.dreamscape import words
from dreamloom.dreamscape.company import is_at_one_moment
from dreamloom.dreamscape.cue_rules import MASKING
from dreamloom.dreamscape.explain_arms import arms
from dreamloom.dreamscape.explain_company import before, between, step
from dreamloom.dreamscape.explain_gate import eye_signal, gate
from dreamloom.dreamscape.model import Budget, Cue, Dreamscape, Levels, Part, Ramp, parts_of
from dreamloom.dreamscape.tags import TAGS
from dreamloom.vocabulary.stages import Stage

MADE_OF = {
    "chord": "a chord of",
    "chime": "a chime of",
    "tone": "a tone,",
    "pink_burst": "a burst of pink noise",
    "noise_bed": "a bed of pink noise",
}
PARTS_OF_WAVES = ((0.0, "the positive peak"), (-90.0, "the rise"), (90.0, "the fall"), (180.0, "the trough"))


def explain(dreamscape: Dreamscape) -> list[str]:
    """One sentence per thing the dreamscape says, in the order of the file."""
    sentences = [_opening(dreamscape)]
    if dreamscape.source:
        sentences.append(f"It follows {dreamscape.source}.")
    sentences += [_cue(name, cue) for name, cue in dreamscape.cues.items()]
    sentences += before(dreamscape)
    several = len(list(parts_of(dreamscape))) > 1
    for part in dreamscape.parts:
        sentences += _part(part, whose=" of this part" if several else "")
    sentences += _scenes(dreamscape)
    if several:
        sentences.append("A bed plays one sound at a time: a part that is due while another sounds comes after it.")
    sentences += between(dreamscape)
    if dreamscape.arms:
        sentences.append(arms(dreamscape))
    return [*sentences, *_levels(dreamscape.levels), *_stop(dreamscape)]


def tags_said(dreamscape: Dreamscape) -> list[str]:
    """What each of its tags tells a person."""
    return [f"{tag}: {TAGS[tag]}" for tag in dreamscape.tags if tag in TAGS]


def _opening(dreamscape: Dreamscape) -> str:
    intent = dreamscape.intent or "It does not say what it is for."
    return f"{dreamscape.name}, version {dreamscape.version}: {intent.rstrip('.')}."


def _cue(name: str, cue: Cue) -> str:
    heard = "while awake" if cue.sound_class == "awake" else "in sleep"
    length = words.duration(cue.duration_s)
    together = f" It comes with {words.quoted(cue.with_)}." if cue.with_ else ""
    if cue.kind == "silence":
        return f'The cue "{name}" is {length} of silence.'
    if cue.kind == "light":
        return f'The cue "{name}" is {_light(cue)}, {length} long, to be seen {heard}.{together}'
    if cue.kind == "vibration":
        return f'The cue "{name}" is a vibration{_strength(cue)}, {length} long, to be felt {heard}.{together}'
    hides = f" {MASKING}" if cue.make == "noise_bed" else ""
    return f'The cue "{name}" is {_sound(cue)}, {length} long, to be heard {heard}.{together}{hides}'


def _sound(cue: Cue) -> str:
    notes = f" {words.several(cue.notes)}" if cue.notes else ""
    if cue.kind == "speech":
        voice = "in the sleeper's own recorded voice" if cue.voice == "own recording" else "spoken by the system"
        return f"speech {voice}, saying “{cue.say or ''}”"
    if cue.make == "morse":
        return f"{cue.say} in Morse on{notes}"
    if cue.make is not None:
        return f"{MADE_OF[cue.make]}{notes}"
    return f"the file {cue.file}, known by its SHA-256 {(cue.sha256 or '')[:12]}" if cue.file else "a sound"


def _light(cue: Cue) -> str:
    pulses = f", pulsing at {cue.pulse_hz:g} Hz" if cue.pulse_hz else ""
    fade = f", {words.duration(cue.fade_s)} in and out" if cue.fade_s else ""
    return f"{cue.colour or 'a'} light{_strength(cue)}{pulses}{fade}"


def _strength(cue: Cue) -> str:
    return f" at {cue.strength:.0%} of what its device may give" if cue.strength is not None else ""


def _part(part: Part, *, whose: str) -> list[str]:
    jitter = f" to {words.duration(part.every_s + part.jitter_s)}" if part.jitter_s else ""
    rest = f", never within {words.duration(part.refractory_s)} of any other cue" if part.refractory_s else ""
    heard = f'"{part.play}" plays every {words.duration(part.every_s)}{jitter} {gate(part.when)}{rest}'
    sentences = [f"{_whom(part.for_)}, {heard}.", *_timing(part), _budget(part.budget, whose)]
    if is_at_one_moment(part.for_):
        sentences.append(AT_ONE_MOMENT)
    if part.label:
        sentences.append(
            f"No stage is asked for, so every cue is marked unstaged.{_hits(part.aims_at, part.expected_hits)}"
        )
    if part.ramp:
        sentences.append(_ramp(part.ramp))
    sentences += [
        f'A {other.pod}, which cannot tell stages, plays "{part.play}" {gate(other.when)} instead, '
        f"and every cue is marked {other.label}.{_hits(part.when.stage, other.expected_hits)}"
        for other in part.else_
    ]
    return sentences


AT_ONE_MOMENT = (
    "The house calls the moment for those who could take part just then, two at least; nobody waits for the others."
)


def _whom(who: str) -> str:
    return f"At one moment for {who}" if is_at_one_moment(who) else f"For {who}"


def _hits(aims_at: tuple[Stage, ...], share: float | None) -> str:
    if share is None:
        return ""
    return f" About {share:.0%} of them are expected to meet {words.stages(aims_at) or 'the right stage'}."


def _timing(part: Part) -> list[str]:
    said = []
    if part.phase:
        trough = part.phase.trough_below_uv
        deep = f" whose trough went below {trough:g} µV" if trough is not None else ""
        moment = "the onset" if part.phase.of == "spindle" else _phase(part.phase.at_deg)
        said.append(f"It waits for {moment} of {words.a_wave(part.phase.of)}{deep}.")
    if part.repeat:
        said.append(
            f"Each time it comes {words.times(part.repeat.times)}, {words.duration(part.repeat.apart_s)} apart."
        )
    if part.blocks:
        said.append(f"After {part.blocks.on} that sound come {part.blocks.off} that stay silent, as their own control.")
    if part.draw:
        drawn = words.quoted(part.draw.from_)
        said.append(
            f"For each sleeper {part.draw.share:.0%} of {drawn} are drawn, sealed; the others are never played."
        )
    return said


def _phase(at_deg: float) -> str:
    named = [name for deg, name in PARTS_OF_WAVES if abs(at_deg) == abs(deg) == 180.0 or at_deg == deg]
    return f"{named[0]} ({at_deg:g} deg)" if named else f"the phase {at_deg:g} deg, 0 deg being the positive peak,"


def _scenes(dreamscape: Dreamscape) -> list[str]:
    sentences = []
    for number, (name, scene) in enumerate(dreamscape.scenes.items()):
        about = f" {scene.about.rstrip('.')}." if scene.about else ""
        first = "The night begins in the scene" if number == 0 else "There is a scene"
        sentences.append(f'{first} "{name}".{about}')
        for part in scene.parts:
            said, *more = _part(part, whose=" of this part")
            sentences += [f'In "{name}": {said[:1].lower()}{said[1:]}', *more]
        sentences += [f'From "{name}" {each.for_} moves on to "{each.to}" when {step(each)}.' for each in scene.next]
    return sentences


def _budget(budget: Budget, whose: str) -> str:
    return f"At most {budget.per_hour} cues{whose} an hour and {budget.per_night} a night."


def _ramp(ramp: Ramp) -> str:
    return f"The level rises from silence to the {ramp.to} level over {words.duration(ramp.over_s)}."


def _levels(levels: Levels) -> list[str]:
    over = f"{levels.over_threshold_db:g} dB above what the sleeper can just hear"
    said = [f"No cue is louder than {levels.cap_dba:g} dBA, nor more than {over}."]
    if levels.awake_cap_dba is not None:
        said.append(f"Awake sounds are as loud as {levels.awake_cap_dba:g} dBA, where the sleeper agreed to that.")
    if levels.train_lower_db is not None:
        said.append(f"Cues that come in quick trains are {levels.train_lower_db:g} dB softer.")
    if levels.titrate:
        said.append(
            f"After every {words.duration(levels.titrate.after_s)} without an arousal {levels.titrate.up_db:g} dB of "
            "what arousals took are given back, never more: no cue is louder than was agreed in the evening."
        )
    return said


def _stop(dreamscape: Dreamscape) -> list[str]:
    stop = dreamscape.stop
    if stop is None:
        return ["It has no stop rules.", *_waking(dreamscape)]
    sentences = []
    if stop.arousal and (heard := _heard_in_sleep(dreamscape)):
        sentences.append(
            f"When the sleeper stirs, {heard} fades within {words.duration(stop.arousal.fade_s)}, rests for "
            f"{words.duration(stop.arousal.pause_s)}, and returns {stop.arousal.lower_db:g} dB softer."
        )
    sentences += _waking(dreamscape)
    if stop.cue_locked_awakenings:
        rule = stop.cue_locked_awakenings
        sentences.append(
            f"If cues wake the sleeper more than {words.times(rule.more_than)} within "
            f"{words.duration(rule.within_s)}, there are {rule.then}."
        )
    if stop.eye_signal:
        pause = f"a pause of {words.duration(stop.eye_signal.pause_s)}" if stop.eye_signal.pause_s else "a pause"
        then = pause if stop.eye_signal.then == "pause" else "silence for the rest of the night"
        sentences.append(f"There is {then} {eye_signal(stop.eye_signal.seen)}.")
    if stop.nightmare:
        call = f", and the {stop.nightmare.call} is called" if stop.nightmare.call else ""
        sentences.append(f"After an arousal as out of a nightmare there are {stop.nightmare.then}{call}.")
    return sentences


def _heard_in_sleep(dreamscape: Dreamscape) -> str:
    """What an arousal fades: every sound, the sleep cues only, or nothing."""
    classes = _classes(dreamscape)
    if "awake" not in classes:
        return "sound"
    return "a sleep cue" if "sleep" in classes else ""


def _waking(dreamscape: Dreamscape) -> list[str]:
    """How awake sounds end."""
    said = (
        "An awake sound plays only where the sleeper agreed to W and is awake; stirring does not fade it, "
        "the first sign of sleep ends it."
    )
    woken = [f"{said} A sound that wakes somebody is bound to its own gate instead."]
    return (woken if dreamscape.awakenings else [said]) if "awake" in _classes(dreamscape) else []


def _classes(dreamscape: Dreamscape) -> set[str]:
    return {cue.sound_class for cue in dreamscape.cues.values() if cue.kind == "sound"}
