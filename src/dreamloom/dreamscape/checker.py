"""Can this dreamscape do what it says, and may it? Static rules over the model; nothing is played to find out."""

from collections.abc import Iterator
from itertools import combinations

from dreamloom.dreamscape import company_rules, cue_rules, dialogue_rules, gate_rules, words
from dreamloom.dreamscape.cue_rules import may_sound_in
from dreamloom.dreamscape.findings import Finding, Noticed, Rule, odd, where, wrong
from dreamloom.dreamscape.model import OWN, SILENCE, Dreamscape, parts_of
from dreamloom.dreamscape.part import Budget, Part
from dreamloom.dreamscape.scalars import nearest
from dreamloom.dreamscape.tags import NEVER, TAGS

__all__ = ["RULES", "Finding", "check", "where"]


def check(dreamscape: Dreamscape) -> list[Finding]:
    """All findings, in the order of the text; a dreamscape with an "error" among them must not run."""
    said = [found for rule in RULES for found in rule(dreamscape)]
    findings = [Finding(found.severity, where(dreamscape, found.path), found.text, found.code) for found in said]
    return sorted(findings, key=lambda found: (found.where.line, found.where.column) if found.where else (0, 0))


def _purpose(dreamscape: Dreamscape) -> Iterator[Noticed]:
    if not dreamscape.intent:
        text = (
            "The intent is missing. A sleeper agrees to a purpose, not to a file. Add a line: intent: Help a sleeper …"
        )
        yield wrong("", text, "DL-E380")
    if not dreamscape.tags:
        text = "It has no tags. Councils and sleepers find and limit dreamscapes by them. Add a line: tags: [therapy]"
        yield odd("", text, "DL-E381")
    for number, tag in enumerate(dreamscape.tags):
        if tag in NEVER:
            text = f'"{tag}": {NEVER[tag]} Nobody is won for anything in their sleep; no consent can allow it.'
            yield wrong(f"tags[{number}]", text, "DL-E334")
        elif tag not in TAGS:
            text = f'The tag "{tag}" is not in our vocabulary, so nobody can limit it. {nearest(tag, TAGS)}'
            yield wrong(f"tags[{number}]", text, "DL-E303")


def _plays(dreamscape: Dreamscape) -> bool:
    """False where people are only woken and asked: no cue to stop, and none to compare with silence."""
    return bool([*parts_of(dreamscape), *dreamscape.relays, *dreamscape.dialogues] or not dreamscape.awakenings)


def _stop_rules(dreamscape: Dreamscape) -> Iterator[Noticed]:
    stop = dreamscape.stop
    if not _plays(dreamscape):
        return
    if stop is None or stop.arousal is None:
        text = (
            "No rule says what an arousal stops. A cue that wakes must end itself. "
            "Add stop: {arousal: {fade: 100 ms, pause: 2 min, lower: 3 dB}}"
        )
        yield wrong("stop", text, "DL-E382")
    if stop is None or stop.cue_locked_awakenings is None:
        text = (
            "No rule says how many awakenings end the night's cues. "
            "Add to stop: cue_locked_awakenings: {more_than: 2, within: 30 min, then: no more tonight}"
        )
        yield odd("stop", text, "DL-E383")
    if stop and stop.eye_signal and stop.eye_signal.then == "pause" and stop.eye_signal.pause_s is None:
        yield wrong("stop.eye_signal", "The pause has no length. Add pause: 10 min, for example.", "DL-E338")


def _doses(dreamscape: Dreamscape) -> Iterator[Noticed]:
    for path, part in parts_of(dreamscape):
        yield from _budget(f"{path}.budget", part.budget, part.every_s, part.repeat.times if part.repeat else 1)
        yield from _too_long(dreamscape, path, part)
        yield from _repeats(dreamscape, path, part)
        if part.ramp is None:
            text = "The first cue comes at full level. Add ramp: {from: silent, over: 2 min, to: calibrated}"
            yield odd(path, text, "DL-E396")
    for number, relay in enumerate(dreamscape.relays):
        yield from _budget(f"relays[{number}].budget", relay.budget, relay.refractory_s, 1)
    for name, dialogue in dreamscape.dialogues.items():
        shortest_s = min(dialogue.every_s, dialogue.repeat.apart_s if dialogue.repeat else dialogue.every_s)
        yield from _budget(f"dialogues.{name}.budget", dialogue.budget, shortest_s, 1)


