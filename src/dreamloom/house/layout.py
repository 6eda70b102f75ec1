"""Where does everything lie on the disk? nights/, pods/ and house/ of one house; names tell no theme and no person."""

import os
from dataclasses import dataclass
from difflib import get_close_matches
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

    def withdrawn(self, night: str) -> Path:
        """Fsynced before a withdrawal is answered; read again whenever this bedside starts that night."""
        return self.root / f"WITHDRAWN.{night}"

    @property
    def bits(self) -> Path:
        return self.root / "bits"

    @property
    def limits(self) -> Path:
        """What its sleeper keeps out of their nights, sealed under their key."""
        return self.root / "limits.json"

    @property
    def cues(self) -> Path:
        """What was recorded at this bed, each file named by its SHA-256."""
        return self.root / "cues"

    @property
    def key(self) -> Path:
        """What this bed signs with; mode 0600."""
        return self.root / "pod.key"

    @property
    def revoked(self) -> Path:
        """Lies here while the house keeps this bed out; a night that runs looks at it as well."""
        return self.root / "REVOKED"

    def witnessed(self, night: str) -> Path:
        """The newest checkpoint of a night that this bed vouches for."""
        return self.root / "witness" / "nights" / f"{night}.note"

    @property
    def witnessed_house(self) -> Path:
        """The newest checkpoint of the house's own record that this bed vouches for."""
        return self.root / "witness" / "house.note"

    @property
    def in_use(self) -> Path:
        """Beside it lies the lock of the night that uses this bed."""
        return self.root / "in-use"


