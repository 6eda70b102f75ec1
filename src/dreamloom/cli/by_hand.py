"""The verbs under `now`: what the person in charge asks of one bed, and what became of it."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.cli.output import clock, give, say
from dreamloom.dreamscape.model import SILENCE
from dreamloom.dreamscape.obeyed import obeyed_dialogues
from dreamloom.dreamscape.waking import Dialogue
from dreamloom.engine.clocks import boot_s
from dreamloom.gallery.reasons import IN_WORDS
from dreamloom.governance.policy.reasons import in_words
from dreamloom.house import by_hand, layout, opening, withdrawing
from dreamloom.house.asked import Asked
from dreamloom.house.by_hand import GOOD_FOR_S, AnyTold, AnyWord, Cue, Letter, Note, Stage
from dreamloom.house.layout import NightFolder
from dreamloom.record.events import (
    AnswerSeen,
    AnyEvent,
    CommandGiven,
    CueDue,
    CueFailed,
    CueForbidden,
    CuePlayed,
    CueWithheld,
    LetterSeen,
    NoteMade,
    OperatorStaged,
)
from dreamloom.vocabulary.errors import RefusedError, UsageError
from dreamloom.vocabulary.stages import CALLED_S

ANSWER_WITHIN_S = GOOD_FOR_S
TAKEN_LATE_S = 4.0
"""What was taken up at the last moment is told in the record within so long: a second, and three to settle it."""
LOOK_EVERY_S = 0.1
Asking = type[AnyTold]
"""As which event a word stands in the record."""


class Waiting(NamedTuple):
    """A word that was left beside a night: as which event it will stand in the record, from which place on at most."""

    word: AnyWord
    kind: Asking
    start: int
    path: Path


def cue(night: str, who: str, name: str, *, by: str, as_json: bool) -> None:
    """One cue, now or never: the gate and the timer are set aside, every veto stands."""
    folder = layout.find_night(night)
    by_hand.refuse_cue(name, opening.read_asked(folder).plan.cue_sha256)
    pod = pod_of(folder, who)
    start, told = asked_of(folder, Cue(pod=pod, by=by, cue=name), CommandGiven)
    _answer(folder, pod, told, start=start, as_json=as_json)


def sham(night: str, who: str, *, by: str, as_json: bool) -> None:
    """What a cue would be, in silence."""
    cue(night, who, SILENCE, by=by, as_json=as_json)


def question(night: str, who: str, name: str | None, *, by: str, as_json: bool) -> None:
    """The next question of a dialogue, now or never, and what was answered, as far as nobody is unblinded by it."""
    folder = layout.find_night(night)
    asked = opening.read_asked(folder)
    numbers = obeyed_dialogues(asked.dreamscape)
    names = [list(asked.dreamscape.dialogues)[number] for number in numbers]
    if not names or (name is not None and name not in names):
        raise UsageError(
            "DL-E135",
            f"This night has no dialogue {name!r}." if name else "This night asks no questions.",
            why=f"It has {', '.join(names)}." if names else "Its dreamscape has no dialogue that beds hold.",
            do="Leave --dialogue out for the first one, or name one of these; or play any cue: dreamloom now cue.",
        )
    number = numbers[names.index(name)] if name else numbers[0]
    dialogue = list(asked.dreamscape.dialogues.values())[number]
    pod = pod_of(folder, who)
    next_one = dialogue.questions[_next_question(folder, pod, number) % len(dialogue.questions)]
    start, told = asked_of(folder, Cue(pod=pod, by=by, cue=next_one.cue), CommandGiven)
    due = _answer(folder, pod, told, start=start, as_json=False)
    heard = None if due is None else _heard(folder, due, start=start, within_s=_waits_s(asked, next_one.cue, dialogue))
    shown = None if asked.dreamscape.arms else heard
    if shown is not None:
        sure = f", confidence {shown.confidence:.2f} {shown.judged}".rstrip() if shown.said == "answer" else ""
        say(f"{pod}: {next_one.cue}: {shown.said} {_meant(shown)}".rstrip() + f"{sure}.")
    elif due is not None:
        say(f"{pod}: what was answered stands in the record, for those who may see it.")
    if as_json:
        told_of = {} if shown is None else {"said": shown.said, "answer": _meant(shown), "judged": shown.judged}
        give({"pod": pod, "question": next_one.cue, "asked": due is not None, **told_of})


def _waits_s(asked: Asked, cue: str, dialogue: Dialogue) -> float:
    window_s = dialogue.answer.window_s if dialogue.answer else None
    return asked.plan.sounding_s(cue) + (window_s or 0.0) + ANSWER_WITHIN_S


def _heard(folder: NightFolder, due: str, *, start: int, within_s: float) -> AnswerSeen | LetterSeen | None:
    found = awaited(
        folder,
        start,
        lambda event: event.cause == due and isinstance(event, AnswerSeen | LetterSeen),
        within_s=within_s,
    )
    return found if isinstance(found, AnswerSeen | LetterSeen) else None


def _meant(heard: AnswerSeen | LetterSeen) -> str:
    if heard.said != "answer":
        return ""
    return heard.letter if isinstance(heard, LetterSeen) else str(heard.number)


def _next_question(folder: NightFolder, pod: str, dialogue: int) -> int:
    """Behind the last one that was answered, or that one once more."""
    if not folder.record.exists():
        return 0
    with read_only(folder.record) as record:
        told = [
            event
            for event in record.events(0)
            if isinstance(event, AnswerSeen | LetterSeen) and (event.pod, event.dialogue) == (pod, dialogue)
        ]
    return told[-1].question + (told[-1].said == "answer") if told else 0


def stage(night: str, who: str, letter: str, *, by: str, as_json: bool) -> None:
    """The stage that a person sees stands for ten minutes in the place of what the stager says."""
    known: dict[str, Letter] = {"W": "W", "N1": "N1", "N2": "N2", "N3": "N3", "R": "R", "none": ""}
    if letter not in known:
        raise UsageError(
            "DL-E131", f"There is no stage {letter!r}.", why=f"There are {', '.join(known)}.", do="Name one of these."
        )
    folder = layout.find_night(night)
    pod = pod_of(folder, who)
    word = Stage(pod=pod, by=by, stage=known[letter])
    _, told = asked_of(folder, word, OperatorStaged)
    until = f"until {clock(told.onset_s + CALLED_S)}" if known[letter] else "from now on: what the stager says"
    say(f"{pod}: {letter if known[letter] else 'no call'} by {by}, {until}.")
    if as_json:
        give({"pod": pod, "stage": known[letter], "by": by, "onset_s": told.onset_s})


def note(night: str, who: str, text: str, *, by: str, as_json: bool) -> None:
    """Words at this moment of the night; sealed under the sleeper's own key."""
    by_hand.refuse_note(text)
    folder = layout.find_night(night)
    pod = pod_of(folder, who)
    _, told = asked_of(folder, Note(pod=pod, by=by, text=text), NoteMade)
    say(f"{pod}: noted at {clock(told.onset_s)} by {by}. It is erased with what else is kept of that sleeper.")
    if as_json:
        give({"pod": pod, "by": by, "onset_s": told.onset_s})