def _budget(path: str, budget: Budget, every_s: float, at_once: int) -> Iterator[Noticed]:
    possible = at_once * 3600.0 / every_s
    if budget.per_hour > possible + 1e-9:
        text = (
            f"A budget of {budget.per_hour} cues an hour cannot be reached with {'one' if at_once == 1 else at_once} "
            f"every {words.duration(every_s)}. Write per_hour: {int(possible)} or less."
        )
        yield wrong(f"{path}.per_hour", text, "DL-E394")
    if budget.per_hour > budget.per_night:
        text = (
            f"The hour's budget of {budget.per_hour} is more than the whole night's {budget.per_night}. "
            f"Write per_hour: {budget.per_night} or less."
        )
        yield wrong(f"{path}.per_hour", text, "DL-E394")


def _too_long(dreamscape: Dreamscape, path: str, part: Part) -> Iterator[Noticed]:
    for name in may_sound_in(dreamscape, part):
        duration_s = dreamscape.cues[name].duration_s
        if duration_s > part.every_s:
            text = (
                f'"{name}" lasts {words.duration(duration_s)} and comes every {words.duration(part.every_s)}. '
                "Shorten the cue, or lengthen every."
            )
            yield wrong(f"{path}.every", text, "DL-E395")


def _repeats(dreamscape: Dreamscape, path: str, part: Part) -> Iterator[Noticed]:
    if part.repeat is None:
        return
    lasts_s = (part.repeat.times - 1) * part.repeat.apart_s
    if lasts_s >= part.every_s:
        text = (
            f"{part.repeat.times} cues, {words.duration(part.repeat.apart_s)} apart, do not fit into "
            f"{words.duration(part.every_s)}. Lengthen every, or repeat fewer."
        )
        yield wrong(f"{path}.repeat", text, "DL-E335")
    if part.play in dreamscape.cues and dreamscape.cues[part.play].duration_s > part.repeat.apart_s:
        text = f'"{part.play}" lasts longer than the {words.duration(part.repeat.apart_s)} to its next. Lengthen apart.'
        yield wrong(f"{path}.repeat.apart", text, "DL-E335")


def _comparison(dreamscape: Dreamscape) -> Iterator[Noticed]:
    arms = dreamscape.arms
    if len(arms) < 2 and _plays(dreamscape):
        text = "There is nothing to compare with. Add arms: {active: {cue: …}, sham: {cue: silence}}"
        yield odd("arms", text, "DL-E397")
    for (first, one), (second, other) in combinations(arms.items(), 2):
        if (one.cue, one.trained, one.each_draws) == (other.cue, other.trained, other.each_draws):
            text = f'The arms "{first}" and "{second}" are the same. Change the cue, or trained, of one of them.'
            yield wrong(f"arms.{second}", text, "DL-E398")
    played = {name for arm in arms.values() for name in (arm.cue, *arm.each_draws)}
    for path, part in parts_of(dreamscape):
        if arms and part.play not in played and OWN not in played:
            text = f'No arm plays "{part.play}", so it is never heard. Name it in one arm.'
            yield wrong(f"{path}.play", text, "DL-E399")
    yield from _sham(dreamscape)


def _sham(dreamscape: Dreamscape) -> Iterator[Noticed]:
    silent = {SILENCE, *(name for name, cue in dreamscape.cues.items() if cue.kind == "silence")}
    known = {*dreamscape.cues, SILENCE, OWN}
    has_sham = any(arm.cue in silent for arm in dreamscape.arms.values())
    if dreamscape.trial and len(dreamscape.arms) < 2:
        yield wrong("trial", "A trial compares at least two arms. Add arms, or take trial out.", "DL-E330")
    elif dreamscape.trial and not has_sham:
        text = "A trial without a sham cannot tell the sound from the night. Add to arms: sham: {cue: silence}"
        yield wrong("arms", text, "DL-E330")
    elif len(dreamscape.arms) > 1 and not has_sham and {arm.cue for arm in dreamscape.arms.values()} <= known:
        text = "No arm is silent, so nothing tells what sleep alone does. Add to arms: sham: {cue: silence}"
        yield odd("arms", text, "DL-E330")


RULES: tuple[Rule, ...] = (
    *(_purpose, company_rules.something_happens, _stop_rules, cue_rules.names, cue_rules.levels, cue_rules.recipes),
    cue_rules.noise,
    *(cue_rules.classes, gate_rules.gates, _doses, _comparison, gate_rules.ticks),
    *(company_rules.groups, company_rules.scenes, company_rules.relays, dialogue_rules.dialogues),
    *(company_rules.awakenings, company_rules.training),
)
