"""The verb `calibrate eyes`: asks, listens, and tells what was understood."""

from collections.abc import Callable
from contextlib import ExitStack
from difflib import get_close_matches

from dreamloom.adapters.speaker.wire import DeviceAsked
from dreamloom.cli.output import give, say
from dreamloom.eyes import calibration
from dreamloom.eyes.calibration import ASKED, Calibration
from dreamloom.house import eye_calibrations, trying_outputs
from dreamloom.house.eye_calibrations import PRACTICE_S, Span
from dreamloom.house.layout import NightFolder, find_night
from dreamloom.house.night_file import NightAsked, PodAsked, read_night
from dreamloom.house.speakers import outputs_of
from dreamloom.house.texts import read_text
from dreamloom.vocabulary.errors import UsageError

HOW = "Look fully left, right, left, right, and back to the middle, about one look a second; then rest until the next."


def eyes(night: str, pod: str, *, source: str, from_s: float, for_s: float | None, as_json: bool) -> None:
    """Five signals of the sleeper in this bed, asked for and kept."""
    folder = find_night(night)
    asked = read_night(read_text(folder.night_toml, what="the pods of a night"), file=str(folder.night_toml))
    bed = _bed(asked, pod)
    bed = eye_calibrations.replace_source(bed, source) if source else bed
    span = Span(from_s=from_s, for_s=PRACTICE_S if for_s is None else for_s)
    with ExitStack() as undo:
        ask = _asking(bed, undo, outputs_of([bed], folder.house)) if eye_calibrations.is_live(bed) else _nobody
        if ask is not _nobody:
            say(f"{ASKED} times, {HOW[0].lower()}{HOW[1:]} Not a medical device.")
        found = eye_calibrations.calibrate(folder, bed, seed=asked.simulation_seed, span=span, ask=ask)
    _tell(bed, found)
    if as_json:
        give({"pod": bed.id, "sleeper": bed.sleeper, **_as_data(found)})


def named_bed(folder: NightFolder, pod: str) -> PodAsked:
    """The bed of this id in a night."""
    return _bed(read_night(read_text(folder.night_toml, what="the pods of a night"), file=str(folder.night_toml)), pod)


def _asking(bed: PodAsked, undo: ExitStack, outputs: dict[str, DeviceAsked]) -> Callable[[int], None]:
    note = undo.enter_context(trying_outputs.chime(outputs[bed.id])) if bed.id in outputs else None

    def ask(number: int) -> None:
        say(f"{number} of {ASKED}: left, right, left, right, middle.")
        if note is not None:
            note()

    return ask


def _nobody(_: int) -> None:
    """Nobody is there to be asked."""


def _bed(asked: NightAsked, pod: str) -> PodAsked:
    for bed in asked.pod:
        if bed.id == pod:
            return bed
    ids = [bed.id for bed in asked.pod]
    near = get_close_matches(pod, ids, 1)
    raise UsageError(
        "DL-E110",
        f"This night has no pod {pod!r}.",
        why=f"Its pods are {', '.join(ids)}.",
        do=f"Did you mean {near[0]!r}?" if near else "Name one of them.",
    )


def _tell(bed: PodAsked, found: Calibration) -> None:
    asleep = calibration.limits(found)
    low_s, high_s = asleep.pace_s
    say(
        f"{found.seen} of {ASKED} were recognised: {found.size_uv:.0f} µV from side to side, {found.pace_s:.2f} s from "
        f"one turn to the next. Asleep, {asleep.least_uv:.0f} µV and {low_s:.2f} to {high_s:.2f} s are asked of "
        f"{bed.sleeper}."
    )
    if found.exchanged:
        say("The first look showed to the right: the electrodes are exchanged, or the sides were. So it counts.")
    say(f"Kept for this night; the bed {bed.id} begins with it. Given twice, a signal counts.")


def _as_data(found: Calibration) -> dict[str, object]:
    asleep = calibration.limits(found)
    return {
        **found._asdict(),
        "asked": ASKED,
        "exchanged": found.exchanged,
        "asleep_least_uv": asleep.least_uv,
        "asleep_pace_s": asleep.pace_s,
    }
