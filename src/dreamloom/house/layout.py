"""Where does everything lie on the disk? nights/, pods/ and house/ of one house; names tell no theme and no person."""

import os
from dataclasses import dataclass
from pathlib import Path

from dreamloom.vocabulary.errors import ConfigError

DEFAULT_HOUSE = "dreamloom-house"


@dataclass(frozen=True, slots=True)
class PodFolder:
    """pods/<pod id>/: what stays at one bedside."""

    root: Path

    @property
    def consent(self) -> Path:
        return self.root / "consent.json"

    @property
    def withdrawn(self) -> Path:
        """Fsynced before a withdrawal is answered; read again whenever this bedside starts."""
        return self.root / "WITHDRAWN"

    @property
    def bits(self) -> Path:
        return self.root / "bits"


@dataclass(frozen=True, slots=True)
class NightFolder:
    """nights/<night id>/: what was asked for, what happened, and the signals beside it."""

    root: Path

    @property
    def name(self) -> str:
        return self.root.name

    @property
    def night_toml(self) -> Path:
        return self.root / "night.toml"

    @property
    def consent_toml(self) -> Path:
        return self.root / "consent.toml"

    @property
    def record(self) -> Path:
        return self.root / "record.sqlite"

    @property
    def signals(self) -> Path:
        return self.root / "signals"

    @property
    def sound(self) -> Path:
        return self.root / "sound"

    @property
    def report(self) -> Path:
        return self.root / "report"

    @property
    def house(self) -> "House":
        """The house this night belongs to: the folder above nights/, or the night's own parent."""
        parent = self.root.resolve().parent
        return House(parent.parent if parent.name == "nights" else parent)


@dataclass(frozen=True, slots=True)
class House:
    """One house: its nights, its bedsides, its own record and its keys."""

    root: Path

    def night(self, name: str) -> NightFolder:
        return NightFolder(self.root / "nights" / name)

    def pod(self, pod: str) -> PodFolder:
        return PodFolder(self.root / "pods" / pod)

    @property
    def record(self) -> Path:
        return self.root / "house" / "record.sqlite"

    @property
    def keys(self) -> Path:
        return self.root / "house" / "keys"


def default_house() -> House:
    """$DREAMLOOM_HOUSE, else ./dreamloom-house."""
    return House(Path(os.environ.get("DREAMLOOM_HOUSE", DEFAULT_HOUSE)))


def find_night(text: str) -> NightFolder:
    """The night a person means: a folder, or the name of a night in the default house.

    Raises:
        ConfigError: when neither exists.
    """
    for folder in (NightFolder(Path(text)), default_house().night(text)):
        if folder.root.is_dir():
            return folder
    raise ConfigError(
        "DL-E320",
        f"There is no night {text!r}.",
        why=f"Neither the folder {text} nor {default_house().night(text).root} exists.",
        do="Give the night's folder, or set DREAMLOOM_HOUSE to the house it belongs to.",
    )
