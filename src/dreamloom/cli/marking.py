"""The verbs under `now` that say what holds at a bed: private, lights, out of bed."""

from dreamloom.cli.by_hand import answered, left, pod_of
from dreamloom.cli.output import clock, give, say
from dreamloom.house import layout, withdrawing
from dreamloom.house.by_hand import MARKS, Mark, MarkKind
from dreamloom.vocabulary.errors import RefusedError, UsageError

ALL = "all"
MEANS: dict[MarkKind, str] = {
    "private": "private: nothing passes to others or from them; its own cues go on",
    "shared": "among the others again, as its sleeper agreed",
    "lights-off": "lights off: its alarms call again",
    "lights-on": "lights on: its alarms call nobody for 20 minutes",
    "out-of-bed": "out of bed: no sound, and its alarms call nobody until it is back, for 20 minutes at most",
    "back-in-bed": "back in bed",
}


def lights(night: str, who: str, word: str, *, by: str, as_json: bool) -> None:
    """Raises UsageError DL-E780 for anything but off and on."""
    kinds: dict[str, MarkKind] = {"off": "lights-off", "on": "lights-on"}
    if word not in kinds:
        raise UsageError("DL-E780", f"Lights are off or on, not {word!r}.", do="Say off or on.")
    mark(night, who, kinds[word], by=by, as_json=as_json)


def mark(night: str, who: str, kind: MarkKind, *, by: str, as_json: bool) -> None:
    """Says it of one bed, or of every bed of the night. No bed waits for another's answer.

    Raises:
        UsageError: for a bed or a name that cannot be.
        RefusedError: DL-E536 when a bed did not hear it; the others did.
    """
    folder = layout.find_night(night)
    pods = list(withdrawing.who_sleeps_where(folder)) if who == ALL else [pod_of(folder, who)]
    heard, deaf = [], []
    for waiting in [left(folder, Mark(pod=pod, by=by, mark=kind), MARKS[kind]) for pod in pods]:
        try:
            told = answered(folder, waiting)
        except RefusedError as error:
            deaf.append(error)
            continue
        heard.append({"pod": waiting.word.pod, "onset_s": told.onset_s})
        say(f"{waiting.word.pod}: {MEANS[kind]}; {by}, {clock(told.onset_s)}.")
    if as_json:
        give({"mark": kind, "by": by, "beds": heard})
    if deaf:
        raise deaf[0]
