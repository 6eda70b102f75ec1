"""What happens when a sleeper says no? A file that lasts, a bit that silences, and only then the telling."""

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from dreamloom.adapters.speaker.bits_file import BitsFile
from dreamloom.engine.loop import Outside
from dreamloom.house.layout import House, PodFolder
from dreamloom.record.events import ConsentWithdrawn
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.errors import ConfigError
from dreamloom.vocabulary.units import NightTime, to_microsecond


class Withdrawal(msgspec.Struct, frozen=True):
    """What pods/<pod>/WITHDRAWN says."""

    night: str
    sleeper: str
    channel: str


def withdraw(house: House, *, night: str, pod: str, sleeper: str, channel: str) -> Withdrawal:
    """Silences one bed for good tonight. When this returns the withdrawal is on the disk and the bed is silent.

    Works while the night runs, when it hangs, and when it does not run; the night tells it when it next looks.
    """
    folder = house.pod(pod)
    folder.root.mkdir(parents=True, exist_ok=True)
    said = Withdrawal(night=night, sleeper=sleeper, channel=channel)
    write_durably(folder.withdrawn, msgspec.json.encode(said))
    if folder.bits.exists():
        bits = BitsFile(folder.bits)
        bits.set(Bit.REVOKED)
        bits.close()
    return said


def withdrawn_tonight(folder: PodFolder, night: str) -> Withdrawal | None:
    """The withdrawal that stands at this bedside for this night, if there is one."""
    try:
        said = msgspec.json.decode(folder.withdrawn.read_bytes(), type=Withdrawal)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, OSError):
        return Withdrawal(night=night, sleeper="", channel="unreadable WITHDRAWN file")
    return said if said.night == night else None


def set_aside_older(folder: PodFolder, night: str) -> None:
    """A withdrawal of another night stays on the disk beside; tonight's grant was given after it."""
    if folder.withdrawn.exists() and withdrawn_tonight(folder, night) is None:
        said = msgspec.json.decode(folder.withdrawn.read_bytes(), type=Withdrawal)
        folder.withdrawn.rename(folder.root / f"WITHDRAWN.{said.night}")


class WithdrawalWatch:
    """Looks at every bedside's WITHDRAWN file; each is told once."""

    def __init__(self, house: House, night: str, sleeper_of: dict[str, str]) -> None:
        self._night = night
        self._open = {pod: (house.pod(pod), sleeper) for pod, sleeper in sleeper_of.items()}

    def __call__(self, now_s: NightTime) -> Sequence[Outside]:
        return [news for pod in list(self._open) if (news := self._look(pod, now_s)) is not None]

    def _look(self, pod: str, now_s: NightTime) -> Outside | None:
        folder, sleeper = self._open[pod]
        if not folder.withdrawn.exists():
            return None
        said = withdrawn_tonight(folder, self._night)
        if said is None:
            return None
        del self._open[pod]
        event = ConsentWithdrawn(onset_s=to_microsecond(now_s), sleeper=sleeper, channel=said.channel)
        return Outside(known_s=now_s, pod=pod, event=event)


def find_pod(sleeper_of: dict[str, str], who: str) -> tuple[str, str]:
    """Pod and sleeper that a person means by a pod's id or a sleeper's name.

    Raises:
        ConfigError: when neither is in this night.
    """
    for pod, sleeper in sleeper_of.items():
        if who in {pod, sleeper}:
            return pod, sleeper
    known = ", ".join(f"{pod} ({sleeper})" for pod, sleeper in sleeper_of.items())
    raise ConfigError(
        "DL-E323", f"Nobody called {who!r} takes part in this night.", do=f"Its pods and sleepers: {known}."
    )


def write_durably(path: Path, content: bytes) -> None:
    """A whole file that survives a power cut, or the one that was there before."""
    draft = path.with_name(path.name + ".draft")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
