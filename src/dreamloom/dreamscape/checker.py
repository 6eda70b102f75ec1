"""Can this dreamscape do what it says, and may it? Static rules over the model; nothing is played to find out."""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Literal, NamedTuple

from dreamloom.dreamscape import words
from dreamloom.dreamscape.model import SILENCE, Cue, Dreamscape, Gate, Part
from dreamloom.dreamscape.provenance import parent_of
from dreamloom.dreamscape.scalars import nearest
from dreamloom.vocabulary.errors import Where
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import BEDROOM_MAX_DB

LONGEST_STAGE_S = 5_400.0
"""Ours: nobody holds one stage without a break for longer than one sleep cycle of 90 min."""
TICK_S = 1.0
"""A bed looks at its gates at the end of every second of night time."""
LONGEST_NIGHT_S = 50_400.0
"""Ours: 14 h from lights off; a window beyond it never opens."""

NOTES = {"chord": (1, 12, "1 to 12"), "tone": (1, 1, "one"), "pink_burst": (0, 0, "none")}
"""Fewest and most notes of each recipe."""


class Finding(NamedTuple):
    """One thing the checker noticed: how grave, where it stands, what and what to do, and its code."""

    severity: Literal["error", "warning"]
    where: Where | None
    text: str
    code: str


class _Said(NamedTuple):
    """A finding before its place is looked up."""

    severity: Literal["error", "warning"]
    path: str
    text: str
    code: str


Rule = Callable[[Dreamscape], Iterator[_Said]]


def check(dreamscape: Dreamscape) -> list[Finding]:
    """All findings, in the order of the text; a dreamscape with an "error" among them must not run."""
    said = [found for rule in RULES for found in rule(dreamscape)]
    findings = [Finding(found.severity, where(dreamscape, found.path), found.text, found.code) for found in said]
    return sorted(findings, key=lambda found: (found.where.line, found.where.column) if found.where else (0, 0))


def where(dreamscape: Dreamscape, path: str) -> Where | None:
    """The place of the value at this path, else of the nearest thing around it; None without a text."""
    origin = dreamscape.origin
    while path and path not in origin.places:
        path = parent_of(path)
    if not origin.places:
        return None
    line, column = origin.places[path] if path else (1, 1)
    return Where(origin.file, line, column)


def _purpose(dreamscape: Dreamscape) -> Iterator[_Said]:
    if not dreamscape.intent:
        text = (
            "The intent is missing. A sleeper agrees to a purpose, not to a file. Add a line: intent: Help a sleeper …"
        )
        yield _Said("error", "", text, "DL-E380")
    if not dreamscape.tags:
        text = "It has no tags. Councils and sleepers find and limit dreamscapes by them. Add a line: tags: [therapy]"
        yield _Said("warning", "", text, "DL-E381")


def _stop_rules(dreamscape: Dreamscape) -> Iterator[_Said]:
    if dreamscape.stop is None or dreamscape.stop.arousal is None:
        text = (
            "No rule says what an arousal stops. A cue that wakes must end itself. "
            "Add stop: {arousal: {fade: 100 ms, pause: 2 min, lower: 3 dB}}"
        )
        yield _Said("error", "stop", text, "DL-E382")
    if dreamscape.stop is None or dreamscape.stop.cue_locked_awakenings is None:
        text = (
            "No rule says how many awakenings end the night's cues. "
            "Add to stop: cue_locked_awakenings: {more_than: 2, within: 30 min, then: no more tonight}"
        )
        yield _Said("warning", "stop", text, "DL-E383")


