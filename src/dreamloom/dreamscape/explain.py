"""What will a night of this dreamscape do? Says it back in plain sentences, so that anybody can disagree."""

from dreamloom.dreamscape import words
from dreamloom.dreamscape.model import SILENCE, Arm, Budget, Cue, Dreamscape, Gate, Part, Ramp

MADE_OF = {"chord": "a chord of", "tone": "a tone,", "pink_burst": "a burst of pink noise"}


def explain(dreamscape: Dreamscape) -> list[str]:
    """One sentence per thing the dreamscape says, in the order of the file."""
    sentences = [_opening(dreamscape)]
    if dreamscape.source:
        sentences.append(f"It follows {dreamscape.source}.")
    sentences += [_cue(name, cue) for name, cue in dreamscape.cues.items()]
    whose = " of this part" if len(dreamscape.parts) > 1 else ""
    for part in dreamscape.parts:
        sentences += _part(part, whose)
    if len(dreamscape.parts) > 1:
        sentences.append("A bed plays one sound at a time: a part that is due while another sounds comes after it.")
    if dreamscape.arms:
        sentences.append(_arms(dreamscape.arms))
    sentences.append(
        f"No cue is louder than {dreamscape.levels.cap_dba:g} dBA, nor more than "
        f"{dreamscape.levels.over_threshold_db:g} dB above what the sleeper can just hear."
    )
    return sentences + _stop(dreamscape)


def _opening(dreamscape: Dreamscape) -> str:
    intent = dreamscape.intent or "It does not say what it is for."
    return f"{dreamscape.name}, version {dreamscape.version}: {intent.rstrip('.')}."


def _cue(name: str, cue: Cue) -> str:
    heard = "while awake" if cue.sound_class == "awake" else "in sleep"
    length = words.duration(cue.duration_s)
    if cue.kind == "silence" or cue.make is None:
        return f'The cue "{name}" is {length} of silence.'
    notes = f" {words.several(cue.notes)}" if cue.notes else ""
    return f'The cue "{name}" is {MADE_OF[cue.make]}{notes}, {length} long, to be heard {heard}.'


def _part(part: Part, whose: str) -> list[str]:
    sentences = [
        f'For {part.for_}, "{part.play}" plays every {words.duration(part.every_s)} {_gate(part.when)}.',
        _budget(part.budget, whose),
    ]
    if part.label:
        sentences.append("No stage is asked for, so every cue is marked unstaged.")
    if part.ramp:
        sentences.append(_ramp(part.ramp))
    sentences += [
        f'A {other.pod}, which cannot tell stages, plays "{part.play}" {_gate(other.when)} instead, '
        f"and every cue is marked {other.label}."
        for other in part.else_
    ]
    return sentences


def _gate(gate: Gate) -> str:
    clauses = [clause for clause in (_in_stage(gate), _on_average(gate), _not_before(gate)) if clause]
    return words.several(clauses) if clauses else "all night"


def _in_stage(gate: Gate) -> str:
    clause = f"in {words.stages(gate.stage)}" if gate.stage else ""
    if gate.confidence:
        bound = "at least" if gate.confidence.operator == ">=" else "more than"
        clause += f"{' ' if clause else ''}with a confidence of {bound} {gate.confidence.value:g}"
    if gate.stable_for_s:
        clause += f"{' ' if clause else ''}that has held for {words.duration(gate.stable_for_s)}"
    return clause


def _on_average(gate: Gate) -> str:
    mean = gate.mean_confidence
    if mean is None:
        return ""
    return (
        f"while the mean probability over {mean.over_readings} readings, one every "
        f"{words.duration(mean.reading_every_s)}, is at least {mean.at_least:g}"
    )


def _not_before(gate: Gate) -> str:
    begins = []
    if gate.after_lights_off_s is not None:
        begins.append(_after(gate.after_lights_off_s, "lights off"))
    if gate.after_sleep_onset_s is not None:
        begins.append(_after(gate.after_sleep_onset_s, "sleep onset"))
    window = f", for {words.duration(gate.for_s)}" if gate.for_s else ""
    return words.several(begins) + window if begins else window.removeprefix(", ")


def _after(seconds: float, event: str) -> str:
    return f"from {words.duration(seconds)} after {event} on" if seconds else f"from {event} on"


def _budget(budget: Budget, whose: str) -> str:
    return f"At most {budget.per_hour} cues{whose} an hour and {budget.per_night} a night."


def _ramp(ramp: Ramp) -> str:
    return f"The level rises from silence to the {ramp.to} level over {words.duration(ramp.over_s)}."


def _arms(arms: dict[str, Arm]) -> str:
    said = [f"{name} ({_arm(arm)})" for name, arm in arms.items()]
    return f"Each night is drawn, sealed, from {len(arms)} arms: {words.several(said)}."


def _arm(arm: Arm) -> str:
    if arm.cue == SILENCE:
        return "silence at the same moments"
    return f'"{arm.cue}", {"trained" if arm.trained else "never trained"} while awake'


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
    return [said] if "awake" in _classes(dreamscape) else []


def _classes(dreamscape: Dreamscape) -> set[str]:
    return {cue.sound_class for cue in dreamscape.cues.values() if cue.kind == "sound"}