def pod_of(folder: NightFolder, who: str) -> str:
    """The bed of whoever is named by sleeper or by bed; raises UsageError for nobody."""
    return withdrawing.find_pod(withdrawing.who_sleeps_where(folder), who)[0]


def asked_of(folder: NightFolder, word: AnyWord, kind: Asking) -> tuple[int, AnyEvent]:
    """Leaves the word, and waits until the running night has taken it into its record, from which place on it lies.

    Raises:
        UsageError: for a name that cannot stand in the record.
        RefusedError: when it did not: the night does not run, or hangs.
    """
    waiting = left(folder, word, kind)
    return waiting.start, answered(folder, waiting)


def left(folder: NightFolder, word: AnyWord, kind: Asking) -> Waiting:
    """Leaves the word; raises UsageError for a name that cannot stand in the record."""
    by_hand.refuse_name(word.by)
    start = _size(folder)
    return Waiting(word, kind, start, by_hand.leave(folder, word))


def answered(folder: NightFolder, waiting: Waiting) -> AnyEvent:
    """Waits until the running night has taken a word into its record; takes back one that it did not.

    Raises:
        RefusedError: DL-E536 when it did not: the night does not run, or hangs.
    """
    word, path = waiting.word, waiting.path

    def is_answer(event: AnyEvent) -> bool:
        return isinstance(event, waiting.kind) and event.pod == word.pod and event.by == word.by

    try:
        found = awaited(folder, waiting.start, is_answer, within_s=word.left_s + ANSWER_WITHIN_S - boot_s())
    finally:
        is_taken = not path.exists()
        path.unlink(missing_ok=True)
    if found is None and is_taken:
        found = awaited(folder, waiting.start, is_answer, within_s=TAKEN_LATE_S)
    if found is None:
        raise RefusedError(
            "DL-E536",
            f"The night {folder.name!r} did not answer within {ANSWER_WITHIN_S:g} s.",
            why="Only a night that runs takes words; this one does not run, or hangs.",
            still="Nothing was played, and nothing will be of it later.",
            do=f"Begin it, or go on with it: dreamloom run {folder.root}",
        )
    return found


