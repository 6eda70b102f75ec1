"""Are groups large enough, scenes reachable and at rest, relays agreed to, awakenings planned?"""

from collections.abc import Iterator

from dreamloom.dreamscape import words
from dreamloom.dreamscape.company import Scene, Transition, group_of
from dreamloom.dreamscape.findings import Noticed, gates_of, odd, wrong
from dreamloom.dreamscape.gate import Gate
from dreamloom.dreamscape.model import Dreamscape, named_cues, parts_of
from dreamloom.dreamscape.scalars import nearest
from dreamloom.dreamscape.waking import Awakening


def groups(dreamscape: Dreamscape) -> Iterator[Noticed]:
    """Each group that is named exists, is named, and is large enough for what is asked of it."""
    used = {group for _, group in _named_groups(dreamscape)}
    for path, group in _named_groups(dreamscape):
        if group not in dreamscape.groups:
            remedy = nearest(group, dreamscape.groups) if dreamscape.groups else f"Add groups: {{{group}: …}}"
            yield wrong(path, f'No group is called "{group}". {remedy}', "DL-E304")
    for name, about in dreamscape.groups.items():
        if name not in used:
            yield odd(f"groups.{name}", f'Nothing is asked of the group "{name}". Name it, or remove it.', "DL-E304")
        if about.at_most is not None and about.at_most < about.at_least:
            text = f'"{name}" has at least {about.at_least} and at most {about.at_most} sleepers. Raise at_most.'
            yield wrong(f"groups.{name}.at_most", text, "DL-E305")
    yield from _too_few(dreamscape)


def _too_few(dreamscape: Dreamscape) -> Iterator[Noticed]:
    for path, gate in gates_of(dreamscape):
        group = dreamscape.groups.get(group_of(gate.quorum.of)) if gate.quorum else None
        if gate.quorum and group and gate.quorum.at_least > group.at_least:
            text = (
                f'The quorum is {gate.quorum.at_least}, and "{group_of(gate.quorum.of)}" may have only '
                f"{group.at_least}. Write at_least: {group.at_least} or less, or let the group be larger."
            )
            yield wrong(f"{path}.quorum.at_least", text, "DL-E305")
    for number, relay in enumerate(dreamscape.relays):
        group = dreamscape.groups.get(group_of(relay.receiver))
        if relay.receiver.startswith("each other of") and group and group.at_least < 2:
            text = (
                f'"{group_of(relay.receiver)}" may have only {group.at_least} sleeper, so there is nobody else to '
                "reach. Write at_least: 2 or more."
            )
            yield wrong(f"relays[{number}].to", text, "DL-E305")


def _named_groups(dreamscape: Dreamscape) -> Iterator[tuple[str, str]]:
    for path, who in _everyone_named(dreamscape):
        if group_of(who):
            yield path, group_of(who)


def _everyone_named(dreamscape: Dreamscape) -> Iterator[tuple[str, str]]:
    yield from ((f"training[{number}].for", training.for_) for number, training in enumerate(dreamscape.training))
    yield from ((f"{path}.for", part.for_) for path, part in parts_of(dreamscape))
    yield from ((f"{path}.quorum.of", gate.quorum.of) for path, gate in gates_of(dreamscape) if gate.quorum)
    for name, scene in dreamscape.scenes.items():
        yield from ((f"scenes.{name}.next[{number}].for", step.for_) for number, step in enumerate(scene.next))
    for number, relay in enumerate(dreamscape.relays):
        yield f"relays[{number}].from", relay.sender
        yield f"relays[{number}].to", relay.receiver
    yield from ((f"dialogues.{name}.for", dialogue.for_) for name, dialogue in dreamscape.dialogues.items())
    yield from ((f"awakenings[{number}].for", each.for_) for number, each in enumerate(dreamscape.awakenings))


def scenes(dreamscape: Dreamscape) -> Iterator[Noticed]:
    """Each scene exists, can be reached and does something; no sleeper is sent round and round in one second."""
    known = dreamscape.scenes
    for name, scene in known.items():
        if not scene.parts and not scene.next:
            text = f'Nothing plays in the scene "{name}" and nothing leads out of it. Add parts, or next.'
            yield odd(f"scenes.{name}", text, "DL-E306")
        for number, step in enumerate(scene.next):
            path = f"scenes.{name}.next[{number}]"
            if step.to not in known:
                yield wrong(f"{path}.to", f'No scene is called "{step.to}". {nearest(step.to, known)}', "DL-E306")
            if step.when is None and step.on is None and step.after_s is None:
                yield wrong(path, "Nothing says when this happens. Add when, on or after.", "DL-E306")
    for name in known.keys() - _reached(known):
        text = f'Nothing leads to the scene "{name}". Add a step to it under next of another scene, or remove it.'
        yield wrong(f"scenes.{name}", text, "DL-E306")
    yield from _round_and_round(known)


def _reached(known: dict[str, Scene]) -> set[str]:
    waiting, found = list(known)[:1], set(list(known)[:1])
    while waiting:
        fresh = {step.to for step in known[waiting.pop()].next if step.to in known} - found
        found |= fresh
        waiting += fresh
    return found


def _round_and_round(known: dict[str, Scene]) -> Iterator[Noticed]:
    for name, scene in known.items():
        for number, step in enumerate(scene.next):
            around = _way_back(known, name, step, (name,)) if _is_immediate(step) else ()
            if around and name == min(around, key=list(known).index):
                text = (
                    f"{words.several([f'{one}' for one in around], 'and')} lead to each other at once, round and "
                    "round. Add after: 1 min, or on: arousal, to one of the steps."
                    if len(around) > 1
                    else f'The scene "{name}" leads to itself at once. Remove the step, or add after: 1 min.'
                )
                yield wrong(f"scenes.{name}.next[{number}]", text, "DL-E307")


