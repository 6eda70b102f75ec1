"""What was asked for tonight? Reads night.toml: the pods, who lies where, and where their samples come from."""

import re
from difflib import get_close_matches
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from msgspec import Struct, field

from dreamloom.dreamscape.measures import CLOCK_PATTERN
from dreamloom.governance.toml_files import Codes, TomlFile
from dreamloom.vocabulary.errors import ConfigError
from dreamloom.vocabulary.ids import SAFE_NAME, safe_name

CODES = Codes(toml="DL-E313", key="DL-E315", value="DL-E314")
NOBODY = ("sim:", "edf:")
"""Sources behind which nobody lies tonight: a simulated sleeper, a recording."""
SPEAK_FOR_THEMSELVES = frozenset({"night", "house"})


class SpeakerAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """The output a bed listens to; "silent" renders to files and makes no sound.

    Beds that share a channel, as two in one bed do, each name the other under shared_with: each hears both.
    """

    device: str = "silent"
    channels: tuple[int, ...] = (1,)
    shared_with: tuple[str, ...] = ()


class PodAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """One bed: who lies there, where its samples come from, what it hears, and who they belong to.

    Attributes:
        shares_room_with: beds that hear what this one hears.
        channels: of its source; empty for all that are known.
        groups: of the dreamscape, that its sleeper is in.
        timezone: that of its wall, where the night's is another.
        actuator: the box that shines or vibrates there, such as serial:/dev/ttyUSB0; none if empty.
        wake_at_latest: when its sleeper is woken at the latest, in the place of what the dreamscape says.
    """

    id: str
    sleeper: str
    source: str
    speaker: SpeakerAsked = field(default_factory=SpeakerAsked)
    shares_room_with: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    timezone: str = ""
    actuator: str = ""
    wake_at_latest: str = ""


class TrialAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """The trial whose sealed schedule says who is in which arm, and which of its nights this is, from 1."""

    name: str
    night: int = 1


class StaffAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who can be called tonight.

    Attributes:
        page: a command of this machine that calls them; what needs somebody follows as its last word. Without one they
            are named in the night view, and nowhere else.
    """

    name: str
    page: tuple[str, ...] = ()


class NightAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """night.toml as a value. Strict leases last five seconds, usual ones thirty: so long a bed outlives its house.

    Attributes:
        staff: who is called when a bed needs somebody, in this order.
        unattended: nobody is awake beside the beds; the staff can be reached.
    """

    dreamscape: str
    pod: tuple[PodAsked, ...]
    title: str = ""
    mode: Literal["private", "shared", "hybrid"] = "private"
    timezone: str = "UTC"
    simulation_seed: int = 0
    markers: tuple[str, ...] = ()
    stager: str = ""
    leases: Literal["usual", "strict"] = "usual"
    trial: TrialAsked | None = None
    staff: tuple[StaffAsked, ...] = ()
    unattended: bool = False


def read_night(text: str, *, file: str) -> NightAsked:
    """The night asked for, checked: names that can name files, one sleeper a pod, rooms and time zones that exist.

    Raises:
        ConfigError: naming file:line:column, the value and the nearest name or bound.
    """
    toml = TomlFile(text, file=file, codes=CODES)
    if isinstance(toml.table.get("pod"), dict):
        raise toml.wrong(("pod",), "[pod] is one table, and a night has a list of pods.", do="Write [[pod]].")
    _refuse_trial_seed(toml)
    asked = toml.read(NightAsked)
    if not asked.pod:
        raise ConfigError("DL-E316", "No [[pod]] is asked for.", where=toml.place(()), do="Add at least one [[pod]].")
    _check_zones(asked, toml)
    _check_mornings(asked, toml)
    _check_names(asked, toml)
    _check_rooms(asked, toml)
    _check_staff(asked, toml)
    return asked


def _check_staff(asked: NightAsked, toml: TomlFile) -> None:
    names = [each.name for each in asked.staff]
    for n, name in enumerate(names):
        if SAFE_NAME.fullmatch(name) is None:
            raise toml.wrong(("staff", n, "name"), f"{name!r} cannot stand in a record as a name.", do="Give initials.")
        if name in names[:n]:
            raise toml.wrong(("staff", n, "name"), f"{name} is on duty twice.", do="Name each person once.")


def _check_zones(asked: NightAsked, toml: TomlFile) -> None:
    _check_zone(asked.timezone, ("timezone",), toml)
    for n, pod in enumerate(asked.pod):
        if pod.timezone:
            _check_zone(pod.timezone, ("pod", n, "timezone"), toml)


def _refuse_trial_seed(toml: TomlFile) -> None:
    """Whoever reads the seed of a trial knows every arm; a nonce is drawn for it and sealed instead."""
    trial = toml.table.get("trial")
    inside = [("trial", key) for key in trial] if isinstance(trial, dict) else []
    for path in (*((key,) for key in toml.table), *inside):
        if (
            "seed" in path[-1].casefold()
            and path != ("simulation_seed",)
            and (len(path) == 2 or "simul" not in path[0])
        ):
            raise ConfigError(
                "DL-E359",
                f"{'.'.join(path)} would be the seed of a trial, and a trial has none that is written down.",
                why="Whoever reads night.toml could draw every arm from it, and nobody would be blind.",
                where=toml.place(path),
                do="Take the line out. dreamloom trial seal draws 256 bits and seals them; simulation_seed is for "
                "simulated sleepers alone.",
            )


def _check_zone(name: str, key: tuple[str | int, ...], toml: TomlFile) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder, such as Europe
        pass
    else:
        return
    near = get_close_matches(name, available_timezones(), 1)
    raise toml.wrong(
        key,
        f"There is no time zone {name!r}.",
        do=f"Did you mean {near[0]!r}?" if near else "Write one such as Europe/Berlin or UTC.",
    )


def _check_mornings(asked: NightAsked, toml: TomlFile) -> None:
    for n, pod in enumerate(asked.pod):
        if pod.wake_at_latest and not re.fullmatch(CLOCK_PATTERN, pod.wake_at_latest):
            raise toml.wrong(
                ("pod", n, "wake_at_latest"),
                f"{pod.wake_at_latest!r} is no time on a wall.",
                do='Write one from 00:00 to 23:59, such as "07:30".',
            )


def _check_names(asked: NightAsked, toml: TomlFile) -> None:
    for key, names in (("id", [pod.id for pod in asked.pod]), ("sleeper", [pod.sleeper for pod in asked.pod])):
        for n, name in enumerate(names):
            kind, place = "pod id" if key == "id" else key, toml.place(("pod", n, key))
            safe_name(name, what=kind, where=place)
            if name in names[:n]:
                raise ConfigError(
                    "DL-E317",
                    f"The {kind} {name!r} stands {names.count(name)} times.",
                    where=place,
                    do="A sleeper has one pod and a pod one sleeper; give each its own.",
                )
            if name in SPEAK_FOR_THEMSELVES:
                raise ConfigError(
                    "DL-E318",
                    f"A {'pod' if key == 'id' else key} cannot be called {name!r}.",
                    why="Night and house speak for themselves in the record.",
                    where=place,
                    do=f"Choose another {kind} such as {'p1' if key == 'id' else 'S01'}.",
                )


def _check_rooms(asked: NightAsked, toml: TomlFile) -> None:
    ids = [pod.id for pod in asked.pod]
    for n, pod in enumerate(asked.pod):
        for other in pod.shares_room_with:
            if other not in ids:
                raise ConfigError(
                    "DL-E319",
                    f"Pod {pod.id!r} shares a room with {other!r}, which is not in this night.",
                    where=toml.place(("pod", n, "shares_room_with")),
                    do=f"Pods of this night: {', '.join(ids)}.",
                )