def _answer(folder: NightFolder, pod: str, command: AnyEvent, *, start: int, as_json: bool) -> str | None:
    """What became of a command: whether it was due, and whether it sounded; the id of its cue where it was."""
    decided = awaited(
        folder, start, lambda event: event.cause == command.id and isinstance(event, CueDue | CueWithheld)
    )
    due = decided.id if isinstance(decided, CueDue) else None
    ended = due and awaited(
        folder, start, lambda event: event.cause == due and isinstance(event, CuePlayed | CueFailed)
    )
    reason = decided.reason if isinstance(decided, CueWithheld) else ""
    outcome = "withheld" if reason else "unknown"
    if isinstance(ended, CuePlayed | CueFailed):
        outcome = "played" if isinstance(ended, CuePlayed) else "failed"
    policies = _forbidden(folder, command, start=start) if reason == "POLICY" else ()
    why = f": {in_words(policies) or IN_WORDS.get(reason, reason)}" if reason else ""
    say(f"{pod}: {outcome} at {clock(command.onset_s)}{why}.")
    if as_json:
        give(
            {
                "pod": pod,
                "outcome": outcome,
                "reason": reason or None,
                "policies": list(policies),
                "onset_s": command.onset_s,
            }
        )
    return due


def _forbidden(folder: NightFolder, command: AnyEvent, *, start: int) -> tuple[str, ...]:
    """Which rules of the house said no to this command."""
    with read_only(folder.record) as record:
        said = (each for each in record.events(start) if isinstance(each, CueForbidden) and each.cause == command.id)
        return next((each.policies for each in said), ())


def awaited(
    folder: NightFolder, start: int, is_it: Callable[[AnyEvent], object], *, within_s: float | None = None
) -> AnyEvent | None:
    """The first such event from there on, once it stands in the record; None when that took too long. Looks once."""
    ends_s = time.monotonic() + (ANSWER_WITHIN_S if within_s is None else within_s)
    while True:
        if folder.record.exists():
            with read_only(folder.record) as record:
                found = next((event for event in record.events(start) if is_it(event)), None)
            if found is not None:
                return found
        if time.monotonic() >= ends_s:
            return None
        time.sleep(LOOK_EVERY_S)


def _size(folder: NightFolder) -> int:
    if not folder.record.exists():
        return 0
    with read_only(folder.record) as record:
        return record.size
