"""Who agreed to what? Reads consent.toml into grants, one per sleeper; a grant names every cue that could be played."""

import re
from collections.abc import Iterable
from datetime import datetime, time, timedelta, tzinfo
from typing import Literal

import msgspec
from msgspec import Struct

from dreamloom.dreamscape.tags import TAGS
from dreamloom.governance.local_times import Moment, first_after
from dreamloom.governance.toml_files import Codes, TomlFile
from dreamloom.record.events import SoundClass
from dreamloom.vocabulary.errors import Where
from dreamloom.vocabulary.stages import SCORED_STAGES
from dreamloom.vocabulary.units import AWAKE_MAX_DB, BEDROOM_MAX_DB

PURPOSES = (
    "cue",
    "wake",
    "keep derived",
    "keep raw",
    "group",
    "talk",
    "listen",
    "research",
    "weave",
    "gallery",
    "train a model",
    "outside model",
)
"""Separate purposes; consenting to one says nothing about the others (governance rule C11).

"talk": whoever is awake may be heard at this bed; "listen": this room may be heard by whoever is awake.
"""

MOST_CUES_PER_HOUR = 3600
"""One a second: more is a slip of the pen. Ours."""

EYES_LEAST, EYES_MOST = 3, 5
"""Eye signals in a row, each given twice, that may mean no: one is what every lucid dreamer is asked for. Ours."""

LONGEST = timedelta(days=30)
"""A standing grant is asked for again after this long (C17)."""
END_OF_NIGHT = "end of night"
_LOCAL_TIME = re.compile(r"\d\d:\d\d(:\d\d)?")
CODES = Codes(toml="DL-E311", key="DL-E312", value="DL-E312")


class Grant(Struct, frozen=True, forbid_unknown_fields=True):
    """One sleeper's consent for one exact dreamscape text, as the evening check wrote it.

    `expires` is "end of night", a moment with its zone, or a time on the wall of the bedroom ("03:00") until
    `resolved_at` has made a moment of it.

    `heard` are the cues that were heard awake; without it all were, as in every grant from before there was any.
    `tags` were chosen: of a dreamscape that bears one of them, cues need not have been heard. `given` is the moment at
    which this was agreed to; a standing grant holds for thirty days from then.

    `withdraw_by_eyes` is how many agreed eye signals in a row, each given twice, mean no; 0: none do.

    Awake sounds have a cap of their own; without one, and in every grant from before there was any, they stay under
    that of all sounds.
    """

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
    awake_level_cap_db: float | None = None
    expires: str = END_OF_NIGHT
    heard: tuple[str, ...] | None = None
    tags: tuple[str, ...] = ()
    given: str = ""
    withdraw_by_eyes: int = 0

    @property
    def given_at(self) -> datetime | None:
        """When it was agreed to; None where it does not say."""
        return datetime.fromisoformat(self.given) if self.given else None

    def unheard(self, dreamscape_tags: Iterable[str]) -> tuple[str, ...]:
        """Cues agreed to that were neither heard awake nor are covered by a tag that was chosen."""
        if self.heard is None or set(self.tags) & set(dreamscape_tags):
            return ()
        return tuple(sorted(set(self.cues) - set(self.heard)))

    def cap_db(self, sound_class: SoundClass) -> float:
        """How loud at most a sound of this class may be."""
        if sound_class == "awake" and self.awake_level_cap_db is not None:
            return self.awake_level_cap_db
        return self.level_cap_db

    @property
    def may_be_woken(self) -> bool:
        """Whether this sleeper agreed to be woken by a sound; a purpose of its own."""
        return "wake" in self.purposes

    @property
    def local_end(self) -> time | None:
        """The time on the wall at which it ends; None where its end is a moment already, or the night's."""
        return time.fromisoformat(self.expires) if _LOCAL_TIME.fullmatch(self.expires) else None

    def ends_at(self) -> datetime | None:
        """The moment the grant ends by itself; None when it ends with the night. For a resolved grant."""
        return None if self.expires == END_OF_NIGHT else datetime.fromisoformat(self.expires)

    def local_moment(self, opened: datetime, zone: tzinfo) -> Moment | None:
        """What its time on the wall means in a night that opened then; None where it has none."""
        local_end = self.local_end
        return None if local_end is None else first_after(local_end, opened, zone)

    def resolved_at(self, opened: datetime, zone: tzinfo) -> "Grant":
        """The same grant with a moment for its end: found once, when its night opens, whatever the clocks do then."""
        found = self.local_moment(opened, zone)
        return self if found is None else msgspec.structs.replace(self, expires=found.at.isoformat())


def read_grants(text: str, *, file: str) -> dict[str, Grant]:
    """Grants by sleeper, from the text of a consent.toml.

    Raises:
        ConfigError: naming file:line:column, the value and the bound or nearest name.
    """
    toml = TomlFile(text, file=file, codes=CODES)
    return {sleeper: _grant(toml, sleeper) for sleeper in toml.table}


