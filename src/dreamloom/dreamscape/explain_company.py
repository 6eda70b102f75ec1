"""How are groups, scenes, relays, questions, awakenings and training said to a person?"""

from collections.abc import Iterator

from dreamloom.dreamscape import words
from dreamloom.dreamscape.company import Group, Relay, Transition, is_at_one_moment
from dreamloom.dreamscape.explain_gate import eye_signal, gate
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.waking import NO, YES, Awakening, Dialogue, Report, Training

CODES = {
    "count": "counted",
    "yes or no": f"read as yes or no: {words.times(YES)} is yes, {words.times(NO)} no",
    "morse": "read as Morse: a dot to the left, a dash to the right",
}
CHANNELS = {"eyes": "eye movements", "face": "muscles of the face", "sniff": "sniffs"}


def before(dreamscape: Dreamscape) -> Iterator[str]:
    """Who takes part, and what happens before sleep."""
    yield from (_group(name, group) for name, group in dreamscape.groups.items())
    yield from (_training(each) for each in dreamscape.training)


def between(dreamscape: Dreamscape) -> Iterator[str]:
    """What passes between sleepers, what is asked of them, and how they are woken."""
    for relay in dreamscape.relays:
        yield from _relay(relay)
    for name, dialogue in dreamscape.dialogues.items():
        yield from _dialogue(name, dialogue)
    for awakening in dreamscape.awakenings:
        yield from _awakening(awakening)


def step(transition: Transition) -> str:
    """When a sleeper moves on: what has to hold, or to happen."""
    said = [f"{words.duration(transition.after_s)} have passed in it"] if transition.after_s else []
    happens = "there was {} since they came" if is_at_one_moment(transition.for_) else "there is {}"
    said += [happens.format(_a(transition.on))] if transition.on else []
    said += [f"it is so: {gate(transition.when)}"] if transition.when else []
    together = ", those who can at one moment" if is_at_one_moment(transition.for_) else ""
    return f"{words.several(said)}{together}"


def _a(event: str) -> str:
    return f"{'an' if event[0] in 'aeiou' else 'a'} {event}"


def _group(name: str, group: Group) -> str:
    most = f" to {group.at_most}" if group.at_most and group.at_most > group.at_least else ""
    more = "" if group.at_most else " or more"
    about = f": {group.about.rstrip('.')}" if group.about else ""
    sleepers = "sleeper" if group.at_most == 1 else "sleepers"
    return f'The group "{name}" has {group.at_least}{most}{more} {sleepers}{about}.'


def _training(each: Training) -> str:
    cues = words.quoted(each.cues)
    return (
        f"Before sleep, {each.for_} hears or sees {cues} every {words.duration(each.every_s)} for "
        f"{words.duration(each.over_s)}, and practises this: {each.practise.rstrip('.')}."
    )


def _relay(relay: Relay) -> Iterator[str]:
    yield (
        f'When {relay.sender} signals, {relay.receiver} hears "{relay.cue}": '
        f"{eye_signal(relay.signal)}, and {gate(relay.when)} of the receiver's own sleep."
    )
    yield (
        f"A signal waits at most {words.duration(relay.wait_s)} for that, nobody is reached more than once in "
        f"{words.duration(relay.refractory_s)}, {relay.budget.per_hour} times an hour and {relay.budget.per_night} "
        "times a night."
    )
    agreed = words.several(list(relay.consent)) if relay.consent else "nobody"
    yield f"For this the {agreed} must have named the other in their consent; either may withdraw at any moment."


def _dialogue(name: str, dialogue: Dialogue) -> Iterator[str]:
    questions = words.quoted([question.cue for question in dialogue.questions], "or")
    yield f'In the dialogue "{name}", {dialogue.for_} is asked {questions} {gate(dialogue.when)}.'
    answer = dialogue.answer
    if answer is None or answer.window_s is None:
        yield "No answer is waited for."
    else:
        channels = words.several([CHANNELS[channel] for channel in answer.by], "or")
        yield (
            f"For {words.duration(answer.window_s)} the answer is looked for in {channels}, {CODES[answer.code]}; "
            "none and unclear ones are kept as such."
        )
    again = dialogue.repeat
    repeated = f"is asked {words.times(again.times)}, {words.duration(again.apart_s)} apart, " if again else ""
    yield (
        f"Each question {repeated or 'is asked once, '}and the next comes {words.duration(dialogue.every_s)} later at "
        f"the earliest; after the last the sleeper is {'woken to report' if 'wake' in dialogue.then else 'let sleep'}."
    )
    yield (
        f"At most {dialogue.budget.per_hour} questions an hour and {dialogue.budget.per_night} a night; after "
        f"{dialogue.silent_after} in a row without an answer there are no more{_ends(dialogue)}."
    )


def _ends(dialogue: Dialogue) -> str:
    return ", and the sleeper is woken to report" if dialogue.then == "wake for report" else ""


def _awakening(awakening: Awakening) -> Iterator[str]:
    how = f'"{awakening.cue}"'
    if awakening.ramp:
        how += f", rising from silence over {words.duration(awakening.ramp.over_s)}"
    when = f" {gate(awakening.when)}" if awakening.when else ""
    when += ", all who could be at one moment" if is_at_one_moment(awakening.for_) else ""
    if awakening.kind == "morning":
        yield f"In the morning {awakening.for_} is woken by {how}{_latest(awakening)}."
    else:
        yield f"{_capital(awakening.for_)} is woken by {how}{when}{_often(awakening)}."
    if awakening.awake_for_s:
        yield f"They stay awake for {words.duration(awakening.awake_for_s)} before they sleep again."
    if awakening.report:
        yield _report(awakening.report)
    if awakening.before_sleep:
        yield f'Before they sleep again, they hear "{awakening.before_sleep}".'


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _often(awakening: Awakening) -> str:
    apart = awakening.apart
    said = f", {words.duration(apart.at_least_s)} to {words.duration(apart.at_most_s)} apart" if apart else ""
    return f"{said}, {words.times(awakening.times)} a night" if awakening.times else said


def _latest(awakening: Awakening) -> str:
    if awakening.latest is None:
        return ""
    if not awakening.prefer or awakening.look_for_s is None:
        return f" at {awakening.latest} by their own clock"
    return (
        f": out of {words.stages(awakening.prefer)} if it comes in the {words.duration(awakening.look_for_s)} before "
        f"{awakening.latest} by their own clock, and at {awakening.latest} whatever comes"
    )


def _report(report: Report) -> str:
    prompt = f'"{report.prompt}" asks, and ' if report.prompt else ""
    ends = "" if report.ask.endswith(("?", ".")) else "."
    return f"Then {prompt}{words.duration(report.record_s)} of answer are recorded: {report.ask}{ends}"