def _is_immediate(step: Transition) -> bool:
    return step.on is None and step.after_s is None and step.when is not None


def _way_back(known: dict[str, Scene], start: str, step: Transition, been: tuple[str, ...]) -> tuple[str, ...]:
    """The scenes of a circle of steps that can all happen in one second; () where there is none."""
    if step.to == start:
        return been
    if step.to not in known or step.to in been:
        return ()
    for onward in known[step.to].next:
        if _is_immediate(onward) and _both_open(step.when, onward.when):
            found = _way_back(known, start, onward, (*been, step.to))
            if found:
                return found
    return ()


def _both_open(one: Gate | None, other: Gate | None) -> bool:
    """False only where two gates can plainly never be open together: by stage, by cycle, or by the clock."""
    if one is None or other is None:
        return True
    if one.stage and other.stage and not set(one.stage) & set(other.stage):
        return False
    if one.cycle and other.cycle:
        first, last = max(one.cycle.from_, other.cycle.from_), min(one.cycle.to or 12, other.cycle.to or 12)
        return first <= last
    times = (one.local_time, other.local_time)
    if times[0] and times[1]:
        return not (times[0].until == times[1].from_ and times[1].until == times[0].from_)
    return True


def relays(dreamscape: Dreamscape) -> Iterator[Noticed]:
    """Both sides agree, and nobody is their own receiver."""
    for number, relay in enumerate(dreamscape.relays):
        path = f"relays[{number}]"
        missing = [side for side in ("sender", "receiver") if side not in relay.consent]
        if missing:
            text = (
                f"Without the consent of the {words.several(missing)} nothing passes between two sleepers. "
                "Write consent: [sender, receiver]."
            )
            yield wrong(f"{path}.consent", text, "DL-E308")
        if relay.signal.times < 2:
            text = "One signal alone is often an eye movement of REM sleep. Write times: 2 or more."
            yield wrong(f"{path}.signal.times", text, "DL-E309")
        if not relay.when.stage:
            text = "The receiver's own gate asks for no stage. Add stage: R, for example."
            yield wrong(f"{path}.when", text, "DL-E309")
        same = relay.sender == relay.receiver
        if same and dreamscape.groups.get(group_of(relay.sender)) is not None:
            text = f"{relay.sender} would hear their own signals. Write to: each other of {group_of(relay.sender)}."
            yield wrong(f"{path}.to", text, "DL-E309")


def awakenings(dreamscape: Dreamscape) -> Iterator[Noticed]:
    """Whoever is woken in the night has a plan for the morning; each kind has what it needs."""
    kinds = {awakening.kind for awakening in dreamscape.awakenings}
    wakes = any(dialogue.then == "wake for report" for dialogue in dreamscape.dialogues.values())
    if (kinds or wakes) and "morning" not in kinds:
        text = (
            "People are woken in the night, and nothing says when and how each wakes for good. Add to awakenings: "
            '{kind: morning, for: each sleeper, cue: …, latest: "07:30", prefer: R, look_for: 30 min}'
        )
        path = "awakenings" if kinds else f"dialogues.{next(iter(dreamscape.dialogues))}.then"
        yield wrong(path, text, "DL-E327")
    for number, awakening in enumerate(dreamscape.awakenings):
        lacking = " and ".join(_lacking(awakening))
        if lacking:
            text = f"kind: {awakening.kind} needs {lacking}. Add {'them' if ' and ' in lacking else 'it'}."
            yield wrong(f"awakenings[{number}]", text, "DL-E328")
        if awakening.apart and awakening.apart.at_most_s < awakening.apart.at_least_s:
            text = (
                f"Awakenings are at least {words.duration(awakening.apart.at_least_s)} and at most "
                f"{words.duration(awakening.apart.at_most_s)} apart. Raise at_most."
            )
            yield wrong(f"awakenings[{number}].apart", text, "DL-E328")


def _lacking(awakening: Awakening) -> list[str]:
    needs: dict[str, dict[str, object]] = {
        "probe": {
            "when": awakening.when,
            "apart": awakening.apart,
            "times": awakening.times,
            "report": awakening.report,
        },
        "back to bed": {"when": awakening.when, "times": awakening.times, "awake_for": awakening.awake_for_s},
        "morning": {"latest": awakening.latest, "look_for": awakening.look_for_s if awakening.prefer else ""},
    }
    return [word for word, value in needs[awakening.kind].items() if value is None]


def something_happens(dreamscape: Dreamscape) -> Iterator[Noticed]:
    """A night in which nothing can happen is a slip of the pen."""
    if not list(parts_of(dreamscape)) and not (dreamscape.relays or dreamscape.dialogues or dreamscape.awakenings):
        text = "Nothing ever happens in this night. Add parts, scenes, relays, dialogues or awakenings."
        yield wrong("", text, "DL-E302")


def training(dreamscape: Dreamscape) -> Iterator[Noticed]:
    """What is practised is met again at night."""
    at_night = {cue for path, cue in named_cues(dreamscape) if not path.startswith("training")}
    for number, each in enumerate(dreamscape.training):
        unmet = [cue for cue in each.cues if cue not in at_night and cue in dreamscape.cues]
        if unmet:
            text = f'"{unmet[0]}" is practised and never met again at night. Play it, or leave it out.'
            yield odd(f"training[{number}].cues", text, "DL-E346")
        if each.every_s > each.over_s:
            text = (
                f"A cue every {words.duration(each.every_s)} does not fit into {words.duration(each.over_s)}. "
                "Shorten every, or lengthen over."
            )
            yield wrong(f"training[{number}].every", text, "DL-E346")
