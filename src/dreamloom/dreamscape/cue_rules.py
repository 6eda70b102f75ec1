"""Can every cue be made, reach a sleeper safely, and sound only where its class may?"""

from collections.abc import Iterator

from dreamloom.dreamscape import morse, words
from dreamloom.dreamscape.cue import Cue
from dreamloom.dreamscape.findings import Noticed, odd, wrong
from dreamloom.dreamscape.model import OWN, SILENCE, Dreamscape, named_cues, parts_of
from dreamloom.dreamscape.part import Part
from dreamloom.dreamscape.scalars import nearest
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import AWAKE_MAX_DB, BEDROOM_MAX_DB

NOTES = {
    **dict.fromkeys(("chord", "chime"), (1, 12, "1 to 12")),
    **dict.fromkeys(("tone", "morse"), (1, 1, "one")),
    **dict.fromkeys(("pink_burst", "noise_bed"), (0, 0, "none")),
}
"""Fewest and most notes of each recipe."""
FLASHING_HZ = (3.0, 60.0)
"""Light that pulses as fast as this can set off a seizure (Fisher et al. 2005, Epilepsia 46:1426)."""
MASKING = "While it plays, alarms, infants and other calls for help may go unheard."
FIELDS = {
    "sound": {"make", "notes", "file", "sha256", "say", "with_"},
    "silence": set(),
    "speech": {"say", "voice", "with_"},
    "light": {"colour", "strength", "pulse_hz", "fade_s", "with_"},
    "vibration": {"strength", "pulse_hz", "fade_s", "with_"},
}
"""Which words belong to which channel."""
WORDS_OF_FIELDS = {"with_": "with", "pulse_hz": "pulse", "fade_s": "fade"}


def names(dreamscape: Dreamscape) -> Iterator[Noticed]:
    """Every cue that is named exists, and every one that exists is named."""
    known = {*dreamscape.cues, SILENCE}
    used = list(named_cues(dreamscape))
    for path, part in parts_of(dreamscape):
        if part.play == SILENCE or (part.play in known and dreamscape.cues[part.play].kind == "silence"):
            text = "A part that plays silence does nothing. Play a sound, and put silence in an arm."
            yield wrong(f"{path}.play", text, "DL-E384")
    for path, name in used:
        if name not in known and not (name == OWN and path.startswith("arms.")):
            yield wrong(path, f'No cue is called "{name}". {nearest(name, known)}', "DL-E384")
    for name in dreamscape.cues:
        if name not in {wanted for _, wanted in used}:
            text = f'The cue "{name}" is never played. Play it in a part or an arm, or remove it.'
            yield odd(f"cues.{name}", text, "DL-E385")


def recipes(dreamscape: Dreamscape) -> Iterator[Noticed]:
    """Each cue has what its channel needs, and nothing that belongs to another."""
    for name, cue in dreamscape.cues.items():
        problem = _recipe_problem(name, cue)
        if problem:
            yield wrong(f"cues.{name}", f'The cue "{name}" {problem}', "DL-E387")
        if cue.kind != "silence":
            yield from _foreign(name, cue)
        yield from _flashing(name, cue)
        for number, other in enumerate(cue.with_):
            if other in dreamscape.cues and (other == name or dreamscape.cues[other].kind == cue.kind):
                text = f'"{name}" and "{other}" share a channel. Write a cue of another kind under with.'
                yield wrong(f"cues.{name}.with[{number}]", text, "DL-E329")


def _recipe_problem(name: str, cue: Cue) -> str:
    if cue.kind == "silence":
        return "is a silence with a sound's recipe. Remove make and notes." if cue.make or cue.notes else ""
    if name == SILENCE:
        return "is a sound called silence. Give it another name."
    if name == OWN:
        return "is called own, which in an arm means the cue of each part. Give it another name."
    if cue.kind == "sound":
        return _sound_problem(cue)
    if cue.kind == "speech":
        return "" if cue.say else "is speech that says nothing. Add say: and what is spoken."
    if cue.kind == "light" and cue.colour is None:
        return "is a light without a colour. Add colour: red, amber, green, blue or white."
    return "" if cue.strength is not None else f"is {cue.kind} without a strength. Add strength: 20 %, for example."