@dataclass(frozen=True, slots=True)
class NightFolder:
    """nights/<night id>/: what was asked for, what happened, and the signals beside it."""

    root: Path

    @property
    def name(self) -> str:
        return self.root.name

    @property
    def origin(self) -> str:
        """The name this night's record bears in its checkpoints and keys."""
        return f"dreamloom/{self.name}"

    @property
    def night_toml(self) -> Path:
        return self.root / "night.toml"

    @property
    def consent_toml(self) -> Path:
        return self.root / "consent.toml"

    @property
    def policy(self) -> Path:
        """The rules this night is held under; its SHA-256 stands in the record and in every lease."""
        return self.root / "policy.json"

    @property
    def record(self) -> Path:
        return self.root / "record.sqlite"

    def eyes(self, pod: str) -> Path:
        """How this bed's sleeper looks left and right, as calibrated for this night."""
        return self.root / "eyes" / f"{pod}.json"

    def confirmed(self, pod: str) -> Path:
        """That this bed's sleeper said back what was played on its output."""
        return self.root / "confirmed" / f"{pod}.json"

    def hearing(self, pod: str) -> Path:
        """How softly this bed's sleeper just hears, as found for this night."""
        return self.root / "hearing" / f"{pod}.json"

    def graded(self, pod: str) -> Path:
        """How good the phone at this bed was when it was rehearsed."""
        return self.root / "graded" / f"{pod}.json"

    def joined(self, pod: str) -> Path:
        """What the device that joined this bed said of what it sends."""
        return self.root / "joined" / f"{pod}.json"

    def trained(self, pod: str) -> Path:
        """Which trainings were held at this bed before the night."""
        return self.root / "trained" / f"{pod}.json"

    def voices(self, pod: str) -> Path:
        """Which recordings of this bed's sleeper are heard tonight."""
        return self.root / "voices" / f"{pod}.json"

    @property
    def cues(self) -> Path:
        """Copies of the sounds that came from files or were spoken, by their content."""
        return self.root / "cues"

    def live(self, pod: str) -> Path:
        """What this bed shows to whoever looks, while the night runs."""
        return self.root / "live" / pod

    @property
    def demo(self) -> Path:
        """What is asked of a demo and told of it by its pages; no other night has it."""
        return self.root / "demo"

    @property
    def kept_room(self) -> Path:
        """Takes room on the disk while the night runs, so that there is some to close it."""
        return self.root / "kept-room"

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
        return PodFolder(self.pods / pod)

    @property
    def pods(self) -> Path:
        return self.root / "pods"

    @property
    def record(self) -> Path:
        return self.root / "house" / "record.sqlite"

    @property
    def policy(self) -> Path:
        """The rules that this house adopted, where it goes by others than the shipped ones."""
        return self.root / "house" / "policy.json"

    @property
    def vouched(self) -> Path:
        """The newest checkpoints of other houses that this one vouches for."""
        return self.root / "house" / "vouched"

    @property
    def settings(self) -> Path:
        """How this house is kept, where not as usual."""
        return self.root / "house" / "house.toml"

    @property
    def people(self) -> Path:
        """Who may look at this house's pages, with their passkeys; mode 0700."""
        return self.root / "house" / "people"

    @property
    def guide(self) -> Path:
        """How the guide of this house speaks, where not as usual."""
        return self.root / "house" / "guide.toml"

    @property
    def meaning(self) -> Path:
        """Where the sentence model lies by which reports may be compared here."""
        return self.root / "house" / "meaning.toml"

    @property
    def speech(self) -> Path:
        """Which models write down what is spoken here, each in a folder of its own."""
        return self.root / "house" / "speech.toml"

    @property
    def help_cards(self) -> Path:
        """Help cards that somebody of this house looked after, LOCALE.toml."""
        return self.root / "house" / "help-cards"

    @property
    def untold(self) -> Path:
        """One empty file for each night whose consents the house's record may not hold yet."""
        return self.root / "house" / "untold"

    @property
    def devices(self) -> Path:
        """What was measured on this machine's outputs."""
        return self.root / "house" / "devices"

    @property
    def keys(self) -> Path:
        return self.root / "house" / "keys"

    @property
    def exports(self) -> Path:
        """What was handed out and lies here still; each folder says of whom it is."""
        return self.root / "exports"

    @property
    def anonymous(self) -> Path:
        """Nights that were kept without anybody's name: a folder each, and nothing tells whose it is."""
        return self.root / "anonymous"

    @property
    def receipts(self) -> Path:
        """What sleepers were given for each change of their consent; each file is named by its SHA-256."""
        return self.root / "house" / "receipts"

    @property
    def sheets(self) -> Path:
        """Information sheets of this house's own, NAME.LANGUAGE.toml."""
        return self.root / "house" / "sheets"

    @property
    def packs(self) -> Path:
        """Instrument packs of this house's own, each with its licence."""
        return self.root / "house" / "packs"

    @property
    def courses(self) -> Path:
        """Courses above nights, a file each; no name of theirs tells who is in it."""
        return self.root / "house" / "courses"

    @property
    def drawings(self) -> Path:
        """Drawings and photos that belong to reports, sealed: SLEEPER.SHA256 of the ciphertext."""
        return self.root / "house" / "drawings"

    @property
    def erasing(self) -> Path:
        """An erasure that was begun and is not finished."""
        return self.root / "house" / "erasing.json"

    @property
    def retention(self) -> Path:
        """For how long each kind of data is kept."""
        return self.root / "house" / "retention.toml"

    def sealed_sound(self, night: str) -> Path:
        """What sounded in a night whose arms are sealed: kept beside the keys that could open them anyway."""
        return self.root / "house" / "sealed" / night / "sound"


def default_house() -> House:
    """$DREAMLOOM_HOUSE, else ./dreamloom-house."""
    return House(Path(os.environ.get("DREAMLOOM_HOUSE", DEFAULT_HOUSE)))


def find_night(text: str) -> NightFolder:
    """The night a person means: a folder, or the name of a night in the default house.

    A folder here that merely bears the night's name stands behind the night itself.

    Raises:
        ConfigError: when neither exists.
    """
    found = [root for root in _roots(text) if text and root.is_dir()]
    for root in sorted(found, key=lambda root: not NightFolder(root).night_toml.exists()):
        return NightFolder(root if root.name not in {"", ".."} else root.resolve())
    raise ConfigError(
        "DL-E320",
        f"There is no night {text!r}.",
        why=f"Neither {text or 'that'} nor {default_house().night(text).root} is a folder.",
        do=f"{_nearest(text)}Give the night's folder, or set DREAMLOOM_HOUSE to the house it belongs to.",
    )


def is_night(text: str) -> bool:
    """True when find_night would find a folder."""
    return bool(text) and any(root.is_dir() for root in _roots(text))


def _roots(text: str) -> tuple[Path, Path]:
    return Path(text).expanduser(), default_house().night(text).root


def _nearest(text: str) -> str:
    nights = default_house().night("").root
    known = sorted(folder.name for folder in nights.iterdir() if folder.is_dir()) if nights.is_dir() else []
    near = get_close_matches(text, known, 1)
    return f"Did you mean {near[0]!r}? " if near else ""
