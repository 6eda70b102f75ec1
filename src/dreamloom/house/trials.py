"""What does the house know of a trial? Its sealed schedule, the nights begun in it, its lock, and the opened arms."""

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.house.house_record import append_to_house
from dreamloom.house.house_seals import opened, sealing
from dreamloom.house.layout import House
from dreamloom.record.belonging import HOUSE
from dreamloom.record.events import (
    AnyEvent,
    ArmsOpened,
    TrialDesign,
    TrialLocked,
    TrialNightBegun,
    TrialSealed,
)
from dreamloom.trial.commitment import Secret, as_bytes, commitment, fits, from_bytes
from dreamloom.trial.designs import refuse_unfit
from dreamloom.trial.drawing import NONCE_BYTES
from dreamloom.vocabulary.errors import ConfigError, RecordError, RefusedError

Entropy = Callable[[int], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One trial as the house remembers it.

    Attributes:
        sealed: the design, what it was sealed for, and the commitment.
        nights: each night begun, as the house was told of it, with the night's name and moment.
        opened: only after the lock; None while the arms are sealed.
    """

    sealed: TrialSealed
    nights: tuple[TrialNightBegun, ...] = ()
    locked: TrialLocked | None = None
    opened: ArmsOpened | None = None

    @property
    def name(self) -> str:
        return self.sealed.design.trial

    @property
    def opened_secret(self) -> Secret | None:
        """The schedule as anybody may draw it again; None while it is sealed."""
        return Secret(self.sealed.design, bytes.fromhex(self.opened.nonce)) if self.opened else None


def seal_trial(
    house: House,
    design: TrialDesign,
    *,
    dreamscape_sha256: str,
    preregistration: Path | None = None,
    entropy: Entropy = os.urandom,
) -> TrialSealed:
    """Draws a nonce, commits to it and the design, and keeps both sealed in the house's record; told once, for ever.

    Args:
        house: whose record it is.
        design: who is in it, and how arms are drawn.
        dreamscape_sha256: the one text that its nights may play.
        preregistration: the file in which the trial was announced.
        entropy: where 256 bits come from; a test brings its own.

    Raises:
        ConfigError: when the design cannot be balanced, or the file cannot be read.
        RefusedError: when a trial of this name is sealed already: nobody draws until the draw pleases.
    """
    refuse_unfit(design)
    if any(trial.name == design.trial for trial in trials_of(house)):
        raise RefusedError(
            "DL-E535",
            f"A trial {design.trial!r} is sealed in this house already.",
            why="A schedule is drawn once. Who could draw again could draw until it pleases.",
            still="The sealed one stands, and its nights can be run.",
            do=f"See it: dreamloom trial show {design.trial}. Another trial needs another name.",
        )
    secret = Secret(design, entropy(NONCE_BYTES))
    event = TrialSealed(
        onset_s=0.0,
        design=design,
        dreamscape_sha256=dreamscape_sha256,
        preregistration_sha256=None if preregistration is None else _file_sha256(preregistration),
        commitment_sha256=commitment(secret),
        schedule=None,
    )

    append_to_house(house, event, seal=sealing(HOUSE, as_bytes(secret), "schedule"))
    return find_trial(house, design.trial).sealed


def lock_trial(house: House, name: str, outcomes: Iterable[Path]) -> Trial:
    """Settles the outcomes by their hashes: after it the arms may be opened, and no night of the trial may begin.

    Raises:
        RefusedError: when it is locked already, or no file is named.
    """
    trial, files = find_trial(house, name), list(outcomes)
    if trial.locked is not None:
        raise _too_late(name, "DL-E551", "is locked already", "Its outcomes are settled.")
    if not files:
        raise RefusedError(
            "DL-E537",
            f"Nothing is named that holds the outcomes of {name!r}.",
            why="Arms are opened only behind outcomes that cannot be changed any more.",
            still="The arms stay sealed.",
            do=f"Name the files with reports and scorings: dreamloom trial lock {name} FILE …",
        )
    hashes = tuple(sorted(_file_sha256(path) for path in files))
    append_to_house(house, TrialLocked(onset_s=0.0, trial=name, outcomes_sha256=hashes))
    return find_trial(house, name)


def open_trial(house: House, name: str) -> Trial:
    """Opens the arms of a locked trial, for everybody and for ever; a second call changes nothing.

    Raises:
        RefusedError: while it is not locked.
        RecordError: when what was sealed is not what was committed to.
    """
    trial = find_trial(house, name)
    if trial.opened is not None:
        return trial
    if trial.locked is None:
        raise RefusedError(
            "DL-E538",
            f"The trial {name!r} is not locked yet, so its arms stay sealed.",
            why="Whoever knows the arms before the outcomes are settled can bend them, without wanting to.",
            still="Everything else of its nights can be read, as anybody blinded may.",
            do=f"Settle the outcomes first: dreamloom trial lock {name} FILE …",
        )
    nonce = secret_of(house, trial).nonce.hex()
    word = ArmsOpened(onset_s=0.0, trial=name, commitment_sha256=trial.sealed.commitment_sha256, nonce=nonce)
    append_to_house(house, word)
    return find_trial(house, name)


def secret_of(house: House, trial: Trial) -> Secret:
    """What is sealed, for the night that needs its arms; it goes nowhere but into sealed payloads.

    Raises:
        RecordError: when it does not open, or is not what was committed to.
    """
    event = trial.sealed
    vault = FolderVault(house.keys, may_make_keys=False)
    with read_only(house.record) as record:
        ciphertext = record.payload(event.id)
    if event.schedule is None or ciphertext is None:
        raise _unfit(trial.name, "Its sealed schedule is gone.")
    plain = opened(event.schedule, ciphertext, vault, event.id)
    try:
        secret = from_bytes(plain)
    except ValueError as error:
        raise _unfit(trial.name, f"What is sealed is no schedule: {error}.") from None
    if not fits(secret, event.commitment_sha256) or secret.design != event.design:
        raise _unfit(trial.name, f"Its SHA-256 is not {event.commitment_sha256[:12]}….")
    return secret


def find_trial(house: House, name: str) -> Trial:
    """The trial of this name; raises ConfigError when none is sealed here, naming the nearest."""
    known = {trial.name: trial for trial in trials_of(house)}
    if name in known:
        return known[name]
    near = get_close_matches(name, known, 1)
    raise ConfigError(
        "DL-E356",
        f"No trial {name!r} is sealed in the house {house.root}.",
        why=f"Sealed here: {', '.join(sorted(known)) or 'none'}.",
        do=f"Did you mean {near[0]!r}?" if near else f"Seal it first: dreamloom trial seal {name} NIGHT",
    )


def trials_of(house: House) -> list[Trial]:
    """Every trial of this house, in the order they were sealed."""
    if not house.record.is_file():
        return []
    trials: dict[str, Trial] = {}
    with read_only(house.record) as record:
        for event in record.events():
            _hear(trials, event)
    return list(trials.values())


def _hear(trials: dict[str, Trial], event: AnyEvent) -> None:
    match event:
        case TrialSealed():
            trials.setdefault(event.design.trial, Trial(sealed=event))
        case TrialNightBegun() if trial := trials.get(event.design.trial):
            trials[trial.name] = replace(trial, nights=(*trial.nights, event))
        case TrialLocked() if (trial := trials.get(event.trial)) and trial.locked is None:
            trials[trial.name] = replace(trial, locked=event)
        case ArmsOpened() if (trial := trials.get(event.trial)) and trial.opened is None:
            trials[trial.name] = replace(trial, opened=event)
        case _:
            pass


def _file_sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ConfigError(
            "DL-E357",
            f"{path} cannot be read: {error.strerror or error}.",
            why="Its SHA-256 is to stand in the record.",
            do="Name a file that is there.",
        ) from None


def _too_late(name: str, code: str, what: str, why: str) -> RefusedError:
    return RefusedError(
        code,
        f"The trial {name!r} {what}.",
        why=why,
        still="It can be read: dreamloom trial show.",
        do="A further question needs a trial of its own.",
    )


def _unfit(name: str, why: str) -> RecordError:
    return RecordError(
        "DL-E446",
        f"The sealed schedule of the trial {name!r} is not the one that was committed to.",
        why=why,
        still="Nothing is played by it; its nights stay as they were recorded.",
        do="Run `dreamloom verify` on its nights, and take the house folder from a backup if it is damaged.",
    )