def _names(dreamscape: Dreamscape) -> Iterator[_Said]:
    known = {*dreamscape.cues, SILENCE}
    sounds = {name for name, cue in dreamscape.cues.items() if cue.kind == "sound"}
    for index, part in enumerate(dreamscape.parts):
        if part.play in known - sounds:
            text = "A part that plays silence does nothing. Play a sound, and put silence in an arm."
            yield _Said("error", f"parts[{index}].play", text, "DL-E384")
    used = [(f"parts[{index}].play", part.play) for index, part in enumerate(dreamscape.parts)]
    used += [(f"arms.{name}.cue", arm.cue) for name, arm in dreamscape.arms.items()]
    for path, name in used:
        if name not in known:
            yield _Said("error", path, f'No cue is called "{name}". {nearest(name, known)}', "DL-E384")
    for name in dreamscape.cues:
        if name not in {wanted for _, wanted in used}:
            text = f'The cue "{name}" is never played. Play it in a part or an arm, or remove it.'
            yield _Said("warning", f"cues.{name}", text, "DL-E385")


def _levels(dreamscape: Dreamscape) -> Iterator[_Said]:
    cap_dba = dreamscape.levels.cap_dba
    sleeps = any(cue.sound_class == "sleep" and cue.kind == "sound" for cue in dreamscape.cues.values())
    if sleeps and cap_dba > BEDROOM_MAX_DB:
        text = (
            f"The cap of {cap_dba:g} dBA is over the {BEDROOM_MAX_DB:g} dBA that policy allows for sleep cues. "
            f"Write cap: {BEDROOM_MAX_DB:g} dBA or less."
        )
        yield _Said("error", "levels.cap", text, "DL-E386")


def _recipes(dreamscape: Dreamscape) -> Iterator[_Said]:
    for name, cue in dreamscape.cues.items():
        problem = _recipe_problem(name, cue)
        if problem:
            yield _Said("error", f"cues.{name}", f'The cue "{name}" {problem}', "DL-E387")


def _recipe_problem(name: str, cue: Cue) -> str:
    if cue.kind == "silence":
        return "is a silence with a sound's recipe. Remove make and notes." if cue.make or cue.notes else ""
    if name == SILENCE:
        return "is a sound called silence. Give it another name."
    if cue.make is None:
        return "is a sound without a recipe. Add make: chord, tone or pink_burst."
    least, most, meant = NOTES[cue.make]
    if least <= len(cue.notes) <= most:
        return ""
    return f"has {len(cue.notes)} notes; make: {cue.make} takes {meant}. Change notes."


def _classes(dreamscape: Dreamscape) -> Iterator[_Said]:
    """A sleep cue never in W; an awake sound never in sleep: its cap is not a sleeper's cap."""
    for index, part in enumerate(dreamscape.parts):
        for name in _may_sound_in(dreamscape, part):
            cue = dreamscape.cues[name]
            asleep = [stage for stage in part.when.stage if stage != Stage.W]
            if cue.sound_class == "sleep" and Stage.W in part.when.stage:
                text = f'"{name}" is a sleep cue and would play in W. Take W out, or use a cue of class: awake.'
                yield _Said("error", f"parts[{index}].when.stage", text, "DL-E388")
            if cue.sound_class == "awake" and asleep:
                text = (
                    f'"{name}" is an awake sound and would play in {words.several(asleep, "or")}. '
                    "Use a cue of class: sleep, or keep to stage: W."
                )
                yield _Said("error", f"parts[{index}].when.stage", text, "DL-E389")
            if cue.sound_class == "awake":
                yield from _untied(f"parts[{index}]", name, part)


def _untied(path: str, name: str, part: Part) -> Iterator[_Said]:
    """Times alone say nothing on waking: who lies down falls asleep when they do."""
    if not part.when.stage:
        text = (
            f'"{name}" is an awake sound, and nothing ties this part to waking. '
            "Write stage: W under when and take the label away, or use a cue of class: sleep."
        )
        yield _Said("error", f"{path}.when", text, "DL-E389")
    for number, other in enumerate(part.else_):
        text = (
            f'"{name}" is an awake sound, and a {other.pod} cannot tell waking from sleep. '
            "Take else away, or use a cue of class: sleep."
        )
        yield _Said("error", f"{path}.else[{number}]", text, "DL-E389")