def _sound_problem(cue: Cue) -> str:
    if cue.file is not None:
        if cue.make is not None:
            return "has a file and a recipe. Keep one of them."
        return "" if cue.sha256 else "is a file that anybody could change. Add sha256: and the file's SHA-256."
    if cue.make is None:
        return "is a sound without a recipe. Add make: chord, tone or pink_burst."
    if cue.make == "morse" and (problem := _morse_problem(cue)):
        return problem
    least, most, meant = NOTES[cue.make]
    if least <= len(cue.notes) <= most:
        return ""
    return f"has {len(cue.notes)} notes; make: {cue.make} takes {meant}. Change notes."


def _morse_problem(cue: Cue) -> str:
    if not cue.say or not cue.say.strip():
        return "is Morse that says nothing. Add say: and its letters."
    if lacking := morse.unknown(cue.say):
        return f"says {words.quoted(lacking)}, which Morse has no sign for. Write letters, digits and full stops."
    least_s = morse.units(cue.say) * morse.SHORTEST_UNIT_S
    if cue.duration_s >= least_s:
        return ""
    return f"taps faster than anybody hears: {cue.say} takes {least_s:g} s at least. Write duration: {least_s:g} s."


def _foreign(name: str, cue: Cue) -> Iterator[Noticed]:
    for field in sorted({field for fields in FIELDS.values() for field in fields} - FIELDS[cue.kind]):
        if getattr(cue, field):
            word = WORDS_OF_FIELDS.get(field, field)
            text = f'"{name}" is of kind: {cue.kind}, which has no {word}. Remove it, or change kind.'
            yield wrong(f"cues.{name}.{word}", text, "DL-E329")


def _flashing(name: str, cue: Cue) -> Iterator[Noticed]:
    least_hz, most_hz = FLASHING_HZ
    if cue.kind == "light" and cue.pulse_hz is not None and least_hz <= cue.pulse_hz <= most_hz:
        text = (
            f'"{name}" flashes {cue.pulse_hz:g} times a second; from {least_hz:g} to {most_hz:g} Hz light can set off '
            "a seizure. Write pulse: 1 Hz."
        )
        yield wrong(f"cues.{name}.pulse", text, "DL-E329")


def noise(dreamscape: Dreamscape) -> Iterator[Noticed]:
    """A bed of noise hides more than a neighbour's snoring, and whoever agrees to it is told."""
    for name, cue in dreamscape.cues.items():
        if cue.make == "noise_bed":
            text = f'"{name}" is a bed of noise. {MASKING} Play it only where somebody else listens for them.'
            yield odd(f"cues.{name}.make", text, "DL-E347")


def levels(dreamscape: Dreamscape) -> Iterator[Noticed]:
    """No cap is over what policy allows, and that of awake sounds is no trap."""
    cap_dba, awake_cap_dba = dreamscape.levels.cap_dba, dreamscape.levels.awake_cap_dba
    sleeps = any(cue.sound_class == "sleep" and cue.kind in ("sound", "speech") for cue in dreamscape.cues.values())
    if sleeps and cap_dba > BEDROOM_MAX_DB:
        text = (
            f"The cap of {cap_dba:g} dBA is over the {BEDROOM_MAX_DB:g} dBA that policy allows for sleep cues. "
            f"Write cap: {BEDROOM_MAX_DB:g} dBA or less."
        )
        yield wrong("levels.cap", text, "DL-E386")
    if awake_cap_dba is not None and awake_cap_dba > AWAKE_MAX_DB:
        text = (
            f"The cap of {awake_cap_dba:g} dBA is over the {AWAKE_MAX_DB:g} dBA that policy allows for awake sounds. "
            f"Write awake_cap: {AWAKE_MAX_DB:g} dBA or less."
        )
        yield wrong("levels.awake_cap", text, "DL-E386")
    if awake_cap_dba is not None and awake_cap_dba < cap_dba:
        text = f"Awake sounds would be held under {awake_cap_dba:g} dBA while sleep cues reach {cap_dba:g} dBA. "
        yield wrong("levels.awake_cap", f"{text}Write awake_cap: {cap_dba:g} dBA or more.", "DL-E345")


