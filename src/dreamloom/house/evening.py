"""Is every bed ready for tonight? What was agreed, asked, heard and practised there, and what is still to be done."""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from dreamloom.dreamscape.findings import gates_of
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.practice import trainings_for
from dreamloom.governance.policy.request import EXCLUDED, NOBODY_THERE, UNASKED, UNTAUGHT, Eligibility
from dreamloom.house import (
    eye_calibrations,
    hearing,
    joined_streams,
    opening,
    phone_graded,
    pod_links,
    training,
    withdrawing,
    word_check,
)
from dreamloom.house.asked import Asked
from dreamloom.house.eligible import eligible
from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import NOBODY, PodAsked
from dreamloom.house.pod_page import in_one_sentence
from dreamloom.house.speakers import SILENT, outputs_of, page_device
from dreamloom.jukebox.phone_grades import graded
from dreamloom.record.events import OutputConfirmed
from dreamloom.vocabulary.errors import DreamloomError
from dreamloom.vocabulary.units import NightTime

State = Literal["ready", "to do", "silent", "not needed"]
ON_PAGE = "On the page at the bed, behind its notes: How softly do you hear?"
AT_ONSET_S = NightTime(0.0)
SOURCES = {
    "edf": "a recording; nobody lies there",
    "sim": "a simulated sleeper; nobody lies there",
    "lsl": "a headband over LSL",
    "brainflow": "a headband",
    "joined": "a headband at another machine, which joins this night",
    "phone": "how the phone at the bed moves: still or moving, and never a stage",
    "clock": "no headband: what is played goes by the clock",
}


class Check(Struct, frozen=True, kw_only=True):
    """One thing that is looked at before somebody falls asleep.

    Attributes:
        state: silent where the bed is recorded and nothing sounds because of it.
        told: what was found, in a sentence.
        do: what a person may do about it; "" for nothing.
    """

    what: str
    state: State
    told: str
    do: str = ""


class BedTonight(Struct, frozen=True, kw_only=True):
    """One bed in the evening."""

    pod: str
    sleeper: str
    checks: tuple[Check, ...]

    @property
    def is_ready(self) -> bool:
        return all(check.state in {"ready", "not needed"} for check in self.checks)


class Evening(Struct, frozen=True, kw_only=True):
    """A night before it begins.

    Attributes:
        intent: of what is played tonight, in its author's words.
    """

    night: str
    intent: str
    beds: tuple[BedTonight, ...]


def evening(folder: NightFolder) -> Evening:
    """Looks at every bed; changes nothing.

    Raises:
        ConfigError, RefusedError: when what was asked for cannot be read, or a grant does not fit it.
    """
    asked = opening.read_asked(folder)
    may_be_cued = eligible(asked)
    return Evening(
        night=folder.name,
        intent=asked.dreamscape.intent or "",
        beds=tuple(
            BedTonight(pod=pod.id, sleeper=pod.sleeper, checks=tuple(_checks(asked, pod, may_be_cued[pod.id])))
            for pod in asked.night.pod
        ),
    )


def _checks(asked: Asked, pod: PodAsked, known: Eligibility) -> Iterator[Check]:
    yield _agreed(asked, pod)
    yield _asked_before(pod, known)
    yield _senses(asked, pod)
    for what, look in (("output", _output), ("hearing", _hearing), ("eyes", _eyes), ("training", _training)):
        try:
            yield look(asked, pod)
        except DreamloomError as error:
            yield Check(what=what, state="to do", told=f"{error.what} {error.why}".strip(), do=error.do)
    if page_device(pod) is not None and not pod.source.startswith(NOBODY):
        yield _phone(asked, pod)
    yield _room(pod)


def _agreed(asked: Asked, pod: PodAsked) -> Check:
    grant = asked.grant_of(pod)
    if withdrawing.withdrawn_tonight(asked.folder.house.pod(pod.id), asked.folder.name, pod.sleeper) is not None:
        return Check(what="agreed", state="silent", told="Took tonight's consent back. It stays so tonight.")
    if grant is None or "cue" not in grant.purposes:
        return Check(
            what="agreed",
            state="silent",
            told="Agreed to no sound tonight: the bed is recorded as far as was agreed, and nothing sounds.",
            do=f"dreamloom consent give {asked.folder.name} {pod.sleeper}",
        )
    words = in_one_sentence(grant).partition(";")[0].replace("You agreed", "Agreed", 1)
    return Check(what="agreed", state="ready", told=f"{words}.")


def _asked_before(pod: PodAsked, known: Eligibility) -> Check:
    what = "asked before"
    if known == NOBODY_THERE:
        return Check(what=what, state="not needed", told="Nobody lies there.")
    if known == EXCLUDED:
        return Check(what=what, state="silent", told="Not cued tonight. No reason is told.")
    if known == UNASKED:
        return Check(
            what=what,
            state="silent",
            told="Has not answered what is asked before a first night.",
            do=f"dreamloom consent intake {pod.sleeper}",
        )
    if known == UNTAUGHT:
        return Check(
            what=what,
            state="silent",
            told="Has not answered the three questions on tonight's sheet.",
            do=f"dreamloom consent questions {pod.sleeper}",
        )
    return Check(what=what, state="ready", told="Answered, and asked back.")


def _senses(asked: Asked, pod: PodAsked) -> Check:
    kind = pod.source.partition(":")[0]
    told = SOURCES.get(kind, pod.source)
    told = told[:1].upper() + told[1:]
    if pod.source.startswith(NOBODY):
        return Check(what="signals", state="ready", told=f"{told}.")
    if kind == "phone":
        return Check(what="signals", state="ready", told=f"{told}.")
    if kind == "joined":
        return _joined(asked, pod, told)
    return Check(
        what="signals",
        state="to do",
        told=f"{told}. Impedance is not measured; quality is seen once it streams.",
        do=f"dreamloom doctor {pod.source.partition(':')[2].partition(',')[0] or pod.id}",
    )


