"""What goes with a bed's sounds tonight? Marks for other recorders, light and vibration where a box is named."""

from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

from dreamloom.adapters.actuator import LineActuator, PodLights
from dreamloom.adapters.marks import LslMarks, Marks, NightMarks, PodMarks, SerialMarks
from dreamloom.adapters.speaker.bits_file import BitsFile
from dreamloom.dreamscape.cue import Cue
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.obeyed import sounds_needed
from dreamloom.governance.consent import Grant
from dreamloom.house.night_file import NightAsked, PodAsked
from dreamloom.jukebox.lights import Shine
from dreamloom.ports import Companion
from dreamloom.vocabulary.errors import ConfigError, RefusedError
from dreamloom.vocabulary.units import Hertz, NightTime, Seconds

LSL, SERIAL = "lsl", "serial:"
SHINING = ("light", "vibration")


def open_marks(night: NightAsked, name: str, now_s: Callable[[], NightTime]) -> NightMarks | None:
    """Every place this night marks its cues at; None where it asks for none.

    Raises:
        ConfigError: DL-E366 for a place nobody knows.
        StreamError: when one cannot be opened.
    """
    with ExitStack() as undo:
        opened = [undo.enter_context(closing(_opened(place, name, now_s))) for place in night.markers]
        undo.pop_all()
    return NightMarks(opened, len(night.pod)) if opened else None


def _opened(place: str, name: str, now_s: Callable[[], NightTime]) -> Marks:
    if place == LSL:
        return LslMarks(name, now_s)
    if place.startswith(SERIAL):
        return SerialMarks(place.removeprefix(SERIAL), now_s)
    raise ConfigError(
        "DL-E366",
        f"Cues cannot be marked at {place!r}.",
        do='Write markers = ["lsl"], or ["serial:/dev/ttyUSB0"] with the device of the trigger line.',
    )


def companions_of(  # noqa: PLR0913 - a bed and all that goes with it, each by its name
    pod: PodAsked,
    *,
    dreamscape: Dreamscape,
    grant: Grant | None,
    bits: Path,
    marks: NightMarks | None,
    now_s: Callable[[], NightTime],
    warn: Callable[[str], None],
) -> list[Companion]:
    """Those of one bed of a live night, opened."""
    found: list[Companion] = [PodMarks(pod.id, marks)] if marks else []
    shines = shines_of(dreamscape, grant)
    if pod.actuator and shines:
        device = LineActuator(pod.actuator.removeprefix(SERIAL))
        found.append(PodLights(device, BitsFile(bits), shines, now_s=now_s, warn=warn))
    return found


def shines_of(dreamscape: Dreamscape, grant: Grant | None) -> dict[str, tuple[Shine, ...]]:
    """What shines or vibrates with each sound that can leave, by its cue; only what this sleeper agreed to."""
    agreed = set(grant.cues) if grant else set()
    found: dict[str, tuple[Shine, ...]] = {}
    for name, cue in sounds_needed(dreamscape).items():
        together = {each: dreamscape.cues[each] for each in cue.with_}
        own = {name: cue} if cue.kind in SHINING else {}
        shines = tuple(_shine(each, its) for each, its in {**own, **together}.items() if each in agreed)
        if shines:
            found[name] = shines
    return found


def refuse_dark_beds(night: NightAsked, dreamscape: Dreamscape, warn: Callable[[str], None]) -> None:
    """Returns when every light that is a cue of its own finds a box at each bed; one beside a sound is only told.

    Raises:
        RefusedError: DL-E547 for a bed at which a cue would never be seen or felt.
    """
    cues = sounds_needed(dreamscape)
    alone = [name for name, cue in cues.items() if cue.kind in SHINING]
    beside = sorted({each for cue in cues.values() for each in cue.with_})
    for pod in (pod for pod in night.pod if not pod.actuator):
        if alone:
            raise RefusedError(
                "DL-E547",
                f"Nothing at {pod.id} can show {alone[0]!r}, which is a {cues[alone[0]].kind}.",
                why="A cue that nobody can see or feel would stand in the record as played.",
                still="Nothing was recorded or played.",
                do=f'Name the box under the bed: actuator = "serial:/dev/ttyUSB0", or play another cue at {pod.id}.',
            )
        if beside:
            warn(f"Nothing at {pod.id} can show {', '.join(beside)}: its sounds come without.")


def _shine(name: str, cue: Cue) -> Shine:
    return Shine(
        name,
        "light" if cue.kind == "light" else "vibration",
        cue.colour or "-",
        cue.strength if cue.strength is not None else 0.0,
        Hertz(cue.pulse_hz or 0.0),
        Seconds(cue.fade_s or 0.0),
        Seconds(cue.duration_s),
    )