def _may_sound_in(dreamscape: Dreamscape, part: Part) -> list[str]:
    """The part's own cue and every cue an arm may put in its place."""
    named = dict.fromkeys([part.play, *(arm.cue for arm in dreamscape.arms.values())])
    return [name for name in named if name in dreamscape.cues and dreamscape.cues[name].kind == "sound"]


def _gates(dreamscape: Dreamscape) -> Iterator[_Said]:
    for index, part in enumerate(dreamscape.parts):
        path = f"parts[{index}]"
        yield from _staged(path, part)
        for below, gate in (
            (f"{path}.when", part.when),
            *((f"{path}.else[{n}].when", other.when) for n, other in enumerate(part.else_)),
        ):
            yield from (_Said("error", below, text, "DL-E390") for text in _unreachable(gate))
            yield from (_Said("error", below, text, "DL-E391") for text in _unclear(gate))


def _staged(path: str, part: Part) -> Iterator[_Said]:
    if part.when.stage and part.label:
        text = "The part asks for a stage and is labelled unstaged. Remove one of them."
        yield _Said("error", f"{path}.label", text, "DL-E392")
    if not part.when.stage and not part.label:
        text = "The gate asks for no stage. Add stage: R, for example, or mark the part label: unstaged."
        yield _Said("error", f"{path}.when", text, "DL-E392")
    for number, other in enumerate(part.else_):
        if other.when.stage:
            text = f"A {other.pod} cannot tell stages, so this gate never opens. Use times only."
            yield _Said("error", f"{path}.else[{number}].when.stage", text, "DL-E390")
    if part.when.stage and part.when.confidence is None:
        text = 'The gate trusts every estimate, however unsure. Add confidence: ">= 0.8", for example.'
        yield _Said("warning", f"{path}.when", text, "DL-E393")


def _unreachable(gate: Gate) -> Iterator[str]:
    """Why this gate can never open."""
    unknown = [stage for stage in gate.stage if stage not in SCORED_STAGES]
    if unknown:
        yield f"The stage {unknown[0]} is never scored. Known here: {', '.join(SCORED_STAGES)}."
    yield from _beyond_certainty(gate)
    stable_s = gate.stable_for_s or 0.0
    if stable_s > LONGEST_STAGE_S:
        yield (
            f"No stage holds for {words.duration(stable_s)} without a break; the longest is about "
            f"{words.duration(LONGEST_STAGE_S)}. Shorten stable_for."
        )
    needed_s = max(stable_s, gate.mean_confidence.over_s if gate.mean_confidence else 0.0)
    begins_s = max(gate.after_lights_off_s or 0.0, gate.after_sleep_onset_s or 0.0)
    if gate.for_s is not None and needed_s >= begins_s + gate.for_s and gate.stage:
        yield (
            f"The window ends {words.duration(begins_s + gate.for_s)} into the night, before "
            f"{words.duration(needed_s)} can have been seen. Lengthen for, or shorten stable_for or over_readings."
        )
    if begins_s >= LONGEST_NIGHT_S:
        yield f"It opens {words.duration(begins_s)} into the night; a night has {words.duration(LONGEST_NIGHT_S)}."


def _beyond_certainty(gate: Gate) -> Iterator[str]:
    bound = gate.confidence
    if bound and (bound.value > 1.0 or (bound.operator == ">" and bound.value >= 1.0)):
        yield f"No confidence is {bound.operator} {bound.value:g}; it ends at 1. Write a bound below 1."
    if gate.mean_confidence and gate.mean_confidence.at_least > 1.0:
        yield f"No mean is at least {gate.mean_confidence.at_least:g}; it ends at 1. Write a bound below 1."