def _joined(asked: Asked, pod: PodAsked, told: str) -> Check:
    if not asked.folder.joined(pod.id).exists():
        do = f"dreamloom pod link {asked.folder.name} {pod.id}; there: dreamloom pod join LINK --source lsl:NAME"
        return Check(what="signals", state="to do", told=f"{told}; it has not joined yet.", do=do)
    channels = joined_streams.of_bed(asked.folder, pod.id, source=pod.source).channels
    heard = ", ".join(channel.label for channel in channels)
    return Check(what="signals", state="ready", told=f"{told}; it sends {heard}.")


def _output(asked: Asked, pod: PodAsked) -> Check:
    device = _device(asked, pod)
    if device is None:
        return Check(what="output", state="not needed", told="None: what is due is written to a file, nothing sounds.")
    if pod.source.startswith(NOBODY):
        return Check(what="output", state="ready", told=f"{device}.")
    is_page = page_device(pod) is not None
    if isinstance(word_check.told(asked.folder, pod, device, AT_ONSET_S), OutputConfirmed):
        told = "The page at the bed; its sleeper counted its notes." if is_page else f"{device}; a word was said back."
        return Check(what="output", state="ready", told=told)
    if is_page:
        return _page(asked, pod)
    return Check(
        what="output",
        state="silent",
        told=f"{device}; its sleeper has not said back a word heard on it.",
        do=f"dreamloom calibrate word {asked.folder.name} {pod.id}",
    )


def _page(asked: Asked, pod: PodAsked) -> Check:
    """Nobody counted notes there yet: is a page open, and is it the phone that lies there?"""
    opened = pod_links.pages(asked.folder).get(pod.id)
    told, do = "nobody opened it yet", f"dreamloom pod link {asked.folder.name} {pod.id}"
    if opened:
        told = f"open on the phone that shows {opened[-1]!r}; its sleeper has not counted its notes"
        do = "On that phone: Play the notes"
    return Check(what="output", state="silent", told=f"The page at the bed; {told}.", do=do)


def _device(asked: Asked, pod: PodAsked) -> str | None:
    """The id of the output that this bed's words find on this machine now; None where nothing sounds.

    Raises:
        StreamError: when there is none, or several.
    """
    found = outputs_of([pod], asked.folder.house).get(pod.id)
    return None if found is None else found.id


def _phone(asked: Asked, pod: PodAsked) -> Check:
    kept = phone_graded.kept_for(asked.folder, pod)
    do = f"dreamloom pod rehearse {asked.folder.name} {pod.id}"
    if kept is None:
        return Check(
            what="phone", state="to do", told="Not rehearsed: nobody knows how it is when it is locked.", do=do
        )
    is_good = graded(kept.found)[0] in {"A", "B"}
    told = phone_graded.in_words(kept)
    return Check(what="phone", state="ready" if is_good else "to do", told=told, do="" if is_good else do)


def _hearing(asked: Asked, pod: PodAsked) -> Check:
    if pod.speaker.device == SILENT or pod.source.startswith(NOBODY):
        return Check(what="hearing", state="not needed", told="Nobody hears it.")
    on_page = page_device(pod) is not None
    if (found := hearing.kept_for(asked.folder, pod, _device(asked, pod) or "")) is None:
        return Check(
            what="hearing",
            state="to do",
            told="Not measured: levels go by what most people just hear.",
            do=ON_PAGE if on_page else f"dreamloom calibrate hearing {asked.folder.name} {pod.id}",
        )
    return Check(what="hearing", state="ready", told=f"Measured in {found.trials} sounds on this output.")


def _eyes(asked: Asked, pod: PodAsked) -> Check:
    if not _heeds_eyes(asked.dreamscape) or pod.source.startswith(NOBODY):
        return Check(what="eyes", state="not needed", told="Nothing tonight goes by this sleeper's eyes.")
    if eye_calibrations.of_tonight(asked.folder, pod, AT_ONSET_S) is None:
        return Check(
            what="eyes",
            state="to do",
            told="Not calibrated: signals are looked for as most people make them.",
            do=f"dreamloom calibrate eyes {asked.folder.name} {pod.id}",
        )
    return Check(what="eyes", state="ready", told="Calibrated for tonight.")


def _heeds_eyes(dreamscape: Dreamscape) -> bool:
    by_gate = any(gate.eye_signal is not None for _, gate in gates_of(dreamscape))
    return by_gate or bool(dreamscape.relays) or any(each.answer for each in dreamscape.dialogues.values())


def _training(asked: Asked, pod: PodAsked) -> Check:
    if not trainings_for(asked.dreamscape, pod.groups):
        return Check(what="training", state="not needed", told="This dreamscape asks for none.")
    if not training.is_lacking(asked, pod):
        return Check(what="training", state="ready", told="Held, or nobody hears it here.")
    return Check(
        what="training",
        state="to do",
        told="Not held yet.",
        do=f"dreamloom calibrate training {asked.folder.name} {pod.id}",
    )


def _room(pod: PodAsked) -> Check:
    others = sorted({*pod.shares_room_with, *pod.speaker.shared_with})
    if not others:
        return Check(what="room", state="ready", told="Nobody else of tonight hears what sounds here.")
    hear = "hears" if len(others) == 1 else "hear"
    return Check(what="room", state="ready", told=f"{' and '.join(others)} {hear} what sounds here as well.")