def classes(dreamscape: Dreamscape) -> Iterator[Noticed]:
    """A sleep cue never in W; an awake sound never in sleep: its cap is not a sleeper's cap."""
    for path, part in parts_of(dreamscape):
        for name in may_sound_in(dreamscape, part):
            cue = dreamscape.cues[name]
            asleep = [stage for stage in part.when.stage if stage != Stage.W]
            if cue.sound_class == "sleep" and Stage.W in part.when.stage:
                text = f'"{name}" is a sleep cue and would play in W. Take W out, or use a cue of class: awake.'
                yield wrong(f"{path}.when.stage", text, "DL-E388")
            if cue.sound_class == "awake" and asleep:
                text = (
                    f'"{name}" is an awake sound and would play in {words.several(asleep, "or")}. '
                    "Use a cue of class: sleep, or keep to stage: W."
                )
                yield wrong(f"{path}.when.stage", text, "DL-E389")
            if cue.sound_class == "awake":
                yield from _untied(path, name, part)
    yield from _of_company(dreamscape)


def _untied(path: str, name: str, part: Part) -> Iterator[Noticed]:
    """Times alone say nothing on waking: who lies down falls asleep when they do."""
    if not part.when.stage:
        text = (
            f'"{name}" is an awake sound, and nothing ties this part to waking. '
            "Write stage: W under when and take the label away, or use a cue of class: sleep."
        )
        yield wrong(f"{path}.when", text, "DL-E389")
    for number, other in enumerate(part.else_):
        text = (
            f'"{name}" is an awake sound, and a {other.pod} cannot tell waking from sleep. '
            "Take else away, or use a cue of class: sleep."
        )
        yield wrong(f"{path}.else[{number}]", text, "DL-E389")


def _of_company(dreamscape: Dreamscape) -> Iterator[Noticed]:
    """Relays and questions reach people asleep; what wakes them, and what is said after, is an awake sound."""
    asleep = [(f"relays[{number}].cue", relay.cue) for number, relay in enumerate(dreamscape.relays)]
    for name, dialogue in dreamscape.dialogues.items():
        asleep += [(f"dialogues.{name}.questions[{n}].cue", each.cue) for n, each in enumerate(dialogue.questions)]
    for path, cue in asleep:
        if cue in dreamscape.cues and dreamscape.cues[cue].sound_class == "awake":
            text = f'"{cue}" is an awake sound and would reach somebody asleep. Use a cue of class: sleep.'
            yield wrong(path, text, "DL-E389")
    for path, cue in named_cues(dreamscape):
        if path.startswith("awakenings") and cue in dreamscape.cues and dreamscape.cues[cue].sound_class == "sleep":
            text = f'"{cue}" is a sleep cue, which nobody is to wake from. Use a cue of class: awake.'
            yield wrong(path, text, "DL-E328")


def may_sound_in(dreamscape: Dreamscape, part: Part) -> list[str]:
    """The part's own cues and every cue an arm may put in their place."""
    drawn = part.draw.from_ if part.draw else ()
    of_arms = [name for arm in dreamscape.arms.values() for name in (arm.cue, *arm.each_draws)]
    named = dict.fromkeys([part.play, *drawn, *of_arms])
    return [name for name in named if name in dreamscape.cues and dreamscape.cues[name].kind != "silence"]
