"""What did a person tell the house before a first night? Answers sealed, questions passed, themes kept out."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from dreamloom.adapters.folders import write_durably
from dreamloom.adapters.keys import FolderVault
from dreamloom.dreamscape.tags import TAGS
from dreamloom.governance.intake import Answers, Care, weigh
from dreamloom.governance.sheets import Sheet, is_understood, read_sheet, shipped
from dreamloom.house.house_record import append_to_house
from dreamloom.house.house_seals import sealing
from dreamloom.house.layout import House, PodFolder
from dreamloom.house.texts import read_text
from dreamloom.record.events import IntakeAnswered, TeachBackPassed
from dreamloom.seals import payload
from dreamloom.seals.keys import record_key
from dreamloom.vocabulary.errors import RecordError, RefusedError, UsageError

LIMITS = "dreamloom/limits"
"""Under which name limits are sealed: no record shares their key."""


class Limits(msgspec.Struct, frozen=True):
    """The words of pods/<pod>/limits.json: whose they are, and the tags themselves, sealed."""

    sleeper: str
    sealed: str


def sheets_of(house: House) -> tuple[Sheet, ...]:
    """The shipped sheets and this house's own; of one name the highest version counts.

    Raises:
        ConfigError: when one of the house's own is wrong.
    """
    own = sorted(house.sheets.glob("*.toml")) if house.sheets.is_dir() else []
    return (*shipped(), *(read_sheet(read_text(path, what="an information sheet"), file=str(path)) for path in own))


def answer_intake(house: House, sleeper: str, answers: Answers, *, clinician: str = "", protocol: str = "") -> Care:
    """Seals what was answered and tells the house what follows; the newest answers count.

    Returns:
        What follows: never which answer it was.
    """
    care = weigh(answers, clinician=clinician, protocol=protocol)
    event = IntakeAnswered(
        onset_s=0.0, sleeper=sleeper, care=care, clinician=clinician, protocol=protocol, answers=None
    )

    append_to_house(house, event, seal=sealing(sleeper, msgspec.json.encode(answers, order="sorted"), "answers"))
    return care


def pass_questions(house: House, sleeper: str, sheet: Sheet, answers: Sequence[int]) -> None:
    """Keeps that the questions on this sheet were answered rightly; answers count from 1 and are kept nowhere.

    Raises:
        RefusedError: when one was not; nothing is kept of that.
    """
    if not is_understood(sheet, answers):
        raise RefusedError(
            "DL-E573",
            "One of the three questions was answered otherwise than the sheet says.",
            why="A first night with cues waits until all three are clear.",
            still="Nothing was kept of it, and nothing is cued. It can be asked again at any time.",
            do="Go through the sheet together once more, then ask again.",
        )
    append_to_house(house, TeachBackPassed(onset_s=0.0, sleeper=sleeper, sheet=f"{sheet.sheet} {sheet.version}"))


def keep_limits(house: House, pod: str, sleeper: str, tags: Iterable[str]) -> None:
    """Seals at this bed what its sleeper keeps out of their nights; no tag at all keeps nothing out.

    Raises:
        UsageError: for a word that is no tag.
    """
    wanted = sorted(set(tags))
    unknown = [tag for tag in wanted if tag not in TAGS]
    if unknown:
        raise UsageError(
            "DL-E186", f"{unknown[0]!r} is not in the vocabulary of tags.", do=f"Choose from: {', '.join(TAGS)}."
        )
    folder, key = house.pod(pod), FolderVault(house.keys).subject_key(sleeper)
    text = msgspec.json.encode(wanted).ljust(payload.BLOCK_BYTES * 3)  # as long for one tag as for all
    sealed = payload.seal(record_key(key, LIMITS), folder.root.name, text)
    folder.root.mkdir(parents=True, exist_ok=True)
    write_durably(folder.limits, msgspec.json.encode(Limits(sleeper=sleeper, sealed=sealed.ciphertext.hex())))


def is_excluded(house: House, sleeper: str, tags: Iterable[str]) -> bool:
    """Whether this sleeper keeps any of these out, at whatever bed they said so; what cannot be read counts as yes."""
    own = [limits for path in sorted(house.pods.glob("*/limits.json")) if (limits := _whose(path, sleeper))]
    return any(_keeps_out(house, path, limits, frozenset(tags)) for path, limits in own)


def limits_of(house: House, sleeper: str) -> dict[str, list[str]]:
    """What a sleeper keeps out, by bed, opened: for themselves alone."""
    own = [found for path in sorted(house.pods.glob("*/limits.json")) if (found := _whose(path, sleeper))]
    return {path.parent.name: tags for path, limits in own if (tags := _opened(house, path, limits)) is not None}


def _whose(path: Path, sleeper: str) -> tuple[Path, Limits | None] | None:
    """This file, where it is this sleeper's or may be."""
    try:
        limits = msgspec.json.decode(path.read_bytes(), type=Limits)
    except (OSError, msgspec.DecodeError):
        return path, None
    return (path, limits) if limits.sleeper == sleeper else None


def _keeps_out(house: House, path: Path, limits: Limits | None, tags: frozenset[str]) -> bool:
    kept = _opened(house, path, limits)
    return kept is None or bool(tags & {*kept})


def _opened(house: House, path: Path, limits: Limits | None) -> list[str] | None:
    if limits is None:
        return None
    try:
        key = FolderVault(house.keys, may_make_keys=False).subject_key(limits.sleeper)
        text = payload.unseal(record_key(key, LIMITS), PodFolder(path.parent).root.name, bytes.fromhex(limits.sealed))
        return msgspec.json.decode(text, type=list[str])
    except (RecordError, RefusedError, ValueError, msgspec.DecodeError):
        return None
