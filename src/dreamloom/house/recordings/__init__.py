"""Which recordings come with the product, and how long is one? The bundled real sleep is named `prerau_segment`."""

from pathlib import Path

from dreamloom.adapters.edf import describe
from dreamloom.engine.loop import Outside
from dreamloom.record.events import ConsentWithdrawn
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.units import NightTime, to_microsecond

BUNDLED = "prerau_segment"
"""83.8 minutes of one person's sleep, one EEG channel at 100 Hz (Prerau Lab, BSD-3-Clause; see CREDIT.md)."""


def bundled() -> Path:
    """The real recording that ships with the product."""
    return Path(__file__).parent / f"{BUNDLED}.edf"


def expert_of(path: Path) -> Path | None:
    """The expert's stages that come with the bundled recording; None for any other."""
    return path.with_name(f"{BUNDLED}_stages.csv") if path == bundled() else None


def live_track() -> Path:
    """What the live track believes of the bundled recording, every 5 s; empty where it does not say."""
    return bundled().with_name(f"{BUNDLED}_live.csv")


def find_recording(text: str) -> Path:
    """The file a person means, or the bundled recording by its name.

    Raises:
        StreamError: when there is no such file.
    """
    path = Path(text).expanduser()
    if path.is_file():
        return path
    if text == BUNDLED:
        return bundled()
    raise StreamError(
        "DL-E201",
        f"There is no recording {text!r}.",
        why="It is a folder." if path.is_dir() else "No file has this name.",
        do=f"Name an EDF, EDF+ or BDF file, or {BUNDLED} for the one that comes with Dreamloom.",
    )


def length_s(path: Path, *, channel: str = "") -> float:
    """How long a recording lasts; raises StreamError when it cannot be read."""
    return describe(path, channels=[channel] if channel else None).duration_s


def withdrawal(pod: str, sleeper: str, at_s: float) -> Outside:
    """A withdrawal that comes at a known moment."""
    event = ConsentWithdrawn(onset_s=to_microsecond(at_s), sleeper=sleeper, channel="script")
    return Outside(known_s=NightTime(at_s), pod=pod, event=event)
