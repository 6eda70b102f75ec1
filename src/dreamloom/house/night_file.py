"""What was asked for tonight? Reads night.toml: the pods, who lies where, and where their samples come from."""

import re
import tomllib
from difflib import get_close_matches
from typing import Literal

import msgspec
from msgspec import Struct, field

from dreamloom.vocabulary.errors import ConfigError, Where
from dreamloom.vocabulary.ids import safe_name


class SpeakerAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """The output a bed listens to; "silent" renders to files and makes no sound."""

    device: str = "silent"
    channels: tuple[int, ...] = (1,)


class PodAsked(Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    sleeper: str
    source: str
    speaker: SpeakerAsked = field(default_factory=SpeakerAsked)
    shares_room_with: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


class NightAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """night.toml as a value."""

    dreamscape: str
    pod: tuple[PodAsked, ...]
    title: str = ""
    mode: Literal["private", "shared", "hybrid"] = "private"
    timezone: str = "UTC"
    simulation_seed: int = 0


def read_night(text: str, *, file: str) -> NightAsked:
    """The night asked for, checked: names that can name files, one sleeper a pod, rooms that exist.

    Raises:
        ConfigError: naming file:line:column, the value and the nearest name or bound.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        where = Where(file, int(place[1]), int(place[2])) if place else Where(file, 1, 1)
        raise ConfigError("DL-E313", f"This is not valid TOML: {error}.", where=where, do="Mend that line.") from None
    _refuse_unknown(table, NightAsked, text, file)
    for pod in table.get("pod", []) if isinstance(table.get("pod"), list) else []:
        if isinstance(pod, dict):
            _refuse_unknown(pod, PodAsked, text, file)
    try:
        asked = msgspec.convert(table, NightAsked)
    except msgspec.ValidationError as error:
        raise ConfigError("DL-E314", f"{error}.", where=_place(text, file, str(error)), do="Mend that value.") from None
    _check(asked, text, file)
    return asked


def _refuse_unknown(table: dict[str, object], kind: type[Struct], text: str, file: str) -> None:
    for key in table:
        if key not in kind.__struct_fields__:
            near = get_close_matches(key, kind.__struct_fields__, 1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(kind.__struct_fields__)}."
            raise ConfigError("DL-E315", f"Unknown key {key!r}.", where=_place(text, file, key), do=hint)


def _check(asked: NightAsked, text: str, file: str) -> None:
    if not asked.pod:
        raise ConfigError(
            "DL-E316", "No [[pod]] is asked for.", where=Where(file, 1, 1), do="Add at least one [[pod]]."
        )
    for kind, names in (("pod id", [p.id for p in asked.pod]), ("sleeper", [p.sleeper for p in asked.pod])):
        for name in names:
            safe_name(name, what=kind)
            if names.count(name) > 1:
                raise ConfigError(
                    "DL-E317",
                    f"The {kind} {name!r} stands {names.count(name)} times.",
                    where=_place(text, file, name),
                    do="A sleeper has one pod and a pod one sleeper; give each its own.",
                )
    if any(name in {"night", "house"} for name in (p.id for p in asked.pod)):
        raise ConfigError(
            "DL-E318", "A pod cannot be called 'night' or 'house'.", why="Those speak for themselves in the record."
        )
    ids = [pod.id for pod in asked.pod]
    for pod in asked.pod:
        for other in pod.shares_room_with:
            if other not in ids:
                raise ConfigError(
                    "DL-E319",
                    f"Pod {pod.id!r} shares a room with {other!r}, which is not in this night.",
                    where=_place(text, file, other),
                    do=f"Pods of this night: {', '.join(ids)}.",
                )


def _place(text: str, file: str, needle: str) -> Where:
    """The first line that holds the quoted word of a message, or the word itself."""
    quoted = re.findall(r"`\$?\.?(?:\[\.\.\.\]\.?|\w+\[\.\.\.\]\.)?(\w+)`|(\w+)", needle)
    for word in [a or b for a, b in quoted][::-1]:
        for number, line in enumerate(text.splitlines(), 1):
            found = re.search(rf"\b{re.escape(word)}\b", line.split("#")[0])
            if found and len(word) > 1:
                return Where(file, number, found.start() + 1)
    return Where(file, 1, 1)
