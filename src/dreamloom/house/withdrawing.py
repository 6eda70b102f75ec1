"""What happens when a sleeper says no? A file that lasts, a bit that silences, and only then the telling."""

from contextlib import suppress
from pathlib import Path

import msgspec

from dreamloom.adapters.folders import write_durably
from dreamloom.adapters.speaker.bits_file import BitsFile
from dreamloom.house.glance import glance
from dreamloom.house.layout import House, NightFolder, PodFolder
from dreamloom.house.night_file import read_night
from dreamloom.house.texts import read_text
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.errors import ConfigError, RecordError, RefusedError, StreamError


class Withdrawal(msgspec.Struct, frozen=True):
    """What pods/<pod>/WITHDRAWN.<night> says."""

    night: str
    sleeper: str
    channel: str


def withdraw(house: House, *, night: str, pod: str, sleeper: str, channel: str) -> Withdrawal:
    """Silences one bed for good tonight. When this returns the bed is silent and the withdrawal is on the disk.

    Works while the night runs, when it hangs, and when it does not run; the night tells it when it next looks.

    Raises:
        RecordError: when the disk refuses; the bed is silent all the same while its night runs, and the night is told.
    """
    folder = house.pod(pod)
    said = Withdrawal(night=night, sleeper=sleeper, channel=channel)
    with suppress(OSError, StreamError):  # told below, when the file is there
        _silence(folder, night)
    try:
        folder.root.mkdir(parents=True, exist_ok=True)
        write_durably(folder.withdrawn(night), msgspec.json.encode(said))
    except OSError as error:
        _leave_word(folder.withdrawn(night), said)
        raise _not_on_the_disk(said, pod, error) from error
    finally:
        _silence(folder, night)  # a bed that started meanwhile cleared its bits before it looked for the file
    return said


def _leave_word(path: Path, said: Withdrawal) -> None:
    """Where it may not last, a running night still finds it."""
    with suppress(OSError):
        path.write_bytes(msgspec.json.encode(said))


def _not_on_the_disk(said: Withdrawal, pod: str, error: OSError) -> RecordError:
    return RecordError(
        "DL-E448",
        f"{said.sleeper} has withdrawn, and it is not on the disk: {error.strerror or error}.",
        why="The disk is full, failing or write-protected, so a machine that restarts may have forgotten it.",
        still=f"Bed {pod} was told to be silent, and stays so while its night runs.",
        do=f"Take {said.sleeper}'s sound off, make room or change the disk, and say it again: "
        f"dreamloom withdraw {said.night} {said.sleeper}",
    )


def _silence(folder: PodFolder, night: str) -> None:
    """Sets the bit, unless another night has this bed now."""
    if folder.bits.exists() and night_at(folder) in {night, None}:
        bits = BitsFile(folder.bits)
        bits.set(Bit.REVOKED)
        bits.close()


def night_at(folder: PodFolder) -> str | None:
    """The night that used this bed last or uses it now, as the consent beside it says; None when nobody can tell."""
    try:
        note = msgspec.json.decode(folder.consent.read_bytes())["note"]
        return str(msgspec.json.decode(note.partition("\n\n")[0])["night"])
    except (OSError, msgspec.DecodeError, LookupError, TypeError, AttributeError):
        return None


def withdrawn_tonight(folder: PodFolder, night: str, sleeper: str) -> Withdrawal | None:
    """What this sleeper's withdrawal at this bedside says, if there is one; one that cannot be read is anybody's."""
    said = _read(folder.withdrawn(night), night)
    return said if said is not None and said.sleeper in {sleeper, ""} else None


def follow_sleepers(house: House, night: str, sleeper_of: dict[str, str]) -> None:
    """Repeats a withdrawal at the bed its sleeper lies in now: a no is a person's, whatever night.toml says since."""
    beds = {sleeper: pod for pod, sleeper in sleeper_of.items()}
    for path in sorted(house.pods.glob(f"*/{house.pod('').withdrawn(night).name}")):
        said = _read(path, night)
        pod = beds.get(said.sleeper) if said is not None else None
        if said is not None and pod is not None and withdrawn_tonight(house.pod(pod), night, said.sleeper) is None:
            withdraw(house, night=night, pod=pod, sleeper=said.sleeper, channel=said.channel)


def _read(path: Path, night: str) -> Withdrawal | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Withdrawal)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, OSError):
        return Withdrawal(night=night, sleeper="", channel="unreadable WITHDRAWN file")


def who_sleeps_where(folder: NightFolder) -> dict[str, str]:
    """Each pod's sleeper: as the record of an opened night says, whatever became of its files; else as was asked for.

    Raises:
        ConfigError: when the night was never opened and its night.toml is missing or wrong.
        RefusedError: when the night is over.
    """
    seen = glance(folder)
    if seen.is_over:
        raise RefusedError(
            "DL-E515",
            f"The night {folder.name!r} is over, so there is nothing left to silence.",
            why="Its record is closed; it will never sound again.",
            still="A grant ends with its night at the latest; the next one asks again.",
            do=f"To see what was recorded of whom: dreamloom report {folder.root}",
        )
    if seen.opened is not None:
        return {seat.pod: seat.sleeper for seat in seen.opened.roster}
    text = read_text(folder.night_toml, what="what was asked for tonight: the dreamscape and the pods")
    return {pod.id: pod.sleeper for pod in read_night(text, file=str(folder.night_toml)).pod}


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
