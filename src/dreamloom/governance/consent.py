"""Who agreed to what? Reads consent.toml into grants, one per sleeper; a grant names every cue that could be played."""

import re
import tomllib
from datetime import datetime
from difflib import get_close_matches
from typing import Literal

import msgspec
from msgspec import Struct

from dreamloom.vocabulary.errors import ConfigError, Where
from dreamloom.vocabulary.stages import SCORED_STAGES

PURPOSES = (
    "cue",
    "keep derived",
    "keep raw",
    "group",
    "research",
    "weave",
    "gallery",
    "train a model",
)
"""Separate purposes; consenting to one says nothing about the others (governance rule C11)."""

HIGHEST_LEVEL_CAP_DB = 45.0
"""No grant may allow more: WHO Community Noise 1999, bedrooms, 45 dB LAmax."""

END_OF_NIGHT = "end of night"


class Grant(Struct, frozen=True, forbid_unknown_fields=True):
    """One sleeper's consent for one exact dreamscape text, as the evening check wrote it."""

    sheet: str
    dreamscape_sha256: str
    cues: tuple[str, ...]
    stages: tuple[str, ...]
    level_cap_db: float
    cues_per_hour: int
    rearm_after_crash: Literal["never", "once"] = "never"
    purposes: tuple[str, ...] = ("cue", "keep derived")
    relay_from: tuple[str, ...] = ()
    relay_to: tuple[str, ...] = ()
    expires: str = END_OF_NIGHT

    def ends_at(self) -> datetime | None:
        """The moment the grant ends by itself; None when it ends with the night."""
        return None if self.expires == END_OF_NIGHT else datetime.fromisoformat(self.expires)


def read_grants(text: str, *, file: str) -> dict[str, Grant]:
    """Grants by sleeper, from the text of a consent.toml.

    Raises:
        ConfigError: naming file:line:column, the value and the bound or nearest name.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            "DL-E311",
            f"This is not valid TOML: {error}.",
            where=_place_of_toml_error(error, file),
            do="Mend that line.",
        ) from None
    return {sleeper: _grant(sleeper, table, text, file) for sleeper, table in tables.items()}


def _grant(sleeper: str, table: object, text: str, file: str) -> Grant:
    if not isinstance(table, dict):
        raise _wrong(text, file, sleeper, sleeper, f"{sleeper!r} is not a table.", "Write it as [S01], a table each.")
    for key in table:
        if key not in Grant.__struct_fields__:
            near = get_close_matches(key, Grant.__struct_fields__, 1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(Grant.__struct_fields__)}."
            raise _wrong(text, file, sleeper, key, f"Unknown key {key!r} in [{sleeper}].", hint)
    try:
        grant = msgspec.convert(table, Grant)
    except msgspec.ValidationError as error:
        key = re.search(r"\$\.(\w+)", str(error))
        raise _wrong(
            text, file, sleeper, key[1] if key else sleeper, f"In [{sleeper}]: {error}.", "Mend that value."
        ) from None
    _check_bounds(grant, sleeper, text, file)
    return grant


def _check_bounds(grant: Grant, sleeper: str, text: str, file: str) -> None:
    for key, values, allowed in (
        ("stages", grant.stages, tuple(str(stage) for stage in SCORED_STAGES)),
        ("purposes", grant.purposes, PURPOSES),
    ):
        for value in values:
            if value not in allowed:
                raise _wrong(
                    text,
                    file,
                    sleeper,
                    key,
                    f"{value!r} is not one of the {key}.",
                    f"Choose from: {', '.join(allowed)}.",
                )
    if not 0 <= grant.level_cap_db <= HIGHEST_LEVEL_CAP_DB:
        raise _wrong(
            text,
            file,
            sleeper,
            "level_cap_db",
            f"level_cap_db = {grant.level_cap_db:g} is outside 0 to {HIGHEST_LEVEL_CAP_DB:g} dB.",
            "45 dB is the highest level a bedroom may reach (WHO 1999); write a lower one.",
        )
    if not 0 <= grant.cues_per_hour <= 3600:
        raise _wrong(
            text,
            file,
            sleeper,
            "cues_per_hour",
            f"cues_per_hour = {grant.cues_per_hour} is outside 0 to 3600.",
            "Write how many cues an hour this person agreed to.",
        )
    try:
        ends = grant.ends_at()
    except ValueError:
        ends = None
    if grant.expires != END_OF_NIGHT and (ends is None or ends.tzinfo is None):
        raise _wrong(
            text,
            file,
            sleeper,
            "expires",
            f"expires = {grant.expires!r} is not a time with a zone.",
            f'Write "2026-11-21T10:00:00+01:00" or "{END_OF_NIGHT}".',
        )


def _wrong(text: str, file: str, sleeper: str, key: str, what: str, do: str) -> ConfigError:  # noqa: PLR0917 - all six place one error
    return ConfigError("DL-E312", what, do=do, where=_place_of_key(text, file, sleeper, key))


def _place_of_key(text: str, file: str, sleeper: str, key: str) -> Where:
    """The line of the key inside the sleeper's table; the table's own line where the key is missing."""
    lines = text.splitlines()
    header = next((i for i, line in enumerate(lines) if re.match(rf"\s*\[\"?{re.escape(sleeper)}\"?\]", line)), 0)
    for i, line in enumerate(lines[header:], header):
        if i > header and line.lstrip().startswith("["):
            break
        found = re.match(rf"(\s*)\"?{re.escape(key)}\"?\s*=", line)
        if found:
            return Where(file, i + 1, len(found[1]) + 1)
    return Where(file, header + 1, 1)


def _place_of_toml_error(error: tomllib.TOMLDecodeError, file: str) -> Where:
    found = re.search(r"line (\d+), column (\d+)", str(error))
    return Where(file, int(found[1]), int(found[2])) if found else Where(file, 1, 1)