def _unclear(gate: Gate) -> Iterator[str]:
    """What this gate leaves open."""
    begins = gate.after_lights_off_s is not None or gate.after_sleep_onset_s is not None
    if gate.for_s is not None and not begins:
        yield "The window has a length but no beginning. Add after_lights_off or after_sleep_onset."
    if not gate.stage and not begins:
        yield "The gate has neither a stage nor a beginning. Add stage, after_lights_off or after_sleep_onset."
    clauses = {"confidence": gate.confidence, "mean_confidence": gate.mean_confidence, "stable_for": gate.stable_for_s}
    alone = [name for name, clause in clauses.items() if clause is not None and not gate.stage]
    if alone:
        yield f"{words.several(alone)} mean nothing without a stage. Add stage, or remove."


def _doses(dreamscape: Dreamscape) -> Iterator[_Said]:
    for index, part in enumerate(dreamscape.parts):
        path, possible = f"parts[{index}]", 3600.0 / part.every_s
        if part.budget.per_hour > possible + 1e-9:
            text = (
                f"A budget of {part.budget.per_hour} cues an hour cannot be reached with one every "
                f"{words.duration(part.every_s)}. Write per_hour: {int(possible)} or less."
            )
            yield _Said("error", f"{path}.budget.per_hour", text, "DL-E394")
        if part.budget.per_hour > part.budget.per_night:
            text = (
                f"The hour's budget of {part.budget.per_hour} is more than the whole night's {part.budget.per_night}. "
                f"Write per_hour: {part.budget.per_night} or less."
            )
            yield _Said("error", f"{path}.budget.per_hour", text, "DL-E394")
        yield from _too_long(dreamscape, path, part)
        if part.ramp is None:
            text = "The first cue comes at full level. Add ramp: {from: silent, over: 2 min, to: calibrated}"
            yield _Said("warning", path, text, "DL-E396")


def _too_long(dreamscape: Dreamscape, path: str, part: Part) -> Iterator[_Said]:
    for name in _may_sound_in(dreamscape, part):
        duration_s = dreamscape.cues[name].duration_s
        if duration_s > part.every_s:
            text = (
                f'"{name}" lasts {words.duration(duration_s)} and comes every {words.duration(part.every_s)}. '
                "Shorten the cue, or lengthen every."
            )
            yield _Said("error", f"{path}.every", text, "DL-E395")


def _comparison(dreamscape: Dreamscape) -> Iterator[_Said]:
    arms = dreamscape.arms
    if len(arms) < 2:
        text = "There is nothing to compare with. Add arms: {active: {cue: …}, sham: {cue: silence}}"
        yield _Said("warning", "arms", text, "DL-E397")
    for (first, one), (second, other) in combinations(arms.items(), 2):
        if (one.cue, one.trained) == (other.cue, other.trained):
            text = f'The arms "{first}" and "{second}" are the same. Change the cue, or trained, of one of them.'
            yield _Said("error", f"arms.{second}", text, "DL-E398")
    played = {arm.cue for arm in arms.values()}
    for index, part in enumerate(dreamscape.parts):
        if arms and part.play not in played:
            text = f'No arm plays "{part.play}", so it is never heard. Name it in one arm.'
            yield _Said("error", f"parts[{index}].play", text, "DL-E399")


def _ticks(dreamscape: Dreamscape) -> Iterator[_Said]:
    """A bed decides once a second; what falls between two seconds would be rounded, and nobody would know."""
    for index, part in enumerate(dreamscape.parts):
        times = {"every": part.every_s, "when.stable_for": part.when.stable_for_s, "when.for": part.when.for_s}
        for name, time_s in times.items():
            if time_s is not None and time_s % TICK_S:
                text = (
                    f"{name.rpartition('.')[2]} is {words.duration(time_s)}, and a bed decides once a second. "
                    f"Write {words.duration(max(TICK_S, round(time_s)))}."
                )
                yield _Said("error", f"parts[{index}].{name}", text, "DL-E361")


RULES: tuple[Rule, ...] = (
    *(_purpose, _stop_rules, _names, _levels, _recipes, _classes, _gates, _doses, _comparison, _ticks),
)