def grant_place(text: str, *, file: str, sleeper: str) -> Where:
    """Where a sleeper's table begins."""
    return TomlFile(text, file=file, codes=CODES).place((sleeper,))


def key_place(text: str, *, file: str, sleeper: str, key: str) -> Where:
    """Where a key of a sleeper's table stands, or the table where it has none."""
    return TomlFile(text, file=file, codes=CODES).place((sleeper, key))


def _grant(toml: TomlFile, sleeper: str) -> Grant:
    table = toml.table[sleeper]
    if not isinstance(table, dict):
        raise toml.wrong((sleeper,), f"{sleeper!r} is not a table.", do="Write it as [S01], a table each.")
    for key in ("expires", "given"):
        if isinstance(table.get(key), datetime | time):
            table[key] = table[key].isoformat()
    grant = toml.read(Grant, (sleeper,))
    _refuse_unknown_words(toml, sleeper, grant)
    _refuse_out_of_bounds(toml, sleeper, grant)
    _refuse_without_zone(toml, sleeper, grant)
    _refuse_too_long(toml, sleeper, grant)
    return grant


def _refuse_unknown_words(toml: TomlFile, sleeper: str, grant: Grant) -> None:
    for key, values, allowed in (
        ("stages", grant.stages, tuple(str(stage) for stage in SCORED_STAGES)),
        ("purposes", grant.purposes, PURPOSES),
        ("tags", grant.tags, tuple(TAGS)),
        ("heard", grant.heard or (), grant.cues),
    ):
        for value in values:
            if value not in allowed:
                raise toml.wrong(
                    (sleeper, key), f"{value!r} is not one of the {key}.", do=f"Choose from: {', '.join(allowed)}."
                )


def _refuse_out_of_bounds(toml: TomlFile, sleeper: str, grant: Grant) -> None:
    if not 0 <= grant.level_cap_db <= BEDROOM_MAX_DB:
        raise toml.wrong(
            (sleeper, "level_cap_db"),
            f"level_cap_db = {grant.level_cap_db:g} is outside 0 to {BEDROOM_MAX_DB:g} dB.",
            do="45 dB is the highest level a bedroom may reach (WHO 1999); write a lower one.",
        )
    awake_db = grant.awake_level_cap_db
    if awake_db is not None and not grant.level_cap_db <= awake_db <= AWAKE_MAX_DB:
        raise toml.wrong(
            (sleeper, "awake_level_cap_db"),
            f"awake_level_cap_db = {awake_db:g} is outside level_cap_db to {AWAKE_MAX_DB:g} dB.",
            do=f"{AWAKE_MAX_DB:g} dB is a loud alarm clock; write how loud awake sounds may be for this person.",
        )
    if not 0 <= grant.cues_per_hour <= MOST_CUES_PER_HOUR:
        raise toml.wrong(
            (sleeper, "cues_per_hour"),
            f"cues_per_hour = {grant.cues_per_hour} is outside 0 to {MOST_CUES_PER_HOUR}.",
            do="Write how many cues an hour this person agreed to.",
        )
    if grant.withdraw_by_eyes and not EYES_LEAST <= grant.withdraw_by_eyes <= EYES_MOST:
        raise toml.wrong(
            (sleeper, "withdraw_by_eyes"),
            f"withdraw_by_eyes = {grant.withdraw_by_eyes} is neither 0 nor {EYES_LEAST} to {EYES_MOST}.",
            do="Write how many eye signals in a row, each given twice, mean no; 0 where none do.",
        )


def _refuse_without_zone(toml: TomlFile, sleeper: str, grant: Grant) -> None:
    try:
        is_clear = grant.local_end is not None or (ends := grant.ends_at()) is None or ends.tzinfo is not None
    except ValueError:
        is_clear = False
    if not is_clear:
        raise toml.wrong(
            (sleeper, "expires"),
            f"expires = {grant.expires!r} is neither a time of day nor a moment with a zone.",
            do=f'Write "03:00", "2026-11-21T10:00:00+01:00" or "{END_OF_NIGHT}".',
        )


def _refuse_too_long(toml: TomlFile, sleeper: str, grant: Grant) -> None:
    try:
        given = grant.given_at
    except ValueError:
        given = None
    if grant.given and (given is None or given.tzinfo is None):
        raise toml.wrong(
            (sleeper, "given"),
            f"given = {grant.given!r} is no moment with a zone.",
            do='Write "2026-11-21T21:30:00+01:00", or let `dreamloom consent give` write it.',
        )
    ends = None if grant.local_end is not None else grant.ends_at()
    if given is not None and ends is not None and not given < ends <= given + LONGEST:
        raise toml.wrong(
            (sleeper, "expires"),
            f"expires = {grant.expires!r} is not within {LONGEST.days} days after it was given.",
            why=f"It was given at {grant.given}; a standing consent is asked for again after {LONGEST.days} days.",
            do=f'Write a moment up to {(given + LONGEST).isoformat()}, or "{END_OF_NIGHT}".',
        )
