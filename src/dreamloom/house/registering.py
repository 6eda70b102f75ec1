"""What was chosen of a night before it, so that nobody can choose after it? Kept beside it, its hash in the record.

The themes to guess among stand under that hash as well, salted, for whoever sees four of them could try all ways.

A target that is drawn is known to nobody: it lies sealed under the house's key until the reports of its night are
locked. Who holds the house's keys could open it before; that much trust is left.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from dreamloom.adapters.folders import write_durably
from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.house.glance import glance
from dreamloom.house.house_record import tell_if
from dreamloom.house.house_seals import opened, sealing
from dreamloom.house.layout import House, NightFolder
from dreamloom.record.belonging import HOUSE
from dreamloom.record.events import AnyEvent
from dreamloom.record.morning_events import TestsRegistered
from dreamloom.vocabulary.errors import RecordError, RefusedError, UsageError
from dreamloom.weave.chance.registration import Registration, unsound
from dreamloom.weave.chance.target import CANDIDATES, Candidate, Draw, seal_of

FILE = "registered.json"
OFFERED = 4
"""Tonight's theme among so many, when a dreamer guesses."""


class Registered(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of registered.json.

    Attributes:
        offered: themes among which a dreamer guesses before the reveal, tonight's in an unknown place; empty for none.
        theme: which of them is tonight's; "" for none.
        salt: by which nobody can find out by trying.
    """

    registration: Registration
    offered: tuple[str, ...] = ()
    theme: str = ""
    salt: str = ""

    @property
    def guesses(self) -> str:
        """The hash of all that a registration does not hold."""
        held = msgspec.json.encode([self.salt, self.theme, *self.offered])
        return hashlib.sha256(held).hexdigest()


class _Targets(Struct, frozen=True):
    draws: tuple[Draw, ...]


def register(
    folder: NightFolder,
    registration: Registration,
    *,
    by: str,
    theme: str = "",
    decoys: Sequence[str] = (),
    targets: Sequence[Path] = (),
) -> TestsRegistered:
    """Writes it down and tells the house; once a night, and before it begins.

    Raises:
        UsageError: DL-E614 for choices that cannot be tested by, DL-E615 for a wrong number of decoys or targets.
        RefusedError: DL-E616 when the night has begun, or was registered before.
    """
    if why := unsound(registration):
        raise UsageError("DL-E614", f"Nothing can be tested by these choices: {why}.", do="Choose others.")
    kept = _sealed(registration, theme, decoys)
    draws = (_drawn(folder.name, targets),) if targets else ()
    event = TestsRegistered(
        onset_s=0.0,
        night=folder.name,
        by=by,
        sha256=kept.registration.sha256,
        seals=tuple(draw.seal for draw in draws),
        targets=None,
    )

    def decide(events: Sequence[AnyEvent]) -> AnyEvent:
        _refuse_late(folder, events)
        path = folder.root / FILE
        write_durably(path, msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n")
        path.chmod(0o600)
        return event

    if draws:
        tell_if(folder.house, decide, seal=sealing(HOUSE, msgspec.json.encode(_Targets(draws)), "targets"))
    else:
        tell_if(folder.house, decide)
    return event


def registered(folder: NightFolder) -> Registered | None:
    """What was chosen before this night; None where nothing was.

    Raises:
        RecordError: DL-E617 when the file beside the night is not the one whose hash the house told.
    """
    told = _told(folder.house, folder.name)
    path = folder.root / FILE
    if told is None or not path.is_file():
        return None
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Registered)
    except (OSError, msgspec.DecodeError) as error:
        raise _changed(path, str(error)) from error
    if found.registration.sha256 != told.sha256:
        raise _changed(path, "Its hash is another than the one in the house's record")
    if found.registration.guesses not in {"", found.guesses}:
        raise _changed(path, "The themes in it are others than those whose hash was registered")
    return found


def is_missing(folder: NightFolder) -> bool:
    """Whether something was registered of this night, and what it was is not beside it any more."""
    return not (folder.root / FILE).is_file() and _told(folder.house, folder.name) is not None


def is_told(folder: NightFolder, sha256: str) -> bool:
    """Whether the house's record holds this hash of the choices of this night."""
    told = _told(folder.house, folder.name)
    return told is not None and told.sha256 == sha256


def draws_of(folder: NightFolder) -> tuple[Draw, ...]:
    """The targets of this night, opened; for when its reports are locked."""
    told = _told(folder.house, folder.name)
    if told is None or told.targets is None:
        return ()
    with read_only(folder.house.record) as record:
        ciphertext = record.payload(told.id)
    if ciphertext is None:
        return ()
    plain = opened(told.targets, ciphertext, FolderVault(folder.house.keys, may_make_keys=False), told.id)
    return msgspec.json.decode(plain, type=_Targets).draws


def guessed_right(guesses: Mapping[str, str], theme: str) -> tuple[int, int]:
    """How many of those who named a theme named tonight's, and how many named one."""
    named = [guess for guess in guesses.values() if guess not in {"", "unknown"}]
    return sum(guess == theme for guess in named), len(named)


def _told(house: House, night: str) -> TestsRegistered | None:
    if not house.record.is_file():
        return None
    with read_only(house.record) as record:
        found = [event for event in record.of_type("TestsRegistered") if isinstance(event, TestsRegistered)]
    return next((event for event in found if event.night == night), None)


def _sealed(registration: Registration, theme: str, decoys: Sequence[str]) -> Registered:
    kept = Registered(
        registration=registration, offered=_offered(theme, decoys), theme=theme, salt=secrets.token_hex(16)
    )
    return replace(kept, registration=replace(registration, guesses=kept.guesses))


def _offered(theme: str, decoys: Sequence[str]) -> tuple[str, ...]:
    if not theme and not decoys:
        return ()
    offered = {theme, *decoys} - {""}
    if not theme or len(offered) != OFFERED:
        raise UsageError(
            "DL-E615",
            f"A dreamer guesses among {OFFERED} themes, and there are {len(offered)}.",
            why="Tonight's stands among three others that could have been it.",
            do='Name it, and three others: --called "the sea" --decoy "a forest" --decoy "a train" --decoy "snow"',
        )
    return tuple(sorted(offered, key=lambda each: secrets.token_bytes(8) + each.encode()))


def _drawn(night: str, targets: Sequence[Path]) -> Draw:
    if len(targets) != CANDIDATES:
        raise UsageError(
            "DL-E615",
            f"One of {CANDIDATES} targets is drawn, and there are {len(targets)}.",
            do="Give four descriptions, each a text file: --target a.txt --target b.txt --target c.txt --target d.txt",
        )
    candidates = tuple(Candidate(path.stem, tuple(path.read_text(encoding="utf-8").split())) for path in targets)
    drawn, salt = secrets.choice(candidates).id, secrets.token_hex(16)
    return Draw(id=night, candidates=candidates, drawn=drawn, salt=salt, seal=seal_of(drawn, salt), night=night)


def _refuse_late(folder: NightFolder, events: Sequence[AnyEvent]) -> None:
    """Once a night: of two who choose at the same moment one chose."""
    is_chosen = any(isinstance(event, TestsRegistered) and event.night == folder.name for event in events)
    if glance(folder).opened is None and not is_chosen:
        return
    raise RefusedError(
        "DL-E616",
        f"What is tested of {folder.name!r} cannot be chosen any more.",
        why="It is chosen once, before the night begins; what is chosen later could be chosen to fit.",
        still="Every test can be run without a registration, and says so.",
        do="Register the next night before it begins.",
    )


def _changed(path: Path, why: str) -> RecordError:
    return RecordError(
        "DL-E617",
        f"{path} is not what was registered.",
        why=f"{why.rstrip('.')}.",
        still="The reports are as they were.",
        do="Put the file back from a backup; without it the tests count as unregistered.",
    )
